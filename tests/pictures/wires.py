#!/usr/bin/env python3
"""wires.py: pictures of calls and plans have every place that `abide call` names and every step that `abide plan` lists, and curves
begin and end at places."""
import json
import os
import re
import tempfile

import picture

KINDS = os.path.join(picture.HERE, "kinds.abi.yaml")
INNER = os.path.join(picture.HERE, "inner.abi.yaml")
TARGETS = ["x86_64-linux-gnu", "aarch64-linux-gnu", "s390x-linux-gnu"]
# Steps that take something from one place to another.
MOVING = {"move", "load", "copy", "address", "keep", "convert", "return", "inner"}


def parts_of(drawn, attribute):
    return [part for part in drawn.parts if part.get(attribute) is not None]


def nodes_of(drawn):
    """{box: [texts]} of places."""
    return [(box, [t.text for t in drawn.texts() if t.part is part])
            for part in parts_of(drawn, "data-node") for box in drawn.boxes() if box.part is part]


def points_of(path):
    """Points of a path of cubic curves."""
    numbers = [float(n) for n in re.findall(r"-?\d+(?:\.\d+)?", path)]
    knots = list(zip(numbers[::2], numbers[1::2]))
    for i in range(0, len(knots) - 1, 3):
        a, b, c, d = knots[i:i + 4]
        for step in range(1, 20):
            t = step / 20
            weights = ((1 - t) ** 3, 3 * t * (1 - t) ** 2, 3 * t * t * (1 - t), t ** 3)
            yield tuple(sum(w * p[k] for w, p in zip(weights, (a, b, c, d))) for k in (0, 1))


def check_curves(drawn, nodes):
    """Each begins and ends at the side of a place, and runs behind none."""
    boxes = [box for box, _ in nodes]
    for part in parts_of(drawn, "data-wire"):
        line, head = part.findall(picture.SVG + "path") or part.findall("path")
        start = [float(n) for n in re.match(r"M(\S+) (\S+?)C", line.get("d")).groups()]
        tip = [float(n) for n in re.match(r"M(\S+) (\S+?)l", head.get("d")).groups()]
        for x, y in (start, tip):
            assert any(min(abs(x - box.x), abs(x - box.right)) <= 1 and box.y <= y <= box.bottom
                       for box in boxes), f"{line.get('d')}: nothing at {x:g},{y:g}"
        for x, y in points_of(line.get("d")):
            for box in boxes:
                assert not (box.x + 2 < x < box.right - 2 and box.y < y < box.bottom), \
                    f"{line.get('d')} runs behind {box}"


def places_of(entry):
    """Names of the registers, and of the first bytes on the stack, of an argument or result in JSON."""
    places = entry.get("pieces", []) + ([entry["pointer"]] if "pointer" in entry else [])
    names = {p["register"] for p in places if "register" in p}
    offsets = [p["stack_offset_bytes"] for p in places if "stack_offset_bytes" in p]
    return names | ({f"sp+{min(offsets)}"} if offsets else set())


def check_call(name, abi, target):
    options = ("call", KINDS, name, "--abi", abi, "--target", target)
    answer = json.loads(picture.abide(*options, "--json"))["functions"][0]
    drawn = picture.check(picture.abide(*options, "--format", "svg"))
    nodes = nodes_of(drawn)
    check_curves(drawn, nodes)
    drawn_places = {texts[0].split("..")[0] for _, texts in nodes}
    for entry in [*answer["params"], answer["result"]]:
        missing = places_of(entry) - drawn_places
        assert not missing, f"{name} {abi} {target}: {missing} not in {drawn_places}"
    places = sum(bool(places_of(entry)) for entry in [*answer["params"], answer["result"]])
    assert len(parts_of(drawn, "data-wire")) >= places, name
    assert answer["prototype"].split("(")[0] in " ".join(t.text for t in drawn.texts())


