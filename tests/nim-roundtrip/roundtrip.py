#!/usr/bin/env python3
"""Generates an interface, builds both sides and the thunks between them, and lets them call each other.

    roundtrip.py --seed N [--count 80] [--arch x86_64|aarch64] [--gc refc,orc] [--build debug,release]
                 [--cc gcc,clang-19] [--opt O0,O2] [--emit obj,c] [--threads] [--direct]

Each option but the first three may be a list: all combinations run. --threads: also thunks with hooks, called from
threads that Nim did not start. --direct: no thunks, to see that the test notices; it succeeds if every run fails.
"""
import argparse
import glob
import os
import shutil
import subprocess
import sys

HERE = os.path.dirname(os.path.abspath(__file__))
ABIDE = os.environ.setdefault("ABIDE", "abide")
os.environ.setdefault("ABIDE_SOURCE_DIR", os.path.dirname(os.path.dirname(HERE)))
sys.path.insert(0, os.path.join(os.path.dirname(HERE), "languages"))
import cdecl  # noqa: E402 (the folder of the tests that read what Nim emits)
import nimc  # noqa: E402
# `nim -d:release` means -O3 -fno-strict-aliasing; this keeps to what C is compiled with.
BUILDS = {"debug": [], "release": ["-d:release", "--opt:none", "--passC:-O2 -fno-strict-aliasing"]}
CROSS = "aarch64-linux-gnu-gcc"
ARCHES = {
    "x86_64": ("x86_64-linux-gnu", [], []),
    "aarch64": ("aarch64-linux-gnu", ["qemu-aarch64", "-L", "/usr/aarch64-linux-gnu"],
                ["--cpu:arm64", "--os:linux", f"--arm64.linux.gcc.exe:{CROSS}",
                 f"--arm64.linux.gcc.linkerexe:{CROSS}"]),
}


def arguments():
    parser = argparse.ArgumentParser()
    parser.add_argument("--seed", required=True)
    parser.add_argument("--count", default="80")
    parser.add_argument("--arch", default="x86_64", choices=ARCHES)
    for name, default in (("gc", "refc,orc"), ("build", "debug,release"), ("cc", "gcc,clang-19"),
                          ("opt", "O0,O2"), ("emit", "obj,c")):
        parser.add_argument(f"--{name}", default=default, type=lambda text: text.split(","))
    parser.add_argument("--threads", action="store_true")
    parser.add_argument("--direct", action="store_true")
    return parser.parse_args()


def run(command):
    """What a command printed; if it fails, that is said and the test ends."""
    done = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
                          errors="replace", check=False)
    if done.returncode:
        sys.exit(f"failed ({done.returncode}): {' '.join(command)}\n{done.stdout[:20000]}")
    return done.stdout


def compiler(options, cc):
    if options.arch == "x86_64":
        return cc.split()
    return [CROSS] if cc.endswith("gcc") else [*cc.split(), "--target=aarch64-linux-gnu"]


def make_thunks(options, gc, emit, module=None, stem=""):
    """Object files with the thunks t_*, nim_* and h_*."""
    nim, target = module or f"nim-cgen:gc={gc}", ARCHES[options.arch][0]
    wanted = [("to_nim", "c", nim, "t_"), ("to_c", nim, "c", "nim_")]
    if options.threads:
        wanted.append(("hooked", "c", nim, "h_"))
    objects = []
    for file, caller, callee, prefix in wanted:
        base = f"{stem}{file}-{gc}-{emit}"
        output = f"{base}.o" if emit == "obj" else f"{base}.c"
        run([ABIDE, "thunk", f"{file}.abi.yaml", "--target", target, "--caller", caller, "--callee",
             callee, "--prefix", prefix, "--emit", emit, "-o", output])
        if emit == "c":
            run([*compiler(options, "gcc"), "-O2", "-c", output, "-o", f"{base}.o"])
        objects.append(f"{base}.o")
    return objects


def direct_links(options):
    """In place of thunks: the names that callers use are those of the implementations."""
    side = f"side-{options.arch}-{options.cc[0]}-{options.opt[0]}-{options.gc[0]}.o"
    symbols = [line.split()[-2:] for line in run(["nm", side]).splitlines()]
    to_nim = [f"-Wl,--defsym={name}=n_{name[2:]}" for kind, name in symbols
              if kind == "U" and name.startswith("t_") and not name.startswith("t_call_")]
    to_nim += [f"-Wl,--defsym={name}=0" for kind, name in symbols if name.startswith("t_call_")]
    return to_nim + [f"-Wl,--defsym=nim_{name}={name}" for kind, name in symbols
                     if kind == "T" and name.startswith("p")]


