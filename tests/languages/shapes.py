#!/usr/bin/env python3
"""shapes.py prototypes|layouts GC [CPU TARGET [MODULE...]]: shapes.nim and sums.nim, as the installed Nim compiles them, against
abide's answers.

prototypes  all that the generated C declares for their procs
layouts     size, alignment and offsets of every type, asked of C by a program that Nim compiles and runs
"""
import os
import re
import sys

import cdecl
import nimc

HERE = os.path.join(nimc.SOURCE_DIR, "tests/languages")
MODULES = ("shapes", "sums")
OWN = re.compile(r"(?:pn|pc|rn|rc|uc|[svklcdemu])_")
NAMES = {**nimc.NAMES, "tyObject_Option": "Option", "tyObject_Result": "Result"}


def interface(module):
    return os.path.join(HERE, f"{module}.abi.yaml")


def check_prototypes(module, abi, gc, cpu=None, target=None):
    nimc.compile_nim(os.path.join(HERE, f"{module}.nim"), gc, "--compileOnly",
                     *([f"--cpu:{cpu}"] if cpu else []))
    with open(f"cache/@m{module}.nim.c", encoding="utf-8") as file:
        emitted = nimc.prototypes(file.read(), cdecl.parse)
    emitted = {name: type_ for name, (_, type_) in emitted.items() if OWN.match(name)}
    answers = nimc.call(interface(module), abi, *(["--target", target] if target else []))
    wrong = 0
    for name in sorted(emitted.keys() | answers.keys()):
        want = emitted.get(name, "nothing")
        got = cdecl.parse(answers[name]["prototype"], NAMES)[1] if name in answers else "nothing"
        if got != want:
            wrong += 1
            print(f"{name}\n  Nim   {want}\n  abide {got}")
    print(f"{module}, {abi}: {len(emitted)} prototypes compared, {wrong} differ")
    return wrong == 0 and len(emitted) == len(answers) > 0


def questions(module, layouts):
    """A Nim program that prints what C says of every type and of its named fields."""
    lines = [f"include {module}", "proc ask() =", "  var n: int"]
    for layout in layouts:
        name = layout["name"]
        asked = [("size", f'" = sizeof(", {name}, ");"'), ("align", f'" = _Alignof(", {name}, ");"')]
        asked += [(field["name"], f'" = offsetof(", {name}, ", {field["name"]});"')
                  for field in layout.get("fields", []) if is_askable(field)]
        for what, text in asked:
            lines += [f"  {{.emit: [n, {text}].}}", f'  echo "{name} {what} ", n']
    return "\n".join([*lines, "ask()", ""])


def is_askable(field):
    return field.get("name") and not field.get("bitfield")


def check_layouts(module, abi, gc):
    layouts = nimc.layouts(interface(module), abi)
    # Refs are their targets to sizeof; RootObj is the system module's.
    layouts = [layout for layout in layouts if layout["name"] not in ("RefI3", "NodeR", "RootObj", "convo")]
    with open("asked.nim", "w", encoding="utf-8") as file:
        file.write(questions(module, layouts))
    said = {}
    for line in nimc.compile_nim("asked.nim", gc, "-r", "-d:layouts", f"--path:{HERE}").splitlines():
        name, what, value = line.split()
        said[name, what] = int(value)
    wrong = compared = 0
    for layout in layouts:
        ours = {"size": layout["size_bytes"], "align": layout["align_bytes"]}
        ours.update({field["name"]: field["offset_bits"] // 8
                     for field in layout.get("fields", []) if is_askable(field)})
        for what, value in ours.items():
            compared += 1
            if said.get((layout["name"], what)) != value:
                wrong += 1
                print(f"{layout['name']} {what}: C {said.get((layout['name'], what))}, abide {value}")
    print(f"{module}, {abi}: {compared} sizes and offsets of {len(layouts)} types compared, {wrong} differ")
    return wrong == 0 and compared > 0


def main():
    check = {"prototypes": check_prototypes, "layouts": check_layouts}[sys.argv[1]]
    gc = sys.argv[2]
    abi = f"nim-cgen:nim={nimc.nim_version()},gc={gc}"
    results = [check(module, abi, gc, *sys.argv[3:5]) for module in sys.argv[5:] or MODULES]
    sys.exit(0 if all(results) else 1)


main()
