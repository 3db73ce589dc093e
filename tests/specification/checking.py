"""Statements K: checked values. tests/checks does the same with random types and values."""
from behaviour import EXPECT_TRAP, HOST, adapted
from support import abide, check, interface, refused, statement

CHECKED = "checks: checked\n"


def traps(name, functions, declarations, good, bad, types=None, hooks="", **options):
    """Each call of `good` must hold; each of `bad`, (code, path, call), must end in that trap."""
    for number, (code, path, call) in enumerate(bad):
        adapted(f"{name}{number}", functions, EXPECT_TRAP + declarations + "int main(void)\n{\n" +
                "".join(f"    MUST({one});\n" for one in good) + f"    expected_code = SYS_TRAP_{code};\n" +
                f'    expected_parameter = "{path}";\n    {call};\n    return 1;\n}}\n', types=types,
                more=CHECKED + hooks, **options)


@statement("K1")
def what_enters():
    for caller, callee, count in (("c", "system", 1), ("system", "c", 0), ("c", "c", 0)):
        file = interface(None, {"f": '"(b bool) -> bool"'}, name=f"way-{caller}-{callee}.abi.yaml", more=CHECKED)
        plan = abide("plan", file, "--caller", caller, "--callee", callee, "--target", HOST)
        check(plan.count("check b") == count and plan.count("check the result") == (caller == "system"),
              f"from {caller} to {callee}:\n{plan}")
    for checks, count in (("trust", 0), ("checked", 1)):
        plan = abide("plan", file, "--caller", "c", "--callee", "system", "--checks", checks, "--target", HOST)
        check(plan.count("check b") == count, f"--checks {checks}:\n{plan}")
    back = """
size_t made;
uint8_t c_f(uint8_t *o);
uint8_t f(uint8_t *o);
uint8_t f(uint8_t *o) { *o = made == 1 ? 2 : 1; return made == 2 ? 2 : 1; }
"""
    for made, path in ((1, "o"), (2, "result")):
        traps(f"back{made}", {"f": '"(o out bool) -> bool"'}, back, ["c_f(&(uint8_t){0}) == 1"],
              [("BOOL", path, f"made = {made}, c_f(&(uint8_t){{0}})")], caller="system", callee="c")
    # A callback's arguments come from C here, and what it returns goes there.
    called = """
typedef uint8_t callback(uint8_t b, void *user);
size_t given;
void c_f(callback *fn, void *env);
void f(callback *fn, void *env);
void f(callback *fn, void *env) { MUST_(fn((uint8_t)given, env) == 1); }
static uint8_t mine(uint8_t b, void *user) { return b == 1 && user == &given; }
""".replace("MUST_(", "if (!(").replace("== 1);", "== 1)) abort();")
    traps("callback", {"f": '"(do callback(b bool) -> bool)"'}, called,
          ["(given = 1, c_f(mine, &given), true)"], [("BOOL", "b", "given = 3, c_f(mine, &given)")], caller="system", callee="c")


