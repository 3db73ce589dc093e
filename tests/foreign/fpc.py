#!/usr/bin/env python3
"""fpc.py COUNT SEED: functions of Free Pascal on 32-bit x86, called from C and calling C through adapters, against the modules `fpc-i386` and
`fpc-i386-pascal`.

Pascal functions with random signatures store their arguments and return a value; C calls them through thunks, which find the arguments as the
modules say. Other Pascal functions call C's the same way. A compiler for i386 is made of Free Pascal's own source, as Debian has only
the one for the machine itself: 12 seconds of one processor.
"""
import glob
import os
import random
import subprocess
import sys

import places

SOURCE = "/usr/share/fpcsrc/3.2.2"
# Our word, Pascal's, C's, bytes.
SCALARS = [("i8", "shortint", "signed char", 1), ("u8", "byte", "unsigned char", 1), ("i16", "smallint", "short", 2),
           ("u16", "word", "unsigned short", 2), ("i32", "longint", "int", 4), ("u32", "longword", "unsigned", 4),
           ("i64", "int64", "long long", 8), ("u64", "qword", "unsigned long long", 8), ("ptr<void>", "pointer", "void *", 4),
           ("f32", "single", "float", 4), ("f64", "double", "double", 8)]
# Ten bytes of twelve, and in no record.
EXTENDED = ("c_longdouble", "extended", "long double", 10)


class Record:
    """A record with the fields of scalars; C lays it out as Pascal does."""

    def __init__(self, name, fields):
        self.name, self.fields = name, fields

    def described(self):
        return {"struct": {f"m{i}": field[0] for i, field in enumerate(self.fields)}}

    def pascal(self):
        return f"  {self.name} = record " + " ".join(f"m{i}: {field[1]};" for i, field in enumerate(self.fields)) + " end;"

    def c(self):
        return f"typedef struct {{ {' '.join(f'{field[2]} m{i};' for i, field in enumerate(self.fields))} }} {self.name};"


class Array:
    """Bytes in a row: C has their address."""

    def __init__(self, count):
        self.count, self.name = count, f"a{count}"

    def pascal(self):
        return f"  {self.name} = array[0..{self.count - 1}] of byte;"


class Complex:
    """Pascal's unit `ucomplex` has such numbers as records."""

    def __init__(self, name, ours, part, c, count):
        self.name, self.ours, self.part, self.c, self.count = name, ours, part, c, count

    def pascal(self):
        return f"  {self.name} = record re, im: {self.part}; end;"


COMPLEX = [Complex("csingle", "complex<f32>", "single", "float _Complex", 8), Complex("cdouble", "complex<f64>", "double", "double _Complex", 16)]
ARRAYS = [Array(count) for count in (1, 2, 3, 4, 5, 8, 13)]


def words(kind):
    """(our type, Pascal's, C's)"""
    if isinstance(kind, Array):
        return f"array<u8, {kind.count}>", kind.name, "unsigned char *"
    if isinstance(kind, Complex):
        return kind.ours, kind.name, kind.c
    return (kind.name,) * 3 if isinstance(kind, Record) else kind[:3]


def make_compiler():
    """A compiler for i386 in this folder, and its system unit."""
    compiler, rtl = f"{SOURCE}/compiler", f"{SOURCE}/rtl"
    messages = glob.glob("/usr/lib/*/fpc/3.2.2/msg/errore.msg")
    if not messages or not os.path.isdir(compiler):
        sys.exit("Free Pascal 3.2.2 and its source are not installed: fp-compiler, fp-units-rtl, fpc-source (tools/packages.sh)")
    if not os.path.exists("ppcross386"):
        quiet = ["-v0", "-FE.", "-FU."]
        places.run(["fpc", *quiet, f"{compiler}/utils/msg2inc.pp"])
        places.run(["./msg2inc", messages[0], "msg", "msg"])
        folders = [f"{compiler}/i386", f"{compiler}/x86", f"{compiler}/systems", compiler]
        places.run(["fpc", *quiet, "-di386", "-dFPC_SOFT_FPUX80", "-Fi.", *(f"-Fi{folder}" for folder in folders),
                    *(f"-Fu{folder}" for folder in folders), "-oppcross386.new", f"{compiler}/pp.pas"])
        os.rename("ppcross386.new", "ppcross386")
    includes = [f"-Fi{rtl}/{folder}" for folder in ["inc", "i386", "unix", "linux", "linux/i386", "objpas"]]
    places.run(["./ppcross386", "-n", "-v0", "-Tlinux", "-Us", *includes, f"-Fu{rtl}/linux", "-FU.", f"{rtl}/linux/system.pp"])


