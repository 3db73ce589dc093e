/* Reads `classes`: what leaves count as, and how classes that share a chunk merge. */
#ifndef ABIDE_SPEC_CLASSES_H
#define ABIDE_SPEC_CLASSES_H

#include "spec/rules.h"

/* NULL: reported. */
const struct abide_classes *abide_classes__read(abide_ctx *ctx, const struct abide_yaml *node);
/* The index of a class; ABIDE_MAX_CLASSES: reported. */
size_t abide_classes__find(abide_ctx *ctx, const struct abide_classes *classes,
                           const struct abide_yaml *node);

#endif
