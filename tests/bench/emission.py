#!/usr/bin/env python3
"""emission.py [COUNT [SHAPES...]]: the time for COUNT (10,000) thunks of one interface, beside clang -O2 on shims for the same.

Adapters by which the system's C calls functions of Microsoft's convention: a shim is one line of C, so that clang has as
little to read as can be. Signatures are drawn at random, with a seed, until so many of them have code that differs in more than
names (COUNT, and 50). Our time holds everything from the YAML text to the object file.

A script to run by hand, with a release build. All of a case runs in turns, several times, so that the machine's other work meets all
alike; what counts is the ratio of processor time (user and system) at the least of each.
"""
import os
import random
import re
import resource
import subprocess
import sys
import tempfile
import time

SOURCE = os.environ.get("ABIDE_SOURCE_DIR", os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__)))))
ABIDE = os.environ.get("ABIDE", os.path.join(SOURCE, "build/release/bin/abide"))
LLVM = os.environ.get("ABIDE_LLVM_BIN", "/usr/lib/llvm-19/bin")
SEED = 1
ROUNDS = 3
SIDES = ["many.abi.yaml", "--caller", "c", "--callee", "ms-x64-on-sysv", "-o"]
THUNK = [ABIDE, "thunk", "--prefix", "my_", *SIDES]
# The interface's word, and C's.
SCALARS = [("i8", "signed char"), ("u8", "unsigned char"), ("i16", "short"), ("u16", "unsigned short"), ("i32", "int"),
           ("u32", "unsigned"), ("i64", "long"), ("u64", "unsigned long"), ("f32", "float"), ("f64", "double"),
           ("ptr<void>", "void *")]
RECORDS = {"two_words": ["i64", "i64"], "three_words": ["i64", "i64", "i64"], "floats": ["f32", "f32", "f32"],
           "mixed": ["f64", "i32", "i16"], "small": ["u8", "i32"]}
C_OF = dict(SCALARS)


def declarations():
    interface, c = "", ""
    for name, fields in RECORDS.items():
        interface += f"  {name}: {{struct: {{{', '.join(f'f{i}: {t}' for i, t in enumerate(fields))}}}}}\n"
        c += f"typedef struct {{ {' '.join(f'{C_OF[t]} f{i};' for i, t in enumerate(fields))} }} {name};\n"
    return interface, c


def draw(rng):
    """Types of the parameters, then of the result (None: nothing)."""
    types = SCALARS + [(name, name) for name in RECORDS] * 2
    return tuple(rng.choice(types) for _ in range(rng.randint(2, 8))), rng.choice(types + [None])


def write_case(signatures):
    """The same functions as an interface file and as C."""
    types, c = declarations()
    interface = f"abide: 1\npackage: many\ntypes:\n{types}functions:\n"
    for i, (parameters, result) in enumerate(signatures):
        listed = ", ".join(f"p{k} {t[0]}" for k, t in enumerate(parameters))
        interface += f"  f{i}: ({listed}){' -> ' + result[0] if result else ''}\n"
        c_result = result[1] if result else "void"
        declared = ", ".join(f"{t[1]} p{k}" for k, t in enumerate(parameters))
        passed = ", ".join(f"p{k}" for k in range(len(parameters)))
        c += (f"__attribute__((ms_abi)) {c_result} f{i}({declared});\n"
              f"{c_result} my_f{i}({declared}) {{ {'return ' if result else ''}f{i}({passed}); }}\n")
    for path, text in (("many.abi.yaml", interface), ("many.c", c)):
        with open(path, "w", encoding="utf-8") as file:
            file.write(text)


def bodies(path):
    """The instructions of each function, but for what they call or jump to."""
    text = subprocess.run([f"{LLVM}/llvm-objdump", "-d", "--no-show-raw-insn", "--no-leading-addr", path], check=True,
                          capture_output=True, text=True).stdout
    found = {}
    for block in text.split("\n\n"):
        head, _, body = block.partition(">:\n")
        if body:
            found[head.strip("<\n ")] = re.sub(r"\b(callq?|j\w+)\s.*", r"\1", body).split("int3")[0]
    return found


def signatures(count):
    """So many whose thunks differ in more than names."""
    rng = random.Random(SEED)
    found = {}
    while len(found) < count:
        drawn = [draw(rng) for _ in range(count)]
        write_case(drawn)
        subprocess.run(THUNK + ["many.o"], check=True)
        body_of = bodies("many.o")
        for i, signature in enumerate(drawn):
            found.setdefault(body_of[f"my_f{i}"], signature)
    return list(found.values())[:count]


def measure(commands):
    """Of each command the least processor time and wall time, in seconds."""
    best = {name: (1e9, 1e9) for name in commands}
    for _ in range(ROUNDS):
        for name, command in commands.items():
            before, start = resource.getrusage(resource.RUSAGE_CHILDREN), time.perf_counter()
            subprocess.run(command, check=True)
            wall, after = time.perf_counter() - start, resource.getrusage(resource.RUSAGE_CHILDREN)
            cpu = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
            best[name] = min(best[name][0], cpu), min(best[name][1], wall)
    return best


def case(count, shape_count):
    shapes = signatures(shape_count)
    write_case([shapes[i % shape_count] for i in range(count)])
    times = measure({
        "abide thunk -j1": [*THUNK, "many.o", "-j1"],
        "abide thunk -j2": [*THUNK, "many-2.o", "-j2"],
        "abide thunk -g": [*THUNK, "many-g.o", "-g"],
        "abide plan": [ABIDE, "plan", *SIDES, "many.plan"],
        "clang -O2": [f"{LLVM}/clang", "-O2", "-w", "-c", "many.c", "-o", "many-clang.o"]})
    with open("many.o", "rb") as one, open("many-2.o", "rb") as two:
        assert one.read() == two.read(), "other bytes with two threads"
    print(f"{count} thunks of {shape_count} shapes")
    cpu_base, wall_base = times["clang -O2"]
    for name, (cpu, wall) in times.items():
        print(f"{name:16} {cpu:7.2f} s of a processor, {cpu * 1e6 / count:7.1f} us each, {cpu / cpu_base:5.3f} of clang's; "
              f"{wall:7.2f} s, {wall / wall_base:5.3f} of clang's")


def main():
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 10000
    os.chdir(tempfile.mkdtemp(prefix="abide-bench-"))
    for shape_count in [int(word) for word in sys.argv[2:]] or [count, 50]:
        case(count, shape_count)


main()
