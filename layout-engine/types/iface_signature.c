/* Parameters and results in the type language. */
#include "types/iface_expr.h"
#include "types/name.h"

#include <assert.h>
#include <string.h>

struct params {
    ABIDE_VEC(struct abide_param) list;
    bool is_variadic;
    size_t fixed_count;
};

static bool is_prefix(const char *word, size_t length)
{
    static const char *const prefixes[] = {"own", "borrow", "in", "out", "inout", "once"};
    for (size_t i = 0; i < sizeof prefixes / sizeof *prefixes; i++)
        if (strlen(prefixes[i]) == length && memcmp(prefixes[i], word, length) == 0)
            return true;
    return false;
}

/* out, inout, in; then `own` or `once`, which is left for the type. */
static bool parse_mode(struct expression *expression, struct abide_param *param)
{
    abide_ctx *ctx = expression->reader->ctx;
    static const char *const words[] = {
        [ABIDE_MODE_IN] = "in", [ABIDE_MODE_OUT] = "out", [ABIDE_MODE_INOUT] = "inout"};
    struct abide_place place = abide_expr__token_place(expression);
    for (unsigned mode = 0; mode < sizeof words / sizeof *words; mode++)
        if (abide_expr__at_word(expression, words[mode])) {
            param->mode = (enum abide_mode)mode;
            abide_expr__next(expression);
            break;
        }
    param->is_own =
        abide_expr__at_word(expression, "own") || abide_expr__at_word(expression, "once");
    if (!param->is_variadic || param->mode == ABIDE_MODE_IN)
        return true;
    abide__report(ctx, ABIDE_CODE_BAD_MODE, place,
                  "an extra argument of a variadic call cannot be written by the callee");
    expression->failed = true;
    return false;
}

static bool at_prefix(const struct expression *expression)
{
    return expression->token == TOKEN_WORD &&
           is_prefix(expression->text + expression->start, expression->length);
}

/* The name in front of a type that must have one. False: reported. */
static bool parse_required_name(struct expression *expression, const char **name)
{
    abide_ctx *ctx = expression->reader->ctx;
    struct abide_place place = abide_expr__token_place(expression);
    if (expression->token != TOKEN_WORD) {
        abide_expr__report_expected(expression, "a parameter (`name type`)");
        return false;
    }
    bool is_name = !at_prefix(expression);
    *name = abide_expr__token_text(expression);
    abide_expr__next(expression);
    if (is_name && expression->token == TOKEN_WORD)
        return abide_name__check(ctx, place, "a parameter", *name);
    if (is_name && expression->token == TOKEN_OTHER) {
        abide_expr__report_expected(expression, "a type");
        return false;
    }
    expression->failed = true;
    abide_diag *diag = abide__report(ctx, ABIDE_CODE_BAD_TYPE, place,
                                     "expected `name type`, found no %s behind %s",
                                     is_name ? "type" : "name", abide__quote(ctx, *name));
    abide__diag_help(ctx, diag,
                     "parameters of a function have a name each: `(count u32, each fn(i32))`");
    return false;
}

/* One of several references to an object is given away, whatever stands in front. */
static bool is_shared(const abide_type *type)
{
    return type && type->kind == ABIDE_KIND_DYN && type->is_shared;
}

/* A word is the name if another word follows it. */
static void parse_optional_name(struct expression *expression, const char **name)
{
    struct expression before = *expression;
    if (expression->token != TOKEN_WORD || at_prefix(expression) ||
        abide_expr__at_object(expression))
        return;
    abide_expr__next(expression);
    if (expression->token == TOKEN_WORD)
        *name = abide_expr__token_text(&before);
    else
        *expression = before;
}

