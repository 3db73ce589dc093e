#!/usr/bin/env python3
"""instructions.py: the number of instructions of every shape of adapter, ours beside the compilers'.

An adapter of ours may have no more instructions than the better of clang -O2 and gcc -O2 makes from C
with the same obligations. Two may have one more, for reasons that lie in LLVM:
"""
import os
import re
import subprocess
import sys

ALLOWED = {
    "s07_sliceP": "LLVM loads the pointer through a second register; gcc orders the loads so that it need not",
    "a10_toout": "LLVM adjusts the stack pointer on its own; gcc does it while storing the link register",
}
SOURCE = os.path.join(os.environ["ABIDE_SOURCE_DIR"], "tests/execution")
BUILD = os.environ["ABIDE_BUILD_DIR"]
LLVM = os.environ["ABIDE_LLVM_BIN"]
COMPILERS = {
    "x86_64": {"clang": [f"{LLVM}/clang", "--target=x86_64-linux-gnu"],
               "gcc": ["gcc", "-fcf-protection=none"]},
    "aarch64": {"clang": [f"{LLVM}/clang", "--target=aarch64-linux-gnu"],
                "gcc": ["aarch64-linux-gnu-gcc"]},
}


def run(*command):
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout


def counts(path):
    """Instructions of each function of an object file; padding after the end is none."""
    functions, name = {}, None
    for line in run(f"{LLVM}/llvm-objdump", "-d", "--no-show-raw-insn", path).splitlines():
        label = re.match(r"[0-9a-f]+ <(\S+)>:", line)
        if label:
            name = re.sub("^shim_", "", label.group(1))
            functions[name] = []
        elif name and re.match(r"\s+[0-9a-f]+:\s", line):
            functions[name].append(line.split(":", 1)[1].strip())
    for body in functions.values():
        while body and re.match(r"nop|int3|data16|cs\b", body[-1]):
            body.pop()
    return {name: len(body) for name, body in functions.items()}


def main():
    worse = []
    total = [0, 0, 0]
    print(f"{'shape':16} {'ours':>6} {'clang':>6} {'gcc':>6}")
    for arch, compilers in COMPILERS.items():
        plans = f"{SOURCE}/{arch}.plans"
        run(f"{BUILD}/bin/emit_plans", arch, plans, "obj", f"ours-{arch}.o")
        columns = [counts(f"ours-{arch}.o")]
        for name, command in compilers.items():
            run(*command, "-O2", "-c", f"{SOURCE}/shims.c", "-o", f"{name}-{arch}.o")
            columns.append(counts(f"{name}-{arch}.o"))
        for shape in sorted(columns[0]):
            row = [column[shape] for column in columns]
            total = [a + b for a, b in zip(total, row)]
            note = ""
            if row[0] > min(row[1:]) + (shape in ALLOWED):
                worse.append(shape)
                note = "  more than the better compiler"
            elif row[0] > min(row[1:]):
                note = f"  {ALLOWED[shape]}"
            elif row[0] < min(row[1:]):
                note = "  fewer than both"
            print(f"{shape:16} {row[0]:6} {row[1]:6} {row[2]:6}{note}")
    print(f"{'total':16} {total[0]:6} {total[1]:6} {total[2]:6}")
    sys.exit(f"worse than a compiler: {', '.join(worse)}" if worse else 0)


main()
