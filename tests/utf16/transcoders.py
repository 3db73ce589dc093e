#!/usr/bin/env python3
"""What adapters make of UTF-8 and UTF-16 is what libunistring makes of it (tools/runtime/utf16.c): all short texts, edges, random ones,
ill-formed ones."""
import os
import subprocess
import sys

ABIDE = os.environ.get("ABIDE", "abide")
HERE = os.path.dirname(os.path.abspath(__file__))
SOURCE = os.environ.get("ABIDE_SOURCE_DIR", os.path.dirname(os.path.dirname(HERE)))
INTERFACE = """abide: 1
checks: checked
types: {wide: {newtype: own string, form: utf16}}
functions: {f: (text wide) -> own wide, g: (text utf16)}
"""
NAMES = ("check_utf16", "utf8_to_utf16", "utf16_to_utf8")


def must(command):
    done = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=False, timeout=400)
    if done.returncode:
        sys.exit(f"failed ({done.returncode}): {' '.join(command)}\n{done.stdout[:4000]}")
    return done.stdout


def main():
    with open("wide.abi.yaml", "w", encoding="utf-8") as file:
        file.write(INTERFACE)
    names = [f"-Dabide_{name}=library_{name}" for name in NAMES]
    must(["gcc", "-O2", *names, "-c", os.path.join(SOURCE, "tools", "runtime", "utf16.c"), "-o", "library.o"])
    for emit, thunks, all_texts in (("obj", "thunks.o", "1"), ("c", "thunks.c", "0")):
        must([ABIDE, "thunk", "wide.abi.yaml", "--target", "x86_64-linux-gnu", "--caller", "c", "--callee", "system", "--prefix", "c_",
              "--emit", emit, "-o", thunks])
        must(["gcc", "-std=c11", "-O2", f"-I{SOURCE}/include", os.path.join(HERE, "transcoders.c"), thunks, "library.o",
              "-Wl,--defsym=f=0", "-Wl,--defsym=g=0", "-lunistring", "-o", "transcoders"])
        print(emit, must(["./transcoders", all_texts, "300000"]).strip())


main()
