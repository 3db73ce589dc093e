#!/usr/bin/env python3
"""dwarf_random.py [--seed SEED] [--count N] [TARGET...]: random records of C as compilers describe them in debug information.

What `abide import dwarf` writes is compared with what the generator wrote in C: the engine comes to the same layouts, and every
function takes and gives them in the same places. What debug information does not tell (an alignment that no field shows) may make
a call differ; that share is bounded.
"""
import argparse
import json
import os
import shutil
import subprocess
import sys

SOURCE = os.environ["ABIDE_SOURCE_DIR"]
sys.path.insert(0, os.path.join(SOURCE, "tests", "layouts"))

import probe
import records as model
from answers import call, layout

COMPILERS = [  # target, compiler, options that change how it is described
    ("x86_64-linux-gnu", ["gcc"], []), ("x86_64-linux-gnu", ["clang-19"], ["-gdwarf-4"]),
    ("aarch64-linux-gnu", ["aarch64-linux-gnu-gcc"], ["-gdwarf-4", "-gz"]),
    ("s390x-linux-gnu", ["s390x-linux-gnu-gcc"], ["-gdwarf-4"]), ("s390x-linux-gnu", ["clang-19", "--target=s390x-linux-gnu"], []),
    ("arm-linux-gnueabihf", ["arm-linux-gnueabihf-gcc"], ["-gsplit-dwarf"]), ("riscv64-linux-gnu", ["riscv64-linux-gnu-gcc"], []),
    ("i386-linux-gnu", ["gcc-12", "-m32", "-msse2"], ["-gdwarf-3"]),
]
FEATURE_TYPES = {"int128": "i128", "complex": "complex<f64>", "float16": "f16", "vector": "vector<f32, 4>"}
# Shares of these records, which are odder than people write them: opaque as nothing explains them, mostly unnamed bits, and with a
# function that is called otherwise.
REFUSED_MOST, CALLS_MOST = 0.25, 0.03


def run(*words):
    return subprocess.run([os.environ["ABIDE"], *words], capture_output=True, text=True, check=False)


def c_text(records):
    lines = [f"struct {r.name} f_{r.name}(int p, struct {r.name} a, double q) {{return a;}}".replace("struct", r.keyword)
             for r in records if not r.is_empty()]
    return model.c_source(records) + "\n".join(lines) + "\n"


def interface_text(records):
    lines = [f"  f_{r.name}: '(p c_int, a {r.name}, q f64) -> {r.name}'" for r in records if not r.is_empty()]
    return model.interface(records) + "functions:\n" + "\n".join(lines) + "\n"


def write(path, text):
    with open(path, "w", encoding="utf-8") as file:
        file.write(text)


def answers(verb, path, target, abi, key):
    done = run(verb, path, "-t", target, "--abi", abi, "--json")
    if not done.stdout:
        raise SystemExit(f"{verb} {path} {target}: {done.stderr[:2000]}")
    return {said["name"]: said for said in json.loads(done.stdout)[key]}


def has_type(kind, target):
    """Whether abide has it on this target: what an ABI does not state is no part of it."""
    write("feature.abi.yaml", f'abide: 1\ntypes: {{a: {{struct: {{a: "{kind}"}}}}}}\n')
    return run("layout", "feature.abi.yaml", "-t", target).returncode == 0


class Tally:
    def __init__(self):
        self.records = self.same = self.refused = self.calls = self.other_calls = 0
        self.problems = []


def compare(target, compiler, records, tally, show):
    abi = "c:compiler=clang" if "clang" in compiler[0] else "c"  # where compilers differ, modules follow gcc
    left, right = answers("layout", "truth.abi.yaml", target, abi, "types"), answers("layout", "found.abi.yaml", target, "c", "types")
    calls, others = (answers("call", path, target, abi, "functions") for path in ("truth.abi.yaml", "found.abi.yaml"))
    for record in (record for record in records if not record.is_empty()):
        tally.records += 1
        said = right.get(record.name)
        if not said or said["kind"] == "opaque" or f"f_{record.name}" not in others:
            tally.refused += 1
            if show:
                print(f"left out: {target}: {record.c()}")
            continue
        if layout(left[record.name]) != layout(said):
            tally.problems.append(f"{target}: {record.c()}: {layout(left[record.name])}, imported {layout(said)}")
        tally.same += 1
        tally.calls += 1
        name = f"f_{record.name}"
        if call(calls[name]) != call(others[name]):
            tally.other_calls += 1
            if show:
                print(f"called otherwise: {target}: {record.c()}")


def check(target, compiler, options, arguments, tally):
    features = probe.features([compiler])
    features -= {name for name in features & FEATURE_TYPES.keys() if not has_type(FEATURE_TYPES[name], target)}
    records = model.Random(f"{arguments.seed} {target} {compiler}", features, arguments.count).records
    write("types.c", c_text(records))
    write("truth.abi.yaml", interface_text(records))
    done = subprocess.run([*compiler, "-w", "-g", *options, "-c", "types.c", "-o", "types.o"], capture_output=True, text=True,
                          check=False)
    if done.returncode:
        raise SystemExit(f"{compiler}: {done.stderr[:1000]}")
    done = run("import", "dwarf", "types.o", "-t", target, "-o", "found.abi.yaml")
    if done.returncode:
        tally.problems.append(f"{target} {compiler}: status {done.returncode}: {done.stderr[-1500:]}")
        return
    compare(target, compiler, records, tally, arguments.show)


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--seed", default="1")
    parser.add_argument("--count", type=int, default=25)
    parser.add_argument("--show", action="store_true")
    parser.add_argument("targets", nargs="*")
    arguments = parser.parse_args()
    tally = Tally()
    for target, compiler, options in COMPILERS:
        if arguments.targets and target not in arguments.targets:
            continue
        if not shutil.which(compiler[0]):
            tally.problems.append(f"{compiler[0]} is not installed (tools/packages.sh)")
            continue
        before = (tally.records, tally.refused, tally.other_calls)
        check(target, compiler, options, arguments, tally)
        now = (tally.records, tally.refused, tally.other_calls)
        print(f"{target} {compiler[0]} {' '.join(options)}:", *(b - a for a, b in zip(before, now)), "records, left out, called otherwise")
    print(f"seed {arguments.seed}: {tally.records} records, {tally.refused} left out, {tally.other_calls} of {tally.calls} called otherwise")
    if tally.refused > REFUSED_MOST * tally.records:
        tally.problems.append("too many are left out")
    if tally.other_calls > CALLS_MOST * tally.records:
        tally.problems.append("too many are called otherwise")
    sys.exit("\n".join(tally.problems[:20]) if tally.problems or not tally.same else 0)


if __name__ == "__main__":
    main()
