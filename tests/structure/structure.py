#!/usr/bin/env python3
"""structure.py CHECK: what the folders promise about each other, read from the sources.

layers  a file includes only from its own layer or from one to the left (STYLE: "The map")
llvm    LLVM's headers occur in codegen/ only
yaml    the YAML library's header occurs in one file only
names   no C file names an ABI, an architecture, a register or a source language in its code, but for bindings
"""
import os
import re
import sys

ROOT = os.environ["ABIDE_SOURCE_DIR"]
LAYERS = ["base", "types", "spec", "layout", "call", "plan", "fingerprint", "emit", "tools"]
FOLDERS = ["layout-engine", "codegen", "tools", "include"]
SOURCE_ENDINGS = (".c", ".h", ".def", ".inc")
INCLUDE = re.compile(r'^[ \t]*#[ \t]*include[ \t]*([<"])([^>"]+)[>"]', re.M)
NAMES = re.compile(
    r"(?<![A-Za-z0-9])(sysv|aapcs\w*|win64|ms_abi|nim|rdi|rsi|rdx|rcx|rax|xmm[0-9]*|swiftcc|"
    r"riscv\w*|mips\w*|s390x?|ppc64\w*|loongarch\w*|sparc\w*|wasm\w*|x86\w*|aarch64\w*|arm64|"
    r"amd64)(?![A-Za-z0-9])",
    re.I,
)
COMMENT_OR_STRING = re.compile(r'//[^\n]*|/\*.*?\*/|"(?:\\.|[^"\\\n])*"|\'(?:\\.|[^\'\\\n])*\'', re.S)


def sources():
    """Paths of all C files of the project's own folders, relative to the root."""
    for folder in FOLDERS:
        for directory, _, names in os.walk(os.path.join(ROOT, folder)):
            for name in sorted(names):
                if name.endswith(SOURCE_ENDINGS):
                    yield os.path.relpath(os.path.join(directory, name), ROOT)


def text_of(path):
    with open(os.path.join(ROOT, path), encoding="utf-8") as file:
        return file.read()


def without_comments(text):
    """Comments become blanks of the same number of lines; strings stay."""

    def blank(match):
        found = match.group()
        return "\n" * found.count("\n") + " " if found[0] == "/" else found

    return COMMENT_OR_STRING.sub(blank, text)


def includes(path):
    """(line, bracket, name) of every include of a file."""
    text = without_comments(text_of(path))
    for match in INCLUDE.finditer(text):
        yield text.count("\n", 0, match.start(2)) + 1, match.group(1), match.group(2)


def layer_of(path):
    """The index of a file's layer; None for the public headers, which everybody may include."""
    parts = path.split(os.sep)
    if parts[0] == "include":
        return None
    name = {"codegen": "emit", "tools": "tools"}.get(parts[0]) or parts[1]
    return LAYERS.index(name)


def resolve(path, name):
    """The project's file that an include means, relative to the root, or None."""
    places = [os.path.dirname(path), "layout-engine", "codegen", "tools", "include"]
    for place in places:
        candidate = os.path.normpath(os.path.join(place, name))
        if os.path.isfile(os.path.join(ROOT, candidate)):
            return candidate
    return None


def check_layers():
    for path in sources():
        for line, _, name in includes(path):
            target = resolve(path, name)
            if target is None:  # not the project's
                continue
            own, other = layer_of(path), layer_of(target)
            if other is None:
                continue
            if own is None:
                yield f"{path}:{line}: a public header includes the internal {target}"
            elif other > own:
                yield (f"{path}:{line}: {LAYERS[own]} includes {target} of the layer "
                       f"{LAYERS[other]}, which stands to its right")


def check_llvm():
    for path in sources():
        for line, _, name in includes(path):
            if name.startswith(("llvm-c/", "llvm/")) and not path.startswith("codegen" + os.sep):
                yield f"{path}:{line}: {name} outside codegen/"


def check_yaml():
    users = [path for path in sources()
             for _, bracket, name in includes(path) if bracket == "<" and name == "yaml.h"]
    if len(users) > 1:
        yield f"{', '.join(users)}: <yaml.h> belongs into one file"


# Bindings are written in the words of languages.
IN_WORDS_OF_LANGUAGES = ("tools/bind/", "tools/cmd_bind.c")


def check_names():
    for path in sources():
        if path.startswith(IN_WORDS_OF_LANGUAGES):
            continue
        for number, line in enumerate(without_comments(text_of(path)).split("\n"), 1):
            for match in NAMES.finditer(line):
                yield f"{path}:{number}: '{match.group()}' belongs into a module, not into code"


def main():
    check = {"layers": check_layers, "llvm": check_llvm, "yaml": check_yaml,
             "names": check_names}[sys.argv[1]]
    if not list(sources()):
        sys.exit(f"no sources below {ROOT}: nothing was checked")
    findings = list(check())
    print("\n".join(findings) if findings else "nothing to report")
    sys.exit(1 if findings else 0)


main()
