/* Conditions of the language level, evaluated. */
#include "call/decide.h"

#include "base/hash.h"
#include "call/facts.h"
#include "call/flat.h"
#include "call/represent.h"
#include "layout/layout.h"

#include <string.h>

/* --- facts ----------------------------------------------------------------------------------- */

static bool has_fact(struct abide_facts facts, const struct abide_when *when)
{
    for (size_t i = 0; i < when->word_count; i++) {
        if (abide_facts__has(facts, when->words[i]))
            return true;
    }
    return false;
}

/* What wraps a type without changing it may carry the fact as well as the type itself. */
static bool type_has_fact(const abide_type *type, const struct abide_when *when)
{
    while (type->kind == ABIDE_KIND_NEWTYPE && type->target != NULL) {
        if (has_fact(type->facts, when))
            return true;
        type = type->target;
    }
    return has_fact(type->facts, when);
}

/* --- numbers --------------------------------------------------------------------------------- */

static bool is_within(const struct abide_when *when, int64_t value)
{
    for (size_t i = 0; i < when->bound_count; i++) {
        if (abide_bound__holds(when->bounds[i], value))
            return true;
    }
    return false;
}

/* Elements of an array or a bitset; beyond what a test can say they are all alike. */
static bool count_holds(const abide_type *type, const struct abide_when *when)
{
    bool counted =
        type->kind == ABIDE_KIND_BITSET || (type->kind == ABIDE_KIND_ARRAY && !type->is_flexible);
    return counted && is_within(when, type->count > INT64_MAX ? INT64_MAX : (int64_t)type->count);
}

static bool enumerator_holds(const abide_type *type, const struct abide_when *when)
{
    if (type->kind != ABIDE_KIND_ENUM || type->enumerator_count == 0)
        return false;
    int64_t lowest = INT64_MAX;
    int64_t highest = INT64_MIN;
    for (size_t i = 0; i < type->enumerator_count; i++) {
        const struct abide_enumerator *enumerator = &type->enumerators[i];
        int64_t value = enumerator->is_large ? INT64_MAX : enumerator->value;
        lowest = value < lowest ? value : lowest;
        highest = value > highest ? value : highest;
    }
    return is_within(when, when->op == ABIDE_WHEN_LOWEST ? lowest : highest);
}

/* In the module's own count (`decide:`). No test holds where that count does not know the size. */
static bool size_holds(abide_ctx *ctx, const struct abide_subject *subject,
                       const struct abide_when *when)
{
    const struct abide_language *language = subject->module->language;
    if (language->decide_unknown != NULL &&
        abide_decide__holds(ctx, subject, language->decide_unknown))
        return false;
    struct abide_representing how = {.module = subject->module, .deciding = true};
    const abide_type *physical = abide_represent__as(ctx, &how, subject->type);
    const abide_layout *layout =
        physical != NULL ? abide_layout__physical(ctx, language->decide_data, physical) : NULL;
    return layout != NULL && is_within(when, (int64_t)layout->size_bytes);
}

/* --- walks ----------------------------------------------------------------------------------- */

/* Types seen by one walk: a type may be reached on very many ways. */
struct visit {
    const abide_type *type;
    UT_hash_handle hh;
};

static bool was_visited(abide_ctx *ctx, struct visit **visits, const abide_type *type)
{
    struct visit *visit;
    HASH_FIND_PTR(*visits, &type, visit);
    if (visit != NULL)
        return true;
    visit = abide__new(ctx, struct visit);
    visit->type = type;
    HASH_ADD_PTR(*visits, type, visit);
    return false;
}

static bool contains(abide_ctx *ctx, const struct abide_subject *subject,
                     const struct abide_when *when, struct visit **visits)
{
    if (abide_decide__holds(ctx, subject, when))
        return true;
    struct abide_subject part = *subject;
    for (size_t i = 0; (part.type = abide_type__part(subject->type, i)) != NULL; i++) {
        if (was_visited(ctx, visits, part.type))
            continue;
        if (contains(ctx, &part, when, visits))
            return true;
    }
    return false;
}

static const abide_type *root_of(const abide_type *type)
{
    type = abide_type__strip(type);
    while (type->kind == ABIDE_KIND_STRUCT && type->target != NULL)
        type = abide_type__strip(type->target);
    return type;
}

static bool holds_for(abide_ctx *ctx, const struct abide_subject *subject, const abide_type *type,
                      const struct abide_when *when)
{
    struct abide_subject other = *subject;
    other.type = type;
    return type != NULL && abide_decide__holds(ctx, &other, when);
}

