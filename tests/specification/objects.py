"""Statements D, and L20, L21, M6: what objects and vtables are, and what may be done with them."""
import hashlib

from behaviour import COUNTING, adapted
from support import TARGETS, abide, answers, asserts_hold, check, check_equal, run_c, statement, write

FILE = """abide: 1
package: asked
version: "3.1"
interfaces:
  shape:
    area: (self) -> f64
    name: (self) -> string from self
    scale: {sig: "(self, by f64) -> bool", since: "3.1"}
types:
  held: {struct: {o: own dyn shape, n: u8}}
  maybe: option<shared dyn shape>
functions:
  use: (o dyn shape) -> f64
  take: (o own dyn shape, again shared dyn shape) -> f64
  make: (side f64) -> own dyn shape
"""
# The same in C, as a reader of the specification writes it.
IN_C = """
typedef struct shape {
    SYS_VTABLE_HEADER
    double (*area)(void *self);
    sys_str (*name)(void *self);
    bool (*scale)(void *self, double by);
} shape;
typedef SYS_DYN(shape) shape_object;
"""
ID = int.from_bytes(hashlib.sha256(b"asked/shape@3").digest()[:8], "big")
# A square on the heap, which counts its references.
SQUARE = IN_C + """
typedef struct square { double side; int references; } square;
static int squares;
static double area(void *self) { return ((square *)self)->side * ((square *)self)->side; }
static sys_str name(void *self) { (void)self; return SYS_STR("square"); }
static bool scale(void *self, double by) { ((square *)self)->side *= by; return true; }
static void drop_square(void *self)
{
    square *own = self;
    if (--own->references == 0) {
        free(own);
        squares--;
    }
}
static void retain_square(void *self) { ((square *)self)->references++; }
static const void *query_square(void *self, uint64_t id);
static const shape square_shape = {sizeof(shape), 0, SHAPE_ID, drop_square, retain_square, query_square, area, name, scale};
__attribute__((unused)) static const shape old_shape = {offsetof(shape, scale), 0, SHAPE_ID, drop_square, NULL, query_square, area, name, NULL};
static const void *query_square(void *self, uint64_t id) { (void)self; return id == SHAPE_ID ? &square_shape : NULL; }
__attribute__((unused)) static shape_object make_square(double side)
{
    square *own = malloc(sizeof *own);
    *own = (square){side, 1};
    squares++;
    return (shape_object){own, &square_shape};
}
"""
C = f"#define SHAPE_ID UINT64_C({ID})\n" + SQUARE


def laid_out(name):
    file = write("asked.abi.yaml", FILE)
    for target, answer in answers("layout", file, list(TARGETS)).items():
        yield target, next(entry for entry in answer["types"] if entry["name"] == name)


@statement("L20")
def objects_are_two_pointers():
    for target, held in laid_out("held"):
        asserts_hold(target, IN_C + f"""
struct held {{ shape_object o; uint8_t n; }};
_Static_assert(sizeof(struct held) == {held["size_bytes"]} && sizeof(shape_object) == 2 * sizeof(void *), "size");
_Static_assert(offsetof(shape_object, data) == 0 && offsetof(shape_object, vtable) == sizeof(void *), "order");
_Static_assert(8 * offsetof(struct held, n) == {held["fields"][1]["offset_bits"]}, "offset");
""")
    for target, maybe in laid_out("maybe"): # never null
        check_equal(f"{target}: an option of an object", maybe["size_bytes"], 16 if "64-" in target else 8)
    prototypes = abide("call", "asked.abi.yaml", "use", "take", "--abi", "system", "--target", "x86_64-linux-gnu")
    check("double use(void *o, const shape *o_vtable);" in prototypes, prototypes)
    check("double take(void *o, const shape *o_vtable, void *again, const shape *again_vtable);" in prototypes,
          prototypes)


@statement("L21")
def vtables_are_structs():
    for target, vtable in laid_out("shape"):
        lines = [f'_Static_assert(8 * offsetof(shape, {field["name"]}) == {field["offset_bits"]} && '
                 f'8 * sizeof ((shape *)0)->{field["name"]} == {field["size_bits"]}, "{field["name"]}");'
                 for field in vtable["fields"]]
        check_equal(f"{target}: entries", [field["name"] for field in vtable["fields"]],
                    ["size", "flags", "id", "drop", "retain", "query", "area", "name", "scale"])
        asserts_hold(target, IN_C + "\n".join(lines) + f"""
_Static_assert(sizeof(shape) == {vtable["size_bytes"]}, "size");
_Static_assert(offsetof(shape, drop) == 16 && offsetof(shape, area) == 16 + 3 * sizeof(void *), "header");
_Static_assert(offsetof(sys_vtable, query) == offsetof(shape, query), "header alone");
""")


