#!/usr/bin/env python3
"""doctor.py: `abide doctor` of an installed abide that lacks parts, or has broken ones, says so, and its status does."""
import json
import os
import subprocess
import sys
import tempfile

import jsonschema

SOURCE = os.environ["ABIDE_SOURCE_DIR"]
failures = []
with open(os.path.join(SOURCE, "tools", "schemas", "doctor.json"), encoding="utf-8") as schema_file:
    SCHEMA = json.load(schema_file)


def expect(what, condition, seen):
    print(f"{'ok  ' if condition else 'FAIL'} {what}")
    if not condition:
        failures.append(what)
        print(seen)


def doctor(prefix, *words, **variables):
    """(the answer, the status)"""
    environment = {**os.environ, "ABIDE_PATH": "", **variables}
    command = [os.path.join(prefix, "bin", "abide"), "doctor", *words]
    done = subprocess.run([*command, "--json"], env=environment, capture_output=True, text=True, check=False)
    text = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    expect("nothing on standard error", done.stderr == text.stderr == "", done.stderr + text.stderr)
    answer = json.loads(done.stdout)
    jsonschema.Draft202012Validator(SCHEMA).validate(answer)
    expect("text and JSON agree", done.returncode == text.returncode and all(
        check["state"] in text.stdout and check["detail"] in text.stdout and (check["way_out"] or "") in text.stdout
        for check in answer["checks"]), text.stdout)
    expect("the status says whether something is broken", done.returncode == (0 if answer["works"] else 1) and
           answer["works"] == all(check["state"] != "broken" for check in answer["checks"]), answer)
    return answer, done.returncode


def state(answer, area, name=None):
    return {check["state"] for check in answer["checks"] if check["area"] == area and name in (None, check["name"])}


def write(path, text, mode=0o755):
    with open(path, "w", encoding="utf-8") as file:
        file.write(text)
    os.chmod(path, mode)


def main():
    with tempfile.TemporaryDirectory() as folder:
        prefix = os.path.join(folder, "prefix")
        subprocess.run(["cmake", "--install", os.environ["ABIDE_BUILD_DIR"], "--prefix", prefix], check=True, stdout=subprocess.DEVNULL)
        answer, status = doctor(prefix)
        expect("here all of it works", status == 0 and state(answer, "this machine") == {"works"} and state(answer, "compilers") == {"works"},
               answer)
        answer, status = doctor(prefix, PATH="/nowhere")
        expect("compilers that are missing are no fault, and their packages are named", status == 0 and state(answer, "compilers") == {"missing"} and
               all("apt install" in check["way_out"] for check in answer["checks"] if check["area"] == "compilers"), answer)
        os.makedirs(os.path.join(folder, "folders", "gcc"))
        answer, status = doctor(prefix, PATH=os.path.join(folder, "folders"))
        expect("a folder is no compiler", status == 0 and state(answer, "compilers") == {"missing"}, answer)
        check_modules(prefix, folder)
        check_helper(prefix, os.path.join(prefix, "bin", "abide-import-c"))
        check_codegen(prefix)
    sys.exit(1 if failures else 0)


def check_modules(prefix, folder):
    answer, status = doctor(prefix, ABIDE_PATH=os.path.join(folder, "nowhere"))
    expect("a folder that is not there", status == 1 and state(answer, "modules", "ABIDE_PATH") == {"broken"}, answer)
    answer, status = doctor(prefix, "-I", os.path.join(prefix, "bin", "abide"))
    expect("a file as a folder", status == 1 and state(answer, "modules", "-I") == {"broken"}, answer)
    modules = os.path.join(folder, "modules")
    os.mkdir(modules)
    write(os.path.join(modules, "mine.yaml"), "abide: 1\nmodule: {name: mine, version: 1.0.0, level: machine, extends: c-sysv@1}\n")
    answer, status = doctor(prefix, ABIDE_PATH=modules)
    expect("a module of one's own", status == 0 and state(answer, "modules", modules) == {"works"}, answer)
    write(os.path.join(modules, "bad.yaml"), "abide: 1\nmodule: {name: bad, version: [\n")
    answer, status = doctor(prefix, ABIDE_PATH=modules)
    expect("a module that cannot be read", status == 1 and "broken" in state(answer, "modules"), answer)


def check_helper(prefix, helper):
    os.unlink(helper) if os.path.exists(helper) else None
    answer, status = doctor(prefix, PATH="/nowhere")
    expect("without the program that imports", status == 0 and state(answer, "import", "c") == {"missing"}, answer)
    for what, text in (("of another release", "#!/bin/sh\necho abide-import-c 0.0.1\n"), ("without its library", "#!/bin/sh\nexit 127\n"),
                       ("that crashes", "#!/bin/sh\nkill -SEGV $$\n"), ("with a wild answer", "#!/bin/sh\nprintf '\\033[31m\\377\\0'\n")):
        write(helper, text)
        answer, status = doctor(prefix)
        expect(f"one {what}", status == 1 and state(answer, "import", "c") == {"broken"}, answer)
    os.unlink(helper)


def check_codegen(prefix):
    libraries = [os.path.join(folder, name) for folder, _, names in os.walk(prefix) for name in names if "libabide-codegen" in name]
    if not libraries:
        answer, status = doctor(prefix)
        expect("without LLVM", status == 0 and state(answer, "machine code") == {"missing"}, answer)
        return
    for library in libraries:
        os.unlink(library)
    answer, status = doctor(prefix)
    expect("without libabide-codegen", status == 0 and state(answer, "machine code") == {"missing"}, answer)
    for library in libraries:
        write(library, "this is no library")
    answer, status = doctor(prefix)
    expect("with one that is none", status == 1 and state(answer, "machine code") == {"broken"}, answer)


main()
