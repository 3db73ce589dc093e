/* Parameters that the callee writes: `out` and `inout`, in memory or in registers that come back. */
#include "plan/build.h"
#include "plan/places.h"

#include <assert.h>

/* One such parameter, which is a pointer on both sides. */
struct memory_param {
    const struct abide_param *param;
    size_t index;
    size_t from, to; /* arguments */
    const abide_type *from_type, *to_type;
    const abide_layout *from_layout, *to_layout;
    bool owns;
    struct abide_runs *inward, *outward;
    const char *why_in, *why_out; /* bytes do not suffice; NULL: they do */
};

/* What the caller passes on the stack it finds there again: the callee gets the address. */
static bool lies_on_stack(const struct abide_builder *builder, const struct memory_param *memory)
{
    const struct abide_assigned *place = &builder->plan->caller->arguments[memory->from];
    return place->comes_back && place->piece_count > 0 && !place->pieces[0].register_name;
}

static bool find_sides(struct abide_builder *builder, size_t index, struct memory_param *memory)
{
    size_t from_count, to_count;
    size_t caller_index =
        index >= builder->skipped_param && builder->skipped_param != ABIDE_NO_INDEX ? index + 1
                                                                                    : index;
    memory->param = &builder->signature->params[index];
    memory->index = index;
    memory->from = abide_builder__find(builder->plan->caller, caller_index, &from_count);
    memory->to = abide_builder__find(builder->plan->callee, index, &to_count);
    if (from_count != 1 || to_count != 1)
        return abide_builder__refuse(builder, memory->param,
                                     "one side has no memory that the callee could write", NULL);
    if (!abide_build__may_lend(builder, memory->param, memory->from, memory->to))
        return false;
    memory->from_type = builder->plan->caller->physical->params[memory->from].value_type;
    memory->to_type = builder->plan->callee->physical->params[memory->to].value_type;
    memory->from_layout =
        abide_layout__physical(builder->ctx, builder->caller->machine->data, memory->from_type);
    memory->to_layout =
        abide_layout__physical(builder->ctx, builder->callee->machine->data, memory->to_type);
    memory->owns = abide_lift__owns(builder->ctx, memory->param->type);
    return memory->from_layout && memory->to_layout;
}

static const char *compare(const struct abide_builder *builder, struct abide_crossing crossing,
                           const struct memory_param *memory, const abide_type *from,
                           const abide_type *to, struct abide_runs *runs)
{
    const char *reason = abide_convert__runs(crossing, memory->param->type, from, to, runs);
    if (!reason)
        reason = abide_callables__obstacle(crossing, memory->param->type,
                                           abide_builder__duties(builder, crossing));
    if (!reason && memory->owns)
        reason = abide_convert__moves(crossing, memory->param->type);
    return reason;
}

/* The callee may write, and what the caller promises of the memory is enough. */
static bool can_pass_on(const struct abide_builder *builder, const struct memory_param *memory)
{
    bool wants_zero = memory->owns && memory->param->mode == ABIDE_MODE_OUT &&
                      builder->callee->language->out.zeroed &&
                      !builder->caller->language->out.zeroed;
    return !memory->why_in && !memory->why_out && !wants_zero &&
           abide_runs__are_identity(memory->inward->items, memory->inward->count,
                                    memory->to_layout->size_bytes) &&
           memory->from_layout->size_bytes >= memory->to_layout->size_bytes &&
           memory->from_layout->align_bytes >= memory->to_layout->align_bytes;
}

