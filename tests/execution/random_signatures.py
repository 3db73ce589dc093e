#!/usr/bin/env python3
"""random_signatures.py TARGET[+variants|+clang] SEED COUNT COMPILER COMPILER [EMULATOR...]: thunks between random functions.

For each pair of languages (C itself and those in modules/), random functions are written in C as the
caller's and as the callee's language lowers them. The caller passes known values; the callee compares
them and their alignment, scribbles over what it owns, and returns a known result; the caller compares
that, and that what it lent or passed by value is as it was. The two sides are compiled by different
compilers, the caller without and the callee with optimization. The thunks are machine code, and then C.
"""
import os
import random
import subprocess
import sys

HERE = os.path.join(os.environ["ABIDE_SOURCE_DIR"], "tests/execution")
SCALARS = {"i8": "int8_t", "u8": "uint8_t", "i16": "int16_t", "u16": "uint16_t", "i32": "int32_t",
           "u32": "uint32_t", "i64": "int64_t", "u64": "uint64_t", "f32": "float", "f64": "double",
           "bool": "bool", "c_longdouble": "long double"}
SIZES = {"i8": 1, "u8": 1, "i16": 2, "u16": 2, "i32": 4, "u32": 4, "i64": 8, "u64": 8, "f32": 4,
         "f64": 8, "bool": 1, "c_longdouble": 16}
ALIGNS = dict(SIZES)
# Where another machine than the usual 64-bit one differs: sizes and alignments of scalars.
NARROW_DOUBLES = {"c_longdouble": (8, 8)}
MACHINES = {"i386": {"i64": (8, 4), "u64": (8, 4), "f64": (8, 4), "c_longdouble": (12, 4)},
            "arm": NARROW_DOUBLES, "mips": NARROW_DOUBLES, "mipsel": NARROW_DOUBLES, "riscv32": {},
            "s390x": {"c_longdouble": (16, 8)}}
WORD_BITS = {"i386": 32, "arm": 32, "mips": 32, "mipsel": 32, "riscv32": 32}
# Clang 19 calls with halves that it loads from odd addresses, where a record has two bytes.
GCC_CALLS = {"mips", "mipsel"}
OVER_ALIGNED = {"x86_64", "aarch64"}  # records that ask for more alignment than their fields


# What a machine aligns vectors to at most, of those whose thunks take vectors and complex numbers.
VECTOR_ALIGNS = {"x86_64": 64, "aarch64": 16}


class Machine:
    word_bits, over_aligns, both_call = 64, True, True
    vector_align = 0

    @classmethod
    def set(cls, arch, group):
        for kind, (size, align) in MACHINES.get(arch, {}).items():
            SIZES[kind], ALIGNS[kind] = size, align
        if group == "variants" and arch == "x86_64":  # gcc and clang return it differently under ms_abi
            del SIZES["c_longdouble"]
        cls.word_bits = WORD_BITS.get(arch, 64)
        cls.over_aligns = arch in OVER_ALIGNED and not group
        cls.both_call = arch not in GCC_CALLS
        cls.vector_align = 0 if group else VECTOR_ALIGNS.get(arch, 0)

    @classmethod
    def kinds(cls):
        return [*SIZES, *VECTORS, *COMPLEXES] if cls.vector_align else [*SIZES]


FLOAT_ENDINGS = {"f32": "f", "f64": "", "c_longdouble": "l"}
# Names that the interface and the C code have for vectors and complex numbers: element, count.
VECTORS = {"v8": ("f32", 2), "v8s": ("i16", 4), "v16": ("f32", 4), "v16d": ("f64", 2),
           "v16b": ("u8", 16), "v32": ("i64", 4), "v64": ("f32", 16)}
COMPLEXES = {"z32": "f32", "z64": "f64", "z80": "c_longdouble"}
# Without AVX, gcc returns longer vectors in memory and clang returns them in several registers.
NO_RESULTS = ("v32", "v64")


def size_of(kind):
    if kind in VECTORS:
        return SIZES[VECTORS[kind][0]] * VECTORS[kind][1]
    return SIZES[COMPLEXES[kind]] * 2 if kind in COMPLEXES else SIZES[kind]


