#!/usr/bin/env python3
"""programs.py: changes of C libraries, judged by `abide compare`, by programs that run, and by abidiff (programs.yaml).

Programs that were built for one release run with the other release, on each target. Where `compare` finds a break they have to fail, and
where it finds none they have to run. The table of README.md says what each of the three found.
"""
import json
import os
import re
import shutil
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor

import jsonschema

from table import LEVELS, SOURCE, compare, findings_of, load, write_table

FAILURES = []
COMPILERS = {"x86_64-linux-gnu": (["gcc"], []), "i386-linux-gnu": (["gcc", "-m32", "-msse2"], []),
             "aarch64-linux-gnu": (["aarch64-linux-gnu-gcc", "-static"], ["qemu-aarch64"])}
USUAL = ["x86_64-linux-gnu", "i386-linux-gnu"]
FIRST = """#include <stdlib.h>
#include <string.h>
#define CHECK(x) do { if (!(x)) return 1; } while (0)
/* Leaves numbers where arguments go, so that nothing is right by chance. */
void dirty(int, int, int, int, int, int, int, int, double, double, double, double, double, double, double, double);
#define DIRTY() dirty(11, 22, 33, 44, 55, 66, 77, 88, 1.5, 2.5, 3.5, 4.5, 6.5, 7.5, 8.5, 9.5)
"""
DIRTY = FIRST + """void dirty(int a, int b, int c, int d, int e, int f, int g, int h, double i, double j, double k, double l, double m,
           double n, double o, double p) { (void)(a+b+c+d+e+f+g+h); (void)(i+j+k+l+m+n+o+p); }
"""


def expect(what, condition, seen=""):
    if not condition:
        FAILURES.append(what)
        print(f"FAIL {what}: {seen}")


def text(change, side, part):
    return change.get(f"{side}_{part}", change.get(part, ""))


def sources(change, side):
    """(the library, the program) in C"""
    define = text(change, side, "define")
    first = FIRST + (f"#define {define}\n" if define else "") + text(change, side, "h") + "\n"
    program = f"{text(change, side, 'program')}\nint main(void)\n{{\n{text(change, side, 'main')}\nreturn 0;\n}}\n"
    return first + text(change, side, "lib") + "\n", first + program


def run(*words):
    return subprocess.run(words, check=False, capture_output=True, text=True, timeout=60)


def compile_c(target, name, source):
    with open(name + ".c", "w", encoding="utf-8") as file:
        file.write(source)
    done = run(*COMPILERS[target][0], "-w", "-O1", "-fno-strict-aliasing", "-fno-pie", "-no-pie", "-c", name + ".c", "-o", name + ".o")
    expect(f"{name} is C", done.returncode == 0, done.stderr)
    return name + ".o"


def goes_on(target, program, library, dirty):
    """Whether a program of one release does what it should with a library of another."""
    name = f"{program[:-2]}.with.{library.split('.')[1]}"
    linked = run(*COMPILERS[target][0], "-no-pie", program, library, dirty, "-o", name)
    if linked.returncode:
        return False
    status = run(*COMPILERS[target][1], os.path.abspath(name)).returncode
    os.unlink(name)
    return status == 0


def execute(change, target, dirty):
    """(old programs go on with the new library, new ones with the old one)"""
    objects = {}
    for side in ("old", "new"):
        library, program = sources(change, side)
        stem = f"{change['id']}.{side}.{target}"
        objects[side] = (compile_c(target, stem + ".library", library), compile_c(target, stem + ".program", program))
        expect(f"{change['id']}: {side} program, {side} library, {target}", goes_on(target, objects[side][1], objects[side][0], dirty))
    return (goes_on(target, objects["old"][1], objects["new"][0], dirty), goes_on(target, objects["new"][1], objects["old"][0], dirty))


def breaks(answer, target, key):
    return any(finding[key] == "break" and any(sight["target"] == target for sight in finding["targets"])
               for finding in answer["findings"])


