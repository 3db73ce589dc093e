#!/usr/bin/env python3
"""Invalid values become the error that the interface names: nothing is called, and nothing that was given away leaks (convert.c)."""
import os
import subprocess
import sys

ABIDE = os.environ.get("ABIDE", "abide")
HERE = os.path.dirname(os.path.abspath(__file__))
SOURCE = os.environ.get("ABIDE_SOURCE_DIR", os.path.dirname(os.path.dirname(HERE)))


def must(command):
    done = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=False)
    if done.returncode:
        sys.exit(f"failed ({done.returncode}): {' '.join(command)}\n{done.stdout[:4000]}")
    return done.stdout


def main():
    for emit, ending in (("obj", "o"), ("c", "c")):
        files = []
        for caller, prefix in (("c", "c_"), ("system", "s_")):
            files.append(f"{prefix}thunks.{ending}")
            must([ABIDE, "thunk", os.path.join(HERE, "convert.abi.yaml"), "--target", "x86_64-linux-gnu", "--caller", caller,
                  "--callee", "system", "--prefix", prefix, "--emit", emit, "-o", files[-1]])
        for options in (["gcc", "-O1"], ["clang-19", "-O2"]):
            must([*options, "-std=gnu11", "-g", "-fsanitize=address", f"-I{SOURCE}/include", os.path.join(HERE, "convert.c"), *files,
                  "-o", "convert"])
            print(emit, " ".join(options), must(["./convert"]).strip())


main()
