/*
 * How C spells a call under an ABI: its prototype, as abide prints it, taken apart. Under a machine module every parameter is
 * itself; a language may pass its address, leave it out, and write results through a pointer.
 */
#ifndef ABIDE_VERIFY_LOWERED_H
#define ABIDE_VERIFY_LOWERED_H

#include "abide/abide.h"

#include "capture/capture.h"

enum { LOWERED_RESULT = -1 }; /* the parameter that is the address of the result */

struct lowered_param {
    const char *type; /* "t0_1 *" */
    int of;           /* index of the parameter, or LOWERED_RESULT */
    bool is_address;  /* of the value */
};

struct lowered {
    const char *result; /* "void" where a parameter takes it */
    struct lowered_param params[MAX_PARAMETERS + 1];
    unsigned param_count;
    const char
        *attribute; /* that gives a function this convention: "__attribute__((...)) ", or "" */
};

/*
 * `assignment` of a function whose parameters are called p0, p1 ... `machine` is the module that the call is lowered to.
 * false: some value is passed in a way that this does not know, in parts for instance.
 */
bool lowered_read(abide_ctx *ctx, const abide_module *machine, const abide_assignment *assignment,
                  const abide_signature *signature, struct lowered *lowered);

#endif
