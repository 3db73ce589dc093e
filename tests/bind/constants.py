#!/usr/bin/env python3
"""constants.py [FILES [SEED]]: constants of every type in every language, compiled, and their values printed and compared.

Each file has the extremes of all types and random values besides, under names that are words of the languages, that differ in case
and `_` alone, or that a field has as well. What a program prints of a constant is compared with what was written into the file: whole
numbers in decimal, floats as the bits of a double, text and bytes in hexadecimal. C's preprocessor must know the integers, and the types
are asked for by _Generic, decltype and the like. A changed value in the file must be noticed.
"""
import math
import os
import random
import re
import struct
import sys

from checking import FAILURES, MUTANTS, expect, run, write

ABIDE = os.environ["ABIDE"]
ZIG = os.environ.get("ABIDE_ZIG", "none") # none: it is left out, which the build says
WORDS = """type long short switch class new template union ref fn impl self Self crate match move mut where proc var object
method iterator def lambda pass None is in not end begin result yield gen async dyn string fooBar foo-bar foo_bar fooBaz int value
for while if else do case static extern struct out addr ptr discard from import with global del try box final Ok Err Some NaN Inf
ctypes platform bind float f64 core size_of SIZE_MAX INT64_C UINT8_C x y point color defined main i64 u8 bool true""".split()
INTEGERS = {"u8": (0, 2**8 - 1), "u16": (0, 2**16 - 1), "u32": (0, 2**32 - 1), "u64": (0, 2**64 - 1), "i8": (-2**7, 2**7 - 1),
            "i16": (-2**15, 2**15 - 1), "i32": (-2**31, 2**31 - 1), "i64": (-2**63, 2**63 - 1), "c_int": (-2**31, 2**31 - 1),
            "c_uint": (0, 2**32 - 1), "c_long": (-2**31, 2**31 - 1), "c_ulong": (0, 2**32 - 1), "c_longlong": (-2**63, 2**63 - 1),
            "c_ulonglong": (0, 2**64 - 1), "c_short": (-2**15, 2**15 - 1), "c_ushort": (0, 2**16 - 1), "c_char": (0, 127),
            "c_schar": (-128, 127), "c_uchar": (0, 255), "size": (0, 2**32 - 1), "ssize": (-2**31, 2**31 - 1), "uptr": (0, 2**32 - 1)}
# On 64-bit targets alone.
LARGE = {"u128": (0, 2**128 - 1), "i128": (-2**127, 2**127 - 1), "c_long": (-2**63, 2**63 - 1), "size": (0, 2**64 - 1),
         "ssize": (-2**63, 2**63 - 1)}
C_TYPES = {"i32": "int", "u32": "unsigned int", "c_int": "int", "c_uint": "unsigned int", "c_long": "long", "c_ulong": "unsigned long",
           "c_longlong": "long long", "c_ulonglong": "unsigned long long", "f32": "float", "f64": "double", "c_float": "float",
           "c_double": "double", "i64": "int64_t", "u64": "uint64_t", "size": "size_t", "ssize": "intptr_t", "uptr": "uintptr_t"}
HOST = "x86_64-linux-gnu"


# ---- the file ----

def single(number):
    return struct.unpack("f", struct.pack("f", number))[0]


def float_bits(number):
    return "nan" if math.isnan(number) else struct.pack(">d", number).hex()


class Constant:
    """`written` is the value in the file, `printed` what programs print of it."""

    def __init__(self, kind, form, written, printed):
        self.kind, self.form, self.written, self.printed = kind, form, written, printed
        self.name = None


