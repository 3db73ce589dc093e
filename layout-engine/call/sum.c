/* How sums lie in memory: from the template that represents one, side by side with the physical type that it gave. */
#include "call/sum.h"

#include "base/ctx.h"
#include "call/instantiate.h"
#include "layout/layout.h"

#include <string.h>

struct reading {
    abide_ctx *ctx;
    struct abide_representing how; /* of the side whose form it is */
    const struct abide_template *as;
    const abide_layout *layout; /* of the sum */
    struct abide_sum *sum;
};

/* `physical` NULL gives NULL. */
static const abide_layout *layout_of(const struct reading *reading, const abide_type *physical)
{
    if (physical == NULL)
        return NULL;
    return abide_layout__physical(reading->ctx, reading->layout->among->model, physical);
}

static bool list_cases(const struct reading *reading)
{
    const abide_type *type = reading->sum->type;
    struct abide_sum_case *cases =
        abide__new_array(reading->ctx, struct abide_sum_case, type->field_count);
    for (size_t i = 0; i < type->field_count; i++) {
        cases[i] = (struct abide_sum_case){.name = type->fields[i].name,
                                           .tag = abide_instantiate__tag(reading->as, type, i),
                                           .payload = type->fields[i].type};
        if (type->fields[i].type->kind == ABIDE_KIND_VOID)
            continue;
        cases[i].physical = abide_represent__as(reading->ctx, &reading->how, cases[i].payload);
        const abide_layout *layout = layout_of(reading, cases[i].physical);
        if (layout == NULL)
            return false;
        cases[i].offset_bytes = reading->sum->payload_offset_bytes;
        cases[i].size_bytes = layout->size_bytes;
    }
    reading->sum->cases = cases;
    reading->sum->case_count = type->field_count;
    return true;
}

/* Room that an open variant asks for; not every ABI keeps it. */
static bool keeps_room(const struct abide_template *payload)
{
    for (size_t i = 0; i < payload->member_count; i++)
        if (payload->members[i].type != NULL &&
            payload->members[i].type->op == ABIDE_TEMPLATE_RESERVE)
            return true;
    return false;
}

/* The field of the physical record that has this part; SIZE_MAX: none. */
static size_t field_of_part(const struct reading *reading, const char *part)
{
    size_t member = abide_template__part(reading->as, part);
    return member != SIZE_MAX ? abide_instantiate__field(reading->as, member, reading->layout->type)
                              : SIZE_MAX;
}

static bool read_record(const struct reading *reading)
{
    const abide_layout *layout = reading->layout;
    size_t tag = field_of_part(reading, ABIDE_PART_TAG);
    size_t payload = field_of_part(reading, ABIDE_PART_PAYLOAD);
    if (tag == SIZE_MAX)
        return false;
    reading->sum->tag = abide_layout__field(layout, tag).type;
    reading->sum->tag_name = abide_layout__field(layout, tag).name;
    reading->sum->tag_offset_bytes = abide_layout__field(layout, tag).offset_bits / 8;
    reading->sum->tag_bytes = abide_layout__field(layout, tag).size_bits / 8;
    if (payload != SIZE_MAX) {
        reading->sum->payload_offset_bytes = abide_layout__field(layout, payload).offset_bits / 8;
        reading->sum->payload_bytes = abide_layout__field(layout, payload).size_bits / 8;
        size_t member = abide_template__part(reading->as, ABIDE_PART_PAYLOAD);
        reading->sum->keeps_room = keeps_room(reading->as->members[member].type);
    }
    return true;
}

/* A null pointer at the start of what could be that case's payload is the other case. */
static bool read_lone_case(const struct reading *reading, const char *name)
{
    struct abide_sum *sum = reading->sum;
    size_t present = abide_type__case(sum->type, name);
    if (present == SIZE_MAX || sum->type->field_count != 2)
        return false;
    sum->null_case = 1 - present;
    sum->payload_bytes = reading->layout->size_bytes;
    return true;
}

