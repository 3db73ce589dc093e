#!/usr/bin/env python3
"""wasm32.py [--simd128] [COUNT [SEED]]: the module wasm32 against clang, by execution in node.

WebAssembly has typed parameters and no registers, so that the harness of `abide verify` cannot fill them without knowing
what they are. Here values are: random signatures are compiled as callees, which copy out what they take, and as callers of
functions that JavaScript stands for. A value that is not of the type that the module says is converted or refused, and
differs. Bits above narrow values are random unless the module says that they are extended.

JavaScript has no values of v128: with --simd128 a second C file wraps the functions that have such a parameter or result
into others that have two of i64 instead. It declares them as the module says that they are; the linker compares.
"""
import json
import os
import random
import subprocess
import sys

HERE = os.path.dirname(os.path.abspath(__file__))
SCALARS = {"bool": "_Bool", "u8": "unsigned char", "i8": "signed char", "c_char": "char", "i16": "short", "u16": "unsigned short",
           "c_int": "int", "u32": "unsigned", "c_long": "long", "c_ulong": "unsigned long", "i64": "long long", "c_longlong": "long long", "c_ulonglong": "unsigned long long", "u64": "unsigned long long",
           "size": "__SIZE_TYPE__", "c_wchar": "__WCHAR_TYPE__", "f32": "float", "f64": "double", "c_longdouble": "long double",
           "f128": "__float128", "i128": "__int128", "u128": "unsigned __int128", "ptr<void>": "void *"}
FLOATS = {"f32": 4, "f64": 8}
COMPLEX = {"complex<f32>": "_Complex float", "complex<f64>": "_Complex double"}
VECTORS = {f"vector<{kind}, {count}>": (kind, count) for kind, count in
           [("i8", 8), ("i16", 4), ("f32", 2), ("i64", 1), ("u8", 16), ("c_int", 4), ("f32", 4), ("f64", 2), ("i64", 4), ("f64", 8)]}
# What C lets among unnamed arguments without changing it, but for __int128: a caller of clang 19 puts it at a multiple of 8.
UNNAMED = ["c_int", "u32", "c_long", "i64", "c_ulonglong", "f64", "c_longdouble", "ptr<void>", "complex<f64>", "complex<f32>"]
BIT_BASES = ["bool", "u8", "i16", "c_int", "u32", "i64"]
WIDTHS = {"bool": 1, "u8": 8, "i16": 16, "c_int": 32, "u32": 32, "i64": 64}
# What a callee sees in its parameter beyond the type's own bits, if they are not as it counts on: is it signed?
NARROW = {"bool": False, "u8": False, "i8": True, "c_char": True, "i16": True, "u16": False}
WIDE = 256
MODE = "simd128" if "--simd128" in sys.argv else "elements"
SLOT, AREA_SLOTS, MAX_PARAMS, MAX_UNNAMED = 512, 16, 7, 4
BUFFER_SLOT = AREA_SLOTS - 1


class Record:
    def __init__(self, name, word, fields, packed, align):
        self.name, self.word, self.fields, self.packed, self.align = name, word, fields, packed, align

    def yaml(self):
        fields = []
        for i, (kind, count, bits) in enumerate(self.fields):
            text = f"array<{kind}, {count}>" if count else kind
            fields.append(f"{{{f'name: m{i}, ' if bits != 0 and bits != 'none' else ''}type: \"{text}\""
                          + (f", bits: {int(bits) if bits != 'none' else 5}" if bits is not None else "") + "}")
        more = (", packed: true" if self.packed else "") + (f", align: {self.align}" if self.align else "")
        return f"  {self.name}: {{{self.word}: [{', '.join(fields)}]{more}}}\n"

    def c(self):
        lines = []
        for i, (kind, count, bits) in enumerate(self.fields):
            name = f"m{i}" if bits != 0 and bits != "none" else ""
            width = "" if bits is None else f" : {5 if bits == 'none' else bits}"
            lines.append(f"{c_name(kind)} {name}{f'[{count}]' if count else ''}{width};")
        attributes = (["packed"] if self.packed else []) + ([f"aligned({self.align})"] if self.align else [])
        attribute = f" __attribute__(({', '.join(attributes)}))" if attributes else ""
        return f"typedef {self.word}{attribute} {{ {' '.join(lines)} }} {self.name};\n"


