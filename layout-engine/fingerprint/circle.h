/*
 * Types that lead back to themselves get labels that depend on nothing but what they consist of: neither on their names, nor on
 * where somebody entered the circle, nor on the order in which they were found. abi-specs/fingerprints.md, "Circles", is the rule.
 */
#ifndef ABIDE_FINGERPRINT_CIRCLE_H
#define ABIDE_FINGERPRINT_CIRCLE_H

#include "base/ctx.h"
#include "base/digest.h"

struct abide_circle {
    size_t count; /* of members */
    /* References from members to members: those of member m are to[starts[m]] up to to[starts[m + 1]]. */
    const size_t *starts;
    const size_t *to;
    struct abide_digest *labels; /* of the members: what they are alone; then the final ones */
};

/* Gives members that consist of the same the same label, and all others different ones. */
void abide_circle__label(abide_ctx *ctx, const struct abide_circle *circle);

#endif
