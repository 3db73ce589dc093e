/* `budget` of a machine module: what a compiler counts before it gives places out. */
#ifndef ABIDE_CALL_BUDGET_H
#define ABIDE_CALL_BUDGET_H

#include "call/choose.h"

/*
 * Fills in `budgeted` of the result (values[0]; without a layout there is none) and the arguments behind it. `inner_rules`:
 * those of the budget that decided are added.
 */
void abide_budget__spend(abide_ctx *ctx, const abide_module *machine, struct abide_passed *values,
                         size_t count, abide_origin_list *inner_rules);

#endif
