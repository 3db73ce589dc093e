#!/usr/bin/env python3
"""go.py GOARCH COUNT SEED [EMULATOR...]: where Go's own compiler passes values, against what `go-abiinternal` says.

A program in Go calls functions with random signatures that are written in assembly. They store all registers of arguments and
the stack, and go back with random values in all registers of results. The program compares, where `abide call` says that each byte is.
"""
import os
import random
import re
import sys

import places

# picture: integer registers from 0, floating-point registers from 256, the stack from 1024.
FLOATS, STACK, STACK_WORDS = 256, 1024, 400


class Arch:
    def __init__(self, name, module, target, ints, floats, go_ints, go_floats, texts, stack_start):
        self.name, self.module, self.target, self.texts, self.stack_start = name, module, target, texts, stack_start
        self.go_ints, self.go_floats = go_ints.split(), go_floats
        self.at = {name: 8 * i for i, name in enumerate(places.expand(ints))}
        self.at.update({name: FLOATS + 8 * i for i, name in enumerate(places.expand(floats))})


ARCHES = {
    "amd64": Arch("amd64", "go-abiinternal", "x86_64-linux-gnu", "rax rbx rcx rdi rsi r8..r11", "xmm0..xmm14",
                  "AX BX CX DI SI R8 R9 R10 R11", "X", ("MOVQ", "MOVSD", "R12", "SP", "JMP"), 0),
    "arm64": Arch("arm64", "go-abiinternal-aarch64", "aarch64-linux-gnu", "x0..x15", "v0..v15",
                  " ".join(f"R{i}" for i in range(16)), "F", ("MOVD", "FMOVD", "R19", "RSP", "B"), 8),
}
# Copies the bytes of the stack that are the result from `back`.
COPIES = {
    "amd64": """MOVQ ·resultAt(SB), R12
LEAQ ·back+1024(SB), R13
next: CMPQ R12, ·resultEnd(SB)
JGE done
MOVB (R13)(R12*1), R8
MOVB R8, 8(SP)(R12*1)
INCQ R12
JMP next
done:""",
    "arm64": """MOVD ·resultAt(SB), R19
MOVD ·resultEnd(SB), R20
MOVD $·back+1024(SB), R21
next: CMP R20, R19
BGE done
MOVBU (R21)(R19), R22
MOVD RSP, R23
ADD R19, R23
MOVB R22, 8(R23)
ADD $1, R19
B next
done:""",
}
SCALARS = {"i8": "int8", "u8": "uint8", "i16": "int16", "u16": "uint16", "i32": "int32", "u32": "uint32", "i64": "int64",
           "u64": "uint64", "f32": "float32", "f64": "float64"}
OTHERS = {"complex<f32>": "complex64", "complex<f64>": "complex128", "string": "string", "slice<i32>": "[]int32"}


def random_types(rng):
    """{name: (interface, Go)}: structs of scalars, arrays and each other."""
    types, known = {}, dict(SCALARS)
    for i in range(12):
        fields = []
        for _ in range(rng.choice([0, 1, 2, 3, 4, 6])):
            kind = rng.choice(list(known))
            count = rng.choice([None, None, None, 0, 1, 1, 2, 3])
            fields.append((kind, known[kind]) if count is None else (f"array<{kind}, {count}>", f"[{count}]{known[kind]}"))
        if not any(kind in SCALARS for kind, _ in fields):
            fields.append(("i16", "int16"))  # a zero-size value at the end of a struct makes Go pad it
        types[f"s{i}"] = ({"struct": {f"m{j}": kind for j, (kind, _) in enumerate(fields)}},
                          "struct { " + "; ".join(f"m{j} {kind}" for j, (_, kind) in enumerate(fields)) + " }")
        known[f"s{i}"] = f"s{i}"
    return types


def without_empty_tail(types):
    """Go pads a struct that ends in nothing, as C does not: a last field of no size is moved to the front."""
    for name, (interface, go) in types.items():
        fields = list(interface["struct"].items())
        body = go[len("struct { "):-len(" }")].split("; ")
        while "array" in fields[-1][1] and fields[-1][1].endswith(", 0>"):
            fields.insert(0, fields.pop())
            body.insert(0, body.pop())
        types[name] = ({"struct": dict(fields)}, "struct { " + "; ".join(body) + " }")
    return types


def random_functions(rng, types, count):
    kinds = list(SCALARS) * 2 + list(types) + list(OTHERS) + ["array<i64, 1>", "array<i32, 2>"]
    return {f"f{i}": ([rng.choice(kinds) for _ in range(rng.choice([0, 1, 2, 3, 4, 6, 9]))],
                      rng.choice([None, *kinds])) for i in range(count)}


