"""Statements V, E, O, F and M: what values may be, who owns them, what may change. Shown by running it."""
import os
import re

from support import (ROOT, TARGETS, abide, answers, asserts_hold, check, check_equal, interface, refused, run, run_c,
                     stated_ids, statement, write)

# An owner that counts, for programs that are to see who releases what, and when.
COUNTING = """
#include <abide/system.h>
#include <assert.h>
#include <stdio.h>
#undef NDEBUG
typedef struct counting {
    sys_owner owner; /* its first word */
    int released;
    void *ptr;
    size_t bytes;
} counting;
static inline void count(sys_owner *self, void *ptr, size_t bytes)
{
    counting *own = (counting *)self;
    own->released++;
    own->ptr = ptr;
    own->bytes = bytes;
}
#define COUNTING {{count}, 0, NULL, 0}
#define MUST(condition) \\
    do { if (!(condition)) { fprintf(stderr, "line %d: %s\\n", __LINE__, #condition); return 1; } } while (0)
"""
HOST = "x86_64-linux-gnu"


def adapted(name, functions, program, types=None, caller="c", callee="system", more="", **options):
    """
    Runs a C program that calls c_f... (as `caller`), which adapters turn into calls of f... (as `callee`): with adapters
    in machine code, and in C.
    """
    file = interface(types, functions, name=f"{name}.abi.yaml", more=more)
    words = ["thunk", file, "--caller", caller, "--callee", callee, "--prefix", "c_", "--target", HOST]
    if "ABIDE_LLVM_BIN" in os.environ: # else there is no machine code to be had
        abide(*words, "-o", f"{name}.o")
        run_c(name, COUNTING + program, objects=[f"{name}.o"], **options)
    abide(*words, "-o", f"{name}-adapter.c")
    built = run(["gcc", "-std=c11", "-O1", "-fexceptions", "-c", f"{name}-adapter.c", "-o", f"{name}-adapter.o"])
    if check(built.returncode == 0, f"{name}-adapter.c does not compile:\n{built.stderr}"):
        run_c(name, COUNTING + program, objects=[f"{name}-adapter.o"], compilers=[["gcc"]], **options)


@statement("O1")
def owner_word():
    for target in TARGETS:
        asserts_hold(target, """
_Static_assert(offsetof(sys_owner, release) == 0, "first word");
_Static_assert(sizeof(sys_owner) == sizeof(void *), "nothing else is promised");
static void release(sys_owner *owner, void *ptr, size_t bytes) { (void)owner; (void)ptr; (void)bytes; }
static const sys_owner example = {release};
""")
    run_c("owner", COUNTING + """
/* A header of the memory itself, and a static object. */
typedef struct headed { sys_owner owner; size_t capacity; uint8_t data[8]; } headed;
static size_t freed;
static void release_headed(sys_owner *self, void *ptr, size_t bytes)
{
    headed *own = (headed *)self;
    assert(ptr == own->data && bytes <= own->capacity);
    freed = own->capacity;
    free(own);
}
int main(void)
{
    headed *own = malloc(sizeof *own);
    MUST(own);
    own->owner.release = release_headed;
    own->capacity = sizeof own->data;
    sys_string text = sys_string_adopt(own->data, 3, &own->owner);
    sys_string_drop(&text);
    MUST(freed == 8);
    static counting fixed = COUNTING;
    text = sys_string_adopt("abc", 3, &fixed.owner);
    sys_string_drop(&text);
    sys_string_drop(&text);
    MUST(fixed.released == 1);
    return 0;
}
""")


@statement("O5")
def values_move_by_their_bytes():
    run_c("moves", COUNTING + """
typedef SYS_RESULT(uint64_t, sys_string) outcome;
int main(void)
{
    static counting owner = COUNTING;
    outcome first = {.tag = SYS_ERR, .payload.err = sys_string_adopt("abc", 3, &owner.owner)};
    outcome *moved = malloc(sizeof *moved);
    MUST(moved);
    memcpy(moved, &first, sizeof first);
    memset(&first, 0xAA, sizeof first); /* dead: what it held is in the other place alone */
    MUST(moved->tag == SYS_ERR && sys_str_equal(sys_string_view(&moved->payload.err), SYS_STR("abc")));
    sys_string_drop(&moved->payload.err);
    free(moved);
    MUST(owner.released == 1);
    return 0;
}
""")


@statement("O12")
def release_on_any_thread():
    run_c("threads", COUNTING + """
#include <pthread.h>
static void *drop(void *string)
{
    sys_string_drop(string);
    return NULL;
}
int main(void)
{
    static counting owner = COUNTING;
    sys_string texts[2] = {sys_string_adopt("a", 1, &owner.owner), {0}};
    MUST(sys_string_copy(SYS_STR("b"), &texts[1]));
    for (int i = 0; i < 2; i++) {
        pthread_t thread;
        MUST(pthread_create(&thread, NULL, drop, &texts[i]) == 0);
        pthread_join(thread, NULL);
    }
    MUST(owner.released == 1);
    return 0;
}
""")


@statement("O13")
def unknown_cases_are_dropped_by_their_provider():
    run_c("unknown", COUNTING + """
/* What the consumer knew when it was compiled, and what the provider has by now. */
typedef SYS_OPEN_VARIANT(32, 8, int32_t io;) old_error;
typedef SYS_OPEN_VARIANT(32, 8, int32_t io; sys_string text;) error;
_Static_assert(sizeof(old_error) == sizeof(error), "a new case fits the room");
void chat_error_drop(void *value);
void chat_error_drop(void *value)
{
    error *e = value;
    if (e->tag == 1)
        sys_string_drop(&e->payload.text);
}
static counting owner = COUNTING;
static uint32_t fail(void *out)
{
    error made = {.tag = 1, .payload.text = sys_string_adopt("new", 3, &owner.owner)};
    memcpy(out, &made, sizeof made);
    return made.tag;
}
int main(void)
{
    old_error e;
    if (fail(&e) > 0) /* unknown here */
        chat_error_drop(&e);
    MUST(owner.released == 1 && owner.bytes == 3);
    return 0;
}
""")


