/* Making plans: an adapter for a function, for a closure that is invoked, and for what they pass on. */
#include "plan/plan.h"

#include "base/diag.h"
#include "plan/build.h"
#include "plan/methods.h"
#include "plan/packed.h"
#include "plan/unnamed.h"
#include "spec/language.h"

#include <assert.h>
#include <string.h>

static const abide_assignment *assign(abide_ctx *ctx, const abide_module *module,
                                      const abide_signature *signature, const abide_module *foreign,
                                      bool env)
{
    const struct abide_physical *physical =
        abide_physical__of(ctx, module, signature, foreign, env);
    return physical ? abide_assignment__of(ctx, physical) : NULL;
}

static void init_builder(struct abide_builder *builder, abide_ctx *ctx, const abide_iface *iface,
                         const abide_function *function, const abide_module *caller,
                         const abide_module *callee)
{
    memset(builder, 0, sizeof *builder);
    builder->ctx = ctx;
    builder->plan = abide__new(ctx, struct abide_plan);
    builder->plan->function = function;
    builder->plan->iface = iface;
    builder->plan->env_argument = ABIDE_NO_INDEX;
    builder->plan->hidden.kind = ABIDE_FEED_NOTHING;
    builder->caller = caller;
    builder->callee = callee;
    builder->place = function->place;
    builder->skipped_param = ABIDE_NO_INDEX;
    builder->bound = ABIDE_NO_INDEX;
    builder->plan->checks = ctx->checks ? (abide_checks)ctx->checks : function->checks.mode;
}

static void allot_feeds(struct abide_builder *builder)
{
    builder->plan->feed_count = builder->plan->callee->physical->param_count;
    builder->feeds = abide__new_array(builder->ctx, struct abide_feed, builder->plan->feed_count);
    for (size_t i = 0; i < builder->plan->feed_count; i++)
        builder->feeds[i].kind = ABIDE_FEED_NOTHING;
}

static bool check_modules(abide_ctx *ctx, const abide_function *function,
                          const abide_module *caller, const abide_module *callee)
{
    const abide_module *a = caller->machine, *b = callee->machine;
    if (strcmp(a->arch, b->arch) == 0 && a->data->pointer_bytes == b->data->pointer_bytes &&
        a->data->big_endian == b->data->big_endian)
        return true;
    abide__report(ctx, ABIDE_CODE_CANNOT_ADAPT, function->place,
                  "%s is for %s and %s is for %s: one process cannot run code of both",
                  caller->name, a->arch, callee->name, b->arch);
    return false;
}

static bool build(struct abide_builder *builder)
{
    struct abide_gathering gathering;
    abide_gather__begin(builder, &gathering);
    allot_feeds(builder);
    builder->prices =
        abide__new_array(builder->ctx, struct abide_price, builder->signature->param_count + 1);
    builder->ends_with_call =
        abide__new_array(builder->ctx, bool, builder->signature->param_count + 1);
    bool fine = abide_build__calls(builder) && abide_build__checks(builder) &&
                abide_build__arguments(builder);
    fine = abide_build__result(builder) && abide_build__errors(builder) && fine &&
           abide_build__answer(builder);
    return fine && abide_gather__end(builder, &gathering);
}

/* ---- a closure's environment ---- */

/* The callee's environment argument gets `env`; and if a null one is left out, the call is described without it too. */
static bool feed_env(struct abide_builder *builder, struct abide_object env)
{
    struct abide_plan *plan = builder->plan;
    size_t index = abide_builder__find_role(plan->callee, ABIDE_ROLE_ENV);
    if (index == ABIDE_NO_INDEX)
        return true;
    struct abide_runs all = abide_builder__identity(builder, env.size_bytes);
    builder->feeds[index] = (struct abide_feed){
        .kind = ABIDE_FEED_VALUE, .object = env, .runs = all.items, .run_count = all.count};
    if (!builder->callee->language->closure.null_env_omits_argument)
        return true;
    plan->env_argument = index;
    plan->callee_without_env =
        assign(builder->ctx, builder->callee, builder->signature, builder->caller, false);
    return plan->callee_without_env != NULL;
}

