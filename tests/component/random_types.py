#!/usr/bin/env python3
"""Random types and functions under wasm-component: sizes, offsets and core signatures beside the canonical ABI's own rules.

    random_types.py COUNT SEED [DEFINITIONS]

The rules are those of model.py, or of DEFINITIONS, the reference implementation's definitions.py. The cases that the reference
implementation publishes for its flattening come first. ABIDE is the command.
"""
import importlib.util
import json
import random
import re
import sys

import interface
import model

# (params, result, core params, core results): test_flatten of the reference implementation's run_tests.py.
FIRST = ["u8", "f32", "f64"]
PUBLISHED = [(FIRST, None, ["i32", "f32", "f64"], []), (FIRST, "f32", ["i32", "f32", "f64"], ["f32"]),
             (FIRST, "u8", ["i32", "f32", "f64"], ["i32"]),
             (FIRST, ("tuple", ["f32"]), ["i32", "f32", "f64"], ["f32"]),
             (FIRST, ("tuple", ["f32", "f32"]), ["i32", "f32", "f64"], ["f32", "f32"]),
             (["u8"] * 17, None, ["i32"] * 17, []),
             (["u8"] * 17, ("tuple", ["u8", "u8"]), ["i32"] * 17, ["i32", "i32"])]
# (type, size): elements of lists in test_heap of the same file.
HEAP = [("bool", 1), ("u16", 2), ("char", 4), ("string", 8), (("list", "u8"), 8), (("array", "u8", 2), 2), (("array", "u32", 2), 8),
        (("tuple", ["u8", "u8", "u16", "u32"]), 8), (("tuple", ["u8", "u16", "u8", "u32"]), 12), (("tuple", ["u16", "u8"]), 4),
        (("tuple", [("tuple", ["u16", "u8"]), "u8"]), 6), (("flags", 2), 1), (("flags", 9), 2), (("flags", 32), 4)]


def core_of(prototype):
    """The core types of a C prototype: (params, results)."""
    def kind(text):
        text = text.strip()
        if "*" in text:
            return "i32"
        word = re.sub(r" \w+$", "", text)
        return {"float": "f32", "double": "f64", "int64_t": "i64", "uint64_t": "i64"}.get(word, "i32")
    depth, pieces, at = 0, [""], 0
    while depth or prototype[at] != "(":
        depth += (prototype[at] == "{") - (prototype[at] == "}")
        at += 1
    is_pointer_to_array = prototype[at + 1] == "*"  # "(*f(int x))[2]"
    if is_pointer_to_array:
        at = prototype.index("(", at + 1)
        prototype = prototype[:prototype.rindex(")[")]
    for letter in prototype[at + 1:prototype.rindex(")")]:
        depth += letter in "({"
        depth -= letter in ")}"
        if letter == "," and depth == 0:
            pieces.append("")
        else:
            pieces[-1] += letter
    head = prototype[:at].rstrip()
    results = ["i32"] if is_pointer_to_array else [] if head.startswith("void ") and "*" not in head else [kind(head)]
    return [kind(p) for p in pieces if p.strip() not in ("", "void")], results


