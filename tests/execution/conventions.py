#!/usr/bin/env python3
"""conventions.py [FILE...]: what codegen/targets/*.yaml says about LLVM's conventions, asked of LLVM itself.

The order of argument and result registers is read from the machine code's form right after instruction
selection; a register is preserved if a function that overwrites it saves it first; a jump is one if no
call is left.
"""
import os
import re
import subprocess
import sys

import yaml

LLC = os.path.join(os.environ["ABIDE_LLVM_BIN"], "llc")
TARGETS = os.path.join(os.environ["ABIDE_SOURCE_DIR"], "codegen/targets")
KINDS = ("integer", "vector", "extended")
failures = []


def expand(words):
    """`x0..x3` and `d0..d30/2` as the modules write ranges."""
    names = []
    for word in (words or "").split():
        first, dots, last = word.partition("..")
        if not dots:
            names.append(word)
            continue
        last, _, step = last.partition("/")
        stem = first.rstrip("0123456789")
        names += [f"{stem}{i}" for i in range(int(first[len(stem):]), int(last[len(stem):]) + 1,
                                              int(step or 1))]
    return names


def numbered(stem, first, ours):
    """LLVM's names of consecutive numbers, and ours."""
    return {f"{stem}{first + i}": name for i, name in enumerate(expand(ours))}


RISCV = {**numbered("x", 10, "a0..a7"), **numbered("x", 18, "s2..s11"), "x7": "t2", "x8": "s0", "x9": "s1",
         **numbered("f", 10, "fa0..fa7"), **numbered("f", 18, "fs2..fs11"), "f8": "fs0", "f9": "fs1"}
LOONGARCH = {**numbered("r", 4, "a0..a7"), **numbered("r", 23, "s0..s8"), "r22": "fp",
             **numbered("f", 0, "fa0..fa7"), **numbered("f", 24, "fs0..fs7")}


class Arch:
    """How LLVM calls the registers of an architecture, and what the probes have to know besides."""

    def __init__(self, systems, names=None, candidates="", clobber=str, untouchable="",
                 frame_bytes=0, ignored=""):
        self.systems = systems
        self.names = names or (lambda name: name)
        self.candidates = expand(candidates)  # registers that a call could preserve
        self.clobber = clobber  # our name to that of an asm clobber
        self.untouchable = set(expand(untouchable))  # preserved in ways that no probe sees
        self.frame_bytes = frame_bytes  # what LLVM does not count in stack offsets
        self.ignored = set(ignored.split())  # live-in for other reasons than arguments


def lookup(table):
    def ours(name):
        stem = re.sub("_(d|f|64|32)$", "", name)
        return table.get(stem, stem)
    return ours


def inverse(table, prefix=""):
    back = {ours: prefix + llvm for llvm, ours in table.items()}
    return lambda name: back.get(name, name)


def arm64(name):
    return {"fp": "x29", "lr": "x30"}.get(name, re.sub("^q", "v", name))


MIPS64_NAMES = {**numbered("t", 0, "a4..a7"), **numbered("t", 4, "t0..t3"), **numbered("d", 0, "f0..f31")}
MIPS_NAMES = {f"d{i}": f"f{2 * i}" for i in range(16)}
MIPS_NUMBERS = {f"${16 + i}": f"s{i}" for i in range(8)}
MIPS_NUMBERS["$30"] = "fp"
MIPS_NUMBERS.update({f"$f{i}": f"f{i}" for i in range(32)})
MIPS = {"clobber": inverse(MIPS_NUMBERS), "untouchable": "gp sp", "ignored": "t9 v0 gp"}
MIPS64 = Arch(["linux-gnuabi64"], lookup(MIPS64_NAMES), "s0..s7 fp f0..f31", **MIPS)
MIPS32 = Arch(["linux-gnu"], lookup(MIPS_NAMES), "s0..s7 fp f0..f30/2", **MIPS)
POWER = Arch(["linux-gnu"], lambda name: re.sub("^x", "r", name), "r14..r31 f14..f31 v20..v31",
             untouchable="r1 r2 r13", ignored="r2 lr8 rm")
