/* Options: from the words of the command line into struct options, and their description. */
#include "options.h"

#include "cli.h"

#include <ctype.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define JOBS_MAX 64

const struct poptOption options_modules[] = {
    OPTION_TEXT(NULL, 'I', OPTION_INCLUDE, "look for modules here first; may be repeated", "DIR"),
    OPTION_TEXT("module", 0, OPTION_MODULE, "read this module file, so that it can be named",
                "FILE"),
    POPT_TABLEEND};

#define REST_ROWS                                                                                 \
    OPTION_FLAG("json", 0, OPTION_JSON, "short for --format json"),                               \
        OPTION_TEXT(NULL, 'o', OPTION_OUTPUT, "write the answer to a file; - is standard output", \
                    "FILE"),                                                                      \
        OPTION_TEXT("error-format", 0, OPTION_ERROR_FORMAT,                                       \
                    "the form of errors and warnings: text (default); short, a line each; "       \
                    "github, for its workflows; json; sarif",                                     \
                    "text|short|github|json|sarif"),                                              \
        OPTION_TEXT("color", 0, OPTION_COLOR, "colours: auto (default), always or never",         \
                    "auto|always|never"),                                                         \
        OPTION_FLAG("quiet", 'q', OPTION_QUIET, "no warnings and notes, errors only"),            \
        OPTION_FLAG("help", 'h', OPTION_HELP, "show examples and options"),                       \
        OPTION_FLAG("version", 'V', OPTION_VERSION, "show the version"), POPT_TABLEEND

const struct poptOption options_rest[] = {REST_ROWS};

const struct poptOption options_common[] = {
    OPTION_TEXT("format", 0, OPTION_FORMAT, "the form of the answer: text (default) or json",
                "text|json"),
    REST_ROWS};

static const char *const formats[] = {"text", "json", NULL};
static const char *const formats_junit[] = {"text", "json", "junit", NULL};
static const char *const error_formats[] = {"text", "short", "github", "json", "sarif", NULL};
static const char *const formats_picture[] = {"text", "json", "svg", "html", NULL};
static const char *const colors[] = {"auto", "always", "never", NULL};
static const char *const checks[] = {"trust", "checked", "convert", NULL};
static const char *const requirements[] = {"zero-copy", NULL};
static const char *const emits[] = {"obj", "archive", "asm", "ir", "bitcode", "c", "ways", NULL};
static const char *const carries[] = {"table", "texts", "c", "aliases", "def", "header", NULL};
static const char *const kinds[] = {"adapter", "invoker", "closure", "handler", NULL};
static const char *const directions[] = {"both", "provider", "consumer", NULL};
static const char *const severities[] = {"addition", "risk", "contract", "break", NULL};
static const char *const levels[] = {"error", "warning", "note", NULL};

