"""Calls all of the library by ctypes; `terms` is what `abide bind python` makes of the interface. client.py LIBRARY"""
import ctypes
import sys

import terms

lib = terms.bind(ctypes.CDLL(sys.argv[1]))
KEPT = []  # what the library may still release or call


def lend(text):
    data = text.encode()
    buffer = (ctypes.c_uint8 * max(1, len(data))).from_buffer_copy(data or b"\0")
    KEPT.append(buffer)
    return ctypes.cast(buffer, ctypes.POINTER(ctypes.c_uint8)), len(data)


class Owner(ctypes.Structure):
    pass


RELEASE = ctypes.CFUNCTYPE(None, ctypes.POINTER(Owner), ctypes.c_void_p, ctypes.c_size_t)
Owner._fields_ = [("release", RELEASE)]
released = 0


def count_release(_owner, _memory, _size):
    global released
    released += 1


OURS = Owner(RELEASE(count_release))


def give(text):
    pointer, length = lend(text)
    return terms.sys_string(pointer, length, ctypes.cast(ctypes.pointer(OURS), ctypes.POINTER(terms.sys_owner)))


def end(value, size):
    if value.owner:
        owner = ctypes.cast(value.owner, ctypes.POINTER(Owner))
        owner.contents.release(owner, ctypes.cast(value.ptr, ctypes.c_void_p), value.len * size)


def take(value):
    text = bytes(value.ptr[:value.len]).decode()
    end(value, 1)
    return text


def show_pairs(what, made):
    print(f"{what}:", *(f"{take(p.key)}={p.value}" for p in made.ptr[:made.len]))
    end(made, ctypes.sizeof(terms.pair))


def lent_pairs(*pairs):
    made = (terms.pair * len(pairs))()
    for at, (key, value) in zip(made, pairs):
        at.key.ptr, at.key.len = lend(key)
        at.value = value
    return made


def show_merge():
    out = terms.own_slice_pair()
    lib.merge(lent_pairs(("a", 1), ("b", 2)), 2, lent_pairs(("b", 3), ("ä", 4)), 2, ctypes.byref(out))
    show_pairs("merge", out)


def show_apply():
    calls = []

    def stage(name, weight, does):
        def run(x, env):
            calls.append(env)
            return does(x)
        made = terms.stage()
        made.name.ptr, made.name.len = lend(name)
        made.run.fn, made.run.env = type(made.run.fn)(run), 100 + len(KEPT)
        made.weight.tag, made.weight.payload.some = weight is not None, weight or 0
        KEPT.append(made.run.fn)
        return made

    stages = (terms.stage * 3)(stage("add", None, lambda x: x + 1), stage("ten", 3, lambda x: 10 * x),
                               stage("bonus", None, lambda x: x - 2))
    results = [lib.apply(stages, 3, 4), lib.apply(None, 0, 4), lib.apply(stages, 0, 4)]
    assert calls == [s.run.env for s in stages]
    print("apply:", *results, end=f", calls {len(calls)}\n")


def words(shape):
    if shape.tag == 0:
        return "nothing"
    if shape.tag == 1:
        return f"circle {shape.payload.circle:g}"
    if shape.tag == 2:
        points = shape.payload.polygon
        text = " ".join(f"{p.x:g},{p.y:g}" for p in points.ptr[:points.len])
        end(points, ctypes.sizeof(terms.point))
        return f"polygon {text}"
    return f"named {take(shape.payload.named)}"


def show_parse(text):
    made = terms.result_shape_fault()
    if lib.parse(*lend(text), ctypes.byref(made)) == 0:
        print("parse:", words(made.payload.ok))
        return
    fault = made.payload.err
    print("fault:", (lambda: f"number {fault.payload.number}", lambda: f"text {take(fault.payload.text)}",
                     lambda: f"near {words(fault.payload.near)}")[fault.tag]())


def show_split(text, at):
    head, tail, places = terms.sys_string(), terms.sys_string(), terms.option_u64()
    found = lib.split(*lend(text), ord(at), ctypes.byref(head), ctypes.byref(tail), ctypes.byref(places))
    place = places.payload.some if places.tag else "nowhere"
    print(f"split: {str(found).lower()} {take(head)}|{take(tail)}|{place}")


class Pairs:
    """An iterator of Python's behind a table."""
    dropped, alive = 0, {}

    def __init__(self, letter, values):
        self.left = [(f"{letter}{v}", v) for v in values]
        self.alive[id(self)] = self

    @staticmethod
    def next(this, out):
        left = Pairs.alive[this].left
        out.contents.tag = bool(left)
        if left:
            key, value = left.pop(0)
            out.contents.payload.some = terms.pair(give(key), value)
        return out.contents.tag

    @staticmethod
    def drop(this):
        Pairs.dropped += 1
        del Pairs.alive[this]


def table():
    made = terms.pairs(size=ctypes.sizeof(terms.pairs))
    made.next = type(made.next)(Pairs.next)
    made.left = type(made.left)(lambda this: len(Pairs.alive[this].left))
    made.drop = type(made.drop)(Pairs.drop)
    made.query = type(made.query)(lambda this, wanted: None)
    return made


def show_iterators():
    methods = table()
    mine = Pairs("k", range(10, 15))
    print("sum:", lib.sum(id(mine), ctypes.byref(methods), 3))
    Pairs.drop(id(mine))
    theirs = lib.range(3, 6)
    methods_of, found, out = theirs.vtable.contents, [], terms.option_pair()
    while methods_of.next(theirs.data, ctypes.byref(out)):
        pair = out.payload.some
        found.append(f"{take(pair.key)}={pair.value},{methods_of.left(theirs.data)}")
    methods_of.drop(theirs.data)
    print("range:", *found)
    given = terms.own_slice_pair()
    lib.take(id(Pairs("m", range(1, 4))), ctypes.byref(methods), ctypes.byref(given))
    show_pairs("take", given)
    print("dropped:", Pairs.dropped)
    assert released == 6, released


show_merge()
show_apply()
for words_of in ("", "circle 1.5", "polygon 3", "named käse", "number -7", "near named x", "what is it"):
    show_parse(words_of)
show_split("key=välue", "=")
show_split("none", "ä")
show_iterators()
