#!/bin/sh
# lists.sh TARGET CLANG [EMULATOR] -- MODULE ATTRIBUTE...: C's lists of unnamed arguments are read by functions of conventions beside C.
set -eu
here=$ABIDE_SOURCE_DIR/tests/execution/lists
target=$1 clang=$2 run=
shift 2
[ "$1" = -- ] || { run=$1; shift; }
shift
while [ $# -gt 0 ]; do
    "$ABIDE" thunk "$here/lists.abi.yaml" --caller c --callee "$1" --target "$target" --prefix through_ -o thunks.o
    # shellcheck disable=SC2086
    $clang -O1 -Wall -Werror "-DCONVENTION=$2" "$here/caller.c" "$here/callee.c" thunks.o -o program
    $run ./program || { echo "$1: another sum"; exit 1; }
    shift 2
done