/* --- records --------------------------------------------------------------------------------- */

static bool has_fields(const abide_type *type)
{
    return type->kind == ABIDE_KIND_STRUCT || type->kind == ABIDE_KIND_UNION ||
           type->kind == ABIDE_KIND_TUPLE;
}

static bool has_bitfields(const abide_type *type)
{
    for (size_t i = 0; has_fields(type) && i < type->field_count; i++) {
        if (type->fields[i].is_bitfield)
            return true;
    }
    return false;
}

static bool has_base(const abide_type *type)
{
    return (type->kind == ABIDE_KIND_STRUCT || type->kind == ABIDE_KIND_ENUM) &&
           type->target != NULL;
}

static bool is_empty(const abide_type *type)
{
    return has_fields(type) && type->field_count == 0 && !has_base(type);
}

/* --- cases ----------------------------------------------------------------------------------- */

static bool holds_for_cases(abide_ctx *ctx, const struct abide_subject *subject,
                            const abide_type *type, const struct abide_when *when)
{
    struct abide_subject payload = *subject;
    payload.param = NULL;
    for (size_t i = 0; i < when->word_count; i++) {
        size_t index = abide_type__is_sum(type) ? abide_type__case(type, when->words[i]) : SIZE_MAX;
        if (index == SIZE_MAX)
            return false;
        payload.type = type->fields[index].type;
        if (!abide_decide__holds(ctx, &payload, when->operands[i]))
            return false;
    }
    return true;
}

static bool is_bare(const abide_type *type)
{
    if (!abide_type__is_sum(type))
        return false;
    for (size_t i = 0; i < type->field_count; i++) {
        if (type->fields[i].type->kind != ABIDE_KIND_VOID)
            return false;
    }
    return true;
}

/* A record of one field starts as that field does. */
static bool has_niche(abide_ctx *ctx, const struct abide_subject *subject)
{
    const struct abide_when *niche = subject->module->language->niche;
    struct abide_subject part = {.module = subject->module, .type = subject->type};
    while (niche != NULL && !abide_decide__holds(ctx, &part, niche)) {
        const abide_type *type = abide_type__strip(part.type);
        bool is_record = type->kind == ABIDE_KIND_STRUCT || type->kind == ABIDE_KIND_TUPLE;
        bool is_wrapper = is_record && type->is_complete && type->target == NULL &&
                          type->field_count == 1 && !type->fields[0].is_bitfield;
        if (!is_wrapper)
            return false;
        part.type = type->fields[0].type;
    }
    return niche != NULL;
}

/* --- forms, modes, ownership ------------------------------------------------------------------ */

static bool has_word(const struct abide_when *when, const char *word)
{
    for (size_t i = 0; word != NULL && i < when->word_count; i++) {
        if (strcmp(when->words[i], word) == 0)
            return true;
    }
    return false;
}

static const char *mode_word(const struct abide_param *param)
{
    switch (param->mode) {
    case ABIDE_MODE_IN: return "in";
    case ABIDE_MODE_OUT: return "out";
    case ABIDE_MODE_INOUT: return "inout";
    }
    return NULL;
}

/* What a sequence or a box holds is always its own; others say so. A parameter decides for all that is in it. */
static bool is_own(const struct abide_subject *subject, const abide_type *type)
{
    if (subject->param != NULL && subject->param->type == subject->type)
        return subject->param->is_own;
    return type->is_own || type->kind == ABIDE_KIND_SEQ || type->kind == ABIDE_KIND_BOX;
}

static bool flat_holds(abide_ctx *ctx, const struct abide_subject *subject,
                       const struct abide_when *when)
{
    struct abide_representing how = {
        .module = subject->module, .foreign = subject->foreign, .quiet = true};
    size_t count = abide_flat__count(ctx, &how, subject->type);
    return count != SIZE_MAX && is_within(when, (int64_t)count);
}

/* Through newtypes, and through raw<T> where that is T: `raw: T`. */
static const abide_type *look_through(const struct abide_subject *subject)
{
    const struct abide_representation *raw =
        abide_language__represents(subject->module->language->represent, ABIDE_KIND_RAW);
    bool is_target = raw->choice_count == 1 && raw->choices[0].when->op == ABIDE_WHEN_ALWAYS &&
                     raw->choices[0].as->op == ABIDE_TEMPLATE_TARGET;
    const abide_type *type = abide_type__strip(subject->type);
    while (is_target && type->kind == ABIDE_KIND_RAW)
        type = abide_type__strip(type->target);
    return type;
}

