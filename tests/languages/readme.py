#!/usr/bin/env python3
"""readme.py: the example of abi-specs/README.md is a module, and its answers are those shown."""
import os
import re
import sys

import nimc

with open(os.path.join(nimc.SOURCE_DIR, "abi-specs/README.md"), encoding="utf-8") as file:
    text = file.read()
files = re.findall(r"```yaml\n# (\S+)\n(.*?)```", text, re.S)
for name, content in files:
    with open(name, "w", encoding="utf-8") as file:
        file.write(content)
shown = re.search(r"```c\n(.*?)```", text, re.S).group(1).splitlines()
answers = [answer["prototype"] for answer in nimc.call("shop.abi.yaml", "./ember.yaml").values()]
if answers != shown:
    print("shown:", *shown, "answered:", *answers, sep="\n  ")
sys.exit(0 if answers == shown and len(files) == 2 else 1)
