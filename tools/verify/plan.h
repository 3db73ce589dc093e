/* What is asked about one module. */
#ifndef ABIDE_VERIFY_PLAN_H
#define ABIDE_VERIFY_PLAN_H

#include "cli.h"
#include "verify.h"

struct plan {
    const char *reference; /* as it was named */
    const char *directory; /* where to work */
    struct verify_run runs[MAX_TOOLCHAINS];
    size_t count;
    struct words not_asked;   /* compilers, each with the reason */
    struct language language; /* of all runs; without data: C */
};

/* Finds the compilers of `plan->reference`, by the command line. */
enum status plan_make(struct cli *cli, struct plan *plan);

/* A module that can be loaded for the target, or NULL; what is wrong with it is of no interest. */
const abide_module *plan_module_for(struct cli *cli, const char *reference, const char *target);
/* Whether the module is the C ABI of the target, or stands beside it: it may fit others of the architecture, too. */
bool plan_is_own_target(struct cli *cli, const char *reference, const char *triple);

#endif
