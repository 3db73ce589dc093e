#!/usr/bin/env python3
"""golden.py: the pictures that README shows are what its commands draw. UPDATE_GOLDEN=1 draws them anew."""
import os
import re
import subprocess
import sys

import picture

SOURCE = os.environ["ABIDE_SOURCE_DIR"]


def main():
    readme = open(os.path.join(SOURCE, "README.md"), encoding="utf-8").read()
    for name, body in re.findall(r"<!-- file: (\S+) -->\n```yaml\n(.*?)```", readme, re.S):
        with open(name, "w", encoding="utf-8") as file:
            file.write(body)
    shown = re.findall(r"\]\((tests/pictures/golden/(\S+\.svg))\)", readme)
    assert shown, "README shows no picture"
    for path, name in shown:
        command = re.search(rf"^\$ (abide .*-o {re.escape(name)})$", readme, re.M)[1]
        subprocess.run([os.environ["ABIDE"], *command.split()[1:]], check=True)
        drawn = open(name, encoding="utf-8").read()
        picture.check(drawn)
        path = os.path.join(SOURCE, path)
        if os.environ.get("UPDATE_GOLDEN") == "1":
            with open(path, "w", encoding="utf-8") as file:
                file.write(drawn)
        if drawn != open(path, encoding="utf-8").read():
            sys.exit(f"{path} is not what `{command}` draws")
    assert sorted(os.listdir(os.path.join(SOURCE, "tests/pictures/golden"))) == \
        sorted(name for _, name in shown)


main()
