/*
 * The leaves of a type: its scalars and vectors after all containers have been opened, in order of offset. What members of
 * a union have in common stands once.
 */
#ifndef ABIDE_CALL_LEAVES_H
#define ABIDE_CALL_LEAVES_H

#include "layout/layout.h"

/* Larger values are never passed leaf by leaf or chunk by chunk: no ABI has so many registers. */
#define ABIDE_LEAVES_MAX_BYTES 512

struct abide_leaf {
    uint32_t offset_bits;
    uint32_t size_bits;
    enum abide_leaf_kind kind;
    enum abide_format format;
    unsigned containers; /* bits of enum abide_container between the type and the leaf */
    uint32_t align_bytes;
    bool is_bitfield;
    bool is_padding; /* an unnamed bit-field: no value, but some ABIs see it */
    /* Of the rest, what the first of members that look alike has; they may differ in it. */
    const abide_type *type; /* a scalar or vector; NULL: a bit-field */
    uint32_t rank;          /* in the order of the declaration */
    bool
        is_mixed; /* a vector, of which another member of a union has other elements in its place */
};

struct abide_leaves {
    const struct abide_leaf *items;
    size_t count;
};

/* The struct, union, array or complex number that a layout is of, which the walk may open; NULL: it is a leaf itself. */
const abide_type *abide_leaves__container(const abide_layout *layout);
/* A field of a container, or the element of an array (index 0). */
const abide_layout *abide_leaves__part(abide_ctx *ctx, const abide_layout *layout, size_t index);
/* The leaf that a layout without a container is. */
struct abide_leaf abide_leaves__scalar(const abide_layout *layout);
struct abide_leaf abide_leaves__bitfield(const struct abide_field *field, abide_field_info info);

/* NULL: the type is larger than ABIDE_LEAVES_MAX_BYTES. */
const struct abide_leaves *abide_leaves__of(abide_ctx *ctx, const abide_layout *layout);

/* Whether elements of two vectors, or two floats, of one size are the same to a processor. */
bool abide_leaves__are_alike(const abide_type *a, const abide_type *b);

/* What a walk over the leaves of the whole value crosses: the outermost struct is always open. */
unsigned abide_leaves__crossed(const abide_layout *layout, const struct abide_leaf *leaf);

#endif
