/* Templates filled with the type that they represent. */
#include "call/instantiate.h"

#include "base/diag.h"
#include "layout/layout.h"

#include <string.h>

/* What a template is filled with, and where in it we are. */
struct building {
    abide_ctx *ctx;
    const struct abide_representing *how;
    const abide_type *subject;
    const struct abide_template *record; /* the outermost record; NULL: not in one */
    bool is_far; /* behind a pointer: what the subject consists of stays abstract */
};

static const abide_type *build(const struct building *building, const struct abide_template *as);

/* A new type with what a record says about itself, to be filled with fields. */
abide_type *abide_instantiate__record(abide_ctx *ctx, enum abide_kind kind,
                                      const abide_type *subject, const char *name)
{
    const char *own = subject->name != NULL ? subject->name : name;
    abide_type *record = abide_type__new(ctx, kind, own, subject->place);
    if (abide_type__is_record(subject) || abide_type__is_sum(subject)) {
        record->packed = subject->packed;
        record->pack_bytes = subject->pack_bytes;
        record->align_bytes = subject->align_bytes;
        record->facts = subject->facts;
    }
    return record;
}

const abide_type *abide_instantiate__finish(abide_type *record, const struct abide_field *fields,
                                            size_t field_count)
{
    record->fields = fields;
    record->field_count = field_count;
    record->is_complete = true;
    abide_type__measure(record);
    return record;
}

/* "Field$i" with the index. */
static const char *field_name(abide_ctx *ctx, const char *pattern, size_t index)
{
    const char *hole = strstr(pattern, "$i");
    if (hole == NULL)
        return pattern;
    return abide__printf(ctx, "%.*s%zu%s", (int)(hole - pattern), pattern, index, hole + 2);
}

/* A type the subject consists of. NULL: reported. */
static const abide_type *content(const struct building *building, const abide_type *type)
{
    return building->is_far ? type : abide_represent__as(building->ctx, building->how, type);
}

typedef ABIDE_VEC(struct abide_field) field_list;

/* The fields of the subject, or the payloads of its cases, as far as there are any. false: reported. */
static bool add_content(const struct building *building, field_list *fields)
{
    const abide_type *subject = building->subject;
    bool changed = false;
    const struct abide_field *own =
        building->is_far ? subject->fields
                         : abide_represent__fields(building->ctx, building->how, subject, &changed);
    for (size_t i = 0; own != NULL && i < subject->field_count; i++) {
        if (own[i].type->kind != ABIDE_KIND_VOID)
            abide__push(building->ctx, fields, own[i]);
    }
    return own != NULL || subject->field_count == 0;
}

static const abide_type *case_payload(const abide_type *subject, const char *name)
{
    size_t index = abide_type__case(subject, name);
    return index != SIZE_MAX ? subject->fields[index].type : NULL;
}

/* A payload that the case does not have is no member. */
static bool is_absent(const struct building *building, const struct abide_template *as)
{
    if (as->op != ABIDE_TEMPLATE_CASE)
        return false;
    const abide_type *payload = case_payload(building->subject, as->name);
    return payload == NULL || payload->kind == ABIDE_KIND_VOID;
}

static bool add_member(const struct building *building, const struct abide_template_member *member,
                       field_list *fields)
{
    if (member->type == NULL)
        return add_content(building, fields);
    if (is_absent(building, member->type))
        return true;
    const abide_type *type = build(building, member->type);
    struct abide_field field = {.name = member->name,
                                .type = type,
                                .is_base = member->type->op == ABIDE_TEMPLATE_BASE,
                                .place = building->subject->place};
    if (member->type->op == ABIDE_TEMPLATE_RESERVE)
        field.align_bytes = building->subject->reserved_align_bytes;
    if (type != NULL)
        abide__push(building->ctx, fields, field);
    return type != NULL;
}

static uint64_t larger(uint64_t a, uint64_t b)
{
    return a > b ? a : b;
}

