#!/usr/bin/env python3
"""dwarf_forms.py: the same library in every form that debug information comes in is imported alike, or it is said what is missing."""
import os
import re
import shutil
import subprocess
import sys

import yaml

SOURCES = {
    "forms.h": """#include <stdint.h>
struct common { int32_t id; double weight; struct common *next; };
typedef struct { unsigned char kind : 3; unsigned : 0; unsigned rest : 9; int64_t wide; } __attribute__((packed)) bits;
union either { float f[3]; struct { char c; long l; } both; };
enum sign { MINUS = -1, PLUS = 400 };
typedef int (*watcher)(bits *, union either);
static const int limit = 7;
""",
    "one.c": """#include "forms.h"
int first(bits b, union either e, watcher c, struct common d) { return b.kind + limit + d.id + c(&b, e); }
enum sign second(double _Complex z, long double l, _Bool b, const char *s, ...) { return b ? MINUS : PLUS; }
""",
    "two.c": """#include "forms.h"
struct other { struct common common; int64_t i; };
struct common third(struct other *o, enum sign s) { o->i = s; return o->common; }
void fourth(void) {}
""",
}
LINK = ["-w", "-shared", "-fPIC", "one.c", "two.c"]
GCC = [["-gdwarf-2", "-gstrict-dwarf"], ["-gdwarf-3"], ["-gdwarf-4"], ["-gdwarf-5", "-gdwarf64"], ["-g", "-gz=zlib"], ["-g", "-gz=zlib-gnu"],
       ["-gdwarf-4", "-fdebug-types-section"], ["-gdwarf-5", "-fdebug-types-section"], ["-g", "-O2"], ["-g", "-O2", "-flto"], ["-g3"],
       ["-ggdb3", "-O3"], ["-gdwarf-4", "-gsplit-dwarf"], ["-gdwarf-5", "-gsplit-dwarf"]]
CLANG = [["-gdwarf-2"], ["-gdwarf-4", "-fdebug-types-section"], ["-gdwarf-5"], ["-gdwarf-5", "-gdwarf64"], ["-g", "-gz"], ["-g", "-O2", "-flto"],
         ["-glldb"], ["-gsce"], ["-g3"]]
TOLD = "its parameters and its result are not told"
problems = []
forms = 0


def run(*words):
    done = subprocess.run(words, capture_output=True, text=True, check=False)
    if done.returncode:
        problems.append(f"{' '.join(words)}: {done.stderr[:500]}")
    return done


def imported(path):
    done = subprocess.run([os.environ["ABIDE"], "import", "dwarf", path, "-t", "x86_64-linux-gnu"], capture_output=True, text=True, check=False)
    found = yaml.load(done.stdout, yaml.BaseLoader) or {} # compilers have an order of their own
    found.pop("imported", None)
    return found, done.stderr


def expect_same(what, path, base, said=""):
    """`said`: a pattern of what is left out."""
    global forms
    forms += 1
    found, errors = imported(path)
    if said:
        base = {key: value for key, value in base.items() if key != "constants"}
        if not re.search(said, errors):
            problems.append(f"{what}: not said: {said}: {errors[-300:]}")
    elif not re.search(r"left out: 0 types, 0 functions(, 2 units whose macros are not read.*)?\n", errors):
        problems.append(f"{what}: {errors[-300:]}")
    if ("units whose macros" in errors) != ("-g3" in what or "-ggdb3" in what) and "clang" not in what:
        problems.append(f"{what}: macros: {errors[-300:]}")
    if found != base:
        problems.append(f"{what}: {found}\nnot\n{base}")


def expect_nothing(what, path, said):
    global forms
    forms += 1
    found, errors = imported(path)
    if "types" in found or "functions" in found or not re.search(said, errors):
        problems.append(f"{what}: {found}{errors}")


def check_flags(base):
    for compiler, rows in (["gcc"], GCC), (["clang-19", "-fuse-ld=lld"], CLANG):
        for flags in rows:
            run(*compiler, *flags, *LINK, "-o", "form.so")
            expect_same(" ".join(compiler + flags), "form.so", base)


def check_apart(base):
    """Debug information in files of its own."""
    run("objcopy", "--only-keep-debug", "base.so", "apart.debug")
    expect_same("only debug symbols", "apart.debug", base, r"\d constants whose values are not in the file")
    run("objcopy", "--strip-debug", "--add-gnu-debuglink=apart.debug", "base.so", "stripped.so")
    expect_same("with a link to debug symbols", "stripped.so", base)
    for source in "one", "two":
        run("clang-19", "-g", "-gsplit-dwarf", "-w", "-fPIC", "-c", f"{source}.c", "-o", f"split_{source}.o")
    run("clang-19", "-shared", "split_one.o", "split_two.o", "-o", "split.so")
    expect_same("split", "split.so", base)
    for source in "one", "two":
        os.remove(f"split_{source}.dwo")
    expect_nothing("split, and the other half is lost", "split.so", "2 split units whose file is not there")


def check_dwz(base):
    run("gcc", "-g", *LINK, "-o", "again.so")
    shutil.copy("base.so", "alone.so")
    run("dwz", "alone.so")
    expect_same("dwz", "alone.so", base)
    shutil.copy("base.so", "shared.so")
    run("dwz", "-m", "common.dwz", "shared.so", "again.so")
    if not os.path.exists("common.dwz"):
        problems.append("dwz has put nothing in common")
    expect_same("dwz, with a file in common", "shared.so", base)


def check_archives(base):
    for source in "one", "two":
        run("gcc", "-g", "-w", "-fPIC", "-c", f"{source}.c")
    with open("none.c", "w", encoding="utf-8") as file:
        file.write("int none;\n")
    run("gcc", "-c", "none.c")
    run("ld", "-r", "one.o", "two.o", "-o", "both.o")
    expect_same("ld -r", "both.o", base)
    run("ar", "rcs", "form.a", "none.o", "one.o", "none.o", "two.o")
    expect_same("an archive", "form.a", base, "(?=.*constants whose values are not in the file).*[12] objects of the archive that have no debug")


def check_least():
    for name, text in ("least.c", SOURCES["two.c"]), ("least.cpp", 'extern "C" void least() {}\n'):
        with open(name, "w", encoding="utf-8") as file:
            file.write(text)
        run("gcc", "-g1", "-c", name, "-o", "least.o")
        expect_nothing(f"-g1 {name}", "least.o", TOLD)
    run("g++", "-g", "-c", "least.cpp", "-o", "least.o")
    if imported("least.o")[0].get("functions") != {"least": "()"}:
        problems.append("a unit of one function without a type")
    run("clang-19", "-gline-tables-only", "-O2", *LINK, "-o", "lines.so")
    expect_nothing("lines alone", "lines.so", "no types and no functions")


def main():
    for name, text in SOURCES.items():
        with open(name, "w", encoding="utf-8") as file:
            file.write(text)
    run("gcc", "-g", *LINK, "-o", "base.so")
    base, errors = imported("base.so")
    for wanted in "'first': '(b bits, e either, c watcher, d common)", "'third':", "'fourth': '()'", "'limit':", "'bits': '9'", "'MINUS': '-1'":
        if wanted not in str(base):
            problems.append(f"not imported at all: {wanted}\n{base}{errors}")
    check_flags(base)
    check_apart(base)
    check_dwz(base)
    check_archives(base)
    check_least()
    print(f"{forms} forms, {len(problems)} problems")
    sys.exit("\n".join(problems) if problems else 0)


main()
