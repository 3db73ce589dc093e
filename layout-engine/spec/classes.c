/* Reads `classes`. */
#include "spec/classes.h"

#include "base/checked.h"
#include "base/diag.h"
#include "base/schema.h"
#include "spec/keys.h"

#include <string.h>

enum {
    CLASSES_CHUNK,
    CLASSES_OF,
    CLASSES_MERGE,
    CLASSES_CONFLICTS,
    CLASSES_JOIN,
    CLASSES_STRADDLE,
    CLASSES_ENTER,
    CLASSES_DIVIDE,
    CLASSES_SIZELESS,
    CLASSES_KEYS
};
static const struct abide_key classes_keys[CLASSES_KEYS] = {
    {"chunk", ABIDE_SHAPE_SCALAR, true, "bytes that get one class together", ABIDE_NUMBER},
    {"of", ABIDE_SHAPE_MAPPING, true,
     "class of each kind or format of leaf, or a list for its first, second ... chunk",
     ABIDE_HOLDS("{leaf: text|nothing|[text]}")},
    {"merge", ABIDE_SHAPE_SEQUENCE, true, "all classes; of two in a chunk the first one wins",
     ABIDE_HOLDS("[text]")},
    {"conflicts", ABIDE_SHAPE_MAPPING, false, "pairs of classes that merge to a third",
     ABIDE_HOLDS("{text|nothing}")},
    {"join", ABIDE_SHAPE_MAPPING, false, "classes that continue the register before",
     ABIDE_HOLDS("{join|nothing}")},
    {"straddle", ABIDE_SHAPE_SCALAR, false, "class of leaves that lie where their type may not",
     NULL},
    {"enter", ABIDE_SHAPE_SEQUENCE, false, "containers the walk opens (default: all)",
     ABIDE_HOLDS("[container]")},
    {"divide", ABIDE_SHAPE_SCALAR, false,
     "bytes: larger values fit only where all chunks share one register", ABIDE_NUMBER},
    {"sizeless", ABIDE_SHAPE_SEQUENCE, false,
     "what has a class without bytes: `bits` (of width 0, in unions), `array` (of no elements)",
     ABIDE_HOLDS("[sizeless]")},
};
const struct abide_schema abide_classes__schema = {"'classes'", classes_keys, CLASSES_KEYS};

enum { JOIN_AFTER, JOIN_ELSE, JOIN_KEYS };
static const struct abide_key join_keys[JOIN_KEYS] = {
    {"after", ABIDE_SHAPE_SCALAR, true, "the class whose register it continues", NULL},
    {"else", ABIDE_SHAPE_SCALAR, true, "what it counts as anywhere else", NULL},
};
const struct abide_schema abide_classes__join_schema = {"an entry of 'join'", join_keys, JOIN_KEYS};

/* In the order of the bits of ABIDE_SIZELESS_*. */
const struct abide_word abide_classes__sizeless[] = {
    {"bits", "a bit-field of width 0, in a union"},
    {"array", "an array of no elements"},
    {NULL, NULL},
};

static const struct abide_word padding = {"padding", "an unnamed bit-field"};

struct abide_word abide_classes__leaf_at(size_t index)
{
    if (index < ABIDE_LEAF_KIND_COUNT)
        return abide_condition__kind_at(index);
    index -= ABIDE_LEAF_KIND_COUNT;
    for (size_t i = 0; abide_condition__format_at(i).name; i++)
        if (index-- == 0)
            return abide_condition__format_at(i);
    return index == 0 ? padding : (struct abide_word){NULL, NULL};
}

static const char *class_at(const void *user, size_t index)
{
    const struct abide_classes *classes = user;
    return index < classes->count ? classes->items[index].name : NULL;
}

static size_t find_word(abide_ctx *ctx, const struct abide_classes *classes, const char *word,
                        struct abide_place place)
{
    for (size_t i = 0; i < classes->count; i++)
        if (strcmp(classes->items[i].name, word) == 0)
            return i;
    abide_diag *diag =
        abide__report(ctx, ABIDE_CODE_UNKNOWN_CLASS, place, "no class %s", abide__quote(ctx, word));
    const char *nearest = abide__nearest(word, class_at, classes);
    if (nearest)
        abide__diag_help(ctx, diag, "did you mean '%s'?", nearest);
    else
        abide__diag_help(ctx, diag, "classes are listed under `classes: merge`");
    return ABIDE_MAX_CLASSES;
}

