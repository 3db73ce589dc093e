/* Adapters between two ABIs. */
#include "adapter.h"

static enum status require_both(struct cli *cli)
{
    const struct options *options = &cli->options;
    static const char *const help =
        "an adapter stands between two ABIs: --caller REF --callee REF ('abide abi list')";
    if (!options->caller)
        return cli_misuse(cli, "missing-operand", help, "--caller is missing");
    if (!options->callee)
        return cli_misuse(cli, "missing-operand", help, "--callee is missing");
    return STATUS_OK;
}

enum status adapters_choose(struct cli *cli, const abide_iface *iface)
{
    struct options *options = &cli->options;
    if (options->caller && !options->callee)
        options->callee = abide_iface_provides(iface);
    else if (options->callee && !options->caller)
        options->caller = abide_iface_provides(iface);
    return require_both(cli);
}

static enum status load(struct cli *cli, struct adapters *adapters)
{
    const struct options *options = &cli->options;
    const char *target = options->targets.count ? options->targets.items[0] : NULL;
    if (options->targets.count > 1)
        return cli_misuse(cli, "unexpected-operand", "ask for one target at a time",
                          "more than one --target");
    enum status status = options->caller || options->callee ? STATUS_OK : require_both(cli);
    if (status != STATUS_OK)
        return status;
    adapters->iface = abide_iface_load(cli->ctx, options->operands.items[0]);
    if (!adapters->iface && !(options->caller && options->callee))
        return cli_failure(cli);
    status = adapters->iface ? adapters_choose(cli, adapters->iface) : STATUS_OK;
    if (status != STATUS_OK)
        return status;
    adapters->caller = abide_module_load(cli->ctx, options->caller, target);
    adapters->callee = abide_module_load(cli->ctx, options->callee, target);
    if (options->call_aliases)
        adapters->iface = abide_iface_with_aliases(cli->ctx, adapters->iface, adapters->callee,
                                                   ABIDE_ALIAS_CONTRACT);
    return adapters->iface && adapters->caller && adapters->callee ? STATUS_OK : cli_failure(cli);
}

/* What --require excludes: the dearest value that is more than moved. */
static bool refuse_price(struct cli *cli, const abide_function *function, const abide_plan *plan)
{
    static const char *const deeds[] = {
        [ABIDE_COST_NOTHING] = "",
        [ABIDE_COST_SHUFFLE] = "",
        [ABIDE_COST_COPY] = "is copied",
        [ABIDE_COST_ALLOCATE] = "is converted into a copy (allocate)",
        [ABIDE_COST_RUNTIME] = "is converted by functions of a runtime (runtime)",
    };
    const char *name, *why;
    for (size_t i = 0; i < abide_plan_price_count(plan); i++) {
        abide_cost cost = abide_plan_price_at(plan, i, &name, &why);
        if (cost <= ABIDE_COST_COPY)
            continue;
        cli_report(cli, "requirement-not-met",
                   "let both sides hold it alike (`form:` of the parameter, `forms:` of the file), "
                   "or lend it as a slice",
                   "the adapter for '%s' is not zero-copy: %s %s, since %s",
                   abide_function_name(function), name ? name : "the result", deeds[cost], why);
        return true;
    }
    return false;
}

/* Refuses what --require excludes. */
static bool is_accepted(struct cli *cli, const abide_function *function, const abide_plan *plan)
{
    if (!cli->options.require)
        return true;
    if (refuse_price(cli, function, plan))
        return false;
    if (abide_plan_copied_bytes(plan) == 0)
        return true;
    cli_report(cli, "requirement-not-met",
               "'abide plan' shows the copies; pass such values by pointer, or in an ABI that "
               "both sides share",
               "the adapter for '%s' copies %llu bytes at each call, which --require zero-copy "
               "excludes",
               abide_function_name(function), (unsigned long long)abide_plan_copied_bytes(plan));
    return false;
}

