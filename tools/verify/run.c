/* Runs: batches, shared among processes; what they find, added up. */
#include "cli.h"
#include "process.h"
#include "selftest.h"
#include "verify.h"

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

enum { MAX_JOBS = 64 };

/* --- counting --- */

static void count_left_out(struct tally *tally, enum left_out what, const char *reason,
                           unsigned long count)
{
    unsigned i = 0;
    /* A compiler fails with many words, of which the first are as good as any. */
    while (i + 1 < MAX_LEFT_OUT && tally->left_out[i].count != 0 &&
           (tally->left_out[i].what != what ||
            (what != LEFT_OUT_COMPILER && strcmp(tally->left_out[i].reason, reason) != 0)))
        i++;
    struct tally_left_out *entry = &tally->left_out[i];
    if (entry->count == 0)
        snprintf(entry->reason, sizeof entry->reason, "%s", reason);
    entry->what = what;
    entry->count += count;
}

static void count_signature(struct tally *tally, const struct signature *signature,
                            const struct account *measured, const struct account *said)
{
    bool used[MAX_TYPES];
    signature_mark_used(signature, used);
    for (unsigned i = 0; i < signature->type_count; i++)
        tally->types += used[i];
    tally->signatures++;
    tally->params += signature->param_count;
    for (unsigned i = 0; i < signature->param_count; i++) {
        const struct value_account *value = &measured->params[i];
        tally->passed[value->pass]++;
        tally->on_stack += value->pass == PASS_DIRECT && account_is_on_stack(value->places[0]);
    }
    if (!signature->has_result)
        return;
    tally->results++;
    tally->returned[measured->result.pass]++;
    if (measured->result.pass == PASS_HIDDEN)
        tally->always_returned &= measured->returned_words;
    tally->said_returned |= said->returned_words;
}

static void add_tally(struct tally *sum, const struct tally *more)
{
    sum->signatures += more->signatures;
    sum->types += more->types;
    sum->params += more->params;
    sum->results += more->results;
    sum->on_stack += more->on_stack;
    for (unsigned i = 0; i < 4; i++) {
        sum->passed[i] += more->passed[i];
        sum->returned[i] += more->returned[i];
    }
    for (unsigned i = 0; i < MISMATCH_CLASSES; i++)
        sum->classes[i] += more->classes[i];
    sum->always_returned &= more->always_returned;
    sum->said_returned |= more->said_returned;
    for (unsigned i = 0; i < MAX_LEFT_OUT && more->left_out[i].count != 0; i++)
        count_left_out(sum, more->left_out[i].what, more->left_out[i].reason,
                       more->left_out[i].count);
}

static void add_failure(struct outcome *outcome, const struct failure *failure)
{
    if (outcome->failure_count == outcome->failure_capacity) {
        size_t capacity = outcome->failure_capacity ? 2 * outcome->failure_capacity : 16;
        struct failure *list = cli_alloc(capacity, sizeof *list);
        if (outcome->failure_count)
            memcpy(list, outcome->failures, outcome->failure_count * sizeof *list);
        outcome->failures = list;
        outcome->failure_capacity = capacity;
    }
    outcome->failures[outcome->failure_count++] = *failure;
}

/*
 * That a callee leaves the hidden address in a register once may be residue; that all of them do is a promise, which abide
 * must know of.
 */
