/* Lowering: an abstract signature becomes the C-like one that a machine module places. */
#include "call/lower.h"

#include "base/diag.h"
#include "base/hash.h"
#include "call/instantiate.h"
#include "call/lowerings.h"
#include "spec/variant.h"

#include <string.h>

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
static bool choose_convention(struct abide_lowering *lowering, bool env)
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

/* Whether the word is one of the other side's, which tells this side nothing. */
static bool is_known_to(const abide_module *foreign, const char *convention)
{
    const struct abide_option_decl *option =
        foreign && foreign->language ? foreign->language->convention : NULL;
    for (size_t i = 0; option && i < option->value_count; i++)
        if (strcmp(option->values[i], convention) == 0)
            return true;
    return false;
}

static const abide_module *report_convention(const struct abide_lowering *lowering)
{
    abide_ctx *ctx = lowering->ctx;
    const abide_module *module = lowering->module;
    const abide_signature *signature = lowering->signature;
    abide_diag *diag = abide__report(ctx, ABIDE_CODE_UNKNOWN_CONVENTION,
                                     signature->convention_place, "%s has no convention %s",
                                     module->name, abide__quote(ctx, signature->convention));
    const char *words = abide_variant__words(ctx, module->of ? module->of : module->name);
    if (words)
        abide__diag_help(ctx, diag, "expected %s", words);
    else
        abide__diag_help(ctx, diag, "leave 'convention' out: %s has no other one", module->name);
    return NULL;
}

/* A function of a machine module may ask for a variant of it. NULL: reported. */
static const abide_module *choose_variant(const struct abide_lowering *lowering)
{
    abide_ctx *ctx = lowering->ctx;
    const abide_signature *signature = lowering->signature;
    if (!signature->convention)
        return lowering->module;
    size_t errors = abide__error_count(ctx);
    const abide_module *variant = abide_module__variant(
        ctx, lowering->module, signature->convention, signature->convention_place);
    if (variant || abide__error_count(ctx) != errors)
        return variant;
    return is_known_to(lowering->foreign, signature->convention) ? lowering->module
                                                                 : report_convention(lowering);
}

/* NULL: reported. */
static const abide_module *choose_machine(const struct abide_lowering *lowering)
{
    const struct abide_language *language = lowering->language;
    if (!lowering->module->is_language)
        return choose_variant(lowering);
    for (size_t i = 0; i < language->lowers_to_count; i++) {
        const struct abide_lowering_choice *choice = &language->lowers_to[i];
        if (abide_language__holds(lowering->module, choice->when, lowering->convention))
            return abide_language__machine(lowering->ctx, lowering->module, choice);
    }
    return lowering->module->machine;
}

/* --- what parameters and results share ------------------------------------------------------------- */

struct abide_representing abide_lower__how(const struct abide_lowering *lowering, const char *what,
                                           struct abide_place place)
{
    return (struct abide_representing){
        .module = lowering->module, .foreign = lowering->foreign, .what = what, .place = place};
}

const abide_type *abide_lower__pointer(const struct abide_lowering *lowering,
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

enum abide_copy abide_lower__copy(const struct abide_rewrite_rule *rule)
{
    switch (rule->copy) {
    case ABIDE_COPY_WORD_CALLER: return ABIDE_COPY_CALLER;
    case ABIDE_COPY_WORD_BORROW: return ABIDE_COPY_BORROW;
    case ABIDE_COPY_WORD_MOVED: return ABIDE_COPY_MOVED;
    case ABIDE_COPY_WORD_SHARED: return ABIDE_COPY_SHARED;
    }
    return ABIDE_COPY_NONE;
}

void abide_lower__add(struct abide_lowering *lowering, const struct abide_physical_param *param)
{
    if (param->is_variadic)
        abide__push(lowering->ctx, &lowering->variadic, *param);
    else
        abide__push(lowering->ctx, &lowering->groups[param->role], *param);
}

bool abide_lower__check_size(const struct abide_lowering *lowering,
                             const struct abide_representing *how, const abide_type *type)
{
    abide_ctx *ctx = lowering->ctx;
    const abide_type *inner = abide_type__strip(type);
    if (!abide_type__is_sized(inner) ||
        !abide_instantiate__tells_size(abide_represent__template(ctx, how, inner)))
        return true;
    abide_diag *diag =
        abide__report(ctx, ABIDE_CODE_NO_REPRESENTATION, how->place,
                      "%s passes %s by value, and its size is not the same in all "
                      "releases, since it grows",
                      lowering->module->name, abide__quote(ctx, abide_type_print(ctx, type)));
    abide__diag_help(ctx, diag, "pass a pointer to it: ref<%s>",
                     inner->name != NULL ? inner->name : "T");
    return false;
}

bool abide_lower__report_no_words(const struct abide_lowering *lowering,
                                  const struct abide_representing *how, const abide_type *type,
                                  const struct abide_rewrite_rule *rule)
{
    abide_diag *diag =
        abide__report(lowering->ctx, ABIDE_CODE_BAD_RULE, rule->origin.place,
                      "%s has no flat form, in which this rule passes it",
                      abide__quote(lowering->ctx, abide_type_print(lowering->ctx, type)));
    abide__diag_note(lowering->ctx, diag, how->place, "%s", how->what);
    abide__diag_help(lowering->ctx, diag, "test it: `when: {flat: \"<=4\"}`");
    return false;
}

/* --- all together ---------------------------------------------------------------------------------- */

/* The groups in the module's order; the extra arguments of a described call last. */
static void order_params(struct abide_lowering *lowering)
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

static void add_env(struct abide_lowering *lowering)
{
    abide_ctx *ctx = lowering->ctx;
    struct abide_physical_param param = {
        .name = lowering->language->closure.env_name, .role = ABIDE_ROLE_ENV, .of = SIZE_MAX};
    param.type = abide_type__pointer(ctx, abide_type__void(ctx), true, true);
    param.value_type = param.type;
    abide_lower__add(lowering, &param);
}

static const struct abide_physical *lower(abide_ctx *ctx, const abide_module *module,
                                          const abide_signature *signature,
                                          const abide_module *foreign, bool env)
{
    struct abide_lowering lowering = {.ctx = ctx,
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
    if (lowering.physical->machine == NULL)
        return NULL;
    lowering.physical->signature = signature;
    lowering.physical->is_variadic = signature->is_variadic;
    bool fine = true;
    if (abide_lower__must_gather(&lowering))
        fine = abide_lower__gather(&lowering);
    else
        for (size_t i = 0; i < signature->param_count; i++)
            fine = abide_lower__param(&lowering, i) && fine;
    if (!abide_lower__result(&lowering) || !fine)
        return NULL;
    if (env)
        add_env(&lowering);
    order_params(&lowering);
    /* A size that could not be found out was reported, but let a rule fail to match. */
    return abide__error_count(ctx) == errors ? lowering.physical : NULL;
}

bool abide_physical__has_no_result(const struct abide_physical *physical)
{
    const abide_type *type = physical->result.type;
    return !type || type->kind == ABIDE_KIND_VOID;
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
