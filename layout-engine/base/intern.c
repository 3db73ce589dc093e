/* Interned strings: one copy of each text in a context, so that equal means same pointer. */
#include "base/table.h"

#include <string.h>

struct string {
    size_t length_bytes;
    char chars[]; /* and a NUL */
};

struct abide_strings {
    struct abide_table table;
};

static bool same_string(const void *value, const void *key)
{
    const struct string *string = value;
    const struct abide_text *text = key;
    return string->length_bytes == text->length_bytes &&
           memcmp(string->chars, text->chars, text->length_bytes) == 0;
}

const char *abide__intern(abide_ctx *ctx, const char *text, size_t length_bytes)
{
    if (!ctx->strings)
        ctx->strings = abide__new(ctx, struct abide_strings);
    struct abide_text key = {.chars = (char *)text, .length_bytes = length_bytes}; /* only read */
    uint64_t hash = abide_table__hash(text, length_bytes);
    struct string *string = abide_table__find(&ctx->strings->table, hash, same_string, &key);
    if (string)
        return string->chars;
    if (length_bytes > SIZE_MAX - sizeof *string - 1)
        abide__out_of_memory(ctx);
    string = abide__alloc(ctx, sizeof *string + length_bytes + 1);
    string->length_bytes = length_bytes;
    if (length_bytes)
        memcpy(string->chars, text, length_bytes);
    abide_table__add(ctx, &ctx->strings->table, hash, string);
    return string->chars;
}

const char *abide__intern_text(abide_ctx *ctx, const char *text)
{
    return abide__intern(ctx, text, strlen(text));
}