@statement("K2")
def what_is_invalid():
    types = {"e": "{enum: {a: 3, b: 5}, base: u8}", "g": "{flags: [x, y], base: u8}", "s": "{variant: {none: , some: u8}}"}
    one = [("b bool", "uint32_t", "c_f(1)", [("BOOL", "b", "c_f(2)")]),
           ("b e", "uint32_t", "c_f(5)", [("ENUM", "b", "c_f(4)")]), ("b g", "uint32_t", "c_f(3)", [("FLAGS", "b", "c_f(4)")]),
           ("b char", "uint32_t", "c_f(0x10FFFF)", [("CHAR", "b", "c_f(0xD800)"), ("CHAR", "b", "c_f(0x110000)")]),
           ("b ref<u32>", "const void *", "c_f(&(uint32_t){0})",
            [("NULL", "b", "c_f(NULL)"), ("ALIGN", "b", "c_f((const char *)&(uint32_t[2]){0} + 1)")]),
           ("b box<u32>", "void *", "c_f(&(uint32_t){0})", [("NULL", "b", "c_f(NULL)")]),
           ("b string0", "const char *", 'c_f("\\xc3\\xa4")', [("UTF8", "b", 'c_f("\\xc3")'), ("NULL", "b", "c_f(NULL)")])]
    for number, (param, c, good, bad) in enumerate(one):
        traps(f"one{number}_", {"f": f'"({param}) -> bool"'},
              f"uint8_t c_f({c} b);\nuint8_t f(void);\nuint8_t f(void) {{ return 1; }}\n", [good], bad, types=types)
    two = "uint8_t c_f(const void *p, size_t n);\nuint8_t f(void);\nuint8_t f(void) { return 1; }\n"
    traps("text", {"f": '"(b string) -> bool"'}, two, ['c_f("a", 1)', "c_f(NULL, 0)"],
          [("UTF8", "b", 'c_f("a\\xe2\\x82", 3)'), ("NULL", "b", "c_f(NULL, 1)"), ("OVERFLOW", "b", 'c_f("a", SIZE_MAX)')])
    traps("row", {"f": '"(b slice<u32>) -> bool"'}, two, ["c_f(&(uint32_t){0}, 1)", "c_f(NULL, 0)", "c_f((void *)1, 0)"],
          [("NULL", "b", "c_f(NULL, 1)"), ("OVERFLOW", "b", "c_f(&(uint32_t){0}, PTRDIFF_MAX / 4 + 1)"),
           ("ALIGN", "b", "c_f((char *)&(uint32_t[2]){0} + 2, 1)")])
    traps("ended", {"f": '{sig: "(b string0) -> bool", forms: {string0: counted}}'}, two, ['c_f("ab", 2)', 'c_f("", 0)'],
          [("NUL", "b", 'c_f("ab", 1)'), ("NUL", "b", 'c_f("a\\0b", 3)'), ("NULL", "b", "c_f(NULL, 0)")])
    sums = "typedef struct { unsigned tag; uint8_t some; } sum;\nuint8_t c_f(sum b);\nuint8_t f(void);\nuint8_t f(void) { return 1; }\n"
    traps("sum", {"f": '"(b s) -> bool"'}, sums, ["c_f((sum){1, 9})"], [("TAG", "b", "c_f((sum){2, 9})"), ("TAG", "b", "c_f((sum){257, 9})")],
          types=types)


    sized = """
typedef struct grown { SYS_SIZED uint32_t a; uint8_t b; uint8_t c; } grown;
uint8_t c_f(const grown *b);
uint8_t f(const grown *b);
uint8_t f(const grown *b) { return b->a == 7; }
"""
    types = {"g": '{struct: {a: u32, b: {type: bool, since: "2"}, c: {type: bool, since: "2"}}, open: sized}'}
    traps("grown", {"f": '"(b g) -> bool"'}, sized,
          ["c_f(&(grown){8, 7, 2, 2})", "c_f(&(grown){9, 7, 1, 2})", "c_f(&(grown){12, 7, 1, 0})"],
          [("SIZE", "b", "c_f(&(grown){7, 7, 0, 0})"), ("SIZE", "b", "c_f(&(grown){0, 7, 0, 0})"),
           ("BOOL", "b.b", "c_f(&(grown){9, 7, 2, 0})"), ("BOOL", "b.c", "c_f(&(grown){12, 7, 1, 2})")], types=types)
    traps("room", {"f": '"(b out g)"'}, sized.replace("uint8_t f(", "void f(").replace("uint8_t c_f(", "void c_f(").replace(
        "const ", "").replace("return b->a == 7", "b->a = 7"), ["(c_f(&(grown){8, 0, 0, 0}), true)"],
          [("SIZE", "b", "c_f(&(grown){7, 0, 0, 0})")], types=types)
    objects = """
typedef struct shape { SYS_VTABLE_HEADER double (*area)(void *self); bool (*scale)(void *self, double by); } shape;
static shape table = {sizeof(shape), 0, 0, NULL, NULL, NULL, NULL, NULL};
bool c_f(void *b, const shape *vtable);
bool f(void *b, const shape *vtable);
bool f(void *b, const shape *vtable) { return b && vtable; }
"""
    more = """interfaces:
  shape:
    area: (self) -> f64
    scale: {sig: "(self, by f64) -> bool", since: "1.1"}
"""
    for number, (code, call) in enumerate((("NULL", "c_f(NULL, &table)"), ("NULL", "c_f(&table, NULL)"), (
            "SIZE", "(table.size = offsetof(shape, area), c_f(&table, &table))"))):
        adapted(f"object{number}", {"f": '"(b dyn shape) -> bool"'}, EXPECT_TRAP + objects + f"""
int main(void)
{{
    MUST(c_f(&table, &table));
    table.size = offsetof(shape, scale);
    MUST(c_f(&table, &table));
    expected_code = SYS_TRAP_{code};
    expected_parameter = "b";
    {call};
    return 1;
}}
""", caller="system", more=CHECKED + more)


