/* Finding parts: a template says what a member is for, the physical type that was built from it where it lies. */
#include "plan/parts.h"

#include "call/decide.h"
#include "call/instantiate.h"
#include "call/sum.h"

#include <string.h>

const struct abide_template *abide_parts__template(const struct abide_side *side,
                                                   const abide_type *type)
{
    struct abide_representing how = {
        .module = side->module, .foreign = side->foreign, .quiet = true};
    const struct abide_template *as = abide_represent__template(side->ctx, &how, type);
    const abide_type *inner = abide_type__strip(type);
    bool is_plain = inner->kind == ABIDE_KIND_STRUCT && !inner->target; /* which every ABI has */
    if (as || !side->foreign || is_plain)
        return as;
    how = (struct abide_representing){.module = side->foreign, .quiet = true};
    return abide_represent__template(side->ctx, &how, type);
}

static bool is_named(const char *name, const char *other)
{
    return name && other && strcmp(name, other) == 0;
}

/* A member as a part; one that has no field has no type. */
static struct abide_part part_at(const struct abide_side *side, const struct abide_template *as,
                                 size_t member, const abide_type *record)
{
    struct abide_part part = {0};
    const abide_layout *layout =
        abide_layout__physical(side->ctx, side->module->machine->data, record);
    size_t field = abide_instantiate__field(as, member, record);
    if (!layout || field == SIZE_MAX)
        return part;
    part.type = abide_type__strip(record->fields[field].type);
    part.offset_bytes = abide_layout__field(layout, field).offset_bits / 8;
    part.is_terminated = as->members[member].is_terminated;
    return part;
}

static bool is_record(const struct abide_template *as, const abide_type *physical)
{
    return as && as->op == ABIDE_TEMPLATE_RECORD && !as->is_union &&
           physical->kind == ABIDE_KIND_STRUCT;
}

bool abide_parts__sequence(const struct abide_side *side, const abide_type *type,
                           const abide_type *physical, struct abide_sequence_parts *parts)
{
    const struct abide_template *as = abide_parts__template(side, type);
    memset(parts, 0, sizeof *parts);
    physical = abide_type__strip(physical);
    parts->is_plain = true;
    if (as && as->op == ABIDE_TEMPLATE_POINTER && physical->kind == ABIDE_KIND_POINTER) {
        parts->pointer = (struct abide_part){.type = physical};
        return as->items[0]->op != ABIDE_TEMPLATE_RECORD;
    }
    if (!is_record(as, physical))
        return false;
    for (size_t i = 0; i < as->member_count; i++) {
        const char *word = as->members[i].part;
        struct abide_part part = part_at(side, as, i, physical);
        if (is_named(word, ABIDE_PART_POINTER))
            parts->pointer = part;
        else if (is_named(word, ABIDE_PART_LENGTH))
            parts->length = part;
        else if (is_named(word, ABIDE_PART_CAPACITY))
            parts->capacity = part;
        else if (is_named(word, ABIDE_PART_OWNER))
            parts->owner = part;
        else
            parts->is_plain = false;
    }
    return parts->pointer.type != NULL;
}

/* ---- sums ---- */

/* One form may have been built twice, for adapters to different ABIs. */
static bool is_same_form(const struct abide_side *side, const abide_type *a, const abide_type *b)
{
    const struct abide_data_model *data = side->module->machine->data;
    if (a == b)
        return true;
    const abide_layout *left = abide_layout__physical(side->ctx, data, a);
    const abide_layout *right = abide_layout__physical(side->ctx, data, b);
    bool same = a->kind == b->kind && a->field_count == b->field_count && left && right &&
                left->size_bytes == right->size_bytes && left->align_bytes == right->align_bytes;
    for (size_t i = 0; same && i < a->field_count; i++)
        same = abide_layout__offset_bits(left, i) == abide_layout__offset_bits(right, i) &&
               abide_layout__field(left, i).size_bits == abide_layout__field(right, i).size_bits &&
               (a->fields[i].name == b->fields[i].name ||
                is_named(a->fields[i].name, b->fields[i].name));
    return same;
}

