/* Runs the rules of the budget over a call. Its banks have no registers, and its stack is where values cost too much. */
#include "call/budget.h"

#include "call/pass.h"

static uint32_t spent_banks(const struct abide_placer *placer)
{
    uint32_t spent = 0;
    for (size_t bank = 0; bank < placer->bank_count; bank++)
        if (placer->cursor.banks[bank].next >= placer->banks[bank]->register_count)
            spent |= 1u << bank;
    return spent;
}

static struct abide_budgeted spend(struct abide_placer *placer, struct abide_passed passed,
                                   struct abide_rule_list rules, bool is_result)
{
    struct abide_budgeted budgeted = {true, spent_banks(placer)};
    struct abide_assigned place = {0};
    struct abide_deciding deciding = {
        .placer = placer,
        .passed = passed,
        .rules = rules,
        .arguments = is_result ? placer : NULL,
        .out = &place,
    };
    if (rules.count == 0)
        return budgeted;
    budgeted.is_affordable = abide_choose__rule(&deciding) && place.pass != ABIDE_PASS_HIDDEN &&
                             !abide_pass__is_on_stack(&place);
    abide_pass__note_inner(placer, &place);
    return budgeted;
}

void abide_budget__spend(abide_ctx *ctx, const abide_module *machine, struct abide_passed *values,
                         size_t count, abide_origin_list *inner_rules)
{
    static const struct abide_stack area = {.slot_bytes = 1, .max_align_bytes = 1};
    struct abide_placer placer = {
        .ctx = ctx,
        .module = machine,
        .banks = machine->budget_banks,
        .bank_count = machine->budget_bank_count,
        .area = &area,
        .inner_rules = inner_rules,
    };
    const struct abide_rules *rules = abide_module__rules(machine);
    struct abide_budgeted *budgets = abide__new_array(ctx, struct abide_budgeted, count);
    for (size_t i = 0; i < count; i++) {
        if (!values[i].layout)
            continue;
        budgets[i] =
            spend(&placer, values[i], i == 0 ? rules->budget_returns : rules->budget_args, i == 0);
        values[i].budgeted = &budgets[i];
    }
}
