#!/usr/bin/env python3
"""compile_alone.py public|internal: each header compiles as the only thing in a file.

The public ones as strict C17 and as C++11 too; system.h and descriptor.h, which are for everybody's programs, in every
dialect from C99 and C++11 on, with and without a C library; the internal ones, which also know the
compiler's extensions that the project uses, as C17.
"""
import os
import shutil
import subprocess
import sys

ROOT = os.environ["ABIDE_SOURCE_DIR"]
COMPILER = os.environ["CC"]
STRICT = ["-Wall", "-Wextra", "-Werror", "-pedantic", "-fsyntax-only"]
AS_C = ["-x", "c", "-std=c17", "-Wstrict-prototypes", *STRICT]
AS_CPP = ["-x", "c++", "-std=c++11", *STRICT]
STRICTER = [*STRICT, "-Wconversion", "-Wshadow", "-Wcast-qual"]
DIALECTS = [["-x", language, f"-std={dialect}", *more, *STRICTER]
            for language, dialects in (("c", ("c99", "c11", "c17", "c2x")),
                                       ("c++", ("c++11", "c++17", "c++20")))
            for dialect in dialects for more in ([], ["-ffreestanding"])]


def headers(folder):
    for directory, _, names in os.walk(os.path.join(ROOT, folder)):
        for name in sorted(names):
            if name.endswith(".h"):
                yield os.path.relpath(os.path.join(directory, name), os.path.join(ROOT, folder))


def compiles(name, flags, include_dirs):
    search = [f"-I{os.path.join(ROOT, folder)}" for folder in include_dirs]
    result = subprocess.run([COMPILER, *flags, "-D_POSIX_C_SOURCE=200809L", *search, "-"],
                            input=f'#include "{name}"\nextern int not_empty;\n', text=True,
                            stderr=subprocess.PIPE)
    if result.returncode:
        print(f"{name} does not compile alone ({' '.join(flags[:3])}):\n{result.stderr}")
    return result.returncode == 0


def main():
    ok, count = True, 0
    if sys.argv[1] == "public":
        jobs = [(name, flags, ["include"]) for name in headers("include") for flags in (AS_C, AS_CPP)]
        jobs += [(name, flags, ["include"]) for name in ("abide/system.h", "abide/descriptor.h")
                 for flags in DIALECTS]
    else:
        where = {"layout-engine": ["include", "layout-engine"],
                 "codegen": ["include", "layout-engine", "codegen"],
                 "tools": ["include", "layout-engine", "tools"]}
        jobs = [(name, AS_C, dirs) for folder, dirs in where.items() for name in headers(folder)]
        llvm = os.environ.get("ABIDE_LLVM_BIN")
        if llvm:
            config = os.path.join(llvm, "llvm-config")
            if shutil.which(config):
                AS_C.append("-isystem" + subprocess.check_output(
                    [config, "--includedir"], text=True).strip())
    for job in jobs:
        ok = compiles(*job) and ok
        count += 1
    if not count:
        sys.exit("no headers found: nothing was checked")
    print(f"{count} compilations")
    sys.exit(0 if ok else 1)


main()
