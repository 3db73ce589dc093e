/* Random texts: characters, and how they are written in UTF-8 and UTF-16. Independent of what is tested. */
#ifndef UTF16_TEXT_H
#define UTF16_TEXT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { TEXT_MOST = 40 };

struct text {
    size_t count;
    uint32_t chars[TEXT_MOST];
    uint8_t utf8[4 * TEXT_MOST + 1]; /* a NUL behind them, which is not counted */
    size_t bytes;
    uint16_t utf16[2 * TEXT_MOST + 1];
    size_t units;
};

static inline void encode(struct text *text)
{
    uint8_t *to = text->utf8;
    uint16_t *wide = text->utf16;
    for (size_t i = 0; i < text->count; i++) {
        uint32_t c = text->chars[i];
        if (c < 0x80) {
            *to++ = (uint8_t)c;
        } else if (c < 0x800) {
            *to++ = (uint8_t)(0xC0 | c >> 6);
        } else if (c < 0x10000) {
            *to++ = (uint8_t)(0xE0 | c >> 12);
        } else {
            *to++ = (uint8_t)(0xF0 | c >> 18);
            *to++ = (uint8_t)(0x80 | (c >> 12 & 0x3F));
        }
        if (c >= 0x800)
            *to++ = (uint8_t)(0x80 | (c >> 6 & 0x3F));
        if (c >= 0x80)
            *to++ = (uint8_t)(0x80 | (c & 0x3F));
        if (c >= 0x10000)
            *wide++ = (uint16_t)(0xD7C0 + (c >> 10));
        *wide++ = (uint16_t)(c < 0x10000 ? c : 0xDC00 | (c & 0x3FF));
    }
    *to = 0, *wide = 0;
    text->bytes = (size_t)(to - text->utf8);
    text->units = (size_t)(wide - text->utf16);
}

/* Edges of every length; no NUL, which some forms cannot have inside. */
static inline struct text text_of(uint32_t seed)
{
    static const uint32_t edges[] = {1,      'a',    0x7F,   0x80,    0x7FF,   0x800,
                                     0xD7FF, 0xE000, 0xFFFD, 0xFFFF,  0x10000, 0x103FF,
                                     'z',    0xE9,   0x20AC, 0x1F600, 0xFFFFF, 0x10FFFF};
    struct text text;
    uint64_t state = seed * UINT64_C(0x9E3779B97F4A7C15) + 1;
    text.count = seed % 3 == 0 ? seed / 3 % 3 : seed * 7 % TEXT_MOST;
    for (size_t i = 0; i < text.count; i++) {
        state = state * UINT64_C(6364136223846793005) + 1442695040888963407u;
        text.chars[i] = edges[(state >> 33) % (sizeof edges / sizeof *edges)];
    }
    encode(&text);
    return text;
}

#define MUST(condition)                                                             \
    do {                                                                            \
        if (!(condition)) {                                                         \
            fprintf(stderr, "%s:%d: not so: %s\n", __FILE__, __LINE__, #condition); \
            exit(1);                                                                \
        }                                                                           \
    } while (0)

static inline bool is_utf8(uint32_t seed, const void *text, size_t bytes)
{
    struct text want = text_of(seed);
    return want.bytes == bytes && (bytes == 0 || memcmp(want.utf8, text, bytes) == 0);
}

static inline bool is_utf16(uint32_t seed, const uint16_t *text, size_t units)
{
    struct text want = text_of(seed);
    return want.units == units && (units == 0 || memcmp(want.utf16, text, 2 * units) == 0);
}

/* Up to a NUL. */
static inline bool is_utf16_nul(uint32_t seed, const uint16_t *text)
{
    size_t units = 0;
    while (text[units])
        units++;
    return is_utf16(seed, text, units);
}

/* Memory of just this size, so that a sanitizer sees who reads beyond. */
static inline void *copied(const void *from, size_t bytes)
{
    void *memory = malloc(bytes ? bytes : 1);
    MUST(memory);
    if (bytes)
        memcpy(memory, from, bytes);
    return memory;
}

static inline uint16_t *new_utf16(uint32_t seed, size_t *units)
{
    struct text text = text_of(seed);
    if (units)
        *units = text.units;
    return copied(text.utf16, 2 * (text.units + (units == NULL)));
}

/* UTF-16 with a lone surrogate somewhere. */
static inline uint16_t *new_torn(uint32_t seed, size_t *units)
{
    uint16_t *text = new_utf16(seed, units);
    if (*units)
        text[seed % *units] = (uint16_t)(0xD800 + seed % 0x800);
    return text;
}

enum { LIST = 3 };

#endif
