/*
 * Functions and closures that are passed on. Code of the callee's ABI will call them, and they are of the caller's ABI, so
 * each gets an adapter of its own (an inner one) unless both sides call alike. The inner adapter must find the function:
 * through the user data of a callback, or the environment of a closure, either of which is bound to a temporary of the
 * outer adapter. So such a function may be called only until the outer call returns.
 */
#include "plan/build.h"
#include "plan/places.h"
#include "spec/language.h"

#include <string.h>

/* Why code that expects `callee` cannot be called by code that makes calls as `caller` says; or NULL. */
static const char *call_obstacle(const abide_assignment *caller, const abide_assignment *callee)
{
    const struct abide_physical *from = caller->physical, *to = callee->physical;
    const char *obstacle = abide_places__jump_obstacle(caller, callee);
    if (obstacle)
        return obstacle;
    if (from->param_count != to->param_count || from->is_variadic != to->is_variadic)
        return "the two sides pass another number of arguments";
    for (size_t i = 0; i < to->param_count; i++) {
        const struct abide_physical_param *a = &from->params[i], *b = &to->params[i];
        if (a->of != b->of || a->role != b->role ||
            !abide_places__same(&caller->arguments[i], &callee->arguments[i]))
            return "the two sides look for its arguments in different places";
        if (abide_places__must_extend(&caller->arguments[i], &callee->arguments[i]))
            return "the caller does not extend a small argument as the callee expects";
        if ((a->copy == ABIDE_COPY_NONE) != (b->copy == ABIDE_COPY_NONE))
            return "only one side passes the address of an argument";
        bool borrowed = a->copy == ABIDE_COPY_BORROW;
        if (borrowed != (b->copy == ABIDE_COPY_BORROW) && borrowed)
            return "the callee may overwrite memory that the caller only lends";
    }
    if (!from->result.errors != !to->result.errors ||
        (from->result.errors && !abide_error_rule__same(from->result.errors, to->result.errors)))
        return "the two sides report failures in different ways";
    if (from->result.mode != to->result.mode ||
        !abide_places__same(&callee->result, &caller->result) ||
        abide_places__must_extend(&callee->result, &caller->result))
        return "the two sides look for its result in different places";
    if (to->result.mode == ABIDE_RESULT_OUT && ((to->result.zeroed && !from->result.zeroed) ||
                                                (to->result.exclusive && !from->result.exclusive)))
        return "the callee expects more of the memory for its result than the caller promises";
    return NULL;
}

/* Words that stand in the same places may still be others: a tag of 32 bits where the other side has a byte and padding. */
static const char *result_obstacle(struct abide_crossing crossing,
                                   const struct abide_physical *callee,
                                   const struct abide_physical *caller)
{
    const abide_type *from = callee->result.value_type, *to = caller->result.value_type;
    if (callee->result.mode != ABIDE_RESULT_VALUE || (!from->flat_of && !to->flat_of))
        return NULL;
    struct abide_runs runs = {0};
    const abide_layout *layout =
        abide_layout__physical(crossing.ctx, crossing.to->machine->data, to);
    const char *reason = abide_convert__runs(crossing, callee->signature->result, from, to, &runs);
    bool is_same =
        layout && !reason && abide_runs__are_identity(runs.items, runs.count, layout->size_bytes);
    return is_same ? NULL : "the two sides return it in other words";
}

static bool is_consumed(const struct abide_physical *physical, size_t param)
{
    for (size_t i = 0; i < physical->param_count; i++)
        if (physical->params[i].of == param)
            return physical->params[i].is_consumed;
    return false;
}

/* What is passed as it is, and given away, must be released by its new owner as the old one would. */
static const char *argument_obstacle(struct abide_crossing crossing, size_t param,
                                     const struct abide_physical *caller,
                                     const struct abide_physical *callee)
{
    const struct abide_param *argument = &caller->signature->params[param];
    const char *reason = abide_convert__same(crossing, argument->type);
    if (reason || !argument->is_own || !abide_convert__owns_memory(crossing.ctx, argument->type))
        return reason;
    bool is_given = is_consumed(caller, param);
    if (is_given != is_consumed(callee, param))
        return "only one side takes it that an argument is given away";
    return is_given ? abide_convert__moves(crossing, argument->type) : NULL;
}

