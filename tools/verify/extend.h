/*
 * What compiled code leaves above narrow values and expects there, whether they have a sign, and what callers reserve of the
 * stack, besides what the module says of them.
 */
#ifndef ABIDE_VERIFY_EXTEND_H
#define ABIDE_VERIFY_EXTEND_H

#include "answer.h"
#include "harness.h"

struct extend_counts {
    unsigned long claims, broken, unclaimed;
};

struct extend_result {
    struct extend_counts arguments, results;
    unsigned long short_rooms; /* callers reserve less than the module says */
    unsigned long wrong_signs; /* integers that have one for the compiler or the module alone */
};

/* Asks about the narrow integers of `scalars_allowed`; a line about each broken claim goes to `file`. */
struct extend_result extend_run(struct toolchain *toolchain, const struct engine *engine,
                                uint64_t scalars_allowed, FILE *file);

#endif
