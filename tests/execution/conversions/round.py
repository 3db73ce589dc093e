#!/usr/bin/env python3
"""round.py TARGET FORMS COMPILER [EMULATOR...]: C calls C through two adapters, and the ABI between them is another one.

Each adapter is made in the FORMS (o c). Natively everything runs under AddressSanitizer with leak checking; what the
runtime in the middle made is counted as well.
"""
import os
import re
import subprocess
import sys

TARGET, FORMS, COMPILER, EMULATOR = sys.argv[1], sys.argv[2].split(), sys.argv[3].split(), sys.argv[4:]
HERE = os.path.join(os.environ["ABIDE_SOURCE_DIR"], "tests/execution/conversions")
ABIDE = os.path.join(os.environ["ABIDE_BUILD_DIR"], "bin/abide")
SANITIZE = [] if EMULATOR else ["-fsanitize=address,undefined", "-fno-sanitize-recover=all"]
LINK = ["-static"] if EMULATOR else []
TEXT_HOOKS = """hooks:
  set_string: rt_set_string
  drop_string: rt_drop_string
"""
LIST_HOOKS = """  new_seq: {u8: rt_new_bytes, message: rt_new_messages}
  drop_seq: {u8: rt_drop_bytes, message: rt_drop_messages}
"""
# The interface, the ABI in the middle, its hooks, and functions that cannot be adapted to it, with the reason.
CASES = [
    ("round", "system", "", {}),
    ("round", "nim-cgen:gc=orc", TEXT_HOOKS + LIST_HOOKS,
     {"label": "gives away the string that it returns"}),
    ("forms", "system", "", {}),
    ("forms", "nim-cgen:gc=orc", TEXT_HOOKS, {}),
]


def run(*command, fails=False):
    done = subprocess.run(command, capture_output=True, text=True, env={
        **os.environ, "ASAN_OPTIONS": "detect_leaks=1", "UBSAN_OPTIONS": "print_stacktrace=1"})
    if (done.returncode != 0) != fails:
        sys.exit(f"{' '.join(command)}: status {done.returncode}\n{done.stdout}{done.stderr}")
    return done.stdout + done.stderr


def interface(path, what, symbol_prefix, hooks):
    """The interface, with the symbols that this adapter calls."""
    with open(f"{HERE}/{what}.abi.yaml", encoding="utf-8") as file:
        head, functions = file.read().split("functions:\n")
    lines = re.findall(r"^  (\w+): (.*)$", functions, re.M)
    with open(path, "w", encoding="utf-8") as file:
        file.write(head + "functions:\n")
        for name, signature in lines:
            file.write(f"  {name}:\n    sig: {signature}\n    symbol: {symbol_prefix}{name}\n")
        file.write(hooks)
    return [name for name, _ in lines]


def thunks(path, names, caller, callee, prefix, form):
    out = f"{prefix}thunks.{form}"
    run(ABIDE, "thunk", path, *names, "--caller", caller, "--callee", callee, "--target", TARGET,
        "--prefix", prefix, "-o", out)
    return out


for what, middle, hooks, refused in CASES:
    names = interface("outer.abi.yaml", what, "mid_", hooks)
    interface("inner.abi.yaml", what, "impl_", hooks)
    for name, reason in refused.items():
        text = run(ABIDE, "plan", "outer.abi.yaml", name, "--caller", "c", "--callee", middle,
                   "--target", TARGET, fails=True)
        assert "cannot-adapt" in text and reason in text, text
        names.remove(name)
    for form in FORMS:
        files = [thunks("outer.abi.yaml", names, "c", middle, "c_", form),
                 thunks("inner.abi.yaml", names, middle, "c", "mid_", form)]
        for level in ["-O0", "-O2"]:
            defines = [] if "label" in refused else ["-DHAS_LABEL"]
            run(*COMPILER, level, "-g", *SANITIZE, *LINK, *defines, "-Wall", "-Wextra", "-Werror",
                "-Wno-stringop-overread", f"{HERE}/{what}.c", f"{HERE}/runtime.c", *files, "-o",
                "round")
            run(*EMULATOR, "./round")