static const char *returned_obstacle(struct abide_crossing crossing,
                                     const abide_signature *signature)
{
    const abide_type *type = signature->result;
    if (type->kind == ABIDE_KIND_VOID)
        return NULL;
    const char *reason = abide_convert__same(crossing, type);
    bool is_given = !signature->has_lender && abide_convert__owns_memory(crossing.ctx, type);
    return reason || !is_given ? reason : abide_convert__moves(crossing, type);
}

const char *abide_inner__callable_same(struct abide_crossing crossing,
                                       const abide_signature *signature, bool env)
{
    /* The function lives on the `from` side, so calls of it come from the `to` side. */
    abide_ctx *ctx = crossing.ctx;
    const struct abide_physical *callee =
        abide_physical__of(ctx, crossing.from, signature, crossing.to, env);
    const struct abide_physical *caller =
        abide_physical__of(ctx, crossing.to, signature, crossing.from, env);
    const abide_assignment *from = caller ? abide_assignment__of(ctx, caller) : NULL;
    const abide_assignment *to = callee ? abide_assignment__of(ctx, callee) : NULL;
    if (!from || !to)
        return "one side has no calling sequence for it";
    const char *obstacle = call_obstacle(from, to);
    if (!obstacle)
        obstacle = result_obstacle(crossing, callee, caller);
    if (obstacle)
        return obstacle;
    /* Code that wants its environment even if it is null must not be given to callers that leave it out. */
    if (env && crossing.to->language->closure.null_env_omits_argument &&
        !crossing.from->language->closure.null_env_omits_argument)
        return "the caller leaves out an environment that is null";
    for (size_t i = 0; i < signature->param_count; i++) {
        const struct abide_crossing inward = {ctx, crossing.to, crossing.from};
        const char *reason = argument_obstacle(inward, i, caller, callee);
        if (reason)
            return reason;
    }
    return returned_obstacle(crossing, signature);
}

/* Why a callable parameter cannot be passed as it is; NULL: it can. */
static const char *why_adapted(struct abide_builder *builder, const abide_type *type)
{
    struct abide_crossing inward = abide_builder__inward(builder);
    const char *reason = abide_convert__same(inward, type);
    return reason ? reason
                  : abide_callables__obstacle(inward, type, abide_builder__duties(builder, inward));
}

static const struct abide_callback *callback_of(const abide_signature *signature, size_t param)
{
    for (size_t i = 0; i < signature->callback_count; i++)
        if (signature->callbacks[i].function == param)
            return &signature->callbacks[i];
    return NULL;
}

static bool is_data(const abide_signature *signature, size_t param)
{
    for (size_t i = 0; i < signature->callback_count; i++)
        if (signature->callbacks[i].data == param)
            return true;
    return false;
}

/* A parameter that is one argument on both sides. */
static bool single(struct abide_builder *builder, size_t param, size_t *caller, size_t *callee)
{
    size_t caller_count, callee_count;
    *caller = abide_builder__find(builder->plan->caller, param, &caller_count);
    *callee = abide_builder__find(builder->plan->callee, param, &callee_count);
    return (caller_count == 1 && callee_count == 1) ||
           abide_builder__refuse(builder, &builder->signature->params[param],
                                 "it must be one argument on both sides", NULL);
}

static void bind(struct abide_builder *builder, struct abide_object from, struct abide_object to,
                 uint64_t to_bytes)
{
    uint64_t pointer_bytes = abide_builder__pointer_bytes(builder);
    struct abide_runs run = abide_builder__identity(builder, pointer_bytes);
    to.offset_bytes += to_bytes;
    from.size_bytes = to.size_bytes = pointer_bytes;
    abide_builder__copy_before(builder, from, to, &run);
}

static bool add_inner(struct abide_builder *builder, size_t param, const struct abide_plan *inner,
                      size_t *index)
{
    if (!inner)
        return false;
    abide_builder__charge(builder, param,
                          inner->cost > ABIDE_COST_SHUFFLE ? inner->cost : ABIDE_COST_SHUFFLE,
                          "it is called through an adapter of its own");
    *index = builder->inner.count;
    ((struct abide_plan *)inner)->inner_index = *index;
    abide__push(builder->ctx, &builder->inner, inner);
    return true;
}

