#!/usr/bin/env python3
"""shared.py: the changes of tests/fingerprints, which tell what two descriptors find, judged by `abide compare`."""
import sys

from table import LEVELS, compare, load

FAILURES = []
# What descriptors find, and the least that `compare` says of it for old programs, and at all.
LEAST = {"missing": ("break", "break"), "package": ("contract", "contract"), "layout": ("compatible", "risk"),
         "contract": ("compatible", "addition"), "promises": ("contract", "contract"), "growing": ("risk", "risk")}
# A descriptor is asked about the functions that a program calls, and passes over cases of an open type that one side alone
# knows; `compare` is asked about all programs.
STRICTER = {"open-case-added-newer-program", "function-unused-removed", "function-unused-changed"}
# The library alone takes values of a closed variant that has a case more: old programs never give it.
MILDER = {"case-added-closed"}
# Fingerprints keep truth values and numbers apart; a byte that is 0 or 1 is a legal number all the same.
SAME_BYTES = {"param-bool-number"}
NOT_LOCATED = {"layout-changed", "same-bytes-different-meaning"}


def expect(what, condition, seen):
    if not condition:
        FAILURES.append(what)
        print(f"FAIL {what}: {seen}")


def check(change, abi):
    where = f"{change['id']} {abi}"
    answer, status, err = compare(change, "--abi", abi, "--target", "x86_64-linux-gnu", "--target", "arm-linux-gnueabihf")
    if answer is None:
        expect(where, False, err)
        return
    found = [(finding["id"], finding["path"], finding["old_programs"], finding["new_programs"])
             for finding in answer["findings"]]
    forward, backward = (LEVELS.index(answer[key]) for key in ("old_programs", "new_programs"))
    if change["expect"] == "fits":
        expect(f"{where}: fits", change["id"] in STRICTER or forward <= LEVELS.index("note"), found)
    else:
        least, at_all = (LEVELS.index(level) for level in LEAST[change["expect"]])
        at_all = LEVELS.index("addition") if change["id"] in MILDER | SAME_BYTES else at_all
        least = 0 if change["id"] in SAME_BYTES else least
        expect(f"{where}: {change['expect']}", forward >= least and max(forward, backward) >= at_all, found)
    expect(f"{where}: located", not NOT_LOCATED & {finding[0] for finding in found}, found)
    expect(f"{where}: status", status == (1 if max(forward, backward) >= LEVELS.index("contract") else 0), status)
    expect(f"{where}: places", all(finding["old"] or finding["new"] or finding["path"].startswith("(")
                                   for finding in answer["findings"]), found)


def main():
    changes = load("tests/fingerprints/changes.yaml")["changes"]
    asked = 0
    for change in changes:
        for abi in change.get("abis", ["c", "system"]):
            check(change, abi)
            asked += 1
    print(f"{len(changes)} changes, {asked} comparisons, {len(FAILURES)} failures")
    sys.exit(1 if FAILURES or asked < 100 else 0)


main()
