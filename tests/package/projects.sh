#!/bin/sh
# projects.sh KIND PREFIX: the project of one build system (projects/KIND), with an installed abide, in a folder of its own:
# it is built and runs; nothing is made again without need; a change of the interface, and of a module that only the
# options name, makes thunks again; the bytes do not depend on where it is built.
set -eu
kind=$1 prefix=$2
here=$(cd "$(dirname "$0")" && pwd)
PATH=$prefix/bin:$PATH
PKG_CONFIG_PATH=$(dirname "$(find "$prefix" -name abide.pc)")
export PATH PKG_CONFIG_PATH

fail() {
    echo "$kind: $*"
    cat build.log
    exit 1
}

# Sources of a project in the folder $1.
lay_out() {
    rm -rf "$1"
    cp -R "$here/projects/${kind%%-*}" "$1"
    cp "$here"/projects/shared/* "$1"
}

# How each is configured, built in the folder $1, and run; how its log tells that thunks were made; where they are.
case $kind in
cmake-*)
    case $kind in cmake-ninja*) generator=Ninja ;; *) generator="Unix Makefiles" ;; esac
    emit=obj options="-D CMAKE_C_COMPILER=$CC" emulator=
    case $kind in
    *-c) emit=c ;;
    *-default) emit= ;;
    *-cross)
        options="-D CMAKE_TOOLCHAIN_FILE=cross.cmake -D CMAKE_PREFIX_PATH=$prefix" emulator="qemu-aarch64 -L /usr/aarch64-linux-gnu" ;;
    esac
    set_up() { # shellcheck disable=SC2086
        cmake -S "$1" -B "$1/build" -G "$generator" -D CMAKE_PREFIX_PATH="$prefix" -D EMIT=$emit $options
    }
    build() { cmake --build "$1/build"; }
    program=build/readings made="Thunks of" thunks='build/abide/readings/*.[oc]'
    ;;
make)
    set_up() { :; }
    build() { make -C "$1" CC="$CC"; }
    program=readings emulator='' made="abide thunk" thunks=thunks.o
    ;;
meson)
    set_up() { meson setup "$1/build" "$1"; }
    build() { ninja -v -C "$1/build"; }
    program=build/readings emulator='' made="abide thunk" thunks=build/thunks.o
    ;;
cargo)
    set_up() { :; }
    build() { (cd "$1" && cargo build --offline -v); }
    program=target/debug/readings emulator='' made='Running.*build-script-build' thunks='target/debug/build/readings-*/out/libthunks.a'
    ;;
nim)
    set_up() { :; }
    build() { (cd "$1" && nim c --nimcache:cache --path:"$(pkg-config --variable=nimdir abide)" main.nim && echo made); }
    program=main emulator='' made="made" thunks='cache/thunks_????????.o' # made each time, when the program is compiled
    ;;
esac

built() {
    build one >build.log 2>&1 || fail "it is not built"
}

ran() {
    # shellcheck disable=SC2086
    (cd one && $emulator "./$program") >out 2>&1 || fail "it does not run: $(cat out)"
    [ "$(sed 's/21\.0/21/' out)" = "42 1 21 -1 mm" ] || fail "it says $(cat out)"
}

# Whether the last build made thunks.
made() {
    grep -q "$made" build.log
}

only_when() {
    built
    made || fail "$1, and no thunks were made"
    built
    [ "$kind" = nim ] || ! made || fail "nothing was changed after it, and thunks were made again ($1)"
}

lay_out one
set_up one >build.log 2>&1 || fail "it is not set up"
only_when "it was never built"
ran
# shellcheck disable=SC2086
(cd one && cat $thunks) >first.o

touch one/readings.abi.yaml
only_when "the interface was touched"
echo '# another comment' >>one/mine.yaml
only_when "the module was changed"
ran
# shellcheck disable=SC2086
(cd one && cat $thunks) >second.o
cmp first.o second.o || fail "a comment changes the thunks"

# Smaller: 16 bytes are returned in registers, and thunks have to store them.
cp "one/$program" before
sed 's/, when: i64, unit: array<u8; 8>//' one/readings.abi.yaml >changed
cp changed one/readings.abi.yaml
only_when "the interface was changed"
! cmp -s before "one/$program" || fail "the interface was changed, the program was not linked again"
# shellcheck disable=SC2086
(cd one && cat $thunks) >third.o
! cmp -s first.o third.o || fail "the interface was changed, the thunks were not"

# Elsewhere: the same bytes.
mkdir -p elsewhere
lay_out elsewhere/two
{ set_up elsewhere/two && build elsewhere/two; } >build.log 2>&1 || fail "it is not built elsewhere"
# shellcheck disable=SC2086
(cd elsewhere/two && cat $thunks) >other.o
cmp first.o other.o || fail "the bytes depend on the folder"
echo "$kind: built, run, and made again when needed"
