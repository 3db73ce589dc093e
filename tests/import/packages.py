#!/usr/bin/env python3
"""packages.py [--show] [--each] [-IDIR|-DNAME]... HEADER...: headers of libraries on their whole way through abide.

Each header (`<name.h>`, or `<name.h>:PATTERN` with what `--from` takes in besides) is imported for each target; gcc and clang prove every
layout and every way of calling (`abide verify c --interface`, on this machine); bindings of it are compiled, and their assertions hold, in
every language, and those of C for every target; and debug information that gcc and clang made of it fits the file (`import dwarf --check`).

    ABIDE=.../bin/abide python3 .../tests/import/packages.py --show '<curl/curl.h>:*/curl/*' '<archive.h>'

A long run; the tests ask about a handful of headers.
"""
import collections
import os
import re
import subprocess
import sys

DEFAULT = ["<libusb-1.0/libusb.h>", "<linux/kvm.h>:*/kvm.h"]
TARGETS = {"x86_64-linux-gnu": ["gcc"], "i386-linux-gnu": ["gcc-12", "-m32"], "aarch64-linux-gnu": ["aarch64-linux-gnu-gcc"],
           "arm-linux-gnueabihf": ["arm-linux-gnueabihf-gcc"], "s390x-linux-gnu": ["s390x-linux-gnu-gcc"],
           "riscv64-linux-gnu": ["riscv64-linux-gnu-gcc"]}
NATIVE = "x86_64-linux-gnu"
FLAGS = [word for word in sys.argv[1:] if word.startswith(("-I", "-D"))]
# Libraries are installed for this machine only; their headers hardly depend on it.
ELSEWHERE = ["-idirafter", "/usr/include", "-idirafter", "/usr/include/x86_64-linux-gnu"]
C_CHECK = ["-std=c17", "-Wall", "-Wextra", "-Werror", "-fsyntax-only", "-x", "c", "-include", "bound.h", "/dev/null"]
BINDINGS = {  # language: file, command
    "c": ("bound.h", ["gcc", *C_CHECK]),
    "cpp": ("bound.hpp", ["g++", "-std=c++17", "-Wall", "-Wextra", "-Werror", "-fsyntax-only", "-x", "c++", "-include", "bound.hpp", "/dev/null"]),
    "rust": ("bound.rs", ["rustc", "--edition", "2021", "--crate-type", "lib", "--emit", "metadata", "-D", "warnings", "bound.rs"]),
    "nim": ("bound.nim", ["nim", "check", "--hints:off", "bound.nim"]),
    "python": ("bound.py", [sys.executable, "bound.py"]),
}
COMPILERS = ["gcc", "clang-19"]
SUMMARY = re.compile(r"abide-import-c: (\d+) types and (\d+) functions; left out: (\d+) types, (\d+) functions")
CHECKED = re.compile(r"(\d+) types and (\d+) functions agree; (\d+) types and (\d+) functions do not; not in the binary: (\d+) types, (\d+) functions")

problems = []
counts = collections.Counter()
reasons = collections.Counter()


def run(*words):
    return subprocess.run(words, capture_output=True, text=True, check=False, errors="replace")


def expect(what, done, status=0):
    if done.returncode != status:
        problems.append(f"{what}: status {done.returncode}\n{(done.stderr + done.stdout)[:1500]}")
    return done.returncode == status


def general(reason):
    """A reason without names, so that alike ones are counted together."""
    return re.sub(r"'[^']*'", "'...'", re.sub(r"\d+", "N", reason))[:100]


def import_header(target, header, options, path):
    done = run(os.environ["ABIDE"], "import", "c", header, "-t", target, *options, "-o", path, "--", *FLAGS, *ELSEWHERE)
    if not expect(f"{header} for {target}", done):
        return False
    for key, count in zip(("types", "functions", "types left out", "functions left out"), SUMMARY.search(done.stderr).groups()):
        counts[key] += int(count)
    for reason in re.findall(r"warning: (.*) \[", done.stderr):
        what = reason.split(": ", 1)
        reasons[general(what[-1])] += 1
        if "--show" in sys.argv:
            print(f"{target} {header}: {reason}")
    if target != NATIVE and expect(f"bind c {header} for {target}", run(os.environ["ABIDE"], "bind", "c", path, "-t", target, "-o", "bound.h")):
        counts["bound in C for other targets"] += expect(f"{header} bound for {target}", run(*TARGETS[target], *C_CHECK))
    return True


