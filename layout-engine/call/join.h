/* `join` of the verb `spread`: what a value is cut into where integers that share a group of bytes are one argument. */
#ifndef ABIDE_CALL_JOIN_H
#define ABIDE_CALL_JOIN_H

#include "call/leaves.h"
#include "spec/rules.h"

/*
 * An argument of its own: a float, a vector, or an unsigned integer. Bytes [skipped, size) of it are bytes of the value; the
 * others are behind its end, or in another argument.
 */
struct abide_joined {
    uint64_t offset_bytes;
    uint64_t skipped_bytes;
    uint64_t size_bytes;
    const abide_type *type;
};

typedef ABIDE_VEC(struct abide_joined) abide_joined_list;

/* In order of offset. false: the value is too large, or would be more registers than the rule says. */
bool abide_join__parts(abide_ctx *ctx, const abide_layout *layout,
                       const struct abide_pass_rule *rule, uint32_t word_bytes,
                       abide_joined_list *parts);

#endif
