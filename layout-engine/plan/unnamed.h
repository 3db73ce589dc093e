/* Functions with unnamed arguments (`...`): what either side takes in their place, and the list that an adapter makes. */
#ifndef ABIDE_PLAN_UNNAMED_H
#define ABIDE_PLAN_UNNAMED_H

#include "plan/build.h"

/* Whether two machine modules look in a list (va_list) in the same way for what it holds; of their forms in memory this says nothing. */
bool abide_unnamed__same_lists(const abide_module *from, const abide_module *to);

/* What the caller and the callee of a function call it with: its signature, or one without unnamed arguments. */
void abide_unnamed__sides(abide_ctx *ctx, const abide_function *function,
                          const abide_signature **caller, const abide_signature **callee);

/*
 * Feeds the callee's list, which no argument of the caller's is: one that the adapter starts over the caller's unnamed arguments,
 * or one made from that. False: reported.
 */
bool abide_unnamed__feed(struct abide_builder *builder, size_t param);

/*
 * Whether what is known of the call is enough: unnamed arguments that are passed on are moved by nobody, so they have to lie where
 * the callee looks for them already. To be asked when the plan is made. False: reported.
 */
bool abide_unnamed__check(struct abide_builder *builder);

#endif
