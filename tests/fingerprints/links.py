#!/usr/bin/env python3
"""links.py: a program that was built for one release of a library meets others, at the linker, at the loader and with dlopen.

Releases that only grew work in all four pairs. For each target: the library is made three times, as the program knows it, grown, and broken in one
function. Linked and loaded, the program works with the first two and is refused by the third, with the name of the function in the
message; a program that does not call that function works with all. Targets of both byte orders and widths are among them.
"""
import os
import shutil
import subprocess
import sys
import tempfile

ABIDE = os.environ["ABIDE"]
SOURCE = os.environ["ABIDE_SOURCE_DIR"]
FAILURES = []

TYPES = """abide: 1
package: chat
provides: system@1
types:
  status: {{enum: [offline, online{values}], base: u8, open: true}}
  peer: {{struct: {{id: u32, next: ptr<peer>, load: {load}}}}}
  event: {{variant: {{left: u32, joined: u64{cases}}}, open: {{size: 16, align: 8}}}}
functions:
  report: (e event) -> u32
  close: (s status) -> u32
  send: (to ref<peer>, text string) -> u64
{more}"""
RELEASES = {
    "known": TYPES.format(values="", cases="", load="f32", more=""),
    "grown": TYPES.format(values=", away", cases=", renamed: string", load="f32",
                          more="  extra: (x u8) -> u8\n"),
    "broken": TYPES.format(values="", cases="", load="u32", more=""),
}
EVENT = """#include <stddef.h>
#include <stdint.h>
struct text { const uint8_t *ptr; size_t len; };
struct event {
    uint32_t tag;
    union { uint32_t left; uint64_t joined; struct text renamed;
            __attribute__((aligned(8))) char room[16]; } u;
};
uint32_t chat_report(const struct event *e);
"""
LIBRARY = EVENT + """struct peer { uint32_t id; const struct peer *next; float load; };
uint32_t chat_report(const struct event *e)
{
    switch (e->tag) {
    case 0: return e->u.left;
    case 1: return (uint32_t)e->u.joined;
#ifdef GROWN
    case 2: return (uint32_t)e->u.renamed.len;
#endif
    }
    return 99; /* of a later release */
}
uint32_t chat_close(uint8_t status);
uint64_t chat_send(const struct peer *to, const uint8_t *text, size_t text_len);
uint8_t chat_extra(uint8_t x);
uint32_t chat_close(uint8_t status) { return status + 1u; }
uint64_t chat_send(const struct peer *to, const uint8_t *text, size_t text_len)
{
    return to->id + text_len + text[0];
}
uint8_t chat_extra(uint8_t x) { return x; }
"""
PROGRAM = """#include <stddef.h>
#include <stdint.h>
#include "fits.h"
struct peer { uint32_t id; const struct peer *next; float load; };
extern uint32_t chat_close(uint8_t status);
extern uint64_t chat_send(const struct peer *to, const uint8_t *text, size_t text_len);
int main(void)
{
    const struct peer peer = {40, NULL, 1};
    (void)peer;
#ifdef SENDS
    if (chat_send(&peer, (const uint8_t *)"a", 1) != 41 + 'a')
        return 2;
#endif
    return chat_close(1) == 2 ? 0 : 1;
}
"""
OPENS = """#include <dlfcn.h>
#include <stdio.h>
#include "abide/descriptor.h"
#include "fits.h"
int main(int argc, char **argv)
{
    void *library = argc > 1 ? dlopen(argv[1], RTLD_NOW) : NULL;
    if (!library)
        return puts(dlerror()), 3;
    const abide_descriptor *has = dlsym(library, "abide_desc_chat");
    abide_descriptor_difference difference;
    if (!abide_descriptor_check(has, (const abide_descriptor *)(const void *)abide_need_chat, &difference))
        return printf("%s: %s\\n", difference.symbol, abide_descriptor_reason(difference.what)), 1;
    return 0;
}
"""
RUST = """#[repr(C)] pub struct Peer { id: u32, next: *const Peer, load: f32 }
#[no_mangle] pub extern "C" fn chat_report(_e: *const u8) -> u32 { 0 }
#[no_mangle] pub extern "C" fn chat_close(status: u8) -> u32 { status as u32 + 1 }
#[no_mangle] pub unsafe extern "C" fn chat_send(to: *const Peer, text: *const u8, len: usize) -> u64
{ (*to).id as u64 + len as u64 + *text as u64 }
"""
NIM = """type Peer = object
  id: uint32
  next: ptr Peer
  load: float32
proc chat_report(e: pointer): uint32 {.exportc, dynlib, cdecl.} = 0
proc chat_close(status: uint8): uint32 {.exportc, dynlib, cdecl.} = uint32(status) + 1
proc chat_send(to: ptr Peer, text: ptr uint8, len: csize_t): uint64 {.exportc, dynlib, cdecl.} =
  uint64(to.id) + uint64(len) + uint64(text[])
"""
REPORTS = """#include "fits.h"
""" + EVENT + """
int main(int argc, char **argv)
{
    struct event event = {1, {.joined = 7}};
    if (chat_report(&event) != 7)
        return 1;
#ifdef GROWN
    event.tag = 2;
    event.u.renamed = (struct text){(const uint8_t *)"ab", 2};
    return chat_report(&event) == (argc > 1 ? 2 : 99) ? 0 : 2; /* an argument: the library knows it */
#endif
    (void)argv;
    return argc > 3;
}
"""
TARGETS = [
    ("x86_64-linux-gnu", ["gcc"], []),
    ("x86_64-linux-gnu", ["clang-19", "-fuse-ld=lld"], []),
    ("i386-linux-gnu", ["gcc", "-m32"], []),
    ("aarch64-linux-gnu", ["aarch64-linux-gnu-gcc"], ["qemu-aarch64", "-L", "/usr/aarch64-linux-gnu"]),
    ("arm-linux-gnueabihf", ["arm-linux-gnueabihf-gcc"],
     ["qemu-arm", "-L", "/usr/arm-linux-gnueabihf"]),
    ("riscv64-linux-gnu", ["riscv64-linux-gnu-gcc"], ["qemu-riscv64", "-L", "/usr/riscv64-linux-gnu"]),
    ("s390x-linux-gnu", ["s390x-linux-gnu-gcc"], ["qemu-s390x", "-L", "/usr/s390x-linux-gnu"]),
    ("mips-linux-gnu", ["mips-linux-gnu-gcc"], ["qemu-mips", "-L", "/usr/mips-linux-gnu"]),
]


