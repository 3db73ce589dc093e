"""
A side in C, written from the specification (system.md) or from what C programs usually do, not from what abide says: the types, the
functions that make, check and drop values, the functions that are called and those that call.
"""
from model import TEXT, length_of, needed_types, one_field, owns, walk

SCALAR_C = {
    "bool": "bool", "char": "uint32_t", "size": "size_t", "ssize": "intptr_t", "uptr": "uintptr_t", "f32": "float",
    "f64": "double", "u128": "cv_u128", "i128": "cv_i128", "c_int": "int", "c_uint": "unsigned", "c_long": "long",
    "c_ulong": "unsigned long", "c_short": "short", "c_uchar": "unsigned char", "c_longlong": "long long",
    "c_ulonglong": "unsigned long long",
    **{f"{s}{n}": f"{'u' if s == 'u' else ''}int{n}_t" for s in "iu" for n in (8, 16, 32, 64)}}
WORD_BYTES = {"bool": 1, "float": 4, "double": 8, "int": 4, "unsigned": 4, "short": 2, "unsigned char": 1,
              **{f"{u}int{n}_t": n // 8 for u in ("", "u") for n in (8, 16, 32, 64)}}  # others: 8
UNSIGNED = {1: "uint8_t", 2: "uint16_t", 4: "uint32_t", 8: "uint64_t"}
POINTER = "void *"


def word_bytes(word):
    return WORD_BYTES.get(word, 8)


class CSide:
    """
    system: System ABI 1. Else C's own forms; nul: strings end in a NUL, status: results are one, notify: closures are parameters;
    wide: strings are UTF-16, and string0 has the form that ends in a NUL where `string` has not, or the other way round.
    """

    def __init__(self, system=False, nul=False, status=False, notify=False, wide=False):
        self.system, self.nul, self.status, self.notify, self.wide = system, nul, status, notify, wide
        self.out, self.declared, self.complete = [], set(), set()

    # ---- the rules: forms ------------------------------------------------------------------------------

    def is_nul(self, t):
        """It is a pointer to units up to a NUL."""
        if t.kind == "cstring":
            return True
        if self.wide and t.kind in ("string", "string0"):
            return self.nul == (t.kind == "string")
        return not self.system and (t.kind == "string0" or (t.kind == "string" and self.nul))

    def unit(self, t):
        is_wide = t.kind in ("string16", "utf16") or (self.wide and t.kind in ("string", "string0"))
        return "uint16_t" if is_wide else "unsigned char"

    def read_text(self, t):
        """The length of the text of seed s, which goes to `text`."""
        lone = f", {'true' if t.kind == 'string16' else 'false'}" if self.unit(t) == "uint16_t" else ""
        return f"cv_text{'16' if lone else ''}(s, {self.may_have_nul(t)}{lone}, text)"

    def check_text(self, t, place, length):
        lone = f", {'true' if t.kind == 'string16' else 'false'}" if self.unit(t) == "uint16_t" else ""
        return f"cv_check_text{'16' if lone else ''}({place}, {length}, s, {self.may_have_nul(t)}{lone}, what);\n"

    def may_have_nul(self, t):
        return "true" if t.kind in ("string", "string16", "utf16") else "false"

    def number_type(self, t):
        """Of enums, flags and of the tags of sums."""
        bits = max(t.values) if t.kind == "flags" else 0
        if t.base:
            return SCALAR_C[t.base]
        if t.kind == "flags":
            if self.system:
                return next(UNSIGNED[n] for n in (1, 2, 4, 8) if bits < 8 * n)  # [L7]
            return "unsigned" if bits < 32 else "unsigned long"
        if t.kind == "enum":  # [L6]
            return ("uint32_t" if min(t.values) >= 0 else "int32_t") if self.system else (
                "unsigned" if min(t.values) >= 0 else "int")
        highest = max(tag for _, tag, _ in t.fields)
        if t.kind == "variant" and not self.system:
            return "unsigned"
        if not self.system:
            return "bool" if t.kind == "option" else "unsigned"
        if t.open:
            return "uint32_t"  # [L15]
        return next(UNSIGNED[n] for n in (1, 2, 4) if highest < 1 << 8 * n)  # [L13]

    def has_niche(self, t):
        t = one_field(t)
        if t.kind in ("cstring", "box", "resource"):
            return True
        if t.kind in TEXT:
            return self.system or self.is_nul(t)
        return self.system and t.kind in ("slice", "seq", "closure")  # [N1]

    def null_case(self, t):
        """The index of the case that a null pointer stands for, or None. [N2] [N3]"""
        if t.kind == "option" and t.fields[1][2] and self.has_niche(t.fields[1][2]):
            return 0
        if self.system and t.kind == "result" and not t.fields[0][2] and t.fields[1][2] and self.has_niche(t.fields[1][2]):
            return 0
        return None

    @staticmethod
    def is_bare(t):
        return t.is_sum and not any(p for _, _, p in t.fields) and not t.open  # [L14]

    def words(self, t):
        """The words of the flat form [C1] to [C4], or None [C5]."""
        if t.kind == "scalar":
            return ["uint64_t"] * 2 if t.text in ("u128", "i128") else [SCALAR_C[t.text]]
        if t.kind in ("enum", "flags"):
            return [self.number_type(t)]
        if t.kind in ("cstring", "resource"):
            return [POINTER]
        if t.kind == "newtype":
            return self.words(t.of)
        if t.kind in TEXT + ("slice", "seq"):
            return [POINTER, "size_t"] + ([POINTER] if t.own or t.kind == "seq" else [])
        if t.kind == "box":
            return [POINTER] * 2
        if t.kind == "closure":  # [L12] [L22]
            return [POINTER] * (3 if t.own else 2)
        if t.kind == "array":
            one = self.words(t.of)
            return None if one is None else one * t.count
        if t.is_sum:
            return self.sum_words(t)
        parts = [self.words(p) for _, p in t.fields]
        return None if None in parts else sum(parts, [])

    def sum_words(self, t):
        payloads = [self.words(p) if p else [] for _, _, p in t.fields]
        if t.open or None in payloads:
            return None
        if self.null_case(t) is not None:
            return payloads[1]
        joined = []
        for i in range(max(map(len, payloads))):
            meet = [p[i] for p in payloads if len(p) > i]
            joined.append(meet[0] if len(set(meet)) == 1 else UNSIGNED[max(map(word_bytes, meet))])
        return ["uint32_t"] + joined

    # ---- types ----------------------------------------------------------------------------------------------

    def alias_of(self, t):
        """What the type is another name of; None: a struct of its own."""
        if t.kind in ("scalar", "enum", "flags"):
            return SCALAR_C[t.text] if t.kind == "scalar" else self.number_type(t)
        if t.kind == "resource":
            return "cv_res *"
        if self.is_nul(t):
            return "uint16_t *" if self.unit(t) == "uint16_t" else "char *"
        if t.kind == "box" and not self.system:
            return self.pointee(t.of)
        if t.kind == "newtype":
            return t.of
        if t.is_sum:
            if self.null_case(t) is not None:
                return t.fields[1][2]
            return self.number_type(t) if self.is_bare(t) else None
        return None

    def pointee(self, t):
        return f"T_{t.id} *"

    def declare(self, t):
        """Pointers to it can be written."""
        if t in self.declared:
            return
        self.declared.add(t)
        alias = self.alias_of(t)
        if alias is None:
            self.out.append(f"typedef struct T_{t.id} T_{t.id};\n")
            return
        if not isinstance(alias, str):
            self.declare(alias)
            alias = f"T_{alias.id}"
        elif t.kind == "box":
            self.declare(t.of)
        self.out.append(f"typedef {alias} T_{t.id};\n")

    def define(self, t):
        self.declare(t)
        if t in self.complete:
            return
        self.complete.add(t)
        alias = self.alias_of(t)
        if alias is not None:
            if not isinstance(alias, str):
                self.define(alias)
            return
        if t.kind == "array":
            self.define(t.of)
            members = f"    T_{t.of.id} items[{t.count}];\n"
        elif t.is_sum:
            members = self.sum_members(t)
        elif t.fields:
            for _, p in t.fields:
                self.define(p)
            members = "".join(f"    T_{p.id} {n};\n" for n, p in t.fields)
        else:
            members = self.sequence_members(t)
        self.out.append(f"struct T_{t.id} {{\n{members}}};\n")

    def sum_members(self, t):
        payloads = [(n, p) for n, _, p in t.fields if p]
        for _, p in payloads:
            self.define(p)
        union = "".join(f"        T_{p.id} {n};\n" for n, p in payloads)
        if t.open:
            union = "        _Alignas(8) unsigned char reserved[64];\n" + union
        return f"    {self.number_type(t)} tag;\n    union {{\n{union}    }} payload;\n"

    def sequence_members(self, t):
        if t.kind == "closure":
            return "    cv_code fn;\n    void *env;\n" + ("    cv_drop drop;\n" if t.own else "")
        if t.of:
            self.declare(t.of)
        element = f"T_{t.of.id}" if t.of else self.unit(t)
        owner = "    cv_owner *owner;\n" if self.system and (t.own or t.kind in ("seq", "box")) else ""
        length = "" if t.kind == "box" else "    size_t len;\n"
        return f"    {element} *ptr;\n{length}{owner}"

    # ---- values ------------------------------------------------------------------------------------------------

    def emit_values(self, types):
        for t in types:
            if t.kind == "scalar":
                continue
            self.out.append(f"static void fill_{t.id}(T_{t.id} *x, uint64_t s);\n"
                            f"static void check_{t.id}(const T_{t.id} *x, uint64_t s, const char *what);\n"
                            f"static void drop_{t.id}(T_{t.id} *x);\n")
        for t in types:
            if t.kind != "scalar":
                fill, check, drop = getattr(self, f"value_{'sum' if t.is_sum else t.kind}")(t)
                self.out.append(
                    f"static void fill_{t.id}(T_{t.id} *x, uint64_t s)\n{{\n    (void)s;\n    memset(x, 0xa5, sizeof *x);\n{fill}}}\n"
                    f"static void check_{t.id}(const T_{t.id} *x, uint64_t s, const char *what)\n{{\n"
                    f"    (void)x, (void)s, (void)what;\n{check}}}\n"
                    f"static void drop_{t.id}(T_{t.id} *x)\n{{\n    (void)x;\n{drop if owns(t) else ''}}}\n")

    def drop(self, t, place):
        return f"    drop_{t.id}({place});\n" if owns(t) else ""

    def value_enum(self, t):
        values = list(t.values)
        if t.open:
            values.append(max(values) + 3)
        if t.kind == "flags":
            ctype = "uint64_t"
            fill = "    uint64_t bits = rt_value(s), value = 0;\n" + "".join(
                f"    value |= bits & (UINT64_C(1) << {b});\n" for b in values)
        else:
            ctype = "int64_t"
            fill = (f"    static const int64_t values[] = {{{', '.join(map(str, values))}}};\n"
                    f"    int64_t value = values[rt_value(s) % {len(values)}];\n")
        check = (f"    T_{t.id} want;\n    fill_{t.id}(&want, s);\n    if (*x != want)\n"
                 f"        rt_mismatch(what, \"{t.id}\");\n")
        return fill + f"    *x = (T_{t.id})value;\n" + (f"    (void)sizeof({ctype});\n"), check, ""

    value_flags = value_enum

    def value_newtype(self, t):
        return (f"    fill_{t.of.id}(x, s);\n", f"    check_{t.of.id}(x, s, what);\n", self.drop(t.of, "x"))

    def value_record(self, t):
        parts = list(enumerate(t.fields))
        return ("".join(f"    fill_{p.id}(&x->{n}, rt_mix(s, {i}));\n" for i, (n, p) in parts),
                "".join(f"    check_{p.id}(&x->{n}, rt_mix(s, {i}), what);\n" for i, (n, p) in parts),
                "".join(self.drop(p, f"&x->{n}") for _, (n, p) in parts))

    value_struct = value_tuple = value_record

    def value_array(self, t):
        loop = f"    for (size_t i = 0; i < {t.count}; i++)\n    "
        return (f"{loop}    fill_{t.of.id}(&x->items[i], rt_mix(s, i));\n",
                f"{loop}    check_{t.of.id}(&x->items[i], rt_mix(s, i), what);\n",
                f"{loop}{self.drop(t.of, '&x->items[i]')}")

    def value_resource(self, t):
        fill = "    *x = cv_res_new(s);\n"
        if not t.own:  # whoever lends it destroys it later
            fill = "    *x = cv_res_lend(s);\n"
        return fill, "    if (!cv_res_is(*x, s))\n        rt_mismatch(what, \"resource\");\n", "    cv_res_drop(*x);\n"

    def value_cstring(self, t):
        return self.text_of(t, "cv_lend")

    def text_of(self, t, make):
        unit = self.unit(t)
        length = "cv_length16(*x)" if unit == "uint16_t" else "strlen(*x)"
        check = ("    if (!*x)\n        rt_mismatch(what, \"null text\");\n    else\n"
                 f"        {self.check_text(t, '*x', length)}")
        fill = (f"    {unit} text[CV_TEXT_BYTES];\n    size_t length = {self.read_text(t)};\n"
                f"    {unit} *copy = {make}((length + 1) * sizeof *copy);\n"
                "    memcpy(copy, text, length * sizeof *copy);\n    copy[length] = 0;\n    *x = (void *)copy;\n")
        return fill, check, "    cv_free(*x);\n"

    def value_string(self, t):
        if self.is_nul(t):
            return self.text_of(t, "cv_alloc" if t.own else "cv_lend")
        end = t.kind == "string0"
        size = "length * sizeof *text"
        if t.own and self.system:
            make = "cv_own_text(length, s, &x->owner)" if end else f"cv_own({size}, s, &x->owner)"
        elif end:
            make = f"{'cv_alloc' if t.own else 'cv_lend'}({size} + sizeof *text)"
        else:
            make = f"length || !cv_is_null(s) ? {'cv_alloc' if t.own else 'cv_lend'}({size}) : NULL"
        fill = (f"    {self.unit(t)} text[CV_TEXT_BYTES];\n    size_t length = {self.read_text(t)};\n"
                f"    x->ptr = {make};\n    x->len = length;\n    if (length)\n        memcpy(x->ptr, text, {size});\n"
                + ("    x->ptr[length] = 0;\n" if end else ""))
        check = f"    {self.check_text(t, 'x->ptr', 'x->len')}"
        if end:
            check += "    if (!x->ptr || x->ptr[x->len] != 0)\n        rt_mismatch(what, \"no NUL at the end\");\n"
        drop = ("    cv_drop_owner(x->owner, x->ptr, x->len * sizeof *x->ptr);\n" if self.system
                else "    cv_free(x->ptr);\n")
        return fill, check, drop

    value_string0 = value_string16 = value_utf16 = value_string

    def value_slice(self, t):
        own = t.kind == "seq"
        size = f"length * sizeof(T_{t.of.id})"
        if own and self.system:
            make = f"cv_own({size}, s, &x->owner)"
        else:
            make = f"length || !cv_is_null(s) ? {'cv_alloc' if own else 'cv_lend'}({size}) : NULL"
        count = length_of(t)
        fill = (f"    size_t length = {count};\n    x->ptr = {make};\n    x->len = length;\n"
                f"    for (size_t i = 0; i < length; i++)\n        fill_{t.of.id}(&x->ptr[i], rt_mix(s, i));\n")
        check = (f"    if (x->len != {count}) {{\n        rt_mismatch(what, \"length of {t.id}\");\n        return;\n"
                 f"    }}\n    for (size_t i = 0; i < x->len; i++)\n        check_{t.of.id}(&x->ptr[i], rt_mix(s, i), what);\n")
        drop = ("    for (size_t i = 0; i < x->len; i++)\n    " + self.drop(t.of, "&x->ptr[i]")) if owns(t.of) else ""
        if own:
            drop += (f"    cv_drop_owner(x->owner, x->ptr, x->len * sizeof(T_{t.of.id}));\n" if self.system
                     else "    cv_free(x->ptr);\n")
        return fill, check, drop

    value_seq = value_slice

    def value_box(self, t):
        at = "x->ptr" if self.system else "*x"
        make = f"cv_own(sizeof(T_{t.of.id}), s, &x->owner)" if self.system else f"cv_alloc(sizeof(T_{t.of.id}))"
        drop = self.drop(t.of, at) + (f"    cv_drop_owner(x->owner, x->ptr, sizeof(T_{t.of.id}));\n" if self.system
                                      else "    cv_free(*x);\n")
        check = f"    if (!{at})\n        rt_mismatch(what, \"null box\");\n    else\n        check_{t.of.id}({at}, rt_mix(s, 1), what);\n"
        return f"    {at} = {make};\n    fill_{t.of.id}({at}, rt_mix(s, 1));\n", check, drop

    def value_closure(self, t):
        """To look at one means to call it; one that is called once can be looked at by who ends it."""
        at = t.lent.id
        make = f"cv_env_own(s, {'true' if t.once else 'false'}, &x->drop)" if t.own else "cv_env_lend(s)"
        fill = f"    x->fn = (cv_code)closure_{at};\n    x->env = {make};\n"
        code = f"(({self.code_name(t)})x->fn)"
        call = self.call(t.sig, code, f"closure {at}", "x->env", f"result_{at}")
        check = f"    if (!x->fn) {{\n        rt_mismatch(what, \"null {t.id}\");\n        return;\n    }}\n"
        if not t.once:
            check += f"    uint32_t seed = cv_env_seed(s);\n{call}"
        drop = "    if (x->drop)\n        x->drop(x->env);\n"
        if t.once:
            drop = f"    uint32_t seed = cv_turn();\n    if (seed % 2) {{\n{drop}        return;\n    }}\n{call}"
        return fill, check, drop

    @staticmethod
    def code_name(t):
        return f"code_{t.lent.id}"

    @staticmethod
    def closures(types):
        return [t for t in types if t.kind == "closure" and t is t.lent]

    def emit_closure_types(self, types):
        for t in self.closures(types):
            name = f"result_{t.id}"
            self.emit_pair_type(t.sig, name)
            params = ", ".join(f"{c} {n}" for c, n in self.params(t.sig, True))
            self.out.append(f"typedef {self.named_result(t.sig, name)} (*{self.code_name(t)})({params});\n"
                            f"static {self.named_result(t.sig, name)} closure_{t.id}({params});\n")

    def emit_closures(self, types):
        for t in self.closures(types):
            name = f"result_{t.id}"
            params = ", ".join(f"{c} {n}" for c, n in self.params(t.sig, True))
            body = self.body(t.sig, f"closure {t.id}").replace("RESULT pair", f"{name} pair")
            self.out.append(f"static {self.named_result(t.sig, name)} closure_{t.id}({params})\n{{\n"
                            f"    cv_env_called(env, seed);\n{body}}}\n")

    def value_sum(self, t):
        count = len(t.fields)
        which = f"rt_value(s) % {count}"
        if self.null_case(t) is not None:
            return self.value_niche(t)
        tag = "*x" if self.is_bare(t) else "x->tag"
        fill = check = drop = ""
        for i, (name, number, p) in enumerate(t.fields):
            number = f"({self.number_type(t)}){number}"
            fill += f"    case {i}:\n        {tag} = {number};\n"
            check += (f"    case {i}:\n        if ({tag} != {number}) {{\n            rt_mismatch(what, \"tag of {t.id}\");\n"
                      f"            return;\n        }}\n")
            if p:
                fill += f"        fill_{p.id}(&x->payload.{name}, rt_mix(s, 1));\n"
                check += f"        check_{p.id}(&x->payload.{name}, rt_mix(s, 1), what);\n"
            if p and owns(p):
                drop += f"    if ({tag} == {number})\n        drop_{p.id}(&x->payload.{name});\n"
            fill += "        break;\n"
            check += "        break;\n"
        switch = f"    switch ({which}) {{\n"
        return f"{switch}{fill}    }}\n", f"{switch}{check}    }}\n", drop

    def value_niche(self, t):
        p = t.fields[1][2]
        null = "    void *first;\n    memcpy(&first, x, sizeof first);\n"
        fill = (f"    void *first = NULL;\n    if (rt_value(s) % 2 == 0) {{\n        memcpy(x, &first, sizeof first);\n        return;\n    }}\n"
                f"    fill_{p.id}(x, rt_mix(s, 1));\n    memcpy(&first, x, sizeof first);\n    if (!first) {{ /* [N5] */\n"
                "        first = (void *)cv_zeros;\n        memcpy(x, &first, sizeof first);\n    }\n")
        check = (f"{null}    if (!first != (rt_value(s) % 2 == 0))\n        rt_mismatch(what, \"null of {t.id}\");\n"
                 f"    else if (first)\n        check_{p.id}(x, rt_mix(s, 1), what);\n")
        return fill, check, f"{null}    if (first)\n        drop_{p.id}(x);\n"

    # ---- words ------------------------------------------------------------------------------------------------

    def emit_words(self, types):
        """To words and back, each in the low bytes of a uint64_t whose other bytes are garbage. [C1] to [C4]"""
        flat = [t for t in types if self.words(t) is not None and len(self.words(t)) <= 4]
        for t in flat:
            to, back = self.words_code(t)
            self.out.append(f"static void lower_{t.id}(const T_{t.id} *x, uint64_t *w)\n{{\n    (void)x, (void)w;\n{to}}}\n"
                            f"static void lift_{t.id}(T_{t.id} *x, const uint64_t *w)\n{{\n"
                            f"    memset(x, 0xa5, sizeof *x);\n    (void)w;\n{back}}}\n")

    def words_code(self, t):
        if t.kind == "newtype" or (t.is_sum and self.null_case(t) is not None):
            of = t.of if t.kind == "newtype" else t.fields[1][2]
            return f"    lower_{of.id}(x, w);\n", f"    lift_{of.id}(x, w);\n"
        if t.kind == "array":
            step = len(self.words(t.of))
            loop = f"    for (size_t i = 0; i < {t.count}; i++)\n        "
            return (f"{loop}lower_{t.of.id}(&x->items[i], w + {step} * i);\n", f"{loop}lift_{t.of.id}(&x->items[i], w + {step} * i);\n")
        if t.is_sum and not self.is_bare(t):
            return self.sum_words_code(t)
        if t.is_sum:
            return ("    w[0] = (uint32_t)*x | UINT64_C(0xa5a5a5a500000000);\n", f"    *x = (T_{t.id})(uint32_t)w[0];\n")
        if t.kind in ("struct", "tuple"):
            to = back = ""
            at = 0
            for n, p in t.fields:
                to += f"    lower_{p.id}(&x->{n}, w + {at});\n"
                back += f"    lift_{p.id}(&x->{n}, w + {at});\n"
                at += len(self.words(p))
            return to, back
        return "    memcpy(w, x, sizeof *x);\n", "    memcpy(x, w, sizeof *x);\n"

    def sum_words_code(self, t):
        to = "    w[0] = (uint32_t)x->tag | UINT64_C(0xa5a5a5a500000000);\n"
        back = f"    x->tag = ({self.number_type(t)})(uint32_t)w[0];\n"
        for n, number, p in t.fields:
            if p:
                to += f"    if (x->tag == ({self.number_type(t)}){number})\n        lower_{p.id}(&x->payload.{n}, w + 1);\n"
                back += f"    if ((uint32_t)w[0] == {number})\n        lift_{p.id}(&x->payload.{n}, w + 1);\n"
        return to, back

    # ---- calls ----------------------------------------------------------------------------------------------------

    def way(self, p):
        """How a parameter is passed: words, pointer, element, spread or value."""
        if p.mode in ("seed", "user", "code"):
            return p.mode
        if p.mode == "callback":
            return "words" if self.system else "value"
        if p.mode in ("out", "inout"):
            return "pointer"
        if self.system:
            words = self.words(p.type)
            return "words" if words is not None and len(words) <= 4 else "pointer"  # [C6] [C7] [C8]
        t = p.type
        while t.kind == "newtype":
            t = t.of
        if t.kind == "array":
            return "pointer"
        if t.kind == "closure" and self.notify:
            return "closure"
        if t.kind in ("slice", "seq") or (t.kind in TEXT and not self.is_nul(t)):
            return "spread"
        return "value"

    def result_way(self, t):
        if t is None:
            return "none"
        if self.system:
            words = self.words(t)
            if words is not None and len(words) <= 2:
                return ("none", "word", "pair")[len(words)]  # [C11] [C12]
            return "sum" if t.is_sum and self.null_case(t) is None else "out"  # [C13] [C14]
        if self.status and t.kind == "result":
            return "status"
        inner = t
        while inner.kind == "newtype":
            inner = inner.of
        return "out" if inner.kind == "array" else "value"

    def is_error_status(self, error):
        """A number that an int holds is the status itself; other errors go through a pointer of their own."""
        while error and error.kind == "newtype":
            error = error.of
        if not error or error.kind not in ("scalar", "enum", "flags") and not self.is_bare(error):
            return not error
        ctype = self.alias_of(error)
        return ctype not in ("float", "double") and word_bytes(ctype) <= 4

    def can_say(self, sig):
        """Not with a status that may be 0 for an error."""
        for t in [s.result for s in [sig, *called_back(sig)]]:
            if self.status and t and t.kind == "result":
                error = t.fields[1][2]
                if error and self.is_error_status(error) and not (
                        error.text == "i32" or (error.kind == "enum" and 0 not in error.values and not error.open)):
                    return False
        return True

    def result_type(self, sig):
        t = sig.result
        way = self.result_way(t)
        if way == "word":
            return self.words(t)[0]
        if way == "pair":
            return f"struct {{ {self.words(t)[0]} w0; {self.words(t)[1]} w1; }}"
        return {"none": "void", "out": "void", "sum": "uint32_t", "status": "int", "value": f"T_{t.id}" if t else ""}[way]

    def params(self, sig, env):
        """(C type, name) of what the C function takes."""
        out = []
        for p in sig.params:
            way = self.way(p)
            if way == "seed":
                out.append(("uint32_t", "seed"))
            elif way in ("user", "code"):
                out.append((POINTER if way == "user" else self.code_type(p.sig), p.name))
            elif p.mode == "callback":
                if self.system or self.notify:
                    out += [(self.code_type(p.sig), f"{p.name}_fn"), (POINTER, f"{p.name}_env")]
                else:
                    out.append((f"{self.closure_type(p.sig)}", p.name))
            elif way == "words":
                out += [(w, f"{p.name}_w{i}") for i, w in enumerate(self.words(p.type))]
            elif way == "pointer":
                out.append((f"T_{p.type.id} *", p.name))
            elif way == "closure":
                out += [("cv_code", f"{p.name}_fn"), (POINTER, f"{p.name}_env")]
                out += [("cv_drop", f"{p.name}_drop")] if p.type.own else []
            elif way == "spread":
                out += [(POINTER, f"{p.name}_ptr"), ("size_t", f"{p.name}_len")]
            else:
                out.append((f"T_{p.type.id}", p.name))
        way = self.result_way(sig.result)
        if way in ("out", "sum"):
            out.append((f"T_{sig.result.id} *", "result"))
        if way == "status" and sig.result.fields[0][2]:
            out.append((f"T_{sig.result.fields[0][2].id} *", "result"))
        if way == "status" and not self.is_error_status(sig.result.fields[1][2]):
            out.append((f"T_{sig.result.fields[1][2].id} *", "error"))
        if env:
            out.append((POINTER, "env"))
        return out

    def signature_id(self, sig):
        return f"{id(sig):x}"

    def code_type(self, sig):
        return f"code_{self.sigs.index(sig)}"

    def closure_type(self, sig):
        return f"closure_{self.sigs.index(sig)}"

    def emit_signatures(self, functions):
        self.sigs = []
        for f in functions:
            for p in f.sig.params:
                if p.sig:
                    self.sigs.append(p.sig)
                    n = len(self.sigs) - 1
                    self.emit_pair_type(p.sig, f"result_{n}")
                    params = ", ".join(f"{c} {name}" for c, name in self.params(p.sig, p.mode == "callback"))
                    self.out.append(f"typedef {self.named_result(p.sig, f'result_{n}')} (*code_{n})({params});\n"
                                    f"typedef struct {{\n    code_{n} fn;\n    void *env;\n}} closure_{n};\n")

    def named_result(self, sig, name):
        return name if self.result_way(sig.result) == "pair" else self.result_type(sig)

    def emit_pair_type(self, sig, name):
        if self.result_way(sig.result) == "pair":
            self.out.append(f"typedef {self.result_type(sig)} {name};\n")

    # -- who is called

    def receive(self, p):
        """A variable of the name that is the value, or a pointer to it (NAME_at)."""
        t, n, way = p.type, p.name, self.way(p)
        if way == "pointer":
            if p.mode in ("out", "inout"):
                return f"    T_{t.id} *{n}_at = {n};\n"
            if p.mode == "own":
                moved = f"    T_{t.id} {n}_own = *{n}, *{n}_at = &{n}_own;\n"
                return moved + (f"    memset({n}, 0xdd, sizeof *{n});\n" if self.system else "")
            return f"    const T_{t.id} *{n}_at = {n};\n"
        text = f"    T_{t.id} {n}_own, *{n}_at = &{n}_own;\n"
        if way == "words":
            count = max(1, len(self.words(t)))
            text += f"    uint64_t {n}_w[{count}];\n    memset({n}_w, 0xa5, sizeof {n}_w);\n"
            text += "".join(f"    memcpy(&{n}_w[{i}], &{n}_w{i}, sizeof {n}_w{i});\n" for i in range(len(self.words(t))))
            return text + f"    lift_{t.id}({n}_at, {n}_w);\n"
        if way == "closure":
            parts = ("fn", "env", "drop")[:3 if t.own else 2]
            return text + "".join(f"    {n}_own.{part} = {n}_{part};\n" for part in parts)
        if way == "spread":
            return text + f"    {n}_own.ptr = {n}_ptr;\n    {n}_own.len = {n}_len;\n"
        return text + f"    {n}_own = {n};\n"

    def body(self, sig, name, env=""):
        """What a function does that is called: it checks what it gets, and makes what it gives."""
        out = "".join(self.receive(p) for p in sig.params if p.type)
        for i, p in enumerate(sig.params):
            if p.type and p.mode != "out":
                out += f"    check_{p.type.id}({p.name}_at, rt_mix(seed, {i}), \"{name}, {p.name}\");\n    cv_got();\n"
        for i, p in enumerate(sig.params):
            if p.sig:
                out += self.invoke(p, i, name)
        for i, p in enumerate(sig.params):
            if p.mode in ("own", "inout") and p.type and sig.moved != p.name and owns(p.type):
                out += f"    drop_{p.type.id}({p.name}_at);\n"
            if p.mode in ("out", "inout"):
                out += f"    fill_{p.type.id}({p.name}_at, rt_mix(seed, {100 + i}));\n"
            if p.mode == "in" and p.type and p.type.mutable:
                out += (f"    for (size_t i = 0; i < {p.name}_at->len; i++)\n"
                        f"        fill_{p.type.of.id}(&{p.name}_at->ptr[i], rt_mix(rt_mix(seed, {100 + i}), i));\n")
        return f"{out}    cv_called(seed);\n" + self.give_back(sig)

    def give_back(self, sig):
        t, way = sig.result, self.result_way(sig.result)
        if t is None:
            return ""
        make = f"r = *{sig.moved}_at" if sig.moved else f"fill_{t.id}(&r, rt_mix(seed, 99))"
        out = f"    T_{t.id} r;\n    {make};\n"
        if way == "value":
            return out + "    return r;\n"
        if way in ("out", "sum"):
            tag = "*result" if self.is_bare(t) else "result->tag"
            return out + "    *result = r;\n" + (f"    return {tag};\n" if way == "sum" else "")
        if way == "status":
            ok, err = t.fields[0][2], t.fields[1][2]
            number = "(int)r.payload.err" if err else "1"
            if not self.is_error_status(err):
                number = "(*error = r.payload.err, 7)"
            text = f"    if (r.tag == {t.fields[1][1]})\n        return {number};\n"
            if self.is_bare(t):
                text = text.replace("r.tag", "r")
            return out + text + ("    *result = r.payload.ok;\n" if ok else "") + "    return 0;\n"
        words = self.words(t)
        out += f"    uint64_t w[{max(1, len(words))}];\n    memset(w, 0xa5, sizeof w);\n    lower_{t.id}(&r, w);\n"
        if way == "none":
            return out
        if way == "word":
            return out + f"    {words[0]} word;\n    memcpy(&word, &w[0], sizeof word);\n    return word;\n"
        return out + ("    RESULT pair;\n    memset(&pair, 0xa5, sizeof pair);\n    memcpy(&pair.w0, &w[0], sizeof pair.w0);\n"
                      "    memcpy(&pair.w1, &w[1], sizeof pair.w1);\n    return pair;\n")

    # -- who calls

    def invoke(self, p, index, name):
        """Three calls of a callback that was passed."""
        apart = self.system or self.notify
        callee = f"{p.name}_fn" if apart else f"{p.name}.fn"
        env = f"{p.name}_env" if apart else f"{p.name}.env"
        if p.mode == "code":
            callee, env = p.name, ""
        call = self.call(p.sig, callee, name + ", callback", env, f"result_{self.sigs.index(p.sig)}")
        call = call.replace("\n", "\n    ")
        return (f"    for (uint64_t turn = 0; turn < 3; turn++) {{\n        uint32_t outer = seed;\n"
                f"        uint32_t seed = cv_seed(outer, 1000 + 10 * {index} + turn);\n    {call}\n    }}\n")

    def call(self, sig, callee, name, env, result_type):
        """Values are made, passed, and looked at again."""
        before, arguments, after = "", [], ""
        for i, p in enumerate(sig.params):
            way = self.way(p)
            if way == "seed":
                arguments.append("seed")
                continue
            if way == "user":  # a callback gets what came with it
                arguments.append("user" if callee == "f" else "&cv_cookie")
                continue
            if way == "code":
                arguments.append(f"callback_{self.sigs.index(p.sig)}")
                continue
            if p.mode == "callback":
                made = f"(void *)&cv_cookie"
                code = f"callback_{self.sigs.index(p.sig)}"
                arguments += [code, made] if self.system or self.notify else [f"({self.closure_type(p.sig)}){{{code}, {made}}}"]
                continue
            t, v = p.type, f"c_{p.name}"
            before += f"    T_{t.id} {v};\n"
            before += (f"    memset(&{v}, 0xa5, sizeof {v});\n" if p.mode == "out"
                       else f"    fill_{t.id}(&{v}, rt_mix(seed, {i}));\n")
            if way == "words":
                words = self.words(t)
                before += (f"    uint64_t {v}_w[{max(1, len(words))}];\n    memset({v}_w, 0xa5, sizeof {v}_w);\n"
                           f"    lower_{t.id}(&{v}, {v}_w);\n")
                for k, word in enumerate(words):
                    before += f"    {word} {v}_w{k};\n    memcpy(&{v}_w{k}, &{v}_w[{k}], sizeof {v}_w{k});\n"
                    arguments.append(f"{v}_w{k}")
            elif way == "closure":
                arguments += [f"{v}.{part}" for part in ("fn", "env", "drop")[:3 if t.own else 2]]
            elif way == "spread":
                arguments += [f"{v}.ptr", f"{v}.len"]
            else:
                arguments.append(f"&{v}" if way == "pointer" else v)
            after += self.look_again(p, i, v, name)
        return before + self.make_call(sig, callee, name, env, arguments, result_type) + after

    def look_again(self, p, i, v, name):
        t = p.type
        if p.mode == "own":
            return ""
        index = 100 + i if p.mode != "in" else i
        if t.mutable and p.mode == "in":
            return (f"    for (size_t i = 0; i < {v}.len; i++)\n        check_{t.of.id}(&{v}.ptr[i], rt_mix(rt_mix(seed, {100 + i}), i), "
                    f"\"{name}, {p.name} afterwards\");\n")
        got = "    cv_got();\n" if p.mode != "in" else ""
        return (f"    check_{t.id}(&{v}, rt_mix(seed, {index}), \"{name}, {p.name} afterwards\");\n{got}"
                + (f"    drop_{t.id}(&{v});\n" if owns(t) else ""))

    def make_call(self, sig, callee, name, env, arguments, result_type):
        t, way = sig.result, self.result_way(sig.result)
        check_seed = f"rt_mix(seed, {[p.name for p in sig.params].index(sig.moved) if sig.moved else 99})"
        out, tail = "", ""
        if way in ("out", "sum"):
            out += f"    T_{t.id} r;\n    memset(&r, 0xa5, sizeof r);\n"
            arguments = arguments + ["&r"]
        if way == "status" and t.fields[0][2]:
            out += f"    T_{t.fields[0][2].id} value;\n    memset(&value, 0xa5, sizeof value);\n"
            arguments = arguments + ["&value"]
        if way == "status" and not self.is_error_status(t.fields[1][2]):
            out += f"    T_{t.fields[1][2].id} error;\n    memset(&error, 0xa5, sizeof error);\n"
            arguments = arguments + ["&error"]
        if env:
            arguments = arguments + [env]
        call = f"{callee}({', '.join(arguments)})"
        if not env:
            out += "    rt_dirty();\n"
        if way == "none" and t is None:
            return out + f"    {call};\n    cv_was_called(seed);\n"
        if way in ("out", "none"):
            out += f"    {call};\n"
        elif way == "sum":
            tag = "r" if self.is_bare(t) else "r.tag"
            out += (f"    uint32_t tag = {call};\n    if (tag != {tag})\n        rt_mismatch(\"{name}\", \"another tag is returned\");\n")
        elif way == "value":
            out += f"    T_{t.id} r = {call};\n"
        elif way == "status":
            out += self.from_status(t, call)
        else:
            out += self.from_words(t, call, way, result_type)
        if way == "none":
            out += f"    T_{t.id} r;\n    lift_{t.id}(&r, NULL);\n"
        tail += f"    cv_was_called(seed);\n    check_{t.id}(&r, {check_seed}, \"{name}, result\");\n    cv_got();\n"
        if owns(t) and not sig.lender:
            tail += f"    drop_{t.id}(&r);\n"
        return out + tail

    def from_words(self, t, call, way, result_type):
        words = self.words(t)
        out = f"    uint64_t r_w[2];\n    memset(r_w, 0xa5, sizeof r_w);\n"
        if way == "word":
            out += f"    {words[0]} word = {call};\n    memcpy(r_w, &word, sizeof word);\n"
        else:
            out += (f"    {result_type} pair = {call};\n    memcpy(&r_w[0], &pair.w0, sizeof pair.w0);\n"
                    "    memcpy(&r_w[1], &pair.w1, sizeof pair.w1);\n")
        return out + f"    T_{t.id} r;\n    lift_{t.id}(&r, r_w);\n"

    def from_status(self, t, call):
        ok, err = t.fields[0][2], t.fields[1][2]
        out = f"    int status = {call};\n    T_{t.id} r;\n    memset(&r, 0xa5, sizeof r);\n"
        tag = "r" if self.is_bare(t) else "r.tag"
        out += f"    {tag} = status ? {t.fields[1][1]} : {t.fields[0][1]};\n"
        if ok:
            out += "    if (!status)\n        r.payload.ok = value;\n"
        if err:
            error = f"(T_{err.id})status" if self.is_error_status(err) else "error"
            out += f"    if (status)\n        r.payload.err = {error};\n"
        return out

    # ---- files -----------------------------------------------------------------------------------------------------

    def start(self, functions):
        types = [t for t in needed_types(functions)]
        self.out.append('#include "conv.h"\n\nstatic int cv_cookie;\n')
        for t in types:
            self.declare(t)
        for t in types:
            self.define(t)
        self.emit_closure_types(types)
        if self.system:
            self.emit_words(sorted_flat(self, types))
        self.emit_signatures(functions)
        self.emit_values(types)
        self.emit_closures(types)

    def callee_file(self, functions):
        self.start(functions)
        for f in functions:
            symbol = f.name.replace("-", "_")
            self.emit_pair_type(f.sig, f"pair_{f.number}")
            params = ", ".join(f"{c} {n}" for c, n in self.params(f.sig, False))
            head = f"{self.named_result(f.sig, f'pair_{f.number}')} {symbol}({params})"
            body = self.body(f.sig, f.name).replace("RESULT pair", f"pair_{f.number} pair")
            self.out.append(f"{head};\n{head}\n{{\n    cv_enter({f.number});\n{body}}}\n")
        return "".join(self.out)

    def caller_file(self, functions):
        self.start(functions)
        for n, sig in enumerate(self.sigs):
            env = "user" if any(p.mode == "user" for p in sig.params) else "env"
            params = ", ".join(f"{c} {name}" for c, name in self.params(sig, env == "env"))
            body = self.body(sig, f"callback {n}").replace("RESULT pair", f"result_{n} pair")
            self.out.append(f"static {self.named_result(sig, f'result_{n}')} callback_{n}({params})\n{{\n    cv_invoked();\n"
                            f"    if ({env} != &cv_cookie)\n        rt_mismatch(\"callback {n}\", \"environment\");\n{body}}}\n")
        for f in functions:
            symbol = "t_" + f.name.replace("-", "_")
            self.emit_pair_type(f.sig, f"pair_{f.number}")
            params = ", ".join(f"{c} {n}" for c, n in self.params(f.sig, False)) or "void"
            call = self.call(f.sig, symbol, f.name, "", f"pair_{f.number}")
            callbacks = 3 * sum(p.sig is not None for p in f.sig.params)
            self.out.append(f"extern {self.named_result(f.sig, f'pair_{f.number}')} {symbol}({params});\n"
                            f"static void call_{f.number}(uint64_t round)\n{{\n    size_t mark = cv_mark();\n"
                            f"    uint32_t seed = cv_begin({f.number}, \"{f.name}\", round);\n{call}"
                            f"    cv_end({callbacks});\n    cv_back(mark);\n}}\n")
        calls = "".join(f"    call_{f.number}(round);\n" for f in functions)
        self.out.append(f"void run_calls(uint64_t round)\n{{\n{calls}}}\n")
        return "".join(self.out)


def called_back(sig):
    """The signatures of what a function may call, and of what these may."""
    found, sigs = [], [sig]
    for one in sigs:
        here = [p.sig for p in one.params if p.sig]
        types = [p.type for p in one.params if p.type] + ([one.result] if one.result else [])
        here += [part.sig for t in types for part in walk(t) if part.kind == "closure"]
        fresh = [s for s in here if s not in found and s is not sig]
        found += fresh
        sigs += fresh
    return found


def sorted_flat(side, types):
    """Parts before what they are parts of."""
    done = []

    def visit(t):
        if t in done or side.words(t) is None:
            return
        if t.kind in ("struct", "tuple", "array", "newtype") or t.is_sum:
            for p in t.parts:
                visit(p)
        done.append(t)

    for t in types:
        visit(t)
    return done
