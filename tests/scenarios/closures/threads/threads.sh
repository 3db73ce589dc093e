#!/bin/sh
# threads.sh SANITIZE: closures that threads of a library call and end, through thunks in machine code and in C, watched by a sanitizer.
set -eu
HERE=$(cd "$(dirname "$0")" && pwd)
ARCH=x86_64
. "$HERE/../../common.sh"
compile_c() {
    quietly gcc -std=c11 -g -O1 -Wall -Wextra -Werror "$1" -I"$HERE/../../../../include" -pthread \
        "$HERE/program.c" "$HERE/library.c" "$2" -o "$3"
}
for emit in obj c; do
    file=thunks.o
    [ $emit = obj ] || file=thunks.c
    quietly "$ABIDE" thunk "$HERE/threads.abi.yaml" --target "$TARGET" --caller c --callee system \
        --prefix c_threads_ --emit $emit -o $file
    compile_c "$1" $file "program-$emit"
    run "program-$emit" >"$emit.out"
    diff "$HERE/expected.txt" "$emit.out"
done
echo "as expected"
