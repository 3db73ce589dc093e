#!/bin/sh
# optional.sh COMPILER: a callback that may be absent, with user data, between a language that takes records apart and one that does not.
set -eu
cat >api.abi.yaml <<'YAML'
abide: 1
types: {pair: {struct: {a: i64, b: f64, c: i64}}}
functions:
  walk:
    sig: "(visit option<fn(user ptr<void>, p pair) -> i32>, data ptr<void>) -> i32"
    callbacks: {visit: {data: data, at: 0}}
YAML
cat >main.c <<'C'
#include <stdint.h>
struct pair { int64_t a; double b; int64_t c; };
int walk(int (*visit)(void *, struct pair), void *data);
int sys_walk(int (*visit)(void *, int64_t, double, int64_t), void *data);
int walk(int (*visit)(void *, struct pair), void *data)
{
    return visit ? visit(data, (struct pair){3, 2.5, 4}) : data ? -1 : -2;
}
static int add(void *data, int64_t a, double b, int64_t c) { return (int)(a + c) + *(int *)data + (b == 2.5); }
int main(void)
{
    int seven = 7;
    return sys_walk(add, &seven) == 15 && sys_walk(0, &seven) == -1 ? 0 : 1;
}
C
for form in o c; do
    "$ABIDE" thunk api.abi.yaml --caller system --callee c --target x86_64-linux-gnu -o thunk.$form
    $1 -O1 main.c thunk.$form -o program
    ./program || { echo "the callback is another one behind the thunk ($form)"; exit 1; }
done
