#!/usr/bin/env python3
"""exact.py [--seed SEED] [--files N] [TARGET...]: layouts of random records of C, asked of abide and of compilers.

--splits   the compilers of a target are compared with each other, and abide is not asked
--spoil    every answer of abide is made wrong in one number: each must be noticed
--show N   mismatches that are shown for each compiler, the smallest first
"""
import argparse
import json
import os
import subprocess
import sys

import probe
import records as model

TARGETS = {  # what abide calls it: the compilers there may be
    "x86_64-linux-gnu": [["gcc"], ["clang-19"]],
    "i386-linux-gnu": [["gcc-12", "-m32", "-msse2"], ["clang-19", "-m32", "-msse2"]],
    "aarch64-linux-gnu": [["aarch64-linux-gnu-gcc"], ["clang-19", "--target=aarch64-linux-gnu"]],
    "aarch64_be-linux-gnu": [["clang-19", "--target=aarch64_be-linux-gnu"]],
    "aarch64-apple-darwin": [["clang-19", "--target=arm64-apple-macos"]],
    "arm-linux-gnueabihf": [["arm-linux-gnueabihf-gcc"], ["clang-19", "--target=arm-linux-gnueabihf"]],
    "arm-linux-gnueabi": [["arm-linux-gnueabi-gcc"], ["clang-19", "--target=arm-linux-gnueabi"]],
    "riscv64-linux-gnu": [["riscv64-linux-gnu-gcc"], ["clang-19", "--target=riscv64-linux-gnu"]],
    "riscv32-linux-gnu": [["clang-19", "--target=riscv32-linux-gnu"]],
    "loongarch64-linux-gnu": [["clang-19", "--target=loongarch64-linux-gnu"]],
    "powerpc64le-linux-gnu": [["powerpc64le-linux-gnu-gcc"], ["clang-19", "--target=powerpc64le-linux-gnu"]],
    "powerpc64-linux-gnu": [["powerpc64-linux-gnu-gcc"], ["clang-19", "--target=powerpc64-linux-gnu"]],
    "s390x-linux-gnu": [["s390x-linux-gnu-gcc"], ["clang-19", "--target=s390x-linux-gnu"]],
    "sparc64-linux-gnu": [["sparc64-linux-gnu-gcc"], ["clang-19", "--target=sparc64-linux-gnu"]],
    "mips64el-linux-gnuabi64": [["mips64el-linux-gnuabi64-gcc"], ["clang-19", "--target=mips64el-linux-gnuabi64"]],
    "mips64-linux-gnuabi64": [["mips64-linux-gnuabi64-gcc"], ["clang-19", "--target=mips64-linux-gnuabi64"]],
    "mipsel-linux-gnu": [["mipsel-linux-gnu-gcc"], ["clang-19", "--target=mipsel-linux-gnu"]],
    "mips-linux-gnu": [["mips-linux-gnu-gcc"], ["clang-19", "--target=mips-linux-gnu"]],
    "wasm32-unknown-unknown": [["clang-19", "--target=wasm32-unknown-unknown"]],
    "x86_64-windows-msvc": [["clang-19", "--target=x86_64-pc-windows-msvc"]],
    "x86_64-windows-gnu": [["x86_64-w64-mingw32-gcc"], ["clang-19", "--target=x86_64-w64-windows-gnu"]],
    "i386-windows-msvc": [["clang-19", "--target=i686-pc-windows-msvc"]],
    "i386-windows-gnu": [["clang-19", "--target=i686-w64-windows-gnu"]],
}
RECORDS_PER_FILE = 120
ABIS = json.loads(os.environ.get("ABIDE_TEST_ABIS", "{}"))  # target: reference; else `c`


FEATURE_TYPES = {"int128": "i128", "complex": "complex<f64>", "float16": "f16", "vector": "vector<f32, 4>"}


def answers(kind, target):
    """Whether abide has a layout of this type: what an ABI does not state is no part of it."""
    with open("feature.abi.yaml", "w", encoding="utf-8") as file:
        file.write(f'abide: 1\ntypes: {{a: {{struct: {{a: "{kind}"}}}}}}\n')
    command = [os.environ["ABIDE"], "layout", "feature.abi.yaml", "--abi", ABIS.get(target, "c"), "--target", target]
    return subprocess.run(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL).returncode == 0


def abi_of(target, compiler):
    """Modules whose compilers differ follow gcc unless asked otherwise."""
    return ABIS.get(target, "c") + (":compiler=clang" if "clang" in compiler[0] else "")


