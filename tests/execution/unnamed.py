#!/usr/bin/env python3
"""Functions with unnamed arguments, called through thunks: random parameters, random arguments behind them.

    unnamed.py TRIPLE SEED COUNT "COMPILER" [EMULATOR [lists]]

Five ways: the callee takes a va_list; the same from another ABI of the architecture (of words alone); a caller with parameters
calls a function with dots; the reverse; and dots on both sides. `lists`: callees that take a va_list alone, where LLVM starts one
only behind some named arguments (more of them are integers then); what it refuses is left out. ABIDE is the command.
"""
import json
import os
import random
import shlex
import subprocess
import sys
import tempfile

# abide, C, how C passes it behind dots, whether it fits into a slot of eight bytes
NAMED = [("i8", "signed char"), ("u16", "unsigned short"), ("c_int", "int"), ("i64", "long long"),
         ("f32", "float"), ("f64", "double"), ("ptr<void>", "void *"), ("pair", "pair"),
         ("floats", "floats"), ("large", "large"), ("c_longdouble", "long double")]
UNNAMED = [("c_int", "int"), ("i64", "long long"), ("f64", "double"), ("ptr<void>", "void *"),
           ("pair", "pair"), ("floats", "floats"), ("large", "large"),
           ("c_longdouble", "long double")]
TYPES = """  pair: {struct: {a: i64, b: i64}}
  floats: {struct: {x: f64, y: f64}}
  large: {struct: {a: i64, b: f64, c: i32}}
  listed: {struct: {a: i8, list: va_list, b: i8}}
"""
C_TYPES = """#include <stdarg.h>
#include <stdio.h>
#include <string.h>
typedef struct { long long a, b; } pair;
typedef struct { double x, y; } floats;
typedef struct { long long a; double b; int c; } large;
typedef struct { signed char a; va_list list; signed char b; } listed;
static int failures;
static void fail(const char *what) { printf("%s is wrong\\n", what); failures++; }
"""
# Callers of the other ABI of an architecture, and how C says so.
FOREIGN = {"x86_64": ("ms-x64-on-sysv", "__attribute__((ms_abi)) ")}


def constant(chance, c_type):
    small = chance.randrange(1, 100)
    number = chance.randrange(-2**31, 2**31)
    return {"signed char": f"((signed char){small})", "unsigned short": f"((unsigned short){small * 500})",
            "int": f"({number})", "long long": f"({number * 4294967311}LL)", "float": f"{small}.5f",
            "double": f"{number}.25", "long double": f"{number}.125L", "void *": f"((void *){small}L)",
            "pair": f"((pair){{{number}, {small}}})", "floats": f"((floats){{{small}.5, {number}.0}})",
            "large": f"((large){{{small}, {number}.5, {number}}})"}[c_type]


def same(c_type, value, expected):
    members = {"pair": "ab", "floats": "xy", "large": "abc"}.get(c_type)
    if not members:
        return f"{value} == {expected}"
    return " && ".join(f"{value}.{m} == {expected}.{m}" for m in members)


class Function:
    def __init__(self, chance, index, way, only_lists=False):
        self.name, self.way = f"f{index}", way
        words = way == "words"
        kinds = UNNAMED[:4] if words else UNNAMED
        self.named = [chance.choice(NAMED[:7] if words else NAMED if not only_lists or chance.random() < 0.05 else NAMED[:4])
                      for _ in range(chance.choice([1, 1, 2, 3, 5, 8, 12]))]
        self.unnamed = [chance.choice(kinds) for _ in range(chance.choice([0, 1, 2, 4, 8, 16]))]
        if way in ("described", "parameters") and not self.unnamed:
            self.unnamed = [kinds[0]]
        self.values = [constant(chance, c) for _, c in self.named + self.unnamed]
        self.result = chance.choice([("c_int", "int"), ("f64", "double"), ("pair", "pair")])
        self.answer = constant(chance, self.result[1])

    def describe(self):
        named = ", ".join(f"p{i} {a}" for i, (a, _) in enumerate(self.named))
        extra = ", ".join(a for a, _ in self.unnamed) if self.way in ("described", "parameters") else ""
        key = {"list": ", unnamed: va_list", "words": ", unnamed: words",
               "parameters": ", unnamed: parameters"}.get(self.way, "")
        return f'  {self.name}: {{sig: "({named}, ...{" " + extra if extra else ""}) -> {self.result[0]}", ' \
               f'symbol: impl_{self.name}{key}}}\n'

    def prototype(self, name, has_dots, ending):
        params = [f"{c} p{i}" for i, (_, c) in enumerate(self.named)]
        if not has_dots and not ending:
            params += [f"{c} p{i + len(self.named)}" for i, (_, c) in enumerate(self.unnamed)]
        return f"{self.result[1]} {name}({', '.join(params + ([ending] if ending else []))})"

    def callee(self):
        takes_list, takes_dots = self.way in ("list", "words"), self.way in ("described", "dots")
        ending = "va_list ap" if takes_list else "..." if takes_dots else None
        text = self.prototype(f"impl_{self.name}", takes_dots, ending) + "\n{\n"
        if takes_dots:
            text += f"    va_list ap;\n    va_start(ap, p{len(self.named) - 1});\n"
        for i, (_, c) in enumerate(self.named + self.unnamed):
            if i >= len(self.named) and ending:
                text += f"    {c} p{i} = va_arg(ap, {c});\n"
            text += f'    if (!({same(c, f"p{i}", self.values[i])})) fail("{self.name}, {self.way}: argument {i}");\n'
        return text + ("    va_end(ap);\n" if takes_dots else "") + f"    return {self.answer};\n}}\n"

    def caller(self, convention):
        has_dots = self.way != "described"
        text = self.prototype("thunk_" + self.name, has_dots, "..." if has_dots else None)
        call = f"thunk_{self.name}({', '.join(self.values)})"
        return f"extern {convention}{text};\n", \
               f'    {{ {self.result[1]} r = {call}; if (!({same(self.result[1], "r", self.answer)})) ' \
               f'fail("{self.name}, {self.way}: the result"); }}\n'


