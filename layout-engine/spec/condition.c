/* Compiles `when`: one function per form of value, chosen by spec/predicates.def. */
#include "spec/condition.h"

#include "base/diag.h"
#include "base/schema.h"
#include "spec/keys.h"

#include <assert.h>
#include <ctype.h>
#include <string.h>

struct named_condition {
    struct abide_condition *condition; /* NULL: not read yet */
};

/* A named condition that is being read. On the stack, so that nothing stays of it when memory runs out. */
struct naming {
    size_t index;
    size_t depth;
    const struct naming *outer;
};

struct reader {
    abide_ctx *ctx;
    struct abide_condition_scope *scope;
    const struct naming *naming; /* the innermost; NULL: none */
};

typedef void read_form(struct reader *reader, const struct abide_yaml *value,
                       struct abide_condition *out);

static struct abide_condition *read_condition(struct reader *reader, const struct abide_yaml *node);

/* --- words for kinds, formats and containers --- */

#define BIT(id) (1u << ABIDE_LEAF_##id)

struct word_bits {
    struct abide_word word;
    unsigned bits;
};

static const struct word_bits kind_words[] = {
    {{"int", "an integer, or a truth value"}, BIT(INT)},
    {{"ptr", "a pointer"}, BIT(PTR)},
    {{"float", "a floating-point number"}, BIT(FLOAT)},
    {{"complex", "a complex number"}, BIT(COMPLEX)},
    {{"vector", "a vector"}, BIT(VECTOR)},
    {{"struct", "a struct"}, BIT(STRUCT)},
    {{"union", "a union"}, BIT(UNION)},
    {{"array", "an array"}, BIT(ARRAY)},
    {{"scalar", "int, ptr or float"}, BIT(INT) | BIT(PTR) | BIT(FLOAT)},
    {{"integer", "int or ptr"}, BIT(INT) | BIT(PTR)},
    {{"aggregate", "struct, union or array"}, BIT(STRUCT) | BIT(UNION) | BIT(ARRAY)},
    {{NULL, NULL}, 0},
};

static const struct word_bits format_words[] = {
    {{"half", "IEEE 754, 2 bytes"}, 1u << ABIDE_FORMAT_HALF},
    {{"bfloat", "the upper half of `single`"}, 1u << ABIDE_FORMAT_BFLOAT},
    {{"single", "IEEE 754, 4 bytes"}, 1u << ABIDE_FORMAT_SINGLE},
    {{"double", "IEEE 754, 8 bytes"}, 1u << ABIDE_FORMAT_DOUBLE},
    {{"x87", "extended precision, 10 bytes and padding"}, 1u << ABIDE_FORMAT_X87},
    {{"quad", "IEEE 754, 16 bytes"}, 1u << ABIDE_FORMAT_QUAD},
    {{"ibm", "two of `double`, whose sum it is"}, 1u << ABIDE_FORMAT_IBM},
    {{NULL, NULL}, 0},
};

static const struct word_bits enter_words[] = {
    {{"struct", "structs"}, ABIDE_IN_STRUCT},
    {{"union", "unions"}, ABIDE_IN_UNION},
    {{"array", "arrays"}, ABIDE_IN_ARRAY | ABIDE_IN_ARRAY1},
    {{"array1", "arrays of one element"}, ABIDE_IN_ARRAY1},
    {{"complex", "complex numbers"}, ABIDE_IN_COMPLEX},
    {{"unpacked", "of those, only what is not packed"}, 0},
    {{NULL, NULL}, 0},
};

const struct abide_word abide_condition__paddings[] = {
    {"int", "unnamed bit-fields count as integers"},
    {NULL, NULL},
};

static struct abide_word nth_word(const struct word_bits *words, size_t count, size_t index)
{
    return words[index < count ? index : count - 1].word;
}
#define NTH(words, index) nth_word(words, sizeof(words) / sizeof *(words), index)

struct abide_word abide_condition__kind_at(size_t index)
{
    return NTH(kind_words, index);
}

struct abide_word abide_condition__format_at(size_t index)
{
    return NTH(format_words, index);
}

struct abide_word abide_condition__container_at(size_t index)
{
    return NTH(enter_words, index);
}

static unsigned bits_of(const struct word_bits *words, const char *word)
{
    while (words->word.name && strcmp(words->word.name, word) != 0)
        words++;
    return words->bits;
}

static const char *word_at(const void *user, size_t index)
{
    return ((const struct word_bits *)user)[index].word.name;
}

static void report_word(abide_ctx *ctx, const struct word_bits *words, const char *what,
                        const struct abide_yaml *node)
{
    const char *got = node->kind == ABIDE_YAML_SCALAR ? node->text : "";
    abide_diag *diag = abide__report(ctx, ABIDE_CODE_BAD_VALUE, node->place, "expected %s, not %s",
                                     what, *got ? abide__quote(ctx, got) : "this");
    const char *nearest = abide__nearest(got, word_at, words);
    struct abide_text all = {0};
    for (size_t i = 0; words[i].word.name; i++)
        abide__text_printf(ctx, &all, "%s%s", i ? " " : "", words[i].word.name);
    if (nearest)
        abide__diag_help(ctx, diag, "did you mean '%s'?", nearest);
    else
        abide__diag_help(ctx, diag, "%s: %s", what, all.chars);
}

