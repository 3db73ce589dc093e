#!/usr/bin/env python3
"""texts.py: `abide fingerprint --emit texts` against abi-specs/fingerprints.md, which is carried out here a second time.

Every text has the SHA-256 that stands above it, every digest in a text is that of a text, the labels of circles are those of the
rule, and the fingerprints of the table are the first 64 bits of the last digests. Files: the goldens, and random types.
"""
import hashlib
import json
import os
import random
import re
import subprocess
import sys

ABIDE = os.environ["ABIDE"]
SOURCE = os.environ["ABIDE_SOURCE_DIR"]
FAILURES = []
CASES = [
    ("tests/golden/system/kinds.abi.yaml", "system", ["x86_64-linux-gnu", "i386-linux-gnu", "arm-linux-gnueabihf", "s390x-linux-gnu"]),
    ("tests/golden/system/kinds.abi.yaml", "nim-cgen", ["x86_64-linux-gnu"]),
    ("tests/golden/c-sysv/shapes.abi.yaml", "c", ["x86_64-linux-gnu", "powerpc64-linux-gnu",
                                                  "x86_64-windows-msvc"]),
    ("tests/scenarios/chat/chat.abi.yaml", "system", ["x86_64-linux-gnu", "riscv32-linux-gnu"]),
]


def expect(what, condition, seen=""):
    if not condition:
        FAILURES.append(what)
        print(f"FAIL {what}\n{seen}")


def ask(*words):
    done = subprocess.run([ABIDE, "fingerprint", *words], check=False, capture_output=True, text=True)
    if done.returncode:
        sys.exit(f"{words}: {done.stderr}")
    return done.stdout


def sha(text):
    return hashlib.sha256(text.encode()).hexdigest()


def read_texts(printed):
    """[(digest, text)] of one function."""
    found = []
    for line in printed.split("\n")[1:-1]:
        if line.startswith("  "):
            found[-1][1].append(line[2:])
        else:
            found.append((line, []))
    return [(digest, "".join(line + "\n" for line in lines)) for digest, lines in found]


REFERENCE = re.compile(r"@([0-9a-f]{64})")


def labels_of(members):
    """The labels of a circle's members, each of them once: {label as printed: label by the rule}."""
    names = list(members)
    label = {name: sha(REFERENCE.sub("@", members[name])) for name in names}
    references = {name: REFERENCE.findall(members[name]) for name in names}
    changed = set(names)
    while changed:
        candidates = {}
        for name in names:
            lines = [f"{number} {label[to]}" for number, to in enumerate(references[name]) if to in changed]
            if lines:
                candidates[name] = sha("round\n" + label[name] + "".join("\n" + line for line in lines) + "\n")
        changed, new = set(), dict(label)
        for old in set(label.values()):
            parts = {}
            for name in names:
                if label[name] == old:
                    parts.setdefault(candidates.get(name, ""), []).append(name)
            staying = min(parts, key=lambda part: (-len(parts[part]), part))
            for part, inside in parts.items():
                for name in inside if part != staying else []:
                    new[name] = part
                    changed.add(name)
        label = new
    return label


def check_circle(where, text, by_digest):
    members = {line.split()[0]: by_digest[line.split()[1]] for line in text.split("\n")[2:-1]}
    expect(f"{where}: labels are in order", list(members) == sorted(members))
    computed = labels_of(members)
    expect(f"{where}: labels of {len(members)} members", all(computed[name] == name for name in members), text)


def check_function(where, printed, fingerprint):
    """Gives the number of circles."""
    texts = read_texts(printed)
    by_digest, circles = dict(texts), 0
    for digest, text in texts:
        expect(f"{where}: the digest of a text", sha(text) == digest, text)
        for named in re.findall(r"#([0-9a-f]{64})", text):
            expect(f"{where}: {named} is a text's digest", named in by_digest, text)
        if text.split("\n")[1] == "circle":
            check_circle(where, text, by_digest)
            circles += 1
    functions = {text.split("\n")[0]: digest for digest, text in texts if text.split("\n")[1].startswith("function")}
    for title, key in (("abide-layout 1", "layout_sha256"), ("abide-contract 1", "contract_sha256")):
        expect(f"{where}: {key}", functions[title] == fingerprint[key])
    return circles


def digits(digest):
    value = int(digest[:16], 16)
    return "".join("abcdefghijklmnopqrstuvwxyz234567"[value >> 5 * (12 - i) & 31] for i in range(13))


def check_file(path, abi, target):
    """Gives the numbers of functions and circles."""
    question = ["--abi", abi, "--target", target]
    functions = json.loads(ask(path, *question, "--json"))["functions"]
    circles = 0
    for function in functions:
        where = f"{os.path.basename(path)} {function['name']} {abi} {target}"
        circles += check_function(where, ask(path, function["name"], *question, "--emit", "texts"), function)
        expect(f"{where}: digits", [function["layout"], function["contract"]] ==
               [digits(function["layout_sha256"]), digits(function["contract_sha256"])])
        expect(f"{where}: aliases",
               function["alias"] == f"{function['symbol']}__s1_{function['layout']}_{function['contract']}" and
               function["layout_alias"] == f"{function['symbol']}__s1_{function['layout']}")
    return len(functions), circles


def random_interface(seed):
    """Types that lead to each other in all ways, of few kinds, so that some are alike."""
    rng = random.Random(seed)
    count = rng.randrange(2, 14)
    lines = ["abide: 1", "types:"]
    for i in range(count):
        to = [f"{rng.choice(['ptr', 'ref', 'slice'])}<t{rng.randrange(count)}>" for _ in range(rng.randrange(1, 4))]
        fields = "; ".join(to)
        if rng.random() < 0.3:
            cases = ", ".join(f"c{k}: {type}" for k, type in enumerate(to))
            lines.append(f"  t{i}: {{variant: {{{cases}}}}}")
        elif rng.random() < 0.2:
            lines.append(f"  t{i}: {{struct: {{f: 'fn({fields}) -> ptr<t{rng.randrange(count)}>'}}}}")
        else:
            members = ", ".join(f"f{k}: {type}" for k, type in enumerate([rng.choice(["i32", "u8"]), *to]))
            lines.append(f"  t{i}: {{struct: {{{members}}}}}")
    lines += ["functions:", *(f"  f{i}: (x ptr<t{i}>)" for i in range(0, count, 3))]
    return "\n".join(lines) + "\n"


def main():
    functions = circles = 0
    for path, abi, targets in CASES:
        for target in targets:
            found = check_file(os.path.join(SOURCE, path), abi, target)
            functions, circles = functions + found[0], circles + found[1]
    for seed in range(40):
        with open("random.abi.yaml", "w", encoding="utf-8") as file:
            file.write(random_interface(seed))
        found = check_file("random.abi.yaml", "system", "aarch64-linux-gnu")
        functions, circles = functions + found[0], circles + found[1]
    expect("there are circles", circles > 40)
    print(f"{functions} functions, {circles} circles, {len(FAILURES)} failures")
    sys.exit(1 if FAILURES else 0)


main()
