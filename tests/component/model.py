"""The canonical ABI's sizes, alignments and flat types, restated from its document; and random types.

A type is a word ("u8", "string", "handle"), or a tuple: ("list", T), ("array", T, N), ("record", [T...]), ("tuple", [T...]),
("variant", [T or None...]), ("enum", N), ("flags", N), ("option", T), ("result", T or None, T or None).
"""
SCALARS = {"bool": 1, "u8": 1, "i8": 1, "u16": 2, "i16": 2, "u32": 4, "i32": 4, "u64": 8, "i64": 8, "f32": 4, "f64": 8, "char": 4,
           "handle": 4}
FLAT = {"u64": "i64", "i64": "i64", "f32": "f32", "f64": "f64"}
MAX_PARAMS, MAX_RESULTS = 16, 1


def cases(t):
    """What the cases of a sum hold; None: it is no sum."""
    if isinstance(t, tuple):
        return {"variant": lambda: t[1], "option": lambda: [None, t[1]], "result": lambda: [t[1], t[2]],
                "enum": lambda: [None] * t[1]}.get(t[0], lambda: None)()
    return None


def tag_size(count):
    return 1 if count <= 256 else 2 if count <= 65536 else 4


def measure(t):
    """(size, align)"""
    if t in ("string",) or (isinstance(t, tuple) and t[0] == "list"):
        return 8, 4
    if isinstance(t, str):
        return SCALARS[t], SCALARS[t]
    if t[0] == "flags":
        size = 1 if t[1] <= 8 else 2 if t[1] <= 16 else 4
        return size, size
    if t[0] == "array":
        size, align = measure(t[1])
        return size * t[2], align
    if t[0] in ("record", "tuple"):
        _, size, align = places(t[1])
        return size, align
    holds = [measure(c) for c in cases(t) if c is not None]
    tag = tag_size(len(cases(t)))
    inner = max([a for _, a in holds], default=1)
    align = max(tag, inner)
    size = -(-tag // inner) * inner + max([s for s, _ in holds], default=0)
    return -(-size // align) * align, align


def places(types):
    """Offsets of fields, the size and the alignment of them all."""
    offsets, at, align = [], 0, 1
    for t in types:
        size, own = measure(t)
        at = -(-at // own) * own
        offsets.append(at)
        at, align = at + size, max(align, own)
    return offsets, -(-at // align) * align, align


def payload_offset(t):
    holds = [measure(c)[1] for c in cases(t) if c is not None]
    tag = tag_size(len(cases(t)))
    return -(-tag // max(holds, default=1)) * max(holds, default=1)


def join(a, b):
    return a if a == b else "i32" if {a, b} == {"i32", "f32"} else "i64"


def flatten(t):
    if t == "string" or (isinstance(t, tuple) and t[0] == "list"):
        return ["i32", "i32"]
    if isinstance(t, str):
        return [FLAT.get(t, "i32")]
    if t[0] == "flags":
        return ["i32"]
    if t[0] == "array":
        return flatten(t[1]) * t[2]
    if t[0] in ("record", "tuple"):
        return [word for field in t[1] for word in flatten(field)]
    words = []
    for case in cases(t):
        for i, word in enumerate(flatten(case) if case is not None else []):
            if i < len(words):
                words[i] = join(words[i], word)
            else:
                words.append(word)
    return ["i32"] + words


def core(params, result, role):
    """The types of a core function: (params, results)."""
    ins = [word for p in params for word in flatten(p)]
    outs = flatten(result) if result is not None else []
    if len(ins) > MAX_PARAMS:
        ins = ["i32"]
    if len(outs) > MAX_RESULTS:
        return (ins, ["i32"]) if role == "export" else (ins + ["i32"], [])
    return ins, outs


def make_type(chance, depth):
    word = list(SCALARS) + ["string"]
    if depth == 0 or chance.random() < 0.35:
        return chance.choice(word)
    kind = chance.choice(["list", "record", "record", "tuple", "variant", "variant", "enum", "flags", "option", "result", "array"])
    inner = lambda: make_type(chance, depth - 1)
    if kind == "list":
        return "list", inner()
    if kind == "array":
        return "array", inner(), chance.randint(1, 3)
    if kind in ("record", "tuple"):
        return kind, [inner() for _ in range(chance.randint(1, 5))]
    if kind == "variant":
        count = chance.choice([1, 2, 3, 5, 256, 257])
        return kind, [inner() if i < 4 and chance.random() < 0.7 else None for i in range(count)]
    if kind == "enum":
        return kind, chance.choice([1, 2, 255, 256, 257, 300])
    if kind == "flags":
        return kind, chance.choice([1, 8, 9, 16, 17, 32])
    if kind == "option":
        return kind, inner()
    return kind, inner() if chance.random() < 0.7 else None, inner() if chance.random() < 0.7 else None
