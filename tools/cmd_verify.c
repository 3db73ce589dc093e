/* abide verify: does a module say what compilers do? The oracle itself is in verify/. */
#include "cli.h"
#include "output.h"
#include "verify/agenda.h"
#include "verify/process.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { STAGES_OF_C = STAGE_LAYOUT | STAGE_ARGUMENTS | STAGE_RESULTS };

static const struct poptOption verify_options[] = {
    OPTION_TARGET_ROW,
    OPTION_FLAG("all", 0, OPTION_ALL,
                "every machine module that has a compiler, and a table of them at the end"),
    OPTION_FLAG("list", 0, OPTION_LIST, "say which compilers would be asked, and stop"),
    OPTION_TEXT("cc", 0, OPTION_CC,
                "ask this compiler: a command, or 'gcc' or 'clang' as the target's data has it "
                "(default: all of them that are installed)",
                "CMD"),
    OPTION_TEXT("run", 0, OPTION_RUN, "run programs with this command, such as an emulator", "CMD"),
    OPTION_TEXT("other-cc", 0, OPTION_OTHER_CC,
                "compare two compilers, and leave the module out of it", "CMD"),
    OPTION_TEXT("language", 0, OPTION_LANGUAGE,
                "write callees and callers in this language: a name, or a template's file "
                "(default: that of a language module, else C)",
                "NAME|FILE"),
    OPTION_TEXT("language-command", 0, OPTION_LANGUAGE_COMMAND,
                "the compiler of the language (default: as its template says); of a language that "
                "is built in, '--NAME CMD' says both",
                "CMD"),
    OPTION_TEXT("to", 0, OPTION_TO,
                "try adapters to and from this ABI (default: languages over the module and "
                "conventions that C can spell; of these, the C ABI)",
                "REF"),
    OPTION_TEXT("callee-cc", 0, OPTION_CALLEE_CC,
                "compile the functions that adapters call with this compiler", "CMD"),
    OPTION_TEXT("interface", 0, OPTION_INTERFACE,
                "prove the types and functions of this interface file instead of random ones",
                "FILE"),
    OPTION_TEXT("count", 'n', OPTION_SIGNATURES, "how many signatures (default: 1000)", "N"),
    OPTION_TEXT("seed", 's', OPTION_SEED, "which signatures (default: others each time)", "S"),
    OPTION_TEXT("first", 0, OPTION_FIRST, "start at this signature of the seed", "N"),
    OPTION_TEXT("jobs", 'j', OPTION_JOBS, "processes (default: as many as there are processors)",
                "J"),
    OPTION_TEXT("opt", 'O', OPTION_OPT, "optimization of the test programs (default: 1)",
                "0|1|2|3|s"),
    OPTION_TEXT("stages", 0, OPTION_STAGES,
                "look at these only: layout, arguments, results, extend, thunks (default: all)",
                "LIST"),
    OPTION_TEXT("with", 0, OPTION_WITH_FEATURES, "also generate what few compilers have: bfloat",
                "FEATURES"),
    OPTION_TEXT("without", 0, OPTION_WITHOUT_FEATURES,
                "do not generate: i128, longdouble, empty, union, enum, pointer, half, quad, "
                "bitset, tuple, variadic; packed, align, bitfield, unnamed, vector (of 8 and 16 "
                "bytes), wide (vector of 32 and 64 bytes), complex; role (parameters "
                "with places of their own)",
                "FEATURES"),
    OPTION_FLAG("odd", 0, OPTION_ODD,
                "make types with members that take no room, which hardly any program has"),
    OPTION_TEXT("only", 0, OPTION_ONLY, "make types of these scalars only, such as f32,c_int",
                "SCALARS"),
    OPTION_FLAG("no-shrink", 0, OPTION_NO_SHRINK, "show failing signatures as they were generated"),
    OPTION_FLAG("stop", 0, OPTION_STOP, "end at the first mismatch; one process"),
    OPTION_FLAG("selftest", 0, OPTION_SELFTEST,
                "test the oracle: does it notice answers that are spoiled?"),
    OPTION_TEXT("report", 0, OPTION_REPORT,
                "also write a report: JSON, or JUnit's XML if the name ends in .xml", "FILE"),
    OPTION_TEXT("keep", 0, OPTION_KEEP, "leave test programs and their output in this folder",
                "DIR"),
    OPTION_TEXT("harness", 0, OPTION_HARNESS,
                "read ARCH.yaml and ARCH.S of the target's architecture here", "DIR"),
    OPTIONS_MODULES,
    OPTION_TEXT("format", 0, OPTION_FORMAT_JUNIT,
                "the form of the answer: text (default), json or junit", "text|json|junit"),
    OPTIONS_REST,
    POPT_TABLEEND};

