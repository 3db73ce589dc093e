#!/usr/bin/env python3
"""
answers.py: whatever abide prints in JSON fits the schema that `abide schema VERB` gives: answers of all verbs, and what
--error-format json says of failures. Nothing stands in a schema that no answer has.
"""
import glob
import json
import os
import subprocess
import sys
import tempfile

import jsonschema

from schema_places import properties, visit

ABIDE = os.environ["ABIDE"]
SOURCE = os.environ["ABIDE_SOURCE_DIR"]
X86 = "x86_64-linux-gnu"
failures = []
seen = {}


def expect(what, condition, detail=""):
    if not condition:
        failures.append(what)
        print(f"FAIL {what}\n  {detail}"[:1500])


def abide(*arguments):
    return subprocess.run([ABIDE, *arguments], capture_output=True, text=True, check=False, stdin=subprocess.DEVNULL,
                          env={**os.environ, "ABIDE_PATH": ""})


def schema_of(name):
    return jsonschema.Draft202012Validator(json.loads(abide("schema", name).stdout))


VALIDATORS = {entry["name"]: schema_of(entry["name"]) for entry in json.loads(abide("schema", "--json").stdout)["schemas"]}
VERBS = sorted(VALIDATORS.keys() - {"interface", "module", "diagnostics"})


def check(what, name, text):
    """Whether a text is JSON that fits the schema; notes what is in it."""
    try:
        tree = json.loads(text)
    except ValueError as error:
        expect(f"{what} prints JSON", False, f"{error}: {text}")
        return None
    validator = VALIDATORS[name]
    for error in validator.iter_errors(tree):
        expect(f"{what} fits the schema of {name}", False, f"{'/'.join(map(str, error.absolute_path))}: {error.message}")
    if not next(validator.iter_errors(tree), None):
        seen.setdefault(name, set()).update(place for place, _ in visit(validator, validator.schema, tree))
    return tree


def ask(verb, *arguments, status=(0,)):
    """An answer, which warnings may go with."""
    done = abide(verb, "--json", "--error-format", "json", *arguments)
    what = f"abide {verb} {' '.join(arguments)}"
    expect(f"{what}: status {status}", done.returncode in status, f"{done.returncode}: {done.stdout}{done.stderr}")
    if done.stdout:
        check(what, verb, done.stdout)
    elif status != (0, 1, 3):
        expect(f"{what} answers", False, done.stderr)
    if done.stderr:
        check(what, "diagnostics", done.stderr)


def fail(verb, *arguments):
    """A failure: nothing but diagnostics, and some."""
    done = abide(verb, "--json", "--error-format", "json", *arguments)
    what = f"abide {verb} {' '.join(arguments)}"
    expect(f"{what} fails", done.returncode not in (0, 1) and not done.stdout, f"{done.returncode}: {done.stdout}")
    tree = check(what, "diagnostics", done.stderr)
    expect(f"{what} says why", tree and tree["diagnostics"], done.stderr)


def golden():
    return sorted(glob.glob(os.path.join(SOURCE, "tests", "golden", "*", "*.abi.yaml")))


def own(*path):
    return os.path.join(SOURCE, "tests", *path)


def ask_of_interfaces():
    """All verbs that ask one interface file, of all of the golden ones. Some of them cannot be passed under some ABIs."""
    any_status = (0, 1, 3)
    for path in golden():
        for abi in ("c", "nim-cgen", "system"):
            ask("layout", path, "--abi", abi, "-t", X86, status=any_status)
            ask("call", path, "--abi", abi, "-t", X86, "--trace", status=any_status)
        ask("layout", path, "-t", X86, "-t", "i386-linux-gnu", status=any_status)
        ask("call", path, "-t", X86, "-t", "i386-linux-gnu", "-t", "powerpc64-linux-gnu", status=any_status)
        for caller, callee in (("nim-cgen", "c"), ("c", "system")):
            ask("plan", path, "--caller", caller, "--callee", callee, "-t", X86, status=any_status)
            ask("plan", path, "--caller", caller, "--callee", callee, "-t", X86, "--without", status=any_status)
        ask("fingerprint", path, "--abi", "c", "--abi", "system", "-t", X86, status=any_status)
        ask("lint", path, status=(0, 1))
        ask("compare", path, golden()[0], "-t", X86, status=any_status)