def compile_nim(options, gc, build):
    cache = f"cache-{options.arch}-{gc}-{build}"
    shutil.rmtree(cache, ignore_errors=True)
    threads = ["--threads:on"] if options.threads else []
    run(["nim", "c", "--app:staticlib", "--noMain", "--noLinking", "--skipUserCfg",
         "--skipParentCfg", "--hints:off", "--warnings:off", f"--mm:{gc}", *BUILDS[build], *threads,
         *ARCHES[options.arch][2], f"--nimcache:{cache}", "side.nim"])
    return sorted(glob.glob(f"{cache}/*.o"))


def compile_c(options, gc, cc, opt):
    defines = ["-DNIM_V2"] if gc != "refc" else []
    defines += ["-DRT_THREADS"] if options.threads else []
    objects = []
    for file in ("side", "rt"):
        objects.append(f"{file}-{options.arch}-{cc}-{opt}-{gc}.o")
        run([*compiler(options, cc), f"-{opt}", "-g", "-Wall", "-Wno-unused-function", *defines, "-c",
             f"{file}.c", "-o", objects[-1]])
    return objects


def compare_prototypes(options, gc, cache):
    """What Nim declares for the procs, both those it has and those it imports, against `abide call`."""
    with open(os.path.join(cache, "@mside.nim.c"), encoding="utf-8") as file:
        emitted = nimc.prototypes(file.read(), cdecl.parse)
    compared = wrong = 0
    for file, prefix in (("to_nim", ""), ("to_c", "nim_")):
        answers = nimc.call(f"{file}.abi.yaml", f"nim-cgen:gc={gc}", "--target",
                            ARCHES[options.arch][0])
        for answer in answers.values():
            name = prefix + answer["symbol"]
            if answer["name"].startswith("call_"):  # invokes a closure: there is no such proc
                continue
            compared += 1
            got = cdecl.parse(answer["prototype"], nimc.NAMES)[1]
            want = emitted.get(name, ("", "nothing"))[1]
            if got != want:
                wrong += 1
                print(f"{name}\n  Nim   {want}\n  abide {got}")
    print(f"{compared} prototypes compared, {wrong} differ [{options.arch} {gc}]", flush=True)
    return wrong == 0 and compared > 0


def link(options, objects, output):
    run([*compiler(options, "gcc"), *objects, "-o", output, "-pthread", "-lm", "-ldl"])


def execute(options, objects, what):
    link(options, objects, "roundtrip")
    done = subprocess.run([*ARCHES[options.arch][1], "./roundtrip"], stdout=subprocess.PIPE,
                          stderr=subprocess.STDOUT, text=True, errors="replace", timeout=300,
                          check=False)
    lines = done.stdout.splitlines() or ["nothing printed"]
    print("\n".join(lines if done.returncode else lines[-1:]), f"[{what}]", flush=True)
    if done.returncode:
        print(f"status {done.returncode}")
    return done.returncode == 0


def combinations(options):
    for gc in options.gc:
        thunks = {emit: make_thunks(options, gc, emit) for emit in options.emit
                  if not options.direct}
        sides = {(cc, opt): compile_c(options, gc, cc, opt) for cc in options.cc
                 for opt in options.opt}
        if options.direct:
            thunks = {"direct": direct_links(options)}
        for build in options.build:
            nim = compile_nim(options, gc, build)
            if build == options.build[0] and not options.direct:
                yield compare_prototypes(options, gc, f"cache-{options.arch}-{gc}-{build}")
            for (cc, opt), side in sides.items():
                for emit, objects in thunks.items():
                    what = f"{options.arch} {gc} {build}, {cc} -{opt}, {emit}"
                    yield execute(options, [*side, *objects, *nim], what)


def generate(options):
    print(run([sys.executable, "-B", os.path.join(HERE, "generate.py"), options.seed,
               options.count]).strip(), flush=True)
    for file in ("rt.h", "rt.c", "rt.nim"):
        shutil.copy(os.path.join(HERE, file), ".")


def main():
    options = arguments()
    generate(options)
    outcomes = list(combinations(options))
    if options.direct:
        print(f"{outcomes.count(False)} of {len(outcomes)} runs without thunks fail")
        sys.exit(0 if outcomes and not any(outcomes) else 1)
    print(f"{len(outcomes)} checks, {outcomes.count(False)} failed")
    sys.exit(0 if outcomes and all(outcomes) else 1)


if __name__ == "__main__":
    main()
