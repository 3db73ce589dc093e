/* Layouts of physical types under a machine module's data model. */
#ifndef ABIDE_LAYOUT_LAYOUT_H
#define ABIDE_LAYOUT_LAYOUT_H

#include "abide/layout.h"
#include "base/serials.h"
#include "spec/condition.h"
#include "spec/module.h"

/* What all leaves of a type are, if they are alike. */
struct abide_uniform {
    enum { ABIDE_UNIFORM_EMPTY, ABIDE_UNIFORM_ALIKE, ABIDE_UNIFORM_MIXED } state;
    enum abide_leaf_kind kind;
    enum abide_format format;
    uint32_t size_bytes;
    uint64_t count; /* of a struct the sum, of a union the largest; saturates */
};

/*
 * What conditions ask about a type, whatever its size. A leaf is a scalar after structs, unions and arrays have been
 * opened; the walk over them is never made for this, so that an array of 10^9 elements costs as much as one of two.
 */
struct abide_shape {
    uint64_t leaf_count; /* members of unions count each; unnamed bit-fields do not; saturates */
    unsigned kinds;      /* bits of enum abide_leaf_kind: of leaves, and of containers inside */
    unsigned formats;    /* bits of enum abide_format: of leaves */
    unsigned inner;      /* bits of enum abide_container that stand between the type and a leaf */
    unsigned own;        /* those that the type itself is */
    bool has_bitfields;
    bool has_unnamed_bits;
    bool has_own_unnamed_bits;    /* of the record itself, or of the elements of an array */
    bool has_unnamed_bits_beside; /* in a record inside that has leaves */
    bool has_zero_width_bits;
    bool has_union_zero_width; /* one of them is a member of a union */
    /* Where one leaf is all that there is, the size of its declared type; 0 where a container inside has another size. */
    uint64_t single_bytes;
    /* Bit R: a leaf lies where its type may not if the value starts at R modulo 64. Bit-fields may lie anywhere. */
    uint64_t misaligned;
    struct abide_uniform uniform;
};

struct abide_layout {
    const abide_type *type; /* physical */
    const struct abide_data_model *model;
    uint64_t size_bytes;
    uint64_t align_bytes;
    /* Alignment from the members (field-level `align` counts), without the type's own `align`: what AAPCS calls natural. */
    uint64_t natural_align_bytes;
    /* What no `packed` or `pack` around it lowers, where the model keeps `align` (`required_align`); else 1. */
    uint64_t required_align_bytes;
    const uint64_t *offsets_bits; /* of fields, parallel to type->fields; NULL: it is no record */
    size_t field_count;
    const struct abide_holes *holes; /* made on first use */
    struct abide_layouts_of *among;  /* what it was laid out with */
    bool is_scalar;                  /* one leaf, aligned as its ABI aligns it */
    bool is_packed;                  /* by a record around it (`packed_reaches_nested`) */
    struct abide_shape shape;
    bool has_packed_field;                     /* of a record */
    const struct abide_leaves *leaves;         /* call/leaves.c: made on first use */
    const struct abide_classified *classified; /* call/classify.c: same */
};

/* Whether an unnamed bit-field with a width is in a record that also has leaves, the type itself or one inside. */
bool abide_shape__has_unnamed_bits_beside(const struct abide_shape *shape);

/* The layouts that a context has made under one data model, by the serials of their types. */
struct abide_layouts_of {
    abide_ctx *ctx;
    const struct abide_data_model *model;
    struct abide_serials plain;
    struct abide_serials packed; /* where a record around them packs them */
    struct abide_layouts_of *next;
};

/* Bits of a record that belong to no field, in order. */
struct abide_holes {
    const abide_hole *items;
    size_t count;
};

/* Found when somebody asks: most layouts are never asked for holes. */
struct abide_holes abide_layout__holes(const abide_layout *layout);
/* One of its fields, which are put together when somebody asks: a layout keeps their offsets only. */
abide_field_info abide_layout__field(const abide_layout *layout, size_t index);

/* Types beyond this many bytes are refused (type-too-large), so that bits can be counted in an int64_t. */
#define ABIDE_LAYOUT_MAX_BYTES (((uint64_t)1 << 60) - 1)

/*
 * The layout of a physical type under a data model: the machine module's own, or another one with the same meaning (a
 * language module's `decide: data:`). Memoised. NULL: reported.
 */
const abide_layout *abide_layout__physical(abide_ctx *ctx, const struct abide_data_model *model,
                                           const abide_type *type);

#endif
