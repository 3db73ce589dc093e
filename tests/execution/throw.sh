#!/bin/sh
# Exceptions of C++ through thunks, with and without optimization and protection.
set -eu
here=$ABIDE_SOURCE_DIR/tests/execution
command -v g++ >/dev/null || { echo "g++ is not installed"; exit 1; }
for option in hidden protect; do
    "$ABIDE_BUILD_DIR/bin/emit_plans" x86_64 "$here/x86_64.plans" obj thunks.o "$option"
    for level in -O0 -O2; do
        g++ -std=c++17 -Wall -Wextra $level "$here/throw.cc" thunks.o -o throw
        ./throw
    done
done
