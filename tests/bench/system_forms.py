#!/usr/bin/env python3
"""system_forms.py [FLAG...]: what the call forms of the system ABI cost beside those of C, as ratios.

The same work through both forms (system-forms/), built by gcc and by clang with -O2 and these flags,
in one run each. Below 1.00 the system ABI's form is faster. Functions and loops start at cache lines, or
else where they happen to lie would count for more than the calls.
"""
import os
import subprocess
import sys
import tempfile

HERE = os.path.join(os.path.dirname(os.path.abspath(__file__)), "system-forms")
INCLUDE = os.path.join(HERE, "..", "..", "..", "include")
COMPILERS = ("gcc", "clang-19")
FLAGS = ["-O2", "-std=gnu11", "-falign-functions=64", "-falign-loops=64"]


def measure(compiler, flags, folder):
    """[(form, ns in C's form, ns in the system ABI's)]"""
    program = os.path.join(folder, compiler)
    objects = []
    for name in ("callees", "callers"):
        objects.append(f"{program}-{name}.o")
        subprocess.run([compiler, *FLAGS, *flags, "-I", INCLUDE, "-c", "-o", objects[-1],
                        os.path.join(HERE, f"{name}.c")], check=True)
    subprocess.run([compiler, *flags, "-o", program, *objects], check=True)
    lines = subprocess.check_output([program], text=True).splitlines()
    return [(form, float(natural), float(system))
            for form, natural, system in (line.split("\t") for line in lines)]


def main():
    with tempfile.TemporaryDirectory() as folder:
        answers = [measure(compiler, sys.argv[1:], folder) for compiler in COMPILERS]
    width = max(len(form) for form, _, _ in answers[0])
    print(f"{'C | system ABI, ns per call':{width}}" + "".join(f"  {name:^20}" for name in COMPILERS))
    for rows in zip(*answers):
        print(f"{rows[0][0]:{width}}" + "".join(
            f"  {natural:5.2f} {system:5.2f}  {system / natural:6.2f}" for _, natural, system in rows))


main()