def align_of(kind):
    if kind in VECTORS:
        return min(size_of(kind), Machine.vector_align)
    return ALIGNS[COMPLEXES.get(kind, kind)]


class Language:
    def __init__(self, reference, prefix, lent_over, owned_over, out_over, out_place, slices, attribute=""):
        self.attribute = attribute
        self.reference, self.prefix = reference, prefix
        self.lent_over, self.owned_over = lent_over, owned_over  # bytes from which a pointer is passed
        self.out_over, self.out_place = out_over, out_place
        self.slices = slices  # "parts" or "whole"


NEVER = 1 << 30
LANGUAGES = {
    "c": Language("c", "c_", NEVER, NEVER, NEVER, None, "parts"),
    "first": Language(f"{HERE}/modules/first.yaml", "first_", 8, NEVER, 8, "first", "whole"),
    "last": Language(f"{HERE}/modules/last.yaml", "last_", NEVER, 16, 0, "last", "parts"),
}
# Conventions beside C's own, and how C spells them.
VARIANTS = {"i386": {"stdcall": "stdcall", "fastcall": "fastcall", "thiscall": "thiscall",
                     "regparm": "regparm(3)"},
            "x86_64": {"ms_abi": "ms_abi"},
            "x86_64-clang": {"regcall": "regcall"}}  # gcc has no such conventions


def variants(arch):
    """C itself and the variants, which lower as C does."""
    found = {name: Language(f"c/{name}", f"{name}_", NEVER, NEVER, NEVER, None, "parts",
                            f"__attribute__(({attribute})) ")
             for name, attribute in VARIANTS[arch].items()}
    return {"c": LANGUAGES["c"], **found}


class Record:
    def __init__(self, name, rng):
        self.name = name
        style = rng.random()
        count = rng.choice([1, 1, 2, 2, 3, 3, 4, 5, 6])
        if style < 0.3:  # homogeneous
            more = ["v8", "v16", "z32", "z64"] if Machine.vector_align else []
            self.fields = [rng.choice(["f32", "f64", "i64", "u8"] + more)] * count
        else:
            self.fields = [rng.choice(Machine.kinds()) for _ in range(count)]
        self.size, self.align = 0, 1
        for field in self.fields:
            align = align_of(field)
            self.size = (self.size + align - 1) // align * align + size_of(field)
            self.align = max(self.align, align)
        self.asked = rng.choice([32, 64]) if rng.random() < 0.15 else 0  # more than a field needs
        self.asked = self.asked if Machine.over_aligns else 0
        self.align = max(self.align, self.asked)
        self.size = (self.size + self.align - 1) // self.align * self.align

    def interface(self):
        fields = ", ".join(f"f{i}: {field}" for i, field in enumerate(self.fields))
        align = f", align: {self.asked}" if self.asked else ""
        return f"  {self.name}: {{struct: {{{fields}}}{align}}}\n"

    def c(self):
        fields = " ".join(f"{SCALARS.get(field, field)} f{i};" for i, field in enumerate(self.fields))
        align = f"__attribute__((aligned({self.asked}))) " if self.asked else ""
        return f"typedef struct {align}{{ {fields} }} {self.name};\n"


def value(kind, rng):
    """A C expression of a scalar type, a vector or a complex number."""
    if kind in VECTORS:
        element, count = VECTORS[kind]
        return f"({kind}){{{', '.join(value(element, rng) for _ in range(count))}}}"
    if kind in COMPLEXES:
        return f"({value(COMPLEXES[kind], rng)} + {value(COMPLEXES[kind], rng)} * ({kind})1i)"
    if kind == "bool":
        return rng.choice(["true", "false"])
    if kind in ("f32", "f64", "c_longdouble"):
        return f"{rng.randrange(-4000, 4000)}.25{FLOAT_ENDINGS[kind]}"
    bits = SIZES[kind] * 8
    bound = rng.choice([3, 1 << (bits - 1)])
    if kind[0] == "u":
        return f"({SCALARS[kind]}){rng.randrange(bound * 2)}u" if bits < 64 \
            else f"UINT64_C({rng.randrange(bound * 2)})"
    return f"({SCALARS[kind]}){rng.randrange(1 - bound, bound)}" + ("ll" if bits == 64 else "")


