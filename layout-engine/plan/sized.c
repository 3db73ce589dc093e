/* What a form of a struct that grows tells of its size. */
#include "plan/sized.h"

#include "call/instantiate.h"
#include "spec/language.h"

#include <string.h>

/* The member of the template that tells the size, in the physical type. */
static const abide_layout *find_size(const struct abide_template *as, const abide_layout *layout,
                                     const abide_type *physical, struct abide_sized *sized)
{
    for (size_t i = 0; abide_instantiate__tells_size(as) && i < as->member_count; i++) {
        if (!as->members[i].part || strcmp(as->members[i].part, ABIDE_PART_SIZE) != 0)
            continue;
        size_t field = abide_instantiate__field(as, i, physical);
        if (field == SIZE_MAX)
            return NULL;
        sized->at_bytes = abide_layout__field(layout, field).offset_bits / 8;
        sized->tells_bytes = abide_layout__field(layout, field).size_bits / 8;
    }
    return layout;
}

bool abide_sized__of(const struct abide_side *side, const abide_type *type,
                     const abide_type *physical, struct abide_sized *sized)
{
    physical = abide_type__strip(physical);
    *sized = (struct abide_sized){0};
    if (physical->kind != ABIDE_KIND_STRUCT)
        return false;
    const abide_layout *layout =
        abide_layout__physical(side->ctx, side->module->machine->data, physical);
    if (!layout || !find_size(abide_parts__template(side, type), layout, physical, sized))
        return false;
    sized->own_bytes = layout->size_bytes;
    sized->least_bytes = sized->at_bytes + sized->tells_bytes;
    for (size_t i = 0; i < type->field_count && !type->fields[i].is_later; i++) {
        size_t field = abide_parts__field(side, type, physical, i);
        if (field == SIZE_MAX)
            return false;
        abide_field_info info = abide_layout__field(layout, field);
        uint64_t end_bytes = (info.offset_bits + info.size_bits + 7) / 8;
        if (end_bytes > sized->least_bytes)
            sized->least_bytes = end_bytes;
    }
    return true;
}

bool abide_sized__tells(const struct abide_side *side, const abide_type *type,
                        const abide_type *physical)
{
    struct abide_sized sized;
    type = abide_type__strip(type);
    return abide_type__is_sized(type) && abide_sized__of(side, type, physical, &sized) &&
           sized.tells_bytes;
}

abide_value abide_sized__each_byte_behind(struct abide_routine_builder *build, abide_value size,
                                          uint64_t own_bytes)
{
    abide_value own = abide_op__constant(build, own_bytes);
    abide_value is_more = abide_op__pair(build, ABIDE_OP_BELOW, own, size);
    abide_value more = abide_op__pair(build, ABIDE_OP_SUBTRACT, size, own);
    return abide_op__loop(build,
                          abide_op__select(build, is_more, more, abide_op__constant(build, 0)));
}

void abide_sized__clear(struct abide_routine_builder *build, const struct abide_sized *sized,
                        abide_value memory, abide_value size)
{
    uint64_t start_bytes = sized->at_bytes + sized->tells_bytes;
    if (sized->least_bytes > start_bytes)
        abide_op__zero(build, abide_op__offset(build, memory, start_bytes),
                       sized->least_bytes - start_bytes);
    abide_value at = abide_sized__each_byte_behind(build, size, sized->least_bytes);
    abide_op__store(build, abide_op__pair(build, ABIDE_OP_ADD, memory, at), sized->least_bytes, 1,
                    abide_op__constant(build, 0));
    abide_op__end(build);
}
