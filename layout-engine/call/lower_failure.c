/* Lowering results of which `errors` says how failures are told. */
#include "call/failure.h"

#include "base/diag.h"
#include "layout/layout.h"

#include <string.h>

/* What an error consists of, as far as rules can tell it. */
struct telling {
    bool has_number;
    const abide_type *number; /* that says which integer it is; NULL: any */
    bool has_text;
};

bool abide_failure__refuse(abide_ctx *ctx, const struct abide_error_use *use,
                           struct abide_place place, const char *reason, const char *help)
{
    abide_diag *diag =
        use ? abide__report(ctx, ABIDE_CODE_CANNOT_TELL_ERROR, use->place,
                            "failures of %s cannot be told so: %s",
                            use->function ? abide__printf(ctx, "function '%s'", use->function)
                                          : "what is called back",
                            reason)
            : abide__report(ctx, ABIDE_CODE_CANNOT_TELL_ERROR, place,
                            "failures cannot be told as the module does it: %s", reason);
    abide__diag_help(ctx, diag, "%s", help);
    return false;
}

static bool refuse(const struct abide_lowering *lowering, const char *reason, const char *help)
{
    return abide_failure__refuse(lowering->ctx, lowering->signature->errors,
                                 lowering->signature->place, reason, help);
}

/* --- which rule ------------------------------------------------------------------------------------ */

static const struct abide_error_rule *find_rule(const struct abide_lowering *lowering,
                                                const char *word, struct abide_place place,
                                                bool *fine)
{
    abide_ctx *ctx = lowering->ctx;
    const abide_module *module = lowering->module;
    const struct abide_error_rule *rule = abide_module__errors(module, word);
    if (rule != NULL)
        return rule;
    *fine = false;
    abide_diag *diag = abide__report(ctx, ABIDE_CODE_UNKNOWN_ERRORS, place,
                                     "module %s does not say how functions report %s", module->name,
                                     abide__quote(ctx, word));
    for (size_t i = 0; i < module->error_count; i++)
        abide__diag_help(ctx, diag, "it knows '%s'", module->errors[i].name);
    return NULL;
}

const struct abide_error_rule *abide_failure__rule(const struct abide_lowering *lowering,
                                                   const struct abide_rewrite_rule *rewrite,
                                                   bool *fine)
{
    const struct abide_error_use *use = lowering->signature->errors;
    *fine = true;
    if (use == NULL || lowering->module->error_count == 0)
        return rewrite->errors != NULL
                   ? find_rule(lowering, rewrite->errors, rewrite->origin.place, fine)
                   : NULL;
    return use->rule != NULL ? use->rule : find_rule(lowering, use->word, use->place, fine);
}

/* --- what an error is told by ----------------------------------------------------------------------- */

enum abide_error_part abide_failure__part(const abide_type *type)
{
    type = abide_type__strip(type);
    switch (type->kind) {
    case ABIDE_KIND_SCALAR:
        return abide__scalars[type->scalar].group != ABIDE_GROUP_FLOAT ? ABIDE_ERROR_PART_NUMBER
                                                                       : ABIDE_ERROR_PART_OTHER;
    case ABIDE_KIND_ENUM:
    case ABIDE_KIND_FLAGS: return ABIDE_ERROR_PART_NUMBER;
    case ABIDE_KIND_STRING:
    case ABIDE_KIND_STRING0:
    case ABIDE_KIND_STRING16:
    case ABIDE_KIND_UTF16:
    case ABIDE_KIND_CSTRING: return ABIDE_ERROR_PART_TEXT;
    default: return ABIDE_ERROR_PART_OTHER;
    }
}

/* Cases are numbers by their tags; one of them may hold all numbers that are no tag. */
static bool tell_variant(const struct abide_lowering *lowering, const abide_type *type,
                         struct telling *telling)
{
    telling->has_number = true;
    for (size_t i = 0; i < type->field_count; i++) {
        const abide_type *payload = type->fields[i].type;
        if (abide_type__is(payload, ABIDE_KIND_VOID))
            continue;
        if (abide_failure__part(payload) != ABIDE_ERROR_PART_NUMBER || telling->number != NULL)
            return refuse(lowering,
                          abide__printf(lowering->ctx, "case '%s' of the error is no number",
                                        type->fields[i].name),
                          "cases without a payload are told by their tags, and one case may hold "
                          "an integer, which stands for all others; or say `errors: none`");
        telling->number = payload;
    }
    return true;
}

