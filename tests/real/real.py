#!/usr/bin/env python3
"""real.py [--target TARGET]... [--flags FLAGS] [--keep DIR] HEADER...: real headers, asked of abide and of compilers.

Each argument is a file of C, or a header's name between <>. With --each a header is a text of its own, else as many as can be are one.
"""
import argparse
import collections
import json
import os
import subprocess
import sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "layouts"))

import probe
import transcribe

# What gcc 12 has as keywords, and what C libraries define for compilers that have not.
GCC_KEYWORDS = [f"-D_Float{n}=abide_Float{n}" for n in ("32", "64", "32x", "64x", "128", "128x")]
LARGE_BYTES = 1 << 16  # of a record whose bit-fields are not looked at: the object file would hold all of it

TARGETS = {  # what abide calls it: (options of clang, compilers)
    "x86_64-linux-gnu": ([], [["gcc"], ["clang-19"]]),
    "i386-linux-gnu": (["-m32", "-msse2"], [["gcc-12", "-m32", "-msse2"], ["clang-19", "-m32", "-msse2"]]),
    "aarch64-linux-gnu": (["--target=aarch64-linux-gnu"],
                          [["aarch64-linux-gnu-gcc"], ["clang-19", "--target=aarch64-linux-gnu"]]),
    "arm-linux-gnueabihf": (["--target=arm-linux-gnueabihf"],
                            [["arm-linux-gnueabihf-gcc"], ["clang-19", "--target=arm-linux-gnueabihf"]]),
    "riscv64-linux-gnu": (["--target=riscv64-linux-gnu"],
                          [["riscv64-linux-gnu-gcc"], ["clang-19", "--target=riscv64-linux-gnu"]]),
    "powerpc64le-linux-gnu": (["--target=powerpc64le-linux-gnu"],
                              [["powerpc64le-linux-gnu-gcc"], ["clang-19", "--target=powerpc64le-linux-gnu"]]),
    "s390x-linux-gnu": (["--target=s390x-linux-gnu"], [["s390x-linux-gnu-gcc"], ["clang-19", "--target=s390x-linux-gnu"]]),
    "mips64el-linux-gnuabi64": (["--target=mips64el-linux-gnuabi64"],
                                [["mips64el-linux-gnuabi64-gcc"], ["clang-19", "--target=mips64el-linux-gnuabi64"]]),
    "x86_64-windows-gnu": (["--target=x86_64-w64-windows-gnu"],
                           [["x86_64-w64-mingw32-gcc"], ["clang-19", "--target=x86_64-w64-windows-gnu"]]),
    # There are no headers of these: they read those of Linux.
    "x86_64-windows-msvc": (["--target=x86_64-pc-windows-msvc", "-fno-ms-compatibility"],
                            [["clang-19", "--target=x86_64-pc-windows-msvc", "-fno-ms-compatibility"]]),
    "aarch64-apple-darwin": (["--target=arm64-apple-macos"], [["clang-19", "--target=arm64-apple-macos"]]),
    "mipsel-linux-gnu": (["--target=mipsel-linux-gnu"],
                         [["mipsel-linux-gnu-gcc"], ["clang-19", "--target=mipsel-linux-gnu"]]),
    "sparc64-linux-gnu": (["--target=sparc64-linux-gnu"],
                          [["sparc64-linux-gnu-gcc"], ["clang-19", "--target=sparc64-linux-gnu"]]),
    "powerpc64-linux-gnu": (["--target=powerpc64-linux-gnu"],
                            [["powerpc64-linux-gnu-gcc"], ["clang-19", "--target=powerpc64-linux-gnu"]]),
}
FOREIGN = {"x86_64-windows-msvc": [], "aarch64-apple-darwin": []}

# Libraries are installed for this machine only; their headers hardly depend on it.
NATIVE = [word for folder in ("/usr/include", "/usr/include/x86_64-linux-gnu") for word in ("-idirafter", folder)]


