"""Types of the interface language, written by hand and at random, and what System ABI 1 says of them.

Nothing here asks abide: the rules are those of abi-specs/language/system.md, whose statements the comments name.
"""
import random

SMALLEST = [("u8", 8), ("u16", 16), ("u32", 32)]


class Type:
    """A type where it is used. `text`: as interface files write it."""

    niche = False  # N1

    def parts(self):
        """[(name, Type)] of the C struct that it is; empty if it is none."""
        return []

    def inner(self):
        """What it is laid out as; itself unless it is only a name or uses a niche."""
        return self


class Scalar(Type):
    def __init__(self, name):
        self.text = self.name = name


class Word(Type):
    """Anything of one word: pointers, functions, cstring, handles (L3)."""

    def __init__(self, text, niche):
        self.text, self.niche = text, niche


class Parts(Type):
    """Slices, strings, boxes and closures: words with names (L8 to L12)."""

    niche = True

    def __init__(self, text, names):
        self.text, self.names = text, names

    def parts(self):
        return [(name, WORD) for name in self.names]


WORD = Word("uptr", False)


class Array(Type):
    def __init__(self, element, count):
        self.element, self.count = element, count
        self.text = f"array<{element.text}, {count}>"


class Bytes(Array):
    def __init__(self, count):
        super().__init__(Scalar("u8"), count)
        self.text = f"bytes<{count}>"


class Tuple(Type):
    def __init__(self, members):
        self.members = members
        self.text = f"tuple<{', '.join(member.text for member in members)}>"
        self.niche = len(members) == 1 and members[0].niche

    def parts(self):
        return [(f"field{i}", member) for i, member in enumerate(self.members)]


class Sum(Type):
    """cases: [(name, tag, Type or None)]"""

    def __init__(self, text, cases, tag=None, room=None):
        self.text, self.cases, self.room = text, cases, room
        largest = max(value for _, value, _ in cases)
        self.tag = "u32" if room else tag or next(n for n, bits in SMALLEST if largest < 1 << bits)  # L13, L15
        self.is_bare = not room and all(payload is None for _, _, payload in cases)  # L14

    def nullable(self):
        """The case that a niche stands for, if it has one (N2, N3)."""
        return None

    def inner(self):
        case = self.nullable()
        return case.inner() if case else self


class Option(Sum):
    def __init__(self, target):
        super().__init__(f"option<{target.text if target else 'unit'}>", [("none", 0, None), ("some", 1, target)])
        self.target = target

    def nullable(self):
        return self.target if self.target and self.target.niche else None


class Result(Sum):
    def __init__(self, ok, err):
        texts = [side.text if side else "unit" for side in (ok, err)]
        super().__init__(f"result<{texts[0]}, {texts[1]}>", [("ok", 0, ok), ("err", 1, err)])

    def nullable(self):
        (_, _, good), (_, _, bad) = self.cases
        return bad if not good and bad and bad.niche else None


class Named(Type):
    """A type of the file. `lines`: its definition in YAML."""

    def __init__(self, name, lines):
        self.text = self.name = name
        self.lines = lines


class Enum(Named):
    """Enums and flags: an integer (L6, L7)."""

    def __init__(self, name, lines, base):
        super().__init__(name, lines)
        self.base = base


class Record(Named):
    def __init__(self, name, word, fields):
        super().__init__(name, [f"{word}:"] + [f"  {field}: {kind.text}" for field, kind in fields] if fields
                         else [f"{word}: {{}}"])
        self.word, self.fields = word, fields
        self.niche = word == "struct" and len(fields) == 1 and fields[0][1].niche

    def parts(self):
        return self.fields


class Newtype(Named):
    def __init__(self, name, target):
        super().__init__(name, [f"newtype: {target.text}"])
        self.target, self.niche = target, target.niche

    def inner(self):
        return self.target.inner()


