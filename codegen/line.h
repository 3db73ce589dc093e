/*
 * Thunks between conventions that LLVM has, as straight lines of assembly: what is left to LLVM takes a frame of its shape, and
 * registers that outlive the call. Here a pointer that is needed again is kept in the frame, stack arguments are pushed from
 * where they are, and what lies side by side is moved together.
 */
#ifndef ABIDE_CODEGEN_LINE_H
#define ABIDE_CODEGEN_LINE_H

#include "side.h"

/*
 * The text of the thunk, which ends in a jump or has a call; NULL: it cannot be. `*words`: what it is; if it is none, why. Only plans
 * whose tier says so end in a jump. `is_protected`: return addresses are signed, where there are
 * instructions for it.
 */
const char *abide_line__text(abide_ctx *ctx, const abide_plan *plan,
                             const struct abide_side *callee, bool ends_in_jump, bool is_protected,
                             const char **words);

#endif
