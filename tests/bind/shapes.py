#!/usr/bin/env python3
"""shapes.py: bindings of one interface with everything in it: what they look like (golden/), that compilers take them, and what is refused."""
import json
import os
import subprocess
import sys

import jsonschema

ABIDE = os.environ["ABIDE"]
HERE = os.path.join(os.environ["ABIDE_SOURCE_DIR"], "tests", "bind")
FAILURES = []
FILES = {"c": "shapes.h", "cpp": "shapes.hpp", "rust": "shapes.rs", "nim": "shapes.nim", "python": "shapes.py", "zig": "shapes.zig"}
ZIG = os.environ["ABIDE_ZIG"]  # none: these tests are left out, which the build says
SHOWN = ["--target", "x86_64-linux-gnu", "--target", "i386-linux-gnu"]
COMPILERS = {
    "c": [[*compiler.split(), "-std=c17", "-Wall", "-Wextra", "-Werror", "-c", "-x", "c", "use.c", "-o", "use.o"] for compiler in (
        "gcc", "gcc -m32", "clang-19", "aarch64-linux-gnu-gcc", "arm-linux-gnueabihf-gcc", "riscv64-linux-gnu-gcc", "s390x-linux-gnu-gcc",
        "powerpc64le-linux-gnu-gcc", "mips64el-linux-gnuabi64-gcc", "sparc64-linux-gnu-gcc", "x86_64-w64-mingw32-gcc",
        "clang-19 --target=aarch64-apple-darwin -ffreestanding", "clang-19 --target=loongarch64-linux-gnu -ffreestanding")],
    "cpp": [[compiler, "-std=c++17", "-Wall", "-Wextra", "-Werror", "-c", "use.cpp", "-o", "use.o"] for compiler in ("g++", "clang++-19")],
    "rust": [["rustc", "--edition", edition, "--crate-type", "lib", "-D", "warnings", "shapes.rs", "-o", "shapes.rlib"] for edition in ("2021", "2024")],
    "nim": [["nim", "check", "--hints:off", "shapes.nim"]],
    "python": [[sys.executable, "shapes.py"]],
    "zig": [] if ZIG == "none" else [[ZIG, "build-obj", "-fno-emit-bin", "use.zig", "-target", target] for target in (
        "x86_64-linux-gnu", "x86_64-linux-musl", "x86-linux-gnu", "aarch64-linux-gnu", "arm-linux-gnueabihf", "thumb-linux-musleabihf",
        "riscv64-linux-gnu", "powerpc64le-linux-gnu", "s390x-linux-gnu", "loongarch64-linux-gnu", "mips64el-linux-gnuabi64",
        "sparc64-linux-gnu", "x86_64-windows-gnu", "aarch64-macos")],
}


def expect(what, condition, seen=""):
    if not condition:
        FAILURES.append(what)
        print(f"FAIL {what}\n{seen[:3000]}")


def run(*words, cwd=None):
    try:
        return subprocess.run(words, check=False, capture_output=True, text=True, timeout=300, cwd=cwd)
    except FileNotFoundError as error:
        return subprocess.CompletedProcess(words, 127, "", f"{error}: tools/packages.sh brings it")


def write(name, text):
    with open(name, "w", encoding="utf-8") as file:
        file.write(text)


def check_golden(language, name):
    path = os.path.join(HERE, "golden", name)
    answer = run(ABIDE, "bind", language, "shapes.abi.yaml", *SHOWN, cwd=HERE)
    expect(f"{language}: {answer.returncode}", answer.returncode == 0, answer.stderr)
    if os.environ.get("UPDATE_GOLDEN"):
        os.makedirs(os.path.dirname(path), exist_ok=True)
        write(path, answer.stdout)
    with open(path, encoding="utf-8") as file:
        expect(f"{language}: as in golden/{name} (UPDATE_GOLDEN=1 writes it)", file.read() == answer.stdout, answer.stdout)


def check_compilers(language, name):
    folder = f"out-{language}"
    os.makedirs(folder, exist_ok=True)
    answer = run(ABIDE, "bind", language, os.path.join(HERE, "shapes.abi.yaml"), "-o", os.path.join(folder, name))
    expect(f"{language}: all targets", answer.returncode == 0, answer.stderr)
    write(os.path.join(folder, "use.zig"), 'const s = @import("shapes.zig");\nexport fn use(t: *s.thing) bool { s.end(t); return s.color.red == .green; }\n')
    write(os.path.join(folder, "use.c"), '#include "shapes.h"\nint use(point *p);\nint use(point *p) { return area(*p, 2) > 0; }\n')
    write(os.path.join(folder, "use.cpp"), '#include "shapes.hpp"\nint use(point *p);\nint use(point *p) { return area(*p, 2) > 0; }\n')
    for command in COMPILERS[language]:
        done = run(*command, cwd=folder)
        expect(" ".join(command[:2]), done.returncode == 0, done.stdout + done.stderr)


