#!/usr/bin/env python3
"""constants.py [HEADER...]: constants of headers, beside what gcc and clang print of them.

Every constant that `abide import c` writes is printed by a program that includes the header, compiled by gcc and by clang: values, and
types by _Generic. For other targets clang asserts values and types when it compiles. What is left out is counted by reason, and nothing
is lost: constants and what is left out are all macros without parameters that the header's own files define.
"""
import json
import os
import re
import struct
import sys

sys.path.insert(0, os.path.join(os.environ["ABIDE_SOURCE_DIR"], "tests", "bind"))
from checking import FAILURES, MUTANTS, expect, run

ABIDE = os.environ["ABIDE"]
HERE = os.path.join(os.environ["ABIDE_SOURCE_DIR"], "tests", "import")
OTHERS = ["i386-linux-gnu", "aarch64-linux-gnu", "arm-linux-gnueabihf", "s390x-linux-gnu", "x86_64-windows-gnu"]
ELSEWHERE = ["-idirafter", "/usr/include", "-idirafter", "/usr/include/x86_64-linux-gnu"]
OWN = os.path.join(HERE, "constants.h")
NEEDED = ["<limits.h>", "<elf.h>", "<stdio.h>", "<math.h>", "<linux/bpf.h>", "<linux/videodev2.h>", "<linux/ethtool.h>", "<yaml.h>", "<popt.h>",
          "<jansson.h>", "<libelf.h>", "<ffi.h>", "<netinet/in.h>", "<errno.h>"]
# Where they are installed.
MORE = ["<zlib.h>", "<sqlite3.h>", "<png.h>", "<SDL2/SDL.h>", "<vulkan/vulkan.h>", "<git2.h>", "<glib.h>", "<uv.h>", "<openssl/ssl.h>",
        "<GL/gl.h>", "<curl/curl.h>", "<pcre2.h>", "<expat.h>", "<lzma.h>", "<ncurses.h>"]
FLAGS = {"<glib.h>": ["-I/usr/include/glib-2.0", "-I/usr/lib/x86_64-linux-gnu/glib-2.0/include"], "<pcre2.h>": ["-DPCRE2_CODE_UNIT_WIDTH=8"]}
FROM = {"<limits.h>": ["--all"], "<errno.h>": ["--all"], "<stdio.h>": ["--all"], "<math.h>": ["--all"], "<SDL2/SDL.h>": ["--from", "*/SDL2/*"],
        "<vulkan/vulkan.h>": ["--from", "*/vulkan/*"], "<git2.h>": ["--from", "*/git2/*"], "<glib.h>": ["--from", "*/glib*"],
        "<uv.h>": ["--from", "*/uv/*"], "<openssl/ssl.h>": ["--from", "*/openssl/*"], "<lzma.h>": ["--from", "*/lzma/*"]}
C_TYPES = {"c_char": "char", "c_schar": "signed char", "c_uchar": "unsigned char", "c_short": "short", "c_ushort": "unsigned short",
           "c_int": "int", "c_uint": "unsigned int", "c_long": "long", "c_ulong": "unsigned long", "c_longlong": "long long",
           "c_ulonglong": "unsigned long long", "bool": "_Bool", "f32": "float", "f64": "double", "size": "__SIZE_TYPE__",
           "ssize": "__INTPTR_TYPE__", "uptr": "__UINTPTR_TYPE__", "c_wchar": "__WCHAR_TYPE__",
           "i8": "signed char", "u8": "unsigned char", "i16": "short", "u16": "unsigned short", "i32": "int", "u32": "unsigned int"}
# Words that C libraries have for integers of 64 bits stand for either of two types.
EITHER = {"u64": ("unsigned long", "unsigned long long"), "i64": ("long", "long long")}
# What headers ask the compiler for: clang's values are in the file.
OF_COMPILERS = {"__HAVE_FLOAT128", "__HAVE_DISTINCT_FLOAT128", "__HAVE_FLOAT128_UNLIKE_LDBL", "__HAVE_FLOATN_NOT_TYPEDEF"}
HEAD = """#include <stdio.h>
#include <string.h>
static void put_(int k, unsigned long long u, int negative) { printf("%d %s%llu\\n", k, negative ? "-" : "", negative ? -u : u); }
static void float_(int k, double d) { unsigned long long u; memcpy(&u, &d, 8); if (d != d) printf("%d nan\\n", k); else printf("%d %016llx\\n", k, u); }
static void bytes_(int k, const char *p, unsigned long n) { printf("%d ", k); while (n--) printf("%02x", *p++ & 0xff); printf("\\n"); }
"""
SUMMARY = re.compile(r"and (\d+) constants; left out: \d+ types, \d+ functions(.*)")
LEFT = re.compile(r", (\d+) ([^,]+)")


