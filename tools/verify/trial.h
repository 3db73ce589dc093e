/* One comparison: a compiler against abide, or against another compiler. */
#ifndef ABIDE_VERIFY_TRIAL_H
#define ABIDE_VERIFY_TRIAL_H

#include "answer.h"
#include "compare.h"
#include "harness.h"

struct trial {
    struct toolchain compiler;
    struct toolchain other; /* cc NULL: compare with abide */
    struct engine engine;
    unsigned stages;
    unsigned capacity; /* signatures in a batch */
    struct account *measured;
    struct account *said;
    unsigned complaints; /* refusals told */
    double compiler_seconds, other_seconds;
};

struct verdict {
    enum mismatch class;
    const char *excluded; /* a mismatch that the module knows of: the deviation, or NULL */
    char where[128];
};

/* Asks both sides about up to `capacity` signatures; the accounts stay in the trial. */
void trial_run(struct trial *trial, const struct signature *signatures, unsigned count,
               struct verdict *verdicts);

/* All the ways to leave one thing out of a signature; returns how many they are. */
unsigned trial_candidates(const struct signature *from, struct signature *list, unsigned limit);

/* The smallest signature found by leaving things out that still fails in the same way. False: it does not fail alone. */
bool trial_shrink(struct trial *trial, struct signature *signature, enum mismatch class);

/* What there is to say of one signature, as texts with line ends; owned by the process (cli_alloc). */
struct explanation {
    enum mismatch class;
    char where[128];
    const char *interface, *c; /* the signature, twice */
    const char *compiler,
        *expected;     /* what the compiler does; what abide (or the other compiler) says */
    const char *rules; /* that decided */
};

/* Runs the signature once more. */
void trial_explain(struct trial *trial, const struct signature *signature,
                   struct explanation *explanation);

double seconds_now(void);

#endif
