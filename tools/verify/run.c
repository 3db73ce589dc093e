/* A run: all stages of what is asked of one toolchain. */
#include "cli.h"
#include "process.h"
#include "share.h"

#include <stdlib.h>
#include <string.h>

/* Callees find what a caller leaves there who goes by the module: a number, if it says that there is one. */
static void choose_variadic(const struct verify_run *run)
{
    if (run->other_cc || answer_count_register(&run->engine))
        return;
    for (size_t i = 0; i < run->machine->variadic_count; i++)
        run->machine->variadic[i].value = 0;
}

static bool prepare(struct toolchain *toolchain)
{
    if (harness_prepare(toolchain))
        return true;
    harness_complain(toolchain);
    die("%s cannot compile the test program", toolchain->cc);
}

/* A module that has answers for several compilers is asked for those of this one, unless the reference says otherwise. */
static const char *reference_for(const struct worker *w, const char *reference)
{
    const char *compiler = w->trial.compiler.compiler;
    if (*compiler == '\0' || strstr(reference, "compiler="))
        return reference;
    struct engine engine = w->trial.engine;
    engine.abi =
        cli_printf("%s%ccompiler=%s", reference, strchr(reference, ':') ? ',' : ':', compiler);
    abide_ctx *ctx;
    bool has_answers = answer_open(&engine, &ctx) != NULL;
    abide_ctx_free(ctx);
    return has_answers ? engine.abi : reference;
}

static void choose_scalars(struct worker *w, struct outcome *outcome)
{
    uint64_t wanted = 0;
    for (unsigned i = 0; i < scalar_count; i++)
        if (signature_scalar_allowed(i, w->options->features, w->options->scalars_allowed))
            wanted |= UINT64_C(1) << i;
    uint64_t compiler = harness_scalars(&w->trial.compiler);
    uint64_t module = answer_scalars(&w->trial.engine);
    if (w->trial.other.cc)
        compiler &= harness_scalars(&w->trial.other);
    if (w->trial.compiler.language)
        compiler &= language_scalars(w->trial.compiler.language);
    outcome->compiler_lacks = wanted & ~compiler;
    outcome->module_lacks = wanted & ~module;
    w->scalars_allowed = wanted & compiler & module;
    if (w->scalars_allowed == 0)
        die("there is no scalar that %s and the module both have", w->trial.compiler.cc);
}

static void run_extend(struct worker *w, struct outcome *outcome)
{
    char *text = NULL;
    size_t size_bytes = 0;
    FILE *file = open_memstream(&text, &size_bytes);
    if (!file)
        cli_no_memory();
    outcome->extend = extend_run(&w->trial.compiler, &w->trial.engine, w->scalars_allowed, file);
    fclose(file);
    outcome->extend_findings = cli_copy(text, size_bytes);
    free(text);
}

/*
 * That a callee leaves the hidden address in a register once may be residue; that all of them do is a promise, which abide
 * must know of. Those of an interface file may be alike, and have the same residue.
 */
static void check_returns(const struct verify_options *options, const struct verify_run *run,
                          struct outcome *outcome)
{
    const unsigned long enough = 30;
    const struct tally *tally = &outcome->tally;
    uint32_t unsaid = tally->always_returned & ~tally->said_returned;
    if (options->given || run->other_cc || run->language || !run->machine->promises_address ||
        strcmp(options->opt, "0") == 0 || /* all functions have the same residue then */
        tally->returned[PASS_HIDDEN] < enough || unsaid == 0)
        return;
    const char *names = "";
    for (unsigned word = 0; word < 32; word++) {
        const struct machine_register *reg =
            machine_register_at(run->machine, true, word * run->machine->word_bytes);
        if ((unsaid >> word & 1) != 0 && reg)
            names = cli_printf("%s %s", names, reg->name);
    }
    outcome->notes = cli_printf("returned: the hidden address always comes back in%s\n", names);
    outcome->tally.classes[MISMATCH_RETURNED]++;
}

static void tell(const struct verify_options *options, struct outcome *outcome, double start)
{
    outcome->seconds = seconds_now() - start;
    if (options->told)
        options->told(options->user, outcome);
}

/* A fifth of the signatures, and enough of them, for each pair of ABIs others. */
static void run_thunks(struct worker *w, const struct verify_run *run, struct outcome *outcome,
                       double start)
{
    const struct verify_options *o = w->options;
    const uint64_t least = 30;
    struct engine engine = run->engine;
    struct toolchain callees = {.name = "callees",
                                .cc = run->callee_cc,
                                .run = run->run,
                                .opt = o->opt,
                                .directory = o->directory,
                                .machine = run->machine};
    struct toolchain callers = w->trial.compiler;
    callers.language =
        NULL; /* adapters are tried with C on both sides, as the language lowers it */
    engine.abi = reference_for(w, run->c_abi);
    if (run->callee_cc)
        prepare(&callees);
    uint64_t each = run->pair_count ? o->count / 5 / run->pair_count : 0;
    each = each < least ? least : each;
    each = each > o->count ? o->count : each;
    for (size_t i = 0; i < run->pair_count; i++) {
        struct thunk_outcome *thunks = &outcome->thunks[outcome->thunk_count++];
        *thunks = (struct thunk_outcome){.pair = {reference_for(w, run->pairs[i].caller),
                                                  reference_for(w, run->pairs[i].callee),
                                                  run->pairs[i].is_asked}};
        const struct thunk_trial trial = {
            .options = o,
            .engine = &engine,
            .compiler = &callers,
            .callees = run->callee_cc ? &callees : NULL,
            .scalars_allowed = signature_scalars_of_values(w->scalars_allowed),
            .roles = &w->roles,
            .first = o->first + (o->count > each ? i * each % (o->count - each + 1) : 0),
            .count = (unsigned)each};
        thunks_run(&trial, thunks);
        tell(o, outcome, start);
    }
}

