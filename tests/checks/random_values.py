#!/usr/bin/env python3
"""
random_values.py: valid and invalid values of random types through checked adapters. Each call is made twice: with valid values, which must
get through, and with one of them made invalid in one place, which must end in a trap with the code, the function, and the path to that
place. See README.md.
"""
import argparse
import os
import random
import subprocess
import sys

HERE = os.path.dirname(os.path.abspath(__file__))
ABIDE = os.environ.get("ABIDE", "abide")
SOURCE = os.environ.get("ABIDE_SOURCE_DIR", os.path.dirname(os.path.dirname(HERE)))
WORDS = ["bool", "enum", "flags", "tag", "char", "utf8", "nul", "null", "align", "length", "utf16"]
NARROW = ["narrow"]  # no word of modules: numbers that the other side holds in fewer bytes
# What the side that gets the values assumes and the other does not ensure.
NIM = ["bool", "enum", "flags", "tag", "nul", "null", "align", "length"]
PAIRS = {"c-system": ("c", "system", WORDS), "c-strict": ("c", "./strict.yaml", WORDS),
         "c-nim": ("c", "nim-cgen", NIM), "strict-c": ("./strict.yaml", "c", WORDS),
         "errors": ("./strict.yaml", "c", WORDS), "narrow": ("c", "./narrow.yaml", NARROW), "convert": ("c", "system", WORDS)}
INVALID = -77  # the error that `convert` makes of what is invalid
RUN_SECONDS = 120
STRICT = """abide: 1
module: {name: strict, version: 1.0.0, level: machine, extends: c-sysv@1, summary: "C whose code counts on all"}
in_c: {attribute: sysv_abi}
assumes: [%s]
"""


NARROWER = """abide: 1
module: {name: narrow, version: 1.0.0, level: machine, extends: c-sysv@1, summary: "C whose long has four bytes"}
data: {scalars: {c_long: {size: 4, align: 4}, c_ulong: {size: 4, align: 4}}}
"""


class Type:
    """How C holds it (`c`), how an interface writes it (`text`), and C that fills one (`fill`, the body of a function)."""

    def __init__(self, c, text, fill, declaration="", niche=False, definition=None, spread=False, alone=True):
        self.c, self.text, self.fill, self.declaration = c, text, fill, declaration
        self.niche, self.definition, self.spread, self.alone = niche, definition, spread, alone
        self.number = 0


