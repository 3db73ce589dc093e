/* Layouts, and cases of sums, from front to back: fields and the holes between them. */
#include "abide/layout.h"

abide_walk abide_layout_walk(const abide_layout *layout)
{
    return (abide_walk){.layout = layout};
}

abide_walk abide_sum_case_walk(const abide_sum *sum, size_t index)
{
    return (abide_walk){.sum = sum, .case_index = index};
}

/* `type` NULL: there is no field any more. */
static abide_field_info next_field(const abide_walk *walk)
{
    abide_field_info nothing = {0};
    if (walk->layout)
        return walk->field < abide_layout_field_count(walk->layout)
                   ? abide_layout_field_at(walk->layout, walk->field)
                   : nothing;
    return walk->field == 0 ? abide_sum_case_at(walk->sum, walk->case_index).payload : nothing;
}

/* `size_bits` 0: there is no hole any more. */
static abide_hole next_hole(const abide_walk *walk)
{
    abide_hole nothing = {0};
    if (walk->layout)
        return walk->hole < abide_layout_hole_count(walk->layout)
                   ? abide_layout_hole_at(walk->layout, walk->hole)
                   : nothing;
    return walk->hole < abide_sum_case_hole_count(walk->sum, walk->case_index)
               ? abide_sum_case_hole_at(walk->sum, walk->case_index, walk->hole)
               : nothing;
}

/* Holes inside a payload are those of its own layout. */
static bool is_in_payload(const abide_walk *walk, abide_hole hole)
{
    if (!walk->sum)
        return false;
    abide_field_info payload = abide_sum_case_at(walk->sum, walk->case_index).payload;
    return payload.type && hole.offset_bits >= payload.offset_bits &&
           hole.offset_bits < payload.offset_bits + payload.size_bits;
}

bool abide_walk_next(abide_walk *walk, abide_extent *extent)
{
    abide_field_info field = next_field(walk);
    abide_hole hole = next_hole(walk);
    while (hole.size_bits && is_in_payload(walk, hole)) {
        walk->hole++;
        hole = next_hole(walk);
    }
    if (hole.size_bits && (!field.type || hole.offset_bits < field.offset_bits)) {
        *extent = (abide_extent){.is_hole = true,
                                 .index = walk->hole++,
                                 .offset_bits = hole.offset_bits,
                                 .size_bits = hole.size_bits};
        return true;
    }
    if (!field.type)
        return false;
    *extent = (abide_extent){.index = walk->layout ? walk->field : walk->case_index,
                             .offset_bits = field.offset_bits,
                             .size_bits = field.size_bits,
                             .field = field};
    walk->field++;
    return true;
}
