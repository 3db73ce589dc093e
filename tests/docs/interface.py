#!/usr/bin/env python3
"""interface.py: the reference of interface files says what the reader does.

Each table between `<!-- keys: WHAT -->` or `<!-- scalars -->` and `<!-- end -->` holds what iface_keys.def or
scalars.def holds, and each ```yaml block is an interface file in which `abide lint` finds no error and no warning.

With UPDATE_GOLDEN=1 the tables are written anew.
"""
import os
import re
import subprocess
import sys

SOURCE = os.environ["ABIDE_SOURCE_DIR"]
UPDATE = os.environ.get("UPDATE_GOLDEN") == "1"
PATH = os.path.join(SOURCE, "abi-specs", "interface.md")
TYPES = os.path.join(SOURCE, "layout-engine", "types")

SHAPES = {"SCALAR": "value", "SEQUENCE": "list", "MAPPING": "mapping"}
KINDS = {"BOOL": "truth value", "SIGNED": "signed", "UNSIGNED": "unsigned", "FLOAT": "float"}
TABLE = re.compile(r"(<!-- (keys: (?P<what>[^>]*?)|scalars) -->\n)(?P<body>.*?)(<!-- end -->)", re.S)
BLOCK = re.compile(r"^```yaml\n(?P<body>.*?)^```$", re.M | re.S)


def read(path):
    with open(path, encoding="utf-8") as file:
        return file.read()


def key_tables():
    """The rows of each schema, by what it calls itself in messages ("a field")."""
    names = dict((prefix, what) for prefix, what in
                 re.findall(r'abide_iface__(\w+)_schema = \{\s*"([^"]+)"', read(os.path.join(TYPES, "iface_schema.c"))))
    tables = {what: [] for what in names.values()}
    keys = re.findall(r'^([A-Z]+)_KEY\(\w+, "([^"]+)", ([A-Z| ]+), (true|false), "([^"]*)", ',
                      read(os.path.join(TYPES, "iface_keys.def")), re.M)
    for list_name, key, shapes, required, doc in keys:
        takes = ", ".join(word for shape, word in SHAPES.items() if shape in shapes.split(" | "))
        need = " (required)" if required == "true" else ""
        tables[names[list_name.lower()]].append(f"| `{key}`{need} | {takes} | {doc} |\n")
    head = "| key | takes | says |\n|---|---|---|\n"
    return {what: head + "".join(rows) for what, rows in tables.items()}


def scalar_table():
    rows = re.findall(r'^ABIDE_SCALAR\(\w+, "([^"]+)", (\w+), (\d+), "([^"]+)"\)',
                      read(os.path.join(TYPES, "scalars.def")), re.M)
    return "| name | kind | bytes | in C |\n|---|---|---|---|\n" + "".join(
        f"| `{name}` | {KINDS[group]} | {'target' if size == '0' else size} | `{in_c}` |\n"
        for name, group, size, in_c in rows)


def check_validities():
    """The table of `assumes` and `ensures` in the reference of modules holds what validity.def does."""
    rows = re.findall(r'^ABIDE_VALIDITY\(\w+, "([^"]+)", "([^"]*)"\)',
                      read(os.path.join(SOURCE, "layout-engine", "spec", "validity.def")), re.M)
    table = "| word | says |\n|---|---|\n" + "".join(f"| `{word}` | {doc} |\n" for word, doc in rows)
    found = re.search(r"<!-- validities -->\n(.*?)<!-- end -->", read(os.path.join(SOURCE, "abi-specs", "README.md")), re.S)
    return [] if found and rows and found[1] == table else ["abi-specs/README.md: the table of validities is not validity.def"]


def check_tables(text):
    """(text with the tables as they should be, what is wrong)"""
    keys, mistakes, found = key_tables(), [], set()

    def table(match):
        what = match["what"]
        found.add(what or "scalars")
        expected = scalar_table() if what is None else keys.get(what, "")
        if match["body"] != expected:
            mistakes.append(f"the table '{what or 'scalars'}' is not what the reader knows")
        return match[1] + expected + match[5]

    text = TABLE.sub(table, text)
    mistakes += [f"there is no table '{what}'" for what in sorted(set(keys) - found)]
    return text, mistakes


def check_block(number, body):
    lint = subprocess.run([os.environ["ABIDE"], "lint", "-", "--level", "warning"], input=body, check=False,
                          capture_output=True, text=True)
    fine = lint.returncode == 0 and "0 errors, 0 warnings" in lint.stdout + lint.stderr
    return [] if fine else [f"example {number}:\n{body}{lint.stdout}{lint.stderr}"]


def main():
    text = read(PATH)
    right, mistakes = check_tables(text)
    mistakes += check_validities()
    if UPDATE and right != text:
        with open(PATH, "w", encoding="utf-8") as file:
            file.write(right)
    blocks = list(BLOCK.finditer(text))
    for number, match in enumerate(blocks, 1):
        mistakes += check_block(number, match["body"])
    print(f"{len(blocks)} examples")
    for mistake in mistakes:
        print(mistake)
    sys.exit(1 if mistakes or not blocks else 0)


main()
