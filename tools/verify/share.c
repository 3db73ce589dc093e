/* Batches of signatures, shared among processes; what fails in them, made small. */
#include "share.h"

#include "cli.h"
#include "process.h"
#include "selftest.h"

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

enum { MAX_JOBS = 64 };

bool share_is_over(const struct verify_options *o, const struct outcome *outcome)
{
    return o->stop && outcome_mismatches(outcome) > 0;
}

/* --- one batch --- */

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
    if (!given)
        signature_add_roles(signature, &w->roles);
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
    struct batch_report report = {.tally = TALLY_INIT};
    unsigned count = generate_batch(w, from);
    if (w->options->selftest) {
        report.missed = selftest_run(&w->trial, w->signatures, count, stderr);
        report.tally.signatures = count;
        return report;
    }
    trial_run(&w->trial, w->signatures, count, w->verdicts);
    for (unsigned i = 0; i < count; i++) {
        const struct verdict *verdict = &w->verdicts[i];
        tally_signature(&report.tally, &w->signatures[i], &w->trial.measured[i], &w->trial.said[i]);
        tally_verdict(&report.tally, verdict);
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
    tally_add(&outcome->tally, &report->tally);
    outcome->missed += report->missed;
    for (unsigned i = 0; i < report->failure_count; i++)
        outcome_add_failure(outcome, &failures[i]);
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
    fprintf(stderr, "%s %s %s: %lu of %llu, %lu mismatches, %.0f/s", run->title, run->engine.target,
            run->compiler, done, (unsigned long long)o->count, outcome_mismatches(outcome),
            seconds > 0 ? (double)done / seconds : 0.0);
    fprintf(stderr, "\033[K");
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
    for (uint64_t from = 0; from < w->options->count && !share_is_over(w->options, outcome);
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

/* --- all of them --- */

void share_batches(struct worker *w, const struct verify_run *run, struct outcome *outcome,
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
    if (!o->selftest)
        explain_failures(w, outcome);
    release(w->trial.measured);
    release(w->trial.said);
    release(w->signatures);
    release(w->verdicts);
}
