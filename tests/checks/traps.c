/* The calls of traps.py: a caller in C, callees of System ABI 1. */
#include <abide/system.h>
#include <setjmp.h>
#include <stdio.h>
#include <string.h>
static jmp_buf out;
static size_t code_;
static char where[300];
static size_t val;
void abide_trap(size_t code, const char *function, const char *parameter, size_t value)
{
    code_ = code;
    snprintf(where, sizeof where, "%s, %s", function, parameter);
    val = value;
    longjmp(out, 1);
}
static int wrong;
static void expect(int line, size_t code, const char *w)
{
    if (code != code_ || strcmp(w, where)) {
        printf("line %d: wanted %zu (%s) got %zu (%s) value %zu\n", line, code, w, code_, where,
               val);
        wrong++;
    }
    code_ = 0;
    where[0] = 0;
}
#define TRAPS(code, w, call) \
    if (!setjmp(out))        \
        call;                \
    expect(__LINE__, code, w)
#define FINE(call) TRAPS(0, "", call)
/* callee: system */
typedef struct {
    uint8_t flag;
    uint8_t m;
    sys_str name;
    const void *kids;
    size_t kids_len;
    uint8_t bits[4];
} opts;
uint8_t set(uint8_t f, uint8_t m, uint8_t a)
{
    return m;
}
uint8_t use(const opts *o)
{
    return 1;
}
typedef struct {
    uint32_t tag;
    union {
        double d;
        uint8_t m;
    } p;
} c_shape;
struct pair {
    uint32_t tag;
    uint64_t v;
};
static struct pair answer;
struct pair draw(uint32_t tag, uint64_t w, uint32_t c)
{
    return answer.tag || answer.v ? answer : (struct pair){tag, w};
}
sys_string sayans;
void say(const uint8_t *t, size_t n, sys_string *out)
{
    *out = sayans;
}
void list(const sys_str *l, size_t n, uint8_t *b, size_t bn, sys_owner *o)
{
    if (o)
        o->release(o, b, bn);
}
/* thunks: C caller */
uint8_t t_set(uint32_t, uint32_t, uint32_t);
uint8_t t_use(opts);
c_shape t_draw(c_shape, uint32_t);
typedef struct {
    _Bool has;
    sys_string v;
} c_say;
void t_list(const sys_str *, size_t, uint8_t *, size_t);
static opts good(void)
{
    opts o = {1, 2, SYS_STR("h\303\244"), 0, 0, {0, 1, 1, 0}};
    return o;
}
int main(void)
{
    FINE(t_set(1, 2, 9));
    FINE(t_set(0, 0, 0));
    TRAPS(SYS_TRAP_BOOL, "set, flag", t_set(2, 2, 9));
    TRAPS(SYS_TRAP_ENUM, "set, m", t_set(1, 3, 9));
    TRAPS(SYS_TRAP_FLAGS, "set, a", t_set(1, 1, 2));
    opts o = good();
    FINE(t_use(o));
    o.flag = 7;
    TRAPS(SYS_TRAP_BOOL, "use, o.flag", t_use(o));
    o = good();
    o.m = 7;
    TRAPS(SYS_TRAP_ENUM, "use, o.m", t_use(o));
    o = good();
    o.name = SYS_STR("a\xff");
    TRAPS(SYS_TRAP_UTF8, "use, o.name", t_use(o));
    if (val != 1)
        puts("val");
    o = good();
    o.bits[3] = 2;
    TRAPS(SYS_TRAP_BOOL, "use, o.bits[3]", t_use(o));
    o = good();
    opts k[12];
    for (int i = 0; i < 12; i++)
        k[i] = good();
    o.kids = k;
    o.kids_len = 12;
    FINE(t_use(o));
    opts kk[2] = {good(), good()};
    k[11].kids = kk;
    k[11].kids_len = 2;
    kk[1].bits[2] = 9;
    TRAPS(SYS_TRAP_BOOL, "use, o.kids[11].kids[1].bits[2]", t_use(o));
    kk[1] = good();
    k[10].name.ptr = 0;
    TRAPS(SYS_TRAP_NULL, "use, o.kids[10].name", t_use(o));
    k[10] = good();
    o.kids_len = (size_t)1 << 62;
    TRAPS(SYS_TRAP_OVERFLOW, "use, o.kids", t_use(o));
    o.kids_len = 12;
    o.kids = (char *)k + 1;
    TRAPS(SYS_TRAP_ALIGN, "use, o.kids", t_use(o));
    c_shape s = {1};
    FINE(t_draw(s, 'a'));
    s.tag = 3;
    TRAPS(SYS_TRAP_TAG, "draw, s", t_draw(s, 'a'));
    s.tag = 2;
    s.p.m = 2;
    FINE(t_draw(s, 0x10ffff));
    s.p.m = 3;
    TRAPS(SYS_TRAP_ENUM, "draw, s.named", t_draw(s, 'a'));
    s.tag = 1;
    TRAPS(SYS_TRAP_CHAR, "draw, c", t_draw(s, 0xd800));
    TRAPS(SYS_TRAP_CHAR, "draw, c", t_draw(s, 0x110000));
    sys_str l[2] = {SYS_STR("x"), SYS_STR("\xc0\x80")};
    TRAPS(SYS_TRAP_UTF8, "list, l[1]", t_list(l, 2, 0, 0));
    printf("%d wrong\n", wrong);
    return wrong;
}
