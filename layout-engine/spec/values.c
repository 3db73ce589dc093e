/* What a language says of values besides their form: `forms`, `niche`, `flatten`, `owned`, `gives`, `consumes`, `lends`, `ends_loans` of a module. */
#include "spec/language.h"

#include "base/diag.h"
#include "base/schema.h"
#include "spec/keys.h"

#include <string.h>

/* --- forms ------------------------------------------------------------------------------------ */

/* Kinds of which an interface can choose a form: those that no record or number stands for by itself. */
bool abide_values__has_forms(enum abide_kind kind)
{
    return abide_kind__is_counted_text(kind) || kind == ABIDE_KIND_SLICE ||
           kind == ABIDE_KIND_SEQ || kind == ABIDE_KIND_BOX || kind == ABIDE_KIND_OPTION ||
           kind == ABIDE_KIND_RESULT || kind == ABIDE_KIND_VARIANT || kind == ABIDE_KIND_CLOSURE;
}

static const char *nth_formed(const void *user, size_t index)
{
    (void)user;
    for (unsigned kind = 0; kind < ABIDE_KIND_COUNT; kind++) {
        if (abide_values__has_forms((enum abide_kind)kind) && index-- == 0)
            return abide__kind_names[kind];
    }
    return NULL;
}

static bool find_formed(abide_ctx *ctx, const struct abide_yaml *key, enum abide_kind *found)
{
    for (unsigned kind = 0; kind < ABIDE_KIND_COUNT; kind++) {
        *found = (enum abide_kind)kind;
        if (abide_values__has_forms(*found) && strcmp(abide__kind_names[kind], key->text) == 0)
            return true;
    }
    abide_diag *diag =
        abide__report(ctx, ABIDE_CODE_UNKNOWN_KEY, key->place,
                      "%s is no kind of type that has several forms", abide__quote(ctx, key->text));
    const char *near = abide__nearest(key->text, nth_formed, NULL);
    if (near != NULL)
        abide__diag_help(ctx, diag, "did you mean '%s'?", near);
    return false;
}

static bool is_word(const struct abide_yaml *node)
{
    const char *text = node->kind == ABIDE_YAML_SCALAR ? node->text : "";
    for (const char *at = text; *at != '\0'; at++) {
        bool letter = (*at >= 'a' && *at <= 'z') || *at == '-' || *at == '_';
        if (!letter && !(*at >= '0' && *at <= '9'))
            return false;
    }
    return *text != '\0';
}

static void read_names(abide_ctx *ctx, const struct abide_yaml *node, struct abide_form_decl *form)
{
    const char **names = abide__new_array(ctx, const char *, node->entry_count);
    for (size_t i = 0; i < node->entry_count; i++) {
        const struct abide_yaml *name = abide_yaml__at(node, i);
        if (!is_word(name)) {
            abide__report(ctx, ABIDE_CODE_BAD_VALUE, name->place,
                          "expected a word of small letters, such as 'counted'");
            continue;
        }
        names[form->name_count++] = abide__intern_text(ctx, name->text);
    }
    form->names = names;
}

/* forms: {string: [counted, nul]} */
void abide_values__read_forms(abide_ctx *ctx, const struct abide_yaml *tree,
                              struct abide_language *language)
{
    const struct abide_yaml *node = abide_yaml__get(tree, "forms");
    if (node == NULL)
        return;
    if (node->kind != ABIDE_YAML_MAPPING) {
        abide__report(
            ctx, ABIDE_CODE_WRONG_SHAPE, node->place,
            "'forms' of a module: expected a mapping from kinds of types to lists of names");
        return;
    }
    struct abide_form_decl *forms =
        abide__new_array(ctx, struct abide_form_decl, node->entry_count);
    for (size_t i = 0; i < node->entry_count; i++) {
        const struct abide_yaml_entry *entry = abide_yaml__entry(node, i);
        struct abide_form_decl form = {.place = entry->key->place};
        if (!find_formed(ctx, entry->key, &form.kind))
            continue;
        if (entry->value->kind != ABIDE_YAML_SEQUENCE || entry->value->entry_count == 0) {
            abide__report(ctx, ABIDE_CODE_WRONG_SHAPE, entry->value->place,
                          "expected a list of forms, the usual one first");
            continue;
        }
        read_names(ctx, entry->value, &form);
        if (form.name_count > 0)
            forms[language->form_count++] = form;
    }
    language->forms = forms;
}

