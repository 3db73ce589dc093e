#!/bin/sh
# consumers.sh FLAGS: an installed abide is found and used by CMake and by pkg-config, and its
# command runs from where it was installed. FLAGS are those a sanitizer needs of every program.
set -eu
flags=${1-}
here=$(cd "$(dirname "$0")" && pwd)
prefix=$PWD/prefix
rm -rf "$prefix" cmake-build

# Prints what a command said only if it failed.
quietly() {
    "$@" >quietly.log 2>&1 || {
        cat quietly.log
        exit 1
    }
}

quietly cmake --install "$ABIDE_BUILD_DIR" --prefix "$prefix"

for document in README.md interface.md language/system.md; do # the manual names them
    test -f "$prefix/share/abide/abi-specs/$document" || { echo "$document is not installed"; exit 1; }
done

quietly cmake -S "$here/consumer" -B cmake-build -G Ninja -D CMAKE_PREFIX_PATH="$prefix" \
    -D CMAKE_C_COMPILER="$CC" -D CMAKE_C_FLAGS="$flags"
quietly cmake --build cmake-build
cmake-build/consumer

libraries=$(find "$prefix" -name pkgconfig)
PKG_CONFIG_PATH=$libraries
export PKG_CONFIG_PATH
# shellcheck disable=SC2046,SC2086
"$CC" $flags "$here/consumer/consumer.c" -o consumer $(pkg-config --cflags --libs abide) \
    -Wl,-rpath,"$(dirname "$libraries")"
./consumer

if [ -x "$prefix/bin/abide" ]; then
    cat >one.abi.yaml <<'END'
abide: 1
functions:
  area: (w f64, h f64) -> f64
END
    # Layouts need libabide only, thunks open libabide-codegen: both next to where the command is.
    "$prefix/bin/abide" call one.abi.yaml area
    "$prefix/bin/abide" thunk one.abi.yaml --caller c --callee c --prefix my_ -o one.o
    nm one.o | grep 'T my_area'
fi
