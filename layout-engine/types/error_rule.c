/* Reads rules that say how functions tell failures: `{failed: -1, else: errno}`. */
#include "types/error_rule.h"

#include "base/diag.h"
#include "base/schema.h"
#include "types/name.h"

#include <inttypes.h>
#include <string.h>

enum { OK, FAILED, ELSE, VALUE, RETURNS, TYPE, SET, LAST_ERROR, SOURCE, RULE_KEYS };
static const struct abide_word failed_words[] = {
    {"negative", "all negative numbers"},
    {NULL, NULL},
};
static const struct abide_word else_words[] = {
    {"result", "it is the result"},
    {"negated", "it is the result, negated"},
    {NULL, NULL},
};
static const struct abide_word value_words[] = {
    {"result", "it is the result"},
    {"out", "behind a pointer"},
    {NULL, NULL},
};
static const struct abide_key rule_keys[RULE_KEYS] = {
    [OK] = {"ok", ABIDE_SHAPE_SCALAR, false,
            "the result that means success; all others are failures", NULL},
    [FAILED] = {"failed", ABIDE_SHAPE_SCALAR, false,
                "the results that are failures: a number, A..B or `negative`",
                ABIDE_WORDS_IN(failed_words, "word|text")},
    [ELSE] = {"else", ABIDE_SHAPE_SCALAR | ABIDE_SHAPE_MAPPING, false,
              "where the error is: `result`, `negated`, a hook, {call: SYMBOL} or {text: SYMBOL}",
              ABIDE_WORDS_IN(else_words, "word|text|error_place")},
    [VALUE] = {"value", ABIDE_SHAPE_SCALAR, false,
               "where the value is: `result`, or `out`, through a pointer",
               ABIDE_WORDS(value_words)},
    [RETURNS] = {"returns", ABIDE_SHAPE_SCALAR, false, "the result of a function that failed",
                 ABIDE_INTEGER},
    [TYPE] = {"type", ABIDE_SHAPE_SCALAR, false,
              "the integer that is returned where the value is not (c_int)",
              ABIDE_HOLDS("integer_name")},
    [SET] = {"set", ABIDE_SHAPE_SCALAR, false,
             "with `call` or `text`: the function that is told what they are to return", NULL},
    [LAST_ERROR] = {"last-error", ABIDE_SHAPE_SCALAR, false,
                    "in short: `ok: 0, else: {call: SYMBOL}`", NULL},
    [SOURCE] = {"source", ABIDE_SHAPE_SCALAR, false, "document, release, clause", NULL},
};
const struct abide_schema abide_error_rule__schema = {"a way to report errors", rule_keys,
                                                      RULE_KEYS};

enum { CALL, TEXT, PLACE_KEYS };
static const struct abide_key place_keys[PLACE_KEYS] = {
    [CALL] = {"call", ABIDE_SHAPE_SCALAR, false, "function that returns the number of the error",
              NULL},
    [TEXT] = {"text", ABIDE_SHAPE_SCALAR, false,
              "function that returns the text of the error, which stays its own", NULL},
};
const struct abide_schema abide_error_rule__place_schema = {"'else' of a way to report errors",
                                                            place_keys, PLACE_KEYS};

bool abide_error_rule__check_name(abide_ctx *ctx, struct abide_place place, const char *word)
{
    size_t length_bytes = strlen(word);
    char *name = abide__new_array(ctx, char, length_bytes + 1);
    for (size_t i = 0; i < length_bytes; i++)
        name[i] = word[i] == '+' && i > 0 && i + 1 < length_bytes ? '_' : word[i];
    if (abide_name__is_valid(name))
        return true;
    return abide_name__check(ctx, place, "a way to report errors", word);
}

static bool refuse(abide_ctx *ctx, struct abide_place place, const char *text)
{
    abide__report(ctx, ABIDE_CODE_BAD_COMBINATION, place, "%s", text);
    return false;
}

/* "-4095..-1" */
static bool read_range(abide_ctx *ctx, const struct abide_yaml *node, struct abide_error_rule *rule)
{
    const char *dots = strstr(node->text, "..");
    struct abide_yaml end = *node;
    if (dots) {
        end.text = abide__printf(ctx, "%.*s", (int)(dots - node->text), node->text);
        if (!abide_schema__int(ctx, &end, &rule->first))
            return false;
        end.text = dots + 2;
    }
    if (!abide_schema__int(ctx, &end, &rule->last))
        return false;
    if (!dots)
        rule->first = rule->last;
    return rule->first <= rule->last ||
           refuse(ctx, node->place, "expected the lower number in front of the dots");
}

/* Which results are failures. */
static bool read_test(abide_ctx *ctx, const struct abide_yaml *node,
                      const struct abide_yaml *const *values, struct abide_error_rule *rule)
{
    if (!values[OK] + !values[FAILED] + !values[LAST_ERROR] != 2)
        return refuse(ctx, node->place, "expected one of `ok`, `failed` and `last-error`");
    rule->is_success = !values[FAILED];
    if (values[LAST_ERROR])
        return true;
    if (values[OK])
        return read_range(ctx, values[OK], rule);
    if (strcmp(values[FAILED]->text, failed_words[0].name) == 0) {
        rule->first = INT64_MIN;
        rule->last = -1;
        return true;
    }
    return read_range(ctx, values[FAILED], rule);
}

static bool read_symbol(abide_ctx *ctx, const struct abide_yaml *node, const char **symbol)
{
    *symbol = node->text;
    return abide_symbol__check(ctx, node->place, node->text);
}

