#!/usr/bin/env python3
"""
The conversion matrix, by execution: from a seed comes an interface; for each pair of ABIs one program, whose sides are written from
the specification of each, and call each other through thunks of abide.

    matrix.py --seed N [--count 24] [--pairs sys-c,orc-sys,...] [--cc gcc,clang-19] [--opt O0,O2] [--emit obj,c]
              [--rounds 8] [--arch x86_64|aarch64] [--table] [--checks checked]
"""
import argparse
import collections
import json
import os
import re
import shutil
import subprocess
import sys

HERE = os.path.dirname(os.path.abspath(__file__))
ABIDE = os.environ.setdefault("ABIDE", "abide")
SOURCE = os.environ.setdefault("ABIDE_SOURCE_DIR", os.path.dirname(os.path.dirname(HERE)))
SHARED = os.path.join(SOURCE, "tests/nim-roundtrip")

from c_side import CSide  # noqa: E402
from model import Closures, Interface, interface_text, label, types_of, walk  # noqa: E402
import nim_side  # noqa: E402
from nim_side import NimSide  # noqa: E402
from refusals import known  # noqa: E402

SIDES = {  # reference, forms
    "sys": ("system", ""), "c": ("c", ""), "nul": ("c", "forms: {string: nul}\n"),
    "status": ("c", "forms: {result: status}\n"), "notify": ("c", "forms: {closure: notify}\n"),
    "wide": ("c", "forms: {string: utf16, string0: utf16-nul}\n"),
    "wide0": ("c", "forms: {string: utf16-nul, string0: utf16}\n"),
    "refc": ("nim-cgen:gc=refc", ""), "orc": ("nim-cgen:gc=orc", "")}
NIM = ("refc", "orc")
C_FORMS = ("c", "nul", "status", "notify", "wide", "wide0")
PAIRS = ([("sys", c) for c in C_FORMS] + [(c, "sys") for c in C_FORMS]
         + [(a, n) for n in NIM for a in ("sys",) + C_FORMS] + [(n, a) for n in NIM for a in ("sys",) + C_FORMS])
ARCHES = {"x86_64": ("x86_64-linux-gnu", []),
          "aarch64": ("aarch64-linux-gnu", ["qemu-aarch64", "-L", "/usr/aarch64-linux-gnu"])}
REFUSED = re.compile(r"function '([^']+)' cannot be adapted from \S+ to \S+: (.*?)(?= \[[a-z-]+\]$)")


def arguments():
    parser = argparse.ArgumentParser()
    parser.add_argument("--seed", type=int, required=True)
    parser.add_argument("--count", type=int, default=24)
    parser.add_argument("--rounds", default="8")
    parser.add_argument("--arch", default="x86_64", choices=ARCHES)
    parser.add_argument("--pairs", default=",".join(f"{a}-{b}" for a, b in PAIRS))
    parser.add_argument("--table", action="store_true")
    parser.add_argument("--utf16", action="store_true", help="types of text in UTF-16, too")
    parser.add_argument("--closures", action="store_true", help="closures instead of types of every kind")
    parser.add_argument("--checks", default="trust", choices=("trust", "checked"))
    for name, default in (("cc", "gcc"), ("opt", "O2"), ("emit", "obj")):
        parser.add_argument(f"--{name}", default=default, type=lambda text: text.split(","))
    options = parser.parse_args()
    options.pairs = [tuple(pair.split("-")) for pair in options.pairs.split(",")]
    return options


def run(command, **more):
    return subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, errors="replace",
                          check=False, **more)


def must(command):
    done = run(command)
    if done.returncode:
        sys.exit(f"failed ({done.returncode}): {' '.join(command)}\n{done.stdout[:8000]}")
    return done.stdout


