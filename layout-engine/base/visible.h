/* Text of an input as a terminal may see it: nothing in it moves the cursor, hides or reorders. */
#ifndef ABIDE_BASE_VISIBLE_H
#define ABIDE_BASE_VISIBLE_H

#include "base/ctx.h"

struct visible {
    size_t used_bytes; /* of the input; at least 1 */
    unsigned columns;  /* on the screen */
    bool escaped;
    char escape[16]; /* what to print instead, if `escaped` */
};

/* The first character of `text` (length_bytes > 0): how wide it is, and what stands for it if it is no plain one. */
struct visible abide__visible(const char *text, size_t length_bytes);
void abide__add_visible(abide_ctx *ctx, struct abide_text *out, const char *text,
                        size_t length_bytes);

#endif