static bool tell_part(const struct abide_lowering *lowering, const abide_type *type,
                      struct telling *telling)
{
    enum abide_error_part part = abide_failure__part(type);
    bool *has = part == ABIDE_ERROR_PART_NUMBER ? &telling->has_number : &telling->has_text;
    if (part == ABIDE_ERROR_PART_OTHER || *has)
        return refuse(lowering,
                      part == ABIDE_ERROR_PART_OTHER
                          ? abide__printf(lowering->ctx, "%s is neither a number nor a text",
                                          abide_type_print(lowering->ctx, type))
                          : "the error has more than one number, or more than one text",
                      "an error is told by an integer, an enum, a variant of numbers, a text, or "
                      "a struct of one of these; or say `errors: none`");
    *has = true;
    if (part == ABIDE_ERROR_PART_NUMBER)
        telling->number = type;
    return true;
}

static bool tell(const struct abide_lowering *lowering, const abide_type *error,
                 struct telling *telling)
{
    const abide_type *type = abide_type__strip(error);
    if (type->kind == ABIDE_KIND_VOID)
        return true;
    if (type->kind == ABIDE_KIND_VARIANT)
        return tell_variant(lowering, type, telling);
    if (type->kind != ABIDE_KIND_STRUCT || type->target != NULL || type->field_count == 0)
        return tell_part(lowering, error, telling);
    for (size_t i = 0; i < type->field_count; i++)
        if (type->fields[i].is_bitfield || !tell_part(lowering, type->fields[i].type, telling))
            return type->fields[i].is_bitfield &&
                   refuse(lowering, "the error has a bit-field", "make it a field, or a newtype");
    return true;
}

/* Numbers and texts each need a place of theirs. */
static bool has_places(const struct abide_lowering *lowering, const struct abide_error_rule *rule,
                       const struct telling *telling)
{
    bool gives_text = rule->source == ABIDE_ERROR_TEXT;
    if (telling->has_text && !gives_text)
        return refuse(lowering, "the error has a text, and the rule gives a number",
                      "name the function that gives the text, `else: {text: SYMBOL}`, or let the "
                      "error be a number");
    if (telling->has_number && gives_text)
        return refuse(lowering, "the error has a number, and the rule gives a text",
                      "name the function that gives the number, `else: {call: SYMBOL}`, or let the "
                      "error be a text");
    return true;
}

static uint64_t size_of(const struct abide_lowering *lowering, const abide_type *physical)
{
    const abide_layout *layout =
        abide_layout__physical(lowering->ctx, lowering->module->data, physical);
    return layout != NULL ? layout->size_bytes : UINT64_MAX;
}

/* A result that may also be the value is a number with a sign, as far as failures go. */
static const abide_type *signed_like(const struct abide_lowering *lowering,
                                     const abide_type *returned)
{
    static const enum abide_scalar scalars[] = {ABIDE_SCALAR_I8, ABIDE_SCALAR_I16, ABIDE_SCALAR_I32,
                                                ABIDE_SCALAR_I64};
    size_t i = 0;
    while (i < 3 && UINT64_C(1) << i < size_of(lowering, returned))
        i++;
    return abide_type__scalar(lowering->ctx, scalars[i]);
}

/* The integer that holds the number: the result's, or a c_int, or the error's own where that is wider. NULL: reported. */
static const abide_type *code_type(struct abide_lowering *lowering,
                                   const struct abide_error_rule *rule,
                                   const struct telling *telling, const abide_type *returned,
                                   bool is_value)
{
    struct abide_representing how =
        abide_lower__how(lowering, "the error", lowering->signature->place);
    const abide_type *number = abide_type__scalar(lowering->ctx, ABIDE_SCALAR_C_INT);
    if (rule->source == ABIDE_ERROR_RESULT || rule->source == ABIDE_ERROR_NEGATED)
        return is_value ? signed_like(lowering, returned) : returned;
    if (rule->source != ABIDE_ERROR_CALL || telling->number == NULL)
        return number;
    const abide_type *own = abide_represent__as(lowering->ctx, &how, telling->number);
    return own == NULL || size_of(lowering, own) >= size_of(lowering, number) ? own : number;
}

static bool is_wide(const struct abide_lowering *lowering, const abide_type *physical)
{
    return size_of(lowering, physical) > lowering->module->data->pointer_bytes;
}

static const abide_type *text_type(const struct abide_lowering *lowering)
{
    abide_ctx *ctx = lowering->ctx;
    return abide_type__pointer(ctx, abide_type__scalar(ctx, ABIDE_SCALAR_C_CHAR), true, true);
}

static const abide_type *record_of(struct abide_lowering *lowering,
                                   const struct abide_field *members, size_t count,
                                   const abide_type *code_of)
{
    struct abide_field *fields = abide__new_array(lowering->ctx, struct abide_field, count);
    memcpy(fields, members, count * sizeof *fields);
    abide_type *record =
        abide_type__new(lowering->ctx, ABIDE_KIND_STRUCT, NULL, lowering->signature->place);
    record->fields = fields;
    record->field_count = count;
    record->code_of = code_of;
    record->is_complete = true;
    abide_type__measure(record);
    return record;
}

