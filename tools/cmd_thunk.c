/*
 * abide thunk: code for adapters. Machine code needs libabide-codegen, and LLVM with it (emitter.h); C source comes from
 * libabide itself.
 */
#include "adapter.h"
#include "depfile.h"
#include "emitter.h"
#include "fingerprint_text.h"
#include "json.h"
#include "output.h"

#include <string.h>
#include <unistd.h>

const struct poptOption thunk_options[] = {
    ADAPTER_ROWS,
    OPTION_TEXT("emit", 0, OPTION_EMIT,
                "what to make (default: as the output's name ends, else obj)",
                "obj|archive|asm|ir|bitcode|c|ways"),
    OPTION_TEXT("prefix", 0, OPTION_PREFIX,
                "put this in front of every function's name (default: the caller's own prefix)",
                "TEXT"),
    OPTION_FLAG(NULL, 'g', OPTION_DEBUG, "debug information that names lines of FILE"),
    OPTION_FLAG("cet", 0, OPTION_CET,
                "control-flow protection: landing pads, signed return addresses, and the marks "
                "that linkers look for, as far as the target has them"),
    OPTION_FLAG("bti", 0, OPTION_BTI, "the same as --cet"),
    OPTION_FLAG("provide-aliases", 0, OPTION_PROVIDE_ALIASES,
                "give thunks alias symbols with their fingerprints, and the file a descriptor"),
    OPTION_FLAG(
        "call-aliases", 0, OPTION_CALL_ALIASES,
        "call functions by their alias symbols, so that only a library that fits is linked"),
    OPTION_TEXT("jobs", 'j', OPTION_JOBS,
                "threads that make code (default: as many as there are processors); the bytes are "
                "the same",
                "J"),
    OPTION_DASH_FLAG("MD", OPTION_DEPFILE, "also write a depfile: which files were read"),
    OPTION_DASH_TEXT("MF", OPTION_DEPFILE_PATH,
                     "write the depfile here (default: the output's name with .d)", "FILE"),
    OPTION_DASH_TEXT("MT", OPTION_DEPFILE_TARGET,
                     "the target that the depfile names (default: the output's name)", "NAME"),
    OPTIONS_MODULES,
    OPTIONS_COMMON,
    POPT_TABLEEND};

struct product {
    const char *bytes;
    size_t size_bytes;
};

/* What --provide-aliases adds: none without it. */
struct offer {
    abide_codegen_alias *aliases; /* two for each thunk */
    size_t alias_count;
    struct fingerprint_data data;
    const char *data_symbol; /* NULL: no data */
};

static const struct {
    const char *ending;
    enum emit emit;
} endings[] = {{".o", EMIT_OBJECT},    {".obj", EMIT_OBJECT}, {".a", EMIT_ARCHIVE},
               {".lib", EMIT_ARCHIVE}, {".s", EMIT_ASSEMBLY}, {".ll", EMIT_IR},
               {".bc", EMIT_BITCODE},  {".c", EMIT_C}};

static enum emit wanted_emit(const struct options *options)
{
    if (options->emit_given)
        return options->emit;
    size_t length = strlen(options->output);
    for (size_t i = 0; i < sizeof endings / sizeof *endings; i++) {
        size_t ending_length = strlen(endings[i].ending);
        if (length > ending_length &&
            strcmp(options->output + length - ending_length, endings[i].ending) == 0)
            return endings[i].emit;
    }
    return EMIT_OBJECT;
}

static bool to_standard_output(const struct options *options)
{
    return strcmp(options->output, "-") == 0;
}

static bool is_binary(enum emit emit)
{
    return emit == EMIT_OBJECT || emit == EMIT_ARCHIVE || emit == EMIT_BITCODE;
}

