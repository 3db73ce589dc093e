#!/usr/bin/env python3
"""callbacks.py TARGET FORMS SEED COUNT COMPILER [EMULATOR...]: failures of functions that are called back, from every way to every other.

C gives C a closure for each of the functions of matrix.py, through the system ABI: one adapter makes a result of what the closure tells, the
next tells the library in another way. Closures are given away, and lent for a call; what matrix.py expects of calls of functions is
expected of these. What a way cannot tell must be refused.
"""
import subprocess
import sys

from matrix import (ABIDE, COMPILER, COUNT, EMULATOR, FORMS, LINK, SANITIZE, TARGET, TYPES, VALUES, WAYS, Function, Program, c_type,
                    prototype, run)


def closure(function, way, suffix):
    out = f", {VALUES[function.value][0]} *result" if WAYS[way].out and function.value != "unit" else ""
    return f"typedef {c_type(way, function.value)} {suffix}_{function.name}(int n{out}, void *env);\n"


def entry(function, way, side, symbol):
    name = function.name
    types = (f"  cb-{name}: {{closure: \"(n c_int) -> result<{function.value}; {function.error}>\", "
             f"errors: {function.rule(way, side)}}}\n").replace(";", ",").replace(f"result<{function.value}, ", f"result<{function.value}; ")
    functions = f"  {name}: {{sig: \"(f own cb-{name})\", symbol: {symbol}{name}}}\n"
    functions += f"  lend-{name}: {{sig: \"(f cb-{name})\", symbol: {symbol}lend_{name}}}\n"
    return types, functions


def write(path, functions, way_of, side, symbol):
    parts = [entry(f, way_of(f), side, symbol) for f in functions]
    with open(path, "w", encoding="utf-8") as file:
        file.write("abide: 1\npackage: errors\n" + TYPES + "".join(p[0] for p in parts) + "functions:\n" + "".join(p[1] for p in parts))


def interfaces(functions, tag):
    """outer: the program's closures, as the program tells failures; inner: the same, as the library is told."""
    write(f"callbacks-outer{tag}.abi.yaml", functions, lambda f: f.callee, "callee", "mid_")
    write(f"callbacks-inner{tag}.abi.yaml", functions, lambda f: f.caller, "caller", "lib_")


def glue(function):
    """The closure, which calls what matrix.py provides; the library, which calls the closure where matrix.py calls a function."""
    name, value = function.name, function.value
    has_out = [WAYS[way].out and value != "unit" for way in (function.callee, function.caller)]
    out = [f", {VALUES[value][0]} *result" if has else "" for has in has_out]
    return (closure(function, function.callee, "given") + closure(function, function.caller, "got") +
            f"static {c_type(function.callee, value)} given_code_{name}(int n{out[0]}, void *env)\n"
            f"{{\n    if (env != &alive)\n        abort();\n    return impl_{name}(n{', result' if has_out[0] else ''});\n}}\n"
            f"typedef struct {{ got_{name} *code; void *env; void (*drop)(void *env); }} got_own_{name};\n"
            f"typedef struct {{ given_{name} *code; void *env; void (*drop)(void *env); }} given_own_{name};\n"
            f"typedef struct {{ got_{name} *code; void *env; }} got_lent_{name};\n"
            f"typedef struct {{ given_{name} *code; void *env; }} given_lent_{name};\n"
            f"static got_own_{name} kept_{name};\n"
            f"void lib_{name}(got_own_{name} f);\nvoid lib_{name}(got_own_{name} f) {{ kept_{name} = f; }}\n"
            f"void lib_lend_{name}(got_lent_{name} f);\n"
            f"void lib_lend_{name}(got_lent_{name} f)\n{{\n    got_own_{name} before = kept_{name};\n"
            f"    kept_{name} = (got_own_{name}){{f.code, f.env, NULL}};\n    cases_{name}();\n    kept_{name} = before;\n}}\n"
            f"void t_{name}(given_own_{name} f);\nvoid t_lend_{name}(given_lent_{name} f);\n"
            f"{prototype(function.caller, value, f'c_{name}')}\n{{\n"
            f"    return kept_{name}.code(n{', result' if has_out[1] else ''}, kept_{name}.env);\n}}\n")


class Callbacks(Program):
    """Of each function first the cases of a closure that was given away, then those of one that is lent."""

    def __init__(self):
        super().__init__()
        self.of_function = {}

    def function(self, function, direct=False):
        first = self.case
        super().function(function, direct)
        self.of_function[function.name] = range(first, self.case)

    def text_of(self, functions):
        head, rest = self.text().split("\nint main(void)\n", 1)
        declarations = "".join(f"static void cases_{f.name}(void);\n" for f in functions)
        cases = "".join(f"static void cases_{f.name}(void)\n{{\n" + "".join(f"    case_{i + 1}();\n" for i in self.of_function[f.name]) + "}\n"
                        for f in functions)
        run_all = "".join(f"    t_{f.name}((given_own_{f.name}){{given_code_{f.name}, &alive, end}});\n    alive++;\n"
                          f"    cases_{f.name}();\n    kept_{f.name}.drop(kept_{f.name}.env);\n"
                          f"    t_lend_{f.name}((given_lent_{f.name}){{given_code_{f.name}, &alive}});\n" for f in functions)
        del rest
        return (head + "\nstatic int alive;\nstatic void end(void *env) { alive -= env == &alive; }\n" + declarations +
                "".join(glue(f) for f in functions) + cases + "\nint main(void)\n{\n" + run_all +
                "    check(alive == 0, \"closures that are left\", alive);\n"
                "    printf(\"%d checks, %d failures\\n\", checks, failures);\n    return failures > 0;\n}\n")


def check_refused(function):
    interfaces([function], "-refused")
    text = ""
    for path, caller, callee in (("outer", "c", "system"), ("inner", "system", "c")):
        done = subprocess.run([ABIDE, "plan", f"callbacks-{path}-refused.abi.yaml", "--caller", caller, "--callee", callee, "--target",
                               TARGET], capture_output=True, text=True, check=False)
        text += done.stderr if done.returncode else ""
        if done.returncode < 0 or "Sanitizer" in done.stderr:
            sys.exit(done.stderr)
    if "[cannot-tell-error]" not in text or "help:" not in text:
        sys.exit(f"not refused as it should be: {function.value}, {function.error}, {function.callee} -> {function.caller}\n{text}")


def main():
    functions = [Function(i) for i in range(COUNT)]
    refused = [function for function in functions if not function.is_told()]
    functions = [function for function in functions if function.is_told()]
    for function in refused:
        check_refused(function)
    interfaces(functions, "")
    program = Callbacks()
    for function in functions:
        program.function(function)
    with open("callbacks.c", "w", encoding="utf-8") as file:
        file.write(program.text_of(functions))
    for form in FORMS:
        files = []
        for path, caller, callee, prefix in (("outer", "c", "system", "t_"), ("inner", "system", "c", "mid_")):
            files.append(f"callbacks-{prefix}thunks.{form}")
            run(ABIDE, "thunk", f"callbacks-{path}.abi.yaml", "--caller", caller, "--callee", callee, "--target", TARGET, "--prefix", prefix,
                "-o", files[-1])
        run(*COMPILER, "-O1", "-g", *SANITIZE, *LINK, "-Wall", "-Wno-type-limits", "-Wno-unused-function", "callbacks.c", *files, "-o",
            "callbacks")
        print(f"{TARGET} {form}: {len(functions)} closures, {len(refused)} refused, {run(*EMULATOR, './callbacks').strip()}")


main()
