#!/usr/bin/env python3
"""shapes.py: bindings of one interface with everything in it: what they look like (golden/), that compilers take them, and what is refused."""
import json
import os
import sys

import jsonschema

from checking import FAILURES, expect, run, write

ABIDE = os.environ["ABIDE"]
HERE = os.path.join(os.environ["ABIDE_SOURCE_DIR"], "tests", "bind")
FILES = {"c": "shapes.h", "cpp": "shapes.hpp", "rust": "shapes.rs", "nim": "shapes.nim", "python": "shapes.py", "zig": "shapes.zig"}
ZIG = os.environ["ABIDE_ZIG"]  # none: these tests are left out, which the build says
SHOWN = ["--target", "x86_64-linux-gnu", "--target", "i386-linux-gnu"]
COMPILERS = {
    "c": [[*compiler.split(), "-std=c17", "-Wall", "-Wextra", "-Werror", "-c", "-x", "c", "use.c", "-o", "use.o"] for compiler in (
        "gcc", "gcc -m32", "clang-19", "aarch64-linux-gnu-gcc", "arm-linux-gnueabihf-gcc", "riscv64-linux-gnu-gcc", "s390x-linux-gnu-gcc",
        "powerpc64le-linux-gnu-gcc", "mips64el-linux-gnuabi64-gcc", "sparc64-linux-gnu-gcc", "x86_64-w64-mingw32-gcc",
        "clang-19 --target=aarch64-apple-darwin -ffreestanding", "clang-19 --target=loongarch64-linux-gnu -ffreestanding")],
    "cpp": [[compiler, "-std=c++17", "-Wall", "-Wextra", "-Werror", "-c", "use.cpp", "-o", "use.o"] for compiler in ("g++", "clang++-19")],
    "rust": [["rustc", "--edition", edition, "--crate-type", "lib", "-D", "warnings", "shapes.rs", "-o", "shapes.rlib"] for edition in ("2021", "2024")],
    "nim": [["nim", "check", "--hints:off", "shapes.nim"]],
    "python": [[sys.executable, "shapes.py"]],
    "zig": [] if ZIG == "none" else [[ZIG, "build-obj", "-fno-emit-bin", "use.zig", "-target", target] for target in (
        "x86_64-linux-gnu", "x86_64-linux-musl", "x86-linux-gnu", "aarch64-linux-gnu", "arm-linux-gnueabihf", "thumb-linux-musleabihf",
        "riscv64-linux-gnu", "powerpc64le-linux-gnu", "s390x-linux-gnu", "loongarch64-linux-gnu", "mips64el-linux-gnuabi64",
        "sparc64-linux-gnu", "x86_64-windows-gnu", "aarch64-macos")],
}


def check_golden(language, name):
    path = os.path.join(HERE, "golden", name)
    answer = run(ABIDE, "bind", language, "shapes.abi.yaml", *SHOWN, cwd=HERE)
    expect(f"{language}: {answer.returncode}", answer.returncode == 0, answer.stderr)
    if os.environ.get("UPDATE_GOLDEN"):
        os.makedirs(os.path.dirname(path), exist_ok=True)
        write(path, answer.stdout)
    with open(path, encoding="utf-8") as file:
        expect(f"{language}: as in golden/{name} (UPDATE_GOLDEN=1 writes it)", file.read() == answer.stdout, answer.stdout)


def check_compilers(language, name):
    folder = f"out-{language}"
    os.makedirs(folder, exist_ok=True)
    answer = run(ABIDE, "bind", language, os.path.join(HERE, "shapes.abi.yaml"), "-o", os.path.join(folder, name))
    expect(f"{language}: all targets", answer.returncode == 0, answer.stderr)
    write(os.path.join(folder, "use.zig"), 'const s = @import("shapes.zig");\nexport fn use(t: *s.thing) bool { s.end(t); return s.color.red == .green; }\n')
    write(os.path.join(folder, "use.c"), '#include "shapes.h"\nint use(point *p);\nint use(point *p) { return area(*p, 2) > 0; }\n')
    write(os.path.join(folder, "use.cpp"), '#include "shapes.hpp"\nint use(point *p);\nint use(point *p) { return area(*p, 2) > 0; }\n')
    for command in COMPILERS[language]:
        done = run(*command, cwd=folder)
        expect(" ".join(command[:2]), done.returncode == 0, done.stdout + done.stderr)


