/* Structs and unions: where their fields lie, and what lies between them. */
#include "layout/inner.h"

#include "base/checked.h"

static uint64_t max(uint64_t a, uint64_t b)
{
    return a > b ? a : b;
}

static uint64_t min(uint64_t a, uint64_t b)
{
    return a < b ? a : b;
}

/*
 * `packed` makes any field start at any byte, `align` on the field raises that again, and `pack` caps all of it, as gcc
 * and clang do ("Common Type Attributes" and "Structure-Layout Pragmas" in gcc's manual).
 */
static uint64_t usual_align_bytes(const struct abide_placing *placing,
                                  const struct abide_field *field, const abide_layout *layout)
{
    bool packed = placing->packed || field->packed;
    uint64_t align_bytes = max(packed ? 1 : layout->align_bytes, field->align_bytes);
    return placing->pack_bytes ? min(align_bytes, placing->pack_bytes) : align_bytes;
}

/*
 * With `required_align`, what `align` says of the field, of its type and of records in it holds in spite of `packed` and
 * `pack`. (clang's MicrosoftRecordLayoutBuilder, getAdjustedElementInfo.)
 */
static uint64_t required_align_bytes(const struct abide_placing *placing,
                                     const struct abide_field *field, const abide_layout *layout)
{
    return placing->model->required_align ? max(field->align_bytes, layout->required_align_bytes)
                                          : 1;
}

uint64_t abide_record__field_align(const struct abide_placing *placing,
                                   const struct abide_field *field, const abide_layout *layout)
{
    return 8 * max(usual_align_bytes(placing, field, layout),
                   required_align_bytes(placing, field, layout));
}

/* Behind these, a scalar does not reach ABIDE_LAYOUT_MAX_BYTES. */
#define SCALARS_MAX_BITS ((uint64_t)1 << 48)

static bool place_whole(struct abide_placing *placing, const struct abide_field *field,
                        const abide_layout *layout, uint64_t *offset)
{
    uint64_t align = abide_record__field_align(placing, field, layout);
    placing->required_align_bytes =
        max(placing->required_align_bytes, required_align_bytes(placing, field, layout));
    *offset = 0;
    if (placing->type->kind == ABIDE_KIND_STRUCT && !abide__align_up(placing->end, align, offset))
        return false;
    placing->unit_bits = 0;
    placing->align = max(placing->align, align);
    uint64_t end;
    if (!abide__add(*offset, layout->size_bytes * 8, &end) || end > ABIDE_LAYOUT_MAX_BYTES * 8)
        return false;
    placing->end = max(placing->end, end);
    return true;
}

static bool place_field(struct abide_placing *placing, size_t index, const abide_layout *layout)
{
    const struct abide_field *field = &placing->type->fields[index];
    bool is_union = placing->type->kind == ABIDE_KIND_UNION;
    uint64_t offset;
    if (!(field->is_bitfield ? abide_bitfield__place(placing, field, layout, &offset)
                             : place_whole(placing, field, layout, &offset)))
        return false;
    placing->offsets_bits[index] = offset;
    if (field->is_bitfield)
        abide_shape__add_bitfield(placing->shape, layout, field, is_union);
    else
        abide_shape__add_field(placing->shape, layout, offset, is_union, placing->has_packed);
    return true;
}

/*
 * A scalar in a struct, with no word about packing or alignment: what nearly all fields are, in a few instructions. It comes
 * to the same as place_field. false: it is another kind of field.
 */
static bool place_scalar(struct abide_placing *placing, size_t index, const abide_layout *layout)
{
    const struct abide_field *field = &placing->type->fields[index];
    bool is_plain = !field->is_bitfield && !field->packed && !field->align_bytes &&
                    layout->is_scalar && placing->end <= SCALARS_MAX_BITS;
    if (!is_plain)
        return false;
    uint64_t align = layout->align_bytes * 8;
    uint64_t offset = (placing->end + align - 1) & ~(align - 1);
    placing->offsets_bits[index] = offset;
    placing->end = offset + layout->size_bytes * 8;
    placing->align = max(placing->align, align);
    placing->unit_bits = 0;
    abide_shape__add_scalar(placing->shape, layout, offset / 8);
    return true;
}

