#!/usr/bin/env python3
"""matrix.py TARGET SEED FUNCTIONS FRESH CALLS COMPILER [EMULATOR...] [--module FILE]... [--only NAME,NAME] [--written COUNT]: any
convention to any.

Every ordered pair of the conventions of an architecture: all modules that fit the target, FRESH ones that are made up, COUNT of
../execution/edges/written.py, and those of --module. For each pair, thunks of FUNCTIONS random signatures are called CALLS times in all by a caller that fills all registers, and
go to a callee that leaves none as it was but for those that it has to keep (../execution/edges). Where values are, `abide
call` says; how they got there is what is tested. A signature that a convention does not have is counted, with the reason.

The table of the target goes to the README of this folder (UPDATE_GOLDEN=1), else it must be what is there.
"""
import json
import os
import random
import re
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor

import yaml

SOURCE = os.environ["ABIDE_SOURCE_DIR"]
sys.path.insert(0, os.path.join(SOURCE, "tests/execution/edges"))
import edges  # noqa: E402
import invent  # noqa: E402
import written  # noqa: E402

INTERFACE = "edges.abi.yaml"
README = os.path.join(SOURCE, "tests/matrix/README.md")
# Values of one architecture that the stubs can show: long doubles and what is in MMX registers they cannot.
SCALARS = {"i8": 1, "u8": 1, "i16": 2, "u16": 2, "i32": 4, "u32": 4, "i64": 8, "u64": 8, "f32": 4, "f64": 8}
OTHERS = {"complex<f32>": (4, [(0, 4), (4, 4)]), "complex<f64>": (8, [(0, 8), (8, 8)])}
WIDE = {"i128": (16, [(0, 16)]), "vector<f32, 4>": (16, [(0, 16)]), "vector<i16, 8>": (16, [(0, 16)])}
MOST_STACK_BYTES = 960  # of the pictures' stack


