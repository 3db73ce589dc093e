#!/bin/sh
# The C of routines written by hand on a processor that has the highest byte first: the text for the same processor with the lowest
# byte first has to do.
set -eu
here=$ABIDE_SOURCE_DIR/tests/execution
clang=$ABIDE_LLVM_BIN/clang
"$ABIDE_BUILD_DIR/bin/emit_routines" "$here/routines.abi.yaml" aarch64-linux-gnu c thunks.c
# The C library's headers ask for a file that only the other byte order has.
mkdir -p gnu
: >gnu/stubs-lp64_be.h
for level in -O0 -O2; do
    "$clang" --target=aarch64_be-linux-gnu -I. -isystem /usr/aarch64-linux-gnu/include \
        -ffreestanding -fno-stack-protector $level -Wall -Wextra -Werror -nostdlib -static \
        -fuse-ld=lld "$here/routines_main.c" "$here/bare.c" thunks.c -o routines
    qemu-aarch64_be ./routines
    if (ulimit -c 0; qemu-aarch64_be ./routines die) >died.txt 2>&1; then
        echo "$level: went on behind a trap"
        exit 1
    fi
done
