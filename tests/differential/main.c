/*
 * Random signatures, asked of a compiler by execution and of abide by its
 * command line.  README.md tells how it works and how it is used.
 */
#include "extend.h"
#include "process.h"
#include "selftest.h"
#include "trial.h"

#include <getopt.h>
#include <stdlib.h>
#include <string.h>

enum { MAX_EXPLAINED = 3, MAX_EXCLUDED_CLASSES = 16 };

struct options {
    const char *abide, *abi, *target, *cc, *run, *cross, *run_cross, *opt, *support;
    unsigned long count, first, batch;
    uint64_t seed;
    unsigned with, without, features;
    uint64_t scalars_allowed;
    const struct machine *machine;
    bool keep, selftest, extend, show, has_seed;
};

struct tally {
    unsigned long signatures, types, params, results;
    unsigned long passed[4], on_stack, returned[4];
    unsigned long classes[MISMATCH_CLASSES];
    unsigned long explained;
    /* Result words that held the hidden address after every call; that abide ever named. */
    uint32_t always_returned, said_returned;
    struct {
        const char *name;
        unsigned long count;
    } excluded[MAX_EXCLUDED_CLASSES];
};

static void usage(FILE *file)
{
    fputs("usage: abide-differential --target TRIPLE --cc CMD [--run CMD]\n"
          "           (--abide PATH --abi REF | --cross CMD [--run-cross CMD] | --selftest)\n"
          "           [--extend]\n"
          "           [--count N] [--seed S] [--first N] [--batch N] [--opt LEVEL]\n"
          "           [--with FEATURES] [--without FEATURES] [--only SCALARS]\n"
          "           [--support DIR] [--show] [--keep]\n"
          "features: i128 longdouble empty union enum pointer half quad\n"
          "          bitset tuple (on, where compilers have them),\n"
          "          packed align bitfield unnamed bfloat (off); several with commas\n"
          "scalars: such as f32,c_int; with `--count 1 --show` one sees what comes out\n",
          file);
}

static unsigned feature_set(const char *text)
{
    unsigned set = 0;
    while (*text != '\0') {
        size_t length = strcspn(text, ",");
        unsigned i = 0;
        while (i < FEATURE_COUNT &&
               (strlen(feature_names[i]) != length || strncmp(feature_names[i], text, length) != 0))
            i++;
        if (i == FEATURE_COUNT)
            die("no such feature: %.*s", (int)length, text);
        set |= 1u << i;
        text += length + (text[length] == ',');
    }
    /* An unnamed bit-field is one. */
    return (set & FEATURE_UNNAMED) != 0 ? set | FEATURE_BITFIELD : set;
}

static uint64_t scalar_set(const char *text)
{
    uint64_t set = 0;
    while (*text != '\0') {
        size_t length = strcspn(text, ",");
        unsigned i = 0;
        while (i < scalar_count &&
               (strlen(scalars[i].name) != length || strncmp(scalars[i].name, text, length) != 0))
            i++;
        if (i == scalar_count)
            die("no such scalar: %.*s", (int)length, text);
        set |= UINT64_C(1) << i;
        text += length + (text[length] == ',');
    }
    return set;
}

/* Rejection sampling needs something to find. */
static void check_scalars(const struct options *o)
{
    for (unsigned i = 0; i < scalar_count; i++)
        if (signature_scalar_allowed(i, o->features, o->scalars_allowed))
            return;
    die("no scalar is left");
}

static uint64_t number_option(const char *text)
{
    char *end;
    unsigned long long number = strtoull(text, &end, 10);
    if (end == text || *end != '\0')
        die("not a number: %s", text);
    return number;
}