static struct abide_object pointer_in(struct abide_object object, uint64_t offset_bytes,
                                      uint64_t pointer_bytes)
{
    object.offset_bytes += offset_bytes;
    object.size_bytes = object.align_bytes = pointer_bytes;
    return object;
}

/* Code that is called back finds its function, and what to pass to it, at `code_bytes` of the memory that `index` points to. */
static void call_from_memory(struct abide_builder *builder, size_t index, uint64_t code_bytes)
{
    uint64_t pointer_bytes = abide_builder__pointer_bytes(builder);
    struct abide_object at = {.kind = ABIDE_OBJECT_POINTEE, .index = index};
    builder->plan->target = ABIDE_TARGET_POINTER;
    builder->plan->code = pointer_in(at, code_bytes, pointer_bytes);
    builder->to_pass = pointer_in(at, code_bytes + pointer_bytes, pointer_bytes);
}

static bool assign_inner(struct abide_builder *builder, const abide_signature *signature, bool env)
{
    abide_ctx *ctx = builder->ctx;
    builder->signature = signature;
    builder->plan->is_inner = true;
    builder->plan->caller = assign(ctx, builder->caller, signature, builder->callee, env);
    builder->plan->callee = assign(ctx, builder->callee, signature, builder->caller, env);
    return builder->plan->caller && builder->plan->callee;
}

const struct abide_plan *abide_build__inner(struct abide_builder *outer,
                                            const struct abide_param *param,
                                            const abide_signature *signature, size_t bound,
                                            uint64_t code_offset_bytes)
{
    abide_ctx *ctx = outer->ctx;
    bool env = bound == ABIDE_NO_INDEX;
    struct abide_builder builder;
    if (outer->plan->is_inner) {
        abide_builder__refuse(
            outer, param, "a function that a callback gets would need an adapter of its own",
            "pass it as raw<T>, or give it the same calling sequence on both sides");
        return NULL;
    }
    init_builder(&builder, ctx, outer->plan->iface, outer->plan->function, outer->callee,
                 outer->caller);
    builder.place = param->place;
    builder.what =
        abide__printf(ctx, "%s '%s' of %s", env ? "closure" : "callback", param->name, outer->what);
    if (!assign_inner(&builder, signature, env))
        return NULL;
    size_t count = 1;
    size_t index = env ? abide_builder__find_role(builder.plan->caller, ABIDE_ROLE_ENV)
                       : abide_builder__find(builder.plan->caller, bound, &count);
    if (index == ABIDE_NO_INDEX || count != 1) {
        abide_builder__refuse(outer, param, "its user data or environment does not reach it", NULL);
        return NULL;
    }
    call_from_memory(&builder, index, code_offset_bytes);
    builder.bound = bound;
    if (!build(&builder) || (env && !feed_env(&builder, builder.to_pass)))
        return NULL;
    abide_build__hooks(&builder);
    abide_build__unwinding(&builder, param->name);
    abide_build__finish(&builder);
    return abide_unnamed__check(&builder) ? builder.plan : NULL;
}

/* A closure that is called at most once ends what it was called from. */
static void add_end(struct abide_builder *builder, const struct abide_closure_call *call,
                    struct abide_object record)
{
    struct abide_copy_step step = {.from = record, .routine = call->disarm, .releases = true};
    step.words = "note that the closure is used up";
    if (call->disarm)
        abide__push(builder->ctx, &builder->before, step);
    step.routine = call->end;
    step.words = "end what the closure was called from, since it is called only once";
    if (call->end)
        abide__push(builder->ctx, &builder->cleanup, step);
}