def leaves_of(types, kind, word_bytes):
    """(size, alignment, [(offset, size)]): bytes between leaves are nobody's."""
    if kind in SCALARS:
        size = SCALARS[kind]
        return size, min(size, word_bytes) if word_bytes == 4 else size, [(0, size)]
    if kind in OTHERS or kind in WIDE:
        align, leaves = (OTHERS.get(kind) or WIDE[kind])
        return leaves[-1][0] + leaves[-1][1], min(align, word_bytes) if word_bytes == 4 else align, leaves
    end, all_align, leaves = 0, 1, []
    for field in types[kind]["struct"].values():
        size, align, inner = leaves_of(types, field, word_bytes)
        end = -(-end // align) * align
        leaves += [(end + at, bytes_) for at, bytes_ in inner]
        end, all_align = end + size, max(all_align, align)
    return -(-end // all_align) * all_align, all_align, leaves


def make_interface(rng, count, has_wide):
    types, functions = {}, {}
    plain = list(SCALARS)
    for i in range(8):
        known = plain * 2 + list(OTHERS) + [name for name in types if len(types[name]["struct"]) < 4]
        fields = [rng.choice(known) for _ in range(rng.choice([1, 2, 2, 3, 4, 7]))]
        types[f"s{i}"] = {"struct": {f"m{j}": field for j, field in enumerate(fields)}}
    names = plain * 3 + list(OTHERS) + list(types) + (list(WIDE) if has_wide else [])
    for i in range(count):
        # A third has scalars alone, which every convention knows.
        choice = ["i64", "u32", "i8", "f64"] if i % 3 == 0 else names
        params = [rng.choice(choice) for _ in range(rng.choice([0, 1, 2, 3, 5, 8, 12]))]
        result = rng.choice(["void", *choice, *choice])
        listed = ", ".join(f"p{j} {kind}" for j, kind in enumerate(params))
        functions[f"f{i}"] = f"({listed})" + ("" if result == "void" else f" -> {result}")
    with open(INTERFACE, "w", encoding="utf-8") as file:
        json.dump({"abide": 1, "package": "edges", "types": types, "functions": functions}, file, indent=1)
    return types, list(functions)


def ask(*arguments):
    """(status, output, the identifier of the last diagnostic and its reason)"""
    done = subprocess.run([edges.ABIDE, *arguments], capture_output=True, text=True, check=False)
    messages = re.findall(r"error: (.*?)(?: \[([\w-]+)\])?$", done.stderr, re.MULTILINE)
    return done.returncode, done.stdout, messages[-1][0] if messages else done.stderr[-300:]


def words_of(facts, key):
    value = facts.get(key) or []
    return edges.expand(value if isinstance(value, str) else " ".join(value))


class Convention(edges.Convention):
    """A convention, the functions that it has, and why it does not have the others."""

    def __init__(self, name, reference, target, functions):
        self.title = name
        status, shown, why = ask("abi", "show", reference, "--target", target)
        self.fits = status == 0
        facts = yaml.safe_load(shown) if self.fits else {}
        super().__init__(re.sub(r"\W", "_", name), reference, words_of(facts, "preserved"))
        self.link_name = facts.get("link_name") or "$name"
        self.calls, self.reasons, self.why = {}, {}, why
        status, text, _ = ask("call", INTERFACE, "--abi", reference, "--target", target, "--json")
        if status == 0:
            self.calls = {call["name"]: call for call in json.loads(text)["functions"]}
        else:
            self.ask_each(target, functions)

    def ask_each(self, target, functions):
        with ThreadPoolExecutor(2) as pool:
            answers = pool.map(lambda name: ask("call", INTERFACE, name, "--abi", self.reference, "--target", target, "--json"), functions)
        for function, (status, text, why) in zip(functions, answers):
            if status == 0:
                self.calls[function] = json.loads(text)["functions"][0]
            else:
                self.reasons[function] = short(why)


def short(why):
    """The reason alone: not which parameter of which function."""
    match = re.search(r"that module '[^']*' does not (?:pass|return): (.*)", why)
    return match[1] if match else re.sub(r"'f\d+'", "a function", why)


def registers_of(call):
    result = call.get("result") or {}
    return {piece.get("register") for piece in result.get("pieces", [])} | {result.get("returned")}


def shown(arch, call):
    """Why the stubs cannot show a call; None: they can."""
    values = call["params"] + ([call["result"]] if call.get("result") else [])
    for value in values:
        places = value.get("pieces", []) + ([value["pointer"]] if "pointer" in value else [])
        for place in places:
            if "register" in place and (place["register"] not in arch.at or (place["register"][:2] == "st" and value is not call.get("result"))):
                return f"the stub of this test has no {place['register']}"
    return "more stack than this test looks at" if call["stack"]["argument_bytes"] > MOST_STACK_BYTES else None


def cut(value, leaves):
    """The value with its pieces cut to bytes that mean something."""
    if value["pass"] != "direct":
        return value
    pieces = []
    for piece in value.get("pieces", []):
        begin, end = piece["offset_bytes"], piece["offset_bytes"] + piece["size_bytes"]
        inside = [(max(at, begin), min(at + size, end)) for at, size in leaves if max(at, begin) < min(at + size, end)]
        if "as" in piece or (len(inside) == 1 and inside[0] == (begin, end)):
            pieces.append(piece)
            continue
        for first, last in inside:
            one = dict(piece, offset_bytes=first, size_bytes=last - first, is_cut=True)
            if "register" in piece:
                one["at_bytes"] = piece.get("at_bytes", 0) + first - begin
            else:
                one["stack_offset_bytes"] = piece["stack_offset_bytes"] + first - begin
            if last != end:
                one.pop("extend", None)
            pieces.append(one)
    return dict(value, pieces=pieces)


class Tests:
    """The C text of all tests of a target."""

    def __init__(self, arch, types):
        self.arch, self.types = arch, types
        self.lines, self.tests, self.conventions = ['#include "driver.h"'], [], {}

    def convention(self, convention, function):
        """As C: struct convention. A register of the result is not preserved."""
        call = convention.calls[function]
        kept = [name for name in convention.kept if name in self.arch.at and not self.holds(name, registers_of(call))]
        key = (convention.name, tuple(kept), call["stack"]["align_bytes"])
        if key not in self.conventions:
            self.conventions[key] = name = f"abi_{convention.name}_{len(self.conventions)}"
            places = [f"{{{self.arch.at[one][0]}, {self.arch.at[one][1]}, .number = {self.arch.numbers.get(one, -1)}}}" for one in kept]
            self.lines.append(f"static const struct place kept_{name}[] = {{{', '.join(places + ['{0}'])}}};")
            self.lines.append(f"static const struct convention {name} = {{{len(places)}, kept_{name}, {key[2]}}};")
        return self.conventions[key]

    def holds(self, name, registers):
        return any(other in self.arch.at and self.arch.at[other][0] == self.arch.at[name][0] for other in registers if other)

    def value(self, ours, theirs):
        leaves = leaves_of(self.types, ours["type"], self.arch.word)[2] if ours["type"] != "void" else []
        text = edges.value(self.arch, cut(ours, leaves), cut(theirs, leaves))
        places = ", ".join(f"{{.from = {at}, .size_bytes = {size}}}" for at, size in leaves)
        return f"{text[:-1]}, {len(leaves)}, (const struct place[]){{{places}}}}}" if leaves else text

    def add(self, caller, callee, function, thunk, repeat):
        ours, theirs = caller.calls[function], callee.calls[function]
        values = [self.value(a, b) for a, b in zip(ours["params"], theirs["params"])]
        result = (ours.get("result") or edges.NOTHING, theirs.get("result") or edges.NOTHING)
        self.lines.append(f'extern void {thunk}(void) __asm__("{caller.link_name.replace("$name", thunk)}");')
        self.tests.append(
            f'{{"{thunk}", {thunk}, &{self.convention(caller, function)}, &{self.convention(callee, function)}, {len(values)}, '
            f"(const struct value[]){{{', '.join(values) or '{0}'}}}, {self.value(*result)}, "
            f"{edges.hidden_at(self.arch, result[0])}, {edges.hidden_at(self.arch, result[1])}, {edges.popped(ours)}, "
            f"{edges.popped(theirs)}, {theirs['stack']['argument_bytes']}, {edges.x87_of(result[0])}, {edges.x87_of(result[1])}, {repeat}}}")

    def write(self):
        self.lines.append(f"const struct test tests[] = {{{', '.join(self.tests)}}};")
        self.lines.append("const size_t test_count = sizeof tests / sizeof *tests;\n")
        with open("tests.c", "w", encoding="utf-8") as file:
            file.write("\n".join(self.lines))


def emit(pair, target, functions):
    """(functions that have a thunk, reasons why others have none)"""
    caller, callee = pair
    name = f"{caller.name}__{callee.name}"
    command = ["thunk", INTERFACE, "--caller", caller.reference, "--callee", callee.reference, "--target", target,
               "--prefix", f"{name}_", "--emit", "obj", "-o", f"{name}.o"]
    if not functions or ask(*command, *functions)[0] == 0:
        return functions, {}
    reasons = {}
    for function in functions:
        status, _, why = ask(*command, function)
        if status:
            reasons[function] = re.sub(r"^(the thunk for )?'f\d+'( cannot be made)?: ", "", why)
    made = [function for function in functions if function not in reasons]
    if made and ask(*command, *made)[0]:
        sys.exit(f"{name}: thunks can be made one by one, but not together")
    return made, reasons


def write_stub(arch_name, conventions, functions):
    symbols = {convention.link_name.replace("$name", function) for convention in conventions for function in functions}
    with open("stub.S", "w", encoding="utf-8") as file:
        file.write(f'#include "{edges.HERE}/{arch_name}.S"\n        .text\n')
        file.writelines(f"        .globl {symbol}\n        .set {symbol}, picture_called\n" for symbol in sorted(symbols))


def join_marks(compiler, objects):
    """Linkers refuse to join code for soft and for hard floats (RISC-V's e_flags). Here assembly calls all of it."""
    subprocess.run([*compiler.split(), "-c", "stub.S", "-o", "stub.o"], check=True)
    with open("stub.o", "rb") as file:
        head = file.read(64)
    at = 48 if head[4] == 2 else 36
    for path in objects:
        with open(path, "r+b") as file:
            file.seek(at)
            file.write(head[at:at + 4])


def build(compiler, objects):
    join_marks(compiler, objects)
    # The objects of many pairs are too many for a command line of some systems.
    with open("objects", "w", encoding="utf-8") as file:
        file.write("\n".join(objects))
    command = [*compiler.split(), "-O1", "-funwind-tables", "-Wall", "-Wextra", "-Wno-missing-field-initializers", "-I", edges.HERE,
               f"{edges.HERE}/driver.c", "tests.c", "stub.S", "@objects", "-o", "matrix"]
    if subprocess.run(command, check=False).returncode:
        sys.exit("the test cannot be built")


def modules_of(target):
    """Machine modules that fit, each of a convention of its own, and of functions that functions call."""
    listed = json.loads(ask("abi", "list", "--json")[1])["modules"]
    names = [module["name"] for module in listed if module["level"] == "machine"]
    return [name for name in names
            if not re.search(r"^(call|return):", ask("abi", "show", name, "--target", target)[1], re.MULTILINE)]


class Table:
    def __init__(self, conventions, cells):
        self.notes, self.rows = [], []
        names = [convention.title for convention in conventions]
        self.rows.append(["caller \\ callee", *(f"`{name}`" for name in names)])
        self.rows.append(["---"] * (len(names) + 1))
        for caller in conventions:
            self.rows.append([f"`{caller.title}`"] + [self.cell(cells[caller.name, callee.name]) for callee in conventions])

    def note(self, why):
        if why not in self.notes:
            self.notes.append(why)
        return self.notes.index(why) + 1

    def cell(self, cell):
        run, reasons = cell
        if not reasons:
            return "yes"
        numbers = ", ".join(f"{number}" for number in sorted({self.note(why) for why in reasons.values()}))
        return f"{run} of {run + len(reasons)} ({numbers})"

    def text(self):
        lines = ["| " + " | ".join(row) + " |" for row in self.rows]
        return "\n".join(lines) + "\n\n" + "".join(f"{i}. {why}.\n" for i, why in enumerate(self.notes, 1))


def compare(target, text):
    with open(README, encoding="utf-8") as file:
        readme = file.read()
    mark = re.compile(rf"(<!-- matrix: {target} -->\n).*?(<!-- end -->)", re.DOTALL)
    found = mark.search(readme)
    if not found:
        sys.exit(f"README.md has no place for {target}")
    changed = readme[:found.start()] + found[1] + "\n" + text + "\n" + found[2] + readme[found.end():]
    if changed == readme:
        return
    if os.environ.get("UPDATE_GOLDEN") != "1":
        sys.exit(f"README.md does not say\n{text}")
    with open(README, "w", encoding="utf-8") as file:
        file.write(changed)


def parse(arguments):
    plain, modules, only, writes, written_count = [], [], None, True, 0
    while arguments:
        word = arguments.pop(0)
        if word == "--module":
            modules.append(arguments.pop(0))
        elif word == "--only":
            only = arguments.pop(0).split(",")
        elif word == "--written":
            written_count = int(arguments.pop(0))
        elif word == "--no-table":
            writes = False
        else:
            plain.append(word)
    return plain, modules, only, writes and not modules and only is None and not written_count, written_count


def collect(target, arch, rng, count, fresh, files, only, written_count):
    """All conventions, with what each says about the functions."""
    types, functions = make_interface(rng, count, arch.word == 8)
    base = yaml.safe_load(edges.abide("abi", "show", arch.base, "--target", target))
    references = [(name, name) for name in modules_of(target) if only is None or name in only]
    for i in range(fresh):
        module, _ = (invent if i % 2 else edges).make_module(rng, arch, f"fresh{i}")
        edges.write_module(module, base)
        references.append((f"fresh{i}", f"./fresh{i}.yaml"))
    for i in range(written_count):
        module, _ = written.make_module(rng, arch, f"written{i}", base)
        edges.write_module(module, {})
        references.append((f"written{i}", f"./written{i}.yaml"))
    references += [(os.path.basename(path).removesuffix(".yaml"), path) for path in files]
    found = [Convention(name, reference, target, functions) for name, reference in references]
    for convention in found:
        if not convention.fits and "/" in convention.reference:
            sys.exit(f"{convention.reference}: {convention.why}")
    found = [convention for convention in found if convention.fits]
    for convention in found:
        for function in list(convention.calls):
            why = shown(arch, convention.calls[function])
            if why:
                convention.reasons[function] = why
                del convention.calls[function]
    return types, functions, found


def main():
    plain, files, only, writes, written_count = parse(sys.argv[1:])
    target, seed, count, fresh, calls, compiler, *emulator = plain
    arch_name = target.split("-")[0]
    arch, rng = edges.ARCHES[arch_name], random.Random(f"matrix {arch_name} {seed}")
    types, functions, conventions = collect(target, arch, rng, int(count), int(fresh), files, only, written_count)
    pairs = [(caller, callee) for caller in conventions for callee in conventions]
    both = [[function for function in functions if function in caller.calls and function in callee.calls] for caller, callee in pairs]
    with ThreadPoolExecutor(2) as pool:
        made = list(pool.map(lambda job: emit(job[0], target, job[1]), zip(pairs, both)))
    tests, objects, cells, total = Tests(arch, types), [], {}, 0
    for (caller, callee), (run, refused) in zip(pairs, made):
        name = f"{caller.name}__{callee.name}"
        for function in run:
            tests.add(caller, callee, function, f"{name}_{function}", -(-int(calls) // len(run)))
        objects += [f"{name}.o"] if run else []
        reasons = {function: caller.reasons.get(function) or callee.reasons.get(function) or refused.get(function)
                   for function in functions if function not in run}
        cells[caller.name, callee.name] = (len(run), reasons)
        total += len(run)
        if not run:
            print(f"{caller.title} to {callee.title}: nothing is run")
    tests.write()
    write_stub(arch_name, conventions, functions)
    build(compiler, objects)
    print(f"{target}, seed {seed}: {len(conventions)} conventions, {len(pairs)} pairs, {total} thunks, {calls} calls of each pair", flush=True)
    if subprocess.run([*emulator, "./matrix", "1", seed], check=False).returncode:
        sys.exit("failed")
    table = Table(conventions, cells)
    if writes:
        compare(target, table.text())
    elif table.notes:
        print(table.text())
    print("0 wrong")


if __name__ == "__main__":
    main()
