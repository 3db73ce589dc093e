/* What an adapter does, in order: for those who say it in words, and for those who draw it. */
#ifndef ABIDE_PLAN_STEPS_H
#define ABIDE_PLAN_STEPS_H

#include "plan/plan.h"

enum abide_step_kind {
    ABIDE_STEP_HOOK, /* the one of number `index` among the hooks that are called `at` one time */
    ABIDE_STEP_TEMPORARY, /* the one of number `index` among those that are used */
    ABIDE_STEP_LIST,
    ABIDE_STEP_STORE, /* stores[index]; the same of the others */
    ABIDE_STEP_CLEAR,
    ABIDE_STEP_BEFORE,
    ABIDE_STEP_ANSWER, /* past the end: the return */
    ABIDE_STEP_HIDDEN,
    ABIDE_STEP_FEED,
    ABIDE_STEP_CALL,
    ABIDE_STEP_AFTER,
    ABIDE_STEP_BACK,
    ABIDE_STEP_RETURN,
    ABIDE_STEP_DUTY
};

struct abide_step {
    enum abide_step_kind kind;
    enum abide_hook_at at;
    size_t index;
};

/* An adapter's own steps, without those of its inner ones. */
size_t abide_step__count(const struct abide_plan *plan);
/* `index` is less than their number. */
struct abide_step abide_step__at(const struct abide_plan *plan, size_t index);

#endif