/* --- words and numbers of the command line --- */

typedef const char *name_at(size_t index);

static const char *feature_at(size_t index)
{
    return index < FEATURE_COUNT ? feature_names[index] : NULL;
}

static const char *scalar_at(size_t index)
{
    return index < scalar_count ? scalars[index].name : NULL;
}

static const char *stage_at(size_t index)
{
    return index < STAGE_COUNT ? stage_names[index] : NULL;
}

static const char *candidate_at(const void *user, size_t index)
{
    name_at *const *names = user;
    return (*names)(index);
}

/* The length of the word that a list begins with: "vector<f32, 4>" is one. */
static size_t word_length(const char *list)
{
    size_t length = 0;
    for (int depth = 0; list[length] != '\0' && (list[length] != ',' || depth > 0); length++)
        depth += (list[length] == '<' || list[length] == '(') -
                 (list[length] == ')' || (list[length] == '>' && depth > 0));
    return length;
}

/* Words with commas between them, as a set of their indexes. */
static bool read_set(struct cli *cli, const char *option, const char *text, name_at *names,
                     uint64_t *set)
{
    for (*set = 0; text && *text != '\0';) {
        const char *word = cli_copy(text, word_length(text));
        size_t i = 0;
        while (names(i) && strcmp(names(i), word) != 0)
            i++;
        if (!names(i)) {
            const char *nearest = abide_nearest(word, candidate_at, &names);
            cli_misuse(cli, "bad-option-value",
                       nearest ? cli_printf("did you mean '%s'?", nearest) : NULL,
                       "--%s knows no '%s'", option, word);
            return false;
        }
        *set |= UINT64_C(1) << i;
        text += strlen(word);
        text += *text == ',';
    }
    return true;
}

static bool read_opt(struct cli *cli, const char *text, const char **opt)
{
    if (!text || (strlen(text) == 1 && strchr("0123s", *text))) {
        *opt = text ? text : "1";
        return true;
    }
    cli_misuse(cli, "bad-option-value", NULL, "--opt takes 0, 1, 2, 3 or s, not '%s'", text);
    return false;
}

static bool read_features(struct cli *cli, struct verify_options *o)
{
    const struct options *options = &cli->options;
    uint64_t with, without, only, stages;
    if (!read_set(cli, "with", options->with_features, feature_at, &with) ||
        !read_set(cli, "without", options->without_features, feature_at, &without) ||
        !read_set(cli, "only", options->only, scalar_at, &only) ||
        !read_set(cli, "stages", options->stages, stage_at, &stages))
        return false;
    /* An unnamed bit-field is one, and so is a wide vector. */
    if ((with & FEATURE_UNNAMED) != 0)
        with |= FEATURE_BITFIELD;
    if ((with & FEATURE_WIDE) != 0)
        with |= FEATURE_VECTOR;
    if ((without & FEATURE_BITFIELD) != 0)
        without |= FEATURE_UNNAMED;
    if ((without & FEATURE_VECTOR) != 0)
        without |= FEATURE_WIDE;
    o->features = (FEATURE_DEFAULT | (unsigned)with) & ~(unsigned)without;
    if (options->odd)
        o->features |= FEATURE_ODD;
    o->scalars_allowed = options->only ? only : UINT64_MAX;
    o->stages = options->stages ? (unsigned)stages : STAGES_ALL;
    return true;
}

static bool read_options(struct cli *cli, struct verify_options *o)
{
    const struct options *options = &cli->options;
    *o = (struct verify_options){
        .count = 1000,
        .seed = (uint64_t)(seconds_now() * 1e6) % 1000000007,
        .batch = 600,
        .shrink = !options->no_shrink,
        .stop = options->stop,
        .selftest = options->selftest,
        .progress = !options->quiet && isatty(STDERR_FILENO),
    };
    if (!options_number(cli, "count", options->count, 1, 1000000000, &o->count) ||
        !options_number(cli, "seed", options->seed, 0, UINT64_MAX, &o->seed) ||
        !options_number(cli, "first", options->first, 0, UINT64_MAX / 2, &o->first) ||
        !options_jobs(cli, &o->jobs) || !read_opt(cli, options->opt, &o->opt) ||
        !read_features(cli, o))
        return false;
    if (o->stop) {
        o->jobs = 1; /* or another process would be further than the first mismatch */
        o->batch = 100;
    }
    return true;
}

