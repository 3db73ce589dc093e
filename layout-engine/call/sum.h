/*
 * How a sum (variant, option, result) lies in memory under a module: what tells its cases apart, and where their payloads are.
 * Read off the template that represents it, by its parts `tag` and `payload`.
 */
#ifndef ABIDE_CALL_SUM_H
#define ABIDE_CALL_SUM_H

#include "call/represent.h"

struct abide_sum_case {
    const char *name;
    int64_t tag;                /* under this module; means nothing where a null pointer tells */
    const abide_type *payload;  /* as the interface says; VOID: bare */
    const abide_type *physical; /* of the payload; NULL: bare */
    uint64_t offset_bytes;      /* of the payload in the sum */
    uint64_t size_bytes;        /* of the payload */
    const abide_hole *holes;    /* of the whole in this case; abide_sum_of only */
    size_t hole_count;
};

struct abide_sum {
    const abide_type *type;     /* as the interface says, without newtypes around it */
    const abide_type *physical; /* of the whole */
    const abide_type *tag;      /* physical; NULL: a null pointer at the start tells */
    uint64_t tag_offset_bytes;
    const char *tag_name; /* of the field; NULL: the whole is the tag */
    uint64_t tag_bytes;   /* of the null pointer where there is no tag */
    size_t null_case;     /* the case that a null pointer means; SIZE_MAX: there is a tag */
    /* Where the payloads lie, with the room that an open variant keeps; 0 bytes: all cases are bare. */
    uint64_t payload_offset_bytes;
    uint64_t payload_bytes;
    bool keeps_room;
    struct abide_sum_case *cases; /* in the order of the interface */
    size_t case_count;
    const abide_layout *layout; /* of `physical` */
};

/*
 * NULL: the type is no sum, or its representation has no parts that tell (nothing is reported then), or there is none
 * (reported unless `how` is quiet).
 */
const struct abide_sum *abide_sum__of(abide_ctx *ctx, const struct abide_representing *how,
                                      const abide_type *type);

#endif