static void check_returns(const struct verify_run *run, struct outcome *outcome)
{
    const unsigned long enough = 30;
    const struct tally *tally = &outcome->tally;
    uint32_t unsaid = tally->always_returned & ~tally->said_returned;
    if (run->other_cc || run->language || !run->machine->promises_address ||
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

bool outcome_is_rare(const struct tally *tally, const struct tally_left_out *left_out)
{
    const unsigned long least = 1000, part = left_out->what == LEFT_OUT_REFUSED ? 2 : 100;
    return left_out->count * part <= (tally->signatures > least ? tally->signatures : least);
}

unsigned long outcome_left_out(const struct outcome *outcome, enum left_out what)
{
    unsigned long sum = 0;
    for (unsigned i = 0; i < MAX_LEFT_OUT; i++)
        if (outcome->tally.left_out[i].what == what)
            sum += outcome->tally.left_out[i].count;
    return sum;
}

static unsigned long count_too_many(const struct tally *tally)
{
    unsigned long sum = 0;
    for (unsigned i = 0; i < MAX_LEFT_OUT && tally->left_out[i].count != 0; i++)
        sum += !outcome_is_rare(tally, &tally->left_out[i]);
    return sum;
}

unsigned long outcome_mismatches(const struct outcome *outcome)
{
    unsigned long sum = outcome->missed + outcome->extend.arguments.broken +
                        outcome->extend.results.broken + outcome->extend.short_rooms +
                        count_too_many(&outcome->tally);
    for (unsigned i = MISMATCH_NONE + 1; i < MISMATCH_CLASSES; i++)
        sum += outcome->tally.classes[i];
    for (size_t i = 0; i < outcome->thunk_count; i++)
        sum += outcome->thunks[i].wrong;
    return sum + outcome->layouts.wrong;
}

/* Whether nothing more is to be asked. */
static bool is_over(const struct verify_options *o, const struct outcome *outcome)
{
    return o->stop && outcome_mismatches(outcome) > 0;
}

/* --- one batch --- */

struct worker {
    const struct verify_options *options;
    struct trial trial;
    uint64_t scalars_allowed;
    unsigned features;
    unsigned batch;
    struct signature *signatures;
    struct verdict *verdicts;
};

/* What a worker tells of a batch; its failures follow. */
struct batch_report {
    struct tally tally;
    unsigned long missed;
    unsigned failure_count;
};

static void generate(const struct worker *w, uint64_t index, struct signature *signature)
{
    const struct given *given = w->options->given;
    if (given)
        *signature = given->signatures[index];
    else
        signature_generate(signature, w->options->seed, index, w->features, w->scalars_allowed);
    if (w->trial.compiler.language)
        language_restrict(w->trial.compiler.language, signature);
}

static unsigned generate_batch(struct worker *w, uint64_t from)
{
    const struct verify_options *o = w->options;
    uint64_t left = o->count - from;
    unsigned count = left < w->batch ? (unsigned)left : w->batch;
    for (unsigned i = 0; i < count; i++)
        generate(w, o->first + from + i, &w->signatures[i]);
    return count;
}

static struct batch_report run_batch(struct worker *w, uint64_t from, struct failure *failures)
{
    struct batch_report report = {.tally.always_returned = UINT32_MAX};
    unsigned count = generate_batch(w, from);
    if (w->options->selftest) {
        report.missed = selftest_run(&w->trial, w->signatures, count, stderr);
        report.tally.signatures = count;
        return report;
    }
    trial_run(&w->trial, w->signatures, count, w->verdicts);
    for (unsigned i = 0; i < count; i++) {
        const struct verdict *verdict = &w->verdicts[i];
        count_signature(&report.tally, &w->signatures[i], &w->trial.measured[i], &w->trial.said[i]);
        report.tally.classes[verdict->class]++;
        if (verdict->class == MISMATCH_NONE && verdict->left_out != LEFT_OUT_NOTHING)
            count_left_out(&report.tally, verdict->left_out, verdict->reason, 1);
        if (verdict->class == MISMATCH_NONE)
            continue;
        struct failure *failure = &failures[report.failure_count++];
        failure->index = w->signatures[i].index;
        failure->class = verdict->class;
        memcpy(failure->where, verdict->where, sizeof failure->where);
    }
    return report;
}

static void take_report(struct outcome *outcome, const struct batch_report *report,
                        const struct failure *failures)
{
    add_tally(&outcome->tally, &report->tally);
    outcome->missed += report->missed;
    for (unsigned i = 0; i < report->failure_count; i++)
        add_failure(outcome, &failures[i]);
}

/* --- sharing --- */

static void show_progress(const struct verify_options *o, const struct verify_run *run,
                          const struct outcome *outcome, double start)
{
    if (!o->progress)
        return;
    double seconds = seconds_now() - start;
    unsigned long done = outcome->tally.signatures;
    fprintf(stderr, "\r");
    if (o->run_count > 1)
        fprintf(stderr, "[%zu of %zu] ", o->runs_done + 1, o->run_count);
    fprintf(stderr, "%s %s %s: %lu of %llu, %lu mismatches, %.0f/s", run->title, run->engine.target,
            run->compiler, done, (unsigned long long)o->count, outcome_mismatches(outcome),
            seconds > 0 ? (double)done / seconds : 0.0);
    fprintf(stderr, "\033[K");
}

static bool write_all(int descriptor, const void *bytes, size_t size_bytes)
{
    const char *from = bytes;
    while (size_bytes > 0) {
        ssize_t wrote = write(descriptor, from, size_bytes);
        if (wrote < 0 && errno == EINTR)
            continue;
        if (wrote <= 0)
            return false;
        from += wrote;
        size_bytes -= (size_t)wrote;
    }
    return true;
}

static bool read_all(int descriptor, void *bytes, size_t size_bytes)
{
    char *to = bytes;
    while (size_bytes > 0) {
        ssize_t got = read(descriptor, to, size_bytes);
        if (got < 0 && errno == EINTR)
            continue;
        if (got <= 0)
            return false;
        to += got;
        size_bytes -= (size_t)got;
    }
    return true;
}

/* Every `jobs`-th batch, in a process of its own. */
static _Noreturn void work(struct worker *w, unsigned number, unsigned jobs, int descriptor)
{
    const struct verify_options *o = w->options;
    struct failure *failures = allocate(w->batch, sizeof *failures);
    char name[16];
    snprintf(name, sizeof name, "job%u", number);
    w->trial.compiler.name = cli_copy(name, strlen(name));
    snprintf(name, sizeof name, "other%u", number);
    w->trial.other.name = cli_copy(name, strlen(name));
    bool good = true;
    for (uint64_t from = (uint64_t)number * w->batch; good && from < o->count;
         from += (uint64_t)jobs * w->batch) {
        struct batch_report report = run_batch(w, from, failures);
        good = write_all(descriptor, &report, sizeof report) &&
               write_all(descriptor, failures, report.failure_count * sizeof *failures);
    }
    _exit(good ? 0 : STATUS_INTERNAL);
}

static pid_t start_worker(struct worker *w, unsigned number, unsigned jobs, int *descriptor)
{
    int ends[2];
    if (pipe(ends) != 0)
        die("cannot make a pipe: %s", strerror(errno));
    pid_t child = fork();
    if (child < 0)
        die("cannot start a process: %s", strerror(errno));
    if (child == 0) {
        attempt_nothing();
        close(ends[0]);
        work(w, number, jobs, ends[1]);
    }
    close(ends[1]);
    *descriptor = ends[0];
    return child;
}

static void share(struct worker *w, const struct verify_run *run, unsigned jobs,
                  struct outcome *outcome, double start)
{
    struct pollfd polls[MAX_JOBS];
    pid_t children[MAX_JOBS];
    struct failure *failures = allocate(w->batch, sizeof *failures);
    for (unsigned i = 0; i < jobs; i++) {
        children[i] = start_worker(w, i, jobs, &polls[i].fd);
        polls[i].events = POLLIN;
    }
    for (unsigned open = jobs; open > 0;) {
        if (poll(polls, jobs, -1) < 0) {
            if (errno != EINTR)
                die("cannot wait: %s", strerror(errno));
            for (unsigned i = 0; is_interrupted() && i < jobs; i++)
                kill(children[i], SIGTERM);
            continue;
        }
        for (unsigned i = 0; i < jobs; i++) {
            struct batch_report report;
            if (polls[i].fd < 0 || polls[i].revents == 0)
                continue;
            if (read_all(polls[i].fd, &report, sizeof report) &&
                read_all(polls[i].fd, failures, report.failure_count * sizeof *failures)) {
                take_report(outcome, &report, failures);
                show_progress(w->options, run, outcome, start);
                continue;
            }
            close(polls[i].fd);
            polls[i].fd = -1;
            open--;
        }
    }
    release(failures);
    bool failed = false;
    for (unsigned i = 0; i < jobs; i++) {
        int status = 0;
        while (waitpid(children[i], &status, 0) < 0 && errno == EINTR)
            ;
        failed = failed || status != 0;
    }
    if (is_interrupted() || failed)
        die(is_interrupted() ? "interrupted" : "a process ended early");
}

static void do_alone(struct worker *w, const struct verify_run *run, struct outcome *outcome,
                     double start)
{
    struct failure *failures = allocate(w->batch, sizeof *failures);
    for (uint64_t from = 0; from < w->options->count && !is_over(w->options, outcome);
         from += w->batch) {
        struct batch_report report = run_batch(w, from, failures);
        take_report(outcome, &report, failures);
        show_progress(w->options, run, outcome, start);
    }
    release(failures);
}

/* --- what failed, made small --- */

static int by_index(const void *a, const void *b)
{
    const struct failure *x = a, *y = b;
    return x->index < y->index ? -1 : x->index > y->index;
}

static bool is_told(const struct outcome *outcome, enum mismatch class)
{
    for (size_t i = 0; i < outcome->finding_count; i++)
        if (outcome->findings[i].class == class)
            return true;
    return false;
}

static void explain(struct worker *w, struct outcome *outcome, const struct failure *failure)
{
    struct signature signature;
    const struct verify_options *o = w->options;
    generate(w, failure->index, &signature);
    struct explanation *finding = &outcome->findings[outcome->finding_count];
    if (o->shrink)
        trial_shrink(&w->trial, &signature, failure->class);
    trial_explain(&w->trial, &signature, finding);
    outcome->finding_indexes[outcome->finding_count++] = failure->index;
}

static void explain_failures(struct worker *w, struct outcome *outcome)
{
    if (outcome->failure_count == 0)
        return;
    qsort(outcome->failures, outcome->failure_count, sizeof *outcome->failures, by_index);
    /* The first of each kind, then others. */
    const size_t enough = w->options->stop ? 1 : MAX_FINDINGS;
    for (size_t i = 0; i < outcome->failure_count && outcome->finding_count < enough; i++)
        if (!is_told(outcome, outcome->failures[i].class))
            explain(w, outcome, &outcome->failures[i]);
}

/* --- a run --- */

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

static void run_batches(struct worker *w, const struct verify_run *run, struct outcome *outcome,
                        double start)
{
    const struct verify_options *o = w->options;
    const unsigned room = 300; /* for the candidates of a shrinking step */
    unsigned jobs = o->jobs < MAX_JOBS ? o->jobs : MAX_JOBS;
    uint64_t share_count = (o->count + jobs - 1) / jobs;
    w->batch = share_count < o->batch ? (unsigned)share_count : o->batch;
    if (w->batch == 0)
        w->batch = 1;
    w->trial.capacity = w->batch > room ? w->batch : room;
    w->trial.measured = allocate(w->trial.capacity, sizeof *w->trial.measured);
    w->trial.said = allocate(w->trial.capacity, sizeof *w->trial.said);
    w->signatures = allocate(w->batch, sizeof *w->signatures);
    w->verdicts = allocate(w->batch, sizeof *w->verdicts);
    if (jobs > 1 && w->batch < o->count)
        share(w, run, jobs, outcome, start);
    else
        do_alone(w, run, outcome, start);
    if (!o->selftest) {
        check_returns(run, outcome);
        explain_failures(w, outcome);
    }
    release(w->trial.measured);
    release(w->trial.said);
    release(w->signatures);
    release(w->verdicts);
}

/* A fifth of the signatures, and enough of them, for each pair of ABIs others. */
static void run_thunks(struct worker *w, const struct verify_run *run, struct outcome *outcome)
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
        thunks_run(o, &engine, &callers, run->callee_cc ? &callees : NULL,
                   signature_scalars_of_values(w->scalars_allowed),
                   o->first + (o->count > each ? i * each % (o->count - each + 1) : 0),
                   (unsigned)each, thunks);
    }
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
                                     .opt = options->opt,
                                     .directory = options->directory,
                                     .machine = run->machine};
    struct worker worker = {
        .options = options,
        .trial = {
            .compiler = common, .other = common, .engine = run->engine, .stages = options->stages}};
    /* Attributes of functions that are not variadic by themselves would mean another va_list. */
    worker.features = options->features & ~(run->attribute ? (unsigned)FEATURE_VARIADIC : 0u);
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
    if (!run->other_cc)
        worker.trial.engine.abi = reference_for(&worker, worker.trial.engine.abi);
    outcome->abi = worker.trial.engine.abi;
    if (!options->given)
        choose_scalars(&worker, outcome);
    if (options->given && (options->stages & STAGE_LAYOUT) != 0)
        given_check_layouts(options->given, &worker.trial.compiler, &worker.trial.engine,
                            &outcome->layouts);
    if (options->count > 0 && (options->stages & ~(unsigned)(STAGE_EXTEND | STAGE_THUNKS)) != 0)
        run_batches(&worker, run, outcome, start);
    bool asks_module = !run->other_cc && !options->selftest;
    if ((options->stages & STAGE_EXTEND) != 0 && asks_module && !is_over(options, outcome))
        run_extend(&worker, outcome);
    if ((options->stages & STAGE_THUNKS) != 0 && asks_module && !is_over(options, outcome))
        run_thunks(&worker, run, outcome);
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

void verify_run(const struct verify_options *options, const struct verify_run *run,
                struct outcome *outcome)
{
    struct attempted_run attempted = {options, run, outcome, seconds_now()};
    *outcome = (struct outcome){
        .abi = run->engine.abi,
        .tally.always_returned = UINT32_MAX,
        .extend_findings = "",
        .notes = "",
        .layouts = {.findings = ""},
    };
    if (!attempt(run_attempted, &attempted, &outcome->broken))
        for (size_t i = 0; i < outcome->thunk_count; i++) /* it may have begun, and no more */
            if (!outcome->thunks[i].where)
                outcome->thunks[i].where = "";
    outcome->seconds = seconds_now() - attempted.start;
    if (options->progress)
        fprintf(stderr, "\r\033[K");
}