class Variant(Named, Sum):
    """cases: [(name, explicit tag or None, Type or None)]"""

    def __init__(self, name, cases, tag=None, room=None):
        lines, numbered, value = ["variant:"], [], 0
        for case, explicit, payload in cases:
            value = explicit if explicit is not None else value
            numbered.append((case, value, payload))
            value += 1
            if explicit is None:
                lines.append(f"  {case}: {payload.text if payload else ''}".rstrip())
            else:
                lines.append(f"  {case}: {{{f'type: {flow(payload)}, ' if payload else ''}tag: {explicit}}}")
        if tag:
            lines.append(f"tag: {tag}")
        if room:
            lines.append(f"open: {{size: {room[0]}, align: {room[1]}}}")
        Sum.__init__(self, name, numbered, tag, room)
        Named.__init__(self, name, lines)


class Resource(Named):
    def __init__(self, name):
        super().__init__(name, [f"resource: {name}_drop"])


def flow(kind):
    """Inside `{}` a comma would end the entry."""
    return kind.text.replace(",", ";")


def slice_of(target, mutable=False, own=False):
    text = f"{'own ' if own else ''}{'mut' if mutable else ''}slice<{target.text}>"
    return Parts(text, ["ptr", "len", "owner"] if own else ["ptr", "len"])


def text_of(word, own=False):
    """string, string0, bytes"""
    return Parts(f"own {word}" if own else word, ["ptr", "len", "owner"] if own else ["ptr", "len"])


def box_of(target):
    return Parts(f"box<{target.text}>", ["ptr", "owner"])


def closure_of(text):
    return Parts(text, ["fn", "env"])


def pointer_to(word, target):
    return Word(f"{word}<{target.text if target else 'void'}>", word.endswith("ref"))


def interface(types):
    """The interface file."""
    lines = ["abide: 1", "package: layouts", "types:"]
    for kind in types:
        lines.append(f"  {kind.name}:")
        lines += [f"    {line}" for line in kind.lines]
    return "\n".join(lines) + "\n"


# --- by hand: one of each, and the combinations that the specification speaks of ---

def by_hand():
    u8, u16, i32, u64, f64 = (Scalar(name) for name in ("u8", "u16", "i32", "u64", "f64"))
    types = []

    def add(kind):
        types.append(kind)
        return kind

    def new(name, target):
        return add(Newtype(name, target))

    add(Enum("color", ["enum: [red, green]"], "u32"))
    add(Enum("small", ["enum: {a: 3, b: 200}", "base: u8"], "u8"))
    add(Enum("wide", ["enum: {a: -1, b: 4}", "base: i64", "open: true"], "i64"))
    add(Enum("flags8", ["flags: [a, b, c]"], "u8"))
    add(Enum("flags16", [f"flags: [{', '.join(f'f{i}' for i in range(9))}]"], "u16"))
    add(Enum("flags32", [f"flags: [{', '.join(f'f{i}' for i in range(17))}]", "open: true"], "u32"))
    add(Enum("flags64", [f"flags: [{', '.join(f'f{i}' for i in range(33))}]"], "u64"))
    add(Enum("flags_based", ["flags: [a]", "base: u32"], "u32"))
    add(Resource("handle"))
    string, own_string = text_of("string"), text_of("string", True)
    for i, kind in enumerate([string, own_string, text_of("string0"), text_of("string0", True), text_of("bytes"),
                              text_of("bytes", True), slice_of(u16), slice_of(f64, own=True), slice_of(i32, mutable=True),
                              box_of(u64), Word("cstring", True), closure_of("callback(x u32) -> bool"), Bytes(5),
                              Tuple([u8, u64, u16]), Array(string, 3), Word("fn(u32) -> u32", True)]):
        new(f"plain{i}", kind)
    numbers = add(Variant("numbers", [("count", None, Scalar("size")), ("ratio", None, f64)]))
    add(Variant("bare", [("a", None, None), ("b", None, None)]))
    add(Variant("bare_far", [("a", 65536, None), ("b", None, None)]))
    add(Variant("tagged", [("a", None, u8), ("b", 7, u16), ("c", None, None)], tag="u16"))
    add(Variant("many", [(f"c{i}", None, u8 if i == 0 else None) for i in range(257)]))
    add(Variant("spread", [("a", 300, u64), ("b", None, None)]))
    add(Variant("mixed", [("a", None, string), ("b", None, numbers), ("c", None, Array(u16, 3)), ("d", None, None)]))
    add(Variant("later", [("io", None, i32), ("lost", None, None)], room=(56, 8)))
    add(Variant("later16", [("a", None, u8)], room=(32, 16)))
    add(Variant("later_bare", [("a", None, None)], room=(4, 1)))
    word = pointer_to("ref", u64)
    wrapped = add(Record("wrapped", "struct", [("s", own_string)]))
    wrapped_twice = new("wrapped_twice", wrapped)
    for i, target in enumerate([Scalar("u32"), u64, f64, None, word, pointer_to("ptr", u64), string, own_string, wrapped,
                                wrapped_twice, Tuple([word]), slice_of(u8), box_of(f64), Word("cstring", True),
                                closure_of("callback()"), Word("borrow handle", True), Word("own handle", True), numbers,
                                Option(string), Option(Option(string)), Option(None), Array(word, 1),
                                Result(None, own_string), Scalar("bool")]):
        new(f"option{i}", Option(target))
        new(f"status{i}", Result(None, target))
    for i, (ok, err) in enumerate([(i32, own_string), (own_string, None), (None, None), (numbers, numbers),
                                   (Option(u8), Option(string)), (Tuple([u8, u16]), color_of(types))]):
        new(f"result{i}", Result(ok, err))
    tree = Named("tree", [])
    add(Record("tree", "struct", [("value", numbers), ("kids", slice_of(tree, own=True)), ("left", Option(box_of(tree))),
                                  ("look", slice_of(tree)), ("up", pointer_to("ptr", tree))]))
    value = Named("json", [])
    add(Variant("json", [("null", None, None), ("truth", None, Scalar("bool")), ("number", None, f64),
                         ("text", None, own_string), ("list", None, slice_of(value, own=True)),
                         ("same", None, box_of(value))]))
    return types


