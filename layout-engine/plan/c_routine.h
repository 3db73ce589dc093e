/* Routines (plan/routine.h) as functions of portable C that only their file sees. */
#ifndef ABIDE_PLAN_C_ROUTINE_H
#define ABIDE_PLAN_C_ROUTINE_H

#include "plan/plan.h"

struct abide_c_routines {
    abide_ctx *ctx;
    const struct abide_routine *const *routines; /* callees first */
    size_t count;
    const char **names; /* by serial */
    uint64_t pointer_bytes;
    const struct abide_adapter *const *adapters; /* that they name */
    size_t adapter_count;
};

struct abide_c_routines abide_c_routines__of(abide_ctx *ctx, const abide_plan *const *plans,
                                             size_t plan_count);

/* Their definitions, and those of what they need, to stand before all that calls them; "" if there are none. */
const char *abide_c_routines__text(const struct abide_c_routines *routines);

/* What the function of an adapter is called; the file declares it in front of them. */
const char *abide_c_routines__adapter(const struct abide_c_routines *routines,
                                      const struct abide_adapter *adapter);

/* What the function of one of them is called. */
const char *abide_c_routines__name(const struct abide_c_routines *routines,
                                   const struct abide_routine *routine);

#endif
