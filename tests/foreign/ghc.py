#!/usr/bin/env python3
"""ghc.py COUNT SEED: where LLVM passes values in GHC's convention (`cc 10`), against what the module `ghc` says.

Functions in LLVM's language call stubs with random signatures, which store all registers and the stack and go back with
random results: words, floats, vectors, and records of them, with more arguments than there are registers. GHC's own code is made by this convention of LLVM, or by a code generator that agrees with it.
"""
import os
import random
import sys

import places

INTEGERS = places.expand("rax rbx rcx rdx rsi rdi rbp rsp r8..r15")
VECTORS = places.expand("xmm0..xmm15")
AT = {name: 8 * i for i, name in enumerate(INTEGERS)} | {name: 256 + 16 * i for i, name in enumerate(VECTORS)}
AT |= {"st0": 128, "st1": 144}
STACK, STACK_BYTES = 512, 768
VALUE_BYTES = 256
# Our word, LLVM's with attributes, alignment, size, and the bytes that mean something: [(offset, bytes)].
INTS = [("i8", "i8 signext", 1, 1, [(0, 1)]), ("u16", "i16 zeroext", 2, 2, [(0, 2)]), ("i32", "i32", 4, 4, [(0, 4)]),
        ("i64", "i64", 8, 8, [(0, 8)]), ("ptr<void>", "ptr", 8, 8, [(0, 8)])]
FLOATS = [("f32", "float", 4, 4, [(0, 4)]), ("f64", "double", 8, 8, [(0, 8)])]
OTHERS = [("i128", "i128", 16, 16, [(0, 16)]), ("vector<i32, 4>", "<4 x i32>", 16, 16, [(0, 16)]),
          ("vector<f32, 2>", "<2 x float>", 8, 8, [(0, 8)]), ("vector<f64, 4>", "<4 x double>", 32, 32, [(0, 32)]),
          ("c_longdouble", "x86_fp80", 16, 16, [(0, 10)]), ("complex<f32>", "{float, float}", 4, 8, [(0, 4), (4, 4)])]

STUB = """
        .globl  stub_common
stub_common:
{stores}
        pushq   %rdi
        leaq    16(%rsp), %rsi
        leaq    stub_picture+512(%rip), %rdi
        movl    $96, %ecx
        cld
        rep movsq
        popq    %rdi
        movl    stub_hidden(%rip), %ecx
        testl   %ecx, %ecx
        jz      1f
        movq    %r13, %rdi
        leaq    stub_back(%rip), %rsi
        rep movsb
        movq    %r13, %rax
        ret
1:      cmpl    $1, stub_x87(%rip)
        jl      3f
        je      2f
        fldt    stub_back+144(%rip)
2:      fldt    stub_back+128(%rip)
3:      movq    stub_back(%rip), %rax
        movq    stub_back+16(%rip), %rcx
        movq    stub_back+24(%rip), %rdx
        movups  stub_back+256(%rip), %xmm0
        movups  stub_back+272(%rip), %xmm1
        movups  stub_back+288(%rip), %xmm2
        movups  stub_back+304(%rip), %xmm3
        ret
        .comm   stub_picture, 1280, 16
        .comm   stub_back, 512, 16
        .section .note.GNU-stack, "", @progbits
"""

MAIN = """
#include <stdio.h>
#include <string.h>
unsigned char stub_picture[1280], stub_back[512];
int stub_hidden, stub_x87;
static unsigned char sent[40][256], got[256], want[256];
static int failures;
static void fill(void *p, unsigned n) { static unsigned long s = 1; for (unsigned i = 0; i < n; i++) {
    s = s * 6364136223846793005u + 1442695040888963407u; ((unsigned char *)p)[i] = (unsigned char)(s >> 33); } }
static void same(const char *what, const void *a, const void *b, unsigned n) {
    if (memcmp(a, b, n)) { printf("%s\\n", what); failures++; } }
/* Floats in registers of the x87 have values: its loads do not keep all bits of signalling ones. */
static void wide(unsigned char *value, long double *held, unsigned n) { double d = value[0]; float f = value[0]; *held = d;
    if (n == 4) memcpy(value, &f, 4); else memcpy(value, &d, 8); }
"""


