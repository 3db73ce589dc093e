#!/usr/bin/env python3
"""positions.py: what is wrong in a file is said at a line and a column of it, in every text of this folder."""
import os
import re
import sys

HERE = os.path.dirname(os.path.abspath(__file__))
MESSAGE = re.compile(r"^(?P<place>[^ ].*?:\d+:\d+: )?(error|warning|note): .*\[(?P<id>[a-z0-9-]+)\]$")
# Of the whole run, and of a target that the command line names.
NOWHERE = {"too-many-errors", "wrong-target"}


def main():
    wrong, ids = [], set()
    for folder, _, names in os.walk(HERE):
        for name in sorted(name for name in names if name.endswith(".expect")):
            with open(os.path.join(folder, name), encoding="utf-8") as file:
                for number, line in enumerate(file, 1):
                    message = MESSAGE.match(line)
                    if not message:
                        continue
                    ids.add(message["id"])
                    if not message["place"] and message["id"] not in NOWHERE:
                        wrong.append(f"{name}:{number}: {line.strip()}")
    print("\n".join(wrong))
    print(f"{len(ids)} ids, {len(wrong)} messages without a place")
    sys.exit(1 if wrong or len(ids) < 50 else 0)


main()
