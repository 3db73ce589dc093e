/* The real sides are functions of three pointers, placed as C has them on the machine at hand: no ABI is known here. */
#include "plan/packed.h"

#include "base/diag.h"

#include <assert.h>
#include <string.h>

/* ---- the view ---- */

/* Places that nobody looks at: each is a pointer somewhere. */
static struct abide_assigned somewhere(struct abide_builder *builder, uint64_t value_size_bytes)
{
    uint64_t pointer_bytes = abide_builder__pointer_bytes(builder);
    abide_piece *piece = abide__new(builder->ctx, abide_piece);
    piece->size_bytes = pointer_bytes;
    return (struct abide_assigned){.pass = ABIDE_PASS_DIRECT,
                                   .size_bytes = pointer_bytes,
                                   .align_bytes = pointer_bytes,
                                   .value_size_bytes = value_size_bytes,
                                   .pieces = piece,
                                   .piece_count = 1};
}

/* Whether the module's own functions consume what they get as parameter `index`. */
static bool is_consumed(const struct abide_physical *ordinary, size_t index)
{
    for (size_t i = 0; i < ordinary->param_count; i++)
        if (ordinary->params[i].of == index && ordinary->params[i].role == ABIDE_ROLE_VALUE)
            return ordinary->params[i].is_consumed;
    return ordinary->gathered && ordinary->gathered[index].is_consumed;
}

static bool view_param(struct abide_builder *builder, const struct abide_physical *ordinary,
                       size_t index, struct abide_physical_param *seen)
{
    const struct abide_param *param = &builder->signature->params[index];
    const abide_type *value =
        abide_represent__type(builder->ctx, ordinary->module, param->type, ordinary->foreign);
    if (!value)
        return false;
    *seen = (struct abide_physical_param){
        .name = param->name,
        .of = index,
        .type = abide_type__pointer(builder->ctx, value, param->mode != ABIDE_MODE_IN, true),
        .value_type = value,
        .mode = param->mode,
        .is_consumed = is_consumed(ordinary, index),
        .copy = param->mode == ABIDE_MODE_IN ? ABIDE_COPY_BORROW : ABIDE_COPY_NONE};
    return true;
}

static bool view_result(struct abide_builder *builder, const struct abide_physical *ordinary,
                        struct abide_physical *view, struct abide_physical_param *params)
{
    const abide_type *result = builder->signature->result;
    view->result = ordinary->result;
    if (abide_type__is(result, ABIDE_KIND_VOID))
        return true;
    const abide_type *value =
        abide_represent__type(builder->ctx, ordinary->module, result, ordinary->foreign);
    if (!value)
        return false;
    view->result = (struct abide_physical_result){.mode = ABIDE_RESULT_OUT,
                                                  .type = abide_type__void(builder->ctx),
                                                  .value_type = value,
                                                  .is_lent = ordinary->result.is_lent,
                                                  .exclusive = true};
    params[view->param_count++] =
        (struct abide_physical_param){.role = ABIDE_ROLE_OUT,
                                      .of = SIZE_MAX,
                                      .type = abide_type__pointer(builder->ctx, value, true, true),
                                      .value_type = value};
    return true;
}

const abide_assignment *abide_packed__view(struct abide_builder *builder,
                                           const abide_module *module, const abide_module *foreign)
{
    abide_ctx *ctx = builder->ctx;
    size_t count = builder->signature->param_count;
    const struct abide_physical *ordinary =
        abide_physical__of(ctx, module, builder->signature, foreign, false);
    if (!ordinary)
        return NULL;
    struct abide_physical *view = abide__new(ctx, struct abide_physical);
    struct abide_physical_param *params =
        abide__new_array(ctx, struct abide_physical_param, count + 1);
    *view = *ordinary;
    view->params = params;
    view->param_count = count;
    view->gathered = NULL; /* each has an address of its own here */
    bool fine = true;
    for (size_t i = 0; i < count; i++)
        fine = view_param(builder, ordinary, i, &params[i]) && fine;
    if (!view_result(builder, ordinary, view, params) || !fine)
        return NULL;
    abide_assignment *assignment = abide__new(ctx, abide_assignment);
    struct abide_assigned *arguments =
        abide__new_array(ctx, struct abide_assigned, view->param_count);
    for (size_t i = 0; i < view->param_count; i++)
        arguments[i] = somewhere(builder, 0);
    assignment->physical = view;
    assignment->arguments = arguments;
    return assignment;
}

