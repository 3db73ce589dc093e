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

from schema_places import visit

ABIDE = os.environ["ABIDE"]
SOURCE = os.environ["ABIDE_SOURCE_DIR"]
SHAPES = {"unknown-key", "missing-key", "wrong-shape"}
MUTATIONS = int(os.environ.get("MUTATIONS", "60"))
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


def subschemas(schema, path=()):
    """A schema and all that are in it, each with the keys that lead to it."""
    if isinstance(schema, dict):
        yield path, schema
        for key, value in schema.items():
            if key in ("properties", "patternProperties", "$defs"):
                for name, inner in value.items():
                    yield from subschemas(inner, (*path, key, name))
            elif key in ("anyOf", "allOf"):
                for index, inner in enumerate(value):
                    yield from subschemas(inner, (*path, key, index))
            elif key in ("additionalProperties", "items", "if", "then"):
                yield from subschemas(value, (*path, key))


def check_described(kind, schema):
    """Editors have something to show for every key and every word, and nothing is left open."""
    for path, inner in subschemas(schema):
        asks = "if" in path or "then" in path  # conditions look at keys that are described elsewhere
        for key, value in inner.get("properties", {}).items():
            expect(f"{kind}: {'/'.join(map(str, path))}/{key} has a description", asks or value.get("description"), value)
        if "const" in inner or "enum" in inner:
            expect(f"{kind}: a word of {'/'.join(map(str, path))} has a description", asks or inner.get("description"), inner)
        if inner.get("type") == "object":
            expect(f"{kind}: {'/'.join(map(str, path))} says what is in a mapping", asks or "additionalProperties" in inner, inner)
        if inner.get("type") == "array":
            expect(f"{kind}: {'/'.join(map(str, path))} says what is in a list", inner.get("items"), inner)


def schema_of(kind):
    schema = json.loads(subprocess.run([ABIDE, "schema", kind], check=True, capture_output=True).stdout)
    jsonschema.Draft202012Validator.check_schema(schema)
    check_described(kind, schema)
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
            if key not in NAMED:
                yield from mappings(value, (*path, key))
    elif isinstance(node, list):
        for index, value in enumerate(node):
            yield from mappings(value, (*path, index))


# A module takes out by nothing what it has taken over, and need not say what it takes over.
SHAPES_OF_MODULES = {"unknown-key", "wrong-shape"}
SHAPES_OF_EXTENDING = {"unknown-key"}
WRONG = ["word", None, {}, {"x": "y"}, [], ["x"], {"x": {"y": "z"}}, [["x"]], "1", "true"]


def mutate(choose, tree, kind):
    tree = json.loads(json.dumps(tree))
    known = [entry for entry in mappings(tree) if entry[1]]
    tops = sorted({str(path[:1]) for path, _ in known})  # few keys of a module are at its top, many in its conditions
    top = choose.choice(tops)
    path, mapping = choose.choice([entry for entry in known if str(entry[0][:1]) == top])
    key = choose.choice([key for key in mapping if key not in {"extends", *NAMED}] or list(mapping))  # without it, nothing takes out nothing
    way = choose.randrange(5)
    if way == 0:
        mapping[key + "x"] = mapping.pop(key)
    elif way == 1:
        del mapping[key]
    elif way == 2 and isinstance(mapping[key], (str, list)):
        mapping[key] = misspelt(choose, mapping[key])
    else:
        mapping[key] = choose.choice([value for value in WRONG if value is not None or kind == "interface"])
    return tree


def misspelt(choose, value):
    """Another word for a value, or for one of a list."""
    if isinstance(value, list) and value:
        index = choose.randrange(len(value))
        return [*value[:index], misspelt(choose, value[index]), *value[index + 1:]]
    return "no-such-word"


def write(tree, path):
    """The tree as a file. What the reader makes of the file; None if that is no interface or module any more."""
    with open(path, "w", encoding="utf-8") as file:
        yaml.dump(tree, file, Dumper=Dumper, default_flow_style=False, sort_keys=False, allow_unicode=True)
    return load(path)


