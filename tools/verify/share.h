/* Batches of signatures: asked of a compiler by one process or several, and what fails in them. */
#ifndef ABIDE_VERIFY_SHARE_H
#define ABIDE_VERIFY_SHARE_H

#include "verify.h"

/* What asks; each process has its own. */
struct worker {
    const struct verify_options *options;
    struct trial trial;
    uint64_t scalars_allowed;
    struct roles roles; /* of parameters; none for a language, or without the feature */
    unsigned features;
    unsigned batch;
    struct signature *signatures;
    struct verdict *verdicts;
};

/* Asks about all signatures of the options, and makes the first failures small. */
void share_batches(struct worker *worker, const struct verify_run *run, struct outcome *outcome,
                   double start);

/* Whether nothing more is to be asked. */
bool share_is_over(const struct verify_options *options, const struct outcome *outcome);

#endif
