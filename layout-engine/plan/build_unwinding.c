/*
 * Exceptions that would leave what an adapter calls. Where they must not, whoever unwinds the stack comes to the adapter's frame, and calls
 * what stands there for it; that ends the process before anything is unwound, so that the stack still tells who threw.
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
