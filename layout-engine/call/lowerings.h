/* What the context remembers of this layer: representations and lowered signatures. */
#ifndef ABIDE_CALL_LOWERINGS_H
#define ABIDE_CALL_LOWERINGS_H

#include "base/ctx.h"

struct abide_represented; /* represent.c */
struct abide_lowered;     /* lower.c */
struct abide_assigned_to; /* assign.c */
struct abide_flattened;   /* flat.c */

struct abide_lowerings {
    struct abide_represented *represented;
    struct abide_represented_by
        *represented_by; /* represent.c: the module that was asked last, first */
    struct abide_lowered *lowered;
    struct abide_assigned_to *assigned;
    struct abide_flattened *flattened;
};

/* Made on first use. */
struct abide_lowerings *abide_lowerings__of(abide_ctx *ctx);

#endif
