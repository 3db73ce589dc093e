/* `checks:` of a file or a function: whether adapters look at values, and what becomes of an invalid one. */
#include "types/iface_reader.h"
#include "types/iface_schema.h"

#include <string.h>

static bool read_mode(abide_ctx *ctx, const struct abide_yaml *node, abide_checks *mode)
{
    size_t word;
    if (!abide_schema__word(ctx, node, abide_iface__check_modes, &word))
        return false;
    *mode = (abide_checks)(ABIDE_CHECKS_TRUST + word);
    return true;
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
