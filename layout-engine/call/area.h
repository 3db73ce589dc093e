/* The stack of a call as a whole: how much of it there is, who removes it, in which order arguments lie on it. */
#ifndef ABIDE_CALL_AREA_H
#define ABIDE_CALL_AREA_H

#include "call/assignment.h"
#include "call/place.h"

/* Where arguments are pushed in their order, the last one lies first. */
void abide_area__reverse(struct abide_placer *placer, abide_assignment *assignment,
                         struct abide_assigned *arguments);

/* A result on the stack lies behind the arguments. Returns where. */
uint64_t abide_area__place_result(struct abide_placer *placer, abide_assignment *assignment);

/* Sets how many bytes the arguments take, and how they are aligned. */
void abide_area__end(const struct abide_physical *physical, const struct abide_placer *placer,
                     abide_assignment *assignment);

/* Whether any of a result lies on the stack. */
bool abide_area__has_result(const struct abide_assigned *result);

/* What callees remove that leave the arguments: the hidden address, by the rule of the result. */
uint64_t abide_area__popped_bytes(const struct abide_physical *physical,
                                  const struct abide_assigned *result);

/* What lies on the stack before memory that the instruction takes which returns. */
uint64_t abide_area__removed_bytes(const abide_assignment *assignment);

/* Whether callers and callees remove the same bytes; else it is reported. */
bool abide_area__is_agreed(const struct abide_placer *placer, const abide_assignment *assignment);

#endif
