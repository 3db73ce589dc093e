/*
 * Whoever unwinds the stack looks for a handler first, frame by frame, and calls the routine that a frame names (Itanium C++ ABI:
 * Exception Handling, 1.6). That of a thunk which exceptions must not leave ends the process, so no code is needed for it: the stack is
 * as it was when the exception was thrown, and a call costs nothing.
 *
 * Where something is to end before an exception passes, the thunk names the routine that C compilers name for variables with a
 * `cleanup`: it catches nothing, and has the frame land in a block that ends in `resume`.
 */
#include "unwinding.h"

#include "routine.h"

bool abide_unwinding__check(struct abide_emission *e, const abide_plan *plan)
{
    if (e->processor->unwinds || (!plan->unwinds && !plan->cleans_up))
        return true;
    abide_emission__refuse(
        e, plan,
        plan->unwinds ? "what `unwind: abort` asks for is not known for this target: leave it "
                        "out if nothing unwinds out of it"
                      : "how to end what is begun for the call when an exception passes is not "
                        "known for this target: leave `unwind: allow` out if nothing unwinds "
                        "out of it");
    return false;
}

void abide_unwinding__begin(struct abide_frame *frame)
{
    if (frame->plan->cleans_up)
        frame->landing = LLVMAppendBasicBlockInContext(frame->e->context, frame->function, "");
}

LLVMValueRef abide_unwinding__call(struct abide_frame *frame, LLVMTypeRef type,
                                   LLVMValueRef function, LLVMValueRef *arguments, unsigned count)
{
    struct abide_emission *e = frame->e;
    if (!frame->landing)
        return LLVMBuildCall2(e->builder, type, function, arguments, count, "");
    LLVMBasicBlockRef next = LLVMAppendBasicBlockInContext(e->context, frame->function, "");
    LLVMValueRef value =
        LLVMBuildInvoke2(e->builder, type, function, arguments, count, next, frame->landing, "");
    LLVMPositionBuilderAtEnd(e->builder, next);
    return value;
}

LLVMValueRef abide_unwinding__land(struct abide_frame *frame)
{
    struct abide_emission *e = frame->e;
    LLVMTypeRef int_type = LLVMInt32TypeInContext(e->context);
    LLVMTypeRef parts[] = {e->pointer, int_type};
    LLVMTypeRef exception = LLVMStructTypeInContext(e->context, parts, 2, false);
    LLVMTypeRef personality = LLVMFunctionType(int_type, NULL, 0, true);
    LLVMPositionBuilderAtEnd(e->builder, frame->landing);
    LLVMValueRef pad = LLVMBuildLandingPad(
        e->builder, exception, abide_emission__external(e, "__gcc_personality_v0", personality), 0,
        "");
    LLVMSetCleanup(pad, true);
    return pad;
}

void abide_unwinding__finish(struct abide_frame *frame)
{
    const abide_plan *plan = frame->plan;
    if (plan->unwinds && frame->function)
        LLVMSetPersonalityFn(frame->function, abide_routine__function(frame->e, plan->unwinds));
}
