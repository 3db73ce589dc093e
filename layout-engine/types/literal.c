/* Integers of up to 128 bits, the forms of values, and values as text. */
#include "types/literal.h"

#include "base/visible.h"
#include "types/type.h"

#include <string.h>

/* ---- forms ------------------------------------------------------------------------------------ */

static enum abide_literal_form form_of_scalar(enum abide_scalar scalar)
{
    if (scalar == ABIDE_SCALAR_CHAR)
        return ABIDE_LITERAL_FORM_CHAR;
    switch (abide__scalars[scalar].group) {
    case ABIDE_GROUP_BOOL: return ABIDE_LITERAL_FORM_BOOL;
    case ABIDE_GROUP_SIGNED:
    case ABIDE_GROUP_UNSIGNED: return ABIDE_LITERAL_FORM_INTEGER;
    case ABIDE_GROUP_FLOAT: return ABIDE_LITERAL_FORM_FLOAT;
    }
    return ABIDE_LITERAL_FORM_NONE;
}

static bool is_byte(const abide_type *type)
{
    type = abide_type__strip(type);
    return type->kind == ABIDE_KIND_SCALAR && type->scalar == ABIDE_SCALAR_U8;
}

enum abide_literal_form abide_literal__form_of(const abide_type *type)
{
    type = abide_type__strip(type);
    bool is_text = type->kind == ABIDE_KIND_STRING || type->kind == ABIDE_KIND_STRING0 ||
                   type->kind == ABIDE_KIND_CSTRING;
    if (type->kind == ABIDE_KIND_SCALAR)
        return form_of_scalar(type->scalar);
    if (is_text && !type->is_own)
        return ABIDE_LITERAL_FORM_TEXT;
    if ((type->kind == ABIDE_KIND_SLICE && !type->is_mutable && is_byte(type->target)) ||
        (type->kind == ABIDE_KIND_ARRAY && !type->is_flexible && is_byte(type->target)))
        return ABIDE_LITERAL_FORM_BYTES;
    return type->kind == ABIDE_KIND_ENUM    ? ABIDE_LITERAL_FORM_ENUM
           : type->kind == ABIDE_KIND_FLAGS ? ABIDE_LITERAL_FORM_FLAGS
                                            : ABIDE_LITERAL_FORM_NONE;
}

/* ---- integers --------------------------------------------------------------------------------- */

/* high:low = high:low * factor + digit. false: it needs more than 128 bits. */
static bool multiply_add(uint64_t *high, uint64_t *low, unsigned factor, unsigned digit)
{
    uint64_t right = (*low & UINT32_MAX) * factor + digit;
    uint64_t left = (*low >> 32) * factor + (right >> 32);
    uint64_t top;
    *low = left << 32 | (right & UINT32_MAX);
    if (__builtin_mul_overflow(*high, (uint64_t)factor, &top) ||
        __builtin_add_overflow(top, left >> 32, &top))
        return false;
    *high = top;
    return true;
}

/* high:low = high:low / 10; gives the rest. */
static unsigned divide_by_ten(uint64_t *high, uint64_t *low)
{
    uint64_t parts[4] = {*high >> 32, *high & UINT32_MAX, *low >> 32, *low & UINT32_MAX};
    uint64_t rest = 0;
    for (size_t i = 0; i < 4; i++) {
        uint64_t value = rest << 32 | parts[i];
        parts[i] = value / 10;
        rest = value % 10;
    }
    *high = parts[0] << 32 | parts[1];
    *low = parts[2] << 32 | parts[3];
    return (unsigned)rest;
}

abide_literal abide_literal__integer(abide_ctx *ctx, bool is_negative, uint64_t high, uint64_t low)
{
    enum { MAX_BYTES = 48 };
    abide_literal value = {.kind = ABIDE_LITERAL_INTEGER,
                           .is_negative = is_negative && (high || low),
                           .low = low,
                           .high = high};
    char *text = abide__alloc(ctx, MAX_BYTES);
    size_t at = MAX_BYTES - 1;
    text[at] = '\0';
    do
        text[--at] = (char)('0' + divide_by_ten(&high, &low));
    while (high || low);
    if (value.is_negative)
        text[--at] = '-';
    value.text = text + at;
    value.length_bytes = MAX_BYTES - 1 - at;
    return value;
}