const struct abide_form_decl *abide_language__forms(const struct abide_language *language,
                                                    enum abide_kind kind)
{
    for (size_t i = 0; i < language->form_count; i++) {
        if (language->forms[i].kind == kind)
            return &language->forms[i];
    }
    return NULL;
}

/* --- conditions on types ----------------------------------------------------------------------- */

/* What is asked of a type alone: nothing about a signature, and nothing that the answer itself decides. */
static const struct abide_when *read_type_condition(abide_ctx *ctx,
                                                    const struct abide_when_scope *scope,
                                                    const struct abide_yaml *node, const char *key)
{
    static const struct {
        enum abide_when_op op;
        const char *what;
    } refused[] = {
        {ABIDE_WHEN_SIZE, "a size"},
        {ABIDE_WHEN_FLAT, "a flat form"},
        {ABIDE_WHEN_PARAM_FACT, "a parameter"},
        {ABIDE_WHEN_RESULT_FACT, "a result"},
        {ABIDE_WHEN_RESULT, "a result"},
        {ABIDE_WHEN_POSITION, "a parameter"},
        {ABIDE_WHEN_VARIADIC, "a parameter"},
        {ABIDE_WHEN_MODE, "a parameter"},
    };
    const struct abide_when *when = abide_when__read(ctx, scope, node);
    for (size_t i = 0; i < sizeof refused / sizeof *refused; i++) {
        if (!abide_when__uses(when, refused[i].op))
            continue;
        abide__report(ctx, ABIDE_CODE_BAD_VALUE, node->place, "'%s' cannot depend on %s", key,
                      refused[i].what);
        break;
    }
    return when;
}

static void read_niche(abide_ctx *ctx, const struct abide_when_scope *scope,
                       const struct abide_yaml *tree, struct abide_language *language)
{
    const struct abide_yaml *node = abide_yaml__get(tree, "niche");
    if (node == NULL)
        return;
    language->niche = read_type_condition(ctx, scope, node, "niche");
    if (abide_when__uses(language->niche, ABIDE_WHEN_NICHE))
        abide__report(ctx, ABIDE_CODE_BAD_VALUE, node->place, "'niche' cannot depend on itself");
}

/* --- flatten ------------------------------------------------------------------------------------ */

static const char *nth_scalar(const void *user, size_t index)
{
    (void)user;
    return index < ABIDE_SCALAR_COUNT ? abide__scalars[index].name : NULL;
}

static bool read_scalar(abide_ctx *ctx, const struct abide_yaml *node, enum abide_scalar *scalar)
{
    const char *text = node->kind == ABIDE_YAML_SCALAR ? node->text : "";
    for (unsigned i = 0; i < ABIDE_SCALAR_COUNT; i++) {
        *scalar = (enum abide_scalar)i;
        if (strcmp(abide__scalars[i].name, text) == 0)
            return true;
    }
    abide_diag *diag = abide__report(ctx, ABIDE_CODE_BAD_VALUE, node->place, "%s is no scalar",
                                     abide__quote(ctx, text));
    const char *near = abide__nearest(text, nth_scalar, NULL);
    if (near != NULL)
        abide__diag_help(ctx, diag, "did you mean '%s'?", near);
    return false;
}

static bool is_unsigned_of_fixed_size(enum abide_scalar scalar)
{
    return abide__scalars[scalar].group == ABIDE_GROUP_UNSIGNED &&
           abide__scalars[scalar].size_bytes > 0;
}

