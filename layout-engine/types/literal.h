/* Values of constants: what a text means as a value of a type, and whether integers and floats of a size hold it. */
#ifndef ABIDE_TYPES_LITERAL_H
#define ABIDE_TYPES_LITERAL_H

#include "types/iface.h"

/* What the values of a type are written as. */
enum abide_literal_form {
    ABIDE_LITERAL_FORM_NONE, /* the type has no constants */
    ABIDE_LITERAL_FORM_BOOL,
    ABIDE_LITERAL_FORM_INTEGER,
    ABIDE_LITERAL_FORM_CHAR,
    ABIDE_LITERAL_FORM_FLOAT,
    ABIDE_LITERAL_FORM_TEXT,
    ABIDE_LITERAL_FORM_BYTES,
    ABIDE_LITERAL_FORM_ENUM,
    ABIDE_LITERAL_FORM_FLAGS
};
/* Other names for a type (`newtype`) are looked through. */
enum abide_literal_form abide_literal__form_of(const abide_type *type);

/* -123 or 0x7b, of up to 128 bits. false: it is none. */
bool abide_literal__parse_integer(abide_ctx *ctx, const char *text, abide_literal *value);
/* An integer of two halves as a value, with its digits. */
abide_literal abide_literal__integer(abide_ctx *ctx, bool is_negative, uint64_t high, uint64_t low);
/* The limits of an integer of 1 to 128 bits. */
abide_literal abide_literal__least(abide_ctx *ctx, unsigned bits, bool is_signed);
abide_literal abide_literal__most(abide_ctx *ctx, unsigned bits, bool is_signed);
bool abide_literal__fits(const abide_literal *value, unsigned bits, bool is_signed);
/* The narrowest of i8, u8, ... u128 that holds it; NULL: none. */
const char *abide_literal__type_for(const abide_literal *value);

/* A format of floats: binary digits of a number, and the exponents of the largest and the smallest one with all digits. */
struct abide_float_format {
    unsigned digits;
    int max_exponent, min_exponent; /* of 1.x * 2^e */
};
extern const struct abide_float_format abide_float__half, abide_float__bfloat, abide_float__single,
    abide_float__double, abide_float__wide;

/* 1.5, -2e10, 0x1.8p3, inf, -inf, nan; rounded to f64. false: it is none. */
bool abide_literal__parse_float(abide_ctx *ctx, const char *text, abide_literal *value);
enum abide_float_fit { ABIDE_FLOAT_FITS, ABIDE_FLOAT_TOO_LARGE, ABIDE_FLOAT_TOO_SMALL };
/*
 * Whether the float is a number of the format, and no infinity or zero unless it says so. Rounds `value->number` to nearest, ties to
 * even. Formats of other exponents than f64's are judged by the text.
 */
enum abide_float_fit abide_literal__round(const struct abide_float_format *format,
                                          abide_literal *value);

#endif