bool abide_literal__parse_integer(abide_ctx *ctx, const char *text, abide_literal *value)
{
    bool is_negative = *text == '-';
    text += is_negative;
    bool is_hex = text[0] == '0' && text[1] == 'x';
    text += is_hex ? 2 : 0;
    uint64_t high = 0, low = 0;
    if (!*text || (!is_hex && text[0] == '0' && text[1]))
        return false;
    for (; *text; text++) {
        static const char digits[] = "0123456789abcdef";
        const char *digit = strchr(digits, *text >= 'A' && *text <= 'F' ? *text + 32 : *text);
        unsigned base = is_hex ? 16 : 10;
        if (!digit || (unsigned)(digit - digits) >= base ||
            !multiply_add(&high, &low, base, (unsigned)(digit - digits)))
            return false;
    }
    *value = abide_literal__integer(ctx, is_negative, high, low);
    return true;
}

/* 2^bits - 1 */
static abide_literal all_bits(abide_ctx *ctx, unsigned bits)
{
    uint64_t low = bits >= 64 ? UINT64_MAX : (UINT64_C(1) << bits) - 1;
    uint64_t high = bits >= 128 ? UINT64_MAX : bits > 64 ? (UINT64_C(1) << (bits - 64)) - 1 : 0;
    return abide_literal__integer(ctx, false, high, low);
}

abide_literal abide_literal__most(abide_ctx *ctx, unsigned bits, bool is_signed)
{
    return all_bits(ctx, bits - is_signed);
}

abide_literal abide_literal__least(abide_ctx *ctx, unsigned bits, bool is_signed)
{
    if (!is_signed)
        return abide_literal__integer(ctx, false, 0, 0);
    unsigned bit = bits - 1;
    return abide_literal__integer(ctx, true, bit >= 64 ? UINT64_C(1) << (bit - 64) : 0,
                                  bit < 64 ? UINT64_C(1) << bit : 0);
}

/* How many bits a magnitude has. */
static unsigned count_bits(uint64_t high, uint64_t low)
{
    if (high)
        return 128 - (unsigned)__builtin_clzll(high);
    return low ? 64 - (unsigned)__builtin_clzll(low) : 0;
}

bool abide_literal__fits(const abide_literal *value, unsigned bits, bool is_signed)
{
    if (!value->is_negative)
        return count_bits(value->high, value->low) <= bits - is_signed;
    /* -2^n fits into n + 1 bits, as -(2^n - 1) does. */
    uint64_t low = value->low - 1, high = value->high - (value->low == 0);
    return is_signed && count_bits(high, low) < bits;
}

const char *abide_literal__type_for(const abide_literal *value)
{
    static const struct {
        const char *name;
        unsigned bits;
        bool is_signed;
    } types[] = {{"i8", 8, true},     {"u8", 8, false},    {"i16", 16, true}, {"u16", 16, false},
                 {"i32", 32, true},   {"u32", 32, false},  {"i64", 64, true}, {"u64", 64, false},
                 {"i128", 128, true}, {"u128", 128, false}};
    for (size_t i = 0; i < sizeof types / sizeof *types; i++)
        if (abide_literal__fits(value, types[i].bits, types[i].is_signed))
            return types[i].name;
    return NULL;
}

/* ---- for programs ----------------------------------------------------------------------------- */

bool abide_literal_equal(const abide_literal *a, const abide_literal *b)
{
    if (a->kind != b->kind)
        return false;
    switch (a->kind) {
    case ABIDE_LITERAL_NONE: return true;
    case ABIDE_LITERAL_INTEGER:
        return a->is_negative == b->is_negative && a->low == b->low && a->high == b->high;
    case ABIDE_LITERAL_FLOAT: /* the texts of wide ones say more than their numbers */
        if (strcmp(a->text, b->text) == 0)
            return true;
        return a->is_exact && b->is_exact && a->is_negative == b->is_negative &&
               !(a->number < b->number || a->number > b->number) &&
               __builtin_isnan(a->number) == __builtin_isnan(b->number);
    case ABIDE_LITERAL_TEXT:
    case ABIDE_LITERAL_BYTES:
        return a->length_bytes == b->length_bytes && memcmp(a->text, b->text, a->length_bytes) == 0;
    }
    return false;
}

