#!/usr/bin/env python3
"""schemas.py: the schemas of interface and module files say what the reader does.

Every file of the project that the reader accepts is valid, and whatever it refuses for an unknown key, a missing one or a wrong shape
is not: also after random changes of keys and values. Every key has a description, for editors to show.
"""
import json
import os
import random
import re
import subprocess
import sys
import tempfile

import jsonschema
import yaml

ABIDE = os.environ["ABIDE"]
SOURCE = os.environ["ABIDE_SOURCE_DIR"]
SHAPES = {"unknown-key", "missing-key", "wrong-shape"}
MUTATIONS = int(os.environ.get("MUTATIONS", "40"))
# Inside these keys the schemas leave everything to the reader.
OPAQUE = {"errors"}
# Keys of these are names of parameters, of which the schemas know nothing.
NAMED = {"facts", "callbacks"}
failures = []


class Text(yaml.CSafeLoader):
    """Every scalar is text, as in abide's own reader, and nothing is nothing."""


Text.yaml_implicit_resolvers = {}
Text.add_constructor("tag:yaml.org,2002:str", lambda loader, node: None if node.value in ("", "~", "null") and not node.style else node.value)


class Dumper(yaml.SafeDumper):
    def ignore_aliases(self, data):
        return True


Dumper.add_representer(type(None), lambda dumper, _: dumper.represent_scalar("tag:yaml.org,2002:null", ""))


def expect(what, condition, detail=""):
    if not condition:
        failures.append(what)
        print(f"FAIL {what}\n  {detail}"[:1500])


def schema_of(kind):
    schema = json.loads(subprocess.run([ABIDE, "schema", kind], check=True, capture_output=True).stdout)
    jsonschema.Draft202012Validator.check_schema(schema)
    for name, mapping in [(kind, schema), *schema["$defs"].items()]:
        for key, value in mapping.get("properties", {}).items():
            expect(f"{kind}: {name}/{key} has a description", value.get("description") or key == "source", value)
    return jsonschema.Draft202012Validator(schema)


def lint(path):
    """The ids of the errors of a file."""
    done = subprocess.run([ABIDE, "lint", "--json", "--", path], capture_output=True, text=True, check=False,
                          env={**os.environ, "ABIDE_PATH": ""})
    return {finding["id"] for finding in json.loads(done.stdout)["findings"] if finding["level"] == "error"}


def load(path):
    try:
        with open(path, encoding="utf-8") as file:
            tree = yaml.load(file, Loader=Text)
    except (yaml.YAMLError, UnicodeDecodeError, ValueError, RecursionError):
        return None
    return tree if isinstance(tree, dict) and "abide" in tree else None


def project_files():
    found = {"interface": {}, "module": {}}
    for top in ("abi-specs", "tests"):
        for folder, folders, names in os.walk(os.path.join(SOURCE, top)):
            folders[:] = sorted(name for name in folders if name not in ("errors", "fuzz"))
            for name in sorted(names):
                path = os.path.join(folder, name)
                tree = load(path) if name.endswith(".yaml") else None
                if tree is not None and "module" in tree:
                    found["module"][path] = tree
                elif tree is not None and name.endswith(".abi.yaml"):
                    found["interface"][path] = tree
    return found


def check_files(trees, validator):
    """Those that are valid, with their trees. The reader finds an error in others: they are wrong on purpose."""
    valid = {}
    for path, tree in trees.items():
        problem = jsonschema.exceptions.best_match(validator.iter_errors(tree))
        if problem:
            expect(f"{path} is valid", lint(path), f"{list(problem.absolute_path)}: {problem.message}")
        else:
            valid[path] = tree
    return valid


def mappings(node, path=()):
    """All mappings of a tree, each with the keys that lead to it."""
    if isinstance(node, dict):
        yield path, node
        for key, value in node.items():
            if key not in OPAQUE | NAMED:
                yield from mappings(value, (*path, key))
    elif isinstance(node, list):
        for index, value in enumerate(node):
            yield from mappings(value, (*path, index))


# A module takes out by nothing what it has taken over, and need not say what it takes over.
SHAPES_OF_MODULES = {"unknown-key", "wrong-shape"}
SHAPES_OF_EXTENDING = {"unknown-key"}
WRONG = ["word", None, {}, {"x": "y"}, [], ["x"], {"x": {"y": "z"}}, [["x"]], "1", "true"]