def refused(what, status, says, *words):
    answer = run(ABIDE, "bind", *words)
    expect(f"{what}: {status} {says}", answer.returncode == status and says in answer.stderr and not answer.stdout,
           f"{answer.returncode} {answer.stdout}{answer.stderr}")


def check_refusals():
    shapes = os.path.join(HERE, "shapes.abi.yaml")
    refused("a language", 2, "[bad-option-value]", "cobol", shapes)
    refused("a language nearly", 2, "did you mean 'rust'?", "rusty", shapes)
    answer = json.loads(run(ABIDE, "bind", "rust", shapes, "--json").stdout)
    with open(os.path.join(HERE, "..", "..", "tools", "schemas", "bind.json"), encoding="utf-8") as file:
        jsonschema.validate(answer, json.load(file))
    expect("JSON has the same text", answer["text"] == run(ABIDE, "bind", "rust", shapes).stdout)
    refused("a file", 3, "[missing-file]", "c", "nowhere.abi.yaml")
    refused("a target that nobody can tell", 4, "[unsupported-target]", "c", shapes, "--target", "powerpc64-linux-gnu")
    write("odd.abi.yaml", 'abide: 1\ndoc: "ends */ here \\\\"\nfunctions:\n  f: {sig: (), symbol: $s4demo, doc: "a\\nb \\"\\"\\" */ /* \\\\"}\n')
    for language, name in FILES.items():
        answer = run(ABIDE, "bind", language, "odd.abi.yaml", "-o", f"odd-{name}")
        expect(f"odd in {language}", answer.returncode == 0, answer.stderr)
    done = run("gcc", "-std=c17", "-Wall", "-Werror", "-fsyntax-only", "odd-shapes.h")
    expect("a symbol and comments that C has no words for", done.returncode == 0, done.stderr)
    if ZIG != "none":
        done = run(ZIG, "build-obj", "-fno-emit-bin", "odd-shapes.zig")
        expect("the same in Zig", done.returncode == 0, done.stderr)
    done = run(sys.executable, "odd-shapes.py")
    expect("the same in Python", done.returncode == 0, done.stderr)
    check_symbols()
    write("packed.abi.yaml", "abide: 1\ntypes:\n  p: {struct: {a: u8, b: i64}, packed: true}\nfunctions:\n  f: (v p)\n  g: (v ptr<p>)\n")
    text = run(ABIDE, "bind", "python", "packed.abi.yaml").stdout
    expect("ctypes passes no packed record by value", "library.f " not in text and "library.g " in text, text)
    write("plain.abi.yaml", "abide: 1\nfunctions:\n  do-it: (x i32) -> i32\n")
    answer = run(ABIDE, "bind", "nim", "plain.abi.yaml", "--prefix", "nim_")
    expect("a prefix", '{.importc: "nim_do_it", cdecl.}' in answer.stdout, answer.stdout)


def check_symbols():
    """Nim calls what has a dollar in its name, and leaves out what C cannot name."""
    write("symbols.abi.yaml", 'abide: 1\nfunctions:\n  f: {sig: "(x c_int) -> c_int", symbol: a$b}\n  g: {sig: (), symbol: a.b}\n')
    text = run(ABIDE, "bind", "nim", "symbols.abi.yaml", "-o", "symbols.nim").stderr
    write("library.c", "int a$b(int x) { return x + 1; }\n")
    write("calls.nim", "import symbols\ndoAssert f(41) == 42\ndoAssert not declared(g)\n")
    run("gcc", "-c", "library.c")
    done = run("nim", "c", "-r", "--hints:off", "--nimcache:calls", "--passL:library.o", "calls.nim")
    expect("a dollar in Nim", done.returncode == 0, text + done.stdout + done.stderr)


