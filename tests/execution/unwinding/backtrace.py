#!/usr/bin/env python3
"""backtrace.py TRIPLE "COMPILER" ODD-MODULE [EMULATOR]: gdb finds its way back through thunks of every kind."""
import os
import re
import shlex
import subprocess
import sys

HERE = os.path.dirname(os.path.abspath(__file__))
# Frames from the function to main; a thunk that jumps leaves none.
EXPECTED = {
    "jump": ["stop", "jump", "main"],
    "moves": ["stop", "moves", "main"],
    "frame": ["stop", "frame", "thunk_frame", "main"],
    "assembly": ["stop", "assembly", "inner_assembly", "thunk_assembly", "main"],
    "edges": ["stop", "edges", "inner_edges", "thunk_edges", "main"],
}


def frames(text):
    """The functions of each backtrace; the bodies and exits of thunks have names that no program uses."""
    found = []
    for line in text.splitlines():
        frame = re.match(r"#(\d+)\s+(?:0x[0-9a-f]+ in )?([\w.]+)", line)
        if frame and frame[1] == "0":
            found.append([])
        if frame and found:
            found[-1].append(frame[2])
    return found


def debug(program, emulator):
    commands = ["set pagination off", "set confirm off", "break stop"]
    server = None
    if emulator:
        if os.path.exists("socket"):
            os.remove("socket")
        server = subprocess.Popen([emulator, "-g", os.path.abspath("socket"), program])
        commands.append("target remote " + os.path.abspath("socket"))
    commands += (["continue", "bt"] if emulator else ["run", "bt"]) + ["continue", "bt"] * (len(EXPECTED) - 1) + ["continue"]
    debugger = ["gdb-multiarch", "-nx", "-batch", program]
    for command in commands:
        debugger += ["-ex", command]
    try:
        for _ in range(100):
            if not emulator or os.path.exists("socket"):
                break
            subprocess.run(["sleep", "0.1"], check=True)
        done = subprocess.run(debugger, capture_output=True, text=True, timeout=300, check=False)
    finally:
        if server:
            server.kill()
            server.wait()
    return done.stdout + done.stderr


def main():
    triple, compiler, odd = sys.argv[1:4]
    emulator = sys.argv[4] if len(sys.argv) > 4 else None
    script = f'here={shlex.quote(HERE)}; set -eu; . {shlex.quote(HERE)}/build.sh; make_thunks {triple} {odd}'
    subprocess.run(["sh", "-c", script], check=True)
    subprocess.run(shlex.split(compiler) + ["-g", "-O1", "-fno-optimize-sibling-calls", "-static", HERE + "/backtrace.c", "jump.o",
                                            "moves.o", "frame.o", "outer.o", "inner.o", "outer-edges.o", "inner-edges.o",
                                            "-o", "backtrace"], check=True)
    subprocess.run(([emulator] if emulator else []) + ["./backtrace"], check=True)
    text = debug("./backtrace", emulator)
    found = frames(text)
    wrong = 0
    if len(found) != len(EXPECTED):
        sys.exit(f"{len(found)} backtraces instead of {len(EXPECTED)}:\n{text}")
    for (name, expected), functions in zip(EXPECTED.items(), found):
        known = [f for f in functions if "." not in f]
        if known != expected:
            print(f"{name}: {functions} instead of {expected}")
            wrong += 1
    if wrong:
        sys.exit(text)
    print(f"{triple}: {len(found)} backtraces from functions behind thunks to main")


if __name__ == "__main__":
    main()
