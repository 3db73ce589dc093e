#!/usr/bin/env python3
"""mapped.py: only the verbs that emit, or say how code would be made, have LLVM in their process.

`ldd` cannot see what is opened at run time, so we look into running processes: each writes its answer into a named
pipe, and waits there, with all its work done, until somebody reads.
"""
import os
import subprocess
import sys
import tempfile
import time

INTERFACE = """abide: 1
types:
  point: {struct: {x: f64, y: f64}}
functions:
  scale: (p point, by f64) -> point
"""
ASK = ["--target", "x86_64-linux-gnu"]
ADAPT = [*ASK, "--caller", "nim-cgen", "--callee", "c"]
WITHOUT = [["layout", "i.abi.yaml", *ASK], ["call", "i.abi.yaml", *ASK],
           ["thunk", "i.abi.yaml", *ADAPT, "--emit", "c"],
           ["lint", "i.abi.yaml"], ["abi", "list"], ["explain"]]
WITH = [["plan", "i.abi.yaml", *ADAPT], ["thunk", "i.abi.yaml", *ADAPT, "--emit", "asm"]]


def waits(pid):
    """Whether the process sleeps."""
    with open(f"/proc/{pid}/stat", encoding="utf-8") as file:
        return file.read().rsplit(")", 1)[1].split()[0] == "S"


def libraries(command, directory):
    """The files mapped into the process once its work is done."""
    pipe = os.path.join(directory, "pipe")
    os.mkfifo(pipe)
    with subprocess.Popen([os.environ["ABIDE"], *command, "-o", pipe], cwd=directory) as process:
        calm = 0  # several looks in a row, for a process may sleep for a moment elsewhere
        for _ in range(3000):
            if process.poll() is not None:
                sys.exit(f"abide {' '.join(command)}: ended early with {process.returncode}")
            calm = calm + 1 if waits(process.pid) else 0
            if calm == 20:
                break
            time.sleep(0.01)
        with open(f"/proc/{process.pid}/maps", encoding="utf-8") as file:
            mapped = {line.split()[5] for line in file if len(line.split()) > 5}
        with open(pipe, "rb") as file:
            answer = file.read()
        if process.wait() != 0 or not answer:
            sys.exit(f"abide {' '.join(command)}: status {process.returncode}, {len(answer)} bytes")
    os.unlink(pipe)
    return mapped


def main():
    failures = 0
    with tempfile.TemporaryDirectory() as directory:
        with open(os.path.join(directory, "i.abi.yaml"), "w", encoding="utf-8") as file:
            file.write(INTERFACE)
        for command, expected in [(c, False) for c in WITHOUT] + [(c, True) for c in WITH]:
            found = [path for path in libraries(command, directory) if "LLVM" in path]
            good = bool(found) == expected
            failures += not good
            print(f"{'ok  ' if good else 'FAIL'} abide {' '.join(command)}: "
                  f"{found[0] if found else 'no LLVM'}")
    sys.exit(1 if failures else 0)


main()