NAMES = """abide: 1
types:
  stat: {struct: {size: u64, u8: u8, type: i7, foo-bar: u8, builtin: u8}}
  i7: i8
  builtin: {struct: {error: u32, "null": u32}}
  abide_target: {enum: {fast: 1, quick: 1, "_": 2}}
  Stat: u8
  mode: {enum: {fast: 0}, base: i32}
  flag: {flags: {top: 31}, base: i32}
  edge: {enum: {MAX: 1, __MAX: 2, _max: 3}}
  int64_t: i8
  mips: {struct: {WIN32: u8, sparc: u8, vector: u8, int8_t: u8}}
  object: {struct: {count: u64, kind: mutptr<kind_type>}}
  kind_type: kind_record
  kind_record: {struct: {base: var_object, name: cstring}}
  var_object: {struct: {base: object, size: u64}}
  twice: {struct: {a: {type: u32, align: 2}, b: {type: u64, packed: true}, c: u8}, align: 4}
  tight: {struct: {a: u8, b: u64, c: twice}, pack: 2}
functions:
  stat: (path cstring; s out stat) -> c_int
  mode_fast: (u8 u8; stat2 mode) -> abide_target
  flag-top: ()
  same_np: {sig: (it mutptr<u8>), symbol: same}
  same: (it ptr<u8>)
  report: (fmt cstring, args va_list)
"""


def check_names():
    """Types, functions and values of enums have one namespace in most languages: `stat` is a struct and a function."""
    write("names.abi.yaml", NAMES)
    for language, name in FILES.items():
        answer = run(ABIDE, "bind", language, "names.abi.yaml", "-o", f"names_{name}")
        expect(f"names in {language}", answer.returncode == 0, answer.stderr)
    commands = [["gcc", "-fsyntax-only", "-x", "c", "names_shapes.h"], ["g++", "-fsyntax-only", "-x", "c++", "names_shapes.hpp"],
                ["nim", "check", "--hints:off", "names_shapes.nim"], [sys.executable, "names_shapes.py"],
                ["rustc", "--edition", "2021", "--crate-type", "lib", "-D", "warnings", "names_shapes.rs", "-o", "names.rlib"]]
    for command in commands + ([] if ZIG == "none" else [[ZIG, "build-obj", "-fno-emit-bin", "names_shapes.zig"]]):
        done = run(*command)
        expect(f"names: {command[0]}", done.returncode == 0, done.stdout + done.stderr)


WORDS = """abide: 1
package: words
provides: system@1
types:
  item: {variant: {a: {struct: {x: u32, y: f32}}, b: string}}
functions:
  tell: (it item; k u32) -> u32
"""
NARROW, WIDE = ["i386-linux-gnu", "arm-linux-gnueabihf"], ["x86_64-linux-gnu", "aarch64-linux-gnu", "s390x-linux-gnu", "powerpc64le-linux-gnu"]
# What C sees of it, written by hand: the words are as wide as pointers.
WORDS_LIBRARY = """#include <stdint.h>
#if UINTPTR_MAX > UINT32_MAX
typedef uint64_t word;
#else
typedef uint32_t word;
#endif
uint32_t words_tell(uint32_t tag, word first, word second, uint32_t k);
uint32_t words_tell(uint32_t tag, word first, word second, uint32_t k) { return tag + (first == (word)-1) * 20 + (uint32_t)second * 100 + k * 1000; }
"""
WORDS_PROGRAMS = {
    "c": ("sections.h", '#include "sections.h"\nint main(void) { return words_tell(1, UINTPTR_MAX, 3, 4) != 4321; }\n',
          [[*compiler.split(), "-std=c17", "-Wall", "-Wextra", "-Werror", "-static", "program.c", "library.c", "-o", "program", "&&", *run]
           for compiler, *run in (("gcc", "./program"), ("gcc -m32", "./program"), ("aarch64-linux-gnu-gcc", "qemu-aarch64", "./program"),
                                  ("arm-linux-gnueabihf-gcc", "qemu-arm", "./program"), ("s390x-linux-gnu-gcc", "qemu-s390x", "./program"),
                                  ("powerpc64le-linux-gnu-gcc", "qemu-ppc64le", "./program"))]),
    "cpp": ("sections.hpp", '#include "sections.hpp"\nint main() { return words_tell(1, UINTPTR_MAX, 3, 4) != 4321; }\n',
            [["gcc", "-c", "library.c", "-o", "library.o", "&&", "g++", "-Wall", "-Werror", "program.cpp", "library.o", "-o", "program", "&&", "./program"]]),
    "rust": ("sections.rs", "mod sections;\nfn main() { assert!(unsafe { sections::tell(1, usize::MAX as u64, 3, 4) } == 4321); }\n",
             [["gcc", "-c", "library.c", "-o", "library.o", "&&", "rustc", "--edition", "2021", "-D", "warnings", "-C", "link-arg=library.o", "program.rs",
               "-o", "program", "&&", "./program"]]),
    "nim": ("sections.nim", "import sections\ndoAssert tell(1, high(uint64), 3, 4) == 4321\n",
            [["gcc", "-c", "library.c", "-o", "library.o", "&&", "nim", "c", "--hints:off", "--nimcache:cache", "--passL:library.o", "-o:program",
              "program.nim", "&&", "./program"]]),
    "python": ("sections.py", "import ctypes, sections\nassert sections.bind(ctypes.CDLL('./library.so')).tell(1, 2**64 - 1, 3, 4) == 4321\n",
               [["gcc", "-shared", "-fPIC", "library.c", "-o", "library.so", "&&", sys.executable, "program.py"]]),
    "zig": ("sections.zig", 'const s = @import("sections.zig");\nexport fn main() callconv(.c) c_int { return @intFromBool(s.tell(1, ~@as(usize, 0), 3, 4) != 4321); }\n',
            [[ZIG, "build-obj", "program.zig", "-O", "ReleaseSmall", "-fPIC", "-target", target, "-femit-bin=program.o", "&&", *compiler.split(), "-static",
              "program.o", "library.c", "-o", "program", "&&", *run]
             for target, compiler, *run in (("x86_64-linux-gnu", "gcc", "./program"), ("x86-linux-gnu", "gcc -m32", "./program"),
                                            ("aarch64-linux-gnu", "aarch64-linux-gnu-gcc", "qemu-aarch64", "./program"),
                                            ("arm-linux-gnueabihf", "arm-linux-gnueabihf-gcc", "qemu-arm", "./program"))]),
}
# Targets that are not in the file.
ELSEWHERE = {
    "c": ["powerpc64-linux-gnu-gcc", "-fsyntax-only", "program.c"],
    "cpp": ["clang++-19", "--target=powerpc64-linux-gnu", "-ffreestanding", "-nostdinc++", "-Ielsewhere", "-fsyntax-only", "program.cpp"],
    "rust": ["rustc", "--edition", "2021", "--crate-type", "lib", "sections.rs", "-o", "elsewhere.rlib"],
    "nim": ["nim", "check", "--hints:off", "sections.nim"],
    "python": [sys.executable, "sections.py"],
    "zig": [ZIG, "build-obj", "program.zig", "-fno-emit-bin"],
}