def c_name(kind):
    if kind in VECTORS:
        element, count = VECTORS[kind]
        return f"v_{element}_{count}"
    return SCALARS.get(kind) or COMPLEX.get(kind) or kind


def vector_typedefs(sizes):
    return "".join(f"typedef {SCALARS[element]} {c_name(kind)} __attribute__((vector_size({sizes[element] * count})));\n"
                   for kind, (element, count) in VECTORS.items())


def elements(kind, records):
    """How many parameters a value may have at most."""
    if kind in VECTORS:
        return VECTORS[kind][1]
    if kind in SCALARS or kind in COMPLEX:
        return 2
    return sum(elements(inner, records) * max(1, count) for inner, count, _ in records[kind].fields)


def make_field(rng, records, depth):
    if records and rng.random() < 0.25:
        return rng.choice(records).name, rng.choice([0, 0, 0, 1, 2]), None
    if rng.random() < 0.2:
        base = rng.choice(BIT_BASES)
        bits = rng.choice([1 + rng.randrange(WIDTHS[base]), 1 + rng.randrange(WIDTHS[base]), 0])
        if rng.random() < 0.1 and WIDTHS[base] >= 8:
            bits = "none"
        return base, 0, bits
    if rng.random() < 0.12:
        return rng.choice([*VECTORS]), rng.choice([0, 0, 0, 1, 2]), None
    return rng.choice([*SCALARS, *COMPLEX]), rng.choice([0, 0, 0, 0, 1, 2, 3]), None


def make_records(rng, prefix):
    records, sizes = [], {}
    for i in range(rng.randrange(6)):
        fields = [make_field(rng, records, 0) for _ in range(rng.choice([0, 1, 1, 1, 2, 3, 4]))]
        weight = sum(max(1, count) * (4 if kind in VECTORS else sizes.get(kind, 1)) for kind, count, _ in fields)
        if weight > 12:
            fields, weight = fields[:1], 1
            fields = [(kind if kind in SCALARS else "f32", 0, bits) for kind, _, bits in fields]
        record = Record(f"{prefix}_t{i}", rng.choice(["struct", "struct", "struct", "union"]), fields,
                        rng.random() < 0.1, rng.choice([0] * 9 + [8, 16]))
        sizes[record.name] = max(1, weight)
        records.append(record)
    return records


def make_function(rng, name, records):
    by_name = {record.name: record for record in records}
    kinds = [*SCALARS, *COMPLEX, *VECTORS, *VECTORS] + [record.name for record in records] * 8
    params = [rng.choice(kinds) for _ in range(rng.randrange(MAX_PARAMS + 1))]
    while sum(elements(kind, by_name) for kind in params) > 48:
        params.pop()
    unnamed = []
    if params and rng.random() < 0.25:
        # Vectors among unnamed arguments the module refuses.
        fitting = [record.name for record in records if not holds(record.name, by_name, [*VECTORS, "i128", "u128"])
                   and not is_blank(record, by_name)]
        unnamed = [rng.choice(UNNAMED + fitting * 3) for _ in range(rng.randrange(1, MAX_UNNAMED + 1))]
    return {"name": name, "params": params + unnamed, "named": len(params), "is_variadic": bool(unnamed),
            "result": rng.choice(kinds) if rng.random() < 0.9 else None}


def holds(kind, records, wanted):
    return kind in wanted or kind in records and any(holds(inner, records, wanted) for inner, _, _ in records[kind].fields)


def is_blank(record, by_name):
    """A callee of clang 19 aligns even where it reads nothing; a caller does not."""
    return all(bits in (0, "none") or inner in by_name and is_blank(by_name[inner], by_name) for inner, _, bits in record.fields)


def has_vector(kind, records):
    return holds(kind, records, VECTORS)


def write_interface(path, records, functions):
    with open(path, "w", encoding="utf-8") as file:
        file.write("abide: 1\ntypes:\n" + "".join(record.yaml() for record in records) + "functions:\n")
        for f in functions:
            named = f["named"]
            params = ", ".join([f"p{i} {kind}" for i, kind in enumerate(f["params"][:named])]
                               + [("... " if i == 0 else "") + kind for i, kind in enumerate(f["params"][named:])])
            file.write(f"  {f['name']}: \"({params}) -> {f['result'] or 'void'}\"\n")