/* A word, or a list of words, as bits. `unpacked` has no bit and is told by *unpacked. */
static bool read_bits(abide_ctx *ctx, const struct word_bits *words, const char *what,
                      const struct abide_yaml *node, unsigned *bits)
{
    if (node->kind == ABIDE_YAML_SEQUENCE) {
        bool fine = true;
        for (size_t i = 0; i < node->entry_count; i++)
            fine = read_bits(ctx, words, what, abide_yaml__at(node, i), bits) && fine;
        return fine;
    }
    if (node->kind == ABIDE_YAML_SCALAR)
        for (const struct word_bits *word = words; word->word.name; word++)
            if (strcmp(word->word.name, node->text) == 0) {
                *bits |= word->bits;
                return true;
            }
    report_word(ctx, words, what, node);
    return false;
}

bool abide_condition__kinds(abide_ctx *ctx, const struct abide_yaml *node, unsigned *kinds)
{
    *kinds = 0;
    return read_bits(ctx, kind_words, "a kind", node, kinds);
}

unsigned abide_condition__enter(abide_ctx *ctx, const struct abide_yaml *node)
{
    unsigned bits = 0;
    read_bits(ctx, enter_words, "a container", node, &bits);
    bool unpacked = false;
    for (size_t i = 0; i < node->entry_count; i++)
        unpacked |= abide_yaml__at(node, i)->kind == ABIDE_YAML_SCALAR &&
                    strcmp(abide_yaml__at(node, i)->text, "unpacked") == 0;
    return unpacked ? bits : bits | ABIDE_IN_PACKED;
}

enum abide_leaf_kind abide_condition__kind_of(const char *word)
{
    for (size_t i = 0; i < ABIDE_LEAF_KIND_COUNT; i++)
        if (strcmp(kind_words[i].word.name, word) == 0)
            return (enum abide_leaf_kind)i;
    return ABIDE_LEAF_KIND_COUNT;
}

enum abide_leaf_kind abide_condition__padding(abide_ctx *ctx, const struct abide_yaml *node)
{
    if (!node)
        return ABIDE_LEAF_KIND_COUNT;
    enum abide_leaf_kind kind = node->kind == ABIDE_YAML_SCALAR
                                    ? abide_condition__kind_of(node->text)
                                    : ABIDE_LEAF_KIND_COUNT;
    if (kind != ABIDE_LEAF_INT)
        abide__report(ctx, ABIDE_CODE_BAD_VALUE, node->place,
                      "unnamed bit-fields can count as `int` only");
    return kind;
}

enum abide_format abide_condition__format_of(const char *word)
{
    unsigned bits = bits_of(format_words, word);
    return bits ? (enum abide_format)__builtin_ctz(bits) : ABIDE_FORMAT_NONE;
}

/* --- forms --- */

static void read_FLAG(struct reader *reader, const struct abide_yaml *value,
                      struct abide_condition *out)
{
    abide_schema__bool(reader->ctx, value, &out->flag);
}

static void read_PARTS(struct reader *reader, const struct abide_yaml *value,
                       struct abide_condition *out)
{
    if (value->kind != ABIDE_YAML_SEQUENCE || value->entry_count == 0) {
        abide__report(reader->ctx, ABIDE_CODE_WRONG_SHAPE, value->place,
                      "expected a list of conditions, one of which must hold");
        return;
    }
    const struct abide_condition **parts =
        abide__new_array(reader->ctx, const struct abide_condition *, value->entry_count);
    for (size_t i = 0; i < value->entry_count; i++)
        parts[i] = read_condition(reader, abide_yaml__at(value, i));
    out->parts = parts;
    out->part_count = value->entry_count;
}

static void read_OPERAND(struct reader *reader, const struct abide_yaml *value,
                         struct abide_condition *out)
{
    const struct abide_condition **parts =
        abide__new_array(reader->ctx, const struct abide_condition *, 1);
    parts[0] = read_condition(reader, value);
    out->parts = parts;
    out->part_count = 1;
}

static void read_KINDS(struct reader *reader, const struct abide_yaml *value,
                       struct abide_condition *out)
{
    abide_condition__kinds(reader->ctx, value, &out->kinds);
}

static void read_FORMATS(struct reader *reader, const struct abide_yaml *value,
                         struct abide_condition *out)
{
    read_bits(reader->ctx, format_words, "a format", value, &out->formats);
}

/* Kinds and formats mixed: `contains: [float, x87]`. */
static void read_CONTENTS(struct reader *reader, const struct abide_yaml *value,
                          struct abide_condition *out)
{
    if (value->kind == ABIDE_YAML_SEQUENCE) {
        for (size_t i = 0; i < value->entry_count; i++)
            read_CONTENTS(reader, abide_yaml__at(value, i), out);
        return;
    }
    if (value->kind == ABIDE_YAML_SCALAR && bits_of(format_words, value->text))
        out->formats |= bits_of(format_words, value->text);
    else
        read_bits(reader->ctx, kind_words, "a kind or a format", value, &out->kinds);
}

static const char *const comparisons[] = {
    [ABIDE_COMPARE_EQ] = "=", [ABIDE_COMPARE_LT] = "<",  [ABIDE_COMPARE_LE] = "<=",
    [ABIDE_COMPARE_GT] = ">", [ABIDE_COMPARE_GE] = ">=",
};

