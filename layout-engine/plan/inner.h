/* Adapters inside adapters: functions and closures that are passed on. */
#ifndef ABIDE_PLAN_INNER_H
#define ABIDE_PLAN_INNER_H

#include "plan/convert.h"

/*
 * Whether a function (with `env`: the code of a closure) of `signature` that lives on the `from` side can be called by the
 * `to` side as it is: NULL, or the reason why not.
 */
const char *abide_inner__callable_same(struct abide_crossing crossing,
                                       const abide_signature *signature, bool env);

#endif