/* What an option does to struct options. */
static const struct binding {
    enum { FLAG, TEXT, LIST, CHOICE, PRESET } kind;
    size_t offset;
    const char *const *words; /* CHOICE */
    int base;                 /* CHOICE: value of the first word; PRESET: the value */
} bindings[OPTION_COUNT] = {
#define AT(member) offsetof(struct options, member)
    [OPTION_TARGET] = {LIST, AT(targets), NULL, 0},
    [OPTION_ABI] = {LIST, AT(abis), NULL, 0},
    [OPTION_INCLUDE] = {LIST, AT(include_dirs), NULL, 0},
    [OPTION_MODULE] = {LIST, AT(module_files), NULL, 0},
    [OPTION_FORMAT] = {CHOICE, AT(format), formats, FORMAT_TEXT},
    [OPTION_JSON] = {PRESET, AT(format), NULL, FORMAT_JSON},
    [OPTION_OUTPUT] = {TEXT, AT(output), NULL, 0},
    [OPTION_ERROR_FORMAT] = {CHOICE, AT(error_format), error_formats, ERRORS_TEXT},
    [OPTION_COLOR] = {CHOICE, AT(color), colors, COLOR_AUTO},
    [OPTION_QUIET] = {FLAG, AT(quiet), NULL, 0},
    [OPTION_HELP] = {FLAG, AT(help), NULL, 0},
    [OPTION_VERSION] = {FLAG, AT(version), NULL, 0},
    [OPTION_TRACE] = {FLAG, AT(trace), NULL, 0},
    [OPTION_VARIADIC] = {TEXT, AT(variadic), NULL, 0},
    [OPTION_CALLER] = {TEXT, AT(caller), NULL, 0},
    [OPTION_CALLEE] = {TEXT, AT(callee), NULL, 0},
    [OPTION_WITHOUT] = {FLAG, AT(without), NULL, 0},
    [OPTION_CHECKS] = {CHOICE, AT(checks), checks, ABIDE_CHECKS_TRUST},
    [OPTION_REQUIRE] = {CHOICE, AT(require), requirements, 1},
    [OPTION_EMIT] = {CHOICE, AT(emit), emits, EMIT_OBJECT},
    [OPTION_CARRY] = {CHOICE, AT(carry), carries, CARRY_TABLE},
    [OPTION_LAYOUT_ONLY] = {FLAG, AT(layout_only), NULL, 0},
    [OPTION_PROVIDE_ALIASES] = {FLAG, AT(provide_aliases), NULL, 0},
    [OPTION_CALL_ALIASES] = {FLAG, AT(call_aliases), NULL, 0},
    [OPTION_AGAINST] = {TEXT, AT(against), NULL, 0},
    [OPTION_CHECK_FILE] = {TEXT, AT(check_file), NULL, 0},
    [OPTION_NEW_ABI] = {LIST, AT(new_abis), NULL, 0},
    [OPTION_GIT] = {TEXT, AT(git), NULL, 0},
    [OPTION_DIRECTION] = {CHOICE, AT(direction), directions, 0},
    [OPTION_FAIL_ON] = {CHOICE, AT(fail_on), severities, 1},
    [OPTION_ACCEPT] = {TEXT, AT(accept), NULL, 0},
    [OPTION_FROM] = {LIST, AT(from), NULL, 0},
    [OPTION_WANTED] = {LIST, AT(wanted), NULL, 0},
    [OPTION_UNWANTED] = {LIST, AT(unwanted), NULL, 0},
    [OPTION_PACKAGE] = {TEXT, AT(package), NULL, 0},
    [OPTION_HEADER_DIR] = {LIST, AT(header_dirs), NULL, 0},
    [OPTION_DEFINE] = {LIST, AT(defines), NULL, 0},
    [OPTION_CLANG] = {LIST, AT(clang_flags), NULL, 0},
    [OPTION_PREFIX] = {TEXT, AT(prefix), NULL, 0},
    [OPTION_KIND] = {CHOICE, AT(kind), kinds, ABIDE_PLAN_ADAPTER},
    [OPTION_DATA] = {TEXT, AT(data), NULL, 0},
    [OPTION_DEPFILE] = {FLAG, AT(depfile), NULL, 0},
    [OPTION_DEPFILE_PATH] = {TEXT, AT(depfile_path), NULL, 0},
    [OPTION_DEPFILE_TARGET] = {TEXT, AT(depfile_target), NULL, 0},
    [OPTION_CET] = {FLAG, AT(cet), NULL, 0},
    [OPTION_BTI] = {FLAG, AT(bti), NULL, 0},
    [OPTION_PAC] = {FLAG, AT(pac), NULL, 0},
    [OPTION_DEBUG] = {FLAG, AT(debug_info), NULL, 0},
    [OPTION_LEVEL] = {CHOICE, AT(level), levels, LEVEL_ERROR},
    [OPTION_COVERAGE] = {FLAG, AT(coverage), NULL, 0},
    [OPTION_CHECK] = {FLAG, AT(check), NULL, 0},
    [OPTION_EXTENDS] = {TEXT, AT(extends), NULL, 0},
    [OPTION_FORMAT_JUNIT] = {CHOICE, AT(format), formats_junit, FORMAT_TEXT},
    [OPTION_FORMAT_PICTURE] = {CHOICE, AT(format), formats_picture, FORMAT_TEXT},
    [OPTION_CC] = {TEXT, AT(cc), NULL, 0},
    [OPTION_RUN] = {TEXT, AT(run), NULL, 0},
    [OPTION_OTHER_CC] = {TEXT, AT(other_cc), NULL, 0},
    [OPTION_TO] = {TEXT, AT(to), NULL, 0},
    [OPTION_LANGUAGE] = {TEXT, AT(language), NULL, 0},
    [OPTION_LANGUAGE_COMMAND] = {TEXT, AT(language_command), NULL, 0},
    [OPTION_CALLEE_CC] = {TEXT, AT(callee_cc), NULL, 0},
    [OPTION_SIGNATURES] = {TEXT, AT(count), NULL, 0},
    [OPTION_SEED] = {TEXT, AT(seed), NULL, 0},
    [OPTION_FIRST] = {TEXT, AT(first), NULL, 0},
    [OPTION_JOBS] = {TEXT, AT(jobs), NULL, 0},
    [OPTION_OPT] = {TEXT, AT(opt), NULL, 0},
    [OPTION_WITH_FEATURES] = {TEXT, AT(with_features), NULL, 0},
    [OPTION_WITHOUT_FEATURES] = {TEXT, AT(without_features), NULL, 0},
    [OPTION_ONLY] = {TEXT, AT(only), NULL, 0},
    [OPTION_STAGES] = {TEXT, AT(stages), NULL, 0},
    [OPTION_REPORT] = {TEXT, AT(report), NULL, 0},
    [OPTION_KEEP] = {TEXT, AT(keep), NULL, 0},
    [OPTION_INTERFACE] = {TEXT, AT(interface), NULL, 0},
    [OPTION_HARNESS] = {TEXT, AT(harness), NULL, 0},
    [OPTION_NO_SHRINK] = {FLAG, AT(no_shrink), NULL, 0},
    [OPTION_ODD] = {FLAG, AT(odd), NULL, 0},
    [OPTION_STOP] = {FLAG, AT(stop), NULL, 0},
    [OPTION_SELFTEST] = {FLAG, AT(selftest), NULL, 0},
    [OPTION_ALL] = {FLAG, AT(all), NULL, 0},
    [OPTION_LIBRARY] = {LIST, AT(libraries), NULL, 0},
    [OPTION_RUN_ABI] = {TEXT, AT(callee), NULL, 0},
    [OPTION_LIST] = {FLAG, AT(list), NULL, 0},
#undef AT
};