class Model:
    def __init__(self, rng, pair, counted):
        self.rng, self.pair, self.counted = rng, pair, counted
        self.types, self.named = [], []

    def add(self, made):
        made.number = len(self.types)
        self.types.append(made)
        return made

    def name(self, definition):
        self.named.append(definition)
        return f"n{len(self.named) - 1}"

    # --- leaves
    def number(self):
        if self.pair == "narrow" and self.rng.random() < .7:
            text, c, good, bad = self.rng.choice([
                ("c_long", "long", "(int32_t)next(g)", "2147483648, -2147483649, 1L << 40, -(1L << 62)"),
                ("c_ulong", "unsigned long", "(uint32_t)next(g)", "4294967296, 1UL << 63, -1UL")])
            return self.add(Type(c, text, f"static const {c} bad[] = {{{bad}}};\n    *v = {good};\n"
                                 f"    if (hit(g, NARROW, SYS_TRAP_OVERFLOW)) g->value = *v = bad[pick(g, {bad.count(',') + 1})];"))
        text, c = self.rng.choice([("u8", "uint8_t"), ("i16", "int16_t"), ("i32", "int32_t"), ("u64", "uint64_t"), ("f64", "double"),
                                   ("f32", "float"), ("size", "size_t")])
        return self.add(Type(c, text, "noise(g, v, sizeof *v);"))

    def truth(self):
        return self.add(Type("uint8_t", "bool", "*v = pick(g, 2); if (hit(g, BOOL, SYS_TRAP_BOOL)) g->value = *v = 2 + pick(g, 254);"))

    def char(self):
        return self.add(Type("uint32_t", "char", """*v = (uint32_t[]){0, 'a', 0xD7FF, 0xE000, 0xFFFF, 0x10FFFF}[pick(g, 6)];
    if (hit(g, CHAR, SYS_TRAP_CHAR))
        g->value = *v = (uint32_t[]){0xD800, 0xDBFF, 0xDFFF, 0x110000, 0xFFFFFFFF, 0x80000041}[pick(g, 6)];"""))

    def enum(self):
        rng = self.rng
        base = rng.choice([None, None, "u8", "i8", "u16", "i32", "u64", "i64"])
        low, high = {"u8": (0, 255), "i8": (-128, 127), "u16": (0, 65535), "i32": (-2**31, 2**31 - 1), "u64": (0, 2**64 - 1),
                     "i64": (-2**63, 2**63 - 1), None: (-2 if rng.random() < .3 else 0, 300)}[base]
        values = set(rng.choice([range(0, 3), range(1, 6), [0, 1, 2, 7, 9], [rng.randint(low, high) for _ in range(4)]]))
        if low < 0 and rng.random() < .5:
            values |= {-1, -2}
        if self.pair == "c-nim" and base in (None, "i64") and min(values) < 0:
            base, low, values = "i32", -2**31, {-2, -1, 0, 5}  # Nim holds such enums in 32 bits
        if base is None and low == 0:
            values = {abs(value) for value in values}
        values = sorted(values)
        is_open = rng.random() < .15
        signed = min(values) < 0
        c = {"u8": "uint8_t", "i8": "int8_t", "u16": "uint16_t", "i32": "int32_t", "u64": "uint64_t", "i64": "int64_t",
             None: "int32_t" if signed else "uint32_t"}[base]
        bits = {"uint8_t": 8, "int8_t": 8, "uint16_t": 16, "int32_t": 32, "uint32_t": 32, "uint64_t": 64, "int64_t": 64}[c]
        good = [value % 2**bits for value in values]
        near = {(value + by) % 2**bits for value in good for by in (-1, 1, 256, 2**(bits - 1))} | {rng.randrange(2**bits) for _ in range(3)}
        bad = sorted(near - set(good))
        head = "\n    base: " + base if base else ""
        named = self.name("enum: {" + ", ".join(f"e{i}: {value}" for i, value in enumerate(values)) + "}" + head +
                          ("\n    open: true" if is_open else ""))
        fill = f"static const uint64_t good[] = {{{', '.join(f'{x}u' for x in good)}}}; *v = ({c})good[pick(g, {len(good)})];"
        if is_open:
            fill += " noise(g, v, sizeof *v);"
        elif bad:
            fill += (f" static const uint64_t bad[] = {{{', '.join(f'{x}u' for x in bad)}}};"
                     f" if (hit(g, ENUM, SYS_TRAP_ENUM)) *v = ({c})(g->value = bad[pick(g, {len(bad)})]);")
        return self.add(Type(c, named, fill))

    def flags(self):
        rng = self.rng
        base, c, bits = rng.choice([(None, "uint32_t", 32), ("u8", "uint8_t", 8), ("u16", "uint16_t", 16), ("u64", "uint64_t", 64)])
        numbers = sorted(rng.sample(range(bits if base else 20), rng.randint(1, 6)))
        mask = sum(1 << number for number in numbers)
        is_open = rng.random() < .15
        named = self.name("flags: {" + ", ".join(f"b{n}: {n}" for n in numbers) + "}" + (f"\n    base: {base}" if base else "") +
                          ("\n    open: true" if is_open else ""))
        fill = f"noise(g, v, sizeof *v); *v &= ({c}){mask}u;"
        spare = [n for n in range(bits) if not mask >> n & 1]
        if is_open:
            fill = "noise(g, v, sizeof *v);"
        elif spare:
            bit = f"((uint8_t[]){{{', '.join(map(str, spare))}}}[pick(g, {len(spare)})])"
            fill += f" if (hit(g, FLAGS, SYS_TRAP_FLAGS)) g->value = *v |= ({c})((uint64_t)1 << {bit});"
        return self.add(Type(c, named, fill))

    def bitset(self):
        count = self.rng.choice([3, 8, 13, 16, 31, 40, 64, 70, 72])
        if count > 64:
            c, fill = f"bytes{(count + 7) // 8}", "noise(g, v, sizeof *v);"
            last, spare = (count + 7) // 8 - 1, count % 8
            if spare:
                fill += (f" v->b[{last}] &= {(1 << spare) - 1}; if (hit(g, FLAGS, SYS_TRAP_FLAGS)) "
                         f"g->value = v->b[{last}] |= (uint8_t)(1 << ({spare} + pick(g, {8 - spare})));")
            return self.add(Type(c, f"bitset<{count}>", fill, alone=False))
        bits = next(bits for bits in (8, 16, 32, 64) if count <= bits)
        c = f"uint{bits}_t"
        fill = "noise(g, v, sizeof *v);"
        if count < bits:
            fill += (f" *v &= ({c})({2**count - 1}u); if (hit(g, FLAGS, SYS_TRAP_FLAGS)) "
                     f"g->value = *v |= ({c})((uint64_t)1 << ({count} + pick(g, {bits - count})));")
        return self.add(Type(c, f"bitset<{count}>", fill))

    def string(self):
        return self.add(Type("text", "string", "fill_string(g, v, niche);", spread=True))

    def string0(self):
        if self.counted:
            return self.add(Type("text", "string0", "fill_string0(g, v, niche);", spread=True))
        return self.add(Type("char *", "string0", "fill_nul(g, v, niche, true);", niche=True))

    def cstring(self):
        return self.add(Type("char *", "cstring", "fill_nul(g, v, niche, false);", niche=True))

    def utf16(self):
        return self.add(Type("row", "utf16", "fill_utf16(g, v, niche);", spread=True))

    def pointer(self):
        target, c = self.rng.choice([("u8", "uint8_t"), ("u64", "uint64_t"), ("bool", "uint8_t"), ("f32", "float")])
        if self.pair != "c-nim" and self.rng.random() < .3:  # an Option[ptr T] knows no nil that is there
            return self.add(Type("void *", f"ptr<{target}>", "*v = (void *)(uintptr_t)(pick(g, 3) ? next(g) : 0);"))
        align = f"_Alignof({c})"
        return self.add(Type("void *", f"ref<{target}>", f"""char *at = get(g, 24); noise(g, at, 24); *v = at;
    if (!niche && hit(g, NULL_, SYS_TRAP_NULL)) *v = NULL;
    if ({align} > 1 && hit(g, ALIGN, SYS_TRAP_ALIGN)) *v = at + 1 + pick(g, {align} - 1);""", niche=True))

    # --- what holds others
    def leaf(self):
        texts = [self.string, self.string, self.string0, self.utf16] if self.pair != "c-nim" else []
        if self.pair == "narrow" and self.rng.random() < .5:
            return self.number()
        return self.rng.choice([self.number, self.truth, self.truth, self.char, self.enum, self.enum, self.flags, self.bitset,
                                self.cstring, self.pointer, *texts])()

    def value(self, depth):
        if depth <= 0 or self.rng.random() < .3:
            return self.leaf()
        boxes = [self.box] if self.pair != "c-nim" else []  # Nim's runtime would have to make what it owns
        return self.rng.choice([self.struct, self.struct, self.slice, self.slice, self.option, self.variant, self.result, self.tuple,
                                *boxes])(depth - 1)

    def fields(self, depth):
        return [self.value(depth) for _ in range(self.rng.randint(2, 4))]

    @staticmethod
    def into(member, held, path, niche="false"):
        return f'{{ size_t p = g->length; add(g, "{path}"); fill_{held.number}(g, &v->{member}, {niche}); g->length = p; }}\n    '

    def struct(self, depth):
        members, yaml, fill = "", "", ""
        for i, held in enumerate(self.fields(depth)):
            text = held.text
            if self.rng.random() < .2 and not held.c.startswith("bytes"):
                count = self.rng.randint(1, 3)
                members += f"    T{held.number} f{i}[{count}];\n"
                yaml += f'\n      f{i}: "array<{text}, {count}>"'
                for k in range(count):
                    fill += self.into(f"f{i}[{k}]", held, f".f{i}[{k}]")
            else:
                members += f"    T{held.number} f{i};\n"
                yaml += f'\n      f{i}: "{text}"'
                fill += self.into(f"f{i}", held, f".f{i}")
        return self.record(members, self.name("struct:" + yaml), fill)

    def record(self, members, text, fill, niche=False):
        made = self.add(Type("", text, fill, niche=niche))
        made.c = f"struct s{made.number}"
        made.declaration = f"{made.c} {{\n{members}}};\n"
        return made

    def tuple(self, depth):
        held = self.fields(depth)
        members = "".join(f"    T{one.number} f{i};\n" for i, one in enumerate(held))
        return self.record(members, "tuple<" + ", ".join(one.text for one in held) + ">",
                           "".join(self.into(f"f{i}", one, f".{i}") for i, one in enumerate(held)))

    def option(self, depth):
        held = self.value(depth)
        inner = f'{{ size_t p = g->length; add(g, ".some"); fill_{held.number}(g, PLACE, NICHE); g->length = p; }}'
        if held.niche:
            fill = "if (pick(g, 2)) memset(v, 0, sizeof *v); else " + inner.replace("PLACE", "v").replace("NICHE", "true")
            return self.add(Type(f"T{held.number}", f"option<{held.text}>", fill))
        fill = ("v->has = pick(g, 2); if (v->has) " + inner.replace("PLACE", "&v->value").replace("NICHE", "false") +
                "\n    if (hit(g, TAG, SYS_TRAP_TAG)) g->value = v->has = 2 + pick(g, 254);")
        return self.record(f"    uint8_t has;\n    T{held.number} value;\n", f"option<{held.text}>", fill)

    def cases(self, names, held, tags):
        fill, union = f"switch (pick(g, {len(names)})) {{\n", ""
        for i, (name, one, tag) in enumerate(zip(names, held, tags)):
            fill += f"    case {i}: v->tag = {tag}u; "
            if one:
                union += f"        T{one.number} {name};\n"
                fill += self.into(f"p.{name}", one, f".{name}")
            fill += "break;\n"
        bad = sorted(({tag + 1 for tag in tags} | {tag + 256 for tag in tags} | {0, 2**32 - 1}) - set(tags))
        fill += (f"    }}\n    static const uint32_t bad[] = {{{', '.join(f'{x}u' for x in bad)}}};\n"
                 f"    if (hit(g, TAG, SYS_TRAP_TAG)) g->value = v->tag = bad[pick(g, {len(bad)})];")
        return "    uint32_t tag;\n    union {\n" + union + "    } p;\n", fill

    def variant(self, depth):
        count = self.rng.randint(2, 4)
        held = [None if self.rng.random() < .25 else self.value(depth) for _ in range(count)]
        if not any(held):
            held[0] = self.value(depth)
        tags = list(range(count))
        if self.rng.random() < .3:
            tags = sorted(self.rng.sample(range(250), count))
        names = [f"c{i}" for i in range(count)]
        yaml = "".join(f'\n      c{i}: {{type: "{one.text}", tag: {tag}}}' if one else f"\n      c{i}: {{tag: {tag}}}"
                       for i, (one, tag) in enumerate(zip(held, tags)))
        members, fill = self.cases(names, held, tags)
        return self.record(members, self.name("variant:" + yaml), fill)

    def result(self, depth):
        held = [self.value(depth), self.value(0)]
        members, fill = self.cases(["ok", "err"], held, [0, 1])
        return self.record(members, f"result<{held[0].text}, {held[1].text}>", fill)

    def slice(self, depth):
        held = self.leaf() if self.pair == "c-nim" else self.value(depth)  # an openArray holds no openArray
        own = "own " if self.rng.random() < .3 and self.pair != "c-nim" else ""
        fill = f"""v->len = pick(g, 4);
    T{held.number} *all = get(g, (v->len + 1) * sizeof *all);
    v->ptr = v->len || niche ? all : (pick(g, 2) ? NULL : {'all' if own else '(void *)(uintptr_t)next(g)'});
    for (size_t i = 0; i < v->len; i++) {{
        size_t p = g->length; add_index(g, i); fill_{held.number}(g, &all[i], false); g->length = p;
    }}
    if (!niche && v->len && hit(g, NULL_, SYS_TRAP_NULL)) v->ptr = NULL;
    if (_Alignof(T{held.number}) > 1 && v->len && hit(g, ALIGN, SYS_TRAP_ALIGN)) v->ptr = (char *)all + 1 + pick(g, _Alignof(T{held.number}) - 1);
    if (hit(g, LENGTH, SYS_TRAP_OVERFLOW)) v->ptr = all, v->len = too_many(g, sizeof *all);"""
        return self.add(Type("row", f"{own}slice<{held.text}>", fill, spread=True))

    def box(self, depth):
        held = self.value(depth)
        fill = f"""T{held.number} *one = get(g, sizeof *one);
    fill_{held.number}(g, one, false); *v = one;
    if (!niche && hit(g, NULL_, SYS_TRAP_NULL)) *v = NULL;
    if (_Alignof(T{held.number}) > 1 && hit(g, ALIGN, SYS_TRAP_ALIGN)) *v = (char *)one + 1 + pick(g, _Alignof(T{held.number}) - 1);"""
        return self.add(Type("void *", f"box<{held.text}>", fill, niche=True))