/* Where the error is. */
static bool read_place(abide_ctx *ctx, const struct abide_yaml *node,
                       const struct abide_yaml *const *values, struct abide_error_rule *rule)
{
    const struct abide_yaml *place = values[ELSE], *keys[PLACE_KEYS];
    if (values[LAST_ERROR]) {
        rule->source = ABIDE_ERROR_CALL;
        return (!place || refuse(ctx, place->place, "`last-error` says where the error is")) &&
               read_symbol(ctx, values[LAST_ERROR], &rule->symbol);
    }
    if (!place)
        return refuse(ctx, node->place, "expected `else`: where the error is");
    if (place->kind == ABIDE_YAML_MAPPING) {
        if (!abide_schema__read(ctx, &abide_error_rule__place_schema, place, keys))
            return false;
        if (!keys[CALL] == !keys[TEXT])
            return refuse(ctx, place->place, "expected one of `call` and `text`");
        rule->source = keys[CALL] ? ABIDE_ERROR_CALL : ABIDE_ERROR_TEXT;
        return read_symbol(ctx, keys[CALL] ? keys[CALL] : keys[TEXT], &rule->symbol);
    }
    rule->source = strcmp(place->text, else_words[0].name) == 0   ? ABIDE_ERROR_RESULT
                   : strcmp(place->text, else_words[1].name) == 0 ? ABIDE_ERROR_NEGATED
                                                                  : ABIDE_ERROR_AT;
    rule->symbol = place->text;
    return rule->source != ABIDE_ERROR_AT ||
           abide_name__check(ctx, place->place, "a hook", place->text);
}

/* Where the value is; a result that says nothing but success has no room for one. */
static bool read_value(abide_ctx *ctx, const struct abide_yaml *node, struct abide_error_rule *rule)
{
    size_t word = rule->is_success;
    if (node && !abide_schema__word(ctx, node, value_words, &word))
        return false;
    rule->value_is_out = word == 1;
    return !rule->is_success || rule->value_is_out ||
           refuse(ctx, node->place, "with `ok` and `last-error` the value is no result");
}

static bool read_type(abide_ctx *ctx, const struct abide_yaml *node, struct abide_error_rule *rule)
{
    rule->type = ABIDE_SCALAR_C_INT;
    if (!node)
        return true;
    for (unsigned i = 0; i < ABIDE_SCALAR_COUNT; i++) {
        rule->type = (enum abide_scalar)i;
        if (strcmp(abide__scalars[i].name, node->text) == 0 &&
            abide__scalars[i].group != ABIDE_GROUP_FLOAT)
            return true;
    }
    abide__report(ctx, ABIDE_CODE_BAD_VALUE, node->place, "%s is no integer type",
                  abide__quote(ctx, node->text));
    return false;
}

static bool has_failed(const struct abide_error_rule *rule, int64_t result)
{
    return (rule->first <= result && result <= rule->last) != rule->is_success;
}

/* What is returned where that is neither value nor error. */
static bool settle_results(abide_ctx *ctx, const struct abide_yaml *returns,
                           struct abide_error_rule *rule)
{
    rule->fine = has_failed(rule, 0) ? rule->is_success ? rule->first : 1 : 0;
    rule->failed = has_failed(rule, -1) ? -1 : rule->is_success ? 1 : rule->last;
    if (!returns)
        return true;
    return abide_schema__int(ctx, returns, &rule->failed) &&
           (has_failed(rule, rule->failed) ||
            refuse(ctx, returns->place, "this result means success"));
}

bool abide_error_rule__read(abide_ctx *ctx, const char *name, const struct abide_yaml *node,
                            struct abide_error_rule *rule)
{
    const struct abide_yaml *values[RULE_KEYS];
    *rule = (struct abide_error_rule){.name = name, .place = node->place};
    if (!abide_schema__read(ctx, &abide_error_rule__schema, node, values) ||
        !read_test(ctx, node, values, rule) || !read_place(ctx, node, values, rule) ||
        !read_value(ctx, values[VALUE], rule) || !read_type(ctx, values[TYPE], rule) ||
        !settle_results(ctx, values[RETURNS], rule))
        return false;
    if (!values[SET])
        return true;
    if (rule->source != ABIDE_ERROR_CALL && rule->source != ABIDE_ERROR_TEXT)
        return refuse(ctx, values[SET]->place, "`set` belongs to `call`, `text` and `last-error`");
    return read_symbol(ctx, values[SET], &rule->set);
}

static bool is_same_text(const char *a, const char *b)
{
    return a && b ? strcmp(a, b) == 0 : !a && !b;
}

bool abide_error_rule__same(const struct abide_error_rule *a, const struct abide_error_rule *b)
{
    return a->first == b->first && a->last == b->last && a->is_success == b->is_success &&
           a->source == b->source && is_same_text(a->symbol, b->symbol) &&
           is_same_text(a->set, b->set) && a->value_is_out == b->value_is_out &&
           a->failed == b->failed && a->fine == b->fine && a->type == b->type;
}

const char *abide_error_rule__print(abide_ctx *ctx, const struct abide_error_rule *rule)
{
    static const char *const places[] = {[ABIDE_ERROR_RESULT] = "result",
                                         [ABIDE_ERROR_NEGATED] = "negated",
                                         [ABIDE_ERROR_AT] = "at",
                                         [ABIDE_ERROR_CALL] = "call",
                                         [ABIDE_ERROR_TEXT] = "text"};
    bool is_named = rule->source >= ABIDE_ERROR_AT;
    return abide__printf(ctx, "%s %" PRId64 "..%" PRId64 " %s%s%s value %s",
                         rule->is_success ? "ok" : "failed", rule->first, rule->last,
                         places[rule->source], is_named ? " " : "", is_named ? rule->symbol : "",
                         rule->value_is_out ? "out" : "result");
}
