/* Values that mean something: for each leaf of a type bytes that are valid for its scalar. */
#ifndef ABIDE_VERIFY_VALUES_H
#define ABIDE_VERIFY_VALUES_H

#include "account.h"

/*
 * Fills `bytes` with a random value of the type, laid out as `layout` says: a truth value is one, a float is a number, an
 * enumerator exists. Padding stays zero.
 */
void value_fill(const struct signature *signature, const struct account *layout,
                const struct machine *machine, const struct use *use, unsigned size_bytes,
                uint64_t *random, unsigned char bytes[CELL_BYTES]);

#endif
