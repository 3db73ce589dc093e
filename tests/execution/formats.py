#!/usr/bin/env python3
"""formats.py: every form of output on every system, read back by LLVM's tools and linked where there is a
linker; the same bytes twice; marks of protection and visibility; unwind tables for every thunk."""
import os
import re
import subprocess
import sys

LLVM = os.environ["ABIDE_LLVM_BIN"]
HERE = os.path.join(os.environ["ABIDE_SOURCE_DIR"], "tests/execution")
EMIT = os.path.join(os.environ["ABIDE_BUILD_DIR"], "bin/emit_plans")
ROUTINES = os.path.join(os.environ["ABIDE_BUILD_DIR"], "bin/emit_routines")
SYSTEMS = {"linux-gnu": "elf", "apple-macosx11": "mach-o", "windows-gnu": "coff"}
failures = []


def run(*command, fails=False):
    done = subprocess.run(command, capture_output=True, text=True)
    if done.returncode != 0 and not fails:
        failures.append(f"{' '.join(command)}: {done.stderr.strip()}")
    return done.stdout


def read(path):
    with open(path, "rb") as file:
        return file.read()


def expect(what, condition):
    if not condition:
        failures.append(what)


def emit(arch, form, out, *options):
    plans = f"{HERE}/{arch}.plans"
    run(EMIT, arch, plans, form, out, *options)
    first = read(out)
    run(EMIT, arch, plans, form, out, *options)
    expect(f"{out}: other bytes in the second run", first == read(out))


def names_of(arch):
    with open(f"{HERE}/{arch}.plans", encoding="utf-8") as file:
        return sorted(re.findall(r"^thunk (\w+)", file.read(), re.M))


def defined(path):
    lines = run(f"{LLVM}/llvm-nm", "--defined-only", "--extern-only", path).splitlines()
    return sorted(line.split()[2] for line in lines if len(line.split()) == 3)


def check_text_forms(arch, triple, mangled):
    stem = f"{arch}-{triple}"
    emit(arch, "asm", f"{stem}.s", f"triple={triple}")
    run(f"{LLVM}/llvm-mc", f"--triple={triple}", "--filetype=obj", f"{stem}.s", "-o", f"{stem}.s.o")
    expect(f"{stem}.s: symbols", defined(f"{stem}.s.o") == mangled)
    emit(arch, "ir", f"{stem}.ll", f"triple={triple}")
    emit(arch, "bitcode", f"{stem}.bc", f"triple={triple}")
    text = read(f"{stem}.ll").decode()
    expect(f"{stem}: bitcode and IR differ", text.split("\n", 1)[1] ==
           run(f"{LLVM}/llvm-dis", f"{stem}.bc", "-o", "-").split("\n", 1)[1])


def check_system(arch, system, kind):
    triple = f"{arch}-{system}"
    stem = f"{arch}-{triple}"
    names = names_of(arch)
    mangled = [f"_{name}" for name in names] if kind == "mach-o" else names
    emit(arch, "obj", f"{stem}.o", f"triple={triple}")
    header = run(f"{LLVM}/llvm-readobj", "--file-headers", f"{stem}.o").lower()
    expect(f"{stem}.o: not {kind}", f"format: {kind}" in header)
    expect(f"{stem}.o: symbols", defined(f"{stem}.o") == mangled)
    for member in ("abide.o", "a-member-with-a-long-name.o"):
        emit(arch, "archive", f"{stem}.a", f"triple={triple}", f"member={member}")
        expect(f"{stem}.a: members", run(f"{LLVM}/llvm-ar", "t", f"{stem}.a").split() == [member])
        listing = run(f"{LLVM}/llvm-nm", "--print-armap", "--defined-only", f"{stem}.a")
        index = re.findall(r"^(\w+) in (\S+)$", listing, re.M)
        expect(f"{stem}.a: index", sorted(index) == [(name, member) for name in mangled])
        run(f"{LLVM}/llvm-ar", "x", f"{stem}.a")
        expect(f"{stem}.a: the member is not the object", read(f"{stem}.o") == read(member))
    check_text_forms(arch, triple, mangled)
    link(arch, kind, stem, mangled[0])


