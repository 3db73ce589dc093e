/*
 * Structs that grow, `open: sized`: later releases add fields at the end, which say `since:`. What an older side lacks is zero, so zero
 * must mean something there; and such a struct has no size of its own, so it lies in nothing else by value.
 */
#include "types/iface_reader.h"
#include "types/iface_schema.h"

#include <string.h>

/* What ABIs that tell the size call the member that does so. */
static const char size_member[] = "size";

bool abide_iface__read_sized(struct iface_reader *reader, const struct abide_yaml *const *values,
                             abide_type *type)
{
    static const enum type_key others[] = {TYPE_BASE, TYPE_PACKED, TYPE_PACK};
    abide_ctx *ctx = reader->ctx;
    const struct abide_yaml *open = values[TYPE_OPEN];
    if (open->kind != ABIDE_YAML_SCALAR || strcmp(open->text, "sized") != 0) {
        abide_diag *diag = abide__report(ctx, ABIDE_CODE_BAD_VALUE, open->place,
                                         "a struct grows by telling its size");
        abide__diag_help(ctx, diag, "write open: sized; fields of later releases say `since:`");
        return false;
    }
    for (size_t i = 0; i < sizeof others / sizeof *others; i++) {
        const struct abide_yaml *other = values[others[i]];
        if (!other)
            continue;
        abide_diag *diag = abide__report(ctx, ABIDE_CODE_BAD_COMBINATION, other->place,
                                         "'%s' does not go with 'open: sized'",
                                         abide_iface__type_schema.keys[others[i]].name);
        abide__diag_help(ctx, diag,
                         "a struct that grows is laid out field after field, so that "
                         "each release has those of the one before in their places");
        return false;
    }
    type->is_open = true;
    return true;
}

bool abide_iface__read_version(struct iface_reader *reader, const abide_type *type,
                               const struct abide_yaml *since, const struct abide_yaml **latest,
                               struct abide_field *field)
{
    abide_ctx *ctx = reader->ctx;
    const struct abide_yaml *before = *latest;
    if (type->kind != ABIDE_KIND_STRUCT || !type->is_open) {
        if (!since)
            return true;
        abide_diag *diag =
            abide__report(ctx, ABIDE_CODE_BAD_COMBINATION, since->place,
                          "the field says `since`, and it is in no struct that grows");
        abide__diag_help(ctx, diag,
                         "older programs would make it too small: say `open: sized` in its first "
                         "release, or add a new function with a new struct");
        return false;
    }
    if ((since && !abide_iface__check_since(reader, since)) ||
        !abide_iface__follows(reader, since, field->place, "the field", latest))
        return false;
    field->starts_version = since && (!before || strcmp(before->text, since->text) != 0);
    return true;
}

static bool has_zero(const abide_type *type);

static bool all_have_zero(const abide_type *type)
{
    bool fine = true;
    for (size_t i = 0; fine && i < type->field_count; i++)
        fine = has_zero(type->fields[i].type);
    return fine;
}

static bool has_zero_enumerator(const abide_type *type)
{
    for (size_t i = 0; i < type->enumerator_count; i++)
        if (type->enumerators[i].value == 0)
            return true;
    return false;
}

/* The case of number 0. */
static bool has_zero_case(const abide_type *type)
{
    for (size_t i = 0; i < type->enumerator_count; i++)
        if (type->enumerators[i].value == 0)
            return has_zero(type->fields[i].type);
    return false;
}

