#!/usr/bin/env python3
"""conventions.py: what codegen/targets/*.yaml says about LLVM's conventions, asked of LLVM itself.

The order of argument and result registers is read from the machine code's form right after instruction
selection; a register is preserved if a function that overwrites it saves it first.
"""
import os
import re
import subprocess
import sys

import yaml

LLC = os.path.join(os.environ["ABIDE_LLVM_BIN"], "llc")
TARGETS = os.path.join(os.environ["ABIDE_SOURCE_DIR"], "codegen/targets")
TYPES = {"integer": "i64", "vector": "<4 x float>", "extended": "x86_fp80"}
SYSTEMS = {"x86_64": ["linux-gnu", "windows-gnu", "apple-macosx"],
           "aarch64": ["linux-gnu", "apple-macosx"]}
failures = []


def llc(text, *options):
    return subprocess.run([LLC, "-O1", "-o", "-", *options], input=text, check=True,
                          capture_output=True, text=True).stdout


def expand(words):
    """`x0..x3` as the modules write ranges."""
    names = []
    for word in words.split():
        first, dots, last = word.partition("..")
        if not dots:
            names.append(word)
            continue
        stem = first.rstrip("0123456789")
        names += [f"{stem}{i}" for i in range(int(first[len(stem):]), int(last[len(stem):]) + 1)]
    return names


def ours(arch, name):
    """LLVM's name for a register as a whole, in the words of our data."""
    name = name.lower()
    if arch == "aarch64":
        name = {"fp": "x29", "lr": "x30"}.get(re.sub("^q", "v", name), re.sub("^q", "v", name))
    return {"fp0": "st0", "fp1": "st1"}.get(name, name) if arch == "x86_64" else name


def check(what, expected, found):
    if expected != found:
        failures.append(f"{what}: the data says {' '.join(expected)}, LLVM {' '.join(found)}")


def check_arguments(where, arch, triple, number, kind, registers):
    parameters = ", ".join(f"{TYPES[kind]} %a{i}" for i in range(len(registers)))
    stores = "\n".join(f"store volatile {TYPES[kind]} %a{i}, ptr @g" for i in range(len(registers)))
    text = (f'target triple = "{triple}"\n@g = external global [16 x i8]\n'
            f"define cc {number} void @f({parameters}) nounwind {{\n{stores}\nret void\n}}\n")
    liveins = re.search(r"liveins:\n((?:  - .*\n)*)", llc(text, "-stop-after=finalize-isel"))
    found = [ours(arch, name) for name in re.findall(r"reg: '\$(\w+)'", liveins.group(1))]
    check(f"{where}: {kind} arguments", registers, found)


def check_results(where, arch, triple, number, kind, registers):
    values = ", ".join([TYPES[kind]] * len(registers))
    text = (f'target triple = "{triple}"\n@g = external global {{{values}}}\n'
            f"define cc {number} {{{values}}} @f() nounwind {{\n"
            f"%v = load volatile {{{values}}}, ptr @g\nret {{{values}}} %v\n}}\n")
    machine = llc(text, "-stop-after=finalize-isel")
    if kind == "extended":  # a register stack: the order is that of loading
        found = registers if machine.count("LD_Fp80m") == len(registers) else ["something else"]
    else:
        returned = [line for line in machine.splitlines() if re.match(r"\s+RET", line)][-1]
        found = [ours(arch, name) for name in re.findall(r"\$(\w+)", returned)]
    check(f"{where}: {kind} results", registers, found)


def check_indirect(where, arch, triple, number, register):
    text = (f'target triple = "{triple}"\n'
            f"define cc {number} void @f(ptr sret(i8) %p) nounwind {{\n"
            "store volatile i8 0, ptr %p\nret void\n}\n")
    liveins = re.search(r"liveins:\n((?:  - .*\n)*)", llc(text, "-stop-after=finalize-isel"))
    check(f"{where}: indirect", [register],
          [ours(arch, name) for name in re.findall(r"reg: '\$(\w+)'", liveins.group(1))])


# Nothing could run with another stack pointer; of AArch64's frame pointer LLVM says that assembly code
# must not touch it.
UNTOUCHABLE = {"rsp", "sp", "x29"}
REGISTERS = {"x86_64": expand("rax rbx rcx rdx rsi rdi rbp r8..r15 xmm0..xmm15"),
             "aarch64": expand("x0..x17 x19..x28 d0..d31")}


def saved(triple, number, registers):
    """Which of the registers a function saves that overwrites them, one function each."""
    text = f'target triple = "{triple}"\n'
    for register in registers:
        text += (f'define cc {number} void @"f.{register}"() nounwind {{\n'
                 f'call void asm sideeffect "", "~{{{register}}}"()\nret void\n}}\n')
    bodies = re.split(r'^_?"?f\.(\w+)"?:', llc(text), flags=re.M)
    return [name for name, body in zip(bodies[1::2], bodies[2::2])
            if re.search(rf"(push|stp|str|mov)\w*\s.*\b{name}\b", body.split("cfi_endproc")[0])]


def check_preserved(where, arch, triple, number, preserved):
    found = saved(triple, number, REGISTERS[arch])
    check(f"{where}: preserved", sorted(set(preserved) - UNTOUCHABLE), sorted(found))


def check_stack(where, triple, number, convention):
    """The first two arguments that find no register left."""
    count = len(convention["arguments"]["integer"]) + 2
    parameters = ", ".join(f"i64 %a{i}" for i in range(count))
    text = (f'target triple = "{triple}"\n@g = external global i64\n'
            f"define cc {number} void @f({parameters}) nounwind {{\n"
            f"store volatile i64 %a{count - 2}, ptr @g\nstore volatile i64 %a{count - 1}, ptr @g\n"
            "ret void\n}\n")
    machine = llc(text, "-stop-after=finalize-isel")
    offsets = sorted(int(offset) for offset in re.findall(r"offset: (\d+), size: 8", machine))
    start, slot = convention["stack"]["start"], convention["stack"]["slot"]
    check(f"{where}: stack", [str(start), str(start + slot)], [str(o) for o in offsets])


def main():
    checked = 0
    for name in sorted(os.listdir(TARGETS)):
        with open(os.path.join(TARGETS, name), encoding="utf-8") as file:
            data = yaml.safe_load(file)
        arch = data["arch"][0]
        for convention in data["conventions"]:
            for side in ("arguments", "results"):
                for kind in TYPES:
                    if kind in convention[side]:
                        convention[side][kind] = expand(convention[side][kind])
            preserved = expand(convention["preserved"])
            for system in SYSTEMS[arch]:
                triple, number = f"{arch}-{system}", convention["id"]
                where = f"{name}: {convention['name']} on {triple}"
                for kind in TYPES:
                    if kind in convention["arguments"]:
                        check_arguments(where, arch, triple, number, kind,
                                        convention["arguments"][kind])
                    if kind in convention["results"]:
                        check_results(where, arch, triple, number, kind,
                                      convention["results"][kind])
                if "indirect" in convention["arguments"]:
                    check_indirect(where, arch, triple, number, convention["arguments"]["indirect"])
                check_preserved(where, arch, triple, number, preserved)
                busy = preserved + convention["arguments"]["integer"]
                for register in expand(convention["scratch"]):
                    if register in busy or register not in REGISTERS[arch]:
                        failures.append(f"{where}: {register} is no scratch register")
                check_stack(where, triple, number, convention)
                checked += 1
    print("\n".join(failures) or f"{checked} conventions are as LLVM has them")
    sys.exit(1 if failures or not checked else 0)


main()
