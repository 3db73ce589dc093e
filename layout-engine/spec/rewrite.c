/* How signatures are rewritten: `params`, `results`, `out`, `order` of a module. */
#include "spec/language.h"

#include "base/diag.h"
#include "base/schema.h"
#include "spec/keys.h"

#include <string.h>

enum { ID, WHEN, PASS, COPY, TO, RETURNS, ERRORS, SOURCE, RULE_KEYS };

/* In the order of enum abide_rewrite. */
static const struct abide_word pass_words[] = {
    {"ignore", "nothing is passed"},
    {"value", "what represents it"},
    {"pointer", "a pointer to what represents it"},
    {"spread", "of a parameter: each member of what represents it is a parameter"},
    {"out", "of a result: through a pointer that the caller passes"},
    {"flat", "the words of its flat form"},
    {"status", "of a `result`: a status is returned, the value goes through a pointer"},
    {NULL, NULL},
};
static const struct abide_word copy_words[] = {
    {"caller", "to a private copy"},
    {"borrow", "to the caller's own object, which is not written"},
    {"moved", "it is given away; of a result, memory of its own"},
    {NULL, NULL},
};
static const struct abide_word to_words[] = {
    {"element", "the pointer has the type of the array's element"},
    {NULL, NULL},
};
static const struct abide_word returns_words[] = {
    {"tag", "with `out`: the tag of the value"},
    {NULL, NULL},
};

static const struct abide_key rule_keys[RULE_KEYS] = {
    [ID] = {"id", ABIDE_SHAPE_SCALAR, true, "Name of the rule, for --trace and tests.", NULL},
    [WHEN] = {"when", ABIDE_SHAPE_ANY, false, "Condition; without one the rule always applies.",
              ABIDE_HOLDS("tests")},
    [PASS] = {"pass", ABIDE_SHAPE_SCALAR, true, "What happens to the value.",
              ABIDE_WORDS(pass_words)},
    [COPY] = {"copy", ABIDE_SHAPE_SCALAR, false,
              "Of a pointer: `caller` (a private copy), `borrow` (the caller's own object, not "
              "to be written), `moved` (given away; of a result, memory of its own).",
              ABIDE_WORDS(copy_words)},
    [TO] = {"to", ABIDE_SHAPE_SCALAR, false,
            "`element`: the pointer has the type of the array's element.", ABIDE_WORDS(to_words)},
    [RETURNS] =
        {"returns", ABIDE_SHAPE_SCALAR, false,
         "Besides: with `out` the `tag` of the value; with `status` the type of the status.",
         ABIDE_WORDS_IN(returns_words, "word|integer_name")},
    [ERRORS] = {"errors", ABIDE_SHAPE_SCALAR, false,
                "With `status`, instead of `returns`: how failures are told, a word of `errors`.",
                NULL},
    [SOURCE] = {"source", ABIDE_SHAPE_SCALAR, false, "Document, release and clause.", NULL},
};

struct list {
    const char *key;
    const char *what;
    bool is_results;
};

/* A rule for parameters or for results, whose texts for errors differ. */
const struct abide_schema abide_rewrite__schema = {"a rule", rule_keys, RULE_KEYS};

static bool is_possible(const struct list *list, enum abide_rewrite pass)
{
    if (list->is_results)
        return pass != ABIDE_REWRITE_SPREAD;
    return pass != ABIDE_REWRITE_OUT && pass != ABIDE_REWRITE_STATUS;
}

static bool check_rule(abide_ctx *ctx, const struct list *list, const struct abide_yaml **values,
                       const struct abide_rewrite_rule *rule)
{
    if (!is_possible(list, rule->pass)) {
        abide__report(ctx, ABIDE_CODE_BAD_RULE, values[PASS]->place, "%s cannot be passed '%s'",
                      list->is_results ? "a result" : "a parameter", pass_words[rule->pass].name);
        return false;
    }
    bool is_pointer = rule->pass == ABIDE_REWRITE_POINTER;
    if (values[ERRORS] != NULL && rule->pass != ABIDE_REWRITE_STATUS) {
        abide__report(ctx, ABIDE_CODE_BAD_RULE, values[ERRORS]->place,
                      "'errors' belongs to 'status', not to '%s'", pass_words[rule->pass].name);
        return false;
    }
    if (values[COPY] != NULL && !is_pointer) {
        abide__report(ctx, ABIDE_CODE_BAD_RULE, values[COPY]->place,
                      "'copy' says whose memory a pointer names; this rule passes no pointer");
        return false;
    }
    if (values[TO] != NULL && !is_pointer && rule->pass != ABIDE_REWRITE_OUT) {
        abide__report(ctx, ABIDE_CODE_BAD_RULE, values[TO]->place,
                      "'to' says what a pointer points to; this rule passes no pointer");
        return false;
    }
    return true;
}

