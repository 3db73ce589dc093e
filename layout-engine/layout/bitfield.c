/*
 * Bit-fields, by the two rules that compilers have.
 *
 * dense: bits adjoin; a field may not cross a boundary of its declared type, unless it is packed or the record is under
 * `pack`. (x86-64 psABI 1.0, 3.1.2, "Bit-Fields"; AAPCS64 2024Q3, 10.1.8; clang's ItaniumRecordLayoutBuilder.)
 *
 * units: a field opens a unit of its declared type, which the next one shares only if its type has the same size and
 * enough bits are left. (clang's MicrosoftRecordLayoutBuilder, after Microsoft's compilers.)
 */
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

static bool is_union(const struct abide_placing *placing)
{
    return placing->type->kind == ABIDE_KIND_UNION;
}

/* An unnamed field, and one of width 0, raise the alignment of the record only where the ABI says so. */
static bool counts_for_alignment(const struct abide_placing *placing,
                                 const struct abide_field *field)
{
    if (field->bits == 0)
        return placing->model->zero_width_aligns;
    return field->name || placing->model->unnamed_bits_align;
}

/*
 * The alignment in bits of a dense bit-field. `packed` and `pack` say nothing of one of width 0, and `packed` nothing of one
 * under `pack` (gcc's update_alignment_for_field; clang's LayoutBitField).
 */
static uint64_t dense_align(const struct abide_placing *placing, const struct abide_field *field,
                            uint64_t type_align, uint64_t own_align)
{
    uint64_t pack = placing->pack_bytes * 8;
    bool packed = placing->packed || field->packed;
    if (field->bits == 0)
        return max(type_align, own_align);
    if (pack)
        return min(max(type_align, own_align), pack);
    return packed ? max(1, own_align) : max(type_align, own_align);
}

/* Bits between `start` and the boundary of the type before it, and those of the field, are more than the type has. */
static bool crosses(uint64_t start, uint64_t align, uint64_t bits, uint64_t unit)
{
    return (start & (align - 1)) + bits > unit;
}

/* `aligned_bits: before`, as gcc's place_field. */
static bool align_before(const struct abide_placing *placing, const struct abide_field *field,
                         const abide_layout *layout, uint64_t start, uint64_t *offset)
{
    uint64_t pack = placing->pack_bytes * 8;
    uint64_t own_align = max(field->align_bytes * 8, 1), type_align = layout->align_bytes * 8;
    if (!abide__align_up(start, pack ? min(own_align, pack) : own_align, offset))
        return false;
    bool stays_in_unit = !pack && !placing->packed && !field->packed;
    if (stays_in_unit && crosses(*offset, type_align, field->bits, layout->size_bytes * 8))
        return abide__align_up(*offset, type_align, offset);
    return true;
}

/* `aligned_bits: after`, as clang's LayoutBitField. */
static bool align_after(const struct abide_placing *placing, const struct abide_field *field,
                        const abide_layout *layout, uint64_t start, uint64_t align,
                        uint64_t *offset)
{
    uint64_t pack = placing->pack_bytes * 8, own_align = field->align_bytes * 8;
    *offset = start;
    if (!pack && crosses(start, align, field->bits, layout->size_bytes * 8))
        return abide__align_up(start, align, offset);
    if (own_align && (!pack || own_align <= pack))
        return abide__align_up(start, own_align, offset);
    return true;
}

static bool place_dense(struct abide_placing *placing, const struct abide_field *field,
                        const abide_layout *layout, uint64_t *offset)
{
    uint64_t align = dense_align(placing, field, layout->align_bytes * 8, field->align_bytes * 8);
    uint64_t start = is_union(placing) ? 0 : placing->end;
    bool fits;
    if (field->bits == 0)
        fits = abide__align_up(start, align, offset);
    else if (placing->model->aligned_bits_after)
        fits = align_after(placing, field, layout, start, align, offset);
    else
        fits = align_before(placing, field, layout, start, offset);
    if (!fits)
        return false;
    placing->end = max(placing->end, *offset + field->bits);
    if (counts_for_alignment(placing, field))
        placing->align = max(placing->align, align);
    return true;
}

/* --- units --- */

static bool shares_unit(const struct abide_placing *placing, uint64_t unit, uint32_t bits)
{
    return placing->unit_bits == unit && placing->unit_free >= bits;
}

/* A bit-field of the unit that is open, or of a new one that starts at a multiple of `align`. */
static bool place_in_unit(struct abide_placing *placing, uint64_t unit, uint64_t align,
                          uint32_t bits, uint64_t *offset)
{
    if (!shares_unit(placing, unit, bits)) {
        if (!abide__align_up(placing->end, align, offset))
            return false;
        placing->unit_bits = placing->unit_free = unit;
        placing->end = *offset + unit;
    }
    *offset = placing->end - placing->unit_free;
    placing->unit_free -= bits;
    return true;
}