def floats(rng):
    numbers = [("0.0", 0.0), ("-0.0", -0.0), ("inf", math.inf), ("-inf", -math.inf), ("nan", math.nan), ("1", 1.0), ("-3", -3.0),
               ("0x1.8p3", 12.0), ("0x18", 24.0), ("1e10", 1e10), ("3.4028234663852886e38", 3.4028234663852886e38), ("1e-45", 1e-45),
               ("0.1", 0.1), ("16777217", 16777217.0), ("1.1754943508222875e-38", 1.1754943508222875e-38)]
    numbers += [(repr(number), number) for number in (rng.uniform(-1e6, 1e6) * 10.0 ** rng.randrange(-30, 30) for _ in range(8))]
    for written, number in numbers:
        for kind in ("f32", "f64", "c_float", "c_double"):
            yield Constant(kind, "float", written, float_bits(single(number) if kind in ("f32", "c_float") else number))
    for written, number in [("1.7976931348623157e308", sys.float_info.max), ("5e-324", 5e-324), ("2.2250738585072014e-308", sys.float_info.min)]:
        yield Constant("f64", "float", written, float_bits(number))


def quoted(text):
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n") + '"'


def texts(rng):
    for text in ["", "plain", 'a "quoted" one', "it's", "back\\slash", "\\", "\\n", "?" + "?/ ?" + "?=", "ü\u20ac\U0001F600", "two\nlines",
                 "%s %d {x} ${y} #{z}", "*/ // #", "\\x41\\101", "".join(rng.choice("abc\\\"'?%$\n0189äß€") for _ in range(40))]:
        for kind in ("string", "cstring", "string0"):
            yield Constant(kind, "text", quoted(text), text.encode().hex())
    for size in (0, 1, 4, 40):
        data = bytes(rng.randrange(256) for _ in range(size))
        if size:
            yield Constant(f"bytes<{size}>", "bytes", quoted(data.hex(" ")), data.hex())
        yield Constant("bytes", "bytes", quoted(data.hex(" ")), data.hex())


def integers(rng):
    for kind, (least, most) in INTEGERS.items():
        values = {least, most, 0, 1, least + 1, most - 1, rng.randint(least, most), rng.randint(least, most)}
        for value in sorted(values):
            yield Constant(kind, "integer", str(value) if rng.random() < 0.8 or value < 0 else hex(value), str(value))
    for kind, (least, most) in LARGE.items():
        for value in (least, least + 1, most, rng.randint(least, most)):
            yield Constant(kind, "integer", f"[{{target: [aarch64-linux-gnu, {HOST}], value: {value}}}]", str(value))
    for word, value in (("true", 1), ("false", 0)):
        yield Constant("bool", "integer", word, str(value))
    for written, value in (("A", 65), ("é", 233), ('"\U0001F600"', 0x1F600), ("U+0000", 0), ("U+10FFFF", 0x10FFFF), ('"5"', 53)):
        yield Constant("char", "integer", written, str(value))
    for written, value in (("red", 1), ("blue", 200), ("7", 7)):
        yield Constant("color", "integer", written, str(value))
    for written, value in (("low", -5), ("high", 2**31 - 1)):
        yield Constant("level", "integer", written, str(value))
    for written, value in (("read", 1), ("[read, execute]", 2**31 + 1), ("[]", 0)):
        yield Constant("access", "integer", written, str(value))
    yield Constant("id", "integer", "-9223372036854775808", str(-2**63))
    yield Constant("c_int", "integer", f"[{{target: i386-linux-gnu, value: 1}}, {{target: {HOST}, value: 2}}, {{value: 3}}]", "2")
    yield Constant("c_int", "integer", "[{target: i386-linux-gnu, value: 1}]", None)


def make(rng):
    constants = [*integers(rng), *floats(rng), *texts(rng)]
    rng.shuffle(constants)
    names = rng.sample(WORDS, len(WORDS))
    for index, constant in enumerate(constants):
        constant.name = names[index] if index < len(names) else f"k{index}"
    lines = ["abide: 1", "package: random", "constants:"]
    for index, constant in enumerate(constants):
        lines.append(f"  {constant.name}: {{type: {constant.kind}, value: {constant.written}, doc: constant {index}.}}")
    lines += ["types:", "  point: {struct: {x: f64, fooBaz: u8, value: i32}}", "  color: {enum: {red: 1, blue: 200}, base: u8, open: true}",
              "  level: {enum: {low: -5, high: 2147483647}}", "  access: {flags: {read: 0, execute: 31}, base: u32}", "  id: i64",
              "functions:", "  main2: (x i32, gen f64) -> point"]
    return constants, "\n".join(lines) + "\n"


