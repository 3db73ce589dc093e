# Sourced: how the parts of the scenario are built, for one combination (../common.sh has ARCH, GC
# and BUILD).
#
#     LIBRARY rust or c: which twin of the conversations library
#
# Everything is written to the current directory. $ABIDE is the command, $HERE this directory.
# Each function prints nothing unless it fails.
: "${GC:=refc}" "${BUILD:=debug}" "${LIBRARY:=rust}"
. "$HERE/../common.sh"

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

# build_client OUT [LINKER INPUT]: with a thunk object the client calls the thunks, without one the
# library itself.
build_client() {
    program=$1
    if [ $# = 2 ]; then
        set -- -d:thunks --passL:"$2"
    else
        set --
    fi
    nim_compile "$@" --passL:"-L. -lconvo '-Wl,-rpath,\$ORIGIN'" --nimcache:"cache-$program" \
        -o:"$PWD/$program" "$HERE/client/pingpong.nim"
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