/* The operator that `text` starts with, and its length. */
static enum abide_compare comparison_of(const char *text, size_t *length)
{
    enum abide_compare found = ABIDE_COMPARE_EQ;
    *length = 0;
    for (size_t i = 0; i < sizeof comparisons / sizeof *comparisons; i++) {
        size_t bytes = strlen(comparisons[i]);
        if (bytes > *length && strncmp(text, comparisons[i], bytes) == 0) {
            found = (enum abide_compare)i;
            *length = bytes;
        }
    }
    return found;
}

static void read_limit(struct reader *reader, const struct abide_yaml *node,
                       struct abide_limit *limit)
{
    if (node->kind != ABIDE_YAML_SCALAR) {
        abide__report(reader->ctx, ABIDE_CODE_WRONG_SHAPE, node->place,
                      "expected a number or a comparison such as \"<=16\"");
        return;
    }
    size_t length;
    limit->compare = comparison_of(node->text, &length);
    length += strspn(node->text + length, " ");
    struct abide_yaml number = *node;
    number.text += length;
    number.length_bytes -= length;
    if (length == strlen(node->text) || !isdigit((unsigned char)*number.text)) {
        abide__report(reader->ctx, ABIDE_CODE_BAD_VALUE, node->place,
                      "expected a number or a comparison such as \"<=16\", not %s",
                      abide__quote(reader->ctx, node->text));
        return;
    }
    abide_schema__uint(reader->ctx, &number, UINT64_MAX, &limit->value);
}

static struct abide_limits read_limits(struct reader *reader, const struct abide_yaml *value)
{
    size_t count = value->kind == ABIDE_YAML_SEQUENCE ? value->entry_count : 1;
    struct abide_limit *limits = abide__new_array(reader->ctx, struct abide_limit, count);
    for (size_t i = 0; i < count; i++)
        read_limit(reader, value->kind == ABIDE_YAML_SEQUENCE ? abide_yaml__at(value, i) : value,
                   &limits[i]);
    return (struct abide_limits){limits, count};
}

static void read_LIMITS(struct reader *reader, const struct abide_yaml *value,
                        struct abide_condition *out)
{
    out->limits = read_limits(reader, value);
}

/* {vector: [8, 16]}: sizes of leaves, by their kind. */
static const struct abide_limits *read_leaf_sizes(struct reader *reader,
                                                  const struct abide_yaml *value)
{
    struct abide_limits *sizes =
        abide__new_array(reader->ctx, struct abide_limits, ABIDE_LEAF_KIND_COUNT);
    for (size_t i = 0; i < value->entry_count; i++) {
        const struct abide_yaml_entry *entry = abide_yaml__entry(value, i);
        unsigned kinds = bits_of(kind_words, entry->key->text);
        if (!kinds)
            report_word(reader->ctx, kind_words, "a kind", entry->key);
        struct abide_limits limits = read_limits(reader, entry->value);
        for (size_t kind = 0; kind < ABIDE_LEAF_KIND_COUNT; kind++)
            if (kinds & (1u << kind))
                sizes[kind] = limits;
    }
    return sizes;
}

enum {
    HOMOGENEOUS_OF,
    HOMOGENEOUS_FORMATS,
    HOMOGENEOUS_SIZES,
    HOMOGENEOUS_MAX,
    HOMOGENEOUS_ENTER,
    HOMOGENEOUS_KEYS
};
static const struct abide_key homogeneous_keys[HOMOGENEOUS_KEYS] = {
    {"of", ABIDE_SHAPE_SCALAR | ABIDE_SHAPE_SEQUENCE, false, "kinds that the leaves may have",
     ABIDE_HOLDS("kinds")},
    {"formats", ABIDE_SHAPE_SCALAR | ABIDE_SHAPE_SEQUENCE, false, "formats that floats may have",
     ABIDE_HOLDS("formats")},
    {"sizes", ABIDE_SHAPE_MAPPING, false,
     "sizes in bytes that leaves of a kind may have: {vector: [8, 16]} (default: all)",
     ABIDE_HOLDS("{kind: limits|nothing}")},
    {"max", ABIDE_SHAPE_SCALAR, true, "how many leaves there may be", ABIDE_NUMBER},
    {"enter", ABIDE_SHAPE_SEQUENCE, false, "containers the walk opens (default: all)",
     ABIDE_HOLDS("[container]")},
};
const struct abide_schema abide_condition__homogeneous_schema = {"'homogeneous'", homogeneous_keys,
                                                                 HOMOGENEOUS_KEYS};

