/* Representation: what physical type stands for an abstract one under a module. */
#include "call/represent.h"

#include "base/checked.h"
#include "base/diag.h"
#include "base/hash.h"
#include "call/decide.h"
#include "call/lowerings.h"
#include "call/physical.h"
#include "layout/layout.h"

#include <assert.h>
#include <string.h>

/* --- memory of answers ------------------------------------------------------------------------ */

struct key {
    const abide_module *module;
    const abide_module *foreign;
    const abide_type *type;
    uintptr_t deciding; /* as wide as the others: no padding in the key */
};

struct abide_represented {
    struct key key;
    const abide_type *physical;
    UT_hash_handle hh;
};

static struct key key_of(const struct abide_representing *how, const abide_type *type)
{
    return (struct key){how->module, how->foreign, type, how->deciding};
}

static const abide_type *recall(abide_ctx *ctx, const struct key *key)
{
    struct abide_represented *known;
    HASH_FIND(hh, abide_lowerings__of(ctx)->represented, key, sizeof *key, known);
    return known != NULL ? known->physical : NULL;
}

static void remember(abide_ctx *ctx, const struct key *key, const abide_type *physical)
{
    struct abide_represented *known = abide__new(ctx, struct abide_represented);
    known->key = *key;
    known->physical = physical;
    HASH_ADD(hh, abide_lowerings__of(ctx)->represented, key, sizeof known->key, known);
}

/* --- facts ------------------------------------------------------------------------------------- */

static const char *const subject_words[] = {"types", "parameters", "results"};

static const struct abide_fact_decl *find_fact(const abide_module *module,
                                               enum abide_fact_subject subject, const char *name)
{
    for (size_t i = 0; i < module->language->fact_count; i++) {
        const struct abide_fact_decl *fact = &module->language->facts[i];
        if (fact->subject == subject && strcmp(fact->name, name) == 0)
            return fact;
    }
    return NULL;
}

struct facts_of {
    const struct abide_language *language;
    enum abide_fact_subject subject;
};

static const char *nth_fact(const void *user, size_t index)
{
    const struct facts_of *facts = user;
    for (size_t i = 0; i < facts->language->fact_count; i++) {
        if (facts->language->facts[i].subject == facts->subject && index-- == 0)
            return facts->language->facts[i].name;
    }
    return NULL;
}

static void report_fact(abide_ctx *ctx, const abide_module *module, enum abide_fact_subject subject,
                        const struct abide_fact *fact)
{
    abide_diag *diag =
        abide__report(ctx, ABIDE_CODE_UNKNOWN_FACT, fact->place, "%s knows no fact %s of %s",
                      module->name, abide__quote(ctx, fact->name), subject_words[subject]);
    struct facts_of facts = {module->language, subject};
    const char *near = abide__nearest(fact->name, nth_fact, &facts);
    for (unsigned other = 0; other < 3; other++) {
        if (find_fact(module, (enum abide_fact_subject)other, fact->name) != NULL)
            abide__diag_help(ctx, diag, "it is a fact of %s", subject_words[other]);
    }
    if (near != NULL)
        abide__diag_help(ctx, diag, "did you mean '%s'?", near);
}

/* Machine modules take every interface: what they do not declare concerns somebody else. */
bool abide_represent__knows_fact(abide_ctx *ctx, const struct abide_representing *how,
                                 enum abide_fact_subject subject, const struct abide_fact *fact)
{
    if (!how->module->is_language || find_fact(how->module, subject, fact->name) != NULL ||
        (how->foreign != NULL && find_fact(how->foreign, subject, fact->name) != NULL))
        return true;
    if (!how->quiet)
        report_fact(ctx, how->module, subject, fact);
    return false;
}

static bool knows_facts(abide_ctx *ctx, const struct abide_representing *how,
                        const abide_type *type)
{
    bool fine = true;
    if (how->deciding) /* asked again for the memory, and then reported */
        return true;
    for (size_t i = 0; i < type->facts.count; i++)
        fine = abide_represent__knows_fact(ctx, how, ABIDE_FACT_OF_TYPE, &type->facts.items[i]) &&
               fine;
    return fine;
}

