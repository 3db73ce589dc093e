#!/usr/bin/env python3
"""ghc.py COUNT SEED: where LLVM passes values in GHC's convention (`cc 10`), against what the module `ghc` says.

Functions in LLVM's language call stubs with random signatures, which store all registers of arguments and go back with a
value in the registers of results. GHC's own code is made by this convention of LLVM, or by a code generator that agrees with it.
"""
import os
import random
import sys

import places

INTEGERS = places.expand("rax rbx rcx rdx rsi rdi rbp r8..r15")
VECTORS = places.expand("xmm0..xmm15")
AT = {name: 8 * i for i, name in enumerate(INTEGERS)} | {name: 256 + 16 * i for i, name in enumerate(VECTORS)}
# Our word, LLVM's with attributes, bytes, whether a register of floats.
KINDS = [("i8", "i8 signext", 1, False), ("u16", "i16 zeroext", 2, False), ("i32", "i32", 4, False), ("i64", "i64", 8, False),
         ("ptr<void>", "ptr", 8, False), ("f32", "float", 4, True), ("f64", "double", 8, True),
         ("vector<i32, 4>", "<4 x i32>", 16, True)]

STUB = """
        .globl  stub_common
stub_common:
{stores}
        movq    stub_back(%rip), %rax
        movups  stub_back+256(%rip), %xmm0
        ret
        .comm   stub_picture, 512, 16
        .comm   stub_back, 512, 16
        .section .note.GNU-stack, "", @progbits
"""

MAIN = """
#include <stdio.h>
#include <string.h>
unsigned char stub_picture[512], stub_back[512];
static unsigned char sent[16][16], got[16];
static int failures;
static void fill(void *p, unsigned n) { static unsigned long s = 1; for (unsigned i = 0; i < n; i++) {
    s = s * 6364136223846793005u + 1442695040888963407u; ((unsigned char *)p)[i] = (unsigned char)(s >> 33); } }
static void same(const char *what, const void *a, const void *b, unsigned n) {
    if (memcmp(a, b, n)) { printf("%s\\n", what); failures++; } }
"""


def ir_type(kind):
    return kind[1].removesuffix(" signext").removesuffix(" zeroext")


def random_functions(rng, count):
    functions = {}
    for i in range(count):
        ints, floats = rng.randint(0, 10), rng.randint(0, 6)
        params = [rng.choice([kind for kind in KINDS if not kind[3]]) for _ in range(ints)]
        params += [rng.choice([kind for kind in KINDS if kind[3]]) for _ in range(floats)]
        rng.shuffle(params)
        functions[f"f{i}"] = (params, rng.choice([None, *KINDS]))
    return functions


def write_ir(functions):
    lines = []
    for name, (params, result) in functions.items():
        kind = ir_type(result) if result else "void"
        lines.append(f"declare ghccc {kind} @{name}({', '.join(param[1] for param in params)})")
        lines.append(f"define void @try_{name}(ptr %sent, ptr %got) {{")
        for i, param in enumerate(params):
            lines.append(f"  %a{i} = getelementptr i8, ptr %sent, i64 {16 * i}")
            lines.append(f"  %v{i} = load {ir_type(param)}, ptr %a{i}, align 1")
        given = ", ".join(f"{param[1]} %v{i}" for i, param in enumerate(params))
        lines.append(f"  {'%r = ' if result else ''}call ghccc {kind} @{name}({given})")
        if result:
            lines.append(f"  store {kind} %r, ptr %got, align 1")
        lines.append("  ret void\n}")
    with open("callers.ll", "w", encoding="utf-8") as file:
        file.write("\n".join(lines) + "\n")


def write_main(functions, calls):
    lines = [MAIN] + [f"void try_{name}(void *, void *);" for name in functions] + ["int main(void) {"]
    for name, (params, result) in functions.items():
        lines.append(f"fill(sent, sizeof sent); fill(stub_back, sizeof stub_back); try_{name}(sent, got);")
        values = [(f"sent[{i}]", "stub_picture", param, answer) for i, (param, answer) in enumerate(zip(params, calls[name]["params"]))]
        if result:
            values.append(("got", "stub_back", result, calls[name]["result"]))
        for memory, picture, kind, answer in values:
            lines.append(f'same("{name} {memory}", {memory}, {picture} + {AT[answer["pieces"][0]["register"]]}, {kind[2]});')
    lines.append("return failures != 0; }\n")
    with open("main.c", "w", encoding="utf-8") as file:
        file.write("\n".join(lines))


def write_stubs(functions):
    stores = [f"        movq    %{name}, stub_picture+{AT[name]}(%rip)" for name in INTEGERS]
    stores += [f"        movups  %{name}, stub_picture+{AT[name]}(%rip)" for name in VECTORS]
    with open("stubs.s", "w", encoding="utf-8") as file:
        file.write(STUB.replace("{stores}", "\n".join(stores)))
        file.writelines(f"        .globl {name}\n        .set {name}, stub_common\n" for name in functions)


def main():
    functions = random_functions(random.Random(f"ghc {sys.argv[2]}"), int(sys.argv[1]))
    places.write_interface("ghc.abi.yaml", {}, {
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
