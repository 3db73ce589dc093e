/* abide verify: does a module say what compilers do? The oracle itself is in verify/. */
#include "cli.h"
#include "output.h"
#include "verify/plan.h"
#include "verify/process.h"
#include "verify/report.h"

#include <ctype.h>
#include <errno.h>
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
    OPTION_TEXT("opt", 'O', OPTION_OPT, "optimization of the test programs (default: 1)", "0..3|s"),
    OPTION_TEXT("stages", 0, OPTION_STAGES,
                "look at these only: layout, arguments, results, extend, thunks (default: all)",
                "LIST"),
    OPTION_TEXT("with", 0, OPTION_WITH_FEATURES, "also generate what few compilers have: bfloat",
                "FEATURES"),
    OPTION_TEXT("without", 0, OPTION_WITHOUT_FEATURES,
                "do not generate: i128, longdouble, empty, union, enum, pointer, half, quad, "
                "bitset, tuple, variadic; packed, align, bitfield, unnamed, vector (of 8 and 16 "
                "bytes), wide (vector of 32 and 64 bytes), complex",
                "FEATURES"),
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

static bool read_number(struct cli *cli, const char *option, const char *text, uint64_t min,
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
    o->scalars_allowed = options->only ? only : UINT64_MAX;
    o->stages = options->stages ? (unsigned)stages : STAGES_ALL;
    return true;
}

static bool read_options(struct cli *cli, struct verify_options *o)
{
    const struct options *options = &cli->options;
    long processors = sysconf(_SC_NPROCESSORS_ONLN);
    uint64_t jobs = processors > 0 ? (uint64_t)processors : 1;
    *o = (struct verify_options){
        .count = 1000,
        .seed = (uint64_t)(seconds_now() * 1e6) % 1000000007,
        .batch = 600,
        .shrink = !options->no_shrink,
        .stop = options->stop,
        .selftest = options->selftest,
        .progress = !options->quiet && isatty(STDERR_FILENO),
    };
    if (!read_number(cli, "count", options->count, 1, 1000000000, &o->count) ||
        !read_number(cli, "seed", options->seed, 0, UINT64_MAX, &o->seed) ||
        !read_number(cli, "first", options->first, 0, UINT64_MAX / 2, &o->first) ||
        !read_number(cli, "jobs", options->jobs, 1, 64, &jobs) ||
        !read_opt(cli, options->opt, &o->opt) || !read_features(cli, o))
        return false;
    o->jobs = (unsigned)jobs;
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
        report_table(report, &cli->product);
}

static void print_report(struct cli *cli, const struct report *report)
{
    switch ((enum format)cli->options.format) {
    case FORMAT_TEXT: print_text(cli, report); break;
    case FORMAT_JSON: report_json(cli, report, &cli->product); break;
    case FORMAT_JUNIT: report_junit(report, &cli->product); break;
    }
}

/* --- one module, or all of them --- */

struct collection {
    struct verify_run *runs;
    struct outcome *outcomes;
    size_t count, capacity;
    struct words not_asked;
};

static void collect(struct collection *all, const struct verify_run *run,
                    const struct outcome *outcome)
{
    if (all->count == all->capacity) {
        size_t capacity = all->capacity ? 2 * all->capacity : MAX_TOOLCHAINS;
        struct verify_run *runs = cli_alloc(capacity, sizeof *runs);
        struct outcome *outcomes = cli_alloc(capacity, sizeof *outcomes);
        for (size_t i = 0; i < all->count; i++) {
            runs[i] = all->runs[i];
            outcomes[i] = all->outcomes[i];
        }
        all->runs = runs;
        all->outcomes = outcomes;
        all->capacity = capacity;
    }
    all->runs[all->count] = *run;
    all->outcomes[all->count++] = *outcome;
}

/* What is to be asked: a plan for each module, made before the first compiler is asked. */
struct agenda {
    struct plan **plans;
    size_t count, run_count;
};

static enum status add_plan(struct cli *cli, const struct verify_options *options,
                            const char *reference, struct agenda *agenda)
{
    struct plan *plan = cli_alloc(1, sizeof *plan);
    plan->reference = reference;
    plan->directory = options->directory;
    enum status status = plan_make(cli, plan);
    if (status != STATUS_OK)
        return status;
    agenda->plans[agenda->count++] = plan;
    agenda->run_count += plan->count;
    return status;
}

/* What was found so far, at once: all modules take long, and may be interrupted. */
static bool tell_early(struct cli *cli, const struct report *report)
{
    const struct options *options = &cli->options;
    if (options->list || options->format != FORMAT_TEXT || options->output)
        return true;
    report_text(report, options->quiet, &cli->product);
    bool good = output_write(cli, NULL, cli->product.chars, cli->product.length_bytes);
    text_free(&cli->product);
    return good;
}

/* Why a module cannot be asked about; with --target, it is only left out that it is of another one. */
static void leave_out(struct cli *cli, const char *name, struct collection *all)
{
    size_t count = abide_ctx_diag_count(cli->ctx);
    const char *why = count ? abide_diag_message(abide_ctx_diag_at(cli->ctx, count - 1)) : "";
    if (cli->options.targets.count == 0)
        words_add(&all->not_asked, cli_printf("%s: %s", name, why));
    abide_ctx_clear_diags(cli->ctx);
}