/* Whether the argument is an address, which is null where an optional function is not there. */
static bool is_address(const abide_assignment *assignment, size_t argument)
{
    const struct abide_physical_param *param = &assignment->physical->params[argument];
    const abide_type *type = abide_type__strip(param->type);
    return param->copy == ABIDE_COPY_NONE &&
           (type->kind == ABIDE_KIND_FUNCTION || type->kind == ABIDE_KIND_POINTER);
}

/* A function pointer with user data: {code, data} is bound, and its address travels as the user data. */
static bool build_callback(struct abide_builder *builder, size_t param,
                           const struct abide_callback *callback)
{
    const struct abide_param *function = &builder->signature->params[param];
    uint64_t pointer_bytes = abide_builder__pointer_bytes(builder);
    size_t code_from, code_to, data_from, data_to, index;
    if (!single(builder, param, &code_from, &code_to) ||
        !single(builder, callback->data, &data_from, &data_to))
        return false;
    struct abide_object code = abide_builder__argument(builder, code_from);
    if (!is_address(builder->plan->caller, code_from) ||
        !is_address(builder->plan->callee, code_to))
        return abide_builder__refuse(builder, function,
                                     "one side has more than an address for an optional function",
                                     "leave out `option`: a function may be null");
    struct abide_object bound =
        abide_builder__temporary(builder, 2 * pointer_bytes, pointer_bytes, false,
                                 abide__printf(builder->ctx, "%s with its data", function->name));
    bind(builder, code, bound, 0);
    bind(builder, abide_builder__argument(builder, data_from), bound, pointer_bytes);
    const struct abide_plan *inner = abide_build__inner(
        builder, function, abide_type__callback(function->type)->signature, callback->at, 0);
    if (!add_inner(builder, param, inner, &index))
        return false;
    builder->feeds[code_to] =
        (struct abide_feed){.kind = ABIDE_FEED_INNER, .index = index, .object = code};
    builder->feeds[data_to] = (struct abide_feed){.kind = ABIDE_FEED_ADDRESS, .object = bound};
    return true;
}

static bool build_function(struct abide_builder *builder, size_t param, bool *handled)
{
    const struct abide_param *function = &builder->signature->params[param];
    const char *reason = why_adapted(builder, function->type);
    if (!reason)
        return true;
    *handled = true;
    const struct abide_callback *callback = callback_of(builder->signature, param);
    if (callback)
        return build_callback(builder, param, callback);
    return abide_builder__refuse(
        builder, function,
        abide__printf(builder->ctx, "the function it points to cannot be called as it is: %s",
                      reason),
        "if the function gets user data, say so: `callbacks: {f: {data: user, at: 0}}` (parameter "
        "`user` comes back as "
        "argument 0 of `f`), or pass a closure; else pass as ptr<void> the address of code that "
        "the other side can call: of a thunk the other way round for a function that is known by "
        "name, or what `abide_jit_closure` makes");
}

static bool is_member(const char *name, const char *member)
{
    return name && member && strcmp(name, member) == 0;
}

bool abide_build__closure_offsets(struct abide_builder *builder, const abide_module *module,
                                  const abide_type *physical, uint64_t *code_bytes,
                                  uint64_t *env_bytes)
{
    const struct abide_closure_rule *rule = &module->language->closure;
    const abide_layout *layout =
        abide_layout__physical(builder->ctx, module->machine->data, abide_type__strip(physical));
    bool has_code = false, has_env = false;
    for (size_t i = 0; layout && i < abide_layout_field_count(layout); i++) {
        if (is_member(abide_layout__field(layout, i).name, rule->code_member)) {
            *code_bytes = abide_layout__field(layout, i).offset_bits / 8;
            has_code = true;
        } else if (is_member(abide_layout__field(layout, i).name, rule->env_member)) {
            *env_bytes = abide_layout__field(layout, i).offset_bits / 8;
            has_env = true;
        }
    }
    return has_code && has_env;
}

/* A closure on one side: which arguments, and where in them the code and the environment are. */
struct closure_view {
    const abide_assignment *assignment;
    size_t code, env; /* arguments; one and the same where the closure travels as a whole */
    uint64_t code_bytes, env_bytes; /* offsets in them */
    bool is_whole;
    const abide_layout *layout; /* of the whole */
};