def expect(what, condition, seen=""):
    if not condition:
        FAILURES.append(what)
        print(f"FAIL {what}\n{seen}")


def run(*words, environment=None):
    return subprocess.run(words, check=False, capture_output=True, text=True,
                          env={**os.environ, **(environment or {})})


def must(*words):
    done = run(*words)
    if done.returncode:
        sys.exit(f"{' '.join(words)}\n{done.stdout}{done.stderr}")
    return done.stdout


def write(path, text):
    with open(path, "w", encoding="utf-8") as file:
        file.write(text)
    return path


class World:
    """A target: its compiler, how its programs run, and a folder."""

    def __init__(self, target, compiler, emulator, folder):
        self.target, self.compiler, self.emulator, self.folder = target, compiler, emulator, folder
        write(self.path("library.c"), LIBRARY)
        write(self.path("program.c"), PROGRAM)
        write(self.path("opens.c"), OPENS)
        write(self.path("reports.c"), REPORTS)
        self.system = ["--abi", "system", "--target", target]

    def path(self, name):
        return os.path.join(self.folder, name)

    def interface(self, release):
        return self.path(f"{release}.abi.yaml")

    def make_library(self, release):
        """libchat.so in a folder of its own, with descriptor and aliases."""
        interface = write(self.interface(release), RELEASES[release])
        for form, name in (("c", "desc.c"), ("aliases", "aliases.ld")):
            must(ABIDE, "fingerprint", interface, *self.system, "--emit", form, "-o",
                 self.path(f"{release}-{name}"))
        os.mkdir(self.path(release))
        must(*self.compiler, "-Wall", "-Werror", "-shared", "-fPIC", *self.flags(release), self.path("library.c"),
             self.path(f"{release}-desc.c"), self.path(f"{release}-aliases.ld"), "-o",
             self.path(f"{release}/libchat.so"))

    @staticmethod
    def flags(release):
        return ["-DGROWN"] if release == "grown" else []

    def make_header(self, functions, release="known"):
        must(ABIDE, "fingerprint", self.interface(release), *functions, *self.system, "--emit",
             "header", "-o", self.path("fits.h"))

    def link(self, program, release, *flags, source="program.c"):
        return run(*self.compiler, "-Wall", "-Werror", *flags, self.path(source), "-L",
                   self.path(release), "-lchat", "-Wl,-z,now", "-o", self.path(program))

    def start(self, program, *words, release=None):
        """Runs it with the library of a release."""
        environment = {}
        if release and self.emulator:
            words = ("-E", f"LD_LIBRARY_PATH={self.path(release)}", self.path(program), *words)
            return run(*self.emulator, *words)
        if release:
            environment = {"LD_LIBRARY_PATH": self.path(release)}
        return run(*self.emulator, self.path(program), *words, environment=environment)


