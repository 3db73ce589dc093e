/* Plans whose steps are routines written by hand, for one function each of tests/execution/routines.abi.yaml. */
#ifndef ABIDE_TESTS_ROUTINES_H
#define ABIDE_TESTS_ROUTINES_H

#include "plan/plan.h"

/* For C on `target`; `triple` (may be NULL) is a system with the same calls but other files. NULL: reported. */
const abide_plan *const *routine_plans(abide_ctx *ctx, const char *interface_path,
                                       const char *target, const char *triple, size_t *count);

#endif
