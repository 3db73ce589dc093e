#include "values.h"

#include <string.h>

struct filler {
    const struct signature *signature;
    const struct account *layout;
    const struct machine *machine;
    uint64_t *random;
    unsigned char *bytes;
};

/* splitmix64 */
static uint64_t next(uint64_t *state)
{
    uint64_t z = (*state += 0x9e3779b97f4a7c15u);
    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9u;
    z = (z ^ (z >> 27)) * 0x94d049bb133111ebu;
    return z ^ (z >> 31);
}

/* The number's bytes, in the machine's order. */
static void put_number(const struct filler *f, unsigned at, unsigned size_bytes, uint64_t value)
{
    for (unsigned i = 0; i < size_bytes; i++) {
        unsigned char byte = i < 8 ? (unsigned char)(value >> 8 * i) : (value >> 63 ? 0xff : 0);
        f->bytes[at + (f->machine->is_big_endian ? size_bytes - 1 - i : i)] = byte;
    }
}

/* The byte of a number, counted from its least significant one. */
static unsigned char *byte_of(const struct filler *f, unsigned at, unsigned size_bytes,
                              unsigned index)
{
    return &f->bytes[at + (f->machine->is_big_endian ? size_bytes - 1 - index : index)];
}

/*
 * Any bytes that are an ordinary number in every binary format: of the exponent, which is in the top bits, neither all nor
 * none are set. x87 numbers have their leading bit besides.
 */
static void put_float(const struct filler *f, unsigned at, unsigned size_bytes,
                      unsigned value_bytes)
{
    unsigned part_bytes = value_bytes;
    for (unsigned i = 0; i < value_bytes; i++)
        f->bytes[at + i] = (unsigned char)next(f->random);
    unsigned char *top = f->machine->is_big_endian ? &f->bytes[at] : &f->bytes[at + part_bytes - 1];
    *top = (unsigned char)((*top & 0x87) | 0x30);
    if (value_bytes == 10) {
        f->bytes[at + 7] |= 0x80;
        memset(f->bytes + at + value_bytes, 0, size_bytes - value_bytes);
    }
    /* Two doubles: the lower one is a number too, and far below the higher one. */
    if (value_bytes == 16 && f->machine->longdouble_value_bytes == 16)
        *byte_of(f, at, 8, 7) = (unsigned char)((*byte_of(f, at, 8, 7) & 0x87) | 0x30);
}

static void put_one(const struct filler *f, const struct scalar *scalar, unsigned at,
                    unsigned size_bytes)
{
    bool is_long_double = scalar->feature == FEATURE_LONGDOUBLE;
    if (strcmp(scalar->name, "bool") == 0)
        put_number(f, at, size_bytes, next(f->random) & 1);
    else if (strcmp(scalar->name, "char") == 0)
        put_number(f, at, size_bytes, next(f->random) % 0xd800);
    else if (scalar->group == GROUP_FLOAT)
        put_float(f, at, size_bytes,
                  is_long_double && f->machine->longdouble_value_bytes < size_bytes
                      ? f->machine->longdouble_value_bytes
                      : size_bytes);
    else if (strncmp(scalar->name, "bitset<5>", 9) == 0)
        put_number(f, at, size_bytes, next(f->random) & 0x1f);
    else if (strncmp(scalar->name, "bitset<17>", 10) == 0)
        put_number(f, at, size_bytes, next(f->random) & 0x1ffff);
    else
        for (unsigned i = 0; i < size_bytes; i++)
            f->bytes[at + i] = (unsigned char)next(f->random);
}

static void put_scalar(const struct filler *f, unsigned scalar, unsigned at, unsigned size_bytes)
{
    struct scalar_parts parts = signature_scalar_parts(scalar);
    unsigned part_bytes = size_bytes / parts.count;
    for (unsigned i = 0; i < parts.count; i++)
        put_one(f, &scalars[parts.part], at + i * part_bytes, part_bytes);
}

static void put_bits(const struct filler *f, unsigned offset_bits, unsigned size_bits)
{
    for (unsigned bit = offset_bits; bit < offset_bits + size_bits; bit++) {
        unsigned char set =
            (unsigned char)(f->machine->is_big_endian ? 0x80u >> bit % 8 : 1u << bit % 8);
        f->bytes[bit / 8] &= (unsigned char)~set;
        f->bytes[bit / 8] |= next(f->random) & 1 ? set : 0;
    }
}

static void put_use(const struct filler *f, const struct use *use, unsigned at,
                    unsigned size_bytes);

static void put_named(const struct filler *f, unsigned index, unsigned at, unsigned size_bytes)
{
    const struct type *type = &f->signature->types[index];
    const struct type_account *layout = &f->layout->types[index];
    switch (type->kind) {
    case TYPE_ENUM:
        put_number(f, at, size_bytes,
                   type->is_list ? next(f->random) & 1
                                 : (next(f->random) & 1 ? 100 : (uint64_t)type->first_value));
        return;
    case TYPE_NEWTYPE: put_use(f, &type->fields[0].type, at, size_bytes); return;
    case TYPE_STRUCT:
    case TYPE_UNION:
    case TYPE_TUPLE: break;
    }
    for (unsigned i = 0; i < type->field_count; i++) {
        const struct field *field = &type->fields[i];
        struct extent extent = layout->fields[i];
        if (field->is_unnamed)
            continue;
        if (field->is_bitfield)
            put_bits(f, at * 8 + extent.offset_bits, extent.size_bits);
        else
            put_use(f, &field->type, at + extent.offset_bits / 8, extent.size_bits / 8);
    }
}

static void put_use(const struct filler *f, const struct use *use, unsigned at, unsigned size_bytes)
{
    unsigned count = signature_elements(use);
    unsigned element_bytes = count != 0 ? size_bytes / count : 0;
    for (unsigned i = 0; i < count && element_bytes > 0; i++, at += element_bytes) {
        if (use->kind == USE_NAMED)
            put_named(f, use->index, at, element_bytes);
        else if (use->kind == USE_SCALAR)
            put_scalar(f, use->index, at, element_bytes);
        else
            for (unsigned b = 0; b < element_bytes; b++)
                f->bytes[at + b] = (unsigned char)next(f->random);
    }
}

void value_fill(const struct signature *signature, const struct account *layout,
                const struct machine *machine, const struct use *use, unsigned size_bytes,
                uint64_t *random, unsigned char bytes[CELL_BYTES])
{
    const struct filler f = {signature, layout, machine, random, bytes};
    memset(bytes, 0, CELL_BYTES);
    put_use(&f, use, 0, size_bytes);
}
