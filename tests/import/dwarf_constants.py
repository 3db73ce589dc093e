#!/usr/bin/env python3
"""dwarf_constants.py [--seed N] [--count N]: constants in debug information.

Random constants of a header are compiled for several targets by gcc and clang, with several forms of debug information, optimized and
not: `import dwarf` has the types and values that `import c` has of the header, for which constants.py asks the compilers. What must be
left out is: addresses, which a linker fills in, volatile ones, what is not constant, what differs between units.
"""
import argparse
import os
import random
import re
import subprocess
import sys

import yaml

CLANG = ["clang-19"]
BUILDS = [  # target, compiler, flags
    ("x86_64-linux-gnu", ["gcc"], ["-g", "-O0"]),
    ("x86_64-linux-gnu", ["gcc"], ["-gdwarf-2", "-O2", "-fno-pic"]),
    ("x86_64-linux-gnu", ["gcc"], ["-gdwarf-3", "-O2", "-gz", "-shared", "-fPIC"]),
    ("x86_64-linux-gnu", ["gcc"], ["-gdwarf-4", "-O0", "-fdebug-types-section", "-shared", "-fPIC"]),
    ("x86_64-linux-gnu", CLANG, ["-g", "-O0"]),
    ("x86_64-linux-gnu", CLANG, ["-gdwarf-4", "-O2", "-shared", "-fPIC", "-fuse-ld=lld"]),
    ("i386-linux-gnu", ["gcc-12", "-m32"], ["-g", "-O0", "-fno-pic"]),
    ("i386-linux-gnu", [*CLANG, "--target=i386-linux-gnu"], ["-g", "-O2"]),
    ("aarch64-linux-gnu", ["aarch64-linux-gnu-gcc"], ["-g", "-O2"]),
    ("arm-linux-gnueabihf", ["arm-linux-gnueabihf-gcc"], ["-g", "-O0"]),
    ("s390x-linux-gnu", ["s390x-linux-gnu-gcc"], ["-g", "-O0"]),
    ("s390x-linux-gnu", ["s390x-linux-gnu-gcc"], ["-gdwarf-3", "-O2"]),
    ("s390x-linux-gnu", [*CLANG, "--target=s390x-linux-gnu"], ["-g", "-O2"]),
]
INTEGERS = {"char": 7, "signed char": 7, "unsigned char": 8, "short": 15, "unsigned short": 16, "int": 31, "unsigned": 32, "long": 31,
            "unsigned long": 32, "long long": 63, "unsigned long long": 64, "int8_t": 7, "uint8_t": 8, "int16_t": 15, "uint16_t": 16,
            "int32_t": 31, "uint32_t": 32, "int64_t": 63, "uint64_t": 64, "size_t": 32, "ptrdiff_t": 31, "number": 31, "_Bool": 1}
SIGNED = {"signed char", "short", "int", "long", "long long", "int8_t", "int16_t", "int32_t", "int64_t", "ptrdiff_t", "number"}
TEXTS = ['"plain"', '""', '"with \\"quotes\\" and \\\\"', '"two\\nlines\\t"', '"Gr\\xc3\\xb6\\xc3\\x9f"']
LEFT = """static int left_written = 3;
static const volatile int left_volatile = 4;
static const uintptr_t left_address = (uintptr_t)&left_written;
static const int left_array[2] = {1, 2};
static const long double left_long = 1.5L;
extern const int left_outside;
const int left_outside = 6;
"""
problems = []


def random_constants(rng, count):
    """(name, declaration)"""
    found = []
    for i in range(count):
        name, kind = f"k{i}", rng.randrange(10)
        if kind < 6:
            word = rng.choice(list(INTEGERS))
            bits = INTEGERS[word]
            value = rng.choice([0, 1, (1 << bits) - 1, rng.getrandbits(bits)])
            if word in SIGNED and rng.random() < 0.5:
                value = -value
            found.append((name, f"static const {word} {name} = {value}{'ull' if value >= 1 << 63 else ''};"))
        elif kind < 8:
            word = rng.choice(["float", "double"])
            value = rng.choice(["0.0", "-0.0", "1.0 / 3", "1e300 * 1e300", repr(rng.uniform(-1e6, 1e6)), repr(rng.uniform(-1, 1) * 1e-30)])
            found.append((name, f"static const {word} {name} = {value};"))
        elif kind == 8:
            found.append((name, f"static const char {name}[] = {rng.choice(TEXTS)};"))
        else:
            found.append((name, f"static const enum color {name} = {rng.choice(['RED', 'BLUE', '(enum color)77'])};"))
    return found


