/* Functions that do next to nothing, so that calls are what is counted. */
#include "targets.h"

int two_ints(int a, int b)
{
    return a + b;
}
int64_t eight_ints(int64_t a, int64_t b, int64_t c, int64_t d, int64_t e, int64_t f, int64_t g,
                   int64_t h)
{
    return a + b + c + d + e + f + g + h;
}
double doubles(double a, double b, double c)
{
    return a + b + c;
}
int64_t by_value16(s16 s, int a)
{
    return s.a + s.b + a;
}
int64_t by_value24(s24 s, int a)
{
    return s.a + s.c + a;
}
int64_t by_value64(s64 s, int a)
{
    return s.v[0] + s.v[7] + a;
}
s24 gives24(int a, int b)
{
    return (s24){a, b, a};
}
uint64_t text(const char *data, size_t length)
{
    return (uint64_t)*data + length;
}

int environment = 5;
int two_ints_env(int a, int b, void *env)
{
    return a + b + *(int *)env;
}
int64_t eight_ints_env(int64_t a, int64_t b, int64_t c, int64_t d, int64_t e, int64_t f, int64_t g,
                       int64_t h, void *env)
{
    return a + b + c + d + e + f + g + h + *(int *)env;
}
double doubles_env(double a, double b, double c, void *env)
{
    return a + b + c + *(int *)env;
}
int64_t by_value16_env(s16 s, int a, void *env)
{
    return s.a + s.b + a + *(int *)env;
}
int64_t by_value24_env(s24 s, int a, void *env)
{
    return s.a + s.c + a + *(int *)env;
}
int64_t by_value64_env(s64 s, int a, void *env)
{
    return s.v[0] + s.v[7] + a + *(int *)env;
}
s24 gives24_env(int a, int b, void *env)
{
    return (s24){a, b, *(int *)env};
}
uint64_t text_env(const char *data, size_t length, void *env)
{
    return (uint64_t)*data + length + (uint64_t)*(int *)env;
}
