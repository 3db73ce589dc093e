/*
 * Floats as text, and their rounding. strtod does the work; the decimal point, which depends on the locale of the process, is
 * taken out before. What f64 cannot tell of wider formats is judged by the digits themselves.
 */
#include "types/literal.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { MAX_TEXT_BYTES = 1024, MAX_EXPONENT_DIGITS = 6 };

const struct abide_float_format abide_float__half = {11, 15, -14};
const struct abide_float_format abide_float__bfloat = {8, 127, -126};
const struct abide_float_format abide_float__single = {24, 127, -126};
const struct abide_float_format abide_float__double = {53, 1023, -1022};
/* x87's and quad's exponents are the same. */
const struct abide_float_format abide_float__wide = {64, 16383, -16382};

/* A number's text, taken apart: sign, digits without the point, and the exponent that belongs to them. */
struct digits {
    bool is_negative, is_hex;
    char chars[MAX_TEXT_BYTES + 1]; /* without zeros in front; "": zero */
    size_t count;
    long exponent; /* of 10, or of 2, behind the last digit */
};

static bool is_digit_of(char c, bool is_hex)
{
    return is_hex ? isxdigit((unsigned char)c) != 0 : c >= '0' && c <= '9';
}

/* Behind the digits: e-12, p+3, or nothing. */
static bool parse_exponent(const char *at, bool is_hex, long *exponent)
{
    char letter = is_hex ? 'p' : 'e';
    if (!*at)
        return true;
    if (*at != letter && *at != letter - 32)
        return false;
    at++;
    bool is_negative = *at == '-';
    at += *at == '-' || *at == '+';
    size_t count = strspn(at, "0123456789");
    if (count == 0 || count > MAX_EXPONENT_DIGITS || at[count])
        return false;
    long value = strtol(at, NULL, 10);
    *exponent += is_negative ? -value : value;
    return true;
}

static bool parse_digits(const char *text, struct digits *digits)
{
    if (strlen(text) > MAX_TEXT_BYTES)
        return false;
    digits->is_negative = *text == '-';
    text += digits->is_negative;
    digits->is_hex = text[0] == '0' && text[1] == 'x';
    text += digits->is_hex ? 2 : 0;
    bool is_behind_point = false, has_digits = false;
    for (; is_digit_of(*text, digits->is_hex) || (*text == '.' && !is_behind_point); text++) {
        if (*text == '.') {
            is_behind_point = true;
            if (!has_digits || !is_digit_of(text[1], digits->is_hex))
                return false; /* .5 and 5. are easily misread */
            continue;
        }
        has_digits = true;
        digits->exponent -= is_behind_point ? (digits->is_hex ? 4 : 1) : 0;
        if (*text != '0' || digits->count)
            digits->chars[digits->count++] = *text;
    }
    digits->chars[digits->count] = '\0';
    return has_digits && parse_exponent(text, digits->is_hex, &digits->exponent);
}

static double number_of(const struct digits *digits)
{
    char text[MAX_TEXT_BYTES + 32];
    snprintf(text, sizeof text, "%s%s%s%c%ld", digits->is_negative ? "-" : "",
             digits->is_hex ? "0x" : "", digits->count ? digits->chars : "0",
             digits->is_hex ? 'p' : 'e', digits->exponent);
    return strtod(text, NULL);
}

static bool parse_special(const char *text, abide_literal *value)
{
    value->is_negative = *text == '-';
    if (strcmp(text, "nan") == 0)
        value->number = __builtin_nan("");
    else if (strcmp(text + value->is_negative, "inf") == 0)
        value->number = value->is_negative ? -__builtin_inf() : __builtin_inf();
    else
        return false;
    return true;
}

bool abide_literal__parse_float(abide_ctx *ctx, const char *text, abide_literal *value)
{
    struct digits *digits = abide__new(ctx, struct digits);
    *value =
        (abide_literal){.kind = ABIDE_LITERAL_FLOAT, .text = text, .length_bytes = strlen(text)};
    if (parse_special(text, value))
        return true;
    if (!parse_digits(text, digits))
        return false;
    value->is_negative = digits->is_negative;
    value->number = number_of(digits);
    return true;
}

