/* What interfaces state beyond the type (facts, forms), and which of two modules knows it. */
#include "call/facts.h"

#include "base/diag.h"
#include "spec/search.h"

#include <string.h>

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

static bool declares_facts(const abide_module *module, enum abide_fact_subject subject)
{
    for (size_t i = 0; i < module->language->fact_count; i++)
        if (module->language->facts[i].subject == subject)
            return true;
    return false;
}

/*
 * A fact of parameters or results of a third module, as hooks of one, concerns neither side. Those of types may change layouts, about
 * which both sides must agree.
 */
static bool concerns_others(abide_ctx *ctx, enum abide_fact_subject subject, const char *name)
{
    static const char *const parts[] = {NULL, "param", "result"};
    return parts[subject] != NULL && abide_search__declares(ctx, "facts", parts[subject], name);
}

/* Machine modules without facts of their own take every interface: those concern somebody else. */
bool abide_facts__knows(abide_ctx *ctx, const struct abide_representing *how,
                        enum abide_fact_subject subject, const struct abide_fact *fact)
{
    bool is_strict = how->module->is_language || declares_facts(how->module, subject);
    if (!is_strict || find_fact(how->module, subject, fact->name) != NULL ||
        (how->foreign != NULL && find_fact(how->foreign, subject, fact->name) != NULL) ||
        concerns_others(ctx, subject, fact->name))
        return true;
    if (!how->quiet)
        report_fact(ctx, how->module, subject, fact);
    return false;
}

bool abide_facts__are_known(abide_ctx *ctx, const struct abide_representing *how,
                            const abide_type *type)
{
    bool fine = true;
    if (how->deciding) /* asked again for the memory, and then reported */
        return true;
    for (size_t i = 0; i < type->facts.count; i++)
        fine = abide_facts__knows(ctx, how, ABIDE_FACT_OF_TYPE, &type->facts.items[i]) && fine;
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
bool abide_facts__are_foreign(const struct abide_representing *how, const abide_type *type)
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

const char *abide_facts__form(const abide_module *module, const abide_type *type)
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
bool abide_facts__form_is_known(abide_ctx *ctx, const struct abide_representing *how,
                                const abide_type *type)
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
