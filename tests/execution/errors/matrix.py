#!/usr/bin/env python3
"""matrix.py TARGET FORMS SEED COUNT COMPILER [EMULATOR...]: failures from every way of telling them to every other.

C calls C: COUNT functions of random kinds of values and errors, whose callers are told of failures in one way and whose callees
tell them in another, through one adapter, and through two with the system ABI between them. What a way cannot tell must be
refused when the adapter is made, and what turns out only then must trap; everything else must arrive.
"""
import os
import random
import subprocess
import sys

TARGET, FORMS, SEED, COUNT = sys.argv[1], sys.argv[2].split(), int(sys.argv[3]), int(sys.argv[4])
COMPILER, EMULATOR = sys.argv[5].split(), sys.argv[6:]
ABIDE = os.path.join(os.environ["ABIDE_BUILD_DIR"], "bin/abide")
SANITIZE = [] if EMULATOR or "-m32" in COMPILER else ["-fsanitize=address,undefined", "-fno-sanitize-recover=all"]
LINK = ["-static"] if EMULATOR else []
RANDOM = random.Random(SEED)
WORD_BITS = 32 if TARGET.split("-")[0] in ("i386", "arm") else 64
INT_MIN, INT_MAX = -2**31, 2**31 - 1

# --- values: interface type, C type, C texts of values with their number (None: not to be compared) ------------------------------
VALUES = {
    "i32": ("int32_t", 32, True), "u32": ("uint32_t", 32, False), "i64": ("int64_t", 64, True),
    "u8": ("uint8_t", 8, False), "size": ("size_t", WORD_BITS, False), "own thing": ("thing *", WORD_BITS, False),
    "f64": ("double", 0, True), "point": ("point", 0, True), "own string": ("text", 0, True), "unit": (None, 0, True),
}
NUMBERS = {"i32": [0, 1, -1, 7, -4095, -4096, INT_MAX, INT_MIN], "u32": [0, 1, 5, 2**31, 2**32 - 1, 2**32 - 4095],
           "i64": [0, 1, -1, -5000, 2**40, -2**63], "u8": [0, 1, 255], "size": [0, 1, 2**31 - 1, 2**(WORD_BITS - 1)],
           "own thing": [0, 4096, 2**20]}
OTHERS = {"f64": ["0.0", "-1.5"], "point": ["((point){1, 2})", "((point){-1, 0})"], "own string": ['TEXT("")', 'TEXT("a value")'],
          "unit": [""]}
SAME = {"f64": "{0} == {1}", "point": "{0}.x == {1}.x && {0}.y == {1}.y", "own string": "same_text({0}, {1})"}

# --- errors: interface type; which numbers they can be; whether they are a text ---------------------------------------------------
TYPES = """types:
  thing: {resource: thing_drop}
  point: {struct: {x: f64, y: i64}}
  closed: {enum: {not-found: 2, denied: 13, again: 11}}
  signed: {enum: {bad: -2147467259, refused: -5, odd: 7}}
  open-code: {enum: {first: 1, second: 2}, base: i32, open: true}
  code: newtype i32
  bare: {variant: {not-found: {tag: 2}, denied: {tag: 13}}}
  rest: {variant: {eof: {tag: 5}, os: {type: i32, tag: 100}, not-found: {tag: 2}}}
  short-rest: {variant: {other: u16, again: {tag: 11}}}
  wrapped: {struct: {code: i16}}
  deep: {struct: {code: closed}}
  caps: {flags: [a, b, c], base: u8}
  two: {struct: {code: i32, more: i32}}
  heavy: {variant: {lost: , why: own string}}
"""
ERRORS = {
    "i32": lambda n: INT_MIN <= n <= INT_MAX, "u32": lambda n: 0 <= n < 2**32, "u8": lambda n: 0 <= n < 256, "i8": lambda n: -128 <= n < 128,
    "i64": lambda n: -2**63 <= n < 2**63, "closed": lambda n: n in (2, 13, 11), "signed": lambda n: n in (-2147467259, -5, 7),
    "open-code": lambda n: INT_MIN <= n <= INT_MAX, "code": lambda n: INT_MIN <= n <= INT_MAX, "bare": lambda n: n in (2, 13),
    "rest": lambda n: INT_MIN <= n <= INT_MAX, "short-rest": lambda n: 0 <= n < 65536, "wrapped": lambda n: -2**15 <= n < 2**15,
    "deep": lambda n: n in (2, 13, 11), "caps": lambda n: 0 <= n < 256,
    "own string": None, "f64": None, "two": None, "heavy": None, "option<i32>": None, "tuple<i32; i32>": None,
}
CODES = [0, 1, 2, 5, 7, 11, 13, 100, 255, 256, 4095, 4096, 65535, 65536, -1, -5, -128, -129, -4096, -2147467259, INT_MAX, INT_MIN]

