#!/usr/bin/env python3
"""man.py: what a reader of the manual pages sees is what `abide VERB --help` says, and `man` finds no fault in them."""
import os
import re
import subprocess
import sys

PAGES = os.path.join(os.environ["ABIDE_BUILD_DIR"], "tools", "man1")
SOURCES = os.path.join(os.environ["ABIDE_SOURCE_DIR"], "tools", "man")


def helped(*words):
    return subprocess.run([os.environ["ABIDE"], *words, "--help"], check=True,
                          capture_output=True, text=True).stdout


def shown(path):
    """(the page as `man` shows it on a wide terminal, without line breaks; what it complains about)."""
    done = subprocess.run(["man", "--warnings", "--no-hyphenation", "--no-justification", "-l", path], check=True, capture_output=True,
                          text=True, env={**os.environ, "LC_ALL": "C.UTF-8", "MANWIDTH": "200", "MAN_KEEP_FORMATTING": "",
                                          "GROFF_NO_SGR": "1"})
    return plain(re.sub(".\b", "", done.stdout)), done.stderr


def plain(text):
    return " ".join(text.split()).replace("\u2010", "-").replace("\u2212", "-").replace("\u2019", "'").replace("\u2018", "`")


def facts_of_help(text):
    """What the page must say: each option with its value and its description, the examples."""
    facts = [plain(line) for line in re.search(r"Examples:\n(.*?)\n\n", text, re.S)[1].split("\n")]
    entries = re.findall(r"^  (-\S.*?)(?:\n?  +)(\S.*(?:\n {28}\S.*)*)$", text, re.M)
    for option, description in entries:
        facts.append(plain(f"{option} {description}"))
    return facts


def as_option_of_page(fact):
    """Values that are a choice have blanks around the bars there."""
    return fact.replace(" | ", "|")


def main():
    verbs = re.findall(r"^  (\w+)  +\S", helped().split("Verbs:")[1], re.M)
    problems, count = [], 0
    for verb in verbs:
        page, complaints = shown(os.path.join(PAGES, f"abide-{verb}.1"))
        if complaints:
            problems.append(f"{verb}: {complaints}")
        facts = facts_of_help(helped(verb))
        if len(facts) < 5 or len(facts) - 2 != len(re.findall(r"^  -", helped(verb), re.M)):
            problems.append(f"{verb}: this test does not understand its help")
        count += len(facts)
        for fact in facts:
            if as_option_of_page(fact) not in as_option_of_page(page):
                problems.append(f"{verb}: the page does not say {fact!r}")
    page, complaints = shown(os.path.join(PAGES, "abide.1"))
    problems += [f"abide.1: {complaints}"] if complaints else []
    problems += [f"abide.1 does not name abide-{verb}(1)" for verb in verbs if f"abide-{verb}(1)" not in page]
    for name in ("abide-format.5", "abide-import-c.1"):
        complaints = shown(os.path.join(SOURCES, name))[1]
        problems += [f"{name}: {complaints}"] if complaints else []
    print("\n".join(problems) or f"{len(verbs)} verbs, {count} options and examples")
    sys.exit(1 if problems else 0)


main()
