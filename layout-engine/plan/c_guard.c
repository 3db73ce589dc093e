/* Guards in portable C: variables whose cleanup ends what was begun when an exception passes, or the process. */
#include "plan/c_writer.h"

static bool is_undone_by_token(const struct abide_plan *plan, size_t index)
{
    for (size_t i = 0; i < plan->hook_count; i++)
        if (plan->hooks[i].undoes == index)
            return plan->hooks[index].gives != ABIDE_HOOK_GIVES_NOTHING;
    return false;
}

/* What the routine of a step gets, as words. */
static void write_unwound_words(struct abide_c_writer *writer, const struct abide_plan *plan)
{
    for (size_t i = 0; i < plan->unwound_count; i++) {
        const struct abide_copy_step *step = &plan->unwound[i];
        const struct abide_object *objects[] = {&step->from, &step->to, &step->frame};
        for (size_t k = 0; k < step->routine->parameter_count; k++)
            ADD(writer, ", (uintptr_t)(%s)", abide_c__address(writer, plan, objects[k]));
    }
}

void abide_c__write_guard(struct abide_c_writer *writer, const struct abide_plan *plan)
{
    if (plan->unwinds)
        ADD(writer, "    __attribute__((cleanup(%s_if))) volatile char unwinds = 1;\n",
            abide_c_routines__name(&writer->routines, plan->unwinds));
    if (!plan->cleans_up)
        return;
    ADD(writer,
        "    __attribute__((cleanup(abide_unwound_%zu))) struct abide_unwinding_%zu unwinds = {1",
        writer->guards, writer->guards);
    for (size_t i = 0; i < plan->hook_count; i++)
        if (is_undone_by_token(plan, i))
            ADD(writer, ", abide_token%zu", i);
    write_unwound_words(writer, plan);
    ADD(writer, "};\n");
}

void abide_c__clear_guard(struct abide_c_writer *writer, const struct abide_plan *plan)
{
    if (plan->unwinds)
        ADD(writer, "    unwinds = 0;\n");
    if (plan->cleans_up)
        ADD(writer, "    unwinds.passes = 0;\n");
}

/* What a guard holds: what hooks gave, and what the routines of steps get. */
static void declare_unwinding(struct abide_c_writer *writer, const struct abide_plan *plan)
{
    ADD(writer, "struct abide_unwinding_%zu {\n    char passes;\n", writer->guards);
    for (size_t i = 0; i < plan->hook_count; i++)
        if (is_undone_by_token(plan, i))
            ADD(writer, "    %s abide_token%zu;\n", abide_c__token_type(plan->hooks[i].gives), i);
    for (size_t i = 0; i < plan->unwound_count; i++)
        for (size_t k = 0; k < plan->unwound[i].routine->parameter_count; k++)
            ADD(writer, "    uintptr_t w%zu_%zu;\n", i, k);
    ADD(writer, "};\n\n");
}

/* What ends when an exception passes, in the order in which it would have ended. */
static void write_unwound(struct abide_c_writer *writer, const struct abide_plan *plan)
{
    declare_unwinding(writer, plan);
    ADD(writer, "static void abide_unwound_%zu(struct abide_unwinding_%zu *unwinds)\n{\n",
        writer->guards, writer->guards);
    ADD(writer, "    if (!unwinds->passes)\n        return;\n");
    for (size_t i = 0; i < plan->hook_count; i++)
        if (is_undone_by_token(plan, i))
            ADD(writer, "    %s abide_token%zu = unwinds->abide_token%zu;\n",
                abide_c__token_type(plan->hooks[i].gives), i, i);
    abide_c__write_hooks(writer, plan, ABIDE_HOOK_AFTER_CALL);
    for (size_t i = 0; i < plan->unwound_count; i++) {
        const struct abide_routine *routine = plan->unwound[i].routine;
        ADD(writer, "    %s(", abide_c_routines__name(&writer->routines, routine));
        for (size_t k = 0; k < routine->parameter_count; k++)
            ADD(writer, "%sunwinds->w%zu_%zu", k ? ", " : "", i, k);
        ADD(writer, ");\n");
    }
    abide_c__write_hooks(writer, plan, ABIDE_HOOK_LAST);
    ADD(writer, "}\n\n");
}

void abide_c__declare_guard(struct abide_c_writer *writer, const struct abide_plan *plan)
{
    if (!plan->unwinds && !plan->cleans_up)
        return;
    ADD(writer,
        "#ifndef __EXCEPTIONS\n#error \"compile with -fexceptions: what leaves this function by an "
        "exception has to be seen\"\n#endif\n");
    writer->guards++;
    if (plan->cleans_up)
        write_unwound(writer, plan);
    if (!plan->unwinds)
        return;
    const char *name = abide_c_routines__name(&writer->routines, plan->unwinds);
    ADD(writer,
        "static void %s_if(volatile char *unwinds)\n{\n    if (*unwinds)\n        %s();\n}\n\n",
        name, name);
}
