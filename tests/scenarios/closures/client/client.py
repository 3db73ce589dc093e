#!/usr/bin/env python3
"""client.py LIBRARY PREFIX: calls every function of the library by ctypes, in the terms of the system ABI, and prints how many environments
of its own are alive after each. An environment is a number that Python knows an object by."""
import ctypes
import sys
from ctypes import CFUNCTYPE, POINTER, Structure, byref, c_double, c_int32, c_int64, c_uint32, c_uint64, c_void_p


class Event(Structure):
    _fields_ = [(name, c_uint64) for name in ("id", "at", "first", "last")] + [("note", c_uint32)]


EVENT = CFUNCTYPE(c_uint64, POINTER(Event), c_double, c_void_p)
DONE = CFUNCTYPE(None, c_uint64, c_void_p)
STEP = CFUNCTYPE(c_int32, c_int32, c_void_p)
DROP = CFUNCTYPE(None, c_void_p)


class OwnStep(Structure):
    _fields_ = [("fn", STEP), ("env", c_void_p), ("drop", DROP)]


alive = {}


class Counter:
    """What a closure knows, until its environment ends."""
    made = 0

    def __init__(self, start):
        self.start, self.calls = start, 0
        Counter.made += 1
        self.env = Counter.made
        alive[self.env] = self


@DROP
def drop(env):
    del alive[env]


@EVENT
def on_event(event, weight, env):
    counter, e = alive[env], event.contents
    counter.calls += 1
    return counter.start + counter.calls + e.id + e.at + e.first + e.last + e.note + int(4 * weight)


@DONE
def on_done(total, env):
    print(f"done: {alive[env].start + total}")
    del alive[env]  # the call ends it


@STEP
def on_step(n, env):
    counter = alive[env]
    counter.calls += 1
    return (counter.start + counter.calls) * n


def given(code, start):
    return code, Counter(start).env, drop


def load(path, prefix):
    library, own = ctypes.CDLL(path), [c_void_p, DROP]
    functions = {
        "each": (c_uint64, [c_uint32, EVENT, c_void_p]), "keep": (c_uint32, [c_uint32, EVENT, *own]),
        "watch": (c_uint32, [c_uint32, EVENT, *own]), "fire": (c_uint64, [c_uint32, POINTER(Event), c_double]),
        "forget": (c_uint32, [c_uint32]), "later": (c_uint32, [DONE, *own]), "finish": (c_uint32, [c_uint64]),
        "cancel": (c_uint32, []), "adder": (None, [c_int32, POINTER(OwnStep)]),
        "chain": (None, [STEP, *own, STEP, *own, POINTER(OwnStep)]), "maybe": (c_int32, [c_int32, STEP, *own]),
        "live": (c_int64, [])}
    for name, (result, arguments) in functions.items():
        function = getattr(library, prefix + name)
        function.restype, function.argtypes = result, arguments
        functions[name] = function
    return functions


def use(name, step, n):
    print(f"{name}: {step.fn(n, step.env)} {step.fn(n, step.env)}")
    if step.drop:
        step.drop(step.env)


def main():
    keeper = load(*sys.argv[1:3])

    def fire(slot, number):
        print(f"fire {slot}: {keeper['fire'](slot, byref(Event(number, 1, 2, 3, 4)), 2.5)}")

    lent = Counter(1000)
    print(f"each: {keeper['each'](3, on_event, lent.env)}")
    del alive[lent.env]
    keeper["keep"](0, *given(on_event, 10))
    keeper["keep"](1, *given(on_event, 20))
    print(f"keep: {len(alive)}")
    fire(0, 5)
    fire(1, 6)
    fire(0, 5)
    keeper["keep"](0, *given(on_event, 30))
    print(f"replace: {len(alive)}")
    fire(0, 5)
    keeper["watch"](2, *given(on_event, 40))
    fire(2, 7)
    print(f"watch: {len(alive)}")
    for slot in range(4):
        print(f"forget: {keeper['forget'](slot)}")
    fire(0, 5)
    print(f"forgotten: {len(alive)}")
    waiting = [keeper["later"](*given(on_done, start)) for start in (100, 200)]
    print(f"later: {waiting[0]} {waiting[1]} {len(alive)}")
    print(f"finish: {keeper['finish'](7)} {len(alive)}")
    keeper["later"](*given(on_done, 300))
    print(f"cancel: {keeper['cancel']()} {len(alive)}")
    step = OwnStep()
    keeper["adder"](5, byref(step))
    use("adder", step, 10)
    keeper["chain"](*given(on_step, 2), *given(on_step, 3), byref(step))
    use("chain", step, 10)
    print(f"maybe: {keeper['maybe'](4, STEP(), None, DROP())} {keeper['maybe'](4, *given(on_step, 8))}")
    print(f"live: {len(alive)} {keeper['live']()}")


main()