def color_of(types):
    return next(kind for kind in types if kind.name == "color")


# --- at random ---

SCALARS = ["bool", "u8", "u16", "u32", "u64", "i8", "i16", "i32", "i64", "f32", "f64", "char", "c_char", "c_short", "c_int",
           "c_uint", "c_long", "c_ulong", "c_longlong", "c_double", "c_wchar", "size", "ssize", "uptr"]
SCALARS_64 = SCALARS + ["i128", "u128", "c_longdouble"]
BASES = ["u8", "i8", "u16", "i16", "u32", "i32", "u64", "i64"]


class Random:
    def __init__(self, seed, scalars, count):
        self.dice = random.Random(seed)
        self.scalars = scalars
        self.types = []
        self.names = [f"t{i}" for i in range(count)]
        for name in self.names:
            self.types.append(self.definition(name))

    def any_named(self):
        """For what a pointer points to: also types that come later, so that types lead to each other."""
        return Named(self.dice.choice(self.names), [])

    def values(self, plain=False):
        return [kind for kind in self.types if not isinstance(kind, Resource) and (not plain or kind.is_plain)]

    def pointed(self):
        dice = self.dice.random()
        if dice < 0.4:
            target = self.any_named()
            index = self.names.index(target.name)
            if index < len(self.types) and isinstance(self.types[index], Resource):
                return Scalar("u8")
            return target
        return self.expression(2)

    def expression(self, depth):
        """A type by value."""
        dice = self.dice
        made = self.values()
        what = dice.random()
        if made and what < 0.25:
            return dice.choice(made)
        if depth <= 0 or what < 0.45:
            return Scalar(dice.choice(self.scalars))
        return dice.choice([self.indirect, self.indirect, self.compound, self.sum])(depth - 1)

    def indirect(self, _):
        dice = self.dice
        resources = [kind for kind in self.types if isinstance(kind, Resource)]
        choice = dice.randrange(9)
        if choice == 0:
            return text_of(dice.choice(["string", "string0", "bytes"]), dice.random() < 0.5)
        if choice == 1:
            return slice_of(self.pointed(), own=True)
        if choice == 2:
            return slice_of(self.pointed(), mutable=dice.random() < 0.3)
        if choice == 3:
            return box_of(self.pointed())
        if choice == 4:
            return Word("cstring", True)
        if choice == 5:
            return closure_of(dice.choice(["callback()", "callback(x u32) -> bool"]))
        if choice == 6 and resources:
            return Word(f"{dice.choice(['own', 'borrow'])} {dice.choice(resources).name}", True)
        if choice == 7:
            return Word(dice.choice(["fn()", "fn(u32) -> u32"]), True)
        return pointer_to(dice.choice(["ptr", "mutptr", "ref", "mutref"]), self.pointed())

    def compound(self, depth):
        dice = self.dice
        if dice.random() < 0.5:
            return Tuple([self.expression(depth) for _ in range(dice.randint(1, 4))])
        return Array(self.expression(depth), dice.randint(1, 4))

    def sum(self, depth):
        dice = self.dice

        def side():
            return None if dice.random() < 0.3 else self.expression(depth)
        return Option(side()) if dice.random() < 0.6 else Result(side(), side())

    def definition(self, name):
        kind = self.dice.choices(["struct", "variant", "newtype", "open", "enum", "flags", "union", "resource"],
                                 [30, 30, 15, 8, 6, 5, 4, 2])[0]
        made = getattr(self, "make_" + kind)(name)
        made.is_plain = isinstance(made, Enum) or (isinstance(made, Record) and all(
            isinstance(field, Scalar) for _, field in made.fields))
        return made

    def make_struct(self, name):
        count = self.dice.choice([0, 1, 1, 2, 3, 4, 6])
        return Record(name, "struct", [(f"m{i}", self.expression(3)) for i in range(count)])

    def make_union(self, name):
        def member():
            plain = self.values(plain=True)
            return self.dice.choice(plain) if plain and self.dice.random() < 0.5 else Scalar(self.dice.choice(self.scalars))
        return Record(name, "union", [(f"m{i}", member()) for i in range(self.dice.randint(1, 3))])

    def cases(self):
        dice = self.dice
        count, value, cases = dice.choice([1, 2, 3, 4, 7]), 0, []
        for i in range(count):
            explicit = None
            if dice.random() < 0.2:
                explicit = value + dice.choice([0, 1, 10, 250, 66000] if i else [0, 3, 255, 256])
                value = explicit
            value += 1
            cases.append((f"c{i}", explicit, None if dice.random() < 0.3 else self.expression(3)))
        return cases, value - 1

    def make_variant(self, name):
        cases, largest = self.cases()
        fitting = [tag for tag, bits in SMALLEST if largest < 1 << bits]
        return Variant(name, cases, tag=self.dice.choice(fitting) if self.dice.random() < 0.25 else None)

    def make_open(self, name):
        room = self.dice.choice([(64, 8), (40, 4), (256, 16), (7, 1)])
        scalars = ["u8", "i8", "bool"] if room[1] == 1 else ["u8", "u16", "u32", "i32", "f32", "c_int"]
        cases = [(f"c{i}", None, None if self.dice.random() < 0.3 else Scalar(self.dice.choice(scalars)))
                 for i in range(self.dice.randint(1, 4))]
        if room[0] >= 64:
            cases.append(("last", None, self.indirect(0)))
        return Variant(name, cases, room=room)

    def make_newtype(self, name):
        return Newtype(name, self.expression(3))

    def make_enum(self, name):
        base = self.dice.choice(BASES + [None])
        low = -1 if base and base[0] == "i" and self.dice.random() < 0.5 else 0
        lines = [f"enum: {{a: {low}, b: {self.dice.randint(1, 100)}}}"] + ([f"base: {base}"] if base else [])
        return Enum(name, lines + (["open: true"] if self.dice.random() < 0.3 else []), base or "u32")

    def make_flags(self, name):
        count = self.dice.choice([1, 8, 9, 16, 17, 32, 33, 64])
        base = next(f"u{bits}" for bits in (8, 16, 32, 64) if count <= bits)
        return Enum(name, [f"flags: [{', '.join(f'f{i}' for i in range(count))}]"], base)

    def make_resource(self, name):
        return Resource(name)
