/* What the programs of random_values.py share: values from a seed, the place that is made invalid, and what the adapters say of it. */
#include <abide/system.h>

#include <setjmp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { BOOL, ENUM, FLAGS, TAG, CHAR, UTF8, NUL, NULL_, ALIGN, LENGTH, UTF16, NARROW };

typedef struct {
    char *ptr;
    size_t len;
} text;
typedef struct {
    void *ptr;
    size_t len;
} row;

struct gen {
    uint64_t state;
    size_t site, target; /* places that could be made invalid so far; the one that is */
    char path[400];      /* to the value that is being filled */
    size_t length;
    size_t code; /* of the invalid place; 0: there is none */
    char where[400];
    uint64_t value; /* what it holds; UINT64_MAX: does not matter */
    int null, odd;  /* 1 + the parameter of which the address is null or odd */
    void *memory[4096];
    size_t memory_count;
};

static uint64_t next(struct gen *g)
{
    g->state += UINT64_C(0x9E3779B97F4A7C15);
    uint64_t z = g->state;
    z = (z ^ z >> 30) * UINT64_C(0xBF58476D1CE4E5B9);
    z = (z ^ z >> 27) * UINT64_C(0x94D049BB133111EB);
    return z ^ z >> 31;
}

static size_t pick(struct gen *g, size_t count)
{
    return count ? next(g) % count : 0;
}

static void noise(struct gen *g, void *memory, size_t bytes)
{
    for (size_t i = 0; i < bytes; i++)
        ((uint8_t *)memory)[i] = (uint8_t)next(g);
}

/* ---- what adapters allocate, and what they release that was given away (the linker's --wrap) ---- */

static struct gen *current;
static void *made[4096];
static size_t made_count;

void *__real_malloc(size_t bytes);
void __real_free(void *memory);

void *__wrap_malloc(size_t bytes)
{
    void *memory = __real_malloc(bytes);
    if (!memory || made_count == sizeof made / sizeof *made)
        abort();
    return made[made_count++] = memory;
}

static bool forget(void **memory, size_t *count, void *one)
{
    for (size_t i = *count; i-- > 0;)
        if (memory[i] == one) {
            memory[i] = memory[--*count];
            return true;
        }
    return false;
}

void __wrap_free(void *memory)
{
    if (memory && !forget(made, &made_count, memory))
        forget(current->memory, &current->memory_count, memory);
    __real_free(memory);
}

/* How many blocks adapters have allocated that are still there. They go. */
static size_t release_made(void)
{
    size_t count = made_count;
    while (made_count)
        __real_free(made[--made_count]);
    return count;
}

/* Exactly so many bytes, so that the sanitizer sees who reads beyond. */
static void *get(struct gen *g, size_t bytes)
{
    void *memory = __real_malloc(bytes);
    if (!memory || g->memory_count == sizeof g->memory / sizeof *g->memory)
        abort();
    noise(g, memory, bytes);
    return g->memory[g->memory_count++] = memory;
}

static void add(struct gen *g, const char *text)
{
    size_t length = strlen(text);
    if (g->length + length >= sizeof g->path)
        abort();
    memcpy(g->path + g->length, text, length + 1);
    g->length += length;
}

static void add_index(struct gen *g, size_t index)
{
    char text[32];
    snprintf(text, sizeof text, "[%zu]", index);
    add(g, text);
}

/* Whether this place is the one to be made invalid. */
static bool hit(struct gen *g, unsigned word, size_t code)
{
    if (!(MASK >> word & 1) || g->site++ != g->target)
        return false;
    g->code = code;
    memcpy(g->where, g->path, g->length);
    g->where[g->length] = 0;
    g->value = UINT64_MAX;
    return true;
}

static size_t too_many(struct gen *g, size_t bytes)
{
    size_t most = PTRDIFF_MAX / bytes;
    return (size_t[]){most + 1, most + 2, SIZE_MAX, SIZE_MAX / 2 + 1 + pick(g, 1000)}[pick(g, 4)];
}

/* Text of some characters, and room for a NUL. */
static size_t make_text(struct gen *g, char *to)
{
    static const char *const characters[] = {"a",
                                             "\x7f",
                                             "\xc2\x80",
                                             "\xdf\xbf",
                                             "\xe0\xa0\x80",
                                             "\xed\x9f\xbf",
                                             "\xee\x80\x80",
                                             "\xf0\x90\x80\x80",
                                             "\xf4\x8f\xbf\xbf",
                                             "z"};
    size_t count = pick(g, 6), length = 0;
    for (size_t i = 0; i < count; i++) {
        const char *one = characters[pick(g, sizeof characters / sizeof *characters)];
        memcpy(to + length, one, strlen(one));
        length += strlen(one);
    }
    return length;
}

