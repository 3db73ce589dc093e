/* Lowering results: C's result, and what the callee writes through pointers. */
#include "call/lower.h"

#include "base/diag.h"
#include "call/decide.h"
#include "call/failure.h"
#include "call/facts.h"
#include "call/flat.h"
#include "layout/layout.h"

#include <assert.h>
#include <string.h>

static const struct abide_rewrite_rule *first_match(const struct abide_lowering *lowering,
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

static void add_out(struct abide_lowering *lowering, const struct abide_physical_result *result,
                    const abide_type *pointer, const char *name, const abide_type *value_type)
{
    struct abide_physical_param param = {.name = name,
                                         .role = ABIDE_ROLE_OUT,
                                         .of = SIZE_MAX,
                                         .type = pointer,
                                         .value_type = value_type,
                                         .rule = result->rule};
    abide_lower__add(lowering, &param);
}

/* Facts about the memory behind a result: the language's for its out pointers, C's for C's own. */
static void state_facts(const struct abide_lowering *lowering, const struct abide_subject *subject,
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
                abide_layout_field_count(a) == abide_layout_field_count(b);
    for (size_t i = 0; fine && i < abide_layout_field_count(a); i++)
        fine = abide_layout__field(a, i).type == abide_layout__field(b, i).type &&
               abide_layout__offset_bits(a, i) == abide_layout__offset_bits(b, i);
    return fine;
}

/* Nothing, one word by itself, or a C struct of the words: the represented one where it is just that. */
static bool return_words(struct abide_lowering *lowering, const struct abide_representing *how,
                         const struct abide_rewrite_rule *rule,
                         struct abide_physical_result *result)
{
    abide_ctx *ctx = lowering->ctx;
    const abide_type *abstract = lowering->signature->result;
    const struct abide_flat *flat = abide_flat__words(ctx, how, abstract);
    if (flat == NULL)
        return abide_lower__report_no_words(lowering, how, abstract, rule);
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
static bool check_errors(const struct abide_lowering *lowering, const abide_type *errors)
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
static bool fits_status(const struct abide_lowering *lowering, const struct abide_representing *how,
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
static bool return_status(struct abide_lowering *lowering, const struct abide_representing *how,
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

static bool return_pointer(struct abide_lowering *lowering, const struct abide_representing *how,
                           const struct abide_rewrite_rule *rule,
                           struct abide_physical_result *result)
{
    const abide_type *pointer =
        abide_lower__pointer(lowering, rule, how, lowering->signature->result, true);
    if (pointer == NULL)
        return false;
    if (rule->pass == ABIDE_REWRITE_POINTER) {
        result->mode = ABIDE_RESULT_POINTER;
        result->type = pointer;
        result->is_moved = rule->copy == ABIDE_COPY_WORD_MOVED;
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

static bool apply_to_result(struct abide_lowering *lowering, const struct abide_subject *subject,
                            const struct abide_rewrite_rule *rule,
                            struct abide_physical_result *result)
{
    struct abide_representing how =
        abide_lower__how(lowering, "the result", lowering->signature->place);
    result->value_type = abide_represent__as(lowering->ctx, &how, lowering->signature->result);
    if (result->value_type == NULL)
        return false;
    if (rule->pass != ABIDE_REWRITE_OUT && rule->pass != ABIDE_REWRITE_POINTER &&
        !abide_lower__check_size(lowering, &how, lowering->signature->result))
        return false;
    bool fine = true;
    const struct abide_error_rule *errors = NULL;
    if (abide_type__is(lowering->signature->result, ABIDE_KIND_RESULT))
        errors = abide_failure__rule(lowering, rule, &fine);
    if (!fine)
        return false;
    if (errors != NULL) {
        fine = abide_failure__lower(lowering, errors, result);
    } else if (rule->pass == ABIDE_REWRITE_VALUE) {
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

bool abide_lower__result(struct abide_lowering *lowering)
{
    const abide_signature *signature = lowering->signature;
    struct abide_physical_result *result = &lowering->physical->result;
    result->mode = ABIDE_RESULT_NOTHING;
    result->type = abide_type__void(lowering->ctx);
    result->value_type = result->type;
    struct abide_representing how = abide_lower__how(lowering, "the result", signature->place);
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