/* --- forms ------------------------------------------------------------------------------------- */

static bool names_form(const struct abide_form_decl *forms, const char *name)
{
    for (size_t i = 0; forms != NULL && i < forms->name_count; i++) {
        if (strcmp(forms->names[i], name) == 0)
            return true;
    }
    return false;
}

static const struct abide_form_decl *forms_of(const abide_module *module, enum abide_kind kind)
{
    return module != NULL ? abide_language__forms(module->language, kind) : NULL;
}

const char *abide_represent__form(const abide_module *module, const abide_type *type)
{
    const struct abide_form_decl *forms = forms_of(module, type->kind);
    if (forms == NULL)
        return NULL;
    return type->form != NULL && names_form(forms, type->form) ? type->form : forms->names[0];
}

static const char *nth_form(const void *user, size_t index)
{
    const struct abide_form_decl *forms = user;
    return index < forms->name_count ? forms->names[index] : NULL;
}

/* A form that is none of those which this module, or the one at the other side, has of the type. */
static bool knows_form(abide_ctx *ctx, const struct abide_representing *how, const abide_type *type)
{
    const struct abide_form_decl *own = forms_of(how->module, type->kind);
    const struct abide_form_decl *other = forms_of(how->foreign, type->kind);
    if (type->form == NULL || own == NULL || names_form(own, type->form) ||
        names_form(other, type->form))
        return true;
    if (how->quiet || how->deciding)
        return how->deciding;
    bool known_place = how->place.source != NULL;
    abide_diag *diag =
        abide__report(ctx, ABIDE_CODE_UNKNOWN_FORM, known_place ? how->place : type->place,
                      "%s has no form %s of a %s", how->module->name, abide__quote(ctx, type->form),
                      abide__kind_names[type->kind]);
    const char *near = abide__nearest(type->form, nth_form, own);
    if (near != NULL)
        abide__diag_help(ctx, diag, "did you mean '%s'?", near);
    else
        abide__diag_help(ctx, diag, "its usual form is '%s'", own->names[0]);
    return false;
}

static bool has_foreign_facts(const struct abide_representing *how, const abide_type *type)
{
    for (size_t i = 0; i < type->facts.count; i++) {
        const char *name = type->facts.items[i].name;
        if (find_fact(how->module, ABIDE_FACT_OF_TYPE, name) == NULL &&
            find_fact(how->foreign, ABIDE_FACT_OF_TYPE, name) != NULL)
            return true;
    }
    return false;
}

/*
 * Facts that this module does not declare, of a type or of what it extends, may change the layout: then the declaring
 * module says what it is.
 */
static bool is_foreign(const struct abide_representing *how, const abide_type *type)
{
    if (how->foreign == NULL)
        return false;
    while (!has_foreign_facts(how, type)) {
        if (type->kind != ABIDE_KIND_STRUCT || type->target == NULL)
            return false;
        type = abide_type__strip(type->target);
    }
    return true;
}

/* --- choosing ---------------------------------------------------------------------------------- */

static const struct abide_representation *entry_for(const struct abide_representing *how,
                                                    const abide_type *type)
{
    const struct abide_language *language = how->module->language;
    if (type->kind == ABIDE_KIND_SCALAR)
        return &language->represent_scalar[type->scalar];
    const struct abide_representation *own = &language->decide_represent[type->kind];
    return how->deciding && own->choice_count > 0 ? own : &language->represent[type->kind];
}

static const struct abide_template *first_match(abide_ctx *ctx,
                                                const struct abide_representing *how,
                                                const struct abide_representation *entry,
                                                const abide_type *type)
{
    struct abide_subject subject = {.module = how->module, .type = type};
    for (size_t i = 0; i < entry->choice_count; i++) {
        if (abide_decide__holds(ctx, &subject, entry->choices[i].when))
            return entry->choices[i].as;
    }
    return NULL;
}

