#!/bin/sh
# Entries for interrupts, and those of clang, with frames made by hand: ARCH FLAGS...
set -eu
arch=$1
shift
here=$(dirname "$0")
clang=$ABIDE_LLVM_BIN/clang
# i386 pushes no stack pointer where the privilege stays the same.
suffix='' general='' link=''
[ "$arch" = i386 ] && suffix=-same general="-mno-sse -fno-pic" link="-no-pie -msse2"
for form in "" --cet; do
    # shellcheck disable=SC2086
    "$ABIDE" thunk "$here/handlers.abi.yaml" tick$suffix fault$suffix --caller c/interrupt --callee c \
        --target "$arch-linux-gnu" --prefix isr_ $form -o isr.o
    # shellcheck disable=SC2086
    "$clang" "$@" $general -O1 -Wno-excessive-regsave -mno-red-zone -c -o clang.o "$here/clang.c"
    # shellcheck disable=SC2086
    "$CC" "$@" $link -O1 -Wall -Werror -fexceptions ${suffix:+-Disr_tick=isr_tick_same -Disr_fault=isr_fault_same} \
        -o handlers "$here/handlers.c" "$here/$arch.S" isr.o clang.o
    ./handlers
done
