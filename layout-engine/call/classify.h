/* Classes of the chunks of a value, by the lattice that a module states under `classes`. */
#ifndef ABIDE_CALL_CLASSIFY_H
#define ABIDE_CALL_CLASSIFY_H

#include "layout/layout.h"
#include "spec/rules.h"

/* No leaf touches the chunk. */
#define ABIDE_NO_CLASS UINT8_MAX

struct abide_chunk {
    uint8_t class;
    bool joined; /* continues the register of the chunk before */
};

/*
 * Classes of the chunks of a value, as many as cover its size. false: the value is too large to be classified, or a leaf
 * has no class.
 */
bool abide_classify__chunks(abide_ctx *ctx, const struct abide_classes *classes,
                            const abide_layout *layout,
                            struct abide_chunk chunks[ABIDE_MAX_REGISTERS], size_t *count);

#endif