ARM = {"names": lambda name: name, "candidates": "r4..r11 d8..d15", "untouchable": "sp r11"}
AARCH64 = {"names": arm64, "candidates": "x0..x17 x19..x28 d0..d31", "untouchable": "sp x29"}
ARCHES = {
    "x86_64": Arch(["linux-gnu", "windows-gnu", "apple-macosx"], {"fp0": "st0", "fp1": "st1"}.get,
                   "rax rbx rcx rdx rsi rdi rbp r8..r15 xmm0..xmm15", untouchable="rsp"),
    "i386": Arch(["linux-gnu"], {"fp0": "st0", "fp1": "st1"}.get, "eax ebx ecx edx esi edi ebp",
                 untouchable="esp"),
    "aarch64": Arch(["linux-gnu", "apple-macosx"], **AARCH64),
    "aarch64_be": Arch(["linux-gnu"], **AARCH64),
    "arm": Arch(["linux-gnueabihf"], **ARM),
    "riscv64": Arch(["linux-gnu"], lookup(RISCV), "s0..s11 fs0..fs11", inverse(RISCV), "sp"),
    "riscv32": Arch(["linux-gnu"], lookup(RISCV), "s0..s11 fs0..fs11", inverse(RISCV), "sp"),
    "loongarch64": Arch(["linux-gnu"], lookup(LOONGARCH), "s0..s8 fs0..fs7", inverse(LOONGARCH, "$"),
                        "sp fp"),
    "powerpc64le": POWER,
    "powerpc64": POWER,
    "s390x": Arch(["linux-gnu"], lambda name: re.sub("d$", "", name), "r6..r13 f8..f15",
                  untouchable="r15", frame_bytes=160),
    "mips64el": MIPS64,
    "mips64": MIPS64,
    "mipsel": MIPS32,
    "mips": MIPS32,
    "sparc64": Arch(["linux-gnu"],
                    lambda name: re.sub("^d(\\d+)", lambda m: f"d{2 * int(m[1])}",
                                        re.sub("^i", "o", name)),
                    untouchable="l0..l7 i0..i7 o6 g2 g3 g6 g7"),
}