void words_add(struct words *words, const char *word)
{
    words->items = cli_grow(words->items, words->count, &words->capacity, sizeof *words->items);
    words->items[words->count++] = word;
}

static const char *alternatives(const char *const *words)
{
    const char *list = words[0];
    for (size_t i = 1; words[i]; i++)
        list = cli_printf("%s%s%s", list, words[i + 1] ? ", " : " or ", words[i]);
    return list;
}

#define GROUP_OF_VERB "Options:"

static size_t count_rows(const struct poptOption *table)
{
    size_t count = 0;
    for (; table->longName || table->shortName || table->arg; table++)
        count += table->argInfo == POPT_ARG_INCLUDE_TABLE ? count_rows(table->arg) : 1;
    return count;
}

/* The options that stand in the table itself. */
static size_t add_own_rows(const struct poptOption *table, const char *group,
                           struct option_row *rows, size_t count)
{
    for (; table->longName || table->shortName || table->arg; table++)
        if (table->argInfo != POPT_ARG_INCLUDE_TABLE)
            rows[count++] = (struct option_row){table, group};
    return count;
}

const struct option_row *options_rows(const struct poptOption *table)
{
    struct option_row *rows = cli_alloc(count_rows(table) + 1, sizeof *rows);
    size_t count = add_own_rows(table, GROUP_OF_VERB, rows, 0);
    for (; table->longName || table->shortName || table->arg; table++)
        if (table->argInfo == POPT_ARG_INCLUDE_TABLE)
            count = add_own_rows(table->arg, table->descrip, rows, count);
    return rows;
}

bool options_may_repeat(const struct poptOption *option)
{
    return bindings[option->val].kind == LIST;
}

const char *options_long_name(const struct poptOption *option)
{
    if (!option->longName)
        return NULL;
    return cli_printf("%s%s", option->argInfo & POPT_ARGFLAG_ONEDASH ? "-" : "--",
                      option->longName);
}

const char *options_short_name(const struct poptOption *option)
{
    return option->shortName ? cli_printf("-%c", option->shortName) : NULL;
}

/* The long name of an option of a verb, or NULL. */
static const char *long_name(const struct poptOption *table, enum option option)
{
    for (const struct option_row *row = options_rows(table); row->option; row++)
        if (row->option->val == (int)option)
            return row->option->longName;
    return NULL;
}

