#!/bin/sh
# passing.sh TRIPLE COMPILER [EMULATOR...]: what adapters began for a call ends when an exception passes, in machine code and in C.
# COMPILER is one of C or of C++. Where there is a module of a convention that LLVM does not have, the exception passes its edges, too.
set -eu
here=$ABIDE_SOURCE_DIR/tests/execution/unwinding
triple=$1 compiler=$2
shift 2
command -v "${compiler%% *}" >/dev/null || { echo "$compiler is not installed"; exit 1; }

thunks() # PREFIX, CALLER, CALLEE, SUFFIX, FUNCTIONS...
{
    prefix=$1 caller=$2 callee=$3 suffix=$4
    shift 4
    "$ABIDE" thunk "$here/passing.abi.yaml" "$@" --module "$ABIDE_SOURCE_DIR/tests/runtimes/locked.yaml" --caller "$caller" \
        --callee "$callee" --prefix "${prefix}_" --target "$triple" -o "$prefix.$suffix"
}

for suffix in o c; do
    thunks to c locked $suffix quick slow elsewhere waiting
    thunks from locked c $suffix quick slow elsewhere waiting
    thunks sys system c $suffix text each
done
for prefix in to from sys; do
    $compiler -x c -std=gnu11 -Wall -Wextra -Werror -O1 -fexceptions -c $prefix.c -o $prefix-c.o
done
edges=
odd=$here/odd-${triple%%-*}.yaml
if test -f "$odd"; then # from locked to the odd convention, and from there to locked, with objects in between
    thunks edges locked "$odd" o slow
    thunks inner "$odd" locked o slow
    "${OBJCOPY:-objcopy}" --redefine-sym slow=inner_slow edges.o
    edges="-DEDGES edges.o inner.o"
fi
for kind in .o -c.o; do
    $compiler -Wall -Wextra -Werror -O1 -fexceptions -static -Wl,--wrap=malloc,--wrap=free "$here/passing.c" to$kind from$kind sys$kind $edges -o passing
    timeout 60 "$@" ./passing
done
