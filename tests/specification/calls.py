"""Statements C and S: the C prototypes that functions become, and that C compilers agree with them."""
import re

from behaviour import adapted
from support import (INCLUDE, NARROW, SPECIFICATION, TARGETS, WIDE, answers, check, check_equal, interface, refused, run,
                     statement, write)

TYPES = {
    "point": "{struct: {x: f64, y: f64}}",
    "pair": "tuple<u8, f32>",
    "big": "{struct: {a: u64, b: u64, c: u64, d: u64, e: u64}}",
    "number": "{variant: {int: u64, float: f64}}",
    "mixed": "{variant: {small: u8, pair: {struct: {a: u32, b: f32}}, text: string}}",
    "named": "{variant: {text: string, label: string, none: }}",
    "state": "{variant: {on: , off: }}",
    "error": "{variant: {io: i32, lost: }, open: {size: 56, align: 8}}",
    "color": "{enum: [red, green], base: u8}",
    "caps": "{flags: [a, b]}",
    "either": "{union: {i: i64, f: f64}}",
    "tail": "{struct: {n: u8, either: either}}",
    "bits": "{struct: {low: {type: u8, bits: 3}}}",
    "file": "{resource: file_close}",
}
EVERYWHERE = tuple(TARGETS)
HOST = ("x86_64-linux-gnu",)


def functions_of(signatures, targets, types=None):
    """What `abide call` answers about functions f0, f1 ... of these signatures, by target."""
    file = interface({**TYPES, **(types or {})},
                     {f"f{index}": f'"{signature}"' for index, signature in enumerate(signatures)})
    return {target: answer["functions"] for target, answer in answers("call", file, list(targets)).items()}


def lowered(pairs, targets=EVERYWHERE, types=None):
    """Each signature becomes this prototype, where the function is called f."""
    for target, functions in functions_of(pairs, targets, types).items():
        for (signature, wanted), function in zip(pairs.items(), functions, strict=True):
            seen = re.sub(r"\bf\d+\(", "f(", function["prototype"], count=1)
            check_equal(f"{target}: {signature}", seen, wanted)


@statement("C1")
def scalars_and_pointers():
    lowered({"(a u8, b i64, c f32, d f64, e bool, f char, g size)":
             "void f(uint8_t a, int64_t b, float c, double d, bool e, uint32_t f, size_t g)",
             "(a ptr<u8>, b mutref<f64>, c cstring)": "void f(const uint8_t *a, double *b, const char *c)",
             "(c color, s caps, f file)": "void f(color c, caps s, file *f)"})
    lowered({"(a f16, b bf16)": "void f(uint16_t a, uint16_t b)"}, HOST)
    lowered({"(a complex<f32>, b complex<f64>)": "void f(float a_0, float a_1, double b_0, double b_1)"})
    lowered({"(a u128, b i128)": "void f(uint64_t a_0, uint64_t a_1, uint64_t b_0, uint64_t b_1)"}, WIDE)


@statement("C2")
def records_and_sequences():
    lowered({"(p point)": "void f(double p_x, double p_y)",
             "(p pair)": "void f(uint8_t p_field0, float p_field1)",
             "(a array<u16, 3>)": "void f(uint16_t a_0, uint16_t a_1, uint16_t a_2)",
             "(s string, t own string)":
                 "void f(const uint8_t *s, size_t s_len, uint8_t *t, size_t t_len, sys_owner *t_owner)",
             "(s slice<f64>, t mutslice<u16>)": "void f(const double *s, size_t s_len, uint16_t *t, size_t t_len)",
             "(b box<u32>)": "void f(uint32_t *b, sys_owner *b_owner)",
             "(c closure(i32) -> bool)": "void f(bool (*c_fn)(int32_t, void *env), void *c_env)",
             "(s option<string>, r result<unit, box<u8>>)":
                 "void f(const uint8_t *s, size_t s_len, uint8_t *r, sys_owner *r_owner)",
             "(a u8, n array<u64, 0>, b u8)": "void f(uint8_t a, uint8_t b)"})


