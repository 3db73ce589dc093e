/*
 * Memory that changes hands with a call besides what values own: records of all parameters, and results behind a pointer. One
 * side makes it by its hook `allocate`; the other gives it back by `release`, or calls what its ABI has for that (`after_return`).
 */
#include "plan/build.h"
#include "plan/routine_build.h"

#include <string.h>

static const char *name_of(const struct abide_param *param)
{
    return param && param->name ? param->name : "result";
}

/* The symbol of a memory hook. NULL: reported. */
static const char *hook_of(struct abide_builder *builder, const abide_module *module,
                           const struct abide_param *param, bool allocates)
{
    struct abide_lifting lifting = {.crossing = {builder->ctx, module, module},
                                    .iface = builder->plan->iface};
    const char *symbol = NULL, *help = NULL;
    const char *reason = abide_lift__memory_symbol(&lifting, module, allocates, &symbol, &help);
    if (reason)
        abide_builder__refuse(builder, param, reason, help);
    return symbol;
}

/* ---- making it ---- */

/* (from, to): a copy of the value at `from` in memory of its own, whose address goes to `to`. */
static const struct abide_routine *write_make(struct abide_builder *builder, const char *symbol,
                                              const char *parameter, uint64_t size_bytes)
{
    enum { FROM, TO };
    abide_ctx *ctx = builder->ctx;
    struct abide_routine *routine = abide_routine__new(ctx, "give_memory", 2);
    struct abide_routine_builder body;
    struct abide_runs all = abide_builder__identity(builder, size_bytes);
    abide_routine__start(ctx, &body, routine);
    abide_value bytes = abide_op__constant(&body, size_bytes);
    abide_value memory = abide_op__call(&body, symbol, &bytes, 1, true);
    abide_value null = abide_op__constant(&body, 0);
    abide_op__if(&body, abide_op__pair(&body, ABIDE_OP_EQUAL, memory, null));
    abide_op__trap(&body, ABIDE_TRAP_NO_MEMORY, builder->plan->function->name, parameter, bytes);
    abide_op__end(&body);
    abide_op__runs(&body, memory, FROM, &all);
    abide_op__store(&body, TO, 0, abide_builder__pointer_bytes(builder), memory);
    abide_routine__finish(&body);
    return routine;
}

struct abide_object abide_moved__make(struct abide_builder *builder, const abide_module *module,
                                      const struct abide_param *param, struct abide_object value,
                                      bool after_call)
{
    abide_ctx *ctx = builder->ctx;
    uint64_t pointer_bytes = abide_builder__pointer_bytes(builder);
    struct abide_object address =
        abide_builder__temporary(builder, pointer_bytes, pointer_bytes, false, "its address");
    const char *symbol = hook_of(builder, module, param, true);
    if (symbol && value.align_bytes > 2 * pointer_bytes) /* what every allocator promises */
        abide_builder__refuse(builder, param,
                              "it is aligned to more bytes than allocated memory is", NULL);
    if (!symbol)
        return address;
    struct abide_copy_step make = {
        .from = value,
        .to = address,
        .frame = address,
        .routine = write_make(builder, symbol, name_of(param), value.size_bytes),
        .words = abide__printf(ctx, "put %s into memory of %s's own (%s)",
                               after_call ? "the result" : "all parameters", module->name, symbol)};
    if (after_call)
        abide__push(ctx, &builder->after, make);
    else
        abide__push(ctx, &builder->before, make);
    if (after_call)
        abide_builder__charge(builder, SIZE_MAX, ABIDE_COST_ALLOCATE,
                              "it lies in memory that is allocated");
    return address;
}

/* ---- giving it back ---- */

/* (memory) */
static const struct abide_routine *write_free(abide_ctx *ctx, const char *symbol)
{
    struct abide_routine *routine = abide_routine__new(ctx, "free_memory", 1);
    struct abide_routine_builder body;
    abide_value memory = 0;
    abide_routine__start(ctx, &body, routine);
    abide_op__call(&body, symbol, &memory, 1, false);
    abide_routine__finish(&body);
    return routine;
}

