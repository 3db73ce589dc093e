#!/usr/bin/env python3
"""Exports that borrow handles of a resource of another component drop them before they return; those of their own stay. In node.

Where nobody can drop them, or who keeps them would lose them, there is no adapter.

The same without `origin: elsewhere` has to be found out by the host. ABIDE is the command.
"""
import os
import subprocess
import sys

import interface
import node


def thunks(path, callee, name):
    interface.abide("thunk", path, "--caller", "wasm-component:role=export", "--callee", callee, "--prefix", "out_", "--target", "wasm32-wasi",
                    "--emit", "c", "-o", f"{name}.c")
    return f"{name}.c"


def build(path, name):
    sources = [thunks(path, "c", name), thunks(f"{node.HERE}/judged.abi.yaml", "system", "judged")]
    node.run([*node.CLANG, "-Wl,--export-all", f"{node.HERE}/loans.c", *sources, "-o", f"{name}.wasm"])


EXPORT, HEAD = "wasm-component:role=export", "abide: 1\ntypes:\n  theirs: {resource: theirs_drop, origin: elsewhere}\n"
# (caller, callee, signature, what is said)
REFUSED = [(EXPORT, "c", "(ts own slice<theirs>)", r"parameter 'ts': a borrowed handle, which the adapter has to drop after the call, lies in memory"),
           ("c", EXPORT, "(n u32, t theirs)", "parameter 't': the callee drops each borrowed handle of a resource from elsewhere, and the caller keeps"),
           ("c", EXPORT, "(ts slice<option<theirs>>)", "parameter 'ts': the callee drops each borrowed handle"),
           (EXPORT, "c", "(t theirs) -> theirs from t", "parameter 't': its borrowed handles are dropped before the caller reads the result"),
           (EXPORT, "c", "(t inout theirs)", "parameter 't': one side drops borrowed handles of resources from elsewhere, and which they are changes")]
PASSED = [(EXPORT, EXPORT, "(t theirs, ts own slice<theirs>)"), ("c", "wasm-component", "(t theirs)"), ("c", EXPORT, "(t own theirs)")]


def adapt(caller, callee, signature):
    with open("one.abi.yaml", "w") as out:
        out.write(f"{HEAD}functions:\n  f: {{sig: \"{signature}\"}}\n")
    return subprocess.run([os.environ["ABIDE"], "thunk", "one.abi.yaml", "--caller", caller, "--callee", callee, "--prefix", "to_", "--target",
                           "wasm32-wasi", "--emit", "c", "-o", "-"], capture_output=True, text=True, timeout=120)


def check_refusals():
    for caller, callee, signature, said in REFUSED:
        done = adapt(caller, callee, signature)
        if done.returncode != 1 or said not in done.stderr or "= help: " not in done.stderr:
            sys.exit(f"{signature} from {caller} to {callee} is not refused as it should be:\n{done.stdout}{done.stderr}")
    for caller, callee, signature in PASSED:
        done = adapt(caller, callee, signature)
        if done.returncode != 0 or "theirs_drop" in done.stdout:
            sys.exit(f"{signature} from {caller} to {callee} is not passed on as it is:\n{done.stdout}{done.stderr}")


def main():
    check_refusals()
    node.write_headers()
    path = f"{node.HERE}/loans.abi.yaml"
    build(path, "loans")
    print(node.run(["node", f"{node.HERE}/loans.mjs", "loans.wasm"]), end="")
    with open(path) as file, open("library.abi.yaml", "w") as out:
        text = file.read()
        assert text.count(", origin: elsewhere") == 1
        out.write(text.replace(", origin: elsewhere", ""))
    build("library.abi.yaml", "library")
    done = subprocess.run(["node", f"{node.HERE}/loans.mjs", "library.wasm"], capture_output=True, text=True, timeout=120)
    if done.returncode == 0 or "look: 1 borrowed handles are left" not in done.stderr:
        sys.exit(f"handles that nobody drops are not found out\n{done.stdout}{done.stderr}")


if __name__ == "__main__":
    main()
