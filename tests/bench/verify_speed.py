#!/usr/bin/env python3
"""verify_speed.py [--count N] [--repeat R] [COMPILER...]

How many signatures of the C ABI of this machine `abide verify` checks in a second of processor time, with compilers of its
data (default: gcc and clang), at -O1, and what takes the time. Processor time of the command and of all that it starts, the
least of R runs: it depends less on what else the machine does than time does. All stages, and then the three that are asked
of every signature, of which one batch is taken apart: its compilation and its run are done again.
"""
import argparse
import os
import subprocess
import sys
import tempfile
import time

ABIDE = os.environ.get("ABIDE", "build/release/bin/abide")
BAR = 300
STAGES = ["--stages", "layout,arguments,results"]
# As tools/verify/harness.c compiles a batch.
OPTIONS = ["-O1", "-std=gnu17", "-w", "-Wno-psabi", "-ffreestanding", "-fno-stack-protector", "-fno-pic", "-fno-pie",
           "-fno-asynchronous-unwind-tables"]
BATCH = 600


def cost(command, repeat, stdin=None):
    """Processor time in seconds, the least of some runs."""
    times = []
    for _ in range(repeat):
        with open(stdin or os.devnull, "rb") as source:
            process = subprocess.Popen(command, stdin=source, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
            error = process.stderr.read()
            _, status, usage = os.wait4(process.pid, 0)
            process.returncode = status
        if status:
            sys.exit(f"{' '.join(command)}: status {status}: {error.decode()[-500:]}")
        times.append(usage.ru_utime + usage.ru_stime)
    return min(times)


def verify(compiler, count, *more):
    return [ABIDE, "verify", "c", "--cc", compiler, "--jobs", "1", "--count", str(count), "--seed", "5", "--quiet", *more]


def command_of(compiler):
    """The compiler's command, as the data of the command has it."""
    listed = subprocess.run([ABIDE, "verify", "c", "--cc", compiler, "--list"], capture_output=True, text=True, check=True)
    return listed.stdout.strip().split(": ")[-1].split(", run by ")[0].split()


def parts(compiler, count, repeat):
    """What one batch takes, in milliseconds for a signature: generating and comparing, compiling, running."""
    with tempfile.TemporaryDirectory() as folder:
        whole = cost(verify(compiler, count, *STAGES, "--keep", folder), repeat)
        fixed = cost(verify(compiler, 1, *STAGES), repeat)
        subprocess.run(verify(compiler, count, *STAGES, "--keep", folder), stdout=subprocess.DEVNULL, check=True)
        compiling = cost([*command_of(compiler), *OPTIONS, "-c", "-o", os.path.join(folder, "again.o"),
                          os.path.join(folder, "cc-batch.c")], repeat)
        running = cost([os.path.join(folder, "cc-program.run")], repeat, os.path.join(folder, "cc-first"))
    own = max(0, whole - fixed - compiling - running)
    return {"fixed": fixed, "further": (whole - fixed) / (count - 1), "compiling": compiling / count,
            "running": running / count, "own": own / count}


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("compilers", nargs="*", default=["gcc", "clang"])
    parser.add_argument("--count", type=int, default=2000)
    parser.add_argument("--repeat", type=int, default=3)
    options = parser.parse_args()
    start = time.monotonic()
    print(f"signatures a second of processor time, of {options.count} (bar {BAR}); milliseconds for a signature")
    print(f"{'compiler':8} {'all stages':>10} {'three':>8} {'further':>8} | {'fixed, s':>8} {'compile':>8} {'run':>8} {'abide':>8}")
    slow = False
    for compiler in options.compilers:
        every = options.count / cost(verify(compiler, options.count), options.repeat)
        three = options.count / cost(verify(compiler, options.count, *STAGES), options.repeat)
        part = parts(compiler, min(options.count, BATCH), options.repeat)
        further = 1 / part["further"]
        slow = slow or (options.count >= BATCH and three < BAR)
        print(f"{compiler:8} {every:10.0f} {three:8.0f} {further:8.0f} | {part['fixed']:8.2f} {1000 * part['compiling']:8.2f} "
              f"{1000 * part['running']:8.2f} {1000 * part['own']:8.2f}", flush=True)
    print(f"{time.monotonic() - start:.0f} s in all; the machine's load is {os.getloadavg()[0]:.1f}")
    # A count that is less than a batch shows that this works, and nothing of speed.
    sys.exit(1 if slow else 0)


if __name__ == "__main__":
    main()