def in_turn(words, cwd):
    """Commands with && between them, without a shell."""
    done, command = None, []
    for word in [*words, "&&"]:
        if word != "&&":
            command.append(word)
            continue
        done, command = run(*command, cwd=cwd), []
        if done.returncode:
            break
    return done


def check_sections():
    """Where C sees other declarations on other targets, there is a section for each group of targets that agree."""
    write("words.abi.yaml", WORDS)
    targets = [word for target in NARROW + WIDE for word in ("--target", target)]
    for language, (name, program, commands) in WORDS_PROGRAMS.items():
        folder = f"sections-{language}"
        os.makedirs(folder, exist_ok=True)
        write(f"{folder}/library.c", WORDS_LIBRARY)
        write(f"{folder}/program.{name.split('.')[1].replace('hpp', 'cpp').replace('h', 'c') if language in ('c', 'cpp') else name.split('.')[1]}", program)
        answer = run(ABIDE, "bind", language, "words.abi.yaml", "--abi", "system", *targets)
        expect(f"sections: {language}", answer.returncode == 0, answer.stderr)
        path = os.path.join(HERE, "golden", name)
        if os.environ.get("UPDATE_GOLDEN"):
            write(path, answer.stdout)
        with open(path, encoding="utf-8") as file:
            expect(f"{language}: as in golden/{name} (UPDATE_GOLDEN=1 writes it)", file.read() == answer.stdout, answer.stdout)
        if language == "zig" and ZIG == "none":
            continue
        for arguments in ([], targets):  # all targets, and some
            answer = run(ABIDE, "bind", language, "words.abi.yaml", "--abi", "system", "-o", f"{folder}/{name}", *arguments)
            expect(f"sections: {language} {arguments[:2]}", answer.returncode == 0, answer.stderr)
            for command in commands if arguments else commands[:1]:
                done = in_turn(command, folder)
                expect(f"sections: {' '.join(command[:7])}", done.returncode == 0, done.stdout + done.stderr)
        others = ["--target", "i386-linux-gnu", "--target", "aarch64-linux-gnu"]  # none of them is this machine
        run(ABIDE, "bind", language, "words.abi.yaml", "--abi", "system", "-o", f"{folder}/{name}", *others)
        os.makedirs(f"{folder}/elsewhere", exist_ok=True)  # there are no headers of C++ for it
        write(f"{folder}/elsewhere/cstdint", "#include <stdint.h>\n")
        write(f"{folder}/elsewhere/cstddef", "#include <stddef.h>\n")
        done = run(*ELSEWHERE[language], cwd=folder)
        expect(f"sections: {language} elsewhere", done.returncode != 0 and "this binding is not for this target" in done.stdout + done.stderr,
               done.stdout + done.stderr)
    check_common(targets)


