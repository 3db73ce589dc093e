/*
 * Routines (plan/routine.h) as functions that only the object file sees. Values are words or pointers, whichever their uses need,
 * so that LLVM knows which memory is meant.
 */
#ifndef ABIDE_CODEGEN_ROUTINE_H
#define ABIDE_CODEGEN_ROUTINE_H

#include "emission.h"

/* Writes the routines of all thunks, and the adapters that these name. false: reported. */
bool abide_routines__write(struct abide_emission *e, const struct abide_thunk *thunks,
                           size_t thunk_count);
/* Gives what is hidden its names, once nobody else can want them. */
void abide_routines__finish(struct abide_emission *e);

/* The function that a routine is, for constants. */
LLVMValueRef abide_routine__function(struct abide_emission *e, const struct abide_routine *routine);

/* A call of a routine with as many of `arguments`, words or pointers, as it takes; what it gives, or NULL. */
LLVMValueRef abide_routine__call(struct abide_emission *e, const struct abide_routine *routine,
                                 const LLVMValueRef *arguments);

#endif
