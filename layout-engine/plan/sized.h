/* Structs that grow (`open: sized`), as one side has them: a member tells how many bytes are there, and releases add fields behind. */
#ifndef ABIDE_PLAN_SIZED_H
#define ABIDE_PLAN_SIZED_H

#include "plan/parts.h"
#include "plan/routine_build.h"

struct abide_sized {
    uint64_t at_bytes; /* of the member that tells the size */
    uint64_t
        tells_bytes; /* of that member; 0: the form tells no size, and all fields are always there */
    uint64_t least_bytes; /* up to the end of the last field that the first release has */
    uint64_t own_bytes;   /* of the whole, as this side knows it */
};

/* False: `physical` is no struct, or has no layout. */
bool abide_sized__of(const struct abide_side *side, const abide_type *type,
                     const abide_type *physical, struct abide_sized *sized);
/* Whether the form of a type, which may be any, tells a size. */
bool abide_sized__tells(const struct abide_side *side, const abide_type *type,
                        const abide_type *physical);

/* Opens a block in which the bytes of [own_bytes, size) are counted from 0. */
abide_value abide_sized__each_byte_behind(struct abide_routine_builder *build, abide_value size,
                                          uint64_t own_bytes);
/* All that stands behind the size, as far as that goes, becomes zero; `size` is at least least_bytes. */
void abide_sized__clear(struct abide_routine_builder *build, const struct abide_sized *sized,
                        abide_value memory, abide_value size);

#endif