/* u16, or [u64, u64]: of the same bytes. */
static bool read_flat_words(abide_ctx *ctx, const struct abide_yaml *node,
                            struct abide_flat_scalar *scalar)
{
    bool is_list = node->kind == ABIDE_YAML_SEQUENCE;
    size_t count = is_list ? node->entry_count : 1;
    uint32_t size_bytes = 0;
    if (count > 2) {
        abide__report(ctx, ABIDE_CODE_BAD_VALUE, node->place, "a scalar becomes two words at most");
        return false;
    }
    for (size_t i = 0; i < count; i++) {
        const struct abide_yaml *word = is_list ? abide_yaml__at(node, i) : node;
        if (!read_scalar(ctx, word, &scalar->words[i]))
            return false;
        if (!is_unsigned_of_fixed_size(scalar->words[i])) {
            abide__report(ctx, ABIDE_CODE_BAD_VALUE, word->place,
                          "expected an unsigned integer of fixed size, such as u16");
            return false;
        }
        size_bytes += abide__scalars[scalar->words[i]].size_bytes;
    }
    scalar->word_count = count;
    uint32_t own_bytes = abide__scalars[scalar->of].size_bytes;
    if (count == 0 || own_bytes == 0 || own_bytes == size_bytes)
        return true;
    abide__report(ctx, ABIDE_CODE_BAD_VALUE, node->place, "%s has %u bytes, these words have %u",
                  abide__scalars[scalar->of].name, (unsigned)own_bytes, (unsigned)size_bytes);
    return false;
}

static void read_flat_scalars(abide_ctx *ctx, const struct abide_yaml *node,
                              struct abide_flatten *flatten)
{
    struct abide_flat_scalar *scalars =
        abide__new_array(ctx, struct abide_flat_scalar, node->entry_count);
    for (size_t i = 0; i < node->entry_count; i++) {
        struct abide_flat_scalar scalar = {0};
        if (read_scalar(ctx, abide_yaml__key_at(node, i), &scalar.of) &&
            read_flat_words(ctx, abide_yaml__at(node, i), &scalar))
            scalars[flatten->scalar_count++] = scalar;
    }
    flatten->scalars = scalars;
}

static const struct abide_word uppers[] = {
    {"zero", "zeros"},
    {NULL, NULL},
};

static const struct abide_key flatten_keys[] = {
    {"tag", ABIDE_SHAPE_SCALAR, true, "The unsigned integer that tags are passed as.",
     ABIDE_HOLDS("integer_name")},
    {"scalars", ABIDE_SHAPE_MAPPING, false,
     "Scalars that are passed as other ones of the same bytes; with an empty list, that have "
     "no "
     "flat form.",
     ABIDE_HOLDS("{scalar_name: integer_name|[integer_name]|nothing}")},
    {"whole", ABIDE_SHAPE_ANY, false, "Types that have no flat form, besides unions.",
     ABIDE_HOLDS("tests")},
    {"upper", ABIDE_SHAPE_SCALAR, false,
     "`zero`: what is above a narrower value in a word that cases share.", ABIDE_WORDS(uppers)},
    {"source", ABIDE_SHAPE_SCALAR, false, "Document, release and clause.", NULL}};
const struct abide_schema abide_values__flatten_schema = {"'flatten' of a module", flatten_keys, 5};

/* flatten: {tag: u32, scalars: {f16: u16, u128: [u64, u64]}, whole: {type: union}} */
static void read_flatten(abide_ctx *ctx, const struct abide_when_scope *scope,
                         const struct abide_yaml *tree, struct abide_flatten *flatten)
{
    const struct abide_yaml *node = abide_yaml__get(tree, "flatten");
    const struct abide_yaml *values[5];
    size_t word;
    if (node == NULL || !abide_schema__read(ctx, &abide_values__flatten_schema, node, values) ||
        !read_scalar(ctx, values[0], &flatten->tag))
        return;
    flatten->is_present = true;
    if (!is_unsigned_of_fixed_size(flatten->tag))
        abide__report(ctx, ABIDE_CODE_BAD_VALUE, values[0]->place,
                      "expected an unsigned integer of fixed size, such as u32");
    if (values[1] != NULL)
        read_flat_scalars(ctx, values[1], flatten);
    if (values[2] != NULL)
        flatten->whole = read_type_condition(ctx, scope, values[2], "whole");
    flatten->clears_upper = values[3] != NULL && abide_schema__word(ctx, values[3], uppers, &word);
}

/* --- owned ------------------------------------------------------------------------------------- */

static const char *nth_hook(const void *user, size_t index)
{
    const struct abide_language *language = user;
    return index < language->hook_count ? language->hooks[index].name : NULL;
}

