/* Arguments: from where the caller put them to where the callee looks. */
#include "plan/build.h"
#include "plan/places.h"
#include "plan/unnamed.h"

#include <limits.h>

/* One abstract parameter on its way. */
struct crossing_param {
    const struct abide_param *param;
    size_t index;
    size_t caller_first, caller_count; /* arguments on the caller's side */
    size_t callee_first, callee_count;
    const abide_type *from_type, *to_type; /* of the represented values */
    const abide_layout *caller_layout;
    const abide_layout *callee_layout;
    bool is_given, is_taken;   /* what it owns: by the caller, by the callee */
    bool gives_all, takes_all; /* also what the interface only lends */
    bool is_converted;         /* by a routine: `runs` are from what it made */
    bool is_let_go;            /* what was made of it holds it, and is dropped after the call */
    bool ends_loans; /* the callee would have to drop borrowed handles, and leaves them alone */
    struct abide_object converted;
    struct abide_object source; /* what it got, of source_type */
    const abide_type *source_type;
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
        abide_builder__charge(builder, crossing->index, ABIDE_COST_COPY,
                              "the callee gets the address of memory of its own");
        object = copy;
    }
    if (object.kind == ABIDE_OBJECT_TEMPORARY || object.kind == ABIDE_OBJECT_ARGUMENT)
        builder->ends_with_call[crossing->index] = true;
    builder->feeds[index] = (struct abide_feed){.kind = ABIDE_FEED_ADDRESS, .object = object};
}

static void feed_value(struct abide_builder *builder, size_t index, struct abide_object object,
                       const struct abide_runs *runs)
{
    builder->feeds[index] = (struct abide_feed){
        .kind = ABIDE_FEED_VALUE, .object = object, .runs = runs->items, .run_count = runs->count};
}

