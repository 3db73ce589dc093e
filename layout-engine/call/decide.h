/* Whether a condition of the language level holds for a type, and for the parameter or result it is the type of. */
#ifndef ABIDE_CALL_DECIDE_H
#define ABIDE_CALL_DECIDE_H

#include "spec/language.h"

struct abide_subject {
    const abide_module *module;
    const char *convention; /* of the function; NULL: the module's */
    const abide_type *type; /* abstract */
    const abide_module
        *foreign; /* at the other side of an adapter; NULL: none, or it does not count */
    /* Of the signature that the type occurs in; NULL or zero elsewhere. */
    const abide_signature *signature;
    const struct abide_param *param; /* NULL: not a parameter */
    size_t position;
};

bool abide_decide__holds(abide_ctx *ctx, const struct abide_subject *subject,
                         const struct abide_when *when);

#endif