def answer_of(types, functions, only=None):
    """All that abide says of an interface under the system ABI, for every target, by name."""
    file = interface(types, functions)
    found = {}
    for verb, entries in (("layout", "types"), ("call", "functions")):
        for target, answer in answers(verb, file, list(TARGETS)).items():
            for entry in answer[entries]:
                found[target, verb, entry["name"]] = entry
    return {key: value for key, value in found.items() if only is None or key[2] in only}


BASE_TYPES = {"point": "{struct: {x: i32, y: i32}}", "kind": "{variant: {a: u32, b: string}}",
              "error": "{variant: {io: i32, lost: }, open: {size: 32, align: 8}}",
              "color": "{enum: [red, green], open: true, base: u16}", "caps": "{flags: [a, b], base: u32, open: true}"}
BASE_FUNCTIONS = {"draw": '"(p point, k kind, c color, o caps) -> result<u32, error>"', "name": '"(s string) -> own string"'}


# A closure that is given away, as C has it, and what counts its ends.
C_CLOSURE = """
#include <stdlib.h>
typedef struct { uint64_t id; double ratio[4]; } seen; /* which C passes otherwise than the system ABI */
typedef struct { void (*code)(seen value, void *env); void *env; void (*drop)(void *env); } c_closure;
typedef SYS_OWN_CLOSURE(void, (const seen *value, void *env)) sys_closure;
static int ended;
static double heard;
static void end(void *env) { ended++; free(env); }
static void hear(seen value, void *env) { heard += *(double *)env + (double)value.id + value.ratio[2]; }
static void hear_once(seen value, void *env) { hear(value, env); end(env); }
static c_closure make(bool once)
{
    c_closure closure = {once ? hear_once : hear, malloc(sizeof(double)), end};
    assert(closure.env);
    *(double *)closure.env = 0.5;
    return closure;
}
static const seen value = {3, {1, 2, 0.25}};
"""
CLOSURE_TYPES = {"seen": "{struct: {id: u64, ratio: array<f64; 4>}}", "hear": "callback (value seen)"}


@statement("O14")
def own_closures():
    adapted("own-closure", {"keep": "(hear own hear)", "lend": "(hear hear)"}, C_CLOSURE + """
void c_keep(c_closure closure);
static sys_closure kept;
void keep(void (*fn)(const seen *value, void *env), void *env, void (*drop)(void *env));
void keep(void (*fn)(const seen *value, void *env), void *env, void (*drop)(void *env))
{
    kept.fn = fn;
    kept.env = env;
    kept.drop = drop;
}
void lend(void (*fn)(const seen *value, void *env), void *env);
void lend(void (*fn)(const seen *value, void *env), void *env) { fn(&value, env); }
int main(void)
{
    c_keep(make(false));
    for (int i = 0; i < 3; i++) /* from another function than the one that got it */
        kept.fn(&value, kept.env);
    MUST(ended == 0 && heard == 3 * 3.75);
    SYS_DROP_CLOSURE(kept);
    MUST(ended == 1);
    c_closure fixed = make(false); /* nobody has to end it */
    c_keep((c_closure){fixed.code, fixed.env, NULL});
    kept.fn(&value, kept.env);
    SYS_DROP_CLOSURE(kept);
    MUST(ended == 1 && heard == 4 * 3.75);
    end(fixed.env);
    return 0;
}
""", types=CLOSURE_TYPES)
    interface(CLOSURE_TYPES, {"keep": "(hear own hear)"}, name="lost.abi.yaml", more="forms: {closure: data}\n")
    refused("cannot-adapt", "plan", "lost.abi.yaml", "--caller", "system", "--callee", "c", "--target", HOST)


@statement("O15")
def once_closures():
    program = C_CLOSURE + """
void c_later(c_closure closure);
static sys_closure kept;
void later(void (*fn)(const seen *value, void *env), void *env, void (*drop)(void *env));
void later(void (*fn)(const seen *value, void *env), void *env, void (*drop)(void *env))
{
    kept.fn = fn;
    kept.env = env;
    kept.drop = drop;
}
int main(void)
{
    c_later(make(true));
    kept.fn(&value, kept.env); /* ends it */
    MUST(ended == 1 && heard == 3.75);
    c_later(make(true));
    SYS_DROP_CLOSURE(kept); /* never called */
    MUST(ended == 2 && heard == 3.75);
    return 0;
}
"""
    adapted("once-closure", {"later": "(hear once hear)"}, program, types=CLOSURE_TYPES)


@statement("O16")
def drop_in_the_call():
    adapted("drop-in-call", {"keep": "(hear own hear)"}, C_CLOSURE + """
#include <pthread.h>
void c_keep(c_closure closure);
static sys_closure kept;
void keep(void (*fn)(const seen *value, void *env), void *env, void (*drop)(void *env));
void keep(void (*fn)(const seen *value, void *env), void *env, void (*drop)(void *env))
{
    kept.fn = fn;
    kept.env = env;
    kept.drop = drop;
}
static void stop(seen value, void *env)
{
    hear(value, env);
    SYS_DROP_CLOSURE(kept); /* its own */
    kept.fn = NULL;
}
static void *drop_kept(void *unused)
{
    SYS_DROP_CLOSURE(kept);
    return unused;
}
int main(void)
{
    c_closure closure = make(false);
    closure.code = stop;
    c_keep(closure);
    kept.fn(&value, kept.env);
    MUST(ended == 1 && !kept.fn);
    c_keep(make(false));
    pthread_t thread;
    MUST(pthread_create(&thread, NULL, drop_kept, NULL) == 0);
    pthread_join(thread, NULL);
    MUST(ended == 2);
    return 0;
}
""", types=CLOSURE_TYPES)


@statement("M1")
def additions():
    before = answer_of(BASE_TYPES, BASE_FUNCTIONS)
    after = answer_of({"early": "{struct: {p: point}}", **BASE_TYPES, "late": "u8"},
                      {"first": '"(e early) -> late"', **BASE_FUNCTIONS, "last": '"()"'})
    for key, entry in before.items():
        check_equal(str(key), after[key], entry)