def write_c(path, records, functions, sizes):
    out = [f"""typedef __SIZE_TYPE__ size_t;
void *memcpy(void *to, const void *from, size_t n) {{ for (size_t i = 0; i < n; i++) ((char *)to)[i] = ((const char *)from)[i]; return to; }}
void *memset(void *to, int c, size_t n) {{ for (size_t i = 0; i < n; i++) ((char *)to)[i] = c; return to; }}
_Alignas(128) unsigned char out[{SLOT * AREA_SLOTS}], pattern[{SLOT}], area[{SLOT * AREA_SLOTS}];
""", vector_typedefs(sizes)]
    measures = []
    for record in records:
        out.append(record.c())
        measures += [f"sizeof({record.name})", f"_Alignof({record.name})"]
    bits = []
    for record in records:
        for i, (_, _, width) in enumerate(record.fields):
            if width is None:
                measures.append(f"__builtin_offsetof({record.name}, m{i}) * 8")
            elif width not in (0, "none"):
                measures.append(f"first_bit_{record.name}_{i}()")
                bits.append(f"static unsigned first_bit_{record.name}_{i}(void) {{ {record.name} x; memset(&x, 0, sizeof x); x.m{i} = "
                            f"{'1' if record.fields[i][0] == 'bool' else '-1'}; for (unsigned i = 0; i < sizeof x * 8; i++) "
                            "if (((unsigned char *)&x)[i / 8] >> i % 8 & 1) return i; return 0; }\n")
    out += bits
    out.append(f"unsigned numbers[{len(measures) + 1}];\nvoid measure(void) {{\n")
    out += [f"    numbers[{i}] = {text};\n" for i, text in enumerate(measures)]
    out.append("}\n")
    for f in functions:
        result = c_name(f["result"]) if f["result"] else "void"
        named = f["named"]
        params = ", ".join([f"{c_name(kind)} p{i}" for i, kind in enumerate(f["params"][:named])] + ["..."] * f["is_variadic"]) or "void"
        out.append(f"{result} f_{f['name']}({params}) {{\n")
        if f["is_variadic"]:
            out.append("    __builtin_va_list list; __builtin_va_start(list, 0);\n")
        out += [f"    {c_name(kind)} p{i} = __builtin_va_arg(list, {c_name(kind)});\n" for i, kind in enumerate(f["params"]) if i >= named]
        out += [f"    memcpy(out + {i * SLOT}, &p{i}, sizeof p{i});\n" for i in range(len(f["params"]))]
        out += [f"    *(long long *)(out + {i * SLOT + WIDE}) = p{i};\n" for i, kind in enumerate(f["params"]) if kind in NARROW]
        out.append(f"    {result} r; memcpy(&r, pattern, sizeof r); return r;\n}}\n" if f["result"] else "}\n")
        out.append(f"{'' if f['wrapped'] else import_of('i_' + f['name'])}{result} i_{f['name']}({params});\n")
        out.append(f"void c_{f['name']}(void) {{\n")
        out += [f"    {c_name(kind)} p{i}; memcpy(&p{i}, area + {i * SLOT}, sizeof p{i});\n" for i, kind in enumerate(f["params"])]
        call = f"i_{f['name']}({', '.join(f'p{i}' for i in range(len(f['params'])))})"
        out.append(f"    {result} r = {call}; memcpy(out, &r, sizeof r);\n}}\n" if f["result"] else f"    {call};\n}}\n")
    with open(path, "w", encoding="utf-8") as file:
        file.write("".join(out))
    return len(measures)


def import_of(name):
    return f'__attribute__((import_module("js"), import_name("{name}"))) '


C_OF_LOCAL = {"i32": "int", "i64": "long long", "f32": "float", "f64": "double", "v128": "v128"}