/* Something that is no UTF-8, behind text that is. */
static size_t spoil_text(struct gen *g, char *to, size_t length)
{
    static const char *const wrong[] = {
        "\x80",         "\xc0\x80",         "\xc1\xbf",         "\xe0\x9f\xbf",
        "\xed\xa0\x80", "\xf0\x8f\xbf\xbf", "\xf4\x90\x80\x80", "\xf5\x80\x80\x80",
        "\xff",         "\xe2\x82",         "\xf1\x80\x80",     "\xc2",
        "\xe1\x80\xc3"};
    const char *one = wrong[pick(g, sizeof wrong / sizeof *wrong)];
    memcpy(to + length, one, strlen(one));
    return length + strlen(one);
}

static char *keep_text(struct gen *g, const char *from, size_t length, bool is_terminated)
{
    char *text = get(g, length + is_terminated);
    memcpy(text, from, length);
    if (is_terminated)
        text[length] = 0;
    return text;
}

static void fill_string(struct gen *g, text *v, bool niche)
{
    char made[64];
    v->len = make_text(g, made);
    if (v->len > 1 && !pick(g, 4))
        made[0] = made[0] < 0 ? made[0] : 0; /* a NUL is a character like others */
    if (hit(g, UTF8, SYS_TRAP_UTF8))
        g->value = v->len, v->len = spoil_text(g, made, v->len);
    v->ptr = keep_text(g, made, v->len, false);
    if (!v->len && !niche && pick(g, 2))
        v->ptr = (char *)(uintptr_t)(pick(g, 2) ? next(g) : 0);
    if (!niche && v->len && hit(g, NULL_, SYS_TRAP_NULL))
        v->ptr = NULL;
    if (hit(g, LENGTH, SYS_TRAP_OVERFLOW)) {
        v->ptr = keep_text(g, made, 0, true);
        v->len = too_many(g, 1);
    }
}

static void fill_string0(struct gen *g, text *v, bool niche)
{
    char made[64];
    v->len = make_text(g, made);
    if (hit(g, UTF8, SYS_TRAP_UTF8))
        g->value = v->len, v->len = spoil_text(g, made, v->len);
    v->ptr = keep_text(g, made, v->len, true);
    if (!niche && hit(g, NULL_, SYS_TRAP_NULL))
        v->ptr = NULL;
    if (hit(g, NUL, SYS_TRAP_NUL)) {
        if (v->len && pick(g, 2))
            v->ptr[pick(g, v->len)] = 0;
        else
            v->ptr[v->len] = 'x';
        g->value = v->len;
    }
    if (hit(g, LENGTH, SYS_TRAP_OVERFLOW))
        v->len = too_many(g, 1);
}

static void fill_nul(struct gen *g, char **v, bool niche, bool is_text)
{
    char made[64];
    size_t length = make_text(g, made);
    if (!is_text && !pick(g, 3))
        length = spoil_text(g, made, length); /* any bytes */
    if (is_text && hit(g, UTF8, SYS_TRAP_UTF8))
        g->value = length, length = spoil_text(g, made, length);
    *v = keep_text(g, made, length, true);
    if (!niche && hit(g, NULL_, SYS_TRAP_NULL))
        *v = NULL;
}

/* Text in UTF-16, whose surrogates come in pairs. */
static void fill_utf16(struct gen *g, row *v, bool niche)
{
    static const uint16_t units[][2] = {{'a'},           {0},      {0xD7FF}, {0xE000},
                                        {0xFFFF},        {0xFEFF}, {0x20AC}, {0xD800, 0xDC00},
                                        {0xDBFF, 0xDFFF}};
    uint16_t text[16], *at;
    v->len = 0;
    for (size_t count = pick(g, 6); count > 0; count--) {
        const uint16_t *one = units[pick(g, sizeof units / sizeof *units)];
        text[v->len++] = one[0];
        if (one[1])
            text[v->len++] = one[1];
    }
    if (hit(g, UTF16, SYS_TRAP_UTF16)) {
        g->value = v->len;
        text[v->len++] = (uint16_t[]){0xD800, 0xDBFF, 0xDC00, 0xDFFF}[pick(g, 4)];
        if (pick(g, 2))
            text[v->len++] = (uint16_t[]){'a', 0xE000, 0xD7FF}[pick(g, 3)];
    }
    at = get(g, v->len * sizeof *text);
    memcpy(at, text, v->len * sizeof *text);
    v->ptr = v->len || niche ? at : (pick(g, 2) ? NULL : (void *)(uintptr_t)next(g));
    if (!niche && v->len && hit(g, NULL_, SYS_TRAP_NULL))
        v->ptr = NULL;
    if (v->len && hit(g, ALIGN, SYS_TRAP_ALIGN))
        v->ptr = (char *)get(g, (v->len + 1) * sizeof *text) + 1;
    if (hit(g, LENGTH, SYS_TRAP_OVERFLOW)) {
        v->ptr = at;
        v->len = too_many(g, sizeof *text);
    }
}

