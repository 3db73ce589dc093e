/* Does compiled code keep what abide says of the bits above a narrow value? */
#ifndef ABIDE_DIFFERENTIAL_EXTEND_H
#define ABIDE_DIFFERENTIAL_EXTEND_H

#include "answer.h"
#include "harness.h"

/*
 * Asks both about every integer scalar narrower than a word, as an argument
 * and as a result, and prints a line of statistics.  Returns the number of
 * claims ("extend": "zero" or "sign") that the compiler does not keep.
 */
unsigned long extend_run(const struct toolchain *toolchain, const struct engine *engine);

#endif
