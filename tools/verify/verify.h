/* One run of the oracle: a module against a compiler, over many signatures. */
#ifndef ABIDE_VERIFY_VERIFY_H
#define ABIDE_VERIFY_VERIFY_H

#include "extend.h"
#include "given.h"
#include "thunks.h"
#include "trial.h"

enum { MAX_LEFT_OUT = 24, MAX_FINDINGS = 3, MAX_PAIRS = 32 };

/* What the command line asks for, the same for all its runs. */
struct verify_options {
    const char *directory; /* where to work */
    const char *opt;       /* "0" ... "3" */
    uint64_t seed, first, count;
    unsigned batch, jobs;
    unsigned features, stages;
    uint64_t scalars_allowed;
    bool shrink, stop, selftest, progress;
    const struct given *given;   /* functions and types that are proved; NULL: random ones */
    size_t runs_done, run_count; /* for the progress of all of them */
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
};

struct tally {
    unsigned long signatures, types, params, results;
    unsigned long passed[4], on_stack, returned[4];
    unsigned long classes[MISMATCH_CLASSES];
    /* Result words that held the hidden address after every call; that abide ever named. */
    uint32_t always_returned, said_returned;
    /* Signatures, or values of them, that were not compared: the last ones are all further reasons together. */
    struct tally_left_out {
        enum left_out what;
        char reason[96]; /* the id of a deviation; of what the compiler failed at, its last words */
        unsigned long count;
    } left_out[MAX_LEFT_OUT];
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
    unsigned long missed; /* of the self-test */
    const char *
        broken; /* why not all was asked: something around the test programs went wrong; NULL: all was */
    double seconds;
};

/* If the compiler or the emulator does not work, the outcome is `broken`, and has what was found until then. */
void verify_run(const struct verify_options *options, const struct verify_run *run,
                struct outcome *outcome);

/* Everything that did not agree. */
unsigned long outcome_mismatches(const struct outcome *outcome);

/* How many signatures had something left out. */
unsigned long outcome_left_out(const struct outcome *outcome, enum left_out what);
/*
 * What is left out of a comparison is rare: one signature in a hundred (of at least a thousand), for each deviation, and for
 * what the compiler itself fails at. Of what a module refuses, half of all: it says so itself.
 */
bool outcome_is_rare(const struct tally *tally, const struct tally_left_out *left_out);

#endif
