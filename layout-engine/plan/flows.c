/* Where values come from and where they go: the steps of an adapter, for those who draw them. */
#include "plan/steps.h"

struct flows {
    abide_ctx *ctx;
    const struct abide_plan *plan;
    ABIDE_VEC(abide_flow) items;
    size_t step; /* that is looked at */
};

static abide_end end_of(const struct abide_object *object)
{
    static const abide_end_kind kinds[] = {
        [ABIDE_OBJECT_ARGUMENT] = ABIDE_END_ARGUMENT,
        [ABIDE_OBJECT_POINTEE] = ABIDE_END_ARGUMENT_MEMORY,
        [ABIDE_OBJECT_ELEMENT] = ABIDE_END_ELEMENT,
        [ABIDE_OBJECT_TEMPORARY] = ABIDE_END_TEMPORARY,
        [ABIDE_OBJECT_RESULT_MEMORY] = ABIDE_END_RESULT_MEMORY,
        [ABIDE_OBJECT_CALLEE_RESULT] = ABIDE_END_CALLEE_RESULT,
        [ABIDE_OBJECT_CALLEE_POINTEE] = ABIDE_END_CALLEE_MEMORY,
        [ABIDE_OBJECT_CALLEE_ARGUMENT] = ABIDE_END_CALLEE_ARGUMENT,
    };
    return (abide_end){kinds[object->kind], object->index, object->offset_bytes,
                       object->size_bytes};
}

static void add(struct flows *flows, abide_end from, abide_end to, abide_flow_kind kind)
{
    abide_flow flow = {flows->step, from, to, kind};
    abide__push(flows->ctx, &flows->items, flow);
}

/* A flow for each run, between bytes of the two ends. */
static void add_runs(struct flows *flows, const struct abide_object *object, abide_end to,
                     const struct abide_run *runs, size_t run_count, bool in_place)
{
    abide_end from = end_of(object);
    for (size_t i = 0; i < run_count; i++) {
        abide_end start = from, end = to;
        start.offset_bytes = from.offset_bytes + runs[i].from_bytes;
        start.size_bytes = runs[i].from_size_bytes;
        end.offset_bytes = to.offset_bytes + runs[i].to_bytes;
        end.size_bytes = runs[i].to_size_bytes;
        bool converts = start.size_bytes != end.size_bytes;
        add(flows, start, end,
            in_place   ? ABIDE_FLOW_KEEP
            : converts ? ABIDE_FLOW_CONVERT
                       : ABIDE_FLOW_MOVE);
    }
}

static void add_copy(struct flows *flows, const struct abide_copy_step *step)
{
    abide_end from = end_of(&step->from), to = end_of(&step->to);
    if (step->looks_for)
        add(flows, from, from, ABIDE_FLOW_CHECK);
    else if (step->releases)
        add(flows, from, from, ABIDE_FLOW_RELEASE);
    else if (step->routine)
        add(flows, from, to, ABIDE_FLOW_CONVERT);
    else {
        bool is_plain =
            step->run_count == 1 && step->runs[0].from_size_bytes == step->runs[0].to_size_bytes;
        add(flows, from, to, is_plain ? ABIDE_FLOW_COPY : ABIDE_FLOW_CONVERT);
    }
}

static void add_store(struct flows *flows, const struct abide_store *store)
{
    abide_end to = {ABIDE_END_TEMPORARY, store->temporary, store->offset_bytes, store->size_bytes};
    abide_end from = {.kind = ABIDE_END_NONE};
    switch (store->kind) {
    case ABIDE_STORE_CONSTANT: return;
    case ABIDE_STORE_INNER:
        from = (abide_end){.kind = ABIDE_END_INNER, .index = store->value};
        break;
    case ABIDE_STORE_ADDRESS:
        from = (abide_end){ABIDE_END_TEMPORARY, store->value, store->address_offset_bytes, 0};
        break;
    case ABIDE_STORE_OBJECT: from = end_of(&store->unless_null); break;
    }
    add(flows, from, to, ABIDE_FLOW_ADDRESS);
}

