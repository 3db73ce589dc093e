"""Statements G, and L24, M7: structs that grow. tests/objects runs programs of two releases with libraries of two."""
from behaviour import EXPECT_TRAP, adapted
from support import TARGETS, abide, answers, asserts_hold, check, check_equal, interface, refused, statement, write

FIRST = "a: u16, b: {type: u8}"
LATER = ', c: {type: u8, since: "2"}, d: {type: own string, since: "2"}, e: {type: "option<u16>", since: "3"}'
IN_C = """
typedef SYS_OPTION(uint16_t) maybe;
typedef struct old { SYS_SIZED uint16_t a; uint8_t b; } old;
typedef struct grown {
    SYS_SIZED
    uint16_t a;
    uint8_t b;
    SYS_ALIGNED(8) uint8_t c;
    sys_string d;
    SYS_ALIGNED(8) maybe e;
} grown;
"""


def of(fields):
    return "{struct: {" + fields + "}, open: sized, align: 8}"


@statement("L24")
def size_comes_first():
    types = {"old": of(FIRST), "grown": of(FIRST + LATER)}
    in_c = IN_C.replace("old { SYS_SIZED", "old { SYS_ALIGNED(8) SYS_SIZED").replace(
        "grown {\n    SYS_SIZED", "grown {\n    SYS_ALIGNED(8) SYS_SIZED")
    for target, answer in answers("layout", interface(types), list(TARGETS)).items():
        old, grown = answer["types"]
        asserts_hold(target, in_c + "\n".join(
            f'_Static_assert(sizeof({name}) == {entry["size_bytes"]}, "{name}");' for name, entry in
            (("old", old), ("grown", grown))) + "\n" + "\n".join(
                f'_Static_assert(8 * offsetof(grown, {field["name"]}) == {field["offset_bits"]}, "{field["name"]}");'
                for field in grown["fields"]) + "\n")
        check_equal(f"{target}: the size", grown["fields"][0]["name"], "size")
        check(grown["fields"][3]["offset_bits"] == 8 * old["size_bytes"], f"{target}: the padding of the first release")
    file = interface({"late": '{struct: {a: u16, b: {type: u64, since: "2"}}, open: sized}'})
    refused("bad-field", "layout", file, "--abi", "system", "--target", "x86_64-linux-gnu")
    file = interface({"grown": of(FIRST), "other": "{struct: {g: grown}}"})
    refused("bad-field", "layout", file, "--abi", "system", "--target", "x86_64-linux-gnu")


# A language that has plain structs calls f, or is called: adapters do what the statements say.
TYPES = {"g": of(FIRST + LATER)}
NAMES = "hooks: {set_string: nim_set_string, drop_string: nim_drop_string, load: nim_load}\n"
PLAIN = IN_C.replace("SYS_SIZED", "SYS_ALIGNED(8) SYS_SIZED", 2) + """
typedef struct text { intptr_t len; void *p; } text;
typedef struct plain { SYS_ALIGNED(8) uint16_t a; uint8_t b, c; text d; struct { uint16_t val; bool has; } e; } plain;
void nim_load(void);
void nim_load(void) {}
void nim_set_string(text *to, const void *data, size_t len);
void nim_set_string(text *to, const void *data, size_t len) { (void)data; to->len = (intptr_t)len; to->p = NULL; }
static size_t dropped;
void nim_drop_string(text *value);
void nim_drop_string(text *value) { dropped += (size_t)value->len; *value = (text){0}; }
"""


def grows(name, signature, program, **options):
    adapted(name, {"f": f'"{signature}"'}, PLAIN + program, types=TYPES, more=NAMES, **options)


@statement("G1")
def makers_tell_the_size():
    grows("told", "(o g) -> bool", """
bool f(const grown *o);
bool f(const grown *o)
{
    uint8_t rest = ((const uint8_t *)o)[7] | ((const uint8_t *)o)[9];
    return o->size == sizeof *o && o->a == 3 && o->b == 4 && o->c == 5 && rest == 0 && o->d.len == 0 && o->e.tag == 1;
}
bool c_f(const plain *o);
int main(void)
{
    plain o = {.a = 3, .b = 4, .c = 5, .e = {7, true}};
    return !c_f(&o);
}
""", caller="nim-cgen")
    grows("offered", "(o out g)", """
void f(grown *o);
void f(grown *o) { if (o->size != sizeof *o) abort(); memset(&o->a, 0, sizeof *o - 4); o->a = 9; }
void c_f(plain *o);
int main(void)
{
    plain o = {.a = 3};
    c_f(&o);
    return o.a != 9;
}
""", caller="nim-cgen")