class Error:
    """How a function tells that it failed: E as a number, in a way that C has, and the numbers that are no error."""
    RULES = ("status+out", "negative-errno", "{ok: 0, else: negated}", "{ok: 0, else: result, type: i64}")

    def __init__(self, model):
        rng = model.rng
        self.rule = rng.choice(self.RULES)
        self.good = sorted(rng.sample(range(1, 200), rng.randint(1, 5)))
        kind = rng.choice(["enum", "variant", "struct", "rest", "number"])
        names = ", ".join(f"e{i}: {n}" for i, n in enumerate(self.good))
        cases = "".join(f"\n      e{i}: {{tag: {n}}}" for i, n in enumerate(self.good))
        self.is_closed, self.path = kind in ("enum", "variant", "struct"), ".err"
        self.word = "TAG" if kind == "variant" else "ENUM"
        self.text = "i32"
        if kind in ("enum", "struct"):
            self.text = model.name(f"enum: {{{names}}}\n    base: {rng.choice(['u8', 'i16', 'u32', 'i32'])}")
        if kind == "struct":
            self.text, self.path = model.name(f"struct:\n      code: {self.text}"), ".err.code"
        elif kind in ("variant", "rest"):
            self.text = model.name("variant:" + cases + ("\n      rest: i32" if kind == "rest" else ""))
        # Where the result is T or a failure, there is no T here: it would have to be an integer.
        self.has_value = self.rule == "status+out" or self.rule.startswith("{ok: 0")
        self.c = "int64_t" if "i64" in self.rule else "int"
        self.sign = "-" if "neg" in self.rule else ""
        bad = {n + by for n in self.good for by in (1, 200)} - set(self.good)
        good = self.good if self.is_closed else self.good + sorted(bad)
        self.fill = (f"static const int good[] = {{0, 0, {', '.join(map(str, good))}}}, bad[] = {{{', '.join(map(str, sorted(bad)))}}};\n"
                     f"    *v = good[pick(g, {len(good) + 2})];\n    ")
        if self.is_closed:
            self.fill += (f'if (*v) {{ size_t p = g->length; add(g, "{self.path}"); if (hit(g, {self.word}, SYS_TRAP_{self.word})) '
                          f"g->value = *v = bad[pick(g, {len(bad)})]; g->length = p; }}")