static void add_feed(struct flows *flows, const struct abide_feed *feed, abide_end to)
{
    abide_flow_kind address = feed->in_place ? ABIDE_FLOW_KEEP : ABIDE_FLOW_ADDRESS;
    switch (feed->kind) {
    case ABIDE_FEED_VALUE:
        add_runs(flows, &feed->object, to, feed->runs, feed->run_count, feed->in_place);
        break;
    case ABIDE_FEED_ADDRESS: add(flows, end_of(&feed->object), to, address); break;
    case ABIDE_FEED_INNER:
        add(flows, (abide_end){.kind = ABIDE_END_INNER, .index = feed->index}, to, address);
        break;
    case ABIDE_FEED_NULL:
    case ABIDE_FEED_NOTHING: break;
    }
}

static void add_return(struct flows *flows, const struct abide_return *result)
{
    abide_end to = {.kind = ABIDE_END_RESULT};
    switch (result->kind) {
    case ABIDE_RETURN_NOTHING: break;
    case ABIDE_RETURN_VALUE:
        add_runs(flows, &result->object, to, result->runs, result->run_count, result->in_place);
        break;
    case ABIDE_RETURN_ADDRESS:
        add(flows, (abide_end){.kind = ABIDE_END_RESULT_MEMORY}, to,
            result->in_place ? ABIDE_FLOW_KEEP : ABIDE_FLOW_ADDRESS);
        break;
    }
}

static void add_step(struct flows *flows, struct abide_step step)
{
    const struct abide_plan *plan = flows->plan;
    switch (step.kind) {
    case ABIDE_STEP_STORE: add_store(flows, &plan->stores[step.index]); break;
    case ABIDE_STEP_BEFORE: add_copy(flows, &plan->before[step.index]); break;
    case ABIDE_STEP_AFTER: add_copy(flows, &plan->after[step.index]); break;
    case ABIDE_STEP_HIDDEN:
        add_feed(flows, &plan->hidden, (abide_end){.kind = ABIDE_END_CALLEE_HIDDEN});
        break;
    case ABIDE_STEP_FEED:
        add_feed(flows, &plan->feeds[step.index],
                 (abide_end){.kind = ABIDE_END_CALLEE_ARGUMENT, .index = step.index});
        break;
    case ABIDE_STEP_BACK: {
        const struct abide_way_back *back = &plan->back[step.index];
        abide_end to = {.kind = ABIDE_END_ARGUMENT, .index = back->argument};
        add_runs(flows, &back->object, to, back->runs, back->run_count, back->in_place);
        break;
    }
    case ABIDE_STEP_RETURN: add_return(flows, &plan->result); break;
    case ABIDE_STEP_HOOK:
    case ABIDE_STEP_TEMPORARY:
    case ABIDE_STEP_LIST:
    case ABIDE_STEP_CLEAR:
    case ABIDE_STEP_ANSWER:
    case ABIDE_STEP_CALL:
    case ABIDE_STEP_DUTY: break;
    }
}

const abide_flow *abide_plan_flows(abide_ctx *ctx, const abide_plan *plan, size_t *count)
{
    struct abide_guard guard;
    *count = 0;
    if (setjmp(*abide__guard_enter(ctx, &guard)))
        return NULL;
    struct flows *flows = abide__new(ctx, struct flows);
    flows->ctx = ctx;
    flows->plan = plan;
    for (size_t steps = abide_step__count(plan); flows->step < steps; flows->step++)
        add_step(flows, abide_step__at(plan, flows->step));
    abide__guard_leave(ctx, &guard);
    *count = flows->items.count;
    return flows->items.items;
}

size_t abide_plan_temporary_count(const abide_plan *plan)
{
    return plan->temporary_count;
}

uint64_t abide_plan_temporary_at(const abide_plan *plan, size_t index, const char **purpose)
{
    const struct abide_temporary *temporary = &plan->temporaries[index];
    *purpose = temporary->purpose;
    return temporary->size_bytes;
}