def include(header):
    return f"#include {header}\n" if header.startswith("<") else f'#include "{header}"\n'


def import_header(header, targets, path):
    """({target: constants}, {reason: how many}); None: it cannot be imported."""
    asked = [word for target in targets for word in ("-t", target)]
    flags = [*FLAGS.get(header, []), *(ELSEWHERE if len(targets) > 1 else [])]
    done = run(ABIDE, "import", "c", header, *asked, *FROM.get(header, []), "-o", path, "--", *flags)
    found = SUMMARY.search(done.stderr)
    if not found or not os.path.exists(path):
        return None, done.stderr
    shown = run(ABIDE, "layout", path, "--json", *asked)
    if shown.returncode:
        return None, shown.stderr
    answers = json.loads(shown.stdout)
    answers = answers.get("answers", [answers])
    return ({answer["target"]: answer.get("constants", []) for answer in answers},
            {reason.strip(): int(count) for count, reason in LEFT.findall(found[2])} | {"constants": int(found[1])})


def printed(constant):
    kind, value = constant["kind"], constant["value"]
    if kind == "float":
        return "nan" if value == "nan" else struct.pack(">d", as_number(constant)).hex()
    return {"integer": value, "text": value.encode().hex(), "bytes": value.replace(" ", "")}[kind]


def as_number(constant):
    number = float(constant["value"])
    return struct.unpack("f", struct.pack("f", number))[0] if constant["type"] == "f32" else number


def is_typed(constant, name):
    """An expression of C that is true if the constant has the type that the file says."""
    if constant["type"] in EITHER:
        return f"(_Generic(({name}), {', '.join(f'{word}: 1' for word in EITHER[constant['type']])}, default: 0) && sizeof({name}) == 8)"
    return f"_Generic(({name}), {C_TYPES[constant['type']]}: 1, default: 0)"


def statement(index, constant):
    name = constant["name"]
    if constant["kind"] in ("text", "bytes"):
        return f"{{ static const char t[] = {name}; bytes_({index}, t, sizeof t - 1); }}"
    told = f"float_({index}, {name});" if constant["kind"] == "float" else f"put_({index}, (unsigned long long)({name}), ({name}) < 0);"
    return f'if (!{is_typed(constant, name)}) printf("{index} another type\\n"); else {told}'


def check_native(header, constants, compiler):
    # An array of char is no initialiser of another one; its bytes are told by its size.
    variables = {"name"} if header == OWN else set()
    body = [statement(index, constant) if constant["name"] not in variables else
            f"bytes_({index}, {constant['name']}, sizeof {constant['name']} - 1);" for index, constant in enumerate(constants)]
    with open("print.c", "w", encoding="utf-8") as file:
        file.write(include(header) + HEAD + "\n".join(["int main(void) {", *body, "return 0; }"]) + "\n")
    done = run(*compiler.split(), "-std=gnu17", "-w", *FLAGS.get(header, []), "print.c", "-o", "print")
    if not expect(f"{header}: {compiler}", done.returncode == 0, done.stderr):
        return 0
    seen = dict(line.split(" ", 1) for line in run("./print").stdout.splitlines())
    wrong = [f"{constant['name']}: {constant['type']} {constant['value']}, {compiler} has {seen.get(str(index))}"
             for index, constant in enumerate(constants)
             if seen.get(str(index)) != printed(constant) and not (compiler == "gcc" and constant["name"] in OF_COMPILERS)]
    expect(f"{header}: {compiler} agrees", not wrong, "\n".join(wrong))
    return len(constants) - len(wrong)


def assertion(constant):
    name = f"({constant['name']})"
    if constant["kind"] == "text":
        return f"sizeof {name} == {len(constant['value'].encode()) + 1}"
    if constant["kind"] == "bytes":
        return f"sizeof {name} == {len(constant['value'].split()) + 1}"
    value = constant["value"]
    spelled = {"true": "1", "false": "0", "nan": "__builtin_nan(\"\")", "inf": "__builtin_inf()", "-inf": "-__builtin_inf()"}.get(value, value)
    if constant["kind"] == "integer" and int(value) > 2**63 - 1:
        spelled += "ull"
    if value == str(-2**63):
        spelled = "(-9223372036854775807ll - 1)"
    same = f"{name} != {name}" if value == "nan" else f"{name} == {'(float)' if constant['type'] == 'f32' else ''}{spelled}"
    return f"{is_typed(constant, name)} && {same}"


