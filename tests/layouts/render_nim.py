"""The types as a Nim programmer writes them, and questions to the C compiler about what Nim's compiler makes of them."""
from model import (Array, Bytes, Enum, Named, Newtype, Option, Parts, Random, Record, Resource, Result, Scalar, Tuple,
                   Variant, Word, box_of, closure_of, flow, pointer_to, slice_of, text_of)

NIM_SCALARS = {
    "bool": "bool", "size": "uint", "ssize": "int", "uptr": "uint", "char": "uint32", "c_char": "cchar", "c_short": "cshort",
    "c_int": "cint", "c_uint": "cuint", "c_long": "clong", "c_ulong": "culong", "c_longlong": "clonglong",
    "c_double": "cdouble", "f32": "float32", "f64": "float64",
}
NIM_SCALARS.update({f"{sign}{bits}": f"{word}{bits}" for sign, word in (("u", "uint"), ("i", "int"))
                    for bits in (8, 16, 32, 64)})


def nim(kind):
    """A type where it is used."""
    if isinstance(kind, Named):
        return kind.name
    if isinstance(kind, Scalar):
        return NIM_SCALARS[kind.name]
    if isinstance(kind, Array):
        return f"array[{kind.count}, {nim(kind.element)}]"
    if isinstance(kind, Tuple):
        return f"({', '.join(nim(member) for member in kind.members)},)"
    if isinstance(kind, Option):
        return f"Option[{nim(kind.target)}]"
    return kind.nim


def with_nim(kind, text):
    kind.nim = text
    return kind


def definition(kind):
    """Lines of the type section."""
    name = kind.name
    if isinstance(kind, Resource):
        return [f"{name} = object"]
    if isinstance(kind, Enum):
        return kind.nim
    if isinstance(kind, Newtype):
        return result(name, kind.target) if isinstance(kind.target, Result) else [f"{name} = {nim(kind.target)}"]
    if isinstance(kind, Variant):
        return variant(kind)
    pragma = " {.union.}" if kind.word == "union" else ""
    return [f"{name}{pragma} = object"] + [f"  {field}: {nim(part)}" for field, part in kind.fields]


def variant(kind):
    cases = ", ".join(f"{kind.name}_{case} = {tag}" for case, tag, _ in kind.cases)
    if kind.is_bare:
        return [f"{kind.name} = enum {cases}"]
    lines = [f"{kind.name}Kind = enum {cases}", f"{kind.name} = object", f"  case kind: {kind.name}Kind"]
    for case, _, payload in kind.cases:
        lines.append(f"  of {kind.name}_{case}: {f'{case}: {nim(payload)}' if payload else 'discard'}")
    return lines


def result(name, kind):
    (_, _, good), (_, _, bad) = kind.cases
    return [f"{name} = object", "  case o: bool",
            f"  of false: {f'err: {nim(bad)}' if bad else 'discard'}",
            f"  of true: {f'ok: {nim(good)}' if good else 'discard'}"]


def expressions(fields, prefix="", base_bits=0):
    """(path, offset, bits) of the named members; of an anonymous one, what lies in it."""
    for field in fields:
        at = base_bits + field["offset_bits"]
        if field.get("name"):
            yield prefix + field["name"], at, field["size_bits"]
        else:
            yield from expressions(field.get("fields", []), prefix, at)


