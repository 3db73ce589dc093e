/*
 * uthash on the context's arena: a variable `ctx` must be in scope where a table grows. Nothing is freed before the
 * context is, and an allocation that fails unwinds like any other (see ctx.h).
 */
#ifndef ABIDE_BASE_HASH_H
#define ABIDE_BASE_HASH_H

#include "base/ctx.h"

#define uthash_malloc(size_bytes)      abide__alloc(ctx, size_bytes)
#define uthash_free(block, size_bytes) ((void)(block), (void)(size_bytes))
#include <uthash.h>

#endif