def check_plan(name, caller, callee, target, path=KINDS):
    options = ("plan", path, name, "--caller", caller, "--callee", callee, "--target", target)
    answer = json.loads(picture.abide(*options, "--json"))["functions"][0]
    drawn = picture.check(picture.abide(*options, "--format", "svg"))
    nodes = nodes_of(drawn)
    check_curves(drawn, nodes)
    titles = [part.findtext(picture.SVG + "title") for part in parts_of(drawn, "data-wire")]
    listed = " ".join(t.text for t in drawn.texts())
    for i, step in enumerate(answer["steps"], 1):
        title = f"step {i}: {step['text']}"
        kind = "address" if "store the address" in step["text"] else step["kind"]
        moves = kind in MOVING and not re.search(r"nothing|needs no place", step["text"])
        assert (title in titles) == moves, f"{options}: {title}, {step['kind']}"
        assert step["text"].split()[0] in listed, title
        assert f"{i}: {step['text']}." in drawn.words, title
    assert set(titles) <= {f"step {i}: {s['text']}" for i, s in enumerate(answer["steps"], 1)}
    check_without(options, answer)


def check_without(options, answer):
    """The sentences are there, and something is drawn as wrong only if there are some."""
    drawn = picture.check(picture.abide(*options, "--without", "--format", "svg"))
    check_curves(drawn, nodes_of(drawn))
    for sentence in answer["without"]:
        assert sentence in drawn.words, sentence
    clashes = [c for c in drawn.curves if "clash" in c]
    assert bool(answer["without"]) or not clashes, options


def check_made_up():
    """An ABI that somebody wrote, whose texts are hostile: nothing of it is taken for markup."""
    hostile = "</style><script>alert(1)</script>&\u202e"
    with tempfile.TemporaryDirectory() as folder:
        module = os.path.join(folder, "m.yaml")
        with open(module, "w", encoding="utf-8") as file:
            file.write("abide: 1\nmodule: {name: m, version: 1.0.0, level: machine, extends: c-sysv@1,"
                       f" symbol_prefix: m_, summary: '{hostile}'}}\n"
                       "banks:\n  int: {regs: r9 rdi rsi r8 rcx rdx, width: 8}\n")
        target = ("--target", "x86_64-linux-gnu")
        drawn = picture.check(picture.abide("plan", KINDS, "many", "--caller", module, "--callee",
                                            "c", *target, "--format", "svg"))
        assert "m@1.0.0" in [t.text for t in drawn.texts()]
        picture.check_page(picture.abide("call", KINDS, "--abi", module, "--abi", "system", *target,
                                         "--format", "html"))


def main():
    names = ["nothing", "get", "latest", "put", "draw", "many"]
    for i, name in enumerate(names):
        target = TARGETS[i % len(TARGETS)]
        for abi in ("c", "system", "nim-cgen"):
            if abi != "c" or name not in ("get", "put"):
                check_call(name, abi, target)
        check_plan(name, "nim-cgen", "system", target)
        check_plan(name, "system", "nim-cgen", target)
    check_plan("many", "nim-cgen", "c", TARGETS[0])
    for i, name in enumerate(["each", "keep", "visit"]):
        check_plan(name, "system", "c", TARGETS[i % len(TARGETS)], INNER)
        check_plan(name, "c", "system", TARGETS[i % len(TARGETS)], INNER)
    options = ("plan", KINDS, "--caller", "nim-cgen", "--callee", "system", "--target", TARGETS[0])
    page = picture.abide(*options, "--format", "html")
    assert len(picture.check_page(page)) == len(names)
    assert page == picture.abide(*options, "--format", "html"), "not the same twice"
    nested = os.path.join(os.environ["ABIDE_SOURCE_DIR"], "tests/scenarios/nested/nested.abi.yaml")
    drawn = picture.check(picture.abide("plan", nested, *options[2:], "--format", "svg"))
    check_curves(drawn, nodes_of(drawn))
    check_made_up()


main()
