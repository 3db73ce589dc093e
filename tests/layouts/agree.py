#!/usr/bin/env python3
"""agree.py c|rust|nim|spoilt [SEED [FILES [TARGET...]]]: layouts of the system types, asked of abide and of compilers.

c      the types in C, as the specification says, compiled by gcc and clang for five targets
rust   the same with repr(C) and repr(C, u8), compiled and run natively
nim    the types of Nim that answer to them, as its compiler writes them in C, for five targets
spoilt whether a wrong answer would be noticed

Every run has the types written by hand and FILES files of random ones; the first line tells the seed.
"""
import json
import os
import subprocess
import sys

import facts
import model
import render_c
import render_nim
import render_rust

TARGETS = {
    "x86_64-linux-gnu": (64, [["gcc"], ["clang-19"]]),
    "i386-linux-gnu": (32, [["gcc-12", "-m32"], ["clang-19", "-m32"]]),
    "aarch64-linux-gnu": (64, [["aarch64-linux-gnu-gcc"], ["clang-19", "--target=aarch64-linux-gnu"]]),
    "arm-linux-gnueabihf": (32, [["arm-linux-gnueabihf-gcc"], ["clang-19", "--target=arm-linux-gnueabihf"]]),
    "riscv64-linux-gnu": (64, [["riscv64-linux-gnu-gcc"], ["clang-19", "--target=riscv64-linux-gnu"]]),
}
TYPES_PER_FILE = 60


def write(name, text):
    with open(name, "w", encoding="utf-8") as file:
        file.write(text)


def ask(path, abi, target):
    """What abide says of the types of an interface; None: refused, and shown."""
    command = [os.environ["ABIDE"], "layout", path, "--abi", abi, "--target", target, "--format", "json"]
    done = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    if done.returncode:
        print(f"{' '.join(command)}\nexit status {done.returncode}\n{done.stderr}")
        return None
    return json.loads(done.stdout)["types"]


def compiles(command):
    done = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    if done.returncode:
        print(f"{' '.join(command)}\n{done.stdout[:6000]}")
    return done.returncode == 0


NIM_CPUS = {"x86_64": "amd64", "i386": "i386", "aarch64": "arm64", "arm": "arm", "riscv64": "riscv64"}


def nim_types(seed, files, is_first):
    """(name, memory management, types); what refc changes needs one target to show."""
    for memory in ("orc", "refc")[:1 + is_first]:
        yield "by_hand_nim", memory, render_nim.by_hand()
    for i in range(files):
        types = render_nim.NimRandom(f"{seed} {i}", render_nim.SCALARS, TYPES_PER_FILE).types
        yield f"random{i}_nim", ("orc", "refc")[i % 2], types


def check_nim(name, types, memory, target, version, library):
    """How many sizes and offsets of the C that Nim writes abide got right; 0: not all."""
    path, cache = f"{name}.abi.yaml", f"cache-{memory}-{target}"
    write(path, model.interface(types))
    answers = ask(path, f"nim-cgen:nim={version},gc={memory}", target)
    if answers is None:
        return 0
    text, asked = render_nim.source(types, answers)
    write(f"{name}.nim", text)
    cpu = NIM_CPUS[target.split("-")[0]]
    generated = os.path.join(cache, f"@m{name}.nim.c")
    fine = compiles(["nim", "c", "--hints:off", "--warnings:off", "--compileOnly", "--noMain", f"--mm:{memory}",
                     "--os:linux", f"--cpu:{cpu}", f"--nimcache:{cache}", f"{name}.nim"]) and \
        compiles([*TARGETS[target][1][0], f"-I{library}", "-w", "-fsyntax-only", generated])
    return asked if fine else 0


def run_nim(seed, files, targets):
    facts_of_nim = subprocess.run(["nim", "dump", "--dump.format:json", "nothing.nim"], stdout=subprocess.PIPE,
                                  stderr=subprocess.DEVNULL, text=True, check=True)
    dump = json.loads(facts_of_nim.stdout)
    asked = wrong = 0
    for target in targets:
        for name, memory, types in nim_types(seed, files, target == targets[0]):
            count = check_nim(name, types, memory, target, dump["version"], dump["libpath"])
            asked += count
            wrong += count == 0
    print(f"nim {dump['version']}: {asked} assertions compiled for {len(targets)} targets, {wrong} files wrong")
    return 1 if wrong or not asked else 0


class Run:
    def __init__(self):
        self.asked = self.wrong = self.types = 0

    def check(self, name, types, target, check):
        word_bits = TARGETS[target][0]
        path = f"{name}.abi.yaml"
        write(path, model.interface(types))
        answers = ask(path, "system", target)
        try:
            said = facts.of(types, answers, word_bits) if answers is not None else None
        except facts.Disagreement as problem:
            print(f"{path}, {target}: {problem}")
            said = None
        if said is None:
            self.wrong += 1
            return
        self.types += len(types)
        for done in check(name, types, said, target):
            self.asked += len(said)
            self.wrong += not done


def check_c(name, types, said, target):
    path = f"{name}.{target}.c"
    write(path, render_c.source(types, said))
    for compiler in TARGETS[target][1]:
        yield compiles([*compiler, "-std=gnu11", "-w", "-fsyntax-only", path])


def check_rust(name, types, said, target):
    path, program = f"{name}.rs", os.path.abspath(f"{name}.program")
    write(path, render_rust.source(types, said))
    yield compiles(["rustc", "--edition=2021", "-Copt-level=0", "-Cdebuginfo=0", "-o", program, path]) and \
        compiles([program])


def spoil(name, types, said, target):
    """Every tenth fact is made wrong, one at a time: the compilers must notice it."""
    compiler = TARGETS[target][1][0]
    for i in range(0, len(said), max(1, len(said) // 10)):
        fact = said[i][:3] + (said[i][3] + 1,)
        path = f"{name}.{target}.spoilt.c"
        write(path, render_c.source(types, said[:i] + [fact] + said[i + 1:]))
        done = subprocess.run([*compiler, "-std=gnu11", "-w", "-fsyntax-only", path], stderr=subprocess.PIPE, text=True)
        if "abide says" not in done.stderr:
            print(f"{path}: nobody noticed {fact}")
        yield "abide says" in done.stderr


def main():
    what = sys.argv[1]
    seed = int(sys.argv[2]) if len(sys.argv) > 2 else 1
    files = int(sys.argv[3]) if len(sys.argv) > 3 else 2
    targets = sys.argv[4:] or (list(TARGETS) if what != "rust" else ["x86_64-linux-gnu"])
    print(f"seed {seed}", flush=True)
    if what == "nim":
        sys.exit(run_nim(seed, files, targets))
    run, check = Run(), {"c": check_c, "rust": check_rust, "spoilt": spoil}[what]
    for target in targets:
        run.check("by_hand", model.by_hand(), target, check)
        scalars = model.SCALARS_64 if TARGETS[target][0] == 64 else model.SCALARS
        for i in range(files):
            run.check(f"random{i}", model.Random(f"{seed} {i} {target}", scalars, TYPES_PER_FILE).types, target, check)
    print(f"{what}: {run.types} types for {len(targets)} targets, {run.asked} assertions compiled, {run.wrong} wrong")
    sys.exit(1 if run.wrong or not run.asked else 0)


main()
