/* Which rule of a machine module places a value: they are tried in order, and the first that applies and fits decides. */
#ifndef ABIDE_CALL_CHOOSE_H
#define ABIDE_CALL_CHOOSE_H

#include "call/assignment.h"
#include "call/evaluate.h"
#include "call/place.h"

/* A value with the rules it is placed by. */
struct abide_deciding {
    struct abide_placer *placer;
    struct abide_passed passed;
    struct abide_rule_list rules;
    struct abide_placer *arguments; /* of a result: where a hidden address goes */
    unsigned depth;                 /* of pointers and parts that are placed by the same rules */
    bool may_wait;                  /* a rule may put it off until the others are placed */
    const struct abide_pass_rule *waits_by; /* the rule that did; NULL: it has its place */
    struct abide_assigned *out;
    const struct abide_param
        *param; /* what messages are about; NULL: the result, or what no interface names */
    struct abide_place place;
};

/* false: none does, or one refuses the value, which is reported. What did not fit leaves no trace. */
bool abide_choose__rule(struct abide_deciding *deciding);

#endif