static bool parse_parameter(struct expression *expression, bool named, struct params *params)
{
    abide_ctx *ctx = expression->reader->ctx;
    struct abide_param param = {.is_variadic = params->is_variadic};
    size_t start = expression->source_start;
    if (named && !param.is_variadic) {
        if (!parse_required_name(expression, &param.name))
            return false;
    } else {
        parse_optional_name(expression, &param.name);
    }
    param.type =
        parse_mode(expression, &param) ? abide_expr__type(expression, IFACE_USE_VALUE) : NULL;
    if (!param.type)
        return false;
    param.is_own = param.is_own || is_shared(param.type);
    param.place = abide_expr__place_from(expression, start);
    if (params->list.count == ABIDE_IFACE_MAX_PARAMS) {
        abide__report(ctx, ABIDE_CODE_TOO_MANY, param.place, "more than %d parameters",
                      ABIDE_IFACE_MAX_PARAMS);
        expression->failed = true;
        return false;
    }
    abide__push(ctx, &params->list, param);
    return true;
}

/* `self`, which has no type: it stands for the object's data. */
static bool parse_self(struct expression *expression, struct params *params)
{
    abide_ctx *ctx = expression->reader->ctx;
    struct abide_param self = {.is_self = true, .place = abide_expr__token_place(expression)};
    if (!abide_expr__at_word(expression, "self")) {
        abide_diag *diag = abide__report(ctx, ABIDE_CODE_BAD_METHOD, self.place,
                                         "the first parameter of a method is `self`");
        abide__diag_help(ctx, diag, "write (self), or (self, a T)");
        expression->failed = true;
        return false;
    }
    self.name = abide_expr__token_text(expression);
    self.type = abide_type__pointer(ctx, abide_type__void(ctx), true, false);
    abide_expr__next(expression);
    abide__push(ctx, &params->list, self);
    expression->is_method = false; /* functions among its parameters are none */
    if (abide_expr__at_mark(expression, ')'))
        return true;
    if (abide_expr__at_separator(expression)) {
        abide_expr__next(expression);
        return true;
    }
    abide_expr__report_expected(expression, "`,` or `)` behind `self`, which has no type");
    return false;
}

/* "(" parameters ")" */
static bool parse_parameters(struct expression *expression, bool named, struct params *params)
{
    if (!abide_expr__expect(expression, '(', "`(` and parameters"))
        return false;
    if (expression->is_method && !parse_self(expression, params))
        return false;
    while (!abide_expr__at_mark(expression, ')')) {
        if (expression->token == TOKEN_DOTS && !params->is_variadic) {
            params->is_variadic = true;
            params->fixed_count = params->list.count;
            abide_expr__next(expression);
            continue;
        }
        if (!parse_parameter(expression, named, params))
            return false;
        if (abide_expr__at_separator(expression))
            abide_expr__next(expression);
        else if (!abide_expr__at_mark(expression, ')'))
            break;
    }
    if (!params->is_variadic)
        params->fixed_count = params->list.count;
    return abide_expr__expect(expression, ')', "`,` or `)`");
}

static const char *param_at(const void *user, size_t index)
{
    const abide_signature *signature = user;
    while (index < signature->fixed_count && !signature->params[index].name)
        index++;
    return index < signature->fixed_count ? signature->params[index].name : NULL;
}

bool abide_iface__find_param(abide_ctx *ctx, const abide_signature *signature, const char *name,
                             struct abide_place place, enum abide_code code, size_t *index)
{
    for (*index = 0; *index < signature->fixed_count; ++*index)
        if (signature->params[*index].name == name)
            return true;
    abide_diag *diag = abide__report(ctx, code, place, "the function has no parameter %s",
                                     abide__quote(ctx, name));
    const char *nearest = abide__nearest(name, param_at, signature);
    if (nearest)
        abide__diag_help(ctx, diag, "did you mean '%s'?", nearest);
    return false;
}

