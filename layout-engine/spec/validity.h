/* What code of an ABI counts on in the values that it gets, and what it cannot get wrong in those that it makes. */
#ifndef ABIDE_SPEC_VALIDITY_H
#define ABIDE_SPEC_VALIDITY_H

#include "base/ctx.h"

#include <stdint.h>

enum abide_validity {
#define ABIDE_VALIDITY(id, word, doc) ABIDE_VALIDITY_##id,
#include "spec/validity.def"
#undef ABIDE_VALIDITY
    ABIDE_VALIDITY_COUNT
};

/* A set of enum abide_validity: bit 1 << V. */
typedef uint32_t abide_validities;

struct abide_yaml;
struct abide_module;

/* `assumes`, `ensures` of a module. */
abide_validities abide_validity__read(abide_ctx *ctx, const struct abide_yaml *tree,
                                      const char *key);
/* What code of `to` counts on in values from code of `from`, and nobody ensures. */
abide_validities abide_validity__doubtful(const struct abide_module *from,
                                          const struct abide_module *to);

#endif
