#!/usr/bin/env python3
"""sharing.py TRIPLE SEED CALLER=CALLEE...: objects of many thunks, in which thunks of one shape share their code.

Of each pair of ABIs an interface of random functions, of which many are alike, is made in one object, and again in objects of so
few thunks that nothing is shared. Each function has to have the same bytes, relocations, unwind information and
symbol in both; and the object has to have the same bytes with any number of threads. LLVM's tools read the objects, and its linker.
"""
import os
import random
import re
import subprocess
import sys

LLVM = os.environ["ABIDE_LLVM_BIN"]
HERE = os.path.join(os.environ["ABIDE_SOURCE_DIR"], "tests/execution")
SCALARS = ["i8", "u8", "i16", "u16", "i32", "u32", "i64", "u64", "f32", "f64", "bool", "ptr<void>"]
RECORDS = {"pair": "{a: i32, b: i32}", "words": "{a: i64, b: i64, c: i64}", "floats": "{a: f32, b: f32}",
           "mixed": "{a: f64, b: i8}", "large": "{a: array<i64; 9>}"}
TYPES = "types:\n" + "".join(f"  {name}: {{struct: {fields}}}\n" for name, fields in RECORDS.items())
DISTINCT, COUNT, ALONE = 110, 240, 40  # signatures, functions, and functions of an object in which nothing is shared
failures = []


def expect(what, condition):
    if not condition:
        failures.append(what)


def run(*command):
    done = subprocess.run(command, capture_output=True, text=True)
    if done.returncode != 0:
        sys.exit(f"{' '.join(command)}: {done.stderr.strip()}")
    return done.stdout


def read(path):
    with open(path, "rb") as file:
        return file.read()


def interface(rng):
    types = SCALARS + [name for name in RECORDS]
    signatures = []
    for _ in range(DISTINCT):
        parameters = ", ".join(f"p{i} {rng.choice(types)}" for i in range(rng.randint(0, 6)))
        result = rng.choice(types + [None])
        signatures.append(f"({parameters})" + (f" -> {result}" if result else ""))
    return "abide: 1\npackage: many\n" + TYPES + "functions:\n" + "".join(
        f"  f{i}: {rng.choice(signatures)}\n" for i in range(COUNT))


def thunk(path, *options):
    run(os.environ["ABIDE"], "thunk", *options, "-o", path)


class Object:
    """What there is to compare of each function, by name, with addresses counted from its start."""

    def __init__(self, path):
        self.path, self.found, self.starts = path, {}, {}
        for line in run(f"{LLVM}/llvm-readelf", "-sW", path).splitlines():
            words = line.split()
            if len(words) == 8 and words[3] == "FUNC":
                self.starts[words[7]] = int(words[1], 16)
                self.found[words[7]] = [" ".join(words[2:6])]
        self.read_code()
        self.read_unwinding()
        self.marks = [line for line in run(f"{LLVM}/llvm-readelf", "-hnW", path).splitlines()
                      if not re.search(r"section header|Number of section", line, re.I)]
        self.align = max(int(words[-1]) for words in map(str.split, run(
            f"{LLVM}/llvm-readelf", "-SW", path).splitlines()) if ".text" in words)

    def read_code(self):
        code = run(f"{LLVM}/llvm-objdump", "-dr", "-z", self.path)
        name = None
        for line in code.splitlines():
            label = re.match(r"[0-9a-f]+ <(.*)>:$", line)
            relocation = re.match(r"\s*([0-9a-f]+):\s+(R_\w+)\s*(.*)$", line)
            bytes_there = re.match(r"\s*([0-9a-f]+): ((?:[0-9a-f]{2,8} ?)+)", line)
            goes_to = re.search(r"<([^<>+]+)>$", line)
            if label:
                name = label[1] if label[1] in self.starts else name
            elif name and relocation:
                if " to " in self.found[name][-1]:  # of something else, then
                    self.found[name][-1] = plain
                symbol = re.sub(r"^(\.text|\.L\S*|<?unnamed>?|)([+-]|$).*", "here", relocation[3].replace("*ABS*", ""))
                self.found[name].append(f"{int(relocation[1], 16) - self.starts[name]}: {relocation[2]} {symbol}")
            elif name and bytes_there and goes_to and goes_to[1] in self.starts and goes_to[1] != name:
                plain = f"{int(bytes_there[1], 16) - self.starts[name]}: {bytes_there[2].strip()}"
                self.found[name].append(f"{int(bytes_there[1], 16) - self.starts[name]}: to {goes_to[1]}")
            elif name and bytes_there:
                self.found[name].append(f"{int(bytes_there[1], 16) - self.starts[name]}: {bytes_there[2].strip()}")
        for name, lines in self.found.items():
            size = int(lines[0].split()[0], 0)
            self.found[name] = [lines[0]] + [line for line in lines[1:] if int(line.split(":")[0]) < size]

    def all_of(self, name):
        """What the function is, and functions of this object that it goes to."""
        return [self.all_of(line.split(" to ")[1]) if " to " in line else line for line in self.found[name]]

    def read_unwinding(self):
        by_start = {}
        for block in re.split(r"\n(?=[0-9a-f]{8} )", run(f"{LLVM}/llvm-dwarfdump", "--eh-frame", self.path)):
            about = re.search(r"FDE cie=[0-9a-f]+ pc=([0-9a-f]+)\.\.\.([0-9a-f]+)", block)
            if about:
                start = int(about[1], 16)
                rows = re.findall(r"^ +(0x[0-9a-f]+): (CFA.*)", block, re.M)
                by_start.setdefault(start, []).append(
                    [f"{int(about[2], 16) - start} bytes"] + [f"{int(at, 16) - start}: {row}" for at, row in rows])
        for name, start in self.starts.items():
            records = by_start.get(start, [])
            expect(f"{self.path}: {name} has {len(records)} records of unwind information", len(records) == 1)
            self.found[name] += records[0] if records else []


