#!/usr/bin/env python3
"""
What cannot be converted ends the process, and says where: a program with an abide_trap of its own sees the code, the function and the
parameter. What can be converted although it looks odd does not.
"""
import os
import subprocess
import sys

HERE = os.path.dirname(os.path.abspath(__file__))
ABIDE = os.environ.get("ABIDE", "abide")
SOURCE = os.environ.get("ABIDE_SOURCE_DIR", os.path.dirname(os.path.dirname(HERE)))
INTERFACE = """abide: 1
package: traps
forms: {string: nul}
types:
  name: {struct: {text: own string, size: u32}}
  shape: {variant: {round: f64, nothing: , square: {x: i32, y: i32}}}
functions:
  put: (text string) -> size
  give: (text own string)
  store: (n name)
  list: (names slice<string>) -> size
  ask: () -> shape
  pick: (s shape) -> u32
  parse: {sig: "(n i32) -> result<u32, i32>", forms: {result: status}}
  maybe: (v option<slice<u32>>) -> size
  sum: (v slice<u32>) -> size
"""
PROGRAM = r"""
#include <abide/system.h>
#include <setjmp.h>
#include <stdio.h>
static jmp_buf out;
static size_t seen_code;
static char seen[200];
void abide_trap(size_t code, const char *function, const char *parameter, size_t value)
{
    (void)value;
    seen_code = code;
    snprintf(seen, sizeof seen, "%s, %s", function, parameter);
    longjmp(out, 1);
}
static int wrong;
static void expect(size_t code, const char *where)
{
    if (seen_code != code || strcmp(seen, where) != 0) {
        printf("wanted %zu (%s), got %zu (%s)\n", code, where, seen_code, seen);
        wrong++;
    }
    seen_code = 0, seen[0] = 0;
}
#define TRAPS(code, where, call) \
    if (!setjmp(out))            \
        call;                    \
    expect(code, where)
#define FINE(condition) \
    if (!(condition)) printf("line %d: %s\n", __LINE__, #condition), wrong++

/* The callees, in C's forms. */
typedef struct { unsigned tag; union { double round; struct { int32_t x, y; } square; } payload; } c_shape;
typedef struct { char *text; uint32_t size; } c_name;
size_t put(char *text) { return strlen(text); }
void give(char *text) { free(text); }
void store(c_name n) { (void)n; }
size_t list(char **names, size_t len) { size_t all = 0; for (size_t i = 0; i < len; i++) all += strlen(names[i]); return all; }
c_shape ask(void) { c_shape s = {77, {0}}; return s; }
uint32_t pick(c_shape s) { return s.tag; }
int parse(int32_t n, uint32_t *result) { *result = 5; return n; }
typedef struct { bool has; struct { uint32_t *ptr; size_t len; } value; } c_maybe;
size_t maybe(c_maybe v) { return v.has ? 100 + v.value.len : 7; }
size_t sum(uint32_t *v, size_t len) { size_t all = 0; while (len) all += v[--len]; return all; }

/* The calls, in those of System ABI 1. */
typedef struct { sys_string text; uint32_t size; } name;
typedef struct { uint8_t tag; union { double round; struct { int32_t x, y; } square; } payload; } shape;
size_t t_put(const uint8_t *text, size_t len);
void t_give(uint8_t *text, size_t len, sys_owner *owner);
void t_store(uint8_t *text, size_t len, sys_owner *owner, uint32_t size);
size_t t_list(const sys_str *names, size_t len);
uint32_t t_ask(shape *result);
uint32_t t_pick(uint32_t tag, uint64_t a, int32_t b);
typedef struct { uint32_t tag; uint32_t value; } parsed;
parsed t_parse(int32_t n);
size_t t_maybe(const uint32_t *ptr, size_t len);
size_t t_sum(const uint32_t *ptr, size_t len);
#define TEXT(text) (const uint8_t *)(text), sizeof(text) - 1
int main(void)
{
    FINE(t_put(TEXT("four")) == 4);
    FINE(t_put(NULL, 0) == 0); /* an empty string may have a null pointer, C's must not */
    TRAPS(SYS_TRAP_NUL, "put, text", t_put(TEXT("a\0b")));
    TRAPS(SYS_TRAP_NUL, "put, text", t_put(TEXT("\0")));
    TRAPS(SYS_TRAP_NUL, "give, text", t_give((uint8_t *)"a\0b", 3, NULL));
    TRAPS(SYS_TRAP_NUL, "store, n", t_store((uint8_t *)"a\0b", 3, NULL, 1));
    sys_str names[] = {SYS_STR("one"), {NULL, 0}, SYS_STR("three")};
    FINE(t_list(names, 3) == 8);
    names[1] = SYS_STR("x\0");
    TRAPS(SYS_TRAP_NUL, "list, names", t_list(names, 3));
    shape made;
    TRAPS(SYS_TRAP_TAG, "ask, result", t_ask(&made));
    FINE(t_pick(1, 0, 0) == 1 && t_pick(2, 0, 0) == 2);
    TRAPS(SYS_TRAP_TAG, "pick, s", t_pick(3, 0, 0));
    TRAPS(SYS_TRAP_TAG, "pick, s", t_pick(0x101, 0, 0));
    parsed p = t_parse(0);
    FINE(p.tag == SYS_OK && p.value == 5);
    p = t_parse(-9);
    FINE(p.tag == SYS_ERR && (int32_t)p.value == -9);
    FINE(t_maybe(NULL, 0) == 7);
    FINE(t_maybe((const uint32_t *)&p, 0) == 100);
    FINE(t_sum(NULL, 0) == 0);
    FINE(seen_code == 0);
    printf("%d wrong\n", wrong);
    return wrong != 0;
}
"""


def must(command):
    done = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=False)
    if done.returncode:
        sys.exit(f"failed ({done.returncode}): {' '.join(command)}\n{done.stdout[:4000]}")
    return done.stdout


def main():
    for name, text in (("traps.abi.yaml", INTERFACE), ("traps.c", PROGRAM)):
        with open(name, "w", encoding="utf-8") as file:
            file.write(text)
    for emit, output in (("obj", "thunks.o"), ("c", "thunks.c")):
        must([ABIDE, "thunk", "traps.abi.yaml", "--target", "x86_64-linux-gnu", "--caller", "system", "--callee", "c",
              "--prefix", "t_", "--emit", emit, "-o", output])
        must(["gcc", "-std=c11", "-O1", "-g", f"-I{SOURCE}/include", "traps.c", output, "-o", "traps"])
        print(emit, must(["./traps"]).strip())


main()
