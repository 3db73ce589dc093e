/* abide abi: the modules that can be named, one of them in full, and the start of a new one. */
#include "json.h"
#include "question.h"
#include "skeleton.h"
#include "table.h"

#include <string.h>
#include <unistd.h>

const struct poptOption abi_options[] = {
    OPTION_TARGET_ROW,
    OPTION_TEXT("extends", 0, OPTION_EXTENDS, "new: the module that the new one starts as", "REF"),
    OPTIONS_MODULES, OPTIONS_COMMON, POPT_TABLEEND};

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

static enum status list(struct cli *cli, const char *operand)
{
    (void)operand;
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

/* Names of modules are names of files, and stand in references. */
static bool is_module_name(const char *name)
{
    return *name >= 'a' && *name <= 'z' &&
           strspn(name, "abcdefghijklmnopqrstuvwxyz0123456789-_") == strlen(name);
}

static enum status start(struct cli *cli, const char *name)
{
    struct options *options = &cli->options;
    if (!is_module_name(name))
        return cli_misuse(cli, "bad-name", "a name has a-z, 0-9, - and _, and begins with a letter",
                          "'%s' cannot be the name of a module", name);
    if (!options->extends || strpbrk(options->extends, "/:"))
        return cli_misuse(cli, "missing-operand",
                          "usage: abide abi new NAME --extends MODULE; 'abide abi list' names them",
                          "say by name which module the new one extends");
    if (options->format == FORMAT_JSON)
        return cli_misuse(cli, "unexpected-operand", "leave --json out",
                          "what 'abide abi new' writes is a module file");
    const abide_module *base = abide_module_load(
        cli->ctx, options->extends, options->targets.count ? options->targets.items[0] : NULL);
    if (!base)
        return cli_failure(cli);
    if (!options->output) {
        options->output = cli_printf("%s.yaml", name);
        if (access(options->output, F_OK) == 0)
            return cli_report(cli, "unwritable-output", "say where to write: -o FILE",
                              "there is a file '%s' already", options->output);
    }
    skeleton_write(cli, name, base, &cli->product);
    return STATUS_OK;
}

/* What 'abide abi' does, and the words it takes. */
static const struct action {
    const char *name;
    const char *usage;
    size_t operands;
    enum status (*run)(struct cli *cli, const char *operand);
} actions[] = {
    {"list", "usage: abide abi list", 0, list},
    {"show", "usage: abide abi show REF", 1, show},
    {"new", "usage: abide abi new NAME --extends MODULE", 1, start},
};
#define ACTION_COUNT (sizeof actions / sizeof *actions)

static enum status run_action(struct cli *cli, const struct action *action)
{
    const struct words *operands = &cli->options.operands;
    if (operands->count > action->operands + 1)
        return cli_misuse(cli, "unexpected-operand", action->usage, "'%s' is one word too many",
                          operands->items[action->operands + 1]);
    if (operands->count < action->operands + 1)
        return cli_misuse(cli, "missing-operand", action->usage, "'abide abi %s' which module?",
                          action->name);
    if (cli->options.targets.count && action->operands == 0)
        return cli_misuse(cli, "unexpected-operand", "'abide abi show REF' takes a target",
                          "--target means nothing to 'abide abi %s'", action->name);
    if (cli->options.extends && action->run != start)
        return cli_misuse(cli, "unexpected-operand", "'abide abi new NAME' takes it",
                          "--extends means nothing to 'abide abi %s'", action->name);
    return action->run(cli, operands->items[action->operands]);
}

static enum status run(struct cli *cli)
{
    const char *words[ACTION_COUNT + 1] = {NULL}, *word = cli->options.operands.items[0];
    for (size_t i = 0; i < ACTION_COUNT; i++) {
        if (strcmp(word, actions[i].name) == 0)
            return run_action(cli, &actions[i]);
        words[i] = actions[i].name;
    }
    return cli_misuse(cli, "unknown-verb", cli_did_you_mean(word, words),
                      "'abide abi' has no '%s': it has list, show REF and new NAME", word);
}

const struct verb verb_abi = {
    .name = "abi",
    .summary = "lists the ABI modules, shows one of them in full, starts a new one",
    .operands = "list | show REF | new NAME --extends REF",
    .about = "'list' names the modules that can be found, with the targets whose C ABI they are.\n"
             "'show' prints one in full, with everything that it takes over from others, for a\n"
             "target; what it prints is a module file itself. 'new' writes NAME.yaml, a module\n"
             "that is what it extends until something is changed: what there is stands in it as\n"
             "comments, with vectors, examples that 'abide lint' recomputes.",
    .examples = {"abide abi show c                    # the C ABI of this machine, in full",
                 "abide abi new my-abi --extends c    # writes my-abi.yaml"},
    .options = abi_options,
    .operands_min = 1,
    .operands_max = 2,
    .run = run,
};