def facts(entry):
    """Bytes and places of an answer, without the list of cases."""
    kept = ("size_bytes", "align_bytes", "discriminant", "reserved", "prototype", "params", "result")
    return {key: entry[key] for key in kept if key in entry}


@statement("M2")
def open_types_grow():
    later = dict(BASE_TYPES, error="{variant: {io: i32, lost: , text: own string, at: u64}, open: {size: 32, align: 8}}",
                 color="{enum: [red, green, blue], open: true, base: u16}", caps="{flags: [a, b, c, d], base: u32, open: true}")
    before, after = answer_of(BASE_TYPES, BASE_FUNCTIONS), answer_of(later, BASE_FUNCTIONS)
    for key, entry in before.items():
        check_equal(str(key), facts(after[key]), facts(entry))
        for old, new in zip(entry.get("cases", []), after[key].get("cases", [])):
            check_equal(f"{key}: {old['name']}", new, old)


@statement("M3")
def parameters_become_optional():
    for niche in ("string", "ref<point>", "box<u32>", "slice<u8>", "borrow file", "own string", "cstring"):
        types = {**BASE_TYPES, "file": "{resource: file_close}"}
        before = answer_of(types, {"use": f'"(x u8, t {niche}) -> bool"'}, ["use"])
        after = answer_of(types, {"use": f'"(x u8, t option<{niche}>) -> bool"'}, ["use"])
        for key, entry in before.items():
            places = [[{name: value for name, value in param.items() if name != "type"} for param in side["params"]]
                      for side in (entry, after[key])]
            check_equal(f"{key} with {niche}", places[1], places[0])


@statement("M4")
def everything_else_stays():
    """Each of these changes is seen in what abide says, so that it cannot happen unnoticed."""
    before = answer_of(BASE_TYPES, BASE_FUNCTIONS)
    for name, changed in (("point", "{struct: {y: i32, x: i32}}"), ("point", "{struct: {x: i32, y: i32, z: i32}}"),
                          ("kind", "{variant: {b: string, a: u32}}"), ("kind", "{variant: {a: u32, b: string, c: }}"),
                          ("kind", "{variant: {a: u32, b: string}, tag: u16}"),
                          ("error", "{variant: {io: i32, lost: }, open: {size: 40, align: 8}}"),
                          ("color", "{enum: [red, green], open: true, base: u8}"),
                          ("caps", "{flags: [a, b], base: u8, open: true}")):
        after = answer_of({**BASE_TYPES, name: changed}, BASE_FUNCTIONS)
        check(any(after[key] != entry for key, entry in before.items()), f"{name} as {changed} changes nothing")
    for name, changed in (("name", '"(s own string) -> own string"'), ("name", '"(s string, n u8) -> own string"'),
                          ("name", '"(s string) -> string from s"'), ("name", '"(s inout string) -> own string"')):
        after = answer_of(BASE_TYPES, {**BASE_FUNCTIONS, name: changed})
        check(any(after[key] != entry for key, entry in before.items()), f"{name} as {changed} changes nothing")


@statement("M5")
def the_specification_grows():
    module = os.path.join(ROOT, "abi-specs", "language", "system.yaml")
    with open(module, encoding="utf-8") as file:
        text = file.read()
    check(re.search(r"^  version: 1\.\d+\.\d+$", text, re.M) is not None, "the module is not of version 1")
    stated = stated_ids()
    cited = re.findall(r"# \[([A-Z]\d+)\]|System ABI 1, ([A-Z]\d+)", text)
    check(len(cited) > 10, "the module cites no statements")
    for name in {one or other for one, other in cited}:
        check(name in stated, f"the module cites {name}, which is not stated")


# --- through adapters, between C's own forms (c_f) and the system ABI (f) --------------------------------------------

C_STRING = """
typedef struct text { char *ptr; size_t len; } text; /* C's own form of a string: pointer and length */
typedef struct maybe_text { bool has; text value; } maybe_text;
"""
# Ends the process well if a conversion stops as it should; main fails if it goes on.
EXPECT_TRAP = """
static size_t expected_code;
static const char *expected_parameter;
void abide_trap(size_t code, const char *function, const char *parameter, size_t value)
{
    (void)value;
    bool is_named = strcmp(function, "f") == 0 && strcmp(parameter, expected_parameter) == 0;
    bool is_shared = code == SYS_TRAP_OVERFLOW && !*function && !*parameter; /* by conversions of several parameters */
    _Exit(code == expected_code && (is_named || is_shared) ? 0 : 1);
}
"""


@statement("L9")
def terminated_strings():
    adapted("terminated", {"f": '"(t string0) -> size"'}, """
size_t c_f(const char *t);
static const uint8_t *seen;
size_t f(const uint8_t *t, size_t t_len);
size_t f(const uint8_t *t, size_t t_len)
{
    seen = t;
    return t && t[t_len] == 0 ? strlen((const char *)t) + 100 * t_len : SIZE_MAX;
}
int main(void)
{
    static const char text[] = "four";
    MUST(c_f(text) == 404 && seen == (const uint8_t *)text);
    MUST(c_f("") == 0);
    return 0;
}
""")
    # What an adapter makes has its NUL too: the sanitizer knows where the memory ends.
    adapted("made", {"f": '"(n size) -> own string0"'}, """
void c_f(size_t n, sys_string *out);
char *f(size_t n);
char *f(size_t n)
{
    char *made = malloc(n + 1);
    assert(made);
    memset(made, 'x', n);
    made[n] = 0;
    return made;
}
int main(void)
{
    for (size_t n = 0; n < 40; n += 8) {
        sys_string made;
        c_f(n, &made);
        MUST(made.len == n && made.ptr[n] == 0 && strlen((char *)made.ptr) == n);
        sys_string_drop(&made);
    }
    return 0;
}
""", caller="system", callee="c")