@statement("D1")
def vtables_are_shared():
    run_c("shared", COUNTING + C + """
int main(void)
{
    shape_object a = make_square(2), b = make_square(3);
    MUST(a.vtable == b.vtable && a.vtable->area(a.data) == 4 && b.vtable->area(b.data) == 9);
    a.vtable->drop(a.data);
    MUST(b.vtable->area(b.data) == 9);
    b.vtable->drop(b.data);
    return squares;
}
""")


@statement("D2")
def size_tells_which_methods_there_are():
    run_c("present", COUNTING + C + """
static double scaled(shape_object o)
{
    return SYS_HAS(o.vtable, scale) && o.vtable->scale(o.data, 2) ? o.vtable->area(o.data) : -1;
}
int main(void)
{
    shape_object o = make_square(1);
    MUST(scaled(o) == 4);
    o.vtable = &old_shape;
    MUST(scaled(o) == -1 && SYS_HAS(o.vtable, area) && SYS_HAS(o.vtable, name));
    o.vtable->drop(o.data);
    return squares;
}
""")


@statement("D3")
def ids():
    text = abide("layout", write("asked.abi.yaml", FILE), "shape", "--abi", "system", "--target", "x86_64-linux-gnu")
    check(f"0x{ID:016x}" in text and "asked/shape@3" in text, text)
    text = abide("layout", write("other.abi.yaml", FILE.replace('version: "3.1"\n', "")), "shape", "--abi", "system",
                 "--target", "x86_64-linux-gnu")
    other = int.from_bytes(hashlib.sha256(b"asked/shape@0").digest()[:8], "big")
    check(f"0x{other:016x}" in text and "asked/shape@0" in text, text)


@statement("D4")
def methods_are_functions():
    text = abide("call", write("asked.abi.yaml", FILE), "shape.*", "--abi", "system", "--target", "x86_64-linux-gnu")
    for prototype in ("double shape_area(void *self);", "sys_str shape_name(void *self);",
                      "bool shape_scale(void *self, double by);"):
        check(prototype in text, text)


@statement("D5")
def references_are_dropped_once():
    run_c("dropped", COUNTING + C + """
static void take(void *o, const shape *vtable) { vtable->drop(o); }
int main(void)
{
    shape_object o = make_square(2);
    MUST(squares == 1 && o.vtable->drop);
    take(o.data, o.vtable);
    return squares;
}
""")


@statement("D6")
def references_are_made():
    run_c("retained", COUNTING + C + """
/* What a library keeps of an object that it is lent; of one that cannot be shared nothing. */
static shape_object kept;
static bool keep(void *o, const shape *vtable)
{
    if (!vtable->retain)
        return false;
    vtable->retain(o);
    kept.data = o;
    kept.vtable = vtable;
    return true;
}
int main(void)
{
    shape_object o = make_square(2);
    MUST(keep(o.data, o.vtable));
    o.vtable->drop(o.data);
    MUST(squares == 1 && kept.vtable->area(kept.data) == 4);
    kept.vtable->drop(kept.data);
    MUST(squares == 0);
    o = make_square(3);
    MUST(!keep(o.data, &old_shape));
    o.vtable->drop(o.data);
    return squares;
}
""")


@statement("D7")
def flags_of_vtables():
    for target in TARGETS:
        asserts_hold(target, '_Static_assert(SYS_ANY_THREAD == 1 && SYS_MAY_UNWIND == 2, "bits");\n')
    run_c("threads", COUNTING + C + """
#include <pthread.h>
static const shape free_shape = {sizeof(shape), SYS_ANY_THREAD, SHAPE_ID, drop_square, NULL, query_square, area, name, scale};
static void *drop_elsewhere(void *object)
{
    shape_object *o = object;
    o->vtable->drop(o->data);
    return NULL;
}
int main(void)
{
    shape_object o = make_square(2);
    o.vtable = &free_shape;
    pthread_t thread;
    MUST(o.vtable->flags & SYS_ANY_THREAD && pthread_create(&thread, NULL, drop_elsewhere, &o) == 0);
    pthread_join(thread, NULL);
    return squares;
}
""")


