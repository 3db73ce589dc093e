#!/usr/bin/env python3
"""libraries.py NAME...: interfaces shaped like those of well-known libraries, executed between languages (README.md).

Each side is written by hand against the declarations that `abide bind` makes, or in a language's own types; adapters stand
between the two. Every pair runs with adapters in machine code and in portable C, trusted and checked.
"""
import os
import shutil
import subprocess
import sys

HERE = os.path.dirname(os.path.abspath(__file__))
ABIDE, SOURCES = os.environ["ABIDE"], os.environ["ABIDE_SOURCE_DIR"]
TARGET = ["--target", "x86_64-linux-gnu"]
INCLUDE = ["-I", os.path.join(SOURCES, "include"), "-I", HERE, "-I", "."]
SANITIZED = ["-fsanitize=address,undefined", "-fno-sanitize-recover=all"]
C_FLAGS = ["-std=gnu11", "-g", "-O1", "-Wall", "-Wextra", "-Werror", *SANITIZED, *INCLUDE]
ABIS = {"c": "c", "system": "system", "rust": "system", "nim": "nim-cgen:gc=orc", "refc": "nim-cgen:gc=refc"}

# Providers and consumers of each interface; a pair of one language is left out: it needs no adapter, or two runtimes.
TABLE = {
    "database": (["c", "rust"], ["nim", "refc", "c"]),
    "loop": (["c", "nim", "refc"], ["rust", "c"]),
    "columns": (["c", "rust"], ["nim", "refc", "c"]),
    "objects": (["c", "rust"], ["nim", "refc", "rust"]),
    "codec": (["nim", "refc", "system"], ["c", "rust"]),
    "sqlite": (["c"], ["nim", "refc"]),
    "gio": (["c"], ["nim", "refc"]),
}

# Libraries as they are, which are described and called: what pkg-config calls them.
REAL = {"sqlite": "sqlite3", "gio": "gio-2.0"}

# Descriptions that are wrong for a pair, which must be noticed: (consumer, provider, what is said, what would be wrong).
MUTANTS = {
    "database": [("nim", "c", "option<string0> from s", "option<own string0>"), ("nim", "rust", "text: own string", "text: string"),
                 ("nim", "rust", "done once ended", "done own ended"), ("nim", "c", "does own function", "does function")],
    "loop": [("c", "nim", "{tag: 22}", "{tag: 23}"), ("rust", "c", "errors: negative-errno", "errors: errno"),
             ("rust", "nim", "done once on-done", "done own on-done"), ("c", "nim", "data own bytes", "data bytes")],
    "columns": [("nim", "c", "errors: negative-errno", "errors: errno"), ("c", "rust", "s ref<arrow-schema>) -> own string", "s ref<arrow-schema>) -> u64"),
                ("nim", "rust", "d data-type) -> own string", "d data-type) -> own bytes")],
    "objects": [("rust", "c", "p own property", "p property"), ("nim", "rust", "content out own bytes", "content out bytes"),
                ("nim", "c", "query: (o object, path string)", "query: (path string, o object)")],
    "sqlite": [("nim", "c", "column-text: {sig: \"(s statement, column c_int) -> option<string0> from s", "column-text: {sig: \"(s statement, column c_int) -> option<own string0>"),
               ("nim", "c", "vfs option<string0>", "vfs option<bytes>")],
    "gio": [("nim", "c", "content out option<own string0>", "content out option<string0>"),
            ("nim", "c", "again own source", "again once source"), ("nim", "c", "etag out option<own string0>", "etag out size")],
    "codec": [("c", "nim", "quality: f32", "quality: f64"), ("c", "system", "value: option<own string>", "value: own string"),
              ("rust", "nim", "unsupported: own string", "unsupported: string")],
}


class Failed(Exception):
    """A command that failed, with what it said."""


def run(*words, **options):
    result = subprocess.run(words, check=False, capture_output=True, text=True, **options)
    if result.returncode:
        raise Failed(f"{' '.join(words)}: status {result.returncode}\n{result.stdout}{result.stderr}")
    return result.stdout


def interface_of(name):
    """The interface file; that of `columns` has the types that are shipped, and its own functions."""
    own = os.path.join(HERE, name, f"{name}.abi.yaml")
    with open(own, encoding="utf-8") as file:
        text = file.read()
    for shipped in ("arrow", "dlpack") if name == "columns" else ():
        with open(os.path.join(SOURCES, "abi-specs", "interfaces", f"{shipped}.abi.yaml"), encoding="utf-8") as file:
            text = text.replace("\ntypes:\n", "\ntypes:\n" + file.read().split("\ntypes:\n")[1].rstrip("\n") + "\n", 1)
    with open(f"{name}.abi.yaml", "w", encoding="utf-8") as file:
        file.write(text)
    return f"{name}.abi.yaml"


