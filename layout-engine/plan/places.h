/* Do two calling sequences put the same bits in the same places? */
#ifndef ABIDE_PLAN_PLACES_H
#define ABIDE_PLAN_PLACES_H

#include "plan/plan.h"

bool abide_places__same_piece(const abide_piece *a, const abide_piece *b);
/* The value of `from`, as it lies, is what `to` looks for: equal pieces (extension apart). */
bool abide_places__same(const struct abide_assigned *from, const struct abide_assigned *to);
/* `from` is extended as `to` states. */
bool abide_places__promises(const abide_piece *from, const abide_piece *to);
/* `to` states an extension of its pieces that `from` does not promise. */
bool abide_places__must_extend(const struct abide_assigned *from, const struct abide_assigned *to);
/* The pieces lie side by side on the stack, in one range with its address aligned as `align_bytes` asks of the value's size. */
bool abide_places__is_stack_range(const abide_assignment *assignment,
                                  const struct abide_assigned *place, uint64_t align_bytes);
/* What the stack and the preserved registers ask: NULL if a jump from one to the other is right, or why not. */
const char *abide_places__jump_obstacle(const abide_assignment *caller,
                                        const abide_assignment *callee);

#endif