static bool move_value(struct abide_builder *builder, const struct memory_param *memory,
                       bool is_inward, struct abide_object from, struct abide_object to)
{
    const struct abide_runs *runs = is_inward ? memory->inward : memory->outward;
    const char *why = is_inward ? memory->why_in : memory->why_out;
    if (why) {
        struct abide_conversion step = {
            .crossing =
                is_inward ? abide_builder__inward(builder) : abide_builder__outward(builder),
            .param = memory->param,
            .index = memory->index,
            .type = memory->param->type,
            .from = from,
            .from_type = is_inward ? memory->from_type : memory->to_type,
            .to = to,
            .to_type = is_inward ? memory->to_type : memory->from_type,
            .transfer = memory->owns ? ABIDE_TRANSFER_MOVE : ABIDE_TRANSFER_BORROW,
            .why = why,
            .must_outlive = !is_inward,
            .after_call = !is_inward,
        };
        return abide_builder__lift(builder, &step);
    }
    if (is_inward) {
        abide_builder__copy_before(builder, from, to, runs);
        builder->copied_bytes += abide_runs__bytes(runs->items, runs->count);
    } else {
        abide_builder__copy_after(builder, from, to, runs);
    }
    bool is_in_memory = !builder->plan->caller->physical->params[memory->from].comes_back &&
                        !builder->plan->callee->physical->params[memory->to].comes_back;
    abide_builder__charge(builder, memory->index, ABIDE_COST_COPY,
                          is_in_memory ? "the callee writes memory in a form of its own"
                                       : "it comes back in a register of one side alone");
    return true;
}

/* ---- values that come back in a register ---- */

static struct abide_object copy_of_callee(struct abide_builder *builder,
                                          const struct memory_param *memory, bool zeroed)
{
    struct abide_object copy = abide_builder__temporary(
        builder, memory->to_layout->size_bytes, memory->to_layout->align_bytes, zeroed,
        abide__printf(builder->ctx, "%s as the callee has it",
                      memory->param->name ? memory->param->name : "argument"));
    abide_builder__tell_size(builder, builder->callee, memory->param->type, memory->to_type, copy);
    return copy;
}

/* What the callee gets: the value, or the address of a copy in the adapter's memory. */
static bool send(struct abide_builder *builder, const struct memory_param *memory, bool by_value,
                 struct abide_object source, struct abide_object *copy)
{
    struct abide_feed *feed = &builder->feeds[memory->to];
    bool is_out = memory->param->mode == ABIDE_MODE_OUT;
    if (by_value && is_out) {
        *feed = (struct abide_feed){.kind = ABIDE_FEED_NULL};
        return true;
    }
    if (by_value && !memory->why_in) {
        *feed = (struct abide_feed){.kind = ABIDE_FEED_VALUE,
                                    .object = source,
                                    .runs = memory->inward->items,
                                    .run_count = memory->inward->count};
        return true;
    }
    *copy = copy_of_callee(builder, memory, is_out);
    struct abide_runs *all = abide__new(builder->ctx, struct abide_runs);
    *all = abide_builder__identity(builder, memory->to_layout->size_bytes);
    *feed = (struct abide_feed){.kind = by_value ? ABIDE_FEED_VALUE : ABIDE_FEED_ADDRESS,
                                .object = *copy,
                                .runs = by_value ? all->items : NULL,
                                .run_count = by_value ? all->count : 0};
    return is_out || move_value(builder, memory, true, source, *copy);
}

/* What the caller gets: in its memory, or in the place where it passed the value. */
static bool bring_back(struct abide_builder *builder, const struct memory_param *memory,
                       bool in_place, struct abide_object from, struct abide_object to)
{
    if (!abide_builder__check_after(builder, memory->param, memory->index, memory->to_type, from))
        return false;
    if (!in_place)
        return move_value(builder, memory, false, from, to);
    struct abide_runs *runs = memory->outward;
    if (memory->why_out) {
        struct abide_object converted = abide_builder__temporary(
            builder, memory->from_layout->size_bytes, memory->from_layout->align_bytes, false,
            abide__printf(builder->ctx, "%s as the caller has it",
                          memory->param->name ? memory->param->name : "argument"));
        if (!move_value(builder, memory, false, from, converted))
            return false;
        runs = abide__new(builder->ctx, struct abide_runs);
        *runs = abide_builder__identity(builder, memory->from_layout->size_bytes);
        from = converted;
    }
    abide__push(builder->ctx, &builder->back,
                (struct abide_way_back){.argument = memory->from,
                                        .object = from,
                                        .runs = runs->items,
                                        .run_count = runs->count});
    return true;
}

