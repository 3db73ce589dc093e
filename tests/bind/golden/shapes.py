# shapes in Python. Made by abide bind python: change the interface file instead.
# Shapes and what can be done with them.
import ctypes
import platform


class point(ctypes.Structure):
    """
    A place.
    """
    pass


class node(ctypes.Structure):
    pass


class number(ctypes.Union):
    pass


class bits(ctypes.Structure):
    # ctypes has no words for what is in it: use it behind pointers.
    pass


class hdr(ctypes.Structure):
    pass


class al(ctypes.Structure):
    # ctypes has no words for what is in it: use it behind pointers.
    pass


class ctx(ctypes.Structure):
    pass


class rec(ctypes.Structure):
    pass


class any_anon2(ctypes.Union):
    pass


class any(ctypes.Structure):
    pass


class thing(ctypes.Structure):
    pass


class empty(ctypes.Structure):
    pass


class stat_type(ctypes.Structure):
    """
    Called like a function.
    """
    pass


class table_anon2(ctypes.Structure):
    pass


class table(ctypes.Structure):
    pass


class each_f(ctypes.Structure):
    pass


class keep_f(ctypes.Structure):
    pass


point._fields_ = [
    # across
    ("x", ctypes.c_double),
    ("y", ctypes.c_double),
]

color = ctypes.c_uint8
color_red = 1
# As grass * / is.
color_green = 2
color_blue = 10

mode = ctypes.c_uint32
mode_fast = 0
# As snails are.
mode_slow = 1

access = ctypes.c_uint32
# Look at it.
access_read = 4
access_write = 32

node._fields_ = [
    ("next", ctypes.POINTER(node)),
    ("at", point),
    ("kind", color),
    ("type_", ctypes.c_uint8),
    ("long", ctypes.c_long),
]

link = ctypes.POINTER(node)

number._fields_ = [
    ("i", ctypes.c_int64),
    ("f", ctypes.c_double),
    ("self_", (ctypes.c_uint8 * 3)),
]

hdr._pack_ = 1
hdr._fields_ = [
    ("tag", ctypes.c_uint8),
    ("len", ctypes.c_uint32),
]

id = ctypes.c_uint32

visitor = ctypes.CFUNCTYPE(ctypes.c_bool, ctypes.c_void_p, ctypes.POINTER(node))

rec._fields_ = [
    ("f", visitor),
    ("g", ctypes.CFUNCTYPE(ctypes.c_float, ctypes.c_int32)),
    ("ld", ctypes.c_longdouble),
    ("arr", (ctypes.c_int16 * 3 * 2)),
]

any_anon2._fields_ = [
    ("number", ctypes.c_int64),
    ("text", ctypes.POINTER(ctypes.c_char)),
]

any._fields_ = [
    ("kind", ctypes.c_uint8),
    ("anon2", any_anon2),
    ("tail", (ctypes.c_uint8 * 0)),
]

empty._fields_ = [
]

stat_type._fields_ = [
    ("size", ctypes.c_uint64),
    ("max_align_t", ctypes.c_uint64),
]

max_align_t = ctypes.c_uint64

speed = ctypes.c_uint32
speed_s_2_5 = 0
speed_s_25 = 1

table_anon2._fields_ = [
    ("none", empty),
    ("rows", (ctypes.c_uint32 * 0)),
]

table._fields_ = [
    ("count", ctypes.c_uint32),
    ("anon2", table_anon2),
]

each_f._fields_ = [
    ("code", ctypes.CFUNCTYPE(ctypes.c_bool, ctypes.c_uint32, ctypes.c_void_p)),
    ("env", ctypes.c_void_p),
]

keep_f._fields_ = [
    ("code", ctypes.CFUNCTYPE(None, point, ctypes.c_void_p)),
    ("env", ctypes.c_void_p),
    ("drop", ctypes.CFUNCTYPE(None, ctypes.c_void_p)),
]