static enum status check_output(struct cli *cli)
{
    const struct options *options = &cli->options;
    if (!options->output)
        return cli_misuse(cli, "missing-operand", "say where the code goes: -o FILE",
                          "-o is missing");
    if (wanted_emit(options) == EMIT_C && (options->cet || options->bti || options->debug_info))
        return cli_misuse(cli, "bad-option-value", "give the C compiler its own options",
                          "--cet, --bti and -g mean nothing to C source");
    if ((options->provide_aliases || options->call_aliases) && options->kind != ABIDE_PLAN_ADAPTER)
        return cli_misuse(cli, "bad-option-value", "leave out --kind",
                          "only adapters have functions whose aliases could be told");
    if (!to_standard_output(options))
        return STATUS_OK;
    if (options->format == FORMAT_JSON)
        return cli_misuse(cli, "bad-option-value", "give -o a file",
                          "the code and the JSON answer cannot both go to standard output");
    if (is_binary(wanted_emit(options)) && isatty(STDOUT_FILENO))
        return cli_misuse(cli, "bad-option-value", "--emit asm is for reading, -o FILE for linking",
                          "machine code does not belong on a terminal");
    if ((options->depfile && !options->depfile_path) ||
        (options->depfile_path && !options->depfile_target))
        return cli_misuse(cli, "missing-operand", "give -MF FILE and -MT NAME",
                          "a depfile for standard output has no name");
    return STATUS_OK;
}

/* The part of a thunk's symbol in front of the function's name. */
static const char *prefix_of(const char *symbol, const abide_function *function)
{
    return cli_copy(symbol, strlen(symbol) - strlen(abide_function_name(function)));
}

/* false: reported. */
static bool make_offer(struct cli *cli, const struct adapters *adapters, const char *const *symbols,
                       struct offer *offer)
{
    if (!cli->options.provide_aliases)
        return true;
    abide_descriptor_entry *entries = cli_alloc(adapters->count, sizeof *entries);
    offer->aliases = cli_alloc(2 * adapters->count, sizeof *offer->aliases);
    for (size_t i = 0; i < adapters->count; i++) {
        abide_fingerprint fingerprint;
        entries[i] = (abide_descriptor_entry){adapters->functions[i], symbols[i],
                                              abide_plan_checks(adapters->plans[i])};
        if (!abide_fingerprint_of(cli->ctx, adapters->caller, adapters->functions[i], &fingerprint))
            return false;
        for (int alias = ABIDE_ALIAS_LAYOUT; alias <= ABIDE_ALIAS_CONTRACT; alias++)
            offer->aliases[offer->alias_count++] = (abide_codegen_alias){
                symbols[i], fingerprint_alias(cli, symbols[i], &fingerprint, (abide_alias)alias)};
    }
    if (!fingerprint_descriptor(cli, adapters->iface, adapters->caller, entries, adapters->count,
                                &offer->data))
        return false;
    const char *before = cli_printf("abide_desc_%s", prefix_of(symbols[0], adapters->functions[0]));
    offer->data_symbol = fingerprint_package_symbol(before, offer->data.package);
    return true;
}

/* The same behind C source. */
static void add_offer(const struct offer *offer, struct product *product)
{
    struct text text = {0};
    text_add(&text, product->bytes, product->size_bytes);
    text_puts(&text, "\n");
    for (size_t i = 0; i < offer->alias_count; i++)
        text_printf(&text, "extern __typeof__(%s) %s __attribute__((alias(\"%s\")));\n",
                    offer->aliases[i].symbol, offer->aliases[i].alias, offer->aliases[i].symbol);
    text_puts(&text, "\n");
    fingerprint_print_data(&text, &offer->data, offer->data_symbol, true);
    product->bytes = cli_copy(text.chars, text.length_bytes);
    product->size_bytes = text.length_bytes;
    text_free(&text);
}

