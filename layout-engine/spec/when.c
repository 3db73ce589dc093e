/* Conditions of the language level: from YAML to a tree of tests. */
#include "spec/when.h"

#include "base/diag.h"
#include "base/schema.h"
#include "spec/keys.h"
#include "spec/language.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

struct reader {
    abide_ctx *ctx;
    const struct abide_when_scope *scope;
};

static const struct abide_when always = {.op = ABIDE_WHEN_ALWAYS, .weight = 1};

static const struct abide_when *read_condition(const struct reader *reader,
                                               const struct abide_yaml *node);

static struct abide_when *new_when(const struct reader *reader, enum abide_when_op op,
                                   const struct abide_yaml *node)
{
    struct abide_when *when = abide__new(reader->ctx, struct abide_when);
    when->op = op;
    when->weight = 1;
    when->place = node->place;
    return when;
}

/* Predicates may use predicates, so a short file could describe an endless evaluation. */
static const struct abide_when *with_operands(const struct reader *reader, struct abide_when *when,
                                              const struct abide_when *const *operands,
                                              size_t count)
{
    when->operands = operands;
    when->operand_count = count;
    when->walks_members = when->op == ABIDE_WHEN_CONTAINS;
    for (size_t i = 0; i < count; i++) {
        when->weight += operands[i]->weight;
        when->walks_members = when->walks_members || operands[i]->walks_members;
        if (when->op == ABIDE_WHEN_CONTAINS && operands[i]->walks_members) {
            abide__report(reader->ctx, ABIDE_CODE_BAD_VALUE, when->place,
                          "`contains` inside `contains` says no more than the inner one");
            return &always;
        }
        if (when->weight > ABIDE_WHEN_MAX_WEIGHT) {
            abide__report(reader->ctx, ABIDE_CODE_CONDITION_TOO_LARGE, when->place,
                          "this condition makes more than %d tests, counting those of the "
                          "predicates it uses",
                          ABIDE_WHEN_MAX_WEIGHT);
            return &always;
        }
    }
    return when;
}

static const struct abide_when *join(const struct reader *reader, enum abide_when_op op,
                                     const struct abide_yaml *node,
                                     const struct abide_when *const *operands, size_t count)
{
    if (count == 1 && op != ABIDE_WHEN_NOT)
        return operands[0];
    return with_operands(reader, new_when(reader, op, node), operands, count);
}

/* A condition that holds another one: not, contains, root, result. */
static const struct abide_when *read_nested(const struct reader *reader, enum abide_when_op op,
                                            const struct abide_yaml *node)
{
    const struct abide_when **operand = abide__new_array(reader->ctx, const struct abide_when *, 1);
    operand[0] = read_condition(reader, node);
    return with_operands(reader, new_when(reader, op, node), operand, 1);
}

/* --- numbers and versions ------------------------------------------------------------------ */

static const char *read_comparison(const char *text, struct abide_bound *bound)
{
    static const struct {
        const char *sign;
        enum abide_bound_op op;
    } signs[] = {{"<=", ABIDE_BOUND_LE},
                 {">=", ABIDE_BOUND_GE},
                 {"<", ABIDE_BOUND_LT},
                 {">", ABIDE_BOUND_GT}};
    for (size_t i = 0; i < sizeof signs / sizeof signs[0]; i++) {
        size_t length = strlen(signs[i].sign);
        if (strncmp(text, signs[i].sign, length) == 0) {
            bound->op = signs[i].op;
            return text + length;
        }
    }
    bound->op = ABIDE_BOUND_EQ;
    return text;
}

static bool is_number(const char *text)
{
    text += *text == '-';
    if (*text == '\0')
        return false;
    for (; *text != '\0'; text++) {
        if (*text < '0' || *text > '9')
            return false;
    }
    return true;
}