# --- ways ------------------------------------------------------------------------------------------------------------------------


class Way:
    def __init__(self, rule, out, failed, source, own=False):
        self.rule, self.out, self.failed, self.source, self.own = rule, out, failed, source, own

    def is_failure(self, number):
        return self.failed(number)


def negative(number):
    return number < 0


WAYS = {
    "errno": Way("errno", False, lambda n: n == -1, "errno"),
    "null": Way("null+errno", False, lambda n: n == 0, "errno"),
    "negated": Way("negative-errno", False, negative, "negated"),
    "few": Way("{failed: -4095..-1; else: negated}", False, lambda n: -4095 <= n <= -1, "negated"),
    "either": Way("{failed: negative; else: result}", False, negative, "result"),
    "status": Way("status+out", True, lambda n: n != 0, "result"),
    "status-errno": Way("status+errno", True, lambda n: n != 0, "errno"),
    "hresult": Way("hresult", True, negative, "result"),
    "one": Way("{ok: 1; else: errno; returns: 0}", True, lambda n: n != 1, "errno"),
    "last": Way("{last-error: SIDE_last; set: SIDE_set}", True, lambda n: n != 0, "call"),
    "text": Way("{ok: 0; else: {text: SIDE_text}; set: SIDE_set_text}", True, lambda n: n != 0, "text"),
}
FINE = {"one": 1, "null": 1}
FAILED = {"errno": -1, "null": 0, "status-errno": -1, "one": 0, "last": -1, "text": 1}


def signed(number, bits):
    """What a result of so many bits is as a number with a sign."""
    number &= 2**bits - 1
    return number - 2**bits if number >> (bits - 1) else number


def result_bits(way, value):
    return 32 if WAYS[way].out or value == "unit" else VALUES[value][1]


def can_tell_values(way, value):
    """Whether there is a C function like that."""
    if WAYS[way].out or value == "unit":
        return True
    if VALUES[value][1] == 0 or VALUES[value][1] > WORD_BITS:
        return False
    return not (value == "own thing" and way in ("negated", "either"))


def can_tell_errors(way, error):
    is_text = error == "own string"
    return ERRORS[error] is not None and way != "text" if not is_text else way == "text"


def can_tell(way, value, error):
    """Whether adapters can read such failures, or tell them."""
    if not can_tell_values(way, value) or not can_tell_errors(way, error):
        return False
    return WORD_BITS == 64 or error != "i64"


def told(way, value, number):
    """What a function returns for an error; None: it would look like a success, or does not fit."""
    bits = result_bits(way, value)
    source = WAYS[way].source
    if source in ("errno", "call"):
        return FAILED[way]
    result = signed(number if source == "result" else -number, bits)
    return result if WAYS[way].is_failure(result) and -2**(bits - 1) <= number < 2**(bits - 1) else None


def read(way, value, error, result, number):
    """The number that an adapter finds, in the type that it has there."""
    bits = result_bits(way, value)
    source = WAYS[way].source
    if source == "call" and error in ("u32", "closed", "deep"):
        return number % 2**32 # an error of the size of an int is what the function returns
    if source in ("errno", "call"):
        return number
    found = result if source == "result" else -result
    return signed(found, bits)


def c_type(way, value):
    if WAYS[way].out or value == "unit":
        return "int"
    return VALUES[value][0]


def prototype(way, value, name):
    out = f", {VALUES[value][0]} *result" if WAYS[way].out and value != "unit" else ""
    return f"{c_type(way, value)} {name}(int n{out})"


def as_c(value, text):
    """A number as a C constant of the type."""
    if value == "i64":
        return f"(int64_t)UINT64_C({text % 2**64})"
    if value == "own thing":
        return f"(thing *)(uintptr_t){text}"
    return f"({VALUES[value][0]})UINT64_C({text % 2**64})"


