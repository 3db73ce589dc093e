/* What routines do to read and to tell failures. */
#include "plan/failures.h"

#include "call/failure.h"
#include "plan/lift_inner.h"

#include <string.h>

/* --- what a rule needs ------------------------------------------------------------------------------- */

static bool find_hook(struct abide_builder *builder, const abide_module *module,
                      struct abide_failures *found)
{
    struct abide_lifting lifting = {.crossing = abide_builder__inward(builder),
                                    .iface = builder->plan->iface,
                                    .function = found->function,
                                    .parameter = ""};
    struct abide_lift lift = {.ctx = builder->ctx, .lifting = &lifting};
    const char *reason = abide_lift__hook(&lift, module, found->rule->symbol, NULL,
                                          "int *SYMBOL(void)", &found->symbol);
    return !reason || abide_builder__refuse(builder, NULL, reason, lift.help);
}

bool abide_failures__find(struct abide_builder *builder, const struct abide_error_rule *rule,
                          const abide_assignment *side, bool reads, struct abide_failures *found)
{
    const abide_module *module = side->physical->machine;
    const abide_layout *result =
        abide_layout__physical(builder->ctx, module->data, side->physical->result.type);
    *found =
        (struct abide_failures){.rule = rule,
                                .int_bytes = module->data->scalars[ABIDE_SCALAR_C_INT].size_bytes,
                                .function = builder->plan->function->name};
    if (!result)
        return false;
    found->result_bytes = result->size_bytes;
    switch (rule->source) {
    case ABIDE_ERROR_RESULT:
    case ABIDE_ERROR_NEGATED: return true;
    case ABIDE_ERROR_AT: return find_hook(builder, module, found);
    case ABIDE_ERROR_CALL:
    case ABIDE_ERROR_TEXT: break;
    }
    found->symbol = reads ? rule->symbol : rule->set;
    if (found->symbol)
        return true;
    return abide_builder__refuse(
        builder, NULL,
        abide__printf(builder->ctx, "nobody says what is told the error that '%s' is to give",
                      rule->symbol),
        abide__printf(builder->ctx, "name a function for it, `set: SYMBOL`: void SYMBOL(%s error)",
                      rule->source == ABIDE_ERROR_TEXT ? "char *" : "int"));
}

/* --- numbers ------------------------------------------------------------------------------------------ */

static uint64_t mask_of(const struct abide_failures *side)
{
    uint64_t bits = side->result_bytes * 8;
    return bits < 64 ? (UINT64_C(1) << bits) - 1 : UINT64_MAX;
}

abide_value abide_failures__bits(struct abide_routine_builder *body,
                                 const struct abide_failures *side, int64_t number)
{
    return abide_op__constant(body, (uint64_t)number & mask_of(side));
}

static abide_value negate(struct abide_routine_builder *body, abide_value number)
{
    return abide_op__pair(body, ABIDE_OP_SUBTRACT, abide_op__constant(body, 0), number);
}

static abide_value is_not(struct abide_routine_builder *body, abide_value truth)
{
    return abide_op__pair(body, ABIDE_OP_EQUAL, truth, abide_op__constant(body, 0));
}

/* A result as wide as it is: what is above it may be anything. */
static abide_value cut(struct abide_routine_builder *body, const struct abide_failures *side,
                       abide_value result)
{
    return abide_op__pair(body, ABIDE_OP_AND, result, abide_op__constant(body, mask_of(side)));
}

/* first <= result <= last, as numbers of the result's width that have a sign. */
static abide_value is_between(struct abide_routine_builder *body, const struct abide_failures *side,
                              abide_value result)
{
    const struct abide_error_rule *rule = side->rule;
    if (rule->first == rule->last)
        return abide_op__pair(body, ABIDE_OP_EQUAL, result,
                              abide_failures__bits(body, side, rule->last));
    int64_t lowest = -(int64_t)(mask_of(side) / 2) - 1;
    int64_t first = rule->first < lowest ? lowest : rule->first;
    abide_value shifted = cut(
        body, side,
        abide_op__pair(body, ABIDE_OP_SUBTRACT, result, abide_failures__bits(body, side, first)));
    uint64_t span = ((uint64_t)rule->last - (uint64_t)first) & mask_of(side);
    return is_not(body,
                  abide_op__pair(body, ABIDE_OP_BELOW, abide_op__constant(body, span), shifted));
}

abide_value abide_failures__test(struct abide_routine_builder *body,
                                 const struct abide_failures *side, abide_value result)
{
    abide_value is_named = is_between(body, side, result);
    return side->rule->is_success ? is_not(body, is_named) : is_named;
}

/* --- errors -------------------------------------------------------------------------------------------- */

abide_value abide_failures__read(struct abide_routine_builder *body,
                                 const struct abide_failures *side, abide_value result)
{
    switch (side->rule->source) {
    case ABIDE_ERROR_RESULT: break;
    case ABIDE_ERROR_NEGATED: return cut(body, side, negate(body, result));
    case ABIDE_ERROR_AT:
        return abide_op__load(body, abide_op__call(body, side->symbol, NULL, 0, true), 0,
                              side->int_bytes);
    case ABIDE_ERROR_CALL:
    case ABIDE_ERROR_TEXT: return abide_op__call(body, side->symbol, NULL, 0, true);
    }
    return result;
}

static void trap_if(struct abide_routine_builder *body, const struct abide_failures *side,
                    abide_value condition, abide_value value)
{
    abide_op__if(body, condition);
    abide_op__trap(body, ABIDE_TRAP_TAG, side->function, "result", value);
    abide_op__end(body);
}

abide_value abide_failures__tell(struct abide_routine_builder *body,
                                 const struct abide_failures *side, abide_value error)
{
    const struct abide_error_rule *rule = side->rule;
    abide_value result = error;
    if (rule->source == ABIDE_ERROR_RESULT || rule->source == ABIDE_ERROR_NEGATED) {
        if (rule->source == ABIDE_ERROR_NEGATED)
            result = negate(body, error);
        result = cut(body, side, result);
        trap_if(body, side, is_not(body, abide_failures__test(body, side, result)), error);
        return result;
    }
    if (rule->source == ABIDE_ERROR_AT)
        abide_op__store(body, abide_op__call(body, side->symbol, NULL, 0, true), 0, side->int_bytes,
                        error);
    else
        abide_op__call(body, side->symbol, &error, 1, false);
    return abide_failures__bits(body, side, rule->failed);
}

void abide_failures__check_value(struct abide_routine_builder *body,
                                 const struct abide_failures *side, abide_value value)
{
    trap_if(body, side, abide_failures__test(body, side, value), value);
}
