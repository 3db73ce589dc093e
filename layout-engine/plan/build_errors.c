/*
 * Functions that can fail (`errors:` of an interface): each ABI says how the number of an error is reported, and a routine takes
 * it from where the callee left it to where the caller looks.
 */
#include "base/diag.h"
#include "plan/build.h"
#include "plan/routine_build.h"

#include <string.h>

/* The routine's parameter: the address of the result. */
enum { RESULT };

struct errors {
    const struct abide_error_rule *from; /* the callee's */
    const struct abide_error_rule *to;   /* the caller's */
    uint64_t result_bytes;
    uint64_t int_bytes; /* of the c_int that holds a number */
    uint64_t word_bytes;
};

static const struct abide_error_rule *rule_of(struct abide_builder *builder,
                                              const abide_assignment *side)
{
    const struct abide_module *machine = side->physical->machine;
    const abide_function *function = builder->plan->function;
    const struct abide_error_rule *rule = abide_module__errors(machine, function->errors);
    if (rule)
        return rule;
    abide_diag *diag =
        abide__report(builder->ctx, ABIDE_CODE_UNKNOWN_ERRORS, function->errors_place,
                      "module %s does not say how functions report %s", machine->name,
                      abide__quote(builder->ctx, function->errors));
    for (size_t i = 0; i < machine->error_count; i++)
        abide__diag_help(builder->ctx, diag, "it knows '%s'", machine->errors[i].name);
    if (machine->error_count == 0)
        abide__diag_help(builder->ctx, diag,
                         "leave `errors` out: the result is then passed on as it is");
    return NULL;
}

static bool are_alike(const struct abide_error_rule *a, const struct abide_error_rule *b)
{
    if (a->most || b->most)
        return a->most && b->most;
    return a->failed == b->failed && strcmp(a->location, b->location) == 0;
}

/* A number as the bits of a result. */
static abide_value bits(struct abide_routine_builder *body, const struct errors *errors,
                        uint64_t number)
{
    uint64_t width = errors->result_bytes * 8;
    return abide_op__constant(body, width < 64 ? number & ((UINT64_C(1) << width) - 1) : number);
}

static abide_value has_failed(struct abide_routine_builder *body, const struct errors *errors,
                              abide_value result)
{
    if (errors->from->most) /* -most to -1 are the largest numbers without a sign */
        return abide_op__pair(body, ABIDE_OP_BELOW, bits(body, errors, ~errors->from->most),
                              result);
    return abide_op__pair(body, ABIDE_OP_EQUAL, result,
                          bits(body, errors, (uint64_t)errors->from->failed));
}

static abide_value number_of(struct abide_routine_builder *body, const struct errors *errors,
                             abide_value result)
{
    if (errors->from->most)
        return abide_op__pair(body, ABIDE_OP_SUBTRACT, abide_op__constant(body, 0), result);
    abide_value location = abide_op__call(body, errors->from->location, NULL, 0, true);
    return abide_op__load(body, location, 0, errors->int_bytes);
}

static void report(struct abide_routine_builder *body, const struct errors *errors,
                   abide_value number)
{
    abide_value result;
    if (errors->to->most) {
        result = abide_op__pair(body, ABIDE_OP_SUBTRACT, abide_op__constant(body, 0), number);
    } else {
        abide_value location = abide_op__call(body, errors->to->location, NULL, 0, true);
        abide_op__store(body, location, 0, errors->int_bytes, number);
        result = bits(body, errors, (uint64_t)errors->to->failed);
    }
    abide_op__store(body, RESULT, 0, errors->result_bytes, result);
}

static const struct abide_routine *routine_of(struct abide_builder *builder,
                                              const struct errors *errors)
{
    struct abide_routine *routine = abide_routine__new(builder->ctx, "report_failure", 1);
    struct abide_routine_builder body;
    routine->is_test = true;
    abide_routine__start(builder->ctx, &body, routine);
    abide_value result = abide_op__load(&body, RESULT, 0, errors->result_bytes);
    abide_op__if(&body, has_failed(&body, errors, result));
    report(&body, errors, number_of(&body, errors, result));
    abide_op__end(&body);
    abide_routine__finish(&body);
    return routine;
}

/* Numbers of errors need room, and a value in a register that can be compared. */
static bool can_fail(const struct abide_plan *plan, const struct errors *errors)
{
    const struct abide_return *result = &plan->result;
    const abide_type *type = abide_type__strip(plan->callee->physical->result.type);
    bool is_number = type->kind == ABIDE_KIND_POINTER || type->kind == ABIDE_KIND_ENUM ||
                     (type->kind == ABIDE_KIND_SCALAR &&
                      abide__scalars[type->scalar].group != ABIDE_GROUP_FLOAT);
    return is_number && result->kind == ABIDE_RETURN_VALUE &&
           result->object.kind == ABIDE_OBJECT_CALLEE_RESULT && result->object.offset_bytes == 0 &&
           abide_runs__are_identity(result->runs, result->run_count, errors->result_bytes) &&
           errors->result_bytes >= errors->int_bytes && errors->result_bytes <= errors->word_bytes;
}

static bool add_step(struct abide_builder *builder, const struct errors *errors)
{
    struct abide_return *result = &builder->plan->result;
    struct abide_object held = abide_builder__temporary(builder, errors->result_bytes,
                                                        errors->result_bytes, false, "result");
    struct abide_runs all = abide_builder__identity(builder, errors->result_bytes);
    struct abide_copy_step keep = {
        .from = result->object, .to = held, .runs = all.items, .run_count = all.count};
    struct abide_copy_step report = {
        .from = held,
        .to = held,
        .routine = routine_of(builder, errors),
        .words = abide__printf(builder->ctx, "report a failure as %s does",
                               builder->plan->caller->physical->machine->name)};
    abide__push(builder->ctx, &builder->after, keep);
    abide__push(builder->ctx, &builder->after, report);
    result->object = held;
    abide_builder__charge(builder, SIZE_MAX, ABIDE_COST_SHUFFLE,
                          "the two sides report failures in different ways");
    return true;
}

bool abide_build__errors(struct abide_builder *builder)
{
    const struct abide_plan *plan = builder->plan;
    if (!plan->function->errors || plan->kind != ABIDE_PLAN_ADAPTER || plan->is_inner)
        return true;
    const struct abide_data_model *data = plan->callee->physical->machine->data;
    struct errors errors = {.from = rule_of(builder, plan->callee),
                            .to = rule_of(builder, plan->caller),
                            .result_bytes = plan->callee->result.size_bytes,
                            .int_bytes = data->scalars[ABIDE_SCALAR_C_INT].size_bytes,
                            .word_bytes = data->pointer_bytes};
    if (!errors.from || !errors.to)
        return false;
    if (are_alike(errors.from, errors.to))
        return true;
    return can_fail(plan, &errors)
               ? add_step(builder, &errors)
               : abide_builder__refuse(builder, NULL,
                                       "a failure can be told by a number of at least an int and "
                                       "at most a register, or by a pointer",
                                       "leave `errors` out, and describe the result as it is");
}