def bind(library):
    """Tells a library of ctypes what its functions take and return; gives it back."""
    # stat(path cstring, at out stat) -> i32
    # - at is written; it holds nothing before
    library.stat = getattr(library, "stat")
    library.stat.argtypes = [ctypes.POINTER(ctypes.c_char), ctypes.POINTER(stat_type)]
    library.stat.restype = ctypes.c_int32
    # STAT(how speed) -> ptr<table>
    library.STAT = getattr(library, "STAT")
    library.STAT.argtypes = [speed]
    library.STAT.restype = ctypes.POINTER(table)
    # st-at()
    library.st_at = getattr(library, "st_at")
    library.st_at.argtypes = []
    library.st_at.restype = None
    # Computes an area.
    # area(p point, by f64) -> f64
    # - by: factor of the result
    # - the result: never negative
    library.area = getattr(library, "area")
    library.area.argtypes = [point, ctypes.c_double]
    library.area.restype = ctypes.c_double
    # walk(n ptr<node>, each visitor, user mutptr<void>) -> c_int
    library.walk = getattr(library, "walk")
    library.walk.argtypes = [ctypes.POINTER(node), visitor, ctypes.c_void_p]
    library.walk.restype = ctypes.c_int
    # log-it(fmt cstring, ...) -> c_int
    library.log_it = getattr(library, "log_it")
    library.log_it.argtypes = [ctypes.POINTER(ctypes.c_char)]
    library.log_it.restype = ctypes.c_int
    # get(c ref<ctx>, which color) -> number
    library.get = getattr(library, "get")
    library.get.argtypes = [ctypes.POINTER(ctx), color]
    library.get.restype = number
    # take-bits(b bits) -> u16
    # ctypes has no words for how it is called.
    # fill(at inout point, out-node out node) -> bool
    # - at is written
    # - out-node is written; it holds nothing before
    library.fill = getattr(library, "fill")
    library.fill.argtypes = [ctypes.POINTER(point), ctypes.POINTER(node)]
    library.fill.restype = ctypes.c_bool
    # make(name string, tags slice<id>) -> own thing
    # - the result is given away: thing_free releases it
    library.make = getattr(library, "make")
    library.make.argtypes = [ctypes.POINTER(ctypes.c_char), ctypes.c_size_t, ctypes.c_void_p, ctypes.c_size_t]
    library.make.restype = ctypes.POINTER(thing)
    # end(t own thing)
    # - t is given away
    library.end = getattr(library, "end")
    library.end.argtypes = [ctypes.POINTER(thing)]
    library.end.restype = None
    # each(f closure(n u32) -> bool) -> u32
    library.each = getattr(library, "each")
    library.each.argtypes = [each_f]
    library.each.restype = ctypes.c_uint32
    # keep(f own closure(at point))
    # - f is given away
    library.keep = getattr(library, "keep")
    library.keep.argtypes = [keep_f]
    library.keep.restype = None
    # wide(x c_longdouble) -> c_longdouble
    library.wide = getattr(library, "wide")
    library.wide.argtypes = [ctypes.c_longdouble]
    library.wide.restype = ctypes.c_longdouble
    # thing_free(it own thing)
    # - it is given away
    if hasattr(library, "thing_free"):
        library.thing_free = getattr(library, "thing_free")
        library.thing_free.argtypes = [ctypes.POINTER(thing)]
        library.thing_free.restype = None
    return library