static const char *read_hook_name(abide_ctx *ctx, const struct abide_language *language,
                                  const struct abide_yaml *node)
{
    const struct abide_hook *hook = abide_language__hook(language, node->text);
    if (hook != NULL && hook->when == ABIDE_HOOK_CONVERT)
        return hook->name;
    abide_diag *diag;
    if (hook != NULL) {
        diag = abide__report(ctx, ABIDE_CODE_BAD_VALUE, node->place,
                             "the hook '%s' is not there for conversions", hook->name);
        abide__diag_note(ctx, diag, hook->place, "it needs `when: convert`");
        return NULL;
    }
    diag = abide__report(ctx, ABIDE_CODE_BAD_VALUE, node->place, "this module has no hook %s",
                         abide__quote(ctx, node->text));
    const char *near = abide__nearest(node->text, nth_hook, language);
    if (near != NULL)
        abide__diag_help(ctx, diag, "did you mean '%s'?", near);
    else
        abide__diag_help(ctx, diag, "declare it under `hooks:`, with `when: convert`");
    return NULL;
}

/* A word, or {way: hook} with one of two ways. Gives the index of the word, or of the way; SIZE_MAX: reported. */
static size_t read_way(abide_ctx *ctx, const struct abide_language *language,
                       const struct abide_yaml *node, const struct abide_schema *ways,
                       const struct abide_word *words, const char **hook)
{
    const struct abide_yaml *values[2];
    size_t index;
    *hook = NULL;
    if (node->kind == ABIDE_YAML_SCALAR)
        return abide_schema__word(ctx, node, words, &index) ? index : SIZE_MAX;
    if (!abide_schema__read(ctx, ways, node, values))
        return SIZE_MAX;
    if ((values[0] == NULL) == (values[1] == NULL)) {
        abide__report(ctx, ABIDE_CODE_BAD_VALUE, node->place, "expected either '%s' or '%s'",
                      ways->keys[0].name, ways->keys[1].name);
        return SIZE_MAX;
    }
    index = values[0] != NULL ? 0 : 1;
    *hook = read_hook_name(ctx, language, values[index]);
    return *hook != NULL ? index : SIZE_MAX;
}

static const struct abide_word make_words[] = {
    {"none", "no adapter can make one"},
    {NULL, NULL},
};
static const struct abide_key make_keys[] = {
    {"allocate", ABIDE_SHAPE_SCALAR, false, "A hook that gives memory: (bytes) -> address.", NULL},
    {"assign", ABIDE_SHAPE_SCALAR, false,
     "A hook that gives a value its content: (value, data, length) for strings, (value, "
     "length) "
     "for sequences.",
     NULL}};
const struct abide_schema abide_values__make_schema = {"'make'", make_keys, 2};

static void read_make(abide_ctx *ctx, const struct abide_language *language,
                      const struct abide_yaml *node, struct abide_owned_rule *rule)
{
    size_t way =
        read_way(ctx, language, node, &abide_values__make_schema, make_words, &rule->make_hook);
    if (way != SIZE_MAX && rule->make_hook != NULL)
        rule->make = way == 0 ? ABIDE_MAKE_ALLOCATE : ABIDE_MAKE_ASSIGN;
}

/* In the order of enum abide_drop, as far as these need no hook. */
static const struct abide_word drop_words[] = {
    {"unknown", "nobody can release it"},
    {"nothing", "nobody has to"},
    {"owner", "the function to which its part `owner` leads"},
    {NULL, NULL},
};
static const struct abide_key drop_keys[] = {
    {"release", ABIDE_SHAPE_SCALAR, false, "A hook that frees memory: (address).", NULL},
    {"call", ABIDE_SHAPE_SCALAR, false, "A hook that drops a value with all in it: (value).",
     NULL}};
const struct abide_schema abide_values__drop_schema = {"'drop'", drop_keys, 2};

static void read_drop(abide_ctx *ctx, const struct abide_language *language,
                      const struct abide_yaml *node, struct abide_owned_rule *rule)
{
    size_t way =
        read_way(ctx, language, node, &abide_values__drop_schema, drop_words, &rule->drop_hook);
    if (way == SIZE_MAX)
        return;
    if (rule->drop_hook != NULL)
        rule->drop = way == 0 ? ABIDE_DROP_RELEASE : ABIDE_DROP_CALL;
    else
        rule->drop = (enum abide_drop)way;
}

