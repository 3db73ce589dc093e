/* Reads mappings by their tables of keys, and scalars by their type. */
#include "base/schema.h"

#include "base/diag.h"

#include <string.h>

const struct abide_content abide_schema__flag = {"flag", NULL},
                           abide_schema__number = {"number", NULL},
                           abide_schema__integer = {"integer", NULL};

static const char *key_at(const void *user, size_t index)
{
    const struct abide_schema *schema = user;
    return index < schema->key_count ? schema->keys[index].name : NULL;
}

static const char *text_at(const void *user, size_t index)
{
    return ((const char *const *)user)[index];
}

static const char *word_at(const void *user, size_t index)
{
    return ((const struct abide_word *)user)[index].name;
}

/* "a, b or c" of `count` texts. */
static const char *join_words(abide_ctx *ctx, const char *(*word)(const void *, size_t),
                              const void *user)
{
    struct abide_text out = {0};
    abide__text_add(ctx, &out, "", 0);
    const char *text;
    for (size_t i = 0; (text = word(user, i)); i++) {
        const char *before = i == 0 ? "" : word(user, i + 1) ? ", " : " or ";
        abide__text_printf(ctx, &out, "%s%s", before, text);
    }
    return out.chars;
}

const char *abide_schema__words(abide_ctx *ctx, const char *const *words)
{
    return join_words(ctx, text_at, words);
}

static void report_unknown_key(abide_ctx *ctx, const struct abide_schema *schema,
                               const struct abide_yaml *key)
{
    abide_diag *diag = abide__report(ctx, ABIDE_CODE_UNKNOWN_KEY, key->place, "%s has no key %s",
                                     schema->what, abide__quote(ctx, key->text));
    const char *nearest = abide__nearest(key->text, key_at, schema);
    if (nearest)
        abide__diag_help(ctx, diag, "did you mean '%s'?", nearest);
    else
        abide__diag_help(ctx, diag, "keys of %s: %s", schema->what,
                         join_words(ctx, key_at, schema));
}

static unsigned shape_of(const struct abide_yaml *node)
{
    switch (node->kind) {
    case ABIDE_YAML_SCALAR: return node->null ? ABIDE_SHAPE_NULL : ABIDE_SHAPE_SCALAR;
    case ABIDE_YAML_SEQUENCE: return ABIDE_SHAPE_SEQUENCE;
    case ABIDE_YAML_MAPPING: return ABIDE_SHAPE_MAPPING;
    }
    return 0;
}

static const char *shape_name(unsigned shape)
{
    switch (shape) {
    case ABIDE_SHAPE_SCALAR: return "a plain value";
    case ABIDE_SHAPE_SEQUENCE: return "a list";
    case ABIDE_SHAPE_MAPPING: return "a mapping";
    default: return "nothing";
    }
}

static const char *shape_names(abide_ctx *ctx, unsigned shapes)
{
    const char *names[5];
    size_t count = 0;
    for (unsigned shape = 1; shape < ABIDE_SHAPE_ANY; shape *= 2)
        if (shapes & shape)
            names[count++] = shape_name(shape);
    names[count] = NULL;
    return abide_schema__words(ctx, names);
}

/* `key` NULL: the schema's own mapping. */
static bool check_shape(abide_ctx *ctx, const struct abide_schema *schema,
                        const struct abide_key *key, const struct abide_yaml *node)
{
    unsigned shapes = key ? key->shapes : ABIDE_SHAPE_MAPPING;
    unsigned shape = shape_of(node);
    if (shapes & shape)
        return true;
    const char *what =
        key ? abide__printf(ctx, "'%s' of %s", key->name, schema->what) : schema->what;
    abide__report(ctx, ABIDE_CODE_WRONG_SHAPE, node->place, "%s: expected %s, not %s", what,
                  shape_names(ctx, shapes), shape_name(shape));
    return false;
}

static size_t find_key(const struct abide_schema *schema, const char *name)
{
    size_t i = 0;
    while (i < schema->key_count && strcmp(schema->keys[i].name, name) != 0)
        i++;
    return i;
}

static bool check_required(abide_ctx *ctx, const struct abide_schema *schema,
                           const struct abide_yaml *node, const struct abide_yaml **values)
{
    bool fine = true;
    for (size_t i = 0; i < schema->key_count; i++) {
        if (!schema->keys[i].required || values[i])
            continue;
        abide_diag *diag =
            abide__report(ctx, ABIDE_CODE_MISSING_KEY, node->place, "%s needs the key '%s'",
                          schema->what, schema->keys[i].name);
        abide__diag_help(ctx, diag, "'%s': %s", schema->keys[i].name, schema->keys[i].doc);
        fine = false;
    }
    return fine;
}