def ask_abide(records, target, abi, path):
    with open(path, "w", encoding="utf-8") as file:
        file.write(model.interface(records))
    command = [os.environ["ABIDE"], "layout", path, "--abi", abi, "--target", target, "--format", "json"]
    done = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    if done.returncode:
        raise probe.Refused(f"{' '.join(command)}\n{done.stderr[:4000]}")
    said = {entry["name"]: entry for entry in json.loads(done.stdout)["types"]}
    return [answer_of(record, said[record.name]) for record in records]


def answer_of(record, entry):
    answer = {("size", ""): entry["size_bytes"], ("align", ""): entry["align_bytes"]}
    collect(record, entry["fields"], "", 0, answer)
    return answer


def collect(record, fields, prefix, base_bits, answer):
    for field, said in zip(record.fields, fields, strict=True):
        offset_bits = base_bits + said["offset_bits"]
        if field.name and field.bits is not None:
            answer["bits", prefix + field.name] = (offset_bits, said["size_bits"])
        elif field.name:
            assert offset_bits % 8 == 0
            answer["offset", prefix + field.name] = offset_bits // 8
        if isinstance(field.kind, model.Record):
            collect(field.kind, said["fields"], prefix + (f"{field.name}." if field.name else ""), offset_bits, answer)


def weight(record):
    return sum(len(used.c()) for used in record.used())


class Run:
    def __init__(self, arguments):
        self.arguments = arguments
        self.records = self.facts = 0
        self.wrong = {}  # what was compared: [(record, one answer, the other)]

    def compare(self, what, records, answers, others):
        found = self.wrong.setdefault(what, [])
        for record, answer, other in zip(records, answers, others):
            self.facts += len(answer)
            # If a record inside of it is wrong, that has been found already.
            if answer != other and not any(wrong in record.used() for wrong, _, _ in found):
                found.append((record, answer, other))

    def check(self, target, records, compilers):
        text = model.c_source(records)
        answers = [probe.ask(compiler, records, text, f"{target}.c") for compiler in compilers]
        self.records += len(records)
        if self.arguments.splits:
            for compiler, other in zip(compilers[1:], answers[1:]):
                self.compare(f"{target}: {compilers[0][0]} and {compiler[0]}", records, answers[0], other)
            return
        for compiler, answer in zip(compilers, answers):
            said = ask_abide(records, target, abi_of(target, compiler), f"{target}.abi.yaml")
            if self.arguments.spoil:
                self.spoil(target, records, answer, said)
            else:
                self.compare(f"{target}: {compiler[0]} and abide", records, answer, said)

    def spoil(self, target, records, answers, said):
        for i, (record, answer) in enumerate(zip(records, said)):
            self.facts += 1
            wrong = dict(answer)
            fact = list(wrong)[i % len(wrong)]
            wrong[fact] = wrong[fact] + 1 if fact[0] != "bits" else (wrong[fact][0] + 1, wrong[fact][1])
            if wrong == answers[i]:
                self.wrong.setdefault(f"{target}: not noticed", []).append((record, answers[i], answer))

    def target(self, target):
        compilers = [command for command in TARGETS[target] if probe.is_installed(command)]
        features = probe.features(compilers)
        if not self.arguments.splits:
            if not answers("c_int", target):
                print(f"{target}: abide has no module")
                return
            unknown = {name for name in features & FEATURE_TYPES.keys() if not answers(FEATURE_TYPES[name], target)}
            if unknown:
                print(f"{target}: not in this ABI: {' '.join(sorted(unknown))}")
            features -= unknown
        for i in range(self.arguments.files):
            made = model.Random(f"{self.arguments.seed} {i} {target}", features, RECORDS_PER_FILE).records
            self.check(target, made, compilers)


def show(wrong, limit):
    for what, entries in wrong.items():
        if entries:
            print(f"--- {what}: {len(entries)} differ")
        for record, answer, other in sorted(entries, key=lambda entry: weight(entry[0]))[:limit]:
            print(model.c_source(record.used()).rstrip())
            print("  " + record.interface())
            for fact in answer:
                if answer[fact] != other.get(fact):
                    print(f"   {fact[0]} {fact[1]}: {answer[fact]}, other {other.get(fact)}")


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--seed", default="1")
    parser.add_argument("--files", type=int, default=1)
    parser.add_argument("--show", type=int, default=3)
    parser.add_argument("--splits", action="store_true")
    parser.add_argument("--spoil", action="store_true")
    parser.add_argument("targets", nargs="*")
    arguments = parser.parse_args()
    print(f"seed {arguments.seed}", flush=True)
    run = Run(arguments)
    for target in arguments.targets or TARGETS:
        run.target(target)
    show(run.wrong, arguments.show)
    wrong = sum(map(len, run.wrong.values()))
    print(f"{run.records} records, {run.facts} facts, {wrong} {'splits' if arguments.splits else 'wrong'}")
    sys.exit(1 if not run.facts or wrong and not arguments.splits else 0)


main()