@statement("N4")
def zero_is_none():
    types = {"holder": "{struct: {name: option<string>, more: option<own string>, n: u64}}"}
    adapted("zero", {"f": '"(t option<string>) -> bool"'}, C_STRING + """
bool c_f(maybe_text t);
bool f(const uint8_t *t, size_t t_len);
bool f(const uint8_t *t, size_t t_len) { (void)t_len; return t != NULL; }
int main(void)
{
    maybe_text none;
    memset(&none, 0xAA, sizeof none);
    none.has = false;
    MUST(!c_f(none));
    MUST(c_f((maybe_text){true, {(char *)"a", 1}}));
    return 0;
}
""")
    adapted("zeroed", {"f": '"(h holder) -> bool"'}, C_STRING + """
typedef struct holder { maybe_text name; maybe_text more; uint64_t n; } holder;
typedef struct sys_holder { sys_str name; sys_string more; uint64_t n; } sys_holder;
bool c_f(const sys_holder *h);
bool f(holder h);
bool f(holder h) { return h.name.has || h.more.has; }
int main(void)
{
    sys_holder zero;
    memset(&zero, 0, sizeof zero);
    MUST(!c_f(&zero));
    zero.name.len = SIZE_MAX / 4; /* has no meaning behind a null pointer */
    MUST(!c_f(&zero));
    zero.name = SYS_STR("a");
    MUST(c_f(&zero));
    return 0;
}
""", types=types, caller="system", callee="c")


@statement("N5")
def what_is_there_is_not_null():
    adapted("present", {"f": '"(t option<string>) -> u32"'}, C_STRING + """
uint32_t c_f(maybe_text t);
uint32_t f(const uint8_t *t, size_t t_len);
uint32_t f(const uint8_t *t, size_t t_len) { return t == NULL ? 0 : t_len == 0 ? 1 : 2; }
int main(void)
{
    MUST(c_f((maybe_text){false, {NULL, 0}}) == 0);
    MUST(c_f((maybe_text){true, {NULL, 0}}) == 1);
    MUST(c_f((maybe_text){true, {(char *)"a", 1}}) == 2);
    return 0;
}
""")


@statement("V1")
def invalid_tags_stop():
    adapted("invalid", {"f": '"(v v) -> u32"'}, EXPECT_TRAP + """
typedef struct c_v { unsigned tag; union { char *text; uint32_t n; } payload; } c_v;
uint32_t c_f(uint32_t v_tag, uint64_t v_0, size_t v_len);
uint32_t f(c_v value);
uint32_t f(c_v value) { return value.tag == 1 ? value.payload.n : (uint32_t)strlen(value.payload.text); }
int main(void)
{
    MUST(c_f(1, 7, 0) == 7);
    MUST(c_f(0, (uintptr_t)"four", 4) == 4);
    expected_code = SYS_TRAP_TAG;
    expected_parameter = "v";
    c_f(2, 7, 0);
    return 1;
}
""", types={"v": "{variant: {text: string, n: u32}}"}, caller="system", callee="c", more="forms: {string: nul}\n")


@statement("V2")
def unknown_values_of_open_types():
    adapted("open", {"f": '"(c color, o caps, e error) -> color"'}, """
typedef SYS_OPEN_VARIANT(16, 8, uint32_t io;) error;
uint16_t c_f(uint16_t c, uint32_t o, error e);
static error seen;
uint16_t f(uint16_t c, uint32_t o, const error *e);
uint16_t f(uint16_t c, uint32_t o, const error *e) { seen = *e; return o == 0xF0000001u ? (uint16_t)(c + 1) : 0; }
int main(void)
{
    error later = {.tag = 9};
    memcpy(later.payload.reserved, "0123456789abcdef", 16);
    MUST(c_f(500, 0xF0000001u, later) == 501);
    MUST(seen.tag == 9 && memcmp(seen.payload.reserved, later.payload.reserved, 16) == 0);
    return 0;
}
""", types={"color": "{enum: [red, green], open: true, base: u16}", "caps": "{flags: [a, b], base: u32, open: true}",
            "error": "{variant: {io: u32}, open: {size: 16, align: 8}}"})
    # Flags take a byte here and four in C: what the listed cases hold is not passed on as it is.
    adapted("known", {"f": '"(r refusal)"'}, """
typedef SYS_OPEN_VARIANT(16, 8, uint8_t why;) refusal;
typedef struct c_refusal { unsigned tag; union { unsigned why; _Alignas(8) char room[16]; } payload; } c_refusal;
void c_f(const refusal *r);
static c_refusal seen;
void f(c_refusal r);
void f(c_refusal r) { seen = r; }
int main(void)
{
    refusal r;
    memset(&r, 0xA5, sizeof r);
    r.tag = 0;
    r.payload.why = 3;
    c_f(&r);
    MUST(seen.tag == 0 && seen.payload.why == 3);
    return 0;
}
""", types={"refusal": "{variant: {why: {flags: [a, b]}}, open: {size: 16, align: 8}}"}, caller="system", callee="c")


@statement("V3")
def text_with_a_nul():
    adapted("inside", {"f": '"(t string) -> own string"'}, C_STRING + """
text c_f(char *t, size_t t_len);
void f(const uint8_t *t, size_t t_len, sys_string *out);
void f(const uint8_t *t, size_t t_len, sys_string *out) { assert(sys_string_copy(sys_str_of(t, t_len), out)); }
int main(void)
{
    char with_nul[] = {'a', 0, (char)0xC3, (char)0xA9};
    text back = c_f(with_nul, sizeof with_nul);
    MUST(back.len == sizeof with_nul && memcmp(back.ptr, with_nul, sizeof with_nul) == 0);
    free(back.ptr);
    return 0;
}
""")


@statement("V6")
def units_that_are_no_text():
    units = "typedef struct { uint16_t *ptr; size_t len; } units;\n"
    adapted("units", {"f": '"(t string16, u utf16) -> own string16"'}, units + """
units c_f(uint16_t *t, size_t t_len, uint16_t *u, size_t u_len);
void f(const uint16_t *t, size_t t_len, const uint16_t *u, size_t u_len, sys_string16 *out);
void f(const uint16_t *t, size_t t_len, const uint16_t *u, size_t u_len, sys_string16 *out)
{
    assert(u_len == 1 && u[0] == 0x20AC);
    uint16_t *copy = malloc(t_len * sizeof *copy);
    memcpy(copy, t, t_len * sizeof *copy);
    *out = sys_string16_adopt(copy, t_len, sys_malloc_owner());
}
int main(void)
{
    uint16_t torn[] = {0xDC00, 0, 'a', 0xD800}, euro[] = {0x20AC, 0xD800};
    units back = c_f(torn, 4, euro, 1);
    MUST(back.len == 4 && memcmp(back.ptr, torn, sizeof torn) == 0);
    free(back.ptr);
    return 0;
}
""", more="checks: checked\n")


