/* A closure as C has it where the environment is known when the program is written. */
#include "targets.h"

int two_ints_shim(int a, int b)
{
    return two_ints_env(a, b, &environment);
}
int64_t eight_ints_shim(int64_t a, int64_t b, int64_t c, int64_t d, int64_t e, int64_t f, int64_t g,
                        int64_t h)
{
    return eight_ints_env(a, b, c, d, e, f, g, h, &environment);
}
double doubles_shim(double a, double b, double c)
{
    return doubles_env(a, b, c, &environment);
}
int64_t by_value16_shim(s16 s, int a)
{
    return by_value16_env(s, a, &environment);
}
int64_t by_value24_shim(s24 s, int a)
{
    return by_value24_env(s, a, &environment);
}
int64_t by_value64_shim(s64 s, int a)
{
    return by_value64_env(s, a, &environment);
}
s24 gives24_shim(int a, int b)
{
    return gives24_env(a, b, &environment);
}
uint64_t text_shim(const char *data, size_t length)
{
    return text_env(data, length, &environment);
}
