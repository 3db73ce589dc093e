#!/usr/bin/env python3
"""dwarf_check.py: `abide import dwarf --check`: a description that fits a binary is found to fit; each change of a line is found at it."""
import json
import os
import re
import subprocess
import sys

import jsonschema

C = """#include <stdint.h>
struct reading {uint16_t sensor; _Bool ok; double value; int64_t when; uint8_t unit[8];};
struct list {struct list *next; const char *name; int (*call)(void *, int); unsigned low : 3, high : 5; float _Complex z;
    union {int i; float f;}; struct {short a, b;} at;};
enum mode {FAST = 1, SLOW = 5};
struct reading latest(uint16_t sensor) {return (struct reading){sensor};}
_Bool record(struct reading r, int32_t priority) {return r.ok && priority;}
int scale(struct reading *r, float by, enum mode m) {return (int)by + m;}
long walk(struct list l, int (*each)(struct list *), const char *format, ...) {return l.low;}
void put(signed char c, const char *text, uint64_t n) {}
"""
FILE = """abide: 1
types:
  reading:
    struct:
      sensor: u16
      ok: bool
      value: f64
      when: i64
      unit: array<u8, 8>
  list:
    struct:
      - {name: next, type: mutptr<list>}
      - {name: name, type: cstring}
      - {name: call, type: 'fn(mutptr<void>, c_int) -> c_int'}
      - {name: low, type: c_uint, bits: 3}
      - {name: high, type: c_uint, bits: 5}
      - {name: z, type: complex<f32>}
      - union: {i: i32, f: f32}
      - {name: at, type: {struct: {a: i16, b: i16}}}
  mode: {enum: {FAST: 1, SLOW: 5}}
  elsewhere: {struct: {a: i32}}
functions:
  latest: (sensor u16) -> reading
  record: (r reading, priority i32) -> bool
  scale: (r mutptr<reading>, by f32, m mode) -> c_int
  walk: (l list, each 'fn(mutptr<list>) -> c_int', format cstring, ...) -> c_long
  put: (c i8, text cstring, n u64)
  gone: () -> i32
""".replace("'fn(mutptr<list>) -> c_int'", "fn(mutptr<list>) -> c_int")
CHANGES = [  # what is replaced in a line, by what
    ("sensor: u16", "sensor: u32"), ("ok: bool", "okay: bool"), ("value: f64", "value: i64"), ("when: i64", "when: f64"),
    ("array<u8, 8>", "array<u8, 9>"), ("type: mutptr<list>", "type: u64"), ("type: cstring", "type: i32"),
    ("name: low, type: c_uint, bits: 3", "name: low, type: c_uint, bits: 4"), ("complex<f32>", "complex<f64>"),
    ("{i: i32, f: f32}", "{i: i64, f: f32}"), ("FAST: 1", "FAST: 2"), ("(sensor u16) -> reading", "(sensor u16) -> i32"),
    ("(sensor u16)", "(sensor u32)"), ("priority i32", "priority i64"), ("priority i32)", "priority i32, more i32)"),
    ("by f32", "by i32"), ("m mode", "m i64"), (", format cstring, ...", ", format cstring"), ("-> c_long", "-> i32"),
    ("(c i8", "(c u8"), ("(c i8, text cstring", "(text cstring, c i8"), ("n u64", "n f64"),
]
COMPILERS = [("x86_64-linux-gnu", ["gcc"], "--native"), ("aarch64-linux-gnu", ["clang-19", "--target=aarch64-linux-gnu"], None),
             ("s390x-linux-gnu", ["s390x-linux-gnu-gcc"], None)]
problems = []


def check(binary, text, target, *more):
    with open("said.abi.yaml", "w", encoding="utf-8") as file:
        file.write(text)
    words = ["import", "dwarf", binary, "--check", "said.abi.yaml", "--quiet", *(["-t", target] if target else []), *more]
    return subprocess.run([os.environ["ABIDE"], *words], capture_output=True, text=True, check=False)