@statement("V7")
def another_encoding():
    declarations = """
size_t c_f(uint16_t *t, size_t t_len);
size_t f(const uint8_t *t, size_t t_len);
static uint8_t got[8];
size_t f(const uint8_t *t, size_t t_len) { memcpy(got, t, t_len); return t_len; }
"""
    functions = {"f": "{params: {t: {type: string, form: utf16}}, returns: size}"}
    fine = """
    uint16_t euro[] = {'a', 0x20AC}, face[] = {0xD83D, 0xDE00};
    MUST(c_f(euro, 2) == 4 && memcmp(got, "a\\xE2\\x82\\xAC", 4) == 0);
    MUST(c_f(face, 2) == 4 && memcmp(got, "\\xF0\\x9F\\x98\\x80", 4) == 0 && c_f(NULL, 0) == 0);
"""
    adapted("torn", functions, EXPECT_TRAP + declarations + "int main(void)\n{" + fine + """
    expected_code = SYS_TRAP_UTF16;
    expected_parameter = "t";
    c_f(face + 1, 1);
    return 1;
}
""")
    adapted("narrow", {"f": "{params: {t: {type: string, form: utf16-nul}}, returns: size}"}, EXPECT_TRAP + """
size_t c_f(const uint8_t *t, size_t t_len);
size_t f(uint16_t *t);
size_t f(uint16_t *t) { return t[0] == 0x20AC && t[1] == 0; }
int main(void)
{
    MUST(c_f((const uint8_t *)"\\xE2\\x82\\xAC", 3) == 1);
    expected_code = SYS_TRAP_UTF8;
    expected_parameter = "t";
    c_f((const uint8_t *)"\\xE2\\x82\\xAC", 2);
    return 1;
}
""", caller="system", callee="c")
    # Those of the program are asked instead.
    adapted("own", functions, declarations + """
size_t abide_utf16_to_utf8(const void *text, size_t units, void *memory)
{
    (void)text;
    if (memory)
        memset(memory, '?', units);
    return units;
}
int main(void)
{
    uint16_t torn[] = {0xDC00, 'a'};
    MUST(c_f(torn, 2) == 2 && memcmp(got, "??", 2) == 0);
    return 0;
}
""")


@statement("V4")
def bytes_without_meaning():
    adapted("unused", {"f": '"(r record) -> u64"'}, """
typedef struct sys_record {
    uint8_t a;
    SYS_VARIANT(uint8_t, uint8_t small; sys_str text;) v;
    SYS_OPTION(uint64_t) o;
    uint64_t more[2];
} sys_record;
typedef struct c_record {
    uint8_t a;
    struct { unsigned tag; union { uint8_t small; struct { char *ptr; size_t len; } text; } payload; } v;
    struct { bool has; uint64_t value; } o;
    uint64_t more[2];
} c_record;
uint64_t c_f(const sys_record *r);
uint64_t f(c_record r);
uint64_t f(c_record r) { return r.v.tag == 0 && !r.o.has ? r.a + 10u * r.v.payload.small + r.more[1] : 0; }
int main(void)
{
    for (int filling = 0; filling < 256; filling += 85) {
        sys_record r;
        memset(&r, filling, sizeof r);
        r.a = 1;
        r.v.tag = 0;
        r.v.payload.small = 2;
        r.o.tag = SYS_NONE;
        r.more[0] = r.more[1] = 300;
        MUST(c_f(&r) == 321);
    }
    return 0;
}
""", types={"record": "{struct: {a: u8, v: {variant: {small: u8, text: string}}, o: option<u64>, more: array<u64; 2>}}"},
            caller="system", callee="c")


@statement("V5")
def nothing_is_made_to_fit():
    program = EXPECT_TRAP + """
size_t c_f(const uint8_t *t, size_t t_len);
size_t f(char *t);
size_t f(char *t) { return strlen(t); }
int main(void)
{
    MUST(c_f((const uint8_t *)"abc", 3) == 3);
    MUST(c_f((const uint8_t *)"abc", 2) == 2);
    expected_code = SYS_TRAP_NUL;
    expected_parameter = "t";
    c_f((const uint8_t *)"a\\0c", 3);
    return 1;
}
"""
    functions = {"f": "{params: {t: {type: string, form: nul}}, returns: size}"}
    adapted("cut", functions, program, caller="system", callee="c")
    # An adapter never goes on, even if whoever was called returns.
    returns = program.replace("_Exit(code", "(void)(code").replace("return 1;\n}", "_Exit(0); /* it went on */\n}")
    write("returns.c", COUNTING + returns)
    built = run(["gcc", "-std=c11", "-I" + os.path.join(ROOT, "include"), "returns.c", "cut-adapter.o", "-o", "returns"])
    if check(built.returncode == 0, built.stderr):
        check(run(["./returns"]).returncode < 0, "the adapter went on behind abide_trap")
    adapted("beyond", {"f": '"(s slice<string>) -> size"'}, EXPECT_TRAP + """
size_t c_f(const sys_str *s, size_t s_len);
size_t f(char **s, size_t s_len);
size_t f(char **s, size_t s_len) { return s_len ? strlen(s[s_len - 1]) : 100; }
int main(void)
{
    sys_str two[] = {SYS_STR("a"), SYS_STR("bc")};
    MUST(c_f(two, 2) == 2);
    MUST(c_f(NULL, 0) == 100);
    expected_code = SYS_TRAP_OVERFLOW;
    expected_parameter = "s";
    c_f(two, SIZE_MAX / 4); /* so many pointers fit in no memory */
    return 1;
}
""", caller="system", callee="c", more="forms: {string: nul}\n")
    # The same codes as the adapters'.
    for target in (HOST,):
        names = ("NUL", "OVERFLOW", "TAG", "NULL", "NO_MEMORY", "ABSENT", "KEPT")
        asserts_hold(target, '#include "plan/routine.h"\n' + "".join(
            f'_Static_assert((int)SYS_TRAP_{name} == (int)ABIDE_TRAP_{name}, "{name}");\n' for name in names),
                     flags=["-I" + os.path.join(ROOT, "layout-engine"), "-D_POSIX_C_SOURCE=200809L"], hosted=True)