@statement("C3")
def sums():
    lowered({"(n number)": "void f(uint32_t n_tag, uint64_t n)",
             "(m named)": "void f(uint32_t m_tag, const uint8_t *m, size_t m_len)",
             "(s state)": "void f(uint32_t s)",
             "(o option<u8>, p option<option<string>>)":
                 "void f(uint32_t o_tag, uint8_t o, uint32_t p_tag, const uint8_t *p, size_t p_len)"})


@statement("C4")
def joined_words():
    def of(first, second, wanted, targets=EVERYWHERE):
        lowered({"(v v)": wanted}, targets,
                types={"v": f"{{variant: {{a: {first}, b: {second}}}}}"})
    of("u32", "u32", "void f(uint32_t v_tag, uint32_t v)")
    of("f64", "f64", "void f(uint32_t v_tag, double v)")
    of("bool", "bool", "void f(uint32_t v_tag, uint8_t v)")
    of("u8", "u32", "void f(uint32_t v_tag, uint32_t v)")
    of("i32", "f32", "void f(uint32_t v_tag, uint32_t v)")
    of("f32", "u64", "void f(uint32_t v_tag, uint64_t v)")
    of("ptr<u8>", "f64", "void f(uint32_t v_tag, uint64_t v)")
    of("ptr<u8>", "u32", "void f(uint32_t v_tag, uint64_t v)", WIDE)
    of("ptr<u8>", "ptr<u8>", "void f(uint32_t v_tag, const uint8_t *v)")
    of("ptr<u8>", "ptr<u16>", "void f(uint32_t v_tag, void *v)")
    of("cstring", "mutref<f64>", "void f(uint32_t v_tag, void *v)")
    of("string", "slice<u16>", "void f(uint32_t v_tag, void *v, size_t v_len)")
    of("own string", "box<u16>", "void f(uint32_t v_tag, void *v, uint64_t v_1, sys_owner *v_owner)", WIDE)
    of("fn(u8)", "ptr<u8>", "void f(uint32_t v_tag, uint64_t v)", WIDE)
    of("fn(u8)", "fn(u16)", "void f(uint32_t v_tag, uint64_t v)", WIDE)
    of("fn(u8)", "fn(u16)", "void f(uint32_t v_tag, uint32_t v)", NARROW)
    of("point", "string", "void f(uint32_t v_tag, uint64_t v_0, uint64_t v_1)")
    of("u8", "string", "void f(uint32_t v_tag, uint64_t v_0, size_t v_len)", WIDE)
    adapted("joined", {"f": '"(v pointers) -> u32"', "g": '"(v mixed) -> u32"'}, """
typedef struct pointers { unsigned tag; union { const uint8_t *a; const uint16_t *b; } payload; } pointers;
typedef struct mixed { unsigned tag; union { const uint8_t *a; int16_t b; } payload; } mixed;
uint32_t c_f(pointers value);
uint32_t c_g(mixed value);
uint32_t f(uint32_t v_tag, void *v);
uint32_t f(uint32_t v_tag, void *v) { return v_tag == 0 ? *(const uint8_t *)v : *(const uint16_t *)v; }
uint32_t g(uint32_t v_tag, uint64_t v);
uint32_t g(uint32_t v_tag, uint64_t v) { return v_tag == 0 ? *(const uint8_t *)(uintptr_t)v : (uint16_t)v; }
int main(void)
{
    static const uint8_t byte = 0xA5;
    static const uint16_t number = 0x8765;
    MUST(c_f((pointers){.tag = 0, .payload.a = &byte}) == 0xA5 && c_f((pointers){.tag = 1, .payload.b = &number}) == 0x8765);
    MUST(c_g((mixed){.tag = 0, .payload.a = &byte}) == 0xA5 && c_g((mixed){.tag = 1, .payload.b = -2}) == 0xFFFE);
    return 0;
}
""", types={"pointers": "{variant: {a: ptr<u8>, b: ptr<u16>}}", "mixed": "{variant: {a: ptr<u8>, b: i16}}"})


