/*
 * Structs that grow. Where a form tells its size, that much of it is there: a field behind is zero when it is read, and is left out when it
 * is written. What an older side does not know must be zero when it comes in; what it has no room for is lost when it goes out, and
 * bytes that it has and this side does not know become zero. So the size that stands in memory is never changed, and whoever reads
 * the fields that he knows reads values.
 */
#include "plan/lift_inner.h"
#include "plan/sized.h"

struct sized {
    struct abide_lift *lift;
    const abide_type *type;
    const abide_type *from_type, *to_type;
    const abide_layout *from_layout, *to_layout;
    struct abide_sized from, to;
    abide_value have, room; /* the two sizes; ABIDE_NO_VALUE: all is there */
    abide_value zero;       /* memory of zero bytes, as large as `from` */
};

/* One field on both sides. */
struct sized_field {
    const struct abide_field *field;
    const abide_type *from_type, *to_type;
    uint64_t from_bytes, from_end_bytes, to_bytes, to_end_bytes;
};

static abide_value constant(const struct sized *sized, uint64_t number)
{
    return abide_op__constant(&sized->lift->build, number);
}

/* Traps where less is there than every release has. */
static abide_value read_size(const struct sized *sized, const struct abide_sized *side,
                             abide_value memory)
{
    struct abide_routine_builder *build = &sized->lift->build;
    if (!side->tells_bytes)
        return ABIDE_NO_VALUE;
    abide_value size = abide_op__load(build, memory, side->at_bytes, side->tells_bytes);
    abide_value is_short =
        abide_op__pair(build, ABIDE_OP_BELOW, size, constant(sized, side->least_bytes));
    abide_lift__trap_if(sized->lift, is_short, ABIDE_TRAP_SIZE, size);
    return size;
}

/* What the other side says and this one does not know must say nothing. */
static void refuse_unknown(const struct sized *sized)
{
    struct abide_routine_builder *build = &sized->lift->build;
    if (sized->have == ABIDE_NO_VALUE)
        return;
    abide_value at = abide_sized__each_byte_behind(build, sized->have, sized->from.own_bytes);
    abide_value byte = abide_op__load(
        build, abide_op__pair(build, ABIDE_OP_ADD, ABIDE_LIFT_FROM, at), sized->from.own_bytes, 1);
    abide_lift__trap_if(sized->lift, byte, ABIDE_TRAP_UNKNOWN,
                        abide_op__offset(build, at, sized->from.own_bytes));
    abide_op__end(build);
}

/* All that will not be written is zero. */
static void clear_target(const struct sized *sized)
{
    struct abide_routine_builder *build = &sized->lift->build;
    if (sized->room == ABIDE_NO_VALUE)
        abide_op__zero(build, ABIDE_LIFT_TO, sized->to.own_bytes);
    else
        abide_sized__clear(build, &sized->to, ABIDE_LIFT_TO, sized->room);
}

static bool find_field(const struct sized *sized, size_t index, struct sized_field *field)
{
    struct abide_lift *lift = sized->lift;
    size_t from = abide_parts__field(&lift->from, sized->type, sized->from_type, index);
    size_t to = abide_parts__field(&lift->to, sized->type, sized->to_type, index);
    if (from == SIZE_MAX || to == SIZE_MAX)
        return false;
    abide_field_info source = abide_layout__field(sized->from_layout, from);
    abide_field_info target = abide_layout__field(sized->to_layout, to);
    *field = (struct sized_field){
        .field = &sized->type->fields[index],
        .from_type = sized->from_type->fields[from].type,
        .to_type = sized->to_type->fields[to].type,
        .from_bytes = source.offset_bits / 8,
        .from_end_bytes = (source.offset_bits + source.size_bits + 7) / 8,
        .to_bytes = target.offset_bits / 8,
        .to_end_bytes = (target.offset_bits + target.size_bits + 7) / 8,
    };
    return true;
}

/* Text up to its NUL: a null pointer, which is what is left out, is no text. */
// NOLINTNEXTLINE(misc-no-recursion): types by value are not deeper than the reader's limit
static bool has_no_zero(const struct abide_side *side, const abide_type *type,
                        const abide_type *physical)
{
    type = abide_type__strip(type);
    physical = abide_type__strip(physical);
    if (type->kind == ABIDE_KIND_STRING)
        return physical->kind == ABIDE_KIND_POINTER;
    if (type->kind == ABIDE_KIND_ARRAY && physical->kind == ABIDE_KIND_ARRAY)
        return has_no_zero(side, type->target, physical->target);
    if (type->kind != ABIDE_KIND_STRUCT && type->kind != ABIDE_KIND_TUPLE)
        return false;
    for (size_t i = 0; i < type->field_count; i++) {
        size_t field = abide_parts__field(side, type, physical, i);
        if (field != SIZE_MAX &&
            has_no_zero(side, type->fields[i].type, physical->fields[field].type))
            return true;
    }
    return false;
}

