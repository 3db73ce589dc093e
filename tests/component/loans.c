/* What exports of loans.abi.yaml and judged.abi.yaml are in C: they drop nothing that they borrow. */
#include <stddef.h>
#include <stdint.h>
#include <stdbool.h>

void *memcpy(void *to, const void *from, size_t bytes)
{
    for (size_t i = 0; i < bytes; i++)
        ((volatile char *)to)[i] = ((const char *)from)[i];
    return to;
}

void *memset(void *to, int value, size_t bytes)
{
    for (size_t i = 0; i < bytes; i++)
        ((volatile char *)to)[i] = (char)value;
    return to;
}

__attribute__((import_module("host"), import_name("trap"))) void host_trap(size_t code);
void abide_trap(size_t code, const char *function, const char *parameter, size_t value)
{
    (void)function, (void)parameter, (void)value;
    host_trap(code);
}

typedef struct {
    void *a;
    struct {
        char *ptr;
        size_t len;
    } name;
    void *c; /* NULL: none */
} pair;

/* It asks the host whether a handle is there. */
__attribute__((import_module("host"), import_name("use"))) uint32_t use(void *handle);
void theirs_drop(void *handle);

uint32_t c_look(void *t, void *other)
{
    return use(t) + 10 * use(other);
}

void *c_take(void *t, void *u)
{
    use(u);
    return t;
}

static uint32_t use_pair(pair p)
{
    return use(p.a) + (p.c ? use(p.c) : 0) + (uint32_t)p.name.len;
}

uint32_t c_all(void **ts, size_t count, pair p, pair *ps, size_t pair_count)
{
    uint32_t sum = use_pair(p);
    for (size_t i = 0; i < count; i++)
        sum += use(ts[i]);
    for (size_t i = 0; i < pair_count; i++)
        sum += use_pair(ps[i]);
    return sum;
}

uint32_t c_many(uint64_t a, uint64_t b, uint64_t c, uint64_t d, uint64_t e, uint64_t f, uint64_t g,
                void **ts, size_t count, pair p, void *m, pair q)
{
    return (uint32_t)(a + b + c + d + e + f + g) + c_all(ts, count, p, &q, 1) + use(m);
}

typedef struct {
    unsigned tag;
    uint32_t value;
} judgement;

judgement c_judged(void *t, char *s, size_t len, unsigned c, void **ps, size_t count, void *o)
{
    uint32_t sum = use(t) + (uint32_t)len + c;
    for (size_t i = 0; i < count; i++)
        sum += ps[i] ? use(ps[i]) : 0;
    (void)s;
    theirs_drop(o); /* its own now */
    return (judgement){0, sum};
}
