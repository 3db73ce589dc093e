/* What is counted of the signatures of a run, and how much of it may be left out of a comparison. */
#ifndef ABIDE_VERIFY_TALLY_H
#define ABIDE_VERIFY_TALLY_H

#include "trial.h"

enum { MAX_LEFT_OUT = 24 };

struct tally {
    unsigned long signatures, types, params, results;
    unsigned long passed[4], on_stack, returned[4];
    unsigned long classes[MISMATCH_CLASSES];
    /* Result words that held the hidden address after every call; that abide ever named. */
    uint32_t always_returned, said_returned;
    /* Signatures, or values of them, that were not compared: the last ones are all further reasons together. */
    struct tally_left_out {
        enum left_out what;
        char reason[96]; /* the id of a deviation; of what the compiler failed at, its last words */
        unsigned most_percent; /* that is known of the compiler; 0: nothing is */
        unsigned long count;
    } left_out[MAX_LEFT_OUT];
};

/* Of no signature yet. */
#define TALLY_INIT {.always_returned = UINT32_MAX}

void tally_signature(struct tally *tally, const struct signature *signature,
                     const struct account *measured, const struct account *said);
void tally_verdict(struct tally *tally, const struct verdict *verdict);
void tally_add(struct tally *sum, const struct tally *more);

/* How many signatures had something left out. */
unsigned long tally_left_out(const struct tally *tally, enum left_out what);
/* How many were compared, if only in part: all but those that the module refuses and those at which the compiler itself failed. */
unsigned long tally_compared(const struct tally *tally);
/*
 * What is left out of a comparison is rare: one signature in a hundred (of at least a thousand), for each deviation, and for
 * what the compiler itself fails at, unless its data says that it fails so at more. Of what a module refuses, half of all: it
 * says so itself.
 */
bool tally_is_rare(const struct tally *tally, const struct tally_left_out *left_out);
/* How many reasons are not rare. */
unsigned long tally_too_many(const struct tally *tally);

#endif
