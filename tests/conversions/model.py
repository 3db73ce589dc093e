"""Types and functions that nobody chose, and the interface file that says what they are."""
import random
from dataclasses import dataclass, field

SCALARS = ["bool", "i8", "i16", "i32", "i64", "u8", "u16", "u32", "u64", "ssize", "uptr", "size", "c_int",
           "c_uint", "c_long", "c_ulong", "c_short", "c_uchar", "c_longlong", "f32", "f64", "char"]
WIDE = ["u128", "i128"]  # not in Nim
TEXT = ("string", "string0", "string16", "utf16")


@dataclass(eq=False)
class Type:
    id: str          # an identifier, the same in all languages
    text: str        # as a signature says it
    kind: str
    of: "Type" = None
    own: bool = False
    mutable: bool = False
    fields: list = field(default_factory=list)  # (name, type); of sums: (name, tag, type or None)
    values: list = field(default_factory=list)  # of enums; of flags the numbers of the bits
    base: str = None     # of enums and flags; of variants the type of the tag
    open: bool = False
    count: int = 0
    decl: str = None     # in the interface's `types:`
    rank: int = 0        # types lead to themselves only through what has a higher rank
    facts: list = field(default_factory=list)
    sig: "Sig" = None    # of closures
    once: bool = False   # of closures that are given away
    lent: "Type" = None  # of closures and resources that are given away: the same, lent

    @property
    def is_sum(self):
        return self.kind in ("variant", "option", "result")

    @property
    def parts(self):
        """What is in it, by value or behind a pointer."""
        if self.is_sum:
            return [t for _, _, t in self.fields if t]
        return [t for _, t in self.fields] + ([self.of] if self.of else [])


def walk(root):
    """A type and all that is in it, each once."""
    seen, stack = [], [root]
    while stack:
        t = stack.pop()
        if t not in seen:
            seen.append(t)
            stack.extend(t.parts)
    return seen


def lends(t):
    """Something in it belongs to somebody else, whoever has the value."""
    return any(p.kind in ("slice", "cstring") or (p.kind in TEXT + ("resource", "closure") and not p.own)
               for p in walk(t))


def owns(t):
    return any(p.kind in ("seq", "box") or (p.kind in TEXT + ("resource", "closure") and p.own) for p in walk(t))


def given(t):
    """It says itself that it is given away: as a parameter it cannot be lent."""
    return t.text.startswith(("own ", "once "))


def one_field(t):
    """Records and newtypes of one field are what the field is."""
    while t.kind == "newtype" or (t.kind in ("struct", "tuple") and len(t.fields) == 1):
        t = t.of if t.kind == "newtype" else t.fields[0][1]
    return t


def length_of(t):
    """How many elements a list has, as C and Nim compute it; those that lead to themselves come to an end."""
    inner = walk(t.of)
    if t in inner or any(p.kind == "closure" for p in inner):
        return "cv_short_length(s)"
    return f"cv_length(s, {40 if len(inner) == 1 else 5 if len(inner) < 4 else 3})"


def label(t):
    """The line of the table that it counts for."""
    if t.kind == "scalar":
        return "scalar"
    if t.kind == "seq" or (t.own and t.kind != "resource"):
        return "own slice" if t.kind == "seq" else f"{'once' if t.once else 'own'} {t.kind}"
    if any(t in walk(p) for p in t.parts):
        return f"{t.kind}, recursive"
    return f"{t.kind}, open" if t.open else t.kind