def declared(target, header):
    """What the compiler reads of a header: declarations and assertions, without comments."""
    done = run("clang-19", f"--target={target}", "-ffreestanding", "-E", "-P", header)
    expect(f"{header} for {target}", done.returncode == 0, done.stderr)
    return done.stdout


def check_common(targets):
    """Each target reads its own binding, and what all have in common stands once."""
    run(ABIDE, "bind", "c", "words.abi.yaml", "--abi", "system", *targets, "-o", "together.h")
    for target in NARROW + WIDE:
        run(ABIDE, "bind", "c", "words.abi.yaml", "--abi", "system", "--target", target, "-o", "alone.h")
        expect(f"sections: {target} reads its own binding", declared(target, "together.h") == declared(target, "alone.h"))
    with open("together.h", encoding="utf-8") as file:
        text = file.read()
    expect("sections: types stand once, functions in sections", (text.count("struct item {"), text.count(" words_tell(")) == (1, 2), text)


WIDE_FILE = """abide: 1
package: wide
types:
  big: u128
  pair: {struct: {a: big, b: u8}}
  holder: {struct: {p: ptr<pair>, q: ptr<big>}}
  after: {struct: {h: holder, next: ptr<pair>}}
  call: fn(x u128) -> u8
constants:
  LARGE: {type: c_ulong, value: 18446744073709551615, doc: All bits.}
  WHOLE: {type: big, value: 5}
functions:
  twice: (x u64) -> u64
  square: (x u128) -> u128
  see: (x ptr<pair>, h holder) -> bool
  quad: (x f128) -> f64
"""
WIDE_PROGRAM = """#include "wide.h"
uint64_t twice(uint64_t x) { return 2 * x; }
bool see(const pair *x, holder h) { return x == h.p; }
#ifdef __SIZEOF_INT128__
big square(big x) { return x * x; }
int main(void) { pair p = {square(WHOLE), 1}; return !(see(&p, (holder){&p, &p.a}) && p.a == 25 && twice(2) == 4 && LARGE == UINT64_MAX); }
#else
#if defined(WHOLE) || defined(LARGE)
#error "a constant that the target has not"
#endif
int main(void) { const pair *p = (const pair *)(uintptr_t)8; return !(see(p, (holder){p, 0}) && twice(2) == 4); }
#endif
"""


