#!/bin/sh
# boxed.sh COMPILER EMULATOR: a float that a thunk moves to a register in which the caller has a double. RISC-V wants ones above it.
set -eu
cat >api.abi.yaml <<'YAML'
abide: 1
types: {words: {struct: {a: f64, b: u16, c: u16}}}
functions: {f: "(w words, x f32) -> f32"}
YAML
cat >main.c <<'C'
#include <stdint.h>
struct words { double a; uint16_t b, c; };
float f(struct words w, float x);
float sys_f(double a, uint16_t b, uint16_t c, float x);
float f(struct words w, float x) { return w.a == 2.5 && w.b == 3 && w.c == 4 ? x * 2 : -1; }
int main(void)
{
    float (*volatile thunk)(double, uint16_t, uint16_t, float) = sys_f;
    return thunk(2.5, 3, 4, 5.25f) == 10.5f ? 0 : 1;
}
C
"$ABIDE" thunk api.abi.yaml --caller system --callee riscv64-lp64d --target riscv64-linux-gnu -o api.o
$1 -O1 -static main.c api.o -o program
$2 ./program || { echo "the float is another one behind the thunk"; exit 1; }
