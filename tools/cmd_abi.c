/* abide abi: the modules that can be named, and one of them in full. */
#include "json.h"
#include "question.h"
#include "table.h"

#include <string.h>

const struct poptOption abi_options[] = {OPTION_TARGET_ROW, OPTIONS_MODULES, OPTIONS_COMMON,
                                         POPT_TABLEEND};

static const char *targets_text(const abide_module_info *info)
{
    const char *text = "";
    for (size_t i = 0; i < info->target_count; i++)
        text = cli_printf("%s%s%s", text, i ? " " : "", info->targets[i]);
    return text;
}

static void print_list(struct cli *cli, const abide_module_info *infos, size_t count)
{
    struct table table;
    table_start(&table, 5);
    static const char *const heads[] = {"name", "version", "level", "from", "summary"};
    for (size_t i = 0; i < sizeof heads / sizeof *heads; i++)
        table_add(&table, heads[i]);
    table_style_row(&table, CELL_HEAD);
    for (size_t i = 0; i < count; i++) {
        table_add(&table, infos[i].name);
        table_add(&table, infos[i].version);
        table_add(&table, infos[i].level);
        table_add(&table, infos[i].path ? infos[i].path : "built in");
        table_add(&table, infos[i].summary ? infos[i].summary : "");
        if (infos[i].target_count) {
            table_add(&table, "");
            table_add_spanning(&table, cli_printf("c of %s", targets_text(&infos[i])), CELL_DIM);
            table_end_row(&table);
        }
    }
    table_print(&table, 0, cli->color_out, &cli->product);
}

static void print_list_json(struct cli *cli, const abide_module_info *infos, size_t count)
{
    json_t *root = json_new_answer(cli);
    json_t *modules = json_new_array();
    for (size_t i = 0; i < count; i++) {
        json_t *object = json_new_object();
        json_put_text(object, "name", infos[i].name);
        json_put_text(object, "version", infos[i].version);
        json_put_text(object, "level", infos[i].level);
        json_put_text(object, "summary", infos[i].summary);
        json_put_text(object, "file", infos[i].path);
        json_t *targets = json_new_array();
        for (size_t t = 0; t < infos[i].target_count; t++)
            json_add(targets, json_text(infos[i].targets[t]));
        json_put(object, "targets", targets);
        json_add(modules, object);
    }
    json_put(root, "modules", modules);
    json_print(root, &cli->product);
}

static enum status list(struct cli *cli)
{
    const abide_module_info *infos;
    size_t count;
    if (!abide_module_list(cli->ctx, &infos, &count))
        return cli_failure(cli);
    if (cli->options.format == FORMAT_JSON)
        print_list_json(cli, infos, count);
    else
        print_list(cli, infos, count);
    return STATUS_OK;
}

static enum status show(struct cli *cli, const char *reference)
{
    const struct words *targets = &cli->options.targets;
    const abide_module *module = abide_module_load(
        cli->ctx, reference, targets->count ? targets->items[targets->count - 1] : NULL);
    if (!module)
        return cli_failure(cli);
    const char *text = abide_module_print(cli->ctx, module);
    if (!text)
        return cli_failure(cli);
    if (cli->options.format == FORMAT_TEXT) {
        text_puts(&cli->product, text);
        return STATUS_OK;
    }
    json_t *root = json_new_answer(cli);
    json_put_text(root, "target", abide_module_target(module));
    json_put(root, "module", json_module(module));
    json_put_text(root, "text", text);
    json_print(root, &cli->product);
    return STATUS_OK;
}

static enum status run(struct cli *cli)
{
    static const char *const actions[] = {"list", "show", NULL};
    const struct words *operands = &cli->options.operands;
    const char *action = operands->items[0];
    if (strcmp(action, "list") == 0) {
        if (operands->count > 1)
            return cli_misuse(cli, "unexpected-operand", "usage: abide abi list",
                              "'%s' is one word too many", operands->items[1]);
        if (cli->options.targets.count)
            return cli_misuse(cli, "unexpected-operand", "'abide abi show REF' takes a target",
                              "--target means nothing to 'abide abi list'");
        return list(cli);
    }
    if (strcmp(action, "show") == 0) {
        if (operands->count < 2)
            return cli_misuse(cli, "missing-operand", "usage: abide abi show REF",
                              "say which module to show");
        return show(cli, operands->items[1]);
    }
    return cli_misuse(cli, "unknown-verb", cli_did_you_mean(action, actions),
                      "'abide abi' has no '%s': it has list and show REF", action);
}

const struct verb verb_abi = {
    .name = "abi",
    .summary = "lists the ABI modules, and shows one of them in full",
    .operands = "list | show REF",
    .about = "'list' names the modules that can be found, with the targets whose C ABI they are.\n"
             "'show' prints one in full, with everything that it takes over from others, for a\n"
             "target; what it prints is a module file itself.",
    .examples = {"abide abi list          what there is, and where it comes from",
                 "abide abi show c        the C ABI of this machine, in full"},
    .options = abi_options,
    .operands_min = 1,
    .operands_max = 2,
    .run = run,
};
