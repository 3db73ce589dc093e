#!/usr/bin/env python3
"""client.py LIBRARY: the program of client.c in Python, by ctypes, in the terms of the system ABI: its store and its functions are called by the
library's thread. An address that the library gets is a number that Python knows an object by."""
import ctypes
import sys
import threading
from ctypes import CFUNCTYPE, POINTER, Structure, Union, byref, c_bool, c_int32, c_size_t, c_uint8, c_uint32, c_uint64, c_void_p

TEXT = [c_void_p, c_size_t]


class Slice(Structure):
    _fields_ = [("ptr", c_void_p), ("len", c_size_t)]


class Owned(Structure):
    _fields_ = [("ptr", c_void_p), ("len", c_size_t), ("owner", c_void_p)]


class Retry(Structure):
    _fields_ = [("tag", c_uint8), ("ms", c_uint32)]


class Rejection(Structure):
    _fields_ = [("reason", Owned), ("retry", Retry)]


class ErrorCases(Union):
    _fields_ = [("reserved", c_uint64 * 7), ("io", c_int32), ("rejected", Rejection)]


class Error(Structure):
    _fields_ = [("tag", c_uint32), ("payload", ErrorCases)]


class SentCases(Union):
    _fields_ = [("ok", c_uint64), ("err", Error)]


class Sent(Structure):
    _fields_ = [("tag", c_uint8), ("payload", SentCases)]


class OpenedCases(Union):
    _fields_ = [("ok", c_void_p), ("err", Error)]


class Opened(Structure):
    _fields_ = [("tag", c_uint8), ("payload", OpenedCases)]


class Wiped(Structure):
    _fields_ = [("tag", c_uint32), ("count", c_uint32)]


DROP = CFUNCTYPE(None, c_void_p)
RELEASE = CFUNCTYPE(None, c_void_p, c_void_p, c_size_t)
SAID = CFUNCTYPE(None, c_uint64, *TEXT, *TEXT, c_void_p)
SENT = CFUNCTYPE(None, POINTER(Sent), c_void_p)


class Table(Structure):
    _fields_ = [("size", c_uint32), ("flags", c_uint32), ("id", c_uint64), ("drop", DROP), ("retain", DROP),
                ("query", CFUNCTYPE(c_void_p, c_void_p, c_uint64)), ("save", CFUNCTYPE(c_bool, c_void_p, *TEXT, *TEXT)),
                ("load", CFUNCTYPE(None, c_void_p, *TEXT, POINTER(Owned))), ("wipe", CFUNCTYPE(c_uint32, c_void_p))]


# ---- memory ----

def text_of(address, length):
    return ctypes.string_at(address, length).decode() if length else ""


given = {}  # what the library is to release


@RELEASE
def release(_owner, address, _length):
    del given[address]


OWNER = (c_void_p * 1)(ctypes.cast(release, c_void_p))


def give(data, out):
    memory = ctypes.create_string_buffer(data, max(len(data), 1))
    address = ctypes.addressof(memory)
    given[address] = memory
    out[0] = Owned(address, len(data), ctypes.addressof(OWNER))


def drop(owned):
    if owned.owner:
        code = ctypes.cast(owned.owner, POINTER(c_void_p))[0]
        RELEASE(code)(owned.owner, owned.ptr, owned.len)


# ---- a store ----

stores, notes, numbers = {}, {}, iter(range(1, 1 << 30))
elsewhere = set()


def remember(table, value):
    number = next(numbers)
    table[number] = value
    return number


def note_thread():
    elsewhere.add(threading.get_native_id() != MAIN)


def save(self, key, key_len, value, value_len):
    note_thread()
    data = ctypes.string_at(value, value_len)
    if data == b"full":
        return False
    stores[self][text_of(key, key_len)] = data
    return True


def load(self, key, key_len, out):
    data = stores[self].get(text_of(key, key_len))
    if data is None:
        out[0] = Owned()
    else:
        give(data, out)


def wipe(self):
    count = len(stores[self])
    stores[self].clear()
    return count


def table_of(size):
    kinds = dict(Table._fields_)
    return Table(size, 1, 7, DROP(stores.pop), DROP(), kinds["query"](lambda self, of: None), kinds["save"](save), kinds["load"](load),
                 kinds["wipe"](wipe))


TABLE, OLDER = table_of(ctypes.sizeof(Table)), table_of(Table.wipe.offset)

# ---- closures ----


class Note:
    def __init__(self, label):
        self.label, self.calls = label, 0


DROP_NOTE = DROP(notes.pop)


