/* abide lint: checks modules and interface files. What it finds is its answer, and goes to standard output. */
#include "diags.h"

#include <stdio.h>
#include <string.h>

const struct poptOption lint_options[] = {
    OPTION_TEXT("level", 0, OPTION_LEVEL,
                "status 1 for findings of this level or worse (default: error)",
                "error|warning|note"),
    OPTION_TEXT("abi", 0, OPTION_ABI,
                "of interfaces, also what goes wrong under this ABI (may be given several times; "
                "default: what the interface provides)",
                "REF"),
    OPTION_FLAG("coverage", 0, OPTION_COVERAGE, "of modules, also rules that no vector exercises"),
    OPTION_TARGET_ROW,
    OPTIONS_MODULES,
    OPTIONS_COMMON,
    POPT_TABLEEND};

static bool starts_with(const char *text, const char *start)
{
    return strncmp(text, start, strlen(start)) == 0;
}

#define SNIFFED_BYTES ((size_t)64 << 10)

/* A module file has the key `module` at its top level; everything else is read as an interface. */
static bool is_module_file(const char *path)
{
    FILE *file = strcmp(path, "-") == 0 ? NULL : fopen(path, "rb");
    if (!file)
        return false;
    char *text = cli_alloc(SNIFFED_BYTES + 1, 1);
    size_t length_bytes = fread(text, 1, SNIFFED_BYTES, file);
    fclose(file);
    text[length_bytes] = '\0';
    for (const char *line = text; line; line = strchr(line, '\n')) {
        line += *line == '\n';
        if (starts_with(line, "module:"))
            return true;
    }
    return false;
}

/* Whether a diagnostic says that the file could not be read at all: that is no finding. */
static bool is_unreadable(const abide_diag *diag)
{
    static const char *const ids[] = {"missing-file", "unreadable-file", "file-too-large",
                                      "out-of-memory"};
    for (size_t i = 0; i < sizeof ids / sizeof *ids; i++)
        if (strcmp(abide_diag_id(diag), ids[i]) == 0 && !abide_diag_position(diag).file)
            return true;
    return false;
}

struct count {
    size_t errors, warnings, notes;
};

static struct count count_findings(const abide_ctx *ctx)
{
    struct count count = {0};
    for (size_t i = 0; i < abide_ctx_diag_count(ctx); i++)
        switch (abide_diag_severity(abide_ctx_diag_at(ctx, i))) {
        case ABIDE_SEVERITY_ERROR: count.errors++; break;
        case ABIDE_SEVERITY_WARNING: count.warnings++; break;
        case ABIDE_SEVERITY_NOTE: count.notes++; break;
        }
    return count;
}

static const char *counted(size_t count, const char *what)
{
    return cli_printf("%zu %s%s", count, what, count == 1 ? "" : "s");
}

/* Those that make the status 1, and without --quiet all. */
static bool is_shown(const struct options *options, const abide_diag *diag)
{
    static const enum level levels[] = {[ABIDE_SEVERITY_ERROR] = LEVEL_ERROR,
                                        [ABIDE_SEVERITY_WARNING] = LEVEL_WARNING,
                                        [ABIDE_SEVERITY_NOTE] = LEVEL_NOTE};
    return !options->quiet || (int)levels[abide_diag_severity(diag)] <= options->level;
}

static void print_text(struct cli *cli, struct count count)
{
    const struct diags diags = {cli, cli->color_out, 0, true, is_shown, NULL};
    diags_write(&diags, &cli->product);
    if (!cli->options.quiet && cli->options.error_format == ERRORS_TEXT)
        text_printf(&cli->product, "%s, %s, %s in %s\n", counted(count.errors, "error"),
                    counted(count.warnings, "warning"), counted(count.notes, "note"),
                    counted(cli->options.operands.count, "file"));
}

static void print_json(struct cli *cli)
{
    json_t *root = json_new_answer(cli);
    json_t *files = json_new_array();
    for (size_t i = 0; i < cli->options.operands.count; i++)
        json_add(files, json_text(cli->options.operands.items[i]));
    json_put(root, "files", files);
    json_t *findings = json_new_array();
    for (size_t i = 0; i < abide_ctx_diag_count(cli->ctx); i++) {
        const abide_diag *diag = abide_ctx_diag_at(cli->ctx, i);
        abide_position position = abide_diag_position(diag);
        json_t *finding = json_new_object();
        json_put_text(finding, "level", diags_severity(diag));
        json_put_text(finding, "id", abide_diag_id(diag));
        json_put_text(finding, "message", abide_diag_message(diag));
        json_put_text(finding, "file", position.file);
        if (position.file) {
            json_put_size(finding, "line", position.line);
            json_put_size(finding, "column", position.column);
        }
        json_add(findings, finding);
    }
    json_put(root, "findings", findings);
    json_print(root, &cli->product);
}

static enum status verdict(const struct options *options, struct count count)
{
    size_t asked = count.errors;
    if (options->level >= LEVEL_WARNING)
        asked += count.warnings;
    if (options->level >= LEVEL_NOTE)
        asked += count.notes;
    return asked ? STATUS_NO : STATUS_OK;
}

/* The interface by itself, and together with ABIs. */
static void lint_interface(struct cli *cli, const char *path)
{
    const struct options *options = &cli->options;
    const char *target = options->targets.count ? options->targets.items[0] : NULL;
    const abide_iface *iface = abide_iface_lint(cli->ctx, path);
    const char *provided = iface ? abide_iface_provides(iface) : NULL;
    for (size_t i = 0; iface && i < options->abis.count; i++)
        abide_plan_lint(cli->ctx, iface,
                        abide_module_load(cli->ctx, options->abis.items[i], target));
    if (iface && provided && !options->abis.count)
        abide_plan_lint(cli->ctx, iface, abide_module_load(cli->ctx, provided, target));
}

/* The module by itself, and, if nothing is wrong with it, its answers to its own vectors. */
static void lint_module(struct cli *cli, const char *path)
{
    size_t errors = count_findings(cli->ctx).errors;
    abide_module_lint(cli->ctx, path);
    if (count_findings(cli->ctx).errors == errors)
        abide_vectors_lint(cli->ctx, path, cli->options.coverage);
}

static enum status run(struct cli *cli)
{
    const struct words *files = &cli->options.operands;
    for (size_t i = 0; i < files->count; i++) {
        if (is_module_file(files->items[i]))
            lint_module(cli, files->items[i]);
        else
            lint_interface(cli, files->items[i]);
    }
    for (size_t i = 0; i < abide_ctx_diag_count(cli->ctx); i++)
        if (is_unreadable(abide_ctx_diag_at(cli->ctx, i)))
            return cli_failure(cli);
    struct count count = count_findings(cli->ctx);
    if (cli->options.format == FORMAT_JSON)
        print_json(cli);
    else
        print_text(cli, count);
    abide_ctx_clear_diags(cli->ctx); /* they are in the answer */
    return verdict(&cli->options, count);
}

const struct verb verb_lint = {
    .name = "lint",
    .summary = "checks modules and interface files",
    .operands = "FILE...",
    .about = "Reads modules and interface files and lists what is wrong with them: errors, which\n"
             "other verbs would stop at, and warnings and notes, which they do not mention. The\n"
             "vectors of a module are recomputed. The list is the answer and goes to standard\n"
             "output.",
    .examples = {"abide lint geometry.abi.yaml my.yaml        # errors, warnings and notes",
                 "abide lint --level warning --quiet *.yaml   # for a build: status 1 on warnings"},
    .options = lint_options,
    .operands_min = 1,
    .operands_max = OPERANDS_ANY,
    .run = run,
};
