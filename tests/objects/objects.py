#!/usr/bin/env python3
"""objects.py nul|com|nim|growth|sized: objects of interfaces cross between programs and libraries, which run (README.md)."""
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


def rename(made, names):
    """The symbols of an object file by other names."""
    run("objcopy", *(f"--redefine-sym={old}={new}" for old, new in names.items()), made)


def adapters_of(release, caller, callee, prefix, compile_as):
    """Adapters for a release of rig, as C that is compiled and, if there is LLVM, as machine code."""
    words = [ABIDE, "thunk", source(f"sized{release}.abi.yaml"), "--caller", caller, "--callee", callee, "--prefix",
             prefix]
    run(*words, "-o", f"{prefix}made.c")
    run("gcc", *compile_as, "-c", f"{prefix}made.c", "-o", f"{prefix}{release}c.o")
    yield f"{prefix}{release}c.o"
    if "ABIDE_LLVM_BIN" in os.environ:
        run(*words, "-o", f"{prefix}{release}machine.o")
        yield f"{prefix}{release}machine.o"


RIG = ("open", "read", "change", "make", "send", "each")


def nim_library(release):
    """The library in Nim, behind its adapters, which take the names that programs call: a list of what to link for each kind."""
    archive = f"libnim{release}.a"
    run("nim", "c", "--hints:off", "--warnings:off", "--gc:orc", "--app:staticlib", "--noMain:on",
        *(["-d:release2"] if release == 2 else []), f"--nimcache:cache-library{release}", f"-o:{archive}",
        source("sized_library.nim"))
    for made in adapters_of(release, "system", "nim-cgen:gc=orc", "sys_", ["-O1"]):
        rename(made, {f"rig_{name}": f"impl_rig_{name}" for name in RIG})
        rename(made, {f"sys_{name}": f"rig_{name}" for name in RIG})
        yield [made, archive]


def sized():
    """Structs that grow: programs of two releases with libraries of two, each in C, Rust and Nim."""
    prints = [run(ABIDE, "fingerprint", source(f"sized{release}.abi.yaml")) for release in (1, 2)]
    if prints[0].splitlines()[1:] != prints[1].splitlines()[1:]:
        sys.exit("the fingerprints of the two releases differ:\n" + "".join(prints))
    flags = ["-std=gnu11", "-g", "-O1", "-Wall", "-Wextra", "-Werror", INCLUDE]
    libraries = {}
    for release in (1, 2):
        newer = ["--cfg", "newer"] if release == 2 else []
        run("gcc", *flags, f"-DRELEASE={release}", "-c", source("sized_provider.c"), "-o", f"rig{release}.o")
        run("rustc", "--edition", "2021", "--crate-type", "staticlib", "-O", "--check-cfg", "cfg(newer)", *newer,
            source("sized_library.rs"), "-o", f"librig{release}.a")
        libraries[release] = [[f"rig{release}.o"], [f"librig{release}.a"], *nim_library(release)]
    for program in (1, 2):
        for library in (1, 2):
            for linked in libraries[library]:
                c_program(program, library, linked)
                rust_program(program, library, linked)
            nim_program(program, library, libraries[library][:2])
    for linked in libraries[1][2:]:
        run("gcc", *flags, "-DRELEASE=2", source("sized_invalid.c"), *linked, "-lm", "-ldl", "-o", "invalid")
        run("./invalid")


def c_program(program, library, linked):
    is_checked = linked[-1] == f"rig{library}.o"  # all of it
    flags = CHECKED if is_checked else ["-std=gnu11", "-g", "-O1", "-Wall", "-Wextra", "-Werror", INCLUDE]
    if is_checked:
        run("gcc", *CHECKED, f"-DRELEASE={library}", "-c", source("sized_provider.c"), "-o", linked[-1])
    run("gcc", *flags, f"-DRELEASE={program}", f"-DLIBRARY={library}", source("sized_consumer.c"), *linked, "-lpthread",
        "-lm", "-ldl", "-o", "program")
    run("./program")
    if is_checked:  # for those who bring no sanitizer
        run("gcc", "-O1", INCLUDE, f"-DRELEASE={library}", "-c", source("sized_provider.c"), "-o", linked[-1])


def rust_program(program, library, linked):
    if linked[-1].startswith("librig"):
        return  # two runtimes of Rust
    cfgs = (["--cfg", "newer"] if program == 2 else []) + (["--cfg", "newer_library"] if library == 2 else [])
    run("rustc", "--edition", "2021", "-O", "--check-cfg", "cfg(newer, newer_library)", *cfgs, source("sized.rs"),
        *(f"-Clink-arg={file}" for file in linked), "-o", "program")
    run("./program")


def nim_program(program, library, libraries):
    here = os.getcwd()
    for made in adapters_of(program, "nim-cgen:gc=orc", "system", "nim_", ["-O1"]):
        for linked in libraries:
            run("nim", "c", "--hints:off", "--warnings:off", "--gc:orc", f"-d:release{program}", f"-d:library{library}",
                f"--nimcache:cache-program{program}{library}",
                f"--passL:{here}/{made} {here}/{linked[0]} -lpthread -ldl", "-o:program", source("sized.nim"))
            run("./program")


if __name__ == "__main__":
    for name in sys.argv[1:]:
        {"nul": nul, "com": com, "nim": nim, "growth": growth, "sized": sized}[name]()
