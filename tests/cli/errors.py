#!/usr/bin/env python3
"""errors.py: what --error-format shows of the same mistakes, with file names and texts that try to break out of each form.

SARIF is held against the properties of its specification that logs of abide have; numbers are clauses of SARIF 2.1.0.
"""
import json
import os
import random
import re
import subprocess
import sys
import tempfile
import urllib.parse

import jsonschema

ABIDE = os.environ["ABIDE"]
SOURCE = os.environ["ABIDE_SOURCE_DIR"]
FORMATS = ["text", "short", "github", "json", "sarif"]

TEXT = {"type": "object", "properties": {"text": {"type": "string", "minLength": 1}}, "required": ["text"],
        "additionalProperties": False}  # 3.11.8, 3.12.3
COUNT = {"type": "integer", "minimum": 1}  # 3.30.5 to 3.30.8
LOCATION = {  # 3.28
    "type": "object", "properties": {
        "message": TEXT,
        "physicalLocation": {  # 3.29
            "type": "object", "properties": {
                "artifactLocation": {"type": "object", "properties": {"uri": {"type": "string", "minLength": 1}},  # 3.4.3
                                     "required": ["uri"], "additionalProperties": False},
                "region": {"type": "object", "properties": {"startLine": COUNT, "startColumn": COUNT, "endLine": COUNT,
                                                            "endColumn": COUNT},
                           "required": ["startLine", "startColumn", "endLine", "endColumn"], "additionalProperties": False}},
            "required": ["artifactLocation", "region"], "additionalProperties": False}},
    "required": ["physicalLocation"], "additionalProperties": False}
SARIF = {  # 3.13
    "type": "object", "properties": {
        "$schema": {"type": "string", "pattern": "^https://docs.oasis-open.org/sarif/.*2.1.0.json$"},
        "version": {"const": "2.1.0"},
        "runs": {"type": "array", "minItems": 1, "maxItems": 1, "items": {  # 3.14
            "type": "object", "properties": {
                "tool": {"type": "object", "properties": {"driver": {  # 3.18, 3.19
                    "type": "object", "properties": {
                        "name": {"const": "abide"}, "version": {"type": "string", "pattern": r"^\d+\.\d+\.\d+$"},
                        "rules": {"type": "array", "uniqueItems": True, "items": {  # 3.49
                            "type": "object", "properties": {"id": {"type": "string"}, "shortDescription": TEXT,
                                                             "fullDescription": TEXT},
                            "required": ["id", "shortDescription", "fullDescription"], "additionalProperties": False}}},
                    "required": ["name", "version", "rules"], "additionalProperties": False}},
                    "required": ["driver"], "additionalProperties": False},
                "columnKind": {"const": "unicodeCodePoints"},  # 3.14.17
                "results": {"type": "array", "items": {  # 3.27
                    "type": "object", "properties": {
                        "ruleId": {"type": "string"}, "ruleIndex": {"type": "integer", "minimum": 0},
                        "level": {"enum": ["error", "warning", "note"]}, "message": TEXT,
                        "locations": {"type": "array", "items": LOCATION}, "relatedLocations": {"type": "array", "items": LOCATION}},
                    "required": ["ruleId", "ruleIndex", "level", "message", "locations"], "additionalProperties": False}}},
            "required": ["tool", "columnKind", "results"], "additionalProperties": False}}},
    "required": ["$schema", "version", "runs"], "additionalProperties": False}
with open(os.path.join(SOURCE, "tools", "schemas", "diagnostics.json"), encoding="utf-8") as schema_file:
    JSON = json.load(schema_file)

# RFC 3986, 4.1, without what abide has no use for
URI = re.compile(r"^(file:///)?([A-Za-z0-9._~/-]|%[0-9A-F]{2})+$")
# what nobody may find in a line for a terminal or for a program that reads lines
CONTROL = re.compile("[\x00-\x09\x0b-\x1f\x7f\x80-\x9f\u202a-\u202e\u2066-\u2069]")

