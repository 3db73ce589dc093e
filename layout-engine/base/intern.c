/* Interned strings: one copy of each text in a context, so that equal means same pointer. */
#include "base/hash.h"

#include <string.h>

struct abide_string {
    UT_hash_handle hh;
    char chars[];
};

const char *abide__intern(abide_ctx *ctx, const char *text, size_t length_bytes)
{
    unsigned hash;
    struct abide_string *string = NULL;
    HASH_VALUE(text, length_bytes, hash);
    HASH_FIND_BYHASHVALUE(hh, ctx->strings, text, length_bytes, hash, string);
    if (string)
        return string->chars;
    if (length_bytes > UINT32_MAX - sizeof *string) /* uthash counts a key's bytes in an unsigned */
        abide__out_of_memory(ctx);
    string = abide__alloc(ctx, sizeof *string + length_bytes + 1);
    if (length_bytes)
        memcpy(string->chars, text, length_bytes);
    HASH_ADD_KEYPTR_BYHASHVALUE(hh, ctx->strings, string->chars, (unsigned)length_bytes, hash,
                                string);
    return string->chars;
}

const char *abide__intern_text(abide_ctx *ctx, const char *text)
{
    return abide__intern(ctx, text, strlen(text));
}