def differs(kind, expression, expected):
    if kind in VECTORS:
        return f"memcmp(&{expression}, &{expected}, sizeof {expected})"
    return f"{expression} != {expected}"


class Value:
    """A parameter or a result: its type and the value that travels."""

    def __init__(self, name, kind, rng):
        self.name, self.kind = name, kind
        self.is_record = isinstance(kind, Record)
        self.is_slice = kind == "slice"
        if self.is_record:
            self.values = [value(field, rng) for field in kind.fields]
        elif self.is_slice:
            address = rng.randrange(1 << 47) % (1 << Machine.word_bits)
            self.values = [f"(int32_t *)(uintptr_t){address}u", str(rng.randrange(1 << 31))]
        else:
            self.values = [value(kind, rng)]

    def interface(self):
        return self.kind.name if self.is_record else "slice<i32>" if self.is_slice else self.kind

    def type(self):
        return self.kind.name if self.is_record else "slice" if self.is_slice else SCALARS.get(self.kind, self.kind)

    def literal(self):
        if self.is_record or self.is_slice:
            return f"({self.type()}){{{', '.join(self.values)}}}"
        return self.values[0]

    def differs(self, expression):
        if self.is_record:
            return " || ".join(differs(self.kind.fields[i], f"({expression}).f{i}", v)
                               for i, v in enumerate(self.values))
        if self.is_slice:
            return (f"({expression}).data != {self.values[0]} || "
                    f"({expression}).count != {self.values[1]}")
        return differs(self.kind, expression, self.values[0])


class Function:
    def __init__(self, index, records, rng):
        self.name = f"fn{index}"
        kinds = records + Machine.kinds() * 2 + ["slice"] * 3
        count = rng.choice([0, 1, 2, 3, 4, 5, 6, 8, 10, 12])
        self.params = [Value(f"p{i}", rng.choice(kinds), rng) for i in range(count)]
        self.result = None
        if rng.random() < 0.9:
            self.result = Value("result", rng.choice(
                records * 2 + [kind for kind in Machine.kinds() if kind not in NO_RESULTS]), rng)

    def interface(self):
        params = ", ".join(f"{p.name} {p.interface()}" for p in self.params)
        result = f" -> {self.result.interface()}" if self.result else " -> void"
        return f"  {self.name}: ({params}){result}\n"

    def has_out(self, language):
        return bool(self.result and self.result.is_record and self.result.kind.size > language.out_over)

    def prototype(self, language, name):
        params = []
        for p in self.params:
            if p.is_record and self.by_pointer(p, language):
                params.append(f"{p.type()} *{p.name}")
            elif p.is_slice and language.slices == "parts":
                params += [f"int32_t *{p.name}_data", f"intptr_t {p.name}_count"]
            elif p.is_slice and language.lent_over < 16:
                params.append(f"{p.type()} {p.name}")
            else:
                params.append(f"{p.type()} {p.name}")
        result = self.result.type() if self.result else "void"
        if self.has_out(language):
            out = f"{result} *out"
            params = [out] + params if language.out_place == "first" else params + [out]
            result = "void"
        return f"{result} {language.attribute}{name}({', '.join(params) or 'void'})"

    def by_pointer(self, p, language):
        return p.kind.size > min(language.lent_over, language.owned_over)

    def callee(self, language):
        """The function itself."""
        lines = []
        for i, p in enumerate(self.params):
            pointer = p.is_record and self.by_pointer(p, language)
            name = f"(*{p.name})" if pointer else p.name
            if p.is_slice and language.slices == "parts":
                lines.append(f"slice {p.name} = {{{p.name}_data, {p.name}_count}};")
            lines.append(f'if ({p.differs(name)}) wrong("{self.name}: argument {i}");')
            if p.is_record:
                lines.append(f"check_aligned(&{name}, PROMISED({p.kind.align}), "
                             f'"{self.name}: alignment of argument {i}");')
            if not pointer or language.owned_over != NEVER:
                lines.append(f"scribble(&{name}, sizeof {name});")
        if self.has_out(language):
            if language.reference.endswith("last.yaml"):
                lines.append(f'if (!is_zero(out, sizeof *out)) wrong("{self.name}: no zeros");')
            if self.result.is_record:
                lines.append(f"check_aligned(out, {self.result.kind.align}, "
                             f'"{self.name}: alignment of the result");')
            lines.append(f"*out = {self.result.literal()};")
        elif self.result:
            lines.append(f"return {self.result.literal()};")
        body = "\n    ".join(lines)
        return f"{self.prototype(language, self.name)}\n{{\n    {body}\n}}\n"

    def caller(self, language):
        """A test that calls the thunk."""
        name = language.prefix + self.name
        lines, arguments, checks = [], [], []
        for i, p in enumerate(self.params):
            lines.append(f"{p.type()} {p.name} = {p.literal()};")
            if p.is_record and self.by_pointer(p, language):
                arguments.append(f"&{p.name}")
                if language.owned_over != NEVER:
                    continue  # given away
            elif p.is_slice and language.slices == "parts":
                arguments += [f"{p.name}.data", f"{p.name}.count"]
            else:
                arguments.append(p.name)
            checks.append(f'if ({p.differs(p.name)}) wrong("{self.name}: {i} was changed");')
        call = f"{name}({', '.join(arguments)})"
        if self.has_out(language):
            lines.append(f"{self.result.type()} guarded[3];")
            lines.append("memset(guarded, 0x5a, sizeof guarded);")
            zeroed = language.reference.endswith("last.yaml")
            if zeroed:
                lines.append("memset(&guarded[1], 0, sizeof guarded[1]);")
            arguments = ["&guarded[1]"] + arguments if language.out_place == "first" \
                else arguments + ["&guarded[1]"]
            lines.append(f"{name}({', '.join(arguments)});")
            checks.append(f'if ({self.result.differs("guarded[1]")}) wrong("{self.name}: result");')
            checks.append("check_guards(guarded, sizeof guarded[0], "
                          f'"{self.name}: wrote beside its result");')
        elif self.result:
            lines.append(f"{self.result.type()} result = {call};")
            checks.append(f'if ({self.result.differs("result")}) wrong("{self.name}: result");')
        else:
            lines.append(f"{call};")
        body = "\n    ".join(lines + checks)
        return (f"{self.prototype(language, name)};\nstatic void test_{self.name}(void)\n"
                f"{{\n    {body}\n}}\n")