def link(arch, kind, stem, symbol):
    """The member has to be found by its symbol."""
    if kind == "elf":
        run(f"{LLVM}/ld.lld", "-shared", "-u", symbol, f"{stem}.a", "-o", f"{stem}.so")
        expect(f"{stem}.a: not linked", symbol in run(f"{LLVM}/llvm-nm", f"{stem}.so"))
    elif kind == "mach-o":
        run(f"{LLVM}/ld64.lld", "-arch", "arm64" if arch == "aarch64" else arch, "-dylib",
            "-platform_version", "macos", "11.0", "11.0", "-undefined", "dynamic_lookup", "-u", symbol,
            f"{stem}.a", "-o", f"{stem}.dylib")
        expect(f"{stem}.a: not linked", symbol in run(f"{LLVM}/llvm-nm", f"{stem}.dylib"))
    else:
        run(f"{LLVM}/lld-link", "/dll", "/noentry", "/force:unresolved", f"/export:{symbol}",
            f"{stem}.a", f"/out:{stem}.dll", "/machine:" + {"x86_64": "x64", "aarch64": "arm64"}[arch])
        expect(f"{stem}.a: not linked",
               symbol in run(f"{LLVM}/llvm-readobj", "--coff-exports", f"{stem}.dll"))


def bodies(path):
    text = run(f"{LLVM}/llvm-objdump", "-d", "--no-show-raw-insn", path)
    return re.findall(r"^[0-9a-f]+ <(\S+)>:\n\s+[0-9a-f]+:\s+(\S+)(?:[ \t]+(\S+))?", text, re.M)


def check_marks():
    # Signing the return address is a landing pad as well.
    first = {"x86_64": [("endbr64", "")], "aarch64": [("bti", "c"), ("paciasp", "")]}
    note = {"x86_64": "IBT, SHSTK", "aarch64": "BTI, PAC"}
    for arch in first:
        emit(arch, "obj", f"{arch}-protected.o", "protect", "hidden")
        found = bodies(f"{arch}-protected.o")
        expect(f"{arch}: {len(found)} functions", len(found) == len(names_of(arch)))
        for name, word, operand in found:
            expect(f"{arch}: {name} starts with {word}", (word, operand) in first[arch])
        notes = run(f"{LLVM}/llvm-readobj", "--notes", f"{arch}-protected.o")
        expect(f"{arch}: note: {notes}", note[arch] in notes)
        symbols = run(f"{LLVM}/llvm-readobj", "--symbols", f"{arch}-protected.o")
        expect(f"{arch}: visibility", symbols.count("STV_HIDDEN") == len(found))
        frames = run(f"{LLVM}/llvm-dwarfdump", "--eh-frame", f"{arch}-protected.o")
        expect(f"{arch}: unwind tables", len(re.findall(r"\bFDE\b", frames)) == len(found))
    signed = run(f"{LLVM}/llvm-objdump", "-d", "aarch64-protected.o")
    expect("aarch64: signed return addresses", signed.count("paciasp") == signed.count("autiasp") > 0)


def check_routines():
    """What a program may replace is weak; what only the file sees has names that no program has."""
    weak = {"elf": r" W abide_trap$", "mach-o": r"weak external _abide_trap$", "coff": r" W abide_trap$"}
    for arch in ("x86_64", "aarch64"):
        for system, kind in SYSTEMS.items():
            out = f"routines-{arch}-{system}.o"
            command = (ROUTINES, f"{HERE}/routines.abi.yaml", f"{arch}-linux-gnu", "obj", out,
                       f"triple={arch}-{system}")
            run(*command)
            first = read(out)
            run(*command)
            expect(f"{out}: other bytes in the second run", first == read(out))
            listing = run(f"{LLVM}/llvm-nm", *(["-m"] if kind == "mach-o" else []), out)
            expect(f"{out}: abide_trap is not weak", re.search(weak[kind], listing, re.M))
            outside = [name for name in defined(out) if "t_" not in name and "abide_trap" not in name]
            expect(f"{out}: {outside} are seen from outside", not outside)
        out = f"routines-{arch}-protected.o"
        run(ROUTINES, f"{HERE}/routines.abi.yaml", f"{arch}-linux-gnu", "obj", out, "protect", "hidden")
        symbols = run(f"{LLVM}/llvm-nm", "--defined-only", out)
        functions = re.findall(r" [TtW] (\S+)$", symbols, re.M)
        frames = run(f"{LLVM}/llvm-dwarfdump", "--eh-frame", out)
        expect(f"{arch}: unwind tables", len(re.findall(r"\bFDE\b", frames)) == len(functions))
        found = {name: word for name, word, _ in bodies(out)}
        marks = {"x86_64": ["endbr64"], "aarch64": ["bti", "paciasp"]}[arch]
        # Whoever is called through a pointer, or from elsewhere.
        for name in functions:
            if name.startswith(("t_", "abide_trap", "abide.release")):
                expect(f"{arch}: {name} starts with {found.get(name)}", found.get(name) in marks)


def main():
    for arch in ("x86_64", "aarch64"):
        for system, kind in SYSTEMS.items():
            check_system(arch, system, kind)
    check_marks()
    check_routines()
    print("\n".join(failures) or "every form on every system")
    sys.exit(1 if failures else 0)


main()
