#!/usr/bin/env python3
"""packed.py TARGET SEED COUNT CALLEE COMPILER COMPILER [EMULATOR...]: invokers, closures and handlers of random functions.

The functions are those of random_signatures.py. An invoker calls each with its arguments in a vector. A closure that finds a
record in the chain register calls it with an environment besides; another finds the record in a parameter. Handlers of
both kinds compare what they are given the addresses of. CALLEE is C's module, or a variant of it for invokers alone.
"""
import os
import random
import sys

from random_signatures import (GUARDS, HEADER, NAMES, NEVER, SUPPORT, Function, Language, Machine, Record, Value, promised,
                               run, write)

# In front of a thunk: the address of its record goes to the chain register.
ENTRIES = {"x86_64": "leaq {record}(%rip), %r10\njmp {thunk}",
           "aarch64": "adrp x18, {record}\nadd x18, x18, :lo12:{record}\nb {thunk}",
           "riscv64": "la t2, {record}\ntail {thunk}"}
TYPES = """
typedef void code(void);
typedef struct { code *code; void *env; } closure_record;
"""
MARK = "((void *)&environment)"
C = Language("c", "", NEVER, NEVER, NEVER, None, "parts")


class Data(Value):
    """A parameter of user data: the caller passes a record, the callee gets its environment."""

    def __init__(self, record):
        self.name, self.kind = "data", "pointer"
        self.is_record = self.is_slice = False
        self.values = [f"(void *)&{record}"]

    def interface(self):
        return "ptr<void>"

    def type(self):
        return "void *"

    def differs(self, expression):
        return f"{expression} != {MARK}"


class Closure(Function):
    """Random parameters; with a place for user data, or with an environment behind them."""

    def __init__(self, index, records, rng, has_data):
        super().__init__(index, records, rng)
        self.has_data = has_data
        if has_data:
            self.name = f"data{index}"
            self.params.insert(rng.randrange(len(self.params) + 1), Data(f"record_{self.name}"))

    def with_env(self, language):
        plain = self.callee(language)
        if self.has_data:
            return plain.replace(f" {self.name}(", f" typed_{self.name}(", 1)
        head, body = plain.split(")\n{", 1)
        head = head.replace(f" {self.name}(", f" typed_{self.name}(", 1)
        head = head.replace("(void", "(", 1) if head.endswith("(void") else head + ", "
        check = f'    if (env != {MARK}) wrong("{self.name}: environment");'
        return f"{head}void *env)\n{{\n{check}{body}"

    def handler(self):
        lines = [f'if (user != {MARK}) wrong("{self.name}: user");']
        for i, p in enumerate(self.params):
            place = f"(*({p.type()} *)args[{i}])"
            lines.append(f'if ({p.differs(place)}) wrong("{self.name}: handled argument {i}");')
        if self.result:
            lines.append(f"*({self.result.type()} *)ret = {self.result.literal()};")
        body = "\n    ".join(lines)
        return (f"void handle_{self.name}(void *ret, void *const *args, void *user)\n{{\n    (void)ret;\n"
                f"    (void)args;\n    {body}\n}}\n")

    def invocation(self):
        lines, checks = [], []
        for i, p in enumerate(self.params):
            lines.append(f"{p.type()} {p.name} = {p.literal()};")
            checks.append(f'if ({Value.differs(p, p.name)}) wrong("{self.name}: {i} was changed");')
        args = ", ".join(f"&{p.name}" for p in self.params) or "0"
        lines.append(f"void *args[] = {{{args}}};")
        result = "0"
        if self.result:
            lines.append(f"{self.result.type()} guarded[3];\n    memset(guarded, 0x5a, sizeof guarded);")
            result = "&guarded[1]"
            checks.append(f'if ({self.result.differs("guarded[1]")}) wrong("{self.name}: invoked result");')
            checks.append(f'check_guards(guarded, sizeof guarded[0], "{self.name}: wrote beside its result");')
        lines.append(f"call_{self.name}((code *){self.name}, args, {result});")
        body = "\n    ".join(lines + checks)
        return (f"void call_{self.name}(code *, void *const *, void *);\nextern code {self.name};\n"
                f"static void invoke_{self.name}(void)\n{{\n    {body}\n}}\n")

    def records(self):
        return (f"extern code typed_{self.name}, handle_{self.name};\n"
                f"closure_record record_{self.name} = {{typed_{self.name}, {MARK}}};\n"
                f"static void handle_next_{self.name}(void)\n{{\n    record_{self.name}.code = handle_{self.name};\n}}\n")


def interface_of(records, functions):
    return ("abide: 1\npackage: packed\ntypes:\n" + NAMES + "".join(r.interface() for r in records) +
            "functions:\n" + "".join(f.interface() for f in functions))


def thunks(target, stem, kind, callee, functions, more=(), emit="obj"):
    output = f"{stem}-{kind}{'-data' if more else ''}.{'o' if emit == 'obj' else 'c'}"
    names = [f.name for f in functions]
    run([os.environ["ABIDE"], "thunk", f"{stem}.abi.yaml", *names, "--kind", kind, "--caller", "c", "--callee", callee,
         "--target", target, "--emit", emit, *more, "-o", output])
    return output


def entry(arch, record, thunk, name):
    text = ENTRIES[arch].format(record=record, thunk=thunk)
    return f".globl {name}\n.type {name}, %function\n{name}:\n{text}\n"


