#!/usr/bin/env python3
"""enums.py: sizes and alignments of enums without a base, at the edges of their types, asked of abide and of compilers.

With -fshort-enums compilers take the smallest type that will do; a module says so in one line.
"""
import json
import os
import subprocess
import sys

TARGETS = {target: [gcc, ["clang-19", f"--target={target}"]] for target, gcc in {
    "x86_64-linux-gnu": ["gcc"], "i386-linux-gnu": ["gcc", "-m32"], "aarch64-linux-gnu": ["aarch64-linux-gnu-gcc"],
    "arm-linux-gnueabihf": ["arm-linux-gnueabihf-gcc"], "riscv64-linux-gnu": ["riscv64-linux-gnu-gcc"],
    "mips-linux-gnu": ["mips-linux-gnu-gcc"]}.items()}
EDGES = [0, 127, 128, 255, 256, 32767, 32768, 65535, 65536, 2**31 - 1, 2**31, 2**32 - 1, 2**32, 2**63 - 1, 2**63, 2**64 - 1]
NEGATIVE = [-1, -128, -129, -32768, -32769, -2**31, -2**31 - 1, -2**63]
ENUMS = [(low, high) for low in [0, *NEGATIVE] for high in EDGES if low == 0 or high < 2**63]
SHORT = """abide: 1
module: {{name: short, version: 1.0.0, level: machine, extends: {}, summary: C with -fshort-enums}}
represent: {{enum: {{tag: [u8, i8, u16, i16, u32, i32, u64, i64]}}}}
"""


def number(value):
    return f"(-{-value - 1}LL - 1)" if value < 0 else f"{value}ULL" if value > 2**63 - 1 else f"{value}"


def ask(target, abi):
    """(size, alignment in a struct) of each enum."""
    command = [os.environ["ABIDE"], "layout", "enums.abi.yaml", "--json", "--target", target, "--abi", abi]
    answer = json.loads(subprocess.run(command, check=True, capture_output=True, text=True).stdout)
    types = {entry["name"]: entry for entry in answer["types"]}
    return [(types[f"e{i}"]["size_bytes"], types[f"s{i}"]["size_bytes"] - types[f"e{i}"]["size_bytes"])
            for i in range(len(ENUMS))]


def compare(target, compiler, abi):
    lines = []
    for i, ((low, high), (size, offset)) in enumerate(zip(ENUMS, ask(target, abi), strict=True)):
        lines += [f"enum e{i} {{ a{i} = {number(low)}, b{i} = {number(high)} }};",
                  f"struct s{i} {{ char c; enum e{i} e; }};",
                  f'_Static_assert(sizeof(enum e{i}) == {size}, "{low}..{high} of {size} bytes");',
                  f'_Static_assert(__builtin_offsetof(struct s{i}, e) == {offset}, "{low}..{high} at {offset}");']
    done = subprocess.run([*compiler, "-w", "-fsyntax-only", "-x", "c", "-"], input="\n".join(lines) + "\n",
                          capture_output=True, text=True, check=False)
    print(f"{target} as {abi}, {' '.join(compiler)}: {'right' if done.returncode == 0 else 'wrong'}")
    if done.returncode != 0:
        print(done.stderr[:3000])
    return done.returncode != 0


def main():
    with open("enums.abi.yaml", "w", encoding="utf-8") as file:
        file.write("abide: 1\npackage: enums\ntypes:\n")
        for i, (low, high) in enumerate(ENUMS):
            file.write(f"  e{i}: {{enum: {{low: {low}, high: {high}}}}}\n  s{i}: {{struct: {{c: u8, e: e{i}}}}}\n")
    wrong = 0
    for target in TARGETS:
        for compiler in TARGETS[target]:
            wrong += compare(target, compiler, "c")
    for base, target in (("c-sysv@1", "x86_64-linux-gnu"), ("aapcs-vfp@1", "arm-linux-gnueabihf"),
                         ("riscv64-lp64d@1", "riscv64-linux-gnu")):
        with open("short.yaml", "w", encoding="utf-8") as file:
            file.write(SHORT.format(base))
        for compiler in TARGETS[target]:
            wrong += compare(target, [*compiler, "-fshort-enums"], "./short.yaml")
    sys.exit(1 if wrong else 0)


main()