static struct options read_options(int argc, char **argv)
{
    static const struct option table[] = {
        {"abide", 1, NULL, 'a'},     {"abi", 1, NULL, 'b'},
        {"target", 1, NULL, 't'},    {"cc", 1, NULL, 'c'},
        {"run", 1, NULL, 'r'},       {"cross", 1, NULL, 'x'},
        {"run-cross", 1, NULL, 'R'}, {"opt", 1, NULL, 'O'},
        {"support", 1, NULL, 's'},   {"count", 1, NULL, 'n'},
        {"first", 1, NULL, 'f'},     {"batch", 1, NULL, 'B'},
        {"seed", 1, NULL, 'S'},      {"only", 1, NULL, 'y'},
        {"with", 1, NULL, 'w'},      {"without", 1, NULL, 'W'},
        {"keep", 0, NULL, 'k'},      {"extend", 0, NULL, 'e'},
        {"selftest", 0, NULL, 'T'},  {"show", 0, NULL, 'o'},
        {"help", 0, NULL, 'h'},      {0},
    };
    struct options o = {
        .abide = "abide",
        .abi = "c",
        .run = "",
        .opt = "0",
        .support = ABIDE_DIFFERENTIAL_SUPPORT,
        .count = 1000,
        .batch = 500,
        .scalars_allowed = UINT64_MAX,
    };
    for (int letter; (letter = getopt_long(argc, argv, "", table, NULL)) != -1;) {
        switch (letter) {
        case 'a': o.abide = optarg; break;
        case 'b': o.abi = optarg; break;
        case 't': o.target = optarg; break;
        case 'c': o.cc = optarg; break;
        case 'r': o.run = optarg; break;
        case 'x': o.cross = optarg; break;
        case 'R': o.run_cross = optarg; break;
        case 'O': o.opt = optarg; break;
        case 's': o.support = optarg; break;
        case 'n': o.count = number_option(optarg); break;
        case 'f': o.first = number_option(optarg); break;
        case 'B': o.batch = number_option(optarg); break;
        case 'S':
            o.seed = number_option(optarg);
            o.has_seed = true;
            break;
        case 'y': o.scalars_allowed = scalar_set(optarg); break;
        case 'w': o.with |= feature_set(optarg); break;
        case 'W': o.without |= feature_set(optarg); break;
        case 'k': o.keep = true; break;
        case 'e': o.extend = true; break;
        case 'T': o.selftest = true; break;
        case 'o': o.show = true; break;
        case 'h': usage(stdout); exit(0);
        default: usage(stderr); exit(2);
        }
    }
    if (optind != argc || o.target == NULL || o.cc == NULL || o.batch == 0 || o.batch > 4000) {
        usage(stderr);
        exit(2);
    }
    o.machine = machine_of(o.target);
    if (o.machine == NULL)
        die("no stub for %s", o.target);
    o.features = ((FEATURE_DEFAULT & ~o.machine->lacking) | o.with) & ~o.without;
    check_scalars(&o);
    if (!o.has_seed)
        o.seed = (uint64_t)(seconds_now() * 1e6) % 1000000007;
    return o;
}

/* --- counting --- */

static void count_exclusion(struct tally *tally, const char *name)
{
    unsigned i = 0;
    while (i + 1 < MAX_EXCLUDED_CLASSES && tally->excluded[i].name != NULL &&
           strcmp(tally->excluded[i].name, name) != 0)
        i++;
    tally->excluded[i].name = name;
    tally->excluded[i].count++;
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
        tally->on_stack += value->pass == PASS_DIRECT && value->places[0] >= REGISTER_AREA_BYTES;
    }
    if (!signature->has_result)
        return;
    tally->results++;
    tally->returned[measured->result.pass]++;
    if (measured->result.pass == PASS_HIDDEN)
        tally->always_returned &= measured->returned_words;
    tally->said_returned |= said->returned_words;
}

/*
 * That a callee leaves the hidden address in a register once may be residue;
 * that all of them do is a promise, which abide must know of.
 */
static void count_unsaid_returns(struct tally *tally)
{
    const unsigned long enough = 30;
    if (tally->returned[PASS_HIDDEN] < enough ||
        (tally->always_returned & ~tally->said_returned) == 0)
        return;
    printf("mismatch: returned: the hidden address always comes back in result word set %#x\n",
           (unsigned)tally->always_returned);
    tally->classes[MISMATCH_RETURNED]++;
}

static unsigned long mismatches(const struct tally *tally)
{
    unsigned long sum = 0;
    for (unsigned i = MISMATCH_NONE + 1; i < MISMATCH_CLASSES; i++)
        sum += tally->classes[i];
    return sum;
}

static void print_tally(const struct options *o, const struct trial *trial,
                        const struct tally *tally, double seconds)
{
    printf("%s %s, %s -O%s, seed %llu: %lu signatures, %lu types, %lu parameters, %lu results; ",
           o->target, o->cross != NULL ? o->cross : o->abi, o->cc, o->opt,
           (unsigned long long)o->seed, tally->signatures, tally->types, tally->params,
           tally->results);
    printf("%lu mismatches", mismatches(tally));
    for (unsigned i = MISMATCH_NONE + 1; i < MISMATCH_CLASSES; i++)
        if (tally->classes[i] != 0)
            printf(" (%s %lu)", mismatch_names[i], tally->classes[i]);
    for (unsigned i = 0; i < MAX_EXCLUDED_CLASSES && tally->excluded[i].name != NULL; i++)
        printf("; excluded: %s %lu (%.2f %%)", tally->excluded[i].name, tally->excluded[i].count,
               100.0 * (double)tally->excluded[i].count / (double)tally->signatures);
    printf("; parameters: %lu in registers, %lu on the stack, %lu by pointer, %lu empty",
           tally->passed[PASS_DIRECT] - tally->on_stack, tally->on_stack,
           tally->passed[PASS_POINTER], tally->passed[PASS_IGNORE]);
    printf("; results: %lu in registers, %lu hidden, %lu empty", tally->returned[PASS_DIRECT],
           tally->returned[PASS_HIDDEN], tally->returned[PASS_IGNORE]);
    printf("; %.1f s (compiler %.1f, other %.1f), %.0f signatures/s\n", seconds,
           trial->compiler_seconds, trial->other_seconds, (double)tally->signatures / seconds);
}

