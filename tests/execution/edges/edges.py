#!/usr/bin/env python3
"""edges.py TARGET SEED COUNT COMPILER [EMULATOR...]: thunks of conventions that nobody has ever seen.

COUNT modules are made up: registers in any order, any set of preserved ones, either side removing arguments from the stack.
Thunks between each of them and C, and between one and the next, are called by a caller that fills all registers and go to a
callee that leaves none as it was, but for those that its convention preserves. The values are looked for where `abide call`
says, so that what is tested is how they got there.
"""
import json
import os
import random
import subprocess
import sys

import yaml

HERE = os.path.dirname(os.path.abspath(__file__))
ABIDE = os.environ["ABIDE"]
FUNCTIONS = 8
GENERAL, VECTOR, X87, STACK = 0, 256, 768, 1024  # offsets of a picture: picture.h


def expand(words):
    names = []
    for word in words.split():
        first, dots, last = word.partition("..")
        stem = first.rstrip("0123456789")
        names += ([f"{stem}{i}" for i in range(int(first[len(stem):]), int(last[len(stem):]) + 1)]
                  if dots else [word])
    return names


class Arch:
    """
    `general` and `vector` name registers in the order of the stub's pictures; `-` is one that is left out. `numbers` is
    DWARF's order of the general ones, if it is another.
    """

    def __init__(self, base, word, general, vector="", low=None, boxed=False, aligns=(16,), vector_bytes=16,
                 numbers=None):
        self.base, self.word, self.boxed, self.aligns = base, word, boxed, aligns
        self.vector_bytes = vector_bytes
        self.at = {name: (GENERAL + word * i, word)
                   for i, name in enumerate(expand(general)) if name != "-"}
        self.general = list(self.at)
        self.vector = [name for name in expand(vector) if name != "-"]
        self.at.update({name: (VECTOR + 16 * i, vector_bytes)
                        for i, name in enumerate(expand(vector)) if name != "-"})
        # Halves of vector registers that conventions preserve: name and whole one.
        self.low = dict(zip(expand(low[0]), expand(low[1]))) if low else {}
        self.at.update({half: (self.at[whole][0], 8) for half, whole in self.low.items()})
        self.numbers = {name: i for i, name in enumerate(expand(numbers or general)) if name != "-"}
        self.at.update({"st0": (X87, 16), "st1": (X87 + 16, 16)})


ARCHES = {
    "x86_64": Arch("c-sysv", 8, "rax rbx rcx rdx rsi rdi rbp - r8..r15", "xmm0..xmm15", aligns=(8, 16, 16, 64),
                   numbers="rax rdx rcx rbx rsi rdi rbp - r8..r15"),
    "i386": Arch("c-sysv-i386", 4, "eax ebx ecx edx esi edi ebp", aligns=(4, 16, 16, 64),
                 numbers="eax ecx edx ebx - ebp esi edi"),
    "aarch64": Arch("aapcs64", 8, "x0..x29", "v0..v31", ("d8..d15", "v8..v15"), aligns=(16, 16, 64)),
    "riscv64": Arch("riscv64-lp64d", 8, "- - - - - t0..t2 s0 s1 a0..a7 s2..s11 t3..t6",
                    "ft0..ft7 fs0 fs1 fa0..fa7 fs2..fs11 ft8..ft11", boxed=True, vector_bytes=8),
}


class Convention:
    def __init__(self, name, reference, kept):
        self.name, self.reference, self.kept = name, reference, kept


def words(names):
    return " ".join(names)


def words_of(text_or_list):
    return text_or_list if isinstance(text_or_list, str) else words(text_or_list)


def random_preserved(rng, arch, results):
    """Any registers but those of results; C's code runs below entries, so that halves are as good as whole ones."""
    count = rng.choice([0, 3, 8, 40])
    names = arch.general + arch.vector
    free = [name for name in names if name not in results]
    chosen = rng.sample(free, min(count, len(free)))
    halves = {whole: half for half, whole in arch.low.items()}
    return [halves[name] if name in halves and rng.random() < 0.3 else name for name in chosen]


