/* The last step of a plan: what needs no move, how good an adapter can be, and what it costs. */
#include "plan/build.h"
#include "plan/places.h"

#include <string.h>

/* The place of the pointer that an argument is passed by, or is. */
static const abide_piece *pointer_piece(const struct abide_assigned *place)
{
    if (place->pass == ABIDE_PASS_POINTER || place->pass == ABIDE_PASS_HIDDEN)
        return &place->pointer;
    return place->pass == ABIDE_PASS_DIRECT && place->piece_count == 1 ? &place->pieces[0] : NULL;
}

/* Where the caller put the address of its result memory. */
static const abide_piece *result_memory_piece(const abide_assignment *caller)
{
    size_t out = abide_builder__find_role(caller, ABIDE_ROLE_OUT);
    return pointer_piece(out == ABIDE_NO_INDEX ? &caller->result : &caller->arguments[out]);
}

static bool address_in_place(const struct abide_plan *plan, const struct abide_object *object,
                             const struct abide_assigned *sink)
{
    const abide_piece *from = NULL, *to = pointer_piece(sink);
    if (object->offset_bytes != 0)
        return false;
    if (object->kind == ABIDE_OBJECT_POINTEE)
        from = pointer_piece(&plan->caller->arguments[object->index]);
    else if (object->kind == ABIDE_OBJECT_RESULT_MEMORY)
        from = result_memory_piece(plan->caller);
    return from && to && abide_places__same_piece(from, to);
}

static bool states_extension(const struct abide_assigned *place)
{
    const struct abide_assigned none = {.pass = ABIDE_PASS_IGNORE};
    return abide_places__must_extend(&none, place);
}

static void settle_feed(const struct abide_plan *plan, struct abide_feed *feed,
                        const struct abide_assigned *sink)
{
    const struct abide_object *object = &feed->object;
    if (feed->kind == ABIDE_FEED_ADDRESS)
        feed->in_place = address_in_place(plan, object, sink);
    if (feed->kind != ABIDE_FEED_VALUE)
        return;
    const struct abide_assigned *source =
        object->kind == ABIDE_OBJECT_ARGUMENT && object->offset_bytes == 0
            ? &plan->caller->arguments[object->index]
            : NULL;
    if (source && abide_runs__are_identity(feed->runs, feed->run_count, sink->size_bytes) &&
        source->size_bytes == sink->size_bytes) {
        feed->must_extend = abide_places__must_extend(source, sink);
        feed->in_place = !feed->must_extend && abide_places__same(source, sink);
    } else {
        feed->must_extend = states_extension(sink);
    }
}

static void settle_result(struct abide_plan *plan)
{
    struct abide_return *result = &plan->result;
    const struct abide_assigned *from = &plan->callee->result, *to = &plan->caller->result;
    if (result->kind == ABIDE_RETURN_NOTHING)
        result->in_place = true;
    else if (result->kind == ABIDE_RETURN_ADDRESS)
        result->in_place = plan->hidden.kind == ABIDE_FEED_ADDRESS &&
                           plan->hidden.object.kind == ABIDE_OBJECT_RESULT_MEMORY &&
                           from->returned_register && to->returned_register &&
                           strcmp(from->returned_register, to->returned_register) == 0;
    else if (result->object.kind == ABIDE_OBJECT_CALLEE_RESULT &&
             abide_runs__are_identity(result->runs, result->run_count, to->size_bytes) &&
             from->size_bytes == to->size_bytes) {
        result->must_extend = abide_places__must_extend(from, to);
        result->in_place = !result->must_extend && abide_places__same(from, to);
    } else {
        result->must_extend = states_extension(to);
    }
}

/* The callee is given an address inside the adapter's own frame. */
static bool lends_frame(const struct abide_plan *plan)
{
    for (size_t i = 0; i < plan->store_count; i++)
        if (plan->stores[i].kind == ABIDE_STORE_ADDRESS)
            return true;
    for (size_t i = 0; i <= plan->feed_count; i++) {
        const struct abide_feed *feed = i < plan->feed_count ? &plan->feeds[i] : &plan->hidden;
        if (feed->kind == ABIDE_FEED_ADDRESS && (feed->object.kind == ABIDE_OBJECT_TEMPORARY ||
                                                 feed->object.kind == ABIDE_OBJECT_ARGUMENT))
            return true;
    }
    return false;
}

