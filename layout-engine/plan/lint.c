/* What can be said about an interface and an ABI together: results that nobody can release. */
#include "base/diag.h"
#include "plan/lift.h"
#include "plan/parts.h"

struct lint {
    abide_ctx *ctx;
    const abide_iface *iface;
    const abide_module *module;
    const abide_function *function;
};

/* Reports what is given away to code of the ABI, if that cannot release it. */
static void check_given(const struct lint *lint, const char *what, const abide_type *type,
                        struct abide_place place)
{
    struct abide_representing how = {
        .module = lint->module, .foreign = lint->module, .quiet = true};
    struct abide_lifting lifting = {.crossing = {lint->ctx, lint->module, lint->module},
                                    .iface = lint->iface,
                                    .function = lint->function->name,
                                    .parameter = "result"};
    const struct abide_routine *routine;
    const char *help = NULL;
    if (!abide_lift__owns(lint->ctx, type))
        return;
    const abide_type *physical = abide_represent__as(lint->ctx, &how, type);
    if (!physical) /* it travels in the form of the other side, which has to say */
        return;
    const char *reason = abide_lift__drop(&lifting, lint->module, type, physical, &routine, &help);
    if (!reason)
        return;
    abide_diag *diag = abide__report(lint->ctx, ABIDE_CODE_UNRELEASABLE_RESULT, place,
                                     "%s of '%s' is given away, and %s cannot release it: %s", what,
                                     lint->function->name, lint->module->name, reason);
    if (help)
        abide__diag_help(lint->ctx, diag, "%s", help);
}

static void check_function(const struct lint *lint)
{
    const abide_signature *signature = lint->function->signature;
    if (!signature->has_lender)
        check_given(lint, "the result", signature->result, lint->function->place);
    for (size_t i = 0; i < signature->param_count; i++) {
        const struct abide_param *param = &signature->params[i];
        if (param->mode == ABIDE_MODE_OUT)
            check_given(lint,
                        abide__printf(lint->ctx, "parameter '%s'", param->name ? param->name : ""),
                        param->type, param->place);
    }
}

void abide_plan_lint(abide_ctx *ctx, const abide_iface *iface, const abide_module *module)
{
    struct abide_guard guard;
    if (!iface || !module || setjmp(*abide__guard_enter(ctx, &guard)))
        return;
    struct lint lint = {.ctx = ctx, .iface = iface, .module = module};
    for (size_t i = 0; i < iface->function_count; i++) {
        lint.function = iface->functions[i];
        check_function(&lint);
    }
    abide__guard_leave(ctx, &guard);
}