static bool read_template(const struct reading *reading)
{
    const char *lone_case = abide_template__lone_case(reading->as);
    if (lone_case != NULL)
        return read_lone_case(reading, lone_case);
    switch (reading->as->op) {
    case ABIDE_TEMPLATE_RECORD: return !reading->as->is_union && read_record(reading);
    case ABIDE_TEMPLATE_TAG:
    case ABIDE_TEMPLATE_SCALAR:
        reading->sum->tag = reading->sum->physical;
        reading->sum->tag_bytes = reading->layout->size_bytes;
        return true;
    case ABIDE_TEMPLATE_VOID:
    case ABIDE_TEMPLATE_OPAQUE:
    case ABIDE_TEMPLATE_TARGET:
    case ABIDE_TEMPLATE_ELEMENT:
    case ABIDE_TEMPLATE_BASE:
    case ABIDE_TEMPLATE_CODE:
    case ABIDE_TEMPLATE_FUNCTION:
    case ABIDE_TEMPLATE_POINTER:
    case ABIDE_TEMPLATE_ARRAY:
    case ABIDE_TEMPLATE_SMALLEST:
    case ABIDE_TEMPLATE_CASE:
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
    *reading.sum = (struct abide_sum){.type = type,
                                      .physical = physical,
                                      .layout = layout,
                                      .tag_bytes = how->module->data->pointer_bytes,
                                      .null_case = SIZE_MAX};
    return read_template(&reading) && list_cases(&reading) ? reading.sum : NULL;
}

/* --- the public view -------------------------------------------------------------------------------- */

/* Bytes [start, end) of a sum that something lies in; of a payload also its layout. */
struct taken {
    uint64_t start_bytes;
    uint64_t end_bytes;
    const abide_layout *inner;
};

/* What lies in a sum while a case is present, in order of place. Gives the number. */
static size_t list_taken(abide_ctx *ctx, const struct abide_sum *sum, size_t index,
                         struct taken taken[2])
{
    const struct abide_sum_case *present = &sum->cases[index];
    size_t count = 0;
    if (sum->tag != NULL || index == sum->null_case)
        taken[count++] =
            (struct taken){sum->tag_offset_bytes, sum->tag_offset_bytes + sum->tag_bytes, NULL};
    if (present->physical != NULL)
        taken[count++] = (struct taken){
            present->offset_bytes, present->offset_bytes + present->size_bytes,
            abide_layout__physical(ctx, sum->layout->among->model, present->physical)};
    if (count == 2 && taken[1].start_bytes < taken[0].start_bytes) {
        struct taken tag = taken[0];
        taken[0] = taken[1];
        taken[1] = tag;
    }
    return count;
}

static void find_holes(abide_ctx *ctx, const struct abide_sum *sum, size_t index)
{
    ABIDE_VEC(abide_hole) holes = {0};
    struct taken taken[3];
    size_t count = list_taken(ctx, sum, index, taken);
    uint64_t size_bytes = sum->layout->size_bytes;
    uint64_t end_bytes = 0;
    taken[count++] = (struct taken){size_bytes, size_bytes, NULL};
    for (size_t i = 0; i < count; i++) {
        if (taken[i].start_bytes > end_bytes)
            abide__push(ctx, &holes,
                        (abide_hole){8 * end_bytes, 8 * (taken[i].start_bytes - end_bytes)});
        struct abide_holes inner = {0};
        if (taken[i].inner != NULL)
            inner = abide_layout__holes(taken[i].inner);
        for (size_t hole = 0; hole < inner.count; hole++)
            abide__push(ctx, &holes,
                        (abide_hole){8 * taken[i].start_bytes + inner.items[hole].offset_bits,
                                     inner.items[hole].size_bits});
        end_bytes = taken[i].end_bytes;
    }
    sum->cases[index].holes = holes.items;
    sum->cases[index].hole_count = holes.count;
}

const abide_sum *abide_sum_of(abide_ctx *ctx, const abide_module *module, const abide_type *type)
{
    struct abide_guard guard;
    if (!module || !type || setjmp(*abide__guard_enter(ctx, &guard)))
        return NULL;
    struct abide_representing how = {.module = module};
    const struct abide_sum *sum = abide_sum__of(ctx, &how, type);
    for (size_t i = 0; sum != NULL && i < sum->case_count; i++)
        find_holes(ctx, sum, i);
    abide__guard_leave(ctx, &guard);
    return sum;
}

abide_field_info abide_sum_discriminant(const abide_sum *sum)
{
    if (sum->tag == NULL)
        return (abide_field_info){.name = NULL};
    bool is_named = sum->tag->kind == ABIDE_KIND_ENUM; /* a sum of bare cases is an enum in C */
    return (abide_field_info){.name = sum->tag_name != NULL ? sum->tag_name : ABIDE_PART_TAG,
                              .type = is_named ? sum->tag->target : sum->tag,
                              .offset_bits = 8 * sum->tag_offset_bytes,
                              .size_bits = 8 * sum->tag_bytes};
}

size_t abide_sum_null_case(const abide_sum *sum)
{
    return sum->null_case;
}

uint64_t abide_sum_null_bits(const abide_sum *sum)
{
    return sum->tag == NULL ? 8 * sum->tag_bytes : 0;
}

abide_hole abide_sum_reserve(const abide_sum *sum)
{
    return sum->keeps_room ? (abide_hole){8 * sum->payload_offset_bytes, 8 * sum->payload_bytes}
                           : (abide_hole){0};
}

size_t abide_sum_case_count(const abide_sum *sum)
{
    return sum->case_count;
}

abide_case abide_sum_case_at(const abide_sum *sum, size_t index)
{
    const struct abide_sum_case *found = &sum->cases[index];
    abide_case answer = {.name = found->name, .tag = found->tag};
    if (found->physical != NULL)
        answer.payload = (abide_field_info){.name = found->name,
                                            .type = found->physical,
                                            .offset_bits = 8 * found->offset_bytes,
                                            .size_bits = 8 * found->size_bytes};
    return answer;
}

size_t abide_sum_case_hole_count(const abide_sum *sum, size_t index)
{
    return sum->cases[index].hole_count;
}

abide_hole abide_sum_case_hole_at(const abide_sum *sum, size_t index, size_t hole)
{
    return sum->cases[index].holes[hole];
}
