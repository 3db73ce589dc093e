/* What names and symbols may look like: they end up in C source, assembly and linker input. */
#ifndef ABIDE_TYPES_NAME_H
#define ABIDE_TYPES_NAME_H

#include "base/source.h"

/* [A-Za-z_][A-Za-z0-9_-]*, not `-` last, at most ABIDE_NAME_MAX_BYTES. */
bool abide_name__is_valid(const char *name);
/* `what` is "a type", "a field". False: reported at `place` (bad-name). */
bool abide_name__check(abide_ctx *ctx, struct abide_place place, const char *what,
                       const char *name);
/* [A-Za-z_$@?][A-Za-z0-9_.$@?]*. False: reported (bad-symbol). */
bool abide_symbol__check(abide_ctx *ctx, struct abide_place place, const char *symbol);
/* A name as a symbol: `_` for `-`. */
const char *abide_symbol__from_name(abide_ctx *ctx, const char *name);

#define ABIDE_NAME_MAX_BYTES   1024
#define ABIDE_SYMBOL_MAX_BYTES 8192

#endif
