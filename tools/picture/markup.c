/* XML and HTML: text that others wrote, made safe. */
#include "picture/markup.h"

#include "cli.h"

#include <string.h>
#include <utf8proc.h>

#define REPLACEMENT "\xEF\xBF\xBD"

/* U+200E and its kind change the order of text around them, as do marks of the kind of U+202E. */
static bool is_direction(utf8proc_int32_t code)
{
    return (code >= 0x200E && code <= 0x200F) || (code >= 0x202A && code <= 0x202E) ||
           (code >= 0x2066 && code <= 0x2069) || code == 0x061C;
}

/* XML 1.0, 2.2, but without controls beyond line breaks and tabs, lines' and paragraphs' separators. */
static bool is_legal(utf8proc_int32_t code)
{
    if (code == '\t' || code == '\n')
        return true;
    bool is_control = code < 0x20 || (code >= 0x7F && code < 0xA0);
    bool is_no_character = (code & 0xFFFE) == 0xFFFE || (code >= 0xFDD0 && code <= 0xFDEF);
    return !is_control && !is_no_character && !is_direction(code) && code != 0x2028 &&
           code != 0x2029;
}

/* The next character: its bytes, and what stands for it. */
struct character {
    size_t length_bytes;
    const char *safe; /* NULL: the bytes themselves */
    size_t columns;
};

static struct character next_character(const char *at)
{
    switch (*at) {
    case '&': return (struct character){1, "&amp;", 1};
    case '<': return (struct character){1, "&lt;", 1};
    case '>': return (struct character){1, "&gt;", 1};
    case '"': return (struct character){1, "&quot;", 1};
    case '\'': return (struct character){1, "&#39;", 1};
    default: break;
    }
    utf8proc_int32_t code;
    utf8proc_ssize_t length = utf8proc_iterate((const utf8proc_uint8_t *)at, -1, &code);
    if (length <= 0)
        return (struct character){1, REPLACEMENT, 1};
    if (!is_legal(code))
        return (struct character){(size_t)length, REPLACEMENT, 1};
    return (struct character){(size_t)length, NULL, (size_t)utf8proc_charwidth(code)};
}

void markup_text(struct text *out, const char *chars)
{
    while (*chars) {
        struct character next = next_character(chars);
        if (next.safe)
            text_puts(out, next.safe);
        else
            text_add(out, chars, next.length_bytes);
        chars += next.length_bytes;
    }
}

void markup_anchor(struct text *out, const char *chars)
{
    static const char plain[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_-";
    for (; *chars; chars++)
        if (strchr(plain, *chars))
            text_add(out, chars, 1);
        else
            text_printf(out, ".%02x", (unsigned char)*chars);
}

void markup_attribute(struct text *out, const char *name, const char *value)
{
    text_printf(out, " %s=\"", name);
    markup_text(out, value);
    text_puts(out, "\"");
}

size_t markup_columns(const char *chars)
{
    size_t columns = 0;
    while (*chars) {
        struct character next = next_character(chars);
        columns += next.columns;
        chars += next.length_bytes;
    }
    return columns;
}

const char *markup_cut(const char *chars, size_t columns)
{
    if (markup_columns(chars) <= columns)
        return chars;
    size_t taken = 1, length_bytes = 0; /* one column is for the dots */
    for (;;) {
        struct character next = next_character(chars + length_bytes);
        if (taken + next.columns > columns)
            break;
        taken += next.columns;
        length_bytes += next.length_bytes;
    }
    return cli_printf("%.*s\xE2\x80\xA6", (int)length_bytes, chars);
}