static void read_HOMOGENEOUS(struct reader *reader, const struct abide_yaml *value,
                             struct abide_condition *out)
{
    const struct abide_yaml *values[HOMOGENEOUS_KEYS];
    if (!abide_schema__read(reader->ctx, &abide_condition__homogeneous_schema, value, values))
        return;
    out->kinds = values[HOMOGENEOUS_FORMATS] ? 1u << ABIDE_LEAF_FLOAT : ~0u;
    out->formats = ~0u;
    out->enter = ABIDE_IN_ANY;
    if (values[HOMOGENEOUS_OF])
        abide_condition__kinds(reader->ctx, values[HOMOGENEOUS_OF], &out->kinds);
    if (values[HOMOGENEOUS_FORMATS]) {
        out->formats = 0;
        read_FORMATS(reader, values[HOMOGENEOUS_FORMATS], out);
    }
    if (values[HOMOGENEOUS_SIZES])
        out->leaf_sizes = read_leaf_sizes(reader, values[HOMOGENEOUS_SIZES]);
    abide_schema__uint(reader->ctx, values[HOMOGENEOUS_MAX], 1024, &out->max_count);
    if (values[HOMOGENEOUS_ENTER])
        out->enter = abide_condition__enter(reader->ctx, values[HOMOGENEOUS_ENTER]);
}

enum {
    MEMBERS_MAX,
    MEMBERS_SIZES,
    MEMBERS_SHAPES,
    MEMBERS_FILL,
    MEMBERS_ENTER,
    MEMBERS_PADDING,
    MEMBERS_KEYS
};
static const struct abide_key members_keys[MEMBERS_KEYS] = {
    {"max", ABIDE_SHAPE_MAPPING, true, "largest leaf of each kind in bytes: {int: 8, float: 8}",
     ABIDE_HOLDS("{kind: number|nothing}")},
    {"sizes", ABIDE_SHAPE_MAPPING, false,
     "sizes in bytes that leaves of a kind may have: {int: [4, 8]} (default: all up to the "
     "largest)",
     ABIDE_HOLDS("{kind: limits|nothing}")},
    {"shapes", ABIDE_SHAPE_SEQUENCE, true, "kinds of the leaves in order: [float, float int]",
     ABIDE_HOLDS("[text]")},
    {"fill", ABIDE_SHAPE_SCALAR, false, "`true`: there is nothing but leaves, no padding",
     ABIDE_FLAG},
    {"enter", ABIDE_SHAPE_SEQUENCE, false,
     "containers the walk opens (default: struct, array, complex)", ABIDE_HOLDS("[container]")},
    {"padding", ABIDE_SHAPE_SCALAR, false,
     "`int`: unnamed bit-fields with a width are members of that kind",
     ABIDE_WORDS(abide_condition__paddings)},
};
const struct abide_schema abide_condition__members_schema = {"'members'", members_keys,
                                                             MEMBERS_KEYS};

/* "float int": words for kinds with spaces between them. */
static void read_shape(struct reader *reader, const struct abide_yaml *node,
                       struct abide_member_shape *shape)
{
    const char *at = node->kind == ABIDE_YAML_SCALAR ? node->text : "";
    while (*at && shape->count < ABIDE_SHAPE_MAX_LEAVES) {
        size_t length = strcspn(at, " ");
        unsigned bits = bits_of(kind_words, abide__intern(reader->ctx, at, length));
        if (!bits)
            break;
        shape->kinds[shape->count++] = bits;
        at += length;
        at += strspn(at, " ");
    }
    if (*at || shape->count == 0)
        abide__report(reader->ctx, ABIDE_CODE_BAD_VALUE, node->place,
                      "expected 1 to %d kinds with spaces between them, such as `float int`",
                      ABIDE_SHAPE_MAX_LEAVES);
}

static void read_max_bytes(struct reader *reader, const struct abide_yaml *node,
                           struct abide_condition *out)
{
    for (size_t i = 0; i < node->entry_count; i++) {
        unsigned kinds = bits_of(kind_words, abide_yaml__key_at(node, i)->text);
        if (!kinds)
            report_word(reader->ctx, kind_words, "a kind", abide_yaml__key_at(node, i));
        uint64_t bytes = 0;
        abide_schema__uint(reader->ctx, abide_yaml__at(node, i), 1024, &bytes);
        for (size_t kind = 0; kind < ABIDE_LEAF_KIND_COUNT; kind++)
            if (kinds & (1u << kind))
                out->max_bytes[kind] = (uint32_t)bytes;
    }
}

static void read_MEMBERS(struct reader *reader, const struct abide_yaml *value,
                         struct abide_condition *out)
{
    const struct abide_yaml *values[MEMBERS_KEYS];
    if (!abide_schema__read(reader->ctx, &abide_condition__members_schema, value, values))
        return;
    read_max_bytes(reader, values[MEMBERS_MAX], out);
    if (values[MEMBERS_SIZES])
        out->leaf_sizes = read_leaf_sizes(reader, values[MEMBERS_SIZES]);
    if (values[MEMBERS_FILL])
        abide_schema__bool(reader->ctx, values[MEMBERS_FILL], &out->flag);
    const struct abide_yaml *list = values[MEMBERS_SHAPES];
    struct abide_member_shape *shapes =
        abide__new_array(reader->ctx, struct abide_member_shape, list->entry_count);
    for (size_t i = 0; i < list->entry_count; i++)
        read_shape(reader, abide_yaml__at(list, i), &shapes[i]);
    out->shapes = shapes;
    out->shape_count = list->entry_count;
    out->enter = values[MEMBERS_ENTER] ? abide_condition__enter(reader->ctx, values[MEMBERS_ENTER])
                                       : ABIDE_IN_ANY & ~(unsigned)ABIDE_IN_UNION;
    out->padding_kind = abide_condition__padding(reader->ctx, values[MEMBERS_PADDING]);
}

