#!/bin/sh
# forward.sh ARCH GC BUILD LIBRARY: a Nim program calls the library through thunks. The whole run
# and every single step, each in a process of its own, print what the C client prints.
set -eu
HERE=$(cd "$(dirname "$0")" && pwd)
ARCH=$1 GC=$2 BUILD=$3 LIBRARY=$4
. "$HERE/build.sh"

build_library
build_reference
run reference | diff "$HERE/expected/all.txt" -
make_client_thunks
build_client pingpong nim_thunks.o
run pingpong | diff "$HERE/expected/all.txt" -
steps=0
for file in "$HERE"/expected/forward/*.txt; do
    step=$(basename "$file" .txt)
    run pingpong "$step" >"$step.out" || {
        echo "step $step ended with status $?" >&2
        exit 1
    }
    diff "$file" "$step.out"
    steps=$((steps + 1))
done
echo "$steps steps as expected"
[ "$steps" = 12 ]