const struct abide_template *abide_represent__template(abide_ctx *ctx,
                                                       const struct abide_representing *how,
                                                       const abide_type *type)
{
    if (is_foreign(how, type))
        return NULL;
    const struct abide_template *as = first_match(ctx, how, entry_for(how, type), type);
    if (as != NULL || !how->deciding || type->kind == ABIDE_KIND_SCALAR)
        return as;
    /* `decide` says only what differs. */
    return first_match(ctx, how, &how->module->language->represent[type->kind], type);
}

/* --- building ---------------------------------------------------------------------------------- */

/* What a template is filled with, and where in it we are. */
struct building {
    abide_ctx *ctx;
    const struct abide_representing *how;
    const abide_type *subject;
    const struct abide_template *record; /* the outermost record; NULL: not in one */
    bool is_far; /* behind a pointer: what the subject consists of stays abstract */
};

static const abide_type *build(const struct building *building, const struct abide_template *as);

static bool is_record(const abide_type *type)
{
    return type->kind == ABIDE_KIND_STRUCT || type->kind == ABIDE_KIND_UNION ||
           type->kind == ABIDE_KIND_TUPLE;
}

/* A new type with what a record says about itself, to be filled with fields. */
static abide_type *new_record(abide_ctx *ctx, enum abide_kind kind, const abide_type *subject,
                              const char *name)
{
    const char *own = subject->name != NULL ? subject->name : name;
    abide_type *record = abide_type__new(ctx, kind, own, subject->place);
    if (is_record(subject) || abide_type__is_sum(subject)) {
        record->packed = subject->packed;
        record->pack_bytes = subject->pack_bytes;
        record->align_bytes = subject->align_bytes;
        record->facts = subject->facts;
    }
    return record;
}

static const abide_type *finish_record(abide_type *record, const struct abide_field *fields,
                                       size_t field_count)
{
    record->fields = fields;
    record->field_count = field_count;
    record->is_complete = true;
    abide_type__measure(record);
    return record;
}

