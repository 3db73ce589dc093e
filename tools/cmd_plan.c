/* abide plan: what an adapter between two ABIs does, step by step, and what goes wrong without one. */
#include "adapter.h"
#include "emitter.h"
#include "json.h"
#include "picture/plan.h"
#include "table.h"

#include <string.h>

const struct poptOption plan_options[] = {
    ADAPTER_ROWS,
    OPTION_FLAG("without", 0, OPTION_WITHOUT, "show what goes wrong if there is no adapter"),
    OPTION_PICTURE_ROW,
    OPTIONS_MODULES,
    OPTIONS_REST,
    POPT_TABLEEND};

static const char *cost_word(abide_cost cost)
{
    static const char *const words[] = {[ABIDE_COST_NOTHING] = "nothing",
                                        [ABIDE_COST_SHUFFLE] = "shuffle",
                                        [ABIDE_COST_COPY] = "copy",
                                        [ABIDE_COST_ALLOCATE] = "allocate",
                                        [ABIDE_COST_RUNTIME] = "runtime"};
    return words[cost];
}

/* What each value costs; why, where it is more than a shuffle. */
static void print_prices(struct cli *cli, const abide_plan *plan)
{
    const char *name, *why;
    for (size_t i = 0; i < abide_plan_price_count(plan); i++) {
        abide_cost cost = abide_plan_price_at(plan, i, &name, NULL);
        text_printf(&cli->product, "%s%s %s", i ? ", " : "  costs: ", name ? name : "result",
                    cost_word(cost));
    }
    if (abide_plan_price_count(plan))
        text_puts(&cli->product, "\n");
    for (size_t i = 0; i < abide_plan_price_count(plan); i++)
        if (abide_plan_price_at(plan, i, &name, &why) > ABIDE_COST_SHUFFLE)
            text_printf(&cli->product, "    %s: %s\n", name ? name : "result", why);
}

static void print_heading(struct cli *cli, const abide_function *function)
{
    text_printf(&cli->product, "%s%s%s%s\n", style_on(CELL_HEAD, cli->color_out),
                abide_function_name(function), style_off(CELL_HEAD, cli->color_out),
                abide_signature_print(cli->ctx, abide_function_signature(function)));
}

static const char *step_text(struct cli *cli, const abide_plan *plan, size_t index,
                             const char **kind)
{
    const char *text = abide_plan_step_at(cli->ctx, plan, index, kind);
    if (!text)
        cli_no_memory();
    return text;
}

static const char *const *clashes_of(struct cli *cli, const abide_plan *plan, size_t *count)
{
    *count = 0;
    return abide_plan_clashes(cli->ctx, plan, count);
}

/* How machine code of a plan would be made. `words` NULL: it cannot be, and `why` says why. */
struct machine_code {
    const char *words, *why;
};

/* false: there is nobody to ask. Refusals are answers, not errors. */
static bool machine_code_of(struct cli *cli, const abide_plan *plan, struct machine_code *code)
{
    static emitter_way *way;
    static bool is_open;
    if (!is_open)
        way = emitter_way_open();
    is_open = true;
    if (!way)
        return false;
    code->words = way(cli->ctx, plan, &code->why);
    size_t count = abide_ctx_diag_count(cli->ctx);
    if (!code->words && count > 0) {
        const char *message = abide_diag_message(abide_ctx_diag_at(cli->ctx, count - 1));
        code->why = cli_copy(message, strlen(message));
        abide_ctx_clear_diags(cli->ctx);
    }
    return true;
}

static void print_machine_code(struct cli *cli, const abide_plan *plan)
{
    struct machine_code code;
    if (machine_code_of(cli, plan, &code))
        text_printf(&cli->product, "  machine code: %s%s%s\n", code.words ? code.words : "none",
                    code.why ? ": " : "", code.why ? code.why : "");
}

static void print_step_table(struct cli *cli, const abide_plan *plan)
{
    struct table table;
    table_start(&table, 2);
    for (size_t i = 0; i < abide_plan_step_count(plan); i++) {
        table_add_right(&table, cli_printf("%zu", i + 1));
        table_add(&table, step_text(cli, plan, i, NULL));
    }
    table_print(&table, 2, cli->color_out, &cli->product);
}

/* The thunk that callers call when they have read the result. */
static void print_release(struct cli *cli, const abide_plan *plan)
{
    const abide_plan *release = abide_plan_release_of(plan);
    const char *symbol = release ? abide_plan_symbol(cli->ctx, release, NULL) : NULL;
    if (!release)
        return;
    text_printf(&cli->product, "  and when the caller has read the result, %s:\n",
                symbol ? symbol : "another thunk");
    print_step_table(cli, release);
}

static void print_steps(struct cli *cli, const abide_plan *plan)
{
    print_step_table(cli, plan);
    text_printf(&cli->product, "  %s\n", adapter_cost_text(plan));
    print_machine_code(cli, plan);
    print_prices(cli, plan);
    print_release(cli, plan);
}

static void print_clashes(struct cli *cli, const abide_plan *plan)
{
    size_t count = 0;
    const char *const *clashes = clashes_of(cli, plan, &count);
    if (!count)
        text_puts(&cli->product, "  nothing goes wrong: both sides agree\n");
    for (size_t i = 0; i < count; i++)
        text_printf(&cli->product, "  - %s\n", clashes[i]);
}

