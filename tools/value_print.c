/* Values in memory become JSON. */
#include "utf16.h"
#include "value.h"

#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* What is to be printed, and where to. */
struct printing {
    struct cli *cli;
    const abide_module *c;
    struct text *text;
};

static void print(const struct printing *p, const abide_type *type, struct value_place place);

/* The bytes of the UTF-8 sequence at `chars`; 0: it is none. */
static size_t sequence_bytes(const unsigned char *chars, size_t left_bytes)
{
    size_t count = chars[0] < 0x80                                 ? 1
                   : (chars[0] & 0xe0) == 0xc0 && chars[0] >= 0xc2 ? 2
                   : (chars[0] & 0xf0) == 0xe0                     ? 3
                   : (chars[0] & 0xf8) == 0xf0 && chars[0] <= 0xf4 ? 4
                                                                   : 0;
    if (count > left_bytes)
        return 0;
    for (size_t i = 1; i < count; i++)
        if ((chars[i] & 0xc0) != 0x80)
            return 0;
    return count;
}

/* Bytes that are no UTF-8 show as the replacement character. */
static void print_text(struct text *text, const char *chars, size_t length_bytes)
{
    text_puts(text, "\"");
    for (size_t i = 0; i < length_bytes;) {
        unsigned char c = (unsigned char)chars[i];
        size_t count = sequence_bytes((const unsigned char *)chars + i, length_bytes - i);
        if (c == '"' || c == '\\')
            text_printf(text, "\\%c", c);
        else if (c == '\n')
            text_puts(text, "\\n");
        else if (c < 0x20 || c == 0x7f)
            text_printf(text, "\\u%04x", c);
        else if (count)
            text_add(text, chars + i, count);
        else
            text_puts(text, "\\ufffd");
        i += count ? count : 1;
    }
    text_puts(text, "\"");
}

/* The fewest digits that are read back as the same number. */
static void print_number(struct text *text, double value, bool is_narrow)
{
    char digits[40];
    if (!isfinite(value)) {
        text_puts(text, isnan(value) ? "\"nan\"" : value < 0 ? "\"-inf\"" : "\"inf\"");
        return;
    }
    for (int precision = 1; precision <= 17; precision++) {
        snprintf(digits, sizeof digits, "%.*g", precision, value);
        if (is_narrow ? strtof(digits, NULL) == (float)value : strtod(digits, NULL) == value)
            break;
    }
    text_puts(text, digits);
}

static void print_float(const struct printing *p, struct value_place place)
{
    const unsigned char *memory = place.memory + place.offset_bits / 8;
    float narrow;
    double value;
    if (place.size_bits == 32) {
        memcpy(&narrow, memory, sizeof narrow);
        print_number(p->text, (double)narrow, true);
    } else if (place.size_bits == 64) {
        memcpy(&value, memory, sizeof value);
        print_number(p->text, value, false);
    } else if (place.size_bits == 8 * sizeof(long double)) {
        long double wide;
        memcpy(&wide, memory, sizeof wide);
        print_number(p->text, (double)wide, false);
    } else {
        text_puts(p->text, "null");
    }
}

static void print_signed(const struct printing *p, struct value_place place)
{
    uint64_t value = value_bits_get(place);
    if (place.size_bits < 64 && value >> (place.size_bits - 1))
        value |= UINT64_MAX << place.size_bits;
    text_printf(p->text, "%" PRId64, (int64_t)value);
}

/* Two halves of a wide integer, as hexadecimal text. */
static void print_wide(const struct printing *p, struct value_place place)
{
    unsigned char bytes[16];
    static const uint16_t one = 1;
    bool is_little = *(const unsigned char *)&one == 1;
    memcpy(bytes, place.memory + place.offset_bits / 8, sizeof bytes);
    text_puts(p->text, "\"0x");
    for (size_t i = 0; i < sizeof bytes; i++)
        text_printf(p->text, "%02x", bytes[is_little ? sizeof bytes - 1 - i : i]);
    text_puts(p->text, "\"");
}

static void print_scalar(const struct printing *p, const abide_type *type, struct value_place place)
{
    enum value_number number = value_number(p->cli, type);
    if (number == VALUE_FLOAT)
        print_float(p, place);
    else if (place.size_bits > 64)
        print_wide(p, place);
    else if (number == VALUE_BOOL)
        text_puts(p->text, value_bits_get(place) ? "true" : "false");
    else if (number == VALUE_SIGNED)
        print_signed(p, place);
    else
        text_printf(p->text, "%" PRIu64, value_bits_get(place));
}