static const struct abide_word empties[] = {
    {"nowhere", "what has no elements has no memory, whatever the address"},
    {NULL, NULL},
};

static const struct abide_key owned_keys[] = {
    {"when", ABIDE_SHAPE_ANY, false, "Condition on the type that owns.", ABIDE_HOLDS("tests")},
    {"make", ABIDE_SHAPE_SCALAR | ABIDE_SHAPE_MAPPING, true, "How a value gets its memory.",
     ABIDE_WORDS_IN(make_words, "word|make")},
    {"drop", ABIDE_SHAPE_SCALAR | ABIDE_SHAPE_MAPPING, true, "How the memory is released.",
     ABIDE_WORDS_IN(drop_words, "word|drop")},
    {"keep", ABIDE_SHAPE_SCALAR, false,
     "Closures: a hook for when code of another ABI gets hold of an environment: (env).", NULL},
    {"let_go", ABIDE_SHAPE_SCALAR, false, "Closures: a hook for when it lets go: (env).", NULL},
    {"empty", ABIDE_SHAPE_SCALAR, false,
     "`nowhere`: what has no elements has no memory, whatever the address.", ABIDE_WORDS(empties)},
    {"source", ABIDE_SHAPE_SCALAR, false, "Document, release and clause.", NULL}};
const struct abide_schema abide_values__owned_schema = {"an entry of 'owned'", owned_keys, 7};

static void read_owned(abide_ctx *ctx, const struct abide_when_scope *scope,
                       const struct abide_yaml *tree, struct abide_language *language)
{
    const struct abide_yaml *node = abide_yaml__get(tree, "owned");
    if (node == NULL)
        return;
    if (node->kind != ABIDE_YAML_SEQUENCE) {
        abide__report(ctx, ABIDE_CODE_WRONG_SHAPE, node->place,
                      "'owned': expected a list of rules");
        return;
    }
    struct abide_owned_rule *rules =
        abide__new_array(ctx, struct abide_owned_rule, node->entry_count);
    for (size_t i = 0; i < node->entry_count; i++) {
        const struct abide_yaml *entry = abide_yaml__at(node, i);
        const struct abide_yaml *values[7];
        size_t word;
        struct abide_owned_rule *rule = &rules[language->owned_count];
        if (!abide_schema__read(ctx, &abide_values__owned_schema, entry, values))
            continue;
        rule->place = entry->place;
        rule->when = abide_when__read(ctx, scope, NULL);
        if (values[0] != NULL)
            rule->when = read_type_condition(ctx, scope, values[0], "owned");
        read_make(ctx, language, values[1], rule);
        read_drop(ctx, language, values[2], rule);
        rule->keep_hook = values[3] ? read_hook_name(ctx, language, values[3]) : NULL;
        rule->let_go_hook = values[4] ? read_hook_name(ctx, language, values[4]) : NULL;
        rule->empty_is_nowhere =
            values[5] != NULL && abide_schema__word(ctx, values[5], empties, &word);
        language->owned_count++;
    }
    language->owned = rules;
}

/* --- all together ------------------------------------------------------------------------------- */

void abide_values__read(abide_ctx *ctx, const struct abide_when_scope *scope,
                        const struct abide_yaml *tree, struct abide_language *language)
{
    const struct abide_yaml *consumes = abide_yaml__get(tree, "consumes");
    read_niche(ctx, scope, tree, language);
    read_flatten(ctx, scope, tree, &language->flatten);
    read_owned(ctx, scope, tree, language);
    if (consumes != NULL)
        language->consumes = abide_when__read(ctx, scope, consumes);
    language->assumes = abide_validity__read(ctx, tree, "assumes");
    language->ensures = abide_validity__read(ctx, tree, "ensures");
    const struct abide_yaml *gives = abide_yaml__get(tree, "gives");
    if (gives != NULL)
        language->gives = abide_when__read(ctx, scope, gives);
    const struct abide_yaml *lends = abide_yaml__get(tree, "lends");
    if (lends != NULL)
        language->lends = abide_when__read(ctx, scope, lends);
    const struct abide_yaml *ends_loans = abide_yaml__get(tree, "ends_loans");
    if (ends_loans != NULL)
        language->ends_loans = abide_when__read(ctx, scope, ends_loans);
}
