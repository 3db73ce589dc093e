/* What a type and a signature consist of, for programs that write them down in their own way. */
#include "types/type.h"

const abide_type *abide_type_target(const abide_type *type)
{
    return type->target;
}

uint64_t abide_type_count(const abide_type *type)
{
    bool has_elements = type->kind == ABIDE_KIND_ARRAY || type->kind == ABIDE_KIND_VECTOR;
    return has_elements && !type->is_flexible ? type->count : 0;
}

bool abide_type_is_flexible(const abide_type *type)
{
    return type->is_flexible;
}

size_t abide_type_member_count(const abide_type *type)
{
    return abide_type__is_record(type) ? type->field_count : 0;
}

abide_member abide_type_member_at(const abide_type *type, size_t index)
{
    if (index >= abide_type_member_count(type))
        return (abide_member){0};
    const struct abide_field *field = &type->fields[index];
    return (abide_member){
        .name = field->name,
        .type = field->type,
        .align_bytes = (unsigned)field->align_bytes,
        .is_bitfield = field->is_bitfield,
        .bits = field->bits,
        .is_packed = field->packed,
        .is_later = field->is_later,
    };
}

abide_packing abide_type_packing(const abide_type *type)
{
    if (!abide_type__is_record(type))
        return (abide_packing){0};
    return (abide_packing){type->packed, type->pack_bytes, (unsigned)type->align_bytes};
}

size_t abide_type_value_count(const abide_type *type)
{
    bool has_values = type->kind == ABIDE_KIND_ENUM || type->kind == ABIDE_KIND_FLAGS;
    return has_values ? type->enumerator_count : 0;
}

abide_enum_value abide_type_value_at(const abide_type *type, size_t index)
{
    if (index >= abide_type_value_count(type))
        return (abide_enum_value){0};
    const struct abide_enumerator *enumerator = &type->enumerators[index];
    return (abide_enum_value){enumerator->name, enumerator->value, enumerator->is_large};
}

abide_variant_case abide_type_case_at(const abide_type *type, size_t index)
{
    if (!abide_type__is_sum(type) || index >= type->field_count)
        return (abide_variant_case){0};
    return (abide_variant_case){type->fields[index].name, type->fields[index].type,
                                type->enumerators[index].value};
}

abide_mode abide_signature_mode_at(const abide_signature *signature, size_t index)
{
    return index < signature->param_count ? (abide_mode)signature->params[index].mode
                                          : ABIDE_MODE_IN;
}

size_t abide_signature_parameter_count(const abide_signature *signature)
{
    return signature->param_count;
}

abide_parameter abide_signature_parameter_at(const abide_signature *signature, size_t index)
{
    if (index >= signature->param_count)
        return (abide_parameter){0};
    return (abide_parameter){signature->params[index].name, signature->params[index].type};
}

size_t abide_signature_fixed_count(const abide_signature *signature)
{
    return signature->fixed_count;
}

const abide_type *abide_signature_result(const abide_signature *signature)
{
    return signature->result;
}
