#define NAME(name) name
#include "roles.h"

static char failed[] = "failed";

CONVENTION int32_t divide(int32_t a, int32_t b, const int32_t *self CONTEXT, void **error ERROR)
{
    if (b != 0)
        return a / b + *self;
    *error = failed;
    return *self;
}

/* The error that comes in matters here, too. */
CONVENTION mixed many(mixed m, int64_t a, int64_t b, int64_t c, int64_t d, int64_t e,
                      int32_t *self CONTEXT, void **error ERROR, double f)
{
    m.a += (uint8_t)a;
    m.b += (uint16_t)b;
    m.c += (float)c;
    m.d += (uint64_t)(d * 10 + e);
    m.e += f;
    *self += 1;
    *error = (char *)*error + 1;
    return m;
}

CONVENTION void fail(const int32_t *self CONTEXT, void **error ERROR)
{
    *error = (void *)self;
}

CONVENTION void fill(int32_t *to INDIRECT, int32_t a, const int32_t *self CONTEXT)
{
    to[0] = a;
    to[1] = *self;
}
