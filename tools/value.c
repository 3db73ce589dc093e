/* What reading and printing values share: places, and what a scalar is. */
#include "value.h"

#include <string.h>

const abide_type *value_type(const abide_type *type)
{
    while (value_is(type, "newtype") || value_is(type, "raw"))
        type = abide_type_target(type);
    return type;
}

bool value_is(const abide_type *type, const char *kind)
{
    return strcmp(abide_type_kind_name(type), kind) == 0;
}

struct value_place value_new(struct cli *cli, const abide_module *c, const abide_type *type)
{
    struct value_place place = {0};
    const abide_layout *layout = abide_layout_of(cli->ctx, c, type);
    if (!layout)
        return place;
    uint64_t size_bytes = abide_layout_size_bytes(layout),
             align_bytes = abide_layout_align_bytes(layout);
    if (size_bytes > (uint64_t)1 << 30) {
        cli_report(cli, "bad-argument", NULL, "%s is too large for a value of a command line",
                   abide_type_print(cli->ctx, type));
        return place;
    }
    uintptr_t start = (uintptr_t)cli_alloc(size_bytes + align_bytes + 1, 1);
    start += -start % (uintptr_t)(align_bytes ? align_bytes : 1);
    place.memory = (unsigned char *)start; // NOLINT(performance-no-int-to-ptr)
    place.size_bits = size_bytes * 8;
    return place;
}

/* Where bit `index` of a place is, counted from the least significant one. */
static unsigned bit_of(struct value_place place, uint64_t index, unsigned char **byte)
{
    static const uint16_t one = 1;
    bool is_little = *(const unsigned char *)&one == 1;
    uint64_t at = place.offset_bits + (is_little ? index : place.size_bits - 1 - index);
    *byte = place.memory + at / 8;
    return is_little ? (unsigned)(at % 8) : 7 - (unsigned)(at % 8);
}

uint64_t value_bits_get(struct value_place place)
{
    uint64_t value = 0;
    unsigned char *byte;
    for (uint64_t i = 0; i < place.size_bits && i < 64; i++) {
        unsigned bit = bit_of(place, i, &byte);
        value |= (uint64_t)(*byte >> bit & 1U) << i;
    }
    return value;
}

void value_bits_put(struct value_place place, uint64_t value)
{
    unsigned char *byte;
    for (uint64_t i = 0; i < place.size_bits && i < 64; i++) {
        unsigned bit = bit_of(place, i, &byte);
        *byte = (unsigned char)((*byte & ~(1U << bit)) | (unsigned)(value >> i & 1U) << bit);
    }
}

struct value_place value_part(struct value_place whole, const abide_field_info *field)
{
    return (struct value_place){whole.memory, whole.offset_bits + field->offset_bits,
                                field->size_bits};
}

bool value_member(struct cli *cli, const abide_module *c, const abide_type *type, const char *name,
                  struct value_place whole, struct value_place *member)
{
    const abide_layout *layout = abide_layout_of(cli->ctx, c, type);
    for (size_t i = 0; layout && i < abide_layout_field_count(layout); i++) {
        abide_field_info field = abide_layout_field_at(layout, i);
        if (!field.name || strcmp(field.name, name) != 0)
            continue;
        *member = value_part(whole, &field);
        return true;
    }
    return false;
}

struct value_text value_text_of(struct cli *cli, const abide_module *c, const abide_type *type)
{
    struct value_text text = {0};
    const abide_layout *layout = abide_layout_of(cli->ctx, c, type);
    const abide_type *pointer = layout ? value_type(abide_layout_type(layout)) : NULL;
    text.is_ended = pointer && value_is(pointer, "pointer");
    for (size_t i = 0; layout && i < abide_layout_field_count(layout); i++) {
        abide_field_info field = abide_layout_field_at(layout, i);
        if (field.name && strcmp(field.name, "ptr") == 0)
            pointer = value_type(field.type);
    }
    if (pointer && value_is(pointer, "pointer"))
        text.is_wide = strcmp(abide_type_print(cli->ctx, abide_type_target(pointer)), "u16") == 0;
    return text;
}

enum value_number value_number(struct cli *cli, const abide_type *type)
{
    static const char *const floats[] = {"f16",  "bf16",    "f32",      "f64",          "f80",
                                         "f128", "c_float", "c_double", "c_longdouble", NULL};
    static const char *const unsigned_ones[] = {
        "u8",       "u16",    "u32",     "u64",         "u128", "char", "c_uchar",
        "c_ushort", "c_uint", "c_ulong", "c_ulonglong", "size", "uptr", NULL};
    const char *name = abide_type_print(cli->ctx, type);
    if (strcmp(name, "bool") == 0)
        return VALUE_BOOL;
    for (size_t i = 0; floats[i]; i++)
        if (strcmp(name, floats[i]) == 0)
            return VALUE_FLOAT;
    for (size_t i = 0; unsigned_ones[i]; i++)
        if (strcmp(name, unsigned_ones[i]) == 0)
            return VALUE_UNSIGNED;
    return VALUE_SIGNED;
}
