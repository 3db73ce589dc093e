"""C's records, by hand and at random: as interface files say them, and as C does.

A record has everything that decides where bytes go: bit-fields of every base, `packed`, `pack: N` and `align` on types and
fields, arrays (of no elements, and flexible ones), anonymous members, enums, vectors and complex numbers.
"""
import random

INTEGERS = [  # interface, C, bits at most (0: what the target says, at least 32)
    ("u8", "unsigned char", 8), ("i8", "signed char", 8), ("c_char", "char", 8), ("c_short", "short", 16),
    ("u16", "unsigned short", 16), ("c_int", "int", 32), ("u32", "unsigned int", 32), ("c_long", "long", 32),
    ("c_ulong", "unsigned long", 32), ("c_longlong", "long long", 64), ("u64", "unsigned long long", 64),
    ("bool", "_Bool", 1)]
FLOATS = [("f32", "float"), ("f64", "double"), ("c_longdouble", "long double")]
POINTERS = [("ptr<void>", "void *"), ("fn(c_int) -> c_int", "int (*{})(int)")]
WIDE_INTEGERS = [("i128", "__int128", 128), ("u128", "unsigned __int128", 128)]
COMPLEX_FLOATS = [("complex<f32>", "_Complex float"), ("complex<f64>", "_Complex double"),
                  ("complex<c_longdouble>", "_Complex long double")]
VECTOR_ELEMENTS = [("f32", "float", 4), ("f64", "double", 8), ("c_int", "int", 4), ("i8", "signed char", 1),
                   ("u16", "unsigned short", 2), ("c_longlong", "long long", 8)]
ENUMS = {  # name: (interface, C); C chooses what holds them
    "e_small": ("{enum: [e0, e1, e2]}", "enum e_small {e_small0, e_small1, e_small2}"),
    "e_sign": ("{enum: {m: -1, e: 1}}", "enum e_sign {e_sign_m = -1, e_sign_e = 1}"),
    "e_wide": ("{enum: {z: 0, w: 0x123456789ab}}", "enum e_wide {e_wide_z, e_wide_w = 0x123456789abLL}"),
    "e_deep": ("{enum: {z: -1, w: 0x123456789ab}}", "enum e_deep {e_deep_z = -1, e_deep_w = 0x123456789abLL}"),
}
WIDE_ENUMS = ["e_wide", "e_deep"]  # the feature wide_enum
ENUM_BITS = {"e_small": 32, "e_sign": 32, "e_wide": 64, "e_deep": 64}


class Type:
    """`text`: in interfaces. `declare(name)`: in C."""

    def __init__(self, text, c_text, bits=0):
        self.text, self.c_text, self.bits = text, c_text, bits

    def declare(self, name):
        return self.c_text.replace("{}", name) if "{}" in self.c_text else f"{self.c_text} {name}"


class Vector(Type):
    def __init__(self, element, c_element, element_bytes, bytes_):
        super().__init__(f"vector<{element}, {bytes_ // element_bytes}>", f"v_{element}_{bytes_}")
        self.typedef = f"typedef {c_element} {self.c_text} __attribute__((vector_size({bytes_})))"


class Array(Type):
    def __init__(self, element, count):  # count None: flexible
        super().__init__(f"array<{element.text}>" if count is None else f"array<{element.text}, {count}>", None)
        self.element, self.count = element, count

    def declare(self, name):
        return self.element.declare(f"{name}[{'' if self.count is None else self.count}]")


class Named(Type):
    def __init__(self, record):
        super().__init__(record.name, f"{record.keyword} {record.name}")
        self.record = record


