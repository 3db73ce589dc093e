#!/usr/bin/env python3
"""
What closures get and return is looked at wherever they lie: lent, given away, called once; in a struct, an option, a variant, a slice, a
list, a box; as results, `out`, `inout`, and passed to closures. For each pair of the system ABI and C, a program calls each with valid values, and
sees that nothing is lost; then with each invalid one, which must end where code that counts on it would get it, and nowhere else.
"""
import os
import subprocess
import sys

ABIDE = os.environ.get("ABIDE", "abide")
HERE = os.path.dirname(os.path.abspath(__file__))
SOURCE = os.environ.get("ABIDE_SOURCE_DIR", os.path.dirname(os.path.dirname(HERE)))
INTERFACE = os.path.join(HERE, "closures.abi.yaml")
COMPILERS = (["gcc", "-O0", "-fsanitize=address,undefined"], ["clang-19", "-O2"])
INWARD = ("take-lent", "take-own", "take-once", "take-field", "view-field", "take-option", "view-all", "take-all", "take-case",
          "take-box")
OUTWARD = ("give", "put", "nested")  # of `nested` the closures that the callee passes to the caller's


def must(command):
    done = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=False)
    if done.returncode:
        sys.exit(f"failed ({done.returncode}): {' '.join(command)}\n{done.stdout[:4000]}")
    return done.stdout


def outcome(function, bad, lives, user):
    """Of a closure of side `lives` that side `user` calls: code of the system ABI counts on what it gets, C on nothing."""
    if bad in (1, 2) and lives == "system":
        return f"bool {function} b 2" if bad == 1 else f"enum {function} m 7"
    if bad == 3 and user == "system":
        return f"enum {function} result 9"
    return "fine"


def expected(caller, callee):
    lines = []
    for function in (*INWARD, "give", "put", "swap", "nested"):
        for bad in range(4):
            wanted = outcome(function, bad, caller, callee) if function not in OUTWARD else "fine"
            if wanted == "fine" and (function in OUTWARD or function == "swap"):
                wanted = outcome(function, bad, callee, caller)
            lines.append(f"{function} {bad}: {wanted}")
    return lines


def compile_side(compiler, role, side):
    output = f"{role}.o"
    must([*compiler, "-std=gnu11", "-g", "-Wall", "-Wno-unused-function", f"-I{SOURCE}/include", *(["-DCALLER"] if role == "caller" else []),
          *(["-DSYSTEM"] if side == "system" else []), "-c", os.path.join(HERE, "closures.c"), "-o", output])
    return output


def test(caller, callee, compiler):
    sides = [compile_side(compiler, "caller", caller), compile_side(compiler, "callee", callee)]
    for emit, thunks in (("obj", "thunks.o"), ("c", "thunks.c")):
        must([ABIDE, "thunk", INTERFACE, "--target", "x86_64-linux-gnu", "--caller", caller, "--callee", callee, "--prefix", "t_",
              "--checks", "checked", "--emit", emit, "-o", thunks])
        must([*compiler, "-g", *sides, thunks, "-o", "program"])
        got, wanted = must(["./program"]).splitlines(), expected(caller, callee)
        for line, other in zip(got, wanted):
            if line != other:
                sys.exit(f"{caller} to {callee}, {' '.join(compiler)}, {emit}: '{line}' where '{other}' was expected")
        if len(got) != len(wanted):
            sys.exit(f"{len(got)} lines instead of {len(wanted)}")
        traps = sum(1 for line in got if not line.endswith("fine"))
        print(f"{caller} to {callee}, {' '.join(compiler)}, {emit}: {len(got)} calls, {traps} traps")


def main():
    for compiler in COMPILERS:
        for pair in (("system", "c"), ("c", "system"), ("system", "system")):
            test(*pair, compiler)


main()
