#!/usr/bin/env python3
"""The round trip notices mistakes: thunks made from a wrong description of Nim, one mistake each, all fail.

    mutants.py --seed N [--count 80]

Both sides are compiled once (refc and orc, debug); each mutant is linked and run. A mutant of which abide makes
the very thunks of the right description proves nothing, and counts as a failure of this test.
"""
import argparse
import filecmp
import os
import subprocess
import sys

import roundtrip

MODULE = os.path.join(os.environ["ABIDE_SOURCE_DIR"], "abi-specs/language/nim-cgen.yaml")
# (what is said wrong, memory manager, text of the module, what stands there instead)
MUTANTS = [
    ("the limit is that of a register pair", "orc", "{is: record, size: \">24\"}", "{is: record, size: \">16\"}"),
    ("the limit is 32", "orc", "{is: record, size: \">24\"}", "{is: record, size: \">32\"}"),
    ("results of exactly 24 bytes are large", "orc", "{is: own, size: \">24\"}", "{is: own, size: \">23\"}"),
    ("large results are returned", "refc", "{is: own, size: \">24\"}", "{is: own, size: \">56\"}"),
    ("the out pointer comes first", "orc", "order: [params, out, env, variadic]",
     "order: [out, params, env, variadic]"),
    ("the environment comes before the out pointer", "orc", "order: [params, out, env, variadic]",
     "order: [params, env, out, variadic]"),
    ("nothing else points to a result", "orc", "exclusive: false", "exclusive: true"),
    ("closures get a null environment", "orc", "null_env: omit", "null_env: pass"),
    ("bycopy means nothing", "orc", "when: {fact: bycopy}\n    pass: value",
     "when: {fact: bycopy}\n    pass: pointer\n    copy: borrow"),
    ("byref means nothing", "orc", "when: {fact: byref}\n    pass: pointer\n    copy: borrow",
     "when: {fact: byref}\n    pass: value"),
    ("heirs are passed like others", "orc", "not_final: {type: struct, any: [{base: given}, {fact: inheritable}]}",
     "not_final: {type: struct, size: \">24\"}"),
    ("AArch64: callees own what is passed by pointer", "orc",
     "when: {is: record, size: \">24\"}\n    pass: pointer\n    copy: borrow",
     "when: {is: record, size: \">24\"}\n    pass: pointer\n    copy: caller"),
    ("small enums are ints", "orc", "{when: {highest: \"<256\"}, as: u8}", "{when: {highest: \"<1\"}, as: u8}"),
    ("strings are returned through a pointer", "refc", "when: {type: [string, string0, string16, utf16, seq]}, pass: value",
     "when: {type: [string, string0, string16, utf16, seq]}, pass: out"),
    ("objects of refs are returned", "refc", "when: traced\n    pass: out", "when: traced\n    pass: value"),
    ("a long double counts 16 bytes", "orc", "c_longdouble: {size: 8, align: 8}",
     "c_longdouble: {size: 16, align: 16}"),
    ("big sets are aligned to bytes", "orc", "as: {array: u8, bits: N, align: 8}",
     "as: {array: u8, bits: N, align: 1}"),
]


def arguments():
    parser = argparse.ArgumentParser()
    parser.add_argument("--seed", required=True)
    parser.add_argument("--count", default="80")
    options = parser.parse_args()
    options.threads = options.direct = False
    return options


def write_mutant(old, new):
    with open(MODULE, encoding="utf-8") as file:
        text = file.read()
    if text.count(old) != 1:
        sys.exit(f"{MODULE} does not say this once: {old}")
    with open("mutant.yaml", "w", encoding="utf-8") as file:
        file.write(text.replace(old, new))


def compile_sides(options, gc, made={}):  # pylint: disable=dangerous-default-value
    """Objects of both sides, made once."""
    key = options.arch, gc
    if key not in made:
        made[key] = (roundtrip.compile_c(options, gc, "gcc", "O2")
                     + roundtrip.compile_nim(options, gc, "debug"))
    return made[key]


def fails(options, objects):
    """Whether the program that is linked from `objects` ends with anything but success."""
    roundtrip.link(options, objects, "mutant")
    try:
        done = subprocess.run([*roundtrip.ARCHES[options.arch][1], "./mutant"], timeout=120,
                              stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, check=False)
    except subprocess.TimeoutExpired:
        return True
    return done.returncode != 0


def right_thunks(options, gc, made={}):  # pylint: disable=dangerous-default-value
    """Of the right description, made once."""
    key = options.arch, gc
    if key not in made:
        made[key] = roundtrip.make_thunks(options, gc, "obj", stem="-".join(key))
    return made[key]


def survives(options, gc):
    """None if the thunks of mutant.yaml fail, else how they got away."""
    module = f"./mutant.yaml:gc={gc}"
    right = right_thunks(options, gc)
    try:
        wrong = roundtrip.make_thunks(options, gc, "obj", module, "mutant-")
    except SystemExit:  # refused: said aloud
        return None
    if all(filecmp.cmp(a, b, shallow=False) for a, b in zip(right, wrong)):
        return "makes the same thunks"
    return None if fails(options, [*wrong, *compile_sides(options, gc)]) else "goes unnoticed"


def main():
    options = arguments()
    roundtrip.generate(options)
    survivors = 0
    for what, gc, old, new in MUTANTS:
        options.arch = "aarch64" if what.startswith("AArch64") else "x86_64"
        write_mutant(old, new)
        how = survives(options, gc)
        print(f"{what} ({gc}): {how or 'fails, as it must'}", flush=True)
        survivors += how is not None
    print(f"{len(MUTANTS)} wrong descriptions, {survivors} survive")
    sys.exit(1 if survivors else 0)


if __name__ == "__main__":
    main()