def check_changes(binary, target):
    for old, new in CHANGES[::3] if target else CHANGES:
        assert FILE.count(old) >= 1, old
        done = check(binary, FILE.replace(old, new, 1), target)
        line = FILE[:FILE.index(old)].count("\n") + 1
        lines = {int(number) for number in re.findall(r"^said.abi.yaml:(\d+):\d+: error: .* \[binary-differs\]$", done.stderr, re.M)}
        # A field that has moved shows at those behind it, and in calls.
        if done.returncode != 1 or line not in lines:
            problems.append(f"{target}: {old} as {new}: status {done.returncode}, lines {lines}: {done.stderr[:600]}{done.stdout}")


def check_numbers():
    """Both numbers of a value are told."""
    done = check("lib.o", FILE.replace("SLOW: 5", "SLOW: 7"), None)
    if "'SLOW' is 7, and in the binary 5 [binary-differs]" not in done.stderr:
        problems.append(f"numbers of a value: {done.stderr}")


def check_json(binary, target):
    with open(os.path.join(os.environ["ABIDE_SOURCE_DIR"], "tools", "schemas", "import.json"), encoding="utf-8") as file:
        schema = json.load(file)
    answer = json.loads(check(binary, FILE, target, "--json").stdout)
    jsonschema.validate(answer, schema)
    if (answer["types"]["same"], answer["functions"]["same"]) != (3, 5) or answer["types"]["missing"] != ["elsewhere"] or \
            answer["functions"]["missing"] != ["gone"]:
        problems.append(f"{target}: {answer}")


OLD = [{"id": "not-imported", "file": "old.c", "line": 2, "column": 6}]  # the place of `old` in old.c
UNREADABLE = [{"id": "unreadable-binary", "file": None, "line": None, "column": None}] * 2


def seen_in(form, text):
    """The diagnostics in one of the forms for programs."""
    if form == "github":
        found = [re.match(r"::(?:error|warning) (?:file=([^,]*),line=([0-9]+),col=([0-9]+),\S* ?)?title=([a-z-]+)::", line)
                 for line in text.splitlines()]
        found = [match.group(4, 1, 2, 3) for match in found]
    elif form == "json":
        found = [[diag["id"], diag["file"], diag.get("line"), diag.get("column")] for diag in json.loads(text)["diagnostics"]]
    else:
        found = []
        for result in json.loads(text)["runs"][0]["results"]:
            physical = result["locations"][0]["physicalLocation"] if result["locations"] else {}
            found.append([result["ruleId"], physical.get("artifactLocation", {}).get("uri"), physical.get("region", {}).get("startLine"),
                          physical.get("region", {}).get("startColumn")])
    return [{"id": id, "file": file and os.path.basename(file), "line": line and int(line), "column": column and int(column)}
            for id, file, line, column in found]


def check_error_formats():
    """What the importer reports is in the form that is asked for, too, with the place in the source file."""
    with open("old.c", "w", encoding="utf-8") as file:
        file.write("/* K&R */\nvoid old(a) int a; {}\n")
    subprocess.run(["gcc", "-g", "-c", "old.c"], check=True)
    for words, expected in ((["old.o"], OLD), (["old.c"], UNREADABLE), (["old.o", "--quiet"], [])):
        for form in ("json", "sarif", "github"):
            done = subprocess.run([os.environ["ABIDE"], "import", "dwarf", *words, "--error-format", form, "-o", "old.abi.yaml"],
                                  capture_output=True, text=True, check=False)
            seen = seen_in(form, done.stderr) if done.stderr else []
            if seen != expected:
                problems.append(f"{words} {form}: {seen}, not {expected}: {done.stderr}")


def main():
    check_error_formats()
    with open("lib.c", "w", encoding="utf-8") as file:
        file.write(C)
    for target, compiler, is_native in COMPILERS:
        subprocess.run([*compiler, "-g", "-c", "-ffreestanding", "-nostdinc", "-I.", "-isystem", os.path.dirname(subprocess.run(
            ["gcc", "-print-file-name=include/stdint.h"], capture_output=True, text=True, check=True).stdout.strip()), "lib.c"], check=True)
        asked = None if is_native else target
        done = check("lib.o", FILE, asked)
        if done.returncode:
            problems.append(f"{target}: a good file: {done.stderr}{done.stdout}")
        check_json("lib.o", asked)
        if is_native:
            check_numbers()
        check_changes("lib.o", asked)
    sys.exit("\n".join(problems) if problems else 0)


if __name__ == "__main__":
    main()