@statement("C5")
def without_flat_form():
    lowered({"(u either)": "void f(const either *u)", "(e error)": "void f(const error *e)",
             "(t tail)": "void f(const tail *t)", "(b bits)": "void f(const bits *b)",
             "(l c_longdouble)": "void f(const long double *l)",
             "(v vector<f32, 4>)": "void f(const __attribute__((vector_size(16))) float *v)",
             "(l complex<c_longdouble>)": "void f(const _Complex long double *l)"})
    lowered({"(l f128)": "void f(const __float128 *l)"}, HOST)


@statement("C6")
def at_most_four_words():
    lowered({"(a array<u8, 4>)": "void f(uint8_t a_0, uint8_t a_1, uint8_t a_2, uint8_t a_3)",
             "(v v)": "void f(uint32_t v_tag, uint8_t *v, size_t v_len, sys_owner *v_owner)",
             "(a array<u8, 5>)": "void f(const uint8_t *a)",
             "(w w)": "void f(const w *w)"},
            types={"v": "option<option<own string>>", "w": "{variant: {t: own string, u: {struct: {s: own string, n: u8}}}}"})


@statement("C7")
def large_borrowed_parameters():
    lowered({"(b big, c u8)": "void f(const big *b, uint8_t c)", "(e error)": "void f(const error *e)"})
    for target, functions in functions_of(["(b big)"], EVERYWHERE).items():
        param = functions[0]["params"][0]
        check_equal(f"{target}: how it is passed", (param["pass"], param["size_bytes"]), ("pointer", 40))


@statement("C8")
def large_own_parameters():
    lowered({"(b own big, e own error)": "void f(big *b, error *e)", "(p own point)": "void f(double p_x, double p_y)"})


@statement("C9")
def out_and_inout():
    lowered({"(a out u8, b inout point, c out string, d inout own string)":
             "void f(uint8_t *a, point *b, sys_str *c, sys_string *d)",
             "(e out option<ref<u8>>, b inout big)": "void f(const uint8_t **e, big *b)"})


@statement("C10")
def order():
    lowered({"(a u8, b big, c string) -> own string":
             "void f(uint8_t a, const big *b, const uint8_t *c, size_t c_len, sys_string *out)",
             "(c callback (a u8; b big) -> own string)":
             "void f(void (*c_fn)(uint8_t a, const big *b, sys_string *out, void *env), void *c_env)"})


@statement("C11")
def one_word_results():
    lowered({"()": "void f(void)", "() -> u8": "uint8_t f(void)", "() -> state": "uint32_t f(void)",
             "() -> own file": "file *f(void)", "() -> option<ref<u8>>": "const uint8_t *f(void)",
             "() -> array<u64, 0>": "void f(void)"})
    lowered({"() -> f16": "uint16_t f(void)"}, HOST)


@statement("C12")
def two_word_results():
    lowered({"() -> point": "point f(void)", "(p ptr<u8>) -> string from p": "sys_str f(const uint8_t *p)",
             "() -> number": "struct { uint32_t tag; uint64_t value; } f(void)",
             "() -> result<unit, u32>": "struct { uint32_t tag; uint32_t value; } f(void)",
             "() -> box<u8>": "struct { uint8_t *ptr; sys_owner *owner; } f(void)"})
    lowered({"() -> u128": "struct { uint64_t _0; uint64_t _1; } f(void)"}, WIDE)


@statement("C13")
def tagged_results():
    lowered({"() -> mixed": "uint32_t f(mixed *out)", "() -> error": "uint32_t f(error *out)",
             "(a u8) -> named": "uint32_t f(uint8_t a, named *out)"})


@statement("C14")
def other_results():
    lowered({"() -> big": "void f(big *out)", "() -> own string": "void f(sys_string *out)",
             "() -> option<own string>": "void f(sys_string *out)", "() -> either": "void f(either *out)",
             "() -> c_longdouble": "void f(long double *out)"})


