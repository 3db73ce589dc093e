/* Which values of a routine are pointers, as far as LLVM is concerned. */
#ifndef ABIDE_CODEGEN_FORMS_H
#define ABIDE_CODEGEN_FORMS_H

#include "plan/routine.h"

/* By value. One that nobody wants has the form in which it is made. */
struct abide_forms {
    bool *wants_pointer; /* somebody reads it as an address; of a parameter: it is passed so */
    bool *wants_word;    /* somebody counts with it */
    /* Of the results of OFFSET and ADD that are pointers: the operand that they point into; else ABIDE_NO_VALUE. */
    abide_value *bases;
};

const struct abide_forms *abide_forms__of(abide_ctx *ctx, const struct abide_routine *routine,
                                          uint64_t word_bytes);

#endif