/* Why the adapter must get control back after the call; NULL: it may end in a jump. */
static const char *frame_reason(const struct abide_plan *plan)
{
    if (plan->hook_count)
        return "a runtime's function is called first";
    if (lends_frame(plan))
        return "the callee is given the address of something in the adapter's frame";
    if (plan->after_count)
        return "the result is moved after the call";
    if (!plan->result.in_place)
        return plan->result.kind == ABIDE_RETURN_ADDRESS
                   ? "the caller expects the address of the result back, and the callee does not "
                     "return it"
                   : "the caller looks for the result in another place or form";
    return abide_places__jump_obstacle(plan->caller, plan->callee);
}

static bool all_in_place(const struct abide_plan *plan)
{
    if (plan->hidden.kind != ABIDE_FEED_NOTHING && !plan->hidden.in_place)
        return false;
    for (size_t i = 0; i < plan->feed_count; i++)
        if (!plan->feeds[i].in_place)
            return false;
    return plan->target == ABIDE_TARGET_SYMBOL && !plan->zero_result_memory;
}

static void choose_tier(struct abide_plan *plan)
{
    const char *reason = frame_reason(plan);
    if (reason) {
        plan->tier = ABIDE_TIER_CALL;
        plan->tier_reason = reason;
    } else if (all_in_place(plan)) {
        plan->tier = ABIDE_TIER_SAME;
        plan->tier_reason = "every bit already lies where the callee looks for it";
    } else {
        plan->tier = ABIDE_TIER_TAIL;
        plan->tier_reason = plan->target == ABIDE_TARGET_SYMBOL
                                ? "arguments move, and nothing is left to do after the call"
                                : "the code to call is found at run time";
    }
}

/* Bytes that go from memory to the callee's stack arguments. */
static uint64_t stacked_bytes(const struct abide_feed *feed, const struct abide_assigned *sink)
{
    uint64_t sum = 0;
    if (feed->kind != ABIDE_FEED_VALUE || feed->object.kind != ABIDE_OBJECT_POINTEE)
        return 0;
    for (size_t i = 0; i < sink->piece_count; i++)
        if (!sink->pieces[i].register_name)
            sum += sink->pieces[i].size_bytes;
    return sum;
}

static abide_cost cost_of(const struct abide_plan *plan)
{
    if (plan->hook_count)
        return ABIDE_COST_RUNTIME;
    if (plan->copied_bytes)
        return ABIDE_COST_COPY;
    return plan->tier == ABIDE_TIER_SAME ? ABIDE_COST_NOTHING : ABIDE_COST_SHUFFLE;
}

void abide_build__finish(struct abide_builder *builder)
{
    struct abide_plan *plan = builder->plan;
    plan->temporaries = builder->temporaries.items;
    plan->temporary_count = builder->temporaries.count;
    plan->stores = builder->stores.items;
    plan->store_count = builder->stores.count;
    plan->before = builder->before.items;
    plan->before_count = builder->before.count;
    plan->after = builder->after.items;
    plan->after_count = builder->after.count;
    plan->inner = builder->inner.items;
    plan->inner_count = builder->inner.count;
    plan->copied_bytes = builder->copied_bytes;
    for (size_t i = 0; i < plan->feed_count; i++) {
        settle_feed(plan, &builder->feeds[i], &plan->callee->arguments[i]);
        plan->copied_bytes += stacked_bytes(&builder->feeds[i], &plan->callee->arguments[i]);
    }
    settle_feed(plan, &plan->hidden, &plan->callee->result);
    plan->feeds = builder->feeds;
    settle_result(plan);
    choose_tier(plan);
    for (size_t i = 0; i < plan->inner_count; i++)
        plan->copied_bytes += plan->inner[i]->copied_bytes;
    plan->cost = cost_of(plan);
}