/* A value without a name is shown as a number. */
static void print_enum(const struct printing *p, const abide_type *type, struct value_place place)
{
    uint64_t value = value_bits_get(place);
    uint64_t mask = place.size_bits < 64 ? ((uint64_t)1 << place.size_bits) - 1 : UINT64_MAX;
    for (size_t i = 0; i < abide_type_value_count(type); i++) {
        abide_enum_value one = abide_type_value_at(type, i);
        if (((uint64_t)one.value & mask) != value)
            continue;
        print_text(p->text, one.name, strlen(one.name));
        return;
    }
    text_printf(p->text, "%" PRIu64, value);
}

static void print_flags(const struct printing *p, const abide_type *type, struct value_place place)
{
    uint64_t value = value_bits_get(place);
    const char *join = "";
    text_puts(p->text, "[");
    for (size_t i = 0; i < abide_type_value_count(type); i++) {
        abide_enum_value one = abide_type_value_at(type, i);
        if (!(value >> one.value & 1))
            continue;
        text_puts(p->text, join);
        print_text(p->text, one.name, strlen(one.name));
        value &= ~((uint64_t)1 << one.value);
        join = ", ";
    }
    if (value)
        text_printf(p->text, "%s%" PRIu64, join, value);
    text_puts(p->text, "]");
}

static const void *address_in(struct value_place place)
{
    return (const void *)(uintptr_t)value_bits_get(place); // NOLINT(performance-no-int-to-ptr)
}

static void print_address(const struct printing *p, struct value_place place)
{
    if (address_in(place))
        text_printf(p->text, "\"0x%" PRIx64 "\"", value_bits_get(place));
    else
        text_puts(p->text, "null");
}

static void print_cstring(const struct printing *p, struct value_place place)
{
    const char *chars = address_in(place);
    if (chars)
        print_text(p->text, chars, strlen(chars));
    else
        text_puts(p->text, "null");
}

static void print_row(const struct printing *p, const abide_type *type, unsigned char *memory,
                      uint64_t offset_bits, uint64_t count)
{
    const abide_layout *layout = abide_layout_of(p->cli->ctx, p->c, type);
    uint64_t size_bits = layout ? abide_layout_size_bytes(layout) * 8 : 0;
    text_puts(p->text, "[");
    for (uint64_t i = 0; layout && i < count; i++) {
        text_puts(p->text, i ? ", " : "");
        print(p, type, (struct value_place){memory, offset_bits + i * size_bits, size_bits});
    }
    text_puts(p->text, "]");
}

/* Units that are no text are shown as numbers. */
static void print_units(struct text *text, const uint16_t *units, size_t count)
{
    const char *chars, *join = "";
    size_t length_bytes;
    if (utf8_of(units, count, &chars, &length_bytes)) {
        print_text(text, chars, length_bytes);
        return;
    }
    text_puts(text, "[");
    for (size_t i = 0; i < count; i++, join = ", ")
        text_printf(text, "%s%u", join, (unsigned)units[i]);
    text_puts(text, "]");
}

/* Up to a NUL. */
static void print_ended(const struct printing *p, struct value_place place, bool is_wide)
{
    const uint16_t *units = address_in(place);
    size_t count = 0;
    if (!is_wide || !units) {
        print_cstring(p, place);
        return;
    }
    while (units[count])
        count++;
    print_units(p->text, units, count);
}

static void print_sequence(const struct printing *p, const abide_type *type,
                           struct value_place place)
{
    struct value_place pointer, length;
    bool is_text = !value_is(type, "slice");
    struct value_text form = {0};
    if (is_text)
        form = value_text_of(p->cli, p->c, type);
    if (form.is_ended) {
        print_ended(p, place, form.is_wide);
        return;
    }
    if (!value_member(p->cli, p->c, type, "ptr", place, &pointer) ||
        !value_member(p->cli, p->c, type, "len", place, &length)) {
        text_puts(p->text, "null");
        return;
    }
    const void *data = address_in(pointer);
    uint64_t count = data ? value_bits_get(length) : 0;
    if (form.is_wide)
        print_units(p->text, data, count);
    else if (is_text)
        print_text(p->text, data, count);
    else
        print_row(p, abide_type_target(type), (unsigned char *)data, 0, count);
}

