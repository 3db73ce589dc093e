#!/usr/bin/env python3
"""dwarf_hostile.py [--seed SEED] [--count N]: binaries whose bytes are wrong end in an answer or in status 3, soon, whatever is wrong."""
import argparse
import os
import random
import subprocess
import sys

LIMIT_SECONDS = 30
# Types that refer to each other in every way, and what a reader that trusts them would run into for ever.
EXTRA = """
struct list {struct list *next; union {struct list *a[3]; int (*f)(struct list, ...);};};
typedef int (*nest)(int (*)(int (*)(struct list *), double), const char *const *);
enum e {A, B = -5, C = 0x7fffffff}; struct b {unsigned a : 3; int : 0; enum e b : 7; nest n; float _Complex z; long m[2][3][4];};
nest f(struct b b, struct list *l, enum e e) {return b.n;}
"""
FORMS = [["gcc", "-g"], ["gcc", "-gdwarf-4", "-fdebug-types-section", "-shared", "-fPIC"], ["clang-19", "-g", "-O1"],
         ["gcc", "-g", "-gz"], ["g++", "-g", "-x", "c++"]]


def build():
    with open("types.c", "w", encoding="utf-8") as file:
        file.write(EXTRA)
    binaries = []
    for number, form in enumerate(FORMS):
        path = f"good{number}"
        words = [*form, "-w", "types.c", "-o", path]
        subprocess.run(words if "-shared" in form else [*words[:1], "-c", *words[1:]], check=True)
        with open(path, "rb") as file:
            binaries.append(file.read())
    return binaries


def spoil(good, chance):
    """A few bytes changed, copied or swapped, or the end cut off."""
    data = bytearray(good)
    for _ in range(chance.choice([1, 1, 2, 4, 16, 64])):
        at = chance.randrange(len(data))
        kind = chance.randrange(4)
        if kind == 0:
            data[at] ^= 1 << chance.randrange(8)
        elif kind == 1:
            data[at] = chance.choice([0, 1, 0x7f, 0x80, 0xff, chance.randrange(256)])
        else:
            length = chance.randrange(1, 9)
            source = chance.randrange(len(data))
            data[at:at + length] = data[source:source + length]
    return bytes(data[:chance.randrange(len(data))]) if chance.randrange(12) == 0 else bytes(data)


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--seed", default="1")
    parser.add_argument("--count", type=int, default=40)
    arguments = parser.parse_args()
    chance = random.Random(arguments.seed)
    program = os.path.join(os.path.dirname(os.environ["ABIDE"]), "abide-import-dwarf")
    binaries = build()
    answers = 0
    for number in range(arguments.count):
        with open("spoilt", "wb") as file:
            file.write(spoil(binaries[number % len(binaries)], chance))
        try:
            done = subprocess.run([program, "spoilt"], capture_output=True, timeout=LIMIT_SECONDS, check=False)
        except subprocess.TimeoutExpired:
            sys.exit(f"seed {arguments.seed}, number {number}: no answer after {LIMIT_SECONDS} seconds")
        answers += done.returncode == 0
        if done.returncode not in (0, 3) or (done.returncode == 3 and done.stdout):
            os.rename("spoilt", f"spoilt-{arguments.seed}-{number}")
            sys.exit(f"seed {arguments.seed}, number {number}: status {done.returncode}\n{done.stderr.decode(errors='replace')[-3000:]}")
    print(f"seed {arguments.seed}: {arguments.count} binaries, {answers} answers")
    if not answers or answers == arguments.count:
        sys.exit("too little was spoilt, or all of it")


if __name__ == "__main__":
    main()
