#!/usr/bin/env python3
"""examples.py: the examples at the head of every `--help` are typed into bash, in a folder that has the files they name, and
work: the status is 0, and something is printed or written.

`abide verify` is asked for fewer signatures than its examples say, and not for adapters.
"""
import os
import re
import subprocess
import sys
import tempfile

ABIDE = os.environ["ABIDE"]

FILES = {
    "geometry.abi.yaml": """\
abide: 1
package: geometry
types:
  point: {struct: {x: f64, y: f64}}
functions:
  scale: (p point, by f64) -> point
""",
    "api.abi.yaml": """\
abide: 1
package: api
functions:
  area: (width f64, height f64) -> f64
""",
    "my.yaml": """\
abide: 1
module:   {name: my, version: 1.0.0, level: machine, symbol_prefix: my_, extends: c-sysv@1}
""",
    "math.abi.yaml": """\
abide: 1
package: math
functions:
  pow: (x f64, y f64) -> f64
""",
    "z.abi.yaml": """\
abide: 1
package: z
functions:
  crc32: (crc c_ulong, data slice<u8>) -> c_ulong
""",
    "chat.abi.yaml": """\
abide: 1
package: chat
functions:
  send: (room u32, line cstring) -> bool
""",
    "shapes.h": "struct shape { double width, height; };\ndouble area(struct shape s);\n",
    "shapes.c": '#include "shapes.h"\ndouble area(struct shape s) { return s.width * s.height; }\n',
    "chat.c": "_Bool send(unsigned room, char *line) { return room && line; }\n",
}
SILENT = ["source ", "--quiet", "--check"]  # they say nothing if all is well
PREPARE = """
set -e
cp geometry.abi.yaml old.abi.yaml
sed 's/scale: .*/&\\n  turn: (p point, by f64) -> point/' geometry.abi.yaml >new.abi.yaml
git init -q .
git add chat.abi.yaml
git -c user.name=a -c user.email=a@b commit -q -m one
git tag v1.0
echo '  leave: (room u32) -> bool' >>chat.abi.yaml
git -c user.name=a -c user.email=a@b commit -q -a -m two
abide fingerprint chat.abi.yaml --emit c -o chat_describes.c
abide fingerprint chat.abi.yaml --emit aliases -o chat.ld
echo '_Bool leave(unsigned room) { return room; }' >>chat.c
gcc -shared -fPIC -I "$ABIDE_SOURCE_DIR/include" chat.c chat_describes.c chat.ld -o libchat.so
gcc -g -shared -fPIC shapes.c -o libshapes.so
mkdir -p .config/fish/completions
"""


def environment(directory):
    kept = {name: value for name, value in os.environ.items() if not name.startswith("ABIDE_")}
    kept.update(PATH=os.path.dirname(ABIDE) + ":" + kept["PATH"], ABIDE_PATH="", LC_ALL="C.UTF-8", HOME=directory,
                ABIDE_SOURCE_DIR=os.environ["ABIDE_SOURCE_DIR"])
    return kept


def bash(command, directory):
    return subprocess.run(["bash", "-c", command], cwd=directory, env=environment(directory), stdin=subprocess.DEVNULL,
                          capture_output=True, text=True, timeout=100, check=False)


def snapshot(directory):
    return {path: os.stat(os.path.join(folder, path)).st_mtime_ns
            for folder, _, names in os.walk(directory) for path in names}


def examples_of(*words):
    text = bash(" ".join(["abide", *words, "--help"]), ".").stdout
    return re.search(r"^Examples:\n  (.*)\n  (.*)\n\nUsage: ", text).groups()


def fails(command, directory):
    """Why an example does not work, or None."""
    before = snapshot(directory)
    shorter = command.replace(" #", " --count 4 --stages layout,arguments,results --jobs 2 #") if command.startswith("abide verify") else command
    done = bash(shorter, directory)
    if done.returncode != 0 or "error" in done.stderr or "warning" in done.stderr:
        return f"status {done.returncode}\n{done.stdout}{done.stderr}"
    if not done.stdout and snapshot(directory) == before and not any(word in command for word in SILENT):
        return "nothing is printed, and nothing written"
    return None


def main():
    verbs = re.findall(r"^  (\w+)  +\S", bash("abide --help", ".").stdout.split("Verbs:")[1], re.M)
    failures = count = 0
    with tempfile.TemporaryDirectory() as directory:
        for name, text in FILES.items():
            os.makedirs(os.path.dirname(os.path.join(directory, name)), exist_ok=True)
            with open(os.path.join(directory, name), "w", encoding="utf-8") as file:
                file.write(text)
        prepared = bash(PREPARE, directory)
        if prepared.returncode:
            sys.exit(prepared.stdout + prepared.stderr)
        for words in [(), *((verb,) for verb in verbs)]:
            for command in examples_of(*words):
                count += 1
                command_words = command.split()
                if "abide" not in command or "#" not in command_words or (words and words[0] not in command_words):
                    failures += 1
                    print(f"{words}: no example of the verb with a comment: {command}")
                reason = fails(command, directory)
                if reason:
                    failures += 1
                    print(f"$ {command}\n{reason}")
    print(f"{count} examples, {failures} failures")
    sys.exit(1 if failures else 0)


main()
