/* The error that a function returns for invalid values (`on-invalid`): which it is, and a routine that writes it. */
#include "plan/check.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

static bool parse_number(const char *text, uint64_t *number)
{
    char *end;
    errno = 0;
    long long value = strtoll(text, &end, 0);
    *number = (uint64_t)value;
    return *text && !*end && !errno;
}

bool abide_check__find_error(const abide_type *result, const char *name, uint64_t *number)
{
    const abide_type *type = abide_type__strip(result);
    if (!name || type->kind != ABIDE_KIND_RESULT)
        return false;
    type = abide_type__strip(type->fields[abide_type__case(type, "err")].type);
    bool is_variant = type->kind == ABIDE_KIND_VARIANT;
    if (type->kind == ABIDE_KIND_SCALAR) {
        enum abide_scalar_group group = abide__scalars[type->scalar].group;
        return (group == ABIDE_GROUP_SIGNED || group == ABIDE_GROUP_UNSIGNED) &&
               parse_number(name, number);
    }
    for (size_t i = 0; is_variant && i < type->field_count; i++) {
        *number = i;
        if (strcmp(type->fields[i].name, name) == 0)
            return abide_type__is(type->fields[i].type, ABIDE_KIND_VOID);
    }
    for (size_t i = 0; type->kind == ABIDE_KIND_ENUM && i < type->enumerator_count; i++) {
        *number = (uint64_t)type->enumerators[i].value;
        if (strcmp(type->enumerators[i].name, name) == 0)
            return true;
    }
    return false;
}

enum { VALUE };

static const char *store_number(struct abide_lift *lift, uint64_t offset_bytes, uint64_t size_bytes,
                                uint64_t number)
{
    if (size_bytes == 0 || size_bytes > lift->word_bytes)
        return "its error is no word";
    abide_op__store(&lift->build, VALUE, offset_bytes, size_bytes,
                    abide_op__constant(&lift->build, number));
    return NULL;
}

static const char *write_payload(struct abide_lift *lift, const abide_type *error,
                                 const struct abide_part *payload, uint64_t number)
{
    const abide_layout *layout =
        payload->type ? abide_lift__layout(&lift->from, payload->type) : NULL;
    struct abide_lift_sum sum;
    error = abide_type__strip(error);
    if (!layout)
        return "one side has no layout for it";
    if (error->kind != ABIDE_KIND_VARIANT)
        return store_number(lift, payload->offset_bytes, layout->size_bytes, number);
    const char *reason = abide_lift__sum(lift, &lift->from, error, payload->type, &sum);
    return reason ? reason
                  : store_number(lift, payload->offset_bytes + sum.parts.tag.offset_bytes,
                                 sum.tag_bytes, (uint64_t)sum.parts.tags[number]);
}

static const char *write_error(struct abide_lift *lift, const abide_type *type,
                               const abide_type *physical, uint64_t number)
{
    struct abide_lift_sum sum;
    const abide_layout *layout = abide_lift__layout(&lift->from, physical);
    size_t err = abide_type__case(type, "err");
    const char *reason = layout ? abide_lift__sum(lift, &lift->from, type, physical, &sum)
                                : "one side has no layout for it";
    if (reason)
        return reason;
    abide_op__zero(&lift->build, VALUE, layout->size_bytes);
    reason = write_payload(lift, type->fields[err].type, &sum.parts.payloads[err], number);
    if (reason)
        return reason;
    if (sum.is_error_status)
        return number ? NULL : "error 0 would be success";
    if (sum.parts.niche_case == SIZE_MAX)
        number = (uint64_t)sum.parts.tags[err];
    else if (sum.is_status)
        number = 1;
    else
        return NULL;
    return store_number(lift, sum.parts.tag.offset_bytes, sum.tag_bytes, number);
}

const char *abide_check__error(const struct abide_lifting *lifting, const abide_type *type,
                               const abide_type *physical, uint64_t number,
                               const struct abide_routine **routine)
{
    abide_ctx *ctx = lifting->crossing.ctx;
    struct abide_lift lift = {.ctx = ctx,
                              .lifting = lifting,
                              .from = abide_crossing__to(lifting->crossing),
                              .word_bytes = lifting->crossing.to->machine->data->pointer_bytes};
    struct abide_routine *made = abide_routine__new(ctx, "give_error", 1);
    lift.to = lift.from;
    abide_routine__start(ctx, &lift.build, made);
    const char *reason =
        write_error(&lift, abide_type__strip(type), abide_type__strip(physical), number);
    if (!reason)
        abide_routine__finish(&lift.build);
    *routine = made;
    return reason;
}