def source(types, answers):
    """A module whose C compiles if the answers hold, and the number of questions in it."""
    lines, asked = ["import std/options", "{.emit: \"#include <stddef.h>\".}", "type"], 0
    for kind in types:
        lines += ["  " + line for line in definition(kind)]
    answers = {answer["name"]: answer for answer in answers}
    for kind in types:
        # A pointer to an array is one to its element.
        if isinstance(kind, Resource) or isinstance(kind.inner(), Array):
            continue
        answer = answers[kind.name]
        facts = [("sizeof(", ")", answer["size_bytes"]), ("_Alignof(__typeof__(", "))", answer["align_bytes"])]
        # A text, a seq or a closure is the compiler's own struct.
        is_record = isinstance(kind.inner(), (Record, Variant, Tuple, Option, Result))
        for path, offset_bits, size_bits in expressions(answer.get("fields", [])) if is_record else []:
            if path not in ("dummy",):
                facts.append(("offsetof(__typeof__(", f"), {path})", offset_bits // 8))
                facts.append(("sizeof((", f").{path})", size_bits // 8))
        lines.append(f"proc ask_{kind.name}(p: ptr {kind.name}) {{.exportc.}} =")
        for before, after, number in facts:
            asked += 1
            what = f"{kind.name}: {before}it{after}: abide says {number}".replace('"', "")
            lines.append(f'  {{.emit: ["_Static_assert({before}*", p, "{after} == {number}, \\"{what}\\");"].}}')
    return "\n".join(lines + [""]), asked


# --- what Nim has a word for ---

STRING = with_nim(text_of("string", True), "string")
SCALARS = [name for name in NIM_SCALARS]


def seq_of(kind):
    return with_nim(slice_of(kind, own=True), f"seq[{nim(kind)}]")


def ref_to(kind):
    return with_nim(box_of(kind), f"ref {nim(kind)}")


def pointer(word, kind):
    return with_nim(pointer_to(word, kind), f"ptr {nim(kind)}" if kind else "pointer")


def words(dice):
    return dice.choice([
        with_nim(Word("cstring", True), "cstring"),
        with_nim(Word("fn(u32) -> u32", True), "proc (x: uint32): uint32 {.cdecl.}"),
        with_nim(closure_of("callback(x u32) -> bool"), "proc (x: uint32): bool {.closure.}"),
        with_nim(text_of("string0", True), "string"), with_nim(text_of("bytes", True), "seq[byte]"), STRING, STRING,
    ])


class NimRandom(Random):
    """Without what Nim has no word for: borrowed slices as members, open sums, tags with gaps, options of nothing."""

    def indirect(self, _):
        choice = self.dice.randrange(8)
        resources = [kind for kind in self.types if isinstance(kind, Resource)]
        if choice < 2:
            return seq_of(self.pointed())
        if choice < 4:
            return ref_to(self.pointed())
        if choice == 4:
            return pointer(self.dice.choice(["ptr", "mutptr", "ref", "mutref"]), self.pointed())
        if choice == 5 and resources:
            target = self.dice.choice(resources).name
            return with_nim(Word(f"{self.dice.choice(['own', 'borrow'])} {target}", True), f"ptr {target}")
        return words(self.dice)

    def sum(self, depth):
        """Nim's Option of a pointer knows no nil that is there."""
        target = self.expression(depth)
        is_nullable = isinstance(target.inner(), Word) and not target.niche
        return Option(Scalar("u8") if is_nullable else target)

    def cases(self):
        count = self.dice.choice([1, 2, 3, 4, 7])
        cases = [(f"c{i}", None, None if self.dice.random() < 0.3 else self.expression(3)) for i in range(count)]
        return cases, count - 1

    def make_variant(self, name):
        return Variant(name, self.cases()[0])

    def make_open(self, name):
        """Results have no word either, but a name and an object."""
        def side():
            return None if self.dice.random() < 0.3 else self.expression(3)
        return Newtype(name, Result(side(), side() or Scalar("u8")))

    def make_enum(self, name):
        base = self.dice.choice([None, None, "u8", "u16", "i32", "i64"])
        high = self.dice.choice([1, 100, 255, 256, 65535, 65536]) if base is None else self.dice.randint(1, 100)
        low = -1 if base in (None, "i32", "i64") and self.dice.random() < 0.4 else 0
        lines = [f"enum: {{a: {low}, b: {high}}}"] + ([f"base: {base}"] if base else [])
        pragma = f" {{.size: {int(base[1:]) // 8}.}}" if base else ""
        kind = Enum(name, lines, base)
        return with_nim(kind, [f"{name}{pragma} = enum {name}_a = {low}, {name}_b = {high}"])

    def make_flags(self, name):
        count = self.dice.choice([1, 8, 9, 16, 17, 32, 33, 64])
        kind = Enum(name, [f"flags: [{', '.join(f'f{i}' for i in range(count))}]"], None)
        members = ", ".join(f"{name}_f{i}" for i in range(count))
        return with_nim(kind, [f"{name}Flag = enum {members}", f"{name} = set[{name}Flag]"])


def by_hand():
    u8, u64, f64 = (Scalar(name) for name in ("u8", "u64", "f64"))
    types = [Resource("handle")]

    def new(name, target):
        types.append(Newtype(name, target))

    bare = Variant("bare", [("a", None, None), ("b", None, None)])
    shape = Variant("shape", [("none", None, None), ("circle", None, f64), ("text", None, STRING), ("many", None, u8)])
    pair = Record("pair", "struct", [("a", u8), ("b", STRING)])
    types += [bare, shape, pair]
    tree = Named("tree", [])
    types.append(Record("tree", "struct", [("value", shape), ("kids", seq_of(tree)), ("left", Option(ref_to(tree))),
                                           ("look", pointer("mutptr", tree))]))
    for i, target in enumerate([u8, u64, f64, STRING, seq_of(u64), ref_to(u64), pointer("mutptr", u8), pointer("ref", u64),
                                with_nim(Word("cstring", True), "cstring"), bare, shape, pair, Tuple([u8, u64]), Bytes(3),
                                with_nim(Word("borrow handle", True), "ptr handle"), Option(STRING), Option(ref_to(u8)),
                                Option(Option(pointer("mutref", u8))),
                                with_nim(closure_of("callback()"), "proc () {.closure.}"),
                                with_nim(Word("fn()", True), "proc () {.cdecl.}")]):
        new(f"plain{i}", target)
        if target.niche or not isinstance(target, Word):
            new(f"option{i}", Option(target))
        new(f"result{i}", Result(target, STRING))
        new(f"status{i}", Result(None, target))
        new(f"fault{i}", Result(target, None))
    return types