/* --- facts, options and the target --- */

/* `facts` is a list, or lists by subject: {type: [...], param: [...]}. */
static bool is_declared_fact(const struct abide_yaml *facts, const char *name)
{
    if (!facts)
        return false;
    if (facts->kind == ABIDE_YAML_SCALAR)
        return strcmp(facts->text, name) == 0;
    for (size_t i = 0; i < facts->entry_count; i++)
        if (is_declared_fact(abide_yaml__at(facts, i), name))
            return true;
    return false;
}

bool abide_condition__declares_fact(const struct abide_condition_scope *scope, const char *name)
{
    return is_declared_fact(scope->facts, name);
}

/* A word or a list of words. */
static void read_words(struct reader *reader, const struct abide_yaml *value,
                       struct abide_condition *out)
{
    size_t count = value->kind == ABIDE_YAML_SEQUENCE ? value->entry_count : 1;
    const char **words = abide__new_array(reader->ctx, const char *, count);
    for (size_t i = 0; i < count; i++) {
        const struct abide_yaml *word =
            value->kind == ABIDE_YAML_SEQUENCE ? abide_yaml__at(value, i) : value;
        if (word->kind == ABIDE_YAML_SCALAR)
            words[out->word_count++] = word->text;
        else
            abide__report(reader->ctx, ABIDE_CODE_WRONG_SHAPE, word->place, "expected a word");
    }
    out->words = words;
}

static void read_FACTS(struct reader *reader, const struct abide_yaml *value,
                       struct abide_condition *out)
{
    read_words(reader, value, out);
    for (size_t i = 0; i < out->word_count; i++)
        if (!is_declared_fact(reader->scope->facts, out->words[i])) {
            abide_diag *diag = abide__report(reader->ctx, ABIDE_CODE_UNKNOWN_FACT, value->place,
                                             "the module declares no fact %s",
                                             abide__quote(reader->ctx, out->words[i]));
            abide__diag_help(reader->ctx, diag, "declare it under `facts`");
        }
}

static const char *budget_at(const void *user, size_t index)
{
    const abide_module *module = user;
    return index < module->budget_bank_count ? module->budget_banks[index]->name : NULL;
}

static void read_BUDGETS(struct reader *reader, const struct abide_yaml *value,
                         struct abide_condition *out)
{
    const abide_module *module = reader->scope->module;
    read_words(reader, value, out);
    for (size_t i = 0; i < out->word_count; i++) {
        size_t bank = 0;
        while (bank < module->budget_bank_count &&
               strcmp(module->budget_banks[bank]->name, out->words[i]) != 0)
            bank++;
        if (bank < module->budget_bank_count) {
            out->budgets |= 1u << bank;
            continue;
        }
        abide_diag *diag =
            abide__report(reader->ctx, ABIDE_CODE_UNKNOWN_BANK, value->place,
                          "no bank %s in `budget`", abide__quote(reader->ctx, out->words[i]));
        const char *nearest = abide__nearest(out->words[i], budget_at, module);
        if (nearest)
            abide__diag_help(reader->ctx, diag, "did you mean '%s'?", nearest);
    }
}

static const char *scalar_at(const void *user, size_t index)
{
    (void)user;
    return index < ABIDE_SCALAR_COUNT ? abide__scalars[index].name : NULL;
}

static void read_SCALARS(struct reader *reader, const struct abide_yaml *value,
                         struct abide_condition *out)
{
    static_assert(ABIDE_SCALAR_COUNT <= 64, "one bit for each scalar");
    read_words(reader, value, out);
    for (size_t i = 0; i < out->word_count; i++) {
        size_t scalar = 0;
        while (scalar < ABIDE_SCALAR_COUNT &&
               strcmp(abide__scalars[scalar].name, out->words[i]) != 0)
            scalar++;
        if (scalar < ABIDE_SCALAR_COUNT) {
            out->scalars |= (uint64_t)1 << scalar;
            continue;
        }
        abide_diag *diag =
            abide__report(reader->ctx, ABIDE_CODE_BAD_VALUE, value->place,
                          "expected a scalar, not %s", abide__quote(reader->ctx, out->words[i]));
        const char *nearest = abide__nearest(out->words[i], scalar_at, NULL);
        if (nearest)
            abide__diag_help(reader->ctx, diag, "did you mean '%s'?", nearest);
    }
}

static void set_constant(struct abide_condition *out, bool value)
{
    out->test = ABIDE_TEST_CONSTANT;
    out->flag = value;
}

static const char *option_at(const void *user, size_t index)
{
    const struct abide_condition_scope *scope = user;
    return index < scope->option_count ? scope->options[index].name : NULL;
}

static const struct abide_option_decl *find_option(struct reader *reader,
                                                   const struct abide_yaml *key)
{
    const struct abide_condition_scope *scope = reader->scope;
    for (size_t i = 0; i < scope->option_count; i++)
        if (strcmp(scope->options[i].name, key->text) == 0)
            return &scope->options[i];
    abide_diag *diag =
        abide__report(reader->ctx, ABIDE_CODE_UNKNOWN_MODULE_OPTION, key->place,
                      "the module has no option %s", abide__quote(reader->ctx, key->text));
    const char *nearest = abide__nearest(key->text, option_at, scope);
    if (nearest)
        abide__diag_help(reader->ctx, diag, "did you mean '%s'?", nearest);
    return NULL;
}