static void read_bound(const struct reader *reader, const struct abide_yaml *node, bool version,
                       struct abide_bound *bound)
{
    const char *text = node->kind == ABIDE_YAML_SCALAR ? node->text : "";
    const char *rest = read_comparison(text, bound);
    bound->text = rest;
    if (version) {
        if (!abide_version__is_legal(rest))
            abide__report(reader->ctx, ABIDE_CODE_BAD_VALUE, node->place,
                          "expected a version, or a bound such as \">=2.0.6\"");
        return;
    }
    errno = 0;
    bound->value = is_number(rest) ? strtoll(rest, NULL, 10) : 0;
    if (!is_number(rest) || errno == ERANGE)
        abide__report(reader->ctx, ABIDE_CODE_BAD_VALUE, node->place,
                      "expected a whole number, or a bound such as \"<=16\" or \">64\"");
}

static void read_bounds(const struct reader *reader, const struct abide_yaml *node, bool version,
                        struct abide_when *when)
{
    bool is_list = node->kind == ABIDE_YAML_SEQUENCE;
    size_t count = is_list ? node->entry_count : 1;
    struct abide_bound *bounds = abide__new_array(reader->ctx, struct abide_bound, count);
    for (size_t i = 0; i < count; i++)
        read_bound(reader, is_list ? abide_yaml__at(node, i) : node, version, &bounds[i]);
    when->bounds = bounds;
    when->bound_count = count;
}

static const struct abide_when *read_number(const struct reader *reader, enum abide_when_op op,
                                            const struct abide_yaml *node)
{
    struct abide_when *when = new_when(reader, op, node);
    read_bounds(reader, node, false, when);
    return when;
}

/* --- words --------------------------------------------------------------------------------- */

/* A word or a list of words, each legal according to `nth` (NULL past the last; no check without it). */
static void read_words(const struct reader *reader, const struct abide_yaml *node,
                       const char *(*nth)(const void *user, size_t index), const void *user,
                       const char *what, struct abide_when *when)
{
    bool is_list = node->kind == ABIDE_YAML_SEQUENCE;
    size_t count = is_list ? node->entry_count : 1;
    const char **words = abide__new_array(reader->ctx, const char *, count);
    for (size_t i = 0; i < count; i++) {
        const struct abide_yaml *word = is_list ? abide_yaml__at(node, i) : node;
        words[i] = word->kind == ABIDE_YAML_SCALAR ? word->text : "";
        if (word->kind != ABIDE_YAML_SCALAR) {
            abide__report(reader->ctx, ABIDE_CODE_WRONG_SHAPE, word->place, "expected %s", what);
            continue;
        }
        if (nth == NULL)
            continue;
        size_t at = 0;
        const char *legal;
        while ((legal = nth(user, at)) != NULL && strcmp(legal, words[i]) != 0)
            at++;
        if (legal == NULL) {
            abide_diag *diag =
                abide__report(reader->ctx, ABIDE_CODE_BAD_VALUE, word->place, "%s is not %s",
                              abide__quote(reader->ctx, words[i]), what);
            const char *near = abide__nearest(words[i], nth, user);
            if (near != NULL)
                abide__diag_help(reader->ctx, diag, "did you mean '%s'?", near);
        }
    }
    when->words = words;
    when->word_count = count;
}

static const char *nth_kind(const void *user, size_t index)
{
    (void)user;
    return index < ABIDE_KIND_COUNT ? abide__kind_names[index] : NULL;
}

static const struct abide_when *read_kinds(const struct reader *reader,
                                           const struct abide_yaml *node)
{
    struct abide_when *when = new_when(reader, ABIDE_WHEN_KIND, node);
    read_words(reader, node, nth_kind, NULL, "a kind of type", when);
    for (size_t i = 0; i < when->word_count; i++) {
        for (unsigned kind = 0; kind < ABIDE_KIND_COUNT; kind++) {
            if (strcmp(abide__kind_names[kind], when->words[i]) == 0)
                when->kinds |= UINT64_C(1) << kind;
        }
    }
    return when;
}

struct facts_of {
    const struct abide_when_scope *scope;
    enum abide_fact_subject subject;
};

static const char *nth_fact(const void *user, size_t index)
{
    const struct facts_of *facts = user;
    for (size_t i = 0; i < facts->scope->fact_count; i++) {
        if (facts->scope->facts[i].subject == facts->subject && index-- == 0)
            return facts->scope->facts[i].name;
    }
    return NULL;
}

