/* Finding what objects and vtables are made of; whether those of two sides are the same. */
#include "plan/object.h"

#include "call/instantiate.h"
#include "plan/convert_parts.h"
#include "plan/inner.h"

#include <string.h>

static const char *const parts[ABIDE_VTABLE_ENTRIES] = {
    [ABIDE_VTABLE_SIZE] = ABIDE_PART_SIZE,     [ABIDE_VTABLE_FLAGS] = ABIDE_PART_FLAGS,
    [ABIDE_VTABLE_ID] = ABIDE_PART_ID,         [ABIDE_VTABLE_DROP] = ABIDE_PART_DROP,
    [ABIDE_VTABLE_RETAIN] = ABIDE_PART_RETAIN, [ABIDE_VTABLE_QUERY] = ABIDE_PART_QUERY};

static const abide_type *represent(const struct abide_side *side, const abide_type *type)
{
    struct abide_representing how = {
        .module = side->module, .foreign = side->foreign, .quiet = true};
    const abide_type *physical = abide_represent__as(side->ctx, &how, type);
    return physical ? abide_type__strip(physical) : NULL;
}

static size_t field_of(const struct abide_template *as, const char *part, const abide_type *record)
{
    size_t member = abide_template__part(as, part);
    return member == SIZE_MAX ? SIZE_MAX : abide_instantiate__field(as, member, record);
}

bool abide_object__vtable(const struct abide_side *side, const abide_type *interface,
                          struct abide_vtable *vtable)
{
    const struct abide_template *as = abide_parts__template(side, interface);
    const abide_type *physical = represent(side, interface);
    memset(vtable, 0, sizeof *vtable);
    if (!as || as->op != ABIDE_TEMPLATE_RECORD || !physical || physical->kind != ABIDE_KIND_STRUCT)
        return false;
    vtable->interface = interface;
    vtable->physical = physical;
    vtable->layout = abide_layout__physical(side->ctx, side->module->machine->data, physical);
    for (size_t i = 0; i < ABIDE_VTABLE_ENTRIES; i++)
        vtable->fields[i] = field_of(as, parts[i], physical);
    vtable->first_method = interface->field_count ? abide_parts__field(side, interface, physical, 0)
                                                  : physical->field_count;
    return vtable->layout && vtable->first_method != SIZE_MAX;
}

uint64_t abide_vtable__offset_bytes(const struct abide_vtable *vtable, size_t field)
{
    return abide_layout__offset_bits(vtable->layout, field) / 8;
}

bool abide_vtable__has(const struct abide_vtable *vtable, enum abide_vtable_entry entry)
{
    return vtable->fields[entry] != SIZE_MAX;
}

uint64_t abide_vtable__method_bytes(const struct abide_vtable *vtable, size_t method)
{
    return abide_vtable__offset_bytes(vtable, vtable->first_method + method);
}

/* The offset of a member of a record that was built from a template. */
static bool find_offset(const struct abide_side *side, const struct abide_template *as,
                        const char *part, const abide_type *record, uint64_t *offset_bytes)
{
    const abide_layout *layout =
        abide_layout__physical(side->ctx, side->module->machine->data, record);
    size_t field = field_of(as, part, record);
    if (!layout || field == SIZE_MAX)
        return false;
    *offset_bytes = abide_layout__offset_bits(layout, field) / 8;
    return true;
}

bool abide_object__form(const struct abide_side *side, const abide_type *object,
                        const abide_type *physical, struct abide_object_form *form)
{
    const struct abide_template *as = abide_parts__template(side, object);
    memset(form, 0, sizeof *form);
    if (!as)
        return false;
    physical = abide_type__strip(physical);
    if (as->op == ABIDE_TEMPLATE_RECORD && physical->kind == ABIDE_KIND_STRUCT)
        return find_offset(side, as, ABIDE_PART_SELF, physical, &form->self_bytes) &&
               find_offset(side, as, ABIDE_PART_VTABLE, physical, &form->vtable_bytes);
    form->is_thin = as->op == ABIDE_TEMPLATE_POINTER && physical->kind == ABIDE_KIND_POINTER &&
                    as->items[0]->op == ABIDE_TEMPLATE_RECORD &&
                    physical->target->kind == ABIDE_KIND_STRUCT;
    return form->is_thin && find_offset(side, as->items[0], ABIDE_PART_VTABLE, physical->target,
                                        &form->vtable_bytes);
}

/* ---- the same vtable ---------------------------------------------------------------------------- */

static bool same_place(const struct abide_vtable *a, size_t field_of_a,
                       const struct abide_vtable *b, size_t field_of_b)
{
    return abide_layout__offset_bits(a->layout, field_of_a) ==
               abide_layout__offset_bits(b->layout, field_of_b) &&
           abide_layout__field(a->layout, field_of_a).size_bits ==
               abide_layout__field(b->layout, field_of_b).size_bits;
}

static const char *compare_entry(struct abide_crossing crossing, const struct abide_vtable *from,
                                 const struct abide_vtable *to, enum abide_vtable_entry entry)
{
    size_t a = from->fields[entry], b = to->fields[entry];
    if (a == SIZE_MAX && b == SIZE_MAX)
        return NULL;
    if (a == SIZE_MAX || b == SIZE_MAX || !same_place(from, a, to, b))
        return abide__printf(crossing.ctx, "only one side has '%s' where it is", parts[entry]);
    const abide_type *left = from->physical->fields[a].type, *right = to->physical->fields[b].type;
    if (!left->signature || !right->signature)
        return left->kind == right->kind ? NULL : "its entries differ";
    if (left->signature->param_count != right->signature->param_count)
        return abide__printf(crossing.ctx, "the two sides call '%s' with other arguments",
                             parts[entry]);
    return abide_inner__callable_same(crossing, left->signature, false);
}

static const char *compare_method(struct abide_crossing crossing, const struct abide_vtable *from,
                                  const struct abide_vtable *to, size_t method)
{
    const struct abide_field *field = &from->interface->fields[method];
    const char *reason = "it stands elsewhere";
    if (same_place(from, from->first_method + method, to, to->first_method + method))
        reason = abide_convert__same(crossing, field->type);
    return reason ? abide__printf(crossing.ctx, "method '%s': %s", field->name, reason) : NULL;
}

const char *abide_convert__interface(struct abide_crossing crossing, const abide_type *interface,
                                     const abide_type *from_type, const abide_type *to_type,
                                     struct abide_runs *runs)
{
    struct abide_side from_side = abide_crossing__from(crossing);
    struct abide_side to_side = abide_crossing__to(crossing);
    struct abide_vtable from, to;
    const char *reason = NULL;
    (void)from_type, (void)to_type;
    if (!abide_object__vtable(&from_side, interface, &from) ||
        !abide_object__vtable(&to_side, interface, &to))
        return "one side does not say how it stores interfaces";
    for (size_t i = 0; i < ABIDE_VTABLE_ENTRIES && !reason; i++)
        reason = compare_entry(crossing, &from, &to, (enum abide_vtable_entry)i);
    for (size_t i = 0; i < interface->field_count && !reason; i++)
        reason = compare_method(crossing, &from, &to, i);
    if (!reason)
        abide_runs__add(crossing.ctx, runs,
                        (struct abide_run){0, 0, to.layout->size_bytes, to.layout->size_bytes,
                                           ABIDE_EXTEND_UNSTATED});
    return reason;
}