HEADER = """#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#ifndef PROMISED
#define PROMISED(align) align
#endif
typedef struct { int32_t *data; intptr_t count; } slice;
""" + "".join(f"typedef {SCALARS[element]} {name} __attribute__((vector_size({size_of(name)})));\n"
              for name, (element, count) in VECTORS.items()) + "".join(
                  f"typedef _Complex {SCALARS[part]} {name};\n" for name, part in COMPLEXES.items()) + """
void wrong(const char *what);
void scribble(void *bytes, size_t size_bytes);
bool is_zero(const void *bytes, size_t size_bytes);
void check_aligned(const void *bytes, uintptr_t align_bytes, const char *what);
"""
SUPPORT = HEADER + """
int wrongs;
void wrong(const char *what)
{
    puts(what);
    wrongs++;
}
void scribble(void *bytes, size_t size_bytes)
{
    memset(bytes, 0xa5, size_bytes);
}
bool is_zero(const void *bytes, size_t size_bytes)
{
    for (size_t i = 0; i < size_bytes; i++)
        if (((const char *)bytes)[i])
            return false;
    return true;
}
/* Here, where the compiler cannot take it for granted. */
void check_aligned(const void *bytes, uintptr_t align_bytes, const char *what)
{
    if ((uintptr_t)bytes % align_bytes != 0)
        wrong(what);
}
"""
GUARDS = """
extern int wrongs;
static void check_guards(const void *guarded, size_t size_bytes, const char *what)
{
    const unsigned char *bytes = guarded;
    for (size_t i = 0; i < size_bytes; i++)
        if (bytes[i] != 0x5a || bytes[2 * size_bytes + i] != 0x5a) {
            wrong(what);
            return;
        }
}
static void (*volatile unused)(const void *, size_t, const char *) = check_guards;
"""


