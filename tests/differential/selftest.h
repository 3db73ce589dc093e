/* Does the oracle notice?  Right answers are made from what was measured, then spoilt. */
#ifndef ABIDE_DIFFERENTIAL_SELFTEST_H
#define ABIDE_DIFFERENTIAL_SELFTEST_H

#include "trial.h"

/* The number of right answers refused and of wrong ones accepted. */
unsigned long selftest_run(struct trial *trial, const struct signature *signatures, unsigned count);

#endif