def write_wrappers(path, calls):
    """w_NAME calls f_NAME, and i_NAME, which a compiled caller calls, calls wi_NAME; these have two i64 for each v128."""
    out = ["typedef long long v128 __attribute__((vector_size(16)));\nlong long high;\n"]
    for call in calls:
        kinds = [local["kind"] for local in call["locals"]]
        result = C_OF_LOCAL.get(call["result"].get("kind"), "void")
        own = ", ".join(f"{C_OF_LOCAL[kind]} a{i}" for i, kind in enumerate(kinds)) or "void"
        split = ", ".join(f"long long a{i}, long long b{i}" if kind == "v128" else f"{C_OF_LOCAL[kind]} a{i}"
                          for i, kind in enumerate(kinds)) or "void"
        joined = ", ".join(f"(v128){{a{i}, b{i}}}" if kind == "v128" else f"a{i}" for i, kind in enumerate(kinds))
        taken = ", ".join(f"a{i}[0], a{i}[1]" if kind == "v128" else f"a{i}" for i, kind in enumerate(kinds))
        plain = "long long" if result == "v128" else result
        give = {"void": "{};", "v128": "v128 r = {}; high = r[1]; return r[0];"}.get(result, "return {};")
        back = {"void": "{};", "v128": "long long low = {}; return (v128){{low, high}};"}.get(result, "return {};")
        name = call["name"]
        out.append(f"{result} f_{name}({own});\n{plain} w_{name}({split}) {{ {give.format(f'f_{name}({joined})')} }}\n"
                   f"{import_of('wi_' + name)}{plain} wi_{name}({split});\n"
                   f"{result} i_{name}({own}) {{ {back.format(f'wi_{name}({taken})')} }}\n")
    with open(path, "w", encoding="utf-8") as file:
        file.write("".join(out))


def ask(verb, path):
    ran = subprocess.run([os.environ["ABIDE"], verb, path, "--abi", "wasm32:vectors=" + MODE, "--target", "wasm32-wasi", "--json"],
                         capture_output=True, text=True, check=False)
    if ran.returncode:
        sys.exit(ran.stderr)
    return json.loads(ran.stdout)


def leaves(kind, layouts, records, sizes, at=0):
    """[(first bit, bits, scalar)]"""
    if kind in COMPLEX:
        half = kind[8:11]
        return [(at, FLOATS[half] * 8, half), (at + FLOATS[half] * 8, FLOATS[half] * 8, half)]
    if kind in VECTORS:
        element, count = VECTORS[kind]
        return [(at + i * sizes[element] * 8, sizes[element] * 8, element) for i in range(count)]
    if kind in SCALARS:
        return [(at, sizes[kind] * 8, kind)]
    record, found = records[kind], []
    places = {field["name"]: field for field in layouts[kind]["fields"] if field.get("name")}
    for i, (inner, count, bits) in enumerate(record.fields):
        if bits is not None:
            if bits not in (0, "none"):
                found.append((at + places[f"m{i}"]["offset_bits"], bits, inner if bits == 1 and inner == "bool" else "bits"))
            continue
        size = size_of(inner, layouts, sizes)
        for n in range(max(1, count)):
            found += leaves(inner, layouts, records, sizes, at + places[f"m{i}"]["offset_bits"] + n * size * 8)
    return found


def size_of(kind, layouts, sizes):
    if kind in COMPLEX:
        return 2 * FLOATS[kind[8:11]]
    if kind in VECTORS:
        return VECTORS[kind][1] * sizes[VECTORS[kind][0]]
    return sizes[kind] if kind in SCALARS else layouts[kind]["size_bytes"]


def make_value(rng, size, parts):
    """Bytes, and a mask of what is not padding. bool is 0 or 1, and no float is a NaN."""
    value, mask = 0, 0
    for at, bits, kind in parts:
        ones = ((1 << bits) - 1) << at
        number = rng.getrandbits(bits)
        if kind == "bool":
            number = rng.getrandbits(1)
        if kind in FLOATS:
            number = number & ~(0xff << (bits - 8)) | 0x40 << (bits - 8)
        value = value & ~ones | number << at
        mask |= ones
    # Members of unions overlap: nothing but zeros is a good value of all of them.
    if sum(bits for _, bits, _ in parts) != bin(mask).count("1") and any(kind in ("bool", *FLOATS) for _, _, kind in parts):
        value = 0
    return value.to_bytes(size, "little"), mask.to_bytes(size, "little")


def kind_of(piece, parts, is_vector=False):
    if is_vector and MODE == "simd128":
        return "v128"
    at, size = piece["offset_bytes"] * 8, piece["size_bytes"]
    if any(first == at and kind in FLOATS and FLOATS[kind] == size for first, _, kind in parts):
        return "f32" if size == 4 else "f64"
    return "i64" if size > 4 else "i32"


