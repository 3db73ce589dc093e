#!/usr/bin/env python3
"""Ill-formed text is a trap that says where, an error of the function where the interface wants that, or U+FFFD if the program brings
transcoders that say so (ill.c)."""
import os
import subprocess
import sys

ABIDE = os.environ.get("ABIDE", "abide")
HERE = os.path.dirname(os.path.abspath(__file__))
SOURCE = os.environ.get("ABIDE_SOURCE_DIR", os.path.dirname(os.path.dirname(HERE)))


def must(command):
    done = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=False, timeout=300)
    if done.returncode:
        sys.exit(f"failed ({done.returncode}): {' '.join(command)}\n{done.stdout[:4000]}")
    return done.stdout


def thunks(emit, ending, prefix, functions, caller, callee, *options):
    output = f"{prefix}thunks.{ending}"
    must([ABIDE, "thunk", os.path.join(HERE, "ill.abi.yaml"), *functions, "--target", "x86_64-linux-gnu", "--caller", caller, "--callee",
          callee, "--prefix", prefix, "--emit", emit, "-o", output, *options])
    return output


def main():
    direct = ["take", "labels", "make", "units"]
    for emit, ending in (("obj", "o"), ("c", "c")):
        files = [thunks(emit, ending, "c_", [*direct, "safe"], "c", "system"),
                 thunks(emit, ending, "k_", direct, "c", "system", "--checks", "checked"),
                 thunks(emit, ending, "s_", ["ended"], "system", "c")]
        for options in (["gcc", "-O1", "-fsanitize=address"], ["clang-19", "-O2"]):
            command = [*options, "-std=c11", f"-I{SOURCE}/include", os.path.join(HERE, "ill.c"), *files, "-o", "ill"]
            must(command)
            print(emit, " ".join(options), must(["./ill"]).strip())
            must([*command, "-DREPLACE", os.path.join(SOURCE, "tools", "runtime", "utf16.c"), "-lunistring"])
            print(emit, " ".join(options), "replaced:", must(["./ill", "replaced"]).strip())


main()
