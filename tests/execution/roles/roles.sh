#!/bin/bash
# roles.sh TARGET MODULE CLANG [EMULATOR]: contexts, errors and indirect results of clang's Swift conventions through thunks from C, to
# C, and between, as machine code and as C; errors are seen by either caller.
set -eu
here=$ABIDE_SOURCE_DIR/tests/execution/roles
target=$1 module=$2 clang=$3 run=${4:-}
expected="1003 fine
1000 failed
2 4 6.5 49 5.75 1001 17
1
5 1001"
status=0
for pair in "c $module" "$module c" "$module $module"; do
    read -r caller callee <<<"$pair"
    for opt in 0 2; do
        side() { [ "$1" = c ] || echo -DSWIFT; }
        # shellcheck disable=SC2046,SC2086
        $clang -O$opt -Wall -Werror $(side "$caller") -c "$here/caller.c" -o caller.o
        # shellcheck disable=SC2046,SC2086
        $clang -O$opt -Wall -Werror $(side "$callee") -c "$here/callee.c" -o callee.o
        for kind in obj c; do
            "$ABIDE" thunk "$here/roles.abi.yaml" --caller "$caller" --callee "$callee" --target "$target" \
                --prefix through_ --emit $kind -o thunks.$kind
            if [ $kind = obj ]; then mv thunks.obj thunks.o; else $clang -O$opt -Wall -Werror -c thunks.c -o thunks.o; fi
            $clang caller.o thunks.o callee.o -o program
            if ! found=$($run ./program) || [ "$found" != "$expected" ]; then
                printf '%s -> %s, -O%s, %s:\n%s\n' "$caller" "$callee" $opt $kind "$found"
                status=1
            fi
        done
    done
done
exit $status