/* {code, text}; *told is NULL if E is nothing. False: reported. */
static bool told_by(struct abide_lowering *lowering, const struct abide_error_rule *rule,
                    const abide_type *error, const abide_type *returned, bool is_value,
                    const abide_type **told)
{
    struct telling telling = {0};
    struct abide_field members[2];
    size_t count = 0;
    *told = NULL;
    if (!tell(lowering, error, &telling) || !has_places(lowering, rule, &telling))
        return false;
    if (telling.has_number) {
        const abide_type *code = code_type(lowering, rule, &telling, returned, is_value);
        if (code == NULL)
            return false;
        struct abide_representing how =
            abide_lower__how(lowering, "the error", lowering->signature->place);
        const abide_type *own = telling.number != NULL
                                    ? abide_represent__as(lowering->ctx, &how, telling.number)
                                    : code;
        if (own == NULL)
            return false;
        if (is_wide(lowering, code) || is_wide(lowering, own))
            return refuse(lowering, "the error's number is wider than a register",
                          "let it be a smaller integer");
        members[count++] = (struct abide_field){.name = "code", .type = code};
    }
    if (telling.has_text)
        members[count++] = (struct abide_field){.name = "text", .type = text_type(lowering)};
    if (count > 0)
        *told = record_of(lowering, members, count, abide_type__strip(error));
    return true;
}

/* --- the result --------------------------------------------------------------------------------------- */

/* What is returned beside failures must be comparable with them. */
static bool check_returned(const struct abide_lowering *lowering,
                           const struct abide_error_rule *rule, const abide_type *returned)
{
    const abide_type *bare = abide_type__strip(returned);
    bool is_pointer = bare->kind == ABIDE_KIND_POINTER || bare->kind == ABIDE_KIND_FUNCTION;
    if (!is_pointer && abide_failure__part(bare) != ABIDE_ERROR_PART_NUMBER)
        return refuse(lowering,
                      "the value is neither a number nor a pointer, so no result of it "
                      "means a failure",
                      "let the value go through a pointer, `value: out`, and the result be a "
                      "status, as in `errors: status+errno`");
    if (is_wide(lowering, returned))
        return refuse(lowering, "the value is wider than a register",
                      "let it go through a pointer: `value: out`");
    if (is_pointer && rule->first == INT64_MIN)
        return refuse(lowering, "half of all addresses are negative numbers",
                      "say which ones mean failures: `errors: {failed: -4095..-1, else: negated}`");
    return true;
}

static const abide_type *payload_of(const abide_type *sum, const char *name)
{
    return sum->fields[abide_type__case(sum, name)].type;
}

bool abide_failure__lower(struct abide_lowering *lowering, const struct abide_error_rule *rule,
                          struct abide_physical_result *result)
{
    abide_ctx *ctx = lowering->ctx;
    const abide_type *sum = abide_type__strip(lowering->signature->result);
    const abide_type *ok = payload_of(sum, "ok"), *error = NULL, *value = NULL;
    struct abide_representing how =
        abide_lower__how(lowering, "the value", lowering->signature->place);
    if (!abide_type__is(ok, ABIDE_KIND_VOID)) {
        value = abide_represent__as(ctx, &how, ok);
        if (value == NULL)
            return false;
    }
    bool is_value = value != NULL && !rule->value_is_out;
    result->type = is_value ? value : abide_type__scalar(ctx, rule->type);
    if ((is_value && !check_returned(lowering, rule, value)) ||
        !told_by(lowering, rule, payload_of(sum, "err"), result->type, is_value, &error))
        return false;
    if (value != NULL && rule->value_is_out)
        abide_lower__add(lowering, &(struct abide_physical_param){
                                       .name = lowering->language->out.name,
                                       .role = ABIDE_ROLE_OUT,
                                       .of = SIZE_MAX,
                                       .type = abide_type__pointer(ctx, ok, true, true),
                                       .value_type = value,
                                       .rule = result->rule});
    struct abide_field members[3];
    size_t count = 0;
    members[count++] =
        (struct abide_field){.name = "status", .type = abide_type__scalar(ctx, ABIDE_SCALAR_C_INT)};
    if (value != NULL)
        members[count++] = (struct abide_field){.name = "value", .type = value};
    if (error != NULL)
        members[count++] = (struct abide_field){.name = "error", .type = error};
    result->mode = ABIDE_RESULT_STATUS;
    result->errors = rule;
    result->value_type = record_of(lowering, members, count, sum);
    return true;
}
