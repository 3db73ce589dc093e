#!/usr/bin/env python3
"""emission.py [COUNT]: the time for COUNT (10,000) thunks of one interface, beside clang -O2 on equivalent shims.

A script to run on a quiet machine, with a release build: times are the best of three, what counts is the
ratio. The shapes are those of tests/execution, repeated; the plans are read from an interface, so that
our time holds everything from the YAML text to the object file.
"""
import os
import subprocess
import sys
import tempfile
import time

SOURCE = os.environ.get("ABIDE_SOURCE_DIR", os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__)))))
ABIDE = os.environ.get("ABIDE", os.path.join(SOURCE, "build/release/bin/abide"))
LLVM = os.environ.get("ABIDE_LLVM_BIN", "/usr/lib/llvm-19/bin")
HERE = os.path.join(SOURCE, "tests/execution/modules")
TYPES = """  slice2: {struct: {data: ptr<void>, count: i64}}
  words2: {struct: {a: i64, b: i64}}
  words3: {struct: {a: i64, b: i64, c: i64}}
  words4: {struct: {a: i64, b: i64, c: i64, d: i64}}
  floats3: {struct: {a: f32, b: f32, c: f32}}
"""
C_TYPES = """typedef struct { void *data; long count; } slice2;
typedef struct { long a, b; } words2;
typedef struct { long a, b, c; } words3;
typedef struct { long a, b, c, d; } words4;
typedef struct { float a, b, c; } floats3;
"""
# Interface signature; C prototype of the target; of the shim (the language `last`); its body.
SHAPES = [
    ("(a c_int, b c_int) -> c_int", "int {t}(int, int)", "int {s}(int a, int b)", "return {t}(a, b);"),
    ("(a i64, b words2) -> words2", "words2 {t}(long, words2)",
     "void {s}(long a, words2 b, words2 *out)", "*out = {t}(a, b);"),
    ("(a i64, b i64) -> words4", "words4 {t}(long, long)",
     "void {s}(long a, long b, words4 *restrict out)", "words4 r = {t}(a, b); *out = r;"),
    ("(s words3, a i64) -> i64", "long {t}(words3, long)", "long {s}(words3 *s, long a)",
     "return {t}(*s, a);"),
    ("(s words4, a i64) -> words3", "words3 {t}(words4, long)",
     "void {s}(words4 *s, long a, words3 *out)", "words3 r = {t}(*s, a); *out = r;"),
    ("(f floats3, x f64) -> f32", "float {t}(floats3, double)", "float {s}(floats3 f, double x)",
     "return {t}(f, x);"),
    ("(s slice2, a i64, b i64, c i64, d i64, e i64) -> i64", "long {t}(slice2, long, long, long, long, long)",
     "long {s}(slice2 s, long a, long b, long c, long d, long e)", "return {t}(s, a, b, c, d, e);"),
]


def best(command):
    times = []
    for _ in range(3):
        start = time.perf_counter()
        subprocess.run(command, check=True)
        times.append(time.perf_counter() - start)
    return min(times)


def main():
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 10000
    functions, shims = "", ""
    for i in range(count):
        signature, target, shim, body = SHAPES[i % len(SHAPES)]
        functions += f"  f{i}: {signature}\n"
        names = {"t": f"f{i}", "s": f"last_f{i}"}
        shims += f"{target.format(**names)};\n{shim.format(**names)} {{ {body.format(**names)} }}\n"
    os.chdir(tempfile.mkdtemp(prefix="abide-bench-"))
    with open("many.abi.yaml", "w", encoding="utf-8") as file:
        file.write(f"abide: 1\npackage: many\ntypes:\n{TYPES}functions:\n{functions}")
    with open("many.c", "w", encoding="utf-8") as file:
        file.write(C_TYPES + shims)
    thunk = [ABIDE, "thunk", "many.abi.yaml", "--caller", f"{HERE}/last.yaml", "--callee", "c", "-o"]
    rows = {"abide thunk": best(thunk + ["many.o"]),
            "abide thunk -g": best(thunk + ["many-g.o", "-g"]),
            "abide plan": best([ABIDE, "plan", "many.abi.yaml", "--caller", f"{HERE}/last.yaml", "--callee",
                                "c", "-o", "many.plan"]),
            "clang -O2": best([f"{LLVM}/clang", "-O2", "-w", "-c", "many.c", "-o", "many-clang.o"]),
            "clang -O2 -g": best([f"{LLVM}/clang", "-O2", "-g", "-w", "-c", "many.c", "-o", "many-clang-g.o"])}
    print(f"{count} thunks")
    for name, seconds in rows.items():
        print(f"{name:16} {seconds * 1000:8.0f} ms   {seconds * 1e6 / count:6.1f} us each"
              f"   {seconds / rows['clang -O2']:5.2f} of clang -O2")


main()