def mutate(choose, tree, kind, is_known):
    tree = json.loads(json.dumps(tree))
    known = [entry for entry in mappings(tree) if entry[1] and is_known(entry[0])]
    tops = sorted({str(path[:1]) for path, _ in known})  # few keys of a module are at its top, many in its conditions
    top = choose.choice(tops)
    path, mapping = choose.choice([entry for entry in known if str(entry[0][:1]) == top])
    key = choose.choice([key for key in mapping if key not in {"extends", *OPAQUE, *NAMED}] or list(mapping))  # without it, nothing takes out nothing
    way = choose.randrange(4 if kind == "interface" or path[:1] != () and (path[0] not in RULES or "when" in path) else 2)
    if way == 0:
        mapping[key + "x"] = mapping.pop(key)
    elif way == 1:
        del mapping[key]
    else:
        mapping[key] = choose.choice([value for value in WRONG if value is not None or kind == "interface"])
    return tree


def check_mutations(kind, trees, validator, choose, directory, is_known):
    refused = accepted = 0
    paths = {}
    for index in range(MUTATIONS):
        path = os.path.join(directory, f"{kind}{index}.{'abi.' if kind == 'interface' else ''}yaml")
        origin = choose.choice(list(trees))
        tree = mutate(choose, trees[origin], kind, is_known)
        with open(path, "w", encoding="utf-8") as file:
            yaml.dump(tree, file, Dumper=Dumper, default_flow_style=False, sort_keys=False, allow_unicode=True)
        paths[path] = origin, load(path)
    for path, (origin, tree) in paths.items():
        if tree is None or (kind == "module") != ("module" in tree):
            continue  # without that key it is no module
        ids, problem = lint(path), next(validator.iter_errors(tree), None)
        if ids & SHAPES and problem:
            refused += 1
        elif not ids and not problem:
            accepted += 1
        shapes = SHAPES if kind == "interface" else SHAPES_OF_EXTENDING if "extends" in (tree.get("module") or ()) else SHAPES_OF_MODULES
        with open(path, encoding="utf-8") as file:
            text = file.read()
        # Some files are wrong on purpose where no schema looks.
        expect(f"{kind}: what the reader refuses, {ids}, is invalid", not ids & shapes or problem or lint(origin) & shapes, text)
        expect(f"{kind}: what the reader accepts is valid", ids or not problem, f"{problem and problem.message}\n{text}")
    expect(f"{kind}: mutations are of both sorts", refused >= 5 and accepted >= 1, (refused, accepted))
    print(f"{kind}: {refused} mutations refused by both, {accepted} accepted by both")


# Keys of modules inside which the schema goes as far as the reader does.
DEEP = ("target", "data", "classes", "predicates", "niche", "gives", "consumes", "lends")
RULES = ("args_first", "args", "returns_first", "returns")


def is_known_of_modules(path):
    """Where the schema of modules goes."""
    return (path in ((), ("module",)) or path[:1] in (("banks",), ("return_banks",)) or path[:1] and path[0] in DEEP
            or path[:1] and path[0] in RULES and (len(path) == 2 or path[2] == "when"))


# What stands in a module besides its head, and whether reader and schema take it.
MACHINE = {"abide": "1", "module": {"name": "probe", "version": "1.0.0", "level": "machine", "extends": "c-sysv@1"}}
LANGUAGE = {"abide": "1", "module": {"name": "probe", "version": "1.0.0", "level": "language"}, "lowers_to": "c"}


def condition(**keys):
    return {"predicates": {"p": keys}}


