#!/bin/sh
# rooms.sh CONSUMER [EMIT [SANITIZE]]: a program gives the library a store, closures and closures to be called once, which its thread calls.
#
#     CONSUMER  c, nim:arc, nim:orc, rust (with the bindings that abide makes) and python (by ctypes) in the terms of the system ABI
#     EMIT      obj (default), or c: thunks in portable C
#     SANITIZE  flags for the sanitizers of what is C
set -eu
ROOMS=$(cd "$(dirname "$0")" && pwd)
HERE=$(dirname "$ROOMS")
CONSUMER=$1 EMIT=${2:-obj} SANITIZE=${3:-}
case $CONSUMER in
nim:*) GC=${CONSUMER#nim:} CONSUMER=nim ;;
esac
. "$HERE/build.sh"

build_rooms() {
    compile_c -fPIC -shared -pthread -o librooms.so "$ROOMS/rooms.c" "$HERE/lib/chat.c"
}

# rooms_thunks PREFIX ABI
rooms_thunks() {
    file=thunks.o
    [ "$EMIT" = obj ] || file=thunks.c
    quietly "$ABIDE" thunk "$ROOMS/rooms.abi.yaml" --target "$TARGET" --caller "$2" --callee system \
        --prefix "$1_rooms_" --emit "$EMIT" -o "$file"
    [ "$EMIT" = obj ] || compile_c -c -o thunks.o thunks.c
}

build_client() {
    case $CONSUMER in
    c)
        rooms_thunks c c
        compile_c -pthread -o client "$ROOMS/client.c" thunks.o -L. -lrooms -Wl,-rpath,"$PWD"
        ;;
    nim)
        rooms_thunks nim "nim-cgen:gc=$GC"
        sanitize=
        [ -z "$SANITIZE" ] || sanitize="--passL:$SANITIZE --passC:$SANITIZE"
        # shellcheck disable=SC2086
        nim_compile --threads:on -d:useMalloc $sanitize --passL:"$PWD/thunks.o -L$PWD -lrooms -Wl,-rpath,$PWD" \
            --nimcache:cache -o:"$PWD/client" "$ROOMS/client.nim"
        ;;
    rust)
        quietly "$ABIDE" bind rust "$ROOMS/rooms.abi.yaml" --target "$TARGET" -o rooms.rs
        cp "$ROOMS/client.rs" client.rs
        quietly rustc --edition 2021 -g -O -C panic=abort -o client client.rs -L. -lrooms \
            -C link-arg=-Wl,-rpath,"$PWD"
        ;;
    python)
        printf '#!/bin/sh\nexec python3 -B "%s" "%s"\n' "$ROOMS/client.py" "$PWD/librooms.so" >client
        chmod +x client
        ;;
    esac
}

build_rooms
build_client
EXPECTED=$ROOMS/expected.txt
check client
