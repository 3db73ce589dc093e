/* One thunk: a plan becomes a function. */
#ifndef ABIDE_CODEGEN_THUNK_H
#define ABIDE_CODEGEN_THUNK_H

#include "emission.h"

/* The function, and those of the plan's inner adapters before it. NULL: reported. */
LLVMValueRef abide_thunk__emit(struct abide_emission *e, const abide_plan *plan, const char *symbol,
                               bool is_local);

/*
 * How the thunk of a plan would be made, in words. `*why`: why not in a better way; NULL: there is none. Returns NULL where it cannot
 * be made, which is reported.
 */
const char *abide_thunk__way(abide_ctx *ctx, const abide_plan *plan, const char **why);

#endif
