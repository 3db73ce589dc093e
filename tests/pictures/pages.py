#!/usr/bin/env python3
"""pages.py: `abide doc` tells of every type, function and rule, carries over what the file says, and has links that lead somewhere."""
import json
import os
import re
import tempfile
import xml.etree.ElementTree as ElementTree

import picture

KINDS = os.path.join(picture.HERE, "kinds.abi.yaml")
TARGET = ("--target", "x86_64-linux-gnu")
HOSTILE = "</p></style><script>alert('&')</script>\u202e"


def parsed(page):
    return ElementTree.fromstring(page.replace("<!DOCTYPE html>\n", "", 1))


def sections(root):
    return {element.get("id"): "".join(element.itertext()) for element in root.iter("section")}


def links_to(root, kind):
    return {element.get("href")[1:] for element in root.iter("a")
            if element.get("href").startswith("#" + kind)}


def check_kinds():
    """Two ABIs: every type and function has a section and a link to it, and all pictures that differ."""
    options = ("doc", KINDS, "--abi", "system", "--abi", "nim-cgen", *TARGET)
    page = picture.abide(*options)
    pictures = picture.check_page(page)
    root, told = parsed(page), sections(parsed(page))
    text = open(KINDS, encoding="utf-8").read().split("functions:")
    types = re.findall(r"^  (\w+):", text[0], re.M)
    functions = re.findall(r"^  (\w+):", text[1].split("hooks:")[0], re.M)
    wanted = {f"type-{name}" for name in types} | {f"function-{name}" for name in functions}
    assert wanted == {name for name in told if not name.startswith("module-")}
    assert wanted == links_to(root, "type") | links_to(root, "function")
    assert len(types) + len(functions) < len(pictures) < 2 * (len(types) + len(functions))
    assert page == picture.abide(*options), "not the same twice"
    assert json.loads(picture.abide(*options, "--json"))["text"] == page
    assert picture.abide("doc", "-", *options[2:], text="".join(open(KINDS))).count("<section") == \
        page.count("<section")
    check_rules(root, told, functions)


def check_rules(root, told, functions):
    """What `abide call --trace` names as decisive has an entry, its source, and a link to the function."""
    assert {"module-system", "module-c-sysv", "module-nim-cgen"} <= set(told)
    answer = json.loads(picture.abide("call", KINDS, "--abi", "system", "--trace", "--json", *TARGET))
    entries = {}
    for section in root.iter("section"):
        for term, said in zip(section.iter("dt"), section.iter("dd")):
            if section.get("id").startswith("module-"):
                entries.setdefault("".join(term.itertext()).split("/")[-1], []).append(said)
    seen = 0
    for function in answer["functions"]:
        for entry in [*function["params"], function["result"]]:
            for decision in entry["decisions"]:
                said = [e for e in entries[decision["rule"]]
                        if (decision["source"] or "no source stated") in "".join(e.itertext())]
                linked = {a.get("href") for e in said for a in e.iter("a")}
                assert f"#function-{function['name']}" in linked, (function["name"], decision)
                seen += 1
    assert seen > 20 and len(answer["functions"]) == len(functions)


def check_adapters():
    """Between a pair: for every function and target what `abide plan` answers, or why there is none; both ABIs are the page's."""
    pair = ("--caller", "nim-cgen", "--callee", "system")
    targets = ("x86_64-linux-gnu", "aarch64-linux-gnu")
    page = picture.abide("doc", KINDS, *pair, *(word for t in targets for word in ("--target", t)))
    picture.check_page(page)
    told = sections(parsed(page))
    assert {"module-nim-cgen", "module-system"} <= set(told)
    for target in targets:
        answer = json.loads(picture.abide("plan", KINDS, *pair, "--target", target, "--json"))
        assert len(answer["functions"]) == sum(name.startswith("function-") for name in told)
        for plan in answer["functions"]:
            steps = [step["text"] for step in plan["steps"]]
            shown = told["function-" + plan["name"]]
            assert steps and all(step in shown for step in steps), (plan, shown)
            assert f"Adapter, {target}: " in shown
    assert "Adapter, " not in picture.abide("doc", KINDS, "--abi", "system", *TARGET)


def check_refused_adapters():
    with tempfile.TemporaryDirectory() as folder:
        path = os.path.join(folder, "refused.abi.yaml")
        with open(path, "w", encoding="utf-8") as file:
            file.write("abide: 1\ntypes: {big: {struct: {a: i64, b: i64, c: i64}}}\nfunctions:\n"
                       "  good: (a i32) -> i32\n  bad: (f fn(k string, b big) -> bool) -> i32\n")
        page = picture.abide("doc", path, "--caller", "nim-cgen", "--callee", "system", *TARGET, status=1)
        told = sections(parsed(page))
        assert "Adapter, " in told["function-good"] and "Adapter, " not in told["function-bad"]
        assert "cannot be adapted" in told["function-bad"] and TARGET[1] in told["function-bad"]
        picture.abide("doc", path, "--caller", "c", status=2)


def check_prose():
    """What is said of the file, of types, their parts and functions stands there, and is no markup."""
    with tempfile.TemporaryDirectory() as folder:
        path = os.path.join(folder, "said.abi.yaml")
        said = json.dumps(HOSTILE)
        with open(path, "w", encoding="utf-8") as file:
            file.write(f"""\
abide: 1
package: said
version: {said}
doc: {said}
types:
  pair: {{struct: {{a: {{type: u8, doc: {said}}}, b: u8}}, doc: {said}}}
  hue: {{enum: {{red: 1, blue: -7}}}}
  key: {{resource: said_close}}
functions:
  f:
    params: {{p: {{type: pair, doc: {said}}}, k: key}}
    returns: {{type: hue, doc: {said}}}
    doc: {said}
""")
        page = picture.abide("doc", path, "--abi", "system", *TARGET)
        picture.check_page(page)
        told = sections(parsed(page))
        shown = HOSTILE.replace("\u202e", "\ufffd")
        assert page.count(shown.split("<", 1)[0]) and "".join(parsed(page).itertext()).count(shown) == 7
        assert told["type-pair"].count(shown) == 2 and told["function-f"].count(shown) == 3
        assert "red = 1" in told["type-hue"] and "blue = -7" in told["type-hue"]
        assert {"type-pair", "type-hue", "type-key"} <= links_to(parsed(page), "type")
        assert "Known by name only" in told["type-key"]


def check_partial():
    """What has no answer is left out with a message, and the status says so; nothing is written of a file that cannot be read."""
    with tempfile.TemporaryDirectory() as folder:
        path, out = os.path.join(folder, "part.abi.yaml"), os.path.join(folder, "part.html")
        with open(path, "w", encoding="utf-8") as file:
            file.write("abide: 1\ntypes:\n  good: u8\n  bad: {struct: {a: u128}}\n"
                       "functions: {f: (b ptr<bad>) -> good, g: (b bad) -> good}\n")
        page = picture.abide("doc", path, "--target", "i386-linux-gnu", status=3)
        picture.check_page(page)
        told = sections(parsed(page))
        assert "no layout" in told["type-bad"] and "no layout" not in told["type-good"]
        assert "function-f" in told and "function-g" not in told
        with open(path, "w", encoding="utf-8") as file:
            file.write("abide: 1\ntypes: {a: nonsense}\n")
        picture.abide("doc", path, "-o", out, status=3)
        assert not os.path.exists(out)


def main():
    check_kinds()
    check_adapters()
    check_refused_adapters()
    check_prose()
    check_partial()


main()
