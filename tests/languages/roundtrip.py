#!/usr/bin/env python3
"""roundtrip.py GC OPTIMISATION: every record of shapes.nim goes through thunks, from C to Nim and back to C.

C calls c_fwd_T, a thunk for C callers; Nim's fwd_T hands the value on to nim_back_T, a thunk for Nim callers; C's
back_T returns what it got. The C program has Nim's own type definitions, or, where C's form is another one, those
below, so that nothing of it comes from abide.
"""
import os
import re
import sys

import nimc

HERE = os.path.join(nimc.SOURCE_DIR, "tests/languages")
SHAPES = os.path.join(HERE, "shapes.abi.yaml")
GC, OPTIMISATION = sys.argv[1:3]
# Managed memory has no bytes that C could make up; functions inside a record are not adapted.
MANAGED = {"HasFn", "Str", "StrInt", "Str2", "Seq", "HasRef", "DeepRef", "RefArr", "HasClos", "V4", "VRef", "ClosArr",
           "SeqSeq", "Tree", "NodeRObj", "RootObj"}
# They start with a type field, which Nim looks at.
HEADERS = ["Base1", "Kid1", "Kid2", "RootKid", "RootGrand", "RootEmpty", "HoldsBase"]
# What C makes of types that Nim makes something else of (enums, empty records, empty arrays), with a value.
OWN_FORM = {
    "Enums": ("struct { unsigned a, b; int c; unsigned d; long e; }", "{1, 256, -1, 255, 1}"),
    "Zero": ("struct { signed char a; int z[0]; signed char b; }", "{.a = 3, .b = -4}"),
    "Zero2": ("struct { long a, b; long z[0]; long c; }", "{.a = 3, .b = -4, .c = 5}"),
    "HasEmpty": ("struct { struct {} e; short x; }", "{.x = -5}"),
    "HasEmpties": ("struct { struct {} e[5]; long x, y; }", "{.x = -5, .y = 6}"),
    "Empty": ("struct { }", "{}"),
    "V2": ("struct { short id; unsigned k; union { struct { int a; long b; } _k_1; unsigned char c[5]; };"
           " signed char tail; }", "{-3, 0, {{0x12345678, -0x123456789abcdef}}, -9}"),
    "V3": ("struct { unsigned k; union { struct { signed char a, b; } _k_1;"
           " struct { unsigned char c[24]; signed char d; } _k_2; }; }", "{1, {._k_2 = {{1, 2, 3, 4}, -1}}}"),
}
# Padding inside arrays and scalars, which a layout does not list.
INNER_PADDING = {"ArrObj4": {13, 14, 15, 29, 30, 31}, "TupArr": {1, 5, 9}, "LongD": set(range(26, 32))}


def records():
    """Names of the structs and unions of the interface."""
    return [layout["name"] for layout in nimc.layouts(SHAPES, f"nim-cgen:gc={GC}")
            if layout["kind"] in ("struct", "union") and layout["name"] not in MANAGED]


def write(name, text):
    with open(name, "w", encoding="utf-8") as file:
        file.write(text)


def interface(names):
    with open(SHAPES, encoding="utf-8") as file:
        types = file.read().split("\nfunctions:")[0]
    functions = [f'  {direction}_{name}: "(head i32, x {name}, tail f64) -> {name}"'
                 for name in names for direction in ("fwd", "back")]
    write("roundtrip.abi.yaml", "\n".join([types, "", "functions:", *functions, ""]))


def nim_side(names):
    lines = ["include shapes"]
    for name in names:
        lines += [f"proc nim_back_{name}(head: int32, x: {name}, tail: float64): {name} {{.importc, nimcall.}}",
                  f"proc fwd_{name}(head: int32, x: {name}, tail: float64): {name} {{.exportc, nimcall.}} =",
                  "  if head == 7 and tail == 2.5:",
                  f"    result = nim_back_{name}(head + 1, x, tail + 1)"]
    for name in HEADERS:
        lines.append(f"proc init_{name}(x: var {name}) {{.exportc.}} = x = {name}()")
    write("roundtrip.nim", "\n".join(lines) + "\n")
    objects = nimc.compile_objects("roundtrip.nim", GC, OPTIMISATION, "-d:layouts", f"--path:{HERE}")
    with open("cache/@mroundtrip.nim.c", encoding="utf-8") as file:
        text = file.read()
    start = re.search(r"^(?:typedef|struct|union) ", text, re.M).start()
    end = re.search(r"^\s*(?:N_LIB_PRIVATE|static) .*\(", text, re.M).start()
    return text[start:end], objects