# ---- what the bindings call them ----

NAME = {"c": r"(?:#define (\w+) |static const .*?(\w+)(?:\[\d*\])? = )", "cpp": r"inline constexpr .*?(\w+)(?:\[\d*\])? = ", "rust": r"pub const (\w+): ",
        "nim": r"(?:  )?const (\w+)\*", "python": r"(?:    )?(\w+) = ", "zig": r"pub const (\w+|@\"\w+\"): "}


def names_of(text, language):
    """{index of a constant: its name}; those that the language cannot say are missing."""
    found, lines = {}, text.split("\n")
    for at, line in enumerate(lines):
        marked = re.search(r"\bconstant (\d+)\.$", line)
        for other in lines[at + 1:] if marked else []:
            named = re.match(NAME[language], other)
            if named:
                found[int(marked[1])] = next(group for group in named.groups() if group)
            if named or re.search(r"\bconstant \d+\.$|no words", other):
                break
    return found


# ---- programs that print them ----

C_HEAD = """#include <stdio.h>
#include <string.h>
static void put(int k, unsigned __int128 u, int negative) { char t[50]; int n = 49; t[n] = 0; if (negative) u = -u;
    do t[--n] = (char)('0' + (int)(u % 10)); while (u /= 10); printf("%d %s%s\\n", k, negative ? "-" : "", t + n); }
static void put_double(int k, double d) { unsigned long long u; memcpy(&u, &d, 8); if (d != d) printf("%d nan\\n", k); else printf("%d %016llx\\n", k, u); }
static void put_bytes(int k, const void *p, size_t n) { const unsigned char *b = (const unsigned char *)p; printf("%d ", k); while (n--) printf("%02x", *b++); printf("\\n"); }
"""


def c_statement(index, constant, name):
    if constant.form == "integer":
        is_signed = constant.printed.startswith("-") or constant.kind in ("i64", "c_int", "c_longlong", "i128", "ssize")
        return f"put({index}, (unsigned __int128){name}, {f'{name} < 0' if is_signed else '0'});"
    if constant.form == "float":
        return f"put_double({index}, {name});"
    if constant.form == "text":
        return f"put_bytes({index}, {name}, sizeof {name} - 1);"
    return f"put_bytes({index}, {name}, sizeof {name});"


def c_type(constant, name, is_cpp):
    wanted = C_TYPES.get(constant.kind)
    if not wanted:
        return ""
    if is_cpp:
        return f"static_assert(__is_same(const {wanted}, decltype({name})), \"type\");"
    return f"_Static_assert(_Generic({name}, {wanted}: 1, default: 0), \"type of {name}\");"


def c_program(constants, names):
    tops, body = [], []
    for index, name in names.items():
        constant = constants[index]
        body.append(f"    {c_type(constant, name, False)} {c_statement(index, constant, name)}")
        is_known = constant.kind not in ("color", "level", "access", "u128", "i128")
        if constant.form == "integer" and is_known and not name.startswith("HIDDEN"):
            value = int(constant.printed)
            spelled = "(-9223372036854775807 - 1)" if value == -2**63 else f"{value}" + ("u" if value >= 2**63 else "")
            tops.append(f"#ifdef {name}\n#if {name} != {spelled}\n#error {name}\n#endif\n#endif")
    return "\n".join([C_HEAD, '#include "random.h"', *tops, "int (main)(void) {", *body, "return 0; }"]) + "\n"


def cpp_program(constants, names):
    body = [f"    {c_type(constants[index], name, True)} {c_statement(index, constants[index], name)}" for index, name in names.items()]
    return "\n".join([C_HEAD, '#include "random.hpp"', "int (main)() {", *body, "return 0; }"]) + "\n"


