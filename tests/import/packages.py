#!/usr/bin/env python3
"""packages.py [OPTION]... HEADER...: headers of libraries on their whole way through abide.

A header is `<name.h>`; `<name.h>:PATTERN` with what `--from` takes in besides; or several, `<a.h>+<b.h>`, with all that they include.
For each target it is imported: clang has the layouts that the engine finds, and every function can be called. Debug information that
gcc and clang make of the header itself fits the file (`import dwarf --check`): sizes, offsets, bits, kinds. The binding of C is compiled,
and what it asserts holds, alignments too. On this machine gcc and clang prove every way of calling (`abide verify c --interface`), and
bindings of all languages are compiled.

    ABIDE=.../bin/abide python3 .../tests/import/packages.py --each '<curl/curl.h>:*/curl/*' '<archive.h>'

    --target T   these targets instead of a list; may be repeated
    --layouts    types only: no proof, no other bindings
    --spoil      each struct gets a field too many: every one must be noticed
    --least N    so many types are compared with debug information, or it is an error
    --show       each refusal; --each: figures of each header; -I DIR, -D NAME: for all headers
"""
import argparse
import collections
import json
import os
import re
import subprocess
import sys

import yaml

NATIVE = "x86_64-linux-gnu"
TARGETS = {  # compilers, of which debug information is read
    NATIVE: [["gcc"], ["clang-19"]],
    "i386-linux-gnu": [["gcc-12", "-m32"], ["clang-19", "-m32"]],
    "aarch64-linux-gnu": [["aarch64-linux-gnu-gcc"], ["clang-19", "--target=aarch64-linux-gnu"]],
    "arm-linux-gnueabihf": [["arm-linux-gnueabihf-gcc"], ["clang-19", "--target=arm-linux-gnueabihf"]],
    "riscv64-linux-gnu": [["riscv64-linux-gnu-gcc"], ["clang-19", "--target=riscv64-linux-gnu"]],
    "powerpc64le-linux-gnu": [["powerpc64le-linux-gnu-gcc"], ["clang-19", "--target=powerpc64le-linux-gnu"]],
    "s390x-linux-gnu": [["s390x-linux-gnu-gcc"], ["clang-19", "--target=s390x-linux-gnu"]],
    # There are no headers of it: clang reads those of Linux. It has no debug information in the ELF format.
    "x86_64-windows-msvc": [["clang-19", "--target=x86_64-pc-windows-msvc", "-ffreestanding"]],
}
FOREIGN = "x86_64-windows-msvc"
# Libraries are installed for this machine only; their headers hardly depend on it.
ELSEWHERE = ["-idirafter", "/usr/include", "-idirafter", "/usr/include/x86_64-linux-gnu"]
C_CHECK = ["-std=c17", "-fno-builtin", "-Wall", "-Wextra", "-Werror", "-fsyntax-only", "-x", "c", "-include", "bound.h", "/dev/null"]
BINDINGS = {  # language: file, command
    "cpp": ("bound.hpp", ["g++", "-std=c++17", "-Wall", "-Wextra", "-Werror", "-fsyntax-only", "-x", "c++", "-include", "bound.hpp", "/dev/null"]),
    "rust": ("bound.rs", ["rustc", "--edition", "2021", "--crate-type", "lib", "--emit", "metadata", "-D", "warnings", "bound.rs"]),
    "nim": ("bound.nim", ["nim", "check", "--hints:off", "bound.nim"]),
    "python": ("bound.py", [sys.executable, "bound.py"]),
}
FILE = "header.abi.yaml"
SUMMARY = re.compile(r"abide-import-c: (\d+) types, (\d+) functions and \d+ constants; left out: (\d+) types, (\d+) functions")

problems = []
counts = collections.Counter()
reasons = collections.Counter()
options = None


def run(*words):
    return subprocess.run(words, capture_output=True, text=True, check=False, errors="replace")


def abide(*words):
    return run(os.environ["ABIDE"], *words)


def expect(what, done, status=0):
    if done.returncode != status:
        problems.append(f"{what}: status {done.returncode}\n{(done.stderr + done.stdout)[:1500]}")
    return done.returncode == status


class Header:
    """What is to be imported: a name, the words of `abide import c` for it, and the text that includes it."""

    def __init__(self, word):
        self.name, _, pattern = word.partition(":")
        parts = self.name.split("+")
        self.text = "".join(f"#include {part}\n" for part in parts)
        self.options = ["--from", pattern] if pattern else ["--all"] if len(parts) > 1 else []
        self.path = self.name
        if len(parts) > 1:
            self.path = "together.h"
            with open(self.path, "w", encoding="utf-8") as file:
                file.write(self.text)

    def words(self, target):
        if target != FOREIGN:
            return [self.path, "-t", target, *self.options, "--", *options.flags, *([] if target == NATIVE else ELSEWHERE)]
        done = subprocess.run(["clang-19", "-E", "-P", *options.flags, "-x", "c", "-"], input=self.text, capture_output=True, text=True, check=True)
        with open("foreign.h", "w", encoding="utf-8") as file:
            file.write(done.stdout)
        return ["foreign.h", "-t", target, "--", "-fno-ms-compatibility"]


def without_numbers(reason):
    """Alike reasons are counted together."""
    return re.sub(r"'[^']*'", "'...'", re.sub(r"\d+", "N", reason))[:100]


def import_header(target, header):
    done = abide("import", "c", *header.words(target)[:1], "-o", FILE, *header.words(target)[1:])
    if not expect(f"{header.name} for {target}", done):
        return False
    for key, count in zip(("types", "functions", "types left out", "functions left out"), SUMMARY.search(done.stderr).groups()):
        counts[key] += int(count)
    for reason in re.findall(r"warning: (.*) \[", done.stderr):
        reasons[without_numbers(reason.split(": ", 1)[-1])] += 1
        if options.show:
            print(f"{target} {header.name}: {reason}")
    return True