/* ---- rounding --------------------------------------------------------------------------------- */

static int exponent_of(double number)
{
    uint64_t bits;
    memcpy(&bits, &number, sizeof bits);
    return (int)(bits >> 52 & 0x7ff) - 1023;
}

/* To nearest, ties to even, with fewer digits than f64 has; the number is finite, and f64 gives it all digits. */
static double round_to(const struct abide_float_format *format, double number)
{
    uint64_t bits;
    memcpy(&bits, &number, sizeof bits);
    int exponent = exponent_of(number);
    unsigned drop = 53 - format->digits;
    if (exponent < format->min_exponent)
        drop += (unsigned)(format->min_exponent - exponent);
    if (drop > 53)
        return number < 0 ? -0.0 : 0.0;
    uint64_t significand = (bits & ((UINT64_C(1) << 52) - 1)) | UINT64_C(1) << 52;
    uint64_t kept = drop < 64 ? significand >> drop : 0;
    uint64_t rest = significand & ((UINT64_C(1) << drop) - 1), half = UINT64_C(1) << (drop - 1);
    kept += rest > half || (rest == half && (kept & 1));
    double result = (double)kept;
    for (int e = exponent - 52 + (int)drop; e; e += e < 0 ? 1 : -1)
        result *= e < 0 ? 0.5 : 2;
    return bits >> 63 ? -result : result;
}

/* The exponent of the first digit: of 2 for hexadecimal ones, else of 10. */
static long leading_exponent(const struct digits *digits)
{
    if (!digits->is_hex)
        return digits->exponent + (long)digits->count - 1;
    char first = digits->chars[0];
    int value = first <= '9' ? first - '0' : (first | 32) - 'a' + 10;
    return digits->exponent + 4 * ((long)digits->count - 1) + 31 - __builtin_clz((unsigned)value);
}

/* x87 and quad: 2^16384 is 1.18973149535723176502e4932, their least numbers are above 6e-4966 and 3e-4951. */
static enum abide_float_fit judge_wide(const char *text)
{
    static const char largest[] = "118973149535723176502";
    struct digits digits = {0};
    if (!parse_digits(text, &digits) || digits.count == 0)
        return ABIDE_FLOAT_FITS; /* inf, nan, zero */
    long exponent = leading_exponent(&digits);
    if (digits.is_hex)
        return exponent > 16383    ? ABIDE_FLOAT_TOO_LARGE
               : exponent < -16445 ? ABIDE_FLOAT_TOO_SMALL
                                   : ABIDE_FLOAT_FITS;
    if (exponent > 4932 || (exponent == 4932 && strcmp(digits.chars, largest) >= 0))
        return ABIDE_FLOAT_TOO_LARGE;
    return exponent < -4950 ? ABIDE_FLOAT_TOO_SMALL : ABIDE_FLOAT_FITS;
}

static bool is_zero(double number)
{
    return !(number < 0 || number > 0) && !__builtin_isnan(number);
}

/* Whether the text says zero. */
static bool says_zero(const char *text)
{
    struct digits digits = {0};
    return parse_digits(text, &digits) && digits.count == 0;
}

enum abide_float_fit abide_literal__round(const struct abide_float_format *format,
                                          abide_literal *value)
{
    bool is_special = strstr(value->text, "inf") || strcmp(value->text, "nan") == 0;
    if (format == &abide_float__wide)
        return judge_wide(value->text);
    value->is_exact = true;
    if (is_special)
        return ABIDE_FLOAT_FITS;
    if (__builtin_isinf(value->number))
        return ABIDE_FLOAT_TOO_LARGE;
    if (format->digits < 53 && !is_zero(value->number))
        value->number = round_to(format, value->number);
    if (exponent_of(value->number) > format->max_exponent)
        return ABIDE_FLOAT_TOO_LARGE;
    return is_zero(value->number) && !says_zero(value->text) ? ABIDE_FLOAT_TOO_SMALL
                                                             : ABIDE_FLOAT_FITS;
}
