/*
 * Exceptions that would leave what an adapter calls. Where they must not, whoever unwinds the stack comes to the adapter's frame, and calls
 * what stands there for it; that ends the process before anything is unwound, so that the stack still tells who threw. Where they may,
 * what the adapter began for the call ends on their way.
 */
#include "plan/build.h"
#include "plan/routine_build.h"

#include <ctype.h>

/* One name for one message: linkers make one of what object files call alike. */
static const char *name_of(struct abide_builder *builder, const char *where)
{
    struct abide_text text = {0};
    abide__text_printf(builder->ctx, &text, "unwinds_%s_%s", builder->plan->function->symbol,
                       where ? where : "");
    for (size_t i = 0; i < text.length_bytes; i++)
        if (!isalnum((unsigned char)text.chars[i]))
            text.chars[i] = '_';
    return text.chars;
}

static const struct abide_routine *end_of_process(struct abide_builder *builder, const char *where)
{
    struct abide_routine *routine = abide_routine__new(builder->ctx, name_of(builder, where), 0);
    struct abide_routine_builder body;
    routine->is_callback = true;
    abide_routine__start(builder->ctx, &body, routine);
    abide_op__trap(&body, ABIDE_TRAP_UNWIND, builder->plan->function->name, where,
                   abide_op__constant(&body, 0));
    abide_routine__finish(&body);
    return routine;
}

void abide_build__unwinding(struct abide_builder *builder, const char *where)
{
    struct abide_plan *plan = builder->plan;
    if (plan->function->unwind == ABIDE_UNWIND_ABORT)
        plan->unwinds = end_of_process(builder, where);
}

/* Nothing has been returned. */
static bool reads_result(const struct abide_copy_step *step)
{
    return step->from.kind == ABIDE_OBJECT_CALLEE_RESULT ||
           step->from.kind == ABIDE_OBJECT_CALLEE_POINTEE;
}

static bool undoes_hooks(const struct abide_plan *plan)
{
    for (size_t i = 0; i < plan->hook_count; i++)
        if (plan->hooks[i].undoes != SIZE_MAX)
            return true;
    return false;
}

void abide_build__unwound(struct abide_builder *builder)
{
    struct abide_plan *plan = builder->plan;
    ABIDE_VEC(struct abide_copy_step) unwound = {0};
    if (plan->function->unwind != ABIDE_UNWIND_ALLOW || plan->target == ABIDE_TARGET_INSTRUCTION)
        return;
    for (size_t i = 0; i < builder->cleanup.count; i++)
        if (!reads_result(&builder->cleanup.items[i]))
            abide__push(builder->ctx, &unwound, builder->cleanup.items[i]);
    plan->unwound = unwound.items;
    plan->unwound_count = unwound.count;
    plan->cleans_up = unwound.count > 0 || undoes_hooks(plan);
}
