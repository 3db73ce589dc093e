/* Read access to assignments, as include/abide/call.h promises it. */
#include "call/assignment.h"

#include <string.h>

static abide_decision decision_of(const struct abide_rule_origin *rule)
{
    if (!rule)
        return (abide_decision){0};
    return (abide_decision){
        .module = rule->module,
        .rule = rule->id,
        .source = rule->source,
        .position = abide_place__position(rule->place),
    };
}

/* `copy`: what the language's own rules made of the value, before the machine's placed it. */
static void set_places(abide_argument *argument, const struct abide_assigned *assigned,
                       enum abide_copy copy)
{
    argument->pass = assigned->pass;
    argument->size_bytes = assigned->size_bytes;
    argument->placed_by = decision_of(assigned->rule);
    argument->comes_back = assigned->comes_back;
    if (assigned->pass == ABIDE_PASS_DIRECT) {
        argument->piece_count = assigned->piece_count;
        argument->pieces = assigned->pieces;
    }
    if (assigned->pass == ABIDE_PASS_POINTER || assigned->pass == ABIDE_PASS_HIDDEN)
        argument->pointer = &assigned->pointer;
    if (copy != ABIDE_COPY_NONE && assigned->pass == ABIDE_PASS_DIRECT &&
        assigned->piece_count == 1) {
        argument->pass = ABIDE_PASS_POINTER;
        argument->pointer = &assigned->pieces[0];
        argument->size_bytes = assigned->value_size_bytes;
        argument->piece_count = 0;
        argument->pieces = NULL;
    }
}

static abide_form lowered_param(const struct abide_physical_param *param)
{
    if (param->role == ABIDE_ROLE_OUT || param->copy != ABIDE_COPY_NONE ||
        (param->mode != ABIDE_MODE_IN && !param->comes_back))
        return ABIDE_FORM_ADDRESS;
    bool is_word = param->part || param->type != param->value_type;
    return param->role == ABIDE_ROLE_VALUE && is_word ? ABIDE_FORM_WORDS : ABIDE_FORM_WHOLE;
}

static abide_form lowered_result(const struct abide_physical_result *result)
{
    if (result->mode == ABIDE_RESULT_POINTER)
        return ABIDE_FORM_ADDRESS;
    return result->value_type->flat_of ? ABIDE_FORM_WORDS : ABIDE_FORM_WHOLE;
}

size_t abide_assignment_argument_count(const abide_assignment *assignment)
{
    return assignment->physical->param_count;
}

abide_argument abide_assignment_argument_at(const abide_assignment *assignment, size_t index)
{
    const struct abide_physical_param *param = &assignment->physical->params[index];
    const abide_signature *signature = assignment->physical->signature;
    bool is_stated = param->of < signature->param_count;
    abide_argument argument = {
        .name = is_stated ? signature->params[param->of].name : param->name,
        .type = is_stated ? signature->params[param->of].type : param->type,
        .part = param->part,
        .role = param->role,
        .form = lowered_param(param),
        .is_variadic = param->is_variadic,
        .lowered_by = decision_of(param->rule),
    };
    if (param->role == ABIDE_ROLE_OUT) {
        argument.name = "result";
        argument.type = signature->result;
    }
    set_places(&argument, &assignment->arguments[index],
               param->role == ABIDE_ROLE_OUT ? ABIDE_COPY_NONE : param->copy);
    return argument;
}

abide_argument abide_assignment_result(const abide_assignment *assignment)
{
    abide_argument argument = {
        .name = "result",
        .type = assignment->physical->signature->result,
        .role = ABIDE_ROLE_VALUE,
        .form = lowered_result(&assignment->physical->result),
        .returned_register = assignment->result.returned_register,
        .lowered_by = decision_of(assignment->physical->result.rule),
    };
    set_places(&argument, &assignment->result, ABIDE_COPY_NONE);
    return argument;
}

uint64_t abide_assignment_stack_bytes(const abide_assignment *assignment)
{
    return assignment->stack_bytes;
}

uint64_t abide_assignment_stack_align_bytes(const abide_assignment *assignment)
{
    return assignment->stack_align_bytes;
}

uint64_t abide_assignment__removed_bytes(const abide_assignment *assignment)
{
    return assignment->callee_cleans ? assignment->stack_bytes : assignment->callee_pops_bytes;
}

bool abide_assignment_callee_cleans(const abide_assignment *assignment)
{
    return assignment->callee_cleans;
}

uint64_t abide_assignment_callee_pops_bytes(const abide_assignment *assignment)
{
    return assignment->callee_pops_bytes;
}

const char *abide_assignment_vector_count_register(const abide_assignment *assignment)
{
    return assignment->vector_count_register;
}

bool abide_assignment_preserves(const abide_assignment *assignment, const char *register_name)
{
    for (size_t i = 0; i < assignment->preserved_count; i++)
        if (!strcmp(assignment->preserved[i], register_name))
            return true;
    return false;
}

const char *abide_assignment_called_by(const abide_assignment *assignment)
{
    return assignment->physical->machine->called_by;
}

const char *abide_assignment_number_register(const abide_assignment *assignment)
{
    return assignment->physical->machine->number_register;
}

const char *abide_assignment_returned_by(const abide_assignment *assignment)
{
    return assignment->physical->machine->returned_by;
}

/* A triple says more than an architecture, and either more than nothing. */
bool abide_function_number(const abide_function *function, const abide_module *module,
                           uint32_t *number)
{
    bool is_found = false;
    for (size_t i = 0; i < function->number_count; i++) {
        const struct abide_function_number *one = &function->numbers[i];
        bool is_triple = one->where && !strcmp(one->where, module->triple);
        if (!is_triple && one->where && strcmp(one->where, module->arch) != 0)
            continue;
        *number = one->value;
        is_found = true;
        if (is_triple)
            break;
    }
    return is_found;
}

const char *abide_assignment_area_register(const abide_assignment *assignment)
{
    return assignment->area_register;
}
