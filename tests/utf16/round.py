#!/usr/bin/env python3
"""round.py TARGET COMPILER [EMULATOR...]: texts through thunks between UTF-16 in C and UTF-8 in the system ABI, in every place of a
signature, both ways, by machine code and by portable C."""
import os
import subprocess
import sys

TARGET, COMPILER, EMULATOR = sys.argv[1], sys.argv[2].split(), sys.argv[3:]
ABIDE = os.environ.get("ABIDE", "abide")
HERE = os.path.dirname(os.path.abspath(__file__))
SOURCE = os.environ.get("ABIDE_SOURCE_DIR", os.path.dirname(os.path.dirname(HERE)))
OPTIONS = ["-static", "-O1"] if EMULATOR else ["-g", "-O1", "-fsanitize=address,undefined", "-fno-sanitize-recover=all"]
SEEDS = "100" if EMULATOR else "400"


def must(command):
    done = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=False, timeout=300)
    if done.returncode:
        sys.exit(f"failed ({done.returncode}): {' '.join(command)}\n{done.stdout[:4000]}")
    return done.stdout


def main():
    for caller, callee in (("c", "system"), ("system", "c")):
        objects = []
        for side, role in ((caller, "CALLER"), (callee, "PROVIDER")):
            objects.append(f"{side}_{role}.o")
            must([*COMPILER, *OPTIONS, "-std=c11", "-Wall", "-Wextra", "-Werror", "-Wno-unused-function", "-fno-builtin", f"-D{role}", f"-I{SOURCE}/include", "-c",
                  os.path.join(HERE, f"{side}_side.c"), "-o", objects[-1]])
        for emit, thunks in (("obj", "thunks.o"), ("c", "thunks.c")):
            for checks in ("trust", "checked"):
                must([ABIDE, "thunk", os.path.join(HERE, "round.abi.yaml"), "--target", TARGET, "--caller", caller, "--callee", callee,
                      "--prefix", "t_", "--checks", checks, "--emit", emit, "-o", thunks])
                must([*COMPILER, *OPTIONS, *objects, thunks, "-o", "round"])
                must([*EMULATOR, "./round", SEEDS])
                print(TARGET, caller, callee, emit, checks, SEEDS, "seeds")


main()