/* What chooses random signatures has no meaning where an interface file says which there are. */
static bool read_interface(struct cli *cli, struct verify_options *o, struct given *given)
{
    const struct options *options = &cli->options;
    const struct {
        const char *name;
        bool is_given;
    } random[] = {{"count", options->count},
                  {"seed", options->seed},
                  {"first", options->first},
                  {"with", options->with_features},
                  {"without", options->without_features},
                  {"only", options->only},
                  {"odd", options->odd},
                  {"to", options->to},
                  {"language", options->language},
                  {"other-cc", options->other_cc},
                  {"all", options->all}};
    for (size_t i = 0; i < sizeof random / sizeof *random; i++)
        if (random[i].is_given) {
            cli_misuse(cli, "bad-option-value", NULL, "--interface and --%s exclude each other",
                       random[i].name);
            return false;
        }
    if (options->stages && (o->stages & ~(unsigned)STAGES_OF_C) != 0) {
        cli_misuse(cli, "bad-option-value", "--stages layout,arguments,results",
                   "--interface has no stages extend and thunks");
        return false;
    }
    o->stages &= STAGES_OF_C;
    if (!given_load(cli, options->interface, given))
        return false;
    o->given = given;
    o->seed = 0; /* there is none */
    o->count = given->count;
    return true;
}

/* --- telling --- */

static bool ends_in(const char *text, const char *end)
{
    size_t length = strlen(text), end_length = strlen(end);
    return length >= end_length && strcmp(text + length - end_length, end) == 0;
}

static bool write_report(struct cli *cli, const struct report *report)
{
    const char *path = cli->options.report;
    if (!path)
        return true;
    struct text text = {0};
    if (ends_in(path, ".xml"))
        report_junit(report, &text);
    else
        report_json(cli, report, &text);
    bool good = output_write(cli, path, text.chars, text.length_bytes);
    text_free(&text);
    return good;
}

static void print_text(struct cli *cli, const struct report *report)
{
    const struct options *options = &cli->options;
    report_not_asked(report, &cli->product);
    if (options->list) {
        report_list(report, &cli->product);
        return;
    }
    /* Of all modules, each has been told of when it was done, if that could be. */
    if (!options->all || options->output)
        report_text(report, options->quiet, &cli->product);
    if (options->all)
        summary_text(report, &cli->product);
}

static void print_report(struct cli *cli, const struct report *report)
{
    switch ((enum format)cli->options.format) {
    case FORMAT_TEXT: print_text(cli, report); break;
    case FORMAT_JSON:
        if (cli->options.list)
            report_list_json(cli, report, &cli->product);
        else
            report_json(cli, report, &cli->product);
        break;
    case FORMAT_JUNIT: report_junit(report, &cli->product); break;
    }
}

/* --- one module, or all of them --- */

struct session {
    struct cli *cli;
    const struct verify_options *options;
    const struct agenda *agenda;
};

/* What was found so far, at once: all modules take long, and may be interrupted. */
static bool tell_early(const struct session *session, const struct report *report, size_t number)
{
    struct cli *cli = session->cli;
    const struct options *options = &cli->options;
    if (!options->all || options->format != FORMAT_TEXT || options->output)
        return true;
    report_text_of(report, number, options->quiet, &cli->product);
    bool good = output_write(cli, NULL, cli->product.chars, cli->product.length_bytes);
    text_free(&cli->product);
    return good;
}

/* The report is there if the command is ended later on. */
static bool tell_run(void *user, size_t number)
{
    const struct session *session = user;
    const struct report report = agenda_report(session->agenda, session->options);
    return tell_early(session, &report, number) && write_report(session->cli, &report);
}