def fill(rng, piece, kind, value):
    """The bytes of a wasm value: extended as the module says, else with noise above."""
    part = value[piece["offset_bytes"]:piece["offset_bytes"] + piece["size_bytes"]]
    width = {"v128": 16, "i64": 8, "f64": 8}.get(kind, 4)
    above = width - len(part)
    extend = piece.get("extend", "none")
    if extend != "none" and piece["extend_bits"] != 8 * width:
        sys.exit(f"{piece} is extended to more than the parameter")
    if extend == "none":
        return part + bytes(rng.randrange(256) for _ in range(above))
    negative = extend == "sign" and part[-1] & 0x80
    return part + (b"\xff" if negative else b"\0") * above


def local_of(piece):
    return int(piece["register"].removeprefix("local"))


def plan_value(rng, call, answer, parts, value, slot, is_vector):
    """Puts one argument into the plan."""
    pieces = [answer["pieces"][0] if "pieces" in answer else answer["pointer"]] if answer["pass"] == "pointer" else answer.get("pieces", [])
    if answer["pass"] == "pointer":
        call["memory"].append({"at": slot * SLOT, "hex": value.hex()})
    for piece in pieces:
        points = {"points_to": len(value), "at": slot * SLOT} if answer["pass"] == "pointer" else {}
        if "stack_offset_bytes" in piece:
            call["buffer"].append({"offset": piece["stack_offset_bytes"], "of": slot - 1, "from": piece.get("offset_bytes", 0),
                                   "size": piece.get("size_bytes", 4), **points})
        elif points:
            call["locals"][local_of(piece)] = {"kind": "i32", "hex": "", **points}
        else:
            kind = kind_of(piece, parts, is_vector)
            call["locals"][local_of(piece)] = {"kind": kind, "hex": fill(rng, piece, kind, value).hex(), "piece": piece}


def plan_buffer(call, answer):
    """The memory that unnamed arguments lie in, and the local with its address."""
    area = answer["variadic"]["area"] if isinstance(answer["variadic"], dict) else None
    if bool(area) != call["is_variadic"]:
        sys.exit(f"{call['name']}: the module says nothing of the address of unnamed arguments")
    if not area:
        return
    size = max([entry["offset"] + entry["size"] for entry in call["buffer"]], default=0)
    call["locals"][int(area.removeprefix("local"))] = {"kind": "i32", "hex": "", "at": BUFFER_SLOT * SLOT, "points_to": max(size, 1),
                                                       "pointers": [e for e in call["buffer"] if "at" in e]}
    for entry in call["buffer"]:
        at = BUFFER_SLOT * SLOT + entry["offset"]
        if "at" in entry:
            call["pointers"].append({"at": at, "to": entry["at"]})
        else:
            value = call["values"][entry["of"]]
            call["memory"].append({"at": at, "hex": value[entry["from"]:entry["from"] + entry["size"]].hex()})


def plan_call(rng, f, answer, layouts, records, sizes):
    call = {"name": f["name"], "locals": {}, "memory": [], "inputs": [], "params": f["params"], "values": [], "masks": [],
            "buffer": [], "pointers": [], "is_variadic": f["is_variadic"]}
    for i, kind in enumerate(f["params"]):
        parts = leaves(kind, layouts, records, sizes)
        value, mask = make_value(rng, size_of(kind, layouts, sizes), parts)
        call["values"].append(value)
        call["masks"].append(mask)
        call["inputs"].append(value.hex())
        plan_value(rng, call, answer["params"][i], parts, value, i + 1, has_vector(kind, records))
    plan_buffer(call, answer)
    call["result"] = {"hex": ""}
    if f["result"]:
        parts = leaves(f["result"], layouts, records, sizes)
        value, mask = make_value(rng, size_of(f["result"], layouts, sizes), parts)
        call["result"] = {"hex": value.hex(), "value": value, "mask": mask}
        result = answer["result"]
        if result["pass"] == "hidden":
            call["result"]["local"] = local_of(result["pointer"])
            call["locals"][local_of(result["pointer"])] = {"kind": "i32", "hex": "", "at": 0}
        elif result["pass"] == "direct":
            piece, = result["pieces"]
            kind = kind_of(piece, parts, has_vector(f["result"], records))
            call["result"].update(kind=kind, piece=piece, pattern=value.hex(), hex=fill(rng, piece, kind, value).hex())
    count = len(call["locals"])
    if sorted(call["locals"]) != list(range(count)):
        sys.exit(f"{f['name']}: parameters are left out: {call['locals']}")
    call["locals"] = [call["locals"][i] for i in range(count)]
    call["wrapped"] = any(local["kind"] == "v128" for local in call["locals"]) or call["result"].get("kind") == "v128"
    return call


