/* The registers of a module: `registers` declares each once, everything else names them. */
#ifndef ABIDE_SPEC_REGISTERS_H
#define ABIDE_SPEC_REGISTERS_H

#include "base/yaml.h"

struct abide_registers {
    const char **names; /* interned */
    size_t *groups;     /* of each name: index into `places` */
    size_t count;
    struct abide_place *places; /* of the groups */
    size_t group_count;
};

struct abide_words {
    const char **items; /* interned */
    size_t count;
};

/*
 * A YAML list or a spaced text, with ranges: `x0..x7`, `d0..d30/2`. Mistakes are reported; what is left is returned.
 */
struct abide_words abide_registers__list(abide_ctx *ctx, const struct abide_yaml *node);
/* Same, and each must be declared, and no name may stand twice. */
struct abide_words abide_registers__declared(abide_ctx *ctx,
                                             const struct abide_registers *registers,
                                             const struct abide_yaml *node);
/* One declared register; NULL: reported. */
const char *abide_registers__one(abide_ctx *ctx, const struct abide_registers *registers,
                                 const struct abide_yaml *node);
/* The mapping `registers:` of a module; `node` NULL: none. */
const struct abide_registers *abide_registers__read(abide_ctx *ctx, const struct abide_yaml *node);

#endif