/* ">=2.0.6" against the version in force. */
static bool version_holds(const char *wanted, const char *version)
{
    size_t length;
    enum abide_compare compare = comparison_of(wanted, &length);
    int order = abide_version__compare(version, wanted + length + strspn(wanted + length, " "));
    switch (compare) {
    case ABIDE_COMPARE_EQ: return order == 0;
    case ABIDE_COMPARE_LT: return order < 0;
    case ABIDE_COMPARE_LE: return order <= 0;
    case ABIDE_COMPARE_GT: return order > 0;
    case ABIDE_COMPARE_GE: return order >= 0;
    }
    return false;
}

static bool option_holds(struct reader *reader, const struct abide_option_decl *option,
                         const char *wanted, struct abide_place place)
{
    const struct abide_module *module = reader->scope->module;
    if (!option->is_version &&
        !abide_language__option_value(reader->ctx, module->name, option, wanted, place))
        return false;
    for (size_t i = 0; i < module->option_count; i++)
        if (strcmp(module->options[i].name, option->name) == 0)
            return option->is_version ? version_holds(wanted, module->options[i].value)
                                      : strcmp(module->options[i].value, wanted) == 0;
    return false;
}

/* Options of a machine module have one value for all functions, so the answer is known now. */
static void read_OPTIONS(struct reader *reader, const struct abide_yaml *value,
                         struct abide_condition *out)
{
    bool holds = true;
    if (value->kind != ABIDE_YAML_MAPPING)
        abide__report(reader->ctx, ABIDE_CODE_WRONG_SHAPE, value->place,
                      "expected options and their values: {compiler: gcc}");
    for (size_t i = 0; value->kind == ABIDE_YAML_MAPPING && i < value->entry_count; i++) {
        const struct abide_option_decl *option = find_option(reader, abide_yaml__key_at(value, i));
        if (!option)
            continue;
        struct abide_condition words = {0};
        read_words(reader, abide_yaml__at(value, i), &words);
        bool any = false;
        for (size_t j = 0; j < words.word_count; j++)
            any |= option_holds(reader, option, words.words[j], abide_yaml__at(value, i)->place);
        holds &= any;
    }
    set_constant(out, holds);
}

enum { TARGET_ARCH, TARGET_OS, TARGET_POINTER, TARGET_TRIPLE, TARGET_KEYS };
static const struct abide_key target_keys[TARGET_KEYS] = {
    {"arch", ABIDE_SHAPE_SCALAR | ABIDE_SHAPE_SEQUENCE, false, "architectures",
     ABIDE_HOLDS("some")},
    {"os", ABIDE_SHAPE_SCALAR | ABIDE_SHAPE_SEQUENCE, false, "operating systems",
     ABIDE_HOLDS("some")},
    {"pointer", ABIDE_SHAPE_SCALAR, false, "size of a pointer in bytes", ABIDE_NUMBER},
    {"triple", ABIDE_SHAPE_SCALAR | ABIDE_SHAPE_SEQUENCE, false,
     "triples, as modules list them first", ABIDE_HOLDS("some")},
};
const struct abide_schema abide_condition__target_schema = {"'target'", target_keys, TARGET_KEYS};

static bool one_of(struct reader *reader, const struct abide_yaml *value, const char *actual)
{
    struct abide_condition words = {0};
    read_words(reader, value, &words);
    for (size_t i = 0; i < words.word_count; i++)
        if (actual && strcmp(words.words[i], actual) == 0)
            return true;
    return false;
}

static void read_TARGETS(struct reader *reader, const struct abide_yaml *value,
                         struct abide_condition *out)
{
    const struct abide_module *module = reader->scope->module;
    const struct abide_yaml *values[TARGET_KEYS];
    bool holds = abide_schema__read(reader->ctx, &abide_condition__target_schema, value, values);
    uint64_t pointer = module->pointer_bytes;
    if (values[TARGET_ARCH])
        holds &= one_of(reader, values[TARGET_ARCH], module->arch);
    if (values[TARGET_OS])
        holds &= one_of(reader, values[TARGET_OS], module->os);
    if (values[TARGET_TRIPLE])
        holds &= one_of(reader, values[TARGET_TRIPLE], module->triple);
    if (values[TARGET_POINTER])
        abide_schema__uint(reader->ctx, values[TARGET_POINTER], 64, &pointer);
    set_constant(out, holds && pointer == module->pointer_bytes);
}

/* --- named predicates --- */

static const char *predicate_at(const void *user, size_t index)
{
    const struct abide_yaml *predicates = user;
    return predicates && index < predicates->entry_count
               ? abide_yaml__key_at(predicates, index)->text
               : NULL;
}

static void report_cycle(struct reader *reader, size_t index, struct abide_place place)
{
    const struct abide_yaml *key = abide_yaml__key_at(reader->scope->predicates, index);
    abide_diag *diag = abide__report(reader->ctx, ABIDE_CODE_PREDICATE_CYCLE, place,
                                     "predicate '%s' asks for itself", key->text);
    abide__diag_note(reader->ctx, diag, key->place, "declared here");
}

