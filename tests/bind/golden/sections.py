# words in Python. Made by abide bind python: change the interface file instead.
import ctypes
import platform

_machine, _system, _bits = platform.machine(), platform.system(), 8 * ctypes.sizeof(ctypes.c_void_p)

# What is not the same on all targets stands in sections.
if ((_machine in ("x86_64", "i386", "i586", "i686") and (_system, _bits) == ("Linux", 32))
        or (_machine.startswith("armv7") and (_system, _bits) == ("Linux", 32))):
    _section = 1
elif (((_machine, _system, _bits) == ("x86_64", "Linux", 64))
        or ((_machine, _system, _bits) == ("aarch64", "Linux", 64))
        or ((_machine, _system, _bits) == ("s390x", "Linux", 64))
        or ((_machine, _system, _bits) == ("ppc64le", "Linux", 64))):
    _section = 2
else:
    raise ImportError("this binding is not for this target")


class item_payload_a(ctypes.Structure):
    pass


class sys_str(ctypes.Structure):
    pass


class item_payload(ctypes.Union):
    pass


class item(ctypes.Structure):
    pass


item_payload_a._fields_ = [
    ("x", ctypes.c_uint32),
    ("y", ctypes.c_float),
]

sys_str._fields_ = [
    ("ptr", ctypes.POINTER(ctypes.c_uint8)),
    ("len", ctypes.c_size_t),
]

item_payload._fields_ = [
    ("a", item_payload_a),
    ("b", sys_str),
]

item._fields_ = [
    ("tag", ctypes.c_uint8),
    ("payload", item_payload),
]


def bind(library):
    """Tells a library of ctypes what its functions take and return; gives it back."""
    if _section == 1:
        # tell(it item, k u32) -> u32
        library.tell = getattr(library, "words_tell")
        library.tell.argtypes = [ctypes.c_uint32, ctypes.c_uint32, ctypes.c_uint32, ctypes.c_uint32]
        library.tell.restype = ctypes.c_uint32
    elif _section == 2:
        # tell(it item, k u32) -> u32
        library.tell = getattr(library, "words_tell")
        library.tell.argtypes = [ctypes.c_uint32, ctypes.c_uint64, ctypes.c_uint64, ctypes.c_uint32]
        library.tell.restype = ctypes.c_uint32
    return library


if (_machine in ("x86_64", "i386", "i586", "i686") and (_system, _bits) == ("Linux", 32)
        or _machine.startswith("armv7") and (_system, _bits) == ("Linux", 32)):
    pass
    assert ctypes.sizeof(item_payload_a) == 8, "item_payload_a: size"
    assert ctypes.alignment(item_payload_a) == 4, "item_payload_a: alignment"
    assert item_payload_a.x.offset == 0, "item_payload_a: offset of x"
    assert item_payload_a.y.offset == 4, "item_payload_a: offset of y"
    assert ctypes.sizeof(sys_str) == 8, "sys_str: size"
    assert ctypes.alignment(sys_str) == 4, "sys_str: alignment"
    assert sys_str.ptr.offset == 0, "sys_str: offset of ptr"
    assert sys_str.len.offset == 4, "sys_str: offset of len"
    assert ctypes.sizeof(item_payload) == 8, "item_payload: size"
    assert ctypes.alignment(item_payload) == 4, "item_payload: alignment"
    assert item_payload.a.offset == 0, "item_payload: offset of a"
    assert item_payload.b.offset == 0, "item_payload: offset of b"
    assert ctypes.sizeof(item) == 12, "item: size"
    assert ctypes.alignment(item) == 4, "item: alignment"
    assert item.tag.offset == 0, "item: offset of tag"
    assert item.payload.offset == 4, "item: offset of payload"
elif ((_machine, _system, _bits) == ("x86_64", "Linux", 64)
        or (_machine, _system, _bits) == ("aarch64", "Linux", 64)
        or (_machine, _system, _bits) == ("s390x", "Linux", 64)
        or (_machine, _system, _bits) == ("ppc64le", "Linux", 64)):
    pass
    assert ctypes.sizeof(item_payload_a) == 8, "item_payload_a: size"
    assert ctypes.alignment(item_payload_a) == 4, "item_payload_a: alignment"
    assert item_payload_a.x.offset == 0, "item_payload_a: offset of x"
    assert item_payload_a.y.offset == 4, "item_payload_a: offset of y"
    assert ctypes.sizeof(sys_str) == 16, "sys_str: size"
    assert ctypes.alignment(sys_str) == 8, "sys_str: alignment"
    assert sys_str.ptr.offset == 0, "sys_str: offset of ptr"
    assert sys_str.len.offset == 8, "sys_str: offset of len"
    assert ctypes.sizeof(item_payload) == 16, "item_payload: size"
    assert ctypes.alignment(item_payload) == 8, "item_payload: alignment"
    assert item_payload.a.offset == 0, "item_payload: offset of a"
    assert item_payload.b.offset == 0, "item_payload: offset of b"
    assert ctypes.sizeof(item) == 24, "item: size"
    assert ctypes.alignment(item) == 8, "item: alignment"
    assert item.tag.offset == 0, "item: offset of tag"
    assert item.payload.offset == 8, "item: offset of payload"
