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


def check_refusals():
    """A function pointer leads no adapter to its function, and nobody writes anew what a reference leads to."""
    types = "abide: 1\ntypes: {look: closure(n i32) -> i32, held: {struct: {f: look}}, bare: {struct: {f: fn(n i32) -> i32}}}\nfunctions:\n"
    with open(f"{HERE}/order.abi.yaml", encoding="utf-8") as file:
        hooks = file.read().splitlines()[-1] + "\n"
    for what, fine in (("bare", False), ("slice<bare>", False), ("ref<held>", False), ("ref<bare>", False), ("ptr<held>", True),
                       ("held", True), ("slice<held>", True)):
        with open("refused.abi.yaml", "w", encoding="utf-8") as file:
            file.write(f'{types}  f: {{sig: "(h {what})", blocking: true}}\n{hooks}')
        done = subprocess.run([os.environ["ABIDE"], "plan", "refused.abi.yaml", "--module", f"{HERE}/locked.yaml", "--caller", "locked",
                               "--callee", "c"], capture_output=True, text=True, timeout=120)
        if (done.returncode == 0) != fine or (not fine and ("'h'" not in done.stderr or "help:" not in done.stderr)):
            sys.exit(f"{what}: status {done.returncode}\n{done.stdout}{done.stderr}")


def main():
    check_refusals()
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


if __name__ == "__main__":
    main()
