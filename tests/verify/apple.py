#!/usr/bin/env python3
"""apple.py [COUNT [SEED]]: what the proof of apple-arm64 rests on.

Programs for Apple's systems cannot be run here. `abide verify` has clang make the same code in ELF, for arm64-apple-macosx-elf,
which an emulator runs. This compiles the functions of such a run for the triples of Apple's systems as well, and compares
them, instruction by instruction: nothing may differ but how addresses of symbols are written, and where a function keeps
what it spills. (Of some thousands one may differ and be right: a stack argument is read where it lies, or copied first.)
"""
import os
import re
import subprocess
import sys
import tempfile

FEATURES = "packed,align,bitfield,unnamed,vector,wide,complex"
REFERENCE = "arm64-apple-macosx-elf"
TRIPLES = ["arm64-apple-macosx14", "arm64-apple-ios17", "arm64-apple-tvos17", "arm64-apple-xros1"]
# adrp and what adds the rest of the address, in both formats; a global offset table may stand between.
SYMBOL = re.compile(r"(:got_lo12:|:lo12:|:got:)?\b[lL_.]?[A-Za-z_][\w.]*(@GOTPAGEOFF|@PAGEOFF|@GOTPAGE|@PAGE)?")
REGISTER = re.compile(r"^(?:[wxvbhsdq]\d+(?:\.\w+)?|sp|xzr|wzr|lsl|lsr|asr|uxt[bhw]|sxt[bhw]|eq|ne|lt|le|gt|ge|lo|hi|ls|hs|mi|pl)$")


def plain(line):
    """An instruction without the names of symbols."""
    line = re.split(r"//|;", line)[0].strip()
    opcode, _, operands = line.partition("\t")
    return opcode + " " + SYMBOL.sub(lambda found: found.group() if REGISTER.match(found.group()) else "SYMBOL", operands)


FRAME = re.compile(r"sub sp, sp, #(\d+)|.*\[sp, #-(\d+)\]!")
LOCAL = re.compile(r"\[sp(?:, #(\d+))?\]|(?<= )sp, #(\d+)(?=$|\n)|(?<=, )sp$")


def without_frame(lines):
    """
    The places of a function's own frame by the order in which they come, what is above it by the distance from its end: where a
    spilled register lies, and how large the frame is, are no matters of the ABI.
    """
    size = sum(int(found[1] or found[2]) for found in map(FRAME.match, lines) if found)
    numbers = {}

    def number(found):
        offset = int(found[1] or found[2] or 0)
        return f"ARGUMENT{offset - size}" if offset >= size else f"LOCAL{numbers.setdefault(offset, len(numbers))}"

    plain_lines = []
    for line in lines:
        if re.match("(sub|add) sp, sp, #", line):
            line = "frame"
        elif not FRAME.match(line):
            line = LOCAL.sub(number, line)
        plain_lines.append(re.sub(r"^(?:mov|add) (x\d+, LOCAL\d+)$", r"address \1", line))  # mov at the frame's start
    return plain_lines


def functions_of(source, triple, folder):
    text = subprocess.run(["clang-19", f"--target={triple}", "-O1", "-w", "-ffreestanding", "-fno-pic", "-fno-stack-protector", "-S", "-I", folder, "-o", "-", source],
                          capture_output=True, text=True, check=True).stdout
    found, lines = {}, None
    for line in text.splitlines():
        label = re.match(r"_?([A-KM-Za-z]\w*):", line)  # those with L are local
        if label:
            lines = found.setdefault(label.group(1), [])
        elif lines is not None and re.match(r"\t[a-z]", line):
            lines.append(plain(line))
    return {name: without_frame(lines) for name, lines in found.items() if re.fullmatch(r"[fc]\d+", name)}


def taken_apart(source):
    """
    The batch with callees that copy their parameters, and a function for each caller: where compilers put what has an address, and
    which of many calls they join, is no matter of the ABI.
    """
    def copies(found):
        return "unsigned char *o = capture_out; " + " ".join(f"PUT({name});" for name in re.findall(r"&(\w+)", found[1]))

    def callers(found):
        cases = re.findall(r"    case (\d+): (.*) break;\n", found[2])
        return "".join(f"void c{found[1]}{int(case):02}(void) {{ {call} }}\n" for case, call in cases) + f"static void c{found[1]}(void) {{}}\n"

    with open(source, encoding="utf-8") as file:
        text = file.read()
    text = re.sub(r"capture_take\((&.*)\);", copies, text)
    text = re.sub(r"ALONE static void c(\d+)\(void\)\n\{\n    switch \(capture_which\) \{\n((?:    case .*\n)*)    \}\n\}\n", callers, text)
    apart = source.replace("-batch.c", "-apart.c")
    with open(apart, "w", encoding="utf-8") as file:
        file.write(text)
    return apart


def main():
    count = sys.argv[1] if len(sys.argv) > 1 else "200"
    seed = sys.argv[2] if len(sys.argv) > 2 else "1"
    with tempfile.TemporaryDirectory() as folder:
        subprocess.run([os.environ["ABIDE"], "verify", "apple-arm64", "--count", count, "--seed", seed, "--jobs", "1", "--stages",
                        "arguments,results", "--with", FEATURES, "--keep", folder], check=True)
        sources = sorted(name for name in os.listdir(folder) if name.endswith("-batch.c"))
        problems, compared = 0, 0
        for name in sources:
            source = taken_apart(os.path.join(folder, name))
            known = functions_of(source, REFERENCE, folder)
            for triple in TRIPLES:
                other = functions_of(source, triple, folder)
                compared += len(known)
                for function, lines in known.items():
                    if other.get(function) != lines:
                        problems += 1
                        if problems <= 3:
                            print(f"{triple}: {function}:", "\n".join(lines), "is not", "\n".join(other.get(function, [])), sep="\n")
    print(f"apple-arm64: {compared} functions compared, {problems} differ")
    sys.exit(1 if problems or not compared else 0)


if __name__ == "__main__":
    main()