PROBES = [
    (MACHINE, True, [
        {}, {"target": {"endian": "little"}}, {"target": {"triples": {"x86_64-hurd": ["x86_64-hurd-gnu"], "x86_64-plan9": None}}},
        {"data": {"scalars": {"f80": {"size": "16", "format": "x87"}, "c_wchar": "4", "pointer": "8", "c_char": {"size": "1", "signed": "false"}}}},
        {"data": {"records": {"bitfields": "units", "aligned_bits": "after", "natural_bits": "true"}, "enum": "u32"}},
        {"classes": {"of": {"float8": "sse", "quad": ["sse", "sseup"], "padding": "sse"}, "enter": ["struct", "unpacked"], "sizeless": ["bits", "array"]}},
        condition(), condition(kind="int"), condition(kind=["int", ["float", "aggregate"]]), condition(size=["1", ">2"]), condition(element="half"),
        condition(contains=["x87", "float"]), condition(first=["c_longdouble"]), condition(any=[{"kind": "int"}, [{"empty": "true"}]]),
        condition(inside={"not": [{"format": "quad"}]}), condition(homogeneous={"max": "4", "of": ["float"], "sizes": {"vector": ["8", "16"]}}),
        condition(members={"max": {"int": "8"}, "shapes": ["int int"], "fill": "true", "enter": ["struct"]}),
        condition(target={"arch": ["x86_64"], "triple": "x86_64-linux-gnu", "pointer": "8"}), {"predicates": {"p": [{"kind": "int"}, "p2"], "p2": {"not": "p3"}, "p3": {"empty": "true"}}},
        {"overrides": {"x": {"when": {"target": {"os": "linux"}}, "data": {"enum": "i32"}}}}, condition(option={"compiler": ["gcc", "clang"]}),
        {"facts": {"type": ["f"]}, **condition(fact=["f"])}, {"predicates": {"p": {"is": "q"}, "q": {"empty": "true"}}},
        {"args_first": [{"id": "x", "when": {"kind": "int"}, "pass": "stack"}]},
        {"classes": {"join": {"sseup": {"after": "sse", "else": "sse"}}}},
        {"budget": {"banks": {"int": {"count": "6", "width": "8"}}, "args": [{"id": "all", "pass": "whole", "in": "int"}]}, **condition(spent=["int"])},
    ]),
    (MACHINE, False, [
        {"target": {"endian": "middle"}}, {"target": {"pointr": "8"}}, {"target": {"triples": {"x86_64-hurd": "x86_64-hurd-gnu"}}}, {"target": {"systems": [["linux"]]}},
        {"data": {"scalars": {"f81": "16"}}}, {"data": {"scalars": {"f80": {"sise": "16"}}}}, {"data": {"scalars": {"f80": {"size": "16", "format": "x88"}}}},
        {"data": {"scalars": {"f80": ["16"]}}}, {"data": {"scalars": {"c_char": {"size": "1", "signed": "no"}}}}, {"data": {"enum": "i31"}}, {"data": {"enum": "pointer"}}, condition(first=["pointer"]),
        {"data": {"records": {"bitfields": "loose"}}}, {"data": {"records": {"aligned_bits": "during"}}}, {"data": {"records": {"natural_bits": "yes"}}},
        {"data": {"records": {"bitfelds": "dense"}}}, {"data": {"record": {}}}, {"classes": {"of": {"flot": "sse"}}}, {"classes": {"of": {"aggregate8": "sse"}}}, {"classes": {"of": {"half8": "sse"}}},
        {"classes": {"of": {"int": {"x": "y"}}}},
        {"classes": {"enter": ["strukt"]}}, {"classes": {"sizeless": ["bit"]}}, {"classes": {"join": {"sseup": {"afer": "sse"}}}}, {"classes": {"chunks": "8"}},
        condition(kindd="int"), condition(kind="intt"), condition(kind=["int", ["flot"]]), condition(kind={"int": "1"}), condition(size={"x": "1"}),
        condition(size=["1", ["2"]]), condition(element="hlf"), condition(contains=["x88"]), condition(first=["c_longdubble"]), condition(empty="yes"),
        condition(any=[]), condition(any={"kind": "int"}), condition(any=[{"kindd": "int"}]), condition(**{"not": {"any": [[{"kind": "intt"}]]}}),
        condition(inside={"format": "quat"}), condition(**{"is": ["p"]}), condition(homogeneous=["float"]), condition(homogeneous={"max": "4", "formts": "single"}),
        condition(homogeneous={"max": "4", "formats": "singel"}), condition(homogeneous={"max": "4", "sizes": {"vectr": "8"}}),
        condition(homogeneous={"max": "4", "enter": ["strct"]}), condition(members={"max": {"int": "8"}, "shapes": ["int"], "fill": "yes"}),
        condition(members={"max": {"itn": "8"}, "shapes": ["int"]}), condition(members={"max": {"int": "8"}, "shape": ["int"]}),
        condition(target={"arc": "x86_64"}), condition(target="x86_64"), condition(option="x"), condition(fact={"x": "y"}), {"predicates": {"p": [[]]}},
        condition(type="struct"), condition(spent={"x": "y"}), {"overrides": {"x": {"when": {"targt": {"os": "linux"}}, "data": {"enum": "i32"}}}},
        {"args_first": [{"id": "x", "when": {"knd": "int"}, "pass": "ignore"}]}, {"args_first": [{"id": "x", "when": {"kind": "int"}, "pass": "stak"}]},
        {"args_first": [{"id": "x", "when": {"kind": "int"}, "pass": "members", "in": {"int": "int"}, "enter": ["strct"]}]},
    ]),
    (LANGUAGE, True, [
        {}, condition(), condition(type="struct"), condition(type=["seq", "string"]), condition(size=["1", ">2"]), condition(base="given"), condition(mode=["in", "out"]),
        condition(any=[{"type": "seq"}, [{"empty": "true"}]]), condition(any=[]), condition(all={"type": "seq"}), condition(cases={"ok": {"type": "void"}}),
        condition(target={"os": ["linux"], "pointer": [">4"]}), condition(contains={"not": [{"points_to": {"type": "struct"}}]}), {"niche": [{"type": "cstring"}]},
        {"options": {"gc": {"values": ["arc", "orc"], "default": "arc"}}, **condition(option={"gc": ["arc"]})},
        {"facts": {"param": ["f"]}, **condition(param_fact=["f"])}, {"forms": {"string": ["counted", "nul"]}, **condition(form=["nul"])},
        {"gives": {"mode": "in"}}, {"consumes": {"own": "true"}, "lends": {"type": "string"}},
    ]),
    (LANGUAGE, False, [
        condition(typ="struct"), condition(type="strukt"), condition(type={"x": "y"}), condition(size={"x": "1"}), condition(base="some"), condition(mode=["inn"]),
        condition(any=[{"typ": "seq"}]), condition(cases=["ok"]), condition(cases={"ok": {"type": "strukt"}}), condition(target={"triple": "x86_64-linux-gnu"}),
        condition(contains={"not": [{"points_to": {"type": "strukt"}}]}), condition(bare="yes"), condition(option=["x"]), condition(kind="int"), condition(fact={"x": "y"}), condition(form={"x": "y"}),
        {"niche": [{"type": "cstrin"}]}, {"gives": {"mood": "in"}}, {"consumes": {"own": "yes"}}, {"lends": {"typ": "string"}},
    ]),
]