bool abide_iface__set_lender(abide_ctx *ctx, abide_signature *signature, const char *name,
                             struct abide_place place)
{
    if (!abide_iface__find_param(ctx, signature, name, place, ABIDE_CODE_BAD_LENDER,
                                 &signature->lender))
        return false;
    assert(signature->lender < signature->param_count && signature->params);
    const struct abide_param *lender = &signature->params[signature->lender];
    const char *mistake = NULL;
    if (signature->result->kind == ABIDE_KIND_VOID)
        mistake = "without a result nothing can be borrowed";
    else if (lender->mode == ABIDE_MODE_OUT)
        mistake = "the callee writes the parameter, so nothing can be borrowed from it";
    else if (lender->is_own)
        mistake = "the parameter is given away, so nothing can be borrowed from it";
    signature->has_lender = !mistake;
    if (!mistake)
        return true;
    abide_diag *diag = abide__report(ctx, ABIDE_CODE_BAD_LENDER, place, "%s", mistake);
    abide__diag_note(ctx, diag, lender->place, "the parameter");
    return false;
}

/* The words in front of a result; bits. */
enum { RESULT_OWN = 1, RESULT_BORROW = 2 };

/* A result is given away unless it says from whom it is borrowed. */
static bool own_result(struct expression *expression, abide_signature *signature, unsigned words,
                       struct abide_place place)
{
    abide_ctx *ctx = expression->reader->ctx;
    const abide_type *type = signature->result;
    abide_diag *diag = NULL;
    if (signature->has_lender && (words & RESULT_OWN)) {
        diag = abide__report(ctx, ABIDE_CODE_BAD_OWNERSHIP, place,
                             "a result is either given away (own) or borrowed (from), not both");
    } else if (!signature->has_lender && (words & RESULT_BORROW) && abide_type__is_borrowed(type)) {
        diag = abide__report(ctx, ABIDE_CODE_BAD_OWNERSHIP, place,
                             "a borrowed result does not say from whom");
        abide__diag_help(ctx, diag, "name the parameter behind it, `-> %s from PARAMETER`",
                         abide_type_print(ctx, type));
    } else if (!signature->has_lender && type->name) {
        abide__push(ctx, &expression->reader->named_results, signature);
    } else if (!signature->has_lender && abide_type__is_borrowed(type)) {
        signature->result = abide_iface__in_form(expression->reader, abide_type__owned(ctx, type));
    }
    expression->failed = expression->failed || diag;
    return !diag;
}

/* type ["from" name]; the parameters are known. */
static bool parse_result(struct expression *expression, abide_signature *signature)
{
    size_t start = expression->source_start;
    bool is_given =
        abide_expr__at_word(expression, "own") || abide_expr__at_word(expression, "once");
    unsigned words = (is_given ? RESULT_OWN : 0) |
                     (abide_expr__at_word(expression, "borrow") ? RESULT_BORROW : 0);
    signature->result = abide_expr__type(expression, IFACE_USE_RESULT);
    if (!signature->result)
        return false;
    if (abide_expr__at_word(expression, "from")) {
        abide_expr__next(expression);
        if (expression->token != TOKEN_WORD) {
            abide_expr__report_expected(expression, "the name of a parameter");
            return false;
        }
        const char *name = abide_expr__token_text(expression);
        struct abide_place place = abide_expr__token_place(expression);
        abide_expr__next(expression);
        if (!abide_iface__set_lender(expression->reader->ctx, signature, name, place)) {
            expression->failed = true;
            return false;
        }
    }
    return own_result(expression, signature, words, abide_expr__place_from(expression, start));
}

bool abide_expr__signature(struct expression *expression, bool named, abide_signature *signature)
{
    struct params params = {0};
    size_t start = expression->source_start;
    if (!parse_parameters(expression, named, &params))
        return false;
    signature->params = params.list.items;
    signature->param_count = params.list.count;
    signature->fixed_count = params.fixed_count;
    signature->is_variadic = params.is_variadic;
    signature->result = abide_type__void(expression->reader->ctx);
    signature->place = abide_expr__place_from(expression, start);
    if (!abide_iface__check_params(expression->reader->ctx, signature))
        return false;
    if (expression->token != TOKEN_ARROW)
        return true;
    abide_expr__next(expression);
    bool fine = parse_result(expression, signature);
    signature->place = abide_expr__place_from(expression, start);
    return fine;
}

