/*
 * Merges a module with the one it extends: mappings merge deeply, lists are replaced, null deletes, `args_first`,
 * `returns_first`, `params_first`, `results_first` and `deviations_first` stand before what is taken over.
 */
#include "spec/resolve.h"

#include "base/diag.h"

#include <string.h>

/* A module in the middle of being resolved, for chains that lead back. */
struct chain {
    const struct abide_spec_file *file;
    const struct chain *outer;
    size_t depth;
};

/* Keys that say what one module is, and so are not taken over. */
static const char *const own_identity[] = {"name", "version", "extends",    "abstract",
                                           "of",   "source",  "convention", "summary"};
static const char *const own_target[] = {"triples"};

static const struct abide_yaml_entry *find_entry(const struct abide_yaml *mapping, const char *key)
{
    for (size_t i = 0; i < mapping->entry_count; i++)
        if (abide_yaml__key_at(mapping, i)->text == key) /* both interned */
            return abide_yaml__entry(mapping, i);
    return NULL;
}

static const struct abide_yaml *merge(abide_ctx *ctx, const struct abide_yaml *base,
                                      const struct abide_yaml *over)
{
    if (base->kind != ABIDE_YAML_MAPPING || over->kind != ABIDE_YAML_MAPPING)
        return over;
    struct abide_yaml *merged =
        abide_yaml__new_like(ctx, over, base->entry_count + over->entry_count);
    for (size_t i = 0; i < base->entry_count; i++) {
        const struct abide_yaml_entry *mine = abide_yaml__entry(base, i);
        const struct abide_yaml_entry *other = find_entry(over, mine->key->text);
        if (!other)
            abide_yaml__add(merged, mine->key, mine->value);
        else if (!other->value->null)
            abide_yaml__add(merged, other->key, merge(ctx, mine->value, other->value));
    }
    for (size_t i = 0; i < over->entry_count; i++)
        if (!find_entry(base, abide_yaml__key_at(over, i)->text))
            abide_yaml__add(merged, abide_yaml__key_at(over, i), abide_yaml__at(over, i));
    return merged;
}

static bool is_one_of(const char *key, const char *const *words, size_t count)
{
    for (size_t i = 0; i < count; i++)
        if (strcmp(words[i], key) == 0)
            return true;
    return false;
}

static const struct abide_yaml *without(abide_ctx *ctx, const struct abide_yaml *mapping,
                                        const char *const *words, size_t count)
{
    if (mapping->kind != ABIDE_YAML_MAPPING)
        return mapping;
    struct abide_yaml *rest = abide_yaml__new_like(ctx, mapping, mapping->entry_count);
    for (size_t i = 0; i < mapping->entry_count; i++)
        if (!is_one_of(abide_yaml__key_at(mapping, i)->text, words, count))
            abide_yaml__add(rest, abide_yaml__key_at(mapping, i), abide_yaml__at(mapping, i));
    return rest;
}

/* What is left of a module for those that extend it. */
static const struct abide_yaml *inheritable(abide_ctx *ctx, const struct abide_yaml *tree)
{
    struct abide_yaml *base = abide_yaml__new_like(ctx, tree, tree->entry_count);
    for (size_t i = 0; i < tree->entry_count; i++) {
        const struct abide_yaml *key = abide_yaml__key_at(tree, i);
        const struct abide_yaml *value = abide_yaml__at(tree, i);
        if (strcmp(key->text, "module") == 0)
            value = without(ctx, value, own_identity, sizeof own_identity / sizeof *own_identity);
        else if (strcmp(key->text, "target") == 0)
            value = without(ctx, value, own_target, sizeof own_target / sizeof *own_target);
        if (strcmp(key->text, "vectors") != 0) /* answers of that module alone */
            abide_yaml__add(base, key, value);
    }
    return base;
}

/* `first` and then `rest`, either of which may be missing. */
static const struct abide_yaml *concatenate(abide_ctx *ctx, const struct abide_yaml *first,
                                            const struct abide_yaml *rest)
{
    if (first->kind != ABIDE_YAML_SEQUENCE || (rest && rest->kind != ABIDE_YAML_SEQUENCE))
        return rest ? rest : first; /* reported, or by the schema of the module */
    struct abide_yaml *list =
        abide_yaml__new_like(ctx, first, first->entry_count + (rest ? rest->entry_count : 0));
    for (size_t i = 0; i < first->entry_count; i++)
        abide_yaml__add(list, NULL, abide_yaml__at(first, i));
    for (size_t i = 0; rest && i < rest->entry_count; i++)
        abide_yaml__add(list, NULL, abide_yaml__at(rest, i));
    return list;
}

/* Puts the rules of `KEY_first` before those of KEY. */
static const struct abide_yaml *prepend(abide_ctx *ctx, const struct abide_yaml *tree,
                                        const char *key)
{
    const char *first_key = abide__intern_text(ctx, abide__printf(ctx, "%s_first", key));
    const struct abide_yaml_entry *first = find_entry(tree, first_key);
    if (!first)
        return tree;
    if (first->value->kind != ABIDE_YAML_SEQUENCE && !first->value->null)
        abide__report(ctx, ABIDE_CODE_WRONG_SHAPE, first->value->place,
                      "'%s' of a module: expected a list", first_key);
    const struct abide_yaml_entry *rest = find_entry(tree, abide__intern_text(ctx, key));
    struct abide_yaml *result = abide_yaml__new_like(ctx, tree, tree->entry_count + 1);
    for (size_t i = 0; i < tree->entry_count; i++) {
        const struct abide_yaml_entry *entry = abide_yaml__entry(tree, i);
        if (entry == first)
            continue;
        abide_yaml__add(result, entry->key,
                        entry == rest ? concatenate(ctx, first->value, rest->value) : entry->value);
    }
    if (!rest)
        abide__report(ctx, ABIDE_CODE_MISSING_KEY, first->key->place,
                      "there are no rules of `%s` to stand before", key);
    return result;
}

