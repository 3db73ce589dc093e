#!/bin/sh
# Exceptions of C++ through code that is made in the process.
set -eu
here=$ABIDE_SOURCE_DIR/tests/execution
lib=$ABIDE_BUILD_DIR/lib
command -v g++ >/dev/null || { echo "g++ is not installed"; exit 1; }
sanitize=
nm -D "$lib/libabide.so" | grep -q __asan_init && sanitize=-fsanitize=address,undefined
g++ -std=c++17 -Wall -Wextra -O1 $sanitize -I "$ABIDE_SOURCE_DIR/include" "$here/jit_throw.cc" \
    -L "$lib" -labide-codegen -labide -Wl,-rpath,"$lib" -o jit_throw
./jit_throw "$here/modules/odd.yaml"
