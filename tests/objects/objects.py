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
        nim_provider(memory)


def nim_provider(memory):
    """The same library in Nim, for the program in C whose strings end in a NUL."""
    run("nim", "c", "--hints:off", "--warnings:off", f"--gc:{memory}", "--app:staticlib", "--noMain:on",
        f"--nimcache:cache-provider-{memory}", "-o:libprovider.a", source("provider.nim"))
    shutil.copy(source("nul.abi.yaml"), "nul_nim.abi.yaml")
    with open("nul_nim.abi.yaml", "a", encoding="utf-8") as file:
        file.write("hooks: {set_string: nim_set_string, drop_string: nim_drop_string, load: NimMain}\n")
    for made in adapters(os.path.abspath("nul_nim.abi.yaml"), "c", f"nim-cgen:gc={memory}", "c_"):
        run("gcc", "-std=gnu11", "-g", "-O1", "-Wall", "-Wextra", "-Werror", INCLUDE, source("nul.c"), made, "libprovider.a",
            "-fsanitize=address,undefined", "-ldl", "-o", "nul")
        # Globals of refc are freed by nobody.
        run("./nul", env={**os.environ, "ASAN_OPTIONS": f"detect_leaks={int(memory == 'orc')}"})


def rename(made, names):
    """The symbols of an object file by other names."""
    run("objcopy", *(f"--redefine-sym={old}={new}" for old, new in names.items()), made)


def adapters_of(name, release, caller, callee, prefix, compile_as):
    """Adapters for a release of an interface, as C that is compiled and, if there is LLVM, as machine code."""
    words = [ABIDE, "thunk", source(f"{name}{release}.abi.yaml"), "--caller", caller, "--callee", callee, "--prefix",
             prefix]
    run(*words, "-o", f"{prefix}made.c")
    run("gcc", *compile_as, "-c", f"{prefix}made.c", "-o", f"{prefix}{release}c.o")
    yield f"{prefix}{release}c.o"
    if "ABIDE_LLVM_BIN" in os.environ:
        run(*words, "-o", f"{prefix}{release}machine.o")
        yield f"{prefix}{release}machine.o"


GROWTH = ("fill", "make", "check")


def growth():
    """Programs of two releases with libraries of two, each in C, Rust and Nim, and the fingerprints by which they link."""
    prints = [run(ABIDE, "fingerprint", source(f"growth{release}.abi.yaml")) for release in (1, 2)]
    if prints[0].splitlines()[1:] != prints[1].splitlines()[1:]:
        sys.exit("the fingerprints of the two releases differ:\n" + "".join(prints))
    for library in (1, 2):
        run("gcc", *CHECKED, f"-DRELEASE={library}", "-c", source("provider.c"), "-o", f"provider{library}.o")
        run("rustc", "--edition", "2021", "--crate-type", "staticlib", "-O", *rust_cfg(newer=library == 2),
            source("provider.rs"), "-o", f"libprovider{library}.a")
        linked = [[f"provider{library}.o"], [f"libprovider{library}.a"],
                  *nim_library("growth", GROWTH, library)]
        for program in (1, 2):
            for files in linked:
                run("gcc", *CHECKED, f"-DRELEASE={program}", f"-DLIBRARY={library}", source("consumer.c"), *files,
                    "-lpthread", "-lm", "-ldl", "-o", "growth")
                run("./growth")
            growth_in_rust(program, library, linked[2:])
            growth_in_nim(program, library, linked[1:2])


def rust_cfg(**known):
    """The names that rustc may be asked about, and those that hold."""
    words = ["--check-cfg", f"cfg({', '.join(known)})"]
    return words + [word for name, holds in known.items() if holds for word in ("--cfg", name)]


def growth_in_rust(program, library, libraries):
    shutil.copy(source("growth.rs"), "growth.rs")
    run(ABIDE, "bind", "rust", source(f"growth{program}.abi.yaml"), "-o", "growth_terms.rs")
    for files in libraries:
        run("rustc", "--edition", "2021", "-O", *rust_cfg(newer=program == 2, newer_library=library == 2), "growth.rs",
            *(f"-Clink-arg={file}" for file in files), "-o", "program")
        run("./program")


def growth_in_nim(program, library, libraries):
    here = os.getcwd()
    for made in adapters_of("growth", program, "nim-cgen:gc=orc", "system", "nim_", ["-O1"]):
        for files in libraries:
            run("nim", "c", "--hints:off", "--warnings:off", "--gc:orc", f"-d:release{program}", f"-d:library{library}",
                f"--nimcache:cache-growth{program}{library}",
                f"--passL:{here}/{made} {here}/{files[0]} -lpthread -ldl", "-o:program", source("growth.nim"))
            run("./program")


RIG = ("open", "read", "change", "make", "send", "each")


def nim_library(interface, functions, release):
    """The library in Nim, behind its adapters, which take the names that programs call: a list of what to link for each kind."""
    archive, package = f"libnim{interface}{release}.a", {"sized": "rig"}.get(interface, interface)
    run("nim", "c", "--hints:off", "--warnings:off", "--gc:orc", "--app:staticlib", "--noMain:on",
        *(["-d:release2"] if release == 2 else []), f"--nimcache:cache-{interface}{release}", f"-o:{archive}",
        source(f"{interface}_library.nim"))
    for made in adapters_of(interface, release, "system", "nim-cgen:gc=orc", "sys_", ["-O1"]):
        rename(made, {f"{package}_{name}": f"impl_{package}_{name}" for name in functions})
        rename(made, {f"sys_{name}": f"{package}_{name}" for name in functions})
        yield [made, archive]


def sized():
    """Structs that grow: programs of two releases with libraries of two, each in C, Rust and Nim."""
    prints = [run(ABIDE, "fingerprint", source(f"sized{release}.abi.yaml")) for release in (1, 2)]
    if prints[0].splitlines()[1:] != prints[1].splitlines()[1:]:
        sys.exit("the fingerprints of the two releases differ:\n" + "".join(prints))
    flags = ["-std=gnu11", "-g", "-O1", "-Wall", "-Wextra", "-Werror", INCLUDE]
    libraries = {}
    for release in (1, 2):
        run("gcc", *flags, f"-DRELEASE={release}", "-c", source("sized_provider.c"), "-o", f"rig{release}.o")
        run("rustc", "--edition", "2021", "--crate-type", "staticlib", "-O", *rust_cfg(newer=release == 2),
            source("sized_library.rs"), "-o", f"librig{release}.a")
        libraries[release] = [[f"rig{release}.o"], [f"librig{release}.a"], *nim_library("sized", RIG, release)]
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
    run("rustc", "--edition", "2021", "-O", *rust_cfg(newer=program == 2, newer_library=library == 2), source("sized.rs"),
        *(f"-Clink-arg={file}" for file in linked), "-o", "program")
    run("./program")


def nim_program(program, library, libraries):
    here = os.getcwd()
    for made in adapters_of("sized", program, "nim-cgen:gc=orc", "system", "nim_", ["-O1"]):
        for linked in libraries:
            run("nim", "c", "--hints:off", "--warnings:off", "--gc:orc", f"-d:release{program}", f"-d:library{library}",
                f"--nimcache:cache-program{program}{library}",
                f"--passL:{here}/{made} {here}/{linked[0]} -lpthread -ldl", "-o:program", source("sized.nim"))
            run("./program")


if __name__ == "__main__":
    for name in sys.argv[1:]:
        {"nul": nul, "com": com, "nim": nim, "growth": growth, "sized": sized}[name]()
