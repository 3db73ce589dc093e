/* What can be said about a module file beyond its mistakes. */
#include "base/diag.h"
#include "spec/cover.h"
#include "spec/keys.h"
#include "spec/machine.h"
#include "spec/resolve.h"
#include "spec/search.h"
#include "spec/target.h"

#include <string.h>

static const char *const rule_lists[] = {"args_first",   "args",   "returns_first", "returns",
                                         "params_first", "params", "results_first", "results"};
static void lint_rules(abide_ctx *ctx, const struct abide_yaml *rules)
{
    for (size_t i = 0; i < rules->entry_count; i++) {
        const struct abide_yaml *rule = abide_yaml__at(rules, i);
        if (rule->kind == ABIDE_YAML_MAPPING && !abide_yaml__get(rule, "source"))
            abide__report(ctx, ABIDE_CODE_RULE_WITHOUT_SOURCE, rule->place,
                          "a rule without the document and clause that it follows");
    }
}

/* --- rules that never decide, and values that no rule keeps --- */

static const char *id_of(abide_ctx *ctx, const struct abide_yaml *rule)
{
    const struct abide_yaml *id = abide_yaml__get(rule, "id");
    return abide__quote(ctx, id && id->kind == ABIDE_YAML_SCALAR ? id->text : "?");
}

static bool has_verb(const struct abide_yaml *rule, const char *const *verbs)
{
    const struct abide_yaml *pass = abide_yaml__get(rule, "pass");
    for (; pass && pass->kind == ABIDE_YAML_SCALAR && *verbs; verbs++)
        if (strcmp(pass->text, *verbs) == 0)
            return true;
    return false;
}

/* Whether a rule does the same as another one, whatever they are for. */
static bool does_the_same(const struct abide_yaml *a, const struct abide_yaml *b)
{
    static const char *const about[] = {"id", "when", "source"};
    size_t said_by_a = 0, said_by_b = 0;
    for (size_t i = 0; i < a->entry_count; i++) {
        const char *key = abide_yaml__key_at(a, i)->text;
        bool is_about = false;
        for (size_t j = 0; j < sizeof about / sizeof *about; j++)
            is_about = is_about || strcmp(key, about[j]) == 0;
        const struct abide_yaml *other = is_about ? NULL : abide_yaml__get(b, key);
        if (!is_about && (!other || !abide_cover__same(abide_yaml__at(a, i), other)))
            return false;
        said_by_a += !is_about;
    }
    for (size_t i = 0; i < b->entry_count; i++)
        for (size_t j = 0; j < sizeof about / sizeof *about; j++)
            said_by_b += strcmp(abide_yaml__key_at(b, i)->text, about[j]) == 0;
    return said_by_a == b->entry_count - said_by_b;
}

/* Rules of languages always fit what they are for; of the verbs of machines these do. */
static bool leaves_nothing(const struct abide_yaml *rule, const struct abide_yaml *later,
                           bool is_language)
{
    static const char *const always[] = {"ignore", "stack", "pointer", "hidden", NULL};
    bool waits = abide_yaml__get(rule, "turn"); /* until no register may be left */
    return is_language || (has_verb(rule, always) && !waits) || does_the_same(rule, later);
}

static void check_covered(abide_ctx *ctx, const struct abide_yaml *tree,
                          const struct abide_yaml *rules, bool is_language,
                          const struct abide_source *own)
{
    const struct abide_yaml *predicates = abide_yaml__get(tree, "predicates");
    for (size_t late = 1; late < rules->entry_count; late++)
        for (size_t early = 0; early < late; early++) {
            const struct abide_yaml *first = abide_yaml__at(rules, early);
            const struct abide_yaml *second = abide_yaml__at(rules, late);
            const struct abide_yaml *narrow = abide_yaml__get(second, "when");
            const struct abide_yaml *wide = abide_yaml__get(first, "when");
            bool is_own = first->place.source == own || second->place.source == own;
            if (!is_own || !wide || !leaves_nothing(first, second, is_language) ||
                !abide_cover__implies(predicates, narrow, wide))
                continue;
            abide_diag *diag =
                abide__report(ctx, ABIDE_CODE_COVERED_RULE, second->place,
                              "rule %s never decides: an earlier one takes all that it is for",
                              id_of(ctx, second));
            abide__diag_note(ctx, diag, first->place, "rule %s", id_of(ctx, first));
            break;
        }
}

