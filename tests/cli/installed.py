#!/usr/bin/env python3
"""installed.py: an installed abide works from anywhere, and does without what is not there."""
import json
import os
import shutil
import subprocess
import sys
import tempfile

failures = []


def expect(what, condition, seen=""):
    print(f"{'ok  ' if condition else 'FAIL'} {what}")
    if not condition:
        failures.append(what)
        print(seen)


def main():
    interface = os.path.join(os.environ["ABIDE_SOURCE_DIR"], "tests", "cli", "api.abi.yaml")
    adapt = [interface, "weigh", "--caller", "nim-cgen", "--callee", "c", "--target",
             "x86_64-linux-gnu"]
    with tempfile.TemporaryDirectory() as prefix:
        subprocess.run(["cmake", "--install", os.environ["ABIDE_BUILD_DIR"], "--prefix", prefix],
                       check=True, stdout=subprocess.DEVNULL)
        moved = prefix + "-moved"
        os.rename(prefix, moved)
        os.mkdir(prefix)
        try:
            check(moved, adapt)
        finally:
            shutil.rmtree(moved)
    sys.exit(1 if failures else 0)


def check(prefix, adapt):
    def run(*words):
        return subprocess.run([os.path.join(prefix, "bin", "abide"), *words], check=False,
                              capture_output=True, text=True)

    files = {os.path.relpath(os.path.join(folder, name), prefix)
             for folder, _, names in os.walk(prefix) for name in names}
    verbs = [line.split()[0] for line in
             run("--help").stdout.split("Verbs:\n")[1].split("\n\n")[0].split("\n")]
    for verb in verbs:
        path = f"share/abide/schemas/{verb}.json"
        expect(f"the schema of {verb} is installed", path in files)
        if path in files:
            with open(os.path.join(prefix, path), encoding="utf-8") as file:
                json.load(file)
    expect("schemas of files are installed", {"share/abide/schemas/interface.json", "share/abide/schemas/module.json",
                                             "share/abide/schemas/diagnostics.json"} <= files)
    expect("the manual pages are installed",
           {"share/man/man1/abide.1", "share/man/man1/abide-layout.1",
            "share/man/man5/abide-format.5"} <= files)
    done = run("call", *adapt[:2], "--target", "x86_64-linux-gnu")
    expect("it answers", done.returncode == 0 and "weigh" in done.stdout, done.stderr)

    check_edited(prefix, run, adapt[0])
    libraries = [path for path in files if "libabide-codegen" in path]
    for path in libraries:
        os.unlink(os.path.join(prefix, path))
    done = run("thunk", *adapt, "-o", "-", "--emit", "asm")
    expect("without libabide-codegen `thunk` is status 4 and says what is missing",
           done.returncode == 4 and "not-built-in" in done.stderr and not done.stdout,
           f"{done.returncode} {done.stdout} {done.stderr}")
    done = run("thunk", *adapt, "-o", "-", "--emit", "c")
    expect("`--emit c` does without it", done.returncode == 0 and "nim_weigh" in done.stdout,
           done.stderr)


def check_edited(prefix, run, interface):
    """Modules that are edited where they are installed, and keep their size: what is built in is not taken for them."""
    def edited(name, old, new, target):
        path = os.path.join(prefix, "share", "abide", "abi-specs", "machine", name)
        with open(path, encoding="utf-8") as file:
            text = file.read()
        assert len(old) == len(new) and old in text
        with open(path, "w", encoding="utf-8") as file:
            file.write(text.replace(old, new))
        done = run("layout", interface, "--target", target)
        with open(path, "w", encoding="utf-8") as file:
            file.write(text)
        return done

    done = edited("c-sysv.yaml", "abide: 1", "abide: 2", "x86_64-linux-gnu")
    expect("a mistake in the module that answers is found", done.returncode == 3 and "version 1" in done.stderr, done)
    done = edited("riscv32-ilp32d.yaml", "riscv32-linux-gnu", "riscv23-linux-gnu", "riscv23-linux-gnu")
    expect("a target that it did not have is found", done.returncode == 0 and "riscv23-linux-gnu" in done.stdout, done)
    done = edited("riscv32-ilp32d.yaml", "riscv32-linux-gnu", "riscv23-linux-gnu", "riscv32-linux-gnu")
    expect("a target that it has no more is not", done.returncode == 4 and "unknown-target" in done.stderr, done)


main()
