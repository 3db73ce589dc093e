/* One run of the oracle: a module against a compiler, over many signatures. */
#ifndef ABIDE_VERIFY_VERIFY_H
#define ABIDE_VERIFY_VERIFY_H

#include "extend.h"
#include "given.h"
#include "tally.h"
#include "thunks.h"

enum { MAX_FINDINGS = 3, MAX_PAIRS = 32 };

struct outcome;

/* What the command line asks for, the same for all its runs. */
struct verify_options {
    const char *directory; /* where to work */
    const char *opt;       /* "0" ... "3" */
    uint64_t seed, first, count;
    unsigned batch, jobs;
    unsigned features, stages;
    uint64_t scalars_allowed;
    bool shrink, stop, selftest, progress;
    const struct given *given; /* functions and types that are proved; NULL: random ones */
    /* Told what was found so far, whenever a part is done; NULL: nobody. */
    void (*told)(void *user, const struct outcome *outcome);
    void *user;
};

/* One module, one target, one compiler. */
struct verify_run {
    const char *title; /* "NAME@VERSION" */
    struct engine engine;
    struct machine *machine;
    const char *compiler;        /* "gcc" */
    const char *cc, *link, *run; /* `link`: NULL, or what links the objects */
    /* Between which ABIs adapters are tried, and by what the compilers' own C ABI is called. */
    struct thunk_pair pairs[MAX_PAIRS];
    size_t pair_count;
    const char *c_abi;
    const struct language *language; /* NULL: C */
    const char *callee_cc; /* NULL: callees of adapters are compiled as their callers are */
    const char *attribute; /* of functions, in C; NULL: none */
    const char *other_cc;  /* NULL: compare with abide */
    const struct machine_toolchain *known; /* whose failures the data tells of; NULL: another one */
};

struct failure {
    uint64_t index; /* of the signature, with the seed of the run */
    enum mismatch class;
    char where[128];
};

struct outcome {
    const char *
        abi; /* the reference that was asked: with the compiler as an option, if the module has it */
    struct tally tally;
    struct failure *failures; /* owned by the process */
    size_t failure_count, failure_capacity;
    /* The first of each kind, shrunk. */
    struct explanation findings[MAX_FINDINGS];
    uint64_t finding_indexes[MAX_FINDINGS];
    size_t finding_count;
    struct extend_result extend;
    struct thunk_outcome thunks[MAX_PAIRS];
    size_t thunk_count;
    const char *extend_findings; /* a line each */
    struct given_layouts layouts;
    const char *notes; /* more that failed, a line each */
    /* Scalars that were not generated, by who lacks them: a bit for each of `scalars`. */
    uint64_t compiler_lacks, module_lacks;
    unsigned long missed;   /* of the self-test */
    unsigned known_percent; /* of signatures that the compiler may fail at, by its data */
    const char *
        broken; /* why not all was asked: something around the test programs went wrong; NULL: all was */
    double seconds;
};

/* Of what nothing was found yet. */
void outcome_start(struct outcome *outcome, const struct verify_run *run);

/* If the compiler or the emulator does not work, the outcome is `broken`, and has what was found until then. */
void verify_run(const struct verify_options *options, const struct verify_run *run,
                struct outcome *outcome);

/* Everything that did not agree. */
unsigned long outcome_mismatches(const struct outcome *outcome);

/* Adapters: tried, and those that were not; of these, lost to a compiler that fails at their C or refuses it. */
struct adapter_counts {
    unsigned long tested, left_out, lost;
};
struct adapter_counts outcome_adapters(const struct outcome *outcome);
/* Whether compilers lose more adapters than their data says, or than a hundredth (of at least a thousand). */
bool outcome_loses_adapters(const struct outcome *outcome);

void outcome_add_failure(struct outcome *outcome, const struct failure *failure);

/* Through a pipe, to another process of this program. false: the other end is gone. */
bool outcome_send(const struct outcome *outcome, int descriptor);
bool outcome_receive(struct outcome *outcome, int descriptor);

#endif
