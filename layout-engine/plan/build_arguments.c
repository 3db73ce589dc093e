/* Arguments: from where the caller put them to where the callee looks. */
#include "plan/build.h"
#include "plan/places.h"

/* One abstract parameter on its way. */
struct crossing_param {
    const struct abide_param *param;
    size_t caller_first, caller_count; /* arguments on the caller's side */
    size_t callee_first, callee_count;
    const abide_layout *caller_layout; /* of the represented value */
    const abide_layout *callee_layout;
    struct abide_runs runs; /* from one representation to the other */
};

/* Whether the adapter may hand the memory behind the caller's argument to a callee that wants memory of its own. */
static bool is_private(const struct abide_builder *builder, size_t index)
{
    enum abide_copy copy = builder->plan->caller->physical->params[index].copy;
    if (copy == ABIDE_COPY_NONE)
        copy = builder->plan->caller->arguments[index].copy;
    return copy == ABIDE_COPY_CALLER || copy == ABIDE_COPY_MOVED;
}

static bool wants_private(const struct abide_builder *builder, size_t index)
{
    enum abide_copy copy = builder->plan->callee->physical->params[index].copy;
    if (copy == ABIDE_COPY_NONE)
        copy = builder->plan->callee->arguments[index].copy;
    return copy != ABIDE_COPY_BORROW;
}

/* Whether `object`, unchanged, can be the memory that callee argument `index` points to. */
static bool can_point_to(const struct abide_builder *builder, const struct crossing_param *crossing,
                         struct abide_object object, size_t index)
{
    uint64_t align_bytes = crossing->callee_layout->align_bytes;
    if (object.size_bytes < crossing->callee_layout->size_bytes ||
        !abide_runs__are_identity(crossing->runs.items, crossing->runs.count,
                                  crossing->callee_layout->size_bytes))
        return false;
    switch (object.kind) {
    case ABIDE_OBJECT_POINTEE:
        return align_bytes <= object.align_bytes &&
               (!wants_private(builder, index) || is_private(builder, object.index));
    case ABIDE_OBJECT_ARGUMENT:
        return abide_places__is_stack_range(
            builder->plan->caller, &builder->plan->caller->arguments[object.index], align_bytes);
    case ABIDE_OBJECT_TEMPORARY: return true;
    default: return false;
    }
}

static void feed_address(struct abide_builder *builder, const struct crossing_param *crossing,
                         struct abide_object object, size_t index)
{
    if (!can_point_to(builder, crossing, object, index)) {
        struct abide_object copy = abide_builder__temporary(
            builder, crossing->callee_layout->size_bytes, crossing->callee_layout->align_bytes,
            false,
            abide__printf(builder->ctx, "copy of %s",
                          crossing->param->name ? crossing->param->name : "argument"));
        abide_builder__copy_before(builder, object, copy, &crossing->runs);
        builder->copied_bytes += abide_runs__bytes(crossing->runs.items, crossing->runs.count);
        object = copy;
    }
    builder->feeds[index] = (struct abide_feed){.kind = ABIDE_FEED_ADDRESS, .object = object};
}

static void feed_value(struct abide_builder *builder, size_t index, struct abide_object object,
                       const struct abide_runs *runs)
{
    builder->feeds[index] = (struct abide_feed){
        .kind = ABIDE_FEED_VALUE, .object = object, .runs = runs->items, .run_count = runs->count};
}

/* The caller's parts side by side in a temporary, as its value lies in memory. */
static struct abide_object assemble(struct abide_builder *builder,
                                    const struct crossing_param *crossing)
{
    struct abide_object whole = abide_builder__temporary(
        builder, crossing->caller_layout->size_bytes, crossing->caller_layout->align_bytes, false,
        abide__printf(builder->ctx, "parts of %s",
                      crossing->param->name ? crossing->param->name : "argument"));
    const struct abide_physical_param *params = builder->plan->caller->physical->params;
    for (size_t i = 0; i < crossing->caller_count; i++) {
        struct abide_object part = abide_builder__argument(builder, crossing->caller_first + i);
        struct abide_object to = whole;
        to.offset_bytes = params[crossing->caller_first + i].part_offset_bytes;
        to.size_bytes = part.size_bytes;
        struct abide_runs all = abide_builder__identity(builder, part.size_bytes);
        abide_builder__copy_before(builder, part, to, &all);
    }
    return whole;
}

