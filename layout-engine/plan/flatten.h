/* Runs between the flat form of a value and its form in memory, both of one side. */
#ifndef ABIDE_PLAN_FLATTEN_H
#define ABIDE_PLAN_FLATTEN_H

#include "plan/parts.h"
#include "plan/runs.h"

/*
 * `flat` is the flat form of `type`, `memory` its representation. NULL, and the runs; or the reason why bytes that are moved do not
 * suffice.
 */
const char *abide_flatten__runs(const struct abide_side *side, const abide_type *type,
                                const abide_type *memory, const abide_type *flat, bool to_flat,
                                struct abide_runs *runs);

#endif
