#!/bin/sh
# C calls thunks to functions of another convention, which are thunks to system calls, or to the functions of the C library.
set -eu
here=$ABIDE_SOURCE_DIR/tests/execution
calls=$here/syscalls/calls.abi.yaml
functions="getpid write openat close splice munmap pread64 mmap"
sed 's/^package:.*/package: inner\nprovides: c/' "$calls" >inner.abi.yaml

# MODULE CALLEE: the callee's functions are those of the module with `inner_` in front.
try() {
    # shellcheck disable=SC2086
    "$ABIDE" thunk inner.abi.yaml $functions raw-close --caller c --callee "$1" --target x86_64-linux-gnu --prefix sys_ -o outer.o
    # shellcheck disable=SC2086
    "$ABIDE" thunk "$calls" $functions --caller "$1" --callee "$2" --target x86_64-linux-gnu --prefix inner_ -o inner.o
    "$ABIDE" thunk "$calls" raw-close --caller "$1" --callee c/linux-syscall --target x86_64-linux-gnu --prefix inner_ -o raw.o
    "$CC" -O1 -Wall -Werror -DMMAP=1 -o through "$here/syscalls/calls.c" outer.o inner.o raw.o
    echo "c -> $1 -> $2"
    ./through file
}

try c c/linux-syscall
try c "$here/syscalls/hungry.yaml"
try "$here/edges/odd.yaml" c/linux-syscall
try "$here/edges/odd.yaml" "$here/syscalls/hungry.yaml"
try "$here/syscalls/kernel.yaml" c/linux-syscall
try "$here/syscalls/kernel.yaml" c
try ms-x64-on-sysv c/linux-syscall
try ocaml c/linux-syscall
