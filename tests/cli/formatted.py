#!/usr/bin/env python3
"""formatted.py: `abide fmt` on every module and interface file of the project.

What it writes means the same to another YAML reader, has the same comments, and does not change again.
"""
import collections
import os
import subprocess
import sys
import tempfile

import yaml

SOURCE = os.environ["ABIDE_SOURCE_DIR"]
FOLDERS = ["abi-specs", "tests"]


class Reader(yaml.BaseLoader):
    """Scalars as texts, mappings as lists of pairs."""


def pairs(loader, node):
    return ("mapping", [(loader.construct_object(key, True), loader.construct_object(value, True))
                        for key, value in node.value])


Reader.add_constructor("tag:yaml.org,2002:map", pairs)


def meaning(text):
    """What a file says; the order of the keys at its top means nothing."""
    return sorted(yaml.load(text, Reader)[1], key=repr)


def comments(text):
    """Every word behind a #, wherever it stands: a text may hold one, but then it does before and after."""
    found = collections.Counter()
    for line in text.splitlines():
        if "#" in line:
            found.update(line[line.index("#"):].split())
    return found


def formatted(paths):
    return subprocess.run([os.environ["ABIDE"], "fmt", *paths], capture_output=True, text=True,
                          check=False)


def originals():
    """{path: text} of the files; those in tests/errors are wrong on purpose, the fuzzers' are not even text."""
    found = {}
    for folder in FOLDERS:
        for place, _, names in os.walk(os.path.join(SOURCE, folder)):
            if "errors" in place or "corpus" in place:
                continue
            for name in names:
                if name.endswith(".yaml"):
                    path = os.path.join(place, name)
                    with open(path, encoding="utf-8", newline="") as file:
                        found[path] = file.read()
    return found


def problem_of(text, result):
    """What is wrong with the formatted text, or None."""
    if meaning(result) != meaning(text):
        return "says something else"
    if comments(result) != comments(text):
        return "comments differ"
    if any(line != line.rstrip() for line in result.splitlines()) or not result.endswith("\n"):
        return "blanks at the end of a line, or no line break at the end of the file"
    return None


def main():
    problems, texts = [], originals()
    with tempfile.TemporaryDirectory() as directory:
        copies = {path: os.path.join(directory, f"{number}.yaml")
                  for number, path in enumerate(sorted(texts))}
        for path, copy in copies.items():
            with open(copy, "w", encoding="utf-8", newline="") as file:
                file.write(texts[path])
        first, again = formatted(copies.values()), formatted(copies.values())
        for done in (first, again):
            if done.returncode or done.stderr:
                problems.append(f"status {done.returncode}: {done.stderr}")
        if not first.stdout or again.stdout:
            problems.append(f"changed at first:\n{first.stdout}and again:\n{again.stdout}")
        for path, copy in copies.items():
            with open(copy, encoding="utf-8", newline="") as file:
                problem = problem_of(texts[path], file.read())
            if problem:
                problems.append(f"{path}: {problem}")
    if len(texts) < 60:
        problems.append(f"only {len(texts)} files were found")
    print("\n".join(problems) or f"{len(texts)} files keep their meaning")
    sys.exit(1 if problems else 0)


main()
