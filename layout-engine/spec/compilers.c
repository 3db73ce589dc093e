/* Reads `in_c` and `deviations`. */
#include "spec/compilers.h"

#include "base/diag.h"
#include "base/schema.h"
#include "spec/keys.h"
#include "spec/version.h"

#include <string.h>

enum { IN_C_ATTRIBUTE, IN_C_PARAMETERS, IN_C_FLAGS, IN_C_VA, IN_C_KEYS };
static const struct abide_word va_words[] = {
    {"none", "there is no va_list of this ABI"},
    {NULL, NULL},
};
const struct abide_word abide_compilers__none[] = {
    {"none", "no C compiler speaks it"},
    {NULL, NULL},
};
static const struct abide_key in_c_keys[IN_C_KEYS] = {
    {"attribute", ABIDE_SHAPE_SCALAR, false, "of a function, as GNU C spells it: regparm(3)", NULL},
    {"parameters", ABIDE_SHAPE_MAPPING, false,
     "attributes of parameters, by the fact that they have: {context: swift_context}",
     ABIDE_HOLDS("{text|nothing}")},
    {"flags", ABIDE_SHAPE_SCALAR, false, "options without which compilers speak another ABI", NULL},
    {"va", ABIDE_SHAPE_SCALAR, false,
     "what the names of va_list and va_start begin with (default: __builtin_va), or `none`",
     ABIDE_WORDS_IN(va_words, "word|text")},
};
const struct abide_schema abide_compilers__in_c_schema = {"'in_c'", in_c_keys, IN_C_KEYS};

enum {
    DEVIATION_ID,
    DEVIATION_COMPILER,
    DEVIATION_VERSIONS,
    DEVIATION_OF,
    DEVIATION_WHEN,
    DEVIATION_EXAMPLE,
    DEVIATION_SOURCE,
    DEVIATION_KEYS
};
static const struct abide_word of_words[] = {
    {"args", "arguments"},
    {"returns", "results"},
    {"layout", "sizes, alignments and offsets"},
    {NULL, NULL},
};
static const struct abide_key deviation_keys[DEVIATION_KEYS] = {
    {"id", ABIDE_SHAPE_SCALAR, true, "its name", NULL},
    {"compiler", ABIDE_SHAPE_SCALAR, true, "gcc, clang or another", NULL},
    {"versions", ABIDE_SHAPE_SCALAR, false, "the compiler's, such as \"<20\" (default: all)", NULL},
    {"of", ABIDE_SHAPE_SCALAR, true, "args, returns or layout", ABIDE_WORDS(of_words)},
    {"when", ABIDE_SHAPE_SCALAR | ABIDE_SHAPE_SEQUENCE | ABIDE_SHAPE_MAPPING, true,
     "the values it is about", ABIDE_HOLDS("conditions")},
    {"example", ABIDE_SHAPE_SCALAR, true, "the smallest C text that shows it", NULL},
    {"source", ABIDE_SHAPE_SCALAR, false, "where it is told", NULL},
};
const struct abide_schema abide_compilers__deviation_schema = {"a deviation", deviation_keys,
                                                               DEVIATION_KEYS};

static const char *text_of(const struct abide_yaml *node)
{
    return node && node->kind == ABIDE_YAML_SCALAR ? node->text : NULL;
}

/* The text becomes part of a C program: a name, perhaps with arguments, of which there may be several with commas. */
static bool is_attribute(const char *text)
{
    int depth = 0;
    for (const char *c = text; *c; c++) {
        bool is_word = (*c >= 'a' && *c <= 'z') || (*c >= 'A' && *c <= 'Z') ||
                       (*c >= '0' && *c <= '9') || *c == '_';
        depth += (*c == '(') - (*c == ')');
        if ((!is_word && !strchr("(), ", *c)) || depth < 0)
            return false;
    }
    return depth == 0 && *text != '\0';
}

/* {FACT: ATTRIBUTE}. What was wrong is reported. */
static void read_parameters(abide_ctx *ctx, struct abide_compilers *compilers,
                            const struct abide_condition_scope *scope,
                            const struct abide_yaml *node)
{
    abide_param_attribute *items = abide__new_array(ctx, abide_param_attribute, node->entry_count);
    for (size_t i = 0; i < node->entry_count; i++) {
        const struct abide_yaml *fact = abide_yaml__key_at(node, i);
        const char *attribute = text_of(abide_yaml__at(node, i));
        items[i] = (abide_param_attribute){fact->text, attribute};
        if (!attribute || !is_attribute(attribute))
            abide__report(ctx, ABIDE_CODE_BAD_VALUE, abide_yaml__at(node, i)->place,
                          "expected an attribute, such as swift_context");
        if (!abide_condition__declares_fact(scope, fact->text)) {
            abide_diag *diag =
                abide__report(ctx, ABIDE_CODE_UNKNOWN_FACT, fact->place,
                              "the module declares no fact %s", abide__quote(ctx, fact->text));
            abide__diag_help(ctx, diag, "declare it under `facts`");
        }
    }
    compilers->parameters = items;
    compilers->parameter_count = node->entry_count;
}

