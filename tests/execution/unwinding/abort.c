/* abort WAY HOW, in C and C++: an exception that would leave a function, which somebody outside catches (HOW is caught) or nobody. */
#include "throwing.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#ifdef __cplusplus
extern "C" {
#endif
struct triple {
    int64_t a, b, c;
};
typedef int32_t visitor(int32_t n, void *env);
struct closure {
    visitor *code;
    void *env;
};

/* What adapters call. */
int32_t same(int32_t a, int32_t b)
{
    if (a < 0)
        throw_number(1);
    return a + b;
}
int64_t moved(int64_t a, struct triple t)
{
    if (a < 0)
        throw_number(2);
    return a + t.c;
}
struct triple made(int64_t a)
{
    struct triple t = {a, a, a};
    if (a < 0)
        throw_number(3);
    return t;
}
int32_t visited(int32_t a, struct closure visit)
{
    return visit.code(a, visit.env);
}
int32_t passing(int32_t a)
{
    if (a < 0)
        throw_number(5);
    return a;
}

int32_t n_same(int32_t a, int32_t b);
int64_t n_moved(int64_t a, int64_t x, int64_t y, int64_t z);
void n_made(int64_t a, struct triple *out);
int32_t n_visited(int32_t a, visitor *visit, void *env);
int32_t n_passing(int32_t a);

void abide_trap(size_t code, const char *function, const char *parameter, size_t value)
{
    (void)value;
    printf("%zu %s %s\n", code, function, parameter);
    fflush(stdout);
    _Exit(0);
}

static int32_t throwing(int32_t n, void *env)
{
    (void)env;
    if (n < 0)
        throw_number(4);
    return n;
}
#ifdef __cplusplus
}
#endif

struct call {
    const char *way;
    int32_t n;
};

static void make_call(void *user)
{
    const struct call *call = (const struct call *)user;
    struct triple t = {1, 2, 3};
    if (!strcmp(call->way, "same"))
        n_same(call->n, 1);
    else if (!strcmp(call->way, "moved"))
        n_moved(call->n, t.a, t.b, t.c);
    else if (!strcmp(call->way, "made"))
        n_made(call->n, &t);
    else if (!strcmp(call->way, "visited"))
        n_visited(call->n, throwing, NULL);
    else
        n_passing(call->n);
}

int main(int count, char **words)
{
    struct call call = {words[count > 1], 5};
    make_call(&call);
    call.n = -1;
#ifndef __cplusplus
    look_for_handler = strcmp(words[2], "left") == 0;
#endif
    if (strcmp(words[2], "caught") != 0)
        make_call(&call);
    else
        printf("caught %d\n", caught(make_call, &call));
    return 0;
}