static struct abide_condition *named_at(struct reader *reader, size_t index,
                                        struct abide_place place)
{
    struct named_condition *named = &reader->scope->named[index];
    const struct naming *outer = reader->naming;
    if (named->condition)
        return named->condition;
    for (const struct naming *other = outer; other; other = other->outer)
        if (other->index == index) {
            report_cycle(reader, index, place);
            return NULL;
        }
    if (outer && outer->depth == ABIDE_CONDITION_MAX_DEPTH) {
        abide__report(reader->ctx, ABIDE_CODE_CONDITION_TOO_LARGE, place,
                      "predicates that ask for each other more than %d deep",
                      ABIDE_CONDITION_MAX_DEPTH);
        return NULL;
    }
    struct naming naming = {index, outer ? outer->depth + 1 : 1, outer};
    reader->naming = &naming;
    named->condition = read_condition(reader, abide_yaml__at(reader->scope->predicates, index));
    reader->naming = outer;
    return named->condition;
}

static struct abide_condition *read_named(struct reader *reader, const struct abide_yaml *node)
{
    const struct abide_yaml *predicates = reader->scope->predicates;
    for (size_t i = 0; predicates && i < predicates->entry_count; i++)
        if (strcmp(abide_yaml__key_at(predicates, i)->text, node->text) == 0)
            return named_at(reader, i, node->place);
    abide_diag *diag =
        abide__report(reader->ctx, ABIDE_CODE_UNKNOWN_PREDICATE, node->place,
                      "the module has no predicate %s", abide__quote(reader->ctx, node->text));
    const char *nearest = abide__nearest(node->text, predicate_at, predicates);
    if (nearest)
        abide__diag_help(reader->ctx, diag, "did you mean '%s'?", nearest);
    else
        abide__diag_help(reader->ctx, diag,
                         "declare it under `predicates`, or write a mapping such as {kind: float}");
    return NULL;
}

static void read_NAME(struct reader *reader, const struct abide_yaml *value,
                      struct abide_condition *out)
{
    if (value->kind != ABIDE_YAML_SCALAR) {
        abide__report(reader->ctx, ABIDE_CODE_WRONG_SHAPE, value->place,
                      "expected the name of a predicate");
        return;
    }
    read_OPERAND(reader, value, out);
    out->test = ABIDE_TEST_ALL;
}

/* --- conditions --- */

/* How values are written, by the functions above that read them. */
#define CONTENT_FLAG        "flag"
#define CONTENT_PARTS       "[+conditions]"
#define CONTENT_OPERAND     "conditions"
#define CONTENT_NAME        "text"
#define CONTENT_KINDS       "kinds"
#define CONTENT_CONTENTS    "contents"
#define CONTENT_FORMATS     "formats"
#define CONTENT_LIMITS      "limits"
#define CONTENT_SCALARS     "scalar_name|[scalar_name]"
#define CONTENT_HOMOGENEOUS "homogeneous"
#define CONTENT_MEMBERS     "members"
#define CONTENT_FACTS       "some"
#define CONTENT_BUDGETS     "some"
#define CONTENT_OPTIONS     "{some}"
#define CONTENT_TARGETS     "condition_target"

