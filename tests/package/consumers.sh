#!/bin/sh
# consumers.sh PREFIX FLAGS: programs outside the tree find an installed abide and use it, after it was moved as a whole: by
# CMake and by pkg-config, its shared libraries and its archives, with codegen and without. FLAGS are those a sanitizer needs
# of every program.
set -eu
flags=${2-}
here=$(cd "$(dirname "$0")" && pwd)
prefix=$PWD/moved
rm -rf "$prefix" ./*-build
cp -R "$1" "$prefix"

# Prints what a command said only if it failed.
quietly() {
    "$@" >quietly.log 2>&1 || {
        echo "failed: $*"
        cat quietly.log
        exit 1
    }
}

fail() {
    echo "$*"
    exit 1
}

says() { # EXPECTED COMMAND...
    expected=$1
    shift
    said=$("$@" 2>&1) || fail "$*: status $?: $said"
    [ "$said" = "$expected" ] || fail "$*: $said"
}

emits() {
    "$1" >emitted || fail "$1: $(cat emitted)"
    grep -q '^nim_origin:' emitted || fail "$1: $(cat emitted)"
}

# A module that lies in the prefix is found by whoever loads the library of that prefix, and by nobody else.
cat >"$prefix/share/abide/abi-specs/language/prefix-module.yaml" <<'END'
abide: 1
module: {name: prefix-module, version: 1.0.0, level: language, extends: nim-cgen@1}
END

for document in README.md interface.md language/system.md; do # the manual names them
    test -f "$prefix/share/abide/abi-specs/$document" || fail "$document is not installed"
done
libraries=$(dirname "$(find "$prefix" -name libabide.so)")
for library in "$libraries"/libabide*.so; do
    name=$(basename "$library" .so)
    readelf -d "$library" | grep -q "SONAME.*\[$name\.so\.0\.[0-9]*\]" || fail "$name: SONAME"
    readelf -d "$library" | grep -q 'RUNPATH.*\[$ORIGIN\]' || [ "$name" = libabide ] || fail "$name: RUNPATH"
done
codegen=no
[ ! -f "$libraries/libabide-codegen.so" ] || codegen=yes

# CMake
quietly cmake -S "$here/consumer" -B cmake-build -G Ninja -D CMAKE_PREFIX_PATH="$prefix" \
    -D CMAKE_C_COMPILER="$CC" -D CMAKE_C_FLAGS="$flags"
quietly cmake --build cmake-build
says "16 bytes" cmake-build/layout
says "16 bytes" cmake-build/layout prefix-module
says "16 bytes" cmake-build/layout-static
! cmake-build/layout-static prefix-module >/dev/null || fail "a program without the library finds its modules"
! readelf -d cmake-build/layout-static | grep -q 'NEEDED.*libabide' || fail "the archive was not used"
if [ $codegen = yes ]; then
    emits cmake-build/emit
    emits cmake-build/emit-static
    ! readelf -d cmake-build/emit-static | grep -q 'NEEDED.*libabide' || fail "the archives were not used"
else
    test ! -e cmake-build/emit || fail "there is no codegen, and CMake found it"
    ! cmake -S "$here/wants-codegen" -B wants-build -G Ninja -D CMAKE_PREFIX_PATH="$prefix" -D CMAKE_C_COMPILER="$CC" \
        >wants.log 2>&1 || fail "codegen was found"
    tr -s '\n ' ' ' <wants.log | grep -q 'lacks the component codegen: it was built without LLVM' ||
        fail "$(cat wants.log)"
fi

# A project for another machine finds the command, and is told that the libraries are not for it.
! cmake -S "$here/consumer" -B other-build -G Ninja -D CMAKE_PREFIX_PATH="$prefix" -D CMAKE_C_COMPILER=gcc \
    -D CMAKE_C_FLAGS=-m32 >other.log 2>&1 || fail "libraries of another machine were found"
tr -s '\n ' ' ' <other.log | grep -q 'lacks the component static: its libraries are for ' || fail "$(cat other.log)"

# pkg-config
PKG_CONFIG_PATH=$libraries/pkgconfig
export PKG_CONFIG_PATH
# shellcheck disable=SC2046,SC2086
compile() { # PROGRAM SOURCE OPTIONS...
    quietly "$CC" $flags -o "$1" "$here/consumer/$2" $(shift 2 && echo "$@")
}
compile layout layout.c $(pkg-config --cflags --libs abide) -Wl,-rpath,"$libraries"
says "16 bytes" ./layout prefix-module
static=-static
[ -z "$flags" ] || static= # sanitizers exist as shared libraries, or are for programs that load others
compile layout-static layout.c $static $(pkg-config --cflags abide) \
    $(pkg-config --static --libs abide | sed 's/-labide /-l:libabide.a /')
! readelf -d layout-static | grep -q 'NEEDED.*libabide' || fail "the archive was not used"
says "16 bytes" ./layout-static
if [ $codegen = yes ]; then
    compile emit emit.c $(pkg-config --cflags --libs abide-codegen) -Wl,-rpath,"$libraries"
    emits ./emit
fi
says "$prefix/bin/abide" realpath "$(pkg-config --variable=abide abide)"

# The command: layouts need libabide only, thunks open libabide-codegen; both next to where the command is.
cat >one.abi.yaml <<'END'
abide: 1
functions:
  area: (w f64, h f64) -> f64
END
"$prefix/bin/abide" call one.abi.yaml area --abi prefix-module
if [ $codegen = yes ]; then
    "$prefix/bin/abide" thunk one.abi.yaml --caller prefix-module --callee c --prefix my_ -o one.o -MD
    nm one.o | grep -q 'T my_area'
    # Installed modules are copies of those that the library has; a build has to look at others only.
    [ "$(grep -c "$prefix" one.d)" = 1 ] && grep -q prefix-module one.d || fail "$(cat one.d)"
else
    status=0
    "$prefix/bin/abide" thunk one.abi.yaml --caller c --callee c --prefix my_ -o one.o >thunk.log 2>&1 || status=$?
    [ $status = 4 ] || fail "status $status: $(cat thunk.log)"
    "$prefix/bin/abide" thunk one.abi.yaml --caller c --callee c --prefix my_ -o one.c
fi
