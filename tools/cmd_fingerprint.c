/* abide fingerprint: by what functions are known to fit, and what libraries and programs carry to check it. */
#include "fingerprint_text.h"
#include "json.h"
#include "question.h"
#include "table.h"

#include <string.h>

const struct poptOption fingerprint_options[] = {
    OPTION_TARGETS_ROW,
    OPTION_TEXT("abi", 0, OPTION_ABI,
                "the ABI (default: what FILE provides, else c); may be repeated", "REF"),
    OPTION_TEXT(
        "emit", 0, OPTION_CARRY,
        "what is written: table (default); texts, which are hashed; c, a library's "
        "descriptor as C source; aliases, a linker script for the library; def, the same for "
        "a DLL; header, for C programs that call it",
        "table|texts|c|aliases|def|header"),
    OPTION_FLAG(
        "layout-only", 0, OPTION_LAYOUT_ONLY,
        "with --emit header: call by aliases that vouch for bytes alone, not for contracts"),
    OPTIONS_MODULES,
    OPTIONS_COMMON,
    POPT_TABLEEND};

/* The answer for one module. */
struct prints {
    struct question question;
    struct selection selection;
    abide_fingerprint *fingerprints; /* module by module, in the order of the selection */
};

static const abide_function *function_at(const struct prints *prints, size_t index)
{
    return abide_iface_function_at(prints->question.iface, prints->selection.indexes[index]);
}

static const abide_fingerprint *print_at(const struct prints *prints, size_t module, size_t index)
{
    return &prints->fingerprints[module * prints->selection.count + index];
}

static bool compute(struct cli *cli, struct prints *prints)
{
    size_t count = prints->selection.count;
    bool good = true;
    prints->fingerprints =
        cli_alloc(prints->question.module_count * count + 1, sizeof *prints->fingerprints);
    for (size_t m = 0; m < prints->question.module_count; m++)
        for (size_t i = 0; i < count; i++)
            good =
                abide_fingerprint_of(cli->ctx, prints->question.modules[m], function_at(prints, i),
                                     &prints->fingerprints[m * count + i]) &&
                good;
    return good;
}

/* ---- for people and programs ---- */

static void print_table(struct cli *cli, const struct prints *prints, size_t module)
{
    struct table table;
    text_printf(&cli->product, "%s   (%s, %s)\n", cli->options.operands.items[0],
                prints->question.titles[module],
                abide_module_target(prints->question.modules[module]));
    table_start(&table, 4);
    static const char *const heads[] = {"function", "layout", "contract", "symbol"};
    for (size_t i = 0; i < sizeof heads / sizeof *heads; i++)
        table_add(&table, heads[i]);
    table_style_row(&table, CELL_HEAD);
    for (size_t i = 0; i < prints->selection.count; i++) {
        const abide_fingerprint *fingerprint = print_at(prints, module, i);
        table_add(&table, abide_function_name(function_at(prints, i)));
        table_add(&table, fingerprint_digits(fingerprint->layout));
        table_add(&table, fingerprint_digits(fingerprint->contract));
        table_add(&table, abide_function_symbol(function_at(prints, i)));
    }
    table_print(&table, 2, cli->color_out, &cli->product);
}

static json_t *json_fingerprint(struct cli *cli, const struct prints *prints, size_t module,
                                size_t index)
{
    const abide_function *function = function_at(prints, index);
    const abide_fingerprint *fingerprint = print_at(prints, module, index);
    const char *symbol = abide_function_symbol(function);
    json_t *json = json_new_object();
    json_put_text(json, "name", abide_function_name(function));
    json_put_text(json, "symbol", symbol);
    json_put_text(json, "layout", fingerprint_digits(fingerprint->layout));
    json_put_text(json, "contract", fingerprint_digits(fingerprint->contract));
    json_put_text(json, "layout_sha256", fingerprint_hex(fingerprint->layout_digest));
    json_put_text(json, "contract_sha256", fingerprint_hex(fingerprint->contract_digest));
    json_put_text(json, "layout_alias",
                  fingerprint_alias(cli, symbol, fingerprint, ABIDE_ALIAS_LAYOUT));
    json_put_text(json, "alias", fingerprint_alias(cli, symbol, fingerprint, ABIDE_ALIAS_CONTRACT));
    return json;
}

