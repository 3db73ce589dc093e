"""Transcripts: commands and what they print, as a person would see them.

    $ abide layout point.abi.yaml
    point  struct, 16 bytes, align 8
    [exit 1]

A line that starts with `$ ` is run by bash; standard output, then standard error, must equal the lines
up to the next command. `[exit N]` follows if the status is not 0. Answers in JSON are validated against the
schemas of tools/schemas. Lines of the modules that abide comes with are called N. With UPDATE_GOLDEN=1 what is printed replaces what was expected.
"""
import difflib
import json
import os
import re
import subprocess
import sys

import jsonschema

SOURCE = os.environ["ABIDE_SOURCE_DIR"]
UPDATE = os.environ.get("UPDATE_GOLDEN") == "1"
TIMEOUT_SECONDS = 120


def environment():
    """Nothing of the user's may change what is printed."""
    kept = {name: value for name, value in os.environ.items()
            if not name.startswith(("ABIDE_", "CLICOLOR", "UPDATE_"))
            and name not in ("NO_COLOR", "FORCE_COLOR")}
    kept["PATH"] = os.path.dirname(os.environ["ABIDE"]) + ":" + kept["PATH"]
    kept["LC_ALL"] = "C.UTF-8"
    kept["ABIDE_PATH"] = ""
    for name in ("ABIDE_SOURCE_DIR", "ABIDE_LLVM_BIN"):
        if name in os.environ:
            kept[name] = os.environ[name]
    return kept


def schema_errors(text):
    """What is wrong with a JSON answer; [] if it is none or nothing is wrong."""
    try:
        answer = json.loads(text)
    except ValueError as error:
        return [str(error)] if text.startswith('{"') or text.startswith("{\n") else []
    if not isinstance(answer, dict) or "verb" not in answer:
        return []
    path = os.path.join(SOURCE, "tools", "schemas", answer["verb"] + ".json")
    with open(path, encoding="utf-8") as file:
        validator = jsonschema.Draft202012Validator(json.load(file))
    return [f"{'/'.join(map(str, error.absolute_path))}: {error.message}"
            for error in validator.iter_errors(answer)]


LINE = re.compile(r'(\babi-specs/\w+/[\w-]+\.yaml(?::|",\s*"line": ))\d+( *)')


def without_lines(printed):
    """Who adds a line to a module changes no answer; the column behind a place moves with its digits."""
    return LINE.sub(lambda match: f"{match[1]}N{match[2][:2]}", printed)


def run(command, directory):
    """(what is printed, schema errors) of a command."""
    done = subprocess.run(["bash", "-c", command], cwd=directory, env=environment(),
                          stdin=subprocess.DEVNULL, capture_output=True, text=True,
                          errors="surrogateescape", timeout=TIMEOUT_SECONDS, check=False)
    printed = without_lines(done.stdout + done.stderr)
    if printed and not printed.endswith("\n"):
        printed += "\n[no newline]\n"
    if done.returncode:
        printed += f"[exit {done.returncode}]\n"
    return printed, schema_errors(done.stdout)


def split(text):
    """(what stands before the first command, [(command, expected text)])."""
    head, commands = "", []
    for line in text.splitlines(keepends=True):
        if line.startswith("$ "):
            commands.append([line[2:].rstrip("\n"), ""])
        elif commands:
            commands[-1][1] += line
        else:
            head += line
    return head, commands


def check(text, directory, where):
    """Runs a transcript. (number of failures, the transcript as it came out)."""
    head, commands = split(text)
    out, failures = head, 0
    if not commands:
        print(f"{where}: no command in it")
        return 1, text
    for command, expected in commands:
        # A blank line before the next command is layout, not output.
        gap = "\n" if expected.endswith("\n\n") or expected == "\n" else ""
        printed, problems = run(command, directory)
        out += f"$ {command}\n{printed}{gap}"
        for problem in problems:
            failures += 1
            print(f"{where}: $ {command}\n  the answer breaks its schema: {problem}")
        if printed + gap != expected and not UPDATE:
            failures += 1
            print(f"{where}: $ {command}")
            sys.stdout.writelines(
                difflib.unified_diff(expected.splitlines(keepends=True),
                                     (printed + gap).splitlines(keepends=True),
                                     "expected", "printed"))
    return failures, out


def finish(failures):
    print("all as expected" if not failures else f"{failures} failures")
    sys.exit(1 if failures else 0)
