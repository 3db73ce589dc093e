/* Options of a module: declarations, values, and tests of them and of the target. */
#include "spec/language.h"

#include "base/diag.h"
#include "base/schema.h"
#include "spec/keys.h"

#include <string.h>

static const char *nth_value(const void *user, size_t index)
{
    const struct abide_option_decl *option = user;
    return index < option->value_count ? option->values[index] : NULL;
}

static bool is_legal(const struct abide_option_decl *option, const char *value)
{
    if (option->is_version)
        return abide_version__is_legal(value);
    for (size_t i = 0; i < option->value_count; i++) {
        if (strcmp(option->values[i], value) == 0)
            return true;
    }
    return false;
}

static const char *list_of_values(abide_ctx *ctx, const struct abide_option_decl *option)
{
    const char **words = abide__new_array(ctx, const char *, option->value_count + 1);
    for (size_t i = 0; i < option->value_count; i++)
        words[i] = option->values[i];
    return abide_schema__words(ctx, words);
}

static void report_value(abide_ctx *ctx, const char *module_name,
                         const struct abide_option_decl *option, const char *value,
                         struct abide_place place)
{
    enum abide_code code =
        option->is_convention ? ABIDE_CODE_UNKNOWN_CONVENTION : ABIDE_CODE_BAD_VALUE;
    abide_diag *diag = abide__report(ctx, code, place, "%s is not a value of the option '%s' of %s",
                                     abide__quote(ctx, value), option->name, module_name);
    if (option->is_version) {
        abide__diag_help(ctx, diag, "it is a version, such as %s", option->default_value);
        return;
    }
    const char *near = abide__nearest(value, nth_value, option);
    if (near != NULL)
        abide__diag_help(ctx, diag, "did you mean '%s'?", near);
    else
        abide__diag_help(ctx, diag, "expected %s", list_of_values(ctx, option));
}

const char *abide_language__option_value(abide_ctx *ctx, const char *module_name,
                                         const struct abide_option_decl *option, const char *value,
                                         struct abide_place place)
{
    if (is_legal(option, value))
        return abide__intern_text(ctx, value);
    report_value(ctx, module_name, option, value, place);
    return NULL;
}

/* --- declarations ---------------------------------------------------------------------------- */

static bool read_values(abide_ctx *ctx, const struct abide_yaml *node,
                        struct abide_option_decl *option)
{
    const char **values = abide__new_array(ctx, const char *, node->entry_count);
    for (size_t i = 0; i < node->entry_count; i++) {
        const struct abide_yaml *value = abide_yaml__at(node, i);
        if (value->kind != ABIDE_YAML_SCALAR || value->text[0] == '\0') {
            abide__report(ctx, ABIDE_CODE_BAD_VALUE, value->place, "expected a word");
            return false;
        }
        values[i] = value->text;
    }
    option->values = values;
    option->value_count = node->entry_count;
    return true;
}

static const struct abide_word types[] = {
    {"version", "numbers with dots between them, which are ordered"},
    {NULL, NULL},
};
static const struct abide_word scopes[] = {
    {"function", "each function, and each function type, can choose"},
    {NULL, NULL},
};
static const struct abide_key option_keys[] = {
    {"values", ABIDE_SHAPE_SEQUENCE, false, "The words that the option can be.",
     ABIDE_HOLDS("[text]")},
    {"type", ABIDE_SHAPE_SCALAR, false, "`version`: ordered, tested with \">=2.0.6\".",
     ABIDE_WORDS(types)},
    {"per", ABIDE_SHAPE_SCALAR, false,
     "`function`: `convention:` of a function or function type gives the value.",
     ABIDE_WORDS(scopes)},
    {"default", ABIDE_SHAPE_SCALAR, true, "The value where a reference gives none.", NULL},
    {"doc", ABIDE_SHAPE_SCALAR, false, "What it means.", NULL}};
const struct abide_schema abide_option__schema = {"an option", option_keys, 5};

static bool read_option(abide_ctx *ctx, const struct abide_yaml_entry *entry,
                        struct abide_option_decl *option)
{
    const struct abide_yaml *values[5];
    size_t word;
    option->name = entry->key->text;
    option->place = entry->key->place;
    if (!abide_schema__read(ctx, &abide_option__schema, entry->value, values))
        return false;
    if ((values[0] == NULL) == (values[1] == NULL)) {
        abide__report(ctx, ABIDE_CODE_BAD_VALUE, entry->value->place,
                      "an option has either 'values' or 'type: version'");
        return false;
    }
    if (values[0] != NULL && !read_values(ctx, values[0], option))
        return false;
    if (values[1] != NULL && !abide_schema__word(ctx, values[1], types, &word))
        return false;
    if (values[2] != NULL && !abide_schema__word(ctx, values[2], scopes, &word))
        return false;
    option->is_version = values[1] != NULL;
    option->is_convention = values[2] != NULL;
    option->default_value = values[3]->text;
    if (is_legal(option, option->default_value))
        return true;
    abide__report(ctx, ABIDE_CODE_BAD_VALUE, values[3]->place,
                  "the default is not a value of the option");
    return false;
}