class Asked:
    """A record as probe.py asks about it."""

    keyword = ""

    def __init__(self, name, c_name, paths=()):
        self.said_name, self.name, self.paths = name, c_name, paths
        # Of scalars, what they are aligned to in records: of long long on i386 that is less than alone.
        self.alignment = f"__builtin_offsetof(struct {{char a; {c_name} b;}}, b)"

    def members(self):
        return self.paths


def collect(record, fields, prefix, base_bits, answer):
    for member, said in zip(record.members, fields, strict=True):
        offset_bits = base_bits + said["offset_bits"]
        if member.name and member.bits is not None:
            answer["bits", prefix + member.name] = (offset_bits, said["size_bits"])
        elif member.name:
            answer["offset", prefix + member.name] = offset_bits // 8
        if member.inner:
            collect(member.inner, said["fields"], prefix + (f"{member.name}." if member.name else ""), offset_bits, answer)


class Run:
    def __init__(self, arguments):
        self.arguments = arguments
        self.count = collections.Counter()
        self.wrong = []      # (target, compiler, what, fact, compiler's, abide's)
        self.unsaid = collections.Counter()
        self.failed = []
        self.broken = []     # headers that clang does not read, which is nobody's fault here
        self.seen = set()    # (target, compiler, definition): what has been asked

    def abide(self, verb, path, target, abi, *more):
        command = [os.environ["ABIDE"], verb, path, "--abi", abi, "--target", target, "--format", "json", *more]
        done = subprocess.run(command, capture_output=True, text=True)
        if done.returncode not in (0, 1) or not done.stdout:
            self.failed.append((target, f"abide {verb} {path}", done.stderr[:1500]))
            return None
        if done.returncode:
            self.failed.append((target, f"abide {verb} {path}", done.stderr[:1500]))
        return json.loads(done.stdout)

    def is_new(self, *asked):
        """Headers include each other: what they have in common is asked once."""
        fresh = asked not in self.seen
        self.seen.add(asked)
        return fresh

    def text(self, name):
        if name.startswith("<"):
            return "".join(f"#include {header}\n" for header in [*self.arguments.prelude, name])
        with open(name, encoding="utf-8", errors="replace") as file:
            return file.read()

    def group(self, target, names):
        """Headers that can be in one text; where some are at odds, each half is tried alone."""
        text, unit = self.parse(target, "".join(map(self.text, names)))
        if unit.errors and len(names) > 1:
            self.group(target, names[:len(names) // 2])
            self.group(target, names[len(names) // 2:])
            return
        title = names[0] if len(names) == 1 else f"{names[0]}-and-{len(names) - 1}-more"
        self.header(target, title, text, unit)

    def parse(self, target, source):
        flags = TARGETS[target][0]
        prefix = ["clang-19", *FOREIGN.get(target, flags), "-std=gnu17", *self.arguments.flags, *NATIVE]
        text, error = transcribe.preprocess(prefix, source)
        unit = transcribe.Unit(text, flags)
        if error:
            unit.errors.insert(0, error[:300])
        return text, unit

    def header(self, target, title, text, unit):
        if unit.errors:
            self.broken.append((target, title, f"{len(unit.errors)} errors: {unit.errors[0]}"))
            return
        compilers = TARGETS[target][1]
        header = transcribe.read(text, unit)
        self.count["headers"] += 1
        for what, why in header.unsaid:
            self.unsaid[f"{why}"] += 1
            if self.arguments.verbose:
                print(f"{target}: {title}: not said: {what}: {why}")
        stem = os.path.join(self.arguments.keep, f"{target}-{title.strip('<>').replace('/', '_')}")
        with open(stem + ".abi.yaml", "w", encoding="utf-8") as file:
            file.write(header.interface())
        for compiler in compilers:
            if probe.is_installed(compiler):
                self.compare(target, title, compiler, header, text, stem)

    def compare(self, target, title, compiler, header, text, stem):
        abi = "c:compiler=clang" if "clang" in compiler[0] else "c"
        fresh = [record for record in header.records
                 if self.is_new(target, compiler[0], record.c_name, str(record.definition()))]
        sizes = [(name, c_name) for name, c_name in header.sizes.items()
                 if self.is_new(target, compiler[0], c_name, str(header.types[name]))]
        functions = [name for name, said in header.functions.items() if self.is_new(target, compiler[0], name, said)]
        if not fresh and not sizes and not functions:
            return
        said = self.abide("layout", stem + ".abi.yaml", target, abi)
        if not said:
            return
        said = {entry["name"]: entry for entry in said["types"]}
        if header.functions:
            calls = self.abide("call", stem + ".abi.yaml", target, abi)
            self.count["functions"] += len(functions) if calls else 0
        asked = [self.asked(record, said) for record in fresh] + [Asked(name, c_name) for name, c_name in sizes]
        keywords = GCC_KEYWORDS if "clang" not in compiler[0] else []
        try:
            answers = probe.ask([*compiler, *keywords, *self.arguments.compile_flags], asked, text, stem + ".c")
        except probe.Refused as why:
            self.failed.append((target, f"{title}: {compiler[0]}", str(why)[-600:]))
            return
        records = {record.name: record for record in header.records}
        self.count["types"] += len(asked)
        for record, answer in zip(asked, answers):
            self.count["facts"] += len(answer)
            entry = said[record.said_name]
            mine = {("size", ""): entry["size_bytes"], ("align", ""): entry["align_bytes"]}
            if record.said_name in records:
                collect(records[record.said_name], entry["fields"], "", 0, mine)
            if self.arguments.spoil:
                answer = {fact: value + 1 if isinstance(value, int) else (value[0] + 1, value[1]) for fact, value in answer.items()}
            for fact, value in answer.items():
                if value != mine.get(fact):
                    self.wrong.append((target, compiler[0], f"{title} {record.name}", fact, value, mine.get(fact)))

    def asked(self, record, said):
        large = said[record.name]["size_bytes"] > LARGE_BYTES
        paths = [(path, member) for path, member in record.paths() if member.bits is None or not large]
        # Of members inside of bit-fields nothing can be asked; a const member cannot be set.
        return Asked(record.name, record.c_name, paths)


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--target", action="append")
    parser.add_argument("--flags", default="", type=str)
    parser.add_argument("--compile-flags", default="", type=str)
    parser.add_argument("--keep", default=".")
    parser.add_argument("--prelude", default="", help="headers that stand before each, as <stddef.h>,<stdint.h>")
    parser.add_argument("--spoil", action="store_true", help="the compilers' answers are made wrong: each must be noticed")
    parser.add_argument("--each", action="store_true")
    parser.add_argument("--verbose", action="store_true")
    parser.add_argument("--show", type=int, default=30)
    parser.add_argument("headers", nargs="+")
    arguments = parser.parse_args()
    arguments.flags, arguments.compile_flags = arguments.flags.split(), arguments.compile_flags.split()
    arguments.prelude = [header for header in arguments.prelude.split(",") if header]
    run = Run(arguments)
    for target in arguments.target or TARGETS:
        if arguments.each:
            for name in arguments.headers:
                run.group(target, [name])
        else:
            run.group(target, arguments.headers)
    for target, what, why in run.broken:
        print(f"not read: {target}: {what}: {why}")
    for target, what, why in run.failed:
        print(f"failed: {target}: {what}: {why}")
    for what, count in run.unsaid.most_common(arguments.show):
        print(f"not said ({count}): {what}")
    kinds = collections.Counter()
    for target, compiler, what, fact, theirs, mine in run.wrong:
        kinds[target, compiler] += 1
        if kinds[target, compiler] <= arguments.show:
            print(f"wrong: {target} {compiler}: {what}: {' '.join(fact)}: {theirs}, abide {mine}")
    print(f"{run.count['headers']} texts, {run.count['types']} types, {run.count['facts']} facts, "
          f"{run.count['functions']} functions, {len(run.wrong)} wrong, {len(run.failed)} failed, {len(run.broken)} not read")
    if arguments.spoil:
        sys.exit(0 if run.count["facts"] and len(run.wrong) == run.count["facts"] else 1)
    sys.exit(1 if run.wrong or run.failed or not run.count["facts"] else 0)


if __name__ == "__main__":
    main()
