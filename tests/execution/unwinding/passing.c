/* In C and C++: what adapters began for a call ends when an exception passes. Each hook writes a letter, and so do functions. */
#include "throwing.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#ifdef __cplusplus
extern "C" {
#endif
struct big {
    int64_t a, b, c, d;
};
typedef int32_t visit(void *user, int32_t n);
struct text {
    const char *ptr;
    size_t len;
};

static char log_text[256];
static int failures, token_object, blocks;

static void note(char letter)
{
    size_t length = strlen(log_text);
    log_text[length] = letter;
    log_text[length + 1] = '\0';
}

void *rt_greet(void *frame)
{
    note(frame ? 'g' : '?');
    return &token_object;
}
void rt_part(void *token)
{
    note(token == &token_object ? 'p' : '?');
}
void rt_enter(void)
{
    note('e');
}
void rt_leave(void)
{
    note('l');
}
void rt_away(void)
{
    note('a');
}
void rt_back(void)
{
    note('b');
}

/* What adapters allocate. */
void *__real_malloc(size_t bytes);
void __real_free(void *memory);
void *__wrap_malloc(size_t bytes)
{
    blocks++;
    return __real_malloc(bytes);
}
void __wrap_free(void *memory)
{
    blocks -= memory != NULL;
    __real_free(memory);
}

/* What adapters call. */
struct big quick(struct big b, int32_t n)
{
    note('q');
    if (n < 0)
        throw_number(-n);
    b.a += n;
    return b;
}
struct big slow(struct big b, int32_t n)
{
    return quick(b, n);
}
int32_t elsewhere(visit *f, void *user, int32_t n)
{
    note('h');
    return f(user, 1) + f(user, n);
}
int32_t waiting(visit *f, void *user, int32_t n)
{
    return elsewhere(f, user, n);
}
int32_t text(const char *t, int32_t n)
{
    note(t[n < 0 ? -n : n]);
    if (n < 0)
        throw_number(-n);
    return n;
}
int32_t each(const char *const *t, size_t length, int32_t n)
{
    return text(t[length - 1], n);
}

static int32_t visitor(void *user, int32_t n)
{
    note(user ? 'v' : '?');
    if (n < 0)
        throw_number(-n);
    return n;
}

/* TO: C calls the made-up runtime's library; FROM: that runtime's code calls a library of C. */
#define THUNKS(prefix)                                           \
    struct big prefix##_quick(struct big b, int32_t n);          \
    struct big prefix##_slow(struct big b, int32_t n);           \
    int32_t prefix##_elsewhere(visit *f, void *user, int32_t n); \
    int32_t prefix##_waiting(visit *f, void *user, int32_t n);
THUNKS(to)
THUNKS(from)
struct big edges_slow(struct big b, int32_t n);
int32_t sys_text(const char *ptr, size_t length, int32_t n);
int32_t sys_each(const struct text *ptr, size_t length, int32_t n);
#ifdef __cplusplus
}
#endif

struct call {
    const char *name;
    int32_t n;
};

static void call_runtime(const struct call *call)
{
    struct big b = {1, 2, 3, 4};
    if (!strcmp(call->name, "to quick"))
        to_quick(b, call->n);
    else if (!strcmp(call->name, "to slow"))
        to_slow(b, call->n);
    else if (!strcmp(call->name, "to waiting"))
        to_waiting(visitor, &b, call->n);
#ifdef EDGES
    else if (!strcmp(call->name, "edges"))
        edges_slow(b, call->n);
#endif
    else if (!strcmp(call->name, "from slow"))
        from_slow(b, call->n);
    else if (!strcmp(call->name, "from elsewhere"))
        from_elsewhere(visitor, &b, call->n);
    else if (!strcmp(call->name, "from waiting"))
        from_waiting(visitor, &b, call->n);
}

static void make_call(void *user)
{
    static char longer[1000];
    const struct call *call = (const struct call *)user;
    struct text texts[] = {{"abc", 3}, {longer, sizeof longer}};
    memset(longer, 'x', sizeof longer);
    if (!strcmp(call->name, "text"))
        sys_text(longer, sizeof longer, call->n);
    else if (!strcmp(call->name, "each"))
        sys_each(texts, 2, call->n);
    else
        call_runtime(call);
}

static void expect(const char *name, const char *returning, const char *throwing)
{
    struct call call = {name, 7};
    for (int i = 0; i < 2; i++) {
        const char *letters = i ? throwing : returning;
        int wanted = i ? 7 : 0, blocks_before = blocks;
        int number = caught(make_call, &call);
        if (strcmp(log_text, letters) != 0 || number != wanted || blocks != blocks_before) {
            printf("%s: %s and %d, expected %s and %d; %d blocks left\n", name, log_text, number,
                   letters, wanted, blocks - blocks_before);
            failures++;
        }
        log_text[0] = '\0';
        call.n = -7;
    }
}

static void throw_first(void *user)
{
    throw_number(*(int *)user);
}

int main(void)
{
    int number = 1;
    caught(throw_first, &number); /* the first exception of a program allocates what stays */
    expect("to quick", "geqlp", "geqlp");
    expect("to slow", "geqlp", "geqlp");
    expect("to waiting", "gehvvlp", "gehvvlp");
    expect("from slow", "aqb", "aqb");
    expect("from elsewhere", "hgevlpgevlp", "hgevlpgevlp");
    expect("from waiting", "ahgevlpgevlpb", "ahgevlpgevlpb");
    expect("text", "x", "x");
    expect("each", "x", "x");
#ifdef EDGES
    expect("edges", "ageqlpb", "ageqlpb");
#endif
    if (failures == 0)
        printf("all that was begun ends\n");
    return failures != 0;
}
