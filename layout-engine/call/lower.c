/* Lowering: an abstract signature becomes the C-like one that a machine module places. */
#include "base/checked.h"
#include "base/diag.h"
#include "base/hash.h"
#include "call/decide.h"
#include "call/lowerings.h"
#include "call/physical.h"
#include "call/represent.h"
#include "layout/layout.h"

#include <assert.h>
#include <string.h>

struct lowering {
    abide_ctx *ctx;
    const abide_module *module;
    const struct abide_language *language;
    const abide_module *foreign;
    const abide_signature *signature;
    const char *convention; /* NULL: the module has none */
    struct abide_physical *physical;
    ABIDE_VEC(struct abide_physical_param) groups[ABIDE_ROLE_ENV + 1]; /* by role */
    ABIDE_VEC(struct abide_physical_param) variadic;
};

/* --- memory of answers ------------------------------------------------------------------------ */

struct key {
    const abide_module *module;
    const abide_module *foreign;
    const abide_signature *signature;
    uintptr_t env; /* as wide as the others: no padding in the key */
};

struct abide_lowered {
    struct key key;
    const struct abide_physical *physical;
    UT_hash_handle hh;
};

struct abide_lowerings *abide_lowerings__of(abide_ctx *ctx)
{
    if (ctx->lowerings == NULL)
        ctx->lowerings = abide__new(ctx, struct abide_lowerings);
    return ctx->lowerings;
}

/* --- conventions ------------------------------------------------------------------------------- */

/* What the function says, else what closures have if it is one, else the module's. */
static bool choose_convention(struct lowering *lowering, bool env)
{
    const struct abide_option_decl *option = lowering->language->convention;
    const abide_signature *signature = lowering->signature;
    if (option == NULL)
        return true;
    if (signature->convention != NULL) {
        lowering->convention =
            abide_language__option_value(lowering->ctx, lowering->module->name, option,
                                         signature->convention, signature->convention_place);
        return lowering->convention != NULL;
    }
    lowering->convention = env && lowering->language->closure.convention != NULL
                               ? lowering->language->closure.convention
                               : abide_language__option(lowering->module, option->name, NULL);
    return true;
}

static const abide_module *choose_machine(const struct lowering *lowering)
{
    const struct abide_language *language = lowering->language;
    for (size_t i = 0; i < language->lowers_to_count; i++) {
        if (abide_language__holds(lowering->module, language->lowers_to[i].when,
                                  lowering->convention))
            return language->lowers_to[i].machine;
    }
    return lowering->module->machine;
}

/* --- rules -------------------------------------------------------------------------------------- */

static const struct abide_rewrite_rule *first_match(const struct lowering *lowering,
                                                    const struct abide_rewrite_rule *rules,
                                                    size_t count,
                                                    const struct abide_subject *subject)
{
    for (size_t i = 0; i < count; i++) {
        if (abide_decide__holds(lowering->ctx, subject, rules[i].when))
            return &rules[i];
    }
    return NULL; /* not reached: the last rule has no condition */
}

static struct abide_representing how_for(const struct lowering *lowering, const char *what,
                                         struct abide_place place)
{
    return (struct abide_representing){
        .module = lowering->module, .foreign = lowering->foreign, .what = what, .place = place};
}

/* A pointer to a value of an abstract type, or to the first element of an array. NULL: reported. */
static const abide_type *pointer_to(const struct lowering *lowering,
                                    const struct abide_rewrite_rule *rule,
                                    const struct abide_representing *how, const abide_type *type,
                                    bool is_mutable)
{
    const abide_type *target =
        rule->to_element ? abide_represent__element(lowering->ctx, how, type) : type;
    if (target != NULL)
        return abide_type__pointer(lowering->ctx, target, is_mutable, true);
    abide_diag *diag =
        abide__report(lowering->ctx, ABIDE_CODE_BAD_RULE, rule->origin.place,
                      "%s is not represented as an array: there is no pointer to its element",
                      abide__quote(lowering->ctx, abide_type_print(lowering->ctx, type)));
    abide__diag_note(lowering->ctx, diag, how->place, "%s", how->what);
    return NULL;
}

static enum abide_copy copy_of(const struct abide_rewrite_rule *rule)
{
    switch (rule->copy) {
    case ABIDE_COPY_WORD_CALLER: return ABIDE_COPY_CALLER;
    case ABIDE_COPY_WORD_BORROW: return ABIDE_COPY_BORROW;
    case ABIDE_COPY_WORD_MOVED: return ABIDE_COPY_MOVED;
    }
    return ABIDE_COPY_NONE;
}