/* 1 if something does not agree; else whether everything could be asked. */
static enum status judge(struct cli *cli, const struct agenda *agenda)
{
    const struct outcome *broken = NULL;
    bool agrees = true;
    for (size_t i = 0; i < agenda->count; i++) {
        agrees = agrees && outcome_mismatches(&agenda->outcomes[i]) == 0;
        broken = broken ? broken : agenda->outcomes[i].broken ? &agenda->outcomes[i] : NULL;
    }
    if (!agrees)
        return STATUS_NO;
    if (broken)
        return cli_report(cli, "cannot-verify", NULL, "%s: %s", broken->abi, broken->broken);
    if (agenda->done_count < agenda->count)
        return cli_report(cli, "cannot-verify", NULL, "interrupted after %zu of %zu compilers",
                          agenda->done_count, agenda->count);
    return STATUS_OK;
}

static enum status make_agenda(struct cli *cli, const struct verify_options *options,
                               struct agenda *agenda)
{
    return cli->options.all ? agenda_add_all(cli, options, agenda)
                            : agenda_add(cli, options, cli->options.operands.items[0], agenda);
}

/* Who stops at the first mismatch is asked by this process, one after the other. */
static bool ask(const struct session *session, struct agenda *agenda)
{
    const struct options *options = &session->cli->options;
    return options->all && !options->stop
               ? agenda_run_apart(agenda, session->options, tell_run, (void *)session)
               : agenda_run(agenda, session->options, tell_run, (void *)session);
}

static enum status run(struct cli *cli)
{
    struct verify_options options;
    struct agenda agenda = {0};
    struct given given;
    struct session session = {cli, &options, &agenda};
    const struct words *operands = &cli->options.operands;
    if (!read_options(cli, &options))
        return STATUS_USAGE;
    if (cli->options.interface && !read_interface(cli, &options, &given))
        return cli_failure(cli);
    if (cli->options.list && cli->options.format == FORMAT_JUNIT)
        return cli_misuse(cli, "bad-option-value", NULL,
                          "--list finds nothing that JUnit could show");
    if ((operands->count == 0) != cli->options.all)
        return cli_misuse(cli, operands->count ? "unexpected-operand" : "missing-operand", NULL,
                          "name a module, or say --all");
    catch_interrupts();
    options.directory = make_workplace(cli->options.keep);
    enum status status = make_agenda(cli, &options, &agenda);
    if (status != STATUS_OK)
        return status;
    if (!cli->options.list && !ask(&session, &agenda))
        return STATUS_INPUT;
    const struct report report = agenda_report(&agenda, &options);
    print_report(cli, &report);
    status = cli->options.list ? STATUS_OK : judge(cli, &agenda);
    /* What was found is told, also where not all could be asked. */
    if (status != STATUS_OK && status != STATUS_NO) {
        output_write(cli, cli->options.output, cli->product.chars, cli->product.length_bytes);
        text_free(&cli->product);
    }
    return status;
}

/* `--NAME CMD` of a language that is built in is `--language NAME --language-command CMD`. */
static const char **expand_words(int *argc, const char **argv)
{
    const char **words = cli_alloc((size_t)*argc * 4 + 1, sizeof *words);
    int count = 0;
    for (int i = 0; i < *argc; i++) {
        const char *name = strncmp(argv[i], "--", 2) == 0 ? argv[i] + 2 : "";
        size_t length = strcspn(name, "=");
        const char *value = name[length] ? name + length + 1 : i + 1 < *argc ? argv[i + 1] : NULL;
        if (!length || !value || !language_exists(cli_copy(name, length))) {
            words[count++] = argv[i];
            continue;
        }
        words[count++] = "--language";
        words[count++] = cli_copy(name, length);
        words[count++] = "--language-command";
        words[count++] = value;
        i += !name[length];
    }
    *argc = count;
    return words;
}

const struct verb verb_verify = {
    .words = expand_words,
    .name = "verify",
    .summary = "proves a module: makes random signatures and asks compilers",
    .operands = "REF|--all",
    .about =
        "Makes random types and signatures, compiles and runs programs with them, and compares\n"
        "where everything really is with what the module says. A difference is made as small as\n"
        "possible and shown with both answers and the rule that decided; then the status is 1.",
    .examples =
        {"abide verify c                                                 # this machine's C ABI, "
         "1000 signatures",
         "abide verify ./my.yaml --cc 'gcc -O2' --count 200 --seed 1     # a module of one's own"},
    .options = verify_options,
    .operands_min = 0,
    .operands_max = 1,
    .run = run,
};