static const char *nth_scalar(const void *user, size_t index)
{
    (void)user;
    return index < ABIDE_SCALAR_COUNT ? abide__scalars[index].name : NULL;
}

/* `returns: tag` of a rule that passes `out`, `returns: c_int` of one that passes `status`. */
static bool read_returns(abide_ctx *ctx, const struct abide_yaml **values,
                         struct abide_rewrite_rule *rule)
{
    const struct abide_yaml *node = values[RETURNS];
    size_t word;
    if (rule->pass == ABIDE_REWRITE_OUT) {
        rule->returns_tag = node != NULL && abide_schema__word(ctx, node, returns_words, &word);
        return node == NULL || rule->returns_tag;
    }
    if (rule->pass != ABIDE_REWRITE_STATUS) {
        if (node != NULL)
            abide__report(ctx, ABIDE_CODE_BAD_RULE, node->place,
                          "'returns' belongs to 'out' and 'status', not to '%s'",
                          pass_words[rule->pass].name);
        return node == NULL;
    }
    if (values[ERRORS] != NULL) {
        rule->errors = values[ERRORS]->text;
        if (node != NULL)
            abide__report(ctx, ABIDE_CODE_BAD_RULE, node->place,
                          "with 'errors' the rule of that name says what is returned");
        return node == NULL;
    }
    if (node == NULL) {
        abide_diag *diag = abide__report(ctx, ABIDE_CODE_BAD_RULE, values[PASS]->place,
                                         "'status' needs the type that is returned");
        abide__diag_help(ctx, diag, "add `returns: c_int`");
        return false;
    }
    for (unsigned i = 0; i < ABIDE_SCALAR_COUNT; i++) {
        if (strcmp(abide__scalars[i].name, node->text) != 0)
            continue;
        rule->status = (enum abide_scalar)i;
        if (abide__scalars[i].group != ABIDE_GROUP_FLOAT)
            return true;
    }
    abide_diag *diag = abide__report(ctx, ABIDE_CODE_BAD_RULE, node->place, "%s is no integer type",
                                     abide__quote(ctx, node->text));
    const char *near = abide__nearest(node->text, nth_scalar, NULL);
    if (near != NULL && strcmp(near, node->text) != 0)
        abide__diag_help(ctx, diag, "did you mean '%s'?", near);
    return false;
}

static bool read_rule(abide_ctx *ctx, const struct abide_when_scope *scope,
                      const abide_module *module, const struct list *list,
                      const struct abide_yaml *node, struct abide_rewrite_rule *rule)
{
    const struct abide_schema schema = {list->what, rule_keys, RULE_KEYS};
    const struct abide_yaml *values[RULE_KEYS];
    size_t pass, copy = ABIDE_COPY_WORD_BORROW, to;
    if (!abide_schema__read(ctx, &schema, node, values))
        return false;
    rule->when = abide_when__read(ctx, scope, values[WHEN]);
    if (!abide_schema__word(ctx, values[PASS], pass_words, &pass))
        return false;
    if (values[COPY] != NULL && !abide_schema__word(ctx, values[COPY], copy_words, &copy))
        return false;
    if (values[TO] != NULL && !abide_schema__word(ctx, values[TO], to_words, &to))
        return false;
    rule->pass = (enum abide_rewrite)pass;
    rule->copy = (enum abide_copy_word)copy;
    rule->to_element = values[TO] != NULL;
    rule->origin.module = module->name;
    rule->origin.id = values[ID]->text;
    rule->origin.source = values[SOURCE] != NULL ? values[SOURCE]->text : NULL;
    rule->origin.place = node->place;
    return check_rule(ctx, list, values, rule) && read_returns(ctx, values, rule);
}

