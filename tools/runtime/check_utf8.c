/*
 * abide_check_utf8 on top of utf8proc (2.8), for programs that link with adapters made with `--checks`: each such adapter brings a weak
 * function of the name, and this one takes its place. cc -c check_utf8.c; link with -lutf8proc. [K5]
 */
#include <stddef.h>
#include <utf8proc.h>

size_t abide_check_utf8(const void *text, size_t bytes);

size_t abide_check_utf8(const void *text, size_t bytes)
{
    const utf8proc_uint8_t *from = (const utf8proc_uint8_t *)text;
    size_t good = 0;
    while (good < bytes) {
        utf8proc_int32_t character;
        utf8proc_ssize_t length =
            utf8proc_iterate(from + good, (utf8proc_ssize_t)(bytes - good), &character);
        if (length <= 0)
            return good;
        good += (size_t)length;
    }
    return good;
}
