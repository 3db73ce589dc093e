/* Growing text. It may hold any bytes; `chars` is NUL-terminated once something was added. */
#ifndef ABIDE_TOOLS_TEXT_H
#define ABIDE_TOOLS_TEXT_H

#include <stddef.h>

struct text {
    char *chars;
    size_t length_bytes;
    size_t capacity_bytes;
};

void text_add(struct text *text, const char *chars, size_t length_bytes);
void text_puts(struct text *text, const char *chars);
void text_printf(struct text *text, const char *format, ...) __attribute__((format(printf, 2, 3)));
void text_repeat(struct text *text, char c, size_t count);
void text_free(struct text *text);

/* The columns that UTF-8 text takes on a terminal; a byte that is no UTF-8 counts as one. */
size_t text_columns(const char *chars);

#endif
