#!/bin/sh
# Where there is no C library for a processor: a program of nothing but thunks.
set -eu
here=$ABIDE_SOURCE_DIR/tests/execution/syscalls
"$ABIDE" thunk "$here/calls.abi.yaml" write getpid close raw-close openat mmap exit-group --caller c --callee c/linux-syscall \
    --target loongarch64-linux-gnu --prefix sys_ -o bare.o
"$ABIDE_LLVM_BIN/clang" --target=loongarch64-linux-gnu -mabi=lp64d -march=loongarch64 -O1 -ffreestanding -nostdlib -fuse-ld=lld -static \
    -o bare "$here/bare.c" bare.o
qemu-loongarch64 ./bare