class Function:
    def __init__(self, index):
        self.name = f"f{index}"
        while True:
            self.value, self.error = RANDOM.choice(list(VALUES)), RANDOM.choice(list(ERRORS))
            self.caller, self.callee = RANDOM.choice(list(WAYS)), RANDOM.choice(list(WAYS))
            if RANDOM.random() < 0.1 or (can_tell(self.caller, self.value, self.error) and
                                         can_tell(self.callee, self.value, self.error)):
                break

    def is_told(self):
        return can_tell(self.caller, self.value, self.error) and can_tell(self.callee, self.value, self.error)

    def rule(self, way, side):
        return WAYS[way].rule.replace("SIDE", side if self.error != "i64" or way != "last" else f"{side}_wide")

    def entry(self, caller, callee, symbol):
        return (f"  {self.name}:\n    sig: (n c_int) -> result<{self.value}; {self.error}>\n    symbol: {symbol}{self.name}\n"
                f"    errors: {{caller: {self.rule(caller, 'caller')}, callee: {self.rule(callee, 'callee')}}}\n").replace(";", ",") \
            .replace(f"result<{self.value}, ", f"result<{self.value}; ")


# --- C --------------------------------------------------------------------------------------------------------------------------

HEAD = r"""
#include <inttypes.h>
#include <setjmp.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
int *__errno_location(void); /* <errno.h> of the kernel is not installed for all targets */
#define errno (*__errno_location())
typedef struct thing thing;
typedef struct point { double x; int64_t y; } point;
typedef struct text { char *ptr; size_t len; } text;
void thing_drop(thing *t);
void thing_drop(thing *t) { (void)t; }
static text copy_of(const char *chars)
{
    text copy = {malloc(strlen(chars) + 1), strlen(chars)};
    memcpy(copy.ptr, chars, copy.len + 1);
    return copy;
}
#define TEXT(chars) copy_of(chars)
static bool same_text(text a, text b)
{
    bool same = a.len == b.len && (a.len == 0 || memcmp(a.ptr, b.ptr, a.len) == 0);
    free(a.ptr);
    free(b.ptr);
    return same;
}
static int failures, checks, line;
static jmp_buf trapped;
void abide_trap(size_t code, const char *function, const char *parameter, size_t value);
void abide_trap(size_t code, const char *function, const char *parameter, size_t value)
{
    (void)function, (void)parameter, (void)value;
    longjmp(trapped, (int)code);
}
static void check(bool fine, const char *what, int64_t seen)
{
    checks++;
    if (fine)
        return;
    failures++;
    printf("case %d: %s: seen %" PRId64 "\n", line, what, seen);
}
/* The last errors of both sides. */
static int64_t callee_error, caller_error;
static char callee_chars[32], caller_chars[32];
int callee_last(void);
int64_t callee_wide_last(void);
char *callee_text(void);
void caller_set(int number);
void caller_wide_set(int64_t number);
void caller_set_text(char *chars);
int callee_last(void) { errno = 77; return (int)callee_error; }
int64_t callee_wide_last(void) { errno = 77; return callee_error; }
char *callee_text(void) { return callee_chars; }
void caller_set(int number) { caller_error = number; }
void caller_wide_set(int64_t number) { caller_error = number; }
void caller_set_text(char *chars)
{
    snprintf(caller_chars, sizeof caller_chars, "%s", chars);
    free(chars);
}
"""


