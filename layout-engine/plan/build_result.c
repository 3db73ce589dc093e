/* The result: where the callee leaves it, and how it gets to where the caller looks. */
#include "plan/build.h"
#include "plan/places.h"

enum form { FORM_NOTHING, FORM_DIRECT, FORM_MEMORY, FORM_POINTER };

/* One side's view of the result. */
struct view {
    enum form form;
    const abide_type *type; /* physical, of the value */
    const abide_layout *layout;
    bool exclusive, zeroed, callee_reads; /* of FORM_MEMORY */
};

static bool look(struct abide_builder *builder, const abide_assignment *assignment,
                 struct view *view)
{
    const struct abide_physical *physical = assignment->physical;
    const struct abide_physical_result *result = &physical->result;
    view->type = result->value_type;
    switch (result->mode) {
    case ABIDE_RESULT_NOTHING: view->form = FORM_NOTHING; return true;
    case ABIDE_RESULT_POINTER: view->form = FORM_POINTER; break;
    case ABIDE_RESULT_OUT:
        view->form = FORM_MEMORY;
        view->exclusive = result->exclusive;
        view->zeroed = result->zeroed;
        view->callee_reads = result->callee_reads;
        break;
    case ABIDE_RESULT_STATUS: return false;
    case ABIDE_RESULT_VALUE:
        view->form = assignment->result.pass == ABIDE_PASS_HIDDEN ? FORM_MEMORY : FORM_DIRECT;
        view->exclusive = physical->machine->hidden_exclusive;
        break;
    }
    view->layout = abide_layout__physical(builder->ctx, physical->machine->data, view->type);
    return view->layout != NULL;
}

/* Feeds the callee the address of the memory that its result goes to. */
static void feed_result_memory(struct abide_builder *builder, struct abide_object memory)
{
    struct abide_feed feed = {.kind = ABIDE_FEED_ADDRESS, .object = memory};
    size_t out = abide_builder__find_role(builder->plan->callee, ABIDE_ROLE_OUT);
    if (out != ABIDE_NO_INDEX)
        builder->feeds[out] = feed;
    else
        builder->plan->hidden = feed;
}

static struct abide_object caller_memory(const struct view *caller)
{
    return (struct abide_object){.kind = ABIDE_OBJECT_RESULT_MEMORY,
                                 .size_bytes = caller->layout->size_bytes,
                                 .align_bytes = caller->layout->align_bytes};
}

/*
 * Whether the callee may write straight into the caller's memory. Not if something else may point to that memory while
 * the call runs, unless the callee's own ABI has to live with that anyway.
 */
static bool can_write_through(const struct view *caller, const struct view *callee,
                              bool is_identity)
{
    return caller->form == FORM_MEMORY && is_identity &&
           caller->layout->size_bytes >= callee->layout->size_bytes &&
           caller->layout->align_bytes >= callee->layout->align_bytes &&
           (caller->exclusive || !callee->exclusive);
}

/* Where the callee's result is after the call. */
static struct abide_object receive(struct abide_builder *builder, const struct view *caller,
                                   const struct view *callee, bool is_identity)
{
    struct abide_object object = {.kind = ABIDE_OBJECT_CALLEE_RESULT,
                                  .size_bytes = callee->layout->size_bytes,
                                  .align_bytes = callee->layout->align_bytes};
    if (callee->form == FORM_POINTER) {
        object.kind = ABIDE_OBJECT_CALLEE_POINTEE;
        return object;
    }
    if (callee->form != FORM_MEMORY)
        return object;
    if (can_write_through(caller, callee, is_identity)) {
        object = caller_memory(caller);
        if (callee->zeroed && !caller->zeroed) {
            builder->plan->zero_result_memory = true;
            builder->plan->result_memory_bytes = callee->layout->size_bytes;
        }
    } else {
        object = abide_builder__temporary(builder, callee->layout->size_bytes,
                                          callee->layout->align_bytes,
                                          callee->zeroed || callee->callee_reads, "result");
    }
    feed_result_memory(builder, object);
    return object;
}

static void give_back(struct abide_builder *builder, const struct view *caller,
                      struct abide_object object, const struct abide_runs *runs)
{
    struct abide_plan *plan = builder->plan;
    if (caller->form == FORM_MEMORY) {
        if (object.kind != ABIDE_OBJECT_RESULT_MEMORY)
            abide_builder__copy_after(builder, object, caller_memory(caller), runs);
        if (plan->caller->result.pass == ABIDE_PASS_HIDDEN &&
            plan->caller->result.returned_register)
            plan->result = (struct abide_return){.kind = ABIDE_RETURN_ADDRESS,
                                                 .object = caller_memory(caller)};
        return;
    }
    if (plan->caller->result.pass == ABIDE_PASS_IGNORE)
        return;
    plan->result = (struct abide_return){.kind = ABIDE_RETURN_VALUE,
                                         .object = object,
                                         .runs = runs->items,
                                         .run_count = runs->count};
}

/* Both sides return a pointer to the value, or one does and the other wants the value itself. */
static bool build_pointer(struct abide_builder *builder, const struct view *caller,
                          const struct view *callee)
{
    const abide_type *type = builder->signature->result;
    if (caller->form == FORM_POINTER && callee->form != FORM_POINTER)
        return abide_builder__refuse(
            builder, NULL,
            "the caller expects a pointer to memory that outlives the call, and the "
            "callee returns the value itself",
            "drop the fact that makes the result a borrowed one");
    const char *reason = abide_convert__same(abide_builder__outward(builder), type);
    if (reason)
        return abide_builder__refuse(builder, NULL, reason, NULL);
    uint64_t pointer_bytes = abide_builder__pointer_bytes(builder);
    struct abide_object pointer = {.kind = ABIDE_OBJECT_CALLEE_RESULT,
                                   .size_bytes = pointer_bytes,
                                   .align_bytes = pointer_bytes};
    struct abide_runs all = abide_builder__identity(builder, pointer_bytes);
    give_back(builder, caller, pointer, &all);
    return true;
}

bool abide_build__result(struct abide_builder *builder)
{
    struct view caller = {0}, callee = {0};
    if (!look(builder, builder->plan->caller, &caller) ||
        !look(builder, builder->plan->callee, &callee))
        return false;
    if (caller.form == FORM_NOTHING || callee.form == FORM_NOTHING)
        return caller.form == callee.form ||
               abide_builder__refuse(builder, NULL, "only one side returns something", NULL);
    if (caller.form == FORM_POINTER)
        return build_pointer(builder, &caller, &callee);
    struct abide_runs *runs = abide__new(builder->ctx, struct abide_runs);
    const char *reason =
        abide_convert__runs(abide_builder__outward(builder), builder->signature->result,
                            callee.type, caller.type, runs);
    if (reason)
        return abide_builder__refuse(
            builder, NULL, reason,
            abide_type__is(builder->signature->result, ABIDE_KIND_CLOSURE)
                ? "declare it as raw<T>, and a function with `invokes:` to call it"
                : NULL);
    bool is_identity =
        abide_runs__are_identity(runs->items, runs->count, caller.layout->size_bytes);
    struct abide_object object = receive(builder, &caller, &callee, is_identity);
    give_back(builder, &caller, object, runs);
    return true;
}
