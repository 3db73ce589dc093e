#!/usr/bin/env python3
"""dwarf_languages.py: binaries of other languages than C. What is asked for here is what their compilers do: sizes, places of fields,
and how functions are called; `abide import` has the engine compute them again."""
import os
import re
import shutil
import subprocess
import sys

HERE = os.path.join(os.path.dirname(os.path.abspath(__file__)), "languages")
BUILDS = {  # language: the commands that make a binary of it, and the binary
    "rs": ([["rustc", "-g", "--crate-type", "cdylib", "shapes.rs", "-o", "librs.so"]], "librs.so"),
    "f90": ([["gfortran", "-g", "-c", "shapes.f90", "-o", "f90.o"]], "f90.o"),
    "adb": ([["gcc", "-g", "-c", "shapes.adb"]], "shapes.o"),
    "pas": ([["fpc", "-gw3", "-v0", "-olibpas.so", "shapes.pas"]], "libpas.so"),
    "nim": ([["nim", "c", "--app:lib", "--mm:arc", "--noMain", "--debugger:native", "--hints:off", "--nimcache:nimcache",
              "-o:libnim.so", "shapes.nim"]], "libnim.so"),
    "cpp": ([["g++", "-g", "-c", "shapes.cpp", "-o", "cpp.o"]], "cpp.o"),
    "cpp with clang": ([["clang++-19", "-g", "-c", "shapes.cpp", "-o", "cpp2.o"]], "cpp2.o"),
}
CPP = [r"ns-A:\n +struct:\n +x: c_int\n +y: f64", r"ns-E:\n +enum: \[one, two\]\n +base: c_ushort", r"ns-V-char:",
       r"Derived:\n +opaque: true", r"M-get:\n +sig: \(this ptr<M>, z c_int\) -> c_int\n +symbol: _ZNK1M3getEi",
       r"plain: \(a ns-A, e ns-E, v mutptr<ns-V-char>, r ref<ns-A>, d mutptr<Derived>\) -> f64",
       r"ns-limit: {type: c_int, value: 42}", r'ns-title: {type: cstring, value: "c\+\+"}', r"M-most: {type: c_uchar, value: 200}", r"sig: \(a ns-A\) -> c_int\n +symbol: _Z4overN2ns1AE", r"sig: \(i c_int\) -> c_int\n +symbol: _Z4overi"]
CPP_LEFT = ["counted is left out: a value of the class Counted", "Derived is opaque: it is a class with a base"]
EXPECTED = {  # language: what is in the file, what is left out, of all that matches --from
    "rs": ([r"shapes-Mixed:\n +struct:\n +b: u64\n", r"shapes-Small:\n +enum: {X: 3, Y: 200}\n +base: u8",
            r"shapes-Niche:\n +union:\n +discriminant:\n", r'doc: "whatever else the discriminant is"',
            r'doc: "if the discriminant is 9223372036854775808"', r"shapes-Tagged-Large:",
            r"area: \(p mutptr<shapes-Point>, s shapes-Small\) -> f64", r"keep: \(m shapes-Mixed, t shapes-Tagged\) -> u64"],
           ["1 functions with the convention of Rust|functions that the binary keeps to itself"]),
    "f90": ([r"a: array<array<i32, 3>, 2>", r"s: array<c_char, 5>", r"l: u32", r"z: complex<f64>",
             r"work:\n +sig: \(a mutptr<f64>, n mutref<i32>, p mutref<part>\)\n +symbol: __shapes_MOD_work",
             r"add: \(c pair, k i32\) -> f64", r"limit: {type: i32, value: 12}", r"ratio: {type: f64, value: 3.25}",
             r'tag: {type: string, value: "abc"}', r"lowest: {type: i64, value: -4}"], []),
    "adb": ([r"shapes__color:\n +enum: \[shapes__red, shapes__green, shapes__blue\]\n +base: u8", r"array<f32, 3>",
             r"shapes__max: {type: i64, value: 5}", r"shapes__size: {type: i32, value: -77}", r'shapes__title: {type: string, value: "ada"}',
             r"shapes__ratio: {type: f64, value: 3.25}", r"shapes__var:\n +union:\n +always:", r"shapes__sum: \(r mutref<shapes__rec>, s struct-string, w shapes__var\) -> f64"], []),
    "pas": ([r"a: SmallInt\n +b: Double\n +c: Char\n +s: u32", r"Limit: {type: i8, value: 15}", r"Ratio: {type: f32, value: 3.5}", r'Msg: {type: string, value: "hello"}', r"Neg: {type: i8, value: -3}",
             r"Letter: {type: u8, value: 99}", r"AddC: \(p PRec, n LongInt, e TEnum\) -> Double"], []),
    "nim": ([r"look: \(b mutptr<tyObject_Big_\w+>, s mutptr<NI>,\n? +sLen_0 NI,\n? *k tyEnum_Kind_\w+\) -> tyObject_Big"], []),
    "cpp": (CPP, CPP_LEFT),
    "cpp with clang": (CPP, CPP_LEFT),
}
problems = []


def build(language):
    commands, binary = BUILDS[language]
    for command in commands:
        if not shutil.which(command[0]):
            problems.append(f"{command[0]} is not installed (tools/packages.sh)")
            return None
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        if done.returncode:
            problems.append(f"{' '.join(command)}: {done.stdout[-500:]}{done.stderr[-500:]}")
            return None
    return binary


def main():
    for name in os.listdir(HERE):
        shutil.copy(os.path.join(HERE, name), name)
    for language, (found, left) in EXPECTED.items():
        binary = build(language)
        if not binary:
            continue
        done = subprocess.run([os.environ["ABIDE"], "import", "dwarf", binary], capture_output=True, text=True, check=False)
        if done.returncode:
            problems.append(f"{language}: status {done.returncode}: {done.stderr[-1500:]}")
        problems.extend(f"{language}: not found: {pattern}\n{done.stdout[-3000:]}" for pattern in found
                        if not re.search(pattern, done.stdout))
        problems.extend(f"{language}: not said: {pattern}\n{done.stderr[-1500:]}" for pattern in left
                        if not re.search(pattern, done.stderr))
    sys.exit("\n".join(problems) if problems else 0)


if __name__ == "__main__":
    main()
