#!/usr/bin/env python3
"""
Each kind of invalid value ends the process and says where it is: a program with an abide_trap of its own sees the code, the function,
and the part of the parameter. Adapters from C to C look at nothing, and without --checks nobody does.
"""
import os
import subprocess
import sys

ABIDE = os.environ.get("ABIDE", "abide")
HERE = os.path.dirname(os.path.abspath(__file__))
SOURCE = os.environ.get("ABIDE_SOURCE_DIR", os.path.dirname(os.path.dirname(HERE)))
TARGET = ["--target", "x86_64-linux-gnu"]


def must(command):
    done = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=False)
    if done.returncode:
        sys.exit(f"failed ({done.returncode}): {' '.join(command)}\n{done.stdout[:4000]}")
    return done.stdout


def thunks(emit, output, *options, caller="c", callee="system", prefix="t_"):
    must([ABIDE, "thunk", os.path.join(HERE, "traps.abi.yaml"), *TARGET, "--caller", caller, "--callee", callee,
          "--prefix", prefix, "--emit", emit, "-o", output, *options])


def contents(path):
    with open(path, "rb") as file:
        return file.read()


def check_trust():
    """What nobody asks for is not there, and C counts on nothing."""
    for emit in ("asm", "c"):
        thunks(emit, "plain")
        thunks(emit, "trust", "--checks", "trust")
        if contents("plain") != contents("trust"):
            sys.exit(f"--checks trust is something else than nothing ({emit})")
        for checks in ("trust", "checked"):
            thunks(emit, checks, "--checks", checks, callee="c")
        if contents("trust") != contents("checked"):
            sys.exit(f"an adapter from C to C looks at values ({emit})")


def main():
    check_trust()
    for emit, output in (("obj", "thunks.o"), ("c", "thunks.c")):
        thunks(emit, output, "--checks", "checked")
        for options in (["gcc", "-O0", "-fsanitize=address,undefined"], ["gcc", "-O2"], ["clang-19", "-O2"]):
            must([*options, "-std=c11", "-g", f"-I{SOURCE}/include", os.path.join(HERE, "traps.c"), output, "-o", "traps"])
            print(emit, " ".join(options), must(["./traps"]).strip())


main()
