/*
 * abide import: interface files from what others wrote. The reading is done by a program of its own (tools/import/); what it
 * answers is asked of the engine before it is handed on.
 */
#include "child.h"
#include "import_against.h"
#include "import_check.h"
#include "import_helpers.h"
#include "import_reports.h"
#include "cli.h"
#include "json.h"
#include "output.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

const struct poptOption import_options[] = {
    OPTION_TEXT("target", 't', OPTION_TARGET,
                "read it for this target instead of this machine; may be repeated: what is not the "
                "same for all is left out",
                "TRIPLE"),
    OPTION_FLAG("all", 0, OPTION_ALL,
                "also what the header includes; of a binary: also functions that it only declares"),
    OPTION_TEXT(
        "from", 0, OPTION_FROM,
        "also the headers whose path matches, as '*/SDL2/*'; of a binary: only what is declared in "
        "such files; may be repeated",
        "PATTERN"),
    OPTION_TEXT(
        "only", 0, OPTION_WANTED,
        "only what is called so, and what that needs, wherever it is declared (or as --from "
        "says); may begin with type:, function: or constant:; may be repeated",
        "PATTERN"),
    OPTION_TEXT("except", 0, OPTION_UNWANTED,
                "nothing that is called so: where others only point to a record, it is opaque; may "
                "begin as that of --only; may be repeated",
                "PATTERN"),
    OPTION_TEXT("package", 0, OPTION_PACKAGE, "name of the library in the file", "NAME"),
    OPTION_TEXT(NULL, 'I', OPTION_HEADER_DIR, "look for headers here; may be repeated", "DIR"),
    OPTION_TEXT(NULL, 'D', OPTION_DEFINE, "define a macro; may be repeated", "NAME[=TEXT]"),
    OPTION_TEXT("clang", 0, OPTION_CLANG,
                "a flag for clang; may be repeated. All words behind -- are such", "FLAG"),
    OPTION_TEXT("against", 0, OPTION_AGAINST,
                "write nothing; status 1 if this file, imported before, would change, and how",
                "FILE"),
    OPTION_TEXT("check", 0, OPTION_CHECK_FILE,
                "write nothing; status 1 if the binary is not as this interface file says", "FILE"),
    OPTION_TEXT("module", 0, OPTION_MODULE, "read this module file, so that it can be named",
                "FILE"),
    OPTIONS_COMMON,
    POPT_TABLEEND};

/* What there is to import, the program that does it, and where that comes from. */
static const struct importer {
    const char *kind, *program, *help;
    const char *unreadable; /* the diagnostic, if it cannot be read */
    bool reads_source;      /* for any targets, with the flags of a compiler */
} importers[] = {
    {"c", "abide-import-c",
     "it is built where libclang is (apt install libclang-19-dev; dnf install clang-devel; brew "
     "install llvm), and is in the package abide-import-c; interface files may be committed, so "
     "that others need neither",
     "unreadable-header", true},
    {"dwarf", "abide-import-dwarf",
     "it is built where libdw is (apt install libdw-dev; dnf install elfutils-devel), and is in "
     "the package abide-import-dwarf; interface files may be committed, so that others need "
     "neither",
     "unreadable-binary", false},
};

static const struct importer *find_importer(struct cli *cli, const char *kind)
{
    const char *kinds[sizeof importers / sizeof *importers + 1] = {NULL};
    for (size_t i = 0; i < sizeof importers / sizeof *importers; i++) {
        kinds[i] = importers[i].kind;
        if (strcmp(kind, kinds[i]) == 0)
            return &importers[i];
    }
    const char *help = cli_did_you_mean(kind, kinds);
    cli_misuse(cli, "bad-option-value", help ? help : "abide import c HEADER",
               "nothing imports '%s'", kind);
    return NULL;
}

static void add_all(struct words *words, const char *option, const struct words *values)
{
    for (size_t i = 0; i < values->count; i++) {
        words_add(words, option);
        words_add(words, values->items[i]);
    }
}

/* Whether people read what is reported, and not programs, for which nothing is counted only. */
static bool is_for_people(const struct cli *cli)
{
    return cli->options.error_format == ERRORS_TEXT || cli->options.error_format == ERRORS_SHORT;
}

