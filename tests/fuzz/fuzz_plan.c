/* Any interface, between any two languages: layouts, calls, adapters and their C, or diagnostics that can be printed. */
#include "abide/abide.h"
#include "abide/plan.h"

#include <stdint.h>
#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size_bytes);

enum { LANGUAGES = 4, INPUTS_OF_A_CONTEXT = 32, FUNCTIONS_MAX = 12 };

struct session {
    abide_ctx *ctx;
    const abide_module *languages[LANGUAGES];
    unsigned input_count;
};

static void expect(bool condition)
{
    if (!condition)
        abort();
}

/* Modules take longer to read than interfaces. */
static struct session *session(void)
{
    static const char *const names[LANGUAGES] = {"c", "system", "nim-cgen:gc=orc", "com"};
    static struct session session;
    if (session.input_count++ % INPUTS_OF_A_CONTEXT == 0) {
        abide_ctx_free(session.ctx);
        abide_ctx_options options = ABIDE_CTX_OPTIONS_INIT;
        options.embedded_only = true;
        session.ctx = abide_ctx_new(&options);
        for (size_t i = 0; i < LANGUAGES; i++) {
            session.languages[i] = abide_module_load(session.ctx, names[i], "x86_64-linux-gnu");
            expect(session.languages[i]);
        }
    }
    return &session;
}

static void print_diagnostics(abide_ctx *ctx)
{
    for (size_t i = 0; i < abide_ctx_diag_count(ctx); i++)
        expect(abide_diag_print(ctx, abide_ctx_diag_at(ctx, i), false));
    abide_ctx_clear_diags(ctx);
}

/* What there is no plan of was reported. */
static const abide_plan *plan_of(abide_ctx *ctx, const abide_iface *iface,
                                 const abide_function *function, const abide_module *caller,
                                 const abide_module *callee)
{
    const abide_plan *plan = abide_plan_new(ctx, iface, function, caller, callee);
    expect(plan || abide_ctx_diag_count(ctx));
    for (size_t i = 0; plan && i < abide_plan_step_count(plan); i++)
        expect(abide_plan_step_at(ctx, plan, i, NULL));
    return plan;
}

static void plan_all(abide_ctx *ctx, const abide_iface *iface, const abide_module *caller,
                     const abide_module *callee)
{
    const abide_plan *plans[FUNCTIONS_MAX];
    size_t count = 0;
    for (size_t i = 0; i < abide_iface_function_count(iface) && i < FUNCTIONS_MAX; i++) {
        plans[count] = plan_of(ctx, iface, abide_iface_function_at(iface, i), caller, callee);
        count += plans[count] != NULL;
    }
    print_diagnostics(ctx);
    expect(abide_plan_print_c(ctx, plans, count, "made_") || abide_ctx_diag_count(ctx));
    print_diagnostics(ctx);
}

static void lay_out_all(abide_ctx *ctx, const abide_iface *iface, const abide_module *module)
{
    for (size_t i = 0; i < abide_iface_type_count(iface); i++)
        expect(abide_layout_of(ctx, module, abide_iface_type_at(iface, i)) ||
               abide_ctx_diag_count(ctx));
    print_diagnostics(ctx);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size_bytes)
{
    struct session *now = session();
    abide_ctx *ctx = now->ctx;
    const abide_iface *iface = abide_iface_parse(ctx, "fuzz", (const char *)data, size_bytes);
    expect((iface != NULL) == (abide_ctx_diag_count(ctx) == 0));
    print_diagnostics(ctx);
    static const abide_checks checks[] = {ABIDE_CHECKS_TRUST, ABIDE_CHECKS_CHECKED,
                                          ABIDE_CHECKS_CONVERT};
    abide_plan_set_checks(ctx, checks[size_bytes % (sizeof checks / sizeof *checks)]);
    for (size_t caller = 0; iface && caller < LANGUAGES; caller++) {
        lay_out_all(ctx, iface, now->languages[caller]);
        for (size_t callee = 0; callee < LANGUAGES; callee++)
            plan_all(ctx, iface, now->languages[caller], now->languages[callee]);
    }
    return 0;
}