def check_mutations(kind, trees, validator, choose, directory):
    accepted, refused, seen = 0, {}, {}
    for index in range(MUTATIONS):
        path = os.path.join(directory, f"{kind}{index}.{'abi.' if kind == 'interface' else ''}yaml")
        origin = choose.choice(list(trees))
        tree = write(mutate(choose, trees[origin], kind), path)
        if tree is None or (kind == "module") != ("module" in tree):
            continue  # without that key it is no module
        ids, problem = lint(path), next(validator.iter_errors(tree), None)
        accepted += not ids and not problem
        for word in ids:
            refused[word] = refused.get(word, 0) + 1
            seen[word] = seen.get(word, 0) + bool(problem)
        shapes = SHAPES if kind == "interface" else SHAPES_OF_EXTENDING if "extends" in (tree.get("module") or ()) else SHAPES_OF_MODULES
        with open(path, encoding="utf-8") as file:
            text = file.read()
        # Some files are wrong on purpose where no schema looks.
        expect(f"{kind}: what the reader refuses, {ids}, is invalid", not ids & shapes or problem or lint(origin) & shapes, text)
        expect(f"{kind}: what the reader accepts is valid", ids or not problem, f"{problem and problem.message}\n{text}")
    shapes = sum(count for word, count in refused.items() if word in SHAPES)
    expect(f"{kind}: mutations are of both sorts", shapes >= 5 and accepted >= 1, (refused, accepted))
    print(f"{kind}: {accepted} mutations accepted by both; refused by the reader, and of these by the schema:",
          ", ".join(f"{word} {count}, {seen[word]}" for word, count in sorted(refused.items())))


# What stands in a module besides its head, and whether reader and schema take it.
MACHINE = {"abide": "1", "module": {"name": "probe", "version": "1.0.0", "level": "machine", "extends": "c-sysv@1"}}
LANGUAGE = {"abide": "1", "module": {"name": "probe", "version": "1.0.0", "level": "language"}, "lowers_to": "c"}


def condition(**keys):
    return {"predicates": {"p": keys}}