/* --- parameters ---------------------------------------------------------------------------------- */

static void add(struct lowering *lowering, const struct abide_physical_param *param)
{
    if (param->is_variadic)
        abide__push(lowering->ctx, &lowering->variadic, *param);
    else
        abide__push(lowering->ctx, &lowering->groups[param->role], *param);
}

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
static bool spread(struct lowering *lowering, const struct abide_representing *how,
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
        param.part_offset_bytes = layout->fields[i].offset_bits / 8;
        param.name = part_name(lowering->ctx, member != NULL ? member->parameter : NULL,
                               abstract->name, param.part);
        add(lowering, &param);
    }
    return true;
}

static bool lower_param(struct lowering *lowering, size_t index)
{
    const struct abide_param *abstract = &lowering->signature->params[index];
    const char *what = abstract->name != NULL
                           ? abide__printf(lowering->ctx, "parameter '%s'", abstract->name)
                           : abide__printf(lowering->ctx, "parameter %zu", index + 1);
    struct abide_representing how = how_for(lowering, what, abstract->place);
    for (size_t i = 0; i < abstract->facts.count; i++) {
        if (!abide_represent__knows_fact(lowering->ctx, &how, ABIDE_FACT_OF_PARAM,
                                         &abstract->facts.items[i]))
            return false;
    }
    struct abide_subject subject = {.module = lowering->module,
                                    .convention = lowering->convention,
                                    .type = abstract->type,
                                    .signature = lowering->signature,
                                    .param = abstract,
                                    .position = index};
    const struct abide_rewrite_rule *rule = first_match(lowering, lowering->language->params,
                                                        lowering->language->param_count, &subject);
    if (rule == NULL || rule->pass == ABIDE_REWRITE_IGNORE)
        return rule != NULL;
    struct abide_physical_param param = {.name = abstract->name,
                                         .role = ABIDE_ROLE_VALUE,
                                         .of = index,
                                         .is_variadic = abstract->is_variadic,
                                         .rule = &rule->origin};
    param.value_type = abide_represent__as(lowering->ctx, &how, abstract->type);
    if (param.value_type == NULL)
        return false;
    if (rule->pass == ABIDE_REWRITE_SPREAD)
        return spread(lowering, &how, abstract, param);
    param.type = param.value_type;
    if (rule->pass == ABIDE_REWRITE_POINTER) {
        param.type = pointer_to(lowering, rule, &how, abstract->type, false);
        param.copy = copy_of(rule);
    }
    if (param.type != NULL)
        add(lowering, &param);
    return param.type != NULL;
}

static void add_env(struct lowering *lowering)
{
    abide_ctx *ctx = lowering->ctx;
    struct abide_physical_param param = {
        .name = lowering->language->closure.env_name, .role = ABIDE_ROLE_ENV, .of = SIZE_MAX};
    param.type = abide_type__pointer(ctx, abide_type__void(ctx), true, true);
    param.value_type = param.type;
    add(lowering, &param);
}

/* --- results -------------------------------------------------------------------------------------- */

static void add_out(struct lowering *lowering, const struct abide_physical_result *result,
                    const abide_type *pointer)
{
    struct abide_physical_param param = {.name = lowering->language->out.name,
                                         .role = ABIDE_ROLE_OUT,
                                         .of = SIZE_MAX,
                                         .type = pointer,
                                         .value_type = result->value_type,
                                         .rule = result->rule};
    add(lowering, &param);
}

/* Facts about the memory behind a result: the language's for its out pointers, C's for C's own. */
static void state_facts(const struct lowering *lowering, const struct abide_subject *subject,
                        struct abide_physical_result *result)
{
    const struct abide_out *out = &lowering->language->out;
    if (result->mode != ABIDE_RESULT_OUT) {
        result->exclusive = lowering->physical->machine->hidden_exclusive;
        return;
    }
    result->zeroed = out->zeroed;
    result->exclusive = out->exclusive;
    result->callee_reads =
        out->callee_reads != NULL && abide_decide__holds(lowering->ctx, subject, out->callee_reads);
}