class Pair:
    """One program: the caller's side, the callee's side, and thunks between them."""

    def __init__(self, options, interface, caller, callee, references=None, words=()):
        """references: other modules than those of SIDES; words: more options of abide."""
        self.options, self.interface = options, interface
        self.caller, self.callee = caller, callee
        self.name = f"{caller}-{callee}"
        self.nim = next((s for s in (caller, callee) if s in NIM), None)
        self.forms = "".join(SIDES[s][1] for s in (caller, callee))
        self.functions = [f for f in interface.functions if self.can_say(f)]
        self.references, self.words = references or {}, list(words)
        self.refused = {}
        self.late = self.nim == "refc" and options.closures
        self.shared, self.must = SHARED, must

    def can_say(self, function):
        sides = [self.side(which) for which in (self.caller, self.callee)]
        return all(side.can_say(function.sig) for side in sides)

    @staticmethod
    def side(which):
        if which in NIM:
            return NimSide(which)
        return CSide(system=which == "sys", nul=which in ("nul", "wide0"), status=which == "status",
                     notify=which == "notify", wide=which in ("wide", "wide0"))

    # ---- thunks -------------------------------------------------------------------------------------

    def write_interface(self):
        hooks = ""
        if self.nim:
            hooks = nim_side.hooks(self.functions, self.nim)
        with open(f"{self.name}.abi.yaml", "w", encoding="utf-8") as file:
            file.write(interface_text(self.interface, self.functions, self.forms, hooks, bool(self.nim)))

    def thunk(self, emit, output):
        caller, callee = (self.references.get(side, SIDES[side][0]) for side in (self.caller, self.callee))
        return run([ABIDE, "thunk", *self.words, f"{self.name}.abi.yaml", "--target", ARCHES[self.options.arch][0],
                    "--caller", caller, "--callee", callee, "--prefix", "t_", "--emit", emit, "-o", output])

    def make_thunks(self):
        """Leaves out what abide refuses, and remembers why."""
        while True:
            self.write_interface()
            done = self.thunk("c", f"{self.name}.thunks.c")
            if done.returncode == 0:
                break
            found = [m for m in (REFUSED.search(line) for line in done.stdout.splitlines()) if m]
            if not found or done.returncode < 0:
                sys.exit(f"{self.name}: abide failed ({done.returncode}):\n{done.stdout[:4000]}")
            for m in found:
                self.refused[m.group(1)] = m.group(2)
            self.functions = [f for f in self.functions if f.name not in self.refused]

    # ---- programs -----------------------------------------------------------------------------------

    def compiler(self, cc):
        if self.options.arch == "x86_64":
            return [cc]
        return ["aarch64-linux-gnu-gcc"] if cc == "gcc" else [cc, "--target=aarch64-linux-gnu"]

    def sanitize(self):
        if self.options.arch != "x86_64":
            return []
        return ["-fsanitize=address"]

    def compile(self, file, cc, opt, more=()):
        output = f"{os.path.basename(file)[:-2]}.{self.name}.{cc}.{opt}.o"
        must([*self.compiler(cc), f"-{opt}", "-g", "-std=c11", "-Wall", "-Wno-unused-function", "-Wno-unused-variable",
              f"-I{SHARED}", f"-I{HERE}", *more, "-c", file, "-o", output])
        return output

    def write_sides(self):
        for role, which in (("caller", self.caller), ("callee", self.callee)):
            name = f"{self.name}.{role}"
            text = getattr(self.side(which), f"{role}_file")(self.functions)
            with open(f"{name}.{'nim' if which in NIM else 'c'}", "w", encoding="utf-8") as file:
                file.write(text)

    def objects(self, cc, opt):
        """Both sides and what they share."""
        flags = [*self.sanitize(), f"-DCV_NUL={0 if 'string: nul' in self.forms or 'string: utf16-nul' in self.forms else 1}"]
        if self.nim:
            flags.append("-DCV_NIM")
        if self.late:
            flags.append("-DCV_LATE")
        out = [self.compile(os.path.join(HERE, "conv.c"), "gcc", opt, flags),
               self.compile(os.path.join(SHARED, "rt.c"), "gcc", opt, flags)]
        for role, which in (("caller", self.caller), ("callee", self.callee)):
            if which in NIM:
                out += nim_side.build(self, role, which)
            else:
                out.append(self.compile(f"{self.name}.{role}.c", cc, opt, flags))
        return out

    def thunk_object(self, emit):
        if emit == "obj":
            output = f"{self.name}.thunks.o"
            done = self.thunk("obj", output)
            if done.returncode:
                sys.exit(f"{self.name}: {done.stdout[:2000]}")
            return output
        return self.compile(f"{self.name}.thunks.c", "gcc", "O2", self.sanitize())

    def execute(self, objects, thunks, what):
        program = f"./{self.name}.run"
        must([*self.compiler("gcc"), *self.sanitize(), *objects, thunks, "-o", program, "-lm", "-ldl", "-pthread"])
        leaks = ":detect_leaks=0" if self.late else ""
        environment = dict(os.environ, ASAN_OPTIONS="detect_stack_use_after_return=0" + leaks)
        done = run([*ARCHES[self.options.arch][1], program, self.options.rounds], timeout=300, env=environment)
        last = done.stdout.splitlines()[-1:] or ["nothing printed"]
        print(f"{self.name} [{what}]: {last[0] if not done.returncode else done.stdout[:6000]}", flush=True)
        if done.returncode:
            print(f"{self.name} [{what}]: status {done.returncode}", flush=True)
        found = re.search(r"(\d+) calls, (\d+) values", done.stdout)
        return done.returncode == 0, int(found.group(2)) if found else 0

    def test(self):
        """(fine, values) of every combination."""
        self.make_thunks()
        self.write_sides()
        for cc in self.options.cc:
            for opt in self.options.opt:
                objects = self.objects(cc, opt)
                for emit in self.options.emit:
                    yield self.execute(objects, self.thunk_object(emit), f"{cc} -{opt}, {emit}")


