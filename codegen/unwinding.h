/* What unwinding comes to in a thunk's frame. */
#ifndef ABIDE_CODEGEN_UNWINDING_H
#define ABIDE_CODEGEN_UNWINDING_H

#include "frame.h"

/* Whether the plan's wishes can be met; else that is reported. */
bool abide_unwinding__check(struct abide_emission *e, const abide_plan *plan);
/* Exceptions end in the frame of the function that was made, if the plan says so. */
void abide_unwinding__finish(struct abide_frame *frame);

#endif