bool abide_parts__sum(const struct abide_side *side, const abide_type *sum,
                      const abide_type *physical, struct abide_sum_parts *parts)
{
    struct abide_representing how = {
        .module = side->module, .foreign = side->foreign, .quiet = true};
    const struct abide_sum *own = abide_sum__of(side->ctx, &how, sum);
    if (!own || !is_same_form(side, abide_type__strip(own->physical), abide_type__strip(physical)))
        return false;
    struct abide_part *payloads = abide__new_array(side->ctx, struct abide_part, own->case_count);
    int64_t *tags = abide__new_array(side->ctx, int64_t, own->case_count);
    for (size_t i = 0; i < own->case_count; i++) {
        const struct abide_sum_case *one = &own->cases[i];
        tags[i] = one->tag;
        payloads[i] =
            (struct abide_part){.type = one->physical ? abide_type__strip(one->physical) : NULL,
                                .offset_bytes = one->offset_bytes};
    }
    *parts = (struct abide_sum_parts){.niche_case = own->tag ? SIZE_MAX : 1 - own->null_case,
                                      .tag = {.type = own->tag ? abide_type__strip(own->tag) : NULL,
                                              .offset_bytes = own->tag_offset_bytes},
                                      .tags = tags,
                                      .payloads = payloads};
    return true;
}

/* ---- records ---- */

size_t abide_parts__field_count(const struct abide_template_member *member,
                                const abide_type *record)
{
    if (member->type)
        return 1;
    if (!member->is_cases)
        return record->field_count;
    size_t count = 0;
    for (size_t i = 0; i < record->field_count; i++)
        count += !abide_type__is(record->fields[i].type, ABIDE_KIND_VOID);
    return count;
}

size_t abide_parts__field(const struct abide_side *side, const abide_type *record,
                          const abide_type *physical, size_t index)
{
    const struct abide_template *as = abide_parts__template(side, record);
    size_t found = index;
    if (as && as->op == ABIDE_TEMPLATE_RECORD) {
        size_t before = 0;
        found = SIZE_MAX;
        for (size_t i = 0; i < as->member_count; i++) {
            const struct abide_template_member *member = &as->members[i];
            bool is_base = member->type && member->type->op == ABIDE_TEMPLATE_BASE;
            if (index == SIZE_MAX ? is_base : !member->type && !member->is_cases)
                found = is_base ? before : before + index;
            before += abide_parts__field_count(member, record);
        }
    }
    return found < physical->field_count ? found : SIZE_MAX;
}

const abide_type *abide_parts__abstract_field(const struct abide_side *side, const abide_type *type,
                                              const abide_type *physical, size_t field)
{
    if (!type || (type->kind != ABIDE_KIND_STRUCT && type->kind != ABIDE_KIND_TUPLE))
        return NULL;
    if (type->kind == ABIDE_KIND_STRUCT && type->target &&
        abide_parts__field(side, type, physical, SIZE_MAX) == field)
        return type->target;
    for (size_t i = 0; i < type->field_count; i++)
        if (abide_parts__field(side, type, physical, i) == field)
            return type->fields[i].type;
    return NULL;
}

/* ---- closures ---- */

/* The offset of the member of this name; SIZE_MAX: there is none. */
static uint64_t member_bytes(const abide_layout *layout, const char *name)
{
    for (size_t i = 0; name && i < abide_layout_field_count(layout); i++)
        if (is_named(abide_layout__field(layout, i).name, name))
            return abide_layout__field(layout, i).offset_bits / 8;
    return SIZE_MAX;
}

bool abide_parts__closure(const struct abide_side *side, const abide_type *physical,
                          struct abide_closure_parts *parts)
{
    const abide_layout *layout =
        abide_layout__physical(side->ctx, side->module->machine->data, abide_type__strip(physical));
    const abide_module *const modules[] = {side->module, side->foreign};
    for (size_t i = 0; layout && i < sizeof modules / sizeof *modules && modules[i]; i++) {
        const struct abide_closure_rule *rule = &modules[i]->language->closure;
        *parts = (struct abide_closure_parts){modules[i], member_bytes(layout, rule->code_member),
                                              member_bytes(layout, rule->env_member),
                                              member_bytes(layout, rule->drop_member)};
        if (parts->code_bytes != SIZE_MAX && parts->env_bytes != SIZE_MAX)
            return true;
    }
    return false;
}

/* ---- ownership ---- */

const struct abide_owned_rule *abide_parts__owned(const struct abide_side *side,
                                                  const abide_type *type)
{
    struct abide_subject subject = {.module = side->module, .type = type};
    struct abide_representing how = {
        .module = side->module, .foreign = side->foreign, .quiet = true};
    if (side->foreign && !abide_represent__template(side->ctx, &how, type))
        subject.module = side->foreign;
    const struct abide_language *language = subject.module->language;
    for (size_t i = 0; i < language->owned_count; i++)
        if (abide_decide__holds(side->ctx, &subject, language->owned[i].when))
            return &language->owned[i];
    return NULL;
}