def compare(stem, options):
    thunk(f"{stem}.o", *options, "-j1")
    for jobs in (2, 5):
        thunk(f"{stem}-{jobs}.o", *options, f"-j{jobs}")
        expect(f"{stem}: other bytes with {jobs} threads", read(f"{stem}.o") == read(f"{stem}-{jobs}.o"))
    together = Object(f"{stem}.o")
    expect(f"{stem}: {len(together.found)} functions", len(together.found) >= COUNT)
    run(f"{LLVM}/ld.lld", "-shared", "--eh-frame-hdr", f"{stem}.o", "-o", f"{stem}.so")
    archive = f"{stem}.a"
    thunk(archive, *options)
    names = re.findall(r"^(\S+) in abide.o$", run(f"{LLVM}/llvm-nm", "--print-armap", archive), re.M)
    expect(f"{stem}: index of the archive", sorted(names) == sorted(n for n in together.starts if n.startswith("my_")))
    for first in range(0, COUNT, ALONE):
        path = f"{stem}-from-{first}.o"
        thunk(path, *options, *(f"f{i}" for i in range(first, first + ALONE)))
        apart = Object(path)
        expect(f"{path}: marks: {together.marks} {apart.marks}", together.marks == apart.marks)
        expect(f"{path}: alignment {together.align} {apart.align}", together.align == apart.align)
        for i in range(first, first + ALONE):
            one, other = together.all_of(f"my_f{i}"), apart.all_of(f"my_f{i}")
            expect(f"{path}: f{i}: {[pair for pair in zip(one, other) if pair[0] != pair[1]][:3]}", one == other)


def main():
    triple, seed = sys.argv[1], sys.argv[2]
    for number, pair in enumerate(sys.argv[3:]):
        caller, callee = (f"{HERE}/modules/{side}" if side.endswith(".yaml") else side for side in pair.split("="))
        stem = f"{triple}-{number}"
        with open(f"{stem}.abi.yaml", "w", encoding="utf-8") as file:
            file.write(interface(random.Random(f"{seed}-{pair}")))
        options = [f"{stem}.abi.yaml", "--caller", caller, "--callee", callee, "--target", triple, "--prefix", "my_"]
        compare(stem, options)
        compare(f"{stem}-cet", options + ["--cet"])
    for failure in failures[:10]:
        print(failure)
    print(f"{triple}: {len(sys.argv) - 3} pairs of ABIs, {len(failures)} failures")
    sys.exit(bool(failures))


main()