READ = """
uint32_t f(plain *o);
uint32_t f(plain *o) { return o->a + 10u * o->b + 100u * o->c + 1000u * (uint32_t)o->d.len + 100000u * o->e.has * o->e.val; }
uint32_t c_f(const grown *o);
"""


@statement("G2")
def what_is_not_there_is_zero():
    grows("absent", "(o g) -> u32", READ + """
int main(void)
{
    grown o;
    memset(&o, 0xAA, sizeof o); /* nobody reads what is not there */
    o.a = 1;
    o.b = 2;
    o.size = sizeof(old);
    MUST(c_f(&o) == 21);
    o.size = offsetof(grown, b) + 1;
    MUST(c_f(&o) == 21);
    o.c = 3;
    o.d = (sys_string){(uint8_t *)"abcd", 4, NULL};
    o.size = offsetof(grown, d) + sizeof o.d - 1;
    MUST(c_f(&o) == 321);
    o.size = offsetof(grown, e);
    MUST(c_f(&o) == 4321);
    o.e.tag = SYS_SOME;
    o.e.payload.some = 5;
    o.size = sizeof o;
    MUST(c_f(&o) == 504321);
    return 0;
}
""", caller="system", callee="nim-cgen")
    for later in ("ref<u8>", "string0", "{enum: [a, b]}", "{variant: {a: ref<u8>}}"):
        types = {"t": of(f'a: u16, b: {{type: "{later}", since: "2"}}')} if "{" not in later else {
            "n": later.replace("[a, b]", "{a: 1}"), "t": of('a: u16, b: {type: n, since: "2"}')}
        refused("bad-field", "layout", interface(types), "--abi", "system", "--target", "x86_64-linux-gnu")


def invalid(name, code, setting, more=NAMES):
    adapted(name, {"f": '"(o g) -> u32"'}, EXPECT_TRAP + PLAIN + READ + f"""
int main(void)
{{
    struct {{ grown known; uint8_t more[3]; }} larger = {{.known = {{.size = sizeof(grown) + 3}}}};
    MUST(c_f(&larger.known) == 0); /* of a release that nobody knows, which says nothing */
    expected_code = SYS_TRAP_{code};
    expected_parameter = "o";
    {setting}
    c_f(&larger.known);
    return 1;
}}
""", types=TYPES, more=more, caller="system", callee="nim-cgen")


@statement("G3")
def the_first_release_is_there():
    invalid("short", "SIZE", "larger.known.size = offsetof(grown, b);")
    invalid("none", "SIZE", "larger.known.size = 0;")


@statement("G4")
def surplus_is_zero():
    for at in (0, 2):
        invalid(f"surplus{at}", "UNKNOWN", f"larger.more[{at}] = 1;")


@statement("G5")
def no_more_than_there_is_room():
    grows("cut", "() -> g", """
void f(plain *o);
static struct { intptr_t cap; char data[5]; } payload = {4, "text"};
void f(plain *o) { *o = (plain){.a = 1, .b = 2, .c = 3, .d = {4, &payload}, .e = {5, true}}; }
void c_f(grown *out);
int main(void)
{
    struct { grown known; uint8_t more[5]; } room;
    memset(&room, 0xAA, sizeof room);
    room.known.size = sizeof(old);
    c_f(&room.known);
    MUST(room.known.size == sizeof(old) && room.known.a == 1 && room.known.b == 2 && room.known.c == 0xAA);
    MUST(dropped == 4 && ((uint8_t *)&room)[sizeof(old) - 1] == 0);
    room.known.size = sizeof(grown) + 3;
    c_f(&room.known);
    MUST(room.known.c == 3 && room.known.d.len == 4 && room.known.e.tag == 1 && room.known.e.payload.some == 5);
    MUST(memcmp(room.known.d.ptr, "text", 4) == 0 && dropped == 8); /* it has its own */
    sys_string_drop(&room.known.d);
    MUST(room.more[0] == 0 && room.more[2] == 0 && room.more[3] == 0xAA);
    return 0;
}
""", caller="system", callee="nim-cgen")


@statement("M7")
def structs_grow():
    functions = '  f: "(o g) -> bool"\n  h: "(o g) -> ref<g> from o"\n'
    text = 'abide: 1\npackage: p\nprovides: system@1\ntypes:\n  g: {}\nfunctions:\n' + functions
    words = ("--abi", "system", "--target", "x86_64-linux-gnu")
    prints = [abide("fingerprint", write(f"m7-{number}.abi.yaml", text.replace("{}", of(fields))), *words).splitlines()[1:]
              for number, fields in enumerate((FIRST, FIRST + LATER, FIRST.replace("u16", "u32")))]
    check_equal("fingerprints of functions", prints[1], prints[0])
    check(prints[2] != prints[0], "another first release has other fingerprints")