/* `changed` tells whether any field has another type than before. NULL: reported. */
static struct abide_field *represent_fields(abide_ctx *ctx, const struct abide_representing *how,
                                            const abide_type *type, bool *changed)
{
    struct abide_field *fields = abide__new_array(ctx, struct abide_field, type->field_count);
    struct abide_representing inner = *how;
    for (size_t i = 0; i < type->field_count; i++) {
        fields[i] = type->fields[i];
        if (how->place.source == NULL) /* nobody asked from a more telling place */
            inner.place = fields[i].place;
        fields[i].type = abide_represent__as(ctx, &inner, type->fields[i].type);
        if (fields[i].type == NULL)
            return NULL;
        *changed = *changed || fields[i].type != type->fields[i].type;
    }
    return fields;
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
                         : represent_fields(building->ctx, building->how, subject, &changed);
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
    for (size_t i = 0; as->field_pattern != NULL && i < fields.count; i++)
        fields.items[i].name = field_name(building->ctx, as->field_pattern, i);
    enum abide_kind kind = as->is_union ? ABIDE_KIND_UNION : ABIDE_KIND_STRUCT;
    /* A record inside the record is not the subject. */
    abide_type *record =
        building->record == NULL
            ? new_record(building->ctx, kind, building->subject, as->name)
            : abide_type__new(building->ctx, kind, as->name, building->subject->place);
    return finish_record(record, fields.items, fields.count);
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

static const abide_type *build_opaque(abide_ctx *ctx, const char *name, const abide_type *subject)
{
    return abide_type__new(ctx, ABIDE_KIND_OPAQUE, name, subject->place);
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

int64_t abide_represent__tag(const struct abide_template *as, const abide_type *type, size_t index)
{
    const struct abide_enumerator *enumerator = &type->enumerators[index];
    const struct abide_template_tag *tag = find_tag(as, enumerator->name);
    if (tag == NULL)
        tag = find_tag(tag_template(as), enumerator->name);
    return tag != NULL ? tag->value : enumerator->value;
}

/* Whether a scalar of this model can hold the number; of flags the number of a bit. */
static bool can_hold(const struct abide_scalar_model *model, bool is_flags, int64_t value)
{
    uint32_t bits = model->size_bytes * 8;
    if (is_flags)
        return value >= 0 && value < (int64_t)bits;
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
        if (!can_hold(model, subject->kind == ABIDE_KIND_FLAGS,
                      abide_represent__tag(outer, subject, i)))
            return false;
    }
    return model->size_bytes > 0;
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

/* --- by kind ------------------------------------------------------------------------------------- */

static const abide_type *report_none(abide_ctx *ctx, const struct abide_representing *how,
                                     const abide_type *type)
{
    if (how->quiet)
        return NULL;
    bool known_place = how->place.source != NULL;
    abide_diag *diag =
        abide__report(ctx, ABIDE_CODE_NO_REPRESENTATION, known_place ? how->place : type->place,
                      "%s has no form for %s%s%s", how->module->name,
                      abide__quote(ctx, abide_type_print(ctx, type)),
                      how->what != NULL ? " of " : "", how->what != NULL ? how->what : "");
    if (how->foreign != NULL)
        abide__diag_help(ctx, diag, "%s has none either: say what it is made of, or ptr<void>",
                         how->foreign->name);
    else
        abide__diag_help(ctx, diag,
                         "say what it is made of, or ask together with an ABI that has it "
                         "(--caller, --callee), whose form is then carried through");
    return NULL;
}

/* A type without a form here is carried in the form of the other side. */
static const abide_type *represent_as_foreign(abide_ctx *ctx, const struct abide_representing *how,
                                              const abide_type *type)
{
    if (how->foreign == NULL || how->foreign == how->module)
        return report_none(ctx, how, type);
    struct abide_representing other = {
        .module = how->foreign, .what = how->what, .place = how->place, .quiet = true};
    const abide_type *physical = abide_represent__as(ctx, &other, type);
    return physical != NULL ? physical : report_none(ctx, how, type);
}

/* An enum keeps its name; its base becomes what the template says. */
static const abide_type *enum_of(abide_ctx *ctx, const abide_type *type, const abide_type *base)
{
    bool is_enum = type->kind == ABIDE_KIND_ENUM;
    if (base == NULL || (is_enum && base == type->target))
        return base != NULL ? type : NULL;
    abide_type *physical = abide_type__new(ctx, ABIDE_KIND_ENUM, type->name, type->place);
    physical->facts = type->facts;
    if (type->kind != ABIDE_KIND_FLAGS) { /* whose numbers are not values but bits */
        physical->enumerators = type->enumerators;
        physical->enumerator_count = type->enumerator_count;
    }
    physical->is_open = type->is_open;
    physical->target = base;
    physical->is_complete = true;
    abide_type__measure(physical);
    return physical;
}

static const abide_type *represent_array(abide_ctx *ctx, const struct abide_representing *how,
                                         const abide_type *type)
{
    const abide_type *element = abide_represent__as(ctx, how, type->target);
    if (element == NULL || element == type->target)
        return element != NULL ? type : NULL;
    return abide_type__array(ctx, element, type->count, type->is_flexible);
}

static const abide_type *represent_record(abide_ctx *ctx, const struct abide_representing *how,
                                          const abide_type *type)
{
    bool changed = false;
    if (!type->is_complete)
        return type; /* the layout reports it, with its place */
    if (type->kind == ABIDE_KIND_STRUCT && type->target != NULL)
        return represent_as_foreign(ctx, how, type); /* no template for `base:` */
    const struct abide_field *fields = represent_fields(ctx, how, type, &changed);
    if (fields == NULL || !changed)
        return fields != NULL ? type : NULL;
    return finish_record(new_record(ctx, type->kind, type, NULL), fields, type->field_count);
}

/* What a kind is where no template applies. */
static const abide_type *represent_plainly(abide_ctx *ctx, const struct abide_representing *how,
                                           const abide_type *type)
{
    switch (type->kind) {
    case ABIDE_KIND_VOID:
    case ABIDE_KIND_SCALAR:
    case ABIDE_KIND_POINTER:
    case ABIDE_KIND_FUNCTION:
    case ABIDE_KIND_ENUM:
    case ABIDE_KIND_OPAQUE:
    case ABIDE_KIND_RESOURCE: return type;
    case ABIDE_KIND_ARRAY: return represent_array(ctx, how, type);
    case ABIDE_KIND_STRUCT:
    case ABIDE_KIND_UNION: return represent_record(ctx, how, type);
    case ABIDE_KIND_NEWTYPE: return abide_represent__as(ctx, how, type->target);
    case ABIDE_KIND_TUPLE:
    case ABIDE_KIND_BITSET:
    case ABIDE_KIND_SLICE:
    case ABIDE_KIND_SEQ:
    case ABIDE_KIND_STRING:
    case ABIDE_KIND_CSTRING:
    case ABIDE_KIND_CLOSURE:
    case ABIDE_KIND_RAW:
    case ABIDE_KIND_FLAGS:
    case ABIDE_KIND_VARIANT:
    case ABIDE_KIND_OPTION:
    case ABIDE_KIND_RESULT:
    case ABIDE_KIND_BOX:
    case ABIDE_KIND_STRING0:
    case ABIDE_KIND_HANDLE:
    case ABIDE_KIND_COUNT: break;
    }
    return represent_as_foreign(ctx, how, type);
}

/* What is a number, and has a name. */
static bool is_named_number(const abide_type *type, const abide_type *physical)
{
    bool has_values = type->kind == ABIDE_KIND_FLAGS || type->kind == ABIDE_KIND_VARIANT;
    return type->kind == ABIDE_KIND_ENUM || (has_values && type->name != NULL && physical != NULL &&
                                             physical->kind == ABIDE_KIND_SCALAR);
}

static const abide_type *represent_anew(abide_ctx *ctx, const struct abide_representing *how,
                                        const abide_type *type)
{
    if (!knows_facts(ctx, how, type) || !knows_form(ctx, how, type))
        return NULL;
    if (is_foreign(how, type) || entry_for(how, type)->is_refused)
        return represent_as_foreign(ctx, how, type);
    bool is_fixed = (type->kind == ABIDE_KIND_ARRAY && type->is_flexible) ||
                    (is_record(type) && !type->is_complete) || type->kind == ABIDE_KIND_OPAQUE;
    const struct abide_template *as = is_fixed ? NULL : abide_represent__template(ctx, how, type);
    if (as == NULL)
        return represent_plainly(ctx, how, type);
    struct building building = {.ctx = ctx, .how = how, .subject = type};
    const abide_type *physical = build(&building, as);
    return is_named_number(type, physical) ? enum_of(ctx, type, physical) : physical;
}

const abide_type *abide_represent__as(abide_ctx *ctx, const struct abide_representing *how,
                                      const abide_type *type)
{
    struct key key = key_of(how, type);
    const abide_type *physical = recall(ctx, &key);
    if (physical != NULL)
        return physical;
    physical = represent_anew(ctx, how, type);
    if (physical != NULL)
        remember(ctx, &key, physical);
    return physical;
}

const abide_type *abide_represent__element(abide_ctx *ctx, const struct abide_representing *how,
                                           const abide_type *type)
{
    type = abide_type__strip(type);
    if (type->kind == ABIDE_KIND_ARRAY) /* not through its representation: it may lead back here */
        return type->target;
    const abide_type *physical = abide_represent__as(ctx, how, type);
    return physical != NULL && physical->kind == ABIDE_KIND_ARRAY ? physical->target : NULL;
}

const abide_type *abide_represent__type(abide_ctx *ctx, const abide_module *module,
                                        const abide_type *type, const abide_module *foreign)
{
    struct abide_representing how = {.module = module, .foreign = foreign};
    return abide_represent__as(ctx, &how, type);
}

const abide_layout *abide_layout_of(abide_ctx *ctx, const abide_module *module,
                                    const abide_type *type)
{
    struct abide_guard guard;
    if (!module || !type || setjmp(*abide__guard_enter(ctx, &guard)))
        return NULL;
    const abide_type *physical = abide_represent__type(ctx, module, type, NULL);
    const abide_layout *layout =
        physical != NULL ? abide_layout__physical(ctx, module->data, physical) : NULL;
    abide__guard_leave(ctx, &guard);
    return layout;
}
