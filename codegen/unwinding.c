/*
 * Whoever unwinds the stack looks for a handler first, frame by frame, and calls the routine that a frame names (Itanium C++ ABI:
 * Exception Handling, 1.6). That of a thunk which exceptions must not leave ends the process, so no code is needed for it: the stack is
 * as it was when the exception was thrown, and a call costs nothing.
 */
#include "unwinding.h"

#include "routine.h"

bool abide_unwinding__check(struct abide_emission *e, const abide_plan *plan)
{
    if (!plan->unwinds || e->processor->unwinds)
        return true;
    abide_emission__refuse(e, plan,
                           "what `unwind: abort` asks for is not known for this target: leave it "
                           "out if nothing unwinds out of it");
    return false;
}

void abide_unwinding__finish(struct abide_frame *frame)
{
    const abide_plan *plan = frame->plan;
    if (plan->unwinds && frame->function)
        LLVMSetPersonalityFn(frame->function, abide_routine__function(frame->e, plan->unwinds));
}
