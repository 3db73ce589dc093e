#!/usr/bin/env python3
"""random_interfaces.py [FILES [SEED]]: bindings of random interfaces, compiled and run in every language.

Each interface has records whose names, and those of their fields, are words of the languages. A library in C makes a value of each,
every scalar in it a number of its own, and checks one. The binding of each language calls both: what comes back from `make` is
passed to `check` by value, and some fields are read. The names in a binding are read from it, behind the documentation of the
type. So are its assertions held against gcc, g++, clang, rustc, nim, CPython and Zig, and those of other targets against clang; numbers are
made wrong, which each compiler must refuse. Zig calls adapters, and what its binding declares without them.
"""
import os
import random
import re
import sys

from checking import FAILURES, expect, run, write

ABIDE = os.environ["ABIDE"]
ZIG = os.environ["ABIDE_ZIG"]  # none: it is left out, which the build says
WORDS = """type long short switch class new template union ref fn impl self Self crate match move mut where proc var object
method iterator def lambda pass None is in not end begin result yield gen async dyn string_ bool2 fooBar foo-bar fooBaz int2 value
for while if else do case static extern struct2 out addr ptr2 discard from import with global del try box final""".split()
TYPE_WORDS = {"in", "out", "box", "result", "union", "ref", "fn"} # of the type language, which no type is called
SCALARS = ["u8", "u16", "u32", "u64", "i8", "i16", "i32", "i64", "f32", "f64", "bool", "size", "c_int", "c_long", "c_ushort", "c_char",
           "c_ulonglong", "uptr", "ssize", "c_schar"]
FOREIGN = ["clang-19 --target=aarch64-linux-gnu", "clang-19 --target=i386-linux-gnu", "clang-19 --target=s390x-linux-gnu",
           "clang-19 --target=arm-linux-gnueabihf", "x86_64-w64-mingw32-gcc", "clang-19 --target=riscv64-linux-gnu -march=rv64gc -mabi=lp64d",
           "clang-19 --target=aarch64-apple-darwin", "clang-19 --target=powerpc64le-linux-gnu"]


class Record:
    """A struct: its fields are (name, kind, detail); kinds are scalar, array, record, pointer, bits."""

    def __init__(self, rng, index, name, earlier):
        self.index, self.name = index, name
        self.packed = rng.random() < 0.15
        self.fields = []
        names = rng.sample(WORDS, rng.randrange(1, 7))
        for field in names:
            word = rng.random()
            if earlier and word < 0.2:
                self.fields.append((field, "record", rng.choice(earlier)))
            elif word < 0.35:
                self.fields.append((field, "array", (rng.choice(SCALARS), rng.randrange(1, 5))))
            elif word < 0.42:
                self.fields.append((field, "pointer", None))
            elif word < 0.47:
                self.fields.append((field, "bits", rng.randrange(1, 9)))
            elif word < 0.5:
                self.fields.append((field, "scalar", "c_longdouble"))
            else:
                self.fields.append((field, "scalar", rng.choice(SCALARS)))

    def text(self):
        spelled = {"scalar": lambda d: d, "array": lambda d: f"array<{d[0]}, {d[1]}>", "pointer": lambda d: "mutptr<void>",
                   "record": lambda d: d.name, "bits": lambda d: f"{{type: u16, bits: {d}}}"}
        lines = [f"  {self.name}:", f"    doc: record {self.index}", "    struct:"]
        lines += [f"      {name}: {spelled[kind](detail)}" for name, kind, detail in self.fields]
        return lines + (["    packed: true"] if self.packed else [])

    def leaves(self, start=1):
        """[(path of field numbers and indexes, kind, scalar, number)]"""
        found = []
        for at, (_, kind, detail) in enumerate(self.fields):
            if kind == "record":
                found += [((at, *path), *rest) for path, *rest in detail.leaves(start + len(found))]
            elif kind == "array":
                found += [((at, ("index", i)), "scalar", detail[0], self.number(detail[0], start + len(found) + i))
                          for i in range(detail[1])]
            else:
                scalar = detail if kind == "scalar" else kind
                number = start + len(found)
                found.append(((at,), kind, scalar, number % (1 << detail) if kind == "bits" else self.number(scalar, number)))
        return found

    @staticmethod
    def number(scalar, number):
        return 1 if scalar == "bool" else number % 100 + 1

    def spell(self, path, names):
        """`a.b[0]` of a path, by the names that a binding has for the fields of each record."""
        text, record = "", self
        for step in path:
            if isinstance(step, tuple):
                text += f"[{step[1]}]"
            else:
                text += "." + names[record.index][1][step]
                if record.fields[step][1] == "record":
                    record = record.fields[step][2]
        return text


