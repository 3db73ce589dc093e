/* abide bind: an interface as declarations of a language, with assertions of its layouts. */
#include "bind/bind.h"
#include "json.h"
#include "prose.h"

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
    model->abi = abi;
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
    return STATUS_OK;
}

/* A model of the interface as C sees it on one target, and others like it. false: reported. */
static bool make_model(struct model *model, size_t target)
{
    model->module = model->targets[target].module;
    model->first_target = target;
    model->is_own = cli_alloc(model->target_count, sizeof *model->is_own);
    model->is_own[target] = true;
    if (!model_make(model))
        return false;
    model_measure(model);
    return true;
}

/* What the interface is under one of the targets, without assertions. NULL: reported. */
static const char *declarations(const struct model *base, size_t target)
{
    struct bound_target one = base->targets[target];
    struct text text = {0};
    one.guards = NULL;
    struct model model = *base;
    model.data = NULL;
    model.targets = &one;
    model.target_count = 1;
    if (!make_model(&model, 0))
        return NULL;
    language_c.print(&(struct file){&language_c, &model, 1}, &text);
    return take_text(&text);
}

/* Models of an interface that differ, each with the targets on which C sees the same declarations. */
struct models {
    struct model *items;
    const char **texts; /* what these declarations are */
    size_t count;
};

/* Whether a type, or a function if `type` is NULL, has a form under a module. */
static bool has_form(struct cli *cli, const abide_module *module, const abide_type *type,
                     const abide_function *function)
{
    return type ? abide_layout_of(cli->ctx, module, type) != NULL
                : abide_assignment_of(cli->ctx, module, abide_function_signature(function)) != NULL;
}

/* "--target x86_64-linux-gnu, ...": those of the table that have it; NULL: none. */
static const char *targets_with(struct cli *cli, const char *abi, const abide_type *type,
                                const abide_function *function)
{
    const abide_data *table = load_targets(cli);
    const char *text = NULL;
    for (size_t i = 0; i < abide_data_count(table); i++) {
        const char *triple = abide_data_text(abide_data_get(abide_data_at(table, i), "triple"));
        const abide_module *module = abide_module_load(cli->ctx, abi, triple);
        if (module && has_form(cli, module, type, function))
            text = text ? cli_printf("%s, %s", text, triple) : triple;
    }
    abide_ctx_clear_diags(cli->ctx);
    return text;
}

/* What no target has. */
struct absent {
    const abide_type *type; /* NULL: `function` */
    const abide_function *function;
};

struct report {
    const abide_data *place; /* NULL: none */
    const char *id, *message, *help;
};

/* Why, and which other targets have it. */
static struct report report_of(struct cli *cli, const struct model *model,
                               const struct absent *absent)
{
    const char *name =
        absent->type ? abide_type_name(absent->type) : abide_function_name(absent->function);
    struct report report = {
        .place = absent->type ? prose_type(model->data, name)
                              : prose_entry(abide_data_get(model->data, "functions"), name)};
    has_form(cli, model->module, absent->type, absent->function);
    report.id = abide_ctx_diag_count(cli->ctx) ? abide_diag_id(abide_ctx_diag_at(cli->ctx, 0))
                                               : "unsupported-target";
    report.message =
        cli_printf("%s '%s' cannot be bound for %s: %s", absent->type ? "type" : "function", name,
                   model->target_count == 1 ? model->targets[0].triple : "any of these targets",
                   take_failure(cli));
    const char *others = targets_with(cli, model->abi, absent->type, absent->function);
    report.help = others ? cli_printf("--target of one that has it: %s", others)
                         : "leave it out of the file, or of a file for bindings";
    return report;
}

static size_t find_absent(const struct models *models, struct absent *found)
{
    const struct model *first = &models->items[0];
    size_t count = 0, function_count = abide_iface_function_count(first->iface);
    for (size_t i = 0; i < first->named_count + function_count; i++) {
        bool is_type = i < first->named_count, is_absent = true;
        size_t at = is_type ? i : i - first->named_count;
        for (size_t m = 0; m < models->count && is_absent; m++)
            is_absent = is_type ? models->items[m].known[at]->absence != NULL
                                : models->items[m].routines[at].absence != NULL;
        if (is_absent)
            found[count++] = is_type
                                 ? (struct absent){first->known[at]->type, NULL}
                                 : (struct absent){NULL, abide_iface_function_at(first->iface, at)};
    }
    return count;
}

/* Types and functions must have a form on one of the targets. false: reported. */
static bool check_presence(struct cli *cli, const struct models *models)
{
    const struct model *first = &models->items[0];
    struct absent *absent = cli_alloc(
        first->named_count + abide_iface_function_count(first->iface) + 1, sizeof *absent);
    size_t count = find_absent(models, absent);
    struct report *reports = cli_alloc(count + 1, sizeof *reports);
    for (size_t i = 0; i < count; i++)
        reports[i] = report_of(cli, first, &absent[i]);
    for (size_t i = 0; i < count; i++) {
        const struct report *report = &reports[i];
        if (report->place)
            abide_data_report(cli->ctx, report->place, report->id, report->message, report->help);
        else
            cli_report(cli, report->id, report->help, "%s", report->message);
    }
    return count == 0;
}

static enum status make_models(struct cli *cli, const struct model *base, struct models *models)
{
    models->items = cli_alloc(base->target_count, sizeof *models->items);
    models->texts = cli_alloc(base->target_count, sizeof *models->texts);
    for (size_t t = 0; t < base->target_count; t++) {
        const char *text = declarations(base, t);
        size_t at = 0;
        if (!text)
            return cli_failure(cli);
        while (at < models->count && strcmp(models->texts[at], text) != 0)
            at++;
        if (at < models->count) {
            models->items[at].is_own[t] = true;
            continue;
        }
        struct model *model = &models->items[models->count];
        models->texts[models->count++] = text;
        *model = *base;
        if (!make_model(model, t))
            return cli_failure(cli);
    }
    return check_presence(cli, models) && models_evaluate(models->items, models->count)
               ? STATUS_OK
               : cli_failure(cli);
}

static void print_models(const struct models *models, struct text *text)
{
    const struct file file = {models->items[0].language, models->items, models->count};
    file.language->print(&file, text);
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
