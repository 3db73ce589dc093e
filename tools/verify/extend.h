/* The bits above narrow values: what the module says of them, and what compiled code does. */
#ifndef ABIDE_VERIFY_EXTEND_H
#define ABIDE_VERIFY_EXTEND_H

#include "answer.h"
#include "harness.h"

struct extend_counts {
    unsigned long claims, broken, unclaimed;
};

struct extend_result {
    struct extend_counts arguments, results;
};

/* Asks about the narrow integers of `scalars_allowed`; a line about each broken claim goes to `file`. */
struct extend_result extend_run(struct toolchain *toolchain, const struct engine *engine,
                                uint64_t scalars_allowed, FILE *file);

#endif
