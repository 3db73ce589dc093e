/* One thunk: a plan becomes a function. */
#ifndef ABIDE_CODEGEN_THUNK_H
#define ABIDE_CODEGEN_THUNK_H

#include "emission.h"

/* The function, and those of the plan's inner adapters before it. NULL: reported. */
LLVMValueRef abide_thunk__emit(struct abide_emission *e, const abide_plan *plan, const char *symbol,
                               bool is_local);

#endif
