/*
 * Constants: names for values that programs compile in (`constants:` of an interface file). Their values do not travel at run time,
 * so no layout and no call depends on them; a value may differ from target to target.
 *
 * Life: constants belong to their interface, values to the context. Immutable.
 */
#ifndef ABIDE_CONSTANT_H
#define ABIDE_CONSTANT_H

#include "abide/iface.h"
#include "abide/module.h"

#ifdef __cplusplus
extern "C" {
#endif

typedef struct abide_constant abide_constant;

typedef enum abide_literal_kind {
    ABIDE_LITERAL_NONE,    /**< the constant does not exist on the target */
    ABIDE_LITERAL_INTEGER, /**< integers, truth values (0, 1), characters, enums, flags */
    ABIDE_LITERAL_FLOAT,   /**< `number`; of types wider than f64 `text` is more exact */
    ABIDE_LITERAL_TEXT,    /**< UTF-8, without a NUL */
    ABIDE_LITERAL_BYTES
} abide_literal_kind;

/** A value. */
typedef struct abide_literal {
    abide_literal_kind kind;
    bool is_negative;
    uint64_t low, high; /**< INTEGER: the magnitude, of up to 128 bits */
    bool is_exact;      /**< FLOAT: `number` is all of it: the type is no wider than f64 */
    double number;      /**< FLOAT: rounded to the type, or to f64 if that is narrower; else 0 */
    /** INTEGER: decimal. FLOAT: as it was written. TEXT, BYTES: what is in it, with a NUL behind. NONE: NULL. */
    const char *text;
    size_t length_bytes; /**< of `text` */
} abide_literal;

/** The constants in the order of the file; `_at` past the end is NULL. */
ABIDE_API size_t abide_iface_constant_count(const abide_iface *iface);
ABIDE_API const abide_constant *abide_iface_constant_at(const abide_iface *iface, size_t index);
ABIDE_API const abide_constant *abide_iface_constant(const abide_iface *iface,
                                                     const char *name); /**< NULL: none */

ABIDE_API const char *abide_constant_name(const abide_constant *constant);
ABIDE_API const abide_type *abide_constant_type(const abide_constant *constant);
ABIDE_API const char *abide_constant_doc(const abide_constant *constant); /**< NULL: none */
ABIDE_API abide_position abide_constant_position(const abide_constant *constant);
/** Whether the value is the same wherever its type holds it: the file does not tell targets apart. */
ABIDE_API bool abide_constant_is_universal(const abide_constant *constant);

/**
 * The value under `module`, on its target. A target that the file does not give a value for has none (ABIDE_LITERAL_NONE).
 *
 * @return false: reported (constant-range: the type does not hold the value there; what layouts report); `*value` is NONE
 */
ABIDE_API bool abide_constant_value(abide_ctx *ctx, const abide_module *module,
                                    const abide_constant *constant, abide_literal *value);
/** The value as one line that people read: a number, a text in quotes, bytes in hexadecimal; "" of NONE. NULL: reported. */
ABIDE_API const char *abide_literal_print(abide_ctx *ctx, const abide_constant *constant,
                                          const abide_literal *value);
/** The same value; all NaN are. */
ABIDE_API bool abide_literal_equal(const abide_literal *a, const abide_literal *b);

#ifdef __cplusplus
}
#endif
#endif