def verify(header, path):
    done = run(os.environ["ABIDE"], "verify", "c", "--interface", path)
    if expect(f"verify {header}", done):
        for types, functions in re.findall(r"layouts of (\d+) types; (\d+) functions", done.stdout):
            counts["types proved"] += int(types)
            counts["functions proved"] += int(functions)


def bind(header, path):
    for language, (name, command) in BINDINGS.items():
        done = run(os.environ["ABIDE"], "bind", language, path, "-t", NATIVE, "-o", name)
        if expect(f"bind {language} {header}", done) and expect(f"{command[0]} {header}: {language}", run(*command)):
            with open(name, encoding="utf-8") as file:
                text = file.read()
            counts[f"left out of {language}"] += text.count("words for how it is called") + text.count("have its calling")
            counts[f"bound in {language}"] += 1


def functions_of(path):
    with open(path, encoding="utf-8") as file:
        text = file.read().partition("\nfunctions:\n")[2]
    found = []
    for name, rest in re.findall(r"^  ([^ :]+):(.*(?:\n    .*)*)", text, re.M):
        if "symbol:" not in rest:
            found.append(name.strip('"'))
    return found


def check_binaries(header, path):
    with open("used.c", "w", encoding="utf-8") as file:
        file.write(f"#include {header}\nvoid *const used[] = {{0")
        file.writelines(f",\n    (void *)&{name}" for name in functions_of(path))
        file.write("};\n")
    for compiler in COMPILERS:
        if not expect(f"{compiler} {header}", run(compiler, *FLAGS, "-w", "-g", "-fno-eliminate-unused-debug-types", "-c", "used.c", "-o", "used.o")):
            continue
        done = run(os.environ["ABIDE"], "import", "dwarf", "used.o", "--all", "--check", path)
        expect(f"{compiler} {header}: --check", done)
        found = CHECKED.search(done.stdout)
        if not found:
            problems.append(f"{compiler} {header}: --check: {done.stdout}{done.stderr[:800]}")
            continue
        for key, count in zip(("types", "functions", "types differ", "functions differ", "types missing", "functions missing"),
                              found.groups()):
            counts[f"{compiler} debug information: {key}"] += int(count)


def main():
    headers = [word for word in sys.argv[1:] if not word.startswith("-")] or DEFAULT
    for word in headers:
        header, _, pattern = word.partition(":")
        options = ["--from", pattern] if pattern else []
        before, bad = counts.copy(), len(problems)
        for target in TARGETS:
            import_header(target, header, options, "other.abi.yaml")
        path = "header.abi.yaml"
        ours = run(os.environ["ABIDE"], "import", "c", header, "--quiet", *options, "-o", path, "--", *FLAGS)
        if expect(f"{header}", ours):
            verify(header, path)
            bind(header, path)
            check_binaries(header, path)
        if "--each" in sys.argv:
            print(f"{header}: {dict(counts - before)}{'' if bad == len(problems) else ' BAD'}", flush=True)
            for problem in problems[bad:]:
                print(f"    {problem}")
    for key, count in counts.items():
        print(f"{count:6} {key}")
    for reason, count in reasons.most_common():
        print(f"{count:6} left out or opaque: {reason}")
    for kind in "types", "functions":
        if counts[f"{kind} proved"] + counts["functions proved"] < 2 * len(headers) or counts[f"gcc debug information: {kind}"] == 0:
            problems.append(f"too few {kind} were proved")
    sys.exit("\n".join(problems[:40]) if problems else 0)


if __name__ == "__main__":
    main()