@statement("K3")
def what_is_told():
    types = {"opts": "{struct: {names: slice<string>, pair: tuple<u8; bool>, pick: {variant: {none: , some: box<bool>}}}}"}
    declarations = """
typedef struct { sys_str *names; size_t count; uint8_t pair[2]; struct { unsigned tag; uint8_t *some; } pick; } opts;
size_t c_f(opts o);
size_t f(void);
size_t f(void) { return 1; }
#define TEXT(text) {(const uint8_t *)(text), sizeof(text) - 1}
static sys_str texts[] = {TEXT("a"), TEXT("b"), TEXT("c"), TEXT("d\\xff")};
uint8_t two = 2;
"""
    traps("told", {"f": '"(o opts) -> size"'}, declarations, ["c_f((opts){texts, 3, {9, 1}, {0, NULL}}) == 1"],
          [("UTF8", "o.names[3]", "c_f((opts){texts, 4, {9, 1}, {0, NULL}})"), ("BOOL", "o.pair.1", "c_f((opts){texts, 3, {9, 4}, {0, NULL}})"),
           ("BOOL", "o.pick.some", "c_f((opts){texts, 3, {9, 1}, {1, &two}})"), ("NULL", "o.pick.some", "c_f((opts){texts, 3, {9, 1}, {1, NULL}})")],
          types=types)


@statement("K4")
def errors_instead():
    adapted("instead", {"f": '"(t own string, b bool, at out u64) -> result<u8, failure>"'}, """
uint64_t c_f(uint8_t *t, size_t t_len, sys_owner *t_owner, uint32_t b, uint64_t *at);
typedef struct { uint32_t tag; uint32_t value; } answer;
answer a_f(uint8_t *t, size_t t_len, sys_owner *t_owner, uint32_t b, uint64_t *at) __asm__("c_f");
answer f(uint8_t *t, size_t t_len, sys_owner *t_owner, uint8_t b, uint64_t *at);
static int calls;
answer f(uint8_t *t, size_t t_len, sys_owner *t_owner, uint8_t b, uint64_t *at)
{
    calls++;
    sys_release(t_owner, t, t_len);
    *at = 4;
    return (answer){0, b};
}
int main(void)
{
    counting own = COUNTING;
    uint64_t at = 9;
    answer got = a_f((uint8_t *)"ab", 2, &own.owner, 1, &at);
    MUST(got.tag == 0 && got.value == 1 && calls == 1 && own.released == 1 && at == 4);
    got = a_f((uint8_t *)"a\\xff", 2, &own.owner, 1, &at);
    MUST(got.tag == 1 && got.value == 6 && calls == 1 && own.released == 2 && own.bytes == 2 && at == 0);
    got = a_f((uint8_t *)"ab", 2, &own.owner, 2, &at);
    MUST(got.tag == 1 && got.value == 6 && calls == 1 && own.released == 3);
    got = a_f((uint8_t *)"ab", SIZE_MAX, &own.owner, 1, &at);
    MUST(got.tag == 1 && got.value == 6 && calls == 1 && own.released == 3);
    return 0;
}
""", types={"failure": "{enum: {lost: 2, wrong: 6}}"}, caller="system", callee="system",
            more="checks: {mode: convert, on-invalid: wrong}\n")


