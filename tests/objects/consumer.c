/* A program of release RELEASE, linked with a library of release LIBRARY. */
#include "growth.h"
#include "must.h"

typedef struct own {
    int64_t last;
    int wiped;
} own;
static int64_t load(void *self, uint32_t key)
{
    return ((own *)self)->last + key;
}
static bool save(void *self, uint32_t key, int64_t value)
{
    ((own *)self)->last = value;
    return key < 2;
}
#if RELEASE >= 2
static int64_t wipe(void *self)
{
    return ++((own *)self)->wiped;
}
#endif
static void drop(void *self)
{
    (void)self;
}
static const void *query(void *self, uint64_t id)
{
    (void)self;
    (void)id;
    return NULL;
}
static const store vtable = {
    .size = sizeof(store),
    .drop = drop,
    .query = query,
    .load = load,
    .save = save,
#if RELEASE >= 2
    .wipe = wipe,
#endif
};

int main(void)
{
    own mine = {0, 0};
    bool both_new = RELEASE >= 2 && LIBRARY >= 2;
    MUST(growth_fill(&mine, &vtable, 3) == 2 + 20 + 2 + (both_new ? 1000 : 0));
    MUST(mine.wiped == both_new);

    store_object made = growth_make();
    MUST(made.vtable->save(made.data, 1, 42) && made.vtable->load(made.data, 1) == 42);
#if RELEASE >= 2
    MUST(SYS_HAS(made.vtable, wipe) == (LIBRARY >= 2));
    if (SYS_HAS(made.vtable, wipe))
        MUST(made.vtable->wipe(made.data) == 4 && made.vtable->load(made.data, 1) == 0);
#endif
    MUST(SYS_HAS(made.vtable, save));
    made.vtable->drop(made.data);

    checked result;
    MUST(growth_check(0, &result) == SYS_OK && result.payload.ok == 5);
    MUST(growth_check(1, &result) == SYS_ERR && result.payload.err.tag == ERROR_IO &&
         result.payload.err.payload.io == -3);
    MUST(growth_check(2, &result) == SYS_ERR);
    MUST(result.payload.err.tag == (LIBRARY >= 2 ? ERROR_BUSY : ERROR_LOST)); /* known or not */
#if RELEASE >= 2
    MUST(LIBRARY < 2 || result.payload.err.payload.busy == 77);
#endif
    return 0;
}