/* First match wins, so one that always applies must be the last, and there must be one. */
static void check_ends(abide_ctx *ctx, const struct list *list, const struct abide_yaml *node,
                       const struct abide_rewrite_rule *rules, size_t count)
{
    for (size_t i = 0; i + 1 < count; i++) {
        if (rules[i].when->op != ABIDE_WHEN_ALWAYS)
            continue;
        abide_diag *diag = abide__report(ctx, ABIDE_CODE_BAD_RULE, rules[i + 1].origin.place,
                                         "this rule is never reached");
        abide__diag_note(ctx, diag, rules[i].origin.place, "this one always applies");
        return;
    }
    if (count > 0 && rules[count - 1].when->op == ABIDE_WHEN_ALWAYS)
        return;
    abide_diag *diag = abide__report(ctx, ABIDE_CODE_BAD_RULE, node->place,
                                     "the last rule of '%s' must apply always", list->key);
    abide__diag_help(ctx, diag, "add - {id: value, pass: value} at the end");
}

static const struct abide_rewrite_rule *default_rule(abide_ctx *ctx, const abide_module *module)
{
    struct abide_rewrite_rule *rule = abide__new(ctx, struct abide_rewrite_rule);
    rule->when = abide_when__read(ctx, NULL, NULL);
    rule->pass = ABIDE_REWRITE_VALUE;
    rule->origin.module = module->name;
    rule->origin.id = "value";
    rule->origin.place = module->place;
    return rule;
}

static const struct abide_rewrite_rule *
read_rules(abide_ctx *ctx, const struct abide_when_scope *scope, const abide_module *module,
           const struct abide_yaml *tree, const struct list *list, size_t *count)
{
    const struct abide_yaml *node = abide_yaml__get(tree, list->key);
    *count = 1;
    if (node == NULL)
        return default_rule(ctx, module);
    if (node->kind != ABIDE_YAML_SEQUENCE) {
        abide__report(ctx, ABIDE_CODE_WRONG_SHAPE, node->place, "'%s': expected a list of rules",
                      list->key);
        return default_rule(ctx, module);
    }
    struct abide_rewrite_rule *rules =
        abide__new_array(ctx, struct abide_rewrite_rule, node->entry_count);
    bool fine = true;
    for (size_t i = 0; i < node->entry_count; i++)
        fine = read_rule(ctx, scope, module, list, abide_yaml__at(node, i), &rules[i]) && fine;
    if (fine)
        check_ends(ctx, list, node, rules, node->entry_count);
    *count = node->entry_count;
    return rules;
}

/* What is passed in words needs to know them; so does a tag that is returned. */
static void check_flatten(abide_ctx *ctx, const struct abide_language *language,
                          const struct abide_rewrite_rule *rules, size_t count)
{
    for (size_t i = 0; i < count && !language->flatten.is_present; i++) {
        const struct abide_rewrite_rule *rule = &rules[i];
        bool tests = rule->when != NULL && abide_when__uses(rule->when, ABIDE_WHEN_FLAT);
        if (rule->pass != ABIDE_REWRITE_FLAT && !rule->returns_tag && !tests)
            continue;
        abide_diag *diag = abide__report(ctx, ABIDE_CODE_BAD_RULE, rule->origin.place,
                                         "this module does not say what flat forms are");
        abide__diag_help(ctx, diag, "add the key `flatten`, such as `flatten: {tag: u32}`");
        return;
    }
}

static const struct abide_key out_keys[] = {
    {"name", ABIDE_SHAPE_SCALAR, false, "Name of the parameter in prototypes.", NULL},
    {"zeroed", ABIDE_SHAPE_SCALAR, false,
     "Whether the caller hands over zeroed memory; what its runtime made behind an `out` "
     "parameter is dropped.",
     ABIDE_FLAG},
    {"exclusive", ABIDE_SHAPE_SCALAR, false,
     "Whether nothing else points to the memory until the call returns, so that it may be "
     "written early.",
     ABIDE_FLAG},
    {"callee_reads", ABIDE_SHAPE_ANY, false,
     "Types of which the callee may read the old contents, to release them.", ABIDE_HOLDS("tests")},
    {"source", ABIDE_SHAPE_SCALAR, false, "Document, release and clause.", NULL}};
