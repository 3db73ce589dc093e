/* A program of one release (RELEASE) with a library of another (LIBRARY). */
#include "must.h"
#include "sized.h"

static bool both_know(void)
{
    return RELEASE >= 2 && LIBRARY >= 2;
}

static options some(uint32_t level)
{
    options o;
    memset(&o, 0xAA, sizeof o); /* padding says nothing */
    o.size = sizeof o;
    o.level = level;
    o.scale = 1.5;
    o.name = (sys_str){(const uint8_t *)"name", 4};
#if RELEASE >= 2
    o.extra = LIBRARY >= 2 ? 3 : 0;
    o.tag = (sys_str){NULL, 0};
    memset(&o.limit, 0, sizeof o.limit);
    if (LIBRARY >= 2) {
        o.tag = (sys_str){(const uint8_t *)"tag", 3};
        o.limit.tag = SYS_SOME;
        o.limit.payload.some = 5;
    } else {
        memset(&o.extra, 0, sizeof o - offsetof(options, extra));
    }
#endif
    return o;
}

static void test_in(void)
{
    options o = some(2);
    int64_t known = 2 + 15 + 400;
    MUST(rig_open(&o) == (both_know() ? known + 3000 + 30000 + 500000 : known));
}

static void test_out(void)
{
    counters c;
    memset(&c, 0xAA, sizeof c);
    c.size = sizeof c;
    rig_read(4, &c);
    MUST(c.size == sizeof c && c.calls == 4 && c.bytes == 7);
#if RELEASE >= 2
    MUST(c.lost == (LIBRARY >= 2 ? 8 : 0) && c.spare == (LIBRARY >= 2 ? 9u : 0u));
    if (LIBRARY == 1)
        c.lost = 0, c.spare = 0;
#endif
    rig_change(&c, 10);
    MUST(c.size == sizeof c && c.calls == 14 && c.bytes == 8);
#if RELEASE >= 2
    MUST(c.lost == (LIBRARY >= 2 ? 9 : 0) && c.spare == (LIBRARY >= 2 ? 19u : 0u));
#endif
}

static void test_owned(void)
{
    report r = {.size = sizeof r};
    rig_make(6, &r);
    MUST(r.size == sizeof r && r.code == 6 && r.text.len == 17);
#if RELEASE >= 2
    MUST(r.detail.len == (LIBRARY >= 2 ? 28u : 0u));
#endif
    MUST(rig_send(&r) == 6 + 17 + (both_know() ? 28000 : 0));
}

static int64_t visit(const options *o, void *env)
{
    ++*(int *)env;
    MUST(o->name.len == 4 && memcmp(o->name.ptr, "each", 4) == 0);
#if RELEASE >= 2
    MUST(!SYS_REACHES(o, extra) || o->extra == 0);
#endif
    return o->level + (int64_t)(10 * o->scale);
}

static void test_callback(void)
{
    int calls = 0;
    MUST(rig_each(4, visit, &calls) == 0 + 1 + 2 + 3 + 20 && calls == 4);
}

int main(void)
{
    test_in();
    test_out();
    test_owned();
    test_callback();
    return 0;
}