def write_sources(constants):
    with open("constants.h", "w", encoding="utf-8") as file:
        file.write("#include <stddef.h>\n#include <stdint.h>\ntypedef int number;\nenum color { RED = 4, BLUE };\n")
        file.writelines(f"{declaration}\n" for _, declaration in constants)
    with open("use.c", "w", encoding="utf-8") as file:
        file.write('#include "constants.h"\n' + LEFT + "static const int split = 1;\ndouble use(int i) {\n    double sum = left_volatile + left_address + left_long + left_array[i];\n")
        file.writelines(f"    sum += {name}{'[i]' if '[]' in declaration else ''};\n" for name, declaration in constants)
        file.write("    return sum + left_written++ + split;\n}\n")
    with open("more.c", "w", encoding="utf-8") as file: # constants.h in another unit, and another `split`
        file.write('#include "constants.h"\nstatic const int split = 2;\ndouble more(void) { return split + k0' + ("[0]" if "[]" in constants[0][1] else "") + "; }\n")


def run(*words):
    return subprocess.run(words, capture_output=True, text=True, check=False)


def constants_of(path):
    with open(path, encoding="utf-8") as file:
        return {name: (said["type"], said["value"]) for name, said in (yaml.load(file, yaml.BaseLoader).get("constants") or {}).items()}


def build(compiler, flags):
    """The objects or the library. A library of two units has what differs between them."""
    if "-shared" in flags:
        done = run(*compiler, *flags, "-w", "use.c", "more.c", "-nostdlib", "-o", "use.so")
        return done, "use.so"
    return run(*compiler, *flags, "-w", "-c", "use.c", "-o", "use.o"), "use.o"


def check(target, compiler, flags, wanted):
    what = " ".join([*compiler, *flags])
    done, binary = build(compiler, flags)
    if done.returncode:
        problems.append(f"{what}: {done.stderr[:500]}")
        return 0
    done = run(os.environ["ABIDE"], "import", "dwarf", binary, "-t", target, "-o", "binary.abi.yaml")
    if done.returncode:
        problems.append(f"{what}: status {done.returncode} {done.stderr[-500:]}")
        return 0
    found = constants_of("binary.abi.yaml")
    if "-shared" in flags:
        if "1 constants that have several values" not in done.stderr:
            problems.append(f"{what}: `split` has two values, and it is not said: {done.stderr[-300:]}")
    elif found.pop("split", None) != ("c_int", "1"):
        problems.append(f"{what}: no split")
    # Compilers say nothing of texts that they have put into code: of those it is said how many there are.
    absent = [name for name in wanted if name not in found and wanted[name][0] == "cstring" and "-O2" in flags]
    counted = re.search(r"(\d+) constants whose values are not in the file", done.stderr)
    if len(absent) > int(counted[1] if counted else 0):
        problems.append(f"{what}: {absent} are lost without a word: {done.stderr[-300:]}")
    problems.extend(f"{what}: {name} is {found.get(name)}, not {wanted.get(name)}" for name in sorted({*wanted, *found})
                    if name not in absent and found.get(name) != wanted.get(name))
    return len(found)


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--count", type=int, default=120)
    words = parser.parse_args()
    print(f"seed {words.seed}")
    constants = random_constants(random.Random(words.seed), words.count)
    write_sources(constants)
    wanted = {}
    for target in dict.fromkeys(build[0] for build in BUILDS):
        done = run(os.environ["ABIDE"], "import", "c", "constants.h", "-t", target, "-o", "header.abi.yaml")
        if done.returncode:
            sys.exit(done.stderr)
        wanted[target] = constants_of("header.abi.yaml")
        if len(wanted[target]) != words.count:
            problems.append(f"{target}: {len(wanted[target])} constants of the header, not {words.count}: {done.stderr[-300:]}")
    total = sum(check(target, compiler, flags, wanted[target]) for target, compiler, flags in BUILDS)
    print(f"{len(BUILDS)} binaries: {total} constants, {len(problems)} problems")
    if problems:
        sys.exit("\n".join(problems[:40]))
    # The check notices another value, another type, and what is missing.
    target, compiler, flags = BUILDS[0]
    for name, change in zip(wanted[target], (lambda said: (said[0], "77777"), lambda said: ("c_other", said[1]), lambda said: None)):
        check(target, compiler, flags, {**wanted[target], name: change(wanted[target][name])})
    if len(problems) != 3:
        sys.exit(f"changes are not noticed: {problems}")


if __name__ == "__main__":
    main()