class Function:
    def __init__(self, model, number):
        rng = model.rng
        self.number = number
        self.outward = model.pair in ("strict-c", "errors")
        self.error = Error(model) if model.pair == "errors" else None
        self.converts = model.pair == "convert"
        self.params = []
        for _ in range(rng.randint(1, 4)):
            held = self.top(model)
            mode = "inout" if rng.random() < .2 and not self.outward and model.pair == "c-strict" else "in"
            if self.outward:
                mode = rng.choice(["out", "inout"])
            self.params.append((held, mode))
        self.result = self.top(model) if self.outward and rng.random() < .8 and not (self.error and not self.error.has_value) else None

    def gives(self):
        """Whether the callee owns a part of what it gets, or its caller of what comes back."""
        return self.outward or any(held.text.startswith("own ") for held, _ in self.params)

    @staticmethod
    def top(model):
        while True:
            held = model.value(3)
            if held.alone:
                return held

    def text(self):
        params = ", ".join(f"p{i} {'' if mode == 'in' else mode + ' '}{held.text}" for i, (held, mode) in enumerate(self.params))
        result = "result<unit, i32>" if self.converts else self.result and self.result.text
        if self.error:
            return f'{{sig: "({params}) -> result<{result or "unit"}, {self.error.text}>", errors: {self.error.rule}}}'
        return f'"({params})' + (f" -> {result}" if result else "") + '"'

    def prototype(self, name):
        params = []
        for i, (held, mode) in enumerate(self.params):
            if mode != "in":
                params.append(f"T{held.number} *p{i}")
            elif held.spread:
                params += [f"void *p{i}", f"size_t p{i}_len"]
            else:
                params.append(f"T{held.number} p{i}")
        if self.error:
            params += [f"T{self.result.number} *r"] if self.result else []
            return f"{self.error.c} {name}({', '.join(params)})"
        result = "struct outcome" if self.converts else f"T{self.result.number}" if self.result else "void"
        return f"{result} {name}({', '.join(params)})"

    def callee(self):
        """What is called: the values that come in are of no interest to C, those that go out were made before."""
        f = self.number
        if self.converts:
            return f"uint64_t f{f}(void) {{ calls++; return 0; }}\n"  # a result without an error
        if not self.outward:
            return f"void f{f}(void) {{ calls++; }}\n"
        body = "".join(f"    *p{i} = v{f}_{i};\n" for i in range(len(self.params)))
        if self.error:
            body += f"    if (!code{f}) *r = v{f}_r;\n" if self.result else ""
            body += f"    return {self.error.sign}code{f};\n"
        elif self.result:
            body += f"    return v{f}_r;\n"
        return self.prototype(f"f{f}") + " {\n    calls++;\n" + body + "}\n"

    def test(self):
        f = self.number
        held = [(f"v{f}_{i}", f"p{i}", one) for i, (one, _) in enumerate(self.params)]
        if self.result:
            held.append((f"v{f}_r", "result", self.result))
        text = "".join(f"static T{one.number} {name};\n" for name, _, one in held)
        if self.error:
            text += f"static int code{f};\nstatic void fill_code{f}(struct gen *g, int *v)\n{{\n    {self.error.fill}\n}}\n"
        text += self.callee()
        text += "".join(self.prototype(f"{prefix}f{f}") + ";\n" for prefix in ("o_", "c_"))
        text += f"static void fill_f{f}(struct gen *g)\n{{\n"
        if self.error:
            text += f'    g->null = g->odd = 0; g->length = 0; add(g, "f{f}, result"); fill_code{f}(g, &code{f});\n'
        for name, path, one in held:
            if path == "result" and self.error:
                text += f"    if (code{f}) return;\n"
                path = "result.ok"
            text += f'    g->length = 0; add(g, "f{f}, {path}"); noise(g, &{name}, sizeof {name}); fill_{one.number}(g, &{name}, false);\n'
        text += "    g->null = g->odd = 0;\n"
        for i, (one, mode) in enumerate(self.params):
            if mode != "in" and not self.outward:
                text += f'    g->length = 0; add(g, "f{f}, p{i}");\n'
                text += f"    if (hit(g, NULL_, SYS_TRAP_NULL)) g->null = {i} + 1;\n"
                text += f"    if (_Alignof(T{one.number}) > 1 && hit(g, ALIGN, SYS_TRAP_ALIGN)) g->odd = {i} + 1;\n"
        text += "}\n"
        for prefix in ("o_", "c_"):
            given = []
            for i, (one, mode) in enumerate(self.params):
                name = f"v{f}_{i}"
                if self.outward:
                    given.append(f"&w{i}")
                elif mode != "in":
                    given.append(f"g->null == {i} + 1 ? NULL : (void *)((char *)&{name} + (g->odd == {i} + 1))")
                else:
                    given += [f"{name}.ptr", f"{name}.len"] if one.spread else [name]
            text += f"static void {prefix}call_f{f}(struct gen *g)\n{{\n    (void)g;\n"
            if self.outward:
                text += "".join(f"    T{one.number} w{i} = {{0}};\n" for i, (one, _) in enumerate(self.params))
                if self.error and self.result:
                    text += f"    T{self.result.number} r = {{0}};\n"
                    given.append("&r")
            text += f"    {'outcome = ' if self.converts else ''}{prefix}f{f}({', '.join(given)});\n}}\n"
        return text


