/* Memory of the importer. */
#include "store.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Every block starts with a link, so that a leak checker finds nothing left at the end. */
struct block {
    _Alignas(max_align_t) struct block *next;
};

static struct block *blocks;

static _Noreturn void die_of_no_memory(void)
{
    fputs("abide import: error: no memory [out-of-memory]\n", stderr);
    exit(70);
}

void *store_new(size_t count, size_t size_bytes)
{
    size_t total;
    if (__builtin_mul_overflow(count, size_bytes, &total) ||
        __builtin_add_overflow(total, sizeof(struct block), &total))
        die_of_no_memory();
    struct block *block = calloc(1, total);
    if (!block)
        die_of_no_memory();
    block->next = blocks;
    blocks = block;
    return block + 1;
}

const char *store_copy(const char *chars)
{
    size_t size_bytes = strlen(chars) + 1;
    return memcpy(store_new(size_bytes, 1), chars, size_bytes);
}

static int measure(const char *format, va_list arguments)
{
    va_list again;
    va_copy(again, arguments);
    int length = vsnprintf(NULL, 0, format, again);
    va_end(again);
    if (length < 0)
        die_of_no_memory();
    return length;
}

const char *store_printf(const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    size_t size_bytes = (size_t)measure(format, arguments) + 1;
    char *chars = store_new(size_bytes, 1);
    vsnprintf(chars, size_bytes, format, arguments);
    va_end(arguments);
    return chars;
}

void store_free_all(void)
{
    while (blocks) {
        struct block *block = blocks;
        blocks = block->next;
        free(block);
    }
}

static size_t enough(size_t capacity, size_t needed)
{
    while (capacity < needed)
        if (__builtin_mul_overflow(capacity, 2, &capacity))
            die_of_no_memory();
    return capacity;
}

void text_add(struct text *text, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    size_t needed = text->length_bytes + (size_t)measure(format, arguments) + 1;
    if (needed > text->capacity_bytes) {
        text->capacity_bytes = enough(text->capacity_bytes ? text->capacity_bytes : 64, needed);
        char *chars = store_new(text->capacity_bytes, 1);
        if (text->chars)
            memcpy(chars, text->chars, text->length_bytes);
        text->chars = chars;
    }
    vsnprintf(text->chars + text->length_bytes, needed - text->length_bytes, format, arguments);
    va_end(arguments);
    text->length_bytes = needed - 1;
}

void *store_grow(void *items, size_t count, size_t size_bytes)
{
    if (count != 0 && (count & (count - 1)) != 0) /* room is made at powers of two */
        return items;
    void *grown = store_new(count ? 2 * count : 1, size_bytes);
    if (count)
        memcpy(grown, items, count * size_bytes);
    return grown;
}
