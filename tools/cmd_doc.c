/* abide doc: an interface under one ABI or several, as a page to read. */
#include "adapter.h"
#include "call_answer.h"
#include "json.h"
#include "layout_answer.h"
#include "picture/call.h"
#include "picture/layout.h"
#include "picture/markup.h"
#include "picture/page.h"
#include "picture/plan.h"
#include "picture/rules.h"
#include "prose.h"

#include <string.h>

const struct poptOption doc_options[] = {
    OPTION_TARGETS_ROW,
    OPTION_TEXT("abi", 0, OPTION_ABI,
                "the ABI: NAME[@VERSION][:OPTION=VALUE,...] or a file (default: the one that the "
                "interface provides, else c); may be repeated",
                "REF"),
    OPTION_TEXT("caller", 0, OPTION_CALLER,
                "show the adapters by which code of this ABI calls the functions", "REF"),
    OPTION_TEXT("callee", 0, OPTION_CALLEE,
                "the ABI of the functions that are called (default, for either of the two: the one "
                "that the interface provides)",
                "REF"),
    OPTIONS_MODULES,
    OPTIONS_REST,
    POPT_TABLEEND};

/* What the page tells of. */
struct document {
    struct cli *cli;
    struct question question;
    const abide_data *file; /* NULL: standard input, which is read once */
    struct subject *types;
    size_t type_count;
    struct constants constants;
    struct called *functions;
    size_t function_count;
    struct adapters *adapters; /* for each target, where a caller and a callee are given */
    size_t adapter_count;
    size_t unanswered; /* of both; of those types the page says that, and no more */
    struct text *out;
};

/* ---- answers ---- */

static void answer_all(struct document *document)
{
    struct cli *cli = document->cli;
    const abide_iface *iface = document->question.iface;
    size_t types = abide_iface_type_count(iface);
    size_t functions = abide_iface_function_count(iface) + abide_iface_method_count(iface);
    document->types = cli_alloc(types + 1, sizeof *document->types);
    document->functions = cli_alloc(functions + 1, sizeof *document->functions);
    for (size_t i = 0; i < types; i++) {
        struct subject *subject = &document->types[document->type_count++];
        *subject = (struct subject){abide_iface_type_at(iface, i), NULL};
        if (layout_answer(cli, &document->question, subject, false))
            continue;
        subject->views = NULL; /* it is told of nevertheless: others lead to it */
        document->unanswered++;
    }
    size_t constants = abide_iface_constant_count(iface);
    document->constants.items = cli_alloc(constants + 1, sizeof *document->constants.items);
    for (size_t i = 0; i < constants; i++)
        if (!constants_add(cli, &document->question, abide_iface_constant_at(iface, i),
                           &document->constants))
            document->unanswered++;
    for (size_t i = 0; i < functions; i++) {
        struct called *subject = &document->functions[document->function_count];
        *subject = (struct called){.function = question_callable_at(iface, i)};
        document->function_count += call_answer(cli, &document->question, subject);
    }
    document->unanswered += functions - document->function_count;
}

/* The ABIs of the page and the adapters, where a caller or a callee is given. */
static enum status answer_adapters(struct document *document)
{
    struct cli *cli = document->cli;
    const struct words *targets = &cli->options.targets;
    document->adapter_count = targets->count ? targets->count : 1;
    document->adapters = cli_alloc(document->adapter_count, sizeof *document->adapters);
    for (size_t t = 0; t < document->adapter_count; t++) {
        struct adapters *adapters = &document->adapters[t];
        enum status status = adapters_of_all(cli, document->question.iface,
                                             targets->count ? targets->items[t] : NULL, adapters);
        if (status != STATUS_OK)
            return status;
        for (size_t i = 0; i < adapters->count; i++)
            document->unanswered += !adapters->plans[i];
    }
    return STATUS_OK;
}

/* ---- the page ---- */