struct predicate {
    const char *key;
    read_form *read;
    const char *content; /* what it reads, for schemas: struct abide_content */
    const char *doc;
};
static const struct predicate predicates[ABIDE_TEST_COUNT] = {
#define ABIDE_PREDICATE(id, key, form, doc) \
    [ABIDE_TEST_##id] = {key, read_##form, CONTENT_##form, doc},
#include "spec/predicates.def"
#undef ABIDE_PREDICATE
};

static const char *key_at(const void *user, size_t index)
{
    (void)user;
    return index < ABIDE_TEST_COUNT - ABIDE_TEST_ANY ? predicates[ABIDE_TEST_ANY + index].key
                                                     : NULL;
}

struct abide_term abide_condition__term_at(size_t index)
{
    if (index >= ABIDE_TEST_COUNT - ABIDE_TEST_ANY)
        return (struct abide_term){NULL, NULL, NULL};
    const struct predicate *found = &predicates[ABIDE_TEST_ANY + index];
    return (struct abide_term){found->key, found->content, found->doc};
}

static enum abide_test find_predicate(const char *key)
{
    size_t test = ABIDE_TEST_ANY;
    while (test < ABIDE_TEST_COUNT && strcmp(predicates[test].key, key) != 0)
        test++;
    return (enum abide_test)test;
}

static struct abide_condition *new_condition(struct reader *reader, enum abide_test test,
                                             struct abide_place place)
{
    struct abide_condition *condition = abide__new(reader->ctx, struct abide_condition);
    condition->test = test;
    condition->place = place;
    return condition;
}

static struct abide_condition *read_entry(struct reader *reader,
                                          const struct abide_yaml_entry *entry)
{
    enum abide_test test = find_predicate(entry->key->text);
    if (test == ABIDE_TEST_COUNT) {
        abide_diag *diag =
            abide__report(reader->ctx, ABIDE_CODE_UNKNOWN_KEY, entry->key->place,
                          "a condition has no key %s", abide__quote(reader->ctx, entry->key->text));
        const char *nearest = abide__nearest(entry->key->text, key_at, NULL);
        if (nearest)
            abide__diag_help(reader->ctx, diag, "did you mean '%s'?", nearest);
        return NULL;
    }
    struct abide_condition *condition = new_condition(reader, test, entry->value->place);
    predicates[test].read(reader, entry->value, condition);
    return condition;
}

static struct abide_condition *read_mapping(struct reader *reader, const struct abide_yaml *node)
{
    if (node->entry_count == 1)
        return read_entry(reader, abide_yaml__entry(node, 0));
    struct abide_condition *all = new_condition(reader, ABIDE_TEST_ALL, node->place);
    const struct abide_condition **parts =
        abide__new_array(reader->ctx, const struct abide_condition *, node->entry_count);
    for (size_t i = 0; i < node->entry_count; i++)
        parts[i] = read_entry(reader, abide_yaml__entry(node, i));
    all->parts = parts;
    all->part_count = node->entry_count;
    return all;
}

static struct abide_condition *read_uncounted(struct reader *reader, const struct abide_yaml *node)
{
    switch (node->kind) {
    case ABIDE_YAML_SCALAR: return read_named(reader, node);
    case ABIDE_YAML_MAPPING: return read_mapping(reader, node);
    case ABIDE_YAML_SEQUENCE: break;
    }
    struct abide_condition *any = new_condition(reader, ABIDE_TEST_ANY, node->place);
    read_PARTS(reader, node, any);
    return any;
}

/* Predicates may be used many times over, so the whole can be far larger than what is written. */
static bool is_affordable(struct reader *reader, struct abide_condition *condition)
{
    uint64_t cost = 1;
    for (size_t i = 0; i < condition->part_count; i++)
        cost += condition->parts[i] ? condition->parts[i]->cost : 0;
    condition->cost = (uint32_t)cost;
    if (cost <= ABIDE_CONDITION_MAX_COST)
        return true;
    abide__report(reader->ctx, ABIDE_CODE_CONDITION_TOO_LARGE, condition->place,
                  "a condition of more than %d tests", ABIDE_CONDITION_MAX_COST);
    return false;
}

static struct abide_condition *read_condition(struct reader *reader, const struct abide_yaml *node)
{
    struct abide_condition *condition = read_uncounted(reader, node);
    return condition && is_affordable(reader, condition) ? condition : NULL;
}

struct abide_condition_scope *abide_condition__scope(abide_ctx *ctx,
                                                     const struct abide_module *module,
                                                     const struct abide_yaml *tree,
                                                     const struct abide_option_decl *options,
                                                     size_t option_count)
{
    struct abide_condition_scope *scope = abide__new(ctx, struct abide_condition_scope);
    *scope = (struct abide_condition_scope){
        .module = module,
        .options = options,
        .option_count = option_count,
        .facts = abide_yaml__get(tree, "facts"),
        .predicates = abide_yaml__get(tree, "predicates"),
    };
    if (scope->predicates && scope->predicates->kind != ABIDE_YAML_MAPPING)
        scope->predicates = NULL; /* reported by the schema of the module */
    size_t count = scope->predicates ? scope->predicates->entry_count : 0;
    scope->named = abide__new_array(ctx, struct named_condition, count);
    return scope;
}

const struct abide_condition *abide_condition__read(abide_ctx *ctx,
                                                    struct abide_condition_scope *scope,
                                                    const struct abide_yaml *node)
{
    struct reader reader = {.ctx = ctx, .scope = scope};
    return node ? read_condition(&reader, node) : NULL;
}

void abide_condition__read_named(abide_ctx *ctx, struct abide_condition_scope *scope)
{
    struct reader reader = {.ctx = ctx, .scope = scope};
    for (size_t i = 0; scope->predicates && i < scope->predicates->entry_count; i++)
        named_at(&reader, i, abide_yaml__key_at(scope->predicates, i)->place);
}

/* --- conditions without a value --- */

static bool is_constant(const struct abide_condition *condition)
{
    for (size_t i = 0; i < condition->part_count; i++)
        if (!condition->parts[i] || !is_constant(condition->parts[i]))
            return false;
    return condition->test == ABIDE_TEST_CONSTANT ||
           (condition->part_count > 0 && condition->test != ABIDE_TEST_INSIDE);
}

static bool constant_holds(const struct abide_condition *condition)
{
    if (condition->test == ABIDE_TEST_CONSTANT)
        return condition->flag;
    if (condition->test == ABIDE_TEST_NOT)
        return !constant_holds(condition->parts[0]);
    bool any = condition->test == ABIDE_TEST_ANY;
    for (size_t i = 0; i < condition->part_count; i++)
        if (constant_holds(condition->parts[i]) == any)
            return any;
    return !any;
}

bool abide_condition__holds_always(abide_ctx *ctx, struct abide_condition_scope *scope,
                                   const struct abide_yaml *node)
{
    size_t errors = abide__error_count(ctx);
    const struct abide_condition *condition = abide_condition__read(ctx, scope, node);
    if (!condition || errors != abide__error_count(ctx))
        return false;
    if (is_constant(condition))
        return constant_holds(condition);
    abide__report(ctx, ABIDE_CODE_BAD_VALUE, node->place,
                  "only options and the target can be tested here: there is no type yet");
    return false;
}
