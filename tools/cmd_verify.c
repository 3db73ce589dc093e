/* abide verify: does a module say what compilers do? The oracle itself is in verify/. */
#include "cli.h"
#include "output.h"
#include "verify/process.h"
#include "verify/report.h"

#include <ctype.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static const struct poptOption verify_options[] = {
    OPTION_TARGET_ROW,
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
    OPTION_TEXT("count", 'n', OPTION_SIGNATURES, "how many signatures (default: 1000)", "N"),
    OPTION_TEXT("seed", 's', OPTION_SEED, "which signatures (default: others each time)", "S"),
    OPTION_TEXT("first", 0, OPTION_FIRST, "start at this signature of the seed", "N"),
    OPTION_TEXT("jobs", 'j', OPTION_JOBS, "processes (default: as many as there are processors)",
                "J"),
    OPTION_TEXT("opt", 'O', OPTION_OPT, "optimization of the test programs (default: 1)", "0..3|s"),
    OPTION_TEXT("stages", 0, OPTION_STAGES,
                "look at these only: layout, arguments, results, extend, thunks (default: all)",
                "LIST"),
    OPTION_TEXT("with", 0, OPTION_WITH_FEATURES,
                "also generate: packed, align, bitfield, unnamed, bfloat", "FEATURES"),
    OPTION_TEXT("without", 0, OPTION_WITHOUT_FEATURES,
                "do not generate: i128, longdouble, empty, union, enum, pointer, half, quad, "
                "bitset, tuple, variadic",
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

/* Words with commas between them, as a set of their indexes. */
static bool read_set(struct cli *cli, const char *option, const char *text, name_at *names,
                     uint64_t *set)
{
    for (*set = 0; text && *text != '\0';) {
        const char *word = cli_copy(text, strcspn(text, ","));
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
    /* An unnamed bit-field is one. */
    if ((with & FEATURE_UNNAMED) != 0)
        with |= FEATURE_BITFIELD;
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

/* --- which module, for which target, by which compilers --- */

/* The first target with a compiler that the module fits, or NULL. A context of its own keeps what does not fit to itself. */
static const char *first_target(const struct cli *cli, const char *reference)
{
    const char *found = NULL, *target;
    for (size_t i = 0; !found && (target = machine_target_at(cli->ctx, i)); i++) {
        const struct engine engine = {.abi = reference,
                                      .target = target,
                                      .module_dirs = cli->options.include_dirs.items,
                                      .module_dir_count = cli->options.include_dirs.count,
                                      .module_files = cli->options.module_files.items,
                                      .module_file_count = cli->options.module_files.count};
        abide_ctx *ctx;
        if (answer_open(&engine, &ctx))
            found = target;
        abide_ctx_free(ctx);
    }
    return found;
}

/* The module for the target that is asked for, else for this machine, else for the first that it fits. */
static const abide_module *load_module(struct cli *cli)
{
    const struct options *options = &cli->options;
    const char *reference = options->operands.items[0];
    if (options->targets.count > 0)
        return abide_module_load(cli->ctx, reference, options->targets.items[0]);
    const abide_module *module = abide_module_load(cli->ctx, reference, NULL);
    const char *target = module ? NULL : first_target(cli, reference);
    if (!target)
        return module;
    abide_ctx_clear_diags(cli->ctx);
    return abide_module_load(cli->ctx, reference, target);
}

/* --- between which ABIs adapters are tried --- */

static void add_pair(struct verify_run *run, const char *caller, const char *callee)
{
    if (run->pair_count < MAX_PAIRS)
        run->pairs[run->pair_count++] = (struct thunk_pair){caller, callee, false};
}

/* A module that can be loaded for the target, or NULL; what is wrong with it is of no interest here. */
static const abide_module *module_for(struct cli *cli, const char *reference, const char *target)
{
    const abide_module *module = abide_module_load(cli->ctx, reference, target);
    abide_ctx_clear_diags(cli->ctx);
    return module;
}

/*
 * Languages over the C ABI, and the conventions beside it that C can spell; the C ABI itself, if the module is one of
 * these.
 */
static void choose_pairs(struct cli *cli, struct verify_run *run, const abide_module *module,
                         const char *directory)
{
    const char *own = run->engine.abi, *target = run->engine.target;
    const abide_module_info *infos;
    size_t count;
    bool is_language = strcmp(abide_module_level(module), "language") == 0;
    run->c_abi = is_language ? abide_module_name(abide_module_machine(module)) : own;
    if (cli->options.to) {
        add_pair(run, cli->options.to, own);
        add_pair(run, own, cli->options.to);
        run->pairs[0].is_asked = run->pairs[1].is_asked = true;
        return;
    }
    if (is_language || abide_module_attribute(module)) {
        const char *other = is_language ? run->c_abi : "c";
        add_pair(run, own, other);
        add_pair(run, other, own);
        return;
    }
    for (size_t i = 0; abide_module_list(cli->ctx, &infos, &count) && i < count; i++) {
        const abide_module *other = module_for(cli, infos[i].name, target);
        const char *attribute = other ? abide_module_attribute(other) : NULL;
        bool is_spelt = attribute ? harness_knows_attribute(run->cc, attribute, directory)
                                  : other && strcmp(infos[i].level, "language") == 0;
        if (!is_spelt)
            continue;
        add_pair(run, infos[i].name, own);
        add_pair(run, own, infos[i].name);
    }
}

struct plan {
    const char *directory; /* where to work */
    struct verify_run runs[MAX_TOOLCHAINS];
    size_t count;
    struct language language; /* of all runs; without data: C */
};

static bool is_installed(const struct machine_toolchain *toolchain)
{
    return command_exists(toolchain->cc) && (!toolchain->link || command_exists(toolchain->link)) &&
           (*toolchain->run == '\0' || command_exists(toolchain->run));
}

/* Says what is missing of a toolchain: the compiler, or what runs its programs. */
static enum status report_missing(struct cli *cli, const struct machine_toolchain *toolchain)
{
    const char *command = command_exists(toolchain->cc) ? toolchain->run : toolchain->cc;
    const char *help = toolchain->packages
                           ? cli_printf("Debian has it: apt install %s", toolchain->packages)
                           : "give another one with --cc and --run";
    return cli_report(cli, "no-compiler", help, "'%.*s' is not installed",
                      (int)strcspn(command, " "), command);
}

static void add_run(struct cli *cli, struct plan *plan, const abide_module *module,
                    struct machine *machine, const char *name, const char *cc, const char *link,
                    const char *run)
{
    const struct options *options = &cli->options;
    const char *flags = abide_module_compiler_flags(module);
    plan->runs[plan->count++] = (struct verify_run){
        .title = cli_printf("%s@%s", abide_module_name(module), abide_module_version(module)),
        .engine = {.abi = options->operands.items[0],
                   .target = abide_module_target(module),
                   .module_dirs = options->include_dirs.items,
                   .module_dir_count = options->include_dirs.count,
                   .module_files = options->module_files.items,
                   .module_file_count = options->module_files.count,
                   .machine = machine},
        .machine = machine,
        .compiler = name,
        .cc = flags ? cli_printf("%s %s", cc, flags) : cc,
        .attribute = abide_module_attribute(module),
        .link = link,
        .run = options->run ? options->run : run,
        .other_cc = options->other_cc && flags ? cli_printf("%s %s", options->other_cc, flags)
                                               : options->other_cc,
        .callee_cc = options->callee_cc,
        .language = plan->language.data ? &plan->language : NULL,
    };
    choose_pairs(cli, &plan->runs[plan->count - 1], module, plan->directory);
}

/* Whether a compiler can be told to use the module's convention. */
static bool knows_convention(const struct plan *plan, const abide_module *module, const char *cc)
{
    const char *attribute = abide_module_attribute(module);
    return !attribute || harness_knows_attribute(cc, attribute, plan->directory);
}

/* --cc names a toolchain of the data, or is a command, whose programs run as those of the data do. */
static enum status plan_given(struct cli *cli, struct plan *plan, const abide_module *module,
                              struct machine *machine)
{
    const char *cc = cli->options.cc, *run = "", *link = NULL,
               *name = cli_copy(cc, strcspn(cc, " "));
    for (size_t i = 0; i < machine->toolchain_count; i++) {
        const struct machine_toolchain *toolchain = &machine->toolchains[i];
        if (strcmp(toolchain->triple, abide_module_target(module)) != 0)
            continue;
        run = toolchain->run;
        link = toolchain->link;
        if (strcmp(toolchain->name, cc) != 0)
            continue;
        if (!is_installed(toolchain))
            return report_missing(cli, toolchain);
        cc = toolchain->cc;
        name = cli_copy(toolchain->name, strlen(toolchain->name));
        break;
    }
    add_run(cli, plan, module, machine, name, cc, link, run);
    const struct machine_toolchain given = {.cc = cc, .run = plan->runs[0].run};
    if (!is_installed(&given))
        return report_missing(cli, &given);
    if (knows_convention(plan, module, cc))
        return STATUS_OK;
    return cli_report(cli, "no-compiler", "ask another one",
                      "'%s' does not know the attribute '%s'", cc, abide_module_attribute(module));
}

static enum status plan_all(struct cli *cli, struct plan *plan, const abide_module *module,
                            struct machine *machine)
{
    const struct machine_toolchain *missing = NULL;
    const char *target = abide_module_target(module);
    for (size_t i = 0; i < machine->toolchain_count; i++) {
        const struct machine_toolchain *toolchain = &machine->toolchains[i];
        if (strcmp(toolchain->triple, target) != 0)
            continue;
        if (is_installed(toolchain) && !knows_convention(plan, module, toolchain->cc)) {
            text_printf(&cli->product, "not asked: %s: it does not know the attribute '%s'\n",
                        toolchain->name, abide_module_attribute(module));
            continue;
        }
        if (is_installed(toolchain)) {
            add_run(cli, plan, module, machine, toolchain->name, toolchain->cc, toolchain->link,
                    toolchain->run);
            continue;
        }
        missing = toolchain;
        text_printf(&cli->product, "not asked: %s: '%s' is not installed%s%s\n", toolchain->name,
                    command_exists(toolchain->cc) ? toolchain->run : toolchain->cc,
                    toolchain->packages ? "; Debian: " : "",
                    toolchain->packages ? toolchain->packages : "");
    }
    if (plan->count > 0)
        return STATUS_OK;
    if (missing)
        return report_missing(cli, missing);
    return cli_report(cli, "no-compiler",
                      "name one with --cc, and what runs its programs with --run",
                      "no compiler for '%s' is known", target);
}

/* That of --language, else the one that is said to have the module's conventions. */
static enum status choose_language(struct cli *cli, struct plan *plan, const abide_module *module)
{
    const struct options *options = &cli->options;
    bool is_language = strcmp(abide_module_level(module), "language") == 0;
    const char *name = options->language;
    if (!name && is_language)
        name = language_of_module(cli->ctx, abide_module_name(module));
    if (!name && is_language)
        return cli_report(
            cli, "no-compiler", "say how it writes types and functions: --language FILE",
            "no compiler of a language with the ABI '%s' is known", abide_module_name(module));
    if (!name)
        return STATUS_OK;
    if (!language_load(cli->ctx, name, &plan->language))
        return cli_failure(cli);
    if (options->language_command)
        plan->language.command = options->language_command;
    language_set_options(&plan->language, module);
    const struct machine_toolchain compiler = {.cc = plan->language.command, .run = ""};
    return *plan->language.command == '$' || is_installed(&compiler)
               ? STATUS_OK
               : report_missing(cli, &compiler);
}

static enum status make_plan(struct cli *cli, struct plan *plan)
{
    if (cli->options.targets.count > 1)
        return cli_misuse(cli, "unexpected-operand", "ask for one target at a time",
                          "more than one --target");
    const abide_module *module = load_module(cli);
    if (!module)
        return cli_failure(cli);
    const char *target = abide_module_target(module);
    struct machine *machine =
        machine_load(cli->ctx, cli_copy(target, strcspn(target, "-")), cli->options.harness);
    if (!machine)
        return cli_failure(cli);
    enum status status = choose_language(cli, plan, module);
    if (status != STATUS_OK)
        return status;
    return cli->options.cc ? plan_given(cli, plan, module, machine)
                           : plan_all(cli, plan, module, machine);
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

static void print_report(struct cli *cli, const struct report *report)
{
    switch ((enum format)cli->options.format) {
    case FORMAT_TEXT: report_text(report, cli->options.quiet, &cli->product); break;
    case FORMAT_JSON:
        text_free(&cli->product);
        report_json(cli, report, &cli->product);
        break;
    case FORMAT_JUNIT:
        text_free(&cli->product);
        report_junit(report, &cli->product);
        break;
    }
}

static enum status run(struct cli *cli)
{
    struct verify_options options;
    static struct plan plan;
    static struct outcome outcomes[MAX_TOOLCHAINS];
    if (!read_options(cli, &options))
        return STATUS_USAGE;
    plan.directory = options.directory = make_workplace(cli->options.keep);
    enum status status = make_plan(cli, &plan);
    if (status != STATUS_OK)
        return status;
    bool good = true;
    for (size_t i = 0; i < plan.count; i++) {
        verify_run(&options, &plan.runs[i], &outcomes[i]);
        good = outcome_mismatches(&outcomes[i]) == 0 && good;
    }
    const struct report report = {&options, plan.runs, outcomes, plan.count};
    print_report(cli, &report);
    if (!write_report(cli, &report))
        return STATUS_INPUT;
    return good ? STATUS_OK : STATUS_NO;
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
    .operands = "REF",
    .about =
        "Makes random types and signatures, compiles and runs programs with them, and compares\n"
        "where everything really is with what the module says. A difference is made as small as\n"
        "possible and shown with both answers and the rule that decided; then the status is 1.",
    .examples =
        {"abide verify c                                   this machine's C ABI, 1000 signatures",
         "abide verify ./my.yaml --cc 'my-cc -mabi=x' --run 'my-emulator'  one's own"},
    .options = verify_options,
    .operands_min = 1,
    .operands_max = 1,
    .run = run,
};