const struct abide_schema abide_rewrite__out_schema = {"'out' of a module", out_keys, 5};

/* out: {name: Result, zeroed: true, exclusive: false, callee_reads: {when}} */
static void read_out(abide_ctx *ctx, const struct abide_when_scope *scope,
                     const struct abide_yaml *tree, struct abide_out *out)
{
    const struct abide_yaml *node = abide_yaml__get(tree, "out");
    const struct abide_yaml *values[5];
    out->name = "result";
    if (node == NULL || !abide_schema__read(ctx, &abide_rewrite__out_schema, node, values))
        return;
    if (values[0] != NULL)
        out->name = values[0]->text;
    if (values[1] != NULL)
        abide_schema__bool(ctx, values[1], &out->zeroed);
    if (values[2] != NULL)
        abide_schema__bool(ctx, values[2], &out->exclusive);
    if (values[3] != NULL)
        out->callee_reads = abide_when__read(ctx, scope, values[3]);
}

/* after_return: cabi_post_$f */
static void read_after_return(abide_ctx *ctx, const struct abide_yaml *tree,
                              struct abide_language *language)
{
    const struct abide_yaml *node = abide_yaml__get(tree, "after_return");
    if (node == NULL)
        return;
    if (node->kind == ABIDE_YAML_SCALAR && strstr(node->text, "$f") != NULL) {
        language->after_return = node->text;
        return;
    }
    abide_diag *diag = abide__report(ctx, ABIDE_CODE_BAD_VALUE, node->place,
                                     "'after_return': expected a symbol with the function's, $f");
    abide__diag_help(ctx, diag, "write such as `after_return: release_$f`");
}

const struct abide_word abide_rewrite__groups[] = {
    {"self", "the receiver"},
    {"params", "the parameters of the signature"},
    {"out", "the pointer to memory for the result"},
    {"env", "a closure's environment"},
    {"variadic", "the extra arguments of a described call: always the last"},
    {NULL, NULL},
};

/* order: [self, params, out, env, variadic]; what is not named comes after, in this order. */
static void read_order(abide_ctx *ctx, const struct abide_yaml *tree,
                       struct abide_language *language)
{
    static const abide_role roles[] = {ABIDE_ROLE_SELF, ABIDE_ROLE_VALUE, ABIDE_ROLE_OUT,
                                       ABIDE_ROLE_ENV};
    bool used[5] = {false};
    const struct abide_yaml *node = abide_yaml__get(tree, "order");
    if (node != NULL && node->kind != ABIDE_YAML_SEQUENCE) {
        abide__report(ctx, ABIDE_CODE_WRONG_SHAPE, node->place,
                      "'order': expected a list such as [params, out, env, variadic]");
        return;
    }
    for (size_t i = 0; node != NULL && i < node->entry_count; i++) {
        const struct abide_yaml *item = abide_yaml__at(node, i);
        size_t word;
        if (!abide_schema__word(ctx, item, abide_rewrite__groups, &word))
            return;
        if (used[word] || used[4]) {
            abide__report(ctx, ABIDE_CODE_BAD_VALUE, item->place,
                          used[word] ? "this group stands twice"
                                     : "'variadic' arguments are always the last");
            return;
        }
        used[word] = true;
        if (word < 4)
            language->order[language->order_count++] = roles[word];
    }
    for (size_t word = 0; word < 4; word++) {
        if (!used[word])
            language->order[language->order_count++] = roles[word];
    }
}

void abide_rewrite__read(abide_ctx *ctx, const struct abide_when_scope *scope,
                         const abide_module *module, const struct abide_yaml *tree,
                         struct abide_language *language)
{
    static const struct list params = {"params", "a rule for parameters", false};
    static const struct list results = {"results", "a rule for results", true};
    language->params = read_rules(ctx, scope, module, tree, &params, &language->param_count);
    language->results = read_rules(ctx, scope, module, tree, &results, &language->result_count);
    check_flatten(ctx, language, language->params, language->param_count);
    check_flatten(ctx, language, language->results, language->result_count);
    read_out(ctx, scope, tree, &language->out);
    read_after_return(ctx, tree, language);
    read_order(ctx, tree, language);
}