/* Fields of a struct come in order of their offsets. */
const struct abide_holes *abide_record__find_holes(abide_ctx *ctx, const abide_layout *layout)
{
    struct abide_holes *found = abide__new(ctx, struct abide_holes);
    ABIDE_VEC(abide_hole) holes = {0};
    uint64_t end = 0;
    for (size_t i = 0; i < layout->field_count; i++) {
        abide_field_info field = abide_layout__field(layout, i);
        if (field.size_bits == 0)
            continue;
        if (field.offset_bits > end)
            abide__push(ctx, &holes, (abide_hole){end, field.offset_bits - end});
        end = max(end, field.offset_bits + field.size_bits);
    }
    if (layout->size_bytes * 8 > end)
        abide__push(ctx, &holes, (abide_hole){end, layout->size_bytes * 8 - end});
    found->items = holes.items;
    found->count = holes.count;
    return found;
}

/* The size of a record without bytes. (`required_align`: clang's MicrosoftRecordLayoutBuilder, finalizeLayout.) */
static uint64_t empty_bytes(const struct abide_data_model *model, uint64_t align_bytes,
                            uint64_t required_align_bytes)
{
    if (model->empty_bytes == 0)
        return 0;
    if (model->required_align)
        return required_align_bytes >= model->empty_bytes ? align_bytes : model->empty_bytes;
    return max(model->empty_bytes, align_bytes);
}

/* Size and alignment, once all fields are placed. */
static bool finish(struct abide_placing *placing, abide_layout *layout)
{
    const struct abide_data_model *model = placing->model;
    const abide_type *type = placing->type;
    uint64_t size = placing->end / 8 + (placing->end % 8 != 0);
    uint64_t align = max(placing->align / 8, 1);
    if (!placing->packed)
        align = max(align, model->record_min_align_bytes);
    uint64_t required = placing->required_align_bytes;
    layout->natural_align_bytes =
        model->natural_bits ? max(align, placing->bits_align_bytes) : align;
    layout->align_bytes = max(max(align, type->align_bytes), required);
    if (model->required_align && type->align_bytes) {
        required = max(required, type->align_bytes);
        layout->required_align_bytes = layout->align_bytes; /* with what the members need */
    } else {
        layout->required_align_bytes = required;
    }
    if (size == 0)
        layout->size_bytes = empty_bytes(model, layout->align_bytes, required);
    return size == 0 || (abide__align_up(size, layout->align_bytes, &layout->size_bytes) &&
                         layout->size_bytes <= ABIDE_LAYOUT_MAX_BYTES);
}

/* What `pack` says under this model. */
static uint64_t pack_bytes(const struct abide_data_model *model, const abide_type *type)
{
    return model->max_pack_bytes && type->pack_bytes > model->max_pack_bytes ? 0 : type->pack_bytes;
}

/* To compilers a record is a packed one if a field is that could be aligned. */
static bool has_packed_field(const abide_layout *layout)
{
    const abide_type *type = layout->type;
    for (size_t i = 0; i < type->field_count; i++)
        if (type->fields[i].packed &&
            (type->fields[i].is_bitfield || abide_layout__of_field(layout, i)->align_bytes > 1))
            return true;
    return false;
}

bool abide_record__lay_out(abide_layout *layout, uint64_t *offsets_bits)
{
    const abide_type *type = layout->type;
    struct abide_placing placing = {
        .model = layout->model,
        .type = type,
        .packed = layout->is_packed || type->packed,
        .has_packed = has_packed_field(layout),
        .pack_bytes = pack_bytes(layout->model, type),
        .align = 8,
        .required_align_bytes = 1,
        .offsets_bits = offsets_bits,
        .shape = &layout->shape,
    };
    layout->shape.own = (type->kind == ABIDE_KIND_UNION ? ABIDE_IN_UNION : ABIDE_IN_STRUCT) |
                        (placing.packed ? ABIDE_IN_PACKED : 0);
    layout->has_packed_field = placing.has_packed;
    layout->offsets_bits = offsets_bits;
    layout->field_count = type->field_count;
    bool may_be_plain = type->kind == ABIDE_KIND_STRUCT && !placing.packed && !placing.has_packed &&
                        placing.pack_bytes == 0;
    struct abide_serials *plain = &layout->among->plain;
    for (size_t i = 0; i < type->field_count; i++) {
        const abide_layout *part =
            *abide_serials__slot(layout->among->ctx, plain, type->fields[i].type->serial);
        if (may_be_plain && part && place_scalar(&placing, i, part))
            continue;
        if (!place_field(&placing, i, abide_layout__of_field(layout, i)))
            return false;
    }
    return finish(&placing, layout);
}