class Program:
    def __init__(self):
        self.lines, self.impls, self.tests, self.case = [], [], [], 0

    def function(self, function, direct):
        """Provider, and calls of it, with what they must see."""
        name, value, error = function.name, function.value, function.error
        impl, c_name = f"impl_{name}", f"{'d' if direct else 'c'}_{name}"
        cases = []
        self.lines += [prototype(function.callee, value, impl) + ";", prototype(function.caller, value, c_name) + ";"]
        body = []
        for index, (kind, what) in enumerate(self.outcomes(function)):
            body.append(f"    case {index}: {self.provide(function, kind, what)}")
            cases.append(self.expect(function, direct, c_name, index, kind, what))
        if not direct:
            self.impls.append(f"{prototype(function.callee, value, impl)}\n{{\n    errno = 0;\n    switch (n) {{\n" + "\n".join(body) +
                              "\n    }\n    abort();\n}")
        self.tests += cases
        return error

    @staticmethod
    def outcomes(function):
        value, callee = function.value, function.callee
        for what in NUMBERS.get(value, OTHERS.get(value)):
            if not WAYS[callee].out and value != "unit" and WAYS[callee].is_failure(signed(what, VALUES[value][1])):
                continue # the callee itself cannot say this
            yield "ok", what
        if function.error == "own string":
            yield from (("err", text) for text in ("", "no such thing"))
            return
        for code in CODES:
            if told(callee, value, code) is not None:
                yield "err", code

    @staticmethod
    def provide(function, kind, what):
        way, value = function.callee, function.value
        if kind == "ok":
            text = what if value in OTHERS else as_c(value, what)
            if not WAYS[way].out and value != "unit":
                return f"return {text};"
            store = f"*result = {text}; " if value != "unit" else ""
            return f"{store}return {FINE.get(way, 0)};"
        if way == "text":
            return f'snprintf(callee_chars, sizeof callee_chars, "{what}"); return {FAILED[way]};'
        source = {"errno": f"errno = (int){what}; ", "call": f"callee_error = {what}; "}.get(WAYS[way].source, "")
        result = told(way, value, what)
        return f"{source}return {as_c(value, result) if c_type(way, value) != 'int' else f'(int)UINT32_C({result % 2**32})'};"

    def expect(self, function, direct, c_name, index, kind, what):
        way, value, error = function.caller, function.value, function.error
        bits, is_out = result_bits(way, value), WAYS[way].out and value != "unit"
        out = "&got" if is_out else ""
        self.case += 1
        head = (f"/* {c_name} {function.callee} -> {way}, result<{value}, {error}>, {kind} {what} */\n"
                f"static void case_{self.case}(void)\n{{\n    line = {self.case};\n    {{\n        errno = 99; caller_error = 0; caller_chars[0] = 0;\n"
                + (f"        {VALUES[value][0]} got;\n        memset(&got, 0x5a, sizeof got);\n" if is_out else "")
                + f"        int code = setjmp(trapped);\n        if (!code) {{\n            {c_type(way, value)} r = {c_name}({index}{', ' + out if out else ''});\n")
        tail = "        } else {\n            check(%s, \"trap\", code);\n        }\n    }\n}\n"
        trap = f"            (void)r;\n            check(false, \"no trap\", 0);\n" + tail % "code == 3"
        if kind == "ok":
            text = what if value in OTHERS else as_c(value, what)
            if WAYS[way].out or value == "unit":
                same = SAME.get(value, "{0} == {1}").format("got", text) if is_out else "true"
                return head + f"            check(r == {FINE.get(way, 0)}, \"status\", (int64_t)r);\n            check({same}, \"value\", 0);\n" + tail % "false"
            if WAYS[way].is_failure(signed(what, bits)):
                return head + trap
            return head + f"            check(r == {text}, \"value\", (int64_t)(uintptr_t)r);\n" + tail % "false"
        if way == "text":
            return head + f"            check(r == {FAILED[way]}, \"status\", (int64_t)r);\n" + \
                f"            check(strcmp(caller_chars, \"{what}\") == 0, \"text\", 0);\n" + tail % "false"
        number = read(function.callee, value, error, told(function.callee, value, what), what)
        same_rule = function.rule(way, "x") == function.rule(function.callee, "x") and WAYS[way].source != "call"
        if not direct and not ERRORS[error](number):
            return head + trap
        if direct and same_rule:
            result = told(way, value, what)
        else:
            if WAYS[way].source == "errno" and not INT_MIN <= number <= INT_MAX:
                return head + trap
            if WAYS[way].source == "call" and not self.fits_call(error, number):
                return head + trap
            if WAYS[way].source in ("result", "negated") and not -2**(bits - 1) <= number < 2**(bits - 1):
                return head + trap
            result = told(way, value, number)
            if WAYS[way].source == "negated" and number == -2**(bits - 1):
                result = number if WAYS[way].is_failure(number) else None
        if result is None:
            return head + trap
        shown = as_c(value, result) if c_type(way, value) != "int" else f"(int)UINT32_C({result % 2**32})"
        lines = f"            int seen = errno;\n            (void)seen;\n            check(r == {shown}, \"result\", (int64_t)(uintptr_t)r);\n"
        if WAYS[way].source == "errno":
            lines += f"            check(seen == (int){number}, \"errno\", seen);\n"
        if WAYS[way].source == "call":
            lines += f"            check({self.seen_by_setter(error, number)}, \"last error\", caller_error);\n"
        return head + lines + tail % "false"

    @staticmethod
    def fits_call(error, number):
        if error == "i64":
            return True
        return 0 <= number < 2**32 if error in ("u32", "closed", "deep") else INT_MIN <= number <= INT_MAX

    @staticmethod
    def seen_by_setter(error, number):
        del error
        return f"(int)caller_error == (int){number}"

    def text(self):
        return HEAD + "\n".join(sorted(set(self.lines))) + "\n" + "\n".join(self.impls) + \
            "\n" + "".join(self.tests) + "\nint main(void)\n{\n" + "".join(f"    case_{i + 1}();\n" for i in range(self.case)) + \
            "    printf(\"%d checks, %d failures\\n\", checks, failures);\n    return failures > 0;\n}\n"