/* What the importer is told. */
static struct words command_of(const struct cli *cli, const struct importer *importer,
                               const struct words *targets)
{
    const struct options *options = &cli->options;
    struct words words = {0};
    words_add(&words, importer->program);
    /* A binary is for one target, and that it is for this machine is looked up in it. */
    add_all(&words, "--target", importer->reads_source ? targets : &options->targets);
    add_all(&words, "--from", &options->from);
    add_all(&words, "--only", &options->wanted);
    add_all(&words, "--except", &options->unwanted);
    add_all(&words, "-I", &options->header_dirs);
    add_all(&words, "-D", &options->defines);
    if (options->all)
        words_add(&words, "--all");
    if (options->quiet)
        words_add(&words, "--quiet");
    if (!is_for_people(cli))
        words_add(&words, "--each");
    if (options->package) {
        words_add(&words, "--package");
        words_add(&words, options->package);
    }
    words_add(&words, options->operands.items[1]);
    if (importer->reads_source)
        words_add(&words, "--");
    for (size_t i = 0; i < options->clang_flags.count; i++)
        words_add(&words, options->clang_flags.items[i]);
    words_add(&words, NULL);
    return words;
}

/* Layouts as the compiler has them, whether constants fit, and whether every function can be called. Complaints are reported. */
static void check_target(struct cli *cli, const abide_iface *iface, const char *target)
{
    const abide_module *module = abide_module_load(cli->ctx, "c", target);
    if (!module)
        return;
    size_t type_count = abide_iface_type_count(iface);
    const abide_type **types = cli_alloc(type_count + 1, sizeof *types);
    for (size_t i = 0; i < type_count; i++)
        types[i] = abide_iface_type_at(iface, i);
    abide_layout_check(cli->ctx, module, iface, types, type_count);
    abide_literal value;
    for (size_t i = 0; i < abide_iface_constant_count(iface); i++)
        abide_constant_value(cli->ctx, module, abide_iface_constant_at(iface, i), &value);
    for (size_t i = 0; i < abide_iface_function_count(iface); i++)
        abide_assignment_of(cli->ctx, module,
                            abide_function_signature(abide_iface_function_at(iface, i)));
}

static enum status check(struct cli *cli, const char *name, const struct words *targets,
                         const abide_iface **imported)
{
    const abide_iface *iface = *imported =
        abide_iface_parse(cli->ctx, cli_printf("interface of %s", name), cli->product.chars,
                          cli->product.length_bytes);
    if (!iface)
        return cli_failure(cli);
    cli->is_partial =
        true; /* the file holds what the compiler says, and may be of use all the same */
    for (size_t i = 0; i < targets->count; i++)
        check_target(cli, iface, targets->items[i]);
    return cli_has_errors(cli) ? cli_failure(cli) : STATUS_OK;
}

static enum status hand_on(struct cli *cli)
{
    if (cli->options.format == FORMAT_JSON) {
        json_t *root = json_new_answer(cli);
        json_put_text(root, "interface", cli->product.chars);
        text_free(&cli->product);
        json_print(root, &cli->product);
    }
    return STATUS_OK;
}

/* The targets that are asked for, or those of the file that is looked at, or this machine. None: one of them is nothing that abide could check. */
static struct words targets_of(struct cli *cli)
{
    struct words targets = {0};
    struct options *options = &cli->options;
    if (options->against && options->targets.count == 0)
        options->targets = import_targets_of_file(options->against);
    const struct words *asked = &options->targets;
    for (size_t i = 0; i < asked->count || (i == 0 && asked->count == 0); i++) {
        const char *target = asked->count ? asked->items[i] : NULL;
        const abide_module *module = abide_module_load(cli->ctx, "c", target);
        if (!module)
            return (struct words){0};
        words_add(&targets, target ? target : abide_module_target(module));
    }
    return targets;
}

/* Whether the options are some of what is imported. */
static bool fits_importer(struct cli *cli, const struct importer *importer)
{
    const struct options *options = &cli->options;
    if (importer->reads_source && options->check_file)
        cli_misuse(cli, "bad-option-value", "for a header there is --against",
                   "--check compares a file with a binary");
    else if (options->check_file && options->against)
        cli_misuse(cli, "bad-option-value", "ask twice", "--check and --against are two questions");
    else if (importer->reads_source)
        return true;
    else if (options->header_dirs.count || options->defines.count || options->clang_flags.count)
        cli_misuse(cli, "bad-option-value", "they are for `abide import c`",
                   "a binary is not compiled: there is nothing to say to a compiler");
    else if (options->targets.count > 1)
        cli_misuse(cli, "bad-option-value", "import them apart", "a binary is for one target");
    else
        return true;
    return false;
}

