#!/usr/bin/env python3
"""generate.py SEED COUNT: writes side.c, side.nim, to_nim.abi.yaml, hooked.abi.yaml, to_c.abi.yaml
into the current directory, for an interface of COUNT random procs (and ten more for what Nim's
memory manager looks after)."""
import sys

from interface import Interface
from render_abi import interface_text
from render_c import c_text
from render_nim import nim_text

HOOKS = ("hooks: {load: NimMain, thread_attach: n_thread_enter, thread_detach: n_thread_leave}\n")


def write(name, text):
    with open(name, "w", encoding="utf-8") as file:
        file.write(text)


def main():
    seed, count = int(sys.argv[1]), int(sys.argv[2])
    interface = Interface(seed, count)
    write("side.nim", nim_text(interface))
    write("side.c", c_text(interface))
    write("to_nim.abi.yaml", interface_text(interface, symbol="n_"))
    write("hooked.abi.yaml", interface_text(interface, symbol="n_", hooks=HOOKS,
                                            only=lambda f: f.foreign_threads))
    write("to_c.abi.yaml", interface_text(interface, only=lambda f: f.to_c))
    print(f"seed {seed}: {len(interface.functions)} procs")


main()
