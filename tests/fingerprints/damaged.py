#!/usr/bin/env python3
"""damaged.py: `abide inspect` of files that are not what they say: an answer or a message, and nothing else."""
import os
import random
import subprocess
import sys

ABIDE = os.environ["ABIDE"]
INTERFACE = """abide: 1
package: chat
types:
  status: {enum: [offline, online], base: u8, open: true}
functions:
  close: (s status) -> u32
  send: (to ref<status>) -> u64
"""
ROUNDS = 300
FAILURES = []


def run(*words):
    done = subprocess.run(words, check=False, capture_output=True, text=True, errors="replace", timeout=60)
    return done.returncode, done.stdout, done.stderr


def inspect(what, bytes_):
    with open("damaged", "wb") as file:
        file.write(bytes_)
    status, shown, said = run(ABIDE, "inspect", "damaged")
    if status not in (0, 3) or (status == 3) != bool(said) or "Sanitizer" in said:
        FAILURES.append(what)
        print(f"FAIL {what}: {status}\n{shown[:500]}{said[:2000]}")
    return status, shown


def make(name, *flags):
    status, _, said = run(os.environ["CC"], *flags, "desc.c", "-o", name)
    if status:
        sys.exit(said)
    with open(name, "rb") as file:
        return file.read()


def main():
    with open("chat.abi.yaml", "w", encoding="utf-8") as file:
        file.write(INTERFACE)
    run(ABIDE, "fingerprint", "chat.abi.yaml", "--emit", "c", "-o", "desc.c")
    rng = random.Random(1)
    unreadable = 0
    for name, flags in (("desc.o", ["-c"]), ("desc.so", ["-shared", "-fPIC"])):
        whole = make(name, *flags)
        status, shown = inspect(f"{name} as it is", whole)
        if status or "package chat" not in shown:
            FAILURES.append(name)
        at = whole.index(b"diba") if b"diba" in whole else whole.index(b"abid\0\1")
        size = int.from_bytes(whole[at + 8:at + 12], sys.byteorder)
        for length in range(0, len(whole), max(1, len(whole) // 60)):
            inspect(f"{name} cut off after {length}", whole[:length])
        for i in range(ROUNDS):
            damaged = bytearray(whole)
            low, high = (at, at + size) if i % 2 else (0, len(whole))
            for _ in range(rng.randrange(1, 6)):
                damaged[rng.randrange(low, high)] = rng.choice([0, 1, 0x7f, 0x80, 0xff, rng.randrange(256)])
            unreadable += "no descriptor that can be read" in inspect(f"{name}, round {i}", bytes(damaged))[1]
    for text in (b"", b"\x7fELF", b"!<arch>\n", b"abid", b"\0" * 4096):
        inspect(f"the file {text[:8]}", text)
    if not unreadable:
        FAILURES.append("no damage was noticed")
    print(f"{unreadable} descriptors were refused, {len(FAILURES)} failures")
    sys.exit(1 if FAILURES else 0)


main()
