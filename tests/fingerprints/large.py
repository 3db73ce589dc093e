#!/usr/bin/env python3
"""large.py [--time]: fingerprints of many types, whatever refers to what: types that are alike have one, others have others.

With --time, milliseconds of 4,000 types and of eight times as many, without those of reading the file: about eight times as long,
where quadratic work would take 64 times; a build without sanitizers needs 0.3 s for 100,000 types in a chain.
"""
import json
import os
import random
import resource
import subprocess
import sys

ABIDE = os.environ["ABIDE"]
COUNT, STARTS = 20100, 100  # the distance between starts is odd, so that hubs' types of all sizes are among them
SMALL, FACTOR = 4000, 8


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


# How many fingerprints the functions of a form have, one function for each of the STARTS.
FORMS = {chain: STARTS, ring: STARTS, alike: 1, blocks: STARTS, tangle: STARTS, hub: 5}


def write(form, count):
    """Functions reach all types from several places."""
    path = f"{form.__name__}.abi.yaml"
    with open(path, "w", encoding="utf-8") as file:
        file.write("abide: 1\npackage: many\ntypes:\n")
        file.writelines(f"  {line}\n" for line in form(count))
        file.write("functions:\n")
        file.writelines(f"  f{i}: (x ptr<t{i * (count // STARTS)}>)\n" for i in range(STARTS))
    return path


def abide(*words):
    done = subprocess.run([ABIDE, *words], check=False, capture_output=True, text=True)
    if done.returncode:
        sys.exit(done.stderr)
    return done.stdout


def check(form, wanted):
    answer = json.loads(abide("fingerprint", write(form, COUNT), "--json"))
    layouts = {function["layout"] for function in answer["functions"]}
    assert len(answer["functions"]) == STARTS
    print(f"{'ok  ' if len(layouts) == wanted else 'FAIL'} {form.__name__}: {len(layouts)} of {wanted}")
    return len(layouts) == wanted


def seconds(*words):
    before = resource.getrusage(resource.RUSAGE_CHILDREN).ru_utime
    abide(*words)
    return resource.getrusage(resource.RUSAGE_CHILDREN).ru_utime - before


def measure(form, count):
    path = write(form, count)
    reading = seconds("call", path, "f0")
    return max(seconds("fingerprint", path) - reading, 0)


def main():
    if "--time" not in sys.argv:
        sys.exit(not all([check(form, wanted) for form, wanted in FORMS.items()]))
    for form in FORMS:
        small, large = measure(form, SMALL), measure(form, SMALL * FACTOR)
        print(f"{form.__name__}: {1000 * small:.0f} ms of {SMALL} types, {1000 * large:.0f} ms of {SMALL * FACTOR}")


main()
