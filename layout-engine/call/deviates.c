/* Whether a value is among those about which a compiler does otherwise than the module says (spec/compilers.h). */
#include "call/evaluate.h"
#include "call/physical.h"
#include "spec/compilers.h"

#include "abide/call.h"

static bool holds(abide_ctx *ctx, const abide_module *module, size_t index, const abide_type *type,
                  struct abide_passed passed)
{
    if (type->kind == ABIDE_KIND_VOID)
        return false;
    passed.ctx = ctx;
    passed.module = module->machine;
    passed.layout = abide_layout__physical(ctx, module->machine->data, type);
    return passed.layout &&
           abide_evaluate__holds(&passed, abide_compilers__when(passed.module->compilers, index));
}

static bool in_call(abide_ctx *ctx, const abide_module *module, size_t index,
                    const struct abide_physical *physical)
{
    enum abide_deviation_of of = module->machine->compilers->deviations[index].of;
    struct abide_passed passed = {.is_variadic_function = physical->is_variadic,
                                  .has_no_result = abide_physical__has_no_result(physical)};
    if (of == ABIDE_DEVIATES_RETURNS)
        return holds(ctx, module, index, physical->result.type, passed);
    for (size_t i = 0; of == ABIDE_DEVIATES_ARGS && i < physical->param_count; i++) {
        passed.is_variadic = physical->params[i].is_variadic;
        passed.number = i + 1;
        if (holds(ctx, module, index, physical->params[i].type, passed))
            return true;
    }
    return false;
}

bool abide_deviation_in_call(abide_ctx *ctx, const abide_module *module, size_t index,
                             const abide_signature *signature)
{
    struct abide_guard guard;
    if (!module || !signature || setjmp(*abide__guard_enter(ctx, &guard)))
        return false;
    const struct abide_physical *physical = abide_physical__of(ctx, module, signature, NULL, false);
    bool found = physical && in_call(ctx, module, index, physical);
    abide__guard_leave(ctx, &guard);
    return found;
}

bool abide_deviation_in_layout(abide_ctx *ctx, const abide_module *module, size_t index,
                               const abide_type *type)
{
    struct abide_guard guard;
    const abide_layout *layout = abide_layout_of(ctx, module, type);
    if (!layout || setjmp(*abide__guard_enter(ctx, &guard)))
        return false;
    enum abide_deviation_of of = module->machine->compilers->deviations[index].of;
    bool found = of == ABIDE_DEVIATES_LAYOUT &&
                 holds(ctx, module, index, abide_layout_type(layout), (struct abide_passed){0});
    abide__guard_leave(ctx, &guard);
    return found;
}
