/*
 * A library in the system ABI's terms: it calls objects that it gets, and gives some of its own. nul.c and consumer.nim are its
 * programs.
 */
#include "must.h"

#include <abide/system.h>

typedef struct sstore {
    SYS_VTABLE_HEADER
    uint32_t (*load)(void *self, const uint8_t *key, size_t len);
    bool (*save)(void *self, const uint8_t *key, size_t len, uint32_t value);
    void (*name)(void *self, sys_string *out);
    uint32_t (*wipe)(void *self);
} sstore;
typedef SYS_DYN(sstore) sobject;

uint32_t use(void *b, const sstore *vt, const uint8_t *key, size_t len)
{
    MUST(!vt->retain);
    MUST(vt->save(b, (const uint8_t *)"abc", 3, 7));
    sys_string n;
    vt->name(b, &n);
    MUST(n.len == 4 && !memcmp(n.ptr, "mine", 4));
    sys_string_drop(&n);
    return vt->load(b, key, len) + (SYS_HAS(vt, wipe) ? 100 + vt->wipe(b) : 0);
}

uint32_t take(void *b, const sstore *vt)
{
    uint32_t r = vt->load(b, (const uint8_t *)"xy", 2);
    MUST(vt->query(b, vt->id) == vt && !vt->query(b, 5));
    vt->drop(b);
    return r;
}

static int alive;

struct own {
    uint32_t n;
};

static uint32_t oload(void *self, const uint8_t *key, size_t len)
{
    return ((struct own *)self)->n + len + key[0];
}

static bool osave(void *self, const uint8_t *key, size_t len, uint32_t value)
{
    ((struct own *)self)->n = value;
    return key[len - 1] == 'z';
}

static void oname(void *self, sys_string *out)
{
    (void)self;
    sys_string_copy(SYS_STR("system"), out);
}

static uint32_t owipe(void *self)
{
    ((struct own *)self)->n = 0;
    return 1;
}

static void odrop(void *self)
{
    alive--;
    free(self);
}

static const void *oquery(void *s, uint64_t id)
{
    (void)s;
    (void)id;
    return 0;
}

static const sstore new_vt = {sizeof(sstore), 0, 1, odrop, 0, oquery, oload, osave, oname, owipe};
static const sstore old_vt = {
    offsetof(sstore, wipe), 0, 1, odrop, 0, oquery, oload, osave, oname, 0};
sobject make(uint32_t n)
{
    struct own *o = malloc(sizeof *o);
    o->n = n;
    alive++;
    return (sobject){o, n > 10 ? &old_vt : &new_vt};
}

sobject pass(void *b, const sstore *vt)
{
    return (sobject){b, vt};
}

int live(void);
int live(void)
{
    return alive;
}