def run(*command, fails=False):
    done = subprocess.run(command, capture_output=True, text=True, check=False,
                          env={**os.environ, "ASAN_OPTIONS": "detect_leaks=1"})
    if (done.returncode != 0) != fails:
        sys.exit(f"{' '.join(command)}: status {done.returncode}\n{done.stdout[-3000:]}{done.stderr[-3000:]}")
    return done.stdout + done.stderr


def write(path, functions, entry):
    with open(path, "w", encoding="utf-8") as file:
        file.write("abide: 1\npackage: errors\n" + TYPES + "functions:\n" + "".join(entry(f) for f in functions))


def interfaces(functions, tag):
    """direct: both ways in one adapter; outer and inner: with a result between them."""
    write(f"direct{tag}.abi.yaml", functions, lambda f: f.entry(f.caller, f.callee, "impl_"))
    write(f"outer{tag}.abi.yaml", functions, lambda f: f.entry(f.caller, f.caller, "mid_"))
    write(f"inner{tag}.abi.yaml", functions, lambda f: f.entry(f.callee, f.callee, "impl_"))


def check_refused(function):
    interfaces([function], "-refused")
    text = ""
    for path, caller, callee in (("outer", "c", "system"), ("inner", "system", "c")):
        done = subprocess.run([ABIDE, "plan", f"{path}-refused.abi.yaml", function.name, "--caller", caller, "--callee", callee, "--target",
                               TARGET], capture_output=True, text=True, check=False)
        text += done.stderr if done.returncode else ""
        if done.returncode < 0 or "Sanitizer" in done.stderr:
            sys.exit(f"{function.entry(function.caller, function.callee, '')}: {done.stderr}")
    if "[cannot-tell-error]" not in text or "help:" not in text or f"'{function.name}'" not in text:
        sys.exit(f"not refused as it should be:\n{function.entry(function.caller, function.callee, '')}{text}")


def main():
    functions = [Function(i) for i in range(COUNT)]
    refused = [function for function in functions if not function.is_told()]
    functions = [function for function in functions if function.is_told()]
    for function in refused:
        check_refused(function)
    interfaces(functions, "")
    program = Program()
    for function in functions:
        program.function(function, False)
        program.function(function, True)
    with open("errors.c", "w", encoding="utf-8") as file:
        file.write(program.text())
    for form in FORMS:
        files = []
        for path, caller, callee, prefix in (("direct", "c", "c", "d_"), ("outer", "c", "system", "c_"), ("inner", "system", "c", "mid_")):
            files.append(f"{prefix}thunks.{form}")
            run(ABIDE, "thunk", f"{path}.abi.yaml", "--caller", caller, "--callee", callee, "--target", TARGET, "--prefix", prefix,
                "-o", files[-1])
        run(*COMPILER, "-O1", "-g", *SANITIZE, *LINK, "-Wall", "-Wno-type-limits", "-Wno-unused-function", "errors.c", *files, "-o", "errors")
        print(f"{TARGET} {form}: {len(functions)} functions, {len(refused)} refused, {run(*EMULATOR, './errors').strip()}")


if __name__ == "__main__":
    main()