@statement("E1")
def empty_means_nothing_of_the_pointer():
    for caller, callee in (("c", "system"), ("system", "c")):
        adapted(f"empty-{caller}", {"f": '"(s slice<u32>, t string) -> u32"'}, """
uint32_t c_f(const uint32_t *s, size_t s_len, const char *t, size_t t_len);
uint32_t f(const uint32_t *s, size_t s_len, const char *t, size_t t_len);
uint32_t f(const uint32_t *s, size_t s_len, const char *t, size_t t_len)
{
    uint32_t sum = 1;
    for (size_t i = 0; i < s_len; i++)
        sum += s[i];
    for (size_t i = 0; i < t_len; i++)
        sum += (uint8_t)t[i];
    return sum;
}
int main(void)
{
    static const uint32_t one[] = {5};
    MUST(c_f(one, 1, "a", 1) == 6 + 'a');
    MUST(c_f(NULL, 0, NULL, 0) == 1);
    MUST(c_f((const uint32_t *)(uintptr_t)12, 0, (const char *)(uintptr_t)1, 0) == 1);
    return 0;
}
""", caller=caller, callee=callee)


@statement("E2")
def empty_where_null_means_something_else():
    adapted("aligned", {"f": '"(s option<slice<f64>>) -> u32"'}, """
typedef struct numbers { const double *ptr; size_t len; } numbers;
typedef struct maybe_numbers { bool has; numbers value; } maybe_numbers;
uint32_t c_f(maybe_numbers s);
uint32_t f(const double *s, size_t s_len);
uint32_t f(const double *s, size_t s_len)
{
    if (s == NULL || (uintptr_t)s % _Alignof(double) != 0)
        return 0;
    for (size_t i = 0; s_len == 0 && i < sizeof *s; i++)
        if (((const char *)s)[i] != 0)
            return 0;
    return 1 + (uint32_t)s_len;
}
int main(void)
{
    static const double one[] = {1};
    MUST(c_f((maybe_numbers){true, {one, 1}}) == 2);
    MUST(c_f((maybe_numbers){true, {NULL, 0}}) == 1);
    MUST(c_f((maybe_numbers){false, {NULL, 0}}) == 0);
    return 0;
}
""")


RESULT = C_STRING + """
static counting owner = COUNTING;
text c_f(uint32_t n);
void f(uint32_t n, sys_string *out);
void f(uint32_t n, sys_string *out) { *out = sys_string_adopt("abcdef", n, %s); }
"""


@statement("E3")
def empty_and_owned():
    adapted("released", {"f": '"(n u32) -> own string"'}, RESULT % "&owner.owner" + """
int main(void)
{
    text t = c_f(0);
    MUST(t.len == 0);
    free(t.ptr);
    MUST(owner.released == 1 && owner.bytes == 0 && memcmp(owner.ptr, "abc", 3) == 0);
    return 0;
}
""")


@statement("O2")
def nobody_has_to_release():
    adapted("static", {"f": '"(n u32) -> own string"'}, RESULT % "NULL" + """
int main(void)
{
    text t = c_f(4);
    MUST(t.len == 4 && memcmp(t.ptr, "abcd", 4) == 0 && owner.released == 0);
    free(t.ptr);
    return 0;
}
""")


@statement("O3")
def release_once():
    adapted("once", {"f": '"(n u32) -> own string"', "g": '"() -> own slice<u32>"', "h": '"() -> own string0"'},
            RESULT % "&owner.owner" + """
typedef struct numbers { uint32_t *ptr; size_t len; } numbers;
static uint32_t three[] = {1, 2, 3};
static counting other = COUNTING;
numbers c_g(void);
typedef SYS_OWN_SLICE(uint32_t) own_numbers;
void g(own_numbers *out);
void g(own_numbers *out) { *out = (own_numbers){three, 3, &other.owner}; }
static char four[] = "four";
static counting last = COUNTING;
char *c_h(void);
void h(sys_string *out);
void h(sys_string *out) { *out = sys_string_adopt(four, 4, &last.owner); }
int main(void)
{
    text t = c_f(5);
    MUST(owner.released == 1 && owner.bytes == 5 && t.len == 5 && t.ptr != owner.ptr);
    free(t.ptr);
    numbers n = c_g();
    MUST(other.released == 1 && other.bytes == 12 && other.ptr == three && n.len == 3 && n.ptr[2] == 3);
    free(n.ptr);
    char *ended = c_h();
    MUST(last.released == 1 && last.bytes == 4 && last.ptr == four && strcmp(ended, "four") == 0);
    free(ended);
    return 0;
}
""")


@statement("O4")
def destroyed_in_order():
    adapted("ordered", {"f": '"(c u32) -> chosen"'}, C_STRING + """
typedef struct texts { text *ptr; size_t len; } texts;
typedef struct c_chosen { unsigned tag; union { struct { texts all; text last; } many; text one; } payload; } c_chosen;
typedef SYS_OWN_SLICE(sys_string) own_texts;
typedef SYS_VARIANT(uint8_t, struct { own_texts all; sys_string last; } many; sys_string one;) chosen;
static char order[16];
static void note(sys_owner *self, void *ptr, size_t bytes)
{
    (void)self;
    order[strlen(order)] = bytes == sizeof(sys_string) * 2 ? 'S' : *(const char *)ptr;
}
static sys_owner noting = {note};
c_chosen c_f(uint32_t c);
uint32_t f(uint32_t c, chosen *out);
uint32_t f(uint32_t c, chosen *out)
{
    static sys_string two[2];
    two[0] = sys_string_adopt("a", 1, &noting);
    two[1] = sys_string_adopt("b", 1, &noting);
    out->tag = (uint8_t)c;
    if (c == 0) {
        out->payload.many.all = (own_texts){two, 2, &noting};
        out->payload.many.last = sys_string_adopt("c", 1, &noting);
    } else {
        out->payload.one = sys_string_adopt("d", 1, &noting);
    }
    return c;
}
int main(void)
{
    c_chosen many = c_f(0);
    MUST(strcmp(order, "abSc") == 0);
    for (size_t i = 0; i < 2; i++)
        free(many.payload.many.all.ptr[i].ptr);
    free(many.payload.many.all.ptr);
    free(many.payload.many.last.ptr);
    c_chosen one = c_f(1);
    MUST(strcmp(order, "abScd") == 0);
    free(one.payload.one.ptr);
    return 0;
}
""", types={"chosen": "{variant: {many: {struct: {all: own slice<own string>, last: own string}}, one: own string}}"})


