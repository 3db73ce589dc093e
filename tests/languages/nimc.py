"""What Nim's C code calls things, in the words that abide's prototypes use."""
import json
import os
import re
import subprocess
import sys

SOURCE_DIR = os.environ["ABIDE_SOURCE_DIR"]
NAMES = {
    "NI": "intptr_t", "NU": "uintptr_t", "NI8": "int8_t", "NI16": "int16_t", "NI32": "int32_t",
    "NI64": "int64_t", "NU8": "uint8_t", "NU16": "uint16_t", "NU32": "uint32_t",
    "NU64": "uint64_t", "NF": "double", "NF32": "float", "NF64": "double", "NIM_BOOL": "bool",
    "NIM_CHAR": "char", "NCSTRING": "ptr(char)",
}


def run(*command):
    """What a command prints; the end if it fails."""
    done = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    if done.returncode:
        sys.exit(f"{' '.join(command)}\nexit status {done.returncode}\n{done.stdout}")
    return done.stdout


def nim_version():
    """Of the compiler that is installed."""
    return re.search(r"Version (\d+\.\d+\.\d+)", run("nim", "--version")).group(1)


def compile_nim(file, gc, *options):
    """Generated C is in cache/."""
    return run("nim", "c", "--hints:off", "--warnings:off", "--nimcache:cache", f"--mm:{gc}", *options, file)


def compile_objects(file, gc, optimisation, *options):
    """Objects of a Nim program for a C main program, which calls NimMain."""
    compile_nim(file, gc, "--noMain", "--noLinking", "--threads:off", "-d:danger", "-d:noSignalHandler",
                f"--passC:{optimisation}", *options)
    return [os.path.join("cache", name) for name in os.listdir("cache") if name.endswith(".o")]


def call(file, abi, *more):
    """{function: (prototype, whole answer)} of `abide call`."""
    answer = subprocess.run([os.environ["ABIDE"], "call", file, "--abi", abi, "--json", *more],
                            stdout=subprocess.PIPE, check=True)
    return {f["name"]: f for f in json.loads(answer.stdout)["functions"]}


def layouts(file, abi, *more):
    """What `abide layout` says of every type of an interface."""
    answer = subprocess.run([os.environ["ABIDE"], "layout", file, "--abi", abi, "--json", *more],
                            stdout=subprocess.PIPE, check=True)
    return json.loads(answer.stdout)["types"]


def plain_name(name):
    """tyObject_Point__abc, tyEnum_Color__x -> Point, Color; others stay."""
    match = re.match(r"ty(?:Object|Enum)_(\w+?)(?:__\w+)?$", name)
    return match.group(1) if match else re.sub(r"^(ty[A-Z][A-Za-z]*)__\w+$", r"\1", name)


MACRO = re.compile(r"\bN_([A-Z]+?)(_PTR)?\s*\(([^,()]*(?:\([^()]*\))?[^,()]*),\s*(\w+)\s*\)")
IDENTIFIER = re.compile(r"[A-Za-z_]\w*")


def without_macros(text):
    """N_NIMCALL(R, f)(A) -> R f(A); N_CDECL_PTR(R, f)(A) -> R (*f)(A)"""
    return MACRO.sub(lambda m: f"{m.group(3)} (*{m.group(4)})" if m.group(2)
                     else f"{m.group(3)} {m.group(4)}", text)


def statements(text):
    """Declarations of a C file: what stands between semicolons outside braces; bodies are dropped."""
    depth, start = 0, 0
    for at, char in enumerate(text):
        depth += (char == "{") - (char == "}")
        if depth == 0 and char in ";}":
            if char == ";" or not text[start:at].lstrip().startswith("typedef"):
                yield text[start:at + 1].strip()
                start = at + 1


def typedefs(text, parse):
    """{name: canonical type} of what the generated file defines: records and enums stand for themselves."""
    names = dict(NAMES)
    for statement in statements(text):
        if not statement.startswith("typedef"):
            continue
        body = without_macros(statement[len("typedef"):].rstrip(";"))
        name = IDENTIFIER.findall(body)[-1]
        record = re.match(r"\s*(?:struct|union)\b", body)
        if record or body.split()[-1].startswith("tyEnum_"):
            names[name] = plain_name(name)
            continue
        name, type_ = parse(body, names)
        names[name] = type_
    return names


def prototypes(text, parse):
    """{function: (convention, canonical type)}"""
    names, found = typedefs(text, parse), {}
    for match in re.finditer(r"^\s*(?:N_LIB_PRIVATE |static )?(N_[A-Z]+\(.*\));$|"
                             r"^\s*static (N_INLINE\(.*\));$", text, re.M):
        text = match.group(1) or match.group(2)
        macro = MACRO.match(text)
        if macro is None or macro.group(1) in ("NOINLINE", "LIB"):
            continue
        name, type_ = parse(without_macros(text), names)
        found[name] = (macro.group(1).lower(), type_)
    return found
