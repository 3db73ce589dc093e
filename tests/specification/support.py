"""What the tests of statements share: the registry, abide, the C compilers of five targets."""
import json
import os
import re
import subprocess
import sys

ROOT = os.environ["ABIDE_SOURCE_DIR"]
ABIDE = os.environ["ABIDE"]
SPECIFICATION = os.path.join(ROOT, "abi-specs", "language", "system.md")
INCLUDE = ["-I" + os.path.join(ROOT, "include")]

# Targets, with the compilers that speak for them.
TARGETS = {
    "x86_64-linux-gnu": [["gcc"], ["clang-19", "--target=x86_64-linux-gnu"]],
    "aarch64-linux-gnu": [["aarch64-linux-gnu-gcc"], ["clang-19", "--target=aarch64-linux-gnu"]],
    "riscv64-linux-gnu": [["riscv64-linux-gnu-gcc"], ["clang-19", "--target=riscv64-linux-gnu"]],
    "i386-linux-gnu": [["gcc", "-m32"], ["clang-19", "--target=i386-linux-gnu"]],
    "arm-linux-gnueabihf": [["arm-linux-gnueabihf-gcc"],
                            ["clang-19", "--target=arm-linux-gnueabihf"]],
}
WIDE = ["x86_64-linux-gnu", "aarch64-linux-gnu", "riscv64-linux-gnu"]
NARROW = ["i386-linux-gnu", "arm-linux-gnueabihf"]
COLUMNS = {"64-bit": WIDE, "arm, riscv32": ["arm-linux-gnueabihf"], "i386": ["i386-linux-gnu"]}

statements = {}
_counts = {"checks": 0, "failures": 0}


def statement(name):
    """Makes a function the test of a statement."""
    def register(test):
        if name in statements:
            sys.exit(f"two tests are called {name}")
        statements[name] = test
        return test
    return register


def stated_ids():
    with open(SPECIFICATION, encoding="utf-8") as file:
        return re.findall(r"^- \*\*([A-Z][0-9]+)\*\*", file.read(), re.M)


def checks():
    return _counts["checks"]


def status():
    return 1 if _counts["failures"] else 0


def fail(message):
    _counts["failures"] += 1
    print(f"FAIL {message}")


def check(condition, message):
    _counts["checks"] += 1
    if not condition:
        fail(message)
    return condition


def check_equal(what, seen, wanted):
    return check(seen == wanted, f"{what}: {seen!r} instead of {wanted!r}")


def write(name, text):
    with open(name, "w", encoding="utf-8") as file:
        file.write(text)
    return name


def interface(types=None, functions=None, name="asked.abi.yaml", more=""):
    """Writes an interface file of types and functions, given as YAML by name."""
    text = "abide: 1\npackage: asked\n" + more
    for key, entries in (("types", types), ("functions", functions)):
        if entries:
            text += f"{key}:\n" + "".join(f"  {entry}: {value}\n" for entry, value in entries.items())
    return write(name, text)


def run(words, **options):
    return subprocess.run(words, check=False, capture_output=True, text=True, **options)


def abide(*words):
    """What abide prints; ends the test if it fails."""
    result = run([ABIDE, *words])
    if result.returncode:
        sys.exit(f"abide {' '.join(words)}: status {result.returncode}\n{result.stdout}{result.stderr}")
    return result.stdout


def refused(code, *words):
    """abide refuses, with a diagnostic of this id."""
    result = run([ABIDE, *words])
    check(result.returncode != 0 and f"[{code}]" in result.stderr,
          f"abide {' '.join(words)} is not refused with [{code}]:\n{result.stdout}{result.stderr}")


def answers(verb, file, targets, *more):
    """The JSON answers of `abide layout` or `abide call` by target."""
    words = [word for target in targets for word in ("--target", target)]
    answer = json.loads(abide(verb, file, "--abi", "system", "--json", *words, *more))
    found = answer.get("answers", [answer])
    return dict(zip(targets, found, strict=True))


def compile_c(compiler, text, *flags, language="c", standard="c11"):
    """The compiler's complaints about a file; empty: none."""
    result = run([*compiler, "-x", language, f"-std={standard}", "-Wall", "-Wextra", "-Werror",
                  "-Wno-unused", *INCLUDE, *flags, "-"], input=text)
    return "" if result.returncode == 0 else result.stderr or "failed"


def asserts_hold(target, text, what="", flags=(), hosted=False):
    """Every compiler of a target accepts `text`, which consists of declarations and static assertions."""
    text = "#include <stddef.h>\n#include <abide/system.h>\n" + text
    for compiler in TARGETS[target]:
        errors = compile_c(compiler, text, *flags, *([] if hosted else ["-ffreestanding"]), "-fsyntax-only")
        check(not errors, f"{what}{target}, {compiler[0]}:\n{errors}\n{text}")


def run_c(name, text, *flags, compilers=(["gcc"], ["clang-19"]), sanitize=True, objects=()):
    """Builds and runs a program under sanitizers; it exits with 0."""
    write(f"{name}.c", text)
    for compiler in compilers:
        program = f"./{name}-{compiler[0]}"
        safe = ["-fsanitize=address,undefined", "-fno-sanitize-recover=all"] if sanitize else []
        built = run([*compiler, "-std=c11", "-g", "-O1", "-Wall", "-Wextra", "-Werror", "-Wno-unused-function", "-fexceptions", *safe, *INCLUDE,
                     *flags, f"{name}.c", *objects, "-o", program, "-lpthread"])
        if not check(built.returncode == 0, f"{name}.c does not compile:\n{built.stderr}"):
            return
        result = run([program])
        check(result.returncode == 0, f"{program}: status {result.returncode}\n{result.stdout}{result.stderr}")
