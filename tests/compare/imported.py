#!/usr/bin/env python3
"""imported.py: the headers of programs.yaml, imported by `abide import c`, have the breaks that their descriptions by hand have."""
import json
import os
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor

import programs
from table import ABIDE, ask, compare, load

FAILURES = []


def expect(what, condition, seen=""):
    if not condition:
        FAILURES.append(what)
        print(f"FAIL {what}: {seen}")


def import_side(change, side, words):
    header, description = (f"{change['id']}.{side}.{ending}" for ending in ("h", "imported.yaml"))
    with open(header, "w", encoding="utf-8") as file:
        file.write(programs.text(change, side, "h") + "\n")
    done = subprocess.run([ABIDE, "import", "c", header, "-o", description, *words], check=False, capture_output=True, text=True, timeout=60)
    expect(f"{header} is imported", done.returncode == 0, done.stderr)
    return description


def check(change):
    targets = change.get("targets", programs.USUAL)
    words = [word for target in targets for word in ("--target", target)]
    by_hand, _, err = compare(change, *change.get("words", []), *words)
    if by_hand is None:
        expect(change["id"], False, err)
        return
    paths = [import_side(change, side, words) for side in ("old", "new")]
    out = ask("compare", *paths, "--json", *change.get("words", []), *words)[1]
    imported = json.loads(out)
    for target in targets:
        for key in ("old_programs", "new_programs"):
            found = programs.breaks(imported, target, key)
            expect(f"{change['id']}: {key}, {target}", found == programs.breaks(by_hand, target, key),
                   [f"{one['id']} {one['path']}" for one in imported["findings"]])


def main():
    changes = load("tests/compare/programs.yaml")["changes"]
    os.makedirs("imported", exist_ok=True)
    os.chdir("imported")
    with ThreadPoolExecutor(max_workers=2) as pool:
        list(pool.map(check, changes))
    print(f"{len(changes)} headers of two releases, {len(FAILURES)} failures")
    sys.exit(1 if FAILURES else 0)


main()
