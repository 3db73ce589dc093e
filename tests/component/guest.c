/* A core module that imports the functions of demo.abi.yaml through thunks, and asks them what it knows the answers of. */
#include <stddef.h>
#include <stdint.h>
#include <stdbool.h>

/* ---- the C library that thunks need ---- */

static unsigned char heap[1 << 20] __attribute__((aligned(16)));
static size_t heap_used;
static int alive;

void *malloc(size_t bytes)
{
    void *memory = heap + heap_used;
    heap_used += (bytes + 31) / 16 * 16;
    alive++;
    return heap_used <= sizeof heap ? memory : NULL;
}

void free(void *memory)
{
    alive -= memory != NULL;
}

void *memcpy(void *to, const void *from, size_t bytes)
{
    for (size_t i = 0; i < bytes; i++)
        ((volatile char *)to)[i] = ((const char *)from)[i];
    return to;
}

void *memset(void *to, int value, size_t bytes)
{
    for (size_t i = 0; i < bytes; i++)
        ((volatile char *)to)[i] = (char)value;
    return to;
}

size_t strlen(const char *text)
{
    size_t length = 0;
    while (text[length])
        length++;
    return length;
}

void *cabi_realloc(void *old, size_t old_bytes, size_t align, size_t bytes)
{
    (void)old, (void)old_bytes, (void)align;
    return bytes ? malloc(bytes) : (void *)align;
}

__attribute__((import_module("host"), import_name("trap"))) void host_trap(const char *function);

void abide_trap(uint32_t code, const char *function, const char *parameter, uint64_t value)
{
    (void)code, (void)parameter, (void)value;
    host_trap(function);
}

/* ---- C's own forms of the types ---- */

typedef struct {
    char *ptr;
    size_t len;
} text;

typedef struct {
    double x;
    float y;
} point;

typedef struct {
    text name;
    uint8_t age;
    struct {
        uint16_t *ptr;
        size_t len;
    } tags;
} person;

typedef struct {
    unsigned tag;
    union {
        float circle;
        point square;
        text named;
    } payload;
} shape;

typedef struct {
    unsigned tag;
    union {
        text ok;
        int32_t err;
    } payload;
} found;

typedef struct {
    bool has;
    double value;
} maybe;

typedef struct {
    bool has;
    float value;
} maybe_float;

typedef struct {
    unsigned tag;
    union {
        uint32_t ok;
        text err;
    } payload;
} outcome;

typedef struct {
    uint8_t field0;
    int64_t field1;
} before;

typedef struct {
    int64_t field0;
    uint8_t field1;
} after;

typedef struct {
    uint8_t field0;
    uint16_t field1;
} small;

typedef struct {
    text *ptr;
    size_t len;
} texts;

text c_greet(person p, uint32_t times);
double c_area(shape s, unsigned c);
found c_lookup(char *key, size_t key_len);
maybe c_total(point *points, size_t len);
unsigned c_change(unsigned p, bool on, int8_t value);
after c_swap(before t);
texts c_words(uint32_t count);
void *c_take(void *t, void *u);
uint8_t c_many(uint64_t a, person p, shape s, maybe_float d, outcome e, small t, point *g,
               size_t g_len, bool h, uint32_t i);

/* ---- the questions ---- */

static int failures;

static bool is_text(text got, const char *expected)
{
    bool same = got.len == strlen(expected);
    for (size_t i = 0; same && i < got.len; i++)
        same = got.ptr[i] == expected[i];
    return same;
}

static void expect(bool fine, int number)
{
    if (!fine)
        failures += 1 << number;
}

__attribute__((export_name("run"))) int run(void)
{
    uint16_t tags[] = {1, 700, 65535};
    point points[] = {{1.5, 2}, {3, 4}, {-100, 0.25f}};
    person ada = {{"Ada \xc3\xa9", 6}, 36, {tags, 3}};
    text greeting = c_greet(ada, 2);
    expect(is_text(greeting, "Ada \xc3\xa9 36 1,700,65535;Ada \xc3\xa9 36 1,700,65535;"), 0);
    free(greeting.ptr);
    expect(c_area((shape){0, {.circle = 2}}, 2) == 8 &&
               c_area((shape){1, {.square = {3, 4}}}, 1) == 13 &&
               c_area((shape){2, {.named = {"five5", 5}}}, 0) == 5 &&
               c_area((shape){.tag = 3}, 0) == -1,
           1);
    found there = c_lookup("key", 3), absent = c_lookup("nothing", 7);
    expect(there.tag == 0 && is_text(there.payload.ok, "value of key") && absent.tag == 1 &&
               absent.payload.err == -7,
           2);
    free(there.payload.ok.ptr);
    maybe sum = c_total(points, 3), none = c_total(NULL, 0);
    expect(sum.has && sum.value == 1.5 + 2 + 3 + 4 - 100 + 0.25 && !none.has, 3);
    expect(c_change(0x101, true, -3) == 0x181 && c_change(0x1ff, false, 100) == 0x0ff, 4);
    after swapped = c_swap((before){200, -5000000000});
    expect(swapped.field0 == -5000000001 && swapped.field1 == 201, 5);
    texts words = c_words(3);
    expect(words.len == 3 && is_text(words.ptr[0], "") && is_text(words.ptr[1], "x") &&
               is_text(words.ptr[2], "xx"),
           6);
    for (size_t i = 0; i < words.len; i++)
        if (words.ptr[i].len)
            free(words.ptr[i].ptr);
    free(words.ptr);
    expect(c_take((void *)7, (void *)9) == (void *)16, 7);
    expect(c_many(1ull << 40, ada, (shape){1, {.square = {5, 6}}}, (maybe_float){true, 0.5f},
                  (outcome){1, {.err = {"bad", 3}}}, (small){9, 10}, points, 3, true,
                  0x1f600) == 42,
           8);
    expect(alive == 0, 9);
    return failures;
}
