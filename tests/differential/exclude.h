/* Classes of signatures about which gcc and clang differ, each by a predicate and with a reason. */
#ifndef ABIDE_DIFFERENTIAL_EXCLUDE_H
#define ABIDE_DIFFERENTIAL_EXCLUDE_H

#include "account.h"
#include "harness.h"

enum { MAX_EXCLUSIONS = 16 };

/* The name of the class a signature belongs to for this compiler, or NULL. `account` is either side's. */
const char *excluded_by(const struct signature *signature, const struct account *account,
                        const struct toolchain *toolchain);

#endif
