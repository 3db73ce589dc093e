/* The modules that references can name. */
#include "base/diag.h"
#include "spec/resolve.h"
#include "spec/search.h"

#include <string.h>

static const char *text_of(const struct abide_yaml *mapping, const char *key)
{
    const struct abide_yaml *value =
        mapping && mapping->kind == ABIDE_YAML_MAPPING ? abide_yaml__get(mapping, key) : NULL;
    return value && value->kind == ABIDE_YAML_SCALAR ? value->text : NULL;
}

static void read_targets(abide_ctx *ctx, const struct abide_yaml *tree, abide_module_info *info)
{
    const struct abide_yaml *target = abide_yaml__get(tree, "target");
    const struct abide_yaml *triples =
        target && target->kind == ABIDE_YAML_MAPPING ? abide_yaml__get(target, "triples") : NULL;
    if (!triples || triples->kind != ABIDE_YAML_MAPPING)
        return;
    const char **targets = abide__new_array(ctx, const char *, triples->entry_count);
    for (size_t i = 0; i < triples->entry_count; i++)
        targets[info->target_count++] = abide_yaml__key_at(triples, i)->text;
    info->targets = targets;
}

/* false: the module is no ABI by itself, only a base for others; or it was reported. */
static bool describe(abide_ctx *ctx, struct abide_spec_file *file, abide_module_info *info)
{
    static const char key[] = "module:"; /* other YAML files may lie in the same folder */
    const struct abide_yaml *tree = abide_search__mentions(ctx, file, key, sizeof key - 1)
                                        ? abide_resolve__tree(ctx, file)
                                        : NULL;
    if (!tree)
        return false;
    const struct abide_yaml *head = abide_yaml__get(tree, "module");
    const char *is_abstract = text_of(head, "abstract");
    if (is_abstract && strcmp(is_abstract, "true") == 0)
        return false;
    info->name = file->name;
    info->version = text_of(head, "version");
    info->level = text_of(head, "level");
    info->summary = text_of(head, "summary");
    info->path = file->path;
    info->of = text_of(head, "of");
    read_targets(ctx, tree, info);
    return info->version && info->level;
}

static bool is_listed(const abide_module_info *infos, size_t count, const abide_module_info *info)
{
    for (size_t i = 0; i < count; i++)
        if (strcmp(infos[i].name, info->name) == 0 && strcmp(infos[i].version, info->version) == 0)
            return true;
    return false;
}

static bool list(abide_ctx *ctx, const abide_module_info **infos, size_t *count)
{
    size_t errors = abide__error_count(ctx);
    struct abide_spec_files files = abide_search__files(ctx);
    abide_module_info *found = abide__new_array(ctx, abide_module_info, files.count);
    *count = 0;
    for (size_t i = 0; i < files.count; i++) {
        abide_module_info info = {0};
        if (describe(ctx, files.items[i], &info) && !is_listed(found, *count, &info))
            found[(*count)++] = info;
    }
    *infos = found;
    return abide__error_count(ctx) == errors;
}

bool abide_module_list(abide_ctx *ctx, const abide_module_info **infos, size_t *count)
{
    struct abide_guard guard;
    if (setjmp(*abide__guard_enter(ctx, &guard)))
        return false;
    bool good = list(ctx, infos, count);
    abide__guard_leave(ctx, &guard);
    return good;
}
