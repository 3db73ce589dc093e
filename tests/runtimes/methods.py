#!/usr/bin/env python3
"""methods.py TRIPLE "COMPILER" [EMULATOR]: objects of a language with a lock, whose methods come on any thread, by both emitters."""
import json
import os
import shlex
import sys

import order

HERE = os.path.dirname(os.path.abspath(__file__))
FILE = f"{HERE}/methods.abi.yaml"


def main():
    triple, compiler, emulator = sys.argv[1], shlex.split(sys.argv[2]), sys.argv[3:4]
    abide = os.environ["ABIDE"]
    layout = json.loads(order.run([abide, "layout", FILE, "bell", "--abi", "system", "--target", triple, "--json"]))
    number = layout["types"][0]["interface_id"]
    for emit in ("obj", "c"):
        thunks = f"methods.{'c' if emit == 'c' else 'o'}"
        order.run([abide, "thunk", FILE, "--caller", "cpython", "--callee", "system", "--prefix", "py_", "--target", triple, "--emit",
                   emit, "-o", thunks])
        checks = ["-static"] if emulator else ["-fsanitize=address,undefined"]
        order.run(compiler + ["-Wall", "-Wextra", "-Werror", "-O1", "-g", *checks, f"-DBELL_ID={number}",
                              f"-I{os.environ['ABIDE_SOURCE_DIR']}/include", f"{HERE}/methods.c", thunks, "-o", f"methods-{emit}"])
        text = order.run([*emulator, f"./methods-{emit}"])
        assert text == "methods are called with the lock\n", text
    print(text, end="")


main()
