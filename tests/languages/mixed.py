#!/usr/bin/env python3
"""mixed.py GC OPTIMISATION: arrays, sets, enums, slices, tuples, closures and callbacks through thunks, both ways."""
import os
import sys

import nimc

HERE = os.path.join(nimc.SOURCE_DIR, "tests/languages")
INTERFACE = os.path.join(HERE, "mixed.abi.yaml")
GC, OPTIMISATION = sys.argv[1:3]


def thunks(functions, caller, callee, prefix, out):
    nimc.run(os.environ["ABIDE"], "thunk", INTERFACE, functions, "--caller", caller, "--callee", callee,
             "--prefix", prefix, "-o", out)


def main():
    abi = f"nim-cgen:nim={nimc.nim_version()},gc={GC}"
    thunks("n_*", "c", abi, "to_", "to.o")
    thunks("c_*", abi, "c", "nim_", "from.o")
    objects = nimc.compile_objects(os.path.join(HERE, "mixed.nim"), GC, OPTIMISATION)
    nimc.run("gcc", "-Wall", "-Wextra", OPTIMISATION, os.path.join(HERE, "mixed.c"), "to.o", "from.o", *objects,
             "-o", "mixed", "-ldl", "-lm")
    print(nimc.run("./mixed"), end="")


main()