def make_module(rng, arch, name):
    ints = rng.sample(arch.general, rng.randint(1, min(9, len(arch.general))))
    floats = rng.sample(arch.vector, rng.randint(0, min(9, len(arch.vector))))
    int_results = rng.sample(arch.general, rng.randint(1, 4))
    float_results = rng.sample(arch.vector, rng.randint(1, 4)) if arch.vector else []
    align = rng.choice(arch.aligns)
    start = rng.choice([0, 0, arch.word, 32])
    kept = random_preserved(rng, arch, int_results + float_results)
    banks = {"int": {"regs": words(ints), "width": arch.word}}
    returns = {"int": {"regs": words(int_results), "width": arch.word}}
    floating = []
    if floats:
        banks["fp"] = {"regs": words(floats), "width": arch.vector_bytes}
        floating = [{"id": "float", "when": {"kind": "float", "size": "<=8"}, "pass": "whole", "in": "fp", "source": "x"}]
    results = [{"id": "float", "when": {"kind": "float", "size": "<=8"}, "pass": "whole", "in": "fp", "source": "x"}]
    returns["fp"] = ({"regs": words(float_results), "width": arch.vector_bytes} if float_results
                     else {"regs": "st0", "width": 16, "converts": 10})
    cleanup = rng.choice(["caller", "callee"])
    # What a callee removes can hold no result.
    memory = ({"pass": "stack"} if cleanup == "caller" and rng.random() < 0.4 else
              {"pass": "hidden", "in": rng.choice(["int", "stack"]), "returned": int_results[0]})
    covers = {"covers": "registers"} if rng.random() < 0.3 else {}
    split = {"split": True} if rng.random() < 0.5 else {}
    module = {
        "abide": 1,
        "module": {"name": name, "version": "1.0.0", "level": "machine", "extends": f"{arch.base}@1",
                   "summary": "made up"},
        "banks": banks,
        "return_banks": returns,
        "stack": {"slot": arch.word, "min_align": arch.word, "max_align": arch.word, "align": align, "start": start, "home": start,
                  "cleanup": cleanup, "order": rng.choice(["first", "last"]), **covers},
        "args": floating + [
            {"id": "registers", "when": {"size": f"<={4 * arch.word}"}, "pass": "chunks", "in": "int", "source": "x",
             **split},
            {"id": "stack", "pass": "stack", "source": "x"}],
        "returns": results + [
            {"id": "registers", "when": {"size": f"<={2 * arch.word}"}, "pass": "chunks", "in": "int", "source": "x"},
            {"id": "memory", **memory, "source": "x"}],
        "extend": rng.choice(["none", "type32", "type64"]),
        "variadic": None, "special": None, "preserved": words(kept),
    }
    return module, kept


def write_module(module, inherited):
    """JSON is YAML; banks that the base has besides are taken out."""
    for key in ("banks", "return_banks"):
        for bank in inherited.get(key) or {}:
            module[key].setdefault(bank, None)
    for key in [key for key, value in module.items() if value is None and key not in inherited]:
        del module[key]
    with open(f"{module['module']['name']}.yaml", "w", encoding="utf-8") as file:
        json.dump(module, file, indent=1)


SCALARS = {"i8": 1, "u8": 1, "i16": 2, "u16": 2, "i32": 4, "u32": 4, "i64": 8, "u64": 8, "f32": 4, "f64": 8}


def make_interface(rng):
    types, functions = {}, {}
    for i in range(5):
        fields = [rng.choice(list(SCALARS)) for _ in range(rng.choice([1, 2, 3, 4, 7]))]
        types[f"s{i}"] = {"struct": {f"m{j}": field for j, field in enumerate(fields)}}
    types["huge"] = {"struct": {f"m{j}": "u64" for j in range(24)}}
    names = list(SCALARS) * 2 + [name for name in types if name != "huge"]
    for i in range(FUNCTIONS):
        params = [rng.choice(names) for _ in range(rng.choice([0, 1, 2, 3, 5, 8, 12]))]
        if rng.random() < 0.1:
            params.append("huge")
        result = rng.choice(["void", *names, *names])
        listed = ", ".join(f"p{j} {kind}" for j, kind in enumerate(params))
        functions[f"f{i}"] = f"({listed})" + ("" if result == "void" else f" -> {result}")
    with open("edges.abi.yaml", "w", encoding="utf-8") as file:
        json.dump({"abide": 1, "package": "edges", "types": types, "functions": functions}, file, indent=1)


def abide(*arguments):
    done = subprocess.run([ABIDE, *arguments], capture_output=True, text=True)
    if done.returncode:
        sys.exit(f"abide {' '.join(arguments)}\n{done.stdout[-2000:]}{done.stderr}")
    return done.stdout


def calls_of(convention, target):
    """What `abide call` says, by function."""
    text = abide("call", "edges.abi.yaml", "--abi", convention.reference, "--target", target, "--json")
    return {function["name"]: function for function in json.loads(text)["functions"]}


def place(arch, piece):
    """As C: struct place."""
    size, start = piece["size_bytes"], piece["offset_bytes"]
    extend, extent, converted = 0, 0, "as" in piece
    if "register" in piece:
        at, width = arch.at[piece["register"]]
        at += piece.get("at_bytes", 0)
        if arch.boxed and piece["register"] in arch.vector and size < width and not piece.get("is_cut"):
            extend, extent = "'b'", width
    else:
        at = STACK + piece["stack_offset_bytes"]
    if piece.get("extend") in ("zero", "sign"):
        extend, extent = f"'{piece['extend'][0]}'", piece["extend_bits"] // 8
    return f"{{{at}, {size}, {start}, {extend}, {extent}, {int(converted)}}}"


def side(arch, value):
    if value["pass"] in ("direct", "ignore"):
        places = [place(arch, piece) for piece in value.get("pieces", [])]
        is_address = 0
    else:
        pointer = value["pointer"]
        if value["pass"] == "hidden":
            pointer = {"register": value["returned"]} if value.get("returned") else None
        places = [place(arch, {**pointer, "offset_bytes": 0, "size_bytes": arch.word})] if pointer else []
        is_address = 1
    array = f"(const struct place[]){{{', '.join(places)}}}" if places else "0"
    return f"{{{is_address}, {len(places)}, {array}}}"