@statement("K5")
def text_of_the_programs_own():
    declarations = """
uint8_t c_f(const char *t, size_t n);
uint8_t f(void);
uint8_t f(void) { return 1; }
"""
    traps("usual", {"f": '"(t string) -> bool"'}, declarations, ['c_f("ab", 2)'], [("UTF8", "t", 'c_f("a\\x80", 2)')])
    strict = declarations + "size_t abide_check_utf8(const void *text, size_t bytes) { return bytes && *(const char *)text == 'x' ? 0 : bytes; }\n"
    traps("own", {"f": '"(t string) -> bool"'}, strict, ['c_f("a\\x80", 2)'], [("UTF8", "t", 'c_f("xy", 2)')])
    units = """
uint8_t c_f(uint16_t *t, size_t n);
uint8_t f(void);
uint8_t f(void) { return 1; }
uint16_t torn[] = {'a', 0xD800}, fine[] = {0xD800, 0xDC00};
"""
    function = {"f": '"(t utf16) -> bool"'}
    traps("units", function, units, ["c_f(fine, 2)"], [("UTF16", "t", "c_f(torn, 2)"), ("UTF16", "t", "c_f(fine, 1)")])
    lax = units + "size_t abide_check_utf16(const void *text, size_t units) { return *(const uint16_t *)text == 'a' ? units : 0; }\n"
    traps("lax", function, lax, ["c_f(torn, 2)"], [("UTF16", "t", "c_f(fine, 2)")])


