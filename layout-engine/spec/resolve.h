/* `extends`: a module as a whole, with what it takes over. */
#ifndef ABIDE_SPEC_RESOLVE_H
#define ABIDE_SPEC_RESOLVE_H

#include "spec/search.h"

#define ABIDE_EXTENDS_MAX_DEPTH 16
/* Mappings of modules have at most this many keys. */
#define ABIDE_MODULE_MAX_KEYS 4096

/* NULL: reported. */
const struct abide_yaml *abide_resolve__tree(abide_ctx *ctx, struct abide_spec_file *file);
/* `tree` with what an entry of `overrides` changes, in the way that a module changes the one it extends. */
const struct abide_yaml *abide_resolve__override(abide_ctx *ctx, const struct abide_yaml *tree,
                                                 const struct abide_yaml *change);

#endif
