/* What can be said about a module file beyond its mistakes. */
#include "base/diag.h"
#include "spec/resolve.h"
#include "spec/search.h"

#include <string.h>

static const char *const rule_lists[] = {"args_first", "args",   "returns_first",
                                         "returns",    "params", "results"};
static void lint_rules(abide_ctx *ctx, const struct abide_yaml *rules)
{
    for (size_t i = 0; i < rules->entry_count; i++) {
        const struct abide_yaml *rule = rules->entries[i].value;
        if (rule->kind == ABIDE_YAML_MAPPING && !abide_yaml__get(rule, "source"))
            abide__report(ctx, ABIDE_CODE_RULE_WITHOUT_SOURCE, rule->place,
                          "a rule without the document and clause that it follows");
    }
}

/* Loads the module for a target, for the sake of the errors. false: there were some. */
static bool try_target(abide_ctx *ctx, const char *reference, const char *target)
{
    return abide_module_load(ctx, reference, target) != NULL;
}

/* A machine module for each of its own targets; a language module for one target of each C ABI. */
static void try_targets(abide_ctx *ctx, const char *reference, const struct abide_yaml *tree)
{
    const struct abide_yaml *target = abide_yaml__get(tree, "target");
    const struct abide_yaml *triples =
        target && target->kind == ABIDE_YAML_MAPPING ? abide_yaml__get(target, "triples") : NULL;
    if (triples && triples->kind == ABIDE_YAML_MAPPING && triples->entry_count) {
        for (size_t i = 0; i < triples->entry_count; i++)
            if (!try_target(ctx, reference, triples->entries[i].key->text))
                return;
        return;
    }
    const struct abide_yaml *arch =
        target && target->kind == ABIDE_YAML_MAPPING ? abide_yaml__get(target, "arch") : NULL;
    const abide_module_info *infos;
    size_t count;
    if (!abide_module_list(ctx, &infos, &count))
        return;
    for (size_t i = 0; i < count; i++) {
        if (!infos[i].target_count)
            continue;
        const char *triple = infos[i].targets[0];
        bool is_same_arch = arch && arch->kind == ABIDE_YAML_SCALAR &&
                            strncmp(triple, arch->text, strlen(arch->text)) == 0;
        if ((!target || is_same_arch) && !try_target(ctx, reference, triple))
            return;
    }
}

static void lint(abide_ctx *ctx, const char *path)
{
    struct abide_spec_file *file = abide_search__add(ctx, path);
    if (!file || !abide_search__parse(ctx, file))
        return;
    const struct abide_yaml *tree = abide_resolve__tree(ctx, file);
    if (!tree)
        return;
    const struct abide_yaml *head = abide_yaml__get(tree, "module");
    const struct abide_yaml *is_abstract =
        head && head->kind == ABIDE_YAML_MAPPING ? abide_yaml__get(head, "abstract") : NULL;
    const char *reference = strchr(path, '/') ? path : abide__printf(ctx, "./%s", path);
    if (!is_abstract)
        try_targets(ctx, reference, tree);
    for (size_t i = 0; i < sizeof rule_lists / sizeof *rule_lists; i++) {
        const struct abide_yaml *rules = abide_yaml__get(file->tree, rule_lists[i]);
        if (rules && rules->kind == ABIDE_YAML_SEQUENCE)
            lint_rules(ctx, rules);
    }
}

void abide_module_lint(abide_ctx *ctx, const char *path)
{
    struct abide_guard guard;
    if (setjmp(*abide__guard_enter(ctx, &guard)))
        return;
    lint(ctx, path);
    abide__guard_leave(ctx, &guard);
}
