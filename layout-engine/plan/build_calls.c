/* Callees that are reached by an instruction, and callers that one leads back to. */
#include "base/diag.h"
#include "plan/build.h"

#include <string.h>

static const char *place_at(const void *user, size_t index)
{
    const abide_function *function = user;
    return index < function->number_count ? function->numbers[index].where : NULL;
}

static bool report_no_number(struct abide_builder *builder, const struct abide_module *machine)
{
    const abide_function *function = builder->plan->function;
    abide_diag *diag =
        abide__report(builder->ctx, ABIDE_CODE_NO_NUMBER, function->place,
                      "%s has no number for %s: %s calls by %s, with a number in %s", builder->what,
                      machine->arch, machine->name, machine->called_by, machine->number_register);
    const char *nearest = abide__nearest(machine->arch, place_at, function);
    if (nearest)
        abide__diag_help(builder->ctx, diag, "it has one for %s; did you mean '%s'?",
                         abide__quote(builder->ctx, nearest), machine->arch);
    else
        abide__diag_help(builder->ctx, diag, "say it: number: {%s: N}", machine->arch);
    return false;
}

bool abide_build__target(struct abide_builder *builder)
{
    struct abide_plan *plan = builder->plan;
    const struct abide_module *machine = plan->callee->physical->machine;
    if (!machine->called_by)
        return true;
    plan->target = ABIDE_TARGET_INSTRUCTION;
    plan->symbol = NULL;
    if (!machine->number_register)
        return true;
    return abide_function_number(plan->function, machine, &plan->number) ||
           report_no_number(builder, machine);
}

static bool refuse(struct abide_builder *builder, const char *reason)
{
    abide__report(builder->ctx, ABIDE_CODE_CANNOT_ADAPT, builder->place,
                  "%s cannot be adapted from %s to %s: %s", builder->what,
                  builder->plan->caller->physical->machine->name,
                  builder->plan->callee->physical->machine->name, reason);
    return false;
}

bool abide_build__calls(struct abide_builder *builder)
{
    const struct abide_plan *plan = builder->plan;
    const struct abide_module *caller = plan->caller->physical->machine;
    const struct abide_module *callee = plan->callee->physical->machine;
    if (caller->called_by)
        return refuse(builder, abide__printf(builder->ctx,
                                             "what %s leads to is the system's, and no function "
                                             "of a program",
                                             caller->called_by));
    if (callee->called_by && plan->target != ABIDE_TARGET_INSTRUCTION)
        return refuse(builder,
                      abide__printf(builder->ctx, "the callee has no address: it is called by %s",
                                    callee->called_by));
    if (callee->returned_by)
        return refuse(builder,
                      abide__printf(builder->ctx,
                                    "the callee returns by %s, and not to whoever calls it",
                                    callee->returned_by));
    return true;
}