_machine, _system, _bits = platform.machine(), platform.system(), 8 * ctypes.sizeof(ctypes.c_void_p)
if ((_machine, _system, _bits) == ("x86_64", "Linux", 64)):
    pass
    assert ctypes.sizeof(point) == 16, "point: size"
    assert ctypes.alignment(point) == 8, "point: alignment"
    assert point.x.offset == 0, "point: offset of x"
    assert point.y.offset == 8, "point: offset of y"
    assert ctypes.sizeof(color) == 1, "color: size"
    assert ctypes.alignment(color) == 1, "color: alignment"
    assert ctypes.sizeof(mode) == 4, "mode: size"
    assert ctypes.alignment(mode) == 4, "mode: alignment"
    assert ctypes.sizeof(access) == 4, "access: size"
    assert ctypes.alignment(access) == 4, "access: alignment"
    assert ctypes.sizeof(node) == 40, "node: size"
    assert ctypes.alignment(node) == 8, "node: alignment"
    assert node.next.offset == 0, "node: offset of next"
    assert node.at.offset == 8, "node: offset of at"
    assert node.kind.offset == 24, "node: offset of kind"
    assert node.type_.offset == 25, "node: offset of type"
    assert node.long.offset == 32, "node: offset of long"
    assert ctypes.sizeof(link) == 8, "link: size"
    assert ctypes.alignment(link) == 8, "link: alignment"
    assert ctypes.sizeof(number) == 8, "number: size"
    assert ctypes.alignment(number) == 8, "number: alignment"
    assert number.i.offset == 0, "number: offset of i"
    assert number.f.offset == 0, "number: offset of f"
    assert number.self_.offset == 0, "number: offset of self"
    assert ctypes.sizeof(hdr) == 5, "hdr: size"
    assert ctypes.alignment(hdr) == 1, "hdr: alignment"
    assert hdr.tag.offset == 0, "hdr: offset of tag"
    assert hdr.len.offset == 1, "hdr: offset of len"
    assert ctypes.sizeof(id) == 4, "id: size"
    assert ctypes.alignment(id) == 4, "id: alignment"
    assert ctypes.sizeof(visitor) == 8, "visitor: size"
    assert ctypes.alignment(visitor) == 8, "visitor: alignment"
    assert ctypes.sizeof(rec) == 48, "rec: size"
    assert ctypes.alignment(rec) == 16, "rec: alignment"
    assert rec.f.offset == 0, "rec: offset of f"
    assert rec.g.offset == 8, "rec: offset of g"
    assert rec.ld.offset == 16, "rec: offset of ld"
    assert rec.arr.offset == 32, "rec: offset of arr"
    assert ctypes.sizeof(any_anon2) == 8, "any_anon2: size"
    assert ctypes.alignment(any_anon2) == 8, "any_anon2: alignment"
    assert any_anon2.number.offset == 0, "any_anon2: offset of number"
    assert any_anon2.text.offset == 0, "any_anon2: offset of text"
    assert ctypes.sizeof(any) == 16, "any: size"
    assert ctypes.alignment(any) == 8, "any: alignment"
    assert any.kind.offset == 0, "any: offset of kind"
    assert any.anon2.offset == 8, "any: offset of anon2"
    assert any.tail.offset == 16, "any: offset of tail"
    assert ctypes.sizeof(empty) == 0, "empty: size"
    assert ctypes.alignment(empty) == 1, "empty: alignment"
    assert ctypes.sizeof(stat_type) == 16, "stat_type: size"
    assert ctypes.alignment(stat_type) == 8, "stat_type: alignment"
    assert stat_type.size.offset == 0, "stat_type: offset of size"
    assert stat_type.max_align_t.offset == 8, "stat_type: offset of max_align_t"
    assert ctypes.sizeof(max_align_t) == 8, "max_align_t: size"
    assert ctypes.alignment(max_align_t) == 8, "max_align_t: alignment"
    assert ctypes.sizeof(speed) == 4, "speed: size"
    assert ctypes.alignment(speed) == 4, "speed: alignment"
    assert ctypes.sizeof(table_anon2) == 0, "table_anon2: size"
    assert ctypes.alignment(table_anon2) == 4, "table_anon2: alignment"
    assert table_anon2.none.offset == 0, "table_anon2: offset of none"
    assert table_anon2.rows.offset == 0, "table_anon2: offset of rows"
    assert ctypes.sizeof(table) == 4, "table: size"
    assert ctypes.alignment(table) == 4, "table: alignment"
    assert table.count.offset == 0, "table: offset of count"
    assert table.anon2.offset == 4, "table: offset of anon2"
    assert ctypes.sizeof(each_f) == 16, "each_f: size"
    assert ctypes.alignment(each_f) == 8, "each_f: alignment"
    assert each_f.code.offset == 0, "each_f: offset of code"
    assert each_f.env.offset == 8, "each_f: offset of env"
    assert ctypes.sizeof(keep_f) == 24, "keep_f: size"
    assert ctypes.alignment(keep_f) == 8, "keep_f: alignment"
    assert keep_f.code.offset == 0, "keep_f: offset of code"
    assert keep_f.env.offset == 8, "keep_f: offset of env"
    assert keep_f.drop.offset == 16, "keep_f: offset of drop"
