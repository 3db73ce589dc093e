/* What lies in values and can be called: functions and closures that need an adapter although both sides would call them alike. */
#ifndef ABIDE_PLAN_CALLABLES_H
#define ABIDE_PLAN_CALLABLES_H

#include "plan/convert.h"

/* What adapters of callbacks do beside moving values. */
struct abide_callback_duties {
    bool enters_runtime; /* they call hooks of the runtime that the function belongs to */
    bool checks;         /* they look at what it gets and returns */
};

/*
 * Why functions and closures in a value of `type`, which goes from `crossing.from` to `crossing.to`, cannot be called as they are:
 * NULL, or a clause that can follow "because". Nobody can tell whose it is that lies behind a plain pointer (`ptr`), which is not
 * followed. In unions and behind references nothing is looked at, but what is called there is called in its runtime.
 */
const char *abide_callables__obstacle(struct abide_crossing crossing, const abide_type *type,
                                      struct abide_callback_duties duties);

#endif