const char *abide_compilers__of_param(const struct abide_compilers *compilers,
                                      struct abide_facts facts)
{
    for (size_t i = 0; i < compilers->parameter_count; i++)
        if (abide_facts__has(facts, compilers->parameters[i].fact))
            return compilers->parameters[i].attribute;
    return NULL;
}

/* The words go to a compiler: only machine and language options, none that names a file. */
static bool are_flags(const char *text)
{
    while (*(text += strspn(text, " ")) != '\0') {
        size_t length = strcspn(text, " ");
        if ((strncmp(text, "-m", 2) != 0 && strncmp(text, "-f", 2) != 0) ||
            memchr(text, '/', length) || memchr(text, '@', length))
            return false;
        text += length;
    }
    return true;
}

static bool is_identifier(const char *text)
{
    static const char letters[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz_0123456789";
    return *text && !(*text >= '0' && *text <= '9') && text[strspn(text, letters)] == '\0';
}

static void read_va(abide_ctx *ctx, struct abide_compilers *compilers,
                    const struct abide_yaml *node)
{
    if (!node)
        return;
    compilers->va = text_of(node);
    if (!is_identifier(compilers->va))
        abide__report(ctx, ABIDE_CODE_BAD_VALUE, node->place,
                      "expected `none`, or what names begin with, such as __builtin_ms_va");
    if (strcmp(compilers->va, va_words[0].name) == 0)
        compilers->va = NULL;
}

static void read_in_c(abide_ctx *ctx, struct abide_compilers *compilers,
                      const struct abide_condition_scope *scope, const struct abide_yaml *node)
{
    const struct abide_yaml *values[IN_C_KEYS];
    size_t word;
    compilers->va = "__builtin_va";
    if (node && node->kind == ABIDE_YAML_SCALAR) {
        compilers->is_not_in_c = abide_schema__word(ctx, node, abide_compilers__none, &word);
        return;
    }
    if (!node || !abide_schema__read(ctx, &abide_compilers__in_c_schema, node, values))
        return;
    compilers->attribute = text_of(values[IN_C_ATTRIBUTE]);
    compilers->flags = text_of(values[IN_C_FLAGS]);
    if (values[IN_C_PARAMETERS])
        read_parameters(ctx, compilers, scope, values[IN_C_PARAMETERS]);
    read_va(ctx, compilers, values[IN_C_VA]);
    if (compilers->attribute && !is_attribute(compilers->attribute))
        abide__report(ctx, ABIDE_CODE_BAD_VALUE, values[IN_C_ATTRIBUTE]->place,
                      "expected an attribute, such as regparm(3)");
    if (compilers->flags && !are_flags(compilers->flags))
        abide__report(ctx, ABIDE_CODE_BAD_VALUE, values[IN_C_FLAGS]->place,
                      "expected compiler options that begin with -m or -f and name no file");
}

/* A version as one number, in the order of versions. */
static uint64_t version_number(struct abide_semver version)
{
    return ((uint64_t)version.part[0] << 40) + ((uint64_t)version.part[1] << 20) + version.part[2];
}

/* "<20" */
static bool read_versions(const char *text, struct abide_limit *limit)
{
    static const struct {
        const char *sign;
        enum abide_compare compare;
    } signs[] = {{"<=", ABIDE_COMPARE_LE},
                 {">=", ABIDE_COMPARE_GE},
                 {"<", ABIDE_COMPARE_LT},
                 {">", ABIDE_COMPARE_GT},
                 {"", ABIDE_COMPARE_EQ}};
    size_t i = 0;
    while (strncmp(text, signs[i].sign, strlen(signs[i].sign)) != 0)
        i++;
    struct abide_semver version;
    if (!abide_semver__parse(text + strlen(signs[i].sign), &version))
        return false;
    *limit = (struct abide_limit){signs[i].compare, version_number(version)};
    return true;
}

static struct abide_deviating read_deviation(abide_ctx *ctx, const struct abide_yaml *const *values)
{
    struct abide_deviating deviation = {
        .info = {.id = values[DEVIATION_ID]->text,
                 .compiler = values[DEVIATION_COMPILER]->text,
                 .versions = text_of(values[DEVIATION_VERSIONS]),
                 .of = values[DEVIATION_OF]->text,
                 .example = values[DEVIATION_EXAMPLE]->text,
                 .source = text_of(values[DEVIATION_SOURCE])},
        .when = values[DEVIATION_WHEN],
        .has_limit = values[DEVIATION_VERSIONS] != NULL,
    };
    size_t of = 0;
    abide_schema__word(ctx, values[DEVIATION_OF], of_words, &of);
    deviation.of = (enum abide_deviation_of)of;
    if (deviation.has_limit && !read_versions(values[DEVIATION_VERSIONS]->text, &deviation.limit))
        abide__report(ctx, ABIDE_CODE_BAD_VALUE, values[DEVIATION_VERSIONS]->place,
                      "expected a limit on versions, such as \"<20\"");
    return deviation;
}

void abide_compilers__read(abide_ctx *ctx, struct abide_module *module,
                           const struct abide_yaml *tree, struct abide_condition_scope *scope)
{
    struct abide_compilers *compilers = abide__new(ctx, struct abide_compilers);
    compilers->ctx = ctx;
    compilers->scope = scope;
    read_in_c(ctx, compilers, scope, abide_yaml__get(tree, "in_c"));
    const struct abide_yaml *list = abide_yaml__get(tree, "deviations");
    size_t count = list ? list->entry_count : 0;
    compilers->deviations = abide__new_array(ctx, struct abide_deviating, count);
    for (size_t i = 0; i < count; i++) {
        const struct abide_yaml *values[DEVIATION_KEYS];
        size_t errors = abide__error_count(ctx);
        bool good = abide_schema__read(ctx, &abide_compilers__deviation_schema,
                                       abide_yaml__at(list, i), values);
        if (!good || abide__error_count(ctx) != errors)
            continue;
        compilers->deviations[compilers->deviation_count++] = read_deviation(ctx, values);
        if (!module->is_built_in)
            abide_compilers__when(compilers, compilers->deviation_count - 1);
    }
    module->compilers = compilers;
}

/* --- asking --- */

const struct abide_condition *abide_compilers__when(const struct abide_compilers *compilers,
                                                    size_t index)
{
    struct abide_deviating *deviation = &compilers->deviations[index];
    if (deviation->when) {
        deviation->condition =
            abide_condition__read(compilers->ctx, compilers->scope, deviation->when);
        deviation->when = NULL;
    }
    return deviation->condition;
}

const char *abide_module_attribute(const abide_module *module)
{
    return module->compilers->attribute;
}

size_t abide_module_param_attribute_count(const abide_module *module)
{
    return module->compilers->parameter_count;
}

abide_param_attribute abide_module_param_attribute_at(const abide_module *module, size_t index)
{
    return module->compilers->parameters[index];
}

bool abide_module_is_in_c(const abide_module *module)
{
    return !module->compilers->is_not_in_c;
}

const char *abide_module_compiler_flags(const abide_module *module)
{
    return module->compilers->flags;
}

const char *abide_module_va_prefix(const abide_module *module)
{
    return module->compilers->va;
}

size_t abide_module_deviation_count(const abide_module *module)
{
    return module->compilers->deviation_count;
}

abide_deviation abide_module_deviation_at(const abide_module *module, size_t index)
{
    return module->compilers->deviations[index].info;
}

static bool is_within(const struct abide_limit *limit, uint64_t version)
{
    switch (limit->compare) {
    case ABIDE_COMPARE_EQ: return version == limit->value;
    case ABIDE_COMPARE_LT: return version < limit->value;
    case ABIDE_COMPARE_LE: return version <= limit->value;
    case ABIDE_COMPARE_GT: return version > limit->value;
    case ABIDE_COMPARE_GE: break;
    }
    return version >= limit->value;
}

bool abide_module_deviation_applies(const abide_module *module, size_t index, const char *compiler,
                                    const char *version)
{
    const struct abide_deviating *deviation = &module->compilers->deviations[index];
    struct abide_semver parsed;
    if (strcmp(deviation->info.compiler, compiler) != 0)
        return false;
    return !deviation->has_limit || !version || !abide_semver__parse(version, &parsed) ||
           is_within(&deviation->limit, version_number(parsed));
}