static const struct abide_when *read_facts(const struct reader *reader, enum abide_when_op op,
                                           const struct abide_yaml *node)
{
    struct facts_of facts = {reader->scope, ABIDE_FACT_OF_TYPE};
    const char *what = "a fact that `facts: type:` declares";
    if (op == ABIDE_WHEN_PARAM_FACT) {
        facts.subject = ABIDE_FACT_OF_PARAM;
        what = "a fact that `facts: param:` declares";
    } else if (op == ABIDE_WHEN_RESULT_FACT) {
        facts.subject = ABIDE_FACT_OF_RESULT;
        what = "a fact that `facts: result:` declares";
    }
    struct abide_when *when = new_when(reader, op, node);
    read_words(reader, node, nth_fact, &facts, what, when);
    return when;
}

static const struct abide_when *read_flag(const struct reader *reader, enum abide_when_op op,
                                          const struct abide_yaml *node)
{
    struct abide_when *when = new_when(reader, op, node);
    abide_schema__bool(reader->ctx, node, &when->flag);
    return when;
}

static bool expect_mapping(const struct reader *reader, const struct abide_yaml *node,
                           const char *what)
{
    if (node->kind == ABIDE_YAML_MAPPING)
        return true;
    abide__report(reader->ctx, ABIDE_CODE_WRONG_SHAPE, node->place, "expected %s", what);
    return false;
}

/* --- cases, forms, modes ---------------------------------------------------------------------- */

/* cases: {ok: unit, err: niche} */
static const struct abide_when *read_cases(const struct reader *reader,
                                           const struct abide_yaml *node)
{
    if (!expect_mapping(reader, node, "a mapping from cases to conditions on their payloads"))
        return &always;
    const struct abide_when **operands =
        abide__new_array(reader->ctx, const struct abide_when *, node->entry_count);
    const char **words = abide__new_array(reader->ctx, const char *, node->entry_count);
    for (size_t i = 0; i < node->entry_count; i++) {
        words[i] = abide_yaml__key_at(node, i)->text;
        operands[i] = read_condition(reader, abide_yaml__at(node, i));
    }
    struct abide_when *when = new_when(reader, ABIDE_WHEN_CASES, node);
    when->words = words;
    when->word_count = node->entry_count;
    return with_operands(reader, when, operands, node->entry_count);
}

static const char *nth_form(const void *user, size_t index)
{
    const struct abide_when_scope *scope = user;
    for (size_t i = 0; i < scope->form_count; i++) {
        if (index < scope->forms[i].name_count)
            return scope->forms[i].names[index];
        index -= scope->forms[i].name_count;
    }
    return NULL;
}

const struct abide_word abide_when__modes[] = {
    [ABIDE_MODE_IN] = {"in", "the callee reads it"},
    [ABIDE_MODE_OUT] = {"out", "the callee writes it"},
    [ABIDE_MODE_INOUT] = {"inout", "the callee reads and writes it"},
    {NULL, NULL},
};

static const char *nth_mode(const void *user, size_t index)
{
    (void)user;
    return abide_when__modes[index].name;
}

static const struct abide_when *read_choice(const struct reader *reader, enum abide_when_op op,
                                            const struct abide_yaml *node)
{
    struct abide_when *when = new_when(reader, op, node);
    if (op == ABIDE_WHEN_FORM)
        read_words(reader, node, nth_form, reader->scope, "a form that `forms` declares", when);
    else
        read_words(reader, node, nth_mode, NULL, "a mode of parameters", when);
    return when;
}

/* --- options, target ------------------------------------------------------------------------ */

static const char *nth_option(const void *user, size_t index)
{
    const struct abide_when_scope *scope = user;
    return index < scope->option_count ? scope->options[index].name : NULL;
}

static const char *nth_value(const void *user, size_t index)
{
    const struct abide_option_decl *option = user;
    return index < option->value_count ? option->values[index] : NULL;
}