static void run_batches(struct worker *w, const struct verify_run *run, struct outcome *outcome,
                        double start)
{
    share_batches(w, run, outcome, start);
    if (!w->options->selftest)
        check_returns(w->options, run, outcome);
}

/* Everything that is asked of one toolchain. */
static void run_stages(const struct verify_options *given, const struct verify_run *run,
                       struct outcome *outcome, double start)
{
    struct verify_options own = *given;
    const struct verify_options *options = &own;
    if (run->language) {
        own.features = language_features(run->language, own.features);
        own.stages &= ~(unsigned)STAGE_EXTEND; /* it is C's own matter */
    }
    const struct toolchain common = {.run = run->run,
                                     .attribute = run->attribute,
                                     .va = "__builtin_va",
                                     .known = run->known,
                                     .opt = options->opt,
                                     .directory = options->directory,
                                     .machine = run->machine};
    struct worker worker = {
        .options = options,
        .trial = {
            .compiler = common, .other = common, .engine = run->engine, .stages = options->stages}};
    worker.trial.compiler.name = worker.trial.compiler.prepared = "cc";
    worker.trial.compiler.cc = run->cc;
    worker.trial.compiler.link = run->link;
    worker.trial.other.name = worker.trial.other.prepared = "other";
    worker.trial.other.cc = run->other_cc;
    worker.trial.compiler.language = run->language;
    choose_variadic(run);
    prepare(&worker.trial.compiler);
    if (run->other_cc)
        prepare(&worker.trial.other);
    if (!run->other_cc) {
        worker.trial.engine.abi = reference_for(&worker, worker.trial.engine.abi);
        worker.trial.compiler.va = answer_va_prefix(&worker.trial.engine);
    }
    if (!answer_has_even_empties(&worker.trial.engine))
        own.features &= ~(unsigned)FEATURE_EVEN_EMPTY;
    outcome->abi = worker.trial.engine.abi;
    worker.features =
        options->features & ~(worker.trial.compiler.va ? 0u : (unsigned)FEATURE_VARIADIC);
    if (!run->language && !run->other_cc && (options->features & FEATURE_ROLE))
        answer_roles(&worker.trial.engine, &worker.roles);
    if (!options->given)
        choose_scalars(&worker, outcome);
    if (options->given && (options->stages & STAGE_LAYOUT) != 0)
        given_check_layouts(options->given, &worker.trial.compiler, &worker.trial.engine,
                            &outcome->layouts);
    if (options->given && !run->other_cc)
        given_name_refused(options->given, &worker.trial.engine, &outcome->layouts.refused);
    if (options->count > 0 && (options->stages & ~(unsigned)(STAGE_EXTEND | STAGE_THUNKS)) != 0)
        run_batches(&worker, run, outcome, start);
    tell(options, outcome, start);
    bool asks_module = !run->other_cc && !options->selftest;
    if ((options->stages & STAGE_EXTEND) != 0 && asks_module && !share_is_over(options, outcome))
        run_extend(&worker, outcome);
    if ((options->stages & STAGE_THUNKS) != 0 && asks_module && !share_is_over(options, outcome))
        run_thunks(&worker, run, outcome, start);
}

struct attempted_run {
    const struct verify_options *options;
    const struct verify_run *run;
    struct outcome *outcome;
    double start;
};

static void run_attempted(void *user)
{
    const struct attempted_run *attempted = user;
    run_stages(attempted->options, attempted->run, attempted->outcome, attempted->start);
}

void outcome_start(struct outcome *outcome, const struct verify_run *run)
{
    *outcome = (struct outcome){
        .abi = run->engine.abi,
        .tally = TALLY_INIT,
        .extend_findings = "",
        .notes = "",
        .layouts = {.findings = ""},
        .known_percent = machine_known_percent(run->known, run->attribute),
    };
}

void verify_run(const struct verify_options *options, const struct verify_run *run,
                struct outcome *outcome)
{
    struct attempted_run attempted = {options, run, outcome, seconds_now()};
    outcome_start(outcome, run);
    if (!attempt(run_attempted, &attempted, &outcome->broken))
        for (size_t i = 0; i < outcome->thunk_count; i++) /* it may have begun, and no more */
            if (!outcome->thunks[i].where)
                outcome->thunks[i].where = "";
    tell(options, outcome, attempted.start);
    if (options->progress)
        fprintf(stderr, "\r\033[K");
}