INTERFACE = {"abide": "1"}
PROBES = [
    (INTERFACE, True, [
        {"imported": {"tool": "x 1", "from": "y.h", "target": ["x86_64-linux-gnu"]}}, {"errors": "errno"},
        {"errors": {"failed": "-1", "else": "errno", "type": "c_long", "value": "result", "returns": "-1"}}, {"errors": {"last-error": "f_error", "set": "f_clear"}},
        {"functions": {"f": {"sig": "() -> result<i32, i32>", "errors": {"caller": "hresult", "callee": {"ok": "0", "else": {"call": "f_error"}, "value": "out"}}}}},
        {"functions": {"f": {"sig": "() -> result<i32, i32>", "errors": {"failed": "negative", "else": "negated"}}}},
    ]),
    (INTERFACE, False, [
        {"imported": {"tool": "x 1"}}, {"imported": {"tool": "x 1", "from": "y.h", "target": [["z"]]}}, {"errors": {"faild": "-1", "else": "errno"}},
        {"errors": {"failed": "-1", "else": {"cal": "f_error"}}}, {"errors": {"failed": "-1", "else": "errno", "type": "c_lang"}},
        {"errors": {"failed": "-1", "else": "errno", "value": "inn"}}, {"errors": {"failed": "-1", "else": "errno", "returns": "one"}},
        {"functions": {"f": {"sig": "() -> result<i32, i32>", "errors": {"caller": "errno"}}}}, {"unwind": "alow"}, {"checks": "check"}, {"forms": {"strin": "nul"}},
        {"constants": {"A": {"type": "i32", "valu": "1"}}}, {"constants": {"A": {"type": "i32", "value": [{"targt": "x86_64-linux-gnu", "value": "1"}, {"value": "2"}]}}},
        {"types": {"t": {"resource": "t_drop", "origin": "librry"}}}, {"types": {"t": {"resource": "t_drop", "threads": "some"}}}, {"types": {"t": {"struct": {"x": {"type": "u8", "bits": "two"}}}}},
        {"types": {"t": {"enum": {"a": "one"}}}}, {"types": {"t": {"enum": ["a"], "open": "yes"}}}, {"functions": {"f": {"sig": "()", "calls-back": "anywhere"}}},
        {"functions": {"f": {"sig": "(...)", "unnamed": "list"}}}, {"functions": {"f": {"sig": "()", "number": "one"}}}, {"functions": {"f": {"sig": "()", "blocking": "yes"}}},
        {"functions": {"f": {"sig": "(g fn(ptr<void>), d ptr<void>)", "callbacks": {"g": {"data": "d", "at": "first"}}}}},
    ]),
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
        {"errors": {"com": {"ok": "0", "else": {"text": "f_text"}, "value": "out"}}},
        {"vectors": {"types": {"t": {"variant": {"a": {"type": "u8", "tag": "1"}}, "open": {"size": "8", "align": "8"}},
                               "e": {"enum": {"a": {"value": "1", "doc": "x"}}}, "f": {"flags": {"a": {"bit": "1"}}}}, "calls": [{"sig": "(a ptr<t>)"}]}},
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
        {"args_first": {"x": {"y": "z"}}}, {"deviations_first": "x"},
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


def check_probes(kind, validator, directory):
    """What is said of single words at any depth: reader and schema take the same."""
    trees = {True: [], False: []}
    for index, (head, is_right, bodies) in enumerate(PROBES):
        for number, body in enumerate(bodies if (head == INTERFACE) == (kind == "interface") else ()):
            path = os.path.join(directory, f"probe{index}-{number}.{'abi.' if kind == 'interface' else ''}yaml")
            trees[is_right].append(write({**head, **body}, path))
            ids, problem = lint(path), next(validator.iter_errors(trees[is_right][-1]), None)
            expect(f"the reader {'takes' if is_right else 'refuses'} {body}", not ids == is_right, ids)
            expect(f"the schema {'takes' if is_right else 'refuses'} {body}", (problem is None) == is_right, problem and problem.message)
    print(f"{len(trees[True])} probes are right, {len(trees[False])} wrong")
    return trees[True]


def changed(tree, path, value):
    """A copy of the tree with another value at the place."""
    copy = json.loads(json.dumps(tree))
    place = copy
    for key in path[:-1]:
        place = place[key]
    place[path[-1]] = value
    return copy


# Values that some definition or other refuses.
STRANGE = ["no-such-word", {"no-such-key": "x"}, ["no-such-word"], [{"no-such-key": "x"}], {"x": {"no-such-key": "x"}}, [["x"], {"x": ["y"]}], None]


def is_told(kind, name, places, validator, directory):
    """
    Whether a place in a good file tells the definition from one that takes everything: there is a value that it refuses, that alone
    makes the file invalid, and that the reader refuses, too.
    """
    lax = jsonschema.Draft202012Validator({**validator.schema, "$defs": {**validator.schema["$defs"], name: True}})
    for tree, path in places[:12]:
        for value in STRANGE:
            strange = changed(tree, path, value)
            if validator.is_valid(strange) or not lax.is_valid(strange):
                continue
            file = os.path.join(directory, f"{name}.{'abi.' if kind == 'interface' else ''}yaml")
            if write(strange, file) is not None and lint(file):
                return True
    return False


def check_definitions(kind, trees, validator, directory):
    """Each definition, and each set of words, is in use, counts, and refuses nothing but what the reader refuses as well."""
    places = {}
    for tree in sorted(trees, key=lambda tree: len(json.dumps(tree))):
        for name, path in visit(validator, validator.schema, tree):
            places.setdefault(name, []).append((tree, path))
    for name in validator.schema["$defs"]:
        found = places.get((name,))
        expect(f"{kind}: a file has a '{name}'", found)
        if name not in ("text", "nothing") and found:
            expect(f"{kind}: the reader refuses what '{name}' does", is_told(kind, name, found, validator, directory), found[0][1])
    words = {name: found for name, found in places.items() if name[0] == "a word of"}
    for name, found in words.items():
        expect(f"{kind}: the reader refuses {name} to be another word", any(is_refused(kind, *place, validator, directory) for place in found[:12]), found[0][1])
    print(f"{kind}: {len(validator.schema['$defs'])} definitions, {len(words)} sets of words")


def is_refused(kind, tree, path, validator, directory):
    """Whether the reader refuses another word at the place, unless the schema takes any."""
    strange = changed(tree, path, "no-such-word")
    file = os.path.join(directory, f"word.{'abi.' if kind == 'interface' else ''}yaml")
    return validator.is_valid(strange) or (write(strange, file) is not None and bool(lint(file)))


def check_references(kind, schema):
    """Whatever a schema refers to it defines: a new form of a condition cannot be forgotten."""
    defined = {f"#/$defs/{name}" for name in schema["$defs"]}
    used = set(re.findall(r'"\$ref": ?"([^"]+)"', json.dumps(schema)))
    expect(f"{kind}: references lead to definitions", used <= defined, used - defined)
    expect(f"{kind}: definitions are used", defined <= used, defined - used)
    for name, definition in schema["$defs"].items():
        expect(f"{kind}: {name} has words", definition.get("anyOf") != [], definition)


def is_abstract(tree):
    """Keys of such modules are looked at where they are extended."""
    return "abstract" in tree.get("module", {})


def main():
    seed = int(sys.argv[1]) if len(sys.argv) > 1 else 1
    print(f"seed {seed}")
    choose = random.Random(seed)
    found = project_files()
    for kind in ("interface", "module"):
        validator = schema_of(kind)
        check_references(kind, validator.schema)
        good = check_files(found[kind], validator)
        print(f"{kind}: {len(good)} of {len(found[kind])} files are valid")
        expect(f"{kind}: there are files", len(good) > 50, len(good))
        small = {path: tree for path, tree in good.items() if len(json.dumps(tree)) < 20000 and not is_abstract(tree)}
        with tempfile.TemporaryDirectory() as directory:
            check_mutations(kind, small, validator, choose, directory)
            right = check_probes(kind, validator, directory)
            check_definitions(kind, [*right, *small.values()], validator, directory)
    print(f"{len(failures)} failures")
    sys.exit(1 if failures else 0)


main()