const struct abide_plan *abide_build__closure(const struct abide_closure_call *call)
{
    abide_ctx *ctx = call->crossing.ctx;
    struct abide_builder builder;
    init_builder(&builder, ctx, call->iface, call->function, call->crossing.to,
                 call->crossing.from);
    builder.what =
        abide__printf(ctx, "closure '%s' of function '%s'", call->parameter, call->function->name);
    if (!assign_inner(&builder, call->signature, true))
        return NULL;
    size_t index = abide_builder__find_role(builder.plan->caller, ABIDE_ROLE_ENV);
    if (index == ABIDE_NO_INDEX) {
        abide_builder__refuse(&builder, NULL, "its environment does not reach it", NULL);
        return NULL;
    }
    uint64_t pointer_bytes = abide_builder__pointer_bytes(&builder);
    struct abide_object record = {.kind = ABIDE_OBJECT_POINTEE,
                                  .index = index,
                                  .offset_bytes = call->record_bytes,
                                  .size_bytes = 3 * pointer_bytes,
                                  .align_bytes = pointer_bytes};
    call_from_memory(&builder, index, call->record_bytes);
    if (!build(&builder) || !feed_env(&builder, builder.to_pass))
        return NULL;
    add_end(&builder, call, record);
    abide_build__hooks(&builder);
    abide_build__unwinding(&builder, call->parameter);
    abide_build__finish(&builder);
    return abide_unnamed__check(&builder) ? builder.plan : NULL;
}

/* ---- methods ---- */

static const abide_function *function_of(const struct abide_methods *methods, size_t method)
{
    const abide_iface *iface = methods->iface;
    for (size_t i = 0; i < iface->methods.count; i++)
        if (iface->methods.items[i]->interface == methods->interface &&
            iface->methods.items[i]->signature ==
                methods->interface->fields[method].type->signature)
            return iface->methods.items[i];
    return NULL;
}

const abide_plan *abide_build__method(abide_ctx *ctx, const struct abide_methods *methods,
                                      size_t method, uint64_t offset_bytes)
{
    const abide_function *function = function_of(methods, method);
    struct abide_builder builder;
    size_t count;
    if (!function)
        return NULL;
    init_builder(&builder, ctx, methods->iface, function, methods->caller, methods->callee);
    builder.signature = function->signature;
    builder.what = abide__printf(ctx, "method '%s'", function->name);
    builder.is_method = true;
    builder.enters_runtime = methods->enters_runtime;
    if (methods->checks && !abide_builder__checks(&builder))
        builder.plan->checks = ABIDE_CHECKS_CHECKED;
    struct abide_plan *plan = builder.plan;
    plan->caller = assign(ctx, builder.caller, builder.signature, builder.callee, false);
    plan->callee = assign(ctx, builder.callee, builder.signature, builder.caller, false);
    if (!plan->caller || !plan->callee)
        return NULL;
    size_t self = abide_builder__find(plan->caller, 0, &count);
    if (count != 1) {
        abide_builder__refuse(&builder, &builder.signature->params[0],
                              "what stands for the object does not reach it", NULL);
        return NULL;
    }
    uint64_t pointer_bytes = abide_builder__pointer_bytes(&builder);
    struct abide_object env = {.kind = ABIDE_OBJECT_POINTEE, .index = self};
    struct abide_object vtable = {.kind = ABIDE_OBJECT_ELEMENT, .index = ABIDE_ENV_VTABLE};
    plan->vector_argument = self;
    plan->target = ABIDE_TARGET_POINTER;
    plan->code = pointer_in(vtable, offset_bytes, pointer_bytes);
    builder.bound = 0;
    builder.to_pass = pointer_in(env, ABIDE_ENV_SELF * pointer_bytes, pointer_bytes);
    if (!build(&builder))
        return NULL;
    abide_build__hooks(&builder);
    abide_build__unwinding(&builder, "");
    abide_build__finish(&builder);
    return plan;
}

/* ---- invoking a closure ---- */

