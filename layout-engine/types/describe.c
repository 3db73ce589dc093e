/* What a description says besides structure, for programs: places, ownership, conventions. */
#include "abide/describe.h"

#include "base/diag.h"
#include "types/iface.h"

unsigned abide_type_traits(const abide_type *type)
{
    return (type->is_mutable ? ABIDE_TRAIT_MUTABLE : 0U) |
           (type->is_nullable ? ABIDE_TRAIT_NULLABLE : 0U) |
           (type->is_open ? ABIDE_TRAIT_OPEN : 0U) | (type->is_own ? ABIDE_TRAIT_OWN : 0U) |
           (type->is_shared ? ABIDE_TRAIT_SHARED : 0U) | (type->is_once ? ABIDE_TRAIT_ONCE : 0U) |
           (type->any_thread ? ABIDE_TRAIT_ANY_THREAD : 0U) |
           (type->is_from_elsewhere ? ABIDE_TRAIT_FROM_ELSEWHERE : 0U);
}

const char *abide_type_form(const abide_type *type)
{
    return type->form;
}

const char *abide_type_destructor(const abide_type *type)
{
    return type->kind == ABIDE_KIND_RESOURCE ? type->destructor : NULL;
}

const abide_signature *abide_type_signature(const abide_type *type)
{
    return type->signature;
}

static const char *fact_at(struct abide_facts facts, size_t index)
{
    return index < facts.count ? facts.items[index].name : NULL;
}

const char *abide_type_fact_at(const abide_type *type, size_t index)
{
    return fact_at(type->facts, index);
}

uint64_t abide_type_reserved_bytes(const abide_type *type)
{
    return type->reserved_bytes;
}

abide_position abide_type_position(const abide_type *type)
{
    return abide_place__position(type->place);
}

static struct abide_place place_at(const abide_type *type, size_t index)
{
    struct abide_place place = type->place;
    if (index < type->field_count)
        place = type->fields[index].place;
    else if (index < abide_type_value_count(type))
        place = type->enumerators[index].place;
    return place.source ? place : type->place;
}

abide_position abide_type_position_at(const abide_type *type, size_t index)
{
    return abide_place__position(place_at(type, index));
}

bool abide_type_report(abide_ctx *ctx, const abide_type *type, size_t index, const char *id,
                       const char *message, const char *help)
{
    return abide__report_at(ctx, id, place_at(type, index), message, help);
}

abide_method abide_type_method_at(const abide_type *type, size_t index)
{
    if (type->kind != ABIDE_KIND_INTERFACE || index >= type->field_count)
        return (abide_method){0};
    const struct abide_field *method = &type->fields[index];
    return (abide_method){method->name, method->type->signature, method->is_later};
}

bool abide_signature_is_own_at(const abide_signature *signature, size_t index)
{
    return index < signature->param_count && signature->params[index].is_own;
}

size_t abide_signature_lender(const abide_signature *signature)
{
    return signature->has_lender ? signature->lender : ABIDE_RESULT;
}

const char *abide_signature_convention(const abide_signature *signature)
{
    return signature->convention;
}

const char *abide_signature_fact_at(const abide_signature *signature, size_t parameter,
                                    size_t index)
{
    if (parameter == ABIDE_RESULT)
        return fact_at(signature->result_facts, index);
    return parameter < signature->param_count ? fact_at(signature->params[parameter].facts, index)
                                              : NULL;
}

static struct abide_place parameter_place(const abide_signature *signature, size_t index)
{
    if (index < signature->param_count && signature->params[index].place.source)
        return signature->params[index].place;
    return signature->place;
}

abide_position abide_signature_position_at(const abide_signature *signature, size_t index)
{
    return abide_place__position(parameter_place(signature, index));
}

bool abide_signature_report(abide_ctx *ctx, const abide_signature *signature, size_t parameter,
                            const char *id, const char *message, const char *help)
{
    return abide__report_at(ctx, id, parameter_place(signature, parameter), message, help);
}

abide_position abide_function_position(const abide_function *function)
{
    return abide_place__position(function->place);
}

const char *abide_function_doc(const abide_function *function)
{
    return function->doc;
}

const char *abide_constant_name(const abide_constant *constant)
{
    return constant->name;
}

const abide_type *abide_constant_type(const abide_constant *constant)
{
    return constant->type;
}

const char *abide_constant_doc(const abide_constant *constant)
{
    return constant->doc;
}

abide_position abide_constant_position(const abide_constant *constant)
{
    return abide_place__position(constant->place);
}

bool abide_constant_is_universal(const abide_constant *constant)
{
    return constant->case_count == 1 && constant->cases[0].target_count == 0;
}

static const char *rule_text(abide_ctx *ctx, const struct abide_error_rule *rule)
{
    struct abide_guard guard;
    if (setjmp(*abide__guard_enter(ctx, &guard)))
        return NULL;
    const char *text = abide_error_rule__print(ctx, rule);
    abide__guard_leave(ctx, &guard);
    return text;
}

static const char *use_text(abide_ctx *ctx, const struct abide_error_use *use)
{
    if (!use)
        return NULL;
    return use->rule ? rule_text(ctx, use->rule) : use->word;
}

const char *abide_function_errors(abide_ctx *ctx, const abide_function *function, bool of_caller)
{
    return use_text(ctx, of_caller ? function->caller_errors : function->callee_errors);
}

const char *abide_signature_errors(abide_ctx *ctx, const abide_signature *signature)
{
    return use_text(ctx, signature->errors);
}

bool abide_function_calls_back_anywhere(const abide_function *function)
{
    return function->calls_back_anywhere;
}

bool abide_function_may_block(const abide_function *function)
{
    return function->is_blocking;
}

bool abide_function_may_unwind(const abide_function *function)
{
    return function->unwind == ABIDE_UNWIND_ALLOW;
}