def check_target(header, target, constants):
    with open("assert.c", "w", encoding="utf-8") as file:
        file.write(include(header))
        for constant in constants:
            file.write(f"_Static_assert({assertion(constant)}, \"{constant['name']}\");\n")
    done = run("clang-19", f"--target={target}", "-std=gnu17", "-w", "-ferror-limit=0", "-fsyntax-only", *FLAGS.get(header, []), *ELSEWHERE, "assert.c")
    lost = done.stderr.count("error:")
    expect(f"{header}: clang for {target}", done.returncode == 0, done.stderr)
    return len(constants) - lost


def own_macros(header):
    """How many different macros without parameters clang has that the header itself defines."""
    with open("macros.c", "w", encoding="utf-8") as file:
        file.write(include(header))
    lines = run("clang-19", "-std=gnu17", "-E", "-dD", *FLAGS.get(header, []), "macros.c").stdout.splitlines()
    inside, main, found = "", None, {}
    for line in lines:
        marker = re.match(r'# \d+ "(.*?)"', line)
        if marker:
            inside = marker[1]
            if main is None and inside not in ("macros.c", "<built-in>", "<command line>", ""):
                main = inside
        defined = re.match(r"#define (\w+)(\(?)", line)
        if defined and inside == main:
            found[defined[1]] = not defined[2]
        undefined = re.match(r"#undef (\w+)", line)
        if undefined and undefined[1] in found: # clang no longer knows its parameters
            found[undefined[1]] = True
    return sum(found.values())


def check_header(header, is_needed):
    path = re.sub("[^a-z0-9]+", "_", os.path.basename(header)) + ".abi.yaml"
    found, counts = import_header(header, ["x86_64-linux-gnu"], path)
    if found is None:
        missing = "file not found" in counts
        expect(f"{header} can be imported", missing and not is_needed, counts)
        print(f"{header}: {'not installed' if missing else 'cannot be imported'}")
        return (0, 0, 0)
    constants = found["x86_64-linux-gnu"]
    agreeing = min(check_native(header, constants, compiler) for compiler in ("gcc", "clang-19"))
    if header not in FROM:
        left = sum(count for reason, count in counts.items() if not reason.startswith(("macros with parameters", "constants", "static functions")))
        variables = 3 if header == OWN else 0
        expect(f"{header}: nothing is lost", len(constants) - variables + left == own_macros(header),
               f"{len(constants)} constants, {left} left out, {own_macros(header)} macros {counts}")
    elsewhere = 0
    if header in (OWN, *NEEDED[:7]):
        path = "targets-" + path
        several, why = import_header(header, ["x86_64-linux-gnu", *OTHERS[:4]], path)
        if expect(f"{header}: several targets", several is not None, str(why)):
            elsewhere = sum(check_target(header, target, several[target]) for target in several)
    left = ", ".join(f"{count} {reason}" for reason, count in counts.items() if reason != "constants")
    print(f"{header}: {len(constants)} constants, {agreeing} agree, {elsewhere} on other targets; left out: {left}")
    return (len(constants), agreeing, elsewhere)


def check_mutant():
    """A wrong value in the file is noticed."""
    found, _ = import_header(OWN, ["x86_64-linux-gnu"], "mutant.abi.yaml")
    constants = found["x86_64-linux-gnu"]
    for constant, value in ((next(c for c in constants if c["name"] == "AFTER"), "78"), (next(c for c in constants if c["name"] == "PI"), "3.1415")):
        right, constant["value"] = constant["value"], value
        before = len(FAILURES)
        MUTANTS.append(value)
        check_native(OWN, constants, "gcc")
        check_target(OWN, "aarch64-linux-gnu", [constant])
        noticed = len(FAILURES) - before
        MUTANTS.clear()
        del FAILURES[before:]
        constant["value"] = right
        expect("both checks notice a wrong value", noticed == 2)


def main():
    headers = sys.argv[1:] or [OWN, *NEEDED, *MORE]
    totals = [check_header(header, header == OWN or header in NEEDED) for header in headers]
    check_mutant()
    print(f"{len(headers)} headers: {sum(t[0] for t in totals)} constants, {sum(t[1] for t in totals)} agree with gcc and clang, "
          f"{sum(t[2] for t in totals)} on other targets; {len(FAILURES)} failures")
    sys.exit(1 if FAILURES else 0)


main()