static json_t *json_answer(struct cli *cli, const struct prints *prints, size_t module,
                           json_t *answer)
{
    json_put_module(answer, prints->question.modules[module]);
    json_t *functions = json_new_array();
    for (size_t i = 0; i < prints->selection.count; i++)
        json_add(functions, json_fingerprint(cli, prints, module, i));
    json_put(answer, "functions", functions);
    return answer;
}

static void print_json(struct cli *cli, const struct prints *prints)
{
    json_t *root = json_new_answer(cli);
    size_t count = prints->question.module_count;
    if (count == 1) {
        json_answer(cli, prints, 0, root);
    } else {
        json_t *answers = json_new_array();
        for (size_t m = 0; m < count; m++)
            json_add(answers, json_answer(cli, prints, m, json_new_object()));
        json_put(root, "answers", answers);
    }
    json_print(root, &cli->product);
}

static bool print_texts(struct cli *cli, const struct prints *prints, size_t module)
{
    for (size_t i = 0; i < prints->selection.count; i++) {
        const char *text = abide_fingerprint_print(cli->ctx, prints->question.modules[module],
                                                   function_at(prints, i));
        if (!text)
            return false;
        text_printf(&cli->product, "# %s, %s, %s\n%s", abide_function_name(function_at(prints, i)),
                    prints->question.titles[module],
                    abide_module_target(prints->question.modules[module]), text);
    }
    return true;
}

/* ---- for linkers and compilers ---- */

static void print_aliases(struct cli *cli, const struct prints *prints)
{
    text_puts(&cli->product,
              "/* Made by abide fingerprint: give this to the linker of the library, "
              "beside its objects. */\n");
    for (size_t i = 0; i < prints->selection.count; i++) {
        const char *symbol = abide_function_symbol(function_at(prints, i));
        for (int alias = ABIDE_ALIAS_LAYOUT; alias <= ABIDE_ALIAS_CONTRACT; alias++)
            text_printf(&cli->product, "%s = %s;\n",
                        fingerprint_alias(cli, symbol, print_at(prints, 0, i), (abide_alias)alias),
                        symbol);
    }
}

/* What a DLL exports: the functions, their aliases, and its descriptor if there is a package. */
static void print_def(struct cli *cli, const struct prints *prints)
{
    const char *package = abide_iface_package(prints->question.iface);
    text_puts(&cli->product, "; Made by abide fingerprint: give this to the linker of the DLL.\n"
                             "EXPORTS\n");
    for (size_t i = 0; i < prints->selection.count; i++) {
        const char *symbol = abide_function_symbol(function_at(prints, i));
        text_printf(&cli->product, "    %s\n", symbol);
        for (int alias = ABIDE_ALIAS_LAYOUT; alias <= ABIDE_ALIAS_CONTRACT; alias++)
            text_printf(&cli->product, "    %s = %s\n",
                        fingerprint_alias(cli, symbol, print_at(prints, 0, i), (abide_alias)alias),
                        symbol);
    }
    if (package)
        text_printf(&cli->product, "    %s DATA\n",
                    fingerprint_package_symbol("abide_desc_", package));
}

/* The descriptor of the selected functions. false: reported. */
static bool make_descriptor(struct cli *cli, const struct prints *prints,
                            struct fingerprint_data *data)
{
    abide_descriptor_entry *entries = cli_alloc(prints->selection.count + 1, sizeof *entries);
    for (size_t i = 0; i < prints->selection.count; i++)
        entries[i] = (abide_descriptor_entry){function_at(prints, i), NULL, ABIDE_CHECKS_UNSAID};
    return fingerprint_descriptor(cli, prints->question.iface, prints->question.modules[0], entries,
                                  prints->selection.count, data);
}

static bool print_source(struct cli *cli, const struct prints *prints)
{
    struct fingerprint_data data;
    if (!make_descriptor(cli, prints, &data))
        return false;
    text_printf(&cli->product,
                "/* Made by abide fingerprint for %s: compile this into the library. */\n",
                abide_module_target(prints->question.modules[0]));
    fingerprint_print_data(&cli->product, &data,
                           fingerprint_package_symbol("abide_desc_", data.package), true);
    return true;
}

