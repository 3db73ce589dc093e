#!/bin/sh
# crowded.sh COMPILER EMULATOR: more than 2 KiB of stack words in one call: LLVM finds no scratch register for it when it optimizes.
set -eu
# What LLVM held when it gave up is in no state to be freed.
export LSAN_OPTIONS=detect_leaks=0
cat >stacked.yaml <<'YAML'
abide: 1
module: {name: stacked, version: 1.0.0, level: machine, extends: riscv64-lp64d@1, summary: everything on the stack}
args: [{id: stack, pass: stack, source: x}]
returns: [{id: memory, pass: hidden, in: stack, source: x}]
YAML
interface() {
    cat <<YAML
abide: 1
types: {large: {struct: {w: array<u64; 90>}}, small: {struct: {w: array<u16; 120>}}}
functions: {f: {sig: "(a large, b large, c large, d small, e f32) -> u64", symbol: $1}}
YAML
}
interface middle_f >first.abi.yaml
interface f >second.abi.yaml
cat >main.c <<'C'
#include <stdint.h>
struct large { uint64_t w[90]; };
struct small { uint16_t w[120]; };
uint64_t start_f(struct large a, struct large b, struct large c, struct small d, float e);
uint64_t f(struct large a, struct large b, struct large c, struct small d, float e)
{
    for (uint64_t i = 0; i < 90; i++)
        if (a.w[i] != i || b.w[i] != 1000 + i || c.w[i] != 2000 + i)
            return i;
    for (unsigned i = 0; i < 120; i++)
        if (d.w[i] != 3000 + i)
            return i;
    return e == 5.25f ? UINT64_C(0x123456789) : 0;
}
int main(void)
{
    struct large a, b, c;
    struct small d;
    for (unsigned i = 0; i < 90; i++)
        a.w[i] = i, b.w[i] = 1000 + i, c.w[i] = 2000 + i;
    for (unsigned i = 0; i < 120; i++)
        d.w[i] = (uint16_t)(3000 + i);
    return start_f(a, b, c, d, 5.25f) == UINT64_C(0x123456789) ? 0 : 1;
}
C
target=riscv64-linux-gnu
"$ABIDE" thunk first.abi.yaml --caller c --callee ./stacked.yaml --prefix start_ --target $target -o first.o
"$ABIDE" thunk second.abi.yaml --caller ./stacked.yaml --callee c --prefix middle_ --target $target -o second.o
$1 -O1 -static main.c first.o second.o -o program
$2 ./program || { echo "a value is another one behind the thunks"; exit 1; }