static void print_head(const struct document *document)
{
    const abide_data *version = abide_data_get(document->file, "version");
    const char *prose = prose_of(document->file);
    struct text *out = document->out;
    text_puts(out, "<header>\n<h1>");
    markup_text(out, question_subject(document->cli, document->question.iface));
    if (version && abide_data_text(version)) {
        text_puts(out, " <span class=\"dim\">");
        markup_text(out, abide_data_text(version));
        text_puts(out, "</span>");
    }
    text_puts(out, "</h1>\n");
    page_prose(out, prose ? prose : "");
    text_puts(out, "<ul>\n");
    for (size_t m = 0; m < document->question.module_count; m++) {
        const abide_module *module = document->question.modules[m];
        text_puts(out, "<li>under ");
        page_link(out, "module", abide_module_name(module));
        text_puts(out, " <span class=\"dim\">");
        markup_text(
            out, cli_printf("(%s, %s)", document->question.titles[m], abide_module_target(module)));
        text_puts(out, "</span></li>\n");
    }
    text_puts(out, "</ul>\n</header>\n");
}

static void open_list(struct text *out, const char *heading)
{
    text_printf(out, "<h2>%s</h2>\n<ul>\n", heading);
}

static const char *type_name_at(const struct document *document, size_t index)
{
    return abide_type_name(document->types[index].type);
}

static const char *function_name_at(const struct document *document, size_t index)
{
    return abide_function_name(document->functions[index].function);
}

static void print_links(const struct document *document, const char *title, const char *kind,
                        size_t count, const char *(*name_at)(const struct document *, size_t))
{
    struct text *out = document->out;
    if (!count)
        return;
    open_list(out, title);
    for (size_t i = 0; i < count; i++) {
        text_puts(out, "<li>");
        page_link(out, kind, name_at(document, i));
        text_puts(out, "</li>\n");
    }
    text_puts(out, "</ul>\n");
}

static void print_contents(const struct document *document)
{
    text_puts(document->out, "<nav aria-label=\"Contents\">\n");
    if (document->constants.count)
        text_puts(document->out, "<h2><a href=\"#constants\">Constants</a></h2>\n");
    print_links(document, "Types", "type", document->type_count, type_name_at);
    print_links(document, "Functions", "function", document->function_count, function_name_at);
    text_puts(document->out, "</nav>\n<main>\n");
}

/* Whether a module of this name is among those before position `end` of the list of modules and what they lower to. */
static bool is_told(const struct document *document, size_t end, const char *name)
{
    for (size_t i = 0; i < end; i++) {
        const abide_module *module = document->question.modules[i / 2];
        if (strcmp(abide_module_name(i % 2 ? abide_module_machine(module) : module), name) == 0)
            return true;
    }
    return false;
}

static bool print_modules(const struct document *document)
{
    text_puts(document->out, "<h2>Modules</h2>\n");
    for (size_t i = 0; i < 2 * document->question.module_count; i++) {
        const abide_module *module = document->question.modules[i / 2];
        if (i % 2)
            module = abide_module_machine(module);
        if (!is_told(document, i, abide_module_name(module)) &&
            !picture_module_section(document->cli, module, &document->question, document->functions,
                                    document->function_count, document->out))
            return false;
    }
    return true;
}

/* Functions stand in the order of the adapters, which methods behind them do not have; some may have no answer. */
static void print_functions(const struct document *document)
{
    struct cli *cli = document->cli;
    size_t adapter = 0, count = document->adapter_count ? document->adapters[0].count : 0;
    for (size_t i = 0; i < document->function_count; i++) {
        const struct called *subject = &document->functions[i];
        picture_function(cli, &document->question, subject, document->file, true, document->out);
        while (adapter < count && document->adapters[0].functions[adapter] != subject->function)
            adapter++;
        if (adapter < count)
            picture_adapters(cli, document->adapters, document->adapter_count, adapter,
                             document->out);
        page_section_end(document->out);
    }
}

