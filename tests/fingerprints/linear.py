#!/usr/bin/env python3
"""linear.py: eight times as many types take about eight times as long, whatever refers to what.

Quadratic work would take 64 times as long; up to 24 times passes, since time is measured on machines that do other things too. What
reading the file takes is not counted. Prints milliseconds for each form; without sanitizers 100,000 types take 0.3 s in a chain.
"""
import os
import random
import resource
import subprocess
import sys

ABIDE = os.environ["ABIDE"]
SMALL, FACTOR, LIMIT, SLACK_SECONDS = 4000, 8, 24, 0.5


def chain(count):
    """Each type refers to the next one, the last one to none."""
    for i in range(count):
        yield f"t{i}: {{struct: {{a: i32, n: ptr<{f't{i + 1}' if i + 1 < count else 'u8'}>}}}}"


def ring(count):
    """The same, and the last one to the first; one differs, so that all differ, by their distance from it."""
    for i in range(count):
        yield f"t{i}: {{struct: {{a: {'i32' if i else 'i64'}, n: ptr<t{(i + 1) % count}>}}}}"


def alike(count):
    """All are the same type, told many times."""
    for i in range(count):
        yield f"t{i}: {{struct: {{a: i32, n: ptr<t{(i + 1) % count}>}}}}"


def blocks(count):
    """Long stretches of one kind, of lengths that differ by one: members are told apart late."""
    marks, at, length = set(), 0, int(count ** 0.5)
    while at < count:
        marks.add(at)
        at += length
        length += 1
    for i in range(count):
        yield f"t{i}: {{struct: {{a: {'i64' if i in marks else 'i32'}, n: ptr<t{(i + 1) % count}>}}}}"


def tangle(count):
    """Each refers to two others at random."""
    rng = random.Random(count)
    for i in range(count):
        yield (f"t{i}: {{struct: {{a: {rng.choice(['i8', 'i16', 'i32'])}, n: ptr<t{(i + 1) % count}>, "
               f"m: ptr<t{rng.randrange(count)}>, k: ref<t{rng.randrange(count)}>}}}}")


def hub(count):
    """One refers to all, and all to it."""
    fields = ", ".join(f"f{i}: ptr<t{i}>" for i in range(1, count))
    yield f"t0: {{struct: {{{fields}}}}}"
    for i in range(1, count):
        yield f"t{i}: {{struct: {{a: i{8 << i % 4}, h: ptr<t0>}}}}"


def seconds(*words):
    before = resource.getrusage(resource.RUSAGE_CHILDREN).ru_utime
    done = subprocess.run([ABIDE, *words], check=False, capture_output=True, text=True)
    if done.returncode:
        sys.exit(done.stderr)
    return resource.getrusage(resource.RUSAGE_CHILDREN).ru_utime - before


def measure(form, count):
    """Seconds beyond those of reading: fingerprints of functions that reach all types from several places."""
    path = f"{form.__name__}.abi.yaml"
    with open(path, "w", encoding="utf-8") as file:
        file.write("abide: 1\npackage: many\ntypes:\n")
        file.writelines(f"  {line}\n" for line in form(count))
        file.write("functions:\n")
        file.writelines(f"  f{i}: (x ptr<t{i * (count // 100)}>)\n" for i in range(100))
    reading = seconds("call", path, "f0")
    return max(seconds("fingerprint", path) - reading, 0)


def main():
    failed = False
    for form in (chain, ring, alike, blocks, tangle, hub):
        small, large = measure(form, SMALL), measure(form, SMALL * FACTOR)
        fine = large <= LIMIT * small + SLACK_SECONDS
        failed = failed or not fine
        print(f"{'ok  ' if fine else 'FAIL'} {form.__name__}: {1000 * small:.0f} ms of {SMALL} types, "
              f"{1000 * large:.0f} ms of {SMALL * FACTOR}")
    sys.exit(failed)


main()