def program(model, functions, mask, invalid):
    text = f"#define MASK {mask}u\n#define INVALID {invalid}\n#include \"values.h\"\n"
    for count in (9,):
        text += f"typedef struct {{ uint8_t b[{count}]; }} bytes{count};\n"
    for one in model.types:
        text += one.declaration + f"typedef {one.c} T{one.number};\n" if one.c.startswith("struct") else f"typedef {one.c} T{one.number};\n"
        text += (f"static void fill_{one.number}(struct gen *g, T{one.number} *v, bool niche)\n{{\n    (void)niche;\n    {one.fill}\n}}\n")
    for function in functions:
        text += function.test()
    text += "static const struct tested all[] = {\n"
    text += "".join(f'    {{"f{f.number}", fill_f{f.number}, o_call_f{f.number}, c_call_f{f.number}, {int(f.gives())}}},\n' for f in functions)
    return text + "};\nint main(int count, char **words) { return run(all, sizeof all / sizeof *all, count, words); }\n"


def must(command, **how):
    done = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=False, **how)
    if done.returncode:
        sys.exit(f"failed ({done.returncode}): {' '.join(command)}\n{done.stdout[:6000]}")
    return done.stdout


def build(options, pair, seed, assumed, folder):
    """The program of a seed. `assumed`: what the module says; mutants say less."""
    os.makedirs(folder, exist_ok=True)
    rng = random.Random(f"{seed} {pair}")
    caller, callee, words = PAIRS[pair]
    model = Model(rng, pair, rng.random() < .5)
    functions = [Function(model, i) for i in range(options.functions)]
    converts = pair == "convert"
    checks = f"{{mode: convert, on-invalid: {INVALID}}}" if converts else "checked"
    interface = f"abide: 1\npackage: random\nchecks: {checks}\n"
    if model.counted:
        interface += "forms: {string0: counted}\n"
    interface += "types:\n" + "".join(f"  n{i}:\n    {text}\n" for i, text in enumerate(model.named))
    interface += "functions:\n" + "".join(f"  f{f.number}: {f.text()}\n" for f in functions)
    mask = sum(1 << (WORDS + NARROW).index(word) for word in words)
    strict = STRICT % ", ".join(word for word in WORDS if word in assumed)
    if callee == "system" and assumed != WORDS:
        callee = "./less.yaml"
    less = ("abide: 1\nmodule: {name: less, version: 1.0.0, level: language, extends: system@1, summary: less}\nassumes: [%s]\n" %
            ", ".join(assumed))
    for name, text in (("random.abi.yaml", interface), ("random.c", program(model, functions, mask, INVALID if converts else 0)), ("strict.yaml", strict), ("narrow.yaml", NARROWER),
                       ("less.yaml", less)):
        with open(os.path.join(folder, name), "w", encoding="utf-8") as file:
            file.write(text)
    # Portable C has no words for calls of another machine: assembly in its place.
    in_c = ("asm", "c_", "c.s") if pair == "narrow" else ("c", "c_", "c.c")
    for emit, prefix, output in (("obj", "o_", "o.o"), in_c):
        must([ABIDE, "thunk", "random.abi.yaml", "--target", "x86_64-linux-gnu", "--caller", caller, "--callee", callee, "--emit", emit,
              "--prefix", prefix, "-o", output], cwd=folder)
    compiler = [*options.cc.split(), "-std=gnu11", f"-{options.opt}", "-g", "-w", "-fsanitize=address", f"-I{SOURCE}/include",
                f"-I{HERE}"]
    program_object = os.path.abspath(f"{pair}-{seed}.o")  # mutants have other adapters only
    if assumed == WORDS or not os.path.exists(program_object):
        must([*compiler, "-c", "random.c", "-o", program_object], cwd=folder)
    must([*compiler, "-Wl,--wrap=malloc,--wrap=free", program_object, "o.o", in_c[2], "-o", "random"], cwd=folder)
    return os.path.join(folder, "random")


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seed", type=int, default=random.randrange(2**32))
    parser.add_argument("--programs", type=int, default=1)
    parser.add_argument("--functions", type=int, default=8)
    parser.add_argument("--rounds", type=int, default=100)
    parser.add_argument("--pairs", default=",".join(PAIRS))
    parser.add_argument("--cc", default="gcc")
    parser.add_argument("--opt", default="O1")
    parser.add_argument("--mutants", action="store_true", help="leave out one word of `assumes` after the other: each must be noticed")
    options = parser.parse_args()
    total = 0
    print(f"seed {options.seed}")
    for number in range(options.programs):
        seed = options.seed + number
        for pair in options.pairs.split(","):
            for word in WORDS if options.mutants else [None]:
                folder = f"{pair}-{seed}" + (f"-{word}" if word else "")
                made = build(options, pair, seed, [one for one in WORDS if one != word], folder)
                run = [made, str(seed), str(options.rounds)]
                try:
                    done = subprocess.run(run, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=False, errors="replace",
                                          timeout=RUN_SECONDS)
                except subprocess.TimeoutExpired:
                    if not word:
                        sys.exit(f"{folder}: still running after {RUN_SECONDS} s")
                    print(f"{pair}: without '{word}': does not end")
                    continue
                if word:
                    if done.returncode == 0:
                        sys.exit(f"nobody noticed that '{word}' is not looked at ({folder})\n{done.stdout[-2000:]}")
                    print(f"{pair}: without '{word}': noticed")
                    continue
                print(f"{pair} {seed}: {done.stdout.strip()[-400:]}")
                if done.returncode:
                    sys.exit(f"{folder}: {done.stdout[:6000]}")
                total += int(done.stdout.split()[0])
    print(f"{total} values")


main()