static void add_quoted(abide_ctx *ctx, struct abide_text *out, const char *text)
{
    for (; *text; text++) {
        unsigned char c = (unsigned char)*text;
        if (c == '"' || c == '\\')
            abide__text_printf(ctx, out, "\\%c", c);
        else if (c == '\n')
            abide__text_add(ctx, out, "\\n", 2);
        else if (c >= 0x80) {
            size_t length_bytes = 1;
            while ((unsigned char)text[length_bytes] >= 0x80)
                length_bytes++;
            abide__add_visible(ctx, out, text, length_bytes);
            text += length_bytes - 1;
        } else if (c < ' ' || c == 0x7f)
            abide__text_printf(ctx, out, "\\x%02x", c);
        else
            abide__text_add(ctx, out, text, 1);
    }
}

/* The name that a number of an enum has; NULL: none. */
static const char *name_of_number(const abide_type *type, const abide_literal *value)
{
    for (size_t i = 0; type->kind == ABIDE_KIND_ENUM && i < type->enumerator_count; i++) {
        const struct abide_enumerator *enumerator = &type->enumerators[i];
        bool is_negative = enumerator->value < 0 && !enumerator->is_large;
        uint64_t low = is_negative ? -(uint64_t)enumerator->value : (uint64_t)enumerator->value;
        if (is_negative == value->is_negative && low == value->low && !value->high)
            return enumerator->name;
    }
    return NULL;
}

/* "[a, c]" of flags that all have names; NULL. */
static const char *names_of_flags(abide_ctx *ctx, const abide_type *type,
                                  const abide_literal *value)
{
    struct abide_text out = {0};
    uint64_t left = value->low;
    for (size_t i = 0; i < type->enumerator_count; i++) {
        uint64_t bit = UINT64_C(1) << (type->enumerators[i].value & 63);
        if (left & bit)
            abide__text_printf(ctx, &out, "%s%s", out.chars ? ", " : "", type->enumerators[i].name);
        left &= ~bit;
    }
    return left ? NULL : abide__printf(ctx, "[%s]", out.chars ? out.chars : "");
}

static const char *print_integer(abide_ctx *ctx, const abide_type *type, const abide_literal *value)
{
    const char *name = type->kind == ABIDE_KIND_FLAGS ? names_of_flags(ctx, type, value)
                                                      : name_of_number(type, value);
    if (abide_literal__form_of(type) == ABIDE_LITERAL_FORM_BOOL)
        return value->low ? "true" : "false";
    return name ? name : value->text;
}

static const char *print_value(abide_ctx *ctx, const abide_type *type, const abide_literal *value)
{
    struct abide_text out = {0};
    abide__text_add(ctx, &out, "", 0);
    switch (value->kind) {
    case ABIDE_LITERAL_NONE: break;
    case ABIDE_LITERAL_INTEGER:
        if (abide_literal__form_of(type) == ABIDE_LITERAL_FORM_CHAR)
            abide__text_printf(ctx, &out, "U+%04X", (unsigned)value->low);
        else
            return print_integer(ctx, type, value);
        break;
    case ABIDE_LITERAL_FLOAT: return value->text;
    case ABIDE_LITERAL_TEXT:
        abide__text_add(ctx, &out, "\"", 1);
        add_quoted(ctx, &out, value->text);
        abide__text_add(ctx, &out, "\"", 1);
        break;
    case ABIDE_LITERAL_BYTES:
        for (size_t i = 0; i < value->length_bytes; i++)
            abide__text_printf(ctx, &out, "%s%02x", i ? " " : "", (unsigned char)value->text[i]);
    }
    return out.chars;
}

const char *abide_literal_print(abide_ctx *ctx, const abide_constant *constant,
                                const abide_literal *value)
{
    struct abide_guard guard;
    if (setjmp(*abide__guard_enter(ctx, &guard)))
        return NULL;
    const char *text = print_value(ctx, abide_type__strip(constant->type), value);
    abide__guard_leave(ctx, &guard);
    return text;
}
