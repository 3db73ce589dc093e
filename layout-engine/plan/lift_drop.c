/* Dropping values: everything they own, elements in the order of their index, then the memory that they lie in. */
#include "plan/lift_inner.h"
#include "plan/sized.h"

/* The value, parameter 0 of the routine. */
enum { VALUE };

static const char *drop_at(struct abide_lift *lift, const abide_type *type,
                           const abide_type *physical, abide_value value, uint64_t offset_bytes)
{
    if (!abide_lift__releases(lift->ctx, type, lift->lifting->releases))
        return NULL;
    abide_value part = abide_op__offset(&lift->build, value, offset_bytes);
    abide_op__routine(&lift->build, abide_lift__dropper(lift, &lift->from, type, physical), &part,
                      1);
    return NULL;
}

static const char *drop_elements(struct abide_lift *lift, const abide_type *element,
                                 const abide_type *physical, abide_value elements,
                                 abide_value count)
{
    const abide_layout *layout = abide_lift__layout(&lift->from, physical);
    if (!layout)
        return "it has no layout";
    if (!abide_lift__releases(lift->ctx, element, lift->lifting->releases))
        return NULL;
    struct abide_routine_builder *build = &lift->build;
    abide_value at = abide_op__loop(build, count);
    abide_value value = abide_op__pair(build, ABIDE_OP_ADD, elements,
                                       abide_op__multiply(build, at, layout->size_bytes));
    const char *reason = drop_at(lift, element, physical, value, 0);
    abide_op__end(build);
    return reason;
}

/*
 * Memory without an owner is released by nobody, but what lies in it owns its own. Where a length says that nothing is there, the
 * address has no meaning, and the owner is told nevertheless.
 */
static const char *drop_sequence(struct abide_lift *lift, const abide_type *type,
                                 const abide_type *physical)
{
    struct abide_lift_sequence sequence;
    const char *reason = abide_lift__sequence(lift, &lift->from, type, physical, &sequence);
    if (reason)
        return reason;
    struct abide_routine_builder *build = &lift->build;
    unsigned what = lift->lifting->releases;
    bool is_released = !(what & ABIDE_RELEASE_LOANS) || abide_lift__releases_itself(type, what);
    enum abide_drop drop = sequence.owned ? sequence.owned->drop : ABIDE_DROP_UNKNOWN;
    bool releases_all =
        drop == ABIDE_DROP_CALL || drop == ABIDE_DROP_UNKNOWN || drop == ABIDE_DROP_NOTHING;
    bool has_loans = what & ABIDE_RELEASE_LOANS && abide_convert__lends_handles(lift->ctx, type);
    if (is_released && releases_all && !has_loans)
        return abide_lift__release(lift, &sequence, VALUE, VALUE, VALUE);
    abide_value elements = abide_lift__elements(lift, &sequence, VALUE);
    bool has_owner = drop == ABIDE_DROP_OWNER && sequence.owner.type;
    bool may_be_null = has_owner && sequence.length.type;
    if (!may_be_null)
        abide_op__if(build, elements);
    abide_value count = abide_lift__count(lift, &sequence, VALUE, elements);
    if (sequence.element)
        reason = drop_elements(lift, sequence.element, sequence.element_physical, elements, count);
    if (!reason && is_released)
        reason = abide_lift__release(lift, &sequence, VALUE, elements, count);
    if (!may_be_null)
        abide_op__end(build);
    return reason;
}

/* Whether so much of a struct that grows is there. */
static abide_value has_field(struct abide_lift *lift, const struct abide_sized *sized,
                             const abide_layout *layout, size_t field)
{
    struct abide_routine_builder *build = &lift->build;
    abide_field_info info = abide_layout__field(layout, field);
    abide_value before_end = abide_op__constant(build, (info.offset_bits + info.size_bits) / 8 - 1);
    return abide_op__pair(build, ABIDE_OP_BELOW, before_end,
                          abide_op__load(build, VALUE, sized->at_bytes, sized->tells_bytes));
}

