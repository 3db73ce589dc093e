/*
 * One object file out of several that were made with the same settings, as `ld -r` would make it; and of some of their functions
 * as many copies as are wanted, under other names. Files of ELF only.
 *
 * A function that can be copied is alone in a section, and called and calls by names that stand for others. A copy has
 * its bytes, relocations and unwind information, and the names it is given. Names are data here: no assembler sees them.
 */
#ifndef ABIDE_CODEGEN_JOIN_H
#define ABIDE_CODEGEN_JOIN_H

#include "base/ctx.h"

/* The section of function `index` of an object, which is to be copied. */
#define ABIDE_JOIN_SECTION        ".text.abide."
#define ABIDE_JOIN_SECTION_FORMAT ABIDE_JOIN_SECTION "%zu"

struct abide_join_object {
    const char *bytes;
    size_t size_bytes;
};

/* The names of a function and of what it calls, as linkers see them. */
struct abide_join_names {
    const char *own;
    const char *called; /* NULL: nothing by name */
};

/* A copy of a function. */
struct abide_join_copy {
    size_t object;
    size_t index;
    struct abide_join_names from, to;
};

/*
 * The copies in their order, then everything else of all objects in theirs. Gaps between functions are filled with `fill`. false: there
 * is something in the objects that is not understood here; nothing is reported.
 */
bool abide_join__make(abide_ctx *ctx, const struct abide_join_object *objects, size_t object_count,
                      const struct abide_join_copy *copies, size_t copy_count, unsigned char fill,
                      struct abide_text *made);

#endif
