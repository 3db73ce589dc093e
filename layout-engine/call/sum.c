/* How sums lie in memory: from the template that represents one, side by side with the physical type that it gave. */
#include "call/sum.h"

#include "base/ctx.h"
#include "layout/layout.h"

#include <string.h>

struct reading {
    abide_ctx *ctx;
    struct abide_representing how; /* of the side whose form it is */
    const struct abide_template *as;
    const abide_layout *layout; /* of the sum */
    struct abide_sum *sum;
};

/* The tag that a representation uses for a case. */
static int64_t tag_of(const struct abide_template *as, const struct abide_enumerator *enumerator)
{
    for (size_t i = 0; i < as->tag_count; i++)
        if (strcmp(as->tags[i].name, enumerator->name) == 0)
            return as->tags[i].value;
    return enumerator->value;
}

static bool list_cases(const struct reading *reading)
{
    const abide_type *type = reading->sum->type;
    struct abide_sum_case *cases =
        abide__new_array(reading->ctx, struct abide_sum_case, type->field_count);
    for (size_t i = 0; i < type->field_count; i++) {
        cases[i] = (struct abide_sum_case){.name = type->fields[i].name,
                                           .tag = tag_of(reading->as, &type->enumerators[i]),
                                           .payload = type->fields[i].type};
        if (type->fields[i].type->kind == ABIDE_KIND_VOID)
            continue;
        cases[i].physical = abide_represent__as(reading->ctx, &reading->how, cases[i].payload);
        cases[i].offset_bytes = reading->sum->payload_offset_bytes;
        if (cases[i].physical == NULL)
            return false;
    }
    reading->sum->cases = cases;
    reading->sum->case_count = type->field_count;
    return true;
}

/* The field of the physical record that a member of the template became; SIZE_MAX: none has this part. */
static size_t field_of_part(const struct reading *reading, const char *part)
{
    for (size_t i = 0; i < reading->as->member_count; i++) {
        const struct abide_template_member *member = &reading->as->members[i];
        if (member->type == NULL) /* fields of the subject, how many there may be: a sum has none */
            return SIZE_MAX;
        if (member->part != NULL && strcmp(member->part, part) == 0)
            return i;
    }
    return SIZE_MAX;
}

static bool read_record(const struct reading *reading)
{
    const abide_layout *layout = reading->layout;
    size_t tag = field_of_part(reading, ABIDE_PART_TAG);
    size_t payload = field_of_part(reading, ABIDE_PART_PAYLOAD);
    if (tag >= layout->field_count || (payload != SIZE_MAX && payload >= layout->field_count))
        return false;
    reading->sum->tag = layout->fields[tag].type;
    reading->sum->tag_offset_bytes = layout->fields[tag].offset_bits / 8;
    if (payload != SIZE_MAX) {
        reading->sum->payload_offset_bytes = layout->fields[payload].offset_bits / 8;
        reading->sum->payload_bytes = layout->fields[payload].size_bits / 8;
    }
    return true;
}

/* {case: some}: a null pointer at the start of what could be that case's payload is the other case. */
static bool read_case(const struct reading *reading)
{
    struct abide_sum *sum = reading->sum;
    size_t present = abide_type__case(sum->type, reading->as->name);
    if (present == SIZE_MAX || sum->type->field_count != 2)
        return false;
    sum->null_case = 1 - present;
    sum->payload_bytes = reading->layout->size_bytes;
    return true;
}

static bool read_template(const struct reading *reading)
{
    switch (reading->as->op) {
    case ABIDE_TEMPLATE_RECORD: return !reading->as->is_union && read_record(reading);
    case ABIDE_TEMPLATE_CASE: return read_case(reading);
    case ABIDE_TEMPLATE_TAG:
    case ABIDE_TEMPLATE_SCALAR: reading->sum->tag = reading->sum->physical; return true;
    case ABIDE_TEMPLATE_VOID:
    case ABIDE_TEMPLATE_OPAQUE:
    case ABIDE_TEMPLATE_TARGET:
    case ABIDE_TEMPLATE_ELEMENT:
    case ABIDE_TEMPLATE_BASE:
    case ABIDE_TEMPLATE_CODE:
    case ABIDE_TEMPLATE_POINTER:
    case ABIDE_TEMPLATE_ARRAY:
    case ABIDE_TEMPLATE_SMALLEST:
    case ABIDE_TEMPLATE_RESERVE: break;
    }
    return false;
}

/* The template, and in `how` the side that it is of: a type without a form here has that of the other side. */
static const struct abide_template *template_of(abide_ctx *ctx, struct abide_representing *how,
                                                const abide_type *type)
{
    const struct abide_template *as = abide_represent__template(ctx, how, type);
    if (as != NULL || how->foreign == NULL)
        return as;
    how->module = how->foreign;
    how->foreign = NULL;
    return abide_represent__template(ctx, how, type);
}

const struct abide_sum *abide_sum__of(abide_ctx *ctx, const struct abide_representing *how,
                                      const abide_type *type)
{
    type = abide_type__strip(type);
    if (!abide_type__is_sum(type))
        return NULL;
    const abide_type *physical = abide_represent__as(ctx, how, type);
    const abide_layout *layout =
        physical != NULL ? abide_layout__physical(ctx, how->module->data, physical) : NULL;
    struct reading reading = {.ctx = ctx, .how = *how, .layout = layout};
    reading.as = layout != NULL ? template_of(ctx, &reading.how, type) : NULL;
    if (reading.as == NULL)
        return NULL;
    reading.sum = abide__new(ctx, struct abide_sum);
    *reading.sum = (struct abide_sum){.type = type, .physical = physical, .null_case = SIZE_MAX};
    return read_template(&reading) && list_cases(&reading) ? reading.sum : NULL;
}
