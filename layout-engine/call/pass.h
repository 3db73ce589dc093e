/* What rules do: each verb divides a value into parts, and gives these places. */
#ifndef ABIDE_CALL_PASS_H
#define ABIDE_CALL_PASS_H

#include "call/choose.h"

/* false: the value does not fit as the rule wants it. */
bool abide_pass__by(struct abide_deciding *deciding, const struct abide_pass_rule *rule);

/* Whether any of it, or its address, is. */
bool abide_pass__is_on_stack(const struct abide_assigned *assigned);
/* A rule decided about a part of a value, or about what the budget has for it. */
void abide_pass__note_inner(const struct abide_placer *placer, const struct abide_assigned *place);

#endif