def differs(seen, value, mask):
    return len(seen) < len(value) or any((a ^ b) & m for a, b, m in zip(seen, value, mask))


def extended(seen, piece, value):
    """Whether a wasm value holds a piece, and what the module says above it."""
    part = value[piece["offset_bytes"]:piece["offset_bytes"] + piece["size_bytes"]]
    width = len(part) if piece.get("extend", "none") == "none" else len(seen)
    return seen[:width] == fill(random.Random(0), piece, "i32" if len(seen) == 4 else "i64", value)[:width]


def compare(call, told):
    if "problem" in told:
        return told["problem"]
    if told["count"] != len(call["locals"]):
        return f"the function has {told['count']} parameters"
    taken = bytes.fromhex(told["taken"])
    for i, (value, mask) in enumerate(zip(call["values"], call["masks"])):
        if differs(taken[i * SLOT:], value, mask):
            return f"p{i} is {taken[i * SLOT:i * SLOT + len(value)].hex()} in the callee, not {value.hex()}"
        kind, wide = call["params"][i], taken[i * SLOT + WIDE:i * SLOT + WIDE + 8]
        if kind in NARROW and int.from_bytes(wide, "little", signed=True) != int.from_bytes(value, "little", signed=NARROW[kind]):
            return f"p{i} is {wide.hex()} in the callee, which counts on extended bits, not {value.hex()}"
    result = call["result"]
    if "value" in result:
        if "kind" in result and not matches(told["result"], result["piece"], result["value"], result["mask"]):
            return f"the result is {told['result']}, not {result['value'].hex()}"
        if "local" in result and differs(bytes.fromhex(told["result"]), result["value"], result["mask"]):
            return f"the result in memory is {told['result'][:2 * len(result['value'])]}, not {result['value'].hex()}"
        if differs(bytes.fromhex(told["got"]), result["value"], result["mask"]):
            return "the caller got another result"
    return compare_received(call, told["received"])


def matches(seen_hex, piece, value, mask):
    """Padding, and the bits above what is not extended, may be anything."""
    try:
        seen = bytes.fromhex(seen_hex)
    except ValueError:
        return False
    if piece.get("extend", "none") != "none":
        return extended(seen, piece, value)
    start, end = piece["offset_bytes"], piece["offset_bytes"] + piece["size_bytes"]
    return not differs(seen, value[start:end], mask[start:end])


def compare_received(call, received):
    if received["count"] != len(call["locals"]):
        return f"the caller passes {received['count']} parameters"
    for i, local in enumerate(call["locals"]):
        if "pointers" in local:
            problem = compare_buffer(call, bytes.fromhex(received["copies"][i]), received["inner"][i])
            if problem:
                return problem
        index = owner(call, i)
        if index is None:
            continue
        value, mask = call["values"][index], call["masks"][index]
        if "points_to" in local:
            if differs(bytes.fromhex(received["copies"][i]), value, mask):
                return f"p{index} is {received['copies'][i]} behind local{i}, not {value.hex()}"
        elif not matches(received["values"][i], local["piece"], value, mask):
            return f"local{i} is {received['values'][i]}, not as in {value.hex()}"
    return None


def compare_buffer(call, seen, inner):
    copies = iter(inner)
    for entry in call["buffer"]:
        index = entry["of"]
        value, mask = call["values"][index], call["masks"][index]
        there = seen[entry["offset"]:entry["offset"] + entry["size"]]
        if "at" in entry:
            there = bytes.fromhex(next(copies))
        else:
            value, mask = (text[entry["from"]:entry["from"] + entry["size"]] for text in (value, mask))
        if differs(there, value, mask):
            return f"p{index} is {there.hex()} among the unnamed arguments, not {value.hex()}"
    return None


def owner(call, local):
    return call["owners"].get(local)


