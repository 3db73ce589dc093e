"""What the scripts here share: random interfaces, and what `abide call` answers about them."""
import json
import os
import subprocess
import sys


def abide(*arguments):
    done = subprocess.run([os.environ["ABIDE"], *arguments], capture_output=True, text=True, check=False)
    if done.returncode:
        sys.exit(f"abide {' '.join(arguments)}\n{done.stdout[-2000:]}{done.stderr}")
    return done.stdout


def write_interface(path, types, functions):
    """JSON is YAML. `functions`: {name: ([type], type or None)}"""
    texts = {}
    for name, (params, result) in functions.items():
        listed = ", ".join(f"p{i} {kind}" for i, kind in enumerate(params))
        texts[name] = f"({listed})" + (f" -> {result}" if result else "")
    with open(path, "w", encoding="utf-8") as file:
        json.dump({"abide": 1, "package": "foreign", "types": types, "functions": texts}, file, indent=1)


def answers(path, module, target):
    """{function: its calling sequence as `abide call --json` has it}"""
    text = abide("call", path, "--abi", module, "--target", target, "--json")
    return {function["name"]: function for function in json.loads(text)["functions"]}


def expand(words):
    """The registers of `rax rbx r8..r11`."""
    names = []
    for word in words.split():
        first, dots, last = word.partition("..")
        stem = first.rstrip("0123456789")
        names += ([f"{stem}{i}" for i in range(int(first[len(stem):]), int(last[len(stem):]) + 1)] if dots else [word])
    return names


def run(command, **options):
    done = subprocess.run(command, capture_output=True, text=True, check=False, **options)
    if done.returncode:
        sys.exit(f"{' '.join(command)}\n{done.stdout[-3000:]}{done.stderr[-3000:]}")
    return done.stdout
