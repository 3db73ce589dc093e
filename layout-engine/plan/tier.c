/* The last step of a plan: what needs no move, how good an adapter can be, and what it costs. */
#include "plan/build.h"
#include "plan/places.h"

#include <assert.h>
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

/*
 * The piece of the caller's that starts with byte `offset_bytes` of an object, which may be a temporary where the caller's parts
 * are brought together. NULL: there is none, or not all of it goes there.
 */
static const abide_piece *piece_behind(const struct abide_plan *plan,
                                       const struct abide_object *object, uint64_t offset_bytes,
                                       unsigned depth)
{
    offset_bytes += object->offset_bytes;
    if (object->kind == ABIDE_OBJECT_ARGUMENT) {
        assert(object->index < plan->caller->physical->param_count);
        const struct abide_assigned *place = &plan->caller->arguments[object->index];
        for (size_t i = 0; place->pass == ABIDE_PASS_DIRECT && i < place->piece_count; i++)
            if (place->pieces[i].offset_bytes == offset_bytes)
                return &place->pieces[i];
        return NULL;
    }
    const abide_piece *found = NULL;
    for (size_t i = 0; object->kind == ABIDE_OBJECT_TEMPORARY && depth && i < plan->before_count;
         i++) {
        const struct abide_copy_step *step = &plan->before[i];
        if (step->to.kind != ABIDE_OBJECT_TEMPORARY || step->to.index != object->index)
            continue;
        if (step->routine)
            return NULL;
        for (size_t k = 0; k < step->run_count; k++) {
            const struct abide_run *run = &step->runs[k];
            uint64_t start = step->to.offset_bytes + run->to_bytes;
            if (offset_bytes < start || offset_bytes >= start + run->to_size_bytes)
                continue;
            if (run->from_size_bytes != run->to_size_bytes)
                return NULL;
            found = piece_behind(plan, &step->from, run->from_bytes + (offset_bytes - start),
                                 depth - 1);
            if (found && offset_bytes + found->size_bytes > start + run->to_size_bytes)
                return NULL;
        }
    }
    return found;
}

/* The caller's piece from byte `from_bytes` of a piece of the callee's on. */
static const abide_piece *source_of(const struct abide_plan *plan, const struct abide_feed *feed,
                                    const abide_piece *piece, uint64_t from_bytes)
{
    return piece_behind(plan, &feed->object,
                        feed->runs[0].from_bytes + piece->offset_bytes + from_bytes, 2);
}

static bool is_same_behind(const struct abide_plan *plan, const struct abide_feed *feed,
                           abide_piece piece)
{
    const abide_piece *source = source_of(plan, feed, &piece, 0);
    if (!source || source->size_bytes != piece.size_bytes ||
        !abide_places__promises(source, &piece))
        return false;
    piece.offset_bytes = source->offset_bytes;
    return abide_places__same_piece(source, &piece);
}

/* A piece on the stack that the caller has there in several, each where its bytes have to be. */
static bool is_joined_behind(const struct abide_plan *plan, const struct abide_feed *feed,
                             const abide_piece *piece)
{
    uint64_t done = 0;
    if (piece->register_name || piece->extend == ABIDE_EXTEND_ZERO ||
        piece->extend == ABIDE_EXTEND_SIGN)
        return false;
    while (done < piece->size_bytes) {
        const abide_piece *source = source_of(plan, feed, piece, done);
        if (!source || source->register_name || source->as || source->size_bytes == 0 ||
            source->stack_offset_bytes != piece->stack_offset_bytes + (int64_t)done)
            return false;
        done += source->size_bytes;
    }
    return done == piece->size_bytes;
}

