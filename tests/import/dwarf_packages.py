#!/usr/bin/env python3
"""dwarf_packages.py HEADER...: types and functions of libraries' headers, read by clang (`import c`) and from debug information that gcc
and clang made of them (`import dwarf`): both come to the same layouts and the same calling sequences.

    ABIDE=.../bin/abide python3 .../tests/import/dwarf_packages.py '<zlib.h>' '<gmp.h>' '<expat.h>'

A long run: what the tests ask is a handful of headers.
"""
import json
import os
import re
import subprocess
import sys

from answers import call, layout

DEFAULT = ["<yaml.h>", "<popt.h>", "<elf.h>"]
COMPILERS = [["gcc"], ["clang-19"]]
OF_THE_COMPILER = {"max_align_t"}  # each brings a stddef.h of its own
problems = []


def run(*words):
    return subprocess.run([os.environ["ABIDE"], *words], capture_output=True, text=True, check=False, errors="replace")


def answers(verb, path, key):
    done = run(verb, path, "--json")
    if not done.stdout:
        problems.append(f"{verb} {path}: {done.stderr[:500]}")
        return {}
    return {said["name"]: said for said in json.loads(done.stdout)[key]}


def compare(header, found, other, counts, compiler):
    for kind, ask, verb, key in ("types", layout, "layout", "types"), ("functions", call, "call", "functions"):
        ours, theirs = answers(verb, found, key), answers(verb, other, key)
        both = [name for name in (ours.keys() & theirs.keys()) - OF_THE_COMPILER
                if "size_bytes" not in ours[name] or (ours[name].get("kind") != "opaque" and theirs[name].get("kind") != "opaque")]
        counts[compiler, kind] = counts.get((compiler, kind), 0) + len(both)
        for name in sorted(both):
            if ask(ours[name]) != ask(theirs[name]):
                problems.append(f"{compiler} {header}: {name}: {ask(theirs[name])}, from debug information {ask(ours[name])}")


def check(header, counts):
    stem = re.sub("[^a-z0-9]", "_", header)
    done = run("import", "c", header, "--all", "-o", f"{stem}.c.yaml")
    if done.returncode:
        problems.append(f"{header}: {done.stderr[-400:]}")
        return
    functions = answers("call", f"{stem}.c.yaml", "functions")
    with open(f"{stem}.c", "w", encoding="utf-8") as file:
        file.write(f"#include {header}\nvoid *const used[] = {{0")
        file.writelines(f",\n    (void *)&{name}" for name in functions)
        file.write("};\n")
    for compiler in COMPILERS:
        done = subprocess.run([*compiler, "-w", "-g", "-fno-eliminate-unused-debug-types", "-c", f"{stem}.c", "-o", f"{stem}.o"],
                              capture_output=True, text=True, check=False)
        if done.returncode:
            problems.append(f"{compiler[0]} {header}: {done.stderr[:400]}")
            continue
        done = run("import", "dwarf", f"{stem}.o", "--all", "-o", f"{stem}.dwarf.yaml")
        left = [line for line in done.stderr.splitlines() if " is left out: " in line or " is opaque: " in line]
        counts[compiler[0], "left out"] = counts.get((compiler[0], "left out"), 0) + len(left)
        for line in left if "--show" in sys.argv else []:
            print(f"{compiler[0]} {header}: {line}")
        if done.returncode:
            problems.append(f"{compiler[0]} {header}: status {done.returncode}: {done.stderr[-600:]}")
        compare(header, f"{stem}.dwarf.yaml", f"{stem}.c.yaml", counts, compiler[0])


def main():
    headers = [word for word in sys.argv[1:] if not word.startswith("--")] or DEFAULT
    counts = {}
    for header in headers:
        check(header, counts)
    for (compiler, kind), count in sorted(counts.items()):
        print(f"{compiler}: {count} {kind}")
    if sum(count for (_, kind), count in counts.items() if kind == "types") < 40 * len(COMPILERS):
        problems.append("too little was compared")
    sys.exit("\n".join(problems[:30]) if problems else 0)


if __name__ == "__main__":
    main()
