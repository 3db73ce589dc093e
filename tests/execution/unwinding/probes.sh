#!/bin/sh
# Copies of more than a page touch each page of the stack, where LLVM can do that without a register that holds an argument.
set -eu
here=$ABIDE_SOURCE_DIR/tests/execution/unwinding
thunk() { # TRIPLE CALLER CALLEE OUTPUT
    "$ABIDE" thunk "$here/probes.abi.yaml" --caller "$2" --callee "$3" --target "$1" --prefix thunk_ -o "$4"
}
first=$ABIDE_SOURCE_DIR/tests/execution/modules/first.yaml
probes() { # TRIPLE CALLER CALLEE -> loops that touch pages
    thunk "$1" "$2" "$3" probes.s
    grep -Ec "^\.LBB[0-9_]+:" probes.s || true
}
for triple in x86_64-linux-gnu aarch64-linux-gnu i386-linux-gnu; do
    [ "$(probes $triple "$first" c)" -gt 0 ] || { echo "$triple: no probes"; exit 1; }
done
thunk x86_64-linux-gnu "$first" c probes.o
gcc -O1 "$here/probes.c" probes.o -o probes
./probes
thunk aarch64-linux-gnu "$first" c probes.o
aarch64-linux-gnu-gcc -static -O1 "$here/probes.c" probes.o -o probes
qemu-aarch64 ./probes
thunk i386-linux-gnu "$first" c probes.o
gcc -m32 -O1 "$here/probes.c" probes.o -o probes
./probes
echo "pages are touched, and values arrive"
