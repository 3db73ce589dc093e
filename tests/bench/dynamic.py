#!/usr/bin/env python3
"""dynamic.py [--time]: instructions of calls and of functions that are made at run time, beside libffi and libffcall.

An invoker may have a fifteenth of ffi_call's instructions, and a typed closure two more than the shim that a C programmer would write.
What is counted is all between the loop and the function that is called, both of which are taken off. With --time nanoseconds are
printed, which depend on the machine's load.
"""
import glob
import os
import re
import subprocess
import sys

HERE = os.path.join(os.environ["ABIDE_SOURCE_DIR"], "tests/bench/dynamic")
LIBRARIES = os.path.join(os.environ["ABIDE_BUILD_DIR"], "lib")
COUNT = 200
SHAPES = ["two_ints", "eight_ints", "doubles", "by_value16", "by_value24", "by_value64", "gives24", "text"]
MAKING = {"session": ["make"], "invoker": ["plan", "first", "second", "known", "hundredth", "batch-of-100"],
          "closing": ["closure", "ffi_closure", "callback"]}
WAYS = ["invoker", "ffi_call", "avcall", "shim", "closure", "handler", "ffi_closure", "callback"]


def run(*command):
    done = subprocess.run(command, capture_output=True, text=True)
    if done.returncode != 0:
        sys.exit(f"{' '.join(command)}\n{done.stdout}{done.stderr}")
    return done.stdout


def build():
    for name in ("targets", "shims"):
        run("gcc", "-O2", "-fcf-protection=none", "-c", f"{HERE}/{name}.c", "-o", f"{name}.o")
    sanitizers = ["-fsanitize=address,undefined"] if "__asan_init" in run("nm", "-D", f"{LIBRARIES}/libabide.so") else []
    if sanitizers:
        sys.exit("build without sanitizers: cmake --preset release && cmake --build build/release")
    run("gcc", "-O2", "-Wall", "-Wno-cast-function-type", "-I", os.path.join(HERE, "../../../include"), f"{HERE}/dynamic.c",
        "targets.o", "shims.o", "-o", "dynamic", "-L", LIBRARIES, "-labide-codegen", "-labide", "-lffi", "-lffcall",
        f"-Wl,-rpath,{LIBRARIES}")


def count():
    """Instructions of each shape and way."""
    for old in glob.glob("calls*"):
        os.remove(old)
    run("valgrind", "--tool=callgrind", "--compress-strings=no", "--compress-pos=no", "--callgrind-out-file=calls", "./dynamic",
        f"{HERE}/dynamic.abi.yaml", str(COUNT))
    found = {}
    for path in glob.glob("calls.*"):
        with open(path, encoding="utf-8") as file:
            text = file.read()
        trigger = re.search(r"^desc: Trigger: Client Request: (\S+) (\S+)$", text, re.M)
        if trigger:
            found[trigger.groups()] = (int(re.search(r"^summary: (\d+)", text, re.M).group(1)), text)
    return found


def called(text, shape):
    """Instructions of the function that is called, and of those that only count to COUNT."""
    total, inside, skip = 0, False, False
    for line in text.splitlines():
        if line.startswith("fn="):
            inside = line[3:] in (shape, f"{shape}_env", f"{shape}_handle", f"{shape}_ffi", f"{shape}_callback")
            skip = False
        elif line.startswith("calls="):
            skip = True
        elif re.match(r"\d", line):
            total += int(line.split()[1]) if inside and not skip else 0
            skip = False
    return total


def times():
    build()
    rows = {}
    for line in run("./dynamic", f"{HERE}/dynamic.abi.yaml", "2000000").splitlines():
        shape, way, number = line.split()
        rows.setdefault(shape, {})[way] = float(number)
    for shape, row in rows.items():
        print(f"{shape:12}", "  ".join(f"{way} {number:.1f}" for way, number in row.items()))


def main():
    build()
    found = count()
    loop = found[("loop", "empty")][0] / COUNT
    worse = []
    print("instructions a call   " + " ".join(f"{way:>11}" for way in WAYS) + "   ffi_call / invoker")
    for shape in SHAPES:
        row = {}
        for way in WAYS:
            total, text = found[(shape, way)]
            row[way] = (total - called(text, shape)) / COUNT - loop
        ratio = row["ffi_call"] / row["invoker"]
        print(f"{shape:21} " + " ".join(f"{row[way]:11.1f}" for way in WAYS) + f"   {ratio:.1f}")
        if ratio < 15:
            worse.append(f"{shape}: the invoker has more than a fifteenth of ffi_call's instructions")
        if row["closure"] > row["shim"] + 2:
            worse.append(f"{shape}: the closure has more than two instructions beyond the shim")
    for shape, ways in MAKING.items():
        for way in ways:
            total = found[(shape, way)][0] / (COUNT if shape == "closing" else 1)
            print(f"{shape} {way}: {total:,.0f} instructions")
    sys.exit("\n".join(worse) if worse else 0)


if sys.argv[1:] == ["--time"]:
    times()
else:
    main()
