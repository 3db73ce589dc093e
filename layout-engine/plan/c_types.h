/* C declarations of physical types, for the portable C that `--emit c` writes. */
#ifndef ABIDE_PLAN_C_TYPES_H
#define ABIDE_PLAN_C_TYPES_H

#include "plan/plan.h"

struct abide_c_type; /* c_types.c: a record that was declared */

struct abide_c_types {
    abide_ctx *ctx;
    const struct abide_data_model *data;
    struct abide_text text;       /* the declarations so far */
    struct abide_c_type *records; /* hash by physical type */
    size_t count;
    bool
        has_raw_bools; /* truth values are bytes, which C takes as they are: they may be neither 0 nor 1 */
    bool has_quad; /* the names of float with 128 bits are declared */
};

/*
 * The C name of a physical type; records it holds by value are declared in `types->text` first, with assertions of size
 * and offsets. Every pointer is `void *`. NULL: reported (cannot-say-in-c).
 */
const char *abide_c_types__name(struct abide_c_types *types, const abide_type *type,
                                struct abide_place place);

#endif
