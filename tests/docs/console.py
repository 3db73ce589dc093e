#!/usr/bin/env python3
"""console.py: every ```console block of the project's Markdown files is run, and what it shows is compared.

Commands start with `$ `. They run in a folder that has the project's files by their own names, block after
block of a file in the same folder, so that a later block finds what an earlier one wrote. A block of another
language after a line `<!-- file: NAME -->` is written there as NAME first; if the project has such a file, the block
shows it and must be equal to it. `cc` compiles as the build does, without a warning, and finds the installed abide.

With UPDATE_GOLDEN=1 what is printed replaces what was shown, and the file what was shown of it.
"""
import glob
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


def show(path, body, where):
    """(failures, the block) that shows a file of the project."""
    with open(os.path.join(transcript.SOURCE, path), encoding="utf-8") as file:
        text = file.read()
    if text == body or transcript.UPDATE:
        return 0, text
    print(f"{where}: what is shown of {path} is not what is in it")
    return 1, body


def offer_compiler(directory):
    """`cc`, and abide as it is installed: for pkg-config, and for the programs made with it."""
    os.mkdir(directory)
    with open(os.path.join(directory, "cc"), "w", encoding="utf-8") as file:
        file.write(f'#!/bin/sh\nexec {os.environ["CC"]} -Wall -Wextra -Werror {os.environ["CFLAGS"]} "$@"\n')
    os.chmod(file.name, 0o755)
    libraries = glob.glob(os.path.join(os.environ["abide_ROOT"], "**", "libabide.so"), recursive=True)
    found = os.path.dirname(libraries[0])
    os.environ["PATH"] = directory + ":" + os.environ["PATH"]
    os.environ["PKG_CONFIG_PATH"] = os.path.join(found, "pkgconfig")
    os.environ["LD_LIBRARY_PATH"] = found


def check_file(path):
    """(failures, number of console blocks) of a Markdown file, which is rewritten in update mode."""
    full = os.path.join(transcript.SOURCE, path)
    with open(full, encoding="utf-8") as file:
        text = file.read()
    failures, blocks, out, end = 0, 0, "", 0
    with tempfile.TemporaryDirectory() as directory:
        link_sources(directory)
        for match in BLOCK.finditer(text):
            body, failed = match["body"], 0
            where = f'{path}:{text.count(chr(10), 0, match.start("body")) + 1}'
            if match["file"] and os.path.isfile(os.path.join(transcript.SOURCE, match["file"])):
                failed, body = show(match["file"], body, where)
            elif match["file"]:
                write(os.path.join(directory, match["file"]), body)
            if match["language"] == "console":
                blocks += 1
                failed, body = transcript.check(body, directory, where)
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
    with tempfile.TemporaryDirectory() as directory:
        offer_compiler(os.path.join(directory, "bin"))
        for path in markdown_files():
            failed, found = check_file(path)
            failures += failed
            blocks += found
    print(f"{blocks} console blocks")
    transcript.finish(failures)


main()