static void print_constants(const struct document *document)
{
    struct table table;
    if (!document->constants.count)
        return;
    text_puts(document->out, "<h2 id=\"constants\">Constants</h2>\n");
    constants_table(document->cli, &document->question, &document->constants, true, &table);
    page_table(document->out, "Constants", &table, 1, true);
}

static bool print_page(const struct document *document)
{
    struct text *out = document->out;
    page_begin(out, question_subject(document->cli, document->question.iface));
    print_head(document);
    print_contents(document);
    print_constants(document);
    text_puts(out, document->type_count ? "<h2>Types</h2>\n" : "");
    for (size_t i = 0; i < document->type_count; i++)
        picture_type_section(document->cli, &document->types[i], document->question.module_count,
                             document->file, out);
    text_puts(out, document->function_count ? "<h2>Functions</h2>\n" : "");
    print_functions(document);
    bool good = print_modules(document);
    text_puts(out, "</main>\n");
    page_end(out, "Made by abide doc.");
    return good;
}

static void print_json(struct cli *cli, const struct text *page)
{
    json_t *root = json_new_answer(cli);
    json_put_text(root, "text", page->chars);
    json_print(root, &cli->product);
}

/* With a caller and a callee, these are the ABIs of the page unless others are asked for. */
static enum status open_question(struct document *document)
{
    struct cli *cli = document->cli;
    struct options *options = &cli->options;
    if (!options->caller && !options->callee)
        return question_open_as_provided(cli, &document->question);
    document->question.iface = abide_iface_load(cli->ctx, options->operands.items[0]);
    if (!document->question.iface)
        return cli_failure(cli);
    enum status status = adapters_choose(cli, document->question.iface);
    if (status != STATUS_OK)
        return status;
    if (!options->abis.count) {
        words_add(&options->abis, options->caller);
        words_add(&options->abis, options->callee);
    }
    status = question_load_modules(cli, &document->question, &options->abis, NULL);
    return status == STATUS_OK ? answer_adapters(document) : status;
}

static enum status run(struct cli *cli)
{
    const char *path = cli->options.operands.items[0];
    struct text page = {0};
    struct document document = {.cli = cli, .out = &page};
    bool is_json = cli->options.format == FORMAT_JSON;
    cli->options.format = FORMAT_HTML;
    enum status status = open_question(&document);
    if (status != STATUS_OK)
        return status;
    document.file = strcmp(path, "-") == 0 ? NULL : abide_data_load(cli->ctx, path);
    answer_all(&document);
    cli->is_partial = document.unanswered &&
                      (document.type_count || document.function_count || document.constants.count);
    if (document.unanswered && !cli->is_partial)
        return cli_failure(cli);
    if (!print_page(&document))
        return cli_failure(cli);
    if (is_json)
        print_json(cli, &page);
    else
        text_add(&cli->product, page.chars, page.length_bytes);
    text_free(&page);
    return cli->is_partial ? cli_failure(cli) : STATUS_OK;
}

const struct verb verb_doc = {
    .name = "doc",
    .summary = "an interface as a page to read: types, calls, rules",
    .operands = "FILE",
    .about =
        "Writes one page of HTML about an interface file: its constants, every type with its "
        "picture, every\n"
        "function with the places that its values travel in, under each ABI that is asked for,\n"
        "what the file says to its readers, and the rules of the ABIs with their sources. The "
        "page\n"
        "needs nothing from elsewhere and has no scripts. With --json it is the member `text`.\n"
        "--caller and --callee add the adapters between two ABIs, as `abide plan` shows them.",
    .examples =
        {"abide doc geometry.abi.yaml -o geometry.html                             # this machine, "
         "in C",
         "abide doc geometry.abi.yaml --caller ./my.yaml --callee c -o both.html      # and "
         "adapters"},
    .options = doc_options,
    .operands_min = 1,
    .operands_max = 1,
    .run = run,
};