NAMES = ["a.abi.yaml", "with blank.yaml", "per%cent%0A.yaml", "a,col=9::error::x.yaml", "new\nline.yaml", "esc\x1b[31m.yaml",
         "c:\\x.yaml", "ümläut.yaml", "#frag?query.yaml", "-dash.yaml", "\u202ereversed.yaml", "]]>&<b>.yaml", "'quo\"te.yaml"]
TEXTS = ["pont", "pont%0A::error::x", "p\\nq", "ö", "]]>", "'\"", "\\x1b[31m", "\u202egpj", "p::q,r=s", "%25"]

failures = []


def expect(what, condition, detail=""):
    if not condition:
        failures.append(what)
        print(f"FAIL {what}\n  {detail!r}")


def run(words, directory):
    """(status, standard output, standard error)"""
    done = subprocess.run([ABIDE, *words], cwd=directory, capture_output=True, timeout=60, check=False, stdin=subprocess.DEVNULL)
    return done.returncode, done.stdout.decode(errors="replace"), done.stderr.decode(errors="replace")


def problems_of(schema, answer):
    return [f"{'/'.join(map(str, e.absolute_path))}: {e.message}" for e in jsonschema.Draft202012Validator(schema).iter_errors(answer)]


def unescaped(text):
    return re.sub("%([0-9A-F]{2})", lambda match: chr(int(match[1], 16)), text)


def facts_of_json(text, what):
    answer = json.loads(text)
    expect(f"{what}: valid JSON", not problems_of(JSON, answer), problems_of(JSON, answer))
    return [(d["severity"], d["id"], d["file"], d.get("line"), d.get("column"), d.get("end_line"), d.get("end_column"), d["message"])
            for d in answer["diagnostics"]], answer["diagnostics"]


def facts_of_github(text, what):
    facts = []
    for line in text.splitlines():
        match = re.fullmatch(r"::(error|warning|notice) (?:file=([^,:]*),line=(\d+),col=(\d+),endLine=(\d+),endColumn=(\d+),)?"
                             r"title=([a-z0-9-]+)::(.*)", line)
        expect(f"{what}: a command for GitHub", match, line)
        if match:
            numbers = [int(n) if n else None for n in match.group(3, 4, 5, 6)]
            facts.append(({"notice": "note"}.get(match[1], match[1]), match[7], match[2] and unescaped(match[2]), *numbers,
                          unescaped(match[8]).split("\nhelp: ")[0]))
    return facts


def facts_of_sarif(text, what):
    log = json.loads(text)
    expect(f"{what}: valid SARIF", not problems_of(SARIF, log), problems_of(SARIF, log))
    facts, rules = [], log["runs"][0]["tool"]["driver"]["rules"]
    for result in log["runs"][0]["results"]:
        expect(f"{what}: the rule of the index", rules[result["ruleIndex"]]["id"] == result["ruleId"], result)
        path, numbers = None, [None] * 4
        for location in result["locations"] + result.get("relatedLocations", []):
            uri = location["physicalLocation"]["artifactLocation"]["uri"]
            expect(f"{what}: a URI", URI.match(uri), uri)
        for location in result["locations"]:
            path = urllib.parse.unquote(uri_path(location), errors="replace")
            numbers = [location["physicalLocation"]["region"][key] for key in ("startLine", "startColumn", "endLine", "endColumn")]
        facts.append((result["level"], result["ruleId"], path, *numbers, result["message"]["text"].split("\nhelp: ")[0].split("\nnote: ")[0]))
    return facts


def uri_path(location):
    uri = location["physicalLocation"]["artifactLocation"]["uri"]
    return uri[len("file://"):] if uri.startswith("file://") else uri