/* The cases that are known today have room in what is kept for those of tomorrow. */
static bool check_room(const struct building *building, const struct abide_field *field)
{
    const abide_type *subject = building->subject;
    const abide_layout *layout =
        abide_layout__physical(building->ctx, building->how->module->data, field->type);
    if (layout == NULL || (layout->size_bytes <= subject->reserved_bytes &&
                           layout->align_bytes <= subject->reserved_align_bytes))
        return layout != NULL;
    if (building->how->quiet)
        return false;
    abide_diag *diag = abide__report(
        building->ctx, ABIDE_CODE_RESERVE_TOO_SMALL, field->place,
        "case '%s' has %llu bytes, aligned to %llu, under %s: %s keeps room for %llu, aligned to "
        "%llu",
        field->name, (unsigned long long)layout->size_bytes,
        (unsigned long long)layout->align_bytes, building->how->module->name,
        subject->name != NULL ? abide__quote(building->ctx, subject->name) : "the variant",
        (unsigned long long)subject->reserved_bytes,
        (unsigned long long)subject->reserved_align_bytes);
    uint64_t size_bytes = larger(layout->size_bytes, subject->reserved_bytes);
    uint64_t align_bytes = larger(layout->align_bytes, subject->reserved_align_bytes);
    abide__diag_help(building->ctx, diag, "keep more: `open: {size: %llu, align: %llu}`",
                     (unsigned long long)size_bytes, (unsigned long long)align_bytes);
    return false;
}

static bool has_reserve(const struct abide_template *as)
{
    for (size_t i = 0; i < as->member_count; i++) {
        if (as->members[i].type != NULL && as->members[i].type->op == ABIDE_TEMPLATE_RESERVE)
            return true;
    }
    return false;
}

static bool check_reserve(const struct building *building, const struct abide_template *as,
                          const field_list *fields)
{
    bool fine = true;
    if (!has_reserve(as) || building->is_far)
        return true;
    for (size_t i = 0; i < fields->count; i++) {
        const char *name = fields->items[i].name;
        if (name != NULL && abide_type__case(building->subject, name) != SIZE_MAX)
            fine = check_room(building, &fields->items[i]) && fine;
    }
    return fine;
}

/* --- structs that grow ----------------------------------------------------------------------------- */

bool abide_instantiate__tells_size(const struct abide_template *as)
{
    for (size_t i = 0; as != NULL && as->op == ABIDE_TEMPLATE_RECORD && i < as->member_count; i++) {
        if (as->members[i].part != NULL && strcmp(as->members[i].part, ABIDE_PART_SIZE) == 0)
            return true;
    }
    return false;
}

static bool report_alignment(const struct building *building, const struct abide_field *field,
                             uint64_t align_bytes, uint64_t known_bytes)
{
    if (building->how->quiet)
        return false;
    abide_diag *diag = abide__report(
        building->ctx, ABIDE_CODE_BAD_FIELD, field->place,
        "'%s' is aligned to %llu bytes under %s, and in releases that lack it the struct is "
        "aligned to %llu",
        field->name, (unsigned long long)align_bytes, building->how->module->name,
        (unsigned long long)known_bytes);
    abide__diag_help(building->ctx, diag,
                     "a first release says `align: %llu` of the struct if later ones may need it",
                     (unsigned long long)align_bytes);
    return false;
}

/*
 * What a release adds starts where the struct of the one before ends, padding included: older sides leave anything there. Nor may it be
 * aligned more than they align the whole.
 */
static bool separate_versions(const struct building *building, field_list *fields)
{
    uint64_t align_bytes = larger(building->subject->align_bytes, 1);
    uint64_t first_bytes = 0;
    for (size_t i = 0; i < fields->count; i++) {
        struct abide_field *field = &fields->items[i];
        const abide_layout *layout =
            abide_layout__physical(building->ctx, building->how->module->data, field->type);
        if (layout == NULL)
            return false;
        if (field->is_later && first_bytes == 0)
            first_bytes = align_bytes;
        uint64_t own_bytes = larger(layout->align_bytes, field->align_bytes);
        if (field->is_later && own_bytes > first_bytes)
            return report_alignment(building, field, own_bytes, first_bytes);
        if (field->starts_version && own_bytes < first_bytes)
            field->align_bytes = (uint32_t)first_bytes;
        align_bytes = larger(align_bytes, own_bytes);
    }
    return true;
}