static void print_text(struct cli *cli, const struct adapters *adapters)
{
    text_printf(&cli->product, "%s  ->  %s, %s%s\n",
                question_abi_title(adapters->caller, cli->options.caller),
                question_abi_title(adapters->callee, cli->options.callee),
                abide_module_target(adapters->callee),
                cli->options.without ? ", without an adapter" : "");
    for (size_t i = 0; i < adapters->count; i++) {
        text_puts(&cli->product, "\n");
        print_heading(cli, adapters->functions[i]);
        if (cli->options.without)
            print_clashes(cli, adapters->plans[i]);
        else
            print_steps(cli, adapters->plans[i]);
    }
}

static void put_prices(json_t *object, const abide_plan *plan)
{
    json_t *params = json_new_array(), *result = json_null();
    for (size_t i = 0; i < abide_plan_price_count(plan); i++) {
        const char *name, *why;
        json_t *price = json_new_object();
        abide_cost cost = abide_plan_price_at(plan, i, &name, &why);
        if (name)
            json_put_text(price, "name", name);
        json_put_text(price, "cost", cost_word(cost));
        json_put_text(price, "why", why);
        if (name)
            json_add(params, price);
        else
            result = price;
    }
    json_put(object, "params", params);
    json_put(object, "result", result);
}

static json_t *steps_json(struct cli *cli, const abide_plan *plan)
{
    json_t *steps = json_new_array();
    for (size_t i = 0; i < abide_plan_step_count(plan); i++) {
        const char *kind = NULL;
        const char *text = step_text(cli, plan, i, &kind);
        json_t *step = json_new_object();
        json_put_text(step, "kind", kind);
        json_put_text(step, "text", text);
        json_add(steps, step);
    }
    return steps;
}

static json_t *plan_json(struct cli *cli, const abide_function *function, const abide_plan *plan)
{
    json_t *object = json_new_object();
    json_put_text(object, "name", abide_function_name(function));
    json_put_text(object, "symbol", abide_function_symbol(function));
    json_put_text(object, "cost", cost_word(abide_plan_cost(plan)));
    put_prices(object, plan);
    json_put_size(object, "copied_bytes", abide_plan_copied_bytes(plan));
    json_put_size(object, "temporary_bytes", abide_plan_temporary_bytes(plan));
    json_put_bool(object, "tail_call", abide_plan_is_tail_call(plan));
    const char *reason = NULL;
    json_put_text(object, "tier", abide_plan_tier(plan, &reason));
    json_put_text(object, "tier_reason", reason);
    struct machine_code code;
    json_t *machine_code = json_null();
    if (machine_code_of(cli, plan, &code)) {
        machine_code = json_new_object();
        json_put_text(machine_code, "way", code.words);
        json_put_text(machine_code, "why", code.why);
    }
    json_put(object, "machine_code", machine_code);
    json_put(object, "steps", steps_json(cli, plan));
    if (abide_plan_release_of(plan))
        json_put(object, "release_steps", steps_json(cli, abide_plan_release_of(plan)));
    json_t *clashes = json_new_array();
    size_t count = 0;
    const char *const *texts = clashes_of(cli, plan, &count);
    for (size_t i = 0; i < count; i++)
        json_add(clashes, json_text(texts[i]));
    json_put(object, "without", clashes);
    return object;
}

static void print_json(struct cli *cli, const struct adapters *adapters)
{
    json_t *root = json_new_answer(cli);
    json_put_text(root, "target", abide_module_target(adapters->callee));
    json_put(root, "caller", json_module(adapters->caller));
    json_put(root, "callee", json_module(adapters->callee));
    json_t *functions = json_new_array();
    for (size_t i = 0; i < adapters->count; i++)
        json_add(functions, plan_json(cli, adapters->functions[i], adapters->plans[i]));
    json_put(root, "functions", functions);
    json_print(root, &cli->product);
}

static enum status run(struct cli *cli)
{
    struct adapters adapters = {0};
    enum status status = adapters_open(cli, &adapters);
    if (status != STATUS_OK)
        return status;
    switch (cli->options.format) {
    case FORMAT_JSON: print_json(cli, &adapters); break;
    case FORMAT_SVG: plan_print_svg(cli, &adapters); break;
    case FORMAT_HTML: plan_print_html(cli, &adapters); break;
    default: print_text(cli, &adapters);
    }
    return STATUS_OK;
}

const struct verb verb_plan = {
    .name = "plan",
    .summary = "what an adapter between two ABIs does, and what goes wrong without it",
    .operands = "FILE [FUNCTION...]",
    .about = "Shows, for functions of an interface file, what an adapter does that lets code of\n"
             "the caller's ABI call a function of the callee's ABI. No code is made ('abide\n"
             "thunk' does). A name may be a pattern with * and ?.",
    .examples = {"abide plan api.abi.yaml --caller ./my.yaml --callee c             # every step",
                 "abide plan api.abi.yaml --caller ./my.yaml --callee c --without   # the damage"},
    .options = plan_options,
    .operands_min = 1,
    .operands_max = OPERANDS_ANY,
    .run = run,
    .names = question_functions,
};