def go_type(kind):
    if kind.startswith("array<"):
        element, number = kind[len("array<"):-1].split(", ")
        return f"[{number}]{SCALARS[element]}"
    return SCALARS.get(kind) or OTHERS.get(kind) or kind


def leaves_of(types, kind, start=0):
    """(size, alignment, [(offset, size)] of the scalars in it): what is between them Go does not copy."""
    if kind in SCALARS:
        size = int(kind[1:]) // 8
        return size, size, [(start, size)]
    if kind in OTHERS:
        part = 4 if kind == "complex<f32>" else 8
        count = 3 if kind == "slice<i32>" else 2
        return part * count, part, [(start + part * i, part) for i in range(count)]
    if kind.startswith("array<"):
        element, count = kind[len("array<"):-1].rsplit(", ", 1)
        fields = [element] * int(count)
        align = leaves_of(types, element)[1]
    else:
        fields, align = list(types[kind][0]["struct"].values()), 1
    end, leaves = 0, []
    for field in fields:
        size, own_align, _ = leaves_of(types, field)
        end = -(-end // own_align) * own_align
        leaves += leaves_of(types, field, start + end)[2]
        end, align = end + size, max(align, own_align)
    return -(-end // align) * align, align, leaves


def pieces_of(arch, types, kind, value):
    """Go's text of [{offset in the value, size, offset in the picture}]"""
    texts = []
    for piece in value.get("pieces", []):
        at = arch.at[piece["register"]] if "register" in piece else STACK + piece["stack_offset_bytes"] - arch.stack_start
        begin, end = piece["offset_bytes"], piece["offset_bytes"] + piece["size_bytes"]
        for leaf, size in leaves_of(types, kind)[2]:
            first, last = max(leaf, begin), min(leaf + size, end)
            if first < last:
                texts.append(f"{{{first}, {last - first}, {at + first - begin}}}")
    return f"[]piece{{{', '.join(texts)}}}"


PROGRAM = """
package main
import "unsafe"
type piece struct { offset, size, at uintptr }
var picture, back [4352]byte
var resultAt, resultEnd uintptr // of a result on the stack
var state uint64 = SEED
var failures int
func fill(p unsafe.Pointer, size uintptr) {
    for i := uintptr(0); i < size; i++ {
        state = state*6364136223846793005 + 1442695040888963407
        *(*byte)(unsafe.Add(p, i)) = byte(state >> 33)
    }
}
func same(function, value string, p unsafe.Pointer, picture *[4352]byte, pieces []piece) {
    for _, piece := range pieces {
        for i := uintptr(0); i < piece.size; i++ {
            if *(*byte)(unsafe.Add(p, piece.offset+i)) != picture[piece.at+i] {
                println(function, value, "byte", piece.offset+i, "is not at", piece.at+i)
                failures++
                return
            }
        }
    }
}
"""


def write_program(arch, types, functions, calls, seed):
    lines = [PROGRAM.replace("SEED", str(seed))]
    lines += [f"type {name} {go}" for name, (_, go) in types.items()]
    for name, (params, result) in functions.items():
        listed = ", ".join(f"p{i} {go_type(kind)}" for i, kind in enumerate(params))
        lines.append(f"//go:noescape\nfunc {name}({listed}) {go_type(result) if result else ''}")
        lines.append(f"//go:noinline\nfunc try_{name}() {{")
        for i, kind in enumerate(params):
            # Not a value of the garbage collector's: bytes that nobody looks at as a pointer for long.
            lines.append(f"    var p{i} {go_type(kind)}; fill(unsafe.Pointer(&p{i}), unsafe.Sizeof(p{i}))")
        lines.append("    fill(unsafe.Pointer(&back), 4352)")
        on_stack = [piece for piece in (calls[name].get("result") or {}).get("pieces", []) if "register" not in piece]
        start = on_stack[0]["stack_offset_bytes"] - arch.stack_start if on_stack else 0
        lines.append(f"    resultAt, resultEnd = {start}, {start + on_stack[0]['size_bytes'] if on_stack else 0}")
        given = ", ".join(f"p{i}" for i in range(len(params)))
        lines.append(f"    {'r := ' if result else ''}{name}({given})")
        for i, value in enumerate(calls[name]["params"]):
            lines.append(f'    same("{name}", "p{i}", unsafe.Pointer(&p{i}), &picture, {pieces_of(arch, types, params[i], value)})')
        if result:
            lines.append(f'    same("{name}", "result", unsafe.Pointer(&r), &back, {pieces_of(arch, types, result, calls[name]["result"])})')
        lines.append("}")
    # Functions that Go compiles, for the size of their arguments.
    for name, (params, result) in functions.items():
        listed = ", ".join(f"p{i} {go_type(kind)}" for i, kind in enumerate(params))
        lines.append(f"//go:noinline\nfunc go_{name}({listed}) {go_type(result) if result else ''} {{ panic(0) }}")
    # The stubs read the stack of their callers and a bit above.
    lines.append("var page [4096]byte\nfunc main() {\n    above := page")
    lines += [f"    try_{name}()" for name in functions]
    lines.append("    page = above")
    lines.append("    if failures != 0 { panic(\"wrong\") }\n}\n")
    with open("main.go", "w", encoding="utf-8") as file:
        file.write("\n".join(lines))


def write_assembly(arch, functions):
    move, float_move, scratch, stack, jump = arch.texts
    floats = [f"{arch.go_floats}{i}" for i in range(sum(at >= FLOATS for at in arch.at.values()))]
    lines = ['#include "textflag.h"', "TEXT ·common<ABIInternal>(SB), NOSPLIT|NOFRAME, $0-0"]
    lines += [f"{move} {name}, ·picture+{8 * i}(SB)" for i, name in enumerate(arch.go_ints)]
    lines += [f"{float_move} {name}, ·picture+{FLOATS + 8 * i}(SB)" for i, name in enumerate(floats)]
    for i in range(STACK_WORDS):
        lines.append(f"{move} {8 + 8 * i}({stack}), {scratch}\n{move} {scratch}, ·picture+{STACK + 8 * i}(SB)")
    lines.append(COPIES[arch.name])
    lines += [f"{move} ·back+{8 * i}(SB), {name}" for i, name in enumerate(arch.go_ints)]
    lines += [f"{float_move} ·back+{FLOATS + 8 * i}(SB), {name}" for i, name in enumerate(floats)]
    lines.append("RET")
    for name in functions:
        lines.append(f"TEXT ·{name}<ABIInternal>(SB), NOSPLIT|NOFRAME, $0-0\n{jump} ·common<ABIInternal>(SB)")
    with open("stubs.s", "w", encoding="utf-8") as file:
        file.write("\n".join(lines) + "\n")
    with open("symabis", "w", encoding="utf-8") as file:
        file.writelines(f"def main.{name} ABIInternal\n" for name in [*functions, "common"])


def build():
    """Steps of `go build`, which does not let programs choose the ABI of their assembly."""
    tool = ["go", "tool"]
    include = os.path.join(places.run(["go", "env", "GOROOT"]).strip(), "pkg/include")
    exports = places.run(["go", "list", "-export", "-deps", "-f", "{{if .Export}}packagefile {{.ImportPath}}={{.Export}}{{end}}",
                          "runtime", "unsafe"])
    with open("imports", "w", encoding="utf-8") as file:
        file.write("\n".join(line for line in exports.splitlines() if line) + "\n")
    listing = places.run([*tool, "compile", "-S", "-p", "main", "-symabis", "symabis", "-importcfg", "imports", "-o", "main.o", "main.go"])
    places.run([*tool, "asm", "-p", "main", "-compiling-runtime", "-I", include, "-o", "stubs.o", "stubs.s"])
    places.run([*tool, "pack", "r", "main.o", "stubs.o"])
    places.run([*tool, "link", "-importcfg", "imports", "-o", "program", "main.o"])
    return {name: int(size, 16) for name, size in re.findall(r"^main\.go_(\w+) STEXT .*?args=0x(\w+)", listing, re.MULTILINE)}


def check_areas(arch, calls, areas):
    """The arguments of a function, its results, and the room behind them that it may spill its registers to."""
    for name, call in calls.items():
        said = max(call["stack"]["argument_bytes"] - arch.stack_start, 0)
        if name not in areas or areas[name] != said:
            sys.exit(f"{name}: Go says that its arguments have {areas.get(name)} bytes, abide {said}")


def main():
    arch_name, count, seed, *emulator = sys.argv[1:]
    os.environ.update({"GOARCH": arch_name, "GOOS": "linux", "CGO_ENABLED": "0", "GOFLAGS": "-mod=mod", "GO111MODULE": "off",
                       "GOCACHE": os.path.join(os.getcwd(), "cache"), "GOGC": "off", "GODEBUG": "cgocheck=0"})
    arch, rng = ARCHES[arch_name], random.Random(f"{arch_name} {seed}")
    types = without_empty_tail(random_types(rng))
    functions = random_functions(rng, types, int(count))
    places.write_interface("go.abi.yaml", {name: interface for name, (interface, _) in types.items()}, functions)
    calls = places.answers("go.abi.yaml", arch.module, arch.target)
    write_program(arch, types, functions, calls, seed)
    write_assembly(arch, functions)
    check_areas(arch, calls, build())
    places.run([*emulator, "./program"])
    print(f"{arch.module}: {len(functions)} functions, {sum(len(params) for params, _ in functions.values())} parameters, 0 wrong")


main()