@statement("D8")
def other_interfaces_of_an_object():
    run_c("queried", COUNTING + C + """
int main(void)
{
    shape_object o = make_square(2);
    const sys_vtable *any = (const sys_vtable *)o.vtable;
    MUST(any->query(o.data, SHAPE_ID) == &square_shape && any->query(o.data, ~SHAPE_ID) == NULL);
    any->drop(o.data); /* a query made no reference */
    return squares;
}
""")


@statement("M6")
def interfaces_grow():
    older = write("older.abi.yaml", FILE.replace('    scale: {sig: "(self, by f64) -> bool", since: "3.1"}\n', ""))
    newer = write("newer.abi.yaml", FILE)
    words = ("--abi", "system", "--target", "x86_64-linux-gnu")
    prints = [abide("fingerprint", file, *words).splitlines()[1:] for file in (older, newer)]
    check_equal("fingerprints of functions", prints[1], prints[0])
    entries = [answers("layout", file, ["x86_64-linux-gnu"], "shape")["x86_64-linux-gnu"]["types"][0]["fields"]
               for file in (older, newer)]
    check_equal("the entries that both have", entries[1][:len(entries[0])], entries[0])
    check_equal("one more", len(entries[1]), len(entries[0]) + 1)


GIVEN = """interfaces:
  shape:
    area: (self) -> f64
    scale: {sig: "(self, by f64) -> bool", since: "1.1"}
"""
# An object of the library, in the system ABI's terms, which lacks what is new.
OLD_OBJECT = """
typedef struct shape { SYS_VTABLE_HEADER double (*area)(void *self); bool (*scale)(void *self, double by); } shape;
typedef SYS_DYN(shape) shape_object;
static int dropped;
static double area(void *self) { return *(double *)self; }
static void drop(void *self) { (void)self; dropped++; }
static const void *query(void *self, uint64_t id) { (void)self; (void)id; return NULL; }
static const shape old_shape = {offsetof(shape, scale), 0, 0, drop, NULL, query, area, NULL};
shape_object f(void);
shape_object f(void)
{
    static double side = 3;
    shape_object made = {&side, &old_shape};
    return made;
}
/* The same as a component object. */
typedef struct thin { const struct thin_table *table; } thin;
struct thin_table {
    int32_t (*query)(thin *, const void *, void *);
    uint32_t (*retain)(thin *), (*drop)(thin *);
    double (*area)(thin *);
    bool (*scale)(thin *, double);
};
thin *c_f(void);
"""


@statement("D9")
def methods_that_are_not_there():
    adapted("absent", {"f": '"() -> own dyn shape"'}, OLD_OBJECT + """
#include <setjmp.h>
static jmp_buf out;
static size_t seen;
void abide_trap(size_t code, const char *function, const char *parameter, size_t value)
{
    (void)parameter, (void)value;
    seen = strcmp(function, "shape.scale") ? 0 : code;
    longjmp(out, 1);
}
int main(void)
{
    thin *made = c_f();
    MUST(made->table->area(made) == 3);
    if (!setjmp(out)) {
        made->table->scale(made, 2);
        return 1;
    }
    MUST(seen == SYS_TRAP_ABSENT);
    MUST(made->table->drop(made) == 0 && dropped == 1);
    return 0;
}
""", caller="com", more=GIVEN)


@statement("D10")
def adapters_have_objects_of_their_own():
    adapted("own", {"f": '"() -> own dyn shape"', "g": '"(o dyn shape) -> f64"'}, OLD_OBJECT + """
double g(void *o, const shape *vtable);
double g(void *o, const shape *vtable)
{
    MUST(!vtable->retain && SYS_HAS(vtable, scale));
    MUST(vtable->query(o, vtable->id) == vtable && vtable->flags == 0);
    return vtable->area(o);
}
double c_g(thin *o);
static int references = 1;
static uint32_t retain(thin *o) { (void)o; return (uint32_t)++references; }
static uint32_t leave(thin *o) { (void)o; return (uint32_t)--references; }
static int32_t find(thin *o, const void *id, void *to) { (void)o, (void)id, (void)to; return -1; }
static double mine(thin *o) { (void)o; return 5; }
static bool grow(thin *o, double by) { (void)o, (void)by; return true; }
static const struct thin_table table = {find, retain, leave, mine, grow};
int main(void)
{
    thin own = {&table}, *made = c_f();
    MUST(c_g(&own) == 5 && references == 1);
    MUST(made->table->retain(made) == 2 && made->table->drop(made) == 1 && dropped == 0);
    MUST(made->table->drop(made) == 0 && dropped == 1);
    return 0;
}
""", caller="com", more=GIVEN)
