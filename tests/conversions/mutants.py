#!/usr/bin/env python3
"""
The matrix notices mistakes: thunks made from a wrong description of an ABI, one mistake each, all fail.

    mutants.py --seed N [--count 8] [--pairs sys-c,...]

Each pair is a test of its own (CMakeLists.txt), so that they run side by side.
"""
import os
import re
import subprocess
import sys

import matrix
from model import Interface

LANGUAGE, MACHINE = (os.path.join(matrix.SOURCE, "abi-specs", folder) for folder in ("language", "machine"))
OWNER = "{pointer: {opaque: sys_owner}, mutable: true}, part: owner}"
SEQ = """  seq:  # [L10]
    struct:
      - {name: ptr, type: mutptr<T>, part: ptr, parameter: $p}
"""
SEQ_LEN = "      - {name: len, type: size, part: len, parameter: $p_len}\n"
SEQ_OWNER = f"      - {{name: owner, type: {OWNER}\n"
BARE = "    - {when: {bare: true}, as: {tag: [u8]}}\n    - as:\n        struct:\n"
PAYLOAD = "          - {name: payload, type: {union: [cases]}, part: payload}\n"
# (what is said wrong, the pair, the module, its text, what stands there instead)
MUTANTS = [
    ("owner and length of a list are swapped", "sys-c", "system", SEQ + SEQ_LEN + SEQ_OWNER, SEQ + SEQ_OWNER + SEQ_LEN),
    ("an option has the tags of its cases swapped", "c-sys", "system", PAYLOAD + "  result:",
     PAYLOAD + "        tags: {none: 1, some: 0}\n  result:"),
    ("a result has the tags of its cases swapped", "c-sys", "system", PAYLOAD + "\nflatten:",
     PAYLOAD + "        tags: {ok: 1, err: 0}\n\nflatten:"),
    ("strings have no niche", "sys-c", "system", "[function, cstring, string, string0, slice", "[function, cstring, string0, slice"),
    ("three words fit, not four", "sys-c", "system", "{id: words, when: {flat: \"<=4\"}", "{id: words, when: {flat: \"<=3\"}"),
    ("pairs are returned through memory", "c-sys", "system", "{id: pair, when: {flat: 2}", "{id: pair, when: {flat: 99}"),
    ("the tag is not returned", "sys-c", "system", "    returns: tag\n", ""),
    ("the out pointer comes first", "sys-c", "system", "order: [self, params, out", "order: [self, out, params"),
    ("enums are one byte", "c-sys", "system", "enum: {tag: [u32, i32, u64, i64]}", "enum: {tag: [u8, i16, u32, i32, u64]}"),
    ("nobody releases what is owned", "sys-c", "system", "seq, box]}, make: {allocate: allocate}, drop: owner",
     "seq, box]}, make: {allocate: allocate}, drop: nothing"),
    ("the environment comes first", "sys-c", "system", "params, out, env", "env, params, out"),
    ("C's slices start with the length", "sys-c", "c-common", "  slice:\n    struct:\n"
     "      - {name: ptr, type: mutptr<T>, part: ptr, parameter: $p}\n" + SEQ_LEN, "  slice:\n    struct:\n" + SEQ_LEN +
     "      - {name: ptr, type: mutptr<T>, part: ptr, parameter: $p}\n"),
    ("C frees nothing", "sys-c", "c-common", "     drop: {release: release}", "     drop: nothing"),
    ("C's options start with the value", "c-sys", "c-common",
     "          - {name: has, type: bool, part: tag}\n          - {name: value, type: {case: some}, part: payload}\n",
     "          - {name: value, type: {case: some}, part: payload}\n          - {name: has, type: bool, part: tag}\n"),
    ("C's tags are one byte", "c-sys", "c-common", "tag: [c_uint]}, part: tag}\n" + PAYLOAD + "  # raw",
     "tag: [u8]}, part: tag}\n" + PAYLOAD + "  # raw"),
    ("Nim's results have ok first", "sys-orc", "nim-cgen", "tags: {err: 0, ok: 1}", "tags: {err: 1, ok: 0}"),
    ("Nim's procs take all that is given", "sys-orc", "nim-cgen", "consumes:\n  - {param_fact: sink}", "consumes:\n  - {mode: in}"),
    ("Nim's lists drop nothing", "sys-orc", "nim-cgen", "drop: {call: drop_seq}", "drop: nothing"),
    ("Nim's strings drop nothing", "sys-orc", "nim-cgen", "drop: {call: drop_string}", "drop: nothing"),
    ("Nim's options start with has", "orc-sys", "nim-cgen",
     "          - {name: val, type: {case: some}, part: payload}\n          - {name: has, type: bool, part: tag}\n",
     "          - {name: has, type: bool, part: tag}\n          - {name: val, type: {case: some}, part: payload}\n"),
]


