/* The call that a thunk makes: arguments put where the callee looks, in a function type of our own making. */
#ifndef ABIDE_CODEGEN_CALL_H
#define ABIDE_CODEGEN_CALL_H

#include "frame.h"

enum abide_tail {
    ABIDE_TAIL_NONE,
    ABIDE_TAIL_HINT, /* a jump if LLVM can; right in any case */
    ABIDE_TAIL_MUST  /* the thunk's own prototype: what is not mentioned stays where it is */
};

/* Writes the call, or the two calls where an environment is left out, and keeps the results in the frame. */
bool abide_call__emit(struct abide_frame *frame, enum abide_tail tail);

/* The code address that the thunk calls; a symbol is declared with `type`. */
LLVMValueRef abide_call__target(struct abide_frame *frame, LLVMTypeRef type);

#endif