def cells(pair, by_number):
    """Line and column of each function, and why it was refused, or None."""
    for f in pair.interface.functions:
        if pair.can_say(f):
            yield label(f.about), f.kind, pair.refused.get(f.name)


def table(pairs):
    """Cell by cell: how often executed, how often refused and why."""
    for pair in pairs:
        found = collections.defaultdict(collections.Counter)
        for line, column, reason in cells(pair, None):
            found[line, column][known(pair, reason) if reason else ""] += 1
        print(f"\n{pair.name}")
        for (line, column), counts in sorted(found.items()):
            refused = "; ".join(f"refused {n}: {why}" for why, n in sorted(counts.items()) if why)
            print(f"  {line:22} {column:6} executed {counts['']:3}{'  ' + refused if refused else ''}")


def main():
    options = arguments()
    interface = (Closures if options.closures else Interface)(options.seed, options.count, options.utf16)
    print(f"seed {options.seed}: {len(interface.tested)} types, {len(interface.functions)} functions", flush=True)
    pairs, outcomes, unknown = [], [], []
    for caller, callee in options.pairs:
        pair = Pair(options, interface, caller, callee, words=["--checks", options.checks])
        pairs.append(pair)
        outcomes += list(pair.test())
        unknown += [f"{pair.name} {name}: {why}" for name, why in pair.refused.items() if not known(pair, why)]
        reasons = collections.Counter(known(pair, why) or why for why in pair.refused.values())
        print(f"{pair.name}: {len(pair.functions)} functions called, {len(pair.refused)} refused "
              f"{dict(reasons) if reasons else ''}", flush=True)
    if options.table:
        table(pairs)
    for line in unknown:
        print(f"refused for a reason that README.md does not explain: {line}")
    failed = [o for o in outcomes if not o[0]]
    print(f"{len(outcomes)} programs, {len(failed)} failed, {sum(o[1] for o in outcomes)} values exchanged, "
          f"{len(unknown)} refusals unexplained")
    sys.exit(1 if failed or unknown or not outcomes else 0)


if __name__ == "__main__":
    main()