static const abide_type *build_record(const struct building *building,
                                      const struct abide_template *as)
{
    struct building inner = *building;
    field_list fields = {0};
    if (building->record == NULL)
        inner.record = as;
    for (size_t i = 0; i < as->member_count; i++) {
        if (!add_member(&inner, &as->members[i], &fields))
            return NULL;
    }
    if (!check_reserve(building, as, &fields))
        return NULL;
    if (building->record == NULL && !building->is_far && abide_type__is_sized(building->subject) &&
        abide_instantiate__tells_size(as) && !separate_versions(building, &fields))
        return NULL;
    for (size_t i = 0; as->field_pattern != NULL && i < fields.count; i++)
        fields.items[i].name = field_name(building->ctx, as->field_pattern, i);
    enum abide_kind kind = as->is_union ? ABIDE_KIND_UNION : ABIDE_KIND_STRUCT;
    /* A record inside the record is not the subject. */
    abide_type *record =
        building->record == NULL
            ? abide_instantiate__record(building->ctx, kind, building->subject, as->name)
            : abide_type__new(building->ctx, kind, as->name, building->subject->place);
    return abide_instantiate__finish(record, fields.items, fields.count);
}

static const abide_type *build_array(const struct building *building,
                                     const struct abide_template *as)
{
    abide_ctx *ctx = building->ctx;
    const abide_type *subject = building->subject;
    const abide_type *element = build(building, as->items[0]);
    if (element == NULL)
        return NULL;
    if (as->is_flexible)
        return abide_type__array(ctx, element, 0, true);
    uint64_t count = as->count_from == ABIDE_TEMPLATE_COUNT_GIVEN ? as->count : subject->count;
    if (as->count_from == ABIDE_TEMPLATE_COUNT_BITS) {
        uint64_t bits = (uint64_t)abide__scalars[as->items[0]->scalar].size_bytes * 8;
        count = count / bits + (count % bits != 0);
    }
    if (as->align_bytes == 0)
        return abide_type__array(ctx, element, count, false);
    abide_type *array = abide_type__new(ctx, ABIDE_KIND_ARRAY, NULL, subject->place);
    array->target = element;
    array->count = count;
    array->align_bytes = as->align_bytes;
    array->is_complete = true;
    abide_type__measure(array);
    return array;
}

static const abide_type *build_smallest(const struct building *building,
                                        const struct abide_template *as)
{
    for (size_t i = 0; i + 1 < as->item_count; i++) {
        if (building->subject->count <=
            (uint64_t)abide__scalars[as->items[i]->scalar].size_bytes * 8)
            return build(building, as->items[i]);
    }
    return build(building, as->items[as->item_count - 1]);
}

/* A pointer's target stays abstract (see represent.h); a template inside may build one, though. */
static const abide_type *build_pointer(const struct building *building,
                                       const struct abide_template *as)
{
    struct building far = *building;
    far.is_far = true;
    far.record = NULL;
    const abide_type *target = build(&far, as->items[0]);
    return target != NULL ? abide_type__pointer(building->ctx, target, as->is_mutable, true) : NULL;
}

/* The code of a closure is a function that takes an environment: `target` tells of which closure. */
static const abide_type *build_code(abide_ctx *ctx, const abide_type *subject)
{
    abide_type *code = abide_type__new(ctx, ABIDE_KIND_FUNCTION, NULL, subject->place);
    code->signature = subject->signature;
    code->target = subject;
    code->is_complete = true;
    abide_type__measure(code);
    return code;
}

