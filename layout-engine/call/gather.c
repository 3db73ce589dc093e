/* Gathering: where all parameters together are too many words, one record holds them, and its address is passed. */
#include "call/lower.h"

#include "base/diag.h"
#include "call/flat.h"
#include "layout/layout.h"

static struct abide_representing how_of(const struct abide_lowering *lowering, size_t index)
{
    const struct abide_param *param = &lowering->signature->params[index];
    const char *what = param->name != NULL
                           ? abide__printf(lowering->ctx, "parameter '%s'", param->name)
                           : abide__printf(lowering->ctx, "parameter %zu", index + 1);
    return abide_lower__how(lowering, what, param->place);
}

bool abide_lower__must_gather(const struct abide_lowering *lowering)
{
    const struct abide_gather_rule *rule = lowering->language->gather;
    const abide_signature *signature = lowering->signature;
    size_t words = 0;
    for (size_t i = 0; rule != NULL && i < signature->param_count; i++) {
        const struct abide_param *param = &signature->params[i];
        struct abide_representing how = how_of(lowering, i);
        how.quiet = true;
        if (param->mode != ABIDE_MODE_IN || param->is_variadic)
            return false;
        size_t own = abide_flat__count(lowering->ctx, &how, param->type);
        words += own != SIZE_MAX ? own : rule->over_words + 1;
    }
    return rule != NULL && words > rule->over_words;
}

/* A field, and a parameter that lies there: of a view, in which each is found by an address of its own. */
static bool add_member(const struct abide_lowering *lowering, size_t index,
                       struct abide_field *field, struct abide_physical_param *member)
{
    const struct abide_param *param = &lowering->signature->params[index];
    const struct abide_gather_rule *rule = lowering->language->gather;
    struct abide_representing how = how_of(lowering, index);
    const abide_type *type = abide_represent__as(lowering->ctx, &how, param->type);
    if (type == NULL)
        return false;
    const char *name =
        param->name != NULL ? param->name : abide__printf(lowering->ctx, "p%zu", index);
    *field = (struct abide_field){.name = name, .type = type, .place = param->place};
    *member = (struct abide_physical_param){
        .name = param->name,
        .of = index,
        .type = abide_type__pointer(lowering->ctx, type, rule->is_moved, true),
        .value_type = type,
        .is_consumed = abide_lower__is_consumed(lowering, index),
        .is_given = abide_lower__is_given(lowering, index),
        .ends_loans = abide_lower__ends_loans(lowering, index),
        .copy = rule->is_moved ? ABIDE_COPY_MOVED : ABIDE_COPY_BORROW,
        .rule = &rule->origin};
    return true;
}

bool abide_lower__gather(struct abide_lowering *lowering)
{
    abide_ctx *ctx = lowering->ctx;
    const struct abide_gather_rule *rule = lowering->language->gather;
    size_t count = lowering->signature->param_count;
    struct abide_field *fields = abide__new_array(ctx, struct abide_field, count);
    struct abide_physical_param *members =
        abide__new_array(ctx, struct abide_physical_param, count);
    for (size_t i = 0; i < count; i++)
        if (!add_member(lowering, i, &fields[i], &members[i]))
            return false;
    abide_type *record = abide_type__new(ctx, ABIDE_KIND_STRUCT, NULL, lowering->signature->place);
    record->fields = fields;
    record->field_count = count;
    record->is_complete = true;
    abide_type__measure(record);
    const abide_layout *layout = abide_layout__physical(ctx, lowering->module->data, record);
    if (layout == NULL)
        return false;
    for (size_t i = 0; i < count; i++)
        members[i].part_offset_bytes = abide_layout__field(layout, i).offset_bits / 8;
    const abide_type *pointer = abide_type__pointer(ctx, record, rule->is_moved, true);
    const struct abide_physical_param all = {.name = "params",
                                             .role = ABIDE_ROLE_VALUE,
                                             .of = SIZE_MAX,
                                             .type = pointer,
                                             .value_type = record,
                                             .copy = rule->is_moved ? ABIDE_COPY_MOVED
                                                                    : ABIDE_COPY_BORROW,
                                             .rule = &rule->origin};
    abide_lower__add(lowering, &all);
    lowering->physical->gathered = members;
    lowering->physical->gathered_count = count;
    return true;
}