/* Whether zero bytes are a value of the type, as the system ABI has it; types by value are not deeper than the reader's limit. */
// NOLINTNEXTLINE(misc-no-recursion)
static bool has_zero(const abide_type *type)
{
    type = abide_type__strip(type);
    switch (type->kind) {
    case ABIDE_KIND_VOID:
    case ABIDE_KIND_SCALAR:
    case ABIDE_KIND_FLAGS:
    case ABIDE_KIND_BITSET:
    case ABIDE_KIND_VECTOR:
    case ABIDE_KIND_COMPLEX:
    case ABIDE_KIND_STRING:
    case ABIDE_KIND_SLICE:
    case ABIDE_KIND_STRING16:
    case ABIDE_KIND_UTF16:
    case ABIDE_KIND_SEQ:
    case ABIDE_KIND_OPTION: return true;
    case ABIDE_KIND_POINTER: return type->is_nullable;
    case ABIDE_KIND_ENUM: return type->is_open || has_zero_enumerator(type);
    case ABIDE_KIND_VARIANT:
    case ABIDE_KIND_RESULT: return has_zero_case(type);
    case ABIDE_KIND_ARRAY: return has_zero(type->target);
    case ABIDE_KIND_STRUCT: return (!type->target || has_zero(type->target)) && all_have_zero(type);
    case ABIDE_KIND_TUPLE:
    case ABIDE_KIND_UNION: return all_have_zero(type);
    default: return false;
    }
}

static bool report_field(struct iface_reader *reader, const struct abide_field *field,
                         const char *what, const char *help)
{
    abide_diag *diag = abide__report(reader->ctx, ABIDE_CODE_BAD_FIELD, field->place, "%s", what);
    abide__diag_help(reader->ctx, diag, "%s", help);
    return false;
}

static bool check_field(struct iface_reader *reader, const struct abide_field *field)
{
    if (field->is_bitfield || field->packed || !field->name)
        return report_field(reader, field,
                            "a field that has no place of its own in a struct that grows",
                            "give it a name and a type of its own; flags hold single bits");
    if (strcmp(field->name, size_member) == 0)
        return report_field(reader, field,
                            "a struct that grows begins with its size, and that is called 'size'",
                            "call the field otherwise");
    if (field->is_later && !has_zero(field->type))
        return report_field(
            reader, field,
            abide__printf(reader->ctx,
                          "zero is no value of %s, and it is what programs leave that do not know "
                          "the field",
                          abide__quote(reader->ctx, abide_type_print(reader->ctx, field->type))),
            "make it an option<T>, or a type whose zero means what was before");
    return true;
}

bool abide_iface__check_sized(struct iface_reader *reader, const abide_type *type)
{
    bool fine = true;
    for (size_t i = 0; i < type->field_count; i++)
        fine = check_field(reader, &type->fields[i]) && fine;
    return fine;
}

static bool is_sized(const abide_type *type)
{
    return abide_type__is_sized(abide_type__strip(type));
}

static bool report_inside(struct iface_reader *reader, struct abide_place place,
                          const abide_type *sized)
{
    abide_ctx *ctx = reader->ctx;
    const char *name = abide_type__strip(sized)->name;
    abide_diag *diag =
        abide__report(ctx, ABIDE_CODE_BAD_FIELD, place,
                      "%s grows, so it has no size by which it could lie in something else",
                      name ? abide__quote(ctx, name) : "the struct");
    if (name)
        abide__diag_note(ctx, diag, abide_type__strip(sized)->place, "declared here");
    abide__diag_help(ctx, diag,
                     "it is a parameter, a result, or behind a pointer: ref<%s>, ptr<%s>",
                     name ? name : "T", name ? name : "T");
    return false;
}

bool abide_iface__check_part_not_sized(struct iface_reader *reader, struct abide_place place,
                                       const abide_type *part)
{
    return !is_sized(part) || report_inside(reader, place, part);
}

bool abide_iface__check_not_sized(struct iface_reader *reader, const abide_type *type)
{
    bool is_base = type->kind == ABIDE_KIND_STRUCT && type->target;
    bool fine = !is_base || abide_iface__check_part_not_sized(reader, type->place, type->target);
    for (size_t i = 0; i < type->field_count && type->kind != ABIDE_KIND_INTERFACE; i++) {
        const struct abide_field *field = &type->fields[i];
        if (field->place.source)
            fine = abide_iface__check_part_not_sized(reader, field->place, field->type) && fine;
    }
    return fine;
}
