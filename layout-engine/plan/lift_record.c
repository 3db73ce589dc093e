/* Structs, tuples and arrays: field by field, element by element. */
#include "plan/lift_inner.h"

#include <string.h>

/* Padding of values larger than this stays what it was. */
#define ZERO_MAX_BYTES 256

/* A conversion of a record: what bytes can be moved goes first, in one operation; then come the routines. */
struct record {
    struct abide_lift *lift;
    const abide_type *type;
    const abide_type *from_type, *to_type;
    const abide_layout *from, *to;
    struct abide_runs runs;
    bool *is_filled; /* parallel to the fields of to_type */
    struct call {
        struct abide_lift_step step;
        uint64_t from_bytes, to_bytes;
    } *calls;
    size_t call_count;
};

static const char *of_field(struct record *record, const char *name, const char *reason)
{
    const char *owner = record->type->name ? record->type->name : "a struct";
    return abide__printf(record->lift->ctx, "in %s, field '%s': %s", owner, name ? name : "?",
                         reason);
}

static const char *add_bits(struct record *record, abide_field_info from, abide_field_info to)
{
    if (!from.is_bitfield || !to.is_bitfield || from.offset_bits != to.offset_bits ||
        from.size_bits != to.size_bits)
        return "a bit-field lies elsewhere on the other side";
    uint64_t start = from.offset_bits / 8, end = (from.offset_bits + from.size_bits + 7) / 8;
    abide_runs__add(record->lift->ctx, &record->runs,
                    (struct abide_run){start, start, end - start, end - start, 0});
    return NULL;
}

static const char *add_field(struct record *record, const abide_type *type, size_t index)
{
    struct abide_lift *lift = record->lift;
    size_t from = abide_parts__field(&lift->from, record->type, record->from_type, index);
    size_t to = abide_parts__field(&lift->to, record->type, record->to_type, index);
    if (from == SIZE_MAX || to == SIZE_MAX)
        return "one side does not have it";
    abide_field_info source = abide_layout__field(record->from, from);
    abide_field_info target = abide_layout__field(record->to, to);
    record->is_filled[to] = true;
    if (source.is_bitfield || target.is_bitfield)
        return add_bits(record, source, target);
    struct call call = {.from_bytes = source.offset_bits / 8, .to_bytes = target.offset_bits / 8};
    const char *reason =
        abide_lift__step(lift, type, record->from_type->fields[from].type,
                         record->to_type->fields[to].type, lift->transfer, &call.step);
    if (reason)
        return reason;
    if (call.step.routine)
        record->calls[record->call_count++] = call;
    else
        abide_runs__add_all(lift->ctx, &record->runs, &call.step.runs, call.from_bytes,
                            call.to_bytes);
    return NULL;
}

static bool have_one_name(const struct abide_field *a, const struct abide_field *b)
{
    return a->name && b->name && strcmp(a->name, b->name) == 0;
}

/* A field that an ABI adds, such as a header, can only come from a side that has it too. */
static const char *add_own_fields(struct record *record)
{
    abide_ctx *ctx = record->lift->ctx;
    for (size_t i = 0; i < record->to_type->field_count; i++) {
        const struct abide_field *field = &record->to_type->fields[i], *source = NULL;
        if (record->is_filled[i] || record->type->field_count == 0)
            continue; /* (an empty record has only a filler) */
        size_t at = 0;
        for (; at < record->from_type->field_count && !source; at++)
            if (have_one_name(&record->from_type->fields[at], field))
                source = &record->from_type->fields[at];
        struct abide_runs runs = {0};
        const char *reason = source ? abide_convert__form(record->lift->lifting->crossing,
                                                          abide_type__strip(source->type),
                                                          abide_type__strip(field->type), &runs)
                                    : "only one side has it";
        if (reason)
            return of_field(record, field->name, reason);
        abide_runs__add_all(ctx, &record->runs, &runs,
                            abide_layout__offset_bits(record->from, at - 1) / 8,
                            abide_layout__offset_bits(record->to, i) / 8);
    }
    return NULL;
}

static void write_fields(struct record *record)
{
    struct abide_lift *lift = record->lift;
    if (abide_layout__holes(record->to).count && record->to->size_bytes <= ZERO_MAX_BYTES)
        abide_op__zero(&lift->build, ABIDE_LIFT_TO, record->to->size_bytes);
    abide_op__runs(&lift->build, ABIDE_LIFT_TO, ABIDE_LIFT_FROM, &record->runs);
    for (size_t i = 0; i < record->call_count; i++)
        abide_lift__apply(lift, &record->calls[i].step, ABIDE_LIFT_FROM,
                          record->calls[i].from_bytes, ABIDE_LIFT_TO, record->calls[i].to_bytes);
}

const char *abide_lift__write_record(struct abide_lift *lift, const abide_type *type,
                                     const abide_type *from_type, const abide_type *to_type)
{
    if (from_type->kind != ABIDE_KIND_STRUCT || to_type->kind != ABIDE_KIND_STRUCT)
        return "the two sides store it in different forms";
    struct record record = {.lift = lift,
                            .type = type,
                            .from_type = from_type,
                            .to_type = to_type,
                            .from = abide_lift__layout(&lift->from, from_type),
                            .to = abide_lift__layout(&lift->to, to_type)};
    if (!record.from || !record.to)
        return "one side has no layout for it";
    record.is_filled = abide__new_array(lift->ctx, bool, to_type->field_count);
    record.calls = abide__new_array(lift->ctx, struct call, type->field_count + 1);
    const char *reason = NULL;
    if (type->kind == ABIDE_KIND_STRUCT && type->target) {
        reason = add_field(&record, type->target, SIZE_MAX);
        if (reason)
            return of_field(&record, "base", reason);
    }
    for (size_t i = 0; i < type->field_count; i++) {
        reason = add_field(&record, type->fields[i].type, i);
        if (reason)
            return of_field(&record, type->fields[i].name, reason);
    }
    reason = add_own_fields(&record);
    if (!reason)
        write_fields(&record);
    return reason;
}

const char *abide_lift__write_array(struct abide_lift *lift, const abide_type *type,
                                    const abide_type *from_type, const abide_type *to_type)
{
    if (from_type->kind != ABIDE_KIND_ARRAY || to_type->kind != ABIDE_KIND_ARRAY)
        return "only one side stores it as an array";
    if (type->is_flexible)
        return "how many elements it has is unknown";
    const abide_layout *from = abide_lift__layout(&lift->from, from_type->target);
    const abide_layout *to = abide_lift__layout(&lift->to, to_type->target);
    struct abide_lift_step step;
    if (!from || !to)
        return "one side has no layout for its elements";
    const char *reason = abide_lift__step(lift, type->target, from_type->target, to_type->target,
                                          lift->transfer, &step);
    if (reason)
        return reason;
    struct abide_routine_builder *build = &lift->build;
    abide_value at = abide_op__loop(build, abide_op__constant(build, type->count));
    abide_value source = abide_op__pair(build, ABIDE_OP_ADD, ABIDE_LIFT_FROM,
                                        abide_op__multiply(build, at, from->size_bytes));
    abide_value target = abide_op__pair(build, ABIDE_OP_ADD, ABIDE_LIFT_TO,
                                        abide_op__multiply(build, at, to->size_bytes));
    abide_lift__apply(lift, &step, source, 0, target, 0);
    abide_op__end(build);
    abide_lift__costs(lift, ABIDE_COST_COPY);
    return NULL;
}