/* Whether a module is asked about the target of --target: it fits all of its architecture, but is the C ABI of some. */
static bool is_wanted(struct cli *cli, const abide_module_info *info)
{
    const struct words *targets = &cli->options.targets;
    if (strcmp(info->level, "machine") != 0)
        return false;
    if (targets->count != 1)
        return true;
    const abide_module *module = plan_module_for(cli, info->name, targets->items[0]);
    return module && plan_is_own_target(cli, info->name, abide_module_target(module));
}

/* All machine modules; what cannot be asked about, and why, goes to `all`. */
static enum status plan_all(struct cli *cli, const struct verify_options *options,
                            struct agenda *agenda, struct collection *all)
{
    const abide_module_info *infos;
    size_t count;
    if (!abide_module_list(cli->ctx, &infos, &count))
        return cli_failure(cli);
    agenda->plans = cli_alloc(count + 1, sizeof *agenda->plans);
    for (size_t i = 0; i < count; i++)
        if (is_wanted(cli, &infos[i]) && add_plan(cli, options, infos[i].name, agenda) != STATUS_OK)
            leave_out(cli, infos[i].name, all);
    return agenda->run_count > 0
               ? STATUS_OK
               : cli_report(cli, "no-compiler", "name a target that modules are of",
                            "no module has a compiler that is installed");
}

static enum status plan_one(struct cli *cli, const struct verify_options *options,
                            struct agenda *agenda)
{
    agenda->plans = cli_alloc(1, sizeof *agenda->plans);
    return add_plan(cli, options, cli->options.operands.items[0], agenda);
}

/* Asks the compilers of a plan, unless only a list of them is wanted. false: what was found cannot be written. */
static bool run_plan(struct cli *cli, struct verify_options *options, const struct plan *plan,
                     struct collection *all)
{
    size_t before = all->count;
    for (size_t i = 0; i < plan->not_asked.count; i++)
        words_add(&all->not_asked, plan->not_asked.items[i]);
    for (size_t i = 0; i < plan->count && !is_interrupted(); i++) {
        struct outcome outcome = {.notes = "", .extend_findings = ""};
        if (!cli->options.list)
            verify_run(options, &plan->runs[i], &outcome);
        collect(all, &plan->runs[i], &outcome);
        options->runs_done++;
    }
    const struct report report = {.options = options,
                                  .runs = all->runs + before,
                                  .outcomes = all->outcomes + before,
                                  .count = all->count - before};
    return !cli->options.all || report.count == 0 || tell_early(cli, &report);
}

static struct report report_of(const struct verify_options *options, const struct collection *all)
{
    return (struct report){
        options, all->runs, all->outcomes, all->count, all->not_asked.items, all->not_asked.count};
}

static bool run_agenda(struct cli *cli, struct verify_options *options, const struct agenda *agenda,
                       struct collection *all)
{
    options->run_count = agenda->run_count;
    for (size_t i = 0; i < agenda->count && !is_interrupted(); i++) {
        if (!run_plan(cli, options, agenda->plans[i], all))
            return false;
        /* The report is there if the command is ended later on. */
        const struct report report = report_of(options, all);
        if (!write_report(cli, &report))
            return false;
    }
    return true;
}

/* 1 if something does not agree; else whether everything could be asked. */
static enum status judge(struct cli *cli, const struct agenda *agenda, const struct collection *all)
{
    const struct outcome *broken = NULL;
    bool agrees = true;
    for (size_t i = 0; i < all->count; i++) {
        agrees = agrees && outcome_mismatches(&all->outcomes[i]) == 0;
        broken = broken ? broken : all->outcomes[i].broken ? &all->outcomes[i] : NULL;
    }
    if (!agrees)
        return STATUS_NO;
    if (broken)
        return cli_report(cli, "cannot-verify", NULL, "%s: %s", broken->abi, broken->broken);
    if (all->count < agenda->run_count)
        return cli_report(cli, "cannot-verify", NULL, "interrupted after %zu of %zu compilers",
                          all->count, agenda->run_count);
    return STATUS_OK;
}

static enum status run(struct cli *cli)
{
    struct verify_options options;
    struct collection all = {0};
    struct agenda agenda = {0};
    struct given given;
    const struct words *operands = &cli->options.operands;
    if (!read_options(cli, &options))
        return STATUS_USAGE;
    if (cli->options.interface && !read_interface(cli, &options, &given))
        return cli_failure(cli);
    if ((operands->count == 0) != cli->options.all)
        return cli_misuse(cli, operands->count ? "unexpected-operand" : "missing-operand", NULL,
                          "name a module, or say --all");
    catch_interrupts();
    options.directory = make_workplace(cli->options.keep);
    enum status status = cli->options.all ? plan_all(cli, &options, &agenda, &all)
                                          : plan_one(cli, &options, &agenda);
    if (status != STATUS_OK)
        return status;
    if (!run_agenda(cli, &options, &agenda, &all))
        return STATUS_INPUT;
    const struct report report = report_of(&options, &all);
    print_report(cli, &report);
    status = cli->options.list ? STATUS_OK : judge(cli, &agenda, &all);
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
        {"abide verify c                                   this machine's C ABI, 1000 signatures",
         "abide verify ./my.yaml --cc 'my-cc -mabi=x' --run 'my-emulator'  one's own"},
    .options = verify_options,
    .operands_min = 0,
    .operands_max = 1,
    .run = run,
};
