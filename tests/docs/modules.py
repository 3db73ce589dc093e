#!/usr/bin/env python3
"""modules.py: the tables of machine modules in the READMEs: those that there are, with the
compilers that `abide verify --all` asks.

A table stands after a line `<!-- modules: long -->` or `<!-- modules: short -->`. UPDATE_GOLDEN=1 writes them anew.
"""
import json
import os
import re
import subprocess
import sys

SOURCE = os.environ["ABIDE_SOURCE_DIR"]
# Who is asked about conventions that C does not have, by scripts.
FOREIGN = {"ghc": "LLVM", "ocaml": "ocamlopt", "go-abiinternal": "go", "go-abiinternal-aarch64": "go",
           "fpc-i386": "fpc", "fpc-i386-pascal": "fpc"}
# What is no C function is tried by tests/execution: on the kernel, or with clang's handlers beside it.
OTHERS = {"linux-syscall-": "Linux", "interrupt-": "clang"}
FILES = {"README.md": "short", "abi-specs/README.md": "long"}


def ask(*words):
    done = subprocess.run([os.environ["ABIDE"], *words], capture_output=True, text=True, check=True)
    if "is not installed" in done.stdout:
        sys.exit(done.stdout)
    return done.stdout


def architecture_of(name):
    """As its file says, or that of the module that it extends."""
    with open(os.path.join(SOURCE, "abi-specs/machine", name + ".yaml"), encoding="utf-8") as file:
        text = file.read()
    stated = re.search(r"\barch: (\w+)", text)
    return stated[1] if stated else architecture_of(re.search(r"\bextends: ([\w-]+)", text)[1])


def machine_modules():
    """[(name, summary, [triple], architecture, [compiler])], by name."""
    asked, architectures = {}, {}
    for line in ask("verify", "--all", "--list").splitlines():
        match = re.match(r"(\S+) (\S+?)-\S* (\w+): ", line)
        if match and not line.startswith("not asked"):
            asked.setdefault(match[1], []).append(match[3])
            architectures[match[1]] = match[2]
    modules = json.loads(ask("abi", "list", "--json"))["modules"]
    foreign = {**FOREIGN, **{module["name"]: asked for module in modules for start, asked in OTHERS.items()
                             if module["name"].startswith(start)}}
    for name, compiler in foreign.items():
        asked[name] = [compiler]
        architectures[name] = architecture_of(name)
    return [(module["name"], module["summary"], module["targets"], architectures.get(module["name"], ""),
             asked.get(module["name"], [])) for module in modules if module["level"] == "machine"]


def table(rows):
    head, *rest = rows
    return "".join("| " + " | ".join(row) + " |\n" for row in [head, ["---"] * len(head), *rest])


def long_table(modules):
    return table([("module", "what it is", "C ABI of", "verify asks")] + [
        (f"`{name}`", summary, " ".join(f"`{triple}`" for triple in targets), ", ".join(compilers) or "-")
        for name, summary, targets, _, compilers in modules])


def short_table(modules):
    rows = {}
    for name, _, _, architecture, compilers in modules:
        names, asked = rows.setdefault(architecture or "others", ([], set()))
        names.append(f"`{name}`" + (f" ({compilers[0]})" if len(compilers) == 1 else ""))
        asked.update(compilers)
    return table([("architecture", "modules, and the one compiler if only one knows it")] + [
        (architecture, ", ".join(names)) for architecture, (names, _) in sorted(rows.items())])


def main():
    modules = machine_modules()
    tables = {"long": long_table(modules), "short": short_table(modules)}
    wrong = []
    for name, kind in FILES.items():
        path = os.path.join(SOURCE, name)
        with open(path, encoding="utf-8") as file:
            text = file.read()
        mark = re.compile(rf"(<!-- modules: {kind} -->\n\n)((?:\|.*\n)*)")
        found = mark.search(text)
        if found and found[2] == tables[kind]:
            continue
        if found and os.environ.get("UPDATE_GOLDEN") == "1":
            with open(path, "w", encoding="utf-8") as file:
                file.write(mark.sub(lambda match: match[1] + tables[kind], text))
            continue
        wrong.append(f"{name}: the table of modules is not\n{tables[kind]}")
    print("\n".join(wrong) or f"{len(modules)} modules")
    sys.exit(1 if wrong else 0)


main()
