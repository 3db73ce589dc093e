/* In which order an adapter calls hooks: each writes a letter, and so do the functions that are called. */
#include <stdint.h>
#include <stdio.h>
#include <string.h>

struct big {
    int64_t a, b, c, d;
};

static char log_text[256];
static int failures;
static int token_object;

static void note(char letter)
{
    size_t length = strlen(log_text);
    log_text[length] = letter;
    log_text[length + 1] = '\0';
}

void *rt_greet(void *frame)
{
    char here;
    /* The frame is above this one, and not far. */
    note((char *)frame > &here && (char *)frame < &here + 65536 ? 'g' : '?');
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

struct big quick(struct big b, int32_t n)
{
    note('q');
    b.a += n;
    b.d = ~b.d;
    return b;
}

struct big slow(struct big b, int32_t n)
{
    return quick(b, n);
}

typedef int32_t visit(void *user, int32_t n);

int32_t here(visit *f, void *user, int32_t n)
{
    note('h');
    return f(user, n) + f(user, n + 1);
}

int32_t elsewhere(visit *f, void *user, int32_t n)
{
    return here(f, user, n);
}

int32_t waiting(visit *f, void *user, int32_t n)
{
    return here(f, user, n);
}

static int32_t visitor(void *user, int32_t n)
{
    note('v');
    return n * *(int32_t *)user;
}

/* Closures in values; what they lead to. */
struct look {
    int32_t (*code)(int32_t n, void *env);
    void *env;
};

struct held {
    struct look f;
    int32_t id;
};

/* A slice, as the runtime has it; C has pointer and length. */
struct row {
    struct held *ptr;
    size_t len;
};

int32_t one(struct held h, int32_t n)
{
    note('o');
    return h.f.code(n, h.f.env) + h.id;
}

int32_t all(struct held *h, size_t count, int32_t n)
{
    int32_t sum = 0;
    for (size_t i = 0; i < count; i++)
        sum += one(h[i], n);
    return sum;
}

static int32_t looker(int32_t n, void *env)
{
    return visitor(env, n);
}

/* TO: c calls a library of the made-up runtime; FROM: the runtime's code calls a library of C. */
#define THUNKS(prefix)                                           \
    struct big prefix##_quick(struct big b, int32_t n);          \
    struct big prefix##_slow(struct big b, int32_t n);           \
    int32_t prefix##_here(visit *f, void *user, int32_t n);      \
    int32_t prefix##_elsewhere(visit *f, void *user, int32_t n); \
    int32_t prefix##_waiting(visit *f, void *user, int32_t n);   \
    int32_t prefix##_one(struct held h, int32_t n);
THUNKS(to)
THUNKS(from)
int32_t from_all(struct row h, int32_t n);

static void expect(const char *what, const char *letters)
{
    if (strcmp(log_text, letters) != 0) {
        printf("%s: %s, expected %s\n", what, log_text, letters);
        failures++;
    }
    log_text[0] = '\0';
}

static void check_big(const char *what, struct big got)
{
    if (got.a != 8 || got.b != 2 || got.c != 3 || got.d != ~(int64_t)4) {
        printf("%s: another result\n", what);
        failures++;
    }
}

static void check_held(const char *what, int32_t got, int32_t wanted)
{
    if (got == wanted)
        return;
    printf("%s: %d\n", what, got);
    failures++;
}

static void check_sum(const char *what, int32_t got)
{
    if (got != 7 * 3 + 8 * 3) {
        printf("%s: %d\n", what, got);
        failures++;
    }
}

int main(void)
{
    const struct big b = {1, 2, 3, 4};
    int32_t three = 3;
    check_big("to quick", to_quick(b, 7));
    expect("to quick", "geqlp");
    check_big("to slow", to_slow(b, 7));
    expect("to slow", "geqlp");
    check_sum("to here", to_here(visitor, &three, 7));
    expect("to here", "gehvvlp");
    check_sum("to waiting", to_waiting(visitor, &three, 7));
    expect("to waiting", "gehvvlp");
    check_big("from quick", from_quick(b, 7));
    expect("from quick", "q");
    check_big("from slow", from_slow(b, 7));
    expect("from slow", "aqb");
    check_sum("from here", from_here(visitor, &three, 7));
    expect("from here", "hvv");
    check_sum("from elsewhere", from_elsewhere(visitor, &three, 7));
    expect("from elsewhere", "hgevlpgevlp");
    check_sum("from waiting", from_waiting(visitor, &three, 7));
    expect("from waiting", "ahgevlpgevlpb");
    struct held held[2] = {{{looker, &three}, 100}, {{looker, &three}, 1000}};
    check_held("to one", to_one(held[0], 7), 121);
    expect("to one", "geovlp");
    check_held("from one", from_one(held[0], 7), 121);
    expect("from one", "ogevlp");
    check_held("from all", from_all((struct row){held, 2}, 7), 1142);
    expect("from all", "aogevlpogevlpb");
    if (failures == 0)
        printf("hooks are called in order\n");
    return failures != 0;
}
