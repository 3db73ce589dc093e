/*
 * Functions that can fail and return a plain number (`errors:` of an interface, without a result<T, E>): each ABI says how the
 * number of an error is told, and a routine takes it from where the callee left it to where the caller looks.
 */
#include "base/diag.h"
#include "plan/failures.h"

#include <string.h>

/* The routine's parameter: the address of the result. */
enum { RESULT };

struct errors {
    struct abide_failures from; /* the callee's */
    struct abide_failures to;   /* the caller's */
    uint64_t word_bytes;
};

static const struct abide_error_rule *rule_of(struct abide_builder *builder,
                                              const abide_assignment *side,
                                              const struct abide_error_use *use)
{
    const struct abide_module *machine = side->physical->machine;
    if (use->rule)
        return use->rule;
    const struct abide_error_rule *rule = abide_module__errors(machine, use->word);
    if (rule)
        return rule;
    abide_diag *diag = abide__report(builder->ctx, ABIDE_CODE_UNKNOWN_ERRORS, use->place,
                                     "module %s does not say how functions report %s",
                                     machine->name, abide__quote(builder->ctx, use->word));
    for (size_t i = 0; i < machine->error_count; i++)
        abide__diag_help(builder->ctx, diag, "it knows '%s'", machine->errors[i].name);
    if (machine->error_count == 0)
        abide__diag_help(builder->ctx, diag,
                         "leave `errors` out: the result is then passed on as it is");
    return NULL;
}

static const struct abide_routine *routine_of(struct abide_builder *builder,
                                              const struct errors *errors)
{
    struct abide_routine *routine = abide_routine__new(builder->ctx, "report_failure", 1);
    struct abide_routine_builder body;
    uint64_t result_bytes = errors->from.result_bytes;
    routine->is_test = true;
    abide_routine__start(builder->ctx, &body, routine);
    abide_value result = abide_op__load(&body, RESULT, 0, result_bytes);
    abide_op__if(&body, abide_failures__test(&body, &errors->from, result));
    abide_value error = abide_failures__read(&body, &errors->from, result);
    abide_op__store(&body, RESULT, 0, result_bytes,
                    abide_failures__tell(&body, &errors->to, error));
    abide_op__end(&body);
    abide_routine__finish(&body);
    return routine;
}

static bool returns_something(const struct abide_plan *plan)
{
    return plan->callee->physical->result.mode == ABIDE_RESULT_VALUE &&
           plan->caller->physical->result.mode == ABIDE_RESULT_VALUE;
}

/* Numbers of errors need room, and a value in a register that can be compared. */
static bool can_fail(const struct abide_plan *plan, const struct errors *errors)
{
    const struct abide_return *result = &plan->result;
    const abide_type *type = abide_type__strip(plan->callee->physical->result.type);
    uint64_t result_bytes = errors->from.result_bytes;
    bool is_number = type->kind == ABIDE_KIND_POINTER || type->kind == ABIDE_KIND_ENUM ||
                     (type->kind == ABIDE_KIND_SCALAR &&
                      abide__scalars[type->scalar].group != ABIDE_GROUP_FLOAT);
    return is_number && result->kind == ABIDE_RETURN_VALUE &&
           result->object.kind == ABIDE_OBJECT_CALLEE_RESULT && result->object.offset_bytes == 0 &&
           abide_runs__are_identity(result->runs, result->run_count, result_bytes) &&
           result_bytes >= errors->from.int_bytes && result_bytes <= errors->word_bytes;
}

/* What errno says is read at once; it is told when nothing is called any more. */
static bool add_step(struct abide_builder *builder, const struct errors *errors)
{
    struct abide_return *result = &builder->plan->result;
    uint64_t result_bytes = errors->from.result_bytes;
    struct abide_object held =
        abide_builder__temporary(builder, result_bytes, result_bytes, false, "result");
    struct abide_runs all = abide_builder__identity(builder, result_bytes);
    struct abide_copy_step keep = {
        .from = result->object, .to = held, .runs = all.items, .run_count = all.count};
    struct abide_copy_step report = {
        .from = held,
        .to = held,
        .routine = routine_of(builder, errors),
        .words = abide__printf(builder->ctx, "report a failure as %s does",
                               builder->plan->caller->physical->machine->name)};
    abide__push(builder->ctx, &builder->at_once, keep);
    if (errors->to.rule->source == ABIDE_ERROR_AT)
        abide__push(builder->ctx, &builder->at_last, report);
    else
        abide__push(builder->ctx, &builder->at_once, report);
    result->object = held;
    abide_builder__charge(builder, SIZE_MAX, ABIDE_COST_SHUFFLE,
                          "the two sides report failures in different ways");
    return true;
}

bool abide_build__errors(struct abide_builder *builder)
{
    const struct abide_plan *plan = builder->plan;
    const struct abide_function *function = plan->function;
    if (!function->caller_errors || !function->callee_errors ||
        abide_type__is(builder->signature->result, ABIDE_KIND_RESULT) ||
        plan->kind != ABIDE_PLAN_ADAPTER || plan->is_inner)
        return true;
    const struct abide_error_rule *from = rule_of(builder, plan->callee, function->callee_errors);
    const struct abide_error_rule *to = rule_of(builder, plan->caller, function->caller_errors);
    struct errors errors = {.word_bytes = abide_builder__pointer_bytes(builder)};
    if (!from || !to)
        return false;
    if (abide_error_rule__same(from, to))
        return true;
    if (returns_something(plan) &&
        (!abide_failures__find(builder, from, plan->callee, true, &errors.from) ||
         !abide_failures__find(builder, to, plan->caller, false, &errors.to)))
        return false;
    return returns_something(plan) && can_fail(plan, &errors)
               ? add_step(builder, &errors)
               : abide_builder__refuse(builder, NULL,
                                       "a failure can be told by a number of at least an int and "
                                       "at most a register, or by a pointer",
                                       "leave `errors` out, and describe the result as it is");
}