static bool exchange(struct abide_builder *builder, const struct memory_param *memory,
                     bool from_comes_back, bool to_comes_back)
{
    struct abide_object source = abide_builder__argument(builder, memory->from);
    struct abide_object copy = {0};
    if (!send(builder, memory, to_comes_back, source, &copy))
        return false;
    struct abide_object returned = copy;
    if (to_comes_back)
        returned = (struct abide_object){.kind = ABIDE_OBJECT_CALLEE_ARGUMENT,
                                         .index = memory->to,
                                         .size_bytes = memory->to_layout->size_bytes,
                                         .align_bytes = memory->to_layout->align_bytes};
    return bring_back(builder, memory, from_comes_back, returned, source);
}

static bool lend_stack(struct abide_builder *builder, const struct memory_param *memory)
{
    const abide_assignment *caller = builder->plan->caller;
    builder->feeds[memory->to] = (struct abide_feed){
        .kind = ABIDE_FEED_ADDRESS, .object = abide_builder__argument(builder, memory->from)};
    bool fine = can_pass_on(builder, memory) &&
                !builder->plan->callee->physical->params[memory->to].comes_back &&
                abide_places__is_stack_range(caller, &caller->arguments[memory->from],
                                             memory->to_layout->align_bytes);
    return fine ||
           abide_builder__refuse(builder, memory->param,
                                 "it is memory on the caller's stack, which the callee would "
                                 "have to read and write as it is",
                                 NULL);
}

static bool push_after(struct abide_builder *builder, struct abide_copy_step step)
{
    abide__push(builder->ctx, &builder->after, step);
    return true;
}

bool abide_build__out(struct abide_builder *builder, size_t param)
{
    struct memory_param memory = {0};
    if (!find_sides(builder, param, &memory))
        return false;
    assert(memory.from_layout && memory.to_layout);
    memory.inward = abide__new(builder->ctx, struct abide_runs);
    memory.outward = abide__new(builder->ctx, struct abide_runs);
    memory.why_in = compare(builder, abide_builder__inward(builder), &memory, memory.from_type,
                            memory.to_type, memory.inward);
    memory.why_out = compare(builder, abide_builder__outward(builder), &memory, memory.to_type,
                             memory.from_type, memory.outward);
    bool from_comes_back = builder->plan->caller->physical->params[memory.from].comes_back;
    bool to_comes_back = builder->plan->callee->physical->params[memory.to].comes_back;
    if (lies_on_stack(builder, &memory))
        return lend_stack(builder, &memory);
    if (from_comes_back || to_comes_back)
        return exchange(builder, &memory, from_comes_back, to_comes_back);
    struct abide_object pointee = abide_builder__argument(builder, memory.from);
    struct abide_feed *feed = &builder->feeds[memory.to];
    *feed = (struct abide_feed){.kind = ABIDE_FEED_ADDRESS, .object = pointee};
    if (can_pass_on(builder, &memory))
        return abide_builder__check_after(builder, memory.param, memory.index, memory.to_type,
                                          pointee);
    const char *tells =
        abide_builder__tells_size(builder, memory.param->type, memory.from_type, memory.to_type);
    if (tells)
        memory.why_in = memory.why_out = tells;
    bool is_out = memory.param->mode == ABIDE_MODE_OUT;
    feed->object = copy_of_callee(builder, &memory, is_out);
    struct abide_copy_step old = {0};
    if (is_out && !abide_builder__drop_old(builder, memory.index, memory.from, &old))
        return false;
    return (is_out || move_value(builder, &memory, true, pointee, feed->object)) &&
           abide_builder__check_after(builder, memory.param, memory.index, memory.to_type,
                                      feed->object) &&
           (!old.routine || push_after(builder, old)) &&
           move_value(builder, &memory, false, feed->object, pointee);
}