def interface(rng):
    names = rng.sample([word for word in WORDS if word not in TYPE_WORDS], rng.randrange(3, 8))
    names = [name for name in names if name not in ("foo-bar", "fooBar") or rng.random() < 0.5]
    records = []
    for index, name in enumerate(names):
        records.append(Record(rng, index, name, list(records)))
    lines = ["abide: 1", "package: random", "types:"]
    for record in records:
        lines += record.text()
    lines.append("functions:")
    for record in records:
        lines += [f"  make{record.index}: (first i32) -> {record.name}", f"  check{record.index}: (v {record.name}, last i64) -> bool"]
    return records, "\n".join(lines) + "\n"


# ---- what the bindings call things ----

FIELD = {"c": r"^    .*?(\w+)(?:\[\d+\])*(?: : \d+)?;$", "rust": r"^    pub (\w+): ", "nim": r"^    (\w+)\*: ", "python": r'^    \("(\w+)",',
         "zig": r'^    (\w+|@"\w+"): '}


def names_of(text, language):
    """{index of a record: (its name, [names of fields])}; no fields: the language has none."""
    found, lines = {}, text.split("\n")
    for at, line in enumerate(lines):
        marked = re.search(r"\brecord (\d+)$", line)
        if not marked:
            continue
        if language == "python":
            name = re.match(r"class (\w+)", lines[at - 2])[1]
            start = next((i for i, other in enumerate(lines) if other == f"{name}._fields_ = ["), len(lines))
        else:
            head = {"c": r"^struct (?:__attribute__\(\(packed\)\) )?(\w+) \{", "rust": r"^pub struct (\w+)", "nim": r"^  (\w+)\*",
                    "zig": r'^pub const (\w+|@"\w+") = '}[language]
            start = next(i for i in range(at + 1, len(lines)) if re.match(head, lines[i]))
            name = re.match(head, lines[start])[1]
        fields = []
        for other in lines[start + 1:]:
            field = re.match(FIELD[language], other)
            if not field:
                break
            fields.append(field[1])
        found[int(marked[1])] = (name, fields)
    return found


def is_callable(text, function):
    return re.search(rf"(\bfn|\bproc|\blibrary\.|\bpub const) ?{function}\b", text) is not None


# ---- programs ----

def c_library(records, names):
    lines = ['#include "random.h"', "#include <string.h>"]
    for record in records:
        name = names[record.index][0]
        leaves = [("v" + record.spell(path, names), "(void *)" if kind == "pointer" else "", number)
                  for path, kind, _, number in record.leaves()]
        lines.append(f"{name} make{record.index}(int32_t first) {{ {name} v; memset(&v, 0, sizeof v); if (first != -7) return v;")
        lines += [f"    {leaf} = {cast}{number};" for leaf, cast, number in leaves]
        lines.append("    return v; }")
        lines.append(f"bool check{record.index}({name} v, int64_t last) {{ return last == -9")
        lines += [f"    && {leaf} == {cast}{number}" for leaf, cast, number in leaves]
        lines.append("; }")
    return "\n".join(lines) + "\n"


def readable(record):
    return [(path, number) for path, kind, scalar, number in record.leaves() if kind == "scalar" and scalar not in ("bool", "c_longdouble")]


def cpp_program(records, names, _):
    lines = ['#include "random.hpp"', "int main() {"]
    for record in records:
        i = record.index
        lines.append(f"{{ auto v = make{i}(-7); if (!check{i}(v, -9)) return {i + 1};")
        lines += [f"if (v{record.spell(path, names)} != {number}) return 100;" for path, number in readable(record)]
        lines.append("}")
    return "\n".join([*lines, "}"]) + "\n"


