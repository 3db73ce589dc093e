#!/usr/bin/env python3
"""response.py: response files stand for their words, are quoted as gcc quotes them, and hostile ones end in a message."""
import os
import random
import subprocess
import sys
import tempfile

ABIDE = os.environ["ABIDE"]
failures = []


def run(*words, directory):
    return subprocess.run([ABIDE, *words], cwd=directory, capture_output=True, stdin=subprocess.DEVNULL, timeout=60, check=False)


def expect(what, condition, done):
    print(f"{'ok  ' if condition else 'FAIL'} {what}")
    if not condition:
        failures.append(what)
        print("   ", done.returncode, done.stdout[:300], done.stderr[:300])


def write(directory, name, data):
    with open(os.path.join(directory, name), "wb") as file:
        file.write(data if isinstance(data, bytes) else data.encode())


def quoted(choose, word):
    """The word as one may write it in a response file; pieces of it in different ways."""
    ways = [lambda c: "\\" + c, lambda c: f'"{c}"' if c not in '"\\' else f'"\\{c}"',
            lambda c: f"'{c}'" if c not in "'\\" else f"'\\{c}'", lambda c: c if c not in " \t\n\r\v\f'\"\\" else "\\" + c]
    return "".join(choose.choice(ways)(c) for c in word) or "''"


def check_words(directory, choose):
    """Random words through a file are what they are on the command line: an id that does not exist is quoted back."""
    for _ in range(25):
        word = "x" + "".join(choose.choice("ab '\"\\\n\t@#$*ö-=") for _ in range(choose.randrange(12)))
        write(directory, "words", choose.choice([" ", "\n", "\t\r\n"]).join(quoted(choose, w) for w in ["explain", word]) + "\n")
        direct, through = run("explain", word, directory=directory), run("@words", directory=directory)
        if (direct.returncode, direct.stderr) != (through.returncode, through.stderr) or b"[unknown-diagnostic]" not in direct.stderr:
            expect(f"{word!r} through a file", False, through)


def check_refusals(directory):
    for what, data, status, wanted in (
            ("a quote that is not closed", "explain 'x", 2, b"bad-response-file"),
            ("a NUL", b"explain x\0y", 2, b"bad-response-file"),
            ("a file that names itself", "@bad", 2, b"bad-response-file"),
            ("a file that names itself often", "@bad " * 1000, 2, b"bad-response-file"),
            ("too many words", "a " * (1 << 20) + "a", 2, b"bad-response-file"),
            ("too many bytes", b" " * ((16 << 20) + 1), 2, b"bad-response-file"),
            ("a file that is not there", "@nowhere", 3, b"missing-file"),
            ("an escape in a name", "@\x1b[31m", 3, b"missing-file")):
        write(directory, "bad", data)
        done = run("explain", "@bad", directory=directory)
        expect(what, done.returncode == status and b"[" + wanted + b"]" in done.stderr and not done.stdout and b"\x1b" not in done.stderr, done)
    done = run("explain", "@.", directory=directory)
    expect("a folder", done.returncode == 3 and b"[unreadable-file]" in done.stderr, done)
    done = run("explain", "@/dev/zero", directory=directory)
    expect("what never ends", done.returncode == 2, done)
    for index in range(9):  # each names the next one twice: that would be 2^9 files
        write(directory, f"deep{index}", f"@deep{index + 1} " * 2)
    done = run("@deep0", directory=directory)
    expect("nine deep", done.returncode == 2 and b"8 deep" in done.stderr, done)
    write(directory, "deep7", "explain unknown-type")
    done = run("@deep6", directory=directory)
    expect("two that say too much are usage", done.returncode == 2 and b"unexpected-operand" in done.stderr, done)


def main():
    seed = int(sys.argv[1]) if len(sys.argv) > 1 else 1
    print(f"seed {seed}")
    with tempfile.TemporaryDirectory() as directory:
        write(directory, "a.abi.yaml", "abide: 1\nfunctions: {f: '(a i32) -> void'}\n")
        write(directory, "target", "--target\n  x86_64-linux-gnu")
        write(directory, "all", "call 'a.abi.yaml' @target --json")
        direct = run("call", "a.abi.yaml", "--target", "x86_64-linux-gnu", "--json", directory=directory)
        for words in (["@all"], ["call", "a.abi.yaml", "--json", "@target"], ["call", "@target", "--json", "--", "a.abi.yaml"]):
            done = run(*words, directory=directory)
            expect(" ".join(words), direct.returncode == 0 and done.stdout == direct.stdout, done)
        write(directory, "all", b"\xef\xbb\xbf" + b"call 'a.abi.yaml' @target --json")
        done = run("@all", directory=directory)
        expect("a mark of the byte order in front", done.stdout == direct.stdout, done)
        write(directory, "mark", b"\xef\xbb\xbf")
        expect("nothing but a mark", run("@mark", "explain", "unknown-type", directory=directory).returncode == 0, direct)
        write(directory, "empty", " \n ")
        expect("an empty file is no word", run("@empty", "explain", "@empty", "unknown-type", directory=directory).returncode == 0, direct)
        done = run("explain", "--", "@all", directory=directory)
        expect("behind -- it stands for itself", done.returncode == 3 and b"'@all'" in done.stderr, done)
        write(directory, "ends", "explain -- ")
        done = run("@ends", "@all", directory=directory)
        expect("also if the file has the --", done.returncode == 3 and b"'@all'" in done.stderr, done)
        done = run("explain", "@", directory=directory)
        expect("@ alone is a word", done.returncode == 3 and b"'@'" in done.stderr, done)
        check_words(directory, random.Random(seed))
        check_refusals(directory)
    sys.exit(1 if failures else 0)


main()