@SAID
def hear(number, text, text_len, who, who_len, env):
    note = notes[env]
    note_thread()
    note.calls += 1
    print(f"{note.label} {note.calls}: {text_of(who, who_len)} said {number} {text_of(text, text_len)}")


def show(error):
    if error.tag == 1:
        print(f"io {error.payload.io}")
    if error.tag == 2:
        rejected = error.payload.rejected
        again = f", again in {rejected.retry.ms}" if rejected.retry.tag else ""
        print(f"rejected: {text_of(rejected.reason.ptr, rejected.reason.len)}{again}")
        drop(rejected.reason)


@SENT
def answer(result, env):
    note_thread()
    print(f"{notes.pop(env).label}: ", end="")  # the call ends it
    sent = result.contents
    if sent.tag == 0:
        print(f"sent {sent.payload.ok}")
    else:
        show(sent.payload.err)


hurried = []


@SENT
def count(result, env):
    hurried.append(result.contents.tag)
    notes.pop(env)


# ---- the program ----

def declare(path):
    library = ctypes.CDLL(path)
    functions = {"open": (c_uint32, [*TEXT, c_void_p, POINTER(Table), POINTER(Opened)]), "name": (Slice, [c_void_p]),
                 "post": (c_uint32, [c_void_p, *TEXT, SENT, c_void_p, DROP]), "listen": (c_void_p, [c_void_p, SAID, c_void_p, DROP]),
                 "settle": (c_uint32, [c_void_p]), "hurry": (None, [c_void_p]), "recall": (None, [c_void_p, *TEXT, POINTER(Owned)]),
                 "wipe": (Wiped, [c_void_p]), "live": (c_size_t, []), "room_drop": (None, [c_void_p]), "unsubscribe": (None, [c_void_p])}
    for name, (result, arguments) in functions.items():
        function = getattr(library, "rooms_" + name)
        function.restype, function.argtypes = result, arguments
        functions[name] = function
    return functions


def words(text):
    data = text.encode()
    return ctypes.cast(ctypes.c_char_p(data), c_void_p), len(data)


MAIN = threading.get_native_id()
rooms = declare(sys.argv[1])


def post(room, text, label):
    print(f"waiting: {rooms['post'](room, *words(text), answer, remember(notes, Note(label)), DROP_NOTE)}")


def recall(room, key):
    found = Owned()
    rooms["recall"](room, *words(key), byref(found))
    print(f"{key}: {text_of(found.ptr, found.len) if found.ptr else 'nothing'}")
    drop(found)


def open_room(name, table):
    opened = Opened()
    if rooms["open"](*words(name), remember(stores, {}), byref(table), byref(opened)) == 0:
        return opened.payload.ok
    return show(opened.payload.err)


def alive(when):
    print(f"{when}: stores {len(stores)}, closures {len(notes)}, the library's {rooms['live']()}")


def talk(room):
    first = rooms["listen"](room, hear, remember(notes, Note("first")), DROP_NOTE)
    second = rooms["listen"](room, hear, remember(notes, Note("second")), DROP_NOTE)
    post(room, "hello", "a")
    post(room, "buy spam", "b")
    post(room, "a text of more than sixty-four bytes, which the library does not send to anybody", "c")
    post(room, "full", "d")
    print(f"settled: {rooms['settle'](room)}")
    rooms["unsubscribe"](second)
    alive("one listens")
    post(room, "café", "e")
    print(f"settled: {rooms['settle'](room)}")
    rooms["unsubscribe"](first)
    recall(room, "message-1")
    recall(room, "message-7")


def hurry(room):
    rooms["hurry"](room)
    for _ in range(200):
        rooms["post"](room, *words("quick"), count, remember(notes, Note("quick")), DROP_NOTE)
    rooms["settle"](room)
    print(f"in a hurry: {hurried.count(0)}")


def main():
    open_room("", TABLE)
    alive("refused")
    room, old = open_room("ada", TABLE), open_room("bob", OLDER)
    name = rooms["name"](room)
    print(text_of(name.ptr, name.len))
    talk(room)
    hurry(room)
    print(f"wiped: {rooms['wipe'](room).count}")
    print(f"an older store can: {'yes' if rooms['wipe'](old).tag else 'no'}")
    post(old, "never sent", "never")
    alive("at the end")
    rooms["room_drop"](old)
    rooms["room_drop"](room)
    alive("after it")
    print(f"on the library's thread: {'yes' if True in elsewhere else 'no'}")
    if given:
        sys.exit(f"{len(given)} texts were not released")


main()