/* Every piece that the callee looks for is where it looks, though as part of another argument. */
static bool lies_in_parts(const struct abide_plan *plan, const struct abide_feed *feed,
                          const struct abide_assigned *sink)
{
    if (sink->pass != ABIDE_PASS_DIRECT || feed->run_count != 1 ||
        feed->runs[0].from_size_bytes != feed->runs[0].to_size_bytes || feed->runs[0].to_bytes != 0)
        return false;
    for (size_t i = 0; i < sink->piece_count; i++) {
        const abide_piece *piece = &sink->pieces[i];
        if (piece->offset_bytes + piece->size_bytes > feed->runs[0].to_size_bytes ||
            (!is_same_behind(plan, feed, *piece) && !is_joined_behind(plan, feed, piece)))
            return false;
    }
    return true;
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
        feed->in_place = lies_in_parts(plan, feed, sink);
        feed->must_extend = !feed->in_place && states_extension(sink);
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

static void settle_back(struct abide_plan *plan, struct abide_way_back *back)
{
    const struct abide_assigned *to = &plan->caller->arguments[back->argument];
    if (back->object.kind != ABIDE_OBJECT_CALLEE_ARGUMENT ||
        !abide_runs__are_identity(back->runs, back->run_count, to->size_bytes)) {
        back->must_extend = states_extension(to);
        return;
    }
    const struct abide_assigned *from = &plan->callee->arguments[back->object.index];
    back->must_extend = abide_places__must_extend(from, to);
    back->in_place = !back->must_extend && abide_places__same(from, to);
}

static bool all_back_in_place(const struct abide_plan *plan)
{
    for (size_t i = 0; i < plan->back_count; i++)
        if (!plan->back[i].in_place)
            return false;
    return true;
}

/* The callee is given an address inside the adapter's own frame. */
static bool lends_frame(const struct abide_plan *plan)
{
    for (size_t i = 0; i < plan->store_count; i++)
        if (plan->stores[i].kind == ABIDE_STORE_ADDRESS ||
            plan->stores[i].kind == ABIDE_STORE_OBJECT)
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
    if (plan->answers_invalid)
        return "what is invalid is answered by the adapter itself";
    if (plan->hook_count)
        return "a runtime's function is called first";
    if (plan->unwinds)
        return "an exception that would leave it ends in the adapter";
    if (plan->target == ABIDE_TARGET_INSTRUCTION)
        return "the callee is called by an instruction of its own";
    if (plan->caller->physical->machine->returned_by)
        return "the adapter returns by an instruction of its own";
    if (plan->unnamed.is_list_started)
        return "a list is started over the unnamed arguments";
    if (lends_frame(plan))
        return "the callee is given the address of something in the adapter's frame";
    if (plan->after_count)
        return "the result is moved after the call";
    if (!all_back_in_place(plan))
        return "the caller looks for a parameter's new value in another place";
    if (!plan->result.in_place)
        return plan->result.kind == ABIDE_RETURN_ADDRESS
                   ? "the caller expects the address of the result back, and the callee does not "
                     "return it"
                   : "the caller looks for the result in another place or form";
    return abide_places__jump_obstacle(plan->caller, plan->callee);
}

/* A register that callers with unnamed arguments set, and this one has none. */
static bool owes_vector_count(const struct abide_plan *plan)
{
    return plan->callee->vector_count_register && !plan->caller->physical->is_variadic;
}

/* Something ends before the call, whatever the callee gets. */
static bool releases_first(const struct abide_plan *plan)
{
    for (size_t i = 0; i < plan->before_count; i++)
        if (plan->before[i].releases)
            return true;
    return false;
}

static bool all_in_place(const struct abide_plan *plan)
{
    if (owes_vector_count(plan) || releases_first(plan))
        return false;
    if (plan->hidden.kind != ABIDE_FEED_NOTHING && !plan->hidden.in_place)
        return false;
    for (size_t i = 0; i < plan->feed_count; i++)
        if (!plan->feeds[i].in_place)
            return false;
    return plan->target == ABIDE_TARGET_SYMBOL && !plan->zero_result_memory && !plan->check_count;
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
        plan->tier_reason =
            plan->target != ABIDE_TARGET_SYMBOL ? "the code to call is found at run time"
            : releases_first(plan)
                ? "something is released first, and nothing is left to do after the call"
            : plan->check_count
                ? "what is passed is looked at, and nothing is left to do after the "
                  "call"
                : "arguments move, and nothing is left to do after the call";
    }
}

/* Bytes that go from memory to the callee's stack arguments. */
static uint64_t stacked_bytes(const struct abide_feed *feed, const struct abide_assigned *sink)
{
    uint64_t sum = 0;
    if (feed->kind != ABIDE_FEED_VALUE ||
        (feed->object.kind != ABIDE_OBJECT_POINTEE && feed->object.kind != ABIDE_OBJECT_ELEMENT))
        return 0;
    for (size_t i = 0; i < sink->piece_count; i++)
        if (!sink->pieces[i].register_name)
            sum += sink->pieces[i].size_bytes;
    return sum;
}

static abide_cost cost_of(const struct abide_plan *plan)
{
    abide_cost cost = plan->tier == ABIDE_TIER_SAME ? ABIDE_COST_NOTHING : ABIDE_COST_SHUFFLE;
    if (plan->copied_bytes)
        cost = ABIDE_COST_COPY;
    for (size_t i = 0; i < plan->price_count; i++)
        if (plan->prices[i].cost > cost)
            cost = plan->prices[i].cost;
    for (size_t i = 0; i < plan->inner_count; i++)
        if (plan->inner[i]->cost > cost && plan->inner[i]->cost > ABIDE_COST_SHUFFLE)
            cost = plan->inner[i]->cost;
    return plan->hook_count ? ABIDE_COST_RUNTIME : cost;
}

/* ---- what each parameter costs, beyond what the steps that convert it have said ---- */

static void price_argument(struct abide_builder *builder, size_t index)
{
    struct abide_plan *plan = builder->plan;
    size_t of = plan->callee->physical->params[index].of;
    if (plan->callee->physical->params[index].role != ABIDE_ROLE_VALUE || of == SIZE_MAX)
        return;
    const struct abide_feed *feed = &builder->feeds[index];
    if (stacked_bytes(feed, &plan->callee->arguments[index]))
        abide_builder__charge(builder, of, ABIDE_COST_COPY, "memory is copied to the stack");
    else if (feed->in_place)
        abide_builder__charge(builder, of, ABIDE_COST_NOTHING, "it already lies where it must");
    else
        abide_builder__charge(builder, of, ABIDE_COST_SHUFFLE,
                              "it moves between registers and stack slots");
}