def check_links(world):
    """What the linker and the loader say."""
    world.make_header(["send", "close"])
    for release in RELEASES:
        done = world.link(f"sends-{release}", release, "-DSENDS")
        if release == "broken":
            expect(f"{world.target}: the linker refuses it", done.returncode != 0)
            expect(f"{world.target}: the linker names it", "chat_send__s1_" in done.stderr,
                   done.stderr)
            expect(f"{world.target}: and no other", "chat_close__s1_" not in done.stderr,
                   done.stderr)
        else:
            expect(f"{world.target}: {release} is linked", done.returncode == 0, done.stderr)
    for release in RELEASES:
        done = world.start("sends-known", release=release)
        if release == "broken":
            expect(f"{world.target}: the loader refuses it", done.returncode != 0)
            expect(f"{world.target}: the loader names it", "chat_send__s1_" in done.stderr,
                   done.stderr)
        else:
            expect(f"{world.target}: it runs with {release}", done.returncode == 0,
                   f"{done.returncode} {done.stderr}")
        done = world.link("closes", release)
        expect(f"{world.target}: what is not called does not matter in {release}",
               done.returncode == 0 and world.start("closes", release=release).returncode == 0,
               done.stderr)


def check_opens(world):
    """What abide_descriptor_check says to a program that opens the library."""
    for functions, refused, own in ((["send", "close"], {"broken"}, "known"), (["close"], set(), "known"),
                                    (["send", "close", "report"], {"broken"}, "grown")):
        world.make_header(functions, own)
        must(*world.compiler, "-Wall", "-Werror", "-Wno-unknown-pragmas",
             f"-I{SOURCE}/include", world.path("opens.c"), "-o", world.path("opens"), "-ldl")
        for release in RELEASES:
            done = world.start("opens", world.path(f"{release}/libchat.so"))
            wanted = (1, "chat_send: its bytes lie elsewhere\n") if release in refused else (0, "")
            expect(f"{world.target}: {' and '.join(functions)} of {own} in {release}",
                   (done.returncode, done.stdout) == wanted, f"{done.returncode} {done.stdout}")


def check_growth(world):
    """Programs and libraries of two releases, in all four pairs: an open variant has another case in the later one."""
    for own in ("known", "grown"):
        world.make_header(["report"], own)
        for release in ("known", "grown"):
            done = world.link("reports", release, *world.flags(own), source="reports.c")
            expect(f"{world.target}: {own} is linked with {release}", done.returncode == 0, done.stderr)
            done = world.start("reports", *world.flags(release), release=release)
            expect(f"{world.target}: {own} runs with {release}", done.returncode == 0,
                   f"{done.returncode} {done.stderr}")


def check_inspection(world):
    """What abide inspect shows of them, and says about interface files."""
    for release in RELEASES:
        library = world.path(f"{release}/libchat.so")
        shown = must(ABIDE, "inspect", library)
        expect(f"{world.target}: {release} is shown",
               "chat_send" in shown and "package chat" in shown and "open type status" in shown, shown)
        expect(f"{world.target}: {release} has both aliases",
               all(line.split()[3:] == ["2", "-"] for line in shown.split("\n") if "  chat_" in line), shown)
        done = run(ABIDE, "inspect", library, "--against", world.interface("known"), *world.system)
        expect(f"{world.target}: {release} against the known one",
               done.returncode == (1 if release == "broken" else 0) and
               ("'send'" in done.stderr) == (release == "broken"), done.stderr)
    shown = must(ABIDE, "inspect", world.path("sends-known"))
    expect(f"{world.target}: what a program needs", "needs" in shown and "chat_send" in shown, shown)


def check_thunks(world):
    """Thunks that call by aliases, and have some."""
    adapt = [ABIDE, "thunk", "--caller", "c", "--callee", "system", "--prefix", "my_", "--target",
             world.target, "--call-aliases", "--provide-aliases"]
    done = run(*adapt, world.interface("known"), "-o", world.path("thunks.o"))
    if "not-built-in" in done.stderr:
        print(f"{world.target}: no machine code without LLVM")
        return
    expect(f"{world.target}: thunks are made", done.returncode == 0, done.stderr)
    shown = must(ABIDE, "inspect", world.path("thunks.o"))
    expect(f"{world.target}: thunks offer and need",
           all(text in shown for text in ("abide_desc_my_chat", "my_send", "needs", "chat_send")),
           shown)
    for release in RELEASES:
        done = run(*world.compiler, "-shared", world.path("thunks.o"), "-L", world.path(release),
                   "-lchat", "-Wl,-z,defs", "-o", world.path("thunks.so"))
        expect(f"{world.target}: thunks with {release}",
               (done.returncode != 0 and "chat_send__s1_" in done.stderr)
               if release == "broken" else done.returncode == 0, done.stderr)


