/* Growing text, and how wide it is. */
#include "text.h"

#include "cli.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <utf8proc.h>

static void reserve(struct text *text, size_t length_bytes)
{
    size_t needed;
    if (__builtin_add_overflow(text->length_bytes, length_bytes, &needed) ||
        __builtin_add_overflow(needed, 1, &needed))
        cli_no_memory();
    if (needed <= text->capacity_bytes)
        return;
    size_t capacity = text->capacity_bytes ? text->capacity_bytes : 1024;
    while (capacity < needed)
        if (__builtin_mul_overflow(capacity, 2, &capacity))
            cli_no_memory();
    char *chars = realloc(text->chars, capacity);
    if (!chars)
        cli_no_memory();
    text->chars = chars;
    text->capacity_bytes = capacity;
}

void text_add(struct text *text, const char *chars, size_t length_bytes)
{
    reserve(text, length_bytes);
    if (length_bytes)
        memcpy(text->chars + text->length_bytes, chars, length_bytes);
    text->length_bytes += length_bytes;
    text->chars[text->length_bytes] = '\0';
}

void text_puts(struct text *text, const char *chars)
{
    text_add(text, chars, strlen(chars));
}

static void text_vprintf(struct text *text, const char *format, va_list arguments)
{
    char buffer[256]; /* most texts are printed once */
    va_list again;
    va_copy(again, arguments);
    int length = vsnprintf(buffer, sizeof buffer, format, arguments);
    if (length < 0)
        cli_no_memory();
    reserve(text, (size_t)length);
    char *end = text->chars + text->length_bytes;
    if ((size_t)length < sizeof buffer)
        memcpy(end, buffer, (size_t)length + 1);
    else
        vsnprintf(end, (size_t)length + 1, format, again);
    va_end(again);
    text->length_bytes += (size_t)length;
}

void text_printf(struct text *text, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    text_vprintf(text, format, arguments);
    va_end(arguments);
}

void text_repeat(struct text *text, char c, size_t count)
{
    reserve(text, count);
    memset(text->chars + text->length_bytes, c, count);
    text->length_bytes += count;
    text->chars[text->length_bytes] = '\0';
}

void text_free(struct text *text)
{
    free(text->chars);
    *text = (struct text){0};
}

size_t text_columns(const char *chars)
{
    size_t columns = 0;
    const utf8proc_uint8_t *at = (const utf8proc_uint8_t *)chars;
    while (*at) {
        if (*at < 0x80) {
            columns++;
            at++;
            continue;
        }
        utf8proc_int32_t code_point;
        utf8proc_ssize_t length = utf8proc_iterate(at, -1, &code_point);
        columns += length > 0 ? (size_t)utf8proc_charwidth(code_point) : 1;
        at += length > 0 ? length : 1;
    }
    return columns;
}
