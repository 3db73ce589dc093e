/* A program whose strings end in NUL, and a library in the system ABI's terms, with objects of both on either side. */
#include <abide/system.h>
#include <assert.h>
#include <stdio.h>
#undef NDEBUG
/* system side: the library */
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
    assert(!vt->retain);
    assert(vt->save(b, (const uint8_t *)"abc", 3, 7));
    sys_string n;
    vt->name(b, &n);
    assert(n.len == 4 && !memcmp(n.ptr, "cman", 4));
    sys_string_drop(&n);
    return vt->load(b, key, len) + (SYS_HAS(vt, wipe) ? 100 + vt->wipe(b) : 0);
}
uint32_t open_(void *b, const sstore *vt) __asm__("open");
uint32_t open_(void *b, const sstore *vt)
{
    uint32_t r = vt->load(b, (const uint8_t *)"xy", 2);
    assert(vt->query(b, vt->id) == vt && !vt->query(b, 5));
    vt->drop(b);
    return r;
}
static int live;
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
    live--;
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
    live++;
    return (sobject){o, n > 10 ? &old_vt : &new_vt};
}
sobject pass(void *b, const sstore *vt)
{
    return (sobject){b, vt};
}
/* C side: the consumer, strings end in NUL */
typedef struct cstore {
    SYS_VTABLE_HEADER
    uint32_t (*load)(void *self, const char *key);
    bool (*save)(void *self, const char *key, uint32_t value);
    char *(*name)(void *self);
    uint32_t (*wipe)(void *self);
} cstore;
typedef SYS_DYN(cstore) cobject;
uint32_t c_use(cobject b, const char *key);
uint32_t c_open(cobject b);
cobject c_make(uint32_t n);
cobject c_pass(cobject b);
struct mine {
    uint32_t v;
    int drops;
};
static uint32_t cload(void *self, const char *key)
{
    return ((struct mine *)self)->v * 10 + strlen(key);
}
static bool csave(void *self, const char *key, uint32_t value)
{
    assert(!strcmp(key, "abc"));
    ((struct mine *)self)->v = value;
    return true;
}
static char *cname(void *self)
{
    (void)self;
    return strdup("cman");
}
static uint32_t cwipe(void *self)
{
    ((struct mine *)self)->v = 0;
    return 5;
}
static void cdrop(void *self)
{
    ((struct mine *)self)->drops++;
}
static const void *cquery(void *s, uint64_t id)
{
    (void)s;
    (void)id;
    return 0;
}
static const cstore c_new = {sizeof(cstore), 0, 1, cdrop, 0, cquery, cload, csave, cname, cwipe};
static const cstore c_old = {
    offsetof(cstore, wipe), 0, 1, cdrop, 0, cquery, cload, csave, cname, 0};
int main(void)
{
    struct mine m = {1, 0};
    assert(c_use((cobject){&m, &c_new}, "key") == 73 + 105);
    m.v = 1;
    assert(c_use((cobject){&m, &c_old}, "key") == 73);
    assert(m.drops == 0);
    m.v = 4;
    assert(c_open((cobject){&m, &c_old}) == 42 && m.drops == 1);
    cobject o = c_make(3);
    assert(live == 1);
    assert(o.vtable->load(o.data, "Ab") == 3 + 2 + 'A');
    assert(o.vtable->save(o.data, "z", 9) && !o.vtable->save(o.data, "y", 9));
    char *n = o.vtable->name(o.data);
    assert(!strcmp(n, "system"));
    free(n);
    assert(SYS_HAS(o.vtable, wipe) && o.vtable->wipe(o.data) == 1);
    printf("size %u id %llx\n", o.vtable->size, (unsigned long long)o.vtable->id);
    o.vtable->drop(o.data);
    assert(live == 0);
    o = c_make(30);
    assert(!SYS_HAS(o.vtable, wipe) && o.vtable->size == offsetof(cstore, wipe));
    o.vtable->drop(o.data);
    assert(live == 0);
    o = c_pass((cobject){&m, &c_new}); /* through two adapters */
    assert(o.vtable->load(o.data, "abc") == 43);
    o.vtable->drop(o.data);
    assert(m.drops == 2);
    puts("ok");
    return 0;
}
