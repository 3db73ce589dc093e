#!/usr/bin/env python3
"""Random functions of a component, called from outside with random values, in node.

    calls.py COUNT VALUES SEED [loans]

The host calls an export; its thunk calls a C function, which is the thunk for another export, whose thunk calls a C function, which
is the thunk for an import of the host. So every value and every result crosses in all four directions, and no C is written by hand.
The host compares what it gets with what it passed, gives the memory, and looks for what is released twice, or not at all. With `loans`
handles are of a resource that is defined elsewhere, and go through an export and an import alone, since C cannot call an export that
drops what C keeps: the host looks whether each borrowed one is dropped, after the import has had it, and no other. ABIDE is the command.
"""
import json
import random
import subprocess
import sys

import interface
import model
import node
import published

RUNTIME = """
#include <stddef.h>
#include <stdint.h>
void *memcpy(void *to, const void *from, size_t bytes)
{
    for (size_t i = 0; i < bytes; i++)
        ((volatile char *)to)[i] = ((const char *)from)[i];
    return to;
}
void *memset(void *to, int value, size_t bytes)
{
    for (size_t i = 0; i < bytes; i++)
        ((volatile char *)to)[i] = (char)value;
    return to;
}
__attribute__((import_module("host"), import_name("trap"))) void host_trap(uint32_t code, const char *function, const char *parameter);
void abide_trap(uint32_t code, const char *function, const char *parameter, uint64_t value)
{
    (void)value;
    host_trap(code, function, parameter);
}
"""
# What the thunks of each step are between, what their names start with, and what those start with that they call.
STEPS = [("wasm-component:role=export", "c", "out_", "a_"), ("c", "wasm-component:role=export", "a_", "b_"),
         ("wasm-component:role=export", "c", "b_", "c_"), ("c", "wasm-component", "c_", "host_")]


LOAN_STEPS = [("wasm-component:role=export", "c", "out_", "c_"), ("c", "wasm-component", "c_", "host_")]


def holds(t, test):
    if test(t):
        return True
    inner = [] if isinstance(t, str) or t[0] in ("enum", "flags") else t[1] if isinstance(t[1], list) else t[1:]
    return any(holds(part, test) for part in inner if isinstance(part, (str, tuple)))


def is_memory(t):
    return t == "string" or t[0] == "list"


def without_handles(t):
    if isinstance(t, tuple):
        return tuple([None if part is None else without_handles(part) if isinstance(part, (str, tuple)) else part for part in piece]
                     if isinstance(piece, list) else without_handles(piece) if i and isinstance(piece, (str, tuple)) else piece
                     for i, piece in enumerate(t))
    return "u32" if t == "handle" else t


def make_param(chance, made, has_loans):
    """(type, how the interface says it): lent, lent though its parts are own, or given away."""
    t, way = model.make_type(chance, 3), chance.choice(["lent", "parts", "own"])
    if way == "parts" or (holds(t, is_memory) and not (has_loans and way == "lent")):
        t = without_handles(t)
    made.lent = way == "lent"
    word = made.word(t)
    made.lent = False
    said = f"own {word}" if way == "own" and not word.startswith("own") and holds(t, lambda p: is_memory(p) or p == "handle") else word
    return t, said, way == "lent"


def main():
    count, values, seed = map(int, sys.argv[1:4])
    has_loans = sys.argv[4:] == ["loans"]
    words, lists = ([], []) if has_loans else (published.WORDS, published.LISTS)
    print(f"seed {seed}")
    chance, made, plan, signatures = random.Random(seed), interface.Interface("elsewhere" if has_loans else "library"), [], []
    for t in [row[0] for row in words] + [("list", row[0]) for row in lists]:
        plan.append({"name": f"f{len(plan)}", "params": [t], "lent": [True], "result": t})
        made.lent = True
        word = made.word(t)
        made.lent = False
        signatures.append((plan[-1]["name"], f"(p0 {word}) -> {made.word(t)}".replace(";", ",")))
    for i in range(len(plan), len(plan) + count):
        params = [make_param(chance, made, has_loans) for _ in range(chance.choice([0, 1, 1, 2, 3, 5, 9]))]
        result = model.make_type(chance, 3) if chance.random() < 0.9 else None
        plan.append({"name": f"f{i}", "params": [t for t, _, _ in params], "lent": [lent for _, _, lent in params], "result": result})
        text = ", ".join(f"p{k} {word}" for k, (_, word, _) in enumerate(params)) + ")" + (f" -> {made.word(result)}" if result else "")
        signatures.append((f"f{i}", "(" + text.replace(";", ",")))
    node.write_headers()
    with open("plan.json", "w") as out:
        json.dump({"functions": plan, "values": values, "seed": seed, "words": words, "lists": lists,
                   "hasLoans": has_loans}, out)
    with open("runtime.c", "w") as out:
        out.write(RUNTIME)
    sources = ["runtime.c"]
    for caller, callee, prefix, called in LOAN_STEPS if has_loans else STEPS:
        with open(f"{prefix}.abi.yaml", "w") as out:
            out.write("abide: 1\npackage: random\ntypes:\n" + "\n".join(made.lines) + "\nfunctions:\n")
            out.writelines(f"  {name}: {{sig: \"{text}\", symbol: {called}{name}}}\n" for name, text in signatures)
        interface.abide("thunk", f"{prefix}.abi.yaml", "--caller", caller, "--callee", callee, "--prefix", prefix, "--target",
                        "wasm32-wasi", "--emit", "c", "-o", f"{prefix}.c")
        sources.append(f"{prefix}.c")
    node.run([*node.CLANG, "-Wl,--export-all", *sources, "-o", "calls.wasm"])
    print(node.run(["node", f"{node.HERE}/calls.mjs", "calls.wasm", "plan.json"]), end="")


if __name__ == "__main__":
    main()
