/* Finds variants by what modules say of themselves; nothing is loaded but parsed. */
#include "spec/variant.h"

#include "base/schema.h"
#include "spec/resolve.h"

#include <string.h>

static const char *text_at(const struct abide_yaml *mapping, const char *key)
{
    const struct abide_yaml *node = mapping ? abide_yaml__get(mapping, key) : NULL;
    return node && node->kind == ABIDE_YAML_SCALAR ? node->text : NULL;
}

/* What the file is a variant of is `plain`: the word for it. NULL: it is none. */
static const char *convention_of(const struct abide_spec_file *file, const char *plain)
{
    const struct abide_yaml *head = abide_yaml__get(file->tree, "module");
    const char *of = text_at(head, "of");
    return of && strcmp(of, plain) == 0 ? text_at(head, "convention") : NULL;
}

struct abide_spec_file *abide_variant__file(abide_ctx *ctx, const char *plain,
                                            const char *convention)
{
    struct abide_spec_files files = abide_search__files(ctx);
    for (size_t i = 0; i < files.count; i++) {
        struct abide_spec_file *file = files.items[i];
        if (!abide_search__mentions(ctx, file, convention, strlen(convention)) ||
            !abide_search__is_first(ctx, file))
            continue;
        if (!abide_search__parse(ctx, file))
            return NULL;
        const char *own = convention_of(file, plain);
        if (own && strcmp(own, convention) == 0)
            return file;
    }
    return NULL;
}

struct abide_spec_file *abide_variant__plain_file(abide_ctx *ctx, const char *plain)
{
    struct abide_spec_files files = abide_search__files(ctx);
    for (size_t i = 0; i < files.count; i++)
        if (strcmp(files.items[i]->name, plain) == 0)
            return abide_search__parse(ctx, files.items[i]) ? files.items[i] : NULL;
    return NULL;
}

/* `conventions` of a module, with what it takes over; NULL: none. */
static const struct abide_yaml *words_of(abide_ctx *ctx, const char *plain)
{
    struct abide_spec_file *file = abide_variant__plain_file(ctx, plain);
    const struct abide_yaml *tree = file ? abide_resolve__tree(ctx, file) : NULL;
    const struct abide_yaml *words = tree ? abide_yaml__get(tree, "conventions") : NULL;
    return words && words->kind == ABIDE_YAML_SEQUENCE ? words : NULL;
}

bool abide_variant__is_plain(abide_ctx *ctx, const char *plain, const char *convention)
{
    const struct abide_yaml *words = words_of(ctx, plain);
    for (size_t i = 0; words && i < words->entry_count; i++) {
        const struct abide_yaml *word = abide_yaml__at(words, i);
        if (word->kind == ABIDE_YAML_SCALAR && strcmp(word->text, convention) == 0)
            return true;
    }
    return false;
}

const char *abide_variant__words(abide_ctx *ctx, const char *plain)
{
    ABIDE_VEC(const char *) found = {0};
    const struct abide_yaml *words = words_of(ctx, plain);
    for (size_t i = 0; words && i < words->entry_count; i++)
        if (abide_yaml__at(words, i)->kind == ABIDE_YAML_SCALAR)
            abide__push(ctx, &found, abide_yaml__at(words, i)->text);
    struct abide_spec_files files = abide_search__files(ctx);
    for (size_t i = 0; i < files.count; i++) {
        struct abide_spec_file *file = files.items[i];
        if (!abide_search__mentions(ctx, file, plain, strlen(plain)) ||
            !abide_search__is_first(ctx, file) || !abide_search__parse(ctx, file))
            continue;
        const char *own = convention_of(file, plain);
        if (own)
            abide__push(ctx, &found, own);
    }
    abide__push(ctx, &found, NULL);
    return found.count > 1 ? abide_schema__words(ctx, found.items) : NULL;
}
