#!/usr/bin/env python3
"""ocaml.py: where ocamlopt passes values, against what the module `ocaml` says.

A program in OCaml calls functions of one to sixteen parameters whose machine code is replaced by a stub that stores all registers and
the stack. A function in C looks for the values where `abide call` says that they are. Floats that are not boxed are never
parameters of OCaml's own functions, so that integers are all there is to see, and records of one field that are not boxed.
"""
import re

import places

MOST = 16
REGISTERS = places.expand("rax rbx rdi rsi rdx rcx r8..r13")
STACK = 256

STUB = """
        .globl  stub_common
stub_common:
{stores}
        leaq    8(%rsp), %rsi
        leaq    stub_picture+256(%rip), %rdi
        movl    $16, %ecx
        cld
        rep movsq
        pushq   %rbp
        movq    %rsp, %rbp
        andq    $-16, %rsp
        call    stub_check
        leave
        ret
        .comm   stub_picture, 512, 16
        .section .note.GNU-stack, "", @progbits
"""


def value(function, parameter):
    return 1000 * function + parameter


def is_record(parameter):
    return parameter % 3 == 2


def write_ocaml():
    with open("stubs.ml", "w", encoding="utf-8") as file:
        file.write("type record = {v : int} [@@unboxed]\n")
        for count in range(1, MOST + 1):
            listed = " ".join(f"(p{i} : {'record' if is_record(i) else 'int'})" for i in range(count))
            file.write(f"let[@inline never] f{count} {listed} : int = Sys.opaque_identity (Obj.magic p{count - 1})\n")
    with open("main.ml", "w", encoding="utf-8") as file:
        for count in range(1, MOST + 1):
            given = " ".join(f"{{Stubs.v = {value(count, i)}}}" if is_record(i) else str(value(count, i)) for i in range(count))
            file.write(f"let () = if Stubs.f{count} {given} <> {count} then failwith \"result of f{count}\"\n")


def write_check(calls):
    """Integers are tagged: twice the number, and one."""
    lines = ["#include <stdint.h>", "#include <stdio.h>", "#include <stdlib.h>", "extern int64_t stub_picture[64];",
             "static int at(long f, long p, int place) { if (stub_picture[place / 8] == 2 * (1000 * f + p) + 1) return 0;",
             '    printf("f%ld p%ld is not at %d\\n", f, p, place); return 1; }',
             "int64_t stub_check(void) { int wrong = 0; long f = stub_picture[31]; switch (f) {"]
    for count in range(1, MOST + 1):
        checks = []
        for i, param in enumerate(calls[f"f{count}"]["params"]):
            piece = param["pieces"][0]
            place = 8 * REGISTERS.index(piece["register"]) if "register" in piece else STACK + piece["stack_offset_bytes"]
            checks.append(f"wrong += at({count}, {i}, {place});")
        lines.append(f"case {count}: {' '.join(checks)} break;")
    lines.append("default: wrong = 1; } if (wrong) exit(1); return 2 * f + 1; }\n")
    with open("check.c", "w", encoding="utf-8") as file:
        file.write("\n".join(lines))


def replace_bodies():
    """The code of a function goes up to its `.size`."""
    with open("stubs.s", encoding="utf-8") as file:
        text = file.read()
    for count in range(1, MOST + 1):
        text, found = re.subn(rf"(camlStubs__f{count}_\d+:\n)(.*?)(\t\.size\t?\s*camlStubs__f{count}_)",
                              rf"\1        movq ${count}, stub_picture+248(%rip)\n        jmp stub_common@PLT\n\3", text, flags=re.DOTALL)
        if found != 1:
            raise SystemExit(f"the code of f{count} was not found")
    # Labels of what was taken out.
    text = re.sub(r"\t\.cfi_(startproc|endproc|adjust_cfa_offset|def_cfa_offset).*\n", "", text)
    with open("stubs.s", "w", encoding="utf-8") as file:
        file.write(text)


def main():
    functions = {f"f{count}": (["record" if is_record(i) else "i64" for i in range(count)], "i64") for count in range(1, MOST + 1)}
    places.write_interface("ocaml.abi.yaml", {"record": {"struct": {"v": "i64"}}}, functions)
    calls = places.answers("ocaml.abi.yaml", "ocaml", "x86_64-linux-gnu")
    if any(call["result"]["pieces"][0]["register"] != "rax" for call in calls.values()):
        raise SystemExit("the result is not in rax")
    write_ocaml()
    write_check(calls)
    with open("common.s", "w", encoding="utf-8") as file:
        file.write(STUB.replace("{stores}", "\n".join(
            f"        movq    %{name}, stub_picture+{8 * i}(%rip)" for i, name in enumerate(REGISTERS))))
    places.run(["ocamlopt", "-S", "-c", "stubs.ml"])
    replace_bodies()
    places.run(["gcc", "-c", "stubs.s", "-o", "stubs.o"])
    places.run(["ocamlopt", "-o", "program", "stubs.cmx", "check.c", "main.ml", "-ccopt", "common.s"])
    places.run(["./program"])
    print(f"ocaml: {MOST} functions, {sum(range(MOST + 1))} parameters, 0 wrong")


main()