def run(command):
    done = subprocess.run(command, capture_output=True, text=True, timeout=600, check=False)
    if done.returncode:
        sys.exit(f"{command[0]}: {done.stdout[-2000:]}{done.stderr[-3000:]}")
    return done.stdout


def is_possible(abide, folder, function, triple):
    """Whether LLVM starts its list."""
    with open(f"{folder}/one.abi.yaml", "w", encoding="utf-8") as file:
        file.write("abide: 1\ntypes:\n" + TYPES + "functions:\n" + function.describe())
    done = subprocess.run([abide, "thunk", f"{folder}/one.abi.yaml", "--target", triple, "--caller", "c", "--callee", "c", "--prefix", "thunk_",
                           "-o", f"{folder}/one.o"], capture_output=True, text=True, timeout=60, check=False)
    if done.returncode and "LLVM cannot start a list" not in done.stderr:
        sys.exit(done.stderr)
    return done.returncode == 0


def list_checks(abide, interface, triple):
    """What C has to say about the size of a list and where it lies."""
    answer = json.loads(run([abide, "layout", interface, "listed", "--target", triple, "--abi", "c", "--json"]))
    layout = answer["types"][0]
    checks = [("sizeof(listed)", layout["size_bytes"])]
    checks += [(f"__builtin_offsetof(listed, {field['name']})", field["offset_bits"] // 8) for field in layout["fields"]]
    return "".join(f'_Static_assert({what} == {number}, "va_list");\n' for what, number in checks)


def main():
    triple, seed, count, compiler = sys.argv[1], int(sys.argv[2]), int(sys.argv[3]), shlex.split(sys.argv[4])
    emulator, only_lists = sys.argv[5:6], sys.argv[6:7] == ["lists"]
    abide, chance = os.environ["ABIDE"], random.Random(f"{triple} {seed}")
    foreign = FOREIGN.get(triple.split("-")[0])
    ways = ["list"] if only_lists else ["list", "described", "parameters", "dots"] + (["words"] if foreign else [])
    functions = [Function(chance, i, chance.choice(ways), only_lists) for i in range(count)]
    with tempfile.TemporaryDirectory() as folder:
        objects, declared, calls = [], "", ""
        functions = [f for f in functions if not only_lists or is_possible(abide, folder, f, triple)]
        if len(functions) < count / 3:
            sys.exit(f"LLVM can start {len(functions)} lists of {count}")
        for group, caller, convention in [("c", "c", ""), ("words", foreign and foreign[0], foreign and foreign[1])]:
            own = [f for f in functions if (f.way == "words") == (group == "words")]
            if not own:
                continue
            interface = f"{folder}/{group}.abi.yaml"
            with open(interface, "w", encoding="utf-8") as file:
                file.write("abide: 1\ntypes:\n" + TYPES + "functions:\n" + "".join(f.describe() for f in own))
            objects.append(f"{folder}/{group}.o")
            run([abide, "thunk", interface, "--target", triple, "--caller", caller, "--callee", "c",
                 "--prefix", "thunk_", "-o", objects[-1]])
            for function in own:
                one, two = function.caller(convention)
                declared, calls = declared + one, calls + two
        with open(f"{folder}/main.c", "w", encoding="utf-8") as file:
            file.write(C_TYPES + list_checks(abide, f"{folder}/c.abi.yaml", triple) + "".join(f.callee() for f in functions) + declared +
                       "int main(void)\n{\n" + calls + "    return failures != 0;\n}\n")
        run(compiler + ["-O1", "-w", "-static", f"{folder}/main.c", *objects, "-o", f"{folder}/main"])
        print(run(emulator + [f"{folder}/main"]), end="")
    print(f"{triple}, seed {seed}: {len(functions)} of {count} functions, " +
          ", ".join(f"{sum(f.way == w for f in functions)} {w}" for w in ways))


if __name__ == "__main__":
    main()