static bool apply_to_result(struct lowering *lowering, const struct abide_subject *subject,
                            const struct abide_rewrite_rule *rule,
                            struct abide_physical_result *result)
{
    struct abide_representing how = how_for(lowering, "the result", lowering->signature->place);
    const abide_type *abstract = lowering->signature->result;
    result->value_type = abide_represent__as(lowering->ctx, &how, abstract);
    if (result->value_type == NULL)
        return false;
    if (rule->pass == ABIDE_REWRITE_VALUE) {
        result->mode = ABIDE_RESULT_VALUE;
        result->type = result->value_type;
    } else {
        const abide_type *pointer = pointer_to(lowering, rule, &how, abstract, true);
        if (pointer == NULL)
            return false;
        result->mode = rule->pass == ABIDE_REWRITE_OUT ? ABIDE_RESULT_OUT : ABIDE_RESULT_POINTER;
        if (result->mode == ABIDE_RESULT_OUT)
            add_out(lowering, result, pointer);
        else
            result->type = pointer;
    }
    state_facts(lowering, subject, result);
    return true;
}

static bool lower_result(struct lowering *lowering)
{
    const abide_signature *signature = lowering->signature;
    struct abide_physical_result *result = &lowering->physical->result;
    result->mode = ABIDE_RESULT_NOTHING;
    result->type = abide_type__void(lowering->ctx);
    result->value_type = result->type;
    struct abide_representing how = how_for(lowering, "the result", signature->place);
    for (size_t i = 0; i < signature->result_facts.count; i++) {
        if (!abide_represent__knows_fact(lowering->ctx, &how, ABIDE_FACT_OF_RESULT,
                                         &signature->result_facts.items[i]))
            return false;
    }
    if (abide_type__is(signature->result, ABIDE_KIND_VOID))
        return true;
    struct abide_subject subject = {.module = lowering->module,
                                    .convention = lowering->convention,
                                    .type = signature->result,
                                    .signature = signature};
    const struct abide_rewrite_rule *rule = first_match(lowering, lowering->language->results,
                                                        lowering->language->result_count, &subject);
    if (rule == NULL)
        return false;
    result->rule = &rule->origin;
    if (rule->pass == ABIDE_REWRITE_IGNORE)
        return true;
    return apply_to_result(lowering, &subject, rule, result);
}

/* --- all together ---------------------------------------------------------------------------------- */

/* The groups in the module's order; the extra arguments of a described call last. */
static void order_params(struct lowering *lowering)
{
    ABIDE_VEC(struct abide_physical_param) params = {0};
    for (size_t i = 0; i < lowering->language->order_count; i++) {
        abide_role role = lowering->language->order[i];
        for (size_t at = 0; at < lowering->groups[role].count; at++)
            abide__push(lowering->ctx, &params, lowering->groups[role].items[at]);
    }
    for (size_t at = 0; at < lowering->variadic.count; at++)
        abide__push(lowering->ctx, &params, lowering->variadic.items[at]);
    lowering->physical->params = params.items;
    lowering->physical->param_count = params.count;
}

static const struct abide_physical *lower(abide_ctx *ctx, const abide_module *module,
                                          const abide_signature *signature,
                                          const abide_module *foreign, bool env)
{
    struct lowering lowering = {.ctx = ctx,
                                .module = module,
                                .language = module->language,
                                .foreign = foreign,
                                .signature = signature};
    size_t errors = abide__error_count(ctx);
    if (!choose_convention(&lowering, env))
        return NULL;
    lowering.physical = abide__new(ctx, struct abide_physical);
    lowering.physical->module = module;
    lowering.physical->foreign = foreign;
    lowering.physical->machine = choose_machine(&lowering);
    lowering.physical->signature = signature;
    lowering.physical->is_variadic = signature->is_variadic;
    bool fine = true;
    for (size_t i = 0; i < signature->param_count; i++)
        fine = lower_param(&lowering, i) && fine;
    if (!lower_result(&lowering) || !fine)
        return NULL;
    if (env)
        add_env(&lowering);
    order_params(&lowering);
    /* A size that could not be found out was reported, but let a rule fail to match. */
    return abide__error_count(ctx) == errors ? lowering.physical : NULL;
}

const struct abide_physical *abide_physical__of(abide_ctx *ctx, const abide_module *module,
                                                const abide_signature *signature,
                                                const abide_module *foreign, bool env)
{
    struct key key = {module, foreign, signature, env};
    struct abide_lowered *known;
    // NOLINTNEXTLINE(clang-analyzer-core.UndefinedBinaryOperatorResult): the key has no padding
    HASH_FIND(hh, abide_lowerings__of(ctx)->lowered, &key, sizeof key, known);
    if (known != NULL)
        return known->physical;
    const struct abide_physical *physical = lower(ctx, module, signature, foreign, env);
    if (physical == NULL)
        return NULL;
    known = abide__new(ctx, struct abide_lowered);
    known->key = key;
    known->physical = physical;
    HASH_ADD(hh, abide_lowerings__of(ctx)->lowered, key, sizeof known->key, known);
    return physical;
}