# ---- debug information ---------------------------------------------------------------------------

def functions():
    """Those whose names programs can write; an object refers to them, so that its debug information has them."""
    with open(FILE, encoding="utf-8") as file:
        found = yaml.load(file, yaml.BaseLoader).get("functions", {})
    return [name for name, said in found.items() if not (isinstance(said, dict) and "symbol" in said)]


def compile_header(target, compiler, header):
    with open("used.c", "w", encoding="utf-8") as file:
        file.write(f"{header.text}void *const used[] = {{0")
        file.writelines(f",\n    (void *)&{name}" for name in functions())
        file.write("};\n")
    elsewhere = [] if target == NATIVE else ELSEWHERE
    return run(*compiler, *options.flags, *elsewhere, "-w", "-g", "-fno-eliminate-unused-debug-types", "-c", "used.c", "-o", "used.o")


def spoil(path):
    """A field more in front of each struct. Returns their names."""
    with open(FILE, encoding="utf-8") as file:
        said = yaml.load(file, yaml.BaseLoader)
    spoilt = []
    for name, entry in said["types"].items():
        if isinstance(entry, dict):
            entry.pop("expect", None)
        members = entry.get("struct") if isinstance(entry, dict) else None
        if members:
            more = {"name": "spoilt", "type": "u64"}
            entry["struct"] = [more, *members] if isinstance(members, list) else {"spoilt": "u64", **members}
            spoilt.append(name)
    with open(path, "w", encoding="utf-8") as file:
        json.dump(said, file)
    return spoilt


def check_binary(target, compiler, header):
    what = f"{' '.join(compiler)} {header.name}"
    if not expect(what, compile_header(target, compiler, header)):
        return
    path, spoilt = FILE, []
    if options.spoil:
        path = "spoilt.abi.yaml"
        spoilt = spoil(path)
    done = abide("import", "dwarf", "used.o", "--all", "-t", target, "--quiet", "--check", path, "--json")
    if not done.stdout:
        problems.append(f"{what}: {done.stderr[:1500]}")
        return
    answer = json.loads(done.stdout)
    if options.spoil:
        there = set(spoilt) - set(answer["types"]["missing"])
        counts["structs with a field too many"] += len(there)
        if answer["types"]["different"] < len(there):
            problems.append(f"{what}: of {len(there)} spoilt structs {answer['types']['different']} are noticed")
        return
    # Each compiler brings a stddef.h of its own, with a max_align_t of its own.
    wrong = [line for line in re.findall(r"error: (.*) \[binary-differs\]", done.stderr) if "max_align" not in line]
    problems.extend(f"{what}: {line}" for line in wrong[:5])
    for kind in "types", "functions":
        counts[f"{kind} as in debug information of {'gcc' if 'gcc' in compiler[0] else 'clang'}"] += answer[kind]["same"]


# ---- this machine --------------------------------------------------------------------------------

def verify(header):
    done = abide("verify", "c", "--interface", FILE)
    if expect(f"verify {header.name}", done):
        for types, called in re.findall(r"layouts of (\d+) types; (\d+) functions", done.stdout):
            counts["types proved"] += int(types)
            counts["functions proved"] += int(called)


def bind(header, target, language, name, command):
    what = f"{language} {header.name} for {target}"
    if expect(what, abide("bind", language, FILE, "-t", target, "-o", name)) and expect(what, run(*command)):
        counts[f"bound in {language}"] += 1
        with open(name, encoding="utf-8") as file:
            text = file.read()
        counts[f"functions left out in {language}"] += text.count("words for how it is called") + text.count("have its calling")


def check_target(target, header):
    if not import_header(target, header):
        return
    if target != FOREIGN:
        for compiler in TARGETS[target]:
            check_binary(target, compiler, header)
    if options.spoil:
        return
    if target == FOREIGN:  # bindings cannot tell that they are for it
        return
    bind(header, target, "c", "bound.h", [*TARGETS[target][0], *C_CHECK])
    if target == NATIVE and not options.layouts:
        verify(header)
        for language, (name, command) in BINDINGS.items():
            bind(header, target, language, name, command)


def read_words():
    parser = argparse.ArgumentParser()
    parser.add_argument("--target", action="append")
    parser.add_argument("--least", type=int, default=1)
    for flag in "layouts", "spoil", "show", "each":
        parser.add_argument(f"--{flag}", action="store_true")
    parser.add_argument("headers", nargs="+")
    flags = [word for word in sys.argv[1:] if word.startswith(("-I", "-D"))]
    found = parser.parse_args([word for word in sys.argv[1:] if word not in flags])
    found.flags = flags
    return found


def main():
    global options
    options = read_words()
    for word in options.headers:
        before, bad = counts.copy(), len(problems)
        for target in options.target or TARGETS:
            check_target(target, Header(word))
        if options.each:
            print(f"{word}: {dict(counts - before)}{'' if bad == len(problems) else ' BAD'}", flush=True)
            for problem in problems[bad:]:
                print(f"    {problem}")
    for key, count in counts.items():
        print(f"{count:6} {key}")
    for reason, count in reasons.most_common():
        print(f"{count:6} left out or opaque: {reason}")
    key = "structs with a field too many" if options.spoil else "types as in debug information of gcc"
    if counts[key] < options.least:
        problems.append(f"only {counts[key]} {key}")
    sys.exit("\n".join(problems[:40]) if problems else 0)


if __name__ == "__main__":
    main()