def check(words, directory, what, stream=2, status=None):
    """All forms of the same mistakes agree, and none lets what it quotes break out."""
    answers = {form: run([*words[:1], f"--error-format={form}", *words[1:]], directory) for form in FORMATS}
    expect(f"{what}: the status is the same", len({answer[0] for answer in answers.values()}) == 1, answers)
    if status is not None:
        expect(f"{what}: the status is {status}", answers["text"][0] == status, answers["text"])
    texts = {form: answer[stream] for form, answer in answers.items()}
    facts, diags = facts_of_json(texts["json"], what)
    expect(f"{what}: there is something to show", facts, texts["json"])
    for form in ("text", "short", "github"):  # in GitHub's, a name of a file stays what it is as far as it can
        shown = re.sub("[\u202a-\u202e\u2066-\u2069]", "", texts[form]) if form == "github" else texts[form]
        expect(f"{what}: {form} has no control characters", not CONTROL.search(shown), shown)
    if len(facts) <= 20:
        expect(f"{what}: GitHub's commands say the same", facts_of_github(texts["github"], what) == facts, (facts, texts["github"]))
        lines = texts["short"].splitlines()
        expect(f"{what}: a line each", len(lines) == len(facts), texts["short"])
        for line, fact in zip(lines, facts):
            place = f":{fact[3]}:{fact[4]}: " if fact[2] else ""
            expect(f"{what}: short", line.endswith(f"{place}{fact[0]}: {fact[7]} [{fact[1]}]"), (line, fact))
            expect(f"{what}: short is the head of text", line in texts["text"].split("\n"), line)
    expect(f"{what}: SARIF says the same", facts_of_sarif(texts["sarif"], what) == facts, (facts, texts["sarif"]))
    return diags


def check_range(directory):
    """The range is that of the word, in code points."""
    with open(os.path.join(directory, "range.yaml"), "w", encoding="utf-8") as file:
        line = "functions: {f: {doc: 'öö', sig: '(b pointt) -> void'}}"
        file.write(f"abide: 1\n{line}\n")
    column = line.index("pointt") + 1
    diag = check(["call", "range.yaml"], directory, "a range", status=3)[0]
    expect("the range is that of the word", (diag["line"], diag["column"], diag["end_line"], diag["end_column"]) == (2, column, 2, column + 6), diag)


def main():
    seed = int(sys.argv[1]) if len(sys.argv) > 1 else 1
    print(f"seed {seed}")
    choose = random.Random(seed)
    with tempfile.TemporaryDirectory() as directory:
        check_range(directory)
        for name in NAMES:
            bad = choose.choice(TEXTS)
            with open(os.path.join(directory, name), "w", encoding="utf-8") as file:
                file.write("abide: 1\ntypes: {s: {struct: {x: f64}}}\nfunctions:\n  f: \"(a " + bad.replace('"', '\\"') +
                           ', b sx, c f64) -> f65"\n  g: {sog: x}\n')
            path = "./" + name if name.startswith("-") else name
            check(["layout", path], directory, f"{name!r}, {bad!r}", status=3)
        check(["lint", os.path.join(directory, NAMES[3]), NAMES[2]], directory, "lint", stream=1, status=1)
        for words, status in ((["layout", "no\nsuch\x1b.yaml"], 3), (["layout", "--fromat", "a%0Ab"], 2), (["layout"], 2), (["layot\n", "x"], 2),
                              (["layout", NAMES[0], "-o", "no/such\n/folder"], 3), (["explain", "unknown-tpye"], 3),
                              (["call", NAMES[0], "-t", "nowhere-nothing-never"], 3)):
            check(words, directory, str(words), status=status)
        answer = run(["explain", "unknown-type", "--error-format", "json"], directory)
        expect("where nothing is wrong, nothing is shown", answer[0] == 0 and not answer[2], answer)
        answer = run(["lint", "--error-format", "sarif", os.path.join(SOURCE, "abi-specs", "machine", "c-sysv.yaml")], directory)
        expect("a log of nothing is a log", facts_of_sarif(answer[1], "nothing") == [], answer)
    print(f"{len(failures)} failures")
    sys.exit(1 if failures else 0)


main()
