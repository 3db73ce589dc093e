#!/bin/sh
# long.sh BUILD_DIR [COUNT [SEED]]: every target and compiler, at -O0 and -O2. Prints one line each
# and every mismatch; fails if there is one.
set -u
build=$1
count=${2:-10000}
seed=${3:-$(date +%s)}
failed=0

# ask TARGET ABI CC OPTION...
ask() {
    target=$1 abi=$2 cc=$3
    shift 3
    for opt in 0 2; do
        "$build/bin/abide-differential" --abide "$build/bin/abide" --target "$target" \
            --abi "$abi" --cc "$cc" --opt $opt --count "$count" --seed "$seed" "$@" || failed=1
        seed=$((seed + 1))
    done
}

ask x86_64-linux-gnu c-sysv gcc
ask x86_64-linux-gnu c-sysv clang-19
ask aarch64-linux-gnu aapcs64 aarch64-linux-gnu-gcc --run "qemu-aarch64 -L /usr/aarch64-linux-gnu"
ask aarch64-linux-gnu aapcs64 "clang-19 --target=aarch64-linux-gnu" \
    --run "qemu-aarch64 -L /usr/aarch64-linux-gnu"
ask i386-linux-gnu c-sysv-i386 "gcc-12 -m32 -msse2 -mfpmath=sse"
ask i386-linux-gnu c-sysv-i386 "clang-19 -m32 -msse2 -mfpmath=sse"
ask arm-linux-gnueabihf aapcs-vfp arm-linux-gnueabihf-gcc \
    --run "qemu-arm -L /usr/arm-linux-gnueabihf"
ask arm-linux-gnueabihf aapcs-vfp "clang-19 --target=arm-linux-gnueabihf" \
    --run "qemu-arm -L /usr/arm-linux-gnueabihf"
ask riscv64-linux-gnu riscv64-lp64d riscv64-linux-gnu-gcc \
    --run "qemu-riscv64 -L /usr/riscv64-linux-gnu"
ask riscv64-linux-gnu riscv64-lp64d "clang-19 --target=riscv64-linux-gnu" \
    --run "qemu-riscv64 -L /usr/riscv64-linux-gnu" --with half
exit $failed