/* `ignore` is for what has no content: no leaves, or no bytes. */
static const struct abide_yaml *nothing(abide_ctx *ctx)
{
    static const char *const keys[] = {"empty", "size"}, *const values[] = {"true", "0"};
    static const struct abide_yaml list = {.kind = ABIDE_YAML_SEQUENCE};
    static const struct abide_yaml mapping = {.kind = ABIDE_YAML_MAPPING};
    struct abide_yaml *either = abide_yaml__new_like(ctx, &list, 2);
    for (size_t i = 0; i < 2; i++) {
        struct abide_yaml *words = abide__new_array(ctx, struct abide_yaml, 2);
        words[0].text = keys[i];
        words[1].text = values[i];
        struct abide_yaml *condition = abide_yaml__new_like(ctx, &mapping, 1);
        abide_yaml__add(condition, &words[0], &words[1]);
        abide_yaml__add(either, NULL, condition);
    }
    return either;
}

static void check_dropped(abide_ctx *ctx, const struct abide_yaml *tree,
                          const struct abide_yaml *rules)
{
    static const char *const ignore[] = {"ignore", NULL};
    const struct abide_yaml *predicates = abide_yaml__get(tree, "predicates");
    const struct abide_yaml *empty = nothing(ctx);
    for (size_t i = 0; i < rules->entry_count; i++) {
        const struct abide_yaml *rule = abide_yaml__at(rules, i);
        const struct abide_yaml *when = abide_yaml__get(rule, "when");
        if (has_verb(rule, ignore) && !abide_cover__implies(predicates, when, empty))
            abide__report(ctx, ABIDE_CODE_DROPPED_VALUE, rule->place,
                          "rule %s passes nothing, also of values with content", id_of(ctx, rule));
    }
}

/* All rules that the module has; of those that it takes over only what it makes of them with its `own`. */
static void lint_lists(abide_ctx *ctx, const struct abide_yaml *tree,
                       const struct abide_source *own)
{
    static const char *const machine[] = {"args", "returns"}, *const language[] = {"params",
                                                                                   "results"};
    for (size_t i = 0; i < 2; i++) {
        const struct abide_yaml *rules = abide_yaml__get(tree, machine[i]);
        if (rules && rules->kind == ABIDE_YAML_SEQUENCE) {
            check_covered(ctx, tree, rules, false, own);
            check_dropped(ctx, tree, rules);
        }
        rules = abide_yaml__get(tree, language[i]);
        if (rules && rules->kind == ABIDE_YAML_SEQUENCE)
            check_covered(ctx, tree, rules, true, own);
    }
    const struct abide_yaml *params = abide_yaml__get(tree, "params");
    const struct abide_yaml *lowers_to = abide_yaml__get(tree, "lowers_to");
    if (lowers_to && params && !abide_yaml__get(tree, "results"))
        abide__report(ctx, ABIDE_CODE_MISSING_RESULT_RULES, params->place,
                      "there are rules for parameters, and none for results");
}

/* --- registers with two purposes --- */

static bool bank_has(const struct abide_bank *bank, const char *name)
{
    for (size_t i = 0; name && i < bank->register_count; i++)
        if (strcmp(bank->registers[i], name) == 0)
            return true;
    return false;
}

static void report_shared(abide_ctx *ctx, const struct abide_bank *bank, const char *name,
                          const char *purpose)
{
    abide__report(ctx, ABIDE_CODE_SHARED_REGISTER, bank->place,
                  "register '%s' of bank '%s' is also %s", name, bank->name, purpose);
}

/* Banks of which one continues in the other, or that are counted together, are one sequence. */
static bool are_linked(const struct abide_bank *a, const struct abide_bank *b)
{
    return a->overflow == b || b->overflow == a || a->counted_in == b->counted_in;
}

static void check_bank_pair(abide_ctx *ctx, const struct abide_bank *bank,
                            const struct abide_bank *earlier)
{
    for (size_t i = 0; i < bank->register_count && !are_linked(bank, earlier); i++)
        if (bank_has(earlier, bank->registers[i])) {
            report_shared(ctx, bank, bank->registers[i],
                          abide__printf(ctx, "in bank '%s'", earlier->name));
            return;
        }
}

static bool needs_no_result(const struct abide_condition *when)
{
    if (!when || when->test == ABIDE_TEST_NO_RESULT)
        return when && when->flag;
    bool needs = false;
    for (size_t i = 0; when->test == ABIDE_TEST_ALL && i < when->part_count; i++)
        needs = needs || needs_no_result(when->parts[i]);
    return needs;
}

/* Whether only calls without a result use the bank, which so have no address of one. */
static bool is_without_result(const abide_module *module, size_t bank)
{
    const struct abide_rule_list *args = &abide_module__rules(module)->args;
    bool is_used = false;
    for (size_t i = 0; i < args->count; i++) {
        if (args->items[i].bank != bank)
            continue;
        is_used = true;
        if (!needs_no_result(args->items[i].when))
            return false;
    }
    return is_used;
}

