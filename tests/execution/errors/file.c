/* Failures as the whole file says them, beside functions that say otherwise and callbacks, which return values. */
#include <errno.h>
#include <stdint.h>
#include <stdio.h>

typedef struct {
    unsigned tag;
    union {
        uint32_t ok;
        int32_t err;
    } payload;
} result;
typedef result step(void *user, int32_t n);

/* What is called: it negates its error, or returns a result. */
int32_t own(int32_t n);
int32_t said(int32_t n);
result valued(int32_t n);
int32_t plain(int32_t n);
int32_t each(step *f, void *user, int32_t n);

int32_t said(int32_t n)
{
    return n < 0 ? -7 : n;
}
int32_t own(int32_t n)
{
    return said(n);
}
result valued(int32_t n)
{
    return n < 0 ? (result){1, {.err = 7}} : (result){0, {.ok = (uint32_t)n}};
}
int32_t plain(int32_t n)
{
    return n;
}
int32_t each(step *f, void *user, int32_t n)
{
    result made = f(user, n);
    return made.tag ? -made.payload.err : (int32_t)made.payload.ok + 1;
}

/* The adapters: -1 and errno. */
int32_t c_own(int32_t n, uint32_t *value);
int32_t c_said(int32_t n);
result c_valued(int32_t n);
int32_t c_plain(int32_t n);
int32_t c_each(step *f, void *user, int32_t n);

static result mine(void *user, int32_t n)
{
    result made = valued(n);
    if (*(int *)user != 42)
        made.tag = 2;
    return made;
}

#define MUST(condition)                                \
    if (!(condition)) {                                \
        printf("line %d: %s\n", __LINE__, #condition); \
        return 1;                                      \
    }

int main(void)
{
    int user = 42;
    uint32_t value = 0;
    MUST(c_said(5) == 5);
    errno = 0;
    MUST(c_said(-1) == -1 && errno == 7);
    MUST(c_own(5, &value) == 0 && value == 5 && c_own(-1, &value) == 7);
    MUST(c_valued(5).payload.ok == 5 && c_valued(-1).tag == 1 && c_valued(-1).payload.err == 7);
    MUST(c_plain(-1) == -1);
    MUST(c_each(mine, &user, 5) == 6);
    errno = 0;
    MUST(c_each(mine, &user, -1) == -1 && errno == 7);
    return 0;
}
