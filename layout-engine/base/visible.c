/* Display widths come from utf8proc; what is no visible character is written as an escape. */
#include "base/visible.h"

#include "base/diag.h"

#include <stdio.h>
#include <string.h>
#include <utf8proc.h>

/* A quoted text longer than this is cut: names in messages are there to be recognised. */
#define QUOTE_MAX_BYTES 100

static bool is_printable(utf8proc_int32_t code_point)
{
    switch (utf8proc_category(code_point)) {
    case UTF8PROC_CATEGORY_CN:
    case UTF8PROC_CATEGORY_CC:
    case UTF8PROC_CATEGORY_CF:
    case UTF8PROC_CATEGORY_CS:
    case UTF8PROC_CATEGORY_CO:
    case UTF8PROC_CATEGORY_ZL:
    case UTF8PROC_CATEGORY_ZP: return false;
    default: return true;
    }
}

struct visible abide__visible(const char *text, size_t length_bytes)
{
    struct visible visible = {.used_bytes = 1, .columns = 1};
    unsigned char first = (unsigned char)*text;
    if (first >= 0x20 && first < 0x7F)
        return visible;
    utf8proc_int32_t code_point;
    utf8proc_ssize_t used_bytes = utf8proc_iterate((const utf8proc_uint8_t *)text,
                                                   (utf8proc_ssize_t)length_bytes, &code_point);
    if (used_bytes > 0 && is_printable(code_point)) {
        visible.used_bytes = (size_t)used_bytes;
        visible.columns = (unsigned)utf8proc_charwidth(code_point);
        return visible;
    }
    visible.escaped = true;
    if (used_bytes > 1) {
        visible.used_bytes = (size_t)used_bytes;
        visible.columns = (unsigned)snprintf(visible.escape, sizeof visible.escape, "<U+%04X>",
                                             (unsigned)code_point);
    } else {
        visible.columns =
            (unsigned)snprintf(visible.escape, sizeof visible.escape, "\\x%02x", first);
    }
    return visible;
}

void abide__add_visible(abide_ctx *ctx, struct abide_text *out, const char *text,
                        size_t length_bytes)
{
    for (size_t at = 0; at < length_bytes;) {
        struct visible visible = abide__visible(text + at, length_bytes - at);
        if (visible.escaped)
            abide__text_add(ctx, out, visible.escape, visible.columns);
        else
            abide__text_add(ctx, out, text + at, visible.used_bytes);
        at += visible.used_bytes;
    }
}

const char *abide__quote_bytes(abide_ctx *ctx, const char *text, size_t length_bytes)
{
    struct abide_text out = {0};
    size_t shown_bytes = length_bytes;
    if (shown_bytes > QUOTE_MAX_BYTES) {
        shown_bytes = QUOTE_MAX_BYTES;
        while (shown_bytes > 0 && ((unsigned char)text[shown_bytes] & 0xC0) == 0x80)
            shown_bytes--;
    }
    abide__text_add(ctx, &out, "'", 1);
    abide__add_visible(ctx, &out, text, shown_bytes);
    abide__text_printf(ctx, &out, "%s'", shown_bytes < length_bytes ? "..." : "");
    return out.chars;
}

const char *abide__quote(abide_ctx *ctx, const char *text)
{
    return abide__quote_bytes(ctx, text, strlen(text));
}