/* The signature of the closure in the parameter that `invokes` names. */
static const abide_signature *invoked_signature(struct abide_builder *builder,
                                                const abide_function *function)
{
    const struct abide_param *param = &function->signature->params[function->invokes];
    const abide_type *type = abide_type__strip(param->type);
    if (type->kind == ABIDE_KIND_RAW && abide_type__strip(type->target)->kind == ABIDE_KIND_CLOSURE)
        return abide_type__strip(type->target)->signature;
    abide_builder__refuse(builder, param, "it must be raw<T> of a closure type T to be invoked",
                          NULL);
    return NULL;
}

static bool same_parameters(struct abide_builder *builder, const abide_function *function,
                            const abide_signature *closure)
{
    const abide_signature *signature = function->signature;
    bool same =
        signature->param_count == closure->param_count + 1 && signature->result == closure->result;
    for (size_t i = 0; same && i < closure->param_count; i++)
        same = closure->params[i].type == signature->params[i < function->invokes ? i : i + 1].type;
    return same || abide_builder__refuse(
                       builder, &signature->params[function->invokes],
                       "the other parameters and the result must be those of the closure", NULL);
}

/* The code to call and its environment, both inside the closure in the caller's argument `index`. */
static bool target_closure(struct abide_builder *builder, const struct abide_param *param,
                           size_t index)
{
    const struct abide_physical_param *closure = &builder->plan->caller->physical->params[index];
    struct abide_object at = abide_builder__argument(builder, index);
    uint64_t pointer_bytes = abide_builder__pointer_bytes(builder), code_bytes, env_bytes;
    if (!abide_build__closure_offsets(builder, builder->callee, closure->value_type, &code_bytes,
                                      &env_bytes))
        return abide_builder__refuse(
            builder, param, "the callee's ABI does not say how it represents closures", NULL);
    builder->plan->target = ABIDE_TARGET_POINTER;
    builder->plan->code = pointer_in(at, code_bytes, pointer_bytes);
    return feed_env(builder, pointer_in(at, env_bytes, pointer_bytes));
}

static bool build_invocation(struct abide_builder *builder, const abide_function *function)
{
    struct abide_plan *plan = builder->plan;
    const struct abide_param *param = &function->signature->params[function->invokes];
    const abide_signature *closure = invoked_signature(builder, function);
    if (!closure || !same_parameters(builder, function, closure))
        return false;
    builder->signature = closure;
    builder->skipped_param = function->invokes;
    plan->caller =
        assign(builder->ctx, builder->caller, function->signature, builder->callee, false);
    plan->callee = assign(builder->ctx, builder->callee, closure, builder->caller, true);
    if (!plan->caller || !plan->callee || !build(builder))
        return false;
    size_t count;
    size_t index = abide_builder__find(plan->caller, function->invokes, &count);
    if (count != 1)
        return abide_builder__refuse(builder, param, "it must be one argument", NULL);
    return target_closure(builder, param, index);
}

/* The caller's, where `errors` differ by the side of the call. */
static const abide_signature *with_errors(abide_ctx *ctx, const abide_signature *signature,
                                          const abide_function *function)
{
    if (function->caller_errors == function->callee_errors ||
        !abide_type__is(signature->result, ABIDE_KIND_RESULT))
        return signature;
    abide_signature *copy = abide__new(ctx, abide_signature);
    *copy = *signature;
    copy->errors = function->caller_errors;
    return copy;
}

static bool build_call(struct abide_builder *builder, const abide_function *function)
{
    struct abide_plan *plan = builder->plan;
    const abide_signature *caller;
    abide_iface__check_promotions(builder->ctx, function->signature);
    abide_unnamed__sides(builder->ctx, function, &caller, &builder->signature);
    caller = with_errors(builder->ctx, caller, function);
    plan->caller = assign(builder->ctx, builder->caller, caller, builder->callee, false);
    plan->callee =
        assign(builder->ctx, builder->callee, builder->signature, builder->caller, false);
    plan->target = ABIDE_TARGET_SYMBOL;
    plan->symbol = function->symbol;
    return plan->caller && plan->callee && abide_build__target(builder) && build(builder);
}

