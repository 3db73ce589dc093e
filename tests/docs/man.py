#!/usr/bin/env python3
"""man.py: the manual page and `abide VERB --help` list the same options, with the same values."""
import os
import re
import subprocess
import sys

PAGE = os.path.join(os.environ["ABIDE_SOURCE_DIR"], "tools", "man", "abide.1")
COMMON = ["FINDING ABI MODULES", "OPTIONS OF EVERY VERB"]


def helped(*words):
    return subprocess.run([os.environ["ABIDE"], *words, "--help"], check=True,
                          capture_output=True, text=True).stdout


def options_of_help(verb):
    """{option: value} of a verb's help: "-t": "TRIPLE"."""
    found = {}
    for line in helped(verb).split("\n"):
        match = re.match(r"  (-\S.*?)(?:  |$)", line)
        if match:
            *names, last = match[1].split(", ")
            last, _, value = last.partition(" ")
            for name in [*names, last]:
                found[name] = value
    return found


def sections_of_page():
    """{section: {option: value}}: a verb's sections are called by its name."""
    sections, here = {}, None
    with open(PAGE, encoding="utf-8") as file:
        for line in file:
            words = line.split()
            if words[:1] == [".Sh"]:
                here = sections.setdefault(" ".join(words[1:]), {})
            elif words[:1] == [".Ss"]:
                here = sections.setdefault(words[1], {})
            elif words[:2] == [".It", "Fl"]:
                value = ""
                if "Ar" in words or "Cm" in words:
                    at = words.index("Ar" if "Ar" in words else "Cm")
                    value = "".join(words[at + 1:])
                    words = words[:at]
                for before, name in zip(words, words[1:]):
                    if before == "Fl":
                        here["-" + name] = value
    return sections


def main():
    sections = sections_of_page()
    verbs = re.findall(r"^  (\w+)  +\S", helped().split("Verbs:")[1], re.M)
    problems = []
    for verb in verbs:
        told = options_of_help(verb)
        written = dict(sections.get(verb, {}))
        if verb not in sections:
            problems.append(f"{verb}: not in the manual page")
        for section in COMMON:
            if section == COMMON[1] or "-I" in told:
                written = {**sections[section], **written}
        for option in sorted(set(told) | set(written)):
            if told.get(option) != written.get(option):
                problems.append(f"{verb}: {option}: --help has {told.get(option)!r}, "
                                f"the manual page {written.get(option)!r}")
    print("\n".join(problems) or f"{len(verbs)} verbs agree")
    sys.exit(1 if problems else 0)


main()