def rust_program(constants, names):
    lines = ["#![allow(warnings)]", "mod random;", "trait Bits { fn put(&self) -> String; }",
             "impl Bits for f32 { fn put(&self) -> String { (*self as f64).put() } }",
             "impl Bits for f64 { fn put(&self) -> String { if self.is_nan() { \"nan\".to_string() } else { format!(\"{:016x}\", self.to_bits()) } } }",
             "fn hex(b: &[u8]) -> String { b.iter().map(|x| format!(\"{:02x}\", x)).collect() }", "fn main() {"]
    for index, name in names.items():
        constant = constants[index]
        put = {"float": f"random::{name}.put()", "bytes": f"hex(&random::{name}[..])"}.get(constant.form)
        if constant.form == "text":
            put = f"hex(random::{name}.{'as_bytes' if constant.kind == 'string' else 'to_bytes'}())"
        if constant.form == "integer":
            put = f"random::{name} as u8" if constant.kind == "bool" else f"random::{name}"
        lines.append(f"println!(\"{index} {{}}\", {put});")
    return "\n".join([*lines, "}"]) + "\n"


def nim_program(constants, names):
    lines = ["import random_binding", "import strutils", "proc bits(x: float): string =",
             "  if x != x: \"nan\" else: toLowerAscii(toHex(cast[uint64](x)))", "proc hexOf(s: string): string =",
             "  for c in s: result.add toLowerAscii(toHex(ord(c), 2))", "proc hexOf(s: openArray[uint8]): string =",
             "  for c in s: result.add toLowerAscii(toHex(int(c), 2))"]
    for index, name in names.items():
        constant, full = constants[index], f"random_binding.{name}"
        put = {"float": f"bits(float({full}))", "bytes": f"hexOf({full})"}.get(constant.form)
        if constant.form == "text":
            put = f"hexOf({full})" if constant.kind == "string" else f"hexOf($({full}))"
        if constant.form == "integer":
            put = f"$ord({full})" if constant.kind in ("bool", "c_char") else f"$({full})"
        lines.append(f"echo \"{index} \", {put}")
    return "\n".join(lines) + "\n"


def python_program(constants, names):
    lines = ["import random_binding as b, struct", "def bits(x): return 'nan' if x != x else struct.pack('>d', x).hex()",
             "def text(x): return (x.encode() if isinstance(x, str) else x).hex()"]
    for index, name in names.items():
        constant = constants[index]
        full = f"b.{name}"
        put = {"float": f"bits({full})", "integer": f"int({full})"}.get(constant.form, f"text({full})")
        lines.append(f"print({index}, {put})")
    return "\n".join(lines) + "\n"


def zig_program(constants, names):
    """Compared when it is compiled."""
    lines = ['const std = @import("std");', 'const b = @import("random.zig");', "comptime {", "    @setEvalBranchQuota(1000000);"]
    for index, name in names.items():
        constant, full = constants[index], f"b.{name}"
        if constant.form == "float":
            wrong = f"{full} == {full}" if constant.printed == "nan" else f"@as(u64, @bitCast(@as(f64, {full}))) != 0x{constant.printed}"
        elif constant.form == "integer":
            number = {"bool": f"@intFromBool({full})", "color": f"@intFromEnum({full})", "level": f"@intFromEnum({full})"}.get(constant.kind, full)
            wrong = f"{number} != {constant.printed}"
        else:
            data = f"std.mem.span({full})" if constant.kind in ("cstring", "string0") else f"{full}[0..]"
            escaped = "".join(f"\\x{constant.printed[at:at + 2]}" for at in range(0, len(constant.printed), 2))
            wrong = f'!std.mem.eql(u8, {data}, "{escaped}")'
        lines.append(f'    if ({wrong}) @compileError("{index}");')
    return "\n".join([*lines, "}"]) + "\n"


