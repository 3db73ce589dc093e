/* Constant expressions that clang evaluates behind a header: a program is made of them, a line each. */
#ifndef ABIDE_IMPORT_TRIALS_H
#define ABIDE_IMPORT_TRIALS_H

#include "unit.h"

enum trial_result {
    TRIAL_OPEN,   /* not tried yet */
    TRIAL_FAILED, /* clang finds an error in it, or cannot come to a value */
    TRIAL_INTEGER,
    TRIAL_FLOAT,
    TRIAL_TEXT,    /* an array of char, up to its first NUL */
    TRIAL_ADDRESS, /* a pointer; its value is not known */
    TRIAL_OTHER    /* a value that is none of these, or that libclang cannot tell */
};

struct trial {
    const char *expression; /* of one line */
    bool is_array;          /* it is a text to be stored as an array of char */
    enum trial_result result;
    enum CXTypeKind kind; /* of the type that the expression has, behind other names */
    const char *scalar;   /* that type as interface files say it; NULL: it is no scalar */
    unsigned alike;       /* bits of alike_words: those that are the same type */
    const char *integer;  /* decimal */
    double number;
    const char *text;
    uint64_t text_bytes; /* of the array, with the NUL behind it */
    bool points_to_char; /* ADDRESS */
};

/* What the initialiser of a variable is. */
void trial_take(const struct unit *unit, struct trial *trial, CXCursor variable);
/* Tries them all. Those that are still open could not be told apart from others' errors. */
void trials_run(const struct unit *unit, struct trial *trials, size_t count);

#endif
