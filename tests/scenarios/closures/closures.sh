#!/bin/sh
# closures.sh ARCH CONSUMER PROVIDER [EMIT [SANITIZE]]: closures that are lent, given away, and given away to be called once, go
# from a program to a library and back, each in forms of its own.
#
#     CONSUMER  c, c:notify, rust, nim:GC, python (by ctypes, in the terms of the system ABI)
#     PROVIDER  system (in C), rust, c, c:notify, nim:GC
#     EMIT      obj (default), or c: thunks in portable C
#     SANITIZE  flags for the sanitizers of what is C
set -eu
HERE=$(cd "$(dirname "$0")" && pwd)
ARCH=$1 CONSUMER=$2 PROVIDER=$3 EMIT=${4:-obj} SANITIZE=${5:-}
case $CONSUMER:$PROVIDER in
*nim:*) GC=${CONSUMER#nim:} GC=${GC%%:*} ;;
esac
case $PROVIDER in
nim:*) GC=${PROVIDER#nim:} ;;
esac
. "$HERE/../common.sh"
WARNINGS='-Wall -Wextra -Werror'

compile_c() {
    # shellcheck disable=SC2086
    quietly "$CROSS_CC" -std=c11 -g -O2 $WARNINGS $SANITIZE -I"$HERE/../../../include" "$@"
}

rust() {
    quietly rustc --edition 2021 -g -O -C panic=abort "$@"
}

# abi SIDE: the ABI of a consumer or provider; the forms that C may have besides its usual ones are the interface's.
abi() {
    case $1 in
    c*) echo c ;;
    nim:*) echo "nim-cgen:gc=${1#nim:}" ;;
    *) echo system ;;
    esac
}

FLAGS=
cp "$HERE/keeper.abi.yaml" keeper.abi.yaml
case $CONSUMER:$PROVIDER in
*c:notify*)
    echo 'forms: {closure: notify}' >>keeper.abi.yaml
    FLAGS=-DNOTIFY
    ;;
esac

build_library() {
    case $PROVIDER in
    system) compile_c -fPIC -shared -o libkeeper.so "$HERE/lib/keeper_system.c" ;;
    c*) compile_c $FLAGS -fPIC -shared -o libkeeper.so "$HERE/lib/keeper_c.c" ;;
    rust) rust --crate-type cdylib -o libkeeper.so "$HERE/lib/keeper.rs" ;;
    nim:*)
        nim_compile --app:lib --noMain --threads:on -d:keeperLibrary $NIM_SANITIZE --nimcache:library \
            -o:"$PWD/libkeeper.so" "$HERE/lib/keeper.nim"
        ;;
    esac
}

make_thunks() {
    file=thunks.o
    [ "$EMIT" = obj ] || file=thunks.c
    quietly "$ABIDE" thunk keeper.abi.yaml --target "$TARGET" --caller "$(abi "$CONSUMER")" \
        --callee "$(abi "$PROVIDER")" --prefix "$1_keeper_" --emit "$EMIT" -o "$file"
    [ "$EMIT" = obj ] || compile_c -c -o thunks.o thunks.c
}

# refc looks for pointers all over the stack, so that its own code cannot be watched.
NIM_SANITIZE=
if [ -n "$SANITIZE" ]; then
    NIM_SANITIZE=--passL:$SANITIZE
    [ "$GC" = refc ] || NIM_SANITIZE="$NIM_SANITIZE -d:useMalloc --passC:$SANITIZE"
fi

build_client() {
    case $CONSUMER in
    c*)
        make_thunks c
        compile_c $FLAGS -o client "$HERE/client/client.c" thunks.o -L. -lkeeper -Wl,-rpath,"$PWD"
        ;;
    rust)
        make_thunks rust
        rust --cfg thunks -o client "$HERE/client/client.rs" -C link-arg=thunks.o -L. -lkeeper \
            -C link-arg=-Wl,-rpath,"$PWD"
        ;;
    python)
        make_thunks python
        quietly gcc -shared -o libthunks.so thunks.o -L. -lkeeper -Wl,-rpath,"$PWD"
        printf '#!/bin/sh\nexec python3 -B "%s" "%s" python_keeper_\n' "$HERE/client/client.py" \
            "$PWD/libthunks.so" >client
        chmod +x client
        ;;
    nim:*)
        make_thunks nim
        # shellcheck disable=SC2086
        nim_compile $NIM_SANITIZE --passL:"$PWD/thunks.o -L$PWD -lkeeper -Wl,-rpath,$PWD" \
            --nimcache:client-cache -o:"$PWD/client" "$HERE/client/client.nim"
        ;;
    esac
}

build_library
build_client
run client >client.out || {
    echo "the client ended with status $?" >&2
    diff "$HERE/expected/client.txt" client.out >&2
    exit 1
}
diff "$HERE/expected/client.txt" client.out
echo "$(wc -l <client.out) lines as expected"
