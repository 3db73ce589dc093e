#!/bin/sh
# builds.sh llvm-N|no-llvm: abide built in another way than by the presets, installed, and used by other programs: with
# LLVM N; without LLVM, by clang and as a part of another project, where thunks are C source.
set -eu
kind=$1
here=$(cd "$(dirname "$0")" && pwd)
rm -rf build prefix

quietly() {
    "$@" >quietly.log 2>&1 || {
        echo "failed: $*"
        tail -n 20 quietly.log | cut -c1-300
        exit 1
    }
}

case $kind in
no-llvm) compiler=clang-19 codegen=OFF llvm='' sources=$here/subproject ;;
*) compiler=gcc codegen=ON llvm=/usr/lib/$kind/lib/cmake/llvm sources=$ABIDE_SOURCE_DIR ;;
esac
quietly cmake -S "$sources" -B build -G Ninja -D ABIDE_SOURCES="$ABIDE_SOURCE_DIR" -D ABIDE_BUILD_TESTS=OFF \
    -D ABIDE_BUILD_CODEGEN=$codegen -D LLVM_DIR="$llvm" -D CMAKE_C_COMPILER=$compiler \
    -D CMAKE_C_FLAGS="-O0 -Wall -Wextra -Werror"
quietly nice cmake --build build --parallel 2
quietly cmake --install build --prefix "$PWD/prefix"
CC=$compiler
export CC
if [ $kind = no-llvm ]; then
    build/readings | grep '^42 1 21 -1 mm$'
    build/layout | grep '^16 bytes$'
fi
"$here/consumers.sh" "$PWD/prefix"
"$here/projects.sh" cmake-ninja-default "$PWD/prefix"
made=$(find one/build/abide -name '*.[oc]')
case $kind,$made in
no-llvm,*.c | llvm-*,*.o) ;;
*) echo "made $made" && exit 1 ;;
esac
