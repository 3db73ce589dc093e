#!/usr/bin/env python3
"""Hooks of a made-up runtime: in which order adapters call them, by both emitters.

    order.py TRIPLE "COMPILER" [EMULATOR]

ABIDE is the command.
"""
import os
import shlex
import subprocess
import sys

HERE = os.path.dirname(os.path.abspath(__file__))


def run(command):
    done = subprocess.run(command, capture_output=True, text=True, timeout=120)
    if done.returncode != 0:
        sys.exit(f"{' '.join(command)}\n{done.stdout}{done.stderr}")
    return done.stdout


def thunks(triple, prefix, caller, callee, emit):
    name = f"{prefix}.{'c' if emit == 'c' else 'o'}"
    run([os.environ["ABIDE"], "thunk", f"{HERE}/order.abi.yaml", "--module", f"{HERE}/locked.yaml",
         "--caller", caller, "--callee", callee, "--prefix", f"{prefix}_", "--target", triple,
         "--emit", emit, "-o", name])
    return name


def main():
    triple, compiler, emulator = sys.argv[1], shlex.split(sys.argv[2]), sys.argv[3:4]
    native = not emulator
    for emit in ("obj", "c"):
        parts = [thunks(triple, "to", "c", "locked", emit), thunks(triple, "from", "locked", "c", emit)]
        checks = ["-fsanitize=address,undefined"] if native else ["-static"]
        run(compiler + ["-Wall", "-Wextra", "-Werror", "-O1", "-g", *checks, f"{HERE}/order.c", *parts,
                        "-o", f"order-{emit}"])
        text = run([*emulator, f"./order-{emit}"])
        if text != "hooks are called in order\n":
            sys.exit(text)
    print(text, end="")


main()
