/* A library of one release or the other: looks at how much of a struct is there, and writes no more than that. */
#include "sized.h"

static sys_str text(const char *chars)
{
    return (sys_str){(const uint8_t *)chars, strlen(chars)};
}

int64_t rig_open(const options *o)
{
    int64_t sum = o->level + (int64_t)(10 * o->scale) + 100 * (int64_t)o->name.len;
#if RELEASE >= 2
    if (SYS_REACHES(o, extra))
        sum += 1000 * o->extra;
    if (SYS_REACHES(o, tag))
        sum += 10000 * (int64_t)o->tag.len;
    if (SYS_REACHES(o, limit) && o->limit.tag == SYS_SOME)
        sum += 100000 * (int64_t)o->limit.payload.some;
#endif
    return sum;
}

/* Who does not know a field of the caller's leaves zero there. */
#define CLEAR(memory) \
    memset((char *)(memory) + sizeof(uint32_t), 0, (memory)->size - sizeof(uint32_t))

void rig_read(uint32_t n, counters *c)
{
    CLEAR(c);
    c->calls = n;
    c->bytes = 7;
#if RELEASE >= 2
    if (SYS_REACHES(c, lost))
        c->lost = 8;
    if (SYS_REACHES(c, spare))
        c->spare = 9;
#endif
}

void rig_change(counters *c, uint32_t by)
{
    c->calls += by;
    c->bytes = (uint8_t)(c->bytes + 1);
#if RELEASE >= 2
    if (SYS_REACHES(c, lost))
        c->lost = (uint8_t)(c->lost + 1);
    if (SYS_REACHES(c, spare))
        c->spare += by;
#endif
}

static sys_string made(const char *chars)
{
    sys_string copy;
    if (!sys_string_copy(text(chars), &copy))
        abort();
    return copy;
}

void rig_make(uint32_t n, report *out)
{
    CLEAR(out);
    out->code = n;
    out->text = made("a text of its own");
#if RELEASE >= 2
    if (SYS_REACHES(out, detail))
        out->detail = made("what the second release adds");
#endif
}

int64_t rig_send(report *r)
{
    int64_t sum = (int64_t)r->code + (int64_t)r->text.len;
    sys_string_drop(&r->text);
#if RELEASE >= 2
    if (SYS_REACHES(r, detail)) {
        sum += 1000 * (int64_t)r->detail.len;
        sys_string_drop(&r->detail);
    }
#endif
    return sum;
}

int64_t rig_each(uint32_t n, int64_t (*visit)(const options *o, void *env), void *env)
{
    int64_t sum = 0;
    for (uint32_t i = 0; i < n; i++) {
        options o = {.size = sizeof o, .level = i, .scale = 0.5, .name = text("each")};
        sum += visit(&o, env);
    }
    return sum;
}