/* ---- thunks of other kinds ---- */

/* The values come in a vector, and the code to call with them. */
static bool build_invoker(struct abide_builder *builder)
{
    struct abide_plan *plan = builder->plan;
    plan->caller = abide_packed__view(builder, builder->caller, builder->callee);
    plan->callee =
        assign(builder->ctx, builder->callee, builder->signature, builder->caller, false);
    return plan->caller && plan->callee && build(builder) && abide_packed__call_from(builder);
}

static const char *param_name_at(const void *user, size_t index)
{
    const abide_signature *signature = user;
    if (index >= signature->param_count)
        return NULL;
    return signature->params[index].name ? signature->params[index].name : "";
}

/* The caller's parameter of user data. false: reported. */
static bool find_data(struct abide_builder *builder, const char *name)
{
    const abide_signature *signature = builder->signature;
    abide_ctx *ctx = builder->ctx;
    for (size_t i = 0; i < signature->param_count; i++) {
        if (!signature->params[i].name || strcmp(signature->params[i].name, name) != 0)
            continue;
        builder->bound = i;
        const abide_type *type = abide_type__strip(signature->params[i].type);
        return type->kind == ABIDE_KIND_POINTER ||
               abide_builder__refuse(builder, &signature->params[i],
                                     "it is no pointer, so it can be no user data", NULL);
    }
    abide_diag *diag =
        abide__report(ctx, ABIDE_CODE_BAD_CALLBACK, builder->place, "%s has no parameter %s",
                      builder->what, abide__quote(ctx, name));
    const char *nearest = abide__nearest(name, param_name_at, signature);
    if (nearest)
        abide__diag_help(ctx, diag, "did you mean '%s'?", nearest);
    return false;
}

/* Where the address of the record is: among the caller's arguments. */
static size_t record_argument(struct abide_builder *builder, const char *data)
{
    struct abide_plan *plan = builder->plan;
    size_t count, index;
    if (!data) {
        plan->caller = abide_packed__with_chain(builder, plan->caller);
        return plan->caller->physical->param_count - 1;
    }
    index = abide_builder__find(plan->caller, builder->bound, &count);
    if (count == 1)
        return index;
    abide_builder__refuse(builder, &builder->signature->params[builder->bound],
                          "it must be one argument", NULL);
    return ABIDE_NO_INDEX;
}

/* As closures of the callee's ABI are called, or all in a vector; from a record. */
static bool build_closure(struct abide_builder *builder, const char *data)
{
    struct abide_plan *plan = builder->plan;
    bool is_handler = plan->kind == ABIDE_PLAN_HANDLER;
    uint64_t pointer_bytes = abide_builder__pointer_bytes(builder);
    if (data && !find_data(builder, data))
        return false;
    plan->caller =
        assign(builder->ctx, builder->caller, builder->signature, builder->callee, false);
    plan->callee = is_handler ? abide_packed__view(builder, builder->callee, builder->caller)
                              : assign(builder->ctx, builder->callee, builder->signature,
                                       builder->caller, !data);
    if (!plan->caller || !plan->callee)
        return false;
    struct abide_object record = {.kind = ABIDE_OBJECT_POINTEE,
                                  .index = record_argument(builder, data)};
    if (record.index == ABIDE_NO_INDEX)
        return false;
    plan->target = ABIDE_TARGET_POINTER;
    plan->code = pointer_in(record, 0, pointer_bytes);
    builder->to_pass = pointer_in(record, pointer_bytes, pointer_bytes);
    if (!build(builder))
        return false;
    if (is_handler)
        return abide_packed__call_to(builder, builder->to_pass);
    if (data)
        return true;
    return abide_builder__find_role(plan->callee, ABIDE_ROLE_ENV) == ABIDE_NO_INDEX
               ? abide_builder__refuse(
                     builder, NULL, "the callee's ABI does not say how it gets environments", NULL)
               : feed_env(builder, builder->to_pass);
}

