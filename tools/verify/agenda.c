#include "agenda.h"

#include "cli.h"
#include "process.h"

#include <string.h>

static void add_run(struct agenda *agenda, const struct verify_run *run)
{
    if (agenda->count == agenda->capacity) {
        size_t capacity = agenda->capacity ? 2 * agenda->capacity : MAX_TOOLCHAINS;
        struct verify_run *runs = cli_alloc(capacity, sizeof *runs);
        for (size_t i = 0; i < agenda->count; i++)
            runs[i] = agenda->runs[i];
        agenda->runs = runs;
        agenda->capacity = capacity;
    }
    agenda->runs[agenda->count++] = *run;
}

enum status agenda_add(struct cli *cli, const struct verify_options *options, const char *reference,
                       struct agenda *agenda)
{
    struct plan *plan = cli_alloc(1, sizeof *plan);
    plan->reference = reference;
    plan->directory = options->directory;
    enum status status = plan_make(cli, plan);
    if (status != STATUS_OK)
        return status;
    for (size_t i = 0; i < plan->count; i++)
        add_run(agenda, &plan->runs[i]);
    for (size_t i = 0; i < plan->not_asked.count; i++)
        words_add(&agenda->not_asked, plan->not_asked.items[i]);
    return status;
}

/* Why a module cannot be asked about; with --target, it is only left out that it is of another one. */
static void leave_out(struct cli *cli, const char *name, struct agenda *agenda)
{
    size_t count = abide_ctx_diag_count(cli->ctx);
    const char *why = count ? abide_diag_message(abide_ctx_diag_at(cli->ctx, count - 1)) : "";
    if (cli->options.targets.count == 0)
        words_add(&agenda->not_asked, cli_printf("%s: %s", name, why));
    abide_ctx_clear_diags(cli->ctx);
}

/* Whether a module is asked about the target of --target: it fits all of its architecture, but is the C ABI of some. */
static bool is_wanted(struct cli *cli, const abide_module_info *info)
{
    const struct words *targets = &cli->options.targets;
    if (strcmp(info->level, "machine") != 0)
        return false;
    if (targets->count != 1)
        return true;
    const abide_module *module = plan_module_for(cli, info->name, targets->items[0]);
    return module && plan_is_own_target(cli, info->name, abide_module_target(module));
}

enum status agenda_add_all(struct cli *cli, const struct verify_options *options,
                           struct agenda *agenda)
{
    const abide_module_info *infos;
    size_t count;
    if (!abide_module_list(cli->ctx, &infos, &count))
        return cli_failure(cli);
    for (size_t i = 0; i < count; i++)
        if (is_wanted(cli, &infos[i]) &&
            agenda_add(cli, options, infos[i].name, agenda) != STATUS_OK)
            leave_out(cli, infos[i].name, agenda);
    return agenda->count > 0 ? STATUS_OK
                             : cli_report(cli, "no-compiler", "name a target that modules are of",
                                          "no module has a compiler that is installed");
}

/* Room for what will be found; before the first is asked. */
void agenda_start(struct agenda *agenda)
{
    agenda->outcomes = cli_alloc(agenda->count + 1, sizeof *agenda->outcomes);
    agenda->is_done = cli_alloc(agenda->count + 1, sizeof *agenda->is_done);
    agenda->start_seconds = seconds_now();
    for (size_t i = 0; i < agenda->count; i++)
        outcome_start(&agenda->outcomes[i], &agenda->runs[i]);
}

bool agenda_run(struct agenda *agenda, const struct verify_options *options, agenda_told *told,
                void *user)
{
    agenda_start(agenda);
    for (size_t i = 0; i < agenda->count && !is_interrupted(); i++) {
        verify_run(options, &agenda->runs[i], &agenda->outcomes[i]);
        agenda->is_done[i] = true;
        agenda->done_count++;
        if (!told(user, i))
            return false;
    }
    return true;
}

struct report agenda_report(const struct agenda *agenda, const struct verify_options *options)
{
    return (struct report){
        .options = options,
        .runs = agenda->runs,
        .outcomes = agenda->outcomes,
        .is_done = agenda->is_done,
        .count = agenda->count,
        .seconds = seconds_now() - agenda->start_seconds,
        .not_asked = agenda->not_asked.items,
        .not_asked_count = agenda->not_asked.count,
    };
}