static enum status emit_machine_code(struct cli *cli, const struct adapters *adapters,
                                     enum emit emit, const struct offer *offer,
                                     struct product *product)
{
    static const abide_emit kinds[] = {
        [EMIT_OBJECT] = ABIDE_EMIT_OBJECT,     [EMIT_ARCHIVE] = ABIDE_EMIT_ARCHIVE,
        [EMIT_ASSEMBLY] = ABIDE_EMIT_ASSEMBLY, [EMIT_IR] = ABIDE_EMIT_IR,
        [EMIT_BITCODE] = ABIDE_EMIT_BITCODE,   [EMIT_WAYS] = ABIDE_EMIT_WAYS};
    const char *why;
    emitter *codegen_emit = emitter_open(&why);
    if (!codegen_emit)
        return cli_report(cli, "not-built-in",
                          "install libabide-codegen, or use --emit c, which does not need it",
                          "cannot open the emitter: %s", why);
    abide_codegen_options options = ABIDE_CODEGEN_OPTIONS_INIT;
    options.emit = kinds[emit];
    options.prefix = cli->options.prefix;
    options.control_flow_protection = cli->options.cet || cli->options.bti;
    options.debug_info = cli->options.debug_info;
    if (!options_jobs(cli, &options.threads))
        return STATUS_USAGE;
    const abide_codegen_data data = {offer->data_symbol, offer->data.bytes, offer->data.size_bytes};
    options.aliases = offer->aliases;
    options.alias_count = offer->alias_count;
    options.data = &data;
    options.data_count = offer->data_symbol ? 1 : 0;
    if (!codegen_emit(cli->ctx, adapters->plans, adapters->count, &options, &product->bytes,
                      &product->size_bytes))
        return cli_failure(cli);
    return STATUS_OK;
}

static enum status emit_source(struct cli *cli, const struct adapters *adapters,
                               const struct offer *offer, struct product *product)
{
    product->bytes =
        abide_plan_print_c(cli->ctx, adapters->plans, adapters->count, cli->options.prefix);
    if (!product->bytes)
        return cli_failure(cli);
    product->size_bytes = strlen(product->bytes);
    if (offer->data_symbol)
        add_offer(offer, product);
    return STATUS_OK;
}

static bool wants_depfile(const struct options *options)
{
    return options->depfile || options->depfile_path;
}

static const char *wanted_depfile(const struct options *options)
{
    return options->depfile_path ? options->depfile_path : depfile_name(options->output);
}

/* The depfile, before anything is written. false: reported. */
static bool make_depfile(struct cli *cli, struct text *text)
{
    const struct options *options = &cli->options;
    if (!wants_depfile(options))
        return true;
    if (output_is_same(wanted_depfile(options), options->output)) {
        cli_report(cli, "unwritable-output", "choose another name with -MF",
                   "the depfile would take the place of the code, '%s'", options->output);
        return false;
    }
    const char *target = options->depfile_target ? options->depfile_target : options->output;
    if (depfile_print(cli->ctx, target, text))
        return true;
    cli_report(cli, "unwritable-output", NULL, "a depfile cannot name a file with a line end");
    return false;
}

/* The depfile first: without the code it does no harm, and code without it would not be made anew. */
static bool write_both(struct cli *cli, const struct product *product, const struct text *depfile)
{
    const struct options *options = &cli->options;
    if (depfile->chars &&
        !output_write(cli, wanted_depfile(options), depfile->chars, depfile->length_bytes))
        return false;
    return output_write(cli, options->output, product->bytes, product->size_bytes);
}

static bool write_product(struct cli *cli, const struct product *product)
{
    struct text depfile = {0};
    bool good = make_depfile(cli, &depfile) && write_both(cli, product, &depfile);
    text_free(&depfile);
    return good;
}

