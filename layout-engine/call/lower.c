/* Lowering: an abstract signature becomes the C-like one that a machine module places. */
#include "base/checked.h"
#include "base/diag.h"
#include "base/hash.h"
#include "call/decide.h"
#include "call/facts.h"
#include "call/flat.h"
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

/* NULL: reported. */
static const abide_module *choose_machine(const struct lowering *lowering)
{
    const struct abide_language *language = lowering->language;
    for (size_t i = 0; i < language->lowers_to_count; i++) {
        const struct abide_lowering_choice *choice = &language->lowers_to[i];
        if (abide_language__holds(lowering->module, choice->when, lowering->convention))
            return abide_language__machine(lowering->ctx, lowering->module, choice);
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

static bool report_no_words(const struct lowering *lowering, const struct abide_representing *how,
                            const abide_type *type, const struct abide_rewrite_rule *rule)
{
    abide_diag *diag =
        abide__report(lowering->ctx, ABIDE_CODE_BAD_RULE, rule->origin.place,
                      "%s has no flat form, in which this rule passes it",
                      abide__quote(lowering->ctx, abide_type_print(lowering->ctx, type)));
    abide__diag_note(lowering->ctx, diag, how->place, "%s", how->what);
    abide__diag_help(lowering->ctx, diag, "test it: `when: {flat: \"<=4\"}`");
    return false;
}

/*
 * Each word of the flat form becomes a parameter. Where all words are bytes of the represented value they are its parts; else
 * parts of the flat form.
 */
static bool pass_words(struct lowering *lowering, const struct abide_representing *how,
                       const struct abide_param *abstract, const struct abide_rewrite_rule *rule,
                       struct abide_physical_param param)
{
    abide_ctx *ctx = lowering->ctx;
    const struct abide_flat *flat = abide_flat__words(ctx, how, abstract->type);
    const abide_layout *layout =
        flat != NULL ? abide_layout__physical(ctx, lowering->module->data, flat->type) : NULL;
    if (layout == NULL)
        return report_no_words(lowering, how, abstract->type, rule);
    if (!flat->is_in_place)
        param.value_type = flat->type;
    for (size_t i = 0; i < flat->word_count; i++) {
        const struct abide_flat_word *word = &flat->words[i];
        bool is_all = flat->word_count == 1 && word->suffix[0] == '\0';
        param.type = word->type;
        param.part = is_all ? NULL : flat->type->fields[i].name;
        param.part_offset_bytes =
            flat->is_in_place ? word->source_bytes : layout->fields[i].offset_bits / 8;
        param.name = abstract->name != NULL
                         ? abide__printf(ctx, "%s%s", abstract->name, word->suffix)
                         : NULL;
        add(lowering, &param);
    }
    return true;
}

/*
 * The first rule that applies. Memory that the callee writes is named by its address: only a rule that asks for the mode says
 * otherwise.
 */
static const struct abide_rewrite_rule *param_rule(const struct lowering *lowering,
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
static bool pass_memory(struct lowering *lowering, const struct abide_rewrite_rule *rule,
                        const struct abide_representing *how, const struct abide_param *abstract,
                        struct abide_physical_param param)
{
    static const struct abide_rewrite_rule plain = {.pass = ABIDE_REWRITE_POINTER,
                                                    .copy = ABIDE_COPY_WORD_BORROW};
    param.rule = rule != NULL ? &rule->origin : NULL;
    param.copy = ABIDE_COPY_BORROW;
    param.type = pointer_to(lowering, rule != NULL ? rule : &plain, how, abstract->type, true);
    if (param.type != NULL)
        add(lowering, &param);
    return param.type != NULL;
}

static bool apply_to_param(struct lowering *lowering, const struct abide_rewrite_rule *rule,
                           const struct abide_representing *how, const struct abide_param *abstract,
                           struct abide_physical_param param)
{
    param.rule = &rule->origin;
    if (rule->pass == ABIDE_REWRITE_SPREAD)
        return spread(lowering, how, abstract, param);
    if (rule->pass == ABIDE_REWRITE_FLAT)
        return pass_words(lowering, how, abstract, rule, param);
    param.type = param.value_type;
    if (rule->pass == ABIDE_REWRITE_POINTER) {
        param.type =
            pointer_to(lowering, rule, how, abstract->type, rule->copy == ABIDE_COPY_WORD_MOVED);
        param.copy = copy_of(rule);
    }
    if (param.type != NULL)
        add(lowering, &param);
    return param.type != NULL;
}

static bool is_consumed(const struct lowering *lowering, const struct abide_subject *subject)
{
    const struct abide_when *consumes = lowering->language->consumes;
    return subject->param->is_own && subject->param->mode == ABIDE_MODE_IN &&
           (consumes == NULL || abide_decide__holds(lowering->ctx, subject, consumes));
}

static bool lower_param(struct lowering *lowering, size_t index)
{
    const struct abide_param *abstract = &lowering->signature->params[index];
    const char *what = abstract->name != NULL
                           ? abide__printf(lowering->ctx, "parameter '%s'", abstract->name)
                           : abide__printf(lowering->ctx, "parameter %zu", index + 1);
    struct abide_representing how = how_for(lowering, what, abstract->place);
    for (size_t i = 0; i < abstract->facts.count; i++) {
        if (!abide_facts__knows(lowering->ctx, &how, ABIDE_FACT_OF_PARAM,
                                         &abstract->facts.items[i]))
            return false;
    }
    struct abide_subject subject = {.module = lowering->module,
                                    .foreign = lowering->foreign,
                                    .convention = lowering->convention,
                                    .type = abstract->type,
                                    .signature = lowering->signature,
                                    .param = abstract,
                                    .position = index};
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
                                         .is_consumed = is_consumed(lowering, &subject)};
    param.value_type = abide_represent__as(lowering->ctx, &how, abstract->type);
    if (param.value_type == NULL)
        return false;
    return is_memory ? pass_memory(lowering, rule, &how, abstract, param)
                     : apply_to_param(lowering, rule, &how, abstract, param);
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
                    const abide_type *pointer, const char *name, const abide_type *value_type)
{
    struct abide_physical_param param = {.name = name,
                                         .role = ABIDE_ROLE_OUT,
                                         .of = SIZE_MAX,
                                         .type = pointer,
                                         .value_type = value_type,
                                         .rule = result->rule};
    add(lowering, &param);
}

/* Facts about the memory behind a result: the language's for its out pointers, C's for C's own. */
static void state_facts(const struct lowering *lowering, const struct abide_subject *subject,
                        struct abide_physical_result *result)
{
    const struct abide_out *out = &lowering->language->out;
    if (result->mode != ABIDE_RESULT_OUT && result->mode != ABIDE_RESULT_STATUS) {
        result->exclusive = lowering->physical->machine->hidden_exclusive;
        return;
    }
    result->zeroed = out->zeroed;
    result->exclusive = out->exclusive;
    result->callee_reads =
        out->callee_reads != NULL && abide_decide__holds(lowering->ctx, subject, out->callee_reads);
}

static bool is_same_layout(const abide_layout *a, const abide_layout *b)
{
    bool fine = a->size_bytes == b->size_bytes && a->align_bytes == b->align_bytes &&
                a->field_count == b->field_count;
    for (size_t i = 0; fine && i < a->field_count; i++)
        fine = a->fields[i].type == b->fields[i].type &&
               a->fields[i].offset_bits == b->fields[i].offset_bits;
    return fine;
}

/* Nothing, one word by itself, or a C struct of the words: the represented one where it is just that. */
static bool return_words(struct lowering *lowering, const struct abide_representing *how,
                         const struct abide_rewrite_rule *rule,
                         struct abide_physical_result *result)
{
    abide_ctx *ctx = lowering->ctx;
    const abide_type *abstract = lowering->signature->result;
    const struct abide_flat *flat = abide_flat__words(ctx, how, abstract);
    if (flat == NULL)
        return report_no_words(lowering, how, abstract, rule);
    if (flat->word_count == 0)
        return true;
    const struct abide_data_model *data = lowering->module->data;
    const abide_layout *words = abide_layout__physical(ctx, data, flat->type);
    const abide_layout *value = abide_layout__physical(ctx, data, result->value_type);
    if (words == NULL || value == NULL)
        return false;
    result->mode = ABIDE_RESULT_VALUE;
    bool is_word = flat->word_count == 1;
    const abide_type *only = flat->words[0].type;
    if (is_word ? only == result->value_type : is_same_layout(words, value)) {
        result->type = result->value_type;
        return true;
    }
    result->value_type = flat->type;
    result->type = is_word ? only : flat->type;
    return true;
}

/* Whether errors are numbers that a status can be: integers, enums. */
static bool is_number(const abide_type *type)
{
    if (type->kind == ABIDE_KIND_SCALAR)
        return abide__scalars[type->scalar].group != ABIDE_GROUP_FLOAT;
    return type->kind == ABIDE_KIND_ENUM;
}

/* No error may look like success. Numbers that only turn up when the program runs are tested there. */
static bool check_errors(const struct lowering *lowering, const abide_type *errors)
{
    for (size_t i = 0; errors->kind == ABIDE_KIND_ENUM && i < errors->enumerator_count; i++) {
        if (errors->enumerators[i].value != 0)
            continue;
        abide_diag *diag =
            abide__report(lowering->ctx, ABIDE_CODE_STATUS_OF_ZERO, errors->enumerators[i].place,
                          "the error '%s' is number 0, which means success in a status",
                          errors->enumerators[i].name);
        abide__diag_note(lowering->ctx, diag, lowering->signature->place,
                         "this result is returned as a status");
        abide__diag_help(lowering->ctx, diag,
                         "number the errors from 1, or take another form of "
                         "the result");
        return false;
    }
    return true;
}

static const abide_type *status_payload(const abide_type *sum, const char *name)
{
    size_t index = abide_type__case(sum, name);
    const abide_type *payload = index != SIZE_MAX ? sum->fields[index].type : NULL;
    return payload != NULL && payload->kind != ABIDE_KIND_VOID ? payload : NULL;
}

/* Whether the number of any error fits into the status. */
static bool fits_status(const struct lowering *lowering, const struct abide_representing *how,
                        const abide_type *error, const abide_type *status)
{
    const abide_type *physical = abide_represent__as(lowering->ctx, how, error);
    if (physical == NULL || !is_number(abide_type__strip(physical)))
        return false;
    const struct abide_data_model *data = lowering->module->data;
    const abide_layout *own = abide_layout__physical(lowering->ctx, data, physical);
    const abide_layout *room = abide_layout__physical(lowering->ctx, data, status);
    return own != NULL && room != NULL && own->size_bytes <= room->size_bytes;
}

/* A struct {status, value, error}; the error is a member of its own only if it is no number that fits the status. */
static bool return_status(struct lowering *lowering, const struct abide_representing *how,
                          const struct abide_rewrite_rule *rule,
                          struct abide_physical_result *result)
{
    abide_ctx *ctx = lowering->ctx;
    const abide_type *sum = abide_type__strip(lowering->signature->result);
    if (sum->kind != ABIDE_KIND_RESULT) {
        abide_diag *diag = abide__report(ctx, ABIDE_CODE_BAD_RULE, rule->origin.place,
                                         "only a result<T, E> has a status");
        abide__diag_note(ctx, diag, how->place, "%s", how->what);
        return false;
    }
    static const char *const names[] = {"status", "value", "error"};
    const abide_type *payloads[] = {NULL, status_payload(sum, "ok"), status_payload(sum, "err")};
    const abide_type *status = abide_type__scalar(ctx, rule->status);
    if (payloads[2] != NULL && !check_errors(lowering, abide_type__strip(payloads[2])))
        return false;
    if (payloads[2] != NULL && fits_status(lowering, how, payloads[2], status))
        payloads[2] = NULL;
    struct abide_field *fields = abide__new_array(ctx, struct abide_field, 3);
    size_t count = 0;
    fields[count++] = (struct abide_field){.name = names[0], .type = status};
    for (size_t i = 1; i < 3; i++) {
        if (payloads[i] == NULL)
            continue;
        const abide_type *physical = abide_represent__as(ctx, how, payloads[i]);
        if (physical == NULL)
            return false;
        fields[count++] = (struct abide_field){.name = names[i], .type = physical};
        add_out(lowering, result, abide_type__pointer(ctx, payloads[i], true, true),
                i == 1 ? lowering->language->out.name : names[i], physical);
    }
    abide_type *whole = abide_type__new(ctx, ABIDE_KIND_STRUCT, NULL, sum->place);
    whole->fields = fields;
    whole->field_count = count;
    abide_type__measure(whole);
    result->mode = ABIDE_RESULT_STATUS;
    result->value_type = whole;
    result->type = status;
    return true;
}

static bool return_pointer(struct lowering *lowering, const struct abide_representing *how,
                           const struct abide_rewrite_rule *rule,
                           struct abide_physical_result *result)
{
    const abide_type *pointer = pointer_to(lowering, rule, how, lowering->signature->result, true);
    if (pointer == NULL)
        return false;
    if (rule->pass == ABIDE_REWRITE_POINTER) {
        result->mode = ABIDE_RESULT_POINTER;
        result->type = pointer;
        return true;
    }
    result->mode = ABIDE_RESULT_OUT;
    result->returns_tag =
        rule->returns_tag && abide_type__is_sum(abide_type__strip(lowering->signature->result));
    if (result->returns_tag)
        result->type = abide_type__scalar(lowering->ctx, lowering->language->flatten.tag);
    add_out(lowering, result, pointer, lowering->language->out.name, result->value_type);
    return true;
}

static bool apply_to_result(struct lowering *lowering, const struct abide_subject *subject,
                            const struct abide_rewrite_rule *rule,
                            struct abide_physical_result *result)
{
    struct abide_representing how = how_for(lowering, "the result", lowering->signature->place);
    result->value_type = abide_represent__as(lowering->ctx, &how, lowering->signature->result);
    if (result->value_type == NULL)
        return false;
    bool fine = true;
    if (rule->pass == ABIDE_REWRITE_VALUE) {
        result->mode = ABIDE_RESULT_VALUE;
        result->type = result->value_type;
    } else if (rule->pass == ABIDE_REWRITE_FLAT) {
        fine = return_words(lowering, &how, rule, result);
    } else if (rule->pass == ABIDE_REWRITE_STATUS) {
        fine = return_status(lowering, &how, rule, result);
    } else {
        fine = return_pointer(lowering, &how, rule, result);
    }
    if (fine)
        state_facts(lowering, subject, result);
    return fine;
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
        if (!abide_facts__knows(lowering->ctx, &how, ABIDE_FACT_OF_RESULT,
                                         &signature->result_facts.items[i]))
            return false;
    }
    if (abide_type__is(signature->result, ABIDE_KIND_VOID))
        return true;
    struct abide_subject subject = {.module = lowering->module,
                                    .foreign = lowering->foreign,
                                    .convention = lowering->convention,
                                    .type = signature->result,
                                    .signature = signature};
    const struct abide_rewrite_rule *rule = first_match(lowering, lowering->language->results,
                                                        lowering->language->result_count, &subject);
    if (rule == NULL)
        return false;
    result->rule = &rule->origin;
    const struct abide_when *lends = lowering->language->lends;
    result->is_lent = signature->has_lender &&
                      (lends == NULL || abide_decide__holds(lowering->ctx, &subject, lends));
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
    if (lowering.physical->machine == NULL)
        return NULL;
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
