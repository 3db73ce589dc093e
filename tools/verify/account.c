#include "account.h"

#include <string.h>

struct masker {
    const struct signature *signature;
    const struct account *measured;
    const struct machine *machine;
    bool only_floats;
    bool in_storage;
    unsigned char *mask;
};

/* On big-endian machines bits count from the most significant one. */
static void mask_bits(struct masker *m, unsigned offset_bits, unsigned size_bits)
{
    for (unsigned bit = offset_bits; bit < offset_bits + size_bits; bit++)
        if (bit / 8 < CELL_BYTES)
            m->mask[bit / 8] |=
                (unsigned char)(m->machine->is_big_endian ? 0x80u >> bit % 8 : 1u << bit % 8);
}

static void mask_use(struct masker *m, const struct use *use, unsigned offset_bytes,
                     unsigned size_bytes);

static unsigned align_of_use(const struct masker *m, const struct use *use, unsigned size_bytes)
{
    if (use->kind == USE_NAMED)
        return m->measured->types[use->index].align_bytes;
    unsigned count = signature_elements(use);
    return count != 0                ? size_bytes / count
           : use->kind == USE_SCALAR ? scalars[use->index].size_bytes
                                     : m->machine->word_bytes;
}

/* The member of a union that is most aligned, then largest, then first. */
static unsigned storage_member(const struct masker *m, const struct type *type,
                               const struct type_account *layout)
{
    unsigned best = 0, best_align = 0, best_size = 0;
    for (unsigned i = 0; i < type->field_count; i++) {
        unsigned size_bytes = layout->fields[i].size_bits / 8;
        unsigned align_bytes = align_of_use(m, &type->fields[i].type, size_bytes);
        if (align_bytes < best_align || (align_bytes == best_align && size_bytes <= best_size))
            continue;
        best = i;
        best_align = align_bytes;
        best_size = size_bytes;
    }
    return best;
}

static void mask_named(struct masker *m, unsigned index, unsigned offset_bytes, unsigned size_bytes)
{
    const struct type *type = &m->signature->types[index];
    const struct type_account *layout = &m->measured->types[index];
    switch (type->kind) {
    case TYPE_ENUM:
        if (!m->only_floats)
            mask_bits(m, offset_bytes * 8, size_bytes * 8);
        return;
    case TYPE_NEWTYPE: mask_use(m, &type->fields[0].type, offset_bytes, size_bytes); return;
    case TYPE_STRUCT:
    case TYPE_UNION:
    case TYPE_TUPLE: break;
    }
    bool is_stored = m->in_storage && type->kind == TYPE_UNION;
    unsigned storage = is_stored ? storage_member(m, type, layout) : 0;
    for (unsigned i = 0; i < type->field_count; i++) {
        const struct field *field = &type->fields[i];
        struct extent extent = layout->fields[i];
        if (field->is_unnamed || (is_stored && i != storage))
            continue;
        if (field->is_bitfield && m->only_floats)
            continue;
        if (field->is_bitfield)
            mask_bits(m, offset_bytes * 8 + extent.offset_bits, extent.size_bits);
        else
            mask_use(m, &field->type, offset_bytes + extent.offset_bits / 8, extent.size_bits / 8);
    }
}

static void mask_number(struct masker *m, const struct scalar *scalar, unsigned offset_bytes,
                        unsigned size_bytes)
{
    if (m->only_floats && scalar->group != GROUP_FLOAT)
        return;
    if (strcmp(scalar->name, "bool") == 0)
        mask_bits(m, offset_bytes * 8 + (m->machine->is_big_endian ? 7 : 0), 1);
    else if (scalar->feature == FEATURE_LONGDOUBLE)
        mask_bits(m, offset_bytes * 8, m->machine->longdouble_value_bytes * 8);
    else
        mask_bits(m, offset_bytes * 8, size_bytes * 8);
}

static void mask_scalar(struct masker *m, unsigned scalar, unsigned offset_bytes,
                        unsigned size_bytes)
{
    struct scalar_parts parts = signature_scalar_parts(scalar);
    unsigned part_bytes = size_bytes / parts.count;
    for (unsigned i = 0; i < parts.count; i++)
        mask_number(m, &scalars[parts.part], offset_bytes + i * part_bytes, part_bytes);
}