MESSAGE = {"message": "{struct: {id: u64, text: own string, a: u64, b: u64}}"}
MESSAGES = C_STRING + """
static counting owner = COUNTING;
typedef struct message { uint64_t id; sys_string text; uint64_t a, b; } message;
typedef struct c_message { uint64_t id; text text; uint64_t a, b; } c_message;
static message made(void)
{
    return (message){1, sys_string_adopt("hello", 5, &owner.owner), 2, 3};
}
"""


@statement("O6")
def borrowed_for_the_call():
    adapted("borrowed", {"f": '"(m message) -> size"'}, MESSAGES + """
size_t c_f(const message *m);
size_t f(c_message m);
size_t f(c_message m) { return m.text.len + m.text.ptr[0]; }
int main(void)
{
    message m = made();
    MUST(c_f(&m) == 5 + 'h' && c_f(&m) == 5 + 'h');
    MUST(owner.released == 0 && m.text.owner == &owner.owner);
    return 0;
}
""", types=MESSAGE, caller="system", callee="c")


@statement("O7")
def given_away_on_every_path():
    adapted("given", {"f": '"(t own string, fail bool) -> result<u32, u32>"'}, C_STRING + """
typedef struct c_result { unsigned tag; union { uint32_t ok; uint32_t err; } payload; } c_result;
typedef struct words { uint32_t tag; uint32_t value; } words;
c_result c_f(char *t, size_t t_len, bool fail);
words f(uint8_t *t, size_t t_len, sys_owner *t_owner, bool fail);
words f(uint8_t *t, size_t t_len, sys_owner *t_owner, bool fail)
{
    sys_string mine = sys_string_adopt(t, t_len, t_owner);
    words answer = {fail ? SYS_ERR : SYS_OK, (uint32_t)t_len};
    sys_string_drop(&mine);
    return answer;
}
int main(void)
{
    for (int fail = 0; fail < 2; fail++) { /* the leak checker sees what nobody frees */
        char *given = malloc(3);
        MUST(given);
        memcpy(given, "abc", 3);
        c_result answer = c_f(given, 3, fail);
        MUST(answer.tag == (unsigned)fail && answer.payload.ok == 3);
    }
    return 0;
}
""")


@statement("O8")
def results_are_the_callers():
    adapted("results", {"f": '"(a out own string, b inout own string) -> own string"'}, C_STRING + """
text c_f(text *a, text *b);
void f(sys_string *a, sys_string *b, sys_string *out);
static void set(sys_string *out, sys_str value) { assert(sys_string_copy(value, out)); }
void f(sys_string *a, sys_string *b, sys_string *out)
{
    set(a, SYS_STR("new"));
    set(out, sys_string_view(b));
    sys_string_drop(b);
    set(b, SYS_STR("changed"));
}
int main(void)
{
    text a, b = {malloc(3), 3};
    MUST(b.ptr);
    memcpy(b.ptr, "old", 3);
    text result = c_f(&a, &b);
    MUST(a.len == 3 && memcmp(a.ptr, "new", 3) == 0 && b.len == 7 && memcmp(b.ptr, "changed", 7) == 0);
    MUST(result.len == 3 && memcmp(result.ptr, "old", 3) == 0);
    free(a.ptr);
    free(b.ptr);
    free(result.ptr);
    return 0;
}
""")


@statement("O9")
def part_of_a_parameter():
    adapted("part", {"f": '"(h file) -> string from h"'}, C_STRING + """
typedef struct file { char name[8]; } file;
text c_f(file *h);
sys_str f(file *h);
sys_str f(file *h) { return sys_str_from_cstr(h->name); }
int main(void)
{
    file h = {"ada"};
    text name = c_f(&h);
    MUST(name.ptr == h.name && name.len == 3); /* no copy: it is the same memory, and nobody is to free it */
    return 0;
}
""", types={"file": "{resource: file_close}"})


@statement("O10")
def what_lies_in_a_value_follows_it():
    adapted("follows", {"f": '"(m message) -> size"', "g": '"(m own message) -> size"'}, MESSAGES + """
size_t c_f(const message *m);
size_t c_g(message *m);
size_t f(c_message m);
size_t g(c_message m);
size_t f(c_message m) { return m.text.len; }
size_t g(c_message m)
{
    size_t len = m.text.len;
    free(m.text.ptr);
    return len;
}
int main(void)
{
    message m = made();
    MUST(c_f(&m) == 5 && owner.released == 0);
    MUST(c_g(&m) == 5 && owner.released == 1 && owner.bytes == 5);
    return 0;
}
""", types=MESSAGE, caller="system", callee="c")


@statement("O11")
def resources():
    adapted("handles", {"f": '"() -> own file"', "g": '"(h file) -> u32"', "h": '"(h own file) -> u32"'}, """
typedef struct file { int open; } file;
static file only = {0};
void file_close(file *h);
void file_close(file *h) { h->open--; }
file *c_f(void);
uint32_t c_g(file *h);
uint32_t c_h(file *h);
file *f(void);
uint32_t g(file *h);
uint32_t h(file *h);
file *f(void) { only.open++; return &only; }
uint32_t g(file *h) { return (uint32_t)h->open; }
uint32_t h(file *own) { file_close(own); return (uint32_t)own->open; }
int main(void)
{
    file *first = c_f();
    MUST(first == &only && c_g(first) == 1 && c_g(first) == 1); /* borrowed: still open */
    file_close(first);
    MUST(only.open == 0);
    MUST(c_h(c_f()) == 0); /* given away: the callee has closed it, and nobody else */
    return 0;
}
""", types={"file": "{resource: file_close}"})