static const struct abide_option_decl *find_option(const struct reader *reader,
                                                   const struct abide_yaml *key)
{
    const struct abide_when_scope *scope = reader->scope;
    for (size_t i = 0; i < scope->option_count; i++) {
        if (strcmp(scope->options[i].name, key->text) == 0)
            return &scope->options[i];
    }
    abide_diag *diag =
        abide__report(reader->ctx, ABIDE_CODE_UNKNOWN_MODULE_OPTION, key->place,
                      "this module has no option %s", abide__quote(reader->ctx, key->text));
    const char *near = abide__nearest(key->text, nth_option, scope);
    if (near != NULL)
        abide__diag_help(reader->ctx, diag, "did you mean '%s'?", near);
    else
        abide__diag_help(reader->ctx, diag, "declare it under `options:`");
    return NULL;
}

/* option: {gc: [arc, orc], nim: ">=2.0.6"} */
static const struct abide_when *read_options(const struct reader *reader,
                                             const struct abide_yaml *node)
{
    if (!expect_mapping(reader, node, "a mapping from options to values"))
        return &always;
    const struct abide_when **operands =
        abide__new_array(reader->ctx, const struct abide_when *, node->entry_count);
    for (size_t i = 0; i < node->entry_count; i++) {
        const struct abide_yaml_entry *entry = abide_yaml__entry(node, i);
        operands[i] = &always;
        const struct abide_option_decl *option = find_option(reader, entry->key);
        if (option == NULL)
            continue;
        struct abide_when *when = new_when(reader, ABIDE_WHEN_OPTION, entry->value);
        when->name = option->name;
        when->is_version = option->is_version;
        if (option->is_version)
            read_bounds(reader, entry->value, true, when);
        else
            read_words(reader, entry->value, nth_value, option,
                       abide__printf(reader->ctx, "a value of the option '%s'", option->name),
                       when);
        operands[i] = when;
    }
    return join(reader, ABIDE_WHEN_ALL, node, operands, node->entry_count);
}

static const struct abide_key target_keys[] = {
    {"arch", ABIDE_SHAPE_SCALAR | ABIDE_SHAPE_SEQUENCE, false,
     "First part of the triple, as the machine module names it.", ABIDE_HOLDS("some")},
    {"os", ABIDE_SHAPE_SCALAR | ABIDE_SHAPE_SEQUENCE, false, "Operating system of the triple.",
     ABIDE_HOLDS("some")},
    {"pointer", ABIDE_SHAPE_SCALAR | ABIDE_SHAPE_SEQUENCE, false, "Size of a pointer in bytes.",
     ABIDE_HOLDS("limits")}};
const struct abide_schema abide_when__target_schema = {"a condition on the target", target_keys, 3};

/* target: {os: windows, pointer: 4} */
static const struct abide_when *read_target(const struct reader *reader,
                                            const struct abide_yaml *node)
{
    const struct abide_yaml *values[3];
    if (!abide_schema__read(reader->ctx, &abide_when__target_schema, node, values))
        return &always;
    const struct abide_when **operands =
        abide__new_array(reader->ctx, const struct abide_when *, 3);
    size_t count = 0;
    if (values[0] != NULL) {
        struct abide_when *when = new_when(reader, ABIDE_WHEN_ARCH, values[0]);
        read_words(reader, values[0], NULL, NULL, "a word", when);
        operands[count++] = when;
    }
    if (values[1] != NULL) {
        struct abide_when *when = new_when(reader, ABIDE_WHEN_OS, values[1]);
        read_words(reader, values[1], NULL, NULL, "a word", when);
        operands[count++] = when;
    }
    if (values[2] != NULL)
        operands[count++] = read_number(reader, ABIDE_WHEN_POINTER, values[2]);
    return join(reader, ABIDE_WHEN_ALL, node, operands, count);
}

/* --- predicates ------------------------------------------------------------------------------ */

static const char *nth_predicate(const void *user, size_t index)
{
    const struct abide_when_scope *scope = user;
    return index < scope->predicate_count ? scope->predicates[index].name : NULL;
}