/* ---- what releases results ---- */

bool abide_build__release(struct abide_builder *outer, const abide_signature *signature,
                          const char *symbol,
                          bool (*fill)(struct abide_builder *builder,
                                       const struct abide_builder *outer))
{
    abide_ctx *ctx = outer->ctx;
    const abide_module *machine = outer->plan->caller->physical->machine;
    struct abide_function *function = abide__new(ctx, struct abide_function);
    struct abide_builder builder;
    *function = (struct abide_function){.name = outer->plan->function->name,
                                        .symbol = symbol,
                                        .signature = signature,
                                        .place = outer->place};
    init_builder(&builder, ctx, outer->plan->iface, function, machine, machine);
    builder.what = outer->what;
    builder.signature = signature;
    builder.plan->checks = ABIDE_CHECKS_UNSAID;
    builder.plan->target = ABIDE_TARGET_SYMBOL;
    builder.plan->symbol = symbol;
    builder.plan->caller = assign(ctx, machine, signature, machine, false);
    builder.plan->callee = assign(ctx, machine, signature, machine, false);
    if (!builder.plan->caller || !builder.plan->callee || !build(&builder) ||
        (fill && !fill(&builder, outer)))
        return false;
    abide_build__finish(&builder);
    builder.plan->releases_for = outer->plan;
    outer->plan->release = builder.plan;
    return true;
}

static bool build_kind(struct abide_builder *builder, const abide_function *function,
                       const char *data)
{
    builder->signature = function->signature;
    switch (builder->plan->kind) {
    case ABIDE_PLAN_ADAPTER:
        return function->has_invokes ? build_invocation(builder, function)
                                     : build_call(builder, function);
    case ABIDE_PLAN_INVOKER: return build_invoker(builder);
    case ABIDE_PLAN_CLOSURE:
    case ABIDE_PLAN_HANDLER: return build_closure(builder, data);
    }
    return false;
}

static bool check_symbol(abide_ctx *ctx, const abide_function *function)
{
    if (!function->interface)
        return true;
    abide_diag *diag =
        abide__report(ctx, ABIDE_CODE_CANNOT_ADAPT, function->place,
                      "'%s' is a method: it has no symbol, and is called through the "
                      "vtable of an object",
                      function->name);
    abide__diag_help(ctx, diag,
                     "objects that a function gets or gives are adapted with that function");
    return false;
}

static const abide_plan *plan_of(abide_ctx *ctx, abide_plan_kind kind, const abide_iface *iface,
                                 const abide_function *function, const char *data,
                                 const abide_module *caller, const abide_module *callee)
{
    struct abide_builder builder;
    abide_convert__begin(ctx);
    init_builder(&builder, ctx, iface, function, caller, callee);
    builder.plan->kind = kind;
    builder.what = abide__printf(ctx, "function '%s'", function->name);
    size_t errors = abide__error_count(ctx);
    if (!check_symbol(ctx, function) || !check_modules(ctx, function, caller, callee) ||
        !abide_language__check_hooks(ctx, caller, callee, iface))
        return NULL;
    if (!build_kind(&builder, function, data)) {
        if (abide__error_count(ctx) == errors)
            abide__report(ctx, ABIDE_CODE_CANNOT_ADAPT, function->place,
                          "%s cannot be adapted from %s to %s", builder.what, caller->name,
                          callee->name);
        return NULL;
    }
    abide_build__hooks(&builder);
    abide_build__unwinding(&builder, "");
    abide_build__finish(&builder);
    if (!abide_moved__release(&builder) || !abide_methods__complete(ctx, builder.plan))
        return NULL;
    const abide_plan *self = builder.plan;
    builder.plan->adapters = abide_plan__adapters(ctx, &self, 1, &builder.plan->adapter_count);
    builder.plan->methods = abide_plan__methods(ctx, &self, 1, &builder.plan->methods_count);
    /* Who has a vector says how many there are. */
    return kind == ABIDE_PLAN_INVOKER || abide_unnamed__check(&builder) ? builder.plan : NULL;
}