static void mask_use(struct masker *m, const struct use *use, unsigned offset_bytes,
                     unsigned size_bytes)
{
    unsigned count = signature_elements(use);
    unsigned element_bytes = count != 0 ? size_bytes / count : 0;
    for (unsigned i = 0; i < count; i++, offset_bytes += element_bytes) {
        if (use->kind == USE_NAMED)
            mask_named(m, use->index, offset_bytes, element_bytes);
        else if (use->kind == USE_SCALAR)
            mask_scalar(m, use->index, offset_bytes, element_bytes);
        else if (!m->only_floats)
            mask_bits(m, offset_bytes * 8, element_bytes * 8);
    }
}

void account_mask(const struct signature *signature, const struct account *measured,
                  const struct machine *machine, const struct use *use, unsigned size_bytes,
                  unsigned char mask[CELL_BYTES])
{
    struct masker m = {signature, measured, machine, false, false, mask};
    memset(mask, 0, CELL_BYTES);
    mask_use(&m, use, 0, size_bytes);
}

void account_mask_floats(const struct signature *signature, const struct account *measured,
                         const struct machine *machine, const struct use *use, unsigned size_bytes,
                         bool in_storage, unsigned char mask[CELL_BYTES])
{
    struct masker m = {signature, measured, machine, true, in_storage, mask};
    memset(mask, 0, CELL_BYTES);
    mask_use(&m, use, 0, size_bytes);
}

const char *account_pass_name(enum pass pass)
{
    static const char *const names[] = {"ignore", "direct", "pointer", "hidden"};
    return names[pass];
}

bool account_is_on_stack(int place)
{
    return place >= REGISTER_AREA_BYTES && place < WIDE_AREA_START;
}

static const struct machine_register *register_at(const struct machine *machine, bool is_result,
                                                  int place)
{
    return machine_register_at(
        machine, is_result, (unsigned)(place >= PLACE_CONVERTED ? place - PLACE_CONVERTED : place));
}

void account_print_place(FILE *file, int place, const struct machine *machine, bool is_result)
{
    if (place < 0) {
        fprintf(file, place == PLACE_UNKNOWN ? "unknown" : "nowhere");
        return;
    }
    const struct machine_register *reg = register_at(machine, is_result, place);
    if (reg == NULL)
        fprintf(file, "stack%+d", place - REGISTER_AREA_BYTES);
    else if (place >= PLACE_CONVERTED)
        fprintf(file, "%s as %s", reg->name, reg->converts);
    else if (reg->place == (unsigned)place)
        fprintf(file, "%s", reg->name);
    else
        fprintf(file, "%s[%u]", reg->name, (unsigned)place - reg->place);
}

static bool continues(const struct value_account *value, unsigned i, const struct machine *machine,
                      bool is_result)
{
    int before = value->places[i - 1], here = value->places[i];
    if (before < 0)
        return here == before;
    return here == before + 1 &&
           register_at(machine, is_result, before) == register_at(machine, is_result, here);
}

static void print_pieces(FILE *file, const struct value_account *value,
                         const unsigned char mask[CELL_BYTES], const struct machine *machine,
                         bool is_result)
{
    bool is_first = true;
    for (unsigned start = 0, end; start < value->size_bytes; start = end) {
        bool has_meaning = mask[start] != 0;
        for (end = start + 1; end < value->size_bytes; end++) {
            if (!continues(value, end, machine, is_result))
                break;
            has_meaning = has_meaning || mask[end] != 0;
        }
        if (!has_meaning || value->places[start] == PLACE_NONE)
            continue;
        fprintf(file, is_first ? "%u-%u " : ", %u-%u ", start, end - 1);
        account_print_place(file, value->places[start], machine, is_result);
        is_first = false;
    }
    fprintf(file, is_first ? "nothing" : "");
}

void account_print_value(FILE *file, const struct value_account *value,
                         const unsigned char mask[CELL_BYTES], const struct machine *machine,
                         bool is_result)
{
    switch (value->pass) {
    case PASS_IGNORE: fprintf(file, "ignored"); break;
    case PASS_DIRECT: print_pieces(file, value, mask, machine, is_result); break;
    case PASS_POINTER:
        fprintf(file, "a pointer to it in ");
        account_print_place(file, value->pointer_place, machine, false);
        break;
    case PASS_HIDDEN:
        fprintf(file, "at the address in ");
        account_print_place(file, value->pointer_place, machine, false);
        break;
    }
}
