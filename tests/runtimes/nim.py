#!/usr/bin/env python3
"""A Nim closure that is called on a thread which Nim did not start: the adapter attaches the thread first. Every memory manager."""
import os
import subprocess
import sys

HERE = os.path.dirname(os.path.abspath(__file__))


def run(command):
    done = subprocess.run(command, capture_output=True, text=True, timeout=300)
    if done.returncode != 0:
        sys.exit(f"{' '.join(command)}: status {done.returncode}\n{done.stdout}{done.stderr}")
    return done.stdout


def main():
    expected = f"{201 * 200} {sum(len(f'x200{n}') for n in range(200))} 1\n"
    for gc in ("refc", "arc", "orc"):
        run([os.environ["ABIDE"], "thunk", f"{HERE}/nim.abi.yaml", "--caller", f"nim-cgen:gc={gc}", "--callee", "c", "-o", "thunks.o"])
        run(["gcc", "-c", "-O1", "-Wall", "-Werror", f"{HERE}/nim.c", "-o", "lib.o"])
        run(["nim", "c", "--hints:off", "--warnings:off", "--threads:on", f"--gc:{gc}", "--passL:lib.o thunks.o -lpthread",
             f"--nimcache:nimcache-{gc}", f"-o:nim-{gc}", f"{HERE}/nimthreads.nim"])
        got = run([f"./nim-{gc}"])
        # Under arc and orc no thread has to be told.
        if got != (expected if gc == "refc" else expected.replace(" 1\n", " 0\n")):
            sys.exit(f"{gc}: {got}, expected {expected}")
    print("as expected")


main()
