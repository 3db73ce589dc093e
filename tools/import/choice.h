/* What is wanted of what is found: --only and --except. */
#ifndef ABIDE_IMPORT_CHOICE_H
#define ABIDE_IMPORT_CHOICE_H

#include "command.h"

/* What a pattern is for; a bit each. */
enum subject {
    SUBJECT_TYPE = 1,
    SUBJECT_FUNCTION = 2,
    SUBJECT_CONSTANT = 4, /* also variables, and the values of enums */
    SUBJECT_ANY = 7
};

/* The words of the command line, and what has been read of them. All zero: everything is wanted. */
struct choice {
    struct texts only, except;
    LIST(struct pattern) only_patterns;
    LIST(struct pattern) except_patterns;
};

/* "PATTERN", "type:PATTERN", "function:PATTERN", "constant:PATTERN". */
struct pattern {
    const char *word, *name;
    unsigned subjects;
    bool is_used;
};

/* Reads the words. A status. */
int choice_read(struct choice *choice, const struct command *command);
/* Whether something of this name is wanted. */
bool choice_takes(struct choice *choice, enum subject subject, const char *name);
/* Leaves out of a model what is not wanted, except where the rest needs it. Patterns that nothing is called like are said. */
void choose(struct model *model, struct choice *choice, const char *program, enum voice voice);

#endif
