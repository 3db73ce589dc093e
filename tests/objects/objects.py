#!/usr/bin/env python3
"""objects.py nul|com|nim|growth: objects of interfaces cross between programs and libraries, which run (README.md)."""
import os
import shutil
import subprocess
import sys

HERE = os.path.dirname(os.path.abspath(__file__))
ABIDE = os.environ["ABIDE"]
INCLUDE = "-I" + os.path.join(os.environ["ABIDE_SOURCE_DIR"], "include")
CHECKED = ["-std=gnu11", "-g", "-O1", "-Wall", "-Wextra", "-Werror", "-fsanitize=address,undefined",
           "-fno-sanitize-recover=all", INCLUDE]


def run(*words, **options):
    result = subprocess.run(words, check=False, capture_output=True, text=True, **options)
    if result.returncode:
        sys.exit(f"{' '.join(words)}: status {result.returncode}\n{result.stdout}{result.stderr}")
    return result.stdout


def source(name):
    return os.path.join(HERE, name)


def adapters(file, caller, callee, prefix):
    """The adapters, in machine code if there is LLVM, and in C, as object files."""
    words = [ABIDE, "thunk", source(file), "--caller", caller, "--callee", callee, "--prefix", prefix]
    run(*words, "-o", f"{prefix}made.c")
    run("gcc", *CHECKED, "-c", f"{prefix}made.c", "-o", f"{prefix}c.o")
    yield f"{prefix}c.o"
    if "ABIDE_LLVM_BIN" in os.environ:
        run(*words, "-o", f"{prefix}machine.o")
        yield f"{prefix}machine.o"


def nul():
    for compiler in ("gcc", "clang-19"):
        for made in adapters("nul.abi.yaml", "c", "system", "c_"):
            run(compiler, *CHECKED, source("nul.c"), source("library.c"), made, "-o", "nul")
            run("./nul")


def com():
    for made in adapters("shapes.abi.yaml", "com", "system", "com_"):
        run("gcc", *CHECKED, "-DLIBRARY_IS_SYSTEM", source("com.c"), made, "-o", "com")
        run("./com")
    for made in adapters("shapes.abi.yaml", "system", "com", "s_"):
        run("gcc", *CHECKED, source("com.c"), made, "-o", "com")
        # What ends in a trap leaves what it had.
        run("./com", env={**os.environ, "ASAN_OPTIONS": "detect_leaks=0"})


def nim():
    if not shutil.which("nim"):
        sys.exit("nim is missing")
    run("gcc", "-O1", INCLUDE, "-c", source("library.c"), "-o", "library.o")
    for memory in ("orc", "refc"):
        words = [ABIDE, "thunk", source("store.abi.yaml"), "--caller", f"nim-cgen:gc={memory}", "--callee", "system",
                 "--prefix", "nim_"]
        run(*words, "-o", "nim_made.c")
        run("gcc", "-O1", "-c", "nim_made.c", "-o", "nim_c.o")
        made = ["nim_c.o"]
        if "ABIDE_LLVM_BIN" in os.environ:
            run(*words, "-o", "nim_machine.o")
            made.append("nim_machine.o")
        for file in made:
            here = os.getcwd()
            run("nim", "c", "--hints:off", "--warnings:off", f"--gc:{memory}", f"--nimcache:cache-{memory}",
                f"--passL:{here}/library.o {here}/{file}", "-o:consumer", source("consumer.nim"))
            run("./consumer")


def growth():
    """Programs of two releases with libraries of two, in C and in Rust, and the fingerprints by which they link."""
    prints = [run(ABIDE, "fingerprint", source(f"growth{release}.abi.yaml")) for release in (1, 2)]
    if prints[0].splitlines()[1:] != prints[1].splitlines()[1:]:
        sys.exit("the fingerprints of the two releases differ:\n" + "".join(prints))
    for library in (1, 2):
        run("gcc", *CHECKED, f"-DRELEASE={library}", "-c", source("provider.c"), "-o", f"provider{library}.o")
        run("rustc", "--edition", "2021", "--crate-type", "staticlib", "-O", "--check-cfg", "cfg(newer)",
            *(["--cfg", "newer"] if library == 2 else []), source("provider.rs"), "-o", f"libprovider{library}.a")
        for program in (1, 2):
            for provider in (f"provider{library}.o", f"libprovider{library}.a"):
                run("gcc", *CHECKED, f"-DRELEASE={program}", f"-DLIBRARY={library}", source("consumer.c"), provider,
                    "-lpthread", "-ldl", "-o", "growth")
                run("./growth")


if __name__ == "__main__":
    for name in sys.argv[1:]:
        {"nul": nul, "com": com, "nim": nim, "growth": growth}[name]()