static void price_result(struct abide_builder *builder)
{
    const struct abide_plan *plan = builder->plan;
    bool is_copied = false;
    for (size_t i = 0; i < plan->after_count; i++)
        is_copied = is_copied || (!plan->after[i].routine &&
                                  plan->after[i].to.kind == ABIDE_OBJECT_RESULT_MEMORY);
    if (is_copied)
        abide_builder__charge(builder, SIZE_MAX, ABIDE_COST_COPY,
                              "it cannot be written where the caller wants it");
    else if (plan->zero_result_memory)
        abide_builder__charge(builder, SIZE_MAX, ABIDE_COST_SHUFFLE,
                              "the callee expects cleared memory for it");
    else if (plan->result.in_place)
        abide_builder__charge(builder, SIZE_MAX, ABIDE_COST_NOTHING,
                              "it already lies where it must");
    else
        abide_builder__charge(builder, SIZE_MAX, ABIDE_COST_SHUFFLE,
                              "it moves to where the caller looks for it");
}

static void set_prices(struct abide_builder *builder)
{
    struct abide_plan *plan = builder->plan;
    const abide_signature *signature = builder->signature;
    for (size_t i = 0; i < plan->feed_count; i++)
        price_argument(builder, i);
    price_result(builder);
    plan->price_count =
        signature->param_count + !abide_type__is(signature->result, ABIDE_KIND_VOID);
    for (size_t i = 0; i < signature->param_count; i++) {
        const char *name = signature->params[i].name;
        builder->prices[i].name = name ? name : "(unnamed)";
        if (!builder->prices[i].why)
            abide_builder__charge(builder, i, ABIDE_COST_NOTHING, "the callee does not get it");
    }
    plan->prices = builder->prices;
}

/* What was made for the call goes when the result is safe. */
static void clean_up(struct abide_builder *builder)
{
    if (!builder->has_frame)
        return;
    struct abide_lifting lifting = {.crossing = abide_builder__inward(builder),
                                    .iface = builder->plan->iface,
                                    .function = builder->plan->function->name,
                                    .parameter = ""};
    struct abide_copy_step end = {.from = builder->frame,
                                  .routine = abide_lift__frame_end(&lifting),
                                  .releases = true,
                                  .words = "free what was made for the time of the call"};
    abide__push(builder->ctx, &builder->cleanup, end);
}

/* All that is done after the call, in order. */
static void settle_after(struct abide_builder *builder)
{
    ABIDE_VEC(struct abide_copy_step) all = {0};
    clean_up(builder);
    for (size_t i = 0; i < builder->at_once.count; i++)
        abide__push(builder->ctx, &all, builder->at_once.items[i]);
    for (size_t i = 0; i < builder->after.count; i++)
        abide__push(builder->ctx, &all, builder->after.items[i]);
    for (size_t i = 0; i < builder->cleanup.count; i++)
        abide__push(builder->ctx, &all, builder->cleanup.items[i]);
    for (size_t i = 0; i < builder->at_last.count; i++)
        abide__push(builder->ctx, &all, builder->at_last.items[i]);
    builder->plan->after = all.items;
    builder->plan->after_count = all.count;
    builder->plan->at_once_count = builder->at_once.count;
    builder->plan->at_last_count = builder->at_last.count;
}

void abide_build__finish(struct abide_builder *builder)
{
    struct abide_plan *plan = builder->plan;
    settle_after(builder);
    abide_build__unwound(builder);
    plan->temporaries = builder->temporaries.items;
    plan->temporary_count = builder->temporaries.count;
    plan->stores = builder->stores.items;
    plan->store_count = builder->stores.count;
    plan->before = builder->before.items;
    plan->before_count = builder->before.count;
    plan->answer = builder->answer.items;
    plan->answer_count = builder->answer.count;
    plan->inner = builder->inner.items;
    plan->inner_count = builder->inner.count;
    plan->copied_bytes = builder->copied_bytes;
    for (size_t i = 0; i < plan->feed_count; i++) {
        settle_feed(plan, &builder->feeds[i], &plan->callee->arguments[i]);
        plan->copied_bytes += stacked_bytes(&builder->feeds[i], &plan->callee->arguments[i]);
    }
    settle_feed(plan, &plan->hidden, &plan->callee->result);
    plan->feeds = builder->feeds;
    plan->back = builder->back.items;
    plan->back_count = builder->back.count;
    for (size_t i = 0; i < plan->back_count; i++)
        settle_back(plan, &builder->back.items[i]);
    settle_result(plan);
    plan->answered.must_extend = states_extension(&plan->caller->result);
    choose_tier(plan);
    for (size_t i = 0; i < plan->inner_count; i++)
        plan->copied_bytes += plan->inner[i]->copied_bytes;
    set_prices(builder);
    plan->cost = cost_of(plan);
}