def compile_c(compiler, path, *options):
    output = path[:-2] + "-c.o"
    run(compiler.split() + ["-w", *options, "-c", path, "-o", output])
    return output


def program(target, stem, compilers, parts, calls, functions, types):
    """Runs the calls in a program that is linked of parts."""
    body = "".join(f"    {call}();\n" for call in calls)
    write(f"{stem}-main.c", f"{types}{''.join(parts)}int main(void)\n{{\n    (void)unused;\n{body}    return wrongs != 0;\n}}\n")
    return compile_c(compilers[0], f"{stem}-main.c", "-O0")


def invoke(target, compilers, emulator, callee, records, functions, types):
    stem = f"invoke-{target}"
    write(f"{stem}.abi.yaml", interface_of(records, functions))
    language = Language("c", "", NEVER, NEVER, NEVER, None, "parts", ATTRIBUTES.get(callee, ""))
    environment = "extern char environment;\n"
    write(f"{stem}-callee.c", types + environment + "".join(f.callee(language) for f in functions))
    main = program(target, stem, compilers, [TYPES, GUARDS, *[f.invocation() for f in functions]],
                   [f"invoke_{f.name}" for f in functions], functions, types)
    write("support.c", SUPPORT + "char environment;\n")
    for emit in ("obj", "c") if callee == "c" else ("obj",):
        made = thunks(target, stem, "invoker", callee, functions, emit=emit)
        if emit == "c":
            made = compile_c(compilers[1], made, "-O2")
        for side in compilers:
            copiers = [compilers[1]] if emit == "c" else []
            callees = compile_c(side, f"{stem}-callee.c", "-O2", *promised(target, copiers))
            run(compilers[0].split() + ["-static", "-w", main, callees, "support.c", made, "-o", stem])
            run(emulator + [f"./{stem}"])


def close(target, compilers, emulator, records, functions, types):
    """Each closure is called with its typed function, then with its handler."""
    arch = target.partition("-")[0]
    stem = f"close-{target}"
    write(f"{stem}.abi.yaml", interface_of(records, functions))
    chained = [f for f in functions if not f.has_data] if arch in ENTRIES else []
    data = [f for f in functions if f.has_data]
    environment = "extern char environment;\n"
    write(f"{stem}-callee.c", types + environment + "".join(f.with_env(C) + f.handler() for f in chained + data))
    made, by_c = [], []
    for kind in ("closure", "handler"):
        if chained:
            made.append(thunks(target, stem, kind, "c", chained))
            by_c.append(made[-1])
        made.append(thunks(target, stem, kind, "c", data, ["--data", "data"]))
        by_c.append(compile_c(compilers[1], thunks(target, stem, kind, "c", data, ["--data", "data"], "c"), "-O2"))
    entries, parts, calls = "", [TYPES, environment, GUARDS], []
    for f in chained + data:
        parts.append(f.records())
        for kind in ("closure", "handler"):
            thunk, name = f"{kind}_{f.name}", f"enter_{kind}_{f.name}"
            if not f.has_data:
                entries += entry(arch, f"record_{f.name}", thunk, name)
            test = f.caller(Language("c", f"{name if not f.has_data else thunk}@", NEVER, NEVER, NEVER, None, "parts"))
            test = test.replace(f"@{f.name}", "").replace(f"test_{f.name}", f"test_{kind}_{f.name}")
            parts.append(test.replace(f"data != {MARK}", "data == 0"))
        calls += [f"test_closure_{f.name}", f"handle_next_{f.name}", f"test_handler_{f.name}"]
    write(f"{stem}-entries.s", ".text\n" + entries + '.section .note.GNU-stack,"",%progbits\n')
    main = program(target, stem, compilers, parts, calls, functions, types)
    write("support.c", SUPPORT + "char environment;\n")
    for side, objects in ((side, objects) for side in compilers for objects in (made, by_c)):
        copiers = compilers if objects is by_c else compilers[:1]
        callees = compile_c(side, f"{stem}-callee.c", "-O2", *promised(target, copiers))
        run(compilers[0].split() + ["-static", "-w", main, callees, "support.c", f"{stem}-entries.s", *objects, "-o", stem])
        run(emulator + [f"./{stem}"])


ATTRIBUTES = {"c/ms_abi": "__attribute__((ms_abi)) ", "ms-x64-on-sysv": "__attribute__((ms_abi)) ",
              "c/fastcall": "__attribute__((fastcall)) ", "c/regparm": "__attribute__((regparm(3))) "}


def main():
    target, seed, count, callee = sys.argv[1], int(sys.argv[2]), int(sys.argv[3]), sys.argv[4]
    compilers, emulator = sys.argv[5:7], sys.argv[7:]
    Machine.set(target.partition("-")[0], "" if callee == "c" else "variants")
    rng = random.Random(f"{seed}-{target}-{callee}")
    records = [Record(f"r{i}", rng) for i in range(12)]
    functions = [Closure(i, records, rng, False) for i in range(count)]
    types = HEADER + "".join(record.c() for record in records)
    print(f"{target}: seed {seed}, {count} functions")
    invoke(target, compilers, emulator, callee, records, functions, types)
    print("invokers: right")
    if callee == "c":
        functions += [Closure(i, records, rng, True) for i in range(count)]
        close(target, compilers, emulator, records, functions, types)
        print("closures and handlers: right")


if __name__ == "__main__":
    main()
