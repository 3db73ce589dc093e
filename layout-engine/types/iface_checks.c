/* `checks:` of a file or a function: whether adapters look at values, and what becomes of an invalid one. */
#include "types/iface_reader.h"
#include "types/iface_schema.h"

#include <string.h>

static bool read_mode(abide_ctx *ctx, const struct abide_yaml *node, abide_checks *mode)
{
    static const char *const words[] = {[ABIDE_CHECKS_TRUST] = "trust",
                                        [ABIDE_CHECKS_CHECKED] = "checked",
                                        [ABIDE_CHECKS_CONVERT] = "convert"};
    for (size_t i = ABIDE_CHECKS_TRUST; i <= ABIDE_CHECKS_CONVERT; i++) {
        if (strcmp(node->text, words[i]) != 0)
            continue;
        *mode = (abide_checks)i;
        return true;
    }
    abide_diag *diag =
        abide__report(ctx, ABIDE_CODE_BAD_VALUE, node->place, "no mode of checks is called %s",
                      abide__quote(ctx, node->text));
    abide__diag_help(ctx, diag, "they are trust, checked and convert");
    return false;
}

bool abide_iface__read_checks(struct iface_reader *reader, const struct abide_yaml *node,
                              struct abide_iface_checks *checks)
{
    const struct abide_yaml *values[CHECKS_KEY_COUNT] = {NULL};
    if (node->kind == ABIDE_YAML_SCALAR)
        return read_mode(reader->ctx, node, &checks->mode);
    if (!abide_schema__read(reader->ctx, &abide_iface__checks_schema, node, values))
        return false;
    if (values[CHECKS_ON_INVALID]) {
        checks->on_invalid = values[CHECKS_ON_INVALID]->text;
        checks->place = values[CHECKS_ON_INVALID]->place;
    }
    return !values[CHECKS_MODE] || read_mode(reader->ctx, values[CHECKS_MODE], &checks->mode);
}
