/* The state that both sides share, the numbers they agree on, and the account of what went wrong. */
#include "rt.h"

#include <stdio.h>

uint64_t rt_seed, rt_callback_seed;
int64_t rt_calls, rt_mismatches;
static int64_t current, entered, invoked;

uint64_t rt_value(uint64_t seed)
{
    seed += 0x9e3779b97f4a7c15u;
    seed = (seed ^ (seed >> 30)) * 0xbf58476d1ce4e5b9u;
    seed = (seed ^ (seed >> 27)) * 0x94d049bb133111ebu;
    return seed ^ (seed >> 31);
}

uint64_t rt_mix(uint64_t seed, uint64_t index)
{
    return rt_value(seed ^ rt_value(index + 1));
}

const char *rt_string(uint64_t seed)
{
    static const char *const strings[] = {"", "a", "round trip", "\xc3\xa4\xe2\x82\xac",
                                          "0123456789"};
    return strings[rt_value(seed) % 5];
}

void rt_enter(int64_t function)
{
    entered = function;
}

void rt_invoke(void)
{
    invoked++;
}

static int64_t held_invoked;
static uint64_t held_seed;

void rt_hold(uint64_t callback_seed)
{
    held_invoked = invoked;
    held_seed = rt_callback_seed;
    rt_callback_seed = callback_seed;
}

void rt_release(const char *what)
{
    rt_expect(invoked == held_invoked + 1, what);
    invoked = held_invoked;
    rt_callback_seed = held_seed;
}

void rt_begin(int64_t function, uint64_t round)
{
    rt_seed = rt_mix((uint64_t)function, round);
    current = function;
    entered = invoked = 0;
    rt_calls++;
    rt_dirty();
}

void rt_end(int64_t invocations, const char *what)
{
    rt_expect(entered == current, what);
    if (invoked != invocations)
        rt_mismatch(what, "number of callbacks");
}

void rt_mismatch(const char *what, const char *type)
{
    if (rt_mismatches++ < 40)
        printf("mismatch: %s (%s)\n", what, type);
}

void rt_expect(bool fine, const char *what)
{
    if (!fine)
        rt_mismatch(what, "expectation");
}

void rt_scrub(void *memory, size_t size_bytes)
{
    memset(memory, 0xa5, size_bytes);
}

static void soak(int64_t a, int64_t b, int64_t c, int64_t d, int64_t e, int64_t f, int64_t g,
                 int64_t h, double s, double t, double u, double v, double w, double x, double y,
                 double z, int64_t i, int64_t j)
{
    volatile char window[512];
    for (size_t k = 0; k < sizeof window; k++)
        window[k] = (char)(a + b + c + d + e + f + g + h + i + j);
    window[0] = (char)(s + t + u + v + w + x + y + z);
}

void rt_dirty(void)
{
    static void (*volatile call)(int64_t, int64_t, int64_t, int64_t, int64_t, int64_t, int64_t,
                                 int64_t, double, double, double, double, double, double, double,
                                 double, int64_t, int64_t) = soak;
    int64_t x = (int64_t)0xdeadbeefcafef00du;
    double y = -1.0 / 3;
    call(x, x, x, x, x, x, x, x, y, y, y, y, y, y, y, y, x, x);
}