/* A function of the form's own: its parameters have no names, and its result is the last item. */
static const abide_type *build_function(const struct building *building,
                                        const struct abide_template *as)
{
    abide_ctx *ctx = building->ctx;
    size_t count = as->item_count - 1;
    abide_signature *signature = abide__new(ctx, abide_signature);
    struct abide_param *params = abide__new_array(ctx, struct abide_param, count);
    struct building far = *building;
    far.is_far = true;
    far.record = NULL;
    for (size_t i = 0; i < count; i++)
        params[i] = (struct abide_param){.type = build(&far, as->items[i]),
                                         .place = building->subject->place};
    signature->params = params;
    signature->param_count = signature->fixed_count = count;
    signature->result = build(&far, as->items[count]);
    signature->place = building->subject->place;
    return abide_type__callable(ctx, ABIDE_KIND_FUNCTION, signature);
}

static const abide_type *build_opaque(abide_ctx *ctx, const char *name, const abide_type *subject)
{
    return abide_type__new(ctx, ABIDE_KIND_OPAQUE, name, subject->place);
}

/* A member may be absent, and then others stand in its place: the two have the names in common. */
size_t abide_instantiate__field(const struct abide_template *as, size_t member,
                                const abide_type *record)
{
    const char *name = as->members[member].name;
    if (name == NULL || as->field_pattern != NULL)
        return as->member_count == record->field_count ? member : SIZE_MAX;
    for (size_t i = 0; i < record->field_count; i++) {
        if (record->fields[i].name != NULL && strcmp(record->fields[i].name, name) == 0)
            return i;
    }
    return SIZE_MAX;
}

/* --- tags ---------------------------------------------------------------------------------------- */

static const struct abide_template_tag *find_tag(const struct abide_template *as, const char *name)
{
    for (size_t i = 0; i < as->tag_count; i++) {
        if (strcmp(as->tags[i].name, name) == 0)
            return &as->tags[i];
    }
    return NULL;
}

static const struct abide_template *tag_template(const struct abide_template *as)
{
    for (size_t i = 0; i < as->member_count; i++) {
        const struct abide_template *type = as->members[i].type;
        if (type != NULL && type->op == ABIDE_TEMPLATE_TAG)
            return type;
    }
    return as;
}

int64_t abide_instantiate__tag(const struct abide_template *as, const abide_type *type,
                               size_t index)
{
    const struct abide_enumerator *enumerator = &type->enumerators[index];
    const struct abide_template_tag *tag = find_tag(as, enumerator->name);
    if (tag == NULL)
        tag = find_tag(tag_template(as), enumerator->name);
    return tag != NULL ? tag->value : enumerator->value;
}

/* Whether a scalar of this model can hold the number of an enumerator; of flags the number of a bit. */
static bool can_hold(const struct abide_scalar_model *model, const abide_type *type, size_t index,
                     int64_t value)
{
    uint32_t bits = model->size_bytes * 8;
    if (type->kind == ABIDE_KIND_FLAGS)
        return value >= 0 && value < (int64_t)bits;
    if (type->enumerators[index].is_large)
        return bits >= 64 && !model->is_signed;
    if (model->is_signed)
        return bits >= 64 ||
               (value >= -(INT64_C(1) << (bits - 1)) && value < INT64_C(1) << (bits - 1));
    return value >= 0 && (bits >= 63 || value < INT64_C(1) << bits);
}

static bool can_tell(const struct building *building, const struct abide_template *as,
                     enum abide_scalar scalar)
{
    const abide_type *subject = building->subject;
    const struct abide_scalar_model *model = &building->how->module->data->scalars[scalar];
    const struct abide_template *outer = building->record != NULL ? building->record : as;
    for (size_t i = 0; model->size_bytes > 0 && i < subject->enumerator_count; i++) {
        if (!can_hold(model, subject, i, abide_instantiate__tag(outer, subject, i)))
            return false;
    }
    return model->size_bytes > 0;
}