static void check_purposes(abide_ctx *ctx, const abide_module *module, size_t index)
{
    const struct abide_bank *bank = module->banks[index];
    for (size_t i = 0; i < module->scratch_count; i++)
        if (bank_has(bank, module->scratch[i]))
            report_shared(ctx, bank, module->scratch[i], "one that adapters may destroy");
    if (bank_has(bank, module->static_chain_register))
        report_shared(ctx, bank, module->static_chain_register, "that of a function's environment");
    const struct abide_rule_list *returns = &abide_module__rules(module)->returns;
    for (size_t i = 0; i < returns->count && !is_without_result(module, index); i++)
        if (bank_has(bank, returns->items[i].hidden_register)) {
            report_shared(ctx, bank, returns->items[i].hidden_register,
                          "where the address of results goes");
            return;
        }
}

static bool is_of_results(const abide_module *module, const char *name)
{
    for (size_t i = 0; i < module->return_bank_count; i++)
        if (bank_has(module->return_banks[i], name))
            return true;
    return false;
}

/*
 * No adapter may destroy what callees preserve. That a result comes in such a register, where there is one, is the way of some
 * conventions, and a slip in others.
 */
static void check_preserved(abide_ctx *ctx, const abide_module *module, struct abide_place place)
{
    const char *result = NULL;
    for (size_t i = 0; i < module->preserved_count; i++) {
        const char *name = module->preserved[i];
        for (size_t j = 0; j < module->scratch_count; j++)
            if (strcmp(module->scratch[j], name) == 0)
                abide__report(ctx, ABIDE_CODE_SHARED_REGISTER, place,
                              "register '%s' is preserved, and one that adapters may destroy",
                              name);
        if (!result && is_of_results(module, name))
            result = name;
    }
    if (result)
        abide__report(ctx, ABIDE_CODE_PRESERVED_RESULT, place,
                      "results come in registers that are preserved where there is none: '%s'",
                      result);
}

static void lint_registers(abide_ctx *ctx, const abide_module *module,
                           const struct abide_yaml *tree)
{
    const struct abide_yaml *preserved = abide_yaml__get(tree, "preserved");
    if (preserved)
        check_preserved(ctx, module, preserved->place);
    for (size_t i = 0; i < module->bank_count; i++) {
        for (size_t j = 0; j < i && !module->stack.is_block; j++)
            check_bank_pair(ctx, module->banks[i], module->banks[j]);
        check_purposes(ctx, module, i);
    }
}

/* --- targets --- */

/* Loads the module for a target, for the sake of the errors. false: there were some. */
static bool try_target(abide_ctx *ctx, const char *reference, const char *target,
                       const abide_module **first)
{
    const abide_module *module = abide_module_load(ctx, reference, target);
    *first = *first ? *first : module;
    return module != NULL;
}

/* A machine module for each of its own targets; a language module for one target of each C ABI. `first`: what was loaded. */
static void try_targets(abide_ctx *ctx, const char *reference, const struct abide_yaml *tree,
                        const abide_module **first)
{
    const struct abide_yaml *target = abide_yaml__get(tree, "target");
    const struct abide_yaml *triples =
        target && target->kind == ABIDE_YAML_MAPPING ? abide_yaml__get(target, "triples") : NULL;
    if (triples && triples->kind == ABIDE_YAML_MAPPING && triples->entry_count) {
        for (size_t i = 0; i < triples->entry_count; i++)
            if (!try_target(ctx, reference, abide_yaml__key_at(triples, i)->text, first))
                return;
        return;
    }
    const struct abide_yaml *arch =
        target && target->kind == ABIDE_YAML_MAPPING ? abide_yaml__get(target, "arch") : NULL;
    const struct abide_yaml **values =
        abide__new_array(ctx, const struct abide_yaml *, abide_target__schema.key_count);
    if (target && !arch && !abide_schema__read(ctx, &abide_target__schema, target, values))
        return; /* there is no triple for what does not say its architecture */
    const abide_module_info *infos;
    size_t count;
    if (!abide_module_list(ctx, &infos, &count))
        return;
    for (size_t i = 0; i < count; i++) {
        if (!infos[i].target_count)
            continue;
        const char *triple = infos[i].targets[0];
        size_t arch_bytes = strcspn(triple, "-");
        bool is_same_arch =
            arch && arch->kind == ABIDE_YAML_SCALAR && strlen(arch->text) == arch_bytes &&
            strncmp(triple, arch->text, arch_bytes) == 0 && abide_target__admits(target, triple);
        if ((!target || is_same_arch) && !try_target(ctx, reference, triple, first))
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
    const abide_module *module = NULL;
    size_t errors = abide__error_count(ctx);
    if (!is_abstract)
        try_targets(ctx, reference, tree, &module);
    if (errors == abide__error_count(ctx))
        lint_lists(ctx, tree, file->source);
    if (module && !module->is_language)
        lint_registers(ctx, module, tree);
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
