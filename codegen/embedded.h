/*
 * What LLVM needs to know per architecture, as text: the files of codegen/targets/, part of the
 * library like the ABI modules are.
 */
#ifndef ABIDE_CODEGEN_EMBEDDED_H
#define ABIDE_CODEGEN_EMBEDDED_H

#include "spec/embedded.h"

/* Sorted by path ("NAME.yaml"); the entry after the last has a null path. */
extern const struct abide_embedded abide__embedded_targets[];
extern const size_t abide__embedded_targets_count;

#endif
