/* Structs and unions: where their fields lie, and what lies between them. */
#include "layout/inner.h"

#include "base/checked.h"

static uint64_t max(uint64_t a, uint64_t b)
{
    return a > b ? a : b;
}

/*
 * `packed` makes any field start at any byte, `align` on the field raises that again, and `pack` caps all of it, as gcc
 * and clang do ("Common Type Attributes" and "Structure-Layout Pragmas" in gcc's manual).
 */
uint64_t abide_record__field_align(const struct abide_placing *placing,
                                   const struct abide_field *field, uint64_t type_align_bits)
{
    uint64_t align = placing->packed || field->packed ? 8 : type_align_bits;
    align = max(align, field->align_bytes * 8);
    uint64_t pack = (uint64_t)placing->type->pack_bytes * 8;
    return pack && pack < align ? pack : align;
}

static bool place_whole(struct abide_placing *placing, const struct abide_field *field,
                        const abide_layout *layout, uint64_t *offset)
{
    uint64_t align = abide_record__field_align(placing, field, layout->align_bytes * 8);
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
    placing->fields[index] = (abide_field_info){
        .name = field->name,
        .type = field->type,
        .offset_bits = offset,
        .size_bits = field->is_bitfield ? field->bits : layout->size_bytes * 8,
        .is_bitfield = field->is_bitfield,
    };
    if (field->is_bitfield)
        abide_shape__add_bitfield(placing->shape, layout, field);
    else
        abide_shape__add_field(placing->shape, layout, offset, is_union, field->packed);
    return true;
}

/* Bits of the record that belong to no field. Fields of a struct come in order of their offsets. */
static void find_holes(abide_ctx *ctx, abide_layout *layout)
{
    ABIDE_VEC(abide_hole) holes = {0};
    uint64_t end = 0;
    for (size_t i = 0; i < layout->field_count; i++) {
        const abide_field_info *field = &layout->fields[i];
        if (field->size_bits == 0)
            continue;
        if (field->offset_bits > end)
            abide__push(ctx, &holes, (abide_hole){end, field->offset_bits - end});
        end = max(end, field->offset_bits + field->size_bits);
    }
    if (layout->size_bytes * 8 > end)
        abide__push(ctx, &holes, (abide_hole){end, layout->size_bytes * 8 - end});
    layout->holes = holes.items;
    layout->hole_count = holes.count;
}

/* Size and alignment, once all fields are placed. */
static bool finish(struct abide_placing *placing, abide_layout *layout)
{
    uint64_t size = placing->end / 8 + (placing->end % 8 != 0);
    uint64_t align = max(placing->align / 8, 1);
    if (!placing->packed)
        align = max(align, placing->model->record_min_align_bytes);
    layout->natural_align_bytes = align;
    layout->align_bytes = max(align, placing->type->align_bytes);
    if (size == 0)
        size = placing->model->empty_bytes;
    return abide__align_up(size, layout->align_bytes, &layout->size_bytes) &&
           layout->size_bytes <= ABIDE_LAYOUT_MAX_BYTES;
}

bool abide_record__lay_out(abide_ctx *ctx, const struct abide_data_model *model,
                           const abide_type *type, bool packed, const abide_layout *const *layouts,
                           abide_layout *layout)
{
    struct abide_placing placing = {
        .ctx = ctx,
        .model = model,
        .type = type,
        .packed = packed || type->packed,
        .align = 8,
        .fields = abide__new_array(ctx, abide_field_info, type->field_count),
        .shape = &layout->shape,
    };
    layout->shape.own = (type->kind == ABIDE_KIND_UNION ? ABIDE_IN_UNION : ABIDE_IN_STRUCT) |
                        (placing.packed ? ABIDE_IN_PACKED : 0);
    for (size_t i = 0; i < type->field_count; i++)
        if (!place_field(&placing, i, layouts[i]))
            return false;
    layout->fields = placing.fields;
    layout->field_count = type->field_count;
    if (!finish(&placing, layout))
        return false;
    find_holes(ctx, layout);
    return true;
}