def ir_type(kind):
    return kind[1].removesuffix(" signext").removesuffix(" zeroext")


def record_of(name, fields):
    """A struct of `fields`, which lies as C's do."""
    end, align, leaves = 0, 1, []
    for field in fields:
        start = -(-end // field[2]) * field[2]
        leaves += [(start + at, size) for at, size in field[4]]
        end, align = start + field[3], max(align, field[2])
    return name, "{" + ", ".join(map(ir_type, fields)) + "}", align, -(-end // align) * align, leaves


def array_of(element, count):
    leaves = [(i * element[3] + at, size) for i in range(count) for at, size in element[4]]
    return f"array<{element[0]}, {count}>", f"[{count} x {ir_type(element)}]", element[2], count * element[3], leaves


def random_records(rng):
    """Records with arrays in them of what there is; and {name: its fields} for the interface."""
    made, texts = [], {}
    # Frames aligned to 32 bytes LLVM gives a frame pointer, rbp, which it then forgets that the callee does not keep.
    narrow = [kind for kind in OTHERS if kind[2] <= 16]
    for i in range(12):
        fields = [rng.choice(INTS + FLOATS * 2 + narrow + made) for _ in range(rng.choice([1, 2, 2, 3, 4]))]
        if rng.random() < 0.3:
            fields.append(array_of(fields[0], rng.randint(1, 3)))
        record = record_of(f"s{i}", fields)
        if record[3] <= VALUE_BYTES // 2:
            made.append(record)
            texts[record[0]] = {"struct": {f"m{j}": field[0] for j, field in enumerate(fields)}}
    return made, texts


def random_functions(rng, count, records):
    functions = {}
    for i in range(count):
        ints, floats, others = rng.choice([(10, 6, 0), (14, 10, 0), (5, 3, 4), (12, 8, 8)])
        params = [rng.choice(INTS) for _ in range(rng.randint(0, ints))] + [rng.choice(FLOATS) for _ in range(rng.randint(0, floats))]
        params += [rng.choice(OTHERS + records) for _ in range(rng.randint(0, others))]
        rng.shuffle(params)
        functions[f"f{i}"] = (params, rng.choice([None, *INTS, *FLOATS, *OTHERS, *records]))
    return functions


def write_ir(functions):
    lines = ['target triple = "x86_64-unknown-linux-gnu"']
    for name, (params, result) in functions.items():
        kind = ir_type(result) if result else "void"
        lines.append(f"declare ghccc {kind} @{name}({', '.join(param[1] for param in params)})")
        lines.append(f"define void @try_{name}(ptr %sent, ptr %got) {{")
        for i, param in enumerate(params):
            lines.append(f"  %a{i} = getelementptr i8, ptr %sent, i64 {VALUE_BYTES * i}")
            lines.append(f"  %v{i} = load {ir_type(param)}, ptr %a{i}, align 1")
        given = ", ".join(f"{param[1]} %v{i}" for i, param in enumerate(params))
        lines.append(f"  {'%r = ' if result else ''}call ghccc {kind} @{name}({given})")
        if result:
            lines.append(f"  store {kind} %r, ptr %got, align 1")
        lines.append("  ret void\n}")
    with open("callers.ll", "w", encoding="utf-8") as file:
        file.write("\n".join(lines) + "\n")


def pieces_of(name, kind, answer):
    """The places of a value's bytes that mean something: all of them have one."""
    if answer["pass"] == "hidden":
        return [{"offset_bytes": at, "size_bytes": size} for at, size in kind[4]]
    pieces = []
    for piece in answer.get("pieces", []):
        begin, end = piece["offset_bytes"], piece["offset_bytes"] + piece["size_bytes"]
        for at, size in kind[4]:
            first, last = max(begin, at), min(end, at + size)
            if first < last:
                where = AT[piece["register"]] if "register" in piece else STACK + piece["stack_offset_bytes"]
                pieces.append({"offset_bytes": first, "size_bytes": last - first, "at": where + first - begin,
                               "register": piece.get("register", ""), "as": piece.get("as")})
    if sum(piece["size_bytes"] for piece in pieces) != sum(size for _, size in kind[4]):
        raise SystemExit(f"{name}: {kind[0]} has bytes without a place: {answer}")
    return pieces


def check_argument(name, i, kind, answer):
    for piece in pieces_of(name, kind, answer):
        if piece["at"] + piece["size_bytes"] > STACK + STACK_BYTES:
            raise SystemExit("more stack than the stub looks at")
        yield f'same("{name} p{i}", sent[{i}] + {piece["offset_bytes"]}, stub_picture + {piece["at"]}, {piece["size_bytes"]});'


def fill_result(name, kind, answer):
    """What goes to the registers."""
    if answer["pass"] == "hidden":
        if answer["pointer"].get("register") != "r13" or answer["pointer"].get("returned", answer.get("returned")) != "rax":
            raise SystemExit(f"{name}: the stub writes results to r13: {answer}")
        yield f"stub_hidden = {kind[3]}; memcpy(want, stub_back, {kind[3]});"
        return
    for piece in pieces_of(name, kind, answer):
        offset, size, at = piece["offset_bytes"], piece["size_bytes"], piece["at"]
        if piece["register"].startswith("st"):
            yield "stub_x87++;"
        yield (f"wide(want + {offset}, (long double *)(stub_back + {at}), {size});" if piece["as"] else
               f"memcpy(want + {offset}, stub_back + {at}, {size});")


def write_main(functions, calls):
    lines = [MAIN] + [f"void try_{name}(void *, void *);" for name in functions] + ["int main(void) {"]
    for name, (params, result) in functions.items():
        call = calls[name]
        lines.append("stub_hidden = stub_x87 = 0; fill(sent, sizeof sent); fill(stub_back, sizeof stub_back);")
        lines += fill_result(name, result, call["result"]) if result else []
        lines.append(f"try_{name}(sent, got);")
        for i, param in enumerate(params):
            lines += check_argument(name, i, param, call["params"][i])
        for piece in pieces_of(name, result, call["result"]) if result else []:
            at = piece["offset_bytes"]
            lines.append(f'same("{name} result", got + {at}, want + {at}, {piece["size_bytes"]});')
    lines.append('return failures != 0; }\n')
    with open("main.c", "w", encoding="utf-8") as file:
        file.write("\n".join(lines))


def write_stubs(functions):
    stores = [f"        movq    %{name}, stub_picture+{AT[name]}(%rip)" for name in INTEGERS]
    stores += [f"        movups  %{name}, stub_picture+{AT[name]}(%rip)" for name in VECTORS]
    with open("stubs.s", "w", encoding="utf-8") as file:
        file.write(STUB.replace("{stores}", "\n".join(stores)))
        file.writelines(f"        .globl {name}\n        .set {name}, stub_common\n" for name in functions)


def main():
    rng = random.Random(f"ghc {sys.argv[2]}")
    records, texts = random_records(rng)
    functions = random_functions(rng, int(sys.argv[1]), records)
    places.write_interface("ghc.abi.yaml", texts, {
        name: ([param[0] for param in params], result and result[0]) for name, (params, result) in functions.items()})
    calls = places.answers("ghc.abi.yaml", "ghc", "x86_64-linux-gnu")
    write_ir(functions)
    write_main(functions, calls)
    write_stubs(functions)
    llc = os.path.join(os.environ["ABIDE_LLVM_BIN"], "llc")
    places.run([llc, "-O1", "-filetype=obj", "callers.ll", "-o", "callers.o"])
    places.run(["gcc", "-no-pie", "main.c", "stubs.s", "callers.o", "-o", "program"])
    places.run(["./program"])
    print(f"ghc: {len(functions)} functions, {sum(len(params) for params, _ in functions.values())} parameters, 0 wrong")


main()
