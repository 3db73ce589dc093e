/* `gather` of a module: parameters that are too many words travel in one record. */
#include "spec/language.h"

#include "base/diag.h"
#include "base/schema.h"
#include "spec/keys.h"

enum { ID, WHEN, OVER, COPY, SOURCE, GATHER_KEYS };

static const struct abide_word copies[] = {
    {"borrow", "the callee reads the record"},
    {"moved", "the callee moves values out of it"},
    {NULL, NULL},
};
static const struct abide_key gather_keys[GATHER_KEYS] = {
    [ID] = {"id", ABIDE_SHAPE_SCALAR, true, "Name of the rule, for traces.", NULL},
    [WHEN] = {"when", ABIDE_SHAPE_ANY, false, "Options and targets for which it holds.",
              ABIDE_HOLDS("tests")},
    [OVER] = {"over", ABIDE_SHAPE_SCALAR, true, "Words that parameters may be, all together.",
              ABIDE_NUMBER},
    [COPY] = {"copy", ABIDE_SHAPE_SCALAR, true,
              "borrow: the callee reads the record; moved: it moves values out of it.",
              ABIDE_WORDS(copies)},
    [SOURCE] = {"source", ABIDE_SHAPE_SCALAR, false, "Document, release and clause.", NULL}};

const struct abide_schema abide_gather__schema = {"an entry of 'gather'", gather_keys, GATHER_KEYS};

static bool read_rule(abide_ctx *ctx, const struct abide_when_scope *scope,
                      const abide_module *module, const struct abide_yaml *node,
                      struct abide_gather_rule *rule)
{
    const struct abide_yaml *values[GATHER_KEYS];
    size_t copy;
    if (!abide_schema__read(ctx, &abide_gather__schema, node, values) ||
        !abide_schema__uint(ctx, values[OVER], 1024, &rule->over_words) ||
        !abide_schema__word(ctx, values[COPY], copies, &copy))
        return false;
    rule->is_moved = copy == 1;
    rule->when = abide_when__read(ctx, scope, values[WHEN]);
    rule->origin = (struct abide_rule_origin){
        .module = module->name,
        .id = values[ID]->text,
        .source = values[SOURCE] != NULL ? values[SOURCE]->text : NULL,
        .place = node->place,
    };
    return abide_language__check_static(ctx, rule->when);
}

void abide_gather__read(abide_ctx *ctx, const struct abide_when_scope *scope,
                        const abide_module *module, const struct abide_yaml *tree,
                        struct abide_language *language)
{
    const struct abide_yaml *node = abide_yaml__get(tree, "gather");
    if (node == NULL)
        return;
    if (node->kind != ABIDE_YAML_SEQUENCE || !language->flatten.is_present) {
        abide__report(ctx, ABIDE_CODE_WRONG_SHAPE, node->place,
                      "'gather': expected a list of rules, in a module that has 'flatten'");
        return;
    }
    for (size_t i = 0; i < node->entry_count; i++) {
        struct abide_gather_rule *rule = abide__new(ctx, struct abide_gather_rule);
        bool fine = read_rule(ctx, scope, module, abide_yaml__at(node, i), rule);
        if (fine && language->gather == NULL && abide_language__holds(module, rule->when, NULL))
            language->gather = rule;
    }
}