/* The caller's parts in a temporary of `layout`, as `runs` from its value say. */
static struct abide_object assemble(struct abide_builder *builder,
                                    const struct crossing_param *crossing,
                                    const abide_layout *layout, const struct abide_runs *runs)
{
    struct abide_object whole = abide_builder__temporary(
        builder, layout->size_bytes, layout->align_bytes, false,
        abide__printf(builder->ctx, "parts of %s",
                      crossing->param->name ? crossing->param->name : "argument"));
    const struct abide_physical_param *params = builder->plan->caller->physical->params;
    for (size_t i = 0; i < crossing->caller_count; i++) {
        struct abide_object part = abide_builder__argument(builder, crossing->caller_first + i);
        struct abide_runs *own = abide__new(builder->ctx, struct abide_runs);
        abide_runs__reading(builder->ctx, runs,
                            params[crossing->caller_first + i].part_offset_bytes, part.size_bytes,
                            own);
        abide_builder__copy_before(builder, part, whole, own);
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
    if (!by_address && !crossing->is_converted &&
        feed_part(builder, crossing, index, part->size_bytes))
        return true;
    struct abide_object source = crossing->is_converted
                                     ? crossing->converted
                                     : abide_builder__argument(builder, crossing->caller_first);
    uint64_t source_bytes =
        crossing->is_converted ? source.size_bytes : crossing->caller_layout->size_bytes;
    if (crossing->caller_count > 1 && !crossing->is_converted) {
        struct abide_runs as_it_is =
            abide_builder__identity(builder, crossing->caller_layout->size_bytes);
        if (assembled->kind != ABIDE_OBJECT_TEMPORARY)
            *assembled = assemble(builder, crossing, crossing->caller_layout, &as_it_is);
        source = *assembled;
    }
    if (by_address) {
        feed_address(builder, crossing, source, index);
        return true;
    }
    struct abide_runs slice = {0};
    if (!abide_convert__slice(builder->ctx, &crossing->runs, 0, source_bytes,
                              sink->part_offset_bytes, part->size_bytes, &slice))
        return abide_builder__refuse(builder, crossing->param,
                                     "its parts do not match the parts of the other side", NULL);
    feed_value(builder, index, source, &slice);
    return true;
}

/* ---- what bytes cannot do ---- */

/* The whole value in memory, in the form that a routine takes. */
static struct abide_object gather(struct abide_builder *builder,
                                  const struct crossing_param *crossing,
                                  const abide_type **from_type)
{
    struct abide_side side = {builder->ctx, builder->caller, builder->callee};
    struct abide_object first = abide_builder__argument(builder, crossing->caller_first);
    struct abide_runs runs = {0};
    if (crossing->caller_count == 1 && first.kind == ABIDE_OBJECT_POINTEE &&
        !crossing->from_type->flat_of)
        return first;
    *from_type = abide_builder__in_memory(&side, crossing->param->type, *from_type, true, &runs);
    const abide_layout *layout =
        abide_layout__physical(builder->ctx, builder->caller->machine->data, *from_type);
    struct abide_object parts = assemble(builder, crossing, layout, &runs);
    return (*from_type)->flat_of
               ? abide_builder__unflatten(builder, &side, crossing->param, parts, from_type)
               : parts;
}

/*
 * A closure that is given away may be kept by a callee that takes nothing away from its caller, such as one whose runtime counts
 * references: it gets one of its own, of which the adapter lets go after the call.
 */
static bool keeps_closure(const struct abide_builder *builder,
                          const struct crossing_param *crossing)
{
    return crossing->param->is_own &&
           abide_convert__owns_closure(builder->ctx, crossing->param->type);
}

static bool convert(struct abide_builder *builder, struct crossing_param *crossing, const char *why)
{
    struct abide_side side = {builder->ctx, builder->callee, builder->caller};
    bool keeps = keeps_closure(builder, crossing);
    struct abide_conversion step = {
        .crossing = abide_builder__inward(builder),
        .param = crossing->param,
        .index = crossing->index,
        .type = crossing->param->type,
        .from_type = crossing->from_type,
        .transfer = !crossing->is_taken && !keeps ? ABIDE_TRANSFER_BORROW
                    : crossing->is_given          ? ABIDE_TRANSFER_MOVE
                                                  : ABIDE_TRANSFER_COPY,
        .why = why,
        .takes_all = crossing->is_taken && crossing->takes_all,
    };
    step.from = gather(builder, crossing, &step.from_type);
    crossing->runs = (struct abide_runs){0};
    step.to_type =
        abide_builder__in_memory(&side, step.type, crossing->to_type, false, &crossing->runs);
    const abide_layout *layout =
        abide_layout__physical(builder->ctx, builder->callee->machine->data, step.to_type);
    step.to = abide_builder__temporary(
        builder, layout->size_bytes, layout->align_bytes, false,
        abide__printf(builder->ctx, "%s as the callee has it",
                      crossing->param->name ? crossing->param->name : "argument"));
    abide_builder__tell_size(builder, builder->callee, step.type, step.to_type, step.to);
    crossing->is_converted = true;
    crossing->converted = step.to;
    crossing->source = step.from;
    crossing->source_type = step.from_type;
    if (!abide_builder__lift(builder, &step))
        return false;
    const struct abide_dropping own = {.param = crossing->param,
                                       .crossing = step.crossing,
                                       .module = builder->callee,
                                       .type = step.type,
                                       .physical = step.to_type,
                                       .value = step.to};
    crossing->is_let_go = keeps && !crossing->is_taken;
    return !crossing->is_let_go || abide_builder__drop(builder, &own);
}

/* ---- what nobody takes ---- */

#define NOTHING_LEFT UINT_MAX

/* Whether the callee gets it as it is, because the same ABI calls it. */
static bool is_passed_on(const struct abide_builder *builder, const struct crossing_param *crossing)
{
    return crossing->gives_all && crossing->takes_all && builder->caller == builder->callee;
}

/* What the caller gives away and the callee does not take (enum abide_release), or NOTHING_LEFT. */
static unsigned left_over_of_owned(const struct abide_builder *builder,
                                   const struct crossing_param *crossing)
{
    if (is_passed_on(builder, crossing) || crossing->is_let_go)
        return NOTHING_LEFT;
    if (crossing->gives_all)
        return crossing->is_given && crossing->is_taken ? ABIDE_RELEASE_LENT : ABIDE_RELEASE_ALL;
    return crossing->is_given && !crossing->is_taken ? ABIDE_RELEASE_SAID : NOTHING_LEFT;
}

/* And the borrowed handles that are left to the adapter. */
static unsigned left_over(const struct abide_builder *builder,
                          const struct crossing_param *crossing)
{
    unsigned owned = left_over_of_owned(builder, crossing);
    if (!crossing->ends_loans)
        return owned;
    return ABIDE_RELEASE_LOANS | (owned == NOTHING_LEFT         ? 0
                                  : owned == ABIDE_RELEASE_SAID ? ABIDE_RELEASE_OWN
                                                                : owned);
}

/* Whether the callee gets the address of this memory, and may overwrite it. */
static bool is_handed_over(const struct abide_builder *builder,
                           const struct crossing_param *crossing, struct abide_object value)
{
    size_t index = crossing->callee_first;
    if (value.kind != ABIDE_OBJECT_POINTEE || crossing->callee_count != 1)
        return false;
    const struct abide_physical_param *sink = &builder->plan->callee->physical->params[index];
    bool by_address = sink->copy != ABIDE_COPY_NONE ||
                      builder->plan->callee->arguments[index].pass == ABIDE_PASS_POINTER;
    return by_address && wants_private(builder, index) &&
           can_point_to(builder, crossing, value, index);
}

/* The value as it came: memory that is the callee's to overwrite is looked at before the call. */
static struct abide_object keep_value(struct abide_builder *builder,
                                      const struct crossing_param *crossing,
                                      const abide_type **type)
{
    *type = crossing->is_converted ? crossing->source_type : crossing->from_type;
    if (crossing->is_converted)
        return crossing->source;
    struct abide_object value = gather(builder, crossing, type);
    if (!is_handed_over(builder, crossing, value))
        return value;
    struct abide_runs all = abide_builder__identity(builder, value.size_bytes);
    struct abide_object kept = abide_builder__temporary(
        builder, value.size_bytes, value.align_bytes, false,
        abide__printf(builder->ctx, "%s as it came",
                      crossing->param->name ? crossing->param->name : "argument"));
    abide_builder__copy_before(builder, value, kept, &all);
    builder->copied_bytes += value.size_bytes;
    abide_builder__charge(builder, crossing->index, ABIDE_COST_COPY,
                          "what it owns is released after the call");
    return kept;
}

/* Whether every borrowed handle is still where it came when the call has returned. */
static bool check_loans(struct abide_builder *builder, const struct crossing_param *crossing)
{
    const abide_type *type = crossing->param->type;
    if (crossing->is_let_go)
        return abide_builder__refuse(
            builder, crossing->param,
            "it holds a borrowed handle, which the adapter has to drop, and a closure, which the "
            "callee keeps",
            "pass the handle as a parameter of its own");
    if (abide_convert__lends_handles(builder->ctx, builder->signature->result))
        return abide_builder__refuse(
            builder, crossing->param,
            "its borrowed handles are dropped before the caller reads the result, which may be one",
            "give the result away: `own` in front of the resource, and no `from`");
    return !crossing->is_taken || !abide_convert__lends_handles_inside(builder->ctx, type) ||
           abide_builder__refuse(
               builder, crossing->param,
               "a borrowed handle, which the adapter has to drop after the call, lies in memory "
               "that the callee takes as its own",
               "lend the memory too: `slice<T>`, without `own`");
}

static bool release_rest(struct abide_builder *builder, struct crossing_param *crossing)
{
    const abide_type *from_type, *type = crossing->param->type;
    unsigned what = left_over(builder, crossing);
    if (what == NOTHING_LEFT || !abide_lift__releases(builder->ctx, type, what))
        return true;
    if (crossing->ends_loans && !check_loans(builder, crossing))
        return false;
    if ((what & ~(unsigned)ABIDE_RELEASE_LOANS) == ABIDE_RELEASE_LENT &&
        abide_convert__lends_inside(builder->ctx, type))
        return abide_builder__refuse(
            builder, crossing->param,
            "a part of it is only lent that lies in memory which the callee takes as its own",
            "say that it is given away too: `own string`, `own slice<T>`");
    struct abide_object value = keep_value(builder, crossing, &from_type);
    const struct abide_dropping rest = {.param = crossing->param,
                                        .crossing = abide_builder__inward(builder),
                                        .module = builder->caller,
                                        .type = type,
                                        .physical = from_type,
                                        .value = value,
                                        .what = what};
    return abide_builder__drop(builder, &rest);
}

/* Why the value cannot be given away as it is; NULL: it can, or is not. */
static const char *give_away(struct abide_builder *builder, const struct crossing_param *crossing)
{
    const abide_type *type = crossing->param->type;
    if (!crossing->is_taken || is_passed_on(builder, crossing))
        return NULL;
    if (crossing->takes_all && abide_lift__releases(builder->ctx, type, ABIDE_RELEASE_LENT))
        return "the caller keeps what it only lends, and the callee takes everything as its own";
    return crossing->is_given ? abide_convert__moves(abide_builder__inward(builder), type)
                              : "the caller keeps what the callee takes as its own";
}

/* ---- one parameter ---- */

static bool find_sides(struct abide_builder *builder, size_t index, struct crossing_param *crossing)
{
    const abide_assignment *caller = builder->plan->caller, *callee = builder->plan->callee;
    crossing->param = &builder->signature->params[index];
    crossing->index = index;
    crossing->callee_first = abide_builder__find(callee, index, &crossing->callee_count);
    size_t caller_index =
        index >= builder->skipped_param && builder->skipped_param != ABIDE_NO_INDEX ? index + 1
                                                                                    : index;
    crossing->caller_first = abide_builder__find(caller, caller_index, &crossing->caller_count);
    if (crossing->callee_count == 0)
        return true;
    if (crossing->caller_count == 0)
        return abide_builder__is_hollow(builder, crossing->param->type) ||
               abide_builder__refuse(builder, crossing->param,
                                     "the caller does not pass it, and the callee expects it",
                                     NULL);
    const struct abide_physical_param *from = &caller->physical->params[crossing->caller_first];
    const struct abide_physical_param *to = &callee->physical->params[crossing->callee_first];
    bool owns = abide_lift__owns(builder->ctx, crossing->param->type);
    /* A resource is given away because the interface says so; no ABI has a part in it. */
    bool is_resource = owns && crossing->param->is_own &&
                       !abide_convert__owns_memory(builder->ctx, crossing->param->type);
    bool lends = abide_lift__releases(builder->ctx, crossing->param->type, ABIDE_RELEASE_LENT);
    crossing->gives_all = from->is_given;
    crossing->takes_all = to->is_given;
    crossing->is_given = owns && (is_resource || from->is_consumed);
    crossing->is_taken =
        (owns && (is_resource || to->is_consumed)) || (crossing->takes_all && (owns || lends));
    crossing->ends_loans = from->ends_loans && !to->ends_loans &&
                           abide_convert__lends_handles(builder->ctx, crossing->param->type);
    crossing->from_type = from->value_type;
    crossing->to_type = to->value_type;
    crossing->caller_layout =
        abide_layout__physical(builder->ctx, builder->caller->machine->data, from->value_type);
    crossing->callee_layout =
        abide_layout__physical(builder->ctx, builder->callee->machine->data, to->value_type);
    return crossing->caller_layout && crossing->callee_layout;
}

bool abide_build__may_lend(struct abide_builder *builder, const struct abide_param *param,
                           size_t caller_index, size_t callee_index)
{
    bool is_ended = builder->plan->caller->physical->params[caller_index].ends_loans;
    bool ends = builder->plan->callee->physical->params[callee_index].ends_loans;
    bool is_fine = param->mode == ABIDE_MODE_IN ? is_ended || !ends : is_ended == ends;
    return is_fine || !abide_convert__lends_handles(builder->ctx, param->type) ||
           abide_builder__refuse(
               builder, param,
               param->mode == ABIDE_MODE_IN
                   ? "the callee drops each borrowed handle of a resource from elsewhere, and the "
                     "caller keeps its own"
                   : "one side drops borrowed handles of resources from elsewhere, and which they "
                     "are changes with the call",
               param->mode == ABIDE_MODE_IN
                   ? "give the handle away (`own`), or leave out `origin: elsewhere` if the callee "
                     "gets the resource's own data"
                   : "pass the handles as parameters that are neither `out` nor `inout`");
}

/* One side gives away all that the value owns, the other only its resources: a part of it cannot be kept. */
static bool is_torn(const struct abide_builder *builder, const struct crossing_param *crossing)
{
    return !crossing->gives_all && !crossing->takes_all &&
           crossing->is_given != crossing->is_taken &&
           abide_convert__owns_resource(builder->ctx, crossing->param->type);
}

/* A copy of so many bytes is no copy of what grows; NULL: none is needed. */
static const char *cannot_pass_on(const struct abide_builder *builder,
                                  const struct crossing_param *crossing)
{
    const char *tells = abide_builder__tells_size(builder, crossing->param->type,
                                                  crossing->from_type, crossing->to_type);
    bool passes_on =
        crossing->caller_count == 1 && crossing->callee_count == 1 &&
        can_point_to(builder, crossing, abide_builder__argument(builder, crossing->caller_first),
                     crossing->callee_first);
    return passes_on ? NULL : tells;
}

static bool prepare(struct abide_builder *builder, struct crossing_param *crossing)
{
    if (is_torn(builder, crossing))
        return abide_builder__refuse(
            builder, crossing->param,
            "it holds a resource, which is given away, and memory, which one side keeps",
            "let both sides give it away (a fact of the parameter, such as `facts: [sink]`), or "
            "pass "
            "the resource as a parameter of its own");
    if (!abide_build__may_lend(builder, crossing->param, crossing->caller_first,
                               crossing->callee_first))
        return false;
    struct abide_crossing inward = abide_builder__inward(builder);
    const char *reason = abide_convert__runs(inward, crossing->param->type, crossing->from_type,
                                             crossing->to_type, &crossing->runs);
    if (!reason)
        reason = abide_callables__obstacle(inward, crossing->param->type,
                                           abide_builder__duties(builder, inward));
    if (!reason)
        reason = give_away(builder, crossing);
    if (!reason)
        reason = cannot_pass_on(builder, crossing);
    return (!reason || convert(builder, crossing, reason)) && release_rest(builder, crossing);
}

/* The caller leaves out what says nothing, and the callee has places or memory for it. */
static bool feed_nothing(struct abide_builder *builder, size_t index)
{
    const struct abide_physical_param *sink = &builder->plan->callee->physical->params[index];
    const struct abide_assigned *place = &builder->plan->callee->arguments[index];
    const abide_layout *layout =
        abide_layout__physical(builder->ctx, builder->callee->machine->data, sink->value_type);
    if (place->pass == ABIDE_PASS_IGNORE || !layout) {
        builder->feeds[index] = (struct abide_feed){.kind = ABIDE_FEED_NOTHING, .in_place = true};
        return layout != NULL;
    }
    bool by_address = sink->copy != ABIDE_COPY_NONE || place->pass == ABIDE_PASS_POINTER;
    struct abide_object memory = abide_builder__temporary(
        builder, layout->size_bytes, layout->align_bytes, false, "what the caller leaves out");
    builder->feeds[index] = (struct abide_feed){
        .kind = by_address ? ABIDE_FEED_ADDRESS : ABIDE_FEED_VALUE, .object = memory};
    return true;
}

static bool build_value(struct abide_builder *builder, size_t index)
{
    struct crossing_param crossing = {0};
    struct abide_object assembled = {.kind = ABIDE_OBJECT_ARGUMENT};
    if (!find_sides(builder, index, &crossing))
        return false;
    for (size_t k = 0; crossing.caller_count == 0 && k < crossing.callee_count; k++)
        if (!feed_nothing(builder, crossing.callee_first + k))
            return false;
    if (crossing.caller_count == 0)
        return true;
    bool fine = crossing.callee_count == 0 || prepare(builder, &crossing);
    for (size_t k = 0; fine && k < crossing.callee_count; k++)
        fine = feed(builder, &crossing, crossing.callee_first + k, &assembled);
    return fine;
}

/* The list that the callee takes in place of the caller's unnamed arguments comes last. */
static bool is_list_alone(const struct abide_builder *builder, size_t index)
{
    const abide_function *function = builder->plan->function;
    bool takes_list =
        function->unnamed == ABIDE_UNNAMED_LIST || function->unnamed == ABIDE_UNNAMED_WORDS;
    return takes_list && !builder->plan->is_inner && index == function->signature->fixed_count;
}

bool abide_build__arguments(struct abide_builder *builder)
{
    bool fine = true;
    for (size_t i = 0; i < builder->signature->param_count; i++) {
        bool handled = false;
        if (is_list_alone(builder, i))
            fine = abide_unnamed__feed(builder, i) && fine;
        else if (!abide_build__callable(builder, i, &handled))
            fine = false;
        else if (!handled && builder->signature->params[i].mode != ABIDE_MODE_IN)
            fine = abide_build__out(builder, i) && fine;
        else if (!handled)
            fine = build_value(builder, i) && fine;
    }
    return fine;
}
