/* Calls of hooks in portable C. */
#include "plan/c_writer.h"

#include <string.h>

static size_t once_index(const struct abide_c_writer *writer, const char *symbol)
{
    size_t index = 0;
    while (index < writer->once.count && strcmp(writer->once.items[index], symbol) != 0)
        index++;
    return index;
}

const char *abide_c__token_type(enum abide_hook_token token)
{
    switch (token) {
    case ABIDE_HOOK_GIVES_INT: return "int";
    case ABIDE_HOOK_GIVES_POINTER: return "void *";
    case ABIDE_HOOK_GIVES_NOTHING: break;
    }
    return "void";
}

/* Declares a hook, under a name that no other one has in this file. */
static const char *declare_hook(struct abide_c_writer *writer, const char *symbol,
                                const char *result, const char *parameter)
{
    const char *type = abide__printf(writer->ctx, "%s(%s) %s", result, parameter, symbol);
    size_t index = 0;
    while (index < writer->hooks.count && strcmp(writer->hooks.items[index], type) != 0)
        index++;
    if (index == writer->hooks.count)
        abide__push(writer->ctx, &writer->hooks, type);
    const char *name = abide__printf(writer->ctx, "abide_hook%zu", index);
    ADD(writer, "    extern %s%s%s(%s) __asm__(ABIDE_SYMBOL \"%s\");\n", result,
        abide_c__ends_in_star(result) ? "" : " ", name, parameter, symbol);
    return name;
}

/* The call of hooks[index]; what it gives is in a variable of its own. */
static void write_hook(struct abide_c_writer *writer, const struct abide_plan *plan, size_t index)
{
    const struct abide_hook_call *hook = &plan->hooks[index];
    const struct abide_hook_call *undone =
        hook->undoes != SIZE_MAX && plan->hooks[hook->undoes].gives ? &plan->hooks[hook->undoes]
                                                                    : NULL;
    const char *parameter = undone                       ? abide_c__token_type(undone->gives)
                            : hook->passes_frame_address ? "void *"
                                                         : "void";
    const char *argument = hook->passes_frame_address ? "__builtin_frame_address(0)" : "";
    if (undone)
        argument = abide__printf(writer->ctx, "abide_token%zu", hook->undoes);
    const char *result = abide_c__token_type(hook->gives);
    const char *name = declare_hook(writer, hook->symbol, result, parameter);
    if (hook->once) {
        size_t flag = once_index(writer, hook->symbol);
        ADD(writer,
            "    if (!__atomic_load_n(&abide_once_%zu, __ATOMIC_ACQUIRE) &&\n"
            "        !__atomic_exchange_n(&abide_once_%zu, 1, __ATOMIC_ACQ_REL))\n    ",
            flag, flag);
    }
    ADD(writer, "    ");
    if (hook->gives)
        ADD(writer, "%s%sabide_token%zu = ", result, abide_c__ends_in_star(result) ? "" : " ",
            index);
    ADD(writer, "%s(%s);\n", name, argument);
}

void abide_c__write_hooks(struct abide_c_writer *writer, const struct abide_plan *plan,
                          enum abide_hook_at at)
{
    for (size_t i = 0; i < plan->hook_count; i++)
        if (plan->hooks[i].at == at)
            write_hook(writer, plan, i);
}

void abide_c__write_once_flags(struct abide_c_writer *writer, const struct abide_plan *plan)
{
    for (size_t i = 0; i < plan->hook_count; i++) {
        const char *symbol = plan->hooks[i].symbol;
        size_t index = once_index(writer, symbol);
        if (!plan->hooks[i].once || index < writer->once.count)
            continue;
        abide__push(writer->ctx, &writer->once, symbol);
        ADD(writer,
            "__attribute__((weak, visibility(\"hidden\"))) unsigned char abide_once_%zu "
            "__asm__(ABIDE_SYMBOL \"abide_once.%s\");\n",
            index, symbol);
    }
}
