"""What compilers know of records, read from their object files: nothing is linked or run.

A constant of numbers has the sizes, alignments and offsets. For every bit-field there is a constant in which it alone is
all ones. Both stand behind a mark, by which they are found in any object format.
"""
import os
import shutil
import subprocess

MARK = b"\xc3ABIDE\x9f\x01"
C_MARK = '{0xc3, 0x41, 0x42, 0x49, 0x44, 0x45, 0x9f, 1}'

FEATURES = {  # what some compilers do not have: found out by compiling
    "int128": "__int128 a;",
    "complex": "_Complex double a;",
    "wide_enum": "enum {a = 1LL << 40}; _Static_assert(sizeof a == 8, \"\");",
    # long long is aligned to less in a record than alone
    "lowered": 'struct s {long long a;}; _Static_assert(__alignof__(long long) != __alignof__(struct s), "");',
    "float16": "_Float16 a;",
    "vector": "typedef float v __attribute__((vector_size(16))); v a;",
}


def compiles(command, text):
    done = subprocess.run([*command, "-w", "-x", "c", "-fsyntax-only", "-"], input=text, stdout=subprocess.DEVNULL,
                          stderr=subprocess.DEVNULL, text=True)
    return done.returncode == 0


def is_installed(command):
    return shutil.which(command[0]) is not None and compiles(command, "int a;")


def features(commands):
    """What all of these compilers have."""
    return {name for name, text in FEATURES.items() if all(compiles(command, text) for command in commands)}


def numbers_of(record):
    """Expressions of C for all that is asked of a record but its bit-fields; in the order of the answer."""
    name = f"{record.keyword} {record.name}"
    yield ("size", ""), f"sizeof({name})"
    # Not _Alignof, of which gcc tells no more than what malloc gives.
    yield ("align", ""), getattr(record, "alignment", f"__alignof__({name})")
    for path, field in record.members():
        if field.bits is None:
            yield ("offset", path), f"__builtin_offsetof({name}, {path})"


def bitfields_of(record):
    return [path for path, field in record.members() if field.bits is not None]


def source(records, text):
    """C that holds the answers. `text` defines the records."""
    lines = [text, "typedef unsigned char mark[8];\n"]
    for serial, record in enumerate(records):
        name = f"{record.keyword} {record.name}"
        numbers = [expression for _, expression in numbers_of(record)]
        lines.append(f"const struct {{mark m; unsigned n[{len(numbers) + 2}];}} n{serial} = "
                     f"{{{C_MARK}, {{{serial}, {len(numbers)}, {', '.join(numbers)}}}}};\n")
        for index, path in enumerate(bitfields_of(record)):
            probe = f"struct p{serial}_{index}"
            lines.append(f"{probe} {{mark m; unsigned n[4]; {name} r;}};\n"
                         f"const {probe} b{serial}_{index} = {{{C_MARK}, {{{serial}, {index + 0x8000}, "
                         f"__builtin_offsetof({probe}, r), sizeof({name})}}, {{.{path} = -1}}}};\n")
    return "".join(lines)


def bits_of(data, big_endian):
    """(offset, size) of the ones, counted as abide does: from the least significant bit of a byte, or from the most
    on big-endian targets. None: they do not adjoin."""
    ones = [i * 8 + bit for i, byte in enumerate(data) for bit in range(8)
            if byte >> (7 - bit if big_endian else bit) & 1]
    if not ones or ones[-1] - ones[0] + 1 != len(ones):
        return None
    return ones[0], len(ones)


class Refused(Exception):
    pass


def ask(command, records, text, path):
    """[{(what, path): number}] of the records, in order."""
    with open(path, "w", encoding="utf-8") as file:
        file.write(source(records, text))
    made = path[:-2] + ".o"
    done = subprocess.run([*command, "-std=gnu11", "-w", "-c", "-o", made, path], stdout=subprocess.PIPE,
                          stderr=subprocess.STDOUT, text=True)
    if done.returncode:
        raise Refused(f"{' '.join(command)} {path}\n{done.stdout[:4000]}")
    with open(made, "rb") as file:
        data = file.read()
    os.remove(made)
    answers = [{} for _ in records]
    at = data.find(MARK)
    while at >= 0:
        read(data, at, records, answers)
        at = data.find(MARK, at + 1)
    return answers


def read(data, at, records, answers):
    first = data[at + 8:at + 16]
    # A serial is less than 2^16, so the order of its bytes shows; that of 0, by the count.
    order = "little" if first[6:8] == b"\0\0" else "big"
    word = lambda index: int.from_bytes(data[at + 8 + 4 * index:at + 12 + 4 * index], order)
    serial, count = word(0), word(1)
    record = records[serial]
    if count < 0x8000:
        for index, (key, _) in enumerate(numbers_of(record)):
            answers[serial][key] = word(2 + index)
        return
    path = bitfields_of(record)[count - 0x8000]
    start = at + word(2)
    answers[serial]["bits", path] = bits_of(data[start:start + word(3)], order == "big")