bool abide_schema__read(abide_ctx *ctx, const struct abide_schema *schema,
                        const struct abide_yaml *node, const struct abide_yaml **values)
{
    memset(values, 0, schema->key_count * sizeof *values);
    if (!check_shape(ctx, schema, NULL, node))
        return false;
    bool fine = true;
    for (size_t i = 0; i < node->entry_count; i++) {
        const struct abide_yaml_entry *entry = abide_yaml__entry(node, i);
        size_t index = find_key(schema, entry->key->text);
        if (index == schema->key_count) {
            report_unknown_key(ctx, schema, entry->key);
            fine = false;
            continue;
        }
        values[index] = entry->value;
        fine = check_shape(ctx, schema, &schema->keys[index], entry->value) && fine;
    }
    /* A key that is missing is often the one that was misspelt. */
    return fine && check_required(ctx, schema, node, values);
}

static bool report_value(abide_ctx *ctx, const struct abide_yaml *node, const char *expected)
{
    const char *got = node->kind != ABIDE_YAML_SCALAR ? shape_name(shape_of(node))
                                                      : abide__quote(ctx, node->text);
    abide__report(ctx, ABIDE_CODE_BAD_VALUE, node->place, "expected %s, not %s", expected, got);
    return false;
}

bool abide_schema__bool(abide_ctx *ctx, const struct abide_yaml *node, bool *value)
{
    bool is_scalar = node->kind == ABIDE_YAML_SCALAR;
    *value = is_scalar && strcmp(node->text, "true") == 0;
    if (*value || (is_scalar && strcmp(node->text, "false") == 0))
        return true;
    return report_value(ctx, node, "true or false");
}

/* Decimal or 0x...; digits only, `_` may separate them. False: no number, or beyond 64 bits. */
static bool parse_number(const char *text, uint64_t *value)
{
    uint64_t base = 10;
    if (text[0] == '0' && text[1] == 'x') {
        base = 16;
        text += 2;
    }
    if (!*text ||
        (base == 10 && text[0] == '0' && text[1])) /* 010 is ten to some and eight to others */
        return false;
    *value = 0;
    for (; *text; text++) {
        static const char digits[] = "0123456789abcdef";
        const char *digit = strchr(digits, *text >= 'A' && *text <= 'F' ? *text + 32 : *text);
        if (!digit || (uint64_t)(digit - digits) >= base ||
            *value > (UINT64_MAX - (uint64_t)(digit - digits)) / base)
            return false;
        *value = *value * base + (uint64_t)(digit - digits);
    }
    return true;
}

bool abide_schema__uint(abide_ctx *ctx, const struct abide_yaml *node, uint64_t max,
                        uint64_t *value)
{
    if (node->kind == ABIDE_YAML_SCALAR && parse_number(node->text, value) && *value <= max)
        return true;
    if (max == UINT64_MAX)
        return report_value(ctx, node, "a number without a sign");
    return report_value(ctx, node,
                        abide__printf(ctx, "a number from 0 to %llu", (unsigned long long)max));
}

bool abide_schema__wide_int(abide_ctx *ctx, const struct abide_yaml *node, int64_t *value,
                            bool *is_large)
{
    uint64_t large;
    *is_large =
        node->kind == ABIDE_YAML_SCALAR && parse_number(node->text, &large) && large > INT64_MAX;
    if (!*is_large)
        return abide_schema__int(ctx, node, value);
    *value = (int64_t)large;
    return true;
}

bool abide_schema__int(abide_ctx *ctx, const struct abide_yaml *node, int64_t *value)
{
    const char *text = node->kind == ABIDE_YAML_SCALAR ? node->text : "";
    bool negative = *text == '-';
    uint64_t magnitude;
    if (parse_number(text + negative, &magnitude)) {
        if (!negative && magnitude <= INT64_MAX) {
            *value = (int64_t)magnitude;
            return true;
        }
        if (negative && magnitude <= (uint64_t)INT64_MAX + 1) {
            *value = magnitude ? -(int64_t)(magnitude - 1) - 1 : 0;
            return true;
        }
    }
    return report_value(ctx, node, "a whole number of 64 bits");
}

bool abide_schema__word(abide_ctx *ctx, const struct abide_yaml *node,
                        const struct abide_word *words, size_t *index)
{
    for (*index = 0; node->kind == ABIDE_YAML_SCALAR && words[*index].name; ++*index)
        if (strcmp(words[*index].name, node->text) == 0)
            return true;
    const char *expected = join_words(ctx, word_at, words);
    if (node->kind != ABIDE_YAML_SCALAR)
        return report_value(ctx, node, expected);
    abide_diag *diag = abide__report(ctx, ABIDE_CODE_BAD_VALUE, node->place, "expected %s, not %s",
                                     expected, abide__quote(ctx, node->text));
    const char *nearest = abide__nearest(node->text, word_at, words);
    if (nearest)
        abide__diag_help(ctx, diag, "did you mean '%s'?", nearest);
    return false;
}
