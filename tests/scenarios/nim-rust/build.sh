# Sourced: how the parts of the scenario are built and run, for one combination.
#
#     ARCH    x86_64 or aarch64 (cross compiler, qemu-aarch64)
#     GC      Nim's memory manager: refc or orc
#     BUILD   debug or release, of the Nim side
#     LIBRARY rust or c: which twin of the conversations library
#
# Everything is written to the current directory. $ABIDE is the command, $HERE this directory.
# Each function prints nothing unless it fails.
: "${ARCH:=x86_64}" "${GC:=refc}" "${BUILD:=debug}" "${LIBRARY:=rust}" "${ABIDE:=abide}"

case $ARCH in
x86_64)
    TARGET=x86_64-linux-gnu
    CROSS_CC=${CC:-gcc}
    RUN=
    NIM_CPU=
    ;;
aarch64)
    TARGET=aarch64-linux-gnu
    CROSS_CC=aarch64-linux-gnu-gcc
    RUN='qemu-aarch64 -L /usr/aarch64-linux-gnu'
    NIM_CPU="--cpu:arm64 --os:linux --arm64.linux.gcc.exe:$CROSS_CC
        --arm64.linux.gcc.linkerexe:$CROSS_CC"
    ;;
*)
    echo "unknown ARCH $ARCH" >&2
    exit 2
    ;;
esac

# Prints what a command said only if it failed.
quietly() {
    if ! "$@" >quietly.log 2>&1; then
        echo "failed: $*" >&2
        cat quietly.log >&2
        return 1
    fi
}

need() {
    for tool in "$@"; do
        command -v "$tool" >/dev/null 2>&1 || {
            echo "$tool is not installed; tools/packages.sh names its package" >&2
            return 1
        }
    done
}

build_library() {
    if [ "$LIBRARY" = rust ]; then
        quietly rustc --edition 2021 -O -C panic=abort --crate-type cdylib -o libconvo.so \
            "$HERE/lib/convo.rs"
    else
        quietly "$CROSS_CC" -O2 -fPIC -shared -o libconvo.so "$HERE/lib/convo.c"
    fi
}

build_reference() {
    quietly "$CROSS_CC" -O2 -I"$HERE/lib" -o reference "$HERE/client/reference.c" \
        -L. -lconvo -Wl,-rpath,"$PWD"
}

nim_compile() {
    mode=
    [ "$BUILD" = debug ] || mode=-d:$BUILD
    # shellcheck disable=SC2086
    quietly nim c --skipUserCfg --skipParentCfg --hints:off --warnings:off --mm:"$GC" $mode \
        $NIM_CPU "$@"
}

# build_client OUT [LINKER INPUT]: with a thunk object the client calls the thunks, without one the
# library itself.
build_client() {
    if [ $# = 2 ]; then
        thunks="-d:thunks --passL:$2"
    else
        thunks=
    fi
    # shellcheck disable=SC2086
    nim_compile $thunks --passL:"-L$PWD -lconvo -Wl,-rpath,$PWD" --nimcache:"cache-$1" \
        -o:"$PWD/$1" "$HERE/client/pingpong.nim"
}

make_client_thunks() {
    quietly "$ABIDE" thunk "$HERE/convo.abi.yaml" --target "$TARGET" \
        --caller "nim-cgen:gc=$GC" --callee c -o nim_thunks.o
}

make_host_thunks() {
    quietly "$ABIDE" thunk "$HERE/nimside.abi.yaml" --target "$TARGET" --caller c \
        --callee "nim-cgen:gc=$GC" --prefix nimside_ -o nimside_thunks.o
}

build_nim_library() {
    nim_compile --app:lib --noMain --threads:on --nimcache:cache-nimside \
        -o:"$PWD/libnimside.so" "$HERE/reverse/nimside.nim"
}

build_c_host() {
    version=
    [ "$GC" = refc ] || version=-DNIM_V2
    # shellcheck disable=SC2086
    quietly "$CROSS_CC" -O2 $version -I"$HERE/reverse" -o host "$HERE/reverse/host.c" \
        nimside_thunks.o ./libnimside.so -pthread -Wl,-rpath,"$PWD"
}

build_rust_host() {
    quietly rustc --edition 2021 -O -o rust_host "$HERE/reverse/host.rs" \
        -C link-arg=nimside_thunks.o -L . -l nimside -C link-arg=-Wl,-rpath,"$PWD"
}

# run PROGRAM [ARGUMENT...]: its status is the program's, 128 + N if signal N ended it.
run() {
    # shellcheck disable=SC2086
    timeout 120 $RUN ./"$@"
}