def hidden_at(arch, result):
    if result["pass"] != "hidden":
        return 0
    pointer = result["pointer"]
    return arch.at[pointer["register"]][0] if "register" in pointer else STACK + pointer["stack_offset_bytes"]


def popped(function):
    stack = function["stack"]
    return ((stack["argument_bytes"] if stack.get("cleanup") == "callee" else 0) +
            stack.get("callee_pops_bytes", 0))


def x87_of(result):
    return sum(piece.get("register") in ("st0", "st1") for piece in result.get("pieces", []))


def value(arch, ours, theirs):
    return (f"{{{ours['size_bytes']}, {int(ours['type'] in ('f32', 'f64'))}, "
            f"{side(arch, ours)}, {side(arch, theirs)}}}")


NOTHING = {"pass": "ignore", "size_bytes": 0, "type": "void"}


def write_tests(arch, pairs, calls):
    lines = ['#include "driver.h"']
    tests = []
    for convention in calls:
        kept = [f"{{{arch.at[name][0]}, {arch.at[name][1]}, .number = {arch.numbers.get(name, -1)}}}"
                for name in convention.kept if name in arch.at]
        lines.append(f"static const struct place kept_{convention.name}[] = {{{', '.join(kept + ['{0}'])}}};")
        align = next(iter(calls[convention].values()))["stack"]["align_bytes"]
        lines.append(f"static const struct convention abi_{convention.name} = {{{len(kept)}, "
                     f"kept_{convention.name}, {align}}};")
    for caller, callee in pairs:
        for name, ours in calls[caller].items():
            theirs = calls[callee][name]
            thunk = f"{caller.name}_{callee.name}_{name}"
            lines.append(f"void {thunk}(void);")
            values = [value(arch, a, b) for a, b in zip(ours["params"], theirs["params"])]
            result = (ours.get("result") or NOTHING, theirs.get("result") or NOTHING)
            tests.append(
                f'{{"{thunk}", {thunk}, &abi_{caller.name}, &abi_{callee.name}, {len(values)}, '
                f"(const struct value[]){{{', '.join(values) or '{0}'}}}, {value(arch, *result)}, "
                f"{hidden_at(arch, result[0])}, {hidden_at(arch, result[1])}, {popped(ours)}, {popped(theirs)}, "
                f"{theirs['stack']['argument_bytes']}, {x87_of(result[0])}, {x87_of(result[1])}}}")
    lines.append(f"const struct test tests[] = {{{', '.join(tests)}}};")
    lines.append("const size_t test_count = sizeof tests / sizeof *tests;\n")
    with open("tests.c", "w", encoding="utf-8") as file:
        file.write("\n".join(lines))


def write_stub(arch_name):
    with open("stub.S", "w", encoding="utf-8") as file:
        file.write(f'#include "{HERE}/{arch_name}.S"\n        .text\n')
        for i in range(FUNCTIONS):
            file.write(f"        .globl f{i}\n        .set f{i}, picture_called\n")


def main():
    target, seed, count, compiler, *emulator = sys.argv[1:]
    print(f"{target}, seed {seed}: {count} conventions", flush=True)
    arch_name = target.split("-")[0]
    arch, rng = ARCHES[arch_name], random.Random(f"{arch_name} {seed}")
    base = yaml.safe_load(abide("abi", "show", arch.base, "--target", target))
    c = Convention("c", arch.base, expand(words_of(base["preserved"])))
    made = []
    make_interface(rng)
    for i in range(int(count)):
        module, kept = make_module(rng, arch, f"m{i}")
        write_module(module, base)
        made.append(Convention(f"m{i}", f"./m{i}.yaml", kept))
    calls = {convention: calls_of(convention, target) for convention in [c, *made]}
    pairs = [pair for one in made for pair in ((c, one), (one, c))]
    pairs += list(zip(made, made[1:]))
    objects = []
    for number, (caller, callee) in enumerate(pairs):
        name = f"{caller.name}_{callee.name}"
        protection = ["--cet"] if number % 2 else []  # landing pads and signatures change no values, nor unwinding
        abide("thunk", "edges.abi.yaml", "--caller", caller.reference, "--callee", callee.reference, "--target", target,
              "--prefix", f"{name}_", "--emit", "obj", *protection, "-o", f"{name}.o")
        objects.append(f"{name}.o")
    write_tests(arch, pairs, calls)
    write_stub(arch_name)
    command = [*compiler.split(), "-O1", "-funwind-tables", "-Wall", "-Wextra", "-Wno-missing-field-initializers", "-I", HERE, f"{HERE}/driver.c",
               "tests.c", "stub.S", *objects, "-o", "edges"]
    if subprocess.run(command).returncode or subprocess.run([*emulator, "./edges", "20", seed]).returncode:
        sys.exit(f"{target}, seed {seed}: failed")
    print(f"{len(pairs)} pairs, {len(pairs) * FUNCTIONS} thunks")


if __name__ == "__main__":
    main()
