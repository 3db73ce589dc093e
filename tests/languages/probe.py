#!/usr/bin/env python3
"""probe.py: the prototypes that five builds of Nim's compiler emit for tests/data/nim-probe, against `abide call`.

All functions of all builds are compared. The data names no type behind tyArray, tySet and the tyProc of plain
function pointers, so FORMS says what they are.
"""
import os
import re
import sys

import cdecl
import nimc

DATA = os.path.join(nimc.SOURCE_DIR, "tests/data/nim-probe")
BUILDS = [("1.6.10", "orc"), ("1.6.10", "refc"), ("2.0.10", "orc"), ("2.2.0", "orc"), ("2.2.0", "refc")]
FUNCTIONS = 399
# By the type in the function's name.
FORMS = {
    "A1": "array(1; uint8_t)", "A4": "array(4; int64_t)", "arr": "array(3; uint8_t)",
    "Set8": "uint8_t", "Set9": "uint16_t", "Set17": "uint32_t", "Set33": "uint64_t",
    "Set65": "array(9; uint8_t)", "SetC": "array(32; uint8_t)",
    "NimFn": "ptr(fn(intptr_t; intptr_t))", "NFn": "ptr(fn(void; ptr(S32), ptr(S32)))",
    "CFn": "ptr(fn(S32; ptr(S32)))",
}
UNNAMED = {"tyArray", "tySet_tyInt", "tySet_tyChar", "tyProc"}


def expected(line):
    """(name, convention, canonical type) of one line of the data."""
    macro, text = line.split(" ", 1)
    function = re.search(r"(\w+)\(", text).group(1)
    names = dict(nimc.NAMES)
    names.update({"struct imp_unk": "ImpUnk", "struct imp_compl": "ImpCompl"})
    names.update({f"tyObject_{name}": name for name in re.findall(r"tyObject_(\w+)", text)})
    names.update({f"tyEnum_{name}": name for name in re.findall(r"tyEnum_(\w+)", text)})
    form = FORMS.get(function.split("_", 1)[1])
    if form:
        names.update({name: form for name in UNNAMED})
    # The name of a generic instance has lost its argument.
    names["tyObject_GenO"] = function.split("_", 1)[1]
    name, type_ = cdecl.parse(text, names)
    return name, macro[2:].lower(), type_


def main():
    wrong = compared = 0
    for version, gc in BUILDS:
        answers = nimc.call(os.path.join(DATA, "probe.abi.yaml"), f"nim-cgen:nim={version},gc={gc}",
                            "--target", "x86_64-linux-gnu")
        with open(os.path.join(DATA, f"{version}-{gc}-amd64.txt"), encoding="ascii") as lines:
            for line in lines:
                name, _, want = expected(line.strip())
                _, got = cdecl.parse(answers[name]["prototype"], nimc.NAMES)
                compared += 1
                if got != want:
                    wrong += 1
                    print(f"{version} {gc}: {name}\n  Nim   {want}\n  abide {got}")
    print(f"{compared} prototypes compared, {wrong} differ")
    sys.exit(1 if wrong or compared != FUNCTIONS * len(BUILDS) else 0)


main()
