#!/usr/bin/env python3
"""Strings of Nim, through thunks, to and from a library with UTF-16, under every memory manager; orc under the address sanitizer."""
import os
import subprocess
import sys

ABIDE = os.environ.get("ABIDE", "abide")
HERE = os.path.dirname(os.path.abspath(__file__))
SANITIZE = "-fsanitize=address,undefined"


def run(command):
    done = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=False, timeout=300)
    if done.returncode:
        sys.exit(f"failed ({done.returncode}): {' '.join(command)}\n{done.stdout[:4000]}")
    return done.stdout


def main():
    for gc, emit in (("refc", "obj"), ("arc", "c"), ("orc", "obj"), ("orc", "c")):
        watched = [] if gc == "refc" else [SANITIZE]  # it looks for pointers all over the stack
        thunks = "thunks.c" if emit == "c" else "thunks.o"
        run([ABIDE, "thunk", os.path.join(HERE, "nim.abi.yaml"), "--caller", f"nim-cgen:gc={gc}", "--callee", "c", "--prefix", "nim_",
             "--emit", emit, "-o", thunks])
        if emit == "c":
            run(["gcc", "-O1", *watched, "-c", "thunks.c", "-o", "thunks.o"])
        run(["gcc", "-std=c11", "-g", "-O1", "-Wall", "-Wextra", "-Werror", "-Wno-unused-function", *watched, "-c",
             os.path.join(HERE, "wide.c"), "-o", "wide.o"])
        flags = [f"--pass{kind}:{SANITIZE}" for kind in "CL"] + ["-d:useMalloc"] if watched else []
        run(["nim", "c", "--skipUserCfg", "--skipParentCfg", "--hints:off", "--warnings:off", f"--mm:{gc}", *flags,
             f"--passL:{os.getcwd()}/wide.o {os.getcwd()}/thunks.o", f"--nimcache:cache-{gc}-{emit}", f"-o:{os.getcwd()}/client",
             os.path.join(HERE, "client.nim")])
        print(gc, emit, run(["./client"]).strip())


main()
