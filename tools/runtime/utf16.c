/*
 * What adapters between UTF-8 and UTF-16 ask, on top of libunistring (1.0), for programs that link with such adapters: each brings weak
 * functions of these names, and these take their place. cc -c utf16.c; link with -lunistring. [K5] [V7]
 *
 * With -DREPLACE ill-formed text is no error: what belongs to no character becomes U+FFFD.
 */
#include <stddef.h>
#include <stdint.h>
#include <unistr.h>

size_t abide_check_utf16(const void *text, size_t units);
size_t abide_utf8_to_utf16(const void *text, size_t bytes, void *memory);
size_t abide_utf16_to_utf8(const void *text, size_t units, void *memory);

enum { REPLACEMENT = 0xFFFD };

size_t abide_check_utf16(const void *text, size_t units)
{
    const uint16_t *bad = u16_check((const uint16_t *)text, units);
    return bad ? (size_t)(bad - (const uint16_t *)text) : units;
}

/* What to do about `length` units that are no character: the units to go on behind; 0: it is an error. */
static size_t replaced(size_t length, ucs4_t *character)
{
    *character = REPLACEMENT;
#ifdef REPLACE
    return length;
#else
    (void)length;
    return 0;
#endif
}

size_t abide_utf8_to_utf16(const void *text, size_t bytes, void *memory)
{
    const uint8_t *from = (const uint8_t *)text;
    size_t count = 0;
    for (size_t at = 0; at < bytes;) {
        ucs4_t character;
        int length = u8_mbtoucr(&character, from + at, bytes - at);
        size_t next = length > 0 ? (size_t)length : replaced(1, &character);
        if (next == 0)
            return SIZE_MAX;
        at += next;
        uint16_t units[2];
        int unit_count = u16_uctomb(units, character, 2);
        for (int i = 0; i < unit_count; i++, count++)
            if (memory)
                ((uint16_t *)memory)[count] = units[i];
    }
    return count;
}

size_t abide_utf16_to_utf8(const void *text, size_t units, void *memory)
{
    const uint16_t *from = (const uint16_t *)text;
    size_t count = 0;
    for (size_t at = 0; at < units;) {
        ucs4_t character;
        int length = u16_mbtoucr(&character, from + at, units - at);
        size_t next = length > 0 ? (size_t)length : replaced(1, &character);
        if (next == 0)
            return SIZE_MAX;
        at += next;
        uint8_t bytes[4];
        int byte_count = u8_uctomb(bytes, character, 4);
        for (int i = 0; i < byte_count; i++, count++)
            if (memory)
                ((uint8_t *)memory)[count] = bytes[i];
    }
    return count;
}
