/*
 * The flat form of a value: the words (scalars and pointers) that it becomes where a language module passes values as words
 * (`flatten`). Structs and arrays are opened; a sum is its tag and, for all its cases together, as many words as the longest
 * payload has, each as wide as the widest that stands there: equal words stay what they are, others become the unsigned integer
 * that holds their bits.
 */
#ifndef ABIDE_CALL_FLAT_H
#define ABIDE_CALL_FLAT_H

#include "call/represent.h"

/*
 * The flat form as a physical struct of those words (`flat_of` is `type`), with a name for each word (NULL for a word without).
 * NULL: the type has none, and nothing was reported, or its representation was reported.
 */
const abide_type *abide_flat__of(abide_ctx *ctx, const struct abide_representing *how,
                                 const abide_type *type);

/* Words of the flat form; SIZE_MAX: there is none. */
size_t abide_flat__count(abide_ctx *ctx, const struct abide_representing *how,
                         const abide_type *type);

#endif
