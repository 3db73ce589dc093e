/*
 * Arguments as a vector: an array with the address of each value, and memory for the result. So a program calls, or is called
 * by, functions whose signatures it learns at run time. And thunks that find what they call in a record {code, environment}.
 */
#ifndef ABIDE_PLAN_PACKED_H
#define ABIDE_PLAN_PACKED_H

#include "plan/build.h"

/*
 * A side whose values are found one by one in memory, the result's too: what the other steps of building a plan are to see in
 * the place of `assignment(module)` while they run. The argument of parameter i is argument i; that of the result is the last.
 */
const abide_assignment *abide_packed__view(struct abide_builder *builder,
                                           const abide_module *module, const abide_module *foreign);

/* Gives the plan its real caller, `void (fn, args, ret)`, when all steps are built on a view of it. */
bool abide_packed__call_from(struct abide_builder *builder);
/* Gives the plan its real callee, `void (ret, args, user)`; `user` is what it gets as its last argument. */
bool abide_packed__call_to(struct abide_builder *builder, struct abide_object user);

/*
 * The caller's assignment, and with it the address of a record in the processor's chain register, as its last argument. The
 * register goes by the name ABIDE_CHAIN.
 */
const abide_assignment *abide_packed__with_chain(struct abide_builder *builder,
                                                 const abide_assignment *assignment);

#endif
