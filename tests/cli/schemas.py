#!/usr/bin/env python3
"""schemas.py: the schemas of interface and module files say what the reader does.

Every file of the project that the reader accepts is valid, and whatever it refuses for an unknown key, a missing one or a wrong shape
is not: also after random changes of keys and values. Every key has a description, for editors to show.
"""
import json
import os
import random
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
    path, mapping = choose.choice([entry for entry in mappings(tree) if entry[1] and is_known(entry[0])])
    key = choose.choice([key for key in mapping if key not in {"extends", *OPAQUE, *NAMED}] or list(mapping))  # without it, nothing takes out nothing
    way = choose.randrange(4 if kind == "interface" or path[:1] != () and path[0] not in ("args", "returns") else 2)
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


def is_known_of_modules(path):
    """Where the schema of modules goes."""
    return path in ((), ("module",)) or path[:1] in (("banks",), ("return_banks",)) or (path[:1] in (("args",), ("returns",)) and len(path) == 2)


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
        good = check_files(found[kind], validator)
        print(f"{kind}: {len(good)} of {len(found[kind])} files are valid")
        expect(f"{kind}: there are files", len(good) > 50, len(good))
        with tempfile.TemporaryDirectory() as directory:
            check_mutations(kind, {path: tree for path, tree in good.items() if len(json.dumps(tree)) < 20000 and not is_abstract(tree)},
                            validator, choose, directory, is_known)
    print(f"{len(failures)} failures")
    sys.exit(1 if failures else 0)


main()
