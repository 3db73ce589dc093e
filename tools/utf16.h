/* Text in UTF-16, for words that are UTF-8. */
#ifndef ABIDE_TOOLS_UTF16_H
#define ABIDE_TOOLS_UTF16_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* false: it is no UTF-8. */
bool utf16_of(const char *chars, size_t length_bytes, const uint16_t **units, size_t *count);
/* false: a surrogate is alone. */
bool utf8_of(const uint16_t *units, size_t count, const char **chars, size_t *length_bytes);

#endif
