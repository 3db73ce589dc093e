#!/usr/bin/env python3
"""hard_names.py [FILES [SEED]]: random interfaces that are hard to say, in every language.

Types, fields, values, functions, parameters and constants are called like keywords, types, macros and modules of the languages, like what
a binding uses itself, and differ in case and underscores alone. Records are packed, aligned, empty, unions, have bit-fields and arrays
without a count; some scalars are not on all targets; documentation ends in what would end a comment. Every binding is compiled, C's for
other targets too, so that what it asserts of them is evaluated. A binding whose size assertions are changed must be refused.
"""
import os
import random
import re
import sys

from checking import FAILURES, expect, run, write

ABIDE = os.environ["ABIDE"]
ZIG = os.environ["ABIDE_ZIG"]  # none: it is left out, which the build says
NAMES = """type long short switch class new template impl self Self crate match move mut where proc var method iterator def lambda pass None is
end begin yield gen async dyn value for while if else do case static extern addr discard from import with global del try final errno stdin unix
linux NULL true false int float double signed sizeof main printf assert offsetof wchar_t size_t int8_t uint64_t __WORDSIZE _Bool __x __x_ _x x_ x
X xX Xx x__x fooBar foo_bar FooBar FOO_BAR foobar foo-bar _ __ ___ a b A B usize str Option Some Ok Err String Vec core std size_of offset_of panic
ctypes platform bind library print echo cint csize_t pointer seq sizeof alignof NaN Inf defined cpuEndian amd64 i386 anyopaque comptime_int builtin
abide_target undefined packed test error noreturn u7 i129 ABIDE_SECTION ABIDE_ASSERT ABIDE_F128 abide_section abideSection _section INT8_MAX
UINT64_C SIZE_MAX WCHAR_WIDTH mips sparc WIN32 vector pixel nothing base anon1 _fields_ _pack_ __init__ __class__ object id super dict property
type_ int_ fn_ fn linux_ typeof nullptr constexpr auto register volatile and or xor not_eq alignas thread_local char8_t concept requires module when of mod div nil isnot
mixin cast block func addrspace callconv comptime defer export noalias orelse pub suspend va_list c_void _handle getattr abide_section_1""".split()
WORDS = {"vector", "self", "va_list", "fn"}  # of the type language, or only for parameters
SCALARS = """u8 u16 u32 u64 i8 i16 i32 i64 f32 f64 bool size c_int c_long c_ushort c_char c_ulonglong uptr ssize c_schar c_longdouble char c_wchar
cstring mutptr<void> ptr<c_char>""".split()
RARE = ["u128", "i128", "f128", "complex<f64>", "vector<f32; 4>"]
CONSTANTS = [("u8", "255"), ("i64", "-9223372036854775808"), ("c_ulong", "18446744073709551615"), ("f64", "1e300"), ("f32", "nan"),
             ("string", '"a\\"b?\\n"'), ("cstring", '"x"'), ("bool", "true"), ("size", "4294967296"), ("bytes<2>", '"00 ff"'), ("u128", str(2**128 - 1)),
             ("c_char", "200"), ("f128", "2.5"), ("c_wchar", "65"), ("i32", "-1")]
FOREIGN = ["i386-linux-gnu", "aarch64-linux-gnu", "riscv64-linux-gnu -march=rv64gc -mabi=lp64d", "arm-linux-gnueabihf", "s390x-linux-gnu",
           "sparc64-linux-gnu", "aarch64-apple-darwin"]
WARNINGS = ["-Wall", "-Wextra", "-Werror", "-Wno-psabi", "-fno-builtin", "-fsyntax-only"]


