/* Another program, whose answer is read: one of abide's own, or one that is in PATH. */
#ifndef ABIDE_TOOLS_CHILD_H
#define ABIDE_TOOLS_CHILD_H

#include "cli.h"

/*
 * Runs a program that lies beside this one, or else in PATH: `words` starts with its name and ends in NULL. What it writes to
 * standard output is added to `answer`; standard error is this process's. `*exit_status`: 128 and more after a signal.
 *
 * @return false: there is no such program, or it cannot be started; errno says why
 */
bool child_run(const char *const *words, struct text *answer, int *exit_status);
/* The same, and what it writes to standard error is added to `errors`. */
bool child_hear(const char *const *words, struct text *answer, struct text *errors,
                int *exit_status);
/* The same, and what it writes to standard error is lost. */
bool child_ask(const char *const *words, struct text *answer, int *exit_status);

#endif
