#!/usr/bin/env python3
"""preserved.py [MODULE...]: what each module says a callee preserves, asked of every compiler that `abide verify` knows.

A function that spoils a register (an `asm` that names it as overwritten) is compiled beside one that spoils none. The compiler
adds instructions that keep the register exactly if callers count on it. Nothing is run.
"""
import os
import re
import shlex
import subprocess
import sys

import yaml

# What compilers call registers otherwise than the psABI.
MIPS = {name: f"${number}" for number, name in enumerate(
    "zero at v0 v1 a0 a1 a2 a3 a4 a5 a6 a7 t4 t5 t6 t7 s0 s1 s2 s3 s4 s5 s6 s7 t8 t9 k0 k1 gp sp fp ra".split())}
NAMES = {
    "powerpc gcc": lambda name: name.replace("f", "fr"),
    "mips": lambda name: MIPS.get(name, "$" + name),
    "loongarch64": lambda name: "$" + name,
    "sparc64": lambda name: name.replace("d", "f"),
}
FLAGS = {"powerpc gcc": ["-maltivec"]}
# Not asked: a function cannot spoil them and return, they belong to the compiler or the system, or calls keep them otherwise;
# and what is kept by half (v8..v15), or under another name (s16..s31 are d8..d15, al is rax).
RESERVED = {
    "x86_64": "rsp al", "i386": "esp", "aarch64": "sp x18 x29 x30 v8..v15", "arm": "sp lr pc s16..s31",
    "riscv": "sp zero gp tp ra", "loongarch64": "sp zero tp ra r21", "mips": "sp gp zero at k0 k1 ra",
    "powerpc": "r1 r2 r13 sp lr", "s390x": "r15 r14 a0",
    # Register windows: a callee has locals and ins of its own.
    "sparc64": "o0..o7 g0 g1 g5 g6 g7 sp fp l0..l7 i0..i7",
}


def expand(text):
    """The registers of `x0..x3 sp`, `f20..f30/2`."""
    names = []
    for word in text.split() if isinstance(text, str) else text:
        match = re.fullmatch(r"([a-z]+)(\d+)([a-z]*)\.\.[a-z]+(\d+)[a-z]*(?:/(\d+))?", word)
        names += [f"{match[1]}{i}{match[3]}" for i in range(int(match[2]), int(match[4]) + 1, int(match[5] or 1))] if match else [word]
    return names


def look_up(table, arch, compiler, otherwise):
    """What a table says of an architecture, or of one with one compiler."""
    return next((value for key, value in table.items()
                 if arch.startswith(key.split()[0]) and key.split()[1:] in ([], [compiler])), otherwise)


def functions(text):
    """The instructions of each function of an assembly text, without what differs by name only."""
    found, current = {}, None
    for line in text.splitlines():
        label = re.match(r'\S*(spoils_\w+?)(@@\d+)?"?:', line)
        if label:
            current = found.setdefault(label[1], [])
        elif re.match(r"\s+\.size|\.Lfunc_end|\s+\.end\b", line):
            current = None
        elif current is not None and re.match(r"\s+[a-z]", line):
            current.append(re.sub(r"\s+", " ", line.split("#APP")[0]).strip())
    return found


def spoiler(attribute, register, name):
    clobbers = f'"memory", "{name}"' if name else '"memory"'
    return (f"{attribute}void spoils_{register}(void);\n"
            f'{attribute}void spoils_{register}(void) {{ __asm__ volatile("" ::: {clobbers}); }}\n')


def kept(command, attribute, names):
    """Of registers and the compiler's names for them, whether it keeps each; those that it does not know are left out."""
    source = spoiler(attribute, "none", None) + "".join(spoiler(attribute, *pair) for pair in names.items())
    done = subprocess.run([*command, "-O2", "-fomit-frame-pointer", "-fno-asynchronous-unwind-tables", "-fno-pic", "-ferror-limit=0"
                           if "clang" in command[0] else "-fmax-errors=0", "-ffreestanding", "-S", "-x", "c", "-", "-o", "-"],
                          input=source, capture_output=True, text=True, check=False)
    if done.returncode == 0:
        found = functions(done.stdout)
        return {register: found["spoils_" + register] != found["spoils_none"] for register in names}
    unknown = set(re.findall(r"unknown register name ['‘]([^'’]+)['’]", done.stderr))
    known = {register: name for register, name in names.items() if name not in unknown}
    if len(known) == len(names):
        sys.exit(f"{shlex.join(command)}: {done.stderr[:500]}")
    return kept(command, attribute, known)


def check(module, target, compiler, command):
    """(registers asked, what is wrong)"""
    shown = subprocess.run([os.environ["ABIDE"], "abi", "show", module, "--target", target], capture_output=True, text=True, check=True)
    facts = yaml.safe_load(shown.stdout)
    said = facts.get("in_c") or {}
    attribute = f"__attribute__(({said['attribute']})) " if said.get("attribute") else ""
    arch = target.split("-")[0]
    command = [*command, *said.get("flags", "").split(), *look_up(FLAGS, arch, compiler, [])]
    preserved = expand(facts.get("preserved") or [])
    reserved = expand(look_up(RESERVED, arch, compiler, ""))
    registers = [name for bank in facts["registers"].values() for name in expand(bank) if name not in reserved]
    spelled = look_up(NAMES, arch, compiler, lambda name: name)
    answers = kept(command, attribute, {name: spelled(name) for name in registers})
    return len(answers), [f"{name} {'is' if is_kept else 'is not'} preserved" for name, is_kept in answers.items()
                          if is_kept != (name in preserved)]


def main():
    listed = subprocess.run([os.environ["ABIDE"], "verify", "--all", "--list"], capture_output=True, text=True, check=True).stdout
    failed = total = 0
    for line in listed.splitlines():
        match = re.fullmatch(r"(\S+) (\S+) (\w+): (.*?)(, run by .*)?", line)
        if not match or match[1] == "not" or (sys.argv[1:] and match[1] not in sys.argv[1:]):
            continue
        command = [word for word in shlex.split(match[4]) if not word.startswith("-fuse-ld")]
        asked, wrong = check(match[1], match[2], match[3], command)
        total += asked
        failed += bool(wrong) or not asked
        print(f"{match[1]} {match[2]} {match[3]}: {asked} registers, {', '.join(wrong) or 'as the module says'}", flush=True)
    print(f"{total} registers, {failed} disagree")
    return failed != 0 or total == 0


sys.exit(main())