def c_side(names, definitions):
    full = {nimc.plain_name(name): name
            for name in re.findall(r"^(?:typedef )?(?:struct|union)[^{;\n]*?\b(tyObject_\w+)", definitions, re.M)}
    lines = ['#define NIM_INTBITS 64', '#include "nimbase.h"', "#include <stdio.h>", "#include <string.h>",
             "#include <stddef.h>", definitions, "void NimMain(void);", "static int failed;",
             "static void fill(void *p, size_t n, unsigned s)",
             "{ for (size_t i = 0; i < n; i++) ((unsigned char *)p)[i] = (unsigned char)(s + 37 * i); }"]
    for name, (form, value) in OWN_FORM.items():
        full[name] = f"own_{name}"
        lines.append(f"typedef {form} own_{name}; static const own_{name} value_{name} = {value};")
    for name in names:
        c = full[name]
        lines += [f"{c} c_fwd_{name}(int, {c}, double);", f"static {c} sent_{name};",
                  f"{c} back_{name}(int head, {c} x, double tail) {{",
                  f"  if (head != 8 || tail != 3.5) {{ printf(\"{name}: neighbours\\n\"); failed++; }}",
                  f"  {c} other = x; memset(&x, 0x5a, sizeof x); return other; }}"]
    lines += ["int main(void) {", "  NimMain();"]
    for name in names:
        c = full[name]
        value = f"fill(&x, sizeof x, {len(name)});"
        if name in OWN_FORM:
            value = f"x = value_{name};"
        elif name in HEADERS:
            value = f"init_{name}(&x); fill((void **)&x + 1, sizeof x - sizeof(void *), {len(name)});"
        lines += [f"  {{ {c} x, y; {value}",
                  f"    y = c_fwd_{name}(7, x, 2.5);",
                  f"    if (differ_{name}(&x, &y)) {{ printf(\"{name}\\n\"); failed++; }} }}"]
    lines += [f"  printf(\"{len(names)} types, %d wrong\\n\", failed);", "  return failed != 0;", "}", ""]
    return full, lines


def padding(layout, layouts):
    """Offsets of the bytes that belong to no field, nor to a field of a named field."""
    found = set(INNER_PADDING.get(layout["name"], ()))
    for hole in layout["padding"]:
        found.update(range((hole["offset_bits"] + 7) // 8, (hole["offset_bits"] + hole["size_bits"]) // 8))
    for field in layout["fields"]:
        if layout["kind"] == "struct" and field["type"] in layouts:
            found.update(field["offset_bits"] // 8 + at for at in padding(layouts[field["type"]], layouts))
    return found


def comparisons(names, full, layouts):
    """Bytes that belong to a field are the same; padding may differ."""
    lines = []
    for name in names:
        size, pads = layouts[name]["size_bytes"], padding(layouts[name], layouts)
        mask = ", ".join("0" if at in pads else "1" for at in range(size))
        lines.append(f"static int differ_{name}(const void *a, const void *b) {{"
                     f" static const char own[{size}] = {{{mask}}};"
                     f" _Static_assert({size} == sizeof({full[name]}), \"size of {name}\");"
                     " for (size_t i = 0; i < sizeof own; i++)"
                     " if (own[i] && ((const char *)a)[i] != ((const char *)b)[i]) return 1;"
                     " return 0; }")
    return lines


def main():
    names = records()
    interface(names)
    definitions, objects = nim_side(names)
    abide = os.environ["ABIDE"]
    nim_abi = f"nim-cgen:gc={GC}"
    nimc.run(abide, "thunk", "roundtrip.abi.yaml", "fwd_*", "--caller", "c", "--callee", nim_abi,
        "--prefix", "c_", "-o", "fwd.o")
    nimc.run(abide, "thunk", "roundtrip.abi.yaml", "back_*", "--caller", nim_abi, "--callee", "c",
        "--prefix", "nim_", "-o", "back.o")
    full, lines = c_side(names, definitions)
    layouts = {layout["name"]: layout for layout in nimc.layouts(SHAPES, nim_abi)}
    layouts.update({layout["name"]: layout for layout in nimc.layouts(SHAPES, "c", *OWN_FORM)})
    at = lines.index("int main(void) {")
    lines[at:at] = comparisons(names, full, layouts)
    write("roundtrip.c", "\n".join(lines))
    nimc.run("gcc", "-w", OPTIMISATION, "-I/usr/lib/nim/lib", "roundtrip.c", "fwd.o", "back.o", *objects,
        "-o", "roundtrip", "-ldl", "-lm")
    print(nimc.run("./roundtrip"), end="")


main()
