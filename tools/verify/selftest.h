/* Does the oracle notice wrong answers, and accept right ones? */
#ifndef ABIDE_VERIFY_SELFTEST_H
#define ABIDE_VERIFY_SELFTEST_H

#include "trial.h"

/*
 * Makes right answers of what the compiler did, spoils one number of each, and compares. A line about what was missed goes to
 * `file`; returns how much was.
 */
unsigned long selftest_run(struct trial *trial, const struct signature *signatures, unsigned count,
                           FILE *file);

#endif
