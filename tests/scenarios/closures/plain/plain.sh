#!/bin/sh
# plain.sh GC [EMIT]: a library in C calls procs of a Nim program and gives them no user data.
set -eu
HERE=$(cd "$(dirname "$0")" && pwd)
GC=$1 EMIT=${2:-obj}
. "$HERE/../../common.sh"

# thunk FUNCTION CALLER CALLEE
thunk() {
    file=$1.o
    [ "$EMIT" = obj ] || file=$1.c
    quietly "$ABIDE" thunk "$HERE/lines.abi.yaml" "$1" --target "$TARGET" --caller "$2" --callee "$3" \
        --prefix "${2%%-*}_" --emit "$EMIT" -o "$file"
    [ "$EMIT" = obj ] || quietly "$CROSS_CC" -O1 -c -o "$1.o" "$1.c"
}

thunk each-line "nim-cgen:gc=$GC" c
thunk on-line c "nim-cgen:gc=$GC"
quietly "$CROSS_CC" -std=c11 -O1 -Wall -Wextra -Werror -c -o library.o "$HERE/library.c"
nim_compile --passL:"$PWD/each-line.o $PWD/on-line.o $PWD/library.o" --nimcache:cache -o:"$PWD/program" "$HERE/program.nim"
run program
