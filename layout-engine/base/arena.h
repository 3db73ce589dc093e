/* What the other parts of the context need of its memory. */
#ifndef ABIDE_BASE_ARENA_H
#define ABIDE_BASE_ARENA_H

#include "base/ctx.h"

/* Gives every block back to the allocator. */
void abide__arena_free(abide_ctx *ctx);
/* True if the newest allocation, `block`, could be made larger where it is; the new bytes are zero. */
bool abide__arena_extend(abide_ctx *ctx, void *block, size_t old_size_bytes, size_t new_size_bytes);

#endif
