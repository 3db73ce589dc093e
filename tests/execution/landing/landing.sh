#!/bin/sh
# AArch64: thunks are reached by indirect calls in pages that want landing pads (BTI), and sign their return addresses (PAC).
set -eu
here=$ABIDE_SOURCE_DIR/tests/execution/landing
compiler=aarch64-linux-gnu-gcc
for tool in $compiler qemu-aarch64; do
    command -v $tool >/dev/null || { echo "$tool is not installed"; exit 1; }
done
build() { # NAME OPTIONS...: with thunks made with OPTIONS
    name=$1
    shift
    "$ABIDE" thunk "$here/landing.abi.yaml" --caller c --callee go-abiinternal-aarch64 --target aarch64-linux-gnu --prefix to_go_ "$@" -o to_go.o
    "$ABIDE" thunk "$here/landing.abi.yaml" --caller go-abiinternal-aarch64 --callee c --target aarch64-linux-gnu --prefix to_c_ "$@" -o to_c.o
    aarch64-linux-gnu-objcopy --redefine-sym to_go_weigh=to_go_weigh --redefine-sym weigh=go_weigh to_go.o
    aarch64-linux-gnu-objcopy --redefine-sym weigh=c_weigh to_c.o
    $compiler -O1 -Wall -Wextra -mbranch-protection=standard -ffreestanding -fno-stack-protector -nostdlib -static \
        -Wl,-e,start -Wl,-z,force-bti -o "$name" "$here/main.c" to_go.o to_c.o 2> warnings
}
run() { # NAME PROCESSOR: its status
    qemu-aarch64 -cpu "$2" "./$1" >/dev/null 2>&1 && echo 0 || echo $?
}
build protected --bti
test ! -s warnings || { cat warnings; exit 1; }
aarch64-linux-gnu-readelf -n protected | grep 'AArch64 feature: .*BTI' >/dev/null
status=$(run protected max)
test "$status" = 0 || { echo "with --bti: status $status (1: wrong values, 2: a return address is not signed, 132: no landing pad)"; exit 1; }
# The same without protection fails, so that this test sees what it looks for.
status=$(run protected max,pauth=off)
test "$status" = 2 || { echo "a processor that signs nothing should be noticed, but the status is $status"; exit 1; }
build plain
status=$(run plain max)
test "$status" = 132 || { echo "without --bti there should be no landing pad, but the status is $status"; exit 1; }
echo "landing pads and signed return addresses"
