/* Finding parts: a template says what a member is for, the physical type that was built from it where it lies. */
#include "plan/parts.h"

#include "call/decide.h"

#include <string.h>

const struct abide_template *abide_parts__template(const struct abide_side *side,
                                                   const abide_type *type)
{
    struct abide_representing how = {
        .module = side->module, .foreign = side->foreign, .quiet = true};
    const struct abide_template *as = abide_represent__template(side->ctx, &how, type);
    if (as || !side->foreign)
        return as;
    how = (struct abide_representing){.module = side->foreign, .quiet = true};
    return abide_represent__template(side->ctx, &how, type);
}

static bool is_named(const char *name, const char *other)
{
    return name && other && strcmp(name, other) == 0;
}

/* The field of a record that a member of its template became; the two have the names in common. */
static size_t field_of(const struct abide_template *as, size_t member, const abide_type *record)
{
    const char *name = as->members[member].name;
    if (!name || as->field_pattern)
        return as->member_count == record->field_count ? member : SIZE_MAX;
    for (size_t i = 0; i < record->field_count; i++)
        if (is_named(record->fields[i].name, name))
            return i;
    return SIZE_MAX;
}

/* A member as a part; one that has no field has no type. */
static struct abide_part part_at(const struct abide_side *side, const struct abide_template *as,
                                 size_t member, const abide_type *record)
{
    struct abide_part part = {0};
    const abide_layout *layout =
        abide_layout__physical(side->ctx, side->module->machine->data, record);
    size_t field = field_of(as, member, record);
    if (!layout || field == SIZE_MAX)
        return part;
    part.type = abide_type__strip(record->fields[field].type);
    part.offset_bytes = layout->fields[field].offset_bits / 8;
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

/* The number that a template gives a case; else the interface's. */
static int64_t tag_of(const struct abide_template *as, const struct abide_template *tag,
                      const abide_type *sum, size_t index)
{
    const struct abide_template *const templates[] = {as, tag};
    for (size_t t = 0; t < 2; t++)
        for (size_t i = 0; templates[t] && i < templates[t]->tag_count; i++)
            if (is_named(templates[t]->tags[i].name, sum->fields[index].name))
                return templates[t]->tags[i].value;
    return index < sum->enumerator_count ? sum->enumerators[index].value : (int64_t)index;
}

static bool is_bare(const abide_type *type)
{
    return abide_type__strip(type)->kind == ABIDE_KIND_VOID;
}

/* The payload part holds a union of all payloads by their names, or the only one there is. */
static void find_payloads(const struct abide_template *as, const abide_type *sum,
                          struct abide_part whole, struct abide_part *payloads)
{
    bool is_union =
        as->op == ABIDE_TEMPLATE_RECORD && as->is_union && whole.type->kind == ABIDE_KIND_UNION;
    for (size_t i = 0; i < sum->field_count; i++) {
        if (is_bare(sum->fields[i].type) ||
            (as->op == ABIDE_TEMPLATE_CASE && !is_named(as->name, sum->fields[i].name)))
            continue;
        payloads[i] = whole;
        for (size_t f = 0; is_union && f < whole.type->field_count; f++)
            if (is_named(whole.type->fields[f].name, sum->fields[i].name))
                payloads[i].type = abide_type__strip(whole.type->fields[f].type);
    }
}

static bool has_every_payload(const abide_type *sum, const struct abide_part *payloads)
{
    for (size_t i = 0; i < sum->field_count; i++)
        if (!is_bare(sum->fields[i].type) && !payloads[i].type)
            return false;
    return true;
}

bool abide_parts__sum(const struct abide_side *side, const abide_type *sum,
                      const abide_type *physical, struct abide_sum_parts *parts)
{
    const struct abide_template *as = abide_parts__template(side, sum), *tag = NULL;
    struct abide_part *payloads =
        abide__new_array(side->ctx, struct abide_part, sum->field_count + 1);
    memset(parts, 0, sizeof *parts);
    memset(payloads, 0, (sum->field_count + 1) * sizeof *payloads);
    parts->niche_case = SIZE_MAX;
    parts->payloads = payloads;
    physical = abide_type__strip(physical);
    if (!as)
        return false;
    if (as->op == ABIDE_TEMPLATE_CASE) {
        parts->niche_case = abide_type__case(sum, as->name);
        if (parts->niche_case == SIZE_MAX)
            return false;
        payloads[parts->niche_case] = (struct abide_part){.type = physical};
        return true;
    }
    if (is_record(as, physical)) {
        for (size_t i = 0; i < as->member_count; i++) {
            struct abide_part part = part_at(side, as, i, physical);
            if (is_named(as->members[i].part, ABIDE_PART_TAG)) {
                parts->tag = part;
                tag = as->members[i].type;
            } else if (is_named(as->members[i].part, ABIDE_PART_PAYLOAD) && part.type &&
                       as->members[i].type) {
                find_payloads(as->members[i].type, sum, part, payloads);
            }
        }
    } else if (as->op == ABIDE_TEMPLATE_TAG) {
        parts->tag = (struct abide_part){.type = physical};
        tag = as;
    }
    int64_t *tags = abide__new_array(side->ctx, int64_t, sum->field_count + 1);
    for (size_t i = 0; i < sum->field_count; i++)
        tags[i] = tag_of(as, tag, sum, i);
    parts->tags = tags;
    return parts->tag.type && has_every_payload(sum, payloads);
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
