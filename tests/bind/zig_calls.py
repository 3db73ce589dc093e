#!/usr/bin/env python3
"""zig_calls.py: Zig programs that call a C library, on eight machines, with and without adapters.

The library is compiled by gcc with the binding in C. A Zig program passes structs in registers and in memory, unions, bit-fields,
callbacks and closures by the binding of the ABI `zig`, whose functions are adapters; another one calls what the plain binding declares,
where it does, and a third must not compile where it does not. All run, under qemu where need be; on x86-64 with both of Zig's compilers.
"""
import os
import sys

from checking import FAILURES, expect, run, write

ABIDE = os.environ["ABIDE"]
ZIG = os.environ["ABIDE_ZIG"]
HERE = os.path.join(os.environ["ABIDE_SOURCE_DIR"], "tests", "bind")
FILE = os.path.join(HERE, "calls.abi.yaml")
# The target; what Zig calls it; gcc; how programs run; whether the plain binding has structs by value.
MACHINES = [
    ("x86_64-linux-gnu", "x86_64-linux-gnu", "gcc", [], True),
    ("aarch64-linux-gnu", "aarch64-linux-gnu", "aarch64-linux-gnu-gcc", ["qemu-aarch64"], True),
    ("arm-linux-gnueabihf", "arm-linux-gnueabihf", "arm-linux-gnueabihf-gcc", ["qemu-arm"], True),
    ("riscv64-linux-gnu", "riscv64-linux-gnu", "riscv64-linux-gnu-gcc", ["qemu-riscv64"], True),
    ("i386-linux-gnu", "x86-linux-gnu", "gcc -m32", [], False),
    ("powerpc64le-linux-gnu", "powerpc64le-linux-gnu", "powerpc64le-linux-gnu-gcc", ["qemu-ppc64le"], False),
    ("s390x-linux-gnu", "s390x-linux-gnu", "s390x-linux-gnu-gcc", ["qemu-s390x"], False),
    ("mips64el-linux-gnuabi64", "mips64el-linux-gnuabi64", "mips64el-linux-gnuabi64-gcc", ["qemu-mips64el"], False),
]
LIBRARY = r"""
#include "calls.h"
#include <string.h>
pair swap(pair p) { return (pair){p.y, p.x}; }
mix mixed(mix m, int32_t k) { return (mix){m.n + k, m.f * k}; }
rgb tint(rgb c, ids s) { return (rgb){c.r + s.a, c.g + s.b, c.b}; }
uint32_t first(one o, double w) { return o.a + (uint32_t)w; }
big grow(big b, int64_t scale) { for (int i = 0; i < 5; i++) b.a[i] *= scale; b.f += 0.5f; return b; }
double total(odd o, bits b, num n) { return o.a + o.b[0] + o.b[1] + b.a + b.b + n.f; }
int32_t count(int32_t times, step each, void *user)
{
    int32_t sum = 0;
    for (int32_t i = 0; i < times; i++) sum += each(user, i, i + 0.5);
    return sum;
}
size_t length(char *s, kind k) { return strlen(s) + k; }
double many(int64_t a, int64_t b, int64_t c, int64_t d, int64_t e, int64_t f, int64_t g, double h)
{
    return (double)(a + 2 * b + 3 * c + 4 * d + 5 * e + 6 * f + 7 * g) + h;
}
double own_each(own_each_visit visit, int32_t n)
{
    double sum = 0;
    for (int32_t i = 0; i < n; i++) sum += visit.code((pair){i, 2 * i}, visit.env);
    return sum;
}
"""
HEAD = r"""
const t = @import("calls.zig");
fn add(user: ?*anyopaque, n: i32, w: f64) callconv(.c) i32 {
    const seen: *f64 = @ptrCast(@alignCast(user.?));
    seen.* += w;
    return 3 * n;
}
fn check(ok: bool, which: c_int) void {
    if (!ok and failed == 0) failed = which;
}
var failed: c_int = 0;
"""
# What no adapter is needed for.
SCALARS = r"""
    var seen: f64 = 0;
    check(t.count(4, add, &seen) == 18 and seen == 8, 1);
    check(t.length("three", .striped) == 7, 2);
    check(t.length("three", t.kind.other) == 14 and t.kind.other == .last, 3);
"""
ADAPTED = HEAD + r"""
fn visit(p: ?*const t.pair, env: ?*anyopaque) callconv(.c) f64 {
    return p.?.x + 10 * p.?.y + @as(*f64, @ptrCast(@alignCast(env.?))).*;
}
export fn main() callconv(.c) c_int {""" + SCALARS + r"""
    var p: t.pair = undefined;
    t.swap(&.{ .x = 1, .y = 2 }, &p);
    check(p.x == 2 and p.y == 1, 4);
    var m: t.mix = undefined;
    t.mixed(&.{ .n = 40, .f = 1.5 }, 2, &m);
    check(m.n == 42 and m.f == 3, 5);
    var c: t.rgb = undefined;
    t.tint(&.{ .r = 1, .g = 2, .b = 3 }, &.{ .a = 4, .b = 5 }, &c);
    check(c.r == 5 and c.g == 7 and c.b == 3, 6);
    check(t.first(&.{ .a = 77 }, 3) == 80, 7);
    var b: t.big = undefined;
    t.grow(&.{ .a = .{ 1, 2, 3, 4, 5 }, .f = 1 }, 3, &b);
    check(b.a[0] == 3 and b.a[4] == 15 and b.f == 1.5, 8);
    var bits: t.bits = undefined;
    const word: *align(1) u32 = @ptrCast(&bits);
    word.* = if (@import("builtin").cpu.arch.endian() == .little) 5 | 300 << 3 else 5 << 29 | 300 << 20;
    check(t.total(&.{ .a = 1, .b = .{ 2, 3 } }, &bits, &.{ .f = 0.25 }) == 311.25, 9);
    var hundred: f64 = 100;
    const closure = t.closure_p_pair_f64{ .code = visit, .env = &hundred };
    check(t.own_each(&closure, 3) == 363, 10);
    return failed;
}
"""
MANY = "    check(t.many(1, 2, 3, 4, 5, 6, 7, 0.5) == 140.5, 11);\n"
PLAIN = HEAD + "export fn main() callconv(.c) c_int {" + SCALARS + r"""
    const p = t.swap(.{ .x = 1, .y = 2 });
    check(p.x == 2 and p.y == 1, 4);
    const m = t.mixed(.{ .n = 40, .f = 1.5 }, 2);
    check(m.n == 42 and m.f == 3, 5);
    const c = t.tint(.{ .r = 1, .g = 2, .b = 3 }, .{ .a = 4, .b = 5 });
    check(c.r == 5 and c.g == 7 and c.b == 3, 6);
$MANY    return failed;
}
"""
WITHOUT = HEAD + "export fn main() callconv(.c) c_int {" + SCALARS + "$MANY    return failed;\n}\n"