/* Only what is called from a record has user data to find it by. */
static enum status check_kind(struct cli *cli)
{
    int kind = cli->options.kind;
    if (!cli->options.data || kind == ABIDE_PLAN_CLOSURE || kind == ABIDE_PLAN_HANDLER)
        return STATUS_OK;
    return cli_misuse(cli, "bad-option-value", "say --kind closure or --kind handler",
                      "--data is for thunks that find what they call in a record");
}

static const char *bytes_text(uint64_t bytes)
{
    return cli_printf("%llu byte%s", (unsigned long long)bytes, bytes == 1 ? "" : "s");
}

const char *adapter_cost_text(const abide_plan *plan)
{
    const char *text =
        abide_plan_is_tail_call(plan) ? "ends in a jump, no frame" : "a frame and a call";
    uint64_t copied_bytes = abide_plan_copied_bytes(plan);
    uint64_t temporary_bytes = abide_plan_temporary_bytes(plan);
    switch (abide_plan_cost(plan)) {
    case ABIDE_COST_NOTHING: return "nothing to do: both sides agree";
    case ABIDE_COST_SHUFFLE: break;
    case ABIDE_COST_COPY: break;
    case ABIDE_COST_ALLOCATE: text = cli_printf("%s, makes a converted copy", text); break;
    case ABIDE_COST_RUNTIME: text = cli_printf("%s, calls into a runtime", text); break;
    }
    return cli_printf("%s, %s copied, %s of temporaries", text, bytes_text(copied_bytes),
                      bytes_text(temporary_bytes));
}

static void make_room(struct adapters *adapters, size_t count)
{
    adapters->functions = cli_alloc(count + 1, sizeof *adapters->functions);
    adapters->plans = cli_alloc(count + 1, sizeof *adapters->plans);
    adapters->refusals = cli_alloc(count + 1, sizeof *adapters->refusals);
    adapters->count = count;
}

enum status adapters_of_all(struct cli *cli, const abide_iface *iface, const char *target,
                            struct adapters *adapters)
{
    *adapters = (struct adapters){
        .iface = iface,
        .caller = abide_module_load(cli->ctx, cli->options.caller, target),
        .callee = abide_module_load(cli->ctx, cli->options.callee, target),
    };
    if (!adapters->caller || !adapters->callee)
        return cli_failure(cli);
    make_room(adapters, abide_iface_function_count(iface));
    for (size_t i = 0; i < adapters->count; i++) {
        size_t reports = abide_ctx_diag_count(cli->ctx);
        adapters->functions[i] = abide_iface_function_at(iface, i);
        adapters->plans[i] = abide_plan_new(cli->ctx, iface, adapters->functions[i],
                                            adapters->caller, adapters->callee);
        if (!adapters->plans[i])
            adapters->refusals[i] = abide_ctx_diag_count(cli->ctx) > reports
                                        ? abide_diag_message(abide_ctx_diag_at(cli->ctx, reports))
                                        : "there are too many errors to tell";
    }
    return STATUS_OK;
}

enum status adapters_open(struct cli *cli, struct adapters *adapters)
{
    enum status status = check_kind(cli);
    if (status == STATUS_OK)
        status = load(cli, adapters);
    if (status != STATUS_OK)
        return status;
    struct names names = question_functions(adapters->iface);
    struct selection selection;
    status = question_select(cli, &names, &selection);
    if (status != STATUS_OK)
        return status;

    make_room(adapters, selection.count);
    abide_plan_set_checks(cli->ctx, (abide_checks)cli->options.checks);
    bool good = true;
    for (size_t i = 0; i < selection.count; i++) {
        const abide_function *function =
            abide_iface_function_at(adapters->iface, selection.indexes[i]);
        const abide_plan *plan =
            abide_plan_new_of_kind(cli->ctx, (abide_plan_kind)cli->options.kind, adapters->iface,
                                   function, cli->options.data, adapters->caller, adapters->callee);
        adapters->functions[i] = function;
        adapters->plans[i] = plan;
        good = plan && is_accepted(cli, function, plan) && good;
    }
    return good ? STATUS_OK : cli_failure(cli);
}