def random_record(rng, name):
    return Record(name, [rng.choice(SCALARS) for _ in range(rng.choice([1, 1, 2, 3, 5]))])


def random_functions(rng, count, records):
    """{name: ([kind], kind or None)}"""
    kinds = SCALARS + SCALARS[4:6] + [EXTENDED] + records + ARRAYS + COMPLEX
    return {f"f{i}": ([rng.choice(kinds) for _ in range(rng.randint(0, 8))], rng.choice([None, *kinds])) for i in range(count)}


def pascal_unit(functions, records, convention):
    """Both directions. What is sent and got are buffers of C, 64 bytes for each value."""
    lines = ["unit callees;", "{$mode fpc}{$packrecords c}", "interface", "implementation", "type"]
    lines += [kind.pascal() for kind in records + ARRAYS + COMPLEX]
    pointers = sorted({words(kind)[1] for kind in SCALARS + [EXTENDED] + records + ARRAYS + COMPLEX})
    lines += [f"  p{pointer} = ^{pointer};" for pointer in pointers]
    lines += ["  tbuffer = array[0..15, 0..63] of byte;",
              "var sent: tbuffer; external name 'sent'; got: tbuffer; external name 'got';"]
    for name, (params, result) in functions.items():
        listed = "; ".join(f"p{i}: {words(kind)[1]}" for i, kind in enumerate(params))
        head = f"{'function' if result else 'procedure'} %s({listed}){': ' + words(result)[1] if result else ''}; {convention};"
        # Called from C.
        lines.append(head % f"pas_{name}" + f" [public, alias: 'pas_{name}'];")
        lines.append("begin")
        lines += [f"  p{words(param)[1]}(@got[{i}])^ := p{i};" for i, param in enumerate(params)]
        lines += [f"  pas_{name} := p{words(result)[1]}(@sent[15])^;"] if result else []
        lines.append("end;")
        # Calling C.
        lines.append(head % f"out_{name}" + f" external name 'out_{name}';")
        lines.append(f"procedure try_{name}; cdecl; [public, alias: 'try_{name}'];")
        given = ", ".join(f"p{words(param)[1]}(@sent[{i}])^" for i, param in enumerate(params))
        lines.append(f"begin {f'p{words(result)[1]}(@got[14])^ := ' if result else ''}out_{name}({given}); end;")
    return "\n".join([*lines, "end.", ""])


MAIN = """
#include <stdio.h>
#include <string.h>
unsigned char sent[16][64], got[16][64];
static int failures;
static void fill(void) { static unsigned long long s = 1; for (unsigned i = 0; i < sizeof sent; i++) {
    s = s * 6364136223846793005u + 1442695040888963407u; sent[0][i] = (unsigned char)(s >> 33); }
    /* Signalling NaNs become quiet ones in x87 registers: exponents stay small. */
    for (unsigned i = 0; i < sizeof sent; i++) sent[0][i] &= 0x5f; memset(got, 0, sizeof got);
    /* A long double's first bit, which others do not have, is one. */
    for (unsigned i = 0; i < 16; i++) sent[i][7] |= 0x80; }
static void same(const char *what, const void *a, const void *b, unsigned n) {
    if (memcmp(a, b, n)) { printf("%s\\n", what); failures++; } }
"""


def compare(what, kind, one, other):
    if isinstance(kind, (Array, Complex)):
        return [f'same("{what}", {one}, {other}, {kind.count});']
    if not isinstance(kind, Record):
        return [f'same("{what}", {one}, {other}, {kind[3]});']
    return [f'same("{what}.m{i}", &(({kind.name} *){one})->m{i}, &(({kind.name} *){other})->m{i}, sizeof({field[2]}));'
            for i, field in enumerate(kind.fields)]


def c_head(name, params, result):
    """An array as a result is written through a pointer, the last parameter."""
    is_array = isinstance(result, Array)
    listed = [f"{words(kind)[2]} p{i}" for i, kind in enumerate(params)] + (["unsigned char *r"] if is_array else [])
    return f"{words(result)[2] if result and not is_array else 'void'} {name}({', '.join(listed) or 'void'})"


