/* A program whose strings end in NUL, for library.c. */
#include "must.h"

#include <abide/system.h>

typedef struct cstore {
    SYS_VTABLE_HEADER
    uint32_t (*load)(void *self, const char *key);
    bool (*save)(void *self, const char *key, uint32_t value);
    char *(*name)(void *self);
    uint32_t (*wipe)(void *self);
} cstore;
typedef SYS_DYN(cstore) cobject;

uint32_t c_use(cobject b, const char *key);
uint32_t c_take(cobject b);
cobject c_make(uint32_t n);
cobject c_pass(cobject b);
int c_live(void);

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
    MUST(!strcmp(key, "abc"));
    ((struct mine *)self)->v = value;
    return true;
}

static char *cname(void *self)
{
    (void)self;
    return strdup("mine");
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
    MUST(c_use((cobject){&m, &c_new}, "key") == 73 + 105);
    m.v = 1;
    MUST(c_use((cobject){&m, &c_old}, "key") == 73);
    MUST(m.drops == 0);
    m.v = 4;
    MUST(c_take((cobject){&m, &c_old}) == 42 && m.drops == 1);
    cobject o = c_make(3);
    MUST(c_live() == 1);
    MUST(o.vtable->load(o.data, "Ab") == 3 + 2 + 'A');
    MUST(o.vtable->save(o.data, "z", 9) && !o.vtable->save(o.data, "y", 9));
    char *n = o.vtable->name(o.data);
    MUST(!strcmp(n, "system"));
    free(n);
    MUST(SYS_HAS(o.vtable, wipe) && o.vtable->wipe(o.data) == 1);
    o.vtable->drop(o.data);
    MUST(c_live() == 0);
    o = c_make(30);
    MUST(!SYS_HAS(o.vtable, wipe) && o.vtable->size == offsetof(cstore, wipe));
    o.vtable->drop(o.data);
    MUST(c_live() == 0);
    o = c_pass((cobject){&m, &c_new}); /* through two adapters */
    MUST(o.vtable->load(o.data, "abc") == 43);
    o.vtable->drop(o.data);
    MUST(m.drops == 2);
    return 0;
}
