#!/usr/bin/env python3
"""changes.py: each change of changes.yaml is found as it says, in JSON that its schema allows, and in text; its reverse is found too.

With abidiff, libraries of the same change in C are compared by that program as well, and the table of README.md says who finds what.
"""
import json
import os
import shutil
import subprocess
import sys

import jsonschema

from table import ABIDE, LEVELS, SOURCE, ask, compare, findings_of, load, write, write_table

FAILURES = []
TARGETS = ["x86_64-linux-gnu", "aarch64-linux-gnu"]


def expect(what, condition, seen=""):
    if not condition:
        FAILURES.append(what)
        print(f"FAIL {what}: {seen}")


def words_of(change):
    words = list(change.get("words", []))
    for target in change.get("targets", TARGETS):
        words += ["--target", target]
    return words


def reversed_change(change):
    turned = {}
    for key, value in change.items():
        for one, other in (("old", "new"), ("new", "old")):
            if key == one or key.startswith(one + "_"):
                key = other + key[len(one):]
                break
        turned[key] = value
    turned["id"] = change["id"] + ".reversed"
    return turned


def status_of(answer):
    worst = max(LEVELS.index(answer[key]) for key in ("old_programs", "new_programs"))
    return 1 if worst >= LEVELS.index("contract") else 0


def check(change, schema):
    words = words_of(change)
    answer, status, err = compare(change, *words)
    if answer is None:
        expect(change["id"], False, err)
        return
    jsonschema.validate(answer, schema)
    expect(f"{change['id']}: findings", findings_of(answer) == set(change["expect"]), sorted(findings_of(answer)))
    expect(f"{change['id']}: status", status == int(change.get("status", status_of(answer))), status)
    missing = set(change.get("not_on", []))
    for finding in answer["findings"]:
        expect(f"{change['id']}: targets of {finding['path']}",
               not missing & {sight["target"] for sight in finding["targets"]}, finding["targets"])
        where = change.get("on", {}).get(finding["id"])
        expect(f"{change['id']}: where it shows", not where or where == [sight["target"] for sight in finding["targets"]],
               finding["targets"])
    status, text, _ = ask("compare", *write(change), *words)
    for part in change.get("says", []):
        expect(f"{change['id']}: text", part in text, text)
    same = write(change)[0]
    if "--new-abi" not in words:
        status, text, _ = ask("compare", same, same, *words)
        expect(f"{change['id']}: nothing changes from itself", status == 0 and "\n\n" not in text, text)
        turned, _, err = compare(reversed_change(change), *words)
        jsonschema.validate(turned, schema)
        is_found = bool(change["expect"]) and change.get("reversed") != "compatible"
        expect(f"{change['id']}: and back", bool(findings_of(turned)) == is_found, err)


# ---- beside it ----

def build(change, side):
    name = f"{change['id']}.{side}"
    with open(name + ".c", "w", encoding="utf-8") as file:
        file.write(change[side + "_c"] + "\n")
    subprocess.run(["gcc", *change.get("cc", []), "-g", "-O1", "-w", "-shared", "-fPIC", "-nostdlib", name + ".c", "-o", name + ".so"],
                   check=True)
    return name + ".so"


def abidiff(change):
    done = subprocess.run(["abidiff", build(change, "old"), build(change, "new")], check=False, capture_output=True,
                          text=True, timeout=60)
    expect(f"{change['id']}: abidiff runs", done.returncode & 3 == 0, done.stderr)
    return "found" if done.returncode & 12 else "missed"


def table_of(changes):
    lines = ["| change | `abide compare` | abidiff |", "|---|---|---|"]
    for change in changes:
        said = ", ".join(sorted({finding.split()[0] for finding in change["expect"]})) or "compatible"
        lines.append(f"| {change['id']} | {said} | {change.get('abidiff', 'C cannot say it')} |")
    return "\n".join(lines) + "\n"


def main():
    changes = load("tests/compare/changes.yaml")["changes"]
    with open(os.path.join(SOURCE, "tools", "schemas", "compare.json"), encoding="utf-8") as file:
        schema = json.load(file)
    jsonschema.Draft202012Validator.check_schema(schema)
    for change in changes:
        check(change, schema)
    expect("the table of README.md (UPDATE_GOLDEN=1 writes it)", write_table("table", table_of(changes)))
    beside = [change for change in changes if "old_c" in change]
    for change in beside:
        expect(f"{change['id']}: abidiff", abidiff(change) == change["abidiff"], "the other")
    print(f"{len(changes)} changes, {len(beside)} beside abidiff, {len(FAILURES)} failures ({ABIDE})")
    sys.exit(1 if FAILURES else 0)


if __name__ == "__main__":
    if not shutil.which("abidiff"):
        sys.exit("abidiff is missing: tools/packages.sh names its package")
    main()
