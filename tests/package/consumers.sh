#!/bin/sh
# consumers.sh FLAGS: an installed abide is found and used by CMake and by pkg-config, and its
# command runs from where it was installed. FLAGS are those a sanitizer needs of every program.
set -eu
flags=$1
here=$(cd "$(dirname "$0")" && pwd)
prefix=$PWD/prefix
rm -rf "$prefix" cmake-build
cmake --install "$ABIDE_BUILD_DIR" --prefix "$prefix" >install.log

cmake -S "$here/consumer" -B cmake-build -G Ninja -D CMAKE_PREFIX_PATH="$prefix" -D CMAKE_C_COMPILER="$CC" \
    -D CMAKE_C_FLAGS="$flags" >configure.log
cmake --build cmake-build >build.log
cmake-build/consumer

libraries=$(find "$prefix" -name pkgconfig)
PKG_CONFIG_PATH=$libraries
export PKG_CONFIG_PATH
# shellcheck disable=SC2046,SC2086
"$CC" $flags "$here/consumer/consumer.c" -o consumer $(pkg-config --define-prefix --cflags --libs abide) \
    -Wl,-rpath,"$(dirname "$libraries")"
./consumer