NAMES = "".join(f"  {name}: vector<{element}, {count}>\n"
                for name, (element, count) in VECTORS.items()) + "".join(
                    f"  {name}: complex<{part}>\n" for name, part in COMPLEXES.items())


def write(path, text):
    with open(path, "w", encoding="utf-8") as file:
        file.write(text)


def run(command):
    done = subprocess.run(command, capture_output=True, text=True)
    if done.returncode != 0:
        sys.exit(f"{' '.join(command)}\n{done.stdout}{done.stderr}")
    return done.stdout


def promised(target, copiers):
    """GCC 12 for AArch64 aligns the copies that it passes by pointer to 16 bytes at most."""
    forgets = target.startswith("aarch64") and any("clang" not in compiler for compiler in copiers)
    return ["-DPROMISED(align)=(align > 16 ? 16 : align)"] if forgets else []


def test_pair(target, compilers, emulator, languages, caller, callee, records, functions):
    stem = f"{caller}-{callee}-{target}"
    interface = ("abide: 1\npackage: random\ntypes:\n" + NAMES + "".join(r.interface() for r in records) +
                 "functions:\n" + "".join(f.interface() for f in functions))
    write(f"{stem}.abi.yaml", interface)
    a, b = languages[caller], languages[callee]
    types = HEADER + "".join(record.c() for record in records)
    tests = "".join(function.caller(a) for function in functions)
    calls = "".join(f"    test_{function.name}();\n" for function in functions)
    write(f"{stem}-caller.c", f"{types}{GUARDS}{tests}int main(void)\n{{\n    (void)unused;\n{calls}"
                              "    return wrongs != 0;\n}\n")
    write(f"{stem}-callee.c", types + "".join(function.callee(b) for function in functions))
    write("support.c", SUPPORT)
    thunk = [os.environ["ABIDE"], "thunk", f"{stem}.abi.yaml", "--caller", a.reference, "--callee",
             b.reference, "--target", target, "--prefix", a.prefix, "-o"]
    run(thunk + [f"{stem}-thunks.o"])
    run(thunk + [f"{stem}-thunks.c", "--emit", "c"])
    for compiler, other in (compilers, compilers[::-1] if Machine.both_call else compilers[:1] * 2):
        run(compiler.split() + ["-O0", "-w", "-c", f"{stem}-caller.c", "-o", f"{stem}-caller.o"])
        run(other.split() + ["-O2", "-Wall", "-Wno-psabi", "-Werror", "-c", f"{stem}-thunks.c", "-o",
                             f"{stem}-thunks-c.o"])
        # Who compiles what passes values as C passes them: the caller, and thunks that are C.
        copies = [compiler] if caller == "c" else []
        for thunks, copiers in ((f"{stem}-thunks.o", copies),
                                (f"{stem}-thunks-c.o", copies + ([other] if "c" in (caller, callee) else []))):
            run(other.split() + ["-O2", "-w", *promised(target, copiers), "-c", f"{stem}-callee.c", "-o",
                                 f"{stem}-callee.o"])
            run(compilers[0].split() + ["-static", "-w", f"{stem}-caller.o", f"{stem}-callee.o",
                                        "support.c", thunks, "-o", stem])
            run(emulator + [f"./{stem}"])


def main():
    target, seed, count = sys.argv[1], int(sys.argv[2]), int(sys.argv[3])
    compilers, emulator = sys.argv[4:6], sys.argv[6:]
    target, _, group = target.partition("+")
    arch = target.partition("-")[0]
    Machine.set(arch, group)
    languages = variants(arch if group == "variants" else f"{arch}-{group}") if group else LANGUAGES
    print(f"{target}: seed {seed}, {count} functions a pair")
    for caller in languages:
        for callee in languages:
            rng = random.Random(f"{seed}-{caller}-{callee}")
            records = [Record(f"r{i}", rng) for i in range(12)]
            functions = [Function(i, records, rng) for i in range(count)]
            test_pair(target, compilers, emulator, languages, caller, callee, records, functions)
            print(f"{caller} -> {callee}: right")


if __name__ == "__main__":
    main()
