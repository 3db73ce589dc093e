/* Writes the C text of a batch. */
#ifndef ABIDE_VERIFY_BATCH_H
#define ABIDE_VERIFY_BATCH_H

#include "harness.h"

/* What a program begins with that asks of layouts: common types, ALIGN of a type, and `bits`, which finds those that are set. */
void batch_bits(FILE *file, const struct toolchain *toolchain);

/* A callee and a caller for each signature, and the tables that capture/calls-main.c reads. */
void batch_write(FILE *file, const struct toolchain *toolchain, const struct signature *signatures,
                 unsigned count);

#endif