/* --- the grammar ------------------------------------------------------------------------------ */

static bool holds_all(abide_ctx *ctx, const struct abide_subject *subject,
                      const struct abide_when *when)
{
    for (size_t i = 0; i < when->operand_count; i++) {
        if (!abide_decide__holds(ctx, subject, when->operands[i]))
            return false;
    }
    return true;
}

static bool holds_any(abide_ctx *ctx, const struct abide_subject *subject,
                      const struct abide_when *when)
{
    for (size_t i = 0; i < when->operand_count; i++) {
        if (abide_decide__holds(ctx, subject, when->operands[i]))
            return true;
    }
    return false;
}

bool abide_decide__holds(abide_ctx *ctx, const struct abide_subject *subject,
                         const struct abide_when *when)
{
    const abide_type *type = look_through(subject);
    struct visit *visits = NULL;
    switch (when->op) {
    case ABIDE_WHEN_ALWAYS: return true;
    case ABIDE_WHEN_ALL: return holds_all(ctx, subject, when);
    case ABIDE_WHEN_ANY: return holds_any(ctx, subject, when);
    case ABIDE_WHEN_NOT: return !abide_decide__holds(ctx, subject, when->operands[0]);
    case ABIDE_WHEN_CONTAINS: return contains(ctx, subject, when->operands[0], &visits);
    case ABIDE_WHEN_ROOT: return holds_for(ctx, subject, root_of(type), when->operands[0]);
    case ABIDE_WHEN_POINTS_TO:
        return type->kind == ABIDE_KIND_POINTER &&
               holds_for(ctx, subject, type->target, when->operands[0]);
    case ABIDE_WHEN_RESULT:
        return subject->signature != NULL &&
               holds_for(ctx, subject, subject->signature->result, when->operands[0]);
    case ABIDE_WHEN_KIND: return (when->kinds >> type->kind & 1) != 0;
    case ABIDE_WHEN_FACT: return type_has_fact(subject->type, when);
    case ABIDE_WHEN_PARAM_FACT:
        return subject->param != NULL && has_fact(subject->param->facts, when);
    case ABIDE_WHEN_RESULT_FACT:
        return subject->signature != NULL && has_fact(subject->signature->result_facts, when);
    case ABIDE_WHEN_OPTION:
    case ABIDE_WHEN_ARCH:
    case ABIDE_WHEN_OS:
    case ABIDE_WHEN_POINTER:
        return abide_language__test(subject->module, when, subject->convention);
    case ABIDE_WHEN_SIZE: return size_holds(ctx, subject, when);
    case ABIDE_WHEN_COUNT: return count_holds(type, when);
    case ABIDE_WHEN_LOWEST:
    case ABIDE_WHEN_HIGHEST: return enumerator_holds(type, when);
    case ABIDE_WHEN_POSITION:
        return subject->param != NULL && is_within(when, (int64_t)subject->position);
    case ABIDE_WHEN_EMPTY: return is_empty(type) == when->flag;
    case ABIDE_WHEN_BASE: return has_base(type) == when->flag;
    case ABIDE_WHEN_BITFIELDS: return has_bitfields(type) == when->flag;
    case ABIDE_WHEN_CASES: return holds_for_cases(ctx, subject, type, when);
    case ABIDE_WHEN_BARE: return is_bare(type) == when->flag;
    case ABIDE_WHEN_OPEN: return type->is_open == when->flag;
    case ABIDE_WHEN_OWN: return is_own(subject, type) == when->flag;
    case ABIDE_WHEN_MODE:
        return subject->param != NULL && has_word(when, mode_word(subject->param));
    case ABIDE_WHEN_FORM: return has_word(when, abide_facts__form(subject->module, type));
    case ABIDE_WHEN_NICHE: return has_niche(ctx, subject) == when->flag;
    case ABIDE_WHEN_NULLABLE:
        return type->kind == ABIDE_KIND_POINTER && type->is_nullable == when->flag;
    case ABIDE_WHEN_FLAT: return flat_holds(ctx, subject, when);
    case ABIDE_WHEN_MUTABLE: return type->is_mutable == when->flag;
    case ABIDE_WHEN_VARIADIC:
        return (subject->param != NULL && subject->param->is_variadic) == when->flag;
    }
    return false;
}
