/*
 * Parameters that one side passes together, in a record. The steps are built on a view in which each of them lies behind an address
 * of its own; then the view is exchanged for the side itself, whose only address is that of the record.
 */
#include "plan/build.h"

/* ---- the view ---- */

static size_t find_record(const struct abide_physical *physical)
{
    size_t index = 0;
    while (physical->params[index].role != ABIDE_ROLE_VALUE ||
           physical->params[index].of != SIZE_MAX)
        index++;
    return index;
}

/* The place of the record's address, for each of its members. */
static const abide_assignment *view_of(struct abide_builder *builder, const abide_assignment *side)
{
    abide_ctx *ctx = builder->ctx;
    const struct abide_physical *real = side->physical;
    size_t at = find_record(real), members = real->gathered_count;
    size_t count = real->param_count - 1 + members;
    struct abide_physical *physical = abide__new(ctx, struct abide_physical);
    struct abide_physical_param *params = abide__new_array(ctx, struct abide_physical_param, count);
    struct abide_assigned *arguments = abide__new_array(ctx, struct abide_assigned, count);
    for (size_t i = 0; i < count; i++) {
        bool is_member = i >= at && i < at + members;
        size_t index = i < at ? i : is_member ? at : i - members + 1;
        params[i] = is_member ? real->gathered[i - at] : real->params[index];
        params[i].part_offset_bytes = is_member ? 0 : params[i].part_offset_bytes;
        arguments[i] = side->arguments[index];
    }
    abide_assignment *view = abide__new(ctx, abide_assignment);
    *physical = *real;
    physical->params = params;
    physical->param_count = count;
    *view = *side;
    view->physical = physical;
    view->arguments = arguments;
    return view;
}

void abide_gather__begin(struct abide_builder *builder, struct abide_gathering *gathering)
{
    struct abide_plan *plan = builder->plan;
    gathering->caller = plan->caller;
    gathering->callee = plan->callee;
    if (plan->caller->physical->gathered)
        plan->caller = view_of(builder, plan->caller);
    if (plan->callee->physical->gathered)
        plan->callee = view_of(builder, plan->callee);
}

/* ---- the caller itself ---- */

/* What the view has at an address of its own lies in the record. */
static void redirect(struct abide_object *object, void *user)
{
    const struct abide_physical *real = user;
    if (object->kind != ABIDE_OBJECT_POINTEE && object->kind != ABIDE_OBJECT_ARGUMENT)
        return;
    size_t at = find_record(real), members = real->gathered_count;
    if (object->index < at)
        return;
    if (object->index >= at + members) {
        object->index -= members - 1;
        return;
    }
    object->offset_bytes += real->gathered[object->index - at].part_offset_bytes;
    object->index = at;
}

static bool is_moved(const struct abide_physical *real)
{
    return real->params[find_record(real)].copy == ABIDE_COPY_MOVED;
}

static bool end_caller(struct abide_builder *builder, const struct abide_physical *real)
{
    struct abide_object record = {.kind = ABIDE_OBJECT_POINTEE,
                                  .index = find_record(real),
                                  .size_bytes = 1,
                                  .align_bytes = 1};
    abide_builder__each_object(builder, redirect, (void *)real);
    return !is_moved(real) ||
           abide_moved__free(builder, builder->caller, NULL, record,
                             "free the record of all parameters, which is the callee's");
}

/* ---- the callee itself ---- */

struct moving {
    size_t temporary;
    struct abide_object record; /* at the member */
};

static void move_object(struct abide_object *object, void *user)
{
    const struct moving *moving = user;
    if (object->kind != ABIDE_OBJECT_TEMPORARY || object->index != moving->temporary)
        return;
    object->index = moving->record.index;
    object->offset_bytes += moving->record.offset_bytes;
}

/* What was made for the callee alone is made in the record. */
static bool make_in_record(struct abide_builder *builder, const struct abide_feed *feed,
                           struct abide_object record)
{
    struct moving moving = {.temporary = feed->object.index, .record = record};
    if (feed->object.kind != ABIDE_OBJECT_TEMPORARY || feed->object.offset_bytes)
        return false;
    struct abide_temporary *temporary = &builder->temporaries.items[feed->object.index];
    if (temporary->size_bytes != record.size_bytes || temporary->zeroed)
        return false;
    for (size_t i = 0; i < builder->stores.count; i++)
        if (builder->stores.items[i].temporary == moving.temporary ||
            builder->stores.items[i].kind == ABIDE_STORE_ADDRESS)
            return false;
    abide_builder__each_object(builder, move_object, &moving);
    *temporary = (struct abide_temporary){.align_bytes = 1}; /* nothing is left of it */
    return true;
}

/* A value that the view's callee finds at an address is put into the record. */
static void put_member(struct abide_builder *builder, const struct abide_physical_param *member,
                       const struct abide_feed *feed, struct abide_object record)
{
    const abide_layout *layout =
        abide_layout__physical(builder->ctx, builder->callee->machine->data, member->value_type);
    struct abide_runs all = abide_builder__identity(builder, layout->size_bytes);
    record.offset_bytes += member->part_offset_bytes;
    record.size_bytes = layout->size_bytes;
    if (feed->kind != ABIDE_FEED_ADDRESS || make_in_record(builder, feed, record))
        return;
    abide_builder__copy_before(builder, feed->object, record, &all);
    builder->copied_bytes += layout->size_bytes;
    abide_builder__charge(builder, member->of, ABIDE_COST_COPY,
                          "the callee finds all in one record");
}

/* The callee's own from now on: in memory that it gives back. */
static struct abide_feed feed_moved(struct abide_builder *builder, struct abide_object record)
{
    struct abide_object address = abide_moved__make(builder, builder->callee, NULL, record, false);
    struct abide_runs all = abide_builder__identity(builder, address.size_bytes);
    return (struct abide_feed){
        .kind = ABIDE_FEED_VALUE, .object = address, .runs = all.items, .run_count = all.count};
}

static void fill_record(struct abide_builder *builder, const struct abide_physical *real)
{
    size_t at = find_record(real), members = real->gathered_count;
    const abide_layout *layout = abide_layout__physical(
        builder->ctx, builder->callee->machine->data, real->params[at].value_type);
    struct abide_object record = abide_builder__temporary(
        builder, layout->size_bytes, layout->align_bytes, false, "all parameters");
    struct abide_feed *feeds = abide__new_array(builder->ctx, struct abide_feed, real->param_count);
    for (size_t i = 0; i < members; i++)
        put_member(builder, &real->gathered[i], &builder->feeds[at + i], record);
    for (size_t i = 0; i < real->param_count; i++)
        feeds[i] = builder->feeds[i < at ? i : i + members - 1];
    feeds[at] = is_moved(real) ? feed_moved(builder, record)
                               : (struct abide_feed){.kind = ABIDE_FEED_ADDRESS, .object = record};
    builder->feeds = feeds;
    builder->plan->feed_count = real->param_count;
}

bool abide_gather__end(struct abide_builder *builder, const struct abide_gathering *gathering)
{
    struct abide_plan *plan = builder->plan;
    if (gathering->caller->physical->gathered && !end_caller(builder, gathering->caller->physical))
        return false;
    if (gathering->callee->physical->gathered) {
        if (builder->inner.count || builder->back.count)
            return abide_builder__refuse(
                builder, NULL,
                "the callee finds its parameters in one record, and one of "
                "them needs an adapter of its own",
                "pass fewer parameters");
        fill_record(builder, gathering->callee->physical);
    }
    plan->caller = gathering->caller;
    plan->callee = gathering->callee;
    return true;
}
