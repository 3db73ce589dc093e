#!/usr/bin/env python3
"""Exports of a component whose thunks are code for this machine, as C and from LLVM: run with memory checked. ABIDE is the command."""
import interface
import node


def main():
    for emit, code in (("c", "thunks.c"), ("obj", "thunks.o")):
        interface.abide("thunk", f"{node.HERE}/native.abi.yaml", "--caller", "wasm-component:role=export", "--callee", "c", "--target",
                        "x86_64-linux-gnu", "--emit", emit, "-o", code)
        node.run(["gcc", "-g", "-fsanitize=address,undefined", "-fno-sanitize-recover=all", f"{node.HERE}/native.c", code, "-o", "native"])
        print(f"{emit}: {node.run(['./native'])}", end="")


if __name__ == "__main__":
    main()