bool abide_moved__free(struct abide_builder *builder, const abide_module *module,
                       const struct abide_param *param, struct abide_object memory,
                       const char *words)
{
    const char *symbol = hook_of(builder, module, param, false);
    if (!symbol)
        return false;
    struct abide_copy_step step = {.from = memory,
                                   .routine = write_free(builder->ctx, symbol),
                                   .releases = true,
                                   .words = abide__printf(builder->ctx, "%s (%s)", words, symbol)};
    abide__push(builder->ctx, &builder->cleanup, step);
    return true;
}

void abide_moved__give_back(struct abide_builder *builder, const char *symbol)
{
    struct abide_copy_step step = {
        .from = {.kind = ABIDE_OBJECT_CALLEE_POINTEE, .size_bytes = 1, .align_bytes = 1},
        .routine = write_free(builder->ctx, symbol),
        .releases = true,
        .words = abide__printf(builder->ctx, "tell the callee that its result has been read: %s",
                               symbol)};
    abide__push(builder->ctx, &builder->cleanup, step);
}

const char *abide_moved__symbol(abide_ctx *ctx, const abide_module *module, const char *function)
{
    const char *pattern = module->language->after_return;
    const char *hole = pattern ? strstr(pattern, "$f") : NULL;
    return hole ? abide__printf(ctx, "%.*s%s%s", (int)(hole - pattern), pattern, function, hole + 2)
                : NULL;
}

/* ---- what callers call when they have read a result ---- */

/* What the result owns: memory alone. Resources in it are the reader's. */
static bool drop_content(struct abide_builder *builder, const struct abide_builder *outer)
{
    const struct abide_plan *plan = outer->plan;
    const abide_type *physical = plan->caller->physical->result.value_type;
    const abide_layout *layout =
        abide_layout__physical(builder->ctx, plan->caller->physical->machine->data, physical);
    struct abide_lifting lifting = {.crossing = {builder->ctx, outer->caller, outer->caller},
                                    .iface = plan->iface,
                                    .function = plan->function->name,
                                    .parameter = "result",
                                    .releases = ABIDE_RELEASE_MEMORY};
    const struct abide_routine *routine = NULL;
    const char *help = NULL;
    if (outer->signature->has_lender)
        lifting.releases |= ABIDE_RELEASE_LENT;
    const char *reason = abide_lift__drop(&lifting, outer->caller, outer->signature->result,
                                          physical, &routine, &help);
    if (reason || !layout)
        return abide_builder__refuse(builder, NULL, reason ? reason : "it has no layout", help);
    struct abide_copy_step drop = {.from = {.kind = ABIDE_OBJECT_POINTEE,
                                            .size_bytes = layout->size_bytes,
                                            .align_bytes = layout->align_bytes},
                                   .routine = routine,
                                   .releases = true,
                                   .words = "release all that the result owns"};
    if (routine)
        abide__push(builder->ctx, &builder->before, drop);
    return true;
}

bool abide_moved__release(struct abide_builder *outer)
{
    const struct abide_plan *plan = outer->plan;
    const struct abide_physical_result *result = &plan->caller->physical->result;
    if (plan->kind != ABIDE_PLAN_ADAPTER || plan->is_inner || !result->is_moved ||
        !outer->caller->language->after_return)
        return true;
    const char *symbol = outer->passes_moved
                             ? abide_moved__symbol(outer->ctx, outer->callee, plan->symbol)
                             : hook_of(outer, outer->caller, NULL, false);
    struct abide_param *param = abide__new(outer->ctx, struct abide_param);
    abide_signature *signature = abide__new(outer->ctx, abide_signature);
    *param = (struct abide_param){
        .name = "result",
        .type = abide_type__pointer(outer->ctx, abide_type__void(outer->ctx), true, true)};
    *signature = (abide_signature){.params = param,
                                   .param_count = 1,
                                   .fixed_count = 1,
                                   .result = abide_type__void(outer->ctx),
                                   .place = plan->function->place};
    return symbol && abide_build__release(outer, signature, symbol,
                                          outer->passes_moved ? NULL : drop_content);
}
