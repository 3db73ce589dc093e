/*
 * How C spells a call under an ABI: its prototype, as abide prints it, taken apart. Under a machine module every parameter is
 * itself; a language may pass its address or its words, leave it out, and write results through a pointer.
 */
#ifndef ABIDE_VERIFY_LOWERED_H
#define ABIDE_VERIFY_LOWERED_H

#include "abide/abide.h"

#include "capture/capture.h"

enum {
    LOWERED_RESULT = -1, /* the parameter that is the address of the result */
    MAX_LOWERED = MAX_PARAMETERS * 8,
};

struct lowered_param {
    const char *type; /* "t0_1 *"; NULL: as the oracle itself writes the type, or a pointer to it */
    int of;           /* index of the parameter, or LOWERED_RESULT */
    abide_form form;
    const char *attribute; /* behind its name, with a blank before it; or "" */
};

struct lowered {
    const char *
        result; /* "void" where a parameter takes it, or none; NULL: as the oracle writes the type */
    bool returns_words;                       /* in a struct, or as a scalar */
    struct lowered_param params[MAX_LOWERED]; /* the words of a value in order */
    unsigned param_count;
    const char
        *attribute; /* that gives a function this convention: "__attribute__((...)) ", or "" */
};

/*
 * `assignment` of a function whose parameters are called p0, p1 ... `machine` is the module that the call is lowered to. `back` is
 * the parameter through which a value comes back, of which C has the address; -1: there is none.
 * false: some value is passed in a way that this does not know.
 */
bool lowered_read(abide_ctx *ctx, const abide_module *machine, const abide_assignment *assignment,
                  const abide_signature *signature, int back, struct lowered *lowered);

/*
 * The names of the words in the text of a result: "struct { float a; t0_1 b; }" has a and b, a scalar has none. Owned by the
 * process; NULL past the end.
 */
const char *lowered_word(const char *result, unsigned index);

#endif