class Reference:
    """The same questions to the reference implementation."""

    def __init__(self, path):
        spec = importlib.util.spec_from_file_location("definitions", path)
        self.d = importlib.util.module_from_spec(spec)
        sys.modules["definitions"] = self.d
        spec.loader.exec_module(self.d)

    def type(self, t):
        d = self.d
        names = {"bool": "Bool", "u8": "U8", "i8": "S8", "u16": "U16", "i16": "S16", "u32": "U32", "i32": "S32", "u64": "U64",
                 "i64": "S64", "f32": "F32", "f64": "F64", "char": "Char", "string": "String"}
        if t == "handle":
            return d.OwnType(d.ResourceType(None))
        if isinstance(t, str):
            return getattr(d, names[t] + "Type")()
        if t[0] == "list":
            return d.ListType(self.type(t[1]))
        if t[0] == "array":
            return d.ListType(self.type(t[1]), t[2])
        if t[0] == "record":
            return d.RecordType([d.FieldType(f"f{i}", self.type(f)) for i, f in enumerate(t[1])])
        if t[0] == "tuple":
            return d.TupleType([self.type(f) for f in t[1]])
        if t[0] == "variant":
            return d.VariantType([d.CaseType(f"c{i}", self.type(c) if c else None) for i, c in enumerate(t[1])])
        if t[0] in ("enum", "flags"):
            return getattr(d, t[0].capitalize() + "Type")([f"e{i}" for i in range(t[1])])
        if t[0] == "option":
            return d.OptionType(self.type(t[1]))
        return d.ResultType(*[self.type(c) if c else None for c in t[1:]])

    def measure(self, t):
        own = self.type(t)
        return self.d.elem_size(own, "i32"), self.d.alignment(own, "i32")

    def core(self, params, result, role):
        class Memory:
            def ptr_type(self):
                return "i32"
        options = self.d.CanonicalOptions(memory=Memory())
        options.async_ = False
        kind = self.d.FuncType([(f"p{i}", self.type(p)) for i, p in enumerate(params)], [self.type(result)] if result else [])
        made = self.d.flatten_functype(options, kind, "lift" if role == "export" else "lower")
        return made.params, made.results


def main():
    count, seed = int(sys.argv[1]), int(sys.argv[2])
    rules = Reference(sys.argv[3]) if len(sys.argv) > 3 else model
    print(f"seed {seed}")
    chance = random.Random(seed)
    made, types, functions = interface.Interface(), [], []
    for t, size in HEAP:
        types.append((made.name(made.word(t)), t))
        if rules.measure(t)[0] != size:
            sys.exit(f"{t}: the rules say {rules.measure(t)[0]} bytes, {size} are published")
    for _ in range(count):
        t = model.make_type(chance, 3)
        types.append((made.name(made.word(t)), t))
    for params, result, core_params, core_results in PUBLISHED:
        functions.append((params, result))
        expected = ["i32"] if len(core_params) > 16 else core_params
        if rules.core(params, result, "export") != (expected, ["i32"] if len(core_results) > 1 else core_results):
            sys.exit(f"{params} -> {result}: the rules do not say what is published")
    for _ in range(count):
        params = [model.make_type(chance, 2) for _ in range(chance.choice([0, 1, 1, 2, 3, 5]))]
        functions.append((params, model.make_type(chance, 2) if chance.random() < 0.8 else None))
    signatures = []
    for i, (params, result) in enumerate(functions):
        text = ", ".join(f"p{k} {'own ' if p == 'handle' else ''}{made.word(p).removeprefix('own ') if p == 'handle' else made.word(p)}"
                         for k, p in enumerate(params)).replace(";", ",")
        arrow = f" -> {made.word(result)}".replace(";", ",") if result else ""
        signatures.append(f"  g{i}: \"({text}){arrow}\"")
    with open("random.abi.yaml", "w") as out:
        out.write("abide: 1\npackage: random\ntypes:\n" + "\n".join(made.lines) + "\nfunctions:\n" + "\n".join(signatures) + "\n")
    target = ["--target", "wasm32-wasi"]
    known = {entry["name"]: entry for entry in
             json.loads(interface.abide("layout", "random.abi.yaml", "--abi", "wasm-component", *target, "--json"))["types"]}
    wrong = []
    for name, t in types:
        got = known[name]["size_bytes"], known[name]["align_bytes"]
        if got != rules.measure(t):
            wrong.append(f"{t}: {got}, the canonical ABI has {rules.measure(t)}")
    for role in ("import", "export"):
        text = interface.abide("call", "random.abi.yaml", "--abi", f"wasm-component:role={role}", *target)
        prototypes = re.findall(r"^  (\S.*);$", text, re.M)
        for i, (params, result) in enumerate(functions):
            got, expected = core_of(prototypes[i]), rules.core(params, result, role)
            if got != tuple(expected):
                wrong.append(f"{role} {params} -> {result}: {got}, the canonical ABI has {expected}\n  {prototypes[i]}")
    if wrong:
        sys.exit("\n".join(wrong[:5]) + f"\n{len(wrong)} differ")
    print(f"{len(types)} types and {2 * len(functions)} signatures: all as the canonical ABI has them")


main()
