/* The two dialects: what makes bytes agree, and what both sides have promised each other besides. */
#ifndef ABIDE_FINGERPRINT_DIALECTS_H
#define ABIDE_FINGERPRINT_DIALECTS_H

#include "fingerprint/graph.h"
#include "types/iface.h"

/* Sizes, offsets, tags and places under the module of the graph. */
extern const struct abide_dialect abide__layout_dialect;
/* Modes, ownership, lenders, validity: of the interface alone. */
extern const struct abide_dialect abide__contract_dialect;

/* Write a function (struct abide_function) in one dialect or the other: for abide_graph__digest. */
bool abide_layout_dialect__write_function(struct abide_draft *draft, const void *function);
bool abide_contract_dialect__write_function(struct abide_draft *draft, const void *function);

/*
 * What may be said more loosely or more strictly of a parameter or a result without a change of the rest: bits of
 * enum abide_promise (abide/fingerprint.h). `settled` is the type without what they say.
 */
struct abide_promises {
    unsigned char caller; /* what the caller has to see to */
    unsigned char callee; /* what the callee sees to */
};
/* Parameter `index`; ABIDE_RESULT: the result. */
struct abide_promises abide_contract_dialect__promises(const abide_signature *signature,
                                                       size_t index);

#endif