struct tested {
    const char *name;
    void (*fill)(struct gen *g);
    void (*calls[2])(struct gen *g); /* through adapters of machine code, and of C */
    bool gives;                      /* what adapters allocate may be the callee's */
};

/* A result<unit, i32> of functions where invalid values become the error INVALID, if that is not 0. */
struct outcome {
    uint32_t tag;
    int32_t error;
};

static struct outcome outcome;
static size_t calls;
static jmp_buf out;
static size_t seen_code, seen_value;
static char seen[800];

void abide_trap(size_t code, const char *function, const char *parameter, size_t value)
{
    seen_code = code;
    seen_value = value;
    snprintf(seen, sizeof seen, "%s, %s", function, parameter);
    longjmp(out, 1);
}

static void start(struct gen *g, uint64_t seed, size_t target)
{
    while (g->memory_count)
        __real_free(g->memory[--g->memory_count]);
    memset(g, 0, sizeof *g);
    current = g;
    g->state = seed;
    g->target = target;
}

static const char *wrong_outcome(const struct gen *g, size_t calls_before)
{
    bool is_refused = outcome.tag == 1 && outcome.error == INVALID && calls == calls_before;
    if (seen_code)
        return "it trapped";
    if (g->code)
        return is_refused ? NULL : "not the error for what is invalid";
    return outcome.tag == 0 && calls == calls_before + 1 ? NULL : "a valid value was refused";
}

static const char *wrong_of(const struct gen *g, size_t calls_before)
{
    if (g->code != seen_code)
        return g->code ? seen_code ? "another code" : "nobody noticed"
                       : "a valid value was refused";
    if (g->code && strcmp(seen, g->where) != 0)
        return "another place";
    if (g->code && g->value != UINT64_MAX && (size_t)g->value != seen_value)
        return "another value";
    return calls == calls_before + 1 || g->code ? NULL : "the function was not called";
}

static bool try(const struct tested *tested, struct gen *g, unsigned by, uint64_t seed,
                size_t target)
{
    size_t before = calls;
    start(g, seed, target);
    tested->fill(g);
    seen_code = seen_value = 0;
    seen[0] = 0;
    memset(&outcome, 0xFF, sizeof outcome);
    if (!setjmp(out))
        tested->calls[by](g);
    const char *wrong = INVALID ? wrong_outcome(g, before) : wrong_of(g, before);
    if (release_made() && (g->code || !tested->gives) && !wrong)
        wrong = "memory is left";
    if (wrong)
        printf("%s by %s, seed %llu, place %zu: %s: wanted %zu (%s, %llu), got %zu (%s, %zu)\n",
               tested->name, by ? "C" : "machine code", (unsigned long long)seed, target, wrong,
               g->code, g->where, (unsigned long long)g->value, seen_code, seen, seen_value);
    return !wrong;
}

static int run(const struct tested *all, size_t count, int word_count, char **words)
{
    static struct gen g;
    uint64_t seed = word_count > 1 ? strtoull(words[1], NULL, 0) : 1;
    size_t rounds = word_count > 2 ? strtoull(words[2], NULL, 0) : 10, values = 0, invalid = 0,
           wrong = 0;
    for (size_t round = 0; round < rounds && wrong < 10; round++) {
        for (size_t i = 0; i < count; i++) {
            for (unsigned by = 0; by < 2; by++) {
                uint64_t of_value = seed * 1000003 + round * 64 + i * 2 + 1;
                wrong += !try(&all[i], &g, by, of_value, SIZE_MAX);
                values++;
                size_t sites = g.site;
                if (!sites)
                    continue;
                wrong += !try(&all[i], &g, by, of_value,
                              (size_t)(of_value * UINT64_C(0x9E3779B97F4A7C15) >> 20) % sites);
                values++;
                invalid++;
            }
        }
    }
    start(&g, 0, 0);
    printf("%zu values, %zu of them invalid, %zu wrong\n", values, invalid, wrong);
    return wrong != 0;
}