static const struct abide_yaml *prepend_all(abide_ctx *ctx, const struct abide_yaml *tree)
{
    static const char *const lists[] = {"args", "returns", "params", "results", "deviations"};
    for (size_t i = 0; i < sizeof lists / sizeof *lists; i++)
        tree = prepend(ctx, tree, lists[i]);
    return tree;
}

/* No mapping is so large that merging takes long. */
static bool check_sizes(abide_ctx *ctx, const struct abide_yaml *node)
{
    if (node->kind == ABIDE_YAML_SCALAR)
        return true;
    if (node->entry_count > ABIDE_MODULE_MAX_KEYS) {
        abide__report(ctx, ABIDE_CODE_YAML_TOO_LARGE, node->place, "more than %d entries",
                      ABIDE_MODULE_MAX_KEYS);
        return false;
    }
    for (size_t i = 0; i < node->entry_count; i++)
        if (!check_sizes(ctx, abide_yaml__at(node, i)))
            return false;
    return true;
}

static const struct abide_yaml *resolve(abide_ctx *ctx, struct abide_spec_file *file,
                                        const struct chain *outer);

static bool report_cycle(abide_ctx *ctx, const struct chain *chain, struct abide_place place)
{
    abide__report(ctx, ABIDE_CODE_EXTENDS_CYCLE, place, "module '%s' extends itself",
                  chain->file->name);
    return false;
}

static bool may_extend(abide_ctx *ctx, const struct chain *chain,
                       const struct abide_spec_file *file, const struct abide_yaml *extends)
{
    for (const struct chain *link = chain; link; link = link->outer)
        if (link->file == file)
            return report_cycle(ctx, link, extends->place);
    if (chain->depth < ABIDE_EXTENDS_MAX_DEPTH)
        return true;
    abide__report(ctx, ABIDE_CODE_EXTENDS_CYCLE, extends->place,
                  "modules extend each other more than %d deep", ABIDE_EXTENDS_MAX_DEPTH);
    return false;
}

/* The module that `extends` names. NULL: reported. */
static const struct abide_spec_file *resolve_base(abide_ctx *ctx, const struct chain *chain,
                                                  const struct abide_yaml *extends)
{
    if (extends->kind != ABIDE_YAML_SCALAR) {
        abide__report(ctx, ABIDE_CODE_WRONG_SHAPE, extends->place,
                      "expected one module, such as name@1");
        return NULL;
    }
    struct abide_reference reference;
    if (!abide_reference__parse(ctx, extends->text, extends->place, &reference))
        return NULL;
    if (!reference.name || reference.convention || reference.option_count) {
        abide__report(ctx, ABIDE_CODE_BAD_REFERENCE, extends->place,
                      "a module extends another one by name and version, such as name@1");
        return NULL;
    }
    struct abide_spec_file *file =
        abide_search__find(ctx, reference.name, reference.version, extends->place);
    if (!file || !may_extend(ctx, chain, file, extends))
        return NULL;
    return resolve(ctx, file, chain) ? file : NULL;
}

static const struct abide_yaml *resolve(abide_ctx *ctx, struct abide_spec_file *file,
                                        const struct chain *outer)
{
    if (file->resolved)
        return file->resolved;
    struct chain chain = {file, outer, outer ? outer->depth + 1 : 0};
    if (!abide_search__parse(ctx, file) || (!file->embedded && !check_sizes(ctx, file->tree)))
        return NULL;
    size_t errors = abide__error_count(ctx);
    const struct abide_yaml *tree = file->tree;
    bool is_built_in = file->embedded != NULL;
    const struct abide_yaml *extends =
        abide_yaml__get(abide_yaml__get(file->tree, "module"), "extends");
    if (extends) {
        const struct abide_spec_file *base = resolve_base(ctx, &chain, extends);
        if (!base)
            return NULL;
        tree = merge(ctx, inheritable(ctx, base->resolved), tree);
        is_built_in = is_built_in && base->is_built_in;
    }
    tree = prepend_all(ctx, tree);
    if (errors != abide__error_count(ctx))
        return NULL;
    file->resolved = tree;
    file->is_built_in = is_built_in;
    return tree;
}

const struct abide_yaml *abide_resolve__tree(abide_ctx *ctx, struct abide_spec_file *file)
{
    return resolve(ctx, file, NULL);
}

const struct abide_yaml *abide_resolve__override(abide_ctx *ctx, const struct abide_yaml *tree,
                                                 const struct abide_yaml *change)
{
    static const char *const own[] = {"when", "source"};
    tree = merge(ctx, tree, without(ctx, change, own, sizeof own / sizeof *own));
    return prepend_all(ctx, tree);
}