/* The offset in a flat form of what is at `memory_bytes` of the value. */
static bool find_word(const struct abide_runs *to_flat, uint64_t memory_bytes, uint64_t *flat_bytes)
{
    for (size_t i = 0; i < to_flat->count; i++) {
        const struct abide_run *run = &to_flat->items[i];
        if (memory_bytes < run->from_bytes ||
            memory_bytes - run->from_bytes >= run->from_size_bytes)
            continue;
        *flat_bytes = run->to_bytes + (memory_bytes - run->from_bytes);
        return true;
    }
    return false;
}

/* The argument that holds byte *offset_bytes of the value, and where in it. */
static bool find_part(const abide_assignment *assignment, size_t first, size_t count,
                      uint64_t *offset_bytes, size_t *index)
{
    for (size_t i = first + count; i-- > first;) {
        uint64_t part_bytes = assignment->physical->params[i].part_offset_bytes;
        if (*offset_bytes < part_bytes)
            continue;
        *offset_bytes -= part_bytes;
        *index = i;
        return true;
    }
    return false;
}

static bool look_at_closure(struct abide_builder *builder, const abide_assignment *assignment,
                            const struct abide_side *side, size_t param, struct closure_view *view)
{
    const abide_type *type = builder->signature->params[param].type;
    size_t count, first = abide_builder__find(assignment, param, &count);
    struct abide_runs to_flat = {0};
    if (first == ABIDE_NO_INDEX)
        return false;
    const abide_type *physical = assignment->physical->params[first].value_type;
    const abide_type *memory = abide_builder__in_memory(side, type, physical, false, &to_flat);
    view->assignment = assignment;
    view->is_whole = count == 1;
    view->layout = abide_layout__physical(builder->ctx, side->module->machine->data,
                                          abide_type__strip(physical));
    return memory && view->layout &&
           abide_build__closure_offsets(builder, side->module, memory, &view->code_bytes,
                                        &view->env_bytes) &&
           find_word(&to_flat, view->code_bytes, &view->code_bytes) &&
           find_word(&to_flat, view->env_bytes, &view->env_bytes) &&
           find_part(assignment, first, count, &view->code_bytes, &view->code) &&
           find_part(assignment, first, count, &view->env_bytes, &view->env);
}

/* {header, code, env} of the caller's closure, bound: what a foreign environment points to. */
static struct abide_object bind_closure(struct abide_builder *builder,
                                        const struct abide_param *param, struct abide_object code,
                                        struct abide_object env, uint64_t *header_bytes)
{
    const struct abide_closure_rule *rule = &builder->callee->language->closure;
    uint64_t pointer_bytes = abide_builder__pointer_bytes(builder);
    *header_bytes = rule->foreign_env_header_words * pointer_bytes;
    struct abide_object bound = abide_builder__temporary(
        builder, *header_bytes + 2 * pointer_bytes, pointer_bytes, false,
        abide__printf(builder->ctx, "%s with its environment", param->name));
    for (size_t i = 0; i < rule->foreign_env_header_words; i++) {
        struct abide_store word = {.kind = ABIDE_STORE_CONSTANT,
                                   .temporary = bound.index,
                                   .offset_bytes = i * pointer_bytes,
                                   .size_bytes = (uint32_t)pointer_bytes,
                                   .value = rule->foreign_env_header[i]};
        abide__push(builder->ctx, &builder->stores, word);
    }
    bind(builder, code, bound, *header_bytes);
    bind(builder, env, bound, *header_bytes + pointer_bytes);
    return bound;
}

/* The closure that the callee gets: the inner adapter's code (null stays null), with what was bound as environment. */
static struct abide_object make_closure(struct abide_builder *builder,
                                        const struct abide_param *param, const abide_layout *layout,
                                        const struct abide_store stores[2])
{
    struct abide_object value =
        abide_builder__temporary(builder, layout->size_bytes, layout->align_bytes, false,
                                 abide__printf(builder->ctx, "closure %s", param->name));
    for (size_t i = 0; i < 2; i++) {
        struct abide_store store = stores[i];
        store.temporary = value.index;
        store.size_bytes = (uint32_t)abide_builder__pointer_bytes(builder);
        abide__push(builder->ctx, &builder->stores, store);
    }
    return value;
}

