/* Representation: what physical type stands for an abstract one under a module. */
#include "call/represent.h"

#include "base/diag.h"
#include "base/hash.h"
#include "base/serials.h"
#include "call/decide.h"
#include "call/facts.h"
#include "call/instantiate.h"
#include "call/lowerings.h"
#include "call/physical.h"
#include "layout/layout.h"

#include <assert.h>

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

/* What types are to one module for itself, which is nearly all that is asked: by their serials. */
struct abide_represented_by {
    const abide_module *module;
    uint64_t kept; /* bit P: what is plain as P (types/type.h) is its own representation */
    bool keeps_structs, keeps_unions; /* those whose fields are */
    bool heeds_facts;                 /* of structs and unions */
    struct abide_serials types;
    struct abide_represented_by *next;
};

/* Whether a condition is sure not to hold for a plain record: one with fields, without a base, bit-fields and facts, that does not grow. */
static bool excludes_plain(const struct abide_when *when)
{
    bool all = true, any = false;
    for (size_t i = 0; i < when->operand_count; i++) {
        bool excludes = excludes_plain(when->operands[i]);
        all = all && excludes;
        any = any || excludes;
    }
    if (when->op == ABIDE_WHEN_ANY)
        return all;
    if (when->op == ABIDE_WHEN_ALL || when->op == ABIDE_WHEN_ROOT)
        return any;
    bool asks_for_more = when->op == ABIDE_WHEN_BASE || when->op == ABIDE_WHEN_EMPTY ||
                         when->op == ABIDE_WHEN_BITFIELDS || when->op == ABIDE_WHEN_OPEN;
    return when->op == ABIDE_WHEN_FACT || (asks_for_more && when->flag);
}

/* Whether a module leaves a scalar or a pointer, or a record of them, as it is. */
static bool is_kept(const struct abide_representation *entry)
{
    bool kept = !entry->is_refused;
    for (size_t i = 0; kept && i < entry->choice_count; i++)
        kept = excludes_plain(entry->choices[i].when);
    return kept;
}

static bool asks_facts(const struct abide_representation *entry)
{
    bool asks = false;
    for (size_t i = 0; i < entry->choice_count; i++)
        asks = asks || abide_when__uses(entry->choices[i].when, ABIDE_WHEN_FACT);
    return asks;
}

static struct abide_represented_by *new_represented_by(abide_ctx *ctx, const abide_module *module)
{
    struct abide_represented_by *by = abide__new(ctx, struct abide_represented_by);
    struct abide_representations *all = module->language->represent;
    const struct abide_representation *structs = abide_language__represents(all, ABIDE_KIND_STRUCT);
    const struct abide_representation *unions = abide_language__represents(all, ABIDE_KIND_UNION);
    by->module = module;
    by->keeps_structs = is_kept(structs);
    by->keeps_unions = is_kept(unions);
    by->heeds_facts = module->is_language || asks_facts(structs) || asks_facts(unions);
    for (unsigned i = 0; i < ABIDE_SCALAR_COUNT; i++)
        by->kept |= (uint64_t)is_kept(abide_language__represents_scalar(all, (enum abide_scalar)i))
                    << (i + 1);
    by->kept |= (uint64_t)is_kept(abide_language__represents(all, ABIDE_KIND_POINTER))
                << ABIDE_PLAIN_POINTER;
    by->kept |= (uint64_t)is_kept(abide_language__represents(all, ABIDE_KIND_FUNCTION))
                << ABIDE_PLAIN_FUNCTION;
    return by;
}

/* A record of plain fields that represent_anew would come back to, having looked at all of them. */
static bool is_own_form(const struct abide_represented_by *by, const abide_type *type)
{
    bool keeps_kind = type->kind == ABIDE_KIND_STRUCT  ? by->keeps_structs
                      : type->kind == ABIDE_KIND_UNION ? by->keeps_unions
                                                       : false;
    return keeps_kind && type->is_plain && !type->is_open && !(type->plain_set & ~by->kept) &&
           type->target == NULL && (!by->heeds_facts || type->facts.count == 0);
}