/* A part of the callee's value that lies in one part of the caller's. */
static bool feed_part(struct abide_builder *builder, const struct crossing_param *crossing,
                      size_t index, uint64_t part_bytes)
{
    const struct abide_physical_param *sink = &builder->plan->callee->physical->params[index];
    for (size_t i = 0; i < crossing->caller_count; i++) {
        size_t from = crossing->caller_first + i;
        struct abide_object source = abide_builder__argument(builder, from);
        struct abide_runs slice = {0};
        if (abide_convert__slice(builder->ctx, &crossing->runs,
                                 builder->plan->caller->physical->params[from].part_offset_bytes,
                                 source.size_bytes, sink->part_offset_bytes, part_bytes, &slice)) {
            feed_value(builder, index, source, &slice);
            return true;
        }
    }
    return false;
}

static bool feed(struct abide_builder *builder, const struct crossing_param *crossing, size_t index,
                 struct abide_object *assembled)
{
    const struct abide_physical_param *sink = &builder->plan->callee->physical->params[index];
    const struct abide_assigned *place = &builder->plan->callee->arguments[index];
    bool by_address = sink->copy != ABIDE_COPY_NONE || place->pass == ABIDE_PASS_POINTER;
    if (place->pass == ABIDE_PASS_IGNORE) {
        builder->feeds[index] = (struct abide_feed){.kind = ABIDE_FEED_NOTHING, .in_place = true};
        return true;
    }
    const abide_layout *part =
        abide_layout__physical(builder->ctx, builder->callee->machine->data, sink->type);
    if (!part)
        return false;
    if (!by_address && feed_part(builder, crossing, index, part->size_bytes))
        return true;
    struct abide_object source = abide_builder__argument(builder, crossing->caller_first);
    if (crossing->caller_count > 1) {
        if (assembled->kind != ABIDE_OBJECT_TEMPORARY)
            *assembled = assemble(builder, crossing);
        source = *assembled;
    }
    if (by_address) {
        feed_address(builder, crossing, source, index);
        return true;
    }
    struct abide_runs slice = {0};
    if (!abide_convert__slice(builder->ctx, &crossing->runs, 0, crossing->caller_layout->size_bytes,
                              sink->part_offset_bytes, part->size_bytes, &slice))
        return abide_builder__refuse(builder, crossing->param,
                                     "its parts do not match the parts of the other side", NULL);
    feed_value(builder, index, source, &slice);
    return true;
}

static bool prepare(struct abide_builder *builder, size_t index, struct crossing_param *crossing)
{
    const abide_assignment *caller = builder->plan->caller, *callee = builder->plan->callee;
    crossing->param = &builder->signature->params[index];
    crossing->callee_first = abide_builder__find(callee, index, &crossing->callee_count);
    size_t caller_index =
        index >= builder->skipped_param && builder->skipped_param != ABIDE_NO_INDEX ? index + 1
                                                                                    : index;
    crossing->caller_first = abide_builder__find(caller, caller_index, &crossing->caller_count);
    if (crossing->callee_count == 0)
        return true;
    if (crossing->caller_count == 0)
        return abide_builder__refuse(builder, crossing->param,
                                     "the caller does not pass it, and the callee expects it",
                                     NULL);
    const abide_type *from = caller->physical->params[crossing->caller_first].value_type;
    const abide_type *to = callee->physical->params[crossing->callee_first].value_type;
    crossing->caller_layout =
        abide_layout__physical(builder->ctx, builder->caller->machine->data, from);
    crossing->callee_layout =
        abide_layout__physical(builder->ctx, builder->callee->machine->data, to);
    if (!crossing->caller_layout || !crossing->callee_layout)
        return false;
    const char *reason = abide_convert__runs(abide_builder__inward(builder), crossing->param->type,
                                             from, to, &crossing->runs);
    if (reason)
        return abide_builder__refuse(
            builder, crossing->param, reason,
            "give the type a representation that both sides share, such as `base:` on an "
            "enum, or pass it behind a pointer to an opaque type");
    return true;
}

bool abide_build__arguments(struct abide_builder *builder)
{
    bool fine = true;
    for (size_t i = 0; i < builder->signature->param_count; i++) {
        bool handled = false;
        if (!abide_build__callable(builder, i, &handled)) {
            fine = false;
            continue;
        }
        if (handled)
            continue;
        struct crossing_param crossing = {0};
        struct abide_object assembled = {.kind = ABIDE_OBJECT_ARGUMENT};
        if (!prepare(builder, i, &crossing)) {
            fine = false;
            continue;
        }
        for (size_t k = 0; k < crossing.callee_count; k++)
            fine = feed(builder, &crossing, crossing.callee_first + k, &assembled) && fine;
    }
    return fine;
}