static void feed_whole(struct abide_builder *builder, size_t index, struct abide_object value)
{
    struct abide_runs all = abide_builder__identity(builder, value.size_bytes);
    bool by_address = builder->plan->callee->physical->params[index].copy != ABIDE_COPY_NONE ||
                      builder->plan->callee->arguments[index].pass == ABIDE_PASS_POINTER;
    builder->feeds[index] =
        (struct abide_feed){.kind = by_address ? ABIDE_FEED_ADDRESS : ABIDE_FEED_VALUE,
                            .object = value,
                            .runs = all.items,
                            .run_count = all.count};
}

static bool build_closure(struct abide_builder *builder, size_t param)
{
    const struct abide_param *closure = &builder->signature->params[param];
    struct abide_side caller = {builder->ctx, builder->caller, builder->callee};
    struct abide_side callee = {builder->ctx, builder->callee, builder->caller};
    struct closure_view from, to;
    uint64_t header_bytes;
    size_t index;
    if (!look_at_closure(builder, builder->plan->caller, &caller, param, &from) ||
        !look_at_closure(builder, builder->plan->callee, &callee, param, &to))
        return abide_builder__refuse(builder, closure,
                                     "one side does not say how it represents closures", NULL);
    struct abide_object code = abide_builder__argument(builder, from.code);
    struct abide_object env = abide_builder__argument(builder, from.env);
    code.offset_bytes += from.code_bytes;
    env.offset_bytes += from.env_bytes;
    struct abide_object bound = bind_closure(builder, closure, code, env, &header_bytes);
    const struct abide_plan *inner = abide_build__inner(
        builder, closure, abide_type__strip(closure->type)->signature, ABIDE_NO_INDEX, 0);
    if (!add_inner(builder, param, inner, &index))
        return false;
    if (!to.is_whole) {
        bound.offset_bytes = header_bytes;
        builder->feeds[to.code] =
            (struct abide_feed){.kind = ABIDE_FEED_INNER, .index = index, .object = code};
        builder->feeds[to.env] = (struct abide_feed){.kind = ABIDE_FEED_ADDRESS, .object = bound};
        return true;
    }
    const struct abide_store stores[2] = {{.kind = ABIDE_STORE_INNER,
                                           .offset_bytes = to.code_bytes,
                                           .value = index,
                                           .unless_null = code},
                                          {.kind = ABIDE_STORE_ADDRESS,
                                           .offset_bytes = to.env_bytes,
                                           .value = bound.index,
                                           .address_offset_bytes = header_bytes}};
    feed_whole(builder, to.code, make_closure(builder, closure, to.layout, stores));
    return true;
}

/* The data that came back as the address of what was bound is replaced by the data itself. */
static bool feed_bound(struct abide_builder *builder, size_t param)
{
    size_t caller, callee;
    if (!single(builder, param, &caller, &callee))
        return false;
    struct abide_runs all = abide_builder__identity(builder, builder->to_pass.size_bytes);
    builder->feeds[callee] = (struct abide_feed){.kind = ABIDE_FEED_VALUE,
                                                 .object = builder->to_pass,
                                                 .runs = all.items,
                                                 .run_count = all.count};
    return true;
}

bool abide_build__callable(struct abide_builder *builder, size_t param, bool *handled)
{
    const abide_type *type = abide_type__strip(builder->signature->params[param].type);
    size_t count;
    if (param == builder->bound) {
        *handled = true;
        return feed_bound(builder, param);
    }
    if (is_data(builder->signature, param)) {
        size_t to = abide_builder__find(builder->plan->callee, param, &count);
        size_t function = 0;
        for (size_t i = 0; i < builder->signature->callback_count; i++)
            if (builder->signature->callbacks[i].data == param)
                function = builder->signature->callbacks[i].function;
        /* Fed together with its function, if that one needs an adapter. */
        *handled = to != ABIDE_NO_INDEX &&
                   why_adapted(builder, builder->signature->params[function].type) != NULL;
        return true;
    }
    bool is_optional = abide_type__callback(type) && callback_of(builder->signature, param);
    if (type->kind == ABIDE_KIND_FUNCTION || is_optional)
        return build_function(builder, param, handled);
    /* What is given away, or passed on by a callback, is converted as values are. */
    if (type->kind != ABIDE_KIND_CLOSURE || type->is_own || builder->plan->is_inner ||
        !why_adapted(builder, builder->signature->params[param].type))
        return true;
    *handled = true;
    return build_closure(builder, param);
}
