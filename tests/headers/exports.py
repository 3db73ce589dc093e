#!/usr/bin/env python3
"""The libraries export what the public headers declare with ABIDE_API, and nothing else.

abide/codegen.h and abide/jit.h are the promise of libabide-codegen, the other headers are libabide's.
"""
import os
import re
import subprocess
import sys

SOURCE = os.environ["ABIDE_SOURCE_DIR"]
LIBRARIES = os.path.join(os.environ["ABIDE_BUILD_DIR"], "lib")
DECLARATION = re.compile(r"\bABIDE_API\b(?!\s*(?:__|$))[^;{]*?\b(abide_\w+)\s*(?:\(|\[|;)", re.M)
COMMENT = re.compile(r"/\*.*?\*/|//[^\n]*|^[ \t]*#[^\n]*", re.S | re.M)
# What the toolchain adds to a shared library by itself.
TOOLCHAIN = re.compile(r"^(_init|_fini|__odr_asan.*|__asan_.*|__bss_start|_edata|_end|__gcov_.*)$")


def declared(headers):
    names = set()
    for header in headers:
        path = os.path.join(SOURCE, "include", "abide", header)
        with open(path, encoding="utf-8") as file:
            names |= set(DECLARATION.findall(COMMENT.sub(" ", file.read())))
    return names


def exported(library):
    lines = subprocess.check_output(["nm", "-D", "--defined-only", library], text=True)
    names = {line.split()[-1].split("@")[0] for line in lines.splitlines()}
    return {name for name in names if not TOOLCHAIN.match(name)}


def compare(library, headers):
    path = os.path.join(LIBRARIES, library)
    want, have = declared(headers), exported(path)
    for name in sorted(want - have):
        print(f"{library}: {name} is declared with ABIDE_API but not exported")
    for name in sorted(have - want):
        print(f"{library}: {name} is exported but no public header declares it")
    print(f"{library}: {len(have)} symbols")
    return want == have


def main():
    headers = sorted(os.listdir(os.path.join(SOURCE, "include", "abide")))
    codegen = [name for name in headers if name in ("codegen.h", "jit.h")]
    ok = compare("libabide.so", [name for name in headers if name not in codegen])
    if codegen and os.path.exists(os.path.join(LIBRARIES, "libabide-codegen.so")):
        ok = compare("libabide-codegen.so", codegen) and ok
    sys.exit(0 if ok else 1)


main()