static const char *drop_record(struct abide_lift *lift, const abide_type *type,
                               const abide_type *physical)
{
    const abide_layout *layout = abide_lift__layout(&lift->from, physical);
    if (!layout || physical->kind != ABIDE_KIND_STRUCT)
        return "it has no layout";
    const char *reason = NULL;
    struct abide_sized sized = {0};
    if (abide_type__is_sized(type) && !abide_sized__of(&lift->from, type, physical, &sized))
        return "it has no layout";
    bool has_base = type->kind == ABIDE_KIND_STRUCT && type->target;
    for (size_t i = has_base ? SIZE_MAX : 0; (i == SIZE_MAX || i < type->field_count) && !reason;
         i++) {
        size_t field = abide_parts__field(&lift->from, type, physical, i);
        const abide_type *part = i == SIZE_MAX ? type->target : type->fields[i].type;
        if (field == SIZE_MAX)
            continue;
        bool may_be_absent = sized.tells_bytes && i != SIZE_MAX && type->fields[i].is_later;
        if (may_be_absent)
            abide_op__if(&lift->build, has_field(lift, &sized, layout, field));
        reason = drop_at(lift, part, physical->fields[field].type, VALUE,
                         abide_layout__field(layout, field).offset_bits / 8);
        if (may_be_absent)
            abide_op__end(&lift->build);
    }
    return reason;
}

static const char *drop_sum(struct abide_lift *lift, const abide_type *type,
                            const abide_type *physical)
{
    struct abide_lift_sum sum;
    const char *reason = abide_lift__sum(lift, &lift->from, type, physical, &sum);
    if (reason)
        return reason;
    const struct abide_lift_choice choice = {&sum.parts, abide_lift__read_tag(lift, &sum, VALUE),
                                             sum.tag_bytes};
    abide_lift__choose(lift, &choice);
    for (size_t i = 0; i < type->field_count && !reason; i++) {
        const struct abide_part *payload = &sum.parts.payloads[i];
        if (!payload->type ||
            !abide_lift__releases(lift->ctx, type->fields[i].type, lift->lifting->releases))
            continue;
        abide_lift__case(lift, &choice, i);
        reason = drop_at(lift, type->fields[i].type, payload->type, VALUE, payload->offset_bytes);
        abide_op__end(&lift->build);
    }
    abide_lift__chosen(lift, &choice, false);
    return reason;
}

static const char *drop_handle(struct abide_lift *lift, const abide_type *type)
{
    const abide_type *resource = abide_type__strip(type->target);
    if (!resource->destructor)
        return "nobody says how the resource is destroyed";
    abide_value handle = abide_op__load(&lift->build, VALUE, 0, lift->word_bytes);
    abide_op__if(&lift->build, handle);
    abide_op__call(&lift->build, resource->destructor, &handle, 1, false);
    abide_op__end(&lift->build);
    return NULL;
}

const char *abide_lift__write_drop(struct abide_lift *lift, const abide_type *type,
                                   const abide_type *physical)
{
    if (physical->flat_of)
        return "its words do not lie as it does in memory";
    if (abide_lift__is_sequence(type))
        return drop_sequence(lift, type, physical);
    if (abide_type__is_sum(type))
        return drop_sum(lift, type, physical);
    switch (type->kind) {
    case ABIDE_KIND_HANDLE: return drop_handle(lift, type);
    case ABIDE_KIND_RAW:
        return lift->lifting->releases & ABIDE_RELEASE_LOANS
                   ? "which handles lie in its bytes is unknown"
                   : NULL;
    case ABIDE_KIND_CLOSURE: return abide_lift__drop_closure(lift, type, physical);
    case ABIDE_KIND_DYN: return abide_lift__drop_object(lift, type, physical);
    case ABIDE_KIND_STRUCT:
    case ABIDE_KIND_TUPLE: return drop_record(lift, type, physical);
    case ABIDE_KIND_ARRAY:
        return physical->kind != ABIDE_KIND_ARRAY
                   ? "it has no layout"
                   : drop_elements(lift, type->target, physical->target, VALUE,
                                   abide_op__constant(&lift->build, type->count));
    case ABIDE_KIND_UNION:
        return "which member of the union is alive, and what it owns, is unknown";
    default: return NULL;
    }
}
