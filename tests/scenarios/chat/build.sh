# Sourced: how the parts of the scenario are built, for one combination (../common.sh has ARCH, GC
# and BUILD).
#
#     PROVIDER  rust or c: which twin of the chat library
#     SANITIZE  flags for the sanitizers of the C parts; may be empty
#
# Everything is written to the current directory. $HERE is this directory. Each function prints
# nothing unless it fails.
: "${PROVIDER:=c}" "${SANITIZE:=}"
. "$HERE/../common.sh"

INCLUDE=$HERE/../../../include
EXPECTED=$HERE/expected/chat.txt
WARNINGS='-Wall -Wextra -Werror'

# compile_c ARGUMENT...: C of this scenario, which speaks the system ABI.
compile_c() {
    # shellcheck disable=SC2086
    quietly "$CROSS_CC" -std=c11 -g -O2 $WARNINGS $SANITIZE -I"$INCLUDE" -I"$HERE/lib" "$@"
}

build_library() {
    if [ "$PROVIDER" = rust ]; then
        quietly rustc --edition 2021 -g -O -C panic=abort --crate-type cdylib -o libchat.so \
            "$HERE/lib/chat.rs"
    else
        compile_c -fPIC -shared -o libchat.so "$HERE/lib/chat.c"
    fi
}

build_direct_c() {
    compile_c -o direct "$HERE/client/direct.c" -L. -lchat -Wl,-rpath,"$PWD"
}

build_direct_rust() {
    quietly rustc --edition 2021 -O -C panic=abort -o direct "$HERE/client/direct.rs" -L. -lchat \
        -C link-arg=-Wl,-rpath,"$PWD"
}

# check PROGRAM: it prints what every consumer prints.
check() {
    run "$1" >"$1.out" || {
        echo "$1 ended with status $?" >&2
        diff "$EXPECTED" "$1.out" >&2
        return 1
    }
    diff "$EXPECTED" "$1.out"
    echo "$1: $(wc -l <"$1.out") lines as expected"
}

# make_thunks PREFIX ABI: PREFIX_chat_NAME for every function, which a caller of that ABI calls.
make_thunks() {
    quietly "$ABIDE" thunk "$HERE/chat.abi.yaml" --target "$TARGET" --caller "$2" \
        --callee system --prefix "$1_chat_" -o thunks.o
}

build_natural_nim() {
    make_thunks nim "nim-cgen:gc=$GC"
    # refc looks for pointers all over the stack, so that its own code cannot be watched.
    sanitize=
    [ -z "$SANITIZE" ] || sanitize=--passL:$SANITIZE
    [ -z "$SANITIZE" ] || [ "$GC" = refc ] || sanitize="$sanitize -d:useMalloc --passC:$SANITIZE"
    # shellcheck disable=SC2086
    nim_compile $sanitize --passL:"thunks.o -L. -lchat '-Wl,-rpath,\$ORIGIN'" --nimcache:cache \
        -o:"$PWD/natural" "$HERE/client/natural.nim"
}

# Rust has no module of its own: one function, in C's form of it.
build_natural_rust() {
    make_thunks c c
    quietly rustc --edition 2021 -O -C panic=abort --cfg thunks -o natural \
        "$HERE/client/direct.rs" -L. -lchat -C link-arg=thunks.o -C link-arg=-Wl,-rpath,"$PWD"
}

build_natural_c() {
    make_thunks c c
    compile_c -o natural "$HERE/client/natural.c" thunks.o -L. -lchat -Wl,-rpath,"$PWD"
}