static const struct abide_when *read_reference(const struct reader *reader,
                                               const struct abide_yaml *node)
{
    const struct abide_when_scope *scope = reader->scope;
    for (size_t i = 0; i < scope->predicate_count; i++) {
        if (strcmp(scope->predicates[i].name, node->text) == 0)
            return scope->predicates[i].when;
    }
    abide_diag *diag = abide__report(reader->ctx, ABIDE_CODE_UNKNOWN_PREDICATE, node->place,
                                     "no predicate %s is declared before this place",
                                     abide__quote(reader->ctx, node->text));
    const char *near = abide__nearest(node->text, nth_predicate, scope);
    if (near != NULL)
        abide__diag_help(reader->ctx, diag, "did you mean '%s'?", near);
    else
        abide__diag_help(reader->ctx, diag,
                         "declare it under `predicates:`, above those that use it");
    return &always;
}

/* --- the grammar ------------------------------------------------------------------------------ */

const struct abide_word abide_when__bases[] = {
    {"none", "it has no `base:`"},
    {"given", "it has a `base:`"},
    {NULL, NULL},
};

static const struct abide_when *read_base(const struct reader *reader,
                                          const struct abide_yaml *node)
{
    struct abide_when *when = new_when(reader, ABIDE_WHEN_BASE, node);
    size_t index = 0;
    if (abide_schema__word(reader->ctx, node, abide_when__bases, &index))
        when->flag = index == 1;
    return when;
}

enum form {
    FORM_NUMBERS,
    FORM_FLAG,
    FORM_FACTS,
    FORM_CONDITION, /* as the operand of another one */
    FORM_KINDS,
    FORM_BASE,
    FORM_OPTIONS,
    FORM_TARGET,
    FORM_CASES,
    FORM_MODES,
    FORM_FORMS,
    FORM_CONDITIONS
};

/* How values are written, by form. */
#define CONTENT_NUMBERS    "limits"
#define CONTENT_FLAG       "flag"
#define CONTENT_FACTS      "some"
#define CONTENT_CONDITION  "tests"
#define CONTENT_KINDS      "type_kind|[type_kind]"
#define CONTENT_BASE       "base"
#define CONTENT_OPTIONS    "{some}"
#define CONTENT_TARGET     "test_target"
#define CONTENT_CASES      "{tests}"
#define CONTENT_MODES      "mode|[mode]"
#define CONTENT_FORMS      "some"
#define CONTENT_CONDITIONS "tests"

static const struct {
    struct abide_term term;
    enum form form;
    enum abide_when_op op;
} terms[] = {
#define ABIDE_TERM(key, form, op, doc) {{key, CONTENT_##form, doc}, FORM_##form, ABIDE_WHEN_##op},
#include "spec/terms.def"
#undef ABIDE_TERM
};
#define TERM_COUNT (sizeof terms / sizeof terms[0])

static const char *nth_term(const void *user, size_t index)
{
    (void)user;
    return index < TERM_COUNT ? terms[index].term.key : NULL;
}

struct abide_term abide_when__term_at(size_t index)
{
    return index < TERM_COUNT ? terms[index].term : (struct abide_term){NULL, NULL, NULL};
}

static const struct abide_when *read_list(const struct reader *reader, enum abide_when_op op,
                                          const struct abide_yaml *node)
{
    const struct abide_when **operands =
        abide__new_array(reader->ctx, const struct abide_when *, node->entry_count);
    for (size_t i = 0; i < node->entry_count; i++)
        operands[i] = read_condition(reader, abide_yaml__at(node, i));
    return join(reader, op, node, operands, node->entry_count);
}