class Field:
    def __init__(self, name, kind, bits=None, packed=False, align=0):
        self.name, self.kind, self.bits, self.packed, self.align = name, kind, bits, packed, align

    def interface(self):
        words = [f"name: {self.name}"] if self.name else []
        if isinstance(self.kind, Record):
            words.append(f"type: {self.kind.interface()}")
        else:
            words.append(f'type: "{self.kind.text}"')
        if self.bits is not None:
            words.append(f"bits: {self.bits}")
        if self.packed:
            words.append("packed: true")
        if self.align:
            words.append(f"align: {self.align}")
        return "{" + ", ".join(words) + "}"

    def c(self):
        words = (["packed"] if self.packed else []) + ([f"aligned({self.align})"] if self.align else [])
        if isinstance(self.kind, Record):
            text = f"{self.kind.c_body()} {self.name or ''}".rstrip()
        else:
            text = self.kind.declare(self.name or "").rstrip()
        if self.bits is not None:
            text += f" : {self.bits}"
        return text + (f" __attribute__(({', '.join(words)}))" if words else "") + ";"


class Record:
    """A struct or union; without a name one that is defined where it is used."""

    def __init__(self, name, fields, is_union=False, packed=False, pack=0, align=0):
        self.name, self.fields, self.is_union = name, fields, is_union
        self.packed, self.pack, self.align = packed, pack, align
        self.keyword = "union" if is_union else "struct"

    def interface(self):
        words = [f"{self.keyword}: [{', '.join(field.interface() for field in self.fields)}]"]
        if self.packed:
            words.append("packed: true")
        if self.pack:
            words.append(f"pack: {self.pack}")
        if self.align:
            words.append(f"align: {self.align}")
        return "{" + ", ".join(words) + "}"

    def c_body(self):
        words = (["packed"] if self.packed else []) + ([f"aligned({self.align})"] if self.align else [])
        attribute = f"__attribute__(({', '.join(words)})) " if words else ""
        return f"{self.keyword} {attribute}{self.name or ''} {{{' '.join(field.c() for field in self.fields)}}}"

    def c(self):
        text = self.c_body() + ";"
        return f"#pragma pack(push, {self.pack})\n{text}\n#pragma pack(pop)\n" if self.pack else text + "\n"

    def is_empty(self):
        """No bytes in C, or a few that are no multiple of the alignment."""
        return all(field.bits == 0 or has_no_bytes(field.kind) for field in self.fields)

    def used(self):
        """Records with names that are parts of this one, inner ones first, then itself."""
        found = []
        for field in self.fields:
            kind = field.kind
            while isinstance(kind, Array):
                kind = kind.element
            for record in kind.used() if isinstance(kind, Record) else kind.record.used() if isinstance(kind, Named) else []:
                if record not in found:
                    found.append(record)
        return found + ([self] if self.name else [])

    def typedefs(self):
        """Of vectors in its own fields."""
        found = []
        for field in self.fields:
            kind = field.kind
            while isinstance(kind, Array):
                kind = kind.element
            if isinstance(kind, Vector):
                found.append(kind.typedef)
            elif isinstance(kind, Record):
                found += kind.typedefs()
        return found

    def members(self, prefix=""):
        """(path, field) of every field that C can name; those of anonymous members are one's own."""
        for field in self.fields:
            if field.name:
                yield prefix + field.name, field
            if isinstance(field.kind, Record):
                yield from field.kind.members(prefix + (f"{field.name}." if field.name else ""))


def has_no_bytes(kind):
    if isinstance(kind, Array):
        return not kind.count or has_no_bytes(kind.element)
    record = kind.record if isinstance(kind, Named) else kind
    return isinstance(record, Record) and record.is_empty()


