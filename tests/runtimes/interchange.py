#!/usr/bin/env python3
"""The shipped descriptions of Arrow's and DLPack's structs, beside the structs as C declares them.

Every offset, on several machines; then an array that C makes is read by the description alone, and released.
"""
import ctypes
import json
import os
import subprocess
import sys

HERE = os.path.dirname(os.path.abspath(__file__))
FILES = os.path.join(os.environ["ABIDE_SOURCE_DIR"], "abi-specs", "interfaces")
NAMES = {"arrow": {"arrow-schema": "struct ArrowSchema", "arrow-array": "struct ArrowArray",
                   "arrow-array-stream": "struct ArrowArrayStream"},
         "dlpack": {"version": "DLPackVersion", "device": "DLDevice", "data-type": "DLDataType", "tensor": "DLTensor",
                    "managed-tensor": "DLManagedTensor", "managed-tensor-versioned": "DLManagedTensorVersioned"}}
COMPILERS = [("x86_64-linux-gnu", ["gcc"]), ("i686-linux-gnu", ["gcc", "-m32"]),
             ("aarch64-linux-gnu", ["aarch64-linux-gnu-gcc"]), ("arm-linux-gnueabihf", ["arm-linux-gnueabihf-gcc"]),
             ("s390x-linux-gnu", ["s390x-linux-gnu-gcc"])]


def run(command, **more):
    done = subprocess.run(command, capture_output=True, text=True, timeout=120, **more)
    if done.returncode != 0:
        sys.exit(f"{' '.join(command)}\n{done.stdout}{done.stderr}")
    return done.stdout


def layouts(file, triple):
    text = run([os.environ["ABIDE"], "layout", f"{FILES}/{file}.abi.yaml", "--target", triple, "--json"])
    return {entry["name"]: entry for entry in json.loads(text)["types"]}


def claims(file, triple):
    """What the description says, as assertions about the structs of C."""
    lines, known = [], layouts(file, triple)
    for name, c_name in NAMES[file].items():
        layout = known[name]
        lines.append(f"_Static_assert(sizeof({c_name}) == {layout['size_bytes']}, \"{name}\");")
        for field in layout["fields"]:
            member = field["name"].replace("-", "_")
            lines.append(f"_Static_assert(offsetof({c_name}, {member}) == {field['offset_bits'] // 8}, \"{name}.{member}\");")
    return lines


def read_squares():
    library = "./libsquares.so"
    run(["gcc", "-shared", "-fPIC", "-Wall", "-Wextra", "-Werror", f"{HERE}/interchange.c", "-o", library])
    lib = ctypes.CDLL(library)
    layout = layouts("arrow", "x86_64-linux-gnu")["arrow-array"]
    at = {field["name"]: field["offset_bits"] // 8 for field in layout["fields"]}
    memory = ctypes.create_string_buffer(layout["size_bytes"])

    def word(name):
        return int.from_bytes(memory.raw[at[name]:at[name] + 8], "little", signed=True)

    lib.make_squares.argtypes = [ctypes.c_int64, ctypes.c_void_p]
    if lib.make_squares(100, memory) != 0 or lib.arrays_alive() != 1:
        sys.exit("no array was made")
    buffers = ctypes.cast(word("buffers"), ctypes.POINTER(ctypes.c_void_p))
    values = ctypes.cast(buffers[1], ctypes.POINTER(ctypes.c_int64))
    got = [values[word("offset") + i] for i in range(word("length"))]
    if got != [i * i for i in range(100)]:
        sys.exit(f"the array holds {got}")
    ctypes.CFUNCTYPE(None, ctypes.c_void_p)(word("release"))(ctypes.addressof(memory))
    if word("release") != 0 or lib.arrays_alive() != 0:
        sys.exit("the array was not released")


def main():
    count = 0
    for triple, compiler in COMPILERS:
        lines = [line for file in NAMES for line in claims(file, triple)]
        count += len(lines)
        run([*compiler, "-Wno-pedantic", "-I", HERE, "-xc", "-fsyntax-only", "-"],
            input="#include <stddef.h>\n#include \"interchange.h\"\n" + "\n".join(lines) + "\n")
    read_squares()
    print(f"{count} sizes and offsets agree; an array was read and released")


main()
