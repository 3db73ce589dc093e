#!/usr/bin/env python3
"""console.py: every ```console block of the project's Markdown files is run, and what it shows is compared.

Commands start with `$ `. They run in a folder that has the project's files by their own names, block after
block of a file in the same folder, so that a later block finds what an earlier one wrote. A block of another
language after a line `<!-- file: NAME -->` is written there as NAME first.

With UPDATE_GOLDEN=1 what is printed replaces what was shown.
"""
import os
import re
import shutil
import subprocess
import sys
import tempfile

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "transcripts"))
import transcript  # noqa: E402

BLOCK = re.compile(r"(?:<!-- file: (?P<file>\S+) -->\n+)?"
                   r"^(?P<indent> *)```(?P<language>\w*)[^\n]*\n(?P<body>.*?)^ *```$", re.M | re.S)


def markdown_files():
    """Those that git knows; where there is no git, or no repository, all outside the build."""
    if shutil.which("git"):
        listed = subprocess.run(["git", "ls-files", "*.md"], cwd=transcript.SOURCE, check=False,
                                capture_output=True, text=True)
        if listed.returncode == 0 and listed.stdout:
            return listed.stdout.split("\n")[:-1]
    found = []
    for directory, folders, names in os.walk(transcript.SOURCE):
        folders[:] = [name for name in folders if name != "build"]
        found += [os.path.relpath(os.path.join(directory, name), transcript.SOURCE)
                  for name in sorted(names) if name.endswith(".md")]
    return found


def link_sources(directory):
    for name in os.listdir(transcript.SOURCE):
        if name not in (".git", "build"):
            os.symlink(os.path.join(transcript.SOURCE, name), os.path.join(directory, name))


def write(path, text):
    """A new file, also where a link to one of the project's files is."""
    os.makedirs(os.path.dirname(path), exist_ok=True)
    if os.path.islink(path):
        os.unlink(path)
    with open(path, "w", encoding="utf-8") as file:
        file.write(text)


def check_file(path):
    """(failures, number of console blocks) of a Markdown file, which is rewritten in update mode."""
    full = os.path.join(transcript.SOURCE, path)
    with open(full, encoding="utf-8") as file:
        text = file.read()
    failures, blocks, out, end = 0, 0, "", 0
    with tempfile.TemporaryDirectory() as directory:
        link_sources(directory)
        for match in BLOCK.finditer(text):
            body = match["body"]
            if match["file"]:
                write(os.path.join(directory, match["file"]), body)
            if match["language"] == "console":
                blocks += 1
                line = text.count("\n", 0, match.start("body")) + 1
                failed, body = transcript.check(body, directory, f"{path}:{line}")
                failures += failed
            out += text[end:match.start("body")] + body
            end = match.end("body")
    out += text[end:]
    if transcript.UPDATE and out != text:
        with open(full, "w", encoding="utf-8") as file:
            file.write(out)
    return failures, blocks


def main():
    failures = blocks = 0
    for path in markdown_files():
        failed, found = check_file(path)
        failures += failed
        blocks += found
    print(f"{blocks} console blocks")
    transcript.finish(failures)


main()