class Interface:
    """The text of an interface file."""

    def __init__(self, rng, has_rare):
        self.rng, self.has_rare, self.types = rng, has_rare, []
        taken = set(WORDS)
        lines = ["abide: 1", "package: hard", "types:"]
        for name in self.names(rng.randrange(4, 12), taken):
            lines += self.type(name)
        lines.append("constants:")
        lines += [f"  {name}: {{type: {kind}, value: {value}}}" for name, (kind, value) in
                  zip(self.names(4, taken), rng.sample(CONSTANTS if has_rare else [c for c in CONSTANTS if "128" not in c[0]], 4))]
        lines.append("functions:")
        lines += [self.function(name) for name in self.names(rng.randrange(2, 8), set(WORDS))]
        self.text = "\n".join(lines) + "\n"

    def names(self, count, taken):
        found = self.rng.sample([name for name in NAMES if name not in taken], count)
        taken.update(found)
        return found

    def scalar(self):
        return self.rng.choice(RARE if self.has_rare and self.rng.random() < 0.15 else SCALARS)

    def field(self):
        rng, word = self.rng, self.rng.random()
        if self.types and word < 0.2:
            return rng.choice(self.types)
        if self.types and word < 0.25:
            return f"mutptr<{rng.choice(self.types)}>"
        if word < 0.35:
            return f"array<{self.scalar()}; {rng.randrange(1, 8)}>"
        if word < 0.42:
            return f"{{type: {rng.choice(['u8', 'u16', 'i32', 'u64'])}, bits: {rng.randrange(1, 9)}}}"
        if word < 0.47:
            return f"{{type: {rng.choice(['u16', 'u64', 'c_int'])}, align: {rng.choice([1, 2, 8, 32])}}}"
        if word < 0.5:
            return "{type: u32, packed: true}"
        return f"fn(x {self.scalar()}, y i8) -> {self.scalar()}" if word < 0.56 else self.scalar()

    def record(self):
        rng, kind = self.rng, "union" if self.rng.random() < 0.25 else "struct"
        fields = [f"{name}: {self.field()}" for name in self.names(rng.randrange(kind == "union", 6), set())]
        has_tail = kind == "struct" and fields and rng.random() < 0.1
        fields += ["tail: array<u16>"] if has_tail else []
        more = rng.choice(["", "", "", "packed: true", f"align: {rng.choice([2, 4, 16, 32])}", f"pack: {rng.choice([1, 2, 4, 8])}"])
        return ([f"    {kind}:", *[f"      {field}" for field in fields]] if fields else ["    struct: {}"]) + ([f"    {more}"] if more else []), has_tail

    def type(self, name):
        rng, word, lines, is_value = self.rng, self.rng.random(), [], True
        doc = rng.choice([[], [], ["    doc: 'ends */ and \\ '"], ['    doc: "two\\nlines \\"\\"\\" {x}"']])
        if word < 0.55:
            record, has_tail = self.record()
            lines, is_value = [f"  {name}:", *doc, *record], not has_tail
        elif word < 0.65:
            values = ", ".join(f"{value}: {rng.choice([0, 1, 2, 127])}" for value in self.names(rng.randrange(1, 5), set()))
            lines = [f"  {name}:", *doc, f"    enum: {{{values}}}", *rng.choice([[], ["    base: u8"], ["    base: i64"]])]
        elif word < 0.7:
            values = ", ".join(f"{value}: {7 * at}" for at, value in enumerate(self.names(rng.randrange(1, 5), set())))
            lines = [f"  {name}:", *doc, f"    flags: {{{values}}}", "    base: u32"]
        elif word < 0.78:
            lines, is_value = [f"  {name}: {{opaque: true}}"], False
        else:
            result = rng.choice(self.types) if self.types else "void"
            lines = [f"  {name}: " + rng.choice([self.scalar(), f"fn(a {self.scalar()}) -> {result}", *self.types[:1]])]
        self.types += [name] if is_value else []
        return lines

    def function(self, name):
        rng = self.rng
        kinds = [rng.choice([self.scalar(), *self.types[:1], *[f"ptr<{kind}>" for kind in self.types[-1:]]]) for _ in range(rng.randrange(1, 6))]
        parameters = ", ".join(f"{parameter} {kind}" for parameter, kind in zip(self.names(len(kinds) - 1, set()), kinds))
        more = rng.choice(["", "", f", symbol: sym_{rng.randrange(3)}", ", symbol: 'a$b'", ", doc: 'd */ \"\"\" # \\ '"])
        return f"  {name}: {{sig: '({parameters}) -> {kinds[-1]}'{more}}}"


def commands(has_rare):
    """Compilers of all languages, and of C for other targets; those may not have what not all targets have."""
    c, cpp = ["-x", "c", "-include", "n.h", "/dev/null"], ["-x", "c++", "-include", "n.hpp", "/dev/null"]
    found = [["gcc", "-std=c17", "-Wno-packed-not-aligned", *WARNINGS, *c], ["clang-19", "-std=gnu17", *WARNINGS, *c],
             ["g++", "-std=c++17", "-Wno-packed-not-aligned", *WARNINGS, *cpp], ["clang++-19", "-std=gnu++20", *WARNINGS, *cpp],
             ["rustc", "--edition", "2021", "--crate-type", "lib", "--emit", "metadata", "-D", "warnings", "n.rs", "-o", "n.rmeta"],
             ["nim", "check", "--hints:off", "n_nim.nim"], [sys.executable, "-B", "n_py.py"]]
    if not has_rare:
        found += [["clang-19", *f"--target={target}".split(), "-std=c17", "-ffreestanding", *WARNINGS, *c] for target in FOREIGN]
        found.append(["x86_64-w64-mingw32-gcc", "-std=c17", "-Wno-packed-not-aligned", *WARNINGS, *c])
    if ZIG != "none":
        found += [[ZIG, "build-obj", "-fno-emit-bin", "use.zig", "-target", target] for target in ("x86_64-linux-gnu", "x86-linux-gnu")]
    return found


def check(where, text, has_rare):
    write("n.abi.yaml", text)
    for language, name in {"c": "n.h", "cpp": "n.hpp", "rust": "n.rs", "nim": "n_nim.nim", "python": "n_py.py", "zig": "n.zig"}.items():
        answer = run(ABIDE, "bind", language, "n.abi.yaml", "-o", name)
        if not expect(f"{where}: bind {language}", answer.returncode == 0, answer.stderr + text):
            return
    for command in commands(has_rare):
        done = run(*command)
        expect(f"{where}: {' '.join(command[:3])}", done.returncode == 0, done.stderr + done.stdout + text)
    with open("n.h", encoding="utf-8") as file:
        right = file.read()
    write("n.h", re.sub(r"(sizeof\(\w+\) == )(\d+)", r"\g<1>1\2", right))
    done = run("gcc", "-std=c17", "-fsyntax-only", "-x", "c", "-include", "n.h", "/dev/null")
    expect(f"{where}: a wrong size is seen", done.returncode != 0 or "sizeof(" not in right)


def main():
    files = int(sys.argv[1]) if len(sys.argv) > 1 else 8
    seed = int(sys.argv[2]) if len(sys.argv) > 2 else 3
    print(f"seed {seed}")
    write("use.zig", 'comptime { _ = @import("n.zig"); }\n')
    for number in range(files):
        check(f"file {number} of seed {seed}", Interface(random.Random(1000 * seed + number), number % 3 == 0).text, number % 3 == 0)
    print(f"{files} files, {len(FAILURES)} failures")
    sys.exit(1 if FAILURES else 0)


main()