def ask_the_others(directory):
    chat = own("cli", "inspect", "chat.abi.yaml")
    thunks = os.path.join(directory, "thunks.o")
    header, elf = own("import", "everything.h"), os.path.join(directory, "elf.o")
    for language in ("c", "cpp", "rust", "nim", "python", "zig"):
        ask("bind", language, chat, "-t", X86)
    ask("layout", own("cli", "constants", "all.abi.yaml"), "-t", X86)
    ask("layout", own("cli", "constants", "all.abi.yaml"), "-t", X86, "-t", "aarch64-linux-gnu")
    ask("layout", own("objects", "shapes.abi.yaml"), "--abi", "system", "-t", X86)
    ask("layout", own("bind", "shapes.abi.yaml"), "-t", X86)
    ask("fingerprint", chat, "-t", X86)
    ask("call", own("golden", "linux-syscall", "sys.abi.yaml"), "--abi", "c/linux-syscall", "-t", X86, status=(0, 3))
    ask("call", own("golden", "interrupt", "handlers.abi.yaml"), "--abi", "c/interrupt", "-t", X86, status=(0, 3))
    ask("thunk", chat, "--caller", "c", "--callee", "system", "--prefix", "my_", "--provide-aliases", "--call-aliases", "-t", X86, "-o", thunks)
    ask("inspect", thunks)
    ask("inspect", thunks, "--against", chat, "--abi", "c", "-t", X86, status=(0, 1))
    ask("run", own("cli", "run", "system.abi.yaml"), "frexp", "48", "-l", "libm.so.6")
    ask("run", own("cli", "run", "system.abi.yaml"), "abs", "-7", "--abi", "nim-cgen")
    ask("doc", chat, "-t", X86)
    ask("fmt", "--check", chat, status=(0, 1))
    ask("abi", "list")
    ask("abi", "show", "nim-cgen", "-t", X86)
    ask("explain")
    ask("explain", "bad-value")
    ask("doctor", status=(0, 1))
    ask("schema")
    ask("completion", "bash")
    ask("completion", "names", "layout", chat, "")
    quick = ("-t", X86, "--cc", "gcc", "--seed", "1", "--first", "1", "--count", "2", "--jobs", "1")
    ask("verify", "c", "--list", "-t", X86)
    ask("verify", "c", *quick)
    ask("verify", own("cli", "verify", "swapped.yaml"), *quick, "--stages", "arguments", status=(1,))
    ask("verify", "c", "--interface", own("cli", "verify", "given.abi.yaml"), "--cc", "gcc", "-t", X86, status=(0, 1))
    ask("import", "c", header, "-t", X86, status=(0, 1))
    imported = os.path.join(directory, "imported.abi.yaml")
    abide("import", "c", own("import", "wanted.h"), "-t", X86, "-o", imported)
    ask("import", "c", header, "-t", X86, "--against", imported, status=(1,))
    subprocess.run(["cc", "-g", "-c", "-o", elf, own("import", "wanted.c")], check=True)
    written = os.path.join(directory, "elf.abi.yaml")
    abide("import", "dwarf", elf, "-o", written)
    ask("import", "dwarf", elf, "--check", written)


def check_failures(directory):
    wrong = os.path.join(directory, "wrong.abi.yaml")
    with open(wrong, "w", encoding="utf-8") as file:
        file.write("abide: 1\ntypes:\n  a: {struct: {x: u9, y: {tipe: u8}}}\nfunctions:\n  f: (a b) -> c\n")
    for verb in VERBS:
        fail(verb, "--no-such-option")
    for verb in ("layout", "call", "plan", "thunk", "fingerprint", "doc", "compare", "bind", "run"):
        before = {"bind": ["c"]}.get(verb, [])
        after = {"plan": ["--caller", "c", "--callee", "c"], "thunk": ["--caller", "c", "--callee", "system", "-o", "-"], "run": ["f"], "compare": [wrong]}
        fail(verb, *before, wrong, *after.get(verb, []))
        fail(verb, *before, os.path.join(directory, "missing.abi.yaml"), *after.get(verb, []))
    fail("layout", golden()[0], "no-such-type")
    fail("layout", golden()[0], "-t", "x86_65-linux-gnu")
    fail("abi", "show", "no-such-abi")
    fail("verify", "no-such-abi")
    fail("inspect", wrong)
    fail("import", "c", os.path.join(directory, "missing.h"))
    fail("import", "c", own("import", "broken.h"))
    fail("import", "dwarf", wrong)
    fail("explain", "no-such-id")
    fail("schema", "no-such-verb")
    fail("completion", "no-such-shell")
    fail("fmt", os.path.join(directory, "missing.abi.yaml"))
    ask("lint", wrong, status=(1,))


# What no module of abide's own has, and what random signatures seldom meet.
RARE = {"call": {("pointer", "at_bytes"), ("pointer", "as"), ("pointer", "extend"), ("pointer", "extend_bits")},
        "verify": {("", "what"), ("", "known_percent"), ("", "rare")}}


def check_seen():
    for name in (*VERBS, "diagnostics"):
        expect(f"{name} is asked", name in seen)
        missing = [place for place in dict.fromkeys(properties(VALIDATORS[name].schema)) if place not in seen.get(name, ())]
        expect(f"an answer has all that the schema of {name} lists", set(missing) <= RARE.get(name, set()), missing)


def main():
    with tempfile.TemporaryDirectory() as directory:
        ask_of_interfaces()
        ask_the_others(directory)
        check_failures(directory)
    check_seen()
    print(f"{len(VERBS)} verbs, {len(failures)} failures")
    sys.exit(1 if failures else 0)


main()