/* --- running --- */

static void report(struct trial *trial, const struct options *o, struct tally *tally,
                   const struct signature *signature, const struct verdict *verdict)
{
    printf("mismatch: %s (%s), --seed %llu --first %llu --count 1\n",
           mismatch_names[verdict->class], verdict->where, (unsigned long long)o->seed,
           (unsigned long long)signature->index);
    if (tally->explained++ >= MAX_EXPLAINED)
        return;
    struct signature smallest = *signature;
    if (!trial_shrink(trial, &smallest, verdict->class)) {
        printf("  only in its batch, not alone: look at the harness\n");
        return;
    }
    trial_explain(trial, stdout, &smallest);
    fflush(stdout);
}

/* Shrinking reuses the accounts, so a batch is counted first and its failures told afterwards. */
static void run_batch(struct trial *trial, const struct options *o, struct tally *tally,
                      const struct signature *signatures, struct verdict *verdicts, unsigned count)
{
    trial_run(trial, signatures, count, verdicts);
    for (unsigned i = 0; i < count; i++) {
        count_signature(tally, &signatures[i], &trial->measured[i], &trial->said[i]);
        tally->classes[verdicts[i].class]++;
        if (verdicts[i].excluded != NULL)
            count_exclusion(tally, verdicts[i].excluded);
    }
    for (unsigned i = 0; i < count; i++)
        if (verdicts[i].class != MISMATCH_NONE)
            report(trial, o, tally, &signatures[i], &verdicts[i]);
}

static unsigned long run_all(struct trial *trial, const struct options *o)
{
    struct tally tally = {.always_returned = UINT32_MAX};
    double start = seconds_now();
    struct signature *signatures = allocate(o->batch, sizeof *signatures);
    struct verdict *verdicts = allocate(o->batch, sizeof *verdicts);
    unsigned long missed = 0;
    for (unsigned long done = 0, count; done < o->count; done += count) {
        count = o->count - done < o->batch ? o->count - done : o->batch;
        for (unsigned long i = 0; i < count; i++)
            signature_generate(&signatures[i], o->seed, o->first + done + i, o->features,
                               o->scalars_allowed);
        if (o->selftest)
            missed += selftest_run(trial, signatures, (unsigned)count);
        else
            run_batch(trial, o, &tally, signatures, verdicts, (unsigned)count);
        for (unsigned long i = 0; o->show && i < count; i++)
            trial_explain(trial, stdout, &signatures[i]);
    }
    if (o->cross == NULL && !o->selftest && o->machine->promises_address)
        count_unsaid_returns(&tally);
    if (o->selftest)
        printf("self test, seed %llu: %lu signatures, %lu wrong answers missed\n",
               (unsigned long long)o->seed, o->count, missed);
    else
        print_tally(o, trial, &tally, seconds_now() - start);
    free(verdicts);
    free(signatures);
    return missed + mismatches(&tally);
}

int main(int argc, char **argv)
{
    struct options o = read_options(argc, argv);
    const struct machine *machine = o.machine;
    const char *directory = make_workplace(o.keep);
    struct trial trial = {
        .compiler = {"cc", o.cc, o.run, o.opt, o.support, directory, machine, 0},
        .other = {"cross", o.cross, o.run_cross != NULL ? o.run_cross : o.run, o.opt, o.support,
                  directory, machine, 0},
        .engine = {o.abide, o.abi, o.target, directory, machine},
        .capacity = (unsigned)(o.batch > 300 ? o.batch : 300),
    };
    trial.measured = allocate(trial.capacity, sizeof *trial.measured);
    trial.said = allocate(trial.capacity, sizeof *trial.said);
    bool ready = harness_prepare(&trial.compiler);
    if (ready && o.cross != NULL)
        ready = harness_prepare(&trial.other);
    unsigned long failures = 1;
    if (ready)
        failures = o.extend ? extend_run(&trial.compiler, &trial.engine) : run_all(&trial, &o);
    free(trial.measured);
    free(trial.said);
    return !ready ? 3 : failures != 0 ? 1 : 0;
}
