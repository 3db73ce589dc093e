/* `rest: chunks` of the verb `members`: floats by themselves, and what lies between them in chunks. */
#ifndef ABIDE_CALL_MIXED_H
#define ABIDE_CALL_MIXED_H

#include "call/place.h"

typedef ABIDE_VEC(struct abide_part) abide_part_vector;

/* The chunks are those of the block, `chunk_bytes` each. false: the value is too large. */
bool abide_mixed__parts(abide_ctx *ctx, const abide_layout *layout,
                        const struct abide_pass_rule *rule, uint64_t chunk_bytes,
                        abide_part_vector *parts);

#endif
