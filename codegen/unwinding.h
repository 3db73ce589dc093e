/* What unwinding comes to in a thunk's frame. */
#ifndef ABIDE_CODEGEN_UNWINDING_H
#define ABIDE_CODEGEN_UNWINDING_H

#include "frame.h"

/* Whether the plan's wishes can be met; else that is reported. */
bool abide_unwinding__check(struct abide_emission *e, const abide_plan *plan);
/* From here on exceptions that leave the callee come to frame->landing, if the plan has something to do then. */
void abide_unwinding__begin(struct abide_frame *frame);
/* A call that may throw. */
LLVMValueRef abide_unwinding__call(struct abide_frame *frame, LLVMTypeRef type,
                                   LLVMValueRef function, LLVMValueRef *arguments, unsigned count);
/* The builder stands at frame->landing. The exception, for LLVM's `resume`. */
LLVMValueRef abide_unwinding__land(struct abide_frame *frame);
/* Exceptions end in the frame of the function that was made, if the plan says so. */
void abide_unwinding__finish(struct abide_frame *frame);

#endif