def rust_program(records, names, binding):
    lines = ["#![allow(warnings)]", "mod random;", "use random::*;", "fn main() { unsafe {"]
    for record in records:
        i = record.index
        if is_callable(binding, f"make{i}"):
            lines.append(f"let v = make{i}(-7); assert!(check{i}(v, -9));")
            lines += [f"{{ let x = v{record.spell(path, names)}; assert!(x as i64 == {number}); }}" for path, number in readable(record)]
    return "\n".join([*lines, "} }"]) + "\n"


def nim_program(records, names, binding):
    lines = ["import random_binding"]
    for record in records:
        i = record.index
        if is_callable(binding, f"make{i}"):
            lines.append(f"block:\n  let v = make{i}(-7)\n  doAssert check{i}(v, -9)")
            lines += [f"  doAssert v{record.spell(path, names)}.int == {number}" for path, number in readable(record)]
    return "\n".join(lines) + "\n"


def python_program(records, names, binding):
    lines = ["import ctypes, random_binding", "l = random_binding.bind(ctypes.CDLL('./librandom.so'))",
             "number = lambda x: ord(x) if isinstance(x, bytes) else x"]
    for record in records:
        i = record.index
        if is_callable(binding, f"make{i}"):
            lines.append(f"v = l.make{i}(-7); assert l.check{i}(v, -9)")
            for path, number in readable(record):
                spelled = "v" + "".join(f"[{step[1:-1]}]" if step[0] == "[" else f".{step}"
                                        for step in re.findall(r"\w+(?![\w\]])|\[\d+\]", record.spell(path, names)))
                lines.append(f"assert number({spelled}) == {number}")
    return "\n".join(lines) + "\n"


def zig_program(records, names, _):
    """By adapters all records can be passed, and what the plain binding declares is called as well."""
    with open("plain.zig", encoding="utf-8") as file:
        plain = file.read()
    lines = ['const t = @import("random.zig");', 'const d = @import("plain.zig");', "fn number(x: anytype) i64 {",
             "    return if (@typeInfo(@TypeOf(x)) == .float) @intFromFloat(x) else @intCast(x);", "}",
             "export fn main() callconv(.c) c_int {"]
    for record in records:
        name, i = names[record.index][0], record.index
        lines.append(f"{{ var v: t.{name} = undefined; t.make{i}(-7, &v); if (!t.check{i}(&v, -9)) return {i + 1};")
        for path, number in readable(record):
            try:
                lines.append(f"if (number(v{record.spell(path, names)}) != {number}) return 100;")
            except IndexError:
                pass  # it lies in bytes
        lines.append("}")
        if is_callable(plain, f"make{i}"):
            lines.append(f"{{ const v = d.make{i}(-7); if (!d.check{i}(v, -9)) return {50 + i}; }}")
    return "\n".join([*lines, "return 0; }"]) + "\n"


def zig_commands(mode):
    return [[ABIDE, "bind", "zig", "random.abi.yaml", "-o", "plain.zig"],
            [ABIDE, "thunk", "random.abi.yaml", "--caller", "zig", "--callee", "c", "-o", "adapters.o"],
            [ZIG, "build-obj", "program.zig", "-fstrip", "-fPIC", "-femit-bin=program.o", *mode],
            ["gcc", "program.o", "adapters.o", "librandom.so", "-o", "program-zig"]]


LANGUAGES = {
    "cpp": ("random.hpp", "program.cpp", cpp_program, [["g++", "-std=c++17", "-Wall", "-Wextra", "-Werror", "program.cpp", "librandom.so", "-o", "program-cpp"]],
            ["./program-cpp"]),
    "rust": ("random.rs", "program.rs", rust_program, [["rustc", "--edition", "2021", "-L", ".", "-l", "dylib=random", "program.rs", "-o", "program-rust"]],
             ["./program-rust"]),
    "nim": ("random_binding.nim", "program.nim", nim_program,
            [["nim", "c", "--hints:off", "--nimcache:nimcache", "--passL:librandom.so", "-o:program-nim", "program.nim"]], ["./program-nim"]),
    "python": ("random_binding.py", "program.py", python_program, [], [sys.executable, "program.py"]),
    "zig": ("random.zig", "program.zig", zig_program, zig_commands(["-O", "ReleaseSmall"]), ["./program-zig"]),
}
if ZIG == "none":
    del LANGUAGES["zig"]