bool abide_language__read_options(abide_ctx *ctx, const struct abide_yaml *tree,
                                  const struct abide_option_decl **options, size_t *option_count)
{
    const struct abide_yaml *node = abide_yaml__get(tree, "options");
    *options = NULL;
    *option_count = 0;
    if (node == NULL)
        return true;
    if (node->kind != ABIDE_YAML_MAPPING) {
        abide__report(ctx, ABIDE_CODE_WRONG_SHAPE, node->place,
                      "'options' of a module: expected a mapping from names to values");
        return false;
    }
    struct abide_option_decl *declared =
        abide__new_array(ctx, struct abide_option_decl, node->entry_count);
    const struct abide_option_decl *convention = NULL;
    bool fine = true;
    for (size_t i = 0; i < node->entry_count; i++) {
        fine = read_option(ctx, abide_yaml__entry(node, i), &declared[i]) && fine;
        if (!declared[i].is_convention)
            continue;
        if (convention != NULL) {
            abide_diag *diag = abide__report(ctx, ABIDE_CODE_BAD_VALUE, declared[i].place,
                                             "only one option can be chosen by each function");
            abide__diag_note(ctx, diag, convention->place, "the first one is here");
            fine = false;
        }
        convention = &declared[i];
    }
    *options = declared;
    *option_count = node->entry_count;
    return fine;
}

/* --- tests ------------------------------------------------------------------------------------ */

const char *abide_language__option(const abide_module *module, const char *name,
                                   const char *convention)
{
    const struct abide_language *language = module->language;
    if (convention != NULL && language != NULL && language->convention != NULL &&
        strcmp(language->convention->name, name) == 0)
        return convention;
    for (size_t i = 0; i < module->option_count; i++) {
        if (strcmp(module->options[i].name, name) == 0)
            return module->options[i].value;
    }
    return NULL;
}

static bool is_one_of(const struct abide_when *test, const char *value)
{
    for (size_t i = 0; value != NULL && i < test->word_count; i++) {
        if (strcmp(test->words[i], value) == 0)
            return true;
    }
    return false;
}

static bool test_option(const struct abide_when *test, const char *value)
{
    if (!test->is_version)
        return is_one_of(test, value);
    for (size_t i = 0; value != NULL && i < test->bound_count; i++) {
        if (abide_bound__version_holds(test->bounds[i], value))
            return true;
    }
    return false;
}

bool abide_language__test(const abide_module *module, const struct abide_when *test,
                          const char *convention)
{
    if (test->op == ABIDE_WHEN_OPTION)
        return test_option(test, abide_language__option(module, test->name, convention));
    if (test->op == ABIDE_WHEN_ARCH)
        return is_one_of(test, module->arch);
    if (test->op == ABIDE_WHEN_OS)
        return is_one_of(test, module->os);
    for (size_t i = 0; test->op == ABIDE_WHEN_POINTER && i < test->bound_count; i++) {
        if (abide_bound__holds(test->bounds[i], (int64_t)module->pointer_bytes))
            return true;
    }
    return false;
}

bool abide_language__holds(const abide_module *module, const struct abide_when *when,
                           const char *convention)
{
    if (when->op == ABIDE_WHEN_ALWAYS)
        return true;
    if (when->op == ABIDE_WHEN_NOT)
        return !abide_language__holds(module, when->operands[0], convention);
    if (when->op != ABIDE_WHEN_ALL && when->op != ABIDE_WHEN_ANY)
        return abide_language__test(module, when, convention);
    bool all = when->op == ABIDE_WHEN_ALL;
    for (size_t i = 0; i < when->operand_count; i++) {
        if (abide_language__holds(module, when->operands[i], convention) != all)
            return !all;
    }
    return all;
}

bool abide_language__check_static(abide_ctx *ctx, const struct abide_when *when)
{
    switch (when->op) {
    case ABIDE_WHEN_ALWAYS:
    case ABIDE_WHEN_OPTION:
    case ABIDE_WHEN_ARCH:
    case ABIDE_WHEN_OS:
    case ABIDE_WHEN_POINTER: return true;
    case ABIDE_WHEN_ALL:
    case ABIDE_WHEN_ANY:
    case ABIDE_WHEN_NOT: break;
    default:
        abide__report(ctx, ABIDE_CODE_BAD_VALUE, when->place,
                      "only options and the target can be tested here: there is no type yet");
        return false;
    }
    for (size_t i = 0; i < when->operand_count; i++) {
        if (!abide_language__check_static(ctx, when->operands[i]))
            return false;
    }
    return true;
}