def check_languages(world):
    """Libraries that are not written in C, as the specification says they are linked."""
    extras = [world.path("known-desc.o"), world.path("known-aliases.ld")]
    must(*world.compiler, "-c", "-fPIC", world.path("known-desc.c"), "-o", extras[0])
    made = {}
    for name in ("rust", "nim"):
        os.mkdir(world.path(name))
        made[name] = world.path(f"{name}/libchat.so")
    must("rustc", "--crate-type", "staticlib", "-o", world.path("libinside.a"),
         write(world.path("inside.rs"), RUST))
    must(*world.compiler, "-shared", "-Wl,--whole-archive", world.path("libinside.a"),
         "-Wl,--no-whole-archive", *extras, "-o", made["rust"])
    must("nim", "c", "--app:lib", "--hints:off", "--warnings:off", f"--nimcache:{world.path('nimcache')}",
         *(f"--passL:{extra}" for extra in extras), f"-o:{made['nim']}",
         write(world.path("inside.nim"), NIM))
    world.make_header(["send", "close"])
    for name, library in made.items():
        done = world.link(f"sends-{name}", name, "-DSENDS")
        expect(f"{name}: it is linked", done.returncode == 0, done.stderr)
        done = world.start(f"sends-{name}", release=name)
        expect(f"{name}: it runs", done.returncode == 0, f"{done.returncode} {done.stderr}")
        done = run(ABIDE, "inspect", library, "--against", world.interface("known"), *world.system)
        expect(f"{name}: it fits", done.returncode == 0, done.stderr)


def check_dll():
    """A program for Windows, linked with import libraries and started under wine."""
    compiler, target = ["x86_64-w64-mingw32-gcc"], "x86_64-windows-gnu"
    with tempfile.TemporaryDirectory() as folder:
        world = World(target, compiler, ["wine"], folder)
        for release, text in RELEASES.items():
            interface = write(world.interface(release), text)
            for form, name in (("c", "desc.c"), ("def", "lib.def")):
                must(ABIDE, "fingerprint", interface, *world.system, "--emit", form, "-o",
                     world.path(f"{release}-{name}"))
            os.mkdir(world.path(release))
            must(*compiler, "-shared", *world.flags(release), world.path("library.c"), world.path(f"{release}-desc.c"),
                 world.path(f"{release}-lib.def"), "-o", world.path(f"{release}/chat.dll"),
                 f"-Wl,--out-implib,{world.path(f'{release}/libchat.dll.a')}")
        world.make_header(["send", "close"])
        for release in RELEASES:
            done = run(*compiler, "-DSENDS", world.path("program.c"), "-L", world.path(release),
                       "-lchat", "-o", world.path(f"{release}/sends.exe"))
            if release == "broken":
                expect("dll: the linker refuses it and names it",
                       done.returncode != 0 and "chat_send__s1_" in done.stderr, done.stderr)
                continue
            expect(f"dll: {release} is linked", done.returncode == 0, done.stderr)
            done = run("wine", world.path(f"{release}/sends.exe"), environment={"WINEDEBUG": "-all"})
            expect(f"dll: it runs with {release}", done.returncode == 0,
                   f"{done.returncode} {done.stderr}")


def main():
    check_dll()
    for target, compiler, emulator in TARGETS:
        missing = [word for word in (compiler[0], *emulator[:1]) if not shutil.which(word)]
        if missing:
            expect(f"{target}: {missing[0]} is installed (tools/packages.sh)", False)
            continue
        with tempfile.TemporaryDirectory() as folder:
            world = World(target, compiler, emulator, folder)
            for release in RELEASES:
                world.make_library(release)
            check_links(world)
            check_opens(world)
            check_growth(world)
            check_inspection(world)
            check_thunks(world)
            if [target, *compiler] == ["x86_64-linux-gnu", "gcc"]:
                check_languages(world)
    print(f"{len(TARGETS) + 1} targets, {len(FAILURES)} failures")
    sys.exit(1 if FAILURES else 0)


main()