@statement("C15")
def extension():
    """Below 32 bits a place says to which width it is extended, by its sign, or its C ABI leaves no room for doubt."""
    for target, functions in functions_of(["(a u8, b i8, c u16, d i16, e bool) -> i8", "() -> u16"],
                                          EVERYWHERE).items():
        entries = [*functions[0]["params"], functions[0]["result"], functions[1]["result"]]
        wanted = ["zero", "sign", "zero", "sign", "zero", "sign", "zero"]
        for entry, extend in zip(entries, wanted, strict=True):
            piece = entry["pieces"][0]
            check_equal(f"{target}: {entry.get('name', 'result')}", (piece.get("extend"), piece.get("extend_bits", 0) >= 32),
                        (extend, True))


@statement("C16")
def code():
    lowered({"(f fn(s string; n u8) -> own string)":
             "void f(void (*f)(const uint8_t *s, size_t s_len, uint8_t n, sys_string *out))",
             "(c callback (b big) -> mixed)": "void f(uint32_t (*c_fn)(const big *b, mixed *out, void *env), void *c_env)"})
    both_sides("""
uint32_t each(bool (*visit_fn)(int32_t value, void *env), void *visit_env);
""", {"each": "(visit callback (value i32) -> bool) -> u32"}, """
uint32_t each(bool (*visit_fn)(int32_t value, void *env), void *visit_env)
{
    uint32_t count = 0;
    for (int32_t i = 0; i < 10 && visit_fn(i, visit_env); i++)
        count++;
    return count;
}
""", """
static bool below(int32_t value, void *user_data) { return value < *(const int *)user_data; } /* plain C */
int main(void) { int limit = 4; return each(below, &limit) == 4 ? 0 : 1; }
""")


@statement("C17")
def the_same_everywhere():
    signatures = ["(a point, b number, c string, d big) -> own string", "(e error) -> mixed", "(c caps, f file) -> number",
                  "(o option<string>, p option<u64>) -> point", "(f closure(u8) -> string)"]
    found = functions_of(signatures, EVERYWHERE)
    for index, signature in enumerate(signatures):
        check_equal(signature, len({functions[index]["prototype"] for functions in found.values()}), 1)
    lowered(worked_calls(), types={"message": TYPES["big"], "outcome": "result<u64, own string>"})


def worked_calls():
    """The table of the specification: signatures and prototypes."""
    with open(SPECIFICATION, encoding="utf-8") as file:
        table = file.read().split("<!-- worked calls -->")[1].split("<!-- end -->")[0]
    rows = [[cell.strip().strip("`") for cell in line.strip("|").split("|")] for line in table.strip().splitlines()]
    check(len(rows) > 5, "the table of calls is not there")
    return {row[0]: row[1] for row in rows[2:]}


@statement("S1")
def symbols():
    file = interface({}, {"send-all": '"()"', "plain": '"()"', "odd-one": '{sig: "()", symbol: libfoo_odd}',
                          "after": '"(s string)"'})
    for target, answer in answers("call", file, list(TARGETS)).items():
        check_equal(f"{target}: symbols", [function["symbol"] for function in answer["functions"]],
                    ["send_all", "plain", "libfoo_odd", "after"])
        for function in answer["functions"]:
            check(f" {function['symbol']}(" in function["prototype"], f"{function['prototype']} has another name")
    file = interface({}, {"send-all": '"()"', "odd": '{sig: "()", symbol: libfoo_odd}'}, more="provides: system@1\n")
    for target, answer in answers("call", file, list(TARGETS)).items():
        check_equal(f"{target}: symbols of a library that provides it", [function["symbol"] for function in answer["functions"]],
                    ["asked_send_all", "libfoo_odd"])
    refused("bad-symbol", "call", interface({}, {"bad": '{sig: "()", symbol: "a b"}'}), "--abi", "system")