class Pool:
    """The types of an interface; types without a name are the same if they are written the same."""

    def __init__(self, rng):
        self.rng = rng
        self.types = []
        self.by_text = {}
        self.scalar = {name: self.add(Type(name, name, "scalar")) for name in SCALARS + WIDE}
        self.res = self.add(Type("res", "res", "resource", decl="{resource: cv_res_drop, threads: any}"))
        self.own_res = self.add(Type("ownres", "own res", "resource", own=True, lent=self.res))
        self.cstring = self.add(Type("cstr", "cstring", "cstring"))
        self.string = self.add(Type("str", "string", "string"))
        self.own_string = self.add(Type("ownstr", "own string", "string", own=True))
        self.string0 = self.add(Type("str0", "string0", "string0"))
        self.own_string0 = self.add(Type("ownstr0", "own string0", "string0", own=True))
        self.wide = [self.add(Type(f"{id}{word}", f"{text}{word}", word, own=bool(id)))
                     for word in ("string16", "utf16") for id, text in (("", ""), ("own", "own "))]

    def add(self, t):
        if t.text in self.by_text:
            return self.by_text[t.text]
        self.by_text[t.text] = t
        t.rank = len(self.types)
        self.types.append(t)
        return t

    def name(self, prefix):
        return f"{prefix}{len(self.types)}"

    def slice(self, of, mutable=False):
        word = "mutslice" if mutable else "slice"
        return self.add(Type(self.name(word), f"{word}<{of.text}>", "slice", of=of, mutable=mutable))

    def seq(self, of):
        return self.add(Type(self.name("seq"), f"own slice<{of.text}>", "seq", of=of))

    def box(self, of):
        return self.add(Type(self.name("box"), f"box<{of.text}>", "box", of=of))

    def option(self, of):
        return self.add(Type(self.name("opt"), f"option<{of.text}>", "option",
                             fields=[("none", 0, None), ("some", 1, of)]))

    def result(self, ok, err):
        text = f"result<{ok.text if ok else 'unit'}; {err.text if err else 'unit'}>"
        return self.add(Type(self.name("result"), text, "result", fields=[("ok", 0, ok), ("err", 1, err)]))

    def tuple(self, parts):
        return self.add(Type(self.name("tuple"), f"tuple<{'; '.join(t.text for t in parts)}>", "tuple",
                             fields=[(f"f{i}", t) for i, t in enumerate(parts)]))

    def array(self, of, count):
        return self.add(Type(self.name("array"), f"array<{of.text}; {count}>", "array", of=of, count=count))

    def named(self, kind, **more):
        name = self.name(kind)
        return self.add(Type(name, name, kind, **more))

    def enum(self, values, base=None, open=False):
        t = self.named("enum", values=values, base=base, open=open)
        t.decl = (f"{{enum: {{{', '.join(f'{t.id}v{i}: {v}' for i, v in enumerate(values))}}}"
                  f"{f', base: {base}' if base else ''}{', open: true' if open else ''}}}")
        return t

    def flags(self, bits, base=None, open=False):
        t = self.named("flags", values=bits, base=base, open=open)
        t.decl = (f"{{flags: {{{', '.join(f'{t.id}b{b}: {b}' for b in bits)}}}"
                  f"{f', base: {base}' if base else ''}{', open: true' if open else ''}}}")
        return t

    def newtype(self, of):
        t = self.named("newtype", of=of)
        t.decl = f"{{newtype: {of.text}}}"
        return t

    def fill_struct(self, t, parts):
        t.fields = [(f"f{i}", part) for i, part in enumerate(parts)]
        t.decl = f"{{struct: {{{', '.join(f'{n}: {p.text}' for n, p in t.fields)}}}}}"
        return t

    def struct(self, parts):
        return self.fill_struct(self.named("struct"), parts)

    def fill_variant(self, t, payloads, tags=None):
        explicit = tags is not None
        t.fields = [(f"c{i}", tags[i] if explicit else i, p) for i, p in enumerate(payloads)]
        cases = []
        for name, tag, p in t.fields:
            if explicit:
                cases.append(f"{name}: {{{f'type: {p.text}, ' if p else ''}tag: {tag}}}")
            else:
                cases.append(f"{name}: {p.text if p else ''}")
        t.decl = (f"{{variant: {{{', '.join(cases)}}}{f', tag: {t.base}' if t.base else ''}"
                  f"{', open: {size: 64, align: 8}' if t.open else ''}}}")
        return t

    def closure(self, sig):
        """The same lent, given away, and given away to be called once."""
        lent = self.named("closure", sig=sig)
        lent.lent = lent
        lent.decl = closure_text(sig)
        own = Type(f"own{lent.id}", f"own {lent.id}", "closure", own=True, sig=sig, lent=lent)
        once = Type(f"once{lent.id}", f"once {lent.id}", "closure", own=True, once=True, sig=sig, lent=lent)
        return lent, self.add(own), self.add(once)

    def variant(self, payloads, tags=None, base=None, open=False):
        return self.fill_variant(self.named("variant", base=base, open=open), payloads, tags)