elif (_machine in ("x86_64", "i386", "i586", "i686") and (_system, _bits) == ("Linux", 32)):
    pass
    assert ctypes.sizeof(point) == 16, "point: size"
    assert ctypes.alignment(point) == 4, "point: alignment"
    assert point.x.offset == 0, "point: offset of x"
    assert point.y.offset == 8, "point: offset of y"
    assert ctypes.sizeof(color) == 1, "color: size"
    assert ctypes.alignment(color) == 1, "color: alignment"
    assert ctypes.sizeof(mode) == 4, "mode: size"
    assert ctypes.alignment(mode) == 4, "mode: alignment"
    assert ctypes.sizeof(access) == 4, "access: size"
    assert ctypes.alignment(access) == 4, "access: alignment"
    assert ctypes.sizeof(node) == 28, "node: size"
    assert ctypes.alignment(node) == 4, "node: alignment"
    assert node.next.offset == 0, "node: offset of next"
    assert node.at.offset == 4, "node: offset of at"
    assert node.kind.offset == 20, "node: offset of kind"
    assert node.type_.offset == 21, "node: offset of type"
    assert node.long.offset == 24, "node: offset of long"
    assert ctypes.sizeof(link) == 4, "link: size"
    assert ctypes.alignment(link) == 4, "link: alignment"
    assert ctypes.sizeof(number) == 8, "number: size"
    assert ctypes.alignment(number) == 4, "number: alignment"
    assert number.i.offset == 0, "number: offset of i"
    assert number.f.offset == 0, "number: offset of f"
    assert number.self_.offset == 0, "number: offset of self"
    assert ctypes.sizeof(hdr) == 5, "hdr: size"
    assert ctypes.alignment(hdr) == 1, "hdr: alignment"
    assert hdr.tag.offset == 0, "hdr: offset of tag"
    assert hdr.len.offset == 1, "hdr: offset of len"
    assert ctypes.sizeof(id) == 4, "id: size"
    assert ctypes.alignment(id) == 4, "id: alignment"
    assert ctypes.sizeof(visitor) == 4, "visitor: size"
    assert ctypes.alignment(visitor) == 4, "visitor: alignment"
    assert ctypes.sizeof(rec) == 32, "rec: size"
    assert ctypes.alignment(rec) == 4, "rec: alignment"
    assert rec.f.offset == 0, "rec: offset of f"
    assert rec.g.offset == 4, "rec: offset of g"
    assert rec.ld.offset == 8, "rec: offset of ld"
    assert rec.arr.offset == 20, "rec: offset of arr"
    assert ctypes.sizeof(any_anon2) == 8, "any_anon2: size"
    assert ctypes.alignment(any_anon2) == 4, "any_anon2: alignment"
    assert any_anon2.number.offset == 0, "any_anon2: offset of number"
    assert any_anon2.text.offset == 0, "any_anon2: offset of text"
    assert ctypes.sizeof(any) == 12, "any: size"
    assert ctypes.alignment(any) == 4, "any: alignment"
    assert any.kind.offset == 0, "any: offset of kind"
    assert any.anon2.offset == 4, "any: offset of anon2"
    assert any.tail.offset == 12, "any: offset of tail"
    assert ctypes.sizeof(empty) == 0, "empty: size"
    assert ctypes.alignment(empty) == 1, "empty: alignment"
    assert ctypes.sizeof(stat_type) == 16, "stat_type: size"
    assert ctypes.alignment(stat_type) == 4, "stat_type: alignment"
    assert stat_type.size.offset == 0, "stat_type: offset of size"
    assert stat_type.max_align_t.offset == 8, "stat_type: offset of max_align_t"
    assert ctypes.sizeof(max_align_t) == 8, "max_align_t: size"
    assert ctypes.alignment(max_align_t) == 4, "max_align_t: alignment"
    assert ctypes.sizeof(speed) == 4, "speed: size"
    assert ctypes.alignment(speed) == 4, "speed: alignment"
    assert ctypes.sizeof(table_anon2) == 0, "table_anon2: size"
    assert ctypes.alignment(table_anon2) == 4, "table_anon2: alignment"
    assert table_anon2.none.offset == 0, "table_anon2: offset of none"
    assert table_anon2.rows.offset == 0, "table_anon2: offset of rows"
    assert ctypes.sizeof(table) == 4, "table: size"
    assert ctypes.alignment(table) == 4, "table: alignment"
    assert table.count.offset == 0, "table: offset of count"
    assert table.anon2.offset == 4, "table: offset of anon2"
    assert ctypes.sizeof(each_f) == 8, "each_f: size"
    assert ctypes.alignment(each_f) == 4, "each_f: alignment"
    assert each_f.code.offset == 0, "each_f: offset of code"
    assert each_f.env.offset == 4, "each_f: offset of env"
    assert ctypes.sizeof(keep_f) == 12, "keep_f: size"
    assert ctypes.alignment(keep_f) == 4, "keep_f: alignment"
    assert keep_f.code.offset == 0, "keep_f: offset of code"
    assert keep_f.env.offset == 4, "keep_f: offset of env"
    assert keep_f.drop.offset == 8, "keep_f: offset of drop"


# Trees are no deeper.
max_depth = 64
version = b"1.2 \"beta\""
title = b"Gr\xc3\xb6\xc3\x9fe".decode()
magic = b"ab\x00"
usual = 2
half = 0.5
least = -9223372036854775808
x = -1
# Of memory.
if ((_machine, _system, _bits) == ("x86_64", "Linux", 64)):
    page = 65536
elif (_machine in ("x86_64", "i386", "i586", "i686") and (_system, _bits) == ("Linux", 32)):
    page = 4096