/* ---- functions of three pointers ---- */

#define POINTERS 3

/* `void (a, b, c)` as C has it on the machine of `module`; what comes from no parameter of the interface says so. */
static const abide_assignment *of_pointers(struct abide_builder *builder,
                                           const abide_module *module, const char *const *names,
                                           size_t out)
{
    abide_ctx *ctx = builder->ctx;
    const abide_type *pointer = abide_type__pointer(ctx, abide_type__void(ctx), true, true);
    struct abide_param *params = abide__new_array(ctx, struct abide_param, POINTERS);
    for (size_t i = 0; i < POINTERS; i++)
        params[i] = (struct abide_param){.name = names[i], .type = pointer};
    abide_signature *signature = abide__new(ctx, abide_signature);
    signature->params = params;
    signature->param_count = signature->fixed_count = POINTERS;
    signature->result = abide_type__void(ctx);
    signature->place = builder->signature->place;
    const struct abide_physical *plain =
        abide_physical__of(ctx, module->machine, signature, NULL, false);
    if (!plain)
        return NULL;
    struct abide_physical *physical = abide__new(ctx, struct abide_physical);
    struct abide_physical_param *lowered =
        abide__new_array(ctx, struct abide_physical_param, plain->param_count);
    *physical = *plain;
    for (size_t i = 0; i < plain->param_count; i++) {
        lowered[i] = plain->params[i];
        lowered[i].of = SIZE_MAX;
        lowered[i].role = i == out ? ABIDE_ROLE_OUT : ABIDE_ROLE_VALUE;
    }
    physical->params = lowered;
    return abide_assignment__of(ctx, physical);
}

static bool has_result(const struct abide_builder *builder)
{
    return !abide_type__is(builder->signature->result, ABIDE_KIND_VOID);
}

/* ---- a vector that the caller has ---- */

enum invoked { INVOKED_CODE, INVOKED_VECTOR, INVOKED_RESULT };

/* What the view has at an address of the caller's lies at one of the vector. */
static void redirect(struct abide_object *object, void *user)
{
    (void)user;
    assert(object->kind != ABIDE_OBJECT_ARGUMENT);
    if (object->kind == ABIDE_OBJECT_POINTEE)
        object->kind = ABIDE_OBJECT_ELEMENT;
}

bool abide_packed__call_from(struct abide_builder *builder)
{
    static const char *const names[POINTERS] = {"fn", "args", "ret"};
    struct abide_plan *plan = builder->plan;
    uint64_t pointer_bytes = abide_builder__pointer_bytes(builder);
    abide_builder__each_object(builder, redirect, NULL);
    plan->caller = of_pointers(builder, builder->caller, names,
                               has_result(builder) ? (size_t)INVOKED_RESULT : SIZE_MAX);
    plan->vector_argument = INVOKED_VECTOR;
    plan->target = ABIDE_TARGET_POINTER;
    plan->code = (struct abide_object){.kind = ABIDE_OBJECT_ARGUMENT,
                                       .index = INVOKED_CODE,
                                       .size_bytes = pointer_bytes,
                                       .align_bytes = pointer_bytes};
    return plan->caller != NULL;
}

/* ---- a vector for the callee ---- */

enum handled { HANDLED_RESULT, HANDLED_VECTOR, HANDLED_USER };

