#!/bin/sh
# Exceptions of C++ through thunks of assembly alone, and through those that assembly enters and leaves.
set -eu
here=$ABIDE_SOURCE_DIR/tests/execution/edges
command -v g++ >/dev/null || { echo "g++ is not installed"; exit 1; }
way() {
    "$ABIDE" thunk "$here/throw.abi.yaml" scalars --caller c-sysv --callee "$here/$1" --target x86_64-linux-gnu --prefix out_ \
        --emit ways -o - | grep "^out_scalars: $2: " >/dev/null || { echo "$1: not '$2'"; exit 1; }
}
way odd.yaml "moves and a call, by assembly"
way odd.yaml:align=64 "a frame and a call, left by assembly"
for abi in "odd.yaml" "odd.yaml:align=64"; do
    for protect in "" --cet; do
        for side in "in --caller $here/$abi --callee c-sysv" "out --caller c-sysv --callee $here/$abi"; do
            prefix=${side%% *}
            # shellcheck disable=SC2086
            "$ABIDE" thunk "$here/throw.abi.yaml" ${side#* } --target x86_64-linux-gnu --prefix "${prefix}_" $protect -o "$prefix.o"
        done
        objcopy --redefine-sym scalars=in_scalars --redefine-sym records=in_records out.o
        for level in -O0 -O2; do
            g++ -std=c++17 -Wall -Wextra $level "$here/throw.cc" in.o out.o -o throw
            ./throw
        done
    done
done