/* The module that was asked last is found first. */
static struct abide_represented_by *represented_by(abide_ctx *ctx, const abide_module *module)
{
    struct abide_lowerings *lowerings = abide_lowerings__of(ctx);
    struct abide_represented_by **link = &lowerings->represented_by;
    while (*link != NULL && (*link)->module != module)
        link = &(*link)->next;
    struct abide_represented_by *found = *link;
    if (found == NULL) {
        found = new_represented_by(ctx, module);
    } else {
        *link = found->next;
    }
    found->next = lowerings->represented_by;
    lowerings->represented_by = found;
    return found;
}

static struct abide_serials *types_of(abide_ctx *ctx, const abide_module *module)
{
    return &represented_by(ctx, module)->types;
}

static bool is_for_itself(const struct key *key)
{
    return key->foreign == NULL && !key->deciding;
}

static const abide_type *recall(abide_ctx *ctx, const struct key *key)
{
    if (is_for_itself(key))
        return abide_serials__find(types_of(ctx, key->module), key->type->serial);
    struct abide_represented *known;
    HASH_FIND(hh, abide_lowerings__of(ctx)->represented, key, sizeof *key, known);
    return known != NULL ? known->physical : NULL;
}

static void remember(abide_ctx *ctx, const struct key *key, const abide_type *physical)
{
    if (is_for_itself(key)) {
        *abide_serials__slot(ctx, types_of(ctx, key->module), key->type->serial) = physical;
        return;
    }
    struct abide_represented *known = abide__new(ctx, struct abide_represented);
    known->key = *key;
    known->physical = physical;
    HASH_ADD(hh, abide_lowerings__of(ctx)->represented, key, sizeof known->key, known);
}

/* --- choosing ---------------------------------------------------------------------------------- */

static const struct abide_representation *entry_for(const struct abide_representing *how,
                                                    const abide_type *type)
{
    const struct abide_language *language = how->module->language;
    if (type->kind == ABIDE_KIND_SCALAR)
        return abide_language__represents_scalar(language->represent, type->scalar);
    const struct abide_representation *own =
        how->deciding ? abide_language__represents(language->decide_represent, type->kind) : NULL;
    return own != NULL && own->choice_count > 0
               ? own
               : abide_language__represents(language->represent, type->kind);
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
    if (abide_facts__are_foreign(how, type))
        return NULL;
    const struct abide_template *as = first_match(ctx, how, entry_for(how, type), type);
    if (as != NULL || !how->deciding || type->kind == ABIDE_KIND_SCALAR)
        return as;
    /* `decide` says only what differs. */
    return first_match(
        ctx, how, abide_language__represents(how->module->language->represent, type->kind), type);
}

/* --- by kind ------------------------------------------------------------------------------------- */

static const abide_type *represent_field(abide_ctx *ctx, const struct abide_representing *how,
                                         const struct abide_field *field)
{
    struct abide_representing inner = *how;
    if (how->place.source == NULL) /* nobody asked from a more telling place */
        inner.place = field->place;
    return abide_represent__as(ctx, &inner, field->type);
}

struct abide_field *abide_represent__fields(abide_ctx *ctx, const struct abide_representing *how,
                                            const abide_type *type, bool *changed)
{
    struct abide_field *fields = abide__new_array(ctx, struct abide_field, type->field_count);
    for (size_t i = 0; i < type->field_count; i++) {
        fields[i] = type->fields[i];
        fields[i].type = represent_field(ctx, how, &type->fields[i]);
        if (fields[i].type == NULL)
            return NULL;
        *changed = *changed || fields[i].type != type->fields[i].type;
    }
    return fields;
}

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
                         "say what it is made of, or ask for an adapter from or to an ABI that "
                         "has it, whose form is then carried through");
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

/* Of scalars: what an ABI has another form for, such as a struct, has no place in a register of several. */
static const abide_type *represent_elements(abide_ctx *ctx, const struct abide_representing *how,
                                            const abide_type *type)
{
    const abide_type *element = abide_represent__as(ctx, how, type->target);
    if (element == NULL || element == type->target)
        return element != NULL ? type : NULL;
    if (!abide_type__can_be_element(type->kind, element))
        return represent_as_foreign(ctx, how, type);
    return type->kind == ABIDE_KIND_VECTOR ? abide_type__vector(ctx, element, type->count)
                                           : abide_type__complex(ctx, element);
}