static bool choose(struct cli *cli, enum option option, const char *word, int *value)
{
    const struct binding *binding = &bindings[option];
    for (int i = 0; binding->words[i]; i++)
        if (word && strcmp(binding->words[i], word) == 0) {
            *value = binding->base + i;
            return true;
        }
    const char *help = cli_did_you_mean(word, binding->words);
    cli_misuse(cli, "bad-option-value", help, "--%s takes %s, not '%s'",
               long_name(cli->verb->options, option), alternatives(binding->words), word);
    return false;
}

static bool apply(struct cli *cli, enum option option, char *argument)
{
    const struct binding *binding = &bindings[option];
    void *member = (char *)&cli->options + binding->offset;
    const char *word = argument ? cli_copy(argument, strlen(argument)) : NULL;
    free(argument);
    switch (binding->kind) {
    case FLAG: *(bool *)member = true; return true;
    case TEXT: *(const char **)member = word; return true;
    case LIST: words_add(member, word); return true;
    case PRESET: *(int *)member = binding->base; return true;
    case CHOICE:
        if (option == OPTION_EMIT)
            cli->options.emit_given = true;
        return choose(cli, option, word, member);
    }
    return false;
}

/* The long names of a verb's options, for "did you mean"; NULL past the last. */
static const char *const *long_names(const struct poptOption *table)
{
    const char **names = cli_alloc(count_rows(table) + 1, sizeof *names);
    size_t count = 0;
    for (const struct option_row *row = options_rows(table); row->option; row++)
        if (row->option->longName)
            names[count++] = options_long_name(row->option);
    return names;
}

static void report_bad_option(struct cli *cli, poptContext context, int error)
{
    const char *option = poptBadOption(context, POPT_BADOPTION_NOALIAS);
    switch (error) {
    case POPT_ERROR_BADOPT: {
        const char *name = cli_copy(option, strcspn(option, "="));
        cli_misuse(cli, "unknown-option", cli_did_you_mean(name, long_names(cli->verb->options)),
                   "unknown option '%s'", name);
        return;
    }
    case POPT_ERROR_NOARG:
        cli_misuse(cli, "bad-option-value", NULL, "option '%s' needs a value", option);
        return;
    case POPT_ERROR_UNWANTEDARG:
        cli_misuse(cli, "bad-option-value", NULL, "option '%s' takes no value", option);
        return;
    case POPT_ERROR_MALLOC: cli_no_memory();
    default:
        cli_misuse(cli, "bad-option-value", NULL, "'%s': %s", option, poptStrerror(error));
        return;
    }
}

enum error_format options_error_format(int argc, const char **argv)
{
    static const char name[] = "--error-format";
    size_t name_bytes = sizeof name - 1;
    int format = ERRORS_TEXT;
    for (int i = 0; i < argc && strcmp(argv[i], "--") != 0; i++) {
        const char *value = NULL;
        if (strncmp(argv[i], name, name_bytes) == 0 && argv[i][name_bytes] == '=')
            value = argv[i] + name_bytes + 1;
        else if (strcmp(argv[i], name) == 0 && i + 1 < argc)
            value = argv[++i];
        for (int word = 0; value && error_formats[word]; word++)
            if (strcmp(error_formats[word], value) == 0)
                format = word;
    }
    return (enum error_format)format;
}

static bool check_operand_count(struct cli *cli)
{
    const struct words *operands = &cli->options.operands;
    const struct verb *verb = cli->verb;
    const char *usage = cli_printf("usage: abide %s [OPTIONS]%s%s", verb->name,
                                   *verb->operands ? " " : "", verb->operands);
    if (operands->count < verb->operands_min) {
        cli_misuse(cli, "missing-operand", usage, "something is missing: %s", verb->operands);
        return false;
    }
    if (operands->count > verb->operands_max) {
        cli_misuse(cli, "unexpected-operand", usage, "'%s' is one word too many",
                   operands->items[verb->operands_max]);
        return false;
    }
    return true;
}

/* What no option took, and the end of the context. */
static void take_operands(struct cli *cli, poptContext context)
{
    const char *operand;
    while ((operand = poptGetArg(context)))
        words_add(&cli->options.operands, cli_copy(operand, strlen(operand)));
    poptFreeContext(context);
}