size_t abide_classes__find(abide_ctx *ctx, const struct abide_classes *classes,
                           const struct abide_yaml *node)
{
    if (node->kind == ABIDE_YAML_SCALAR)
        return find_word(ctx, classes, node->text, node->place);
    abide__report(ctx, ABIDE_CODE_WRONG_SHAPE, node->place, "expected the name of a class");
    return ABIDE_MAX_CLASSES;
}

static void read_merge(abide_ctx *ctx, struct abide_classes *classes, const struct abide_yaml *node)
{
    if (node->entry_count > ABIDE_MAX_CLASSES)
        abide__report(ctx, ABIDE_CODE_BAD_VALUE, node->place, "more than %d classes",
                      ABIDE_MAX_CLASSES);
    for (size_t i = 0; i < node->entry_count && classes->count < ABIDE_MAX_CLASSES; i++)
        if (abide_yaml__at(node, i)->kind == ABIDE_YAML_SCALAR)
            classes->items[classes->count++].name = abide_yaml__at(node, i)->text;
        else
            abide__report(ctx, ABIDE_CODE_WRONG_SHAPE, abide_yaml__at(node, i)->place,
                          "expected the name of a class");
}

/* "float", "float8", "x87" or "padding": a format, a kind, a kind of one size, or unnamed bit-fields. */
static bool read_leaf_key(abide_ctx *ctx, const struct abide_yaml *key,
                          struct abide_leaf_class *leaf)
{
    leaf->format = abide_condition__format_of(key->text);
    leaf->kind = ABIDE_LEAF_KIND_COUNT;
    leaf->is_padding = strcmp(key->text, padding.name) == 0;
    if (leaf->format != ABIDE_FORMAT_NONE || leaf->is_padding)
        return true;
    size_t letters = strcspn(key->text, "0123456789");
    leaf->kind = abide_condition__kind_of(abide__intern(ctx, key->text, letters));
    for (const char *digit = key->text + letters; *digit; digit++)
        leaf->size_bytes = leaf->size_bytes < 1000 && *digit >= '0' && *digit <= '9'
                               ? leaf->size_bytes * 10 + (uint32_t)(*digit - '0')
                               : 100000;
    if (leaf->kind < ABIDE_LEAF_KIND_COUNT && leaf->size_bytes < 1000)
        return true;
    abide_diag *diag = abide__report(ctx, ABIDE_CODE_BAD_VALUE, key->place, "%s is no kind of leaf",
                                     abide__quote(ctx, key->text));
    abide__diag_help(ctx, diag,
                     "a kind (int ptr float complex vector struct union array), a kind with its "
                     "size in bytes (float8), a format (x87 quad ...), or `padding` for unnamed "
                     "bit-fields");
    return false;
}

static void read_leaf(abide_ctx *ctx, const struct abide_classes *classes,
                      const struct abide_yaml_entry *entry, struct abide_leaf_class *leaf)
{
    read_leaf_key(ctx, entry->key, leaf);
    const struct abide_yaml *value = entry->value;
    size_t count = value->kind == ABIDE_YAML_SEQUENCE ? value->entry_count : 1;
    size_t max = sizeof leaf->classes / sizeof *leaf->classes;
    if (count == 0 || count > max)
        abide__report(ctx, ABIDE_CODE_BAD_VALUE, value->place, "expected 1 to %zu classes", max);
    for (size_t i = 0; i < count && i < max; i++) {
        size_t class = abide_classes__find(
            ctx, classes, value->kind == ABIDE_YAML_SEQUENCE ? abide_yaml__at(value, i) : value);
        if (class < ABIDE_MAX_CLASSES)
            leaf->classes[leaf->class_count++] = (uint8_t)class;
    }
}

static void read_of(abide_ctx *ctx, struct abide_classes *classes, const struct abide_yaml *node)
{
    struct abide_leaf_class *leaves =
        abide__new_array(ctx, struct abide_leaf_class, node->entry_count);
    for (size_t i = 0; i < node->entry_count; i++)
        read_leaf(ctx, classes, abide_yaml__entry(node, i), &leaves[i]);
    classes->leaves = leaves;
    classes->leaf_count = node->entry_count;
}

