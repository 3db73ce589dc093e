/* Hooks: what the runtimes of both sides want called around a call, and in which order. */
#include "plan/build.h"
#include "spec/language.h"

struct hook_calls {
    struct abide_hook_call *items;
    size_t count;
    size_t capacity;
};

/* In the order in which they are called, but that what undoes others is still in the order of these. */
struct found {
    struct hook_calls calls;
    struct hook_calls duties;
};

/*
 * A callback comes on a thread that its language knows, and with the locks that its language holds, unless the function that
 * calls it uses other threads, or gave them back. The runtime runs in any case: else nobody had a function to pass.
 */
static bool is_called_back(const struct abide_function *function, const struct abide_hook *hook)
{
    return hook->when == ABIDE_HOOK_EVERY_CALL &&
           (function->calls_back_anywhere || function->is_blocking);
}

static bool is_called(const struct abide_builder *builder, const struct abide_hook *hook)
{
    const struct abide_plan *plan = builder->plan;
    if (builder->is_method)
        return builder->enters_runtime && hook->when == ABIDE_HOOK_EVERY_CALL;
    if (plan->is_inner)
        return is_called_back(plan->function, hook);
    return hook->when != ABIDE_HOOK_BLOCKING || plan->function->is_blocking;
}

/* Calls go the other way there: code of the side that the function came to calls the side that it came from. */
static bool has_callback_hooks(const struct abide_builder *builder, struct abide_crossing crossing)
{
    const abide_module *sides[] = {crossing.to, crossing.from};
    for (size_t side = 0; !builder->plan->is_inner && side < 2; side++) {
        const struct abide_hook_use *uses;
        size_t count = abide_language__hooks(builder->ctx, sides[side], side == 1,
                                             builder->plan->iface, &uses);
        for (size_t i = 0; i < count; i++)
            if (is_called_back(builder->plan->function, uses[i].hook))
                return true;
    }
    return false;
}

struct abide_callback_duties abide_builder__duties(const struct abide_builder *builder,
                                                   struct abide_crossing crossing)
{
    return (struct abide_callback_duties){.enters_runtime = has_callback_hooks(builder, crossing),
                                          .checks = abide_builder__checks(builder)};
}

/* An adapter does not see a thread end, so hooks for that are left to the program. */
static void add_hooks_of(struct abide_builder *builder, const abide_module *module, bool is_callee,
                         struct found *found)
{
    const struct abide_hook_use *uses = NULL;
    size_t count =
        abide_language__hooks(builder->ctx, module, is_callee, builder->plan->iface, &uses);
    for (size_t i = 0; i < count; i++) {
        const struct abide_hook *hook = uses[i].hook;
        bool is_blocking = hook->when == ABIDE_HOOK_BLOCKING;
        struct abide_hook_call call = {.symbol = uses[i].symbol,
                                       .at =
                                           is_blocking ? ABIDE_HOOK_BEFORE_CALL : ABIDE_HOOK_FIRST,
                                       .once = hook->when == ABIDE_HOOK_ONCE,
                                       .passes_frame_address = hook->passes_frame_address,
                                       .gives = hook->gives,
                                       .undoes = SIZE_MAX};
        if (!is_called(builder, hook))
            continue;
        if (hook->when == ABIDE_HOOK_THREAD_EXIT) {
            abide__push(builder->ctx, &found->duties, call);
            continue;
        }
        abide__push(builder->ctx, &found->calls, call);
        if (!uses[i].undo_symbol)
            continue;
        struct abide_hook_call undo = {.symbol = uses[i].undo_symbol,
                                       .at = is_blocking ? ABIDE_HOOK_AFTER_CALL : ABIDE_HOOK_LAST,
                                       .undoes = found->calls.count - 1};
        abide__push(builder->ctx, &found->calls, undo);
    }
}

/* Those of one time, in their order or, of what undoes others, in the opposite one. */
static void take(struct abide_builder *builder, const struct hook_calls *from,
                 enum abide_hook_at at, size_t *places, struct hook_calls *to)
{
    bool is_backward = at == ABIDE_HOOK_AFTER_CALL || at == ABIDE_HOOK_LAST;
    for (size_t i = 0; i < from->count; i++) {
        size_t index = is_backward ? from->count - 1 - i : i;
        struct abide_hook_call call = from->items[index];
        if (call.at != at)
            continue;
        places[index] = to->count;
        if (call.undoes != SIZE_MAX)
            call.undoes = places[call.undoes];
        abide__push(builder->ctx, to, call);
    }
}

/* One runtime is left before the other is entered, but for locks: a conversion may need both. */
void abide_build__hooks(struct abide_builder *builder)
{
    struct found found = {0};
    struct hook_calls ordered = {0};
    add_hooks_of(builder, builder->caller, false, &found);
    add_hooks_of(builder, builder->callee, true, &found);
    size_t *places = abide__new_array(builder->ctx, size_t, found.calls.count + 1);
    for (enum abide_hook_at at = ABIDE_HOOK_FIRST; at <= ABIDE_HOOK_LAST; at++)
        take(builder, &found.calls, at, places, &ordered);
    builder->plan->hooks = ordered.items;
    builder->plan->hook_count = ordered.count;
    builder->plan->duties = found.duties.items;
    builder->plan->duty_count = found.duties.count;
}

/* One of the hooks of a plan, or of how many it has less. */
static const char *hook_of(const abide_plan *plan, size_t *index)
{
    if (*index < plan->hook_count)
        return plan->hooks[*index].symbol;
    *index -= plan->hook_count;
    return NULL;
}

const char *abide_plan__hook_symbol(const abide_plan *plan, size_t index)
{
    const char *symbol = hook_of(plan, &index);
    for (size_t i = 0; i < plan->inner_count && !symbol; i++)
        symbol = hook_of(plan->inner[i], &index);
    for (size_t i = 0; i < plan->adapter_count && !symbol; i++)
        symbol = hook_of(plan->adapters[i]->plan, &index);
    for (size_t i = 0; i < plan->methods_count && !symbol; i++)
        for (size_t k = 0; k < plan->methods[i]->interface->field_count && !symbol; k++)
            symbol = hook_of(plan->methods[i]->plans[k], &index);
    return symbol;
}
