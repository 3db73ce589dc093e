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
    const struct abide_template *as = first_match(ctx, how, entry_for(how, type), type);
    if (as != NULL || !how->deciding || type->kind == ABIDE_KIND_SCALAR)
        return as;
    /* `decide` says only what differs. */
    return first_match(ctx, how, &how->module->language->represent[type->kind], type);
}

/* --- building ---------------------------------------------------------------------------------- */

static const abide_type *build(abide_ctx *ctx, const struct abide_representing *how,
                               const struct abide_template *as, const abide_type *subject);

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
    if (is_record(subject)) {
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

static const abide_type *build_record(abide_ctx *ctx, const struct abide_representing *how,
                                      const struct abide_template *as, const abide_type *subject)
{
    ABIDE_VEC(struct abide_field) fields = {0};
    for (size_t i = 0; i < as->member_count; i++) {
        const struct abide_template_member *member = &as->members[i];
        if (member->type != NULL) {
            const abide_type *type = build(ctx, how, member->type, subject);
            if (type == NULL)
                return NULL;
            abide__push(ctx, &fields,
                        (struct abide_field){.name = member->name,
                                             .type = type,
                                             .is_base = member->type->op == ABIDE_TEMPLATE_BASE,
                                             .place = subject->place});
            continue;
        }
        bool changed = false;
        const struct abide_field *own = represent_fields(ctx, how, subject, &changed);
        for (size_t at = 0; own != NULL && at < subject->field_count; at++)
            abide__push(ctx, &fields, own[at]);
        if (own == NULL)
            return NULL;
    }
    for (size_t i = 0; as->field_pattern != NULL && i < fields.count; i++)
        fields.items[i].name = field_name(ctx, as->field_pattern, i);
    enum abide_kind kind = as->is_union ? ABIDE_KIND_UNION : ABIDE_KIND_STRUCT;
    return finish_record(new_record(ctx, kind, subject, as->name), fields.items, fields.count);
}

static const abide_type *build_array(abide_ctx *ctx, const struct abide_representing *how,
                                     const struct abide_template *as, const abide_type *subject)
{
    const abide_type *element = build(ctx, how, as->items[0], subject);
    if (element == NULL)
        return NULL;
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

static const abide_type *build_smallest(abide_ctx *ctx, const struct abide_representing *how,
                                        const struct abide_template *as, const abide_type *subject)
{
    for (size_t i = 0; i + 1 < as->item_count; i++) {
        if (subject->count <= (uint64_t)abide__scalars[as->items[i]->scalar].size_bytes * 8)
            return build(ctx, how, as->items[i], subject);
    }
    return build(ctx, how, as->items[as->item_count - 1], subject);
}

/* A pointer's target stays abstract (see represent.h); a template inside may build one, though. */
static const abide_type *build_pointer(abide_ctx *ctx, const struct abide_representing *how,
                                       const struct abide_template *as, const abide_type *subject)
{
    const struct abide_template *item = as->items[0];
    const abide_type *target =
        item->op == ABIDE_TEMPLATE_TARGET ? subject->target : build(ctx, how, item, subject);
    return target != NULL ? abide_type__pointer(ctx, target, as->is_mutable, true) : NULL;
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

static const abide_type *build(abide_ctx *ctx, const struct abide_representing *how,
                               const struct abide_template *as, const abide_type *subject)
{
    switch (as->op) {
    case ABIDE_TEMPLATE_SCALAR: return abide_type__scalar(ctx, as->scalar);
    case ABIDE_TEMPLATE_VOID: return abide_type__void(ctx);
    case ABIDE_TEMPLATE_OPAQUE: return build_opaque(ctx, as->name, subject);
    case ABIDE_TEMPLATE_TARGET:
    case ABIDE_TEMPLATE_BASE: return abide_represent__as(ctx, how, subject->target);
    case ABIDE_TEMPLATE_ELEMENT: return abide_represent__element(ctx, how, subject->target);
    case ABIDE_TEMPLATE_CODE: return build_code(ctx, subject);
    case ABIDE_TEMPLATE_POINTER: return build_pointer(ctx, how, as, subject);
    case ABIDE_TEMPLATE_ARRAY: return build_array(ctx, how, as, subject);
    case ABIDE_TEMPLATE_RECORD: return build_record(ctx, how, as, subject);
    case ABIDE_TEMPLATE_SMALLEST: return build_smallest(ctx, how, as, subject);
    case ABIDE_TEMPLATE_TAG:
    case ABIDE_TEMPLATE_RESERVE:
    case ABIDE_TEMPLATE_CASE: break;
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
    if (base == NULL || base == type->target)
        return base != NULL ? type : NULL;
    abide_type *physical = abide_type__new(ctx, ABIDE_KIND_ENUM, type->name, type->place);
    physical->facts = type->facts;
    physical->enumerators = type->enumerators;
    physical->enumerator_count = type->enumerator_count;
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

static const abide_type *represent_anew(abide_ctx *ctx, const struct abide_representing *how,
                                        const abide_type *type)
{
    if (!knows_facts(ctx, how, type))
        return NULL;
    if (is_foreign(how, type) || entry_for(how, type)->is_refused)
        return represent_as_foreign(ctx, how, type);
    bool is_fixed = (type->kind == ABIDE_KIND_ARRAY && type->is_flexible) ||
                    (is_record(type) && !type->is_complete) || type->kind == ABIDE_KIND_OPAQUE;
    const struct abide_template *as = is_fixed ? NULL : abide_represent__template(ctx, how, type);
    if (as == NULL)
        return represent_plainly(ctx, how, type);
    const abide_type *physical = build(ctx, how, as, type);
    return type->kind == ABIDE_KIND_ENUM ? enum_of(ctx, type, physical) : physical;
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
