"""Types of the round trip: how each is written in an interface file, in Nim and in C.

A type has an `id`, and both languages get fill_ID and check_ID for it. `same` says that both sides
store it alike down to the last byte, so that it may stand behind pointers; the values of the others
are converted on the way. Sizes are C's, and used only to aim at the limits.
"""
from dataclasses import dataclass, field


@dataclass
class Type:
    id: str
    abi: str  # a type expression of the interface language
    nim: str
    c: str
    size: int
    align: int
    kind: str = "scalar"
    same: bool = True
    traced: bool = False  # Nim's memory manager looks after it: only Nim makes one
    decl_abi: str = ""  # an entry under `types:`
    decl_nim: str = ""
    decl_c: str = ""
    body_nim: str = ""  # fill_ID and check_ID
    body_c: str = ""
    by_address: bool = False  # in C the parameter is a pointer to the first element
    parts: list = field(default_factory=list)
    header: str = ""  # in C, the path to the pointer to Nim's run-time type

    @property
    def miscounted(self):
        """Nim takes a long double for 8 bytes, and aligns no heap to more than 8: not for the heap."""
        return self.id == "c_longdouble" or self.align > 8 or any(part.miscounted for part in self.parts)


@dataclass
class Arg:
    """A parameter of a function type. mode: value, ref, mutref, slice"""
    type: Type
    mode: str = "value"

    @property
    def abi(self):
        return self.type.abi if self.mode == "value" else f"{self.mode}<{self.type.abi}>"

    @property
    def nim(self):
        forms = {"value": "{}", "ref": "ptr {}", "mutref": "var {}", "slice": "openArray[{}]"}
        return forms[self.mode].format(self.type.nim)


@dataclass
class FnType:
    """A function pointer, or a closure."""
    id: str
    params: list  # Arg, or None for the user data
    result: Type
    data_at: int  # which argument is the user data; None: there is none
    convention: str
    closure: bool

    @property
    def abi_signature(self):
        params = [p.abi if p else "mutptr<void>" for p in self.params]
        result = f" -> {self.result.abi}" if self.result else ""
        return f"({'; '.join(params)}){result}"


def scalar(id, nim, c, size, align=None):
    return Type(id, id, nim, c, size, align or size)


SCALARS = [
    scalar("bool", "bool", "bool", 1), scalar("i8", "int8", "int8_t", 1),
    scalar("i16", "int16", "int16_t", 2), scalar("i32", "int32", "int32_t", 4),
    scalar("i64", "int64", "int64_t", 8), scalar("u8", "uint8", "uint8_t", 1),
    scalar("u16", "uint16", "uint16_t", 2), scalar("u32", "uint32", "uint32_t", 4),
    scalar("u64", "uint64", "uint64_t", 8), scalar("ssize", "int", "intptr_t", 8),
    scalar("uptr", "uint", "uintptr_t", 8), scalar("size", "csize_t", "size_t", 8),
    scalar("c_char", "char", "char", 1), scalar("c_schar", "cschar", "signed char", 1),
    scalar("c_uchar", "cuchar", "unsigned char", 1), scalar("c_short", "cshort", "short", 2),
    scalar("c_ushort", "cushort", "unsigned short", 2), scalar("c_int", "cint", "int", 4),
    scalar("c_uint", "cuint", "unsigned", 4), scalar("c_long", "clong", "long", 8),
    scalar("c_ulong", "culong", "unsigned long", 8),
    scalar("c_longlong", "clonglong", "long long", 8),
    scalar("c_ulonglong", "culonglong", "unsigned long long", 8),
    scalar("f32", "float32", "float", 4), scalar("f64", "float64", "double", 8),
    scalar("c_float", "cfloat", "float", 4), scalar("c_double", "cdouble", "double", 8),
]
LONGDOUBLE = scalar("c_longdouble", "clongdouble", "long double", 16)
POINTER = Type("pointer", "mutptr<void>", "pointer", "void *", 8, 8)
CSTRING = Type("cstring", "cstring", "cstring", "const char *", 8, 8)
BY_ID = {t.id: t for t in SCALARS}
F32, F64 = BY_ID["f32"], BY_ID["f64"]