bool abide_iface__param_type(struct iface_reader *reader, const struct abide_yaml *node,
                             struct abide_param *param)
{
    struct expression expression;
    if (!abide_expr__open(&expression, reader, node, "a type") || !parse_mode(&expression, param))
        return false;
    param->type = abide_expr__type(&expression, IFACE_USE_VALUE);
    param->is_own = param->is_own || is_shared(param->type);
    return param->type && abide_expr__close(&expression);
}

bool abide_iface__result_type(struct iface_reader *reader, const struct abide_yaml *node,
                              abide_signature *signature)
{
    struct expression expression;
    return abide_expr__open(&expression, reader, node, "a type") &&
           parse_result(&expression, signature) && abide_expr__close(&expression);
}

bool abide_iface__signature(struct iface_reader *reader, const struct abide_yaml *node, bool named,
                            abide_signature *signature)
{
    struct expression expression;
    return abide_expr__open(&expression, reader, node, "a signature, `(a T, b U) -> R`") &&
           abide_expr__signature(&expression, named, signature) && abide_expr__close(&expression);
}

bool abide_iface__method_signature(struct iface_reader *reader, const struct abide_yaml *node,
                                   abide_signature *signature)
{
    struct expression expression;
    if (!abide_expr__open(&expression, reader, node, "a signature, `(self, a T) -> R`"))
        return false;
    expression.is_method = true;
    return abide_expr__signature(&expression, true, signature) && abide_expr__close(&expression);
}

const abide_type *abide_expr__callable(struct expression *expression, const struct builtin *builtin)
{
    abide_ctx *ctx = expression->reader->ctx;
    abide_signature *signature = abide__new(ctx, abide_signature);
    expression->has_callable = true;
    if (!abide_expr__signature(expression, false, signature)) {
        expression->failed = true;
        return NULL;
    }
    return abide_iface__in_form(
        expression->reader, abide_type__callable(ctx, (enum abide_kind)builtin->detail, signature));
}

static bool report_same_name(abide_ctx *ctx, const struct abide_param *first,
                             const struct abide_param *again)
{
    abide_diag *diag =
        abide__report(ctx, ABIDE_CODE_DUPLICATE_NAME, again->place, "two parameters are called %s",
                      abide__quote(ctx, again->name));
    if (first->place.source)
        abide__diag_note(ctx, diag, first->place, "the first one");
    return false;
}

bool abide_iface__check_params(abide_ctx *ctx, const abide_signature *signature)
{
    enum { SLOTS = 2 * ABIDE_IFACE_MAX_PARAMS };
    uint16_t slots[SLOTS] = {0}; /* open addressing, half full at most: index of a parameter + 1 */
    const struct abide_param *params = signature->params;
    if (signature->param_count > ABIDE_IFACE_MAX_PARAMS) {
        abide__report(ctx, ABIDE_CODE_TOO_MANY, params[ABIDE_IFACE_MAX_PARAMS].place,
                      "more than %d parameters", ABIDE_IFACE_MAX_PARAMS);
        return false;
    }
    for (size_t i = 0; i < signature->param_count; i++) {
        if (!params[i].name)
            continue;
        size_t slot = ((uintptr_t)params[i].name / 16 * 31) % SLOTS;
        for (; slots[slot]; slot = (slot + 1) % SLOTS)
            if (params[slots[slot] - 1].name == params[i].name)
                return report_same_name(ctx, &params[slots[slot] - 1], &params[i]);
        slots[slot] = (uint16_t)(i + 1);
    }
    return true;
}
