/* Adapters for the methods of objects: functions in a vtable of one side that call those of another's. */
#ifndef ABIDE_PLAN_METHODS_H
#define ABIDE_PLAN_METHODS_H

#include "plan/callables.h"
#include "plan/convert.h"
#include "plan/plan.h"

/* The environment that such functions get for the object's data, in words (lift_object.c). */
enum abide_env_word {
    ABIDE_ENV_TABLE,
    ABIDE_ENV_COUNT,
    ABIDE_ENV_SELF,
    ABIDE_ENV_VTABLE,
    ABIDE_ENV_WORDS
};

uint64_t abide_object__id_number(const abide_type *interface);

/*
 * The table that is like `model`, but for its serial and its methods: those for objects that cross so. They need not be there before
 * the plan is done that uses the table. `duties`: theirs, whatever the interface says of them.
 */
const struct abide_routine_constant *
abide_methods__table(const struct abide_crossing *crossing, const abide_iface *iface,
                     const abide_type *interface, struct abide_callback_duties duties,
                     const struct abide_routine_constant *model);

/* The plan of each method; false: reported. */
bool abide_methods__complete(abide_ctx *ctx, const abide_plan *plan);

/* plan.c: a method of `methods`. NULL: reported. */
const abide_plan *abide_build__method(abide_ctx *ctx, const struct abide_methods *methods,
                                      size_t method, uint64_t offset_bytes);

#endif
