#!/usr/bin/env python3
"""CPython's lock in adapters, with this very interpreter, through ctypes.

ctypes.PyDLL calls without giving the lock back, as an extension in C does; the adapters do that where a function waits, and take
it where code that uses Python is called on another thread. Both emitters. ABIDE is the command.
"""
import ctypes
import os
import subprocess
import sys

HERE = os.path.dirname(os.path.abspath(__file__))
TICK = ctypes.PYFUNCTYPE(ctypes.c_int32, ctypes.py_object, ctypes.c_int32)  # takes no lock by itself


def run(command):
    done = subprocess.run(command, capture_output=True, text=True, timeout=120)
    if done.returncode != 0:
        sys.exit(f"{' '.join(command)}\n{done.stdout}{done.stderr}")


def build(emit):
    parts = []
    for prefix, caller, callee, functions in (("py_", "cpython", "c", ["wait-for", "hold-for", "give-up"]),
                                              ("c_", "c", "cpython", ["append"])):
        name = f"{prefix}{emit}.{'c' if emit == 'c' else 'o'}"
        run([os.environ["ABIDE"], "thunk", f"{HERE}/python.abi.yaml", *functions, "--caller", caller,
             "--callee", callee, "--prefix", prefix, "--emit", emit, "-o", name])
        parts.append(name)
    library = f"./librun-{emit}.so"
    run(["cc", "-shared", "-fPIC", "-O1", "-Wall", "-Werror", "-fexceptions", f"{HERE}/python.c", *parts, "-lpthread",
         "-o", library])
    return library


def expect(what, got, expected):
    if got != expected:
        sys.exit(f"{what}: {got}, expected {expected}")


def check(library):
    lib = ctypes.PyDLL(library)
    raw = ctypes.cast(lib.append_tick, ctypes.c_void_p)
    for function in (lib.py_wait_for, lib.py_hold_for):
        function.argtypes = [ctypes.c_void_p, ctypes.py_object, ctypes.c_int32]
        function.restype = ctypes.c_int32
    seen = []
    ticks = TICK(lambda user, n: (user.append(n), n)[1])
    expect("a callback in Python", lib.py_wait_for(ctypes.cast(ticks, ctypes.c_void_p), seen, 10), 45)
    expect("what it saw", seen, list(range(10)))
    seen = []
    expect("a callback in C", lib.py_wait_for(raw, seen, 1000), 1000)
    expect("what it appended", seen, list(range(1000)))
    expect("the lock behind an exception", lib.catch_up(7), 7)
    waiting = ctypes.CDLL(library)  # gives the lock back, so that the threads get it
    waiting.append_from_threads.argtypes = [ctypes.py_object]
    seen = []
    expect("appends from other threads", waiting.append_from_threads(seen), 0)
    expect("what was appended", sorted(seen), sorted(list(range(1000)) * 4))


def hang(library):
    """Without `blocking` the lock stays with who waits, and the callback of another thread waits for it."""
    seen = []
    lib = ctypes.PyDLL(library)
    lib.py_hold_for.argtypes = [ctypes.c_void_p, ctypes.py_object, ctypes.c_int32]
    ticks = ctypes.CFUNCTYPE(ctypes.c_int32, ctypes.py_object, ctypes.c_int32)(
        lambda user, n: (user.append(n), n)[1])
    lib.py_hold_for(ctypes.cast(ticks, ctypes.c_void_p), seen, 10)


def main():
    if sys.argv[1:2] == ["hang"]:
        return hang(sys.argv[2])
    for emit in ("obj", "c"):
        library = build(emit)
        check(library)
        try:
            subprocess.run([sys.executable, __file__, "hang", library], timeout=3)
            sys.exit("without `blocking`, a callback of another thread should not get the lock")
        except subprocess.TimeoutExpired:
            pass
    print("the lock is given back and taken, by both emitters")


main()
