/* Representation from the inside: see abide_represent__type in call/physical.h. */
#ifndef ABIDE_CALL_REPRESENT_H
#define ABIDE_CALL_REPRESENT_H

#include "spec/language.h"

struct abide_representing {
    const abide_module *module;
    const abide_module *foreign; /* NULL: none */
    bool deciding;               /* as the language itself counts sizes (`decide:`) */
    bool quiet;                  /* no representation: NULL without a report */
    const char *what;            /* that has the type, for reports: "parameter 's'"; NULL */
    struct abide_place place;    /* of that; nowhere: of the type */
};

/*
 * The physical type. What pointers point to stays abstract, so that types may refer to themselves.
 * NULL: reported (no-representation, unknown-fact).
 */
const abide_type *abide_represent__as(abide_ctx *ctx, const struct abide_representing *how,
                                      const abide_type *type);

/* The fields of a record or sum with their physical types; `changed` tells whether any has another one. NULL: reported. */
struct abide_field *abide_represent__fields(abide_ctx *ctx, const struct abide_representing *how,
                                            const abide_type *type, bool *changed);

/* The template that applies to a type; NULL: none. */
const struct abide_template *abide_represent__template(abide_ctx *ctx,
                                                       const struct abide_representing *how,
                                                       const abide_type *type);

/* What an array, or a type that is represented as one, consists of; NULL: it is none. */
const abide_type *abide_represent__element(abide_ctx *ctx, const struct abide_representing *how,
                                           const abide_type *type);

#endif
