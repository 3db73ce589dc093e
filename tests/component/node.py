#!/usr/bin/env python3
"""A module of WebAssembly whose C code calls what its component imports, through thunks, in node.

The host (host.mjs) follows the canonical ABI and knows the types, not the thunks. ABIDE is the command.
"""
import json
import os
import subprocess
import sys

HERE = os.path.dirname(os.path.abspath(__file__))
PERSON = ("record", ["string", "u8", ("list", "u16")])
POINT = ("record", ["f64", "f32"])
SHAPE = ("variant", ["f32", POINT, "string", None])
PLAN = [("greet", [PERSON, "u32"], "string"), ("area", [SHAPE, ("enum", 3)], "f64"), ("lookup", ["string"], ("result", "string", "i32")),
        ("total", [("list", POINT)], ("option", "f64")), ("change", [("flags", 9), "bool", "i8"], ("flags", 9)),
        ("swap", [("tuple", ["u8", "i64"])], ("tuple", ["i64", "u8"])), ("words", ["u32"], ("list", "string")),
        ("take", ["handle", "handle"], "handle"),
        ("many", ["u64", PERSON, SHAPE, ("option", "f32"), ("result", "u32", "string"), ("tuple", ["u8", "u16"]), ("list", POINT),
                  "bool", "char"], "u8")]
HEADERS = {"string.h": "#include <stddef.h>\nvoid *memcpy(void *, const void *, size_t);\nvoid *memset(void *, int, size_t);\n"
                       "size_t strlen(const char *);\nvoid *memchr(const void *, int, size_t);\n",
           "stdlib.h": "#include <stddef.h>\nvoid *malloc(size_t);\nvoid free(void *);\n"}


def run(command):
    done = subprocess.run(command, capture_output=True, text=True, timeout=120)
    if done.returncode != 0:
        sys.exit(f"{' '.join(command)}\n{done.stdout}{done.stderr}")
    return done.stdout


CLANG = ["clang-19", "--target=wasm32", "-ffreestanding", "-nostdlib", "-O1", "-Wall", "-isystem", ".", "-fno-builtin", "-fuse-ld=lld",
         "-Wl,--no-entry", "-Wl,--import-undefined"]


def write_headers():
    for name, text in HEADERS.items():
        with open(name, "w") as out:
            out.write(text)


def main():
    write_headers()
    with open("plan.json", "w") as out:
        json.dump([{"name": n, "params": p, "result": r} for n, p, r in PLAN], out)
    run([os.environ["ABIDE"], "thunk", f"{HERE}/demo.abi.yaml", "--caller", "c", "--callee", "wasm-component", "--prefix", "c_",
         "--target", "wasm32-wasi", "--emit", "c", "-o", "thunks.c"])
    run([*CLANG, "-Wl,--export=cabi_realloc", f"{HERE}/guest.c", "thunks.c", "-o", "demo.wasm"])
    print(run(["node", f"{HERE}/host.mjs", "demo.wasm", "plan.json"]), end="")


if __name__ == "__main__":
    main()