def compile_zig(where, name, text, target, options):
    write(f"{where}/{name}.zig", text)
    return run(ZIG, "build-obj", f"{name}.zig", "-target", target, "-fstrip", "-fPIC", f"-femit-bin={name}.o", *options, cwd=where)


def run_program(what, where, name, machine, objects):
    _, _, gcc, emulator, _ = machine
    done = run(*gcc.split(), "-static", f"{name}.o", *objects, "-o", name, cwd=where)
    if expect(f"{what} links", done.returncode == 0, done.stderr):
        done = run(*emulator, f"./{name}", cwd=where)
        expect(f"{what} runs", done.returncode == 0, f"status {done.returncode} {done.stderr}")


def check_program(what, where, name, text, machine, objects, options):
    done = compile_zig(where, name, text, machine[1], options)
    if expect(f"{what} compiles", done.returncode == 0, done.stderr):
        run_program(what, where, name, machine, objects)


def bind(where, language, name, *words):
    answer = run(ABIDE, "bind", language, FILE, "-o", f"{where}/{name}", *words)
    expect(f"{where}: bind {language}", answer.returncode == 0, answer.stderr)


def check_adapted(machine, options, spoil=""):
    """By adapters, all can be called. `spoil` is what a wrong library does, which must be seen."""
    target, _, gcc, _, _ = machine
    where = target
    bind(where, "zig", "calls.zig", "--abi", "zig", "--prefix", "zig_")
    done = run(ABIDE, "thunk", FILE, "--caller", "zig", "--callee", "c", "--target", target, "-o", f"{where}/adapters.o")
    expect(f"{where}: adapters", done.returncode == 0, done.stderr)
    check_program(f"{where}: by adapters {options}", where, "adapted", ADAPTED, machine, ["adapters.o", "library.o"], options)
    if spoil:
        write(f"{where}/wrong.c", LIBRARY.replace(*spoil))
        done = run(*gcc.split(), "-std=c17", "-O1", "-c", "wrong.c", "-o", "wrong.o", cwd=where)
        done = run(*gcc.split(), "-static", "adapted.o", "adapters.o", "wrong.o", "-o", "wrong", cwd=where)
        expect("a wrong library is seen", done.returncode == 0 and run("./wrong", cwd=where).returncode == 8, done.stderr)


def check_plain(machine, options, is_own_compiler):
    """Structs by value where the binding has them; elsewhere, and for what Zig's own compiler miscounts, it says so."""
    where, zig_target, _, _, has_records = machine
    bind(where, "zig", "calls.zig")
    text = (PLAIN if has_records else WITHOUT).replace("$MANY", "" if is_own_compiler else MANY)
    check_program(f"{where}: plain {options}", where, "plain", text, machine, ["library.o"], options)
    refused = []
    if is_own_compiler:
        refused.append((WITHOUT.replace("$MANY", MANY), "so many parameters otherwise than C"))
    if not has_records:
        refused.append((PLAIN.replace("$MANY", ""), "records otherwise than C here"))
    refused.append((WITHOUT.replace("$MANY", "    _ = t.first(.{ .a = 1 }, 2);\n"), "no member named 'first'"))
    for text, says in refused:
        done = compile_zig(where, "refused", text, zig_target, [*options, "-fno-emit-bin"])
        expect(f"{where}: {says}", done.returncode != 0 and says in done.stderr, done.stderr)


def check_machine(machine):
    target, _, gcc, _, _ = machine
    os.makedirs(target, exist_ok=True)
    bind(target, "c", "calls.h")
    write(f"{target}/library.c", LIBRARY)
    done = run(*gcc.split(), "-std=c17", "-O1", "-Wall", "-Werror", "-c", "library.c", "-o", "library.o", cwd=target)
    expect(f"{target}: library", done.returncode == 0, done.stderr)
    is_native = target.startswith("x86_64")
    spoil = ("b.a[i] *= scale", "b.a[i] *= scale + (i == 4)") if is_native else ""
    for options in (["-O", "ReleaseSmall"], ["-O", "Debug", "-fno-llvm", "-fcompiler-rt"])[:2 if is_native else 1]:
        is_own = "-fno-llvm" in options
        check_adapted(machine, options, "" if is_own else spoil)
        check_plain(machine, options, is_own)


def main():
    for machine in MACHINES:
        check_machine(machine)
    print(f"{len(MACHINES)} machines, {len(FAILURES)} failures")
    sys.exit(1 if FAILURES else 0)


main()