static const abide_type *represent_record(abide_ctx *ctx, const struct abide_representing *how,
                                          const abide_type *type)
{
    bool changed = false;
    if (!type->is_complete)
        return type; /* the layout reports it, with its place */
    if (type->kind == ABIDE_KIND_STRUCT && type->target != NULL)
        return represent_as_foreign(ctx, how, type); /* no template for `base:` */
    struct key own = key_of(how, type);
    struct abide_serials *known = is_for_itself(&own) ? types_of(ctx, how->module) : NULL;
    for (size_t i = 0; i < type->field_count && !changed; i++) {
        const abide_type *part = type->fields[i].type;
        if (known && *abide_serials__slot(ctx, known, part->serial) == part)
            continue;
        const abide_type *physical = represent_field(ctx, how, &type->fields[i]);
        if (physical == NULL)
            return NULL;
        changed = physical != type->fields[i].type;
    }
    if (!changed) /* as nearly always: nothing is copied */
        return type;
    const struct abide_field *fields = abide_represent__fields(ctx, how, type, &changed);
    if (fields == NULL)
        return NULL;
    return abide_instantiate__finish(abide_instantiate__record(ctx, type->kind, type, NULL), fields,
                                     type->field_count);
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
    case ABIDE_KIND_VECTOR:
    case ABIDE_KIND_COMPLEX: return represent_elements(ctx, how, type);
    case ABIDE_KIND_STRUCT:
    case ABIDE_KIND_UNION: return represent_record(ctx, how, type);
    case ABIDE_KIND_NEWTYPE:
        return abide_represent__as(ctx, how, type->target);
    ABIDE_CASES_ABSTRACT:
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
    if (!abide_facts__are_known(ctx, how, type) || !abide_facts__form_is_known(ctx, how, type))
        return NULL;
    if (abide_facts__are_foreign(how, type) || entry_for(how, type)->is_refused)
        return represent_as_foreign(ctx, how, type);
    bool is_fixed = (type->kind == ABIDE_KIND_ARRAY && type->is_flexible) ||
                    (abide_type__is_record(type) && !type->is_complete) ||
                    type->kind == ABIDE_KIND_OPAQUE;
    const struct abide_template *as = is_fixed ? NULL : abide_represent__template(ctx, how, type);
    if (as == NULL)
        return represent_plainly(ctx, how, type);
    const abide_type *physical = abide_instantiate__template(ctx, how, type, as);
    if (physical != NULL && type->kind == ABIDE_KIND_ENUM &&
        !abide_instantiate__check_values(ctx, how, type, physical))
        return NULL;
    return is_named_number(type, physical) ? enum_of(ctx, type, physical) : physical;
}

const abide_type *abide_represent__as(abide_ctx *ctx, const struct abide_representing *how,
                                      const abide_type *type)
{
    struct key key = key_of(how, type);
    if (is_for_itself(&key) && is_own_form(represented_by(ctx, how->module), type)) {
        assert(represent_anew(ctx, how, type) == type);
        return type;
    }
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

/* Without memory: of the module that was asked last, if it is this one. */
static bool is_own_form_of_last(const abide_ctx *ctx, const abide_module *module,
                                const abide_type *type)
{
    const struct abide_represented_by *last =
        ctx->lowerings ? ctx->lowerings->represented_by : NULL;
    return last && last->module == module && is_own_form(last, type);
}

const abide_layout *abide_layout_of(abide_ctx *ctx, const abide_module *module,
                                    const abide_type *type)
{
    if (!module || !type)
        return NULL;
    if (is_own_form_of_last(ctx, module, type)) {
        const abide_layout *layout = abide_layout__at_hand(ctx, module->data, type);
        if (layout)
            return layout;
    }
    struct abide_guard guard;
    if (setjmp(*abide__guard_enter(ctx, &guard)))
        return NULL;
    const abide_type *physical = abide_represent__type(ctx, module, type, NULL);
    const abide_layout *layout =
        physical != NULL ? abide_layout__physical(ctx, module->data, physical) : NULL;
    abide__guard_leave(ctx, &guard);
    return layout;
}
