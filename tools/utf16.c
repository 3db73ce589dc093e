#include "utf16.h"

#include "cli.h"

#include <utf8proc.h>

enum { HIGH = 0xD800, LOW = 0xDC00, PLANE_1 = 0x10000, HALF_MASK = 0x3FF };

bool utf16_of(const char *chars, size_t length_bytes, const uint16_t **units, size_t *count)
{
    const utf8proc_uint8_t *from = (const utf8proc_uint8_t *)chars;
    uint16_t *to = cli_alloc(length_bytes + 1, sizeof *to);
    *units = to;
    *count = 0;
    for (size_t at = 0; at < length_bytes;) {
        utf8proc_int32_t character;
        utf8proc_ssize_t length =
            utf8proc_iterate(from + at, (utf8proc_ssize_t)(length_bytes - at), &character);
        if (length <= 0)
            return false;
        at += (size_t)length;
        if (character >= PLANE_1) {
            to[(*count)++] = (uint16_t)(HIGH + ((character - PLANE_1) >> 10));
            to[(*count)++] = (uint16_t)(LOW + (character & HALF_MASK));
        } else {
            to[(*count)++] = (uint16_t)character;
        }
    }
    return true;
}

/* The character of a surrogate and what is behind it; -1: they are no pair. */
static utf8proc_int32_t pair_of(uint16_t high, const uint16_t *low, const uint16_t *end)
{
    bool is_pair = high < LOW && low < end && (*low & ~HALF_MASK) == LOW;
    return is_pair ? PLANE_1 + ((high & HALF_MASK) << 10) + (*low & HALF_MASK) : -1;
}

bool utf8_of(const uint16_t *units, size_t count, const char **chars, size_t *length_bytes)
{
    const uint16_t *end = units + count;
    utf8proc_uint8_t *to = cli_alloc(3 * count + 2, 1); /* four bytes for two units */
    *chars = (const char *)to;
    *length_bytes = 0;
    while (units < end) {
        utf8proc_int32_t character = *units++;
        if ((character & 0xF800) == HIGH)
            character = pair_of((uint16_t)character, units, end);
        if (character < 0)
            return false;
        units += character >= PLANE_1;
        *length_bytes += (size_t)utf8proc_encode_char(character, to + *length_bytes);
    }
    return true;
}