@statement("K6")
def what_closures_get():
    types = {"pick": "callback (b bool) -> bool", "held": "{struct: {pick: own pick}}", "bare": "{struct: {pick: 'fn(b bool) -> bool'}}"}
    declarations = """
typedef uint8_t pick(uint8_t b, void *env);
uint8_t given = 1, answered = 1;
static uint8_t mine(uint8_t b, void *env) { return b == 1 && env == &given ? answered : 9; }
typedef struct { pick *fn; void *env; void (*drop)(void *); } closure;
static bool use(pick *fn, void *env) { return fn(given, env) == 1; }
uint8_t c_f(pick *fn, void *env, void (*drop)(void *));
uint8_t f(closure);
uint8_t f(closure c) { bool fine = use(c.fn, c.env); if (c.drop) c.drop(c.env); return fine; }
"""
    # Code of the system ABI is called back by C, and gets what is invalid.
    for number, parameter in enumerate(("pick", "held", "option<own pick>")):
        own = declarations
        if "option" in parameter:
            own = own.replace("uint8_t f(closure);\nuint8_t f(closure c) {", "typedef struct { bool has; closure value; } maybe;\n"
                              "uint8_t f(maybe);\nuint8_t f(maybe m) { closure c = m.value;")
        traps(f"called{number}_", {"f": f'"(f own {parameter}) -> bool"'}, own,
              ["c_f(mine, &given, NULL)"], [("BOOL", "b", "given = 2, c_f(mine, &given, NULL)")], types=types, caller="system", callee="c")
    # C is called back by code of the system ABI, and returns what is invalid.
    back = declarations.replace("uint8_t c_f(pick *fn, void *env, void (*drop)(void *));", "uint8_t c_f(closure c);").replace(
        "uint8_t f(closure);\nuint8_t f(closure c) { bool", "uint8_t f(pick *fn, void *env, void (*drop)(void *));\n"
        "uint8_t f(pick *fn, void *env, void (*drop)(void *))\n{ closure c = {fn, env, drop}; bool")
    traps("returned", {"f": '"(f own pick) -> bool"'}, back, ["c_f((closure){mine, &given, NULL})"],
          [("BOOL", "result", "answered = 2, c_f((closure){mine, &given, NULL})")], types=types)
    for caller, callee, own in (("system", "c", ""), ("system", "c", "own "), ("system", "system", "own "), ("system", "system", "")):
        adapted(f"judge-{callee}{len(own)}", {"f": f'"(j {own}dyn judge, b u32) -> bool"'}, """
typedef struct judge { SYS_VTABLE_HEADER uint8_t (*ask)(void *self, uint8_t b); } judge;
static uint8_t answered = 1;
static int dropped;
static uint8_t ask(void *self, uint8_t b) { return self == &dropped && b == 1 ? answered : 9; }
static void drop(void *self) { dropped += self == &dropped; }
static judge table = {sizeof(judge), 0, 0, drop, NULL, NULL, ask};
typedef struct { void *data; const judge *vtable; } object;
uint8_t c_f(void *data, const judge *vtable, uint32_t b);
#ifdef IN_C
uint8_t f(object j, uint32_t b);
uint8_t f(object j, uint32_t b)
{
#else
uint8_t f(void *data, const judge *vtable, uint32_t b);
uint8_t f(void *data, const judge *vtable, uint32_t b)
{
    object j = {data, vtable};
#endif
    uint8_t fine = j.vtable->ask(j.data, (uint8_t)b);
    if (OWN)
        j.vtable->drop(j.data);
    return fine;
}
void abide_trap(size_t code, const char *function, const char *parameter, size_t value)
{
    (void)value;
    _Exit(code == SYS_TRAP_BOOL && strstr(function, "ask") && strcmp(parameter, "b") == 0 ? 0 : 1);
}
int main(void)
{
    MUST(c_f(&dropped, &table, 1) == 1 && dropped == OWN);
    c_f(&dropped, &table, 2);
    return 1;
}
""".replace("#ifdef IN_C", "#if " + str(int(callee == "c"))).replace("OWN", str(int(bool(own)))),
                caller=caller, callee=callee, more=CHECKED + "interfaces: {judge: {ask: '(self, b bool) -> bool'}}\n")
    for number, parameter in enumerate(("bare", "slice<bare>", "option<bare>")):
        file = interface(types, {"f": f'"(f {parameter})"'}, name=f"bare{number}.abi.yaml", more=CHECKED)
        refused("cannot-adapt", "plan", file, "--caller", "system", "--callee", "c", "--target", HOST)
        abide("plan", file, "--caller", "system", "--callee", "c", "--target", HOST, "--checks", "trust")


@statement("K7")
def once_again():
    # A runtime as Nim's has environments that end with whoever holds them: here never.
    hooks = "hooks: {new_env: nim_new_env, drop_env: nim_drop_env, load: nim_load}\n"
    runtime = """
void nim_load(void);
void nim_load(void) {}
static struct { void *type; void *code, *env; void (*drop)(void *env); } environment;
void nim_drop_env(void *env);
void nim_drop_env(void *env) { (void)env; }
void nim_new_env(void **env);
void nim_new_env(void **env) { *env = &environment; }
typedef struct { void (*code)(uint64_t n, void *env); void *env; } nim_closure;
void f(nim_closure again);
static nim_closure kept;
void f(nim_closure again) { kept = again; }
void c_f(void (*fn)(uint64_t n, void *env), void *env, void (*drop)(void *env));
static uint64_t heard;
static int ended;
static void once(uint64_t n, void *env) { heard += n; ended += env == &heard; }
static void drop(void *env) { ended += env == &heard; }
static bool let_go(void)
{
    if (environment.drop)
        environment.drop(environment.env);
    return true;
}
"""
    good = ["(c_f(once, &heard, drop), kept.code(7, kept.env), heard == 7 && ended == 1)", "let_go() && ended == 1",
            "(c_f(once, &heard, drop), let_go() && ended == 2 && heard == 7)"]
    traps("again", {"f": '"(again once callback(n u64))"'}, runtime, good,
          [("ONCE", "again", "c_f(once, &heard, drop), kept.code(1, kept.env), kept.code(1, kept.env)")],
          caller="system", callee="nim-cgen", hooks=hooks)
