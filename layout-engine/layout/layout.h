/* Layouts of physical types under a machine module's data model. */
#ifndef ABIDE_LAYOUT_LAYOUT_H
#define ABIDE_LAYOUT_LAYOUT_H

#include "abide/layout.h"
#include "spec/module.h"

struct abide_layout {
    const abide_type *type; /* physical */
    uint64_t size_bytes;
    uint64_t align_bytes;
    /* Alignment from the members (field-level `align` counts), without the type's own `align`: what AAPCS calls natural. */
    uint64_t natural_align_bytes;
    const abide_field_info *fields; /* parallel to type->fields */
    size_t field_count;
    const abide_hole *holes;
    size_t hole_count;
};

/* Types beyond this many bytes are refused (type-too-large), so that offsets in bits fit 64 bits. */
#define ABIDE_LAYOUT_MAX_BYTES ((uint64_t)1 << 60)

/*
 * The layout of a physical type under a data model: the machine module's own, or another one with the same meaning (a
 * language module's `decide: data:`). Memoised. NULL: reported.
 */
const abide_layout *abide_layout__physical(abide_ctx *ctx, const struct abide_data_model *model,
                                           const abide_type *type);

#endif
