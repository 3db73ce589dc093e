#!/usr/bin/env python3
"""headers.py: headers of libraries, imported for many targets. The engine finds the layouts that clang has, and the Python
transcriber of tests/real, which reads the preprocessed text instead, comes to the same types and functions."""
import json
import os
import re
import subprocess
import sys

SOURCE = os.environ["ABIDE_SOURCE_DIR"]
sys.path.insert(0, os.path.join(SOURCE, "tests", "real"))

import transcribe

TARGETS = ["x86_64-linux-gnu", "aarch64-linux-gnu", "arm-linux-gnueabihf", "powerpc64le-linux-gnu", "s390x-linux-gnu"]
# Libraries are installed for this machine only; their headers hardly depend on it.
ELSEWHERE = ["--", "-idirafter", "/usr/include", "-idirafter", "/usr/include/x86_64-linux-gnu"]
HEADERS = [  # header, options, least numbers of types and of functions
    ("<netinet/in.h>", ["--all"], 150, 20), ("<pthread.h>", ["--all"], 80, 100), ("<sys/ucontext.h>", ["--all"], 9, 0),
    ("<elf.h>", [], 55, 0), ("<stdio.h>", ["--all"], 30, 70), ("<math.h>", ["--all"], 4, 350),
    ("<linux/bpf.h>", ["--all"], 120, 0), ("<linux/videodev2.h>", ["--all"], 250, 0),
    ("<linux/perf_event.h>", ["--all"], 50, 0), ("<linux/ethtool.h>", ["--all"], 90, 0), ("<linux/if_packet.h>", ["--all"], 15, 0),
    ("<yaml.h>", [], 40, 40), ("<popt.h>", [], 8, 35), ("<jansson.h>", [], 8, 70), ("<libelf.h>", [], 10, 60),
    ("<ffi.h>", [], 8, 15),
]
SUMMARY = re.compile(r"abide-import-c: (\d+) types and (\d+) functions; left out: (\d+) types, (\d+) functions")
# Of types: what a compiler alone decides. Functions may be static.
FEW = 2

problems = []


def run(*words):
    return subprocess.run([os.environ["ABIDE"], *words], capture_output=True, text=True, check=False, errors="replace")


def import_header(target, header, options, least_types, least_functions):
    path = f"{target}-{re.sub('[^a-z0-9]', '_', header)}.abi.yaml"
    done = run("import", "c", header, "-t", target, *options, "-o", path, *ELSEWHERE)
    found = SUMMARY.search(done.stderr)
    if done.returncode or not found:
        problems.append(f"{target} {header}: status {done.returncode}\n{done.stderr[-1500:]}")
        return None, (0, 0)
    types, functions, left_types, _ = map(int, found.groups())
    if types < least_types or functions < least_functions or left_types > FEW:
        problems.append(f"{target} {header}: {found[0]}")
    return path, (types, functions)


def fields_of(fields):
    """Names and places, those of records defined in place too."""
    found = {}
    for field in fields:
        if field.get("name"):
            found[field["name"]] = (field["offset_bits"], field["size_bits"])
    return found


def layouts(path, target):
    done = run("layout", path, "-t", target, "--json")
    if done.returncode:
        problems.append(f"layout {path}: status {done.returncode}\n{done.stderr[-800:]}")
        return {}
    return {said["name"]: (said["size_bytes"], said["align_bytes"], fields_of(said.get("fields", [])))
            for said in json.loads(done.stdout)["types"]}


def places(call):
    """Where everything of a call is, whatever its types are called."""
    values = [*call["params"], call.get("result") or {}]
    return json.dumps([call["stack"], call["variadic"], [{**value, "name": "", "type": ""} for value in values]], sort_keys=True)


def calls(path, target):
    done = run("call", path, "-t", target, "--json")
    if done.returncode:
        problems.append(f"call {path}: status {done.returncode}\n{done.stderr[-800:]}")
        return {}
    # A list of unnamed arguments is a type of its own for us, and to the transcriber what the target makes of it.
    return {said["name"]: places(said) for said in json.loads(done.stdout)["functions"]
            if not any(value["type"] == "va_list" for value in said["params"])}


def compare(target, header, path, flags):
    """The importer and the transcriber, of the same header."""
    text, error = transcribe.preprocess(["clang-19", *flags, "-std=gnu17", *ELSEWHERE[1:]], f"#include {header}\n")
    if error:
        problems.append(f"{target} {header}: {error[:300]}")
        return (0, 0)
    other = f"other-{path}"
    with open(other, "w", encoding="utf-8") as file:
        file.write(transcribe.read(text, transcribe.Unit(text, flags)).interface())
    counts = []
    for ask in layouts, calls:
        ours, theirs = ask(path, target), ask(other, target)
        both = ours.keys() & theirs.keys()
        counts.append(len(both))
        problems.extend(f"{target} {header}: {name}: {ours[name]}, transcribed {theirs[name]}"
                        for name in sorted(both) if ours[name] != theirs[name])
    return counts


def main():
    total = [0, 0, 0, 0]
    for target in TARGETS:
        for number, (header, *rest) in enumerate(HEADERS):
            path, counts = import_header(target, header, *rest)
            compared = (0, 0)
            if path and TARGETS.index(target) == number % len(TARGETS):  # each header for one target
                compared = compare(target, header, path, [f"--target={target}"])
            total = [a + b for a, b in zip(total, (*counts, *compared))]
    print(f"{total[0]} types and {total[1]} functions; {total[2]} types and {total[3]} functions are as the transcriber has them")
    if total[2] < 600 or total[3] < 500:
        problems.append("too little was compared")
    sys.exit("\n".join(problems[:30]) if problems else 0)


if __name__ == "__main__":
    main()
