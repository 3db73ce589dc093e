#!/usr/bin/env python3
"""run.py FOLDER: every *.expect of the folder is a transcript, run in a copy of the folder."""
import os
import shutil
import sys
import tempfile

import transcript


def main():
    folder = sys.argv[1]
    names = sorted(name for name in os.listdir(folder) if name.endswith(".expect"))
    if not names:
        sys.exit(f"no *.expect in {folder}: nothing was checked")
    failures = 0
    for name in names:
        path = os.path.join(folder, name)
        with open(path, encoding="utf-8", errors="surrogateescape") as file:
            text = file.read()
        with tempfile.TemporaryDirectory() as directory:
            work = os.path.join(directory, "work")
            shutil.copytree(folder, work, ignore=shutil.ignore_patterns("*.expect"))
            failed, out = transcript.check(text, work, os.path.relpath(path, transcript.SOURCE))
        failures += failed
        if transcript.UPDATE and out != text:
            with open(path, "w", encoding="utf-8", errors="surrogateescape") as file:
                file.write(out)
    transcript.finish(failures)


main()