WARN = ["-Wall", "-Wextra", "-Werror"]
LANGUAGES = {
    "c": ("random.h", "program.c", c_program, [["gcc", "-std=c17", *WARN, "program.c", "-o", "program"],
                                               ["clang-19", "-std=c17", *WARN, "program.c", "-o", "program"]], ["./program"]),
    "cpp": ("random.hpp", "program.cpp", cpp_program, [["g++", "-std=c++17", *WARN, "program.cpp", "-o", "program"],
                                                       ["clang++-19", "-std=c++17", *WARN, "program.cpp", "-o", "program"]], ["./program"]),
    "rust": ("random.rs", "program.rs", rust_program, [["rustc", "--edition", "2021", "program.rs", "-o", "program"],
                                                       ["rustc", "--edition", "2024", "program.rs", "-o", "program"]], ["./program"]),
    "nim": ("random_binding.nim", "program.nim", nim_program,
            [["nim", "c", "--hints:off", "--warnings:off", "--nimcache:nimcache", "-o:program", "program.nim"]], ["./program"]),
    "python": ("random_binding.py", "program.py", python_program, [["true"]], [sys.executable, "-B", "program.py"]),
}
FOREIGN = ["gcc -m32", "clang-19 --target=aarch64-linux-gnu", "clang-19 --target=s390x-linux-gnu", "x86_64-w64-mingw32-gcc",
           "clang-19 --target=aarch64-apple-darwin", "clang-19 --target=sparc64-linux-gnu", "arm-linux-gnueabihf-gcc"]


def check_output(where, constants, names, output):
    seen = dict(line.split(" ", 1) if " " in line else (line, "") for line in output.splitlines())
    wrong = [f"{names[index]} ({constants[index].kind} {constants[index].written}): {constants[index].printed} {seen.get(str(index))}"
             for index in names if seen.get(str(index), "").strip() != constants[index].printed]
    return expect(f"{where}: values", not wrong, "\n".join(wrong))


def check_language(where, language, constants, interface):
    file, program, make_program, compilers, command = LANGUAGES[language]
    answer = run(ABIDE, "bind", language, interface, "-o", file)
    if not expect(f"{where}: bind {language}", answer.returncode == 0, answer.stderr):
        return 0
    with open(file, encoding="utf-8") as opened:
        names = names_of(opened.read(), language)
    missing = [constant.kind for index, constant in enumerate(constants) if index not in names and constant.printed is not None]
    expect(f"{where}: {language} lacks nothing but 128 bits", set(missing) <= ({"u128", "i128"} if language == "nim" else set()), str(missing))
    names = {index: name for index, name in names.items() if constants[index].printed is not None}
    expect(f"{where}: names", len(set(names.values())) == len(names))
    write(program, make_program(constants, names))
    for compiler in compilers:
        done = run(*compiler)
        if expect(f"{where}: {' '.join(compiler[:3])}", done.returncode == 0, done.stdout + done.stderr):
            done = run(*command)
            if expect(f"{where}: {language} runs", done.returncode == 0, done.stderr):
                check_output(f"{where}: {' '.join(compiler[:3])}", constants, names, done.stdout)
    return len(names)


def check_zig(where, constants):
    """Zig compares values when it compiles."""
    answer = run(ABIDE, "bind", "zig", "random.abi.yaml", "-o", "random.zig")
    expect(f"{where}: bind zig", answer.returncode == 0, answer.stderr)
    with open("random.zig", encoding="utf-8") as opened:
        names = names_of(opened.read(), "zig")
    names = {index: name for index, name in names.items() if constants[index].printed is not None}
    expect(f"{where}: zig has all", len(names) == sum(constant.printed is not None for constant in constants))
    write("program.zig", zig_program(constants, names))
    done = run(ZIG, "build-obj", "-fno-emit-bin", "program.zig")
    expect(f"{where}: zig", done.returncode == 0, done.stderr)
    wrong = zig_program(constants, names).replace(" != 65535)", " != 65534)", 1)
    write("program.zig", wrong)
    expect(f"{where}: zig notices a wrong value", run(ZIG, "build-obj", "-fno-emit-bin", "program.zig").returncode != 0)
    return len(names)