def compile_side(name, role, language):
    """What is to be linked for one side: `role` is provider or consumer."""
    if role == "provider" and name in REAL:
        return run("pkg-config", "--libs", REAL[name]).split()
    source, made = os.path.join(HERE, name, role), f"{role}_{language}"
    bind = [ABIDE, "bind", *TARGET, "--abi", ABIS[language]]
    prefix = ["--prefix", "use_"] if role == "consumer" else []
    if language in ("c", "system"):
        run(*bind, *prefix, "c", f"{name}.abi.yaml", "-o", f"{made}.h")
        run("gcc", *C_FLAGS, "-include", f"{made}.h", "-c", f"{source}_{language}.c", "-o", f"{made}.o")
        return [f"{made}.o"]
    if language == "rust":
        run(*bind, *prefix, "rust", f"{name}.abi.yaml", "-o", "terms.rs")
        for file in (f"{source}.rs", os.path.join(HERE, "values.rs"), os.path.join(HERE, "..", "scenarios", "owned.rs")):
            shutil.copy(file, ".")
        run("rustc", "--edition", "2021", "-g", "-O", "-C", "panic=abort", "--crate-type", "staticlib", f"{role}.rs", "-o",
            f"lib{made}.a")
        return [f"lib{made}.a"]
    memory = {"nim": "orc", "refc": "refc"}[language]
    watched = ["-d:useMalloc", "--passC:-fsanitize=address"] if memory == "orc" else []  # refc looks all over the stack
    run("nim", "c", "--skipUserCfg", "--hints:off", "--warnings:off", f"--gc:{memory}", *watched, "--threads:on", "--app:staticlib", "--noMain",
        "--debugger:native", f"--path:{HERE}", f"--nimcache:{made}", f"-o:lib{made}.a", f"{source}.nim")
    return [f"lib{made}.a"]


def adapters(name, consumer, provider, checks, emit):
    words = [ABIDE, "thunk", f"{name}.abi.yaml", *TARGET, "--caller", ABIS[consumer], "--callee", ABIS[provider], "--checks",
             checks, "--prefix", "use_"]
    if emit == "c":
        run(*words, "-o", "made.c")
        run("gcc", *C_FLAGS, "-c", "made.c", "-o", "made.o")
    else:
        run(*words, "-o", "made.o")


def run_once(name, consumer, provider, sides, checks, emit):
    runtime = ["-DNIM"] if consumer in ("nim", "refc") else []
    adapters(name, consumer, provider, checks, emit)
    run("gcc", *C_FLAGS, *runtime, os.path.join(HERE, "main.c"), *sides["consumer", consumer], "made.o",
        *sides["provider", provider], "-lpthread", "-lm", "-ldl", "-o", "program")
    # What refc keeps is looked for by nobody but itself.
    leaks = "0" if "refc" in (consumer, provider) else "1"
    return run("./program", env={**os.environ, "ASAN_OPTIONS": f"detect_leaks={leaks}"}, timeout=120).strip()


def run_pair(name, consumer, provider, sides):
    for checks in ("trust", "checked"):
        for emit in ("obj", "c") if "ABIDE_LLVM_BIN" in os.environ else ("c",):
            counted = run_once(name, consumer, provider, sides, checks, emit)
            print(f"{name}: {consumer} -> {provider}, {checks}, {emit}: {counted}")


def run_mutants(name, sides):
    """A description that says something wrong: no adapter is made of it, or the programs notice."""
    with open(f"{name}.abi.yaml", encoding="utf-8") as file:
        right = file.read()
    for consumer, provider, said, wrong in MUTANTS[name]:
        assert said in right, said
        with open(f"{name}.abi.yaml", "w", encoding="utf-8") as file:
            file.write(right.replace(said, wrong))
        try:
            run_once(name, consumer, provider, sides, "trust", "c")
        except Failed:
            continue
        raise Failed(f"{name}: {consumer} -> {provider}: nobody noticed '{wrong}' instead of '{said}'")
    print(f"{name}: {len(MUTANTS[name])} wrong descriptions noticed")


def run_interface(name):
    interface_of(name)
    providers, consumers = TABLE[name]
    sides = {("provider", language): compile_side(name, "provider", language) for language in providers}
    sides |= {("consumer", language): compile_side(name, "consumer", language) for language in consumers}
    for consumer in consumers:
        for provider in providers:
            if ABIS[consumer] != ABIS[provider] or {consumer, provider} == {"rust", "system"}:
                run_pair(name, consumer, provider, sides)
    run_mutants(name, sides)


if __name__ == "__main__":
    try:
        for argument in sys.argv[1:]:
            run_interface(argument)
    except Failed as failure:
        sys.exit(str(failure))