static const struct abide_when *read_term(const struct reader *reader,
                                          const struct abide_yaml_entry *entry)
{
    size_t index = 0;
    while (index < TERM_COUNT && strcmp(terms[index].term.key, entry->key->text) != 0)
        index++;
    if (index == TERM_COUNT) {
        abide_diag *diag =
            abide__report(reader->ctx, ABIDE_CODE_UNKNOWN_KEY, entry->key->place,
                          "no condition is called %s", abide__quote(reader->ctx, entry->key->text));
        const char *near = abide__nearest(entry->key->text, nth_term, NULL);
        if (near != NULL)
            abide__diag_help(reader->ctx, diag, "did you mean '%s'?", near);
        return &always;
    }
    enum abide_when_op op = terms[index].op;
    switch (terms[index].form) {
    case FORM_NUMBERS: return read_number(reader, op, entry->value);
    case FORM_FLAG: return read_flag(reader, op, entry->value);
    case FORM_FACTS: return read_facts(reader, op, entry->value);
    case FORM_CONDITION: return read_nested(reader, op, entry->value);
    case FORM_KINDS: return read_kinds(reader, entry->value);
    case FORM_BASE: return read_base(reader, entry->value);
    case FORM_OPTIONS: return read_options(reader, entry->value);
    case FORM_TARGET: return read_target(reader, entry->value);
    case FORM_CASES: return read_cases(reader, entry->value);
    case FORM_MODES:
    case FORM_FORMS: return read_choice(reader, op, entry->value);
    case FORM_CONDITIONS:
        if (entry->value->kind == ABIDE_YAML_SEQUENCE)
            return read_list(reader, op, entry->value);
        return read_condition(reader, entry->value);
    }
    return &always;
}

/* A name of a predicate, a mapping (all), or a list (any). */
static const struct abide_when *read_condition(const struct reader *reader,
                                               const struct abide_yaml *node)
{
    if (node->kind == ABIDE_YAML_SCALAR)
        return read_reference(reader, node);
    if (node->kind == ABIDE_YAML_SEQUENCE)
        return read_list(reader, ABIDE_WHEN_ANY, node);
    const struct abide_when **operands =
        abide__new_array(reader->ctx, const struct abide_when *, node->entry_count);
    for (size_t i = 0; i < node->entry_count; i++)
        operands[i] = read_term(reader, abide_yaml__entry(node, i));
    return join(reader, ABIDE_WHEN_ALL, node, operands, node->entry_count);
}

const struct abide_when *abide_when__read(abide_ctx *ctx, const struct abide_when_scope *scope,
                                          const struct abide_yaml *node)
{
    if (node == NULL)
        return &always;
    struct reader reader = {ctx, scope};
    return read_condition(&reader, node);
}

bool abide_when__uses(const struct abide_when *when, enum abide_when_op op)
{
    if (when->op == op)
        return true;
    for (size_t i = 0; i < when->operand_count; i++) {
        if (abide_when__uses(when->operands[i], op))
            return true;
    }
    return false;
}

/* --- comparisons ------------------------------------------------------------------------------ */

static bool compares(enum abide_bound_op op, int order)
{
    switch (op) {
    case ABIDE_BOUND_EQ: return order == 0;
    case ABIDE_BOUND_LT: return order < 0;
    case ABIDE_BOUND_LE: return order <= 0;
    case ABIDE_BOUND_GT: return order > 0;
    case ABIDE_BOUND_GE: return order >= 0;
    }
    return false;
}

bool abide_bound__holds(struct abide_bound bound, int64_t value)
{
    return compares(bound.op, (value > bound.value) - (value < bound.value));
}

bool abide_version__is_legal(const char *text)
{
    bool after_digit = false;
    for (; *text != '\0'; text++) {
        bool digit = *text >= '0' && *text <= '9';
        if (!digit && (*text != '.' || !after_digit))
            return false;
        after_digit = digit;
    }
    return after_digit;
}

/* The next number of a version; saturates. */
static uint64_t next_number(const char **text)
{
    uint64_t number = 0;
    for (; **text >= '0' && **text <= '9'; (*text)++) {
        if (number < UINT64_MAX / 10 - 1)
            number = number * 10 + (uint64_t)(**text - '0');
    }
    if (**text != '\0')
        (*text)++;
    return number;
}

int abide_version__compare(const char *left, const char *right)
{
    while (*left != '\0' || *right != '\0') {
        uint64_t a = next_number(&left);
        uint64_t b = next_number(&right);
        if (a != b)
            return a < b ? -1 : 1;
    }
    return 0;
}

bool abide_bound__version_holds(struct abide_bound bound, const char *version)
{
    return compares(bound.op, abide_version__compare(version, bound.text));
}
