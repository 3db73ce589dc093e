/* The words of `assumes` and `ensures`. */
#include "spec/validity.h"

#include "base/diag.h"
#include "base/schema.h"
#include "base/yaml.h"
#include "spec/keys.h"
#include "spec/language.h"

#include <string.h>

const struct abide_word abide_validity__words[] = {
#define ABIDE_VALIDITY(id, word, doc) [ABIDE_VALIDITY_##id] = {word, doc},
#include "spec/validity.def"
#undef ABIDE_VALIDITY
    {NULL, NULL},
};

static const char *word_at(const void *user, size_t index)
{
    (void)user;
    return abide_validity__words[index].name;
}

static abide_validities read_word(abide_ctx *ctx, const struct abide_yaml *node, const char *key)
{
    for (size_t i = 0; node->kind == ABIDE_YAML_SCALAR && i < ABIDE_VALIDITY_COUNT; i++)
        if (strcmp(node->text, abide_validity__words[i].name) == 0)
            return UINT32_C(1) << i;
    if (node->kind != ABIDE_YAML_SCALAR) {
        abide__report(ctx, ABIDE_CODE_WRONG_SHAPE, node->place, "'%s' of a module: expected a word",
                      key);
        return 0;
    }
    abide_diag *diag = abide__report(ctx, ABIDE_CODE_BAD_VALUE, node->place,
                                     "'%s' of a module: no validity is called %s", key,
                                     abide__quote(ctx, node->text));
    const char *nearest = abide__nearest(node->text, word_at, NULL);
    if (nearest)
        abide__diag_help(ctx, diag, "did you mean '%s'?", nearest);
    else
        abide__diag_help(ctx, diag,
                         "they are bool, enum, flags, tag, char, utf8, nul, null, align, length, "
                         "utf16 and size");
    return 0;
}

abide_validities abide_validity__read(abide_ctx *ctx, const struct abide_yaml *tree,
                                      const char *key)
{
    const struct abide_yaml *node = abide_yaml__get(tree, key);
    abide_validities found = 0;
    if (node == NULL)
        return 0;
    if (node->kind != ABIDE_YAML_SEQUENCE) {
        abide__report(ctx, ABIDE_CODE_WRONG_SHAPE, node->place,
                      "'%s' of a module: expected a list of words", key);
        return 0;
    }
    for (size_t i = 0; i < node->entry_count; i++)
        found |= read_word(ctx, abide_yaml__at(node, i), key);
    return found;
}

abide_validities abide_validity__doubtful(const struct abide_module *from,
                                          const struct abide_module *to)
{
    return to->language->assumes & ~from->language->ensures;
}
