#!/usr/bin/env python3
"""reports.py: what `abide import` leaves out is the same list in every form of --error-format, however long it is."""
import collections
import json
import os
import re
import subprocess
import sys

VARIABLES, FUNCTIONS, MACROS = 250, 130, 7
HEADER = ["".join(f"extern int v{i};\n" for i in range(VARIABLES)), "".join(f"void f{i}(_BitInt(9) x);\n" for i in range(FUNCTIONS)),
          "".join(f"#define M{i}(x) x\n" for i in range(MACROS)), "struct s { int a; };\n"]
DIFFERENT = 120  # records that a binary has and a file says otherwise
LINE = re.compile(r"(\S+?):(\d+):(\d+): warning: (.*) \[not-imported\]")
TARGET = ["-t", "x86_64-linux-gnu"]
problems = []


def expect(what, seen, wanted):
    if seen != wanted:
        problems.append(f"{what}: {seen}, and not {wanted}")


def abide(*words):
    return subprocess.run([os.environ["ABIDE"], "import", *words], capture_output=True, text=True, check=False)


def write(path, *parts):
    with open(path, "w", encoding="utf-8") as file:
        file.writelines(parts)


def read_json(text):
    return [(said.get("file"), said["message"]) for said in json.loads(text)["diagnostics"]]


def read_sarif(text):
    return [(said["locations"][0]["physicalLocation"]["artifactLocation"]["uri"] if said["locations"] else None, said["message"]["text"].split("\nhelp:")[0])
            for said in json.loads(text)["runs"][0]["results"]]


def read_github(text):
    found = re.findall(r"^::\w+ (?:file=([^,]*),line=\d+,.*?)?title=[\w-]+::(.*)$", text, re.M)
    expect("github: lines", len(found), len(text.splitlines()))
    return [(file or None, message.split("%0A")[0]) for file, message in found]


FORMS = {"json": read_json, "sarif": read_sarif, "github": read_github}


def check_header():
    write("many.h", *HEADER)
    done = abide("c", "many.h", *TARGET, "-o", "many.abi.yaml")
    lines = [(found[1], found[4]) for found in map(LINE.match, done.stderr.splitlines()) if found]
    expect("text: warnings", len(lines), VARIABLES + FUNCTIONS)
    counted = (None, f"abide-import-c: left out: {MACROS} macros with parameters")
    for form, read in FORMS.items():
        done = abide("c", "many.h", *TARGET, "-o", "many.abi.yaml", "--error-format", form)
        expect(f"{form}: status", done.returncode, 0)
        expect(f"{form}: what is left out", collections.Counter(read(done.stderr)), collections.Counter([*lines, counted]))
    done = abide("c", "many.h", *TARGET, "-o", "many.abi.yaml", "--error-format", "json", "--quiet")
    expect("--quiet", done.stderr, "")


def check_binary():
    records = "".join(f"struct s{i} {{ int a; int b; }} v{i};\n" for i in range(DIFFERENT))
    write("many.c", records)
    subprocess.run(["gcc", "-g", "-c", "many.c"], check=True)
    write("other.abi.yaml", "abide: 1\ntypes:\n", *(f"  s{i}: {{struct: {{a: i32, b: i32, c: i32}}}}\n" for i in range(DIFFERENT)))
    for form, read in FORMS.items():
        done = abide("dwarf", "many.o", "--check", "other.abi.yaml", *TARGET, "--error-format", form)
        expect(f"{form}: status of --check", done.returncode, 1)
        said = [message for _, message in read(done.stderr)]
        expect(f"{form}: differences", sum("has 12 bytes" in message for message in said), DIFFERENT)
        expect(f"{form}: variables", [message for message in said if "variables" in message],
               [f"abide-import-dwarf: left out: {DIFFERENT} variables, which interface files have not"])


check_header()
check_binary()
sys.exit("\n".join(problems) if problems else 0)
