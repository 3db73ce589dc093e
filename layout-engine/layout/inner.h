/* What the files of this layer share. */
#ifndef ABIDE_LAYOUT_INNER_H
#define ABIDE_LAYOUT_INNER_H

#include "layout/layout.h"

/* A struct or union while its fields are placed. All offsets are in bits. */
struct abide_placing {
    const struct abide_data_model *model;
    const abide_type *type;
    bool packed;                   /* every field */
    uint64_t pack_bytes;           /* 0: none */
    uint64_t end;                  /* of what is placed; of a union, of its largest member */
    uint64_t align;                /* of the record so far */
    uint64_t bits_align_bytes;     /* of the types of bit-fields so far, packed or not */
    uint64_t required_align_bytes; /* of the fields so far: see struct abide_layout */
    uint64_t unit_bits;            /* units: size of the unit that is open; 0: none */
    uint64_t unit_free;            /* units: bits left in it */
};

/* Places a bit-field by the data model's rule. false: too large. */
bool abide_bitfield__place(struct abide_placing *placing, const struct abide_field *field,
                           const abide_layout *layout, uint64_t *offset);
/* Alignment of a field in bits: from its type, `packed`, `align` and `pack`. */
uint64_t abide_record__field_align(const struct abide_placing *placing,
                                   const struct abide_field *field, const abide_layout *layout);

/*
 * What a field takes that is plain, in a struct that says nothing of packing: nobody need lay out its type. NULL: the field is
 * something else.
 */
static inline const struct abide_plain_size *
abide_layout__plain(const struct abide_layouts_of *among, const abide_type *type, bool is_packed,
                    size_t index)
{
    if (type->kind != ABIDE_KIND_STRUCT || is_packed || type->packed || type->pack_bytes ||
        index >= ABIDE_TYPE_PLAIN_FIELDS)
        return NULL;
    const struct abide_plain_size *plain = &among->plain[type->plain[index]];
    return plain->size_bits ? plain : NULL;
}

/* The layout of a part of a type that is laid out: of a field of a record (`index`), else of what the type is made of. */
const abide_layout *abide_layout__of_part(struct abide_layouts_of *among, const abide_type *type,
                                          bool is_packed, size_t index);

/* Fills `layout`, whose type is a struct or union and whose fields' types are laid out. false: too large. */
bool abide_record__lay_out(struct abide_layouts_of *among, abide_layout *layout);
/* The same for a struct of few fields, all plain, that says nothing of packing. */
bool abide_record__lay_out_simple(const struct abide_layouts_of *among, abide_layout *layout);
/* Bits of the record that belong to no field, in order. */
const struct abide_holes *abide_record__find_holes(abide_ctx *ctx, const abide_layout *layout);

struct abide_shape abide_shape__of(const abide_layout *layout);

#endif