class Random:
    """Random records; `features`: names of what the compilers of the target have (probe.FEATURES)."""

    def __init__(self, seed, features, count):
        self.random, self.features, self.records = random.Random(seed), features, []
        self.serial = 0
        self.enums = [name for name in ENUMS if name not in WIDE_ENUMS or "wide_enum" in features]
        for i in range(count):
            self.records.append(self.record(f"r{i}"))

    def chance(self, one_in):
        return self.random.randrange(one_in) == 0

    def scalar(self):
        choice = self.random.randrange(12)
        if choice < 7:
            return Type(*self.random.choice(INTEGERS))
        if choice < 9:
            return Type(*self.random.choice(FLOATS))
        if choice == 9:
            return Type(*self.random.choice(POINTERS))
        extra = [Type(name, f"enum {name}") for name in self.enums]
        extra += [Type(*wide) for wide in WIDE_INTEGERS if "int128" in self.features]
        extra += [Type(*kind) for kind in COMPLEX_FLOATS if "complex" in self.features]
        extra += [Type("f16", "_Float16")] if "float16" in self.features else []
        if "vector" in self.features and self.chance(2):
            return Vector(*self.random.choice(VECTOR_ELEMENTS), self.random.choice([8, 16, 16, 32, 64]))
        return self.random.choice(extra)

    def base(self):
        """Of a bit-field."""
        choices = INTEGERS + (WIDE_INTEGERS if "int128" in self.features and self.chance(4) else [])
        if self.chance(8):
            name = self.random.choice(self.enums)
            return Type(name, f"enum {name}", ENUM_BITS[name])
        return Type(*self.random.choice(choices))

    def align(self, one_in):
        return 2 ** self.random.randrange(6) if self.chance(one_in) else 0

    def name(self):
        self.serial += 1
        return f"m{self.serial}"

    def bitfield(self):
        base = self.base()
        bits = self.random.choice([1, base.bits, self.random.randint(1, base.bits), self.random.randint(1, base.bits)])
        name = self.name()
        if self.chance(8):
            name, bits = None, self.random.choice([0, 0, bits])
        align = self.align(14)
        if bits == 64 and "lowered" in self.features:
            align = 0  # README.md, "Left out"
        return Field(name, base, bits, self.chance(12), align)

    def field(self, depth, pack):
        if self.chance(2):
            return self.bitfield()
        kind = self.scalar()
        if self.records and self.chance(4):
            kind = Named(self.random.choice(self.records[-12:]))
        elif depth < 2 and self.chance(8):
            kind = self.record(None, depth + 1, pack)
            if self.chance(2):
                return Field(None, kind)
        if not isinstance(kind, Record) and not has_no_bytes(kind) and self.chance(6):
            kind = Array(kind, self.random.choice([0, 1, 2, 3, 5]))
        return Field(self.name(), kind, None, self.chance(12), self.align(12))

    def record(self, name, depth=0, pack=None):
        """`pack`: of the record around it, which the pragma holds for too."""
        if pack is None:
            pack = 2 ** self.random.randrange(5) if self.chance(6) else 0
        is_union = self.chance(6)
        count = 0 if self.chance(25) else self.random.randint(1, 6)
        fields = [self.field(depth, pack) for _ in range(count)]
        if name and not is_union and any(field.name for field in fields) and self.chance(12):
            fields.append(Field(self.name(), Array(self.scalar(), None)))
        self.fix(fields)
        return Record(name, fields, is_union, self.chance(6), pack, self.align(10))

    @staticmethod
    def fix(fields):
        """A record with a flexible array may be no member of others by strict C, and aligned(1) on it differs."""
        for field in fields:
            inner = field.kind
            while isinstance(inner, Array):
                inner = inner.element
            if isinstance(inner, Named) and inner.record.fields and isinstance(inner.record.fields[-1].kind, Array) and \
                    inner.record.fields[-1].kind.count is None:
                field.kind = Type("c_int", "int")


def used_enums(text):
    return [(name, *texts) for name, texts in ENUMS.items() if name in text]


def interface(records):
    lines = [f"  {record.name}: {record.interface()}" for record in records]
    lines += [f"  {name}: {text}" for name, text, _ in used_enums("\n".join(lines))]
    return "\n".join(["abide: 1", "types:"] + lines) + "\n"


def c_source(records):
    lines = [record.c() for record in records]
    enums = [f"{text};\n" for _, _, text in used_enums("".join(lines))]
    typedefs = dict.fromkeys(f"{typedef};\n" for record in records for typedef in record.typedefs())
    return "".join([*enums, *typedefs, *lines])