def check_target(change, answer, target, dirty):
    """What ran, as "target old" and "target new"; every difference to what was found has its reason in the table."""
    told = change.get("runs", {})
    ran = {}
    for side, key, goes in zip(("old", "new"), ("old_programs", "new_programs"), execute(change, target, dirty)):
        name = f"{target} {side}"
        ran[name] = goes
        expect(f"{change['id']}: {name} programs", (goes == breaks(answer, target, key)) == (name in told),
               f"{'run' if goes else 'fail'}, {'a break' if breaks(answer, target, key) else 'no break'} was found")
    return ran


def abidiff(change):
    built = []
    for side in ("old", "new"):
        stem = f"{change['id']}.{side}.abidiff"
        with open(stem + ".c", "w", encoding="utf-8") as file:
            file.write(sources(change, side)[0])
        target = change.get("targets", USUAL)[0]
        done = run(*COMPILERS[target][0], "-w", "-g", "-O1", "-shared", "-fPIC", "-nostdlib", stem + ".c", "-o", stem + ".so")
        expect(f"{stem} is built", done.returncode == 0, done.stderr)
        built.append(stem + ".so")
    done = run("abidiff", *built)
    expect(f"{change['id']}: abidiff runs", done.returncode & 3 == 0, done.stderr)
    return "found" if done.returncode & 12 else "missed"


def check(change, schema, dirty):
    targets = change.get("targets", USUAL)
    words = [*change.get("words", []), *(word for target in targets for word in ("--target", target))]
    answer, status, err = compare(change, *words)
    if answer is None:
        expect(change["id"], False, err)
        return {}
    jsonschema.validate(answer, schema)
    expect(f"{change['id']}: findings", findings_of(answer) == set(change["expect"]), sorted(findings_of(answer)))
    worst = max(LEVELS.index(answer[key]) for key in ("old_programs", "new_programs"))
    expect(f"{change['id']}: status", status == (1 if worst >= LEVELS.index("contract") else 0), status)
    ran = {}
    for target in targets:
        ran.update(check_target(change, answer, target, dirty[target]))
    said = abidiff(change)
    expect(f"{change['id']}: abidiff", said == change["abidiff"], said)
    return ran


def ran_text(ran, side):
    failed = [name.split()[0].split("-")[0] for name, goes in ran.items() if name.endswith(side) and not goes]
    if not failed:
        return "run"
    all_of = [name for name in ran if name.endswith(side)]
    return "fail" if len(failed) == len(all_of) else f"fail on {', '.join(failed)}"


def table_of(changes, ran):
    lines = ["| change | `abide compare` | old programs, new library | new programs, old library | abidiff |", "|---|---|---|---|---|"]
    for change, seen in zip(changes, ran):
        said = ", ".join(sorted({finding.split()[0] for finding in change["expect"]})) or "compatible"
        lines.append(f"| {change['id']} | {said} | {ran_text(seen, 'old')} | {ran_text(seen, 'new')} | {change['abidiff']} |")
    return "\n".join(lines) + "\n"


def main():
    changes = load("tests/compare/programs.yaml")["changes"]
    wanted = sys.argv[1:]
    some = [change for change in changes if not wanted or any(re.search(word, change["id"]) for word in wanted)]
    with open(os.path.join(SOURCE, "tools", "schemas", "compare.json"), encoding="utf-8") as file:
        schema = json.load(file)
    os.makedirs("programs", exist_ok=True)
    os.chdir("programs")
    dirty = {target: compile_c(target, f"dirty.{target}", DIRTY) for target in COMPILERS}
    with ThreadPoolExecutor(max_workers=2) as pool:
        ran = list(pool.map(lambda change: check(change, schema, dirty), some))
    if not wanted:
        expect("the table of README.md (UPDATE_GOLDEN=1 writes it)", write_table("programs", table_of(changes, ran)))
    print(f"{len(some)} changes, {sum(len(one) for one in ran)} runs with another release, {len(FAILURES)} failures")
    sys.exit(1 if FAILURES else 0)


if __name__ == "__main__":
    for tool in ("abidiff", "qemu-aarch64", "aarch64-linux-gnu-gcc"):
        if not shutil.which(tool):
            sys.exit(f"{tool} is missing: tools/packages.sh names its package")
    main()