/* People read what the importer lists as it is, and its errors with the lines they are about; programs read diagnostics. */
static bool run_importer(struct cli *cli, const struct importer *importer,
                         const struct words *words, int *exit_status)
{
    struct text errors = {0};
    struct import_reports reports = {importer->unreadable, importer->reads_source};
    bool is_started = child_hear(words->items, &cli->product, &errors, exit_status);
    int error = errno;
    bool is_list =
        is_for_people(cli) && (*exit_status == STATUS_OK || *exit_status == STATUS_USAGE);
    if (is_list && errors.chars)
        fputs(errors.chars, stderr);
    else
        import_reports_add(cli, &reports, errors.chars);
    text_free(&errors);
    errno = error;
    return is_started;
}

static enum status run(struct cli *cli)
{
    const struct words *operands = &cli->options.operands;
    const struct importer *importer = find_importer(cli, operands->items[0]);
    if (!importer)
        return STATUS_USAGE;
    if (!fits_importer(cli, importer))
        return STATUS_USAGE;
    struct words targets = targets_of(cli);
    if (targets.count == 0)
        return cli_failure(cli);
    if (!is_for_people(cli))
        abide_ctx_keep_diags(cli->ctx, SIZE_MAX);
    struct words words = command_of(cli, importer, &targets);
    int exit_status = 0;
    if (!run_importer(cli, importer, &words, &exit_status))
        return errno == ENOENT
                   ? cli_report(cli, "not-built-in", importer->help, "the program %s is not there",
                                importer->program)
                   : cli_report(cli, "unreadable-file", NULL, "%s cannot be started: %s",
                                importer->program, strerror(errno));
    if (exit_status != 0) {
        text_free(&cli->product);
        return exit_status == STATUS_USAGE
                   ? STATUS_USAGE
                   : cli_report(cli, importer->unreadable, NULL, "%s has not been imported",
                                operands->items[1]);
    }
    const abide_iface *imported;
    enum status status = check(cli, operands->items[1], &targets, &imported);
    if (cli->options.check_file && status == STATUS_OK)
        return import_check(cli, imported, cli->options.check_file, targets.items[0]);
    enum status handed =
        cli->options.against && imported
            ? import_against(cli, imported, cli->options.against, operands->items[1], &targets)
            : hand_on(cli);
    return status != STATUS_OK ? status : handed;
}

/* `-- FLAG` is `--clang=FLAG`. */
static const char **mark_flags(int *argc, const char **argv)
{
    const char **words = cli_alloc((size_t)*argc + 1, sizeof *words);
    int count = 0;
    bool is_behind = false;
    for (int i = 0; i < *argc; i++) {
        if (!is_behind && strcmp(argv[i], "--") == 0)
            is_behind = true;
        else
            words[count++] = is_behind ? cli_printf("--clang=%s", argv[i]) : argv[i];
    }
    *argc = count;
    return words;
}

struct import_helper import_helper_at(size_t index)
{
    if (index >= sizeof importers / sizeof *importers)
        return (struct import_helper){NULL, NULL, NULL};
    const struct importer *importer = &importers[index];
    return (struct import_helper){importer->kind, importer->program, importer->help};
}

const struct verb verb_import = {
    .name = "import",
    .summary = "makes an interface file of a C header or of a binary",
    .operands = "c|dwarf FILE",
    .about =
        "Reads a header with libclang, for each target, and writes an interface file that is "
        "meant\n"
        "to be read and committed: types, functions, constants (macros that are constant\n"
        "expressions), comments, and the layouts that clang has, as `expect`. abide computes them\n"
        "again; status 1 says that it finds another. HEADER is a path, or a name between <> to be\n"
        "looked up. What interface files cannot say is left out and listed with its place. A "
        "header\n"
        "that clang finds an error in is not imported.\n"
        "`dwarf` reads an object, library or program in the ELF format with debug information:\n"
        "the types and functions that it has, whatever language they are written in, as C would\n"
        "see them.",
    .examples =
        {"abide import c shapes.h -o shapes.abi.yaml -- -std=c11         # with flags for clang",
         "abide import dwarf libshapes.so --check shapes.abi.yaml         # is it as described?"},
    .options = import_options,
    .operands_min = 2,
    .operands_max = 2,
    .run = run,
    .words = mark_flags,
};
