/*
 * Objects of a language with a lock: their methods are called with it where they may come on any thread, and as they are where not.
 * Each step of the way adds a letter to the trace.
 */
#include <abide/system.h>

#include <stdio.h>
#include <string.h>

static char trace[64];

static void note(char letter)
{
    size_t length = strlen(trace);
    if (length + 1 < sizeof trace)
        trace[length] = letter;
}

/* The runtime: its lock is taken, and given back with what taking it gave. */
int rt_enter(void)
{
    note('E');
    return 42;
}

void rt_leave(int token)
{
    note(token == 42 ? 'L' : '?');
}

void *rt_away(void)
{
    note('?');
    return NULL;
}

void rt_back(void *token)
{
    (void)token;
    note('?');
}

/* The object. */
typedef struct bell {
    SYS_VTABLE_HEADER int32_t (*ring)(void *self, int32_t n);
} bell;
typedef SYS_DYN(bell) bell_object;

static int32_t ring(void *self, int32_t n)
{
    note('r');
    return *(int32_t *)self + n;
}

static void drop(void *self)
{
    (void)self;
    note('d');
}

/* The library, of the system ABI. */
int32_t here(void *to, const bell *vtable, int32_t n)
{
    return vtable->ring(to, n);
}

int32_t elsewhere(void *to, const bell *vtable, int32_t n)
{
    return vtable->ring(to, n);
}

int32_t given(void *to, const bell *vtable, int32_t n)
{
    int32_t result = vtable->ring(to, n);
    vtable->drop(to);
    return result;
}

/* The thunks, which code of the language calls. */
int32_t py_here(bell_object to, int32_t n);
int32_t py_elsewhere(bell_object to, int32_t n);
int32_t py_given(bell_object to, int32_t n);

static int check(const char *what, int32_t result, const char *expected)
{
    int fine = result == 12 && strcmp(trace, expected) == 0;
    if (!fine)
        printf("%s: %d, %s, not %s\n", what, result, trace, expected);
    memset(trace, 0, sizeof trace);
    return fine;
}

int main(void)
{
    int32_t data = 7;
    static const bell vtable = {.size = sizeof vtable, .id = BELL_ID, .drop = drop, .ring = ring};
    bell_object object = {&data, &vtable};
    int fine = check("here", py_here(object, 5), "r");
    fine &= check("elsewhere", py_elsewhere(object, 5), "ErL");
    fine &= check("given", py_given(object, 5), "ErLd");
    if (fine)
        puts("methods are called with the lock");
    return !fine;
}
