/* What the files of this layer share. */
#ifndef ABIDE_LAYOUT_INNER_H
#define ABIDE_LAYOUT_INNER_H

#include "layout/layout.h"

/* A struct or union while its fields are placed. All offsets are in bits. */
struct abide_placing {
    const struct abide_data_model *model;
    const abide_type *type;
    bool packed;                   /* every field */
    bool has_packed;               /* some field */
    uint64_t pack_bytes;           /* 0: none */
    uint64_t end;                  /* of what is placed; of a union, of its largest member */
    uint64_t align;                /* of the record so far */
    uint64_t bits_align_bytes;     /* of the types of bit-fields so far, packed or not */
    uint64_t required_align_bytes; /* of the fields so far: see struct abide_layout */
    uint64_t unit_bits;            /* units: size of the unit that is open; 0: none */
    uint64_t unit_free;            /* units: bits left in it */
    uint64_t *offsets_bits;        /* parallel to type->fields */
    struct abide_shape *shape;     /* of the record so far */
};

/* Places a bit-field by the data model's rule. false: too large. */
bool abide_bitfield__place(struct abide_placing *placing, const struct abide_field *field,
                           const abide_layout *layout, uint64_t *offset);
/* Alignment of a field in bits: from its type, `packed`, `align` and `pack`. */
uint64_t abide_record__field_align(const struct abide_placing *placing,
                                   const struct abide_field *field, const abide_layout *layout);

/* The layout of the type of a field of this record. */
const abide_layout *abide_layout__of_field(const abide_layout *layout, size_t index);

/*
 * Fills `layout`, whose type is a struct or union and whose fields' types are laid out; `offsets_bits` has room for its
 * fields. false: too large.
 */
bool abide_record__lay_out(abide_layout *layout, uint64_t *offsets_bits);
/* Bits of the record that belong to no field, in order. */
const struct abide_holes *abide_record__find_holes(abide_ctx *ctx, const abide_layout *layout);

/* Shapes, from the inside to the outside. */
struct abide_shape abide_shape__scalar(enum abide_leaf_kind kind, enum abide_format format,
                                       uint32_t size_bytes, uint32_t align_bytes);
struct abide_shape abide_shape__array(const abide_layout *element, uint64_t count);
void abide_shape__add_field(struct abide_shape *record, const abide_layout *field,
                            uint64_t offset_bits, bool in_union, bool packed);
/* A scalar that nothing packs, in a struct; `offset_bytes` from its start. */
void abide_shape__add_scalar(struct abide_shape *record, const abide_layout *scalar,
                             uint64_t offset_bytes);
void abide_shape__add_bitfield(struct abide_shape *record, const abide_layout *field,
                               const struct abide_field *bits, bool in_union);

#endif