/* The address of what feeds the view's argument `index`, in the vector. */
static bool store_address(struct abide_builder *builder, size_t index, struct abide_object vector)
{
    const struct abide_feed *feed = &builder->feeds[index];
    uint64_t pointer_bytes = abide_builder__pointer_bytes(builder);
    struct abide_store store = {.kind = ABIDE_STORE_OBJECT,
                                .temporary = vector.index,
                                .offset_bytes = index * pointer_bytes,
                                .size_bytes = (uint32_t)pointer_bytes,
                                .unless_null = feed->object};
    if (feed->kind != ABIDE_FEED_ADDRESS && feed->kind != ABIDE_FEED_VALUE)
        return abide_builder__refuse(
            builder, &builder->signature->params[index],
            "the handler gets a function that would need an adapter of its own",
            "pass it as raw<T>, or give it the same calling sequence on both sides");
    if (feed->object.kind == ABIDE_OBJECT_TEMPORARY) {
        store.kind = ABIDE_STORE_ADDRESS;
        store.value = feed->object.index;
        store.address_offset_bytes = feed->object.offset_bytes;
    }
    abide__push(builder->ctx, &builder->stores, store);
    abide_builder__charge(builder, index, ABIDE_COST_SHUFFLE, "the handler gets its address");
    return true;
}

bool abide_packed__call_to(struct abide_builder *builder, struct abide_object user)
{
    static const char *const names[POINTERS] = {"ret", "args", "user"};
    struct abide_plan *plan = builder->plan;
    size_t count = builder->signature->param_count;
    uint64_t pointer_bytes = abide_builder__pointer_bytes(builder);
    struct abide_object vector =
        abide_builder__temporary(builder, (count ? count : 1) * pointer_bytes, pointer_bytes, false,
                                 "the addresses of the arguments");
    bool fine = true;
    for (size_t i = 0; i < count; i++)
        fine = store_address(builder, i, vector) && fine;
    struct abide_feed *feeds = abide__new_array(builder->ctx, struct abide_feed, POINTERS);
    struct abide_runs all = abide_builder__identity(builder, pointer_bytes);
    feeds[HANDLED_RESULT] =
        has_result(builder) ? builder->feeds[count] : (struct abide_feed){.kind = ABIDE_FEED_NULL};
    feeds[HANDLED_VECTOR] = (struct abide_feed){.kind = ABIDE_FEED_ADDRESS, .object = vector};
    feeds[HANDLED_USER] = (struct abide_feed){
        .kind = ABIDE_FEED_VALUE, .object = user, .runs = all.items, .run_count = all.count};
    builder->feeds = feeds;
    plan->feed_count = POINTERS;
    plan->callee = of_pointers(builder, builder->callee, names,
                               has_result(builder) ? (size_t)HANDLED_RESULT : SIZE_MAX);
    return plan->callee && fine;
}

/* ---- a record in the chain register ---- */

const abide_assignment *abide_packed__with_chain(struct abide_builder *builder,
                                                 const abide_assignment *assignment)
{
    abide_ctx *ctx = builder->ctx;
    const struct abide_physical *plain = assignment->physical;
    size_t count = plain->param_count;
    struct abide_physical *physical = abide__new(ctx, struct abide_physical);
    struct abide_physical_param *params =
        abide__new_array(ctx, struct abide_physical_param, count + 1);
    abide_assignment *chained = abide__new(ctx, abide_assignment);
    struct abide_assigned *arguments = abide__new_array(ctx, struct abide_assigned, count + 1);
    const abide_type *pointer = abide_type__pointer(ctx, abide_type__void(ctx), true, true);
    for (size_t i = 0; i < count; i++) {
        params[i] = plain->params[i];
        arguments[i] = assignment->arguments[i];
    }
    params[count] = (struct abide_physical_param){.name = "record",
                                                  .role = ABIDE_ROLE_ENV,
                                                  .of = SIZE_MAX,
                                                  .type = pointer,
                                                  .value_type = pointer};
    arguments[count] = somewhere(builder, 0);
    ((abide_piece *)arguments[count].pieces)->register_name = ABIDE_CHAIN;
    *physical = *plain;
    physical->params = params;
    physical->param_count = count + 1;
    *chained = *assignment;
    chained->physical = physical;
    chained->arguments = arguments;
    return chained;
}