/* Where the source's field is, or zero bytes. */
static abide_value source_of(const struct sized *sized, const struct sized_field *field)
{
    struct abide_routine_builder *build = &sized->lift->build;
    if (sized->have == ABIDE_NO_VALUE || !field->field->is_later)
        return ABIDE_LIFT_FROM;
    abide_value is_absent =
        abide_op__pair(build, ABIDE_OP_BELOW, sized->have, constant(sized, field->from_end_bytes));
    return abide_op__select(build, is_absent, sized->zero, ABIDE_LIFT_FROM);
}

/* Who gives it away does not have it any more. */
static void drop_field(const struct sized *sized, const struct sized_field *field,
                       abide_value source)
{
    struct abide_lift *lift = sized->lift;
    if (lift->transfer != ABIDE_TRANSFER_MOVE || !abide_lift__owns(lift->ctx, field->field->type))
        return;
    abide_value value = abide_op__offset(&lift->build, source, field->from_bytes);
    abide_op__routine(&lift->build,
                      abide_lift__dropper(lift, &lift->from, field->field->type, field->from_type),
                      &value, 1);
}

static const char *convert_field(const struct sized *sized, const struct sized_field *field)
{
    struct abide_lift *lift = sized->lift;
    struct abide_lift_step step;
    const char *reason = abide_lift__step(lift, field->field->type, field->from_type,
                                          field->to_type, lift->transfer, &step);
    if (reason)
        return reason;
    abide_value source = source_of(sized, field);
    bool may_lack_room = sized->room != ABIDE_NO_VALUE && field->field->is_later;
    if (may_lack_room) {
        abide_op__if(&lift->build, abide_op__pair(&lift->build, ABIDE_OP_BELOW, sized->room,
                                                  constant(sized, field->to_end_bytes)));
        drop_field(sized, field, source);
        abide_op__else(&lift->build);
    }
    abide_lift__apply(lift, &step, source, field->from_bytes, ABIDE_LIFT_TO, field->to_bytes);
    if (may_lack_room)
        abide_op__end(&lift->build);
    return NULL;
}

static const char *of_field(const struct sized *sized, size_t index, const char *reason)
{
    return abide__printf(sized->lift->ctx, "in %s, field '%s': %s",
                         sized->type->name ? sized->type->name : "a struct",
                         sized->type->fields[index].name, reason);
}

static const char *convert_fields(struct sized *sized)
{
    for (size_t i = 0; i < sized->type->field_count; i++) {
        struct sized_field field;
        if (!find_field(sized, i, &field))
            return of_field(sized, i, "one side does not have it");
        if (sized->have != ABIDE_NO_VALUE && field.field->is_later &&
            has_no_zero(&sized->lift->from, field.field->type, field.from_type)) {
            sized->lift->help = "make the field an option, or choose a form with a length";
            return of_field(sized, i, "an older side leaves it out, and a null pointer is no text");
        }
        const char *reason = convert_field(sized, &field);
        if (reason)
            return of_field(sized, i, reason);
    }
    return NULL;
}

const char *abide_lift__write_sized(struct abide_lift *lift, const abide_type *type,
                                    const abide_type *from_type, const abide_type *to_type)
{
    struct abide_routine_builder *build = &lift->build;
    struct sized sized = {.lift = lift,
                          .type = type,
                          .from_type = from_type,
                          .to_type = to_type,
                          .from_layout = abide_lift__layout(&lift->from, from_type),
                          .to_layout = abide_lift__layout(&lift->to, to_type),
                          .zero = ABIDE_NO_VALUE};
    if (!sized.from_layout || !sized.to_layout ||
        !abide_sized__of(&lift->from, type, from_type, &sized.from) ||
        !abide_sized__of(&lift->to, type, to_type, &sized.to))
        return "one side does not say how it stores a struct that grows";
    sized.have = read_size(&sized, &sized.from, ABIDE_LIFT_FROM);
    sized.room = read_size(&sized, &sized.to, ABIDE_LIFT_TO);
    if (sized.have != ABIDE_NO_VALUE) {
        sized.zero = abide_op__room(build, sized.from.own_bytes);
        abide_op__zero(build, sized.zero, sized.from.own_bytes);
    }
    refuse_unknown(&sized);
    clear_target(&sized);
    abide_lift__costs(lift, ABIDE_COST_COPY);
    return convert_fields(&sized);
}
