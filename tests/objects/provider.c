/* A library of release RELEASE: uses objects of programs, and makes its own. */
#include "growth.h"

int64_t growth_fill(void *into, const store *vtable, uint32_t count)
{
    int64_t sum = 0;
#if RELEASE >= 2
    if (SYS_HAS(vtable, wipe))
        sum += 1000 * vtable->wipe(into);
#endif
    for (uint32_t i = 0; i < count; i++)
        sum += vtable->save(into, i, 10 * (int64_t)i);
    return sum + vtable->load(into, count - 1);
}

typedef struct table {
    int64_t values[4];
} table;
static int64_t load(void *self, uint32_t key)
{
    return ((table *)self)->values[key % 4];
}
static bool save(void *self, uint32_t key, int64_t value)
{
    ((table *)self)->values[key % 4] = value;
    return key < 4;
}
#if RELEASE >= 2
static int64_t wipe(void *self)
{
    memset(self, 0, sizeof(table));
    return 4;
}
#endif
static const void *query(void *self, uint64_t id)
{
    (void)self;
    (void)id;
    return NULL;
}
static const store vtable = {
    .size = sizeof(store),
    .drop = free,
    .query = query,
    .load = load,
    .save = save,
#if RELEASE >= 2
    .wipe = wipe,
#endif
};
store_object growth_make(void)
{
    store_object made = {calloc(1, sizeof(table)), &vtable};
    return made;
}

uint32_t growth_check(uint32_t what, checked *out)
{
    memset(out, 0, sizeof *out);
    out->tag = what == 0 ? SYS_OK : SYS_ERR;
    if (what == 0)
        out->payload.ok = 5;
    else if (what == 1)
        out->payload.err = (error){.tag = ERROR_IO, .payload.io = -3};
    else
        out->payload.err.tag = ERROR_LOST;
#if RELEASE >= 2
    if (what == 2)
        out->payload.err = (error){.tag = ERROR_BUSY, .payload.busy = 77};
#endif
    return out->tag;
}