def write_mutant(module, old, new):
    """mutant/MODULE.yaml"""
    with open(os.path.join(MACHINE if module == "c-common" else LANGUAGE, f"{module}.yaml"), encoding="utf-8") as file:
        text = file.read()
    if text.count(old) != 1:
        sys.exit(f"{module}.yaml does not say this once, but {text.count(old)} times: {old}")
    os.makedirs("mutant", exist_ok=True)
    for name in os.listdir("mutant"):
        os.remove(os.path.join("mutant", name))
    with open(f"mutant/{module}.yaml", "w", encoding="utf-8") as file:
        file.write(text.replace(old, new))


class Sides:
    """Both sides of a pair are compiled once, with the thunks of the right descriptions."""

    def __init__(self, options, interface, pair):
        self.right = matrix.Pair(options, interface, *pair.split("-"))
        self.right.make_thunks()
        self.right.write_sides()
        self.objects = self.right.objects("gcc", "O0")
        if not self.right.execute(self.objects, self.right.thunk_object("obj"), "right")[0]:
            sys.exit(f"{pair} fails without a mutant")

    def survives(self, module):
        """None if the thunks of the mutant fail, else how they got away."""
        pair = self.right
        refs = {"system": ("sys", "./mutant/system.yaml"), "nim-cgen": (pair.nim, f"./mutant/nim-cgen.yaml:gc={pair.nim}")}
        pair.references = dict([refs[module]] if module in refs else [])
        pair.words = ["-I", "mutant"]
        done = pair.thunk("obj", "mutant.o")
        if done.returncode:
            return f"makes no thunks: {done.stdout[:300]}"
        program = "./mutant.run"
        matrix.must(["gcc", "-fsanitize=address", *self.objects, "mutant.o", "-o", program, "-lm", "-ldl", "-pthread"])
        try:
            done = subprocess.run([program, "3"], timeout=60, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, check=False)
        except subprocess.TimeoutExpired:
            return None
        return "goes unnoticed" if done.returncode == 0 else None


def main():
    sys.argv += ["--rounds", "3"]
    options = matrix.arguments()
    interface = Interface(options.seed, options.count)
    with open(os.path.join(matrix.HERE, "CMakeLists.txt"), encoding="utf-8") as file:
        tests = re.search(r"foreach\(pair ([^)]*)\)", file.read())[1].split()
    untested = {pair for _, pair, *_ in MUTANTS} - set(tests)
    wanted = [mutant for mutant in MUTANTS if tuple(mutant[1].split("-")) in options.pairs]
    if untested or not wanted:
        sys.exit(f"no test has the mutants of {', '.join(sorted(untested))}" if untested else "no mutant is of these pairs")
    sides, survivors = {}, 0
    for what, pair, module, old, new in wanted:
        write_mutant(module, old, new)
        if pair not in sides:
            sides[pair] = Sides(options, interface, pair)
        how = sides[pair].survives(module)
        survivors += how is not None
        print(f"{what} ({pair}): {how or 'noticed, as it must be'}", flush=True)
    print(f"{len(wanted)} wrong descriptions, {survivors} survive")
    sys.exit(1 if survivors else 0)


if __name__ == "__main__":
    main()
