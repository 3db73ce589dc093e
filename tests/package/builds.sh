#!/bin/sh
# builds.sh llvm-N|no-llvm: abide built in another way than by the presets, installed, and used by other programs: with
# LLVM N; without LLVM, by clang, where thunks are C source.
set -eu
kind=$1
here=$(cd "$(dirname "$0")" && pwd)
rm -rf build prefix

quietly() {
    "$@" >quietly.log 2>&1 || {
        echo "failed: $*"
        tail -n 50 quietly.log
        exit 1
    }
}

case $kind in
no-llvm) compiler=clang-19 codegen=OFF llvm= ;;
*) compiler=gcc codegen=ON llvm=/usr/lib/$kind/lib/cmake/llvm ;;
esac
quietly cmake -S "$ABIDE_SOURCE_DIR" -B build -G Ninja -D ABIDE_BUILD_TESTS=OFF -D ABIDE_BUILD_CODEGEN=$codegen \
    -D LLVM_DIR="$llvm" -D CMAKE_C_COMPILER=$compiler -D CMAKE_C_FLAGS="-O0 -Wall -Wextra -Werror"
quietly nice cmake --build build --parallel 2
quietly cmake --install build --prefix "$PWD/prefix"
CC=$compiler
export CC
"$here/consumers.sh" "$PWD/prefix"
"$here/projects.sh" cmake-ninja-default "$PWD/prefix"
[ $kind != no-llvm ] || [ -f one/build/abide/readings/*.c ]