class Probe:
    """One convention on one system."""

    def __init__(self, file, data, convention, system):
        self.arch = ARCHES[data["arch"][0]]
        self.data, self.convention = data, convention
        # as the emitter normalizes it
        self.triple = f"{data['arch'][0]}-{system}".replace("-windows-", "-pc-windows-")
        self.where = f"{file}: {convention['name']} on {self.triple}"
        self.options = [f"-mcpu={data['cpu']}", f"-mattr={data['features']}"]
        if "abi" in data:
            self.options.append(f"-target-abi={data['abi']}")
        self.word = f"i{8 * data['registers']['integer']}"
        self.number = convention["id"]

    def llc(self, text, *options):
        done = subprocess.run([LLC, "-O1", "-relocation-model=pic", "-o", "-", *self.options, *options],
                              input=f'target triple = "{self.triple}"\n{text}', capture_output=True,
                              text=True, check=False)
        return done.stdout if done.returncode == 0 else "LLVM gives up: " + done.stderr[:200]

    @staticmethod
    def version():
        text = subprocess.run([LLC, "--version"], capture_output=True, text=True, check=True).stdout
        return int(re.search(r"LLVM version (\d+)", text)[1])

    def check(self, what, expected, found):
        if expected != found:
            failures.append(f"{self.where}: {what}: the data says {' '.join(expected)}, "
                            f"LLVM {' '.join(found)}")

    def registers(self, side, kind):
        return expand(self.convention[side].get(kind))

    def reach(self, side):
        return self.convention[side].get("reach", "sequence")

    def type_of(self, kind, side):
        if kind == "integer":
            return self.word
        size = self.data["registers"][kind]
        if kind == "vector":
            size = self.convention[side].get("widest", size)
        return {4: "float", 8: "double", 10: "x86_fp80"}.get(size, f"<{size // 4} x float>")

    def ours(self, name):
        return self.arch.names(name) or name

    def live_in(self, types):
        """Where parameters of the types are: registers, then offsets on the stack."""
        parameters = ", ".join(f"{type} %a{i}" for i, type in enumerate(types))
        stores = "\n".join(f"store volatile {type.split()[0] if '<' not in type else type} %a{i}, ptr @g"
                           for i, type in enumerate(types))
        machine = self.llc(f"@g = external global [64 x i8], align 16\n"
                           f"define cc {self.number} void @f({parameters}) nounwind {{\n{stores}\n"
                           "ret void\n}\n", "-stop-after=finalize-isel")
        found = re.search(r"liveins:\n((?:  - .*\n)*)", machine)
        names = [self.ours(name) for name in re.findall(r"reg: '\$(\w+)'", found[1])] if found else []
        if not found and "gives up" in machine:
            names = [machine]
        offsets = [int(offset) + self.arch.frame_bytes
                   for offset in re.findall(r"type: default, offset: (\d+), size:", machine)]
        return [name for name in names if name not in self.arch.ignored], sorted(offsets)

    def check_arguments(self):
        marked = " inreg" if self.reach("arguments") == "attribute" else ""
        for kind in KINDS:
            registers = self.registers("arguments", kind)
            if registers:
                attribute = marked if kind == "integer" else ""
                self.check(f"{kind} arguments", registers,
                           self.live_in([self.type_of(kind, "arguments") + attribute] * len(registers))[0])
            if kind == "vector" and registers and not self.convention["arguments"].get("whole"):
                count = len(registers)
                found = self.live_in(["float"] * count)[0]
                if len(found) != count:
                    self.check("floats", registers, found)
        self.check_mixed()

    def check_mixed(self):
        """Integers and floats in turn: whether one kind uses up registers of the other."""
        lists = [self.registers("arguments", kind) for kind in ("integer", "vector")]
        if not all(lists) or self.reach("arguments") == "attribute":
            return
        count = min(len(registers) for registers in lists)
        by_position = self.reach("arguments") == "position"
        turns = range(count if by_position else 2 * count)
        expected = [lists[i % 2][i if by_position else i // 2] for i in turns]
        types = [(self.word, self.type_of("vector", "arguments"))[i % 2] for i in turns]
        self.check("arguments in turn", expected, self.live_in(types)[0])

    def returned(self, types):
        values = "{" + ", ".join(types) + "}"
        machine = self.llc(f"@g = external global {values}\n"
                           f"define cc {self.number} {values} @f() nounwind {{\n"
                           f"%v = load volatile {values}, ptr @g\nret {values} %v\n}}\n",
                           "-stop-after=finalize-isel")
        body = machine.partition("body:")[2]
        line = [line for line in body.splitlines() if re.search(r"^\s+\w*(RET|Ret|BLR|MOVPCLR)", line)]
        names = [self.ours(name) for name in re.findall(r"\$(\w+)", line[-1])] if line else [machine]
        return machine, [name for name in names if name not in {"noreg", "lr8", "rm"}]

    def check_results(self):
        for kind in KINDS:
            registers = self.registers("results", kind)
            if not registers:
                continue
            machine, found = self.returned([self.type_of(kind, "results")] * len(registers))
            if self.type_of(kind, "results") == "x86_fp80":  # a register stack: the order is that of loading
                found = registers if machine.count("LD_Fp80m") == len(registers) else ["other"]
            self.check(f"{kind} results", registers, found)

    def check_indirect(self):
        arguments = self.convention["arguments"]
        text = (f"define cc {self.number} void @f(ptr sret(i8) %p) nounwind {{\n"
                "store volatile i8 0, ptr %p\nret void\n}\n")
        if "indirect" in arguments:
            liveins = re.search(r"liveins:\n((?:  - .*\n)*)", self.llc(text, "-stop-after=finalize-isel"))
            self.check("indirect", [arguments["indirect"]],
                       [self.ours(name) for name in re.findall(r"reg: '\$(\w+)'", liveins[1])])
        if "indirect_pops" in arguments:
            self.check("removed with `sret`", [str(arguments["indirect_pops"])],
                       re.findall(r"\sret\w*\s+\$(\d+)", self.llc(text)) or ["0"])

    def check_chain(self):
        """The register of a parameter with `nest`, and that it takes no other's."""
        chain = self.data.get("chain", {})
        is_listed = any(self.triple.endswith(end) for end in chain.get("systems", [""]))
        if not self.convention.get("chain") or not is_listed or self.version() >= chain.get("before", 1000):
            return
        mark = "inreg " if self.reach("arguments") == "attribute" else ""
        text = (f"define cc {self.number} void @f(ptr nest %p, {self.word} {mark}%a) nounwind {{\n"
                f"store volatile i8 0, ptr %p\nstore volatile {self.word} %a, ptr %p\nret void\n}}\n")
        liveins = re.search(r"liveins:\n((?:  - .*\n)*)", self.llc(text, "-stop-after=finalize-isel"))
        self.check("chain", sorted([self.data["chain"]["register"], self.registers("arguments", "integer")[0]]),
                   sorted(self.ours(name) for name in re.findall(r"reg: '\$(\w+)'", liveins[1])))

    def check_preserved(self):
        text = ""
        for register in self.arch.candidates:
            text += (f'define cc {self.number} void @"f.{register}"() nounwind {{\n'
                     f'call void asm sideeffect "", "~{{{self.arch.clobber(register)}}}"()\n'
                     'ret void\n}\n')
        functions = re.split(r"^name:\s+f\.(\w+)$", self.llc(text, "-stop-after=prologepilog"), flags=re.M)
        found = [name for name, body in zip(functions[1::2], functions[2::2])
                 if name in {self.ours(saved) for saved in
                             re.findall(r"callee-saved-register: '\$(\w+)'", body)}]
        preserved = set(expand(self.convention["preserved"])) - self.arch.untouchable
        if "vector" not in self.data["registers"] and "extended" not in self.data["registers"]:
            preserved -= set(expand("d8..d15"))  # which code without floating point leaves alone
        self.check("preserved", sorted(preserved), sorted(set(found) - self.arch.untouchable))

    def check_scratch(self):
        busy = expand(self.convention["preserved"]) + self.registers("arguments", "integer")
        for register in expand(self.convention["scratch"]):
            if register in busy and self.reach("arguments") == "sequence" and "library" not in self.data:
                failures.append(f"{self.where}: {register} is no scratch register")

    def exhausted(self):
        """Parameters that leave no integer register."""
        registers = self.registers("arguments", "integer")
        return [] if self.reach("arguments") == "attribute" else [self.word] * len(registers)

    def check_stack(self):
        """The first two arguments that find no register left, and memory that is copied there."""
        stack = self.convention["stack"]
        start, slot = stack["start"], stack["slot"]
        offsets = self.live_in(self.exhausted() + [self.word] * 2)[1]
        self.check("stack", [str(start), str(start + slot)], [str(offset) for offset in offsets])
        if stack.get("copies"):
            offsets = self.live_in(self.exhausted() + [f"ptr byval([{2 * slot} x i8]) align {slot}"])[1]
            self.check("copies", [str(start)], [str(offset) for offset in offsets])
            registers, offsets = self.live_in([f"ptr byval([{2 * slot} x i8]) align {slot}"])[:2]
            self.check("splits", [str(bool(stack.get("splits")))], [str(not offsets or bool(registers))])
        if stack.get("cleanup") == "callee":
            text = (f"define cc {self.number} void @f({self.word} %a, {self.word} %b) nounwind {{\n"
                    "ret void\n}\n")
            self.check("removed", [str(2 * slot)],
                       re.findall(r"\sret\w*\s+\$(\d+)", self.llc(text)) or ["0"])

    def jumps(self, types):
        parameters = ", ".join(f"{type} %a{i}" for i, type in enumerate(types))
        arguments = ", ".join(f"{type} %a{len(types) - 1 - i}" for i, type in enumerate(types))
        machine = self.llc(f"declare cc {self.number} void @g({', '.join(types)})\n"
                           f"define cc {self.number} void @f({parameters}) nounwind {{\n"
                           f"musttail call cc {self.number} void @g({arguments})\nret void\n}}\n",
                           "-stop-after=finalize-isel")
        return "hasCalls:        false" in machine

    def check_jumps(self):
        jumps = self.convention.get("jumps")
        if not jumps:
            return
        barred = expand(jumps.get("except"))
        registers = [name for name in self.registers("arguments", "integer") if name not in barred]
        if jumps.get("by_address"):  # needs a scratch register that no argument is in
            registers = registers[:len(expand(self.convention["scratch"])) - 1]
        attribute = " inreg" if self.reach("arguments") == "attribute" else ""
        types = [self.word + attribute] * len(registers) + \
            ([self.word] * jumps["words"] if not barred else [])
        if not self.jumps(types):
            failures.append(f"{self.where}: LLVM cannot jump to a function of {', '.join(types)}")
        if barred and self.jumps([self.word] * (len(registers) + 1)):
            failures.append(f"{self.where}: LLVM can jump with {barred[0]}")

    def run(self):
        self.check_arguments()
        self.check_results()
        self.check_indirect()
        self.check_chain()
        self.check_preserved()
        self.check_scratch()
        self.check_stack()
        self.check_jumps()


def systems_of(data, convention, arch):
    ends = convention.get("systems") or data.get("systems")
    systems = [end if end.startswith("linux") or "-" in end else f"linux-{end}" for end in ends] \
        if ends else ARCHES[arch].systems
    return [system for system in systems if "musl" not in system]


def main():
    checked = 0
    for name in sys.argv[1:] or sorted(os.listdir(TARGETS)):
        with open(os.path.join(TARGETS, name), encoding="utf-8") as file:
            data = yaml.safe_load(file)
        for arch in data["arch"]:
            if arch == "arm64":
                continue
            for convention in data["conventions"]:
                for system in systems_of(data, convention, arch):
                    Probe(name, {**data, "arch": [arch]}, convention, system).run()
                    checked += 1
    print("\n".join(failures) or f"{checked} conventions are as LLVM has them")
    sys.exit(1 if failures or not checked else 0)


main()