static void print_record(const struct printing *p, const abide_type *type, struct value_place place)
{
    const abide_layout *layout = abide_layout_of(p->cli->ctx, p->c, type);
    bool is_tuple = value_is(type, "tuple");
    const char *join = "";
    size_t count = abide_type_member_count(type);
    text_puts(p->text, is_tuple ? "[" : "{");
    for (size_t i = 0; layout && i < count && i < abide_layout_field_count(layout); i++) {
        abide_member member = abide_type_member_at(type, i);
        abide_field_info field = abide_layout_field_at(layout, i);
        if (!is_tuple && !member.name)
            continue;
        text_puts(p->text, join);
        if (!is_tuple) {
            print_text(p->text, member.name, strlen(member.name));
            text_puts(p->text, ": ");
        }
        print(p, member.type, value_part(place, &field));
        join = ", ";
    }
    text_puts(p->text, is_tuple ? "]" : "}");
}

/* Which case it is; the number of cases: a tag that none has. */
static size_t case_of(const abide_sum *sum, struct value_place place)
{
    abide_field_info tag = abide_sum_discriminant(sum);
    size_t count = abide_sum_case_count(sum);
    if (!tag.type) {
        struct value_place pointer = {place.memory, place.offset_bits, abide_sum_null_bits(sum)};
        size_t null_case = abide_sum_null_case(sum);
        return value_bits_get(pointer) ? (null_case ? 0 : 1) : null_case;
    }
    uint64_t value = value_bits_get(value_part(place, &tag));
    uint64_t mask = tag.size_bits < 64 ? ((uint64_t)1 << tag.size_bits) - 1 : UINT64_MAX;
    for (size_t i = 0; i < count; i++)
        if (((uint64_t)abide_sum_case_at(sum, i).tag & mask) == value)
            return i;
    return count;
}

static void print_sum(const struct printing *p, const abide_type *type, struct value_place place)
{
    const abide_sum *sum = abide_sum_of(p->cli->ctx, p->c, type);
    size_t index = sum ? case_of(sum, place) : 0;
    if (!sum || index >= abide_sum_case_count(sum)) {
        text_puts(p->text, "null");
        return;
    }
    abide_variant_case one = abide_type_case_at(type, index);
    abide_field_info payload = abide_sum_case_at(sum, index).payload;
    if (value_is(type, "option")) {
        if (payload.type)
            print(p, one.type, value_part(place, &payload));
        else
            text_puts(p->text, "null");
        return;
    }
    text_puts(p->text, payload.type ? "{" : "");
    print_text(p->text, one.name, strlen(one.name));
    if (!payload.type)
        return;
    text_puts(p->text, ": ");
    print(p, one.type, value_part(place, &payload));
    text_puts(p->text, "}");
}

static void print(const struct printing *p, const abide_type *type, struct value_place place)
{
    static const struct {
        const char *kind;
        void (*print)(const struct printing *p, const abide_type *type, struct value_place place);
    } kinds[] = {
        {"scalar", print_scalar},    {"enum", print_enum},         {"flags", print_flags},
        {"string", print_sequence},  {"string16", print_sequence}, {"utf16", print_sequence},
        {"string0", print_sequence}, {"slice", print_sequence},    {"struct", print_record},
        {"union", print_record},     {"tuple", print_record},      {"variant", print_sum},
        {"option", print_sum},       {"result", print_sum}};
    type = value_type(type);
    for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++)
        if (value_is(type, kinds[i].kind)) {
            kinds[i].print(p, type, place);
            return;
        }
    if (value_is(type, "cstring"))
        print_cstring(p, place);
    else if (value_is(type, "array") || value_is(type, "vector"))
        print_row(p, abide_type_target(type), place.memory, place.offset_bits,
                  abide_type_count(type));
    else if (value_is(type, "complex"))
        print_row(p, abide_type_target(type), place.memory, place.offset_bits, 2);
    else if (place.size_bits == 8 * sizeof(void *))
        print_address(p, place);
    else
        text_puts(p->text, "null");
}

void value_print(struct cli *cli, const abide_module *c, const abide_type *type,
                 struct value_place place, struct text *text)
{
    const struct printing printing = {cli, c, text};
    print(&printing, type, place);
}