/* One of width 0: no unit is open any more, and the next field starts at a multiple of `align`. */
static bool close_unit(struct abide_placing *placing, uint64_t start, uint64_t align,
                       uint64_t *offset)
{
    placing->unit_bits = placing->unit_free = 0;
    bool fits = abide__align_up(start, align, offset);
    placing->end = *offset;
    return fits;
}

static void raise_align(struct abide_placing *placing, uint64_t align)
{
    placing->align = max(placing->align, align);
}

/*
 * `units`. In a union a unit has no effect on alignment, and a field of width 0 counts as a unit after one of another width;
 * else it does nothing where no unit is open. (clang's MicrosoftRecordLayoutBuilder, layoutBitField.)
 */
static bool place_unit(struct abide_placing *placing, const struct abide_field *field,
                       const abide_layout *layout, uint64_t *offset)
{
    uint64_t unit = layout->size_bytes * 8;
    uint64_t align = abide_record__field_align(placing, field, layout);
    bool is_open = placing->unit_bits != 0;
    *offset = 0;
    if (is_union(placing)) {
        if (field->bits != 0 || is_open)
            placing->end = max(placing->end, unit);
        placing->unit_bits = field->bits != 0 ? unit : 0;
        return true;
    }
    if (field->bits == 0 && !is_open)
        return close_unit(placing, placing->end, 1, offset);
    if (!shares_unit(placing, unit, field->bits) || field->bits == 0)
        raise_align(placing, align);
    return field->bits == 0 ? close_unit(placing, placing->end, align, offset)
                            : place_in_unit(placing, unit, align, field->bits, offset);
}

/*
 * `loose_units`: in a union a bit-field takes its own bits. A packed one aligns its record by nothing, not even by its own
 * `align`, which moves it all the same, as it does one of width 0. (gcc's place_field and update_alignment_for_field, where
 * ms_bitfield_layout_p.)
 */
static bool place_loose_unit(struct abide_placing *placing, const struct abide_field *field,
                             const abide_layout *layout, uint64_t *offset)
{
    uint64_t pack = placing->pack_bytes ? placing->pack_bytes * 8 : UINT64_MAX;
    uint64_t unit = layout->size_bytes * 8, type_align = min(layout->align_bytes * 8, pack);
    uint64_t own_align = min(max(field->align_bytes * 8, 1), pack);
    uint64_t align = max(type_align, own_align);
    bool packed = placing->packed || field->packed;
    if (field->bits != 0 ? !packed : placing->unit_bits != 0)
        raise_align(placing, align);
    if (is_union(placing)) {
        *offset = 0;
        placing->end = max(placing->end, field->bits);
        return true;
    }
    /* A unit right after one of its size has its place, wherever that one is. */
    bool follows = placing->unit_bits == unit;
    if (packed || follows || (field->bits == 0 && placing->unit_bits == 0))
        align = own_align;
    return field->bits == 0 ? close_unit(placing, placing->end, align, offset)
                            : place_in_unit(placing, unit, align, field->bits, offset);
}

/*
 * `firm_units`: `packed` says nothing of bit-fields, `pack` only of those that have bits, and whatever the ABI says of its
 * type a unit is aligned to its size. (clang's ItaniumRecordLayoutBuilder, LayoutBitField, where IsMsStruct.)
 */
static bool place_firm_unit(struct abide_placing *placing, const struct abide_field *field,
                            const abide_layout *layout, uint64_t *offset)
{
    uint64_t unit = layout->size_bytes * 8, pack = placing->pack_bytes * 8;
    *offset = 0;
    if (is_union(placing)) {
        placing->end = max(placing->end, field->bits ? unit : 8);
        return true;
    }
    uint64_t align = field->bits == 0 && placing->unit_bits == 0 ? 1 : unit;
    if (placing->unit_bits != unit)
        placing->unit_free = 0;
    align = max(align, field->align_bytes * 8);
    if (pack && field->bits != 0)
        align = min(align, pack);
    raise_align(placing, align);
    return field->bits == 0 ? close_unit(placing, placing->end - placing->unit_free, align, offset)
                            : place_in_unit(placing, unit, align, field->bits, offset);
}

bool abide_bitfield__place(struct abide_placing *placing, const struct abide_field *field,
                           const abide_layout *layout, uint64_t *offset)
{
    placing->bits_align_bytes = max(placing->bits_align_bytes, layout->align_bytes);
    switch (placing->model->bitfields) {
    case ABIDE_BITFIELDS_DENSE: return place_dense(placing, field, layout, offset);
    case ABIDE_BITFIELDS_UNITS: return place_unit(placing, field, layout, offset);
    case ABIDE_BITFIELDS_LOOSE_UNITS: return place_loose_unit(placing, field, layout, offset);
    case ABIDE_BITFIELDS_FIRM_UNITS: return place_firm_unit(placing, field, layout, offset);
    }
    return false;
}
