/* The answer of `abide call`: functions under modules. */
#ifndef CALL_ANSWER_H
#define CALL_ANSWER_H

#include "question.h"

struct table;

/* A function that is asked for, under every module. */
struct called {
    const abide_function *function;
    const abide_signature *signature; /* with the extra arguments of --variadic */
    const abide_assignment **assignments;
    const char **prototypes; /* parallel to the assignments */
};

/* Finds the calling sequences of `subject->function`. false: reported. */
bool call_answer(struct cli *cli, const struct question *question, struct called *subject);
/* A row for each argument, the result and the stack, a column for each module behind their names. */
void call_fill_table(struct table *table, const struct question *question,
                     const struct called *subject);

#endif