BIND_OPTIONS = {"zig": ["--abi", "zig", "--prefix", "zig_"]}


def spoiled(text):
    """The same with wrong numbers in all assertions."""
    text = re.sub(r"(if \(@\w+\(.* != )(\d+)", lambda match: f"{match[1]}{int(match[2]) + 1}", text)
    return re.sub(r"(?i)^( *\w*assert\b.* == )(\d+)", lambda match: f"{match[1]}{int(match[2]) + 1}", text, flags=re.M)


def check_language(where, language, records, env):
    file, program, make, compilers, command = LANGUAGES[language]
    answer = run(ABIDE, "bind", language, "random.abi.yaml", "-o", file, *BIND_OPTIONS.get(language, []))
    if not expect(f"{where}: bind {language}", answer.returncode == 0, answer.stderr):
        return 0
    with open(file, encoding="utf-8") as opened:
        binding = opened.read()
    names = names_of(binding, "c" if language == "cpp" else language)
    if language == "zig":
        run(*compilers[0])
    write(program, make(records, names, binding))
    for compiler in compilers:
        done = run(*compiler)
        if not expect(f"{where}: {language} compiles", done.returncode == 0, done.stdout + done.stderr):
            return 0
    done = run(*command, env=env)
    expect(f"{where}: {language} runs", done.returncode == 0, done.stdout + done.stderr)
    called = sum(is_callable(binding, f"make{record.index}") for record in records) if language != "cpp" else len(records)
    write(file, spoiled(binding))
    done = run(*(compilers or [command])[2 if language == "zig" else 0])
    expect(f"{where}: {language} sees a wrong number", "= " not in binding or done.returncode != 0 or not called)
    return called


def check_c(where, records):
    answer = run(ABIDE, "bind", "c", "random.abi.yaml", "-o", "random.h")
    if not expect(f"{where}: bind c", answer.returncode == 0, answer.stderr):
        return False
    with open("random.h", encoding="utf-8") as file:
        binding = file.read()
    again = run(ABIDE, "bind", "c", "random.abi.yaml")
    expect(f"{where}: the same bytes again", again.stdout == binding)
    write("library.c", c_library(records, names_of(binding, "c")))
    done = run("gcc", "-std=c17", "-Wall", "-Wextra", "-Werror", "-shared", "-fPIC", "library.c", "-o", "librandom.so")
    if not expect(f"{where}: gcc", done.returncode == 0, done.stderr):
        return False
    write("include.c", '#include "random.h"\n')
    for compiler in FOREIGN:
        done = run(*compiler.split(), "-ffreestanding", "-std=c17", "-Wall", "-Werror", "-fsyntax-only", "include.c")
        expect(f"{where}: {compiler}", done.returncode == 0, done.stderr)
    write("wrong.h", spoiled(binding))
    write("wrong.c", '#include "wrong.h"\n')
    for compiler in [*FOREIGN, "gcc"]:
        done = run(*compiler.split(), "-ffreestanding", "-std=gnu17", "-fsyntax-only", "wrong.c")
        expect(f"{where}: {compiler} sees a wrong number", "static" in done.stderr.lower() and done.returncode != 0, done.stderr)
    return True


def main():
    files = int(sys.argv[1]) if len(sys.argv) > 1 else 4
    seed = int(sys.argv[2]) if len(sys.argv) > 2 else 7
    print(f"seed {seed}")
    env = {**os.environ, "LD_LIBRARY_PATH": os.getcwd(), "PYTHONPATH": os.getcwd(), "PYTHONDONTWRITEBYTECODE": "1"}
    count, called = 0, dict.fromkeys(LANGUAGES, 0)
    for number in range(files):
        records, text = interface(random.Random(seed * 1000 + number))
        write("random.abi.yaml", text)
        where = f"file {number} of seed {seed}"
        if check_c(where, records):
            count += len(records)
            for language in LANGUAGES:
                called[language] += check_language(where, language, records, env)
    told = ", ".join(f"{name} {number}" for name, number in called.items())
    print(f"{files} files, {count} records; called by value: {told}; {len(FAILURES)} failures")
    expect("every language calls most", all(2 * number >= count for number in called.values()), told)
    sys.exit(1 if FAILURES else 0)


main()
