"""What the scripts of this folder, and those about constants of headers, share: commands, files, and expectations that are counted."""
import subprocess

FAILURES = []
MUTANTS = []  # while something is in it, failures are wanted


def expect(what, condition, seen=""):
    """Notes a failure, with the beginning of what was seen. Returns whether there is none."""
    if not condition:
        FAILURES.append(what)
        print(f"{'wanted' if MUTANTS else 'FAIL'} {what}\n{seen[:3000]}")
    return bool(condition)


def run(*words, cwd=None, env=None):
    """A command and all that it prints; status 127 if there is no such program."""
    try:
        return subprocess.run(words, check=False, capture_output=True, text=True, errors="replace", timeout=300, cwd=cwd, env=env)
    except FileNotFoundError as error:
        return subprocess.CompletedProcess(words, 127, "", f"{error}: tools/packages.sh brings it")


def write(name, text):
    with open(name, "w", encoding="utf-8") as file:
        file.write(text)