def check_absent():
    """What has no layout on some targets, and what needs it, is in the sections of the others, with the reason. The rest is for all."""
    write("wide.abi.yaml", WIDE_FILE)
    write("wide.c", WIDE_PROGRAM)
    for language, name in FILES.items():
        answer = run(ABIDE, "bind", language, "wide.abi.yaml", "-o", name.replace("shapes", "wide"))
        expect(f"absent: {language}", answer.returncode == 0, answer.stderr)
    for compiler, *command in (("gcc", "./wide"), ("gcc -m32", "./wide"), ("clang-19", "./wide"), ("aarch64-linux-gnu-gcc", "qemu-aarch64", "./wide"),
                               ("arm-linux-gnueabihf-gcc", "qemu-arm", "./wide")):
        done = in_turn([*compiler.split(), "-std=c17", "-Wall", "-Wextra", "-Werror", "-static", "wide.c", "-o", "wide", "&&", *command], ".")
        expect(f"absent: {compiler}", done.returncode == 0, done.stderr)
    commands = [["g++", "-Wall", "-Wextra", "-Werror", "-fsyntax-only", "-x", "c++", "wide.hpp"], ["nim", "check", "--hints:off", "wide.nim"],
                ["nim", "check", "--hints:off", "--cpu:i386", "wide.nim"], [sys.executable, "wide.py"],
                ["rustc", "--edition", "2021", "--crate-type", "lib", "-D", "warnings", "wide.rs", "-o", "wide.rlib"]]
    write("use_wide.zig", 'const w = @import("wide.zig");\nexport fn use(x: u64) u64 { return w.twice(x); }\n')
    zigs = [] if ZIG == "none" else [[ZIG, "build-obj", "-fno-emit-bin", "use_wide.zig", "-target", target] for target in ("x86_64-linux-gnu", "x86-linux-gnu")]
    for command in commands + zigs:
        done = run(*command)
        expect(f"absent: {' '.join(command[:5])}", done.returncode == 0, done.stdout + done.stderr)
    with open("wide.h", encoding="utf-8") as file:
        text = file.read()
    with open("wide.zig", encoding="utf-8") as file:
        zig = file.read()
    expect("absent: Zig says why", '    // this ABI has no u128\n    .@"i386-linux-gnu", .@"arm-linux-gnueabihf" => opaque {},\n' in zig, zig)
    for words in ("// Not on this target: this ABI has no u128.", "/// Known behind pointers alone on this target: this ABI has no u128.",
                  "/// Not on i386-linux-gnu, arm-linux-gnueabihf, x86_64-windows-gnu: 'c_ulong' does not hold 18446744073709551615"):
        expect(f"absent: {words}", words in text, text)
    narrow = ["--target", "i386-linux-gnu", "--target", "arm-linux-gnueabihf"]
    refused("a type that no target has", 3, "wide.abi.yaml:4:8: error: type 'big' cannot be bound for any of these targets: this ABI has no u128 [no-scalar]",
            "c", "wide.abi.yaml", *narrow)
    refused("a way out", 3, "= help: --target of one that has it: x86_64-linux-gnu, aarch64-linux-gnu", "c", "wide.abi.yaml", *narrow)
    refused("a function that no target has", 3, "error: function 'square' cannot be bound for i386-linux-gnu", "rust", "wide.abi.yaml", *narrow[:2])
    write("large.abi.yaml", "abide: 1\nconstants:\n  LARGE: {type: c_ulong, value: 18446744073709551615}\n")
    refused("a constant that no target holds", 3, "[constant-range]", "c", "large.abi.yaml", *narrow)


def check_shared():
    """Types of the ABI stand in each binding, and in abide/system.h: a program may include all of them, in any order."""
    for name in ("one", "two"):
        write(f"{name}.abi.yaml", f"abide: 1\npackage: {name}\ntypes:\n  {name}_item: {{struct: {{name: own string, tag: string, wide: string16}}}}\n"
              f"functions:\n  make: {{sig: \"(key string) -> {name}_item\", symbol: {name}_make}}\n")
    for language, compilers in (("c", ("gcc", "clang-19")), ("cpp", ("g++", "clang++-19"))):
        for name in ("one", "two"):
            answer = run(ABIDE, "bind", language, f"{name}.abi.yaml", "--abi", "system", "-o", f"{name}.h")
            expect(f"{language}: bound under system", answer.returncode == 0, answer.stderr)
        headers = ['"one.h"', '"two.h"', "<abide/system.h>"]
        for turn in range(3):
            write(f"all.{language}", "".join(f"#include {header}\n" for header in headers[turn:] + headers[:turn]) +
                  "void use(sys_string *text, one_item *one, two_item *two);\n"
                  "void use(sys_string *text, one_item *one, two_item *two)\n"
                  "{\n    sys_owner *owner = text->owner;\n    one->name = *text;\n    two->tag = one->tag;\n    two->wide = one->wide;\n"
                  "    if (owner)\n        owner->release(owner, text->ptr, text->len);\n}\n")
            for compiler in compilers:
                done = run(compiler, "-Wall", "-Wextra", "-Werror", "-fsyntax-only", f"-I{HERE}/../../include", f"all.{language}")
                expect(f"{compiler}: {headers[turn]} first", done.returncode == 0, done.stderr)


def main():
    for language, name in FILES.items():
        check_golden(language, name)
        check_compilers(language, name)
    check_refusals()
    check_names()
    check_sections()
    check_absent()
    check_shared()
    print(f"{len(FAILURES)} failures")
    sys.exit(1 if FAILURES else 0)


main()
