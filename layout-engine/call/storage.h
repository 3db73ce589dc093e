/*
 * How a compiler stores a value whose intermediate language knows neither unions nor bit-fields, and no alignment but that of
 * types: a union is its member of the largest alignment, of these the largest, and bytes behind it; a run of bit-fields is one
 * or more integers; padding that no type explains is bytes.
 */
#ifndef ABIDE_CALL_STORAGE_H
#define ABIDE_CALL_STORAGE_H

#include "layout/layout.h"

struct abide_stored {
    uint64_t offset_bytes;
    uint64_t size_bytes;    /* that are bytes of the value; the type may have more */
    const abide_type *type; /* a scalar or vector */
    unsigned containers;    /* bits of enum abide_container between the value and it */
};

struct abide_storage {
    const struct abide_stored *items; /* in order of offset */
    size_t count;
    uint64_t align_bytes; /* of the types, not what the value asks for */
    bool is_nothing;      /* a record without a field that has one */
};

/* NULL: the type is larger than what values may have that are passed leaf by leaf. */
const struct abide_storage *abide_storage__of(abide_ctx *ctx, const abide_layout *layout);
/* Whether each byte that a leaf has is in an item: of a union that need not be so. What is too large is whole. */
bool abide_storage__is_whole(abide_ctx *ctx, const abide_layout *layout);
/*
 * The integer that a compiler takes for the bytes of a chunk, which starts `offset_bytes` into the value: the one stored at its
 * start if the rest of the chunk is padding, else one of all bytes up to the end of the chunk or the value.
 */
uint64_t abide_storage__integer_bytes(abide_ctx *ctx, const abide_layout *layout,
                                      uint64_t offset_bytes, uint64_t chunk_bytes);

#endif