@dataclass(eq=False)
class Param:
    name: str
    type: Type
    mode: str = "in"      # in own out inout callback; code, a function, and user, what it is given back
    sig: "Sig" = None     # of callbacks
    sink: bool = False


@dataclass(eq=False)
class Sig:
    params: list
    result: Type = None
    moved: int = None     # the result is this parameter
    lender: str = None

    def index(self, param):
        return self.params.index(param)


@dataclass
class Function:
    number: int
    name: str
    sig: Sig
    kind: str             # the column of the table
    about: Type           # its line


def seed_param():
    return Param("seed", None, "seed")


def user_param():
    return Param("user", None, "user")


class Interface:
    """From a seed; `count` types besides those that every interface has. utf16: types of text in UTF-16 among them."""

    def __init__(self, seed, count, utf16=False):
        self.seed, self.utf16 = seed, utf16
        self.rng = random.Random(f"conversions {seed}")
        self.pool = Pool(self.rng)
        self.tested = []
        self.functions = []
        self.make_types(count)
        for t in self.tested:
            self.make_functions(t)
        for _ in range(max(4, count // 4)):
            self.make_mix()

    # ---- types ------------------------------------------------------------------------------------

    def scalar(self, wide=True):
        names = SCALARS + (WIDE if wide and self.rng.random() < 0.1 else [])
        return self.pool.scalar[self.rng.choice(names)]

    def leaf(self):
        pool, rng = self.pool, self.rng
        if self.utf16 and rng.random() < 0.3:
            return rng.choice(pool.wide)
        choice = rng.random()
        if choice < 0.45:
            return self.scalar()
        if choice < 0.7:
            return rng.choice(self.small)
        if choice < 0.95:
            return rng.choice([pool.own_string, pool.own_string, pool.own_string0, pool.own_res])
        return rng.choice([pool.string, pool.string0, pool.cstring])

    def part(self, depth=2):
        """Any type of few levels."""
        pool, rng = self.pool, self.rng
        if depth == 0 or rng.random() < 0.45:
            return self.leaf()
        kind = rng.choice(["seq", "seq", "option", "option", "box", "tuple", "array", "made", "made", "slice",
                           "result"])
        if kind == "made" and self.made:
            return rng.choice(self.made)
        inner = self.part(depth - 1)
        if kind == "seq":
            return pool.seq(inner)
        if kind == "box":
            return pool.box(inner)
        if kind == "slice":
            return pool.slice(self.scalar() if rng.random() < 0.7 else inner)
        if kind == "tuple":
            return pool.tuple([inner, self.leaf()])
        if kind == "array":
            return pool.array(inner, rng.randint(1, 3))
        if kind == "result":
            return pool.result(rng.choice([None, inner]), self.error())
        return pool.option(inner)

    def error(self):
        return self.rng.choice([self.pool.own_string, self.errno, self.errno, self.pool.scalar["i32"]])

    def make_leaves(self):
        pool, rng = self.pool, self.rng
        enums = [pool.enum(sorted(rng.sample(range(200), 3))), pool.enum([0, 1, 2], base="u8"),
                 pool.enum([-3, 0, 500]), pool.enum([0, 300, 70000]),
                 pool.enum([0, 7, 9], base=rng.choice(["u8", "u16", "u32", "i16", "u64"]), open=True)]
        self.errno = pool.enum(sorted(rng.sample(range(1, 100), 3)))
        flags = [pool.flags([0, 1, 2]), pool.flags([0, 3, 11]), pool.flags([0, 5, 20, 31]), pool.flags([0, 40]),
                 pool.flags([0, 1, 6], base=rng.choice(["u8", "u16", "u32", "u64"]), open=rng.random() < 0.5)]
        enums, flags = rng.sample(enums, 4), rng.sample(flags, 3)
        bare = [pool.variant([None] * rng.randint(1, 5)), pool.variant([None] * 3, [1, 5, 300])]
        self.small = enums + flags + [self.errno, pool.newtype(self.scalar())] + bare
        return self.small

    def make_types(self, count):
        pool, rng = self.pool, self.rng
        self.made = []
        leaves = self.make_leaves()
        self.tested = rng.sample(leaves, 5) + [self.scalar(), pool.scalar[rng.choice(WIDE)]]
        self.tested += pool.wide if self.utf16 else []
        self.tested += [pool.string, pool.own_string, pool.string0, pool.own_string0, pool.cstring, pool.own_res,
                        pool.res]
        for _ in range(3):
            self.made.append(pool.struct([self.scalar(False) for _ in range(rng.randint(1, 5))]))
        self.made.append(pool.variant([rng.choice([None, self.scalar(), self.scalar()]) for _ in range(3)]
                                      + [pool.scalar["f64"]]))
        self.made += [self.recursive(), self.recursive()]
        self.tested += self.made + [pool.slice(self.scalar(False), mutable=True)]
        makers = [
            lambda: pool.struct([self.part() for _ in range(rng.randint(1, 4))]),
            lambda: pool.struct([rng.choice([pool.own_string, pool.seq(self.part(1)), pool.box(self.part(1))])]),
            lambda: pool.tuple([self.part() for _ in range(rng.randint(1, 3))]),
            lambda: pool.array(self.part(), rng.choice([1, 2, 3, 5])),
            lambda: pool.slice(self.scalar()), lambda: pool.slice(self.part()),
            lambda: pool.slice(rng.choice([pool.string, pool.own_string])),
            lambda: pool.seq(self.scalar()), lambda: pool.seq(self.part()), lambda: pool.seq(pool.own_string),
            lambda: pool.seq(pool.seq(self.part(1))),
            lambda: pool.option(self.scalar()), lambda: pool.option(self.part()),
            lambda: pool.option(rng.choice([pool.own_string, pool.string, pool.string0, pool.own_res, pool.cstring,
                                            pool.box(self.part(1)), pool.seq(self.part(1)), pool.slice(self.scalar())])),
            lambda: pool.option(pool.option(self.part(1))),
            lambda: pool.result(self.part(), self.error()), lambda: pool.result(None, self.error()),
            lambda: pool.result(self.scalar(), self.part(1)), lambda: pool.result(self.scalar(), None),
            lambda: pool.variant([rng.choice([None, self.part()]) for _ in range(rng.randint(1, 4))]
                                 + [self.part()]),
            lambda: pool.variant([self.part(1), None, self.part()], [3, 4, 5], base=rng.choice(["u8", "u16", "u32"])),
            lambda: pool.variant([self.scalar(), None, pool.own_string], [2, 300, 301]),
            lambda: pool.variant([self.scalar(False) if rng.random() < 0.5 else None for _ in range(12)]
                                 + [pool.own_string]),
            lambda: pool.variant([pool.own_string, None, self.scalar(False)], open=True),
            lambda: pool.box(self.part()), lambda: pool.newtype(self.part()),
        ]
        rng.shuffle(makers)
        for i in range(count):
            t = makers[i % len(makers)]()
            if t.kind not in ("slice",) and len(self.made) < 40:
                self.made.append(t)
            if t not in self.tested:
                self.tested.append(t)

    def recursive(self):
        pool, rng = self.pool, self.rng
        if rng.random() < 0.5:
            t = pool.named("struct")
            again = rng.choice([pool.seq(t), pool.option(pool.box(t)), pool.option(pool.seq(t))])
            return pool.fill_struct(t, [self.scalar(False), rng.choice([pool.own_string, self.leaf()]), again])
        t = pool.named("variant")
        node = pool.tuple([pool.box(t), self.scalar(False)])
        return pool.fill_variant(t, [rng.choice([pool.own_string, self.scalar(False)]), None,
                                     rng.choice([pool.seq(t), node, pool.box(t)]), self.scalar(False)])

    # ---- functions ----------------------------------------------------------------------------------

    def function(self, kind, about, params, result=None, **more):
        number = len(self.functions) + 1
        params = list(params)
        params.insert(self.rng.randint(0, len(params)), seed_param())
        self.functions.append(Function(number, f"f{number}-{kind}", Sig(params, result, **more), kind, about))

    def callback(self, params, result):
        params = list(params)
        params.insert(self.rng.randint(0, len(params)), seed_param())
        return Param("f", None, "callback", Sig(params, result))

    def make_functions(self, t):
        count = self.pool.scalar["u32"]
        if t.kind == "resource" and not t.own:
            self.function("in", t, [Param("v", t)])
            for lent in [self.pool.string, self.pool.slice(self.scalar(False)), self.pool.string0]:
                self.function("lent", lent, [Param("v", t)], lent, lender="v")
            return
        if not given(t):
            self.function("in", t, [Param("v", t)])
            self.function("each", t, [self.callback([Param("v", t)], count)], count)
        if t.kind == "slice" and t.mutable:
            return
        if lends(t):
            return
        if t.kind != "scalar":
            self.function("own", t, [Param("v", t, "own")])
            self.function("sink", t, [Param("v", t, "own", sink=True)])
            self.function("pass", t, [Param("v", t, "own", sink=True)], t, moved="v")
            self.function("give", t, [self.callback([Param("v", t, "own")], count)], count)
        self.function("make", t, [], t)
        self.function("echo", t, [self.borrowed("v", t)], t)
        self.function("out", t, [Param("v", t, "out")])
        self.function("inout", t, [Param("v", t, "inout")])
        self.function("ask", t, [self.callback([], t)])

    def borrowed(self, name, t):
        """A parameter that lends what a value of the type holds."""
        if t.kind == "resource":
            return Param(name, self.pool.res)
        if t.kind == "seq":
            return Param(name, self.pool.slice(t.of))
        return Param(name, self.pool.by_text[t.text.split(" ", 1)[1]] if given(t) else t)

    def make_mix(self):
        rng, params = self.rng, []
        for i in range(rng.randint(2, 7)):
            t = self.scalar(False) if rng.random() < 0.4 else rng.choice(self.tested)
            mode = "in" if lends(t) or rng.random() < 0.6 else rng.choice(["own", "out", "inout"])
            if mode == "own" and t.kind == "scalar":
                mode = "in"
            if mode == "in" and given(t):
                mode = "own"
            params.append(Param(f"v{i}", t, mode, sink=mode == "own"))
        result = rng.choice([t for t in self.tested if not lends(t)])
        if rng.random() < 0.3:
            params.insert(rng.randint(0, len(params)), self.callback(
                [Param("v", rng.choice([t for t in self.tested if not given(t)]))], None))
        self.function("mix", rng.choice([p.type for p in params if p.type]), params, result)


class Closures(Interface):
    """Closures in three modes, what they take and give, and what they lie in; functions with user data besides."""

    def make_types(self, count):
        super().make_types(6)
        self.plain = [t for t in self.tested if t.kind != "slice" or not t.mutable]
        self.tested = []
        for _ in range(count):
            lent, own, once = self.pool.closure(self.closure_sig())
            self.tested += [lent, own, once]
            self.tested += [t for t in (self.holder(lent, own, once) for _ in range(2)) if t not in self.tested]

    def make_functions(self, t):
        super().make_functions(t)
        if t.kind == "closure" and t is t.lent:
            sig = self.closure_sig()
            sig.params.insert(self.rng.randint(0, len(sig.params)), user_param())
            params = [Param("f", None, "code", sig), user_param()]
            self.rng.shuffle(params)
            self.function("user", t, params)

    def closure_sig(self):
        rng, params = self.rng, []
        for i in range(rng.randint(0, 3)):
            t = rng.choice(self.plain + self.tested)
            mode = "in" if lends(t) or rng.random() < 0.6 else rng.choice(["own", "out", "inout"])
            if mode == "own" and t.kind == "scalar":
                mode = "in"
            params.append(Param(f"v{i}", t, "own" if mode == "in" and given(t) else mode))
        params.insert(rng.randint(0, len(params)), seed_param())
        results = [t for t in self.plain + self.tested if not lends(t)]
        return Sig(params, rng.choice([None, rng.choice(results)]))

    def holder(self, lent, own, once):
        pool, rng = self.pool, self.rng
        given_away = rng.choice([own, own, once])
        return rng.choice([
            lambda: pool.struct([self.scalar(False), given_away, rng.choice([pool.own_string, self.leaf()])]),
            lambda: pool.struct([given_away]),
            lambda: pool.struct([lent, self.leaf()]),
            lambda: pool.option(rng.choice([own, once, lent])),
            lambda: pool.seq(given_away),
            lambda: pool.slice(rng.choice([lent, own])),
            lambda: pool.slice(pool.struct([lent, pool.option(self.scalar(False))])),
            lambda: pool.box(given_away),
            lambda: pool.variant([own, None, once, pool.own_string]),
            lambda: pool.result(given_away, self.error()),
            lambda: pool.result(None, own),
            lambda: pool.tuple([once, self.scalar(False)]),
            lambda: pool.array(given_away, 2),
            lambda: pool.newtype(pool.option(given_away)),
        ])()


# ---- the interface file -----------------------------------------------------------------------------

def param_text(p, sinks):
    if p.mode == "seed":
        return "u32"
    if p.mode == "user":
        return "mutptr<void>"
    if p.mode in ("callback", "code"):
        return closure_text(p.sig, p.mode == "code")
    mode = "" if p.mode == "in" or (p.mode == "own" and given(p.type)) else f"{p.mode} "
    text = mode + p.type.text
    return f"{{type: {quoted(text)}, facts: [sink]}}" if sinks and p.sink else text


def closure_text(sig, is_code=False):
    result = f" -> {sig.result.text}" if sig.result else ""
    return f"{'fn' if is_code else 'callback'}({'; '.join(f'{q.name} {param_text(q, False)}' for q in sig.params)}){result}"


def quoted(text):
    return f'"{text}"'


def function_text(f, sinks):
    """The short form, or the long one where a parameter has facts."""
    sig = f.sig
    result = sig.result.text if sig.result else ""
    if sinks and any(p.sink for p in sig.params):
        params = "".join(f"      {p.name}: {param_text(p, True) if p.sink else quoted(param_text(p, True))}\n" for p in sig.params)
        more = f"    returns: {quoted(result)}\n" if result else ""
        return f"  {f.name}:\n    params:\n{params}{more}"
    params = "; ".join(f"{p.name} {param_text(p, False)}" for p in sig.params)
    arrow = f" -> {result}" if result else ""
    lender = f" from {sig.lender}" if sig.lender else ""
    text = quoted(f"({params}){arrow}{lender}")
    for p in sig.params:
        if p.mode == "code":
            at = [q.mode for q in p.sig.params].index("user")
            text = f"{{sig: {text}, callbacks: {{{p.name}: {{data: user, at: {at}}}}}}}"
    return f"  {f.name}: {text}\n"


def interface_text(interface, functions, forms="", hooks="", sinks=False):
    needed = needed_types(functions)
    out = [f"# Made from seed {interface.seed}.\nabide: 1\npackage: conversions\n{forms}hooks:\n"
           f"  allocate: cv_alloc\n  release: cv_free\n{hooks}types:\n"]
    out += [f"  {t.id}: {t.decl}\n" for t in interface.pool.types if t.decl and t in needed]
    out.append("functions:\n")
    out += [function_text(f, sinks) for f in functions]
    return "".join(out)


def params_of(sig):
    for p in sig.params:
        yield p
        if p.sig:
            yield from p.sig.params


def types_of(sig):
    for p in params_of(sig):
        if p.type:
            yield p.type
        if p.sig and p.sig.result:
            yield p.sig.result
    if sig.result:
        yield sig.result


def needed_types(functions):
    """All types that functions need; in no order."""
    needed, sigs = [], [f.sig for f in functions]
    for sig in sigs:
        for t in types_of(sig):
            for part in walk(t):
                if part not in needed:
                    needed.append(part)
                if part.lent and part.lent not in needed:
                    needed.append(part.lent)
                if part.kind == "closure" and part.sig not in sigs:
                    sigs.append(part.sig)
    return needed