def c_callee(name, params, result):
    lines = [c_head(f"c_{name}", params, result) + " {"]
    lines += [f"    memcpy(got[{i}], {f'p{i}, {kind.count}' if isinstance(kind, Array) else f'&p{i}, sizeof p{i}'});"
              for i, kind in enumerate(params)]
    if isinstance(result, Array):
        lines.append(f"    memcpy(r, sent[15], {result.count});")
    elif result:
        lines.append(f"    {words(result)[2]} r; memcpy(&r, sent[15], sizeof r); return r;")
    return [*lines, "}"]


def c_call(name, params, result):
    lines = ["    fill(); {"]
    for i, kind in enumerate(params):
        is_array = isinstance(kind, Array)
        lines.append(f"    {words(kind)[2]} p{i}" + (f" = sent[{i}];" if is_array else f"; memcpy(&p{i}, sent[{i}], sizeof p{i});"))
    given = [f"p{i}" for i in range(len(params))]
    if isinstance(result, Array):
        return [*lines, f"    in_pas_{name}({', '.join([*given, 'got[14]'])}); }}"]
    call = f"in_pas_{name}({', '.join(given)})"
    return [*lines, f"    {words(result)[2]} r = {call}; memcpy(got[14], &r, sizeof r); }}" if result else f"    {call}; }}"]


def c_program(functions, records):
    lines = [MAIN, *(record.c() for record in records)]
    for name, (params, result) in functions.items():
        lines.append(f"{c_head(f'in_pas_{name}', params, result)};\nvoid try_{name}(void);")
        lines += c_callee(name, params, result)
    lines.append("int main(void) {")
    for name, (params, result) in functions.items():
        checks = [line for i, kind in enumerate(params) for line in compare(f"%s {name}: p{i}", kind, f"sent[{i}]", f"got[{i}]")]
        checks += compare(f"%s {name}: result", result, "sent[15]", "got[14]") if result else []
        lines += c_call(name, params, result)
        lines += [check.replace("%s", "c to pascal,") for check in checks]
        lines.append(f"    fill(); try_{name}();")
        lines += [check.replace("%s", "pascal to c,") for check in checks]
    return "\n".join([*lines, "    return failures != 0; }\n"])


def write(path, text):
    with open(path, "w", encoding="utf-8") as file:
        file.write(text)


def interface(path, prefix, functions, records):
    places.write_interface(path, {record.name: record.described() for record in records}, {
        prefix + name: ([words(kind)[0] for kind in params], words(result)[0] if result else None)
        for name, (params, result) in functions.items()})


def try_convention(convention, module, count, seed):
    rng = random.Random(f"fpc {convention} {seed}")
    records = [random_record(rng, f"r{i}") for i in range(8)]
    functions = random_functions(rng, count, records)
    write("callees.pas", pascal_unit(functions, records, convention))
    write("main.c", c_program(functions, records))
    target = ["--target", "i386-linux-gnu"]
    interface("in.abi.yaml", "pas_", functions, records)
    interface("out.abi.yaml", "c_", functions, records)
    places.abide("thunk", "in.abi.yaml", "--caller", "c", "--callee", module, *target, "--prefix", "in_", "-o", "in.o")
    places.abide("thunk", "out.abi.yaml", "--caller", module, "--callee", "c", *target, "--prefix", "out_", "-o", "out.o")
    # C's functions are called c_NAME, what Pascal calls is out_NAME.
    renames = [option for name in functions for option in ("--redefine-sym", f"out_c_{name}=out_{name}")]
    places.run(["objcopy", *renames, "out.o"])
    for level in ("-O-", "-O2"):
        places.run(["./ppcross386", "-n", "-v0", "-Tlinux", "-Fu.", level, "-Cn", "callees.pas"])
        # Descriptions of types that nobody looks at are in the run-time library, which has a start of its own.
        places.run(["gcc", "-m32", "-no-pie", "-O1", "-w", "-Wl,--unresolved-symbols=ignore-in-object-files", "main.c", "callees.o", "in.o",
                    "out.o", "-o", "program"])
        done = subprocess.run(["./program"], capture_output=True, text=True, check=False)
        if done.returncode:
            sys.exit(f"{module} {level}: {done.returncode}\n{done.stdout[:2000]}")
    print(f"{module}: {len(functions)} functions, {sum(len(params) for params, _ in functions.values())} parameters, "
          "in both directions, 0 wrong")


def main():
    make_compiler()
    try_convention("register", "fpc-i386", int(sys.argv[1]), sys.argv[2])
    try_convention("pascal", "fpc-i386-pascal", int(sys.argv[1]), sys.argv[2])


main()