/* ---- the public face ---- */

const abide_plan *abide_plan_new(abide_ctx *ctx, const abide_iface *iface,
                                 const abide_function *function, const abide_module *caller,
                                 const abide_module *callee)
{
    return abide_plan_new_of_kind(ctx, ABIDE_PLAN_ADAPTER, iface, function, NULL, caller, callee);
}

const abide_plan *abide_plan_new_of_kind(abide_ctx *ctx, abide_plan_kind kind,
                                         const abide_iface *iface, const abide_function *function,
                                         const char *data, const abide_module *caller,
                                         const abide_module *callee)
{
    struct abide_guard guard;
    if (!iface || !function || !caller || !callee)
        return NULL;
    const struct abide_place before = abide__report_about(ctx, function->place);
    if (setjmp(*abide__guard_enter(ctx, &guard))) {
        abide__report_about(ctx, before);
        return NULL;
    }
    const abide_plan *plan = plan_of(ctx, kind, iface, function, data, caller, callee);
    abide__report_about(ctx, before);
    abide__guard_leave(ctx, &guard);
    return plan;
}

void abide_plan_set_checks(abide_ctx *ctx, abide_checks checks)
{
    ctx->checks = (int)checks;
}

abide_checks abide_plan_checks(const abide_plan *plan)
{
    return plan->checks ? plan->checks : ABIDE_CHECKS_TRUST;
}

const abide_plan *abide_plan_release_of(const abide_plan *plan)
{
    return plan->release;
}

const abide_plan *const *abide_plan__with_releases(abide_ctx *ctx, const abide_plan *const *plans,
                                                   size_t *plan_count)
{
    ABIDE_VEC(const abide_plan *) all = {0};
    for (size_t i = 0; i < *plan_count; i++) {
        abide__push(ctx, &all, plans[i]);
        if (plans[i]->release)
            abide__push(ctx, &all, plans[i]->release);
    }
    *plan_count = all.count;
    return all.items;
}

abide_plan_kind abide_plan_kind_of(const abide_plan *plan)
{
    return plan->kind;
}

const abide_assignment *abide_plan_caller(const abide_plan *plan)
{
    return plan->caller;
}

const abide_assignment *abide_plan_callee(const abide_plan *plan)
{
    return plan->callee;
}

abide_cost abide_plan_cost(const abide_plan *plan)
{
    return plan->cost;
}

size_t abide_plan_price_count(const abide_plan *plan)
{
    return plan->price_count;
}

abide_cost abide_plan_price_at(const abide_plan *plan, size_t index, const char **name,
                               const char **why)
{
    assert(index < plan->price_count);
    if (name)
        *name = plan->prices[index].name;
    if (why)
        *why = plan->prices[index].why;
    return plan->prices[index].cost;
}

uint64_t abide_plan_copied_bytes(const abide_plan *plan)
{
    return plan->copied_bytes;
}

uint64_t abide_plan_temporary_bytes(const abide_plan *plan)
{
    uint64_t sum = 0;
    for (size_t i = 0; plan->tier != ABIDE_TIER_SAME && i < plan->temporary_count; i++)
        sum += plan->temporaries[i].size_bytes;
    return sum;
}

bool abide_plan_is_tail_call(const abide_plan *plan)
{
    return plan->tier != ABIDE_TIER_CALL;
}

const char *abide_plan_tier(const abide_plan *plan, const char **reason)
{
    static const char *const names[] = {
        [ABIDE_TIER_SAME] = "same", [ABIDE_TIER_TAIL] = "tail", [ABIDE_TIER_CALL] = "call"};
    if (reason)
        *reason = plan->tier_reason;
    return names[plan->tier];
}
