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

static bool place_dense(struct abide_placing *placing, const struct abide_field *field,
                        const abide_layout *layout, uint64_t *offset)
{
    uint64_t unit = layout->size_bytes * 8, align = layout->align_bytes * 8;
    uint64_t pack = (uint64_t)placing->type->pack_bytes * 8;
    uint64_t own_align = field->align_bytes * 8;
    if ((placing->packed || field->packed) && field->bits != 0)
        align = 1;
    align = max(align, own_align);
    if (pack && field->bits != 0)
        align = min(align, pack);
    uint64_t start = is_union(placing) ? 0 : placing->end;
    /* Under `pack` a field may cross boundaries; one of width 0 always goes to the next one. */
    bool crosses = (start & (align - 1)) + field->bits > unit;
    bool is_aligned = own_align && (!pack || own_align <= pack);
    *offset = start;
    if ((field->bits == 0 || (crosses && !pack)) && !abide__align_up(start, align, offset))
        return false;
    if (field->bits != 0 && is_aligned && !abide__align_up(start, own_align, offset))
        return false;
    placing->end = max(placing->end, *offset + field->bits);
    if (counts_for_alignment(placing, field))
        placing->align = max(placing->align, align);
    return true;
}

static bool open_unit(struct abide_placing *placing, const abide_layout *layout, uint64_t align,
                      uint64_t *offset)
{
    *offset = 0;
    if (!is_union(placing) && !abide__align_up(placing->end, align, offset))
        return false;
    placing->unit_bits = layout->size_bytes * 8;
    placing->unit_free = placing->unit_bits;
    placing->end = max(placing->end, *offset + placing->unit_bits);
    placing->align = max(placing->align, align);
    return true;
}

static bool place_unit(struct abide_placing *placing, const struct abide_field *field,
                       const abide_layout *layout, uint64_t *offset)
{
    uint64_t align = abide_record__field_align(placing, field, layout->align_bytes * 8);
    if (field->bits == 0) {
        *offset = is_union(placing) ? 0 : placing->end;
        bool after_bitfield = placing->unit_bits != 0;
        placing->unit_bits = 0;
        if (!after_bitfield)
            return true;
        placing->align = max(placing->align, align);
        if (is_union(placing))
            return true;
        bool fits = abide__align_up(placing->end, align, offset);
        placing->end = *offset;
        return fits;
    }
    bool shares = !is_union(placing) && placing->unit_bits == layout->size_bytes * 8 &&
                  placing->unit_free >= field->bits;
    if (!shares) {
        if (!open_unit(placing, layout, align, offset))
            return false;
    } else {
        *offset = placing->end - placing->unit_free;
    }
    placing->unit_free -= field->bits;
    return true;
}

bool abide_bitfield__place(struct abide_placing *placing, const struct abide_field *field,
                           const abide_layout *layout, uint64_t *offset)
{
    return placing->model->unit_bitfields ? place_unit(placing, field, layout, offset)
                                          : place_dense(placing, field, layout, offset);
}