def round_up(value, align):
    return -(-value // align) * align


def layout(fields):
    size, align = 0, 1
    for _, type in fields:
        size = round_up(size, type.align) + type.size
        align = max(align, type.align)
    return round_up(size, align), align


class Pool:
    """The types of one interface, in the order in which they are declared."""

    def __init__(self, rng):
        self.rng = rng
        self.types = []
        self.functions = []  # FnType
        self.count = 0

    def name(self, prefix):
        self.count += 1
        return f"{prefix}{self.count}"

    def add(self, type):
        self.types.append(type)
        return type

    # ---- leaves -------------------------------------------------------------------------------

    def enum(self, values, base=None, stored=None):
        """base: as the interface writes it; stored: what Nim's choice is, if there is no base."""
        id = self.name("Enum")
        bits = BY_ID[base or stored]
        names = [f"{id.lower()}{'abcdefgh'[i]}" for i in range(len(values))]
        pairs = list(zip(names, values))
        entries = ", ".join(f"{n}: {v}" for n, v in pairs)
        nim_size = f" {{.size: {bits.size}.}}" if base else ""
        nim_values = ", ".join(f"{n} = {v}" for n, v in pairs)
        listed = ", ".join(str(v) for v in values)
        if base:
            decl_c = f"typedef {bits.c} {id};"
        else:
            decl_c = f"typedef enum {{ {nim_values} }} {id};"
        cases = "\n".join(f"  of {i}: x = {n}" for i, n in enumerate(names[:-1]))
        c_size = bits.size if base else 4
        return self.add(Type(
            id, id, id, id, c_size, c_size, "enum", same=c_size == bits.size,
            decl_abi=f"{id}: {{enum: {{{entries}}}" + (f", base: {base}" if base else "") + "}",
            decl_nim=f"{id}{nim_size} = enum {nim_values}", decl_c=decl_c,
            body_c=f"static void fill_{id}({id} *x, uint64_t seed)\n{{\n"
                   f"    static const int64_t values[] = {{{listed}}};\n"
                   f"    *x = ({id})values[rt_value(seed) % {len(values)}];\n}}\n"
                   f"static void check_{id}({id} const *x, uint64_t seed, const char *what)\n{{\n"
                   f"    {id} want;\n    fill_{id}(&want, seed);\n    RT_BYTES({id});\n}}\n",
            body_nim=f"proc fill_{id}(x: var {id}, seed: uint64) =\n"
                     f"  case rt_value(seed) mod {len(values)}\n{cases}\n"
                     f"  else: x = {names[-1]}\n"
                     f"proc check_{id}(x: {id}, seed: uint64, what: cstring) =\n"
                     f"  var want: {id}\n  fill_{id}(want, seed)\n"
                     f"  if x != want: rt_mismatch(what, \"{id}\")\n"))

    def bitset(self, count, low=0):
        id = self.name("Set")
        size = next((s for s in (1, 2, 4, 8) if count <= 8 * s), None)
        big = size is None
        size = size or -(-count // 8)
        used = -(-count // 8)
        last = 0xff >> (8 * used - count)
        decl_c = (f"typedef uint8_t {id}[{size}];" if big
                  else f"typedef uint{8 * size}_t {id};")
        loop = (f"    memset(x, 0, sizeof *x);\n    for (size_t i = 0; i < {used}; i++)\n"
                f"        ((uint8_t *)x)[i] = (uint8_t)rt_value(rt_mix(seed, i));\n"
                f"    ((uint8_t *)x)[{used - 1}] &= {last};\n")
        nim = f"set[char]" if count == 256 else f"set[{low}'i16 .. {low + count - 1}'i16]"
        return self.add(Type(
            id, f"bitset<{count}>", id, id, size, 1 if big else size, "set", by_address=big,
            decl_nim=f"{id} = {nim}", decl_c=decl_c,
            body_c=f"static void fill_{id}({id} *x, uint64_t seed)\n{{\n{loop}}}\n"
                   f"static void check_{id}({id} const *x, uint64_t seed, const char *what)\n{{\n"
                   f"    {id} want;\n    fill_{id}(&want, seed);\n    RT_BYTES({id});\n}}\n",
            body_nim=f"proc fill_{id}(x: var {id}, seed: uint64) =\n"
                     f"  var bytes: array[{size}, uint8]\n"
                     f"  for i in 0 ..< {used}: bytes[i] = cast[uint8](rt_value(rt_mix(seed, uint64(i))))\n"
                     f"  bytes[{used - 1}] = bytes[{used - 1}] and {last}'u8\n"
                     f"  copyMem(addr x, addr bytes, {size})\n"
                     f"proc check_{id}(x: {id}, seed: uint64, what: cstring) =\n"
                     f"  var want: {id}\n  fill_{id}(want, seed)\n"
                     f"  if x != want: rt_mismatch(what, \"{id}\")\n"))

    # ---- aggregates ---------------------------------------------------------------------------

    def array(self, element, count):
        id = self.name("Array")
        return self.add(Type(
            id, f"array<{element.abi}; {count}>", id, id, element.size * count, element.align,
            "array", same=element.same, traced=element.traced, by_address=True, parts=[element],
            decl_nim=f"{id} = array[{count}, {element.nim}]",
            decl_c=f"typedef {element.c} {id}[{count}];",
            body_c=f"static void fill_{id}({id} *x, uint64_t seed)\n{{\n"
                   f"    for (size_t i = 0; i < {count}; i++)\n"
                   f"        fill_{element.id}(&(*x)[i], rt_mix(seed, i));\n}}\n"
                   f"static void check_{id}({id} const *x, uint64_t seed, const char *what)\n{{\n"
                   f"    for (size_t i = 0; i < {count}; i++)\n"
                   f"        check_{element.id}(&(*x)[i], rt_mix(seed, i), what);\n}}\n",
            body_nim=f"proc fill_{id}(x: var {id}, seed: uint64) =\n"
                     f"  for i in 0 ..< {count}: fill_{element.id}(x[i], rt_mix(seed, uint64(i)))\n"
                     f"proc check_{id}(x: {id}, seed: uint64, what: cstring) =\n"
                     f"  for i in 0 ..< {count}: check_{element.id}(x[i], rt_mix(seed, uint64(i)), what)\n"))

    def record_bodies(self, id, fields, c_path="x->", nim_path="x.", base=None):
        fill_c, check_c, fill_nim, check_nim = [], [], [], []
        for i, (name, type) in enumerate(fields):
            seed_c, seed_nim = f"rt_mix(seed, {i})", f"rt_mix(seed, {i})"
            fill_c.append(f"    fill_{type.id}(&{c_path}{name}, {seed_c});\n")
            check_c.append(f"    check_{type.id}(&{c_path}{name}, {seed_c}, what);\n")
            fill_nim.append(f"  fill_{type.id}({nim_path}{name}, {seed_nim})\n")
            check_nim.append(f"  check_{type.id}({nim_path}{name}, {seed_nim}, what)\n")
        if base:
            fill_c.append(f"    fill_{base.id}(&x->Sup, rt_mix(seed, 90));\n")
            check_c.append(f"    check_{base.id}(&x->Sup, rt_mix(seed, 90), what);\n")
            fill_nim.append(f"  fill_{base.id}({base.id}(x), rt_mix(seed, 90))\n")
            check_nim.append(f"  check_{base.id}({base.id}(x), rt_mix(seed, 90), what)\n")
        unused_c = "" if fields or base else "    (void)x, (void)seed;\n"
        unused_check = "" if fields or base else "    (void)x, (void)seed, (void)what;\n"
        return dict(
            body_c=f"static void fill_{id}({id} *x, uint64_t seed)\n{{\n{unused_c}{''.join(fill_c)}}}\n"
                   f"static void check_{id}({id} const *x, uint64_t seed, const char *what)\n{{\n"
                   f"{unused_check}{''.join(check_c)}}}\n",
            body_nim=f"proc fill_{id}(x: var {id}, seed: uint64) =\n{''.join(fill_nim) or '  discard' + chr(10)}"
                     f"proc check_{id}(x: {id}, seed: uint64, what: cstring) =\n"
                     f"{''.join(check_nim) or '  discard' + chr(10)}")

    def aligned(self, fields, bytes):
        """A struct whose second field is aligned to more than it needs."""
        id = self.name("Aligned")
        (first, a), (second, b), (third, c) = fields
        end = round_up(round_up(a.size, bytes) + b.size, c.align) + c.size
        return self.add(Type(
            id, id, id, id, round_up(end, bytes), bytes, "struct", parts=[a, b, c],
            decl_abi=f"{id}: {{struct: {{{first}: {a.abi}, {second}: {{type: {b.abi}, align: {bytes}}}, "
                     f"{third}: {c.abi}}}}}",
            decl_nim=f"{id} = object\n    {first}: {a.nim}\n    {second} {{.align: {bytes}.}}: {b.nim}\n"
                     f"    {third}: {c.nim}",
            decl_c=f"typedef struct {id} {{\n    {a.c} {first};\n    _Alignas({bytes}) {b.c} {second};\n"
                   f"    {c.c} {third};\n}} {id};",
            **self.record_bodies(id, fields)))

    def record(self, fields, prefix="Struct", facts=(), base=None):
        """A struct: Nim object. base: another, which it extends."""
        id = self.name(prefix)
        if base:  # Nim wants names that the base has not used
            fields = [(f"{n}_{self.count}", t) for n, t in fields]
        inner = ([("Sup", base)] if base else []) + fields
        if "inheritable" in facts and "pure" not in facts:
            inner = [("m_type", POINTER)] + inner
            header = "m_type"
        else:
            header = base and base.header and f"Sup.{base.header}"
        size, align = layout(inner)
        # C's empty struct has no bytes, Nim's has one.
        same = all(t.same for _, t in inner) and size > 0
        facts_abi = f", facts: [{', '.join(facts)}]" if facts else ""
        base_abi = f", base: {base.id}" if base else ""
        pragmas = f" {{.{', '.join(facts)}.}}" if facts else ""
        of_base = f" of {base.nim}" if base else ""
        fields_abi = ", ".join(f"{n}: {t.abi}" for n, t in fields)
        fields_nim = "".join(f"\n    {n}: {t.nim}" for n, t in fields)
        fields_c = "".join(f"    {t.c} {n};\n" for n, t in inner)
        bodies = self.record_bodies(id, fields, base=base)
        if header:  # the fill of C, which comes first
            bodies["body_c"] = f"void *m_type_{id};\n" + bodies["body_c"].replace(
                "}\n", f"    x->{header} = m_type_{id};\n}}\n", 1)
        return self.add(Type(
            id, id, id, id, size, align, "struct", same=same, header=header,
            traced=any(t.traced for _, t in inner), parts=[t for _, t in inner],
            decl_abi=f"{id}: {{struct: {{{fields_abi}}}{base_abi}{facts_abi}}}",
            decl_nim=f"{id}{pragmas} = object{of_base}{fields_nim}",
            decl_c=f"typedef struct {id} {{\n{fields_c}}} {id};", **bodies))

    def tuple(self, members):
        id = self.name("Tuple")
        fields = [(f"Field{i}", t) for i, t in enumerate(members)]
        size, align = layout(fields)
        bodies = self.record_bodies(id, fields)
        for i in range(len(members)):
            bodies["body_nim"] = bodies["body_nim"].replace(f"x.Field{i},", f"x[{i}],")
        fields_c = "".join(f"    {t.c} {n};\n" for n, t in fields)
        return self.add(Type(
            id, f"tuple<{'; '.join(t.abi for t in members)}>", id, id, size, align, "tuple",
            same=all(t.same for t in members), parts=members,
            decl_nim=f"{id} = ({', '.join(t.nim for t in members)}{',' * (len(members) == 1)})",
            decl_c=f"typedef struct {id} {{\n{fields_c}}} {id};", **bodies))

    def distinct(self, type):
        id = self.name("Distinct")
        return self.add(Type(
            id, id, id, id, type.size, type.align, "distinct", same=type.same, parts=[type],
            by_address=type.by_address,
            decl_abi=f"{id}: {{newtype: {type.abi}}}",
            decl_nim=f"{id} = distinct {type.nim}", decl_c=f"typedef {type.c} {id};",
            body_c=f"static void fill_{id}({id} *x, uint64_t seed)\n{{\n    fill_{type.id}(x, seed);\n}}\n"
                   f"static void check_{id}({id} const *x, uint64_t seed, const char *what)\n{{\n"
                   f"    check_{type.id}(x, seed, what);\n}}\n",
            body_nim=f"proc fill_{id}(x: var {id}, seed: uint64) = "
                     f"fill_{type.id}(cast[ptr {type.nim}](addr x)[], seed)\n"
                     f"proc check_{id}(x: {id}, seed: uint64, what: cstring) = "
                     f"check_{type.id}({type.nim}(x), seed, what)\n"))

    def union(self, members):
        """Which member is alive is a function of the seed."""
        id = self.name("Union")
        fields = [(f"u{i}", t) for i, t in enumerate(members)]
        align = max(t.align for t in members)
        size = round_up(max(t.size for t in members), align)
        n = len(members)
        c = lambda verb, amp, tail: "".join(
            f"    case {i}: {verb}_{t.id}({amp}x->{f}, rt_mix(seed, {i}){tail}); break;\n"
            for i, (f, t) in enumerate(fields))
        nim = lambda verb, tail: "".join(
            f"  of {i}: {verb}_{t.id}(x.{f}, rt_mix(seed, {i}){tail})\n"
            for i, (f, t) in enumerate(fields))
        return self.add(Type(
            id, id, id, id, size, align, "union", same=all(t.same for t in members), parts=members,
            decl_abi=f"{id}: {{union: {{{', '.join(f'{f}: {t.abi}' for f, t in fields)}}}}}",
            decl_nim=f"{id} {{.union.}} = object" + "".join(f"\n    {f}: {t.nim}" for f, t in fields),
            decl_c=f"typedef union {id} {{\n" + "".join(f"    {t.c} {f};\n" for f, t in fields) + f"}} {id};",
            body_c=f"static void fill_{id}({id} *x, uint64_t seed)\n{{\n"
                   f"    switch (rt_value(seed) % {n}) {{\n{c('fill', '&', '')}    }}\n}}\n"
                   f"static void check_{id}({id} const *x, uint64_t seed, const char *what)\n{{\n"
                   f"    switch (rt_value(seed) % {n}) {{\n{c('check', '&', ', what')}    }}\n}}\n",
            body_nim=f"proc fill_{id}(x: var {id}, seed: uint64) =\n"
                     f"  case rt_value(seed) mod {n}\n{nim('fill', '')}  else: discard\n"
                     f"proc check_{id}(x: {id}, seed: uint64, what: cstring) =\n"
                     f"  case rt_value(seed) mod {n}\n{nim('check', ', what')}  else: discard\n"))

    def variant(self, tag_base, branches):
        """Nim's `case` object; in the interface a struct of a tag and a union."""
        id = self.name("Variant")
        values = list(range(len(branches)))
        tag = self.enum(values, base=tag_base, stored="u8")
        names = [f"{tag.id.lower()}{'abcdefgh'[i]}" for i in values]
        members, nim_branches, fill_nim, check_nim, fill_c, check_c = [], [], "", "", "", ""
        for k, fields in enumerate(branches):
            fields = [(f"b{k}f{i}", t) for i, t in enumerate(fields)]
            member = f"b{k}"
            if len(fields) == 1:
                members.append((member, fields[0][1]))
            elif fields:
                members.append((member, self.record(fields, prefix=f"{id}Branch", facts=())))
                self.types[-1].kind = "branch"
                self.types[-1].decl_nim = self.types[-1].body_nim = ""
            nim_branches.append(f"\n    of {names[k]}:" + (
                "".join(f"\n      {n}: {t.nim}" for n, t in fields) or " discard"))
            fill_nim += f"  of {k}:\n    x = {id}(kind: {names[k]})\n"
            check_nim += (f"  of {k}:\n    if x.kind != {names[k]}:\n      rt_mismatch(what, \"{id}.kind\")\n"
                          "      return\n")
            fill_c += f"    case {k}:\n        x->kind = ({tag.c}){k};\n"
            check_c += (f"    case {k}:\n        if (x->kind != {k}) {{\n"
                        f"            rt_mismatch(what, \"{id}.kind\");\n            return;\n        }}\n")
            for i, (n, t) in enumerate(fields):
                c_path = f"x->u.{member}" + ("" if len(fields) == 1 else f".{n}")
                seed = f"rt_mix(seed, {10 * k + i})"
                fill_nim += f"    fill_{t.id}(x.{n}, {seed})\n"
                check_nim += f"    check_{t.id}(x.{n}, {seed}, what)\n"
                fill_c += f"        fill_{t.id}(&{c_path}, {seed});\n"
                check_c += f"        check_{t.id}(&{c_path}, {seed}, what);\n"
            fill_c += "        break;\n"
            check_c += "        break;\n"
        union_align = max(t.align for _, t in members)
        union = Type("", "", "", "", round_up(max(t.size for _, t in members), union_align), union_align)
        size, align = layout([("kind", tag), ("u", union)])
        n = len(branches)
        return self.add(Type(
            id, id, id, id, size, align, "variant", same=tag.same and all(t.same for _, t in members),
            parts=[tag] + [t for _, t in members],
            decl_abi=f"{id}_u: {{union: {{{', '.join(f'{m}: {t.abi}' for m, t in members)}}}}}\n"
                     f"  {id}: {{struct: {{kind: {tag.abi}, u: {id}_u}}}}",
            decl_nim=f"{id} = object\n    case kind: {tag.nim}" + "".join(nim_branches),
            decl_c=f"typedef struct {id} {{\n    {tag.c} kind;\n    union {{\n"
                   + "".join(f"        {t.c} {m};\n" for m, t in members) + f"    }} u;\n}} {id};",
            body_c=f"static void fill_{id}({id} *x, uint64_t seed)\n{{\n"
                   f"    switch (rt_value(seed) % {n}) {{\n{fill_c}    }}\n}}\n"
                   f"static void check_{id}({id} const *x, uint64_t seed, const char *what)\n{{\n"
                   f"    switch (rt_value(seed) % {n}) {{\n{check_c}    }}\n}}\n",
            body_nim=f"proc fill_{id}(x: var {id}, seed: uint64) =\n"
                     f"  case rt_value(seed) mod {n}\n{fill_nim}  else: discard\n"
                     f"proc check_{id}(x: {id}, seed: uint64, what: cstring) =\n"
                     f"  case rt_value(seed) mod {n}\n{check_nim}  else: discard\n"))