def refused(what, status, says, *words):
    answer = run(ABIDE, "bind", *words)
    expect(f"{what}: {status} {says}", answer.returncode == status and says in answer.stderr and not answer.stdout,
           f"{answer.returncode} {answer.stdout}{answer.stderr}")


def check_refusals():
    shapes = os.path.join(HERE, "shapes.abi.yaml")
    refused("a language", 2, "[bad-option-value]", "cobol", shapes)
    refused("a language nearly", 2, "did you mean 'rust'?", "rusty", shapes)
    answer = json.loads(run(ABIDE, "bind", "rust", shapes, "--json").stdout)
    with open(os.path.join(HERE, "..", "..", "tools", "schemas", "bind.json"), encoding="utf-8") as file:
        jsonschema.validate(answer, json.load(file))
    expect("JSON has the same text", answer["text"] == run(ABIDE, "bind", "rust", shapes).stdout)
    refused("a file", 3, "[missing-file]", "c", "nowhere.abi.yaml")
    refused("a target that nobody can tell", 4, "[unsupported-target]", "c", shapes, "--target", "powerpc64-linux-gnu")
    words = "abide: 1\ntypes:\n  n: {variant: {a: {struct: {x: u32, y: f32}}, b: string}}\nfunctions:\n  f: (x n)\n"
    write("words.abi.yaml", words)
    refused("words of each target", 1, "[cannot-say-in-c]", "c", "words.abi.yaml", "--abi", "system")
    answer = run(ABIDE, "bind", "c", "words.abi.yaml", "--abi", "system", "--target", "x86_64-linux-gnu")
    expect("words of one target", answer.returncode == 0 and "uint64_t x_0" in answer.stdout, answer.stdout + answer.stderr)
    write("odd.abi.yaml", 'abide: 1\ndoc: "ends */ here \\\\"\nfunctions:\n  f: {sig: (), symbol: $s4demo, doc: "a\\nb \\"\\"\\" */ /* \\\\"}\n')
    for language, name in FILES.items():
        answer = run(ABIDE, "bind", language, "odd.abi.yaml", "-o", f"odd-{name}")
        expect(f"odd in {language}", answer.returncode == 0, answer.stderr)
    done = run("gcc", "-std=c17", "-Wall", "-Werror", "-fsyntax-only", "odd-shapes.h")
    expect("a symbol and comments that C has no words for", done.returncode == 0, done.stderr)
    if ZIG != "none":
        done = run(ZIG, "build-obj", "-fno-emit-bin", "odd-shapes.zig")
        expect("the same in Zig", done.returncode == 0, done.stderr)
    done = run(sys.executable, "odd-shapes.py")
    expect("the same in Python", done.returncode == 0, done.stderr)
    write("plain.abi.yaml", "abide: 1\nfunctions:\n  do-it: (x i32) -> i32\n")
    answer = run(ABIDE, "bind", "nim", "plain.abi.yaml", "--prefix", "nim_")
    expect("a prefix", '{.importc: "nim_do_it", cdecl.}' in answer.stdout, answer.stdout)


NAMES = """abide: 1
types:
  stat: {struct: {size: u64, u8: u8, type: i7}}
  i7: i8
  builtin: {struct: {error: u32, "null": u32}}
  abide_target: {enum: {fast: 1, quick: 1, "_": 2}}
  Stat: u8
  mode: {enum: {fast: 0}, base: i32}
  flag: {flags: {top: 31}, base: i32}
  twice: {struct: {a: {type: u32, align: 2}, b: {type: u64, packed: true}, c: u8}, align: 4}
  tight: {struct: {a: u8, b: u64, c: twice}, pack: 2}
functions:
  stat: (path cstring; s out stat) -> c_int
  mode_fast: (u8 u8; stat2 mode) -> abide_target
  flag-top: ()
"""


def check_names():
    """Types, functions and values of enums have one namespace in most languages: `stat` is a struct and a function."""
    write("names.abi.yaml", NAMES)
    for language, name in FILES.items():
        answer = run(ABIDE, "bind", language, "names.abi.yaml", "-o", f"names_{name}")
        expect(f"names in {language}", answer.returncode == 0, answer.stderr)
    commands = [["gcc", "-fsyntax-only", "-x", "c", "names_shapes.h"], ["g++", "-fsyntax-only", "-x", "c++", "names_shapes.hpp"],
                ["nim", "check", "--hints:off", "names_shapes.nim"], [sys.executable, "names_shapes.py"],
                ["rustc", "--edition", "2021", "--crate-type", "lib", "names_shapes.rs", "-o", "names.rlib"]]
    for command in commands + ([] if ZIG == "none" else [[ZIG, "build-obj", "-fno-emit-bin", "names_shapes.zig"]]):
        done = run(*command)
        expect(f"names: {command[0]}", done.returncode == 0, done.stdout + done.stderr)


def main():
    for language, name in FILES.items():
        check_golden(language, name)
        check_compilers(language, name)
    check_refusals()
    check_names()
    print(f"{len(FAILURES)} failures")
    sys.exit(1 if FAILURES else 0)


main()
