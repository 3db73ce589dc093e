/* abide bind: an interface as declarations of a language, with assertions of its layouts. */
#include "bind/bind.h"
#include "json.h"

#include "verify/texts.h"

#include <string.h>

const struct poptOption bind_options[] = {
    OPTION_TEXT("target", 't', OPTION_TARGET,
                "assert the layouts of this target instead of all that are known; may be repeated",
                "TRIPLE"),
    OPTION_TEXT("abi", 0, OPTION_ABI, "the ABI (default: what FILE provides, else c)", "REF"),
    OPTION_TEXT("prefix", 0, OPTION_PREFIX,
                "what is called has this in front of the function's name, as thunks have", "P"),
    OPTIONS_MODULES,
    OPTIONS_COMMON,
    POPT_TABLEEND};

static const struct language *const languages[] = {&language_c,   &language_cpp,    &language_rust,
                                                   &language_nim, &language_python, &language_zig,
                                                   NULL};

static const struct language *find_language(struct cli *cli, const char *word)
{
    const char *names[sizeof languages / sizeof *languages] = {NULL};
    for (size_t i = 0; languages[i]; i++) {
        if (strcmp(languages[i]->name, word) == 0)
            return languages[i];
        names[i] = languages[i]->name;
    }
    const char *help = cli_did_you_mean(word, names);
    cli_misuse(cli, "bad-option-value", help ? help : "c, cpp, rust, nim, python or zig",
               "no bindings can be made for '%s'", word);
    return NULL;
}

/* bind/targets.yaml, which the build writes into C. */
extern const struct embedded_text bind_texts[];

static const abide_data *load_targets(struct cli *cli)
{
    const struct embedded_text *text = &bind_texts[0];
    return abide_data_get(abide_data_parse(cli->ctx, text->path, text->text, text->length_bytes),
                          "targets");
}

static const abide_data *find_guards(const abide_data *table, const char *triple)
{
    for (size_t i = 0; i < abide_data_count(table); i++) {
        const abide_data *entry = abide_data_at(table, i);
        if (strcmp(abide_data_text(abide_data_get(entry, "triple")), triple) == 0)
            return entry;
    }
    return NULL;
}

/* The targets that were asked for, which must be in the table; all of it if there are none. */
static enum status open_targets(struct cli *cli, struct model *model, const char *abi)
{
    const abide_data *table = load_targets(cli);
    if (!table)
        return cli_failure(cli);
    const struct words *asked = &cli->options.targets;
    model->target_count = asked->count ? asked->count : abide_data_count(table);
    model->targets = cli_alloc(model->target_count, sizeof *model->targets);
    for (size_t i = 0; i < model->target_count; i++) {
        struct bound_target *target = &model->targets[i];
        const char *triple =
            asked->count ? asked->items[i]
                         : abide_data_text(abide_data_get(abide_data_at(table, i), "triple"));
        target->module = abide_module_load(cli->ctx, abi, triple);
        if (!target->module)
            return cli_failure(cli);
        target->triple = abide_module_target(target->module);
        target->guards = find_guards(table, target->triple);
        if (!target->guards)
            return cli_report(cli, "unsupported-target", "leave out --target",
                              "bindings cannot tell at compile time that they are for '%s'",
                              target->triple);
    }
    model->module = model->targets[0].module;
    return STATUS_OK;
}

/* What the interface is under one of the targets, without assertions. NULL: reported. */
static const char *declarations(struct cli *cli, const struct model *base,
                                const struct bound_target *target)
{
    struct bound_target *one = cli_alloc(1, sizeof *one);
    struct text text = {0};
    *one = *target;
    one->guards = NULL;
    struct model model = {.cli = cli,
                          .language = base->language,
                          .iface = base->iface,
                          .module = target->module,
                          .targets = one,
                          .target_count = 1};
    if (!model_make(&model))
        return NULL;
    model_measure(&model);
    language_c.print(&model, &language_c, &text);
    const char *copy = cli_copy(text.chars, text.length_bytes);
    text_free(&text);
    return copy;
}

