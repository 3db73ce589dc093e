/* Structs and unions: where their fields lie, and what lies between them. */
#include "layout/inner.h"

#include "base/checked.h"

#include <string.h>

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
    return placing->model->required_align
               ? max(field->align_bytes, abide_layout__required_align_bytes(layout))
               : 1;
}

uint64_t abide_record__field_align(const struct abide_placing *placing,
                                   const struct abide_field *field, const abide_layout *layout)
{
    return 8 * max(usual_align_bytes(placing, field, layout),
                   required_align_bytes(placing, field, layout));
}

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

static bool place_field(struct abide_placing *placing, const struct abide_field *field,
                        const abide_layout *layout, uint64_t *offset)
{
    return field->is_bitfield ? abide_bitfield__place(placing, field, layout, offset)
                              : place_whole(placing, field, layout, offset);
}

/* Bits that the fields so far take, and what they are aligned to. */
struct extent {
    uint64_t end;
    uint64_t align;
};

/*
 * What place_whole comes to for a plain field, which nearly all fields are, in a few instructions. A record has so few of them that
 * nothing overflows, and `finish` sees what is too large.
 */
static uint64_t place_plain(struct extent *extent, const struct abide_plain_size *plain)
{
    uint64_t align = plain->align_bits;
    uint64_t offset = (extent->end + align - 1) & ~(align - 1);
    extent->end = offset + plain->size_bits;
    extent->align = max(extent->align, align);
    return offset;
}

/* Fields of a struct come in order of their offsets. */
const struct abide_holes *abide_record__find_holes(abide_ctx *ctx, const abide_layout *layout)
{
    struct abide_holes *found = abide__new(ctx, struct abide_holes);
    ABIDE_VEC(abide_hole) holes = {0};
    uint64_t end = 0;
    size_t count = abide_layout_field_count(layout);
    for (size_t i = 0; i < count; i++) {
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

static uint8_t log2_of(uint64_t power_of_two)
{
    return (uint8_t)__builtin_ctzll(power_of_two);
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
    layout->natural_align_log2 =
        log2_of(model->natural_bits ? max(align, placing->bits_align_bytes) : align);
    layout->align_bytes = (uint32_t)max(max(align, type->align_bytes), required);
    layout->required_align_log2 = log2_of(required);
    if (model->required_align && type->align_bytes) {
        required = max(required, type->align_bytes);
        layout->required_align_log2 = log2_of(layout->align_bytes); /* with what the members need */
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
static bool has_packed_field(struct abide_layouts_of *among, const abide_layout *layout)
{
    const abide_type *type = layout->type;
    for (size_t i = 0; !type->is_plain && i < type->field_count; i++)
        if (type->fields[i].packed &&
            (type->fields[i].is_bitfield ||
             abide_layout__of_part(among, type, layout->is_packed, i)->align_bytes > 1))
            return true;
    return false;
}

/* --- offsets --- */

static uint64_t *many_offsets(abide_ctx *ctx, abide_layout *layout)
{
    uint64_t *many = abide__new_array(ctx, uint64_t, layout->type->field_count);
    layout->has_many = true;
    layout->offsets_bits.many = many;
    return many;
}

/* The field that comes next after those which have their offsets. */
static void keep_offset(abide_ctx *ctx, abide_layout *layout, size_t index, uint64_t offset_bits)
{
    if (layout->has_many) {
        ((uint64_t *)layout->offsets_bits.many)[index] = offset_bits;
    } else if (offset_bits <= UINT16_MAX) {
        layout->offsets_bits.few[index] = (uint16_t)offset_bits;
    } else {
        uint16_t few[ABIDE_LAYOUT_FEW_FIELDS];
        memcpy(few, layout->offsets_bits.few, sizeof few);
        uint64_t *many = many_offsets(ctx, layout);
        for (size_t i = 0; i < index; i++)
            many[i] = few[i];
        many[index] = offset_bits;
    }
}

static bool place_next(struct abide_placing *placing, struct abide_layouts_of *among,
                       abide_layout *layout, size_t index)
{
    const abide_type *type = layout->type;
    const struct abide_plain_size *plain =
        abide_layout__plain(among, type, layout->is_packed, index);
    uint64_t offset = 0;
    if (plain) {
        struct extent extent = {placing->end, placing->align};
        offset = place_plain(&extent, plain);
        placing->end = extent.end;
        placing->align = extent.align;
        placing->unit_bits = 0;
    } else if (!place_field(placing, &type->fields[index],
                            abide_layout__of_part(among, type, layout->is_packed, index),
                            &offset)) {
        return false;
    }
    keep_offset(among->ctx, layout, index, offset);
    return true;
}

bool abide_record__lay_out(struct abide_layouts_of *among, abide_layout *layout)
{
    const abide_type *type = layout->type;
    layout->has_packed_field = has_packed_field(among, layout);
    struct abide_placing placing = {
        .model = among->model,
        .type = type,
        .packed = layout->is_packed || type->packed,
        .pack_bytes = pack_bytes(among->model, type),
        .align = 8,
        .required_align_bytes = 1,
    };
    if (type->field_count > ABIDE_LAYOUT_FEW_FIELDS)
        many_offsets(among->ctx, layout);
    for (size_t i = 0; i < type->field_count; i++)
        if (!place_next(&placing, among, layout, i))
            return false;
    return finish(&placing, layout);
}

bool abide_record__lay_out_simple(const struct abide_layouts_of *among, abide_layout *layout)
{
    const abide_type *type = layout->type;
    struct extent extent = {.align = 8};
    for (size_t i = 0; i < type->field_count; i++)
        layout->offsets_bits.few[i] = (uint16_t)place_plain(&extent, &among->plain[type->plain[i]]);
    struct abide_placing placing = {.model = among->model,
                                    .type = type,
                                    .end = extent.end,
                                    .align = extent.align,
                                    .required_align_bytes = 1};
    return finish(&placing, layout);
}
