/* Two accounts of one signature: do they agree in everything that can be told? */
#ifndef ABIDE_VERIFY_COMPARE_H
#define ABIDE_VERIFY_COMPARE_H

#include "account.h"

enum mismatch {
    MISMATCH_NONE,
    MISMATCH_ANSWER, /* no usable account from one side */
    MISMATCH_LAYOUT, /* size, alignment, offset of a field */
    MISMATCH_HOLE,
    MISMATCH_PASS,     /* by value, by pointer, hidden, ignored */
    MISMATCH_PLACE,    /* register or stack offset */
    MISMATCH_RETURNED, /* where the hidden address comes back */
    MISMATCH_STACK,    /* bytes of the argument area */
    MISMATCH_POPPED,   /* what the callee takes off the stack */
    MISMATCH_CLASSES,
};
extern const char *const mismatch_names[MISMATCH_CLASSES];

/* What is looked at; `--stages` names them. */
enum stage {
    STAGE_LAYOUT = 1 << 0,
    STAGE_ARGUMENTS = 1 << 1,
    STAGE_RESULTS = 1 << 2,
    STAGE_EXTEND = 1 << 3, /* the bits above narrow values: extend.c */
    STAGE_THUNKS = 1 << 4, /* adapters between two ABIs: thunks.c */
    STAGE_COUNT = 5,
    STAGES_ALL = (1 << STAGE_COUNT) - 1,
};
extern const char *const stage_names[STAGE_COUNT + 1]; /* NULL-terminated */

/*
 * Compares a measured account with what another side says, which states holes,
 * a returned register and stack bytes if it is abide.  `where` tells what differs.
 */
enum mismatch compare_accounts(const struct signature *signature, const struct machine *machine,
                               unsigned stages, const struct account *measured,
                               const struct account *said, char where[128]);

#endif