def check_probes(validator, directory):
    """What is said of single words at any depth: reader and schema take the same."""
    trees = {True: [], False: []}
    for index, (head, is_right, bodies) in enumerate(PROBES):
        for number, body in enumerate(bodies):
            path = os.path.join(directory, f"probe{index}-{number}.yaml")
            with open(path, "w", encoding="utf-8") as file:
                yaml.dump({**head, **body}, file, Dumper=Dumper, default_flow_style=False, sort_keys=False)
            trees[is_right].append(load(path))
            ids, problem = lint(path), next(validator.iter_errors(trees[is_right][-1]), None)
            expect(f"the reader {'takes' if is_right else 'refuses'} {body}", not ids == is_right, ids)
            expect(f"the schema {'takes' if is_right else 'refuses'} {body}", (problem is None) == is_right, problem and problem.message)
    check_definitions(validator.schema, trees)
    print(f"{len(trees[True])} probes are right, {len(trees[False])} wrong")


# These stand where modules were taken apart already; random mutations reach them.
SHALLOW = {"head", "bank", "rule", "override", "value", "nothing"}


def check_definitions(schema, trees):
    """Each definition counts: if it took everything the schema would take a wrong probe, if nothing it would refuse a right one."""
    for name in set(schema["$defs"]) - SHALLOW:
        for is_right in (True, False):
            mutant = jsonschema.Draft202012Validator({**schema, "$defs": {**schema["$defs"], name: not is_right}})
            expect(f"a probe tells whether '{name}' takes {'nothing' if is_right else 'everything'}",
                   any(mutant.is_valid(tree) != is_right for tree in trees[is_right]))


def check_references(kind, schema):
    """Whatever a schema refers to it defines: a new form of a condition cannot be forgotten."""
    defined = {f"#/$defs/{name}" for name in schema["$defs"]}
    used = set(re.findall(r'"\$ref": ?"([^"]+)"', json.dumps(schema)))
    expect(f"{kind}: references lead to definitions", used <= defined, used - defined)
    expect(f"{kind}: definitions are used", defined <= used, defined - used)
    for name, definition in schema["$defs"].items():
        expect(f"{kind}: {name} has words", definition.get("enum") != [], definition)


def is_abstract(tree):
    """Keys of such modules are looked at where they are extended."""
    return "abstract" in tree.get("module", {})


def main():
    seed = int(sys.argv[1]) if len(sys.argv) > 1 else 1
    print(f"seed {seed}")
    choose = random.Random(seed)
    found = project_files()
    for kind, is_known in (("interface", lambda path: True), ("module", is_known_of_modules)):
        validator = schema_of(kind)
        check_references(kind, validator.schema)
        good = check_files(found[kind], validator)
        print(f"{kind}: {len(good)} of {len(found[kind])} files are valid")
        expect(f"{kind}: there are files", len(good) > 50, len(good))
        with tempfile.TemporaryDirectory() as directory:
            check_mutations(kind, {path: tree for path, tree in good.items() if len(json.dumps(tree)) < 20000 and not is_abstract(tree)},
                            validator, choose, directory, is_known)
            if kind == "module":
                check_probes(validator, directory)
    print(f"{len(failures)} failures")
    sys.exit(1 if failures else 0)


main()
