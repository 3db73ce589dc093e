/* What all steps of building a plan share. */
#include "plan/build.h"

#include "base/diag.h"
#include "base/serials.h"

struct abide_crossing abide_builder__inward(const struct abide_builder *builder)
{
    return (struct abide_crossing){builder->ctx, builder->caller, builder->callee};
}

struct abide_crossing abide_builder__outward(const struct abide_builder *builder)
{
    return (struct abide_crossing){builder->ctx, builder->callee, builder->caller};
}

uint64_t abide_builder__pointer_bytes(const struct abide_builder *builder)
{
    return builder->callee->machine->data->pointer_bytes;
}

struct abide_object abide_builder__temporary(struct abide_builder *builder, uint64_t size_bytes,
                                             uint64_t align_bytes, bool zeroed, const char *purpose)
{
    struct abide_temporary temporary = {
        .size_bytes = size_bytes, .align_bytes = align_bytes, .zeroed = zeroed, .purpose = purpose};
    abide__push(builder->ctx, &builder->temporaries, temporary);
    return (struct abide_object){.kind = ABIDE_OBJECT_TEMPORARY,
                                 .index = builder->temporaries.count - 1,
                                 .size_bytes = size_bytes,
                                 .align_bytes = align_bytes};
}

void abide_builder__copy_before(struct abide_builder *builder, struct abide_object from,
                                struct abide_object to, const struct abide_runs *runs)
{
    struct abide_copy_step step = {
        .from = from, .to = to, .runs = runs->items, .run_count = runs->count};
    abide__push(builder->ctx, &builder->before, step);
}

void abide_builder__copy_after(struct abide_builder *builder, struct abide_object from,
                               struct abide_object to, const struct abide_runs *runs)
{
    struct abide_copy_step step = {
        .from = from, .to = to, .runs = runs->items, .run_count = runs->count};
    abide__push(builder->ctx, &builder->after, step);
    builder->copied_bytes += abide_runs__bytes(runs->items, runs->count);
}

void abide_builder__charge(struct abide_builder *builder, size_t index, abide_cost cost,
                           const char *why)
{
    struct abide_price *price =
        &builder->prices[index == SIZE_MAX ? builder->signature->param_count : index];
    if (price->why && price->cost >= cost)
        return;
    price->cost = cost;
    price->why = why;
}

struct abide_runs abide_builder__identity(struct abide_builder *builder, uint64_t size_bytes)
{
    struct abide_runs runs = {0};
    struct abide_run all = {0, 0, size_bytes, size_bytes, ABIDE_EXTEND_UNSTATED};
    if (size_bytes)
        abide__push(builder->ctx, &runs, all);
    return runs;
}

struct abide_object abide_builder__argument(const struct abide_builder *builder, size_t index)
{
    const struct abide_physical_param *param = &builder->plan->caller->physical->params[index];
    const struct abide_assigned *place = &builder->plan->caller->arguments[index];
    bool is_pointer =
        param->copy != ABIDE_COPY_NONE || (param->mode != ABIDE_MODE_IN && !param->comes_back);
    bool in_memory = is_pointer || place->pass == ABIDE_PASS_POINTER;
    const abide_layout *layout = abide_layout__physical(
        builder->ctx, builder->caller->machine->data, is_pointer ? param->value_type : param->type);
    return (struct abide_object){.kind = in_memory ? ABIDE_OBJECT_POINTEE : ABIDE_OBJECT_ARGUMENT,
                                 .index = index,
                                 .size_bytes = layout ? layout->size_bytes : 0,
                                 .align_bytes = layout ? layout->align_bytes : 1};
}

size_t abide_builder__find(const abide_assignment *assignment, size_t of, size_t *count)
{
    const struct abide_physical *physical = assignment->physical;
    size_t first = ABIDE_NO_INDEX;
    *count = 0;
    for (size_t i = 0; i < physical->param_count; i++) {
        if (physical->params[i].of != of || physical->params[i].role != ABIDE_ROLE_VALUE)
            continue;
        if (first == ABIDE_NO_INDEX)
            first = i;
        ++*count;
    }
    return first;
}

size_t abide_builder__find_role(const abide_assignment *assignment, abide_role role)
{
    for (size_t i = 0; i < assignment->physical->param_count; i++)
        if (assignment->physical->params[i].role == role)
            return i;
    return ABIDE_NO_INDEX;
}

bool abide_builder__refuse(struct abide_builder *builder, const struct abide_param *param,
                           const char *reason, const char *help)
{
    struct abide_place place = param && param->place.source ? param->place : builder->place;
    abide_diag *diag;
    if (reason == abide_lift__reported)
        return false;
    if (param)
        diag = abide__report(builder->ctx, ABIDE_CODE_CANNOT_ADAPT, place,
                             "%s cannot be adapted from %s to %s: parameter '%s': %s",
                             builder->what, builder->caller->name, builder->callee->name,
                             param->name ? param->name : "(unnamed)", reason);
    else
        diag = abide__report(builder->ctx, ABIDE_CODE_CANNOT_ADAPT, place,
                             "%s cannot be adapted from %s to %s: the result: %s", builder->what,
                             builder->caller->name, builder->callee->name, reason);
    if (help)
        abide__diag_help(builder->ctx, diag, "%s", help);
    return false;
}

/* What was looked at once and held nothing holds nothing again: types that use one type twice would take time without end. */
struct hollow_search {
    abide_ctx *ctx;
    struct abide_serials seen;
};

static bool is_hollow(struct hollow_search *search, const abide_type *type);

static bool holds_nothing(struct hollow_search *search, const abide_type *type)
{
    for (size_t i = 0; i < type->field_count; i++) {
        const struct abide_field *field = &type->fields[i];
        if (field->is_bitfield ? field->name != NULL : !is_hollow(search, field->type))
            return false;
    }
    return type->is_complete && (!type->target || is_hollow(search, type->target));
}

static bool is_hollow(struct hollow_search *search, const abide_type *type)
{
    type = abide_type__strip(type);
    if (type->kind == ABIDE_KIND_ARRAY)
        return is_hollow(search, type->target);
    if (!abide_type__is_record(type))
        return type->kind == ABIDE_KIND_VOID;
    const void **seen = abide_serials__slot(search->ctx, &search->seen, type->serial);
    if (*seen)
        return true;
    *seen = type;
    return holds_nothing(search, type);
}

bool abide_builder__is_hollow(const struct abide_builder *builder, const abide_type *type)
{
    struct hollow_search search = {.ctx = builder->ctx};
    return is_hollow(&search, type);
}
