"""What the tests of `abide compare` share: tables of changes, and the files that they stand for."""
import json
import os
import re
import subprocess

import yaml

ABIDE = os.environ["ABIDE"]
SOURCE = os.environ["ABIDE_SOURCE_DIR"]
LEVELS = ["compatible", "note", "addition", "risk", "contract", "break"]


class Text(yaml.SafeLoader):
    """Every scalar is text, as in abide's own reader."""


Text.yaml_implicit_resolvers = {}


def load(path):
    with open(os.path.join(SOURCE, path), encoding="utf-8") as file:
        return yaml.load(file, Loader=Text)


def interface(change, side):
    """The text of the file: `side` is old or new."""
    lines = ["abide: 1", f"package: {change.get(side + '_package', 'p')}"]
    lines += change.get(f"{side}_head", [])
    for section, shared, own in (("constants", "constants", f"{side}_constants"), ("types", "types", f"{side}_types"), ("interfaces", "interfaces", f"{side}_interfaces"),
                                 ("functions", "functions", side)):
        entries = change.get(shared, []) + change.get(own, [])
        if entries:
            lines += [f"{section}:", *(f"  {entry}" for entry in entries)]
    return "\n".join(lines) + "\n"


def write(change):
    """Both files, in the current folder."""
    paths = []
    for side in ("old", "new"):
        paths.append(f"{change['id']}.{side}.abi.yaml")
        with open(paths[-1], "w", encoding="utf-8") as file:
            file.write(interface(change, side))
    return paths


def ask(*words):
    """(status, standard output, standard error)"""
    done = subprocess.run([ABIDE, *words], check=False, capture_output=True, text=True, timeout=60)
    return done.returncode, done.stdout, done.stderr


def compare(change, *words):
    """The answer as JSON, and the status."""
    old, new = write(change)
    status, out, err = ask("compare", old, new, "--json", *words)
    if not out:
        return None, status, err
    return json.loads(out), status, err


def findings_of(answer):
    """All findings but notes, as the tables have them."""
    return {f"{finding['id']} {finding['path']} {finding['old_programs']} {finding['new_programs']}"
            for finding in answer["findings"] if finding["severity"] != "note"}


def write_table(mark, table):
    """Whether a table of README.md is this one, which UPDATE_GOLDEN=1 writes."""
    path = os.path.join(SOURCE, "tests", "compare", "README.md")
    with open(path, encoding="utf-8") as file:
        text = file.read()
    pattern = re.compile(rf"(?<=<!-- {mark} -->\n).*?(?=<!-- end -->)", re.S)
    told = pattern.search(text)[0]
    if told != table and os.environ.get("UPDATE_GOLDEN"):
        with open(path, "w", encoding="utf-8") as file:
            file.write(pattern.sub(lambda _: table, text))
        return True
    return told == table
