/* The callees: as little work as there can be, so that what is measured is the call. */
#include "forms.h"

static const uint8_t text[64];
static uint64_t room[64];

static uint64_t ends(const uint64_t *ptr, size_t len)
{
    return ptr[0] + ptr[len - 1];
}

uint64_t slice_natural(words s)
{
    return ends(s.ptr, s.len);
}

uint64_t slice_system(const uint64_t *ptr, size_t len)
{
    return ends(ptr, len);
}

uint64_t late_natural(int a, int b, int c, int d, int e, words s)
{
    return (uint64_t)(a + b + c + d + e) + ends(s.ptr, s.len);
}

uint64_t late_system(int a, int b, int c, int d, int e, const uint64_t *ptr, size_t len)
{
    return (uint64_t)(a + b + c + d + e) + ends(ptr, len);
}

uint64_t variant_natural(number n)
{
    return n.tag == 0 ? n.payload.count : (uint64_t)(int64_t)n.payload.ratio;
}

uint64_t variant_system(uint32_t tag, uint64_t payload)
{
    union {
        uint64_t bits;
        double ratio;
    } joined = {payload};
    return tag == 0 ? payload : (uint64_t)(int64_t)joined.ratio;
}

uint64_t option_natural(option_u64 o)
{
    return o.tag ? o.payload.some : 7;
}

uint64_t option_system(uint32_t tag, uint64_t some)
{
    return tag ? some : 7;
}

double point_natural(point p)
{
    return p.x + p.y * p.z + p.w;
}

double point_system(const point *p)
{
    return p->x + p->y * p->z + p->w;
}

uint64_t record_natural(record r)
{
    return r.fields[0] + r.fields[7];
}

uint64_t record_system(const record *r)
{
    return r->fields[0] + r->fields[7];
}

option_u64 found_natural(uint64_t key)
{
    option_u64 found = {.tag = SYS_NONE};
    if (key & 7) {
        found.tag = SYS_SOME;
        found.payload.some = key;
    }
    return found;
}

bool found_flag(uint64_t key, uint64_t *value)
{
    if (!(key & 7))
        return false;
    *value = key;
    return true;
}

found_words found_system(uint64_t key)
{
    found_words found = {SYS_NONE, 0};
    if (key & 7) {
        found.tag = SYS_SOME;
        found.some = key;
    }
    return found;
}

/* Errors are made out of line, as they mostly are. */
static __attribute__((noinline, cold)) void fail(sys_string *error)
{
    *error = sys_string_adopt((void *)(uintptr_t)text, sizeof text, NULL);
}

outcome outcome_natural(uint64_t key)
{
    outcome made;
    if (key & 7) {
        made.tag = SYS_OK;
        made.payload.ok = key;
    } else {
        made.tag = SYS_ERR;
        fail(&made.payload.err);
    }
    return made;
}

int outcome_status(uint64_t key, uint64_t *value, sys_string *error)
{
    if (key & 7) {
        *value = key;
        return 0;
    }
    fail(error);
    return 1;
}

uint32_t outcome_system(uint64_t key, outcome *out)
{
    if (key & 7) {
        out->tag = SYS_OK;
        out->payload.ok = key;
        return SYS_OK;
    }
    out->tag = SYS_ERR;
    fail(&out->payload.err);
    return SYS_ERR;
}

const uint8_t *name_natural(uint64_t key, size_t *len)
{
    *len = key & 31;
    return text;
}

sys_str name_system(uint64_t key)
{
    return sys_str_of(text, key & 31);
}

sequence made_natural(uint64_t key)
{
    return (sequence){room, key & 31, NULL};
}

void made_system(uint64_t key, sequence *out)
{
    *out = (sequence){room, key & 31, NULL};
}
