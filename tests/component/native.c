/* Calls the thunks for native.abi.yaml as a host does, and has the functions that they call. */
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

typedef struct {
    char *ptr;
    size_t len;
} text;

typedef struct {
    text *ptr;
    size_t len;
} texts;

/* ---- what is called ---- */

typedef struct {
    unsigned tag;
    union {
        texts ok;
        text err;
    } payload;
} joined;

static text repeated(const char *from, size_t length, size_t times)
{
    text made = {malloc(length * times + 1), length * times};
    for (size_t i = 0; i < times; i++)
        memcpy(made.ptr + i * length, from, length);
    return made;
}

text c_greet(const char *name, size_t length, uint32_t times)
{
    return repeated(name, length, times);
}

joined c_join(uint64_t a, text *words, size_t count, const char *b, size_t b_length, const char *c,
              size_t c_length, const char *d, size_t d_length, const char *e, size_t e_length,
              const char *f, size_t f_length, const char *g, size_t g_length, uint8_t h, uint8_t i)
{
    (void)a, (void)c, (void)d, (void)e, (void)f, (void)g;
    if (i != 7 || c_length != 0 || d_length + e_length + f_length + g_length != 4)
        abort();
    if (h == 0)
        return (joined){1, {.err = repeated(b, b_length, 1)}};
    texts all = {malloc(count * sizeof(text) + 1), count};
    for (size_t k = 0; k < count; k++)
        all.ptr[k] = repeated(words[k].ptr, words[k].len, 1);
    return (joined){0, {.ok = all}};
}

/* ---- who calls ---- */

struct record {
    uint64_t a;
    texts words;
    text b, c, d, e, f, g;
    uint8_t h, i;
};

struct out {
    uint8_t tag;
    union {
        texts ok;
        text err;
    } payload;
};

text *wit_greet(char *name, size_t length, uint32_t times);
void cabi_post_wit_greet(text *result);
struct out *wit_join(struct record *record);
void cabi_post_wit_join(struct out *result);

/* Of no length: at an address that is no block. */
static text given(const char *from)
{
    size_t length = strlen(from);
    return length ? repeated(from, length, 1) : (text){(char *)1, 0};
}

static bool is_text(text got, const char *expected)
{
    return got.len == strlen(expected) && (!got.len || memcmp(got.ptr, expected, got.len) == 0);
}

static bool greet(const char *name, const char *expected)
{
    text own = given(name);
    text *result = wit_greet(own.ptr, own.len, 2);
    bool fine = is_text(*result, expected);
    cabi_post_wit_greet(result);
    return fine;
}

static bool join(bool is_fine)
{
    struct record *record = malloc(sizeof *record);
    text *words = malloc(2 * sizeof *words);
    words[0] = given("one"), words[1] = given("");
    *record = (struct record){1,          {words, 2}, given("bb"), given(""), given("d"),
                              given("e"), given("f"), given("g"),  is_fine,   7};
    struct out *result = wit_join(record);
    bool good = is_fine ? result->tag == 0 && result->payload.ok.len == 2 &&
                              is_text(result->payload.ok.ptr[0], "one") &&
                              is_text(result->payload.ok.ptr[1], "")
                        : result->tag == 1 && is_text(result->payload.err, "bb");
    cabi_post_wit_join(result);
    return good;
}

int main(void)
{
    bool fine = greet("abc", "abcabc") && greet("", "") && join(true) && join(false);
    puts(fine ? "the results are right" : "a result is wrong");
    return fine ? 0 : 1;
}