bool abide_instantiate__check_values(abide_ctx *ctx, const struct abide_representing *how,
                                     const abide_type *type, const abide_type *base)
{
    const abide_type *integer = abide_type__strip(base);
    if (integer->kind != ABIDE_KIND_SCALAR)
        return true;
    const struct abide_scalar_model *model = &how->module->data->scalars[integer->scalar];
    for (size_t i = 0; model->size_bytes > 0 && i < type->enumerator_count; i++) {
        const struct abide_enumerator *enumerator = &type->enumerators[i];
        if (can_hold(model, type, i, enumerator->value))
            continue;
        if (!how->quiet)
            abide__report(ctx, ABIDE_CODE_BAD_VALUE, enumerator->place,
                          enumerator->is_large ? "%s is %llu, which does not fit in %s of %s"
                                               : "%s is %lld, which does not fit in %s of %s",
                          abide__quote(ctx, enumerator->name), (long long)enumerator->value,
                          abide_type_print(ctx, base), how->module->name);
        return false;
    }
    return true;
}

static const abide_type *report_no_tag(const struct building *building)
{
    const struct abide_representing *how = building->how;
    const abide_type *subject = building->subject;
    if (how->quiet)
        return NULL;
    abide_diag *diag =
        abide__report(building->ctx, ABIDE_CODE_NO_REPRESENTATION,
                      how->place.source != NULL ? how->place : subject->place,
                      "%s has no integer that can hold all values of %s", how->module->name,
                      abide__quote(building->ctx, abide_type_print(building->ctx, subject)));
    abide__diag_help(building->ctx, diag,
                     "give them other numbers, or say which integer: `%s: u64`",
                     abide_type__is_sum(subject) ? "tag" : "base");
    return NULL;
}

static const abide_type *build_tag(const struct building *building, const struct abide_template *as)
{
    const abide_type *subject = building->subject;
    if (!as->is_fixed && subject->target != NULL)
        return content(building, subject->target);
    for (size_t i = 0; i < as->item_count; i++) {
        if (can_tell(building, as, as->items[i]->scalar))
            return build(building, as->items[i]);
    }
    return report_no_tag(building);
}

static const abide_type *build(const struct building *building, const struct abide_template *as)
{
    abide_ctx *ctx = building->ctx;
    const abide_type *subject = building->subject;
    switch (as->op) {
    case ABIDE_TEMPLATE_SCALAR: return abide_type__scalar(ctx, as->scalar);
    case ABIDE_TEMPLATE_VOID: return abide_type__void(ctx);
    case ABIDE_TEMPLATE_OPAQUE: return build_opaque(ctx, as->name, subject);
    case ABIDE_TEMPLATE_TARGET:
    case ABIDE_TEMPLATE_BASE: return content(building, subject->target);
    case ABIDE_TEMPLATE_ELEMENT:
        return abide_represent__element(ctx, building->how, subject->target);
    case ABIDE_TEMPLATE_CODE: return build_code(ctx, subject);
    case ABIDE_TEMPLATE_FUNCTION: return build_function(building, as);
    case ABIDE_TEMPLATE_POINTER: return build_pointer(building, as);
    case ABIDE_TEMPLATE_ARRAY: return build_array(building, as);
    case ABIDE_TEMPLATE_RECORD: return build_record(building, as);
    case ABIDE_TEMPLATE_SMALLEST: return build_smallest(building, as);
    case ABIDE_TEMPLATE_TAG: return build_tag(building, as);
    case ABIDE_TEMPLATE_RESERVE:
        return abide_type__array(ctx, abide_type__scalar(ctx, ABIDE_SCALAR_U8),
                                 subject->reserved_bytes, false);
    case ABIDE_TEMPLATE_CASE: {
        const abide_type *payload = case_payload(subject, as->name);
        return payload != NULL ? content(building, payload) : abide_type__void(ctx);
    }
    }
    return NULL;
}

const abide_type *abide_instantiate__template(abide_ctx *ctx, const struct abide_representing *how,
                                              const abide_type *subject,
                                              const struct abide_template *as)
{
    struct building building = {.ctx = ctx, .how = how, .subject = subject};
    return build(&building, as);
}
