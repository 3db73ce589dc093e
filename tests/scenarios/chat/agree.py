#!/usr/bin/env python3
"""agree.py ABI HEADER TARGET CC [FLAG...]: a header that was written by hand, and what abide says.

The prototypes have to be the same text, parameters' names included; size, alignment and offsets of
every type are left for the compiler to compare.
"""
import json
import os
import re
import subprocess
import sys

HERE = os.path.dirname(os.path.abspath(__file__))
PREFIX = "chat_"


def ask(verb, target, abi):
    output = subprocess.check_output(
        [os.environ["ABIDE"], verb, os.path.join(HERE, "chat.abi.yaml"), "--target", target,
         "--abi", abi, "--format", "json"])
    return json.loads(output)


def c_name(name):
    return name.replace("-", "_")


def layout_lines(answer, header):
    """Assertions for the types that the header has."""
    lines, count = [], 0
    for entry in answer["types"]:
        name = PREFIX + c_name(entry["name"])
        if not re.search(rf"\b{name}\b", header) or "size_bytes" not in entry:
            continue
        count += 1
        if not re.search(rf"\bstruct {name};", header):
            lines.append(f"_Static_assert(sizeof({name}) == {entry['size_bytes']}, \"{name}\");")
            lines.append(f"_Static_assert(_Alignof({name}) == {entry['align_bytes']}, \"{name}\");")
        for field in entry["fields"]:
            if field.get("name"):
                member = c_name(field["name"])
                lines.append(f"_Static_assert(offsetof({name}, {member}) * 8 == "
                             f"{field['offset_bits']}, \"{name}.{member}\");")
    return lines, count


def without_bodies(text):
    """Types that are written out, `struct {...}`, stand as one word."""
    while "{" in text:
        text = re.sub(r"(struct|union) \{[^{}]*\}", "WRITTEN_OUT", text)
    return text


def plain(prototype):
    """As C takes it, but for `const` and the header's prefix of types."""
    text = re.sub(r"\bconst\b", " ", without_bodies(prototype))
    text = re.sub(rf"\b{PREFIX}(\w+)(?= *[*]| \w)", r"\1", text)
    return re.sub(r"\s*([*(),;])\s*", r"\1", " ".join(text.split())).rstrip(";")


def header_prototypes(header, types):
    """Those between the two marks. Types that the interface has no plain name for are written out."""
    text = header.split("/* prototypes: begin */")[1].split("/* prototypes: end */")[0]
    callback = re.search(r"typedef bool chat_visit(\([^)]*\))", header).group(1)
    text = text.replace("chat_visit *visit_fn", f"bool (*visit_fn){callback}")
    for name in re.findall(r"typedef SYS_\w+\([^;]*?\) (\w+);|^\} (\w+);|(?<!\w)(sys_own_bytes)",
                           header, re.M):
        name = "".join(name)
        if name[len(PREFIX):] not in types:
            text = re.sub(rf"\b{name}\b", "WRITTEN_OUT", text)
    return sorted(map(plain, re.findall(r"[^;]+;", text)))


def check_prototypes(answer, types, header):
    expected = header_prototypes(header, types)
    found = sorted(plain(function["prototype"]) for function in answer["functions"])
    if expected != found:
        for line in sorted(set(expected) ^ set(found)):
            print("header:" if line in expected else "abide: ", line, file=sys.stderr)
        sys.exit(1)
    return len(found)


def main():
    abi, header_path, target, compiler = sys.argv[1:5]
    with open(header_path, encoding="utf-8") as file:
        header = file.read()
    layouts, calls = ask("layout", target, abi), ask("call", target, abi)
    layout_checks, type_count = layout_lines(layouts, header)
    types = {c_name(entry["name"]) for entry in layouts["types"]}
    prototype_count = check_prototypes(calls, types, header)
    with open("agree.c", "w", encoding="utf-8") as file:
        file.write("\n".join([f'#include "{header_path}"'] + layout_checks) + "\n")
    subprocess.check_call([compiler, "-std=c11", "-Wall", "-Werror", "-fsyntax-only"] +
                          sys.argv[5:] + ["agree.c"])
    print(f"{target}: {prototype_count} prototypes and {type_count} types, as the header has them")
    sys.exit(0 if prototype_count == 23 and type_count >= 15 else 1)


main()
