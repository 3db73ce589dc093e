/* What the public constructors share: checks of what they are given, and a way back when memory runs out. */
#ifndef ABIDE_TYPES_TYPE_API_H
#define ABIDE_TYPES_TYPE_API_H

#include "base/diag.h"
#include "types/type.h"

/* False: reported. */
bool abide_type__check_given(abide_ctx *ctx, const void *part);
/* `what` may have no name. */
bool abide_type__check_name(abide_ctx *ctx, const char *what, const char *name);
/* `type` as the target of a pointer or the like: it may have no size, but not be nested too deep. */
bool abide_type__check_target(abide_ctx *ctx, const abide_type *type);
/* `type` as a part of a value. */
bool abide_type__check_part(abide_ctx *ctx, const abide_type *type);
bool abide_type__check_count(abide_ctx *ctx, uint64_t count, uint64_t max);
/* The base of an enum or of flags. */
bool abide_type__check_base(abide_ctx *ctx, const abide_type *base);
/* The names and numbers of an enum or of flags, copied. NULL: reported. */
const struct abide_enumerator *abide_type__copy_values(abide_ctx *ctx, const char *what,
                                                       const abide_enum_value *values,
                                                       size_t value_count);

/* Runs `make`, an expression that may jump out when memory runs out, and returns its value. */
#define GUARDED(ctx, result_type, make)               \
    do {                                              \
        struct abide_guard guard;                     \
        if (setjmp(*abide__guard_enter(ctx, &guard))) \
            return (result_type)0;                    \
        result_type guarded = (make);                 \
        abide__guard_leave(ctx, &guard);              \
        return guarded;                               \
    } while (0)

typedef const abide_type *type_result;
typedef const abide_signature *signature_result;

#endif