def note_owners(call, answer):
    call["owners"] = {}
    for i, param in enumerate(answer["params"]):
        pieces = param.get("pieces") or ([param["pointer"]] if "pointer" in param else [])
        for piece in (piece for piece in pieces if "register" in piece):
            call["owners"][local_of(piece)] = i


def check_layout(records, layouts, numbers):
    said = []
    for record in records:
        said += [layouts[record.name]["size_bytes"], layouts[record.name]["align_bytes"]]
    for record in records:
        places = {field["name"]: field["offset_bits"] for field in layouts[record.name]["fields"] if field.get("name")}
        said += [places[f"m{i}"] for i, (_, _, bits) in enumerate(record.fields) if bits not in (0, "none")]
    return [f"layout number {i}: {there}, not {number}" for i, (number, there) in enumerate(zip(said, numbers)) if number != there]


def run_batch(seed, first, count):
    records, functions = [], []
    for i in range(first, first + count):
        rng = random.Random(seed * 1000003 + i)
        own = make_records(rng, f"r{i}")
        records += own
        functions.append(make_function(rng, f"n{i}", own))
    write_interface("wasm.abi.yaml", records, functions)
    layouts = {layout["name"]: layout for layout in ask("layout", "wasm.abi.yaml")["types"]} if records else {}
    answers = {f["name"]: f for f in ask("call", "wasm.abi.yaml")["functions"]}
    by_name = {record.name: record for record in records}
    sizes = {kind: 16 if kind in ("c_longdouble", "f128", "i128", "u128") else 8 if kind in ("i64", "c_longlong", "u64", "f64", "c_ulonglong") else
             1 if kind in ("bool", "u8", "i8", "c_char") else 2 if kind in ("i16", "u16") else 4 for kind in SCALARS}
    rng = random.Random(seed)
    calls = [plan_call(rng, f, answers[f["name"]], layouts, by_name, sizes) for f in functions]
    for f, call in zip(functions, calls):
        note_owners(call, answers[call["name"]])
        f["wrapped"] = call["wrapped"]
    number_count = write_c("wasm.c", records, functions, sizes)
    write_wrappers("wrappers.c", [call for call in calls if call["wrapped"]])
    subprocess.run(["clang-19", "--target=wasm32", *(["-msimd128"] if MODE == "simd128" else []), "-O1", "-ffreestanding", "-nostdlib",
                    "-fno-builtin", "-w", "-Wl,--no-entry", "-Wl,--export-all", "-Wl,--fatal-warnings", "-o", "program.wasm", "wasm.c",
                    *(["wrappers.c"] if MODE == "simd128" else [])], check=True)
    plan = {"calls": calls, "numbers_bytes": 4 * number_count, "out_bytes": SLOT * AREA_SLOTS, "slot_bytes": SLOT}
    with open("plan.json", "w", encoding="utf-8") as file:
        json.dump(plan, file, default=lambda value: value.hex())
    ran = subprocess.run(["node", os.path.join(HERE, "wasm32.mjs"), "program.wasm", "plan.json"], capture_output=True, text=True, check=False)
    if ran.returncode:
        sys.exit(ran.stderr)
    told = json.loads(ran.stdout)
    data = bytes.fromhex(told["numbers"])
    numbers = [int.from_bytes(data[i:i + 4], "little") for i in range(0, len(data), 4)]
    problems = check_layout(records, layouts, numbers)
    for f, call, one in zip(functions, calls, told["calls"]):
        problem = compare(call, one)
        if problem:
            types = "".join(record.c() for record in records if record.name.startswith(f["name"].replace("n", "r") + "_"))
            problems.append(f"{f['name']}({', '.join(f['params'])}) -> {f['result']}: {problem}\n{types}")
    return problems


def main():
    numbers = [int(word) for word in sys.argv[1:] if word != "--simd128"] + [None, None]
    count, seed = numbers[0] or 200, numbers[1] or 1
    batch, problems = 200, []
    for first in range(0, count, batch):
        problems += run_batch(seed, first, min(batch, count - first))
    for problem in problems[:20]:
        print(problem)
    print(f"wasm32:vectors={MODE}: {count} signatures, seed {seed}: {len(problems)} mismatches")
    sys.exit(1 if problems else 0)


if __name__ == "__main__":
    main()