FAILING = {"code": "{enum: {gone: 2, denied: 13}}", "trouble": "{variant: {end: {tag: 5}, other: {type: i32, tag: 100}}}"}
FAILING_C = """
#include <errno.h>
#include <sys/wait.h>
#include <unistd.h>
typedef struct { uint32_t tag; uint32_t value; } outcome; /* of two words [C12] */
typedef SYS_VARIANT(uint8_t, int32_t other;) trouble;
typedef SYS_RESULT(uint32_t, trouble) rich;
static inline outcome ok(uint32_t value) { return (outcome){SYS_OK, value}; }
static inline outcome err(int32_t error) { return (outcome){SYS_ERR, (uint32_t)error}; }
"""


@statement("F1")
def failures_are_values():
    plain = "() -> result<u32, i32>", "() -> result<own string, code>", "() -> result<unit, trouble>"
    for way in ("status+out", "errno", "{last-error: last}"):
        file = interface(FAILING, {
            **{f"f{i}": f'"{signature}"' for i, signature in enumerate(plain)},
            **{f"g{i}": f'{{sig: "{signature}", errors: {way}}}' for i, signature in enumerate(plain)}})
        for target, answer in answers("call", file, list(TARGETS)).items():
            prototypes = [re.sub(r"\b[fg](\d)\(", r"f\1(", entry["prototype"]) for entry in answer["functions"]]
            check_equal(f"{target}, {way}", prototypes[len(plain):], prototypes[:len(plain)])


TOLD = {
    "status": '{sig: "(n i32) -> result<u32, i32>", errors: status+out}',
    "number": '{sig: "(n i32) -> result<u32, code>", errors: errno}',
    "rich": '{sig: "(n i32) -> result<u32, trouble>", errors: negative-errno}',
}


@statement("F2")
def failures_arrive():
    adapted("told", TOLD, FAILING_C + """
outcome status(int32_t n) { return n ? err(n) : ok(7); }
outcome number(int32_t n) { errno = 77; return n ? err(n) : ok(8); }
uint32_t give_rich(int32_t n, rich *out) __asm__("rich");
uint32_t give_rich(int32_t n, rich *out)
{
    memset(out, 0x55, sizeof *out);
    out->tag = n ? SYS_ERR : SYS_OK;
    if (!n)
        out->payload.ok = 9;
    else
        out->payload.err.tag = n == 5 ? 0 : 100;
    if (n && n != 5)
        out->payload.err.payload.other = n;
    return out->tag;
}
int c_status(int32_t n, uint32_t *result);
uint32_t c_number(int32_t n);
uint32_t c_rich(int32_t n);
int main(void)
{
    uint32_t result = 1;
    MUST(c_status(0, &result) == 0 && result == 7);
    MUST(c_status(-3, &result) == -3 && result == 7);
    MUST(c_number(0) == 8);
    MUST(c_number(13) == UINT32_MAX && errno == 13);
    MUST(c_rich(0) == 9 && c_rich(40) == (uint32_t)-40);
    return 0;
}
""", types=FAILING)
    adapted("heard", TOLD, FAILING_C + """
int status(int32_t n, uint32_t *result) { *result = 7; return n; }
uint32_t number(int32_t n) { errno = n; return n ? UINT32_MAX : 8; }
uint32_t give_rich(int32_t n) __asm__("rich");
uint32_t give_rich(int32_t n) { return n ? (uint32_t)-n : 9; }
outcome c_status(int32_t n);
outcome c_number(int32_t n);
uint32_t c_rich(int32_t n, rich *out);
int main(void)
{
    rich got;
    MUST(c_status(0).tag == SYS_OK && c_status(0).value == 7);
    MUST(c_status(-3).tag == SYS_ERR && c_status(-3).value == (uint32_t)-3);
    MUST(c_number(0).tag == SYS_OK && c_number(0).value == 8);
    MUST(c_number(13).tag == SYS_ERR && c_number(13).value == 13);
    MUST(c_rich(0, &got) == SYS_OK && got.payload.ok == 9);
    MUST(c_rich(5, &got) == SYS_ERR && got.tag == SYS_ERR && got.payload.err.tag == 5);
    MUST(c_rich(40, &got) == SYS_ERR && got.payload.err.tag == 100 && got.payload.err.payload.other == 40);
    return 0;
}
""", types=FAILING, caller="system", callee="c")


TRAPPING = """
void abide_trap(size_t code, const char *function, const char *parameter, size_t value)
{
    (void)parameter, (void)value;
    _exit(code == SYS_TRAP_TAG && *function ? 42 : 43);
}
static bool traps(void (*call)(void))
{
    int status = 0;
    pid_t child = fork();
    if (child == 0) {
        call();
        _exit(0);
    }
    return waitpid(child, &status, 0) == child && WIFEXITED(status) && WEXITSTATUS(status) == 42;
}
"""


@statement("F3")
def failures_that_cannot_arrive():
    told = {name: TOLD[name] for name in ("status", "number")}
    adapted("untold", told, FAILING_C + TRAPPING + """
outcome status(int32_t n) { return err(n); }
outcome number(int32_t n) { return ok((uint32_t)n); }
int c_status(int32_t n, uint32_t *result);
uint32_t c_number(int32_t n);
static uint32_t result;
static void error_like_success(void) { c_status(0, &result); }
static void value_like_failure(void) { c_number(-1); }
int main(void)
{
    MUST(c_status(1, &result) == 1 && c_number(4) == 4);
    MUST(traps(error_like_success) && traps(value_like_failure));
    return 0;
}
""", types=FAILING)
    adapted("unheard", {"number": TOLD["number"]}, FAILING_C + TRAPPING + """
uint32_t number(int32_t n) { errno = n; return UINT32_MAX; }
outcome c_number(int32_t n);
static void no_such_error(void) { c_number(3); }
int main(void)
{
    MUST(c_number(2).value == 2);
    MUST(traps(no_such_error));
    return 0;
}
""", types=FAILING, caller="system", callee="c")
