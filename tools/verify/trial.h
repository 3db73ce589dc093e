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
    bool is_patient; /* with a compiler that fails at many of them */
};

/* Why something about a signature is not compared. */
enum left_out {
    LEFT_OUT_NOTHING,
    LEFT_OUT_VALUES, /* the values that a deviation of the compiler is about; the others are compared */
    LEFT_OUT_REFUSED,  /* the module refuses a value, and says why */
    LEFT_OUT_COMPILER, /* the compiler itself failed */
};

struct verdict {
    enum mismatch class;
    enum left_out left_out;
    const char *reason; /* of what is left out: the id of a deviation; the compiler's last words */
    unsigned
        most_percent; /* of signatures at which the compiler is known to fail so; 0: it is not */
    char where[128];
};

/* Asks both sides about up to `capacity` signatures; the accounts stay in the trial. */
void trial_run(struct trial *trial, const struct signature *signatures, unsigned count,
               struct verdict *verdicts);

/* Asks a compiler. It may refuse a signature, or fail at it: that is left out, and its account says so. */
void trial_measure(struct toolchain *toolchain, const struct signature *signatures, unsigned count,
                   struct account *accounts);

/*
 * Puts an int in the place of every parameter that a deviation is about, and leaves such a result out, so that the rest can be
 * compared. The id of the first one; NULL: there is none.
 */
const char *trial_without_deviating(const struct engine *engine, const struct toolchain *compiler,
                                    struct signature *signature);

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
