/* Lowering parameters: each becomes none, one or several of C's. */
#include "call/lower.h"

#include "base/diag.h"
#include "call/decide.h"
#include "call/facts.h"
#include "call/flat.h"
#include "layout/layout.h"

#include <string.h>

/* "$pLen_0" with the name of the whole parameter; without a pattern the whole and the part. */
static const char *part_name(abide_ctx *ctx, const char *pattern, const char *whole,
                             const char *part)
{
    if (whole == NULL)
        return NULL;
    if (pattern == NULL)
        return part != NULL ? abide__printf(ctx, "%s_%s", whole, part) : whole;
    const char *hole = strstr(pattern, "$p");
    if (hole == NULL)
        return pattern;
    return abide__printf(ctx, "%.*s%s%s", (int)(hole - pattern), pattern, whole, hole + 2);
}

/* Each member of the represented value becomes a parameter. */
static bool spread(struct abide_lowering *lowering, const struct abide_representing *how,
                   const struct abide_param *abstract, struct abide_physical_param param)
{
    const abide_type *whole = param.value_type;
    const abide_layout *layout =
        abide_layout__physical(lowering->ctx, lowering->module->data, whole);
    if (layout == NULL)
        return false;
    if (whole->kind != ABIDE_KIND_STRUCT) {
        abide_diag *diag = abide__report(
            lowering->ctx, ABIDE_CODE_BAD_RULE, param.rule->place,
            "only what is represented as a struct can be spread over several parameters");
        abide__diag_note(lowering->ctx, diag, how->place, "%s", how->what);
        return false;
    }
    const struct abide_template *as =
        abide_represent__template(lowering->ctx, how, abide_type__strip(abstract->type));
    bool named =
        as != NULL && as->op == ABIDE_TEMPLATE_RECORD && as->member_count == whole->field_count;
    for (size_t i = 0; i < whole->field_count; i++) {
        const struct abide_template_member *member = named ? &as->members[i] : NULL;
        param.type = whole->fields[i].type;
        param.part = member != NULL && member->part != NULL ? member->part : whole->fields[i].name;
        param.part_offset_bytes = abide_layout__field(layout, i).offset_bits / 8;
        param.name = part_name(lowering->ctx, member != NULL ? member->parameter : NULL,
                               abstract->name, param.part);
        abide_lower__add(lowering, &param);
    }
    return true;
}

/*
 * Each word of the flat form becomes a parameter. Where all words are bytes of the represented value they are its parts; else
 * parts of the flat form.
 */
static bool pass_words(struct abide_lowering *lowering, const struct abide_representing *how,
                       const struct abide_param *abstract, const struct abide_rewrite_rule *rule,
                       struct abide_physical_param param)
{
    abide_ctx *ctx = lowering->ctx;
    const struct abide_flat *flat = abide_flat__words(ctx, how, abstract->type);
    const abide_layout *layout =
        flat != NULL ? abide_layout__physical(ctx, lowering->module->data, flat->type) : NULL;
    if (layout == NULL)
        return abide_lower__report_no_words(lowering, how, abstract->type, rule);
    if (!flat->is_in_place)
        param.value_type = flat->type;
    for (size_t i = 0; i < flat->word_count; i++) {
        const struct abide_flat_word *word = &flat->words[i];
        bool is_all = flat->word_count == 1 && word->suffix[0] == '\0';
        param.type = word->type;
        param.part = is_all ? NULL : flat->type->fields[i].name;
        param.part_offset_bytes =
            flat->is_in_place ? word->source_bytes : abide_layout__field(layout, i).offset_bits / 8;
        param.name = abstract->name != NULL
                         ? abide__printf(ctx, "%s%s", abstract->name, word->suffix)
                         : NULL;
        abide_lower__add(lowering, &param);
    }
    return true;
}

/*
 * The first rule that applies. Memory that the callee writes is named by its address: only a rule that asks for the mode says
 * otherwise.
 */
static const struct abide_rewrite_rule *param_rule(const struct abide_lowering *lowering,
                                                   const struct abide_subject *subject)
{
    const struct abide_language *language = lowering->language;
    bool is_in = subject->param->mode == ABIDE_MODE_IN;
    for (size_t i = 0; i < language->param_count; i++) {
        const struct abide_rewrite_rule *rule = &language->params[i];
        if ((is_in || abide_when__uses(rule->when, ABIDE_WHEN_MODE)) &&
            abide_decide__holds(lowering->ctx, subject, rule->when))
            return rule;
    }
    return NULL;
}