/* Models of an interface that differ, each with the targets on which C sees the same declarations. */
struct models {
    struct model *items;
    const char **texts; /* what these declarations are */
    size_t count;
};

static struct model *model_for(struct models *models, const struct model *base, const char *text)
{
    for (size_t i = 0; i < models->count; i++)
        if (strcmp(models->texts[i], text) == 0)
            return &models->items[i];
    struct model *model = &models->items[models->count];
    models->texts[models->count++] = text;
    *model = *base;
    model->targets = cli_alloc(base->target_count, sizeof *model->targets);
    model->target_count = 0;
    return model;
}

static enum status make_models(struct cli *cli, const struct model *base, struct models *models)
{
    models->items = cli_alloc(base->target_count, sizeof *models->items);
    models->texts = cli_alloc(base->target_count, sizeof *models->texts);
    for (size_t t = 0; t < base->target_count; t++) {
        const char *text = declarations(cli, base, &base->targets[t]);
        if (!text)
            return cli_failure(cli);
        struct model *model = model_for(models, base, text);
        model->targets[model->target_count++] = base->targets[t];
    }
    for (size_t i = 0; i < models->count; i++) {
        struct model *model = &models->items[i];
        model->module = model->targets[0].module;
        model->is_section = models->count > 1;
        if (!model_make(model) || !model_evaluate(model))
            return cli_failure(cli);
        model_measure(model);
    }
    return STATUS_OK;
}

static void print_models(const struct models *models, struct text *text)
{
    const struct model *first = &models->items[0];
    if (models->count == 1)
        first->language->print(first, first->language, text);
    else
        print_sections(models->items, models->count, text);
}

static void print_json(struct cli *cli, const struct model *model, const struct models *models)
{
    struct text text = {0};
    json_t *root = json_new_answer(cli), *targets = json_new_array();
    print_models(models, &text);
    json_put_text(root, "language", model->language->name);
    for (size_t i = 0; i < model->target_count; i++) {
        json_t *target = json_new_object();
        json_put_module(target, model->targets[i].module);
        json_add(targets, target);
    }
    json_put(root, "targets", targets);
    json_put_text(root, "text", text.chars);
    json_print(root, &cli->product);
    text_free(&text);
}

static enum status run(struct cli *cli)
{
    const char *path = cli->options.operands.items[1];
    struct model model = {.cli = cli,
                          .language = find_language(cli, cli->options.operands.items[0])};
    if (!model.language)
        return STATUS_USAGE;
    model.iface = abide_iface_load(cli->ctx, path);
    if (!model.iface)
        return cli_failure(cli);
    model.data = strcmp(path, "-") == 0 ? NULL : abide_data_load(cli->ctx, path);
    const char *abi =
        cli->options.abis.count ? cli->options.abis.items[0] : question_provided_abi(model.iface);
    enum status status = open_targets(cli, &model, abi);
    struct models models = {0};
    if (status == STATUS_OK)
        status = make_models(cli, &model, &models);
    if (status != STATUS_OK)
        return status;
    if (cli->options.format == FORMAT_JSON)
        print_json(cli, &model, &models);
    else
        print_models(&models, &cli->product);
    return STATUS_OK;
}

const struct verb verb_bind = {
    .name = "bind",
    .summary = "declarations for C, C++, Rust, Nim, Python and Zig",
    .operands = "c|cpp|rust|nim|python|zig FILE",
    .about =
        "Writes an interface down in a language: types, functions, who owns what as comments, the\n"
        "file's own documentation, and assertions of every size, alignment and offset for all\n"
        "targets that are known, so that one file serves them all and is refused at compile time\n"
        "where a compiler sees it otherwise. Where declarations differ from target to target, it\n"
        "has a section for each group of targets that agree. What a language has no words for is\n"
        "so many bytes, and a function that takes or returns that by value is left out, with a\n"
        "comment.",
    .examples = {"abide bind c geometry.abi.yaml -o geometry.h        # for C",
                 "abide bind rust geometry.abi.yaml -o geometry.rs    # for Rust"},
    .options = bind_options,
    .operands_min = 2,
    .operands_max = 2,
    .run = run,
};
