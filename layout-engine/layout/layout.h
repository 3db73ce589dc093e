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
    unsigned elements;   /* bits of enum abide_leaf_kind: of the elements of vectors */
    uint64_t
        first; /* the bit of enum abide_scalar of the first leaf; 0: it is none, or a bit-field */
    unsigned inner; /* bits of enum abide_container that stand between the type and a leaf */
    unsigned own;   /* those that the type itself is */
    /* The largest alignment of a leaf's type, or of the records around it if that is less; theirs, not the type's own. */
    uint32_t leaf_align_bytes;
    bool has_bitfields;
    bool has_unnamed_bits;
    bool has_own_unnamed_bits;    /* of the record itself, or of the elements of an array */
    bool has_unnamed_bits_beside; /* in a record inside that has leaves */
    bool has_zero_width_bits;
    bool has_own_zero_width; /* as for those with a width */
    bool has_zero_width_beside;
    bool has_empty_fields;     /* without bytes, and no bit-fields */
    bool has_union_zero_width; /* one of them is a member of a union */
    bool
        has_flexible; /* a record that ends in an array without a count, or that has such a field */
    bool has_flexible_inside; /* also in arrays */
    bool is_bare;             /* an array of no elements itself, or of such arrays */
    bool has_bare;            /* such an array is a member */
    bool
        has_hollow_array; /* an array is a member, or inside one, that holds neither leaves nor unnamed bit-fields */
    bool has_own_bare;
    bool has_bare_beside; /* in a record inside that has leaves */
    /* Where one leaf is all that there is, the size of its declared type; 0 where a container inside has another size. */
    uint64_t single_bytes;
    /*
     * Bit R: a leaf lies where its type may not if the value starts at R modulo 64, also one that an array of no elements would
     * have. Bit-fields may lie anywhere.
     */
    uint64_t misaligned;
    uint64_t misaligned_fields; /* likewise of fields, be they records or without bytes */
    struct abide_uniform uniform;
};

/* Offsets that a layout keeps in itself. */
enum { ABIDE_LAYOUT_FEW_FIELDS = 12 };

/* As large as the room in front of a type (types/type.h), where the first layout of every type lies. */
struct abide_layout {
    const abide_type *type; /* physical */
    struct abide_layouts_of
        *among; /* what it was laid out with; set last: NULL while it is not whole */
    struct abide_layout_more *more; /* what few ask for; NULL: nobody yet */
    uint64_t size_bytes;
    uint32_t
        align_bytes; /* a power of two up to ABIDE_TYPE_MAX_ALIGN_BYTES, as are the two below */
    /* Alignment from the members (field-level `align` counts), without the type's own `align`: what AAPCS calls natural. */
    uint8_t natural_align_log2;
    /* What no `packed` or `pack` around it lowers, where the model keeps `align` (`required_align`); else 1. */
    uint8_t required_align_log2;
    bool is_packed : 1;        /* by a record around it (`packed_reaches_nested`) */
    bool has_packed_field : 1; /* of a record */
    bool has_many : 1;         /* of the offsets */
    /* In bits, of the fields of a record: `few` while there are few, and each has 16 bits. */
    union {
        uint16_t few[ABIDE_LAYOUT_FEW_FIELDS];
        const uint64_t *many;
    } offsets_bits;
};

/* Worked out when somebody asks: most layouts are asked for sizes and offsets alone. */
struct abide_layout_more {
    bool has_shape;
    struct abide_shape shape;
    const struct abide_holes *holes;
    const struct abide_leaves *leaves;         /* call/leaves.c */
    const struct abide_classified *classified; /* call/classify.c */
    const struct abide_storage *storage;       /* call/storage.c */
};

/* Whether an unnamed bit-field with a width is in a record that also has leaves, the type itself or one inside. */
/* Of the elements of a vector. */
enum abide_leaf_kind abide_shape__element_kind(const abide_type *vector);
bool abide_shape__has_unnamed_bits_beside(const struct abide_shape *shape);
/* Likewise one of width 0. */
bool abide_shape__has_zero_width_beside(const struct abide_shape *shape);
bool abide_shape__has_bare_beside(const struct abide_shape *shape);

/* Size and alignment of a plain field (types/type.h); 0 bits: the model has none, or nothing is plain. */
struct abide_plain_size {
    uint16_t size_bits;
    uint16_t align_bits;
};

/* The layouts that a context has made under one data model, by the serials of their types, as far as they lie elsewhere. */
struct abide_layouts_of {
    abide_ctx *ctx;
    const struct abide_data_model *model;
    struct abide_plain_size plain[ABIDE_PLAIN_COUNT];
    uint64_t plain_set; /* bit P: plain[P] has a size */
    struct abide_serials usual;
    struct abide_serials packed; /* where a record around them packs them */
    struct abide_layouts_of *next;
};

/* Bits of a record that belong to no field, in order. */
struct abide_holes {
    const abide_hole *items;
    size_t count;
};

static inline uint64_t abide_layout__natural_align_bytes(const abide_layout *layout)
{
    return (uint64_t)1 << layout->natural_align_log2;
}

static inline uint64_t abide_layout__required_align_bytes(const abide_layout *layout)
{
    return (uint64_t)1 << layout->required_align_log2;
}

/* expect.c: whether triples (none: all) name the target of a module. An unknown one names none. */
bool abide_layout__is_for(abide_ctx *ctx, const abide_module *module, const char *const *targets,
                          size_t target_count, struct abide_place place);

/* Of a field of a record. */
static inline uint64_t abide_layout__offset_bits(const abide_layout *layout, size_t index)
{
    return layout->has_many ? layout->offsets_bits.many[index] : layout->offsets_bits.few[index];
}

/* Room for what was asked of the layout. */
struct abide_layout_more *abide_layout__more(const abide_layout *layout);
const struct abide_shape *abide_layout__shape(const abide_layout *layout);
/* Found when somebody asks: most layouts are never asked for holes. */
struct abide_holes abide_layout__holes(const abide_layout *layout);
/* One of its fields, which are put together when somebody asks: a layout keeps their offsets only. */
abide_field_info abide_layout__field(const abide_layout *layout, size_t index);

/* Types beyond this many bytes are refused (type-too-large), so that bits can be counted in an int64_t. */
#define ABIDE_LAYOUT_MAX_BYTES (((uint64_t)1 << 60) - 1)

/* The same, if it is there already, or can be had without memory (so that no guard is needed). NULL: ask the one below. */
const abide_layout *abide_layout__at_hand(abide_ctx *ctx, const struct abide_data_model *model,
                                          const abide_type *type);
/*
 * The layout of a physical type under a data model: the machine module's own, or another one with the same meaning (a
 * language module's `decide: data:`). Memoised. NULL: reported.
 */
const abide_layout *abide_layout__physical(abide_ctx *ctx, const struct abide_data_model *model,
                                           const abide_type *type);

#endif
