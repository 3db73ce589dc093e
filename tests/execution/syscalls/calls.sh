#!/bin/sh
# System calls as C functions, compared with those of the C library: TRIPLE MMAP COMPILER [EMULATOR]. MMAP: 1 for mmap, 2 for mmap2,
# 0 where the kernel takes its arguments in memory.
set -eu
triple=$1 mmap=$2 compiler=$3 emulator=${4:-}
here=$(dirname "$0")
functions="getpid write openat close raw-close splice munmap pread64"
case $mmap in
1) functions="$functions mmap" ;;
2) functions="$functions mmap2" ;;
esac
for form in "" --cet; do
    # shellcheck disable=SC2086
    "$ABIDE" thunk "$here/calls.abi.yaml" $functions --caller c --callee c/linux-syscall \
        --target "$triple" --prefix sys_ $form -o "sys-$triple.o"
    # shellcheck disable=SC2086
    $compiler -O1 -Wall -Werror -static "-DMMAP=$mmap" -o "calls-$triple" "$here/calls.c" "sys-$triple.o"
    # shellcheck disable=SC2086
    $emulator "./calls-$triple" "file-$triple"
done