static bool print_header(struct cli *cli, const struct prints *prints)
{
    struct fingerprint_data data;
    if (!make_descriptor(cli, prints, &data))
        return false;
    abide_alias alias = cli->options.layout_only ? ABIDE_ALIAS_LAYOUT : ABIDE_ALIAS_CONTRACT;
    const char *needed = fingerprint_package_symbol("abide_need_", data.package);
    const char *guard = fingerprint_package_symbol("ABIDE_NEED_", data.package);
    text_printf(&cli->product,
                "/* Made by abide fingerprint for %s: include this before the functions are "
                "declared. */\n#ifndef %s\n#define %s\n\n",
                abide_module_target(prints->question.modules[0]), guard, guard);
    for (size_t i = 0; i < prints->selection.count; i++) {
        const char *symbol = abide_function_symbol(function_at(prints, i));
        text_printf(&cli->product, "#pragma redefine_extname %s %s\n", symbol,
                    fingerprint_alias(cli, symbol, print_at(prints, 0, i), alias));
    }
    text_printf(
        &cli->product,
        "\n/* For abide_descriptor_check (abide/descriptor.h): (const abide_descriptor *)%s */\n",
        needed);
    fingerprint_print_data(&cli->product, &data, needed, false);
    text_puts(&cli->product, "\n#endif\n");
    return true;
}

static bool print_one(struct cli *cli, const struct prints *prints, size_t module)
{
    switch ((enum carry)cli->options.carry) {
    case CARRY_TABLE: print_table(cli, prints, module); return true;
    case CARRY_TEXTS: return print_texts(cli, prints, module);
    case CARRY_SOURCE: return print_source(cli, prints);
    case CARRY_ALIASES: print_aliases(cli, prints); return true;
    case CARRY_DEF: print_def(cli, prints); return true;
    case CARRY_HEADER: return print_header(cli, prints);
    }
    return true;
}

static enum status check_form(struct cli *cli, const struct question *question)
{
    const struct options *options = &cli->options;
    bool is_answer = options->carry == CARRY_TABLE || options->carry == CARRY_TEXTS;
    if (options->carry != CARRY_TABLE && options->format == FORMAT_JSON)
        return cli_misuse(cli, "bad-option-value", "leave out --emit",
                          "only the table has a form for programs");
    if (options->layout_only && options->carry != CARRY_HEADER)
        return cli_misuse(cli, "bad-option-value", "say --emit header",
                          "--layout-only is for headers");
    if (!is_answer && question->module_count != 1)
        return cli_misuse(cli, "bad-option-value", "ask for one after the other",
                          "a library has one ABI: %zu are asked for", question->module_count);
    return STATUS_OK;
}

static enum status run(struct cli *cli)
{
    struct prints prints = {0};
    enum status status = question_open_as_provided(cli, &prints.question);
    if (status == STATUS_OK)
        status = check_form(cli, &prints.question);
    if (status != STATUS_OK)
        return status;
    struct names names = question_functions(prints.question.iface);
    status = question_select(cli, &names, &prints.selection);
    if (status != STATUS_OK)
        return status;
    if (!compute(cli, &prints))
        return cli_failure(cli);
    if (cli->options.format == FORMAT_JSON) {
        print_json(cli, &prints);
        return STATUS_OK;
    }
    for (size_t m = 0; m < prints.question.module_count; m++)
        if (!print_one(cli, &prints, m))
            return cli_failure(cli);
    return STATUS_OK;
}

const struct verb verb_fingerprint = {
    .name = "fingerprint",
    .summary = "by what libraries and programs find out that they fit",
    .operands = "FILE [FUNCTION...]",
    .about =
        "Shows the fingerprints of functions: of their layout (bytes and places, with all types\n"
        "that they reach) and of their contract (who owns, writes and lends what). Names are in\n"
        "neither. --emit makes what a library carries (c and aliases) and what a C program that\n"
        "calls it includes (header), so that a library which does not fit is refused by the\n"
        "linker, or before the first call; list the functions that are called, for no others\n"
        "are compared.",
    .examples =
        {"abide fingerprint chat.abi.yaml                                      # a table",
         "abide fingerprint chat.abi.yaml send --emit header -o chat_fits.h    # for C programs"},
    .options = fingerprint_options,
    .operands_min = 1,
    .operands_max = OPERANDS_ANY,
    .run = run,
    .names = question_functions,
};
