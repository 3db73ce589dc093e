/* Arrays and texts that grow in the arena. What they outgrow stays there until the context ends. */
#include "base/arena.h"

#include "base/checked.h"

#include <stdio.h>
#include <string.h>

static size_t doubled(abide_ctx *ctx, size_t capacity, size_t least)
{
    if (capacity > SIZE_MAX / 2)
        abide__out_of_memory(ctx);
    capacity = capacity ? capacity * 2 : 8;
    return capacity < least ? least : capacity;
}

void *abide__vec_grow(abide_ctx *ctx, void *items, size_t count, size_t *capacity,
                      size_t size_bytes)
{
    if (count < *capacity)
        return items;
    size_t wanted = doubled(ctx, *capacity, count + 1);
    uint64_t wanted_bytes;
    if (!abide__multiply(wanted, size_bytes, &wanted_bytes) || wanted_bytes > SIZE_MAX)
        abide__out_of_memory(ctx);
    if (!abide__arena_extend(ctx, items, *capacity * size_bytes, (size_t)wanted_bytes)) {
        void *larger = abide__alloc(ctx, (size_t)wanted_bytes);
        if (count)
            memcpy(larger, items, count * size_bytes);
        items = larger;
    }
    *capacity = wanted;
    return items;
}

/* Makes room for `more_bytes` and the terminator. */
static void text_reserve(abide_ctx *ctx, struct abide_text *text, size_t more_bytes)
{
    uint64_t needed_bytes;
    if (!abide__add(text->length_bytes, more_bytes, &needed_bytes) || needed_bytes >= SIZE_MAX)
        abide__out_of_memory(ctx);
    if (needed_bytes < text->capacity_bytes)
        return;
    size_t wanted_bytes = doubled(ctx, text->capacity_bytes, (size_t)needed_bytes + 1);
    if (!abide__arena_extend(ctx, text->chars, text->capacity_bytes, wanted_bytes)) {
        char *larger = abide__alloc(ctx, wanted_bytes);
        if (text->length_bytes)
            memcpy(larger, text->chars, text->length_bytes);
        text->chars = larger;
    }
    text->capacity_bytes = wanted_bytes;
}

void abide__text_add(abide_ctx *ctx, struct abide_text *text, const char *chars,
                     size_t length_bytes)
{
    text_reserve(ctx, text, length_bytes);
    if (length_bytes)
        memcpy(text->chars + text->length_bytes, chars, length_bytes);
    text->length_bytes += length_bytes;
    text->chars[text->length_bytes] = '\0';
}

static void text_vprintf(abide_ctx *ctx, struct abide_text *text, const char *format,
                         va_list arguments)
{
    char buffer[256]; /* most texts are printed once */
    va_list again;
    va_copy(again, arguments);
    int length_bytes = vsnprintf(buffer, sizeof buffer, format, arguments);
    if (length_bytes < 0) {
        va_end(again);
        abide__out_of_memory(
            ctx); /* the only other reason, an invalid wide character, has no format here */
    }
    text_reserve(ctx, text, (size_t)length_bytes);
    char *end = text->chars + text->length_bytes;
    if ((size_t)length_bytes < sizeof buffer)
        memcpy(end, buffer, (size_t)length_bytes + 1);
    else
        vsnprintf(end, (size_t)length_bytes + 1, format, again);
    va_end(again);
    text->length_bytes += (size_t)length_bytes;
}

void abide__text_printf(abide_ctx *ctx, struct abide_text *text, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    text_vprintf(ctx, text, format, arguments);
    va_end(arguments);
}

const char *abide__vprintf(abide_ctx *ctx, const char *format, va_list arguments)
{
    struct abide_text text = {0};
    text_vprintf(ctx, &text, format, arguments);
    return text.chars;
}

const char *abide__printf(abide_ctx *ctx, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    const char *text = abide__vprintf(ctx, format, arguments);
    va_end(arguments);
    return text;
}
