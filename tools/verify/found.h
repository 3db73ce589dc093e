/* Reads what a test program found. */
#ifndef ABIDE_VERIFY_FOUND_H
#define ABIDE_VERIFY_FOUND_H

#include "harness.h"

/*
 * Reads what one run found, from case `first` on, out of the file `path`. Returns the number of the first case that is not
 * there.
 */
unsigned found_read(const struct toolchain *toolchain, const char *path,
                    const struct signature *signatures, unsigned first, unsigned count,
                    struct account *accounts);

#endif