def both_sides(declarations, signatures, provider, consumer, types=None):
    """What a compiler makes of the prototypes as abide prints them calls what another makes of those written by hand."""
    file = interface({**TYPES, **(types or {})}, {name: f'"{signature}"' for name, signature in signatures.items()})
    functions = answers("call", file, list(HOST))[HOST[0]]["functions"]
    head = "#include <abide/system.h>\n"
    types_only = "".join(part + ";\n" for part in declarations.split(";\n") if "typedef" in part)
    printed = "".join(f"{function['prototype']};\n" for function in functions)
    write("provider.c", head + declarations + provider)
    write("consumer.c", head + types_only + printed + consumer)
    for ours, theirs in (("gcc", "clang-19"), ("clang-19", "gcc")):
        for width in ("-m64", "-m32"):
            flags = ["-std=c11", "-O2", "-Wall", "-Wextra", "-Werror", "-Wno-unused", width, *INCLUDE]
            built = [run([ours, *flags, "-c", "provider.c", "-o", "provider.o"]),
                     run([theirs, *flags, "-c", "consumer.c", "-o", "consumer.o"]),
                     run([ours, width, "provider.o", "consumer.o", "-o", "both"])]
            if check(all(step.returncode == 0 for step in built), "".join(step.stderr for step in built)):
                check_equal(f"{ours} called by {theirs}, {width}: status", run(["./both"]).returncode, 0)


@statement("S2")
def prototypes_are_enough():
    both_sides("""
typedef struct big { uint64_t a, b, c, d, e; } big;
typedef struct point { double x, y; } point;
typedef SYS_RESULT(uint64_t, sys_string) outcome;
uint64_t take(uint32_t n_tag, uint64_t n, const uint8_t *s, size_t s_len, const big *b, uint32_t o_tag, uint8_t o);
point turn(double p_x, double p_y);
uint32_t attempt(int32_t i, outcome *out);
void give(uint8_t *t, size_t t_len, sys_owner *t_owner, sys_string *out);
sys_str look(const uint8_t *s, size_t s_len);
""", {"take": "(n number, s string, b big, o option<u8>) -> u64", "turn": "(p point) -> point",
      "attempt": "(i i32) -> outcome", "give": "(t own string) -> own string", "look": "(s string) -> string from s"}, """
uint64_t take(uint32_t n_tag, uint64_t n, const uint8_t *s, size_t s_len, const big *b, uint32_t o_tag, uint8_t o)
{
    return n_tag == 1 && s_len == 2 && s[1] == 'i' && o_tag == SYS_SOME && o == 200 ? n + b->a + b->e : 0;
}
point turn(double p_x, double p_y) { return (point){-p_y, p_x}; }
uint32_t attempt(int32_t i, outcome *out)
{
    if (i < 0) {
        out->payload.err = sys_string_adopt("negative", 8, NULL);
        return out->tag = SYS_ERR;
    }
    out->payload.ok = (uint64_t)i;
    return out->tag = SYS_OK;
}
void give(uint8_t *t, size_t t_len, sys_owner *t_owner, sys_string *out) { *out = sys_string_adopt(t, t_len, t_owner); }
sys_str look(const uint8_t *s, size_t s_len) { return sys_str_of(s + 1, s_len - 1); }
""", """
int main(void)
{
    big b = {1, 2, 3, 4, 5};
    outcome o;
    sys_string text;
    if (take(1, 10, (const uint8_t *)"hi", 2, &b, SYS_SOME, 200) != 16)
        return 1;
    if (turn(1, 2).x != -2 || turn(1, 2).y != 1)
        return 2;
    if (attempt(-1, &o) != SYS_ERR || o.tag != SYS_ERR || o.payload.err.len != 8)
        return 3;
    if (attempt(7, &o) != SYS_OK || o.tag != SYS_OK || o.payload.ok != 7)
        return 4;
    give((uint8_t *)"abc", 3, NULL, &text);
    if (!sys_str_equal(sys_string_view(&text), SYS_STR("abc")))
        return 5;
    return sys_str_equal(look((const uint8_t *)"xy", 2), SYS_STR("y")) ? 0 : 6;
}
""", types={"outcome": "result<u64, own string>"})
