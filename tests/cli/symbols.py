#!/usr/bin/env python3
"""symbols.py: a symbol with any ASCII character in it is called by exactly that name, or refused with the function and a way out.

Objects are read by llvm-nm; assembly, IR and C are made objects of first, by every assembler and compiler that is here.
"""
import json
import os
import subprocess
import sys
import tempfile

ABIDE = os.environ["ABIDE"]
LLVM = os.environ["ABIDE_LLVM_BIN"]
# How names start there, and what is made; each assembler refuses other ones.
TARGETS = {"x86_64-linux-gnu": ("", ["obj", "asm", "ir", "c"]), "aarch64-linux-gnu": ("", ["asm"]), "riscv64-linux-gnu": ("", ["obj"]),
           "powerpc64-linux-gnu": ("", ["asm"]), "mips-linux-gnu": ("", ["obj"]), "x86_64-windows-msvc": ("", ["asm"]),
           "aarch64-apple-darwin": ("_", ["obj"])}
HERE = "x86_64-linux-gnu"
SPECIAL = ".$@?"
IDS = {"bad-symbol", "cannot-emit", "cannot-say-in-c"}
problems = 0


def problem(what):
    global problems
    problems += 1
    print(what)


def run(*words):
    return subprocess.run(words, capture_output=True, text=True, check=False)


def interface(directory, symbol):
    path = os.path.join(directory, "a.abi.yaml")
    with open(path, "w", encoding="utf-8") as file:
        json.dump({"abide": 1, "types": {"r": {"struct": {"a": "i64", "b": "i64", "c": "i64"}}},
                   "functions": {"fn": {"sig": "(a u16) -> r", "symbol": symbol}}}, file)
    return path


def names():
    for char in SPECIAL:
        yield from (f"fun{char}tion", f"{char}function", f"function{char}", char, char * 2, f"f{char}")
    yield from ("f@@V", "memcpy@GLIBC_2.2.5", "?f@@YAXXZ", "$s4demo6divideyS2i_SitKF", ".text", ".L1", "$d", "$1", "f$0", "rax", "x0", "a0", "L1",
                "and", "ptr", "not", "abcdefghijklmnopqrstuvwxyz_ABCDEFGHIJKLMNOPQRSTUVWXYZ_0123456789")


def objects(emit, target, made):
    """Commands that make an object of it, for which the last word is its name."""
    if emit == "asm":
        yield [f"{LLVM}/llvm-mc", "-filetype=obj", f"-triple={target}", made, "-o", made + ".mc"]
        if target == HERE:
            yield ["as", made, "-o", made + ".as"]
    elif emit == "ir":
        yield [f"{LLVM}/llc", "-filetype=obj", f"-mtriple={target}", "-relocation-model=pic", made, "-o", made + ".llc"]
    elif emit == "c":
        yield ["gcc", "-w", "-c", made, "-o", made + ".gcc"]


def symbols_of(path):
    done = run(f"{LLVM}/llvm-nm", "--special-syms", "--format=just-symbols", path)
    return set(done.stdout.split("\n"))


def check_refusal(what, done):
    diags = json.loads(done.stderr)["diagnostics"]
    diag = diags[0]
    if done.returncode not in (1, 3) or len(diags) != 1 or diag["id"] not in IDS or not diag.get("line") or not diag["suggestions"]:
        problem(f"{what}: {done.returncode} {done.stderr}")
    if diag["id"] != "bad-symbol" and "'fn'" not in diag["message"]:
        problem(f"{what}: names no function: {diag['message']}")


def check(directory, target, emit, symbol):
    """Whether it works."""
    what = f"{target}, {emit}, {symbol!r}"
    made = os.path.join(directory, "made." + {"obj": "o", "asm": "s", "ir": "ll", "c": "c"}[emit])
    done = run(ABIDE, "thunk", interface(directory, symbol), "--caller", "system", "--callee", "c", "--target", target, "--prefix", "x_",
               "--emit", emit, "-o", made, "--error-format", "json")
    if done.returncode:
        check_refusal(what, done)
        return False
    paths = [made] if emit == "obj" else []
    for command in objects(emit, target, made):
        made_of = run(*command)
        if made_of.returncode:
            problem(f"{what}: {command[0]}: {made_of.stderr.splitlines()[:2]}")
        else:
            paths.append(command[-1])
    for path in paths:
        missing = {TARGETS[target][0] + name for name in (symbol, "x_fn")} - symbols_of(path)
        if missing:
            problem(f"{what}: {path} has no symbol {sorted(missing)}")
    return True


def check_other_characters(directory):
    """All but letters, digits and the special ones are refused when the file is read."""
    others = [chr(code) for code in range(1, 128) if not (chr(code).isalnum() or chr(code) in "_" + SPECIAL)]
    for text in [f"f{char}g" for char in others] + [f"{char}f" for char in others] + [f"f{char}" for char in others] + ["1f", ""]:
        done = run(ABIDE, "call", interface(directory, text), "--error-format", "json")
        if done.returncode != 3 or not any(word in done.stderr for word in ('"bad-symbol"', "a control character")):
            problem(f"{text!r} is no symbol: {done.returncode} {done.stderr}")


def main():
    working = set()
    with tempfile.TemporaryDirectory() as directory:
        check_other_characters(directory)
        for target, (_, emits) in TARGETS.items():
            for emit in emits:
                working |= {(target, emit, symbol) for symbol in names() if check(directory, target, emit, symbol)}
    for needed in [(HERE, "obj", "memcpy@GLIBC_2.2.5"), (HERE, "c", "fun.tion"), ("x86_64-windows-msvc", "asm", "?f@@YAXXZ"),
                   (HERE, "asm", "$s4demo6divideyS2i_SitKF"), ("aarch64-apple-darwin", "obj", "fun@tion")]:
        if needed not in working:
            problem(f"does not work: {needed}")
    for refused in [(HERE, "obj", ".text"), (HERE, "c", "$function"), (HERE, "asm", "fun@tion")]:
        if refused in working:
            problem(f"is not refused: {refused}")
    print(f"{len(working)} symbols work, {problems} problems")
    sys.exit(1 if problems else 0)


main()
