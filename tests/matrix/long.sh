#!/bin/sh
# long.sh BUILD SEED [ARCH...]: 10,000 calls for every pair of conventions of each architecture, among them six made-up ones.
set -eu
build=$(cd "$1" && pwd) seed=$2
shift 2
folder=$(dirname "$0")
script=$(cd "$folder" && pwd)/matrix.py
ABIDE=$build/bin/abide
ABIDE_SOURCE_DIR=$(cd "$folder/../.." && pwd)
export ABIDE ABIDE_SOURCE_DIR
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
for arch in ${*:-x86_64 i386 aarch64 riscv64}; do
    mkdir "$work/$arch"
    cd "$work/$arch"
    case $arch in
    x86_64) python3 "$script" x86_64-linux-gnu "$seed" 40 6 10000 gcc --no-table ;;
    i386) python3 "$script" i386-linux-gnu "$seed" 40 6 10000 "gcc -m32 -no-pie" --no-table ;;
    *) python3 "$script" "$arch-linux-gnu" "$seed" 40 6 10000 "$arch-linux-gnu-gcc -static" "qemu-$arch" --no-table ;;
    esac
done