/* `conflicts: {x87 sse: memory}`: the order within the pair means nothing. */
static void read_conflict(abide_ctx *ctx, struct abide_classes *classes,
                          const struct abide_yaml_entry *entry)
{
    const char *text = entry->key->text;
    size_t first_bytes = strcspn(text, " ");
    const char *second = text + first_bytes + strspn(text + first_bytes, " ");
    if (!*second || strchr(second, ' ')) {
        abide__report(ctx, ABIDE_CODE_BAD_VALUE, entry->key->place,
                      "expected two classes with a space between them");
        return;
    }
    size_t left = find_word(ctx, classes, abide__intern(ctx, text, first_bytes), entry->key->place);
    size_t right = find_word(ctx, classes, second, entry->key->place);
    size_t result = abide_classes__find(ctx, classes, entry->value);
    if (left == ABIDE_MAX_CLASSES || right == ABIDE_MAX_CLASSES || result == ABIDE_MAX_CLASSES)
        return;
    classes->conflicts[left][right] = (uint8_t)result;
    classes->conflicts[right][left] = (uint8_t)result;
}

static void read_join(abide_ctx *ctx, struct abide_classes *classes,
                      const struct abide_yaml_entry *entry)
{
    const struct abide_yaml *values[JOIN_KEYS];
    size_t class = abide_classes__find(ctx, classes, entry->key);
    if (!abide_schema__read(ctx, &abide_classes__join_schema, entry->value, values))
        return;
    size_t after = abide_classes__find(ctx, classes, values[JOIN_AFTER]);
    size_t otherwise = abide_classes__find(ctx, classes, values[JOIN_ELSE]);
    if (class == ABIDE_MAX_CLASSES || after == ABIDE_MAX_CLASSES || otherwise == ABIDE_MAX_CLASSES)
        return;
    classes->items[class].joins = true;
    classes->items[class].after = (uint8_t)after;
    classes->items[class].otherwise = (uint8_t)otherwise;
}

static unsigned read_sizeless(abide_ctx *ctx, const struct abide_yaml *node)
{
    unsigned sizeless = 0;
    for (size_t i = 0; node && i < node->entry_count; i++) {
        const struct abide_yaml *word = abide_yaml__at(node, i);
        size_t index;
        if (abide_schema__word(ctx, word, abide_classes__sizeless, &index))
            sizeless |= 1u << index;
    }
    return sizeless;
}

const struct abide_classes *abide_classes__read(abide_ctx *ctx, const struct abide_yaml *node)
{
    const struct abide_yaml *values[CLASSES_KEYS];
    if (!abide_schema__read(ctx, &abide_classes__schema, node, values))
        return NULL;
    struct abide_classes *classes = abide__new(ctx, struct abide_classes);
    memset(classes->conflicts, UINT8_MAX, sizeof classes->conflicts);
    uint64_t chunk = 0;
    if (abide_schema__uint(ctx, values[CLASSES_CHUNK], 64, &chunk) &&
        !abide__is_power_of_two(chunk))
        abide__report(ctx, ABIDE_CODE_BAD_VALUE, values[CLASSES_CHUNK]->place,
                      "expected a power of two");
    classes->chunk_bytes = abide__is_power_of_two(chunk) ? (uint32_t)chunk : 8;
    classes->divide_bytes = UINT64_MAX;
    if (values[CLASSES_DIVIDE])
        abide_schema__uint(ctx, values[CLASSES_DIVIDE], 4096, &classes->divide_bytes);
    classes->sizeless = read_sizeless(ctx, values[CLASSES_SIZELESS]);
    read_merge(ctx, classes, values[CLASSES_MERGE]);
    read_of(ctx, classes, values[CLASSES_OF]);
    const struct abide_yaml *conflicts = values[CLASSES_CONFLICTS];
    for (size_t i = 0; conflicts && i < conflicts->entry_count; i++)
        read_conflict(ctx, classes, abide_yaml__entry(conflicts, i));
    const struct abide_yaml *join = values[CLASSES_JOIN];
    for (size_t i = 0; join && i < join->entry_count; i++)
        read_join(ctx, classes, abide_yaml__entry(join, i));
    size_t straddle = values[CLASSES_STRADDLE]
                          ? abide_classes__find(ctx, classes, values[CLASSES_STRADDLE])
                          : ABIDE_MAX_CLASSES;
    classes->straddle = straddle < ABIDE_MAX_CLASSES ? (uint8_t)straddle : UINT8_MAX;
    classes->enter =
        values[CLASSES_ENTER] ? abide_condition__enter(ctx, values[CLASSES_ENTER]) : ABIDE_IN_ANY;
    return classes;
}