/* `out T`, `inout T`: the address of memory in T's layout. */
static bool pass_memory(struct abide_lowering *lowering, const struct abide_rewrite_rule *rule,
                        const struct abide_representing *how, const struct abide_param *abstract,
                        struct abide_physical_param param)
{
    static const struct abide_rewrite_rule plain = {.pass = ABIDE_REWRITE_POINTER,
                                                    .copy = ABIDE_COPY_WORD_BORROW};
    param.rule = rule != NULL ? &rule->origin : NULL;
    param.copy = ABIDE_COPY_BORROW;
    param.type =
        abide_lower__pointer(lowering, rule != NULL ? rule : &plain, how, abstract->type, true);
    if (param.type != NULL)
        abide_lower__add(lowering, &param);
    return param.type != NULL;
}

static bool apply_to_param(struct abide_lowering *lowering, const struct abide_rewrite_rule *rule,
                           const struct abide_representing *how, const struct abide_param *abstract,
                           struct abide_physical_param param)
{
    param.rule = &rule->origin;
    if (rule->pass == ABIDE_REWRITE_SPREAD)
        return spread(lowering, how, abstract, param);
    if (rule->pass == ABIDE_REWRITE_FLAT)
        return pass_words(lowering, how, abstract, rule, param);
    param.type = param.value_type;
    param.comes_back = abstract->mode != ABIDE_MODE_IN && rule->pass == ABIDE_REWRITE_VALUE;
    if (rule->pass == ABIDE_REWRITE_POINTER) {
        param.type = abide_lower__pointer(lowering, rule, how, abstract->type,
                                          rule->copy == ABIDE_COPY_WORD_MOVED);
        param.copy = abide_lower__copy(rule);
    }
    if (param.type != NULL)
        abide_lower__add(lowering, &param);
    return param.type != NULL;
}

static struct abide_subject subject_of(const struct abide_lowering *lowering, size_t index)
{
    const struct abide_param *abstract = &lowering->signature->params[index];
    return (struct abide_subject){.module = lowering->module,
                                  .foreign = lowering->foreign,
                                  .convention = lowering->convention,
                                  .type = abstract->type,
                                  .signature = lowering->signature,
                                  .param = abstract,
                                  .position = index};
}

bool abide_lower__is_consumed(const struct abide_lowering *lowering, size_t index)
{
    const struct abide_when *consumes = lowering->language->consumes;
    const struct abide_subject subject = subject_of(lowering, index);
    return subject.param->is_own && subject.param->mode == ABIDE_MODE_IN &&
           (consumes == NULL || abide_decide__holds(lowering->ctx, &subject, consumes));
}

bool abide_lower__is_given(const struct abide_lowering *lowering, size_t index)
{
    const struct abide_when *gives = lowering->language->gives;
    const struct abide_subject subject = subject_of(lowering, index);
    return gives != NULL && subject.param->mode == ABIDE_MODE_IN &&
           abide_decide__holds(lowering->ctx, &subject, gives);
}

bool abide_lower__ends_loans(const struct abide_lowering *lowering, size_t index)
{
    const struct abide_when *ends_loans = lowering->language->ends_loans;
    const struct abide_subject subject = subject_of(lowering, index);
    return ends_loans != NULL && abide_decide__holds(lowering->ctx, &subject, ends_loans);
}

bool abide_lower__param(struct abide_lowering *lowering, size_t index)
{
    const struct abide_param *abstract = &lowering->signature->params[index];
    const char *what = abstract->name != NULL
                           ? abide__printf(lowering->ctx, "parameter '%s'", abstract->name)
                           : abide__printf(lowering->ctx, "parameter %zu", index + 1);
    struct abide_representing how = abide_lower__how(lowering, what, abstract->place);
    for (size_t i = 0; i < abstract->facts.count; i++) {
        if (!abide_facts__knows(lowering->ctx, &how, ABIDE_FACT_OF_PARAM,
                                &abstract->facts.items[i]))
            return false;
    }
    const struct abide_subject subject = subject_of(lowering, index);
    const struct abide_rewrite_rule *rule = param_rule(lowering, &subject);
    bool is_memory =
        abstract->mode != ABIDE_MODE_IN && (rule == NULL || rule->pass == ABIDE_REWRITE_POINTER);
    if (!is_memory && (rule == NULL || rule->pass == ABIDE_REWRITE_IGNORE))
        return rule != NULL;
    struct abide_physical_param param = {.name = abstract->name,
                                         .role = ABIDE_ROLE_VALUE,
                                         .of = index,
                                         .mode = abstract->mode,
                                         .is_variadic = abstract->is_variadic,
                                         .is_consumed = abide_lower__is_consumed(lowering, index),
                                         .is_given = abide_lower__is_given(lowering, index),
                                         .ends_loans = abide_lower__ends_loans(lowering, index)};
    param.value_type = abide_represent__as(lowering->ctx, &how, abstract->type);
    if (param.value_type == NULL)
        return false;
    if (!is_memory && rule->pass != ABIDE_REWRITE_POINTER &&
        !abide_lower__check_size(lowering, &how, abstract->type))
        return false;
    return is_memory ? pass_memory(lowering, rule, &how, abstract, param)
                     : apply_to_param(lowering, rule, &how, abstract, param);
}
