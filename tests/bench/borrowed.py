#!/usr/bin/env python3
"""borrowed.py: what it costs to lend a slice or a string to code of another ABI, in instructions.

System ABI, C's pointer and length and Nim's openArray have one form in calls, so an adapter between two of them is one
jump, whatever stands before and behind. A text of Nim's own type has to be looked into, which takes a few instructions more,
no memory, and no frame.
"""
import itertools
import os
import re
import subprocess
import sys

ABIDE = os.path.join(os.environ["ABIDE_BUILD_DIR"], "bin/abide")
ABIS = ["system", "c", "nim-cgen:gc=refc", "nim-cgen:gc=orc"]
TARGETS = {"x86_64-linux-gnu": "jmp", "aarch64-linux-gnu": "b"}
FUNCTIONS = {
    "bytes": "(b bytes) -> u32",
    "points": "(ps slice<point>) -> f64",
    "change": "(ps mutslice<point>)",
    "last": "(a i64, b f64, c i64, xs slice<u16>) -> i64",
    "many": "(xs slice<i32>, by f32, ys slice<i32>, zs slice<i32>, tail i64) -> i64",
    "text": "(t string) -> size",
    "texts": "(a i32, t string, b f64, u string) -> i64",
}
OF_TEXT = ["text", "texts"]
MOST_FOR_NIM_TEXT = {"text": 10, "texts": 20}  # twice the one text


def bodies(names, caller, callee, target):
    """The instructions of each adapter."""
    with open("borrowed.abi.yaml", "w", encoding="utf-8") as file:
        file.write("abide: 1\npackage: borrowed\ntypes:\n  point: {struct: {x: f64, y: f32}}\nfunctions:\n")
        file.write("".join(f"  {name}: {FUNCTIONS[name]}\n" for name in names))
    words = [ABIDE, "thunk", "borrowed.abi.yaml", "--caller", caller, "--callee", callee, "--target", target,
             "--emit", "asm", "--prefix", "x_", "-o", "-"]
    text = subprocess.run(words, check=True, capture_output=True, text=True).stdout
    found, name = {}, None
    for line in text.splitlines():
        label = re.match(r"(\w\S*):", line)
        if label:
            name = label.group(1)[2:] if label.group(1).startswith("x_") else None
        elif name and re.match(r"\s+[a-z]", line):
            found.setdefault(name, []).append(line.split("#")[0].strip())
    return found


def at_most(name, caller, callee):
    """How many instructions there may be; None: the pair has to do more than look at what is lent."""
    nim = [abi.startswith("nim") for abi in (caller, callee)]
    if name not in OF_TEXT or not any(nim):
        return 1
    return MOST_FOR_NIM_TEXT[name] if nim == [True, False] else None


def main():
    wrong, seen = [], 0
    for target, jump in TARGETS.items():
        for caller, callee in itertools.permutations(ABIS, 2):
            if all(abi.startswith("nim") for abi in (caller, callee)):
                continue
            names = [name for name in FUNCTIONS if at_most(name, caller, callee)]
            found = bodies(names, caller, callee, target)
            for name in names:
                body, limit = found[name], at_most(name, caller, callee)
                seen += 1
                print(f"{target:18} {caller:17} {callee:17} {name:7} {len(body)}")
                if len(body) > limit or body[-1].split()[0] != jump:
                    wrong.append(f"{target}: {name} from {caller} to {callee} has {len(body)} instructions:\n  "
                                 + "\n  ".join(body))
    if seen < 100:
        wrong.append(f"only {seen} adapters were looked at")
    sys.exit("\n".join(wrong) or 0)


main()
