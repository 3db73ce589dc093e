"""What Nim's C code calls things, in the words that abide's prototypes use."""
import json
import os
import re
import subprocess

SOURCE_DIR = os.environ["ABIDE_SOURCE_DIR"]
NAMES = {
    "NI": "intptr_t", "NU": "uintptr_t", "NI8": "int8_t", "NI16": "int16_t", "NI32": "int32_t",
    "NI64": "int64_t", "NU8": "uint8_t", "NU16": "uint16_t", "NU32": "uint32_t",
    "NU64": "uint64_t", "NF": "double", "NF32": "float", "NF64": "double", "NIM_BOOL": "bool",
    "NIM_CHAR": "char", "NCSTRING": "ptr(char)",
}


def call(file, abi, *more):
    """{function: (prototype, whole answer)} of `abide call`."""
    answer = subprocess.run([os.environ["ABIDE"], "call", file, "--abi", abi, "--json", *more],
                            stdout=subprocess.PIPE, check=True)
    return {f["name"]: f for f in json.loads(answer.stdout)["functions"]}


def plain_name(name):
    """tyObject_Point__abc, tyEnum_Color__x -> Point, Color; others stay."""
    match = re.match(r"ty(?:Object|Enum)_(\w+?)(?:__\w+)?$", name)
    return match.group(1) if match else re.sub(r"^(ty[A-Z][A-Za-z]*)__\w+$", r"\1", name)
