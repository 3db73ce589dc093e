/* Fingerprints from the inside. */
#ifndef ABIDE_FINGERPRINT_FINGERPRINT_H
#define ABIDE_FINGERPRINT_FINGERPRINT_H

#include "abide/fingerprint.h"
#include "fingerprint/dialects.h"

/* The graph of a module's layouts, and that of contracts, as far as they were asked for. */
struct abide_graph *abide_fingerprints__layouts(abide_ctx *ctx, const abide_module *module);
struct abide_graph *abide_fingerprints__contracts(abide_ctx *ctx);

/* false: reported. */
bool abide_fingerprint__of(abide_ctx *ctx, const abide_module *module,
                           const abide_function *function, abide_fingerprint *fingerprint);

/* An open type that functions reach, and a number for each of its values or cases, in ascending order. */
struct abide_growing {
    const char *name;
    const uint64_t *items;
    size_t item_count;
};

/* Those that the functions reach, sorted by name. NULL: reported. */
const struct abide_growing *abide_growing__of(abide_ctx *ctx, const abide_module *module,
                                              const abide_descriptor_entry *entries,
                                              size_t entry_count, size_t *count);

#endif
