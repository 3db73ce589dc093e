/* Tables of keys of module files that others than their readers look at. */
#ifndef ABIDE_SPEC_KEYS_H
#define ABIDE_SPEC_KEYS_H

#include "base/schema.h"

extern const struct abide_schema abide_module__schema;      /* module.c */
extern const struct abide_schema abide_module__head_schema; /* module.c */
extern const struct abide_schema abide_module__bank_schema; /* banks.c */
extern const struct abide_schema abide_module__rule_schema; /* rules.c */

#endif