def check_foreign(where):
    """The header under compilers for other machines, each constant used once."""
    with open("random.h", encoding="utf-8") as file:
        defined = re.findall(r"^#define (\w+) [^\n]", file.read(), re.M)
    names = [name for name in defined if not name.startswith("ABIDE_")]
    write("foreign.c", '#include "random.h"\n' + "".join(
        f"#ifdef {name}\n__typeof__({name}) of_{at}; int use_{at}(void) {{ return sizeof ({name}); }}\n#endif\n" for at, name in enumerate(names)))
    for compiler in FOREIGN:
        done = run(*compiler.split(), "-ffreestanding", "-std=gnu17", "-Wall", "-Werror", "-fsyntax-only", "foreign.c")
        expect(f"{where}: {compiler}", done.returncode == 0, done.stderr)


def check_mutant(where, constants, text):
    """Another value in the file is another value in the program."""
    index = next(at for at, constant in enumerate(constants) if constant.kind == "u16" and constant.printed == "1")
    write("mutant.abi.yaml", re.sub(rf"value: (0x)?1, doc: constant {index}\.", f"value: 2, doc: constant {index}.", text))
    before = len(FAILURES)
    MUTANTS.append(index)
    check_language(f"{where}: the mutant", "python", constants, "mutant.abi.yaml")
    found = len(FAILURES) > before
    MUTANTS.clear()
    del FAILURES[before:]
    expect(f"{where}: a mutant is noticed", found)


def check_wide():
    """Floats that no double holds, where compilers have them."""
    write("wide.abi.yaml", "abide: 1\nconstants:\n  a: {type: c_longdouble, value: [{target: x86_64-linux-gnu, value: 0.1}]}\n"
          "  b: {type: f80, value: [{target: x86_64-linux-gnu, value: -1e4000}]}\n"
          "  c: {type: f128, value: [{target: x86_64-linux-gnu, value: 0.1}]}\n  d: {type: c_longdouble, value: 3}\n"
          "  e: {type: f16, value: [{target: x86_64-linux-gnu, value: 0.1}]}\n  f: {type: c_longdouble, value: inf}\n"
          "  g: {type: c_wchar, value: 255}\n")
    program = '#include <wchar.h>\n#include "wide.h"\nint main(void) { return a == 0.1L && b == -1e4000L && c == 0.1q && d == 3.0L && ' \
              "sizeof d == sizeof(long double) && f > 1e4900L && e != 0.1 && (double)e > 0.0999 && (double)e < 0.1001 && g == 255 ? 0 : 1; }\n"
    write("wide.c", program)
    answer = run(ABIDE, "bind", "c", "wide.abi.yaml", "-t", HOST, "-o", "wide.h")
    expect("wide floats", answer.returncode == 0, answer.stderr)
    done = run("gcc", "-std=gnu17", "wide.c", "-o", "wide")
    expect("wide floats in gcc", done.returncode == 0 and run("./wide").returncode == 0, done.stderr)
    for language in ("rust", "nim", "python"):
        answer = run(ABIDE, "bind", language, "wide.abi.yaml", "-t", HOST)
        expect(f"wide floats in {language} are told of", "has no words for its type" in answer.stdout, answer.stdout + answer.stderr)


def main():
    files = int(sys.argv[1]) if len(sys.argv) > 1 else 1
    seed = int(sys.argv[2]) if len(sys.argv) > 2 else 11
    print(f"seed {seed}")
    zig, count, told = 0, 0, dict.fromkeys(LANGUAGES, 0)
    for number in range(files):
        constants, text = make(random.Random(seed * 1000 + number))
        write("random.abi.yaml", text)
        where = f"file {number} of seed {seed}"
        count += len(constants)
        for language in LANGUAGES:
            told[language] += check_language(f"{where}: {language}", language, constants, "random.abi.yaml")
        if ZIG != "none":
            zig += check_zig(where, constants)
        check_foreign(where)
        check_mutant(where, constants, text)
    check_wide()
    print(f"{files} files, {count} constants; compared: " + ", ".join(f"{name} {number}" for name, number in told.items()) +
          f", zig {zig}; {len(FAILURES)} failures")
    sys.exit(1 if FAILURES else 0)


main()