bool options_parse(struct cli *cli, int argc, const char **argv)
{
    poptContext context = poptGetContext("abide", argc, argv, cli->verb->options, 0);
    if (!context)
        cli_no_memory();
    bool good = true;
    int option;
    while (good && (option = poptGetNextOpt(context)) >= 0)
        good = apply(cli, (enum option)option, poptGetOptArg(context));
    if (good && option < -1) {
        report_bad_option(cli, context, option);
        good = false;
    }
    take_operands(cli, context);
    if (good && !cli->options.help && !cli->options.version)
        good = check_operand_count(cli);
    return good;
}

/* The option of a verb that is written like that, or NULL. */
static const struct poptOption *option_written(const struct poptOption *table, const char *word)
{
    for (const struct option_row *row = options_rows(table); row->option; row++) {
        const char *names[] = {options_short_name(row->option), options_long_name(row->option)};
        for (size_t i = 0; i < 2; i++)
            if (names[i] && strcmp(names[i], word) == 0)
                return row->option;
    }
    return NULL;
}

const struct poptOption *options_read_unfinished(struct cli *cli, int argc, const char **argv)
{
    poptContext context = poptGetContext("abide", argc, argv, cli->verb->options, 0);
    if (!context)
        cli_no_memory();
    const struct poptOption *awaited = NULL;
    int option;
    while ((option = poptGetNextOpt(context)) != -1) {
        if (option >= 0)
            apply(cli, (enum option)option, poptGetOptArg(context));
        else if (option == POPT_ERROR_NOARG)
            awaited = option_written(cli->verb->options, poptBadOption(context, 0));
    }
    take_operands(cli, context);
    return awaited;
}

/* "-t, --target TRIPLE" */
static const char *spelling(const struct poptOption *option)
{
    const char *short_name = options_short_name(option), *name = options_long_name(option);
    return cli_printf("%s%s%s%s%s", short_name ? short_name : "", short_name && name ? ", " : "",
                      name ? name : "", option->argDescrip ? " " : "",
                      option->argDescrip ? option->argDescrip : "");
}

/* Adds `words`, broken between words to stay within 100 columns, after `indent` columns that are filled already. */
static void add_wrapped(struct text *text, const char *words, size_t indent)
{
    size_t column = indent;
    while (*words) {
        size_t length = strcspn(words, " ");
        if (column > indent && column + 1 + length > 100) {
            text_puts(text, "\n");
            text_repeat(text, ' ', indent);
            column = indent;
        } else if (column > indent) {
            text_puts(text, " ");
            column++;
        }
        text_add(text, words, length);
        column += length;
        words += length;
        words += strspn(words, " ");
    }
    text_puts(text, "\n");
}

#define DESCRIPTION_COLUMN 28

static void describe_row(const struct poptOption *row, struct text *text)
{
    const char *option = spelling(row);
    text_printf(text, "  %s", option);
    size_t column = 2 + strlen(option);
    if (column + 2 > DESCRIPTION_COLUMN) {
        text_puts(text, "\n");
        column = 0;
    }
    text_repeat(text, ' ', DESCRIPTION_COLUMN - column);
    add_wrapped(text, row->descrip, DESCRIPTION_COLUMN);
}

void options_describe(const struct poptOption *table, struct text *text)
{
    const char *group = NULL;
    for (const struct option_row *row = options_rows(table); row->option; row++) {
        if (row->group != group)
            text_printf(text, "\n%s\n", row->group);
        group = row->group;
        describe_row(row->option, text);
    }
}

bool options_number(struct cli *cli, const char *option, const char *text, uint64_t min,
                    uint64_t max, uint64_t *number)
{
    if (!text)
        return true;
    char *end;
    errno = 0;
    *number = strtoull(text, &end, 10);
    if (isdigit((unsigned char)*text) && *end == '\0' && errno == 0 && *number >= min &&
        *number <= max)
        return true;
    cli_misuse(cli, "bad-option-value", NULL, "--%s takes a number from %llu to %llu, not '%s'",
               option, (unsigned long long)min, (unsigned long long)max, text);
    return false;
}

bool options_jobs(struct cli *cli, unsigned *jobs)
{
    long processors = sysconf(_SC_NPROCESSORS_ONLN);
    uint64_t number = processors > JOBS_MAX ? JOBS_MAX : processors > 0 ? (uint64_t)processors : 1;
    bool fine = options_number(cli, "jobs", cli->options.jobs, 1, JOBS_MAX, &number);
    *jobs = (unsigned)number;
    return fine;
}