static void print_json(struct cli *cli, const struct adapters *adapters, const char *const *symbols,
                       const struct offer *offer)
{
    json_t *root = json_new_answer(cli);
    json_put_text(root, "target", abide_module_target(adapters->callee));
    json_put(root, "caller", json_module(adapters->caller));
    json_put(root, "callee", json_module(adapters->callee));
    json_put_text(root, "output", cli->options.output);
    json_t *thunks = json_new_array();
    for (size_t i = 0; i < adapters->count; i++) {
        json_t *thunk = json_new_object();
        json_put_text(thunk, "name", abide_function_name(adapters->functions[i]));
        json_put_text(thunk, "symbol", symbols[i]);
        const abide_plan *release = abide_plan_release_of(adapters->plans[i]);
        if (release)
            json_put_text(thunk, "release",
                          abide_plan_symbol(cli->ctx, release, cli->options.prefix));
        if (cli->options.kind == ABIDE_PLAN_ADAPTER)
            json_put_text(thunk, "calls", abide_function_symbol(adapters->functions[i]));
        if (offer->data_symbol) {
            json_put_text(thunk, "layout_alias", offer->aliases[2 * i].alias);
            json_put_text(thunk, "alias", offer->aliases[2 * i + 1].alias);
        }
        json_add(thunks, thunk);
    }
    json_put(root, "thunks", thunks);
    if (offer->data_symbol)
        json_put_text(root, "descriptor", offer->data_symbol);
    json_print(root, &cli->product);
}

/* The symbols that are defined, in order of the functions. NULL: reported. */
static const char *const *thunk_symbols(struct cli *cli, const struct adapters *adapters)
{
    const char **symbols = cli_alloc(adapters->count + 1, sizeof *symbols);
    bool good = true;
    for (size_t i = 0; i < adapters->count; i++) {
        symbols[i] = abide_plan_symbol(cli->ctx, adapters->plans[i], cli->options.prefix);
        good = symbols[i] && good;
    }
    return good ? symbols : NULL;
}

static enum status run(struct cli *cli)
{
    struct adapters adapters = {0};
    enum status status = check_output(cli);
    if (status == STATUS_OK)
        status = adapters_open(cli, &adapters);
    if (status != STATUS_OK)
        return status;
    if (adapters.count == 0) {
        cli_report(cli, "no-functions", "describe some under 'functions:'",
                   "'%s' has no functions to make adapters for", cli->options.operands.items[0]);
        return STATUS_INPUT;
    }
    const char *const *symbols = thunk_symbols(cli, &adapters);
    if (!symbols)
        return cli_failure(cli);

    struct product product = {0};
    struct offer offer = {0};
    if (!make_offer(cli, &adapters, symbols, &offer))
        return cli_failure(cli);
    enum emit emit = wanted_emit(&cli->options);
    status = emit == EMIT_C ? emit_source(cli, &adapters, &offer, &product)
                            : emit_machine_code(cli, &adapters, emit, &offer, &product);
    if (status != STATUS_OK)
        return status;
    if (!write_product(cli, &product))
        return STATUS_INPUT;
    if (cli->options.format == FORMAT_JSON)
        print_json(cli, &adapters, symbols, &offer);
    cli->options.output = NULL; /* what remains to be written goes to standard output */
    return STATUS_OK;
}

const struct verb verb_thunk = {
    .name = "thunk",
    .summary = "makes adapters: objects, archives, assembly, C",
    .operands = "FILE [FUNCTION...]",
    .about =
        "Makes functions that code of the caller's ABI can call, and that call functions of the\n"
        "interface file which are implemented in the callee's ABI. A thunk is named PREFIX and\n"
        "the function's name; it calls the function's symbol. The same input gives the same\n"
        "bytes; a file that would not change is not touched.",
    .examples = {"abide thunk api.abi.yaml --caller ./my.yaml --callee c -o api.o   # to be linked",
                 "abide thunk api.abi.yaml --caller ./my.yaml --callee c -o api.s   # to be read"},
    .options = thunk_options,
    .operands_min = 1,
    .operands_max = OPERANDS_ANY,
    .run = run,
    .names = question_functions,
};
