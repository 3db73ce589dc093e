/*
 * A piece is a section of an object that is put somewhere into a section of the result: a function once for each copy of it,
 * everything else once. Symbols and relocations follow their pieces.
 */
#include "join_pieces.h"

#include <string.h>

/* ---- symbols that others can see ---- */

static size_t hash(const char *name)
{
    uint64_t value = 14695981039346656037u; /* FNV-1a */
    for (; *name; name++)
        value = (value ^ (unsigned char)*name) * 1099511628211u;
    return (size_t)(value ^ value >> 32);
}

static size_t *slot_of(struct abide_join *j, const char *name)
{
    size_t at = hash(name) % j->slot_count;
    while (j->slots[at] && strcmp(j->globals.items[j->slots[at] - 1].name, name) != 0)
        at = (at + 1) % j->slot_count;
    return &j->slots[at];
}

static void grow_slots(struct abide_join *j)
{
    if (2 * (j->globals.count + 1) < j->slot_count)
        return;
    j->slot_count = j->slot_count ? 4 * j->slot_count : 64;
    j->slots = abide__new_array(j->ctx, size_t, j->slot_count);
    for (size_t i = 0; i < j->globals.count; i++)
        *slot_of(j, j->globals.items[i].name) = i + 1;
}

/* Enters a symbol, of which there may be one of the name. false: two define it. */
static bool add_global(struct abide_join *j, const struct abide_elf_symbol *symbol, size_t *index)
{
    grow_slots(j);
    size_t *slot = slot_of(j, symbol->name);
    if (!*slot) {
        abide__push(j->ctx, &j->globals, *symbol);
        *slot = j->globals.count;
    }
    *index = *slot - 1;
    struct abide_elf_symbol *known = &j->globals.items[*index];
    bool is_defined = symbol->section != ABIDE_ELF_UNDEFINED;
    bool was_defined = known->section != ABIDE_ELF_UNDEFINED;
    if (known->section == symbol->section && known->value == symbol->value) {
        if (!is_defined && symbol->binding == ABIDE_ELF_GLOBAL)
            known->binding = ABIDE_ELF_GLOBAL;
        return true;
    }
    if (is_defined && was_defined && known->binding == symbol->binding &&
        symbol->binding == ABIDE_ELF_GLOBAL)
        return false;
    if (is_defined && (!was_defined || symbol->binding == ABIDE_ELF_GLOBAL))
        *known = *symbol;
    return true;
}

size_t abide_join__add_local(struct abide_join *j, struct abide_elf_symbol symbol)
{
    symbol.binding = ABIDE_ELF_LOCAL;
    abide__push(j->ctx, &j->locals, symbol);
    return j->locals.count - 1;
}

/* Arm's and RISC-V's symbols that say what lies behind them, until the next one. */
bool abide_join__is_mapping(const struct abide_elf_symbol *symbol)
{
    return symbol->binding == ABIDE_ELF_LOCAL && symbol->type == ABIDE_ELF_NOTYPE &&
           symbol->name[0] == '$';
}

/* ---- sections of the result ---- */

static bool can_hold(const struct abide_join_output_section *output,
                     const struct abide_elf_section *section, const char *name)
{
    return output->section.type == section->type && output->section.flags == section->flags &&
           output->section.entry_bytes == section->entry_bytes &&
           !strcmp(output->section.name, name);
}

size_t abide_join__output_for(struct abide_join *j, const struct abide_elf_section *section,
                              const char *name)
{
    for (size_t i = 0; i < j->outputs.count; i++)
        if (can_hold(&j->outputs.items[i], section, name))
            return i;
    struct abide_join_output_section output = {.section = *section, .symbol = ABIDE_JOIN_NONE};
    output.section.name = name;
    abide__push(j->ctx, &j->outputs, output);
    return j->outputs.count - 1;
}

static void fill_up_to(struct abide_join *j, struct abide_join_output_section *output,
                       uint64_t align_bytes)
{
    const unsigned char fill = output->section.flags & ABIDE_ELF_EXECUTE ? j->fill : 0;
    while (align_bytes > 1 && output->size_bytes % align_bytes) {
        if (output->section.type != ABIDE_ELF_NOBITS)
            abide__text_add(j->ctx, &output->bytes, (const char *)&fill, 1);
        output->size_bytes++;
    }
    if (align_bytes > output->section.align_bytes)
        output->section.align_bytes = align_bytes;
}

struct abide_join_piece *abide_join__put(struct abide_join *j, struct abide_join_input *input,
                                         size_t number, const char *name,
                                         const struct abide_join_copy *copy)
{
    const struct abide_elf_section *section = &input->elf.sections[number];
    size_t at = abide_join__output_for(j, section, name);
    struct abide_join_output_section *output = &j->outputs.items[at];
    fill_up_to(j, output, section->align_bytes);
    const struct abide_join_piece piece = {.input = input,
                                           .number = j->pieces.count,
                                           .section = number,
                                           .output = at,
                                           .at_bytes = output->size_bytes,
                                           .copy = copy};
    if (section->bytes)
        abide__text_add(j->ctx, &output->bytes, (const char *)section->bytes, section->size_bytes);
    output->size_bytes += section->size_bytes;
    abide__push(j->ctx, &j->pieces, piece);
    return &j->pieces.items[j->pieces.count - 1];
}

/* ---- symbols of pieces ---- */

static const char *renamed(const struct abide_join_piece *piece, const char *name)
{
    const struct abide_join_copy *copy = piece->copy;
    if (!copy)
        return name;
    if (!strcmp(name, copy->from.own))
        return copy->to.own;
    return copy->from.called && !strcmp(name, copy->from.called) ? copy->to.called : name;
}

static void see(const struct abide_join_piece *piece, size_t symbol,
                struct abide_join_reference reference)
{
    piece->input->seen[symbol] = (struct abide_join_seen){piece->number + 1, reference};
}

/* The symbol where it is now. */
struct abide_elf_symbol abide_join__moved(const struct abide_elf_symbol *symbol, size_t output,
                                          uint64_t at_bytes)
{
    struct abide_elf_symbol result = *symbol;
    result.section = (uint32_t)output;
    result.value += at_bytes;
    return result;
}

/* Sections of the result are counted from 0 until all are known, so what is defined gets one more. */
struct abide_elf_symbol abide_join__defined(struct abide_elf_symbol symbol)
{
    symbol.section++;
    return symbol;
}

static bool define_symbol(struct abide_join *j, const struct abide_join_piece *piece, size_t number)
{
    const struct abide_elf_symbol *symbol = &piece->input->elf.symbols[number];
    struct abide_join_output_section *output = &j->outputs.items[piece->output];
    struct abide_elf_symbol here =
        abide_join__defined(abide_join__moved(symbol, piece->output, piece->at_bytes));
    if (symbol->binding == ABIDE_ELF_LOCAL) {
        if (abide_join__is_mapping(symbol)) {
            if (output->mapping && !strcmp(output->mapping, symbol->name))
                return true;
            output->mapping = symbol->name;
        } else if (symbol->type == ABIDE_ELF_SECTION || !strncmp(symbol->name, ".L", 2)) {
            return true;
        }
        see(piece, number, (struct abide_join_reference){true, abide_join__add_local(j, here)});
        return true;
    }
    here.name = renamed(piece, symbol->name);
    struct abide_join_reference reference = {false, ABIDE_JOIN_NONE};
    bool fine = add_global(j, &here, &reference.index);
    see(piece, number, reference);
    return fine;
}

bool abide_join__define(struct abide_join *j, const struct abide_join_piece *piece)
{
    const struct abide_join_input *input = piece->input;
    for (size_t i = input->first_symbol[piece->section]; i != ABIDE_JOIN_NONE;
         i = input->next_symbol[i])
        if (!define_symbol(j, piece, i))
            return false;
    return true;
}

/* Where a section of the piece's object is. false: it is not there, or there is more than one. */
static bool place_of(const struct abide_join_piece *piece, size_t section, size_t *output,
                     uint64_t *at_bytes)
{
    const struct abide_join_input *input = piece->input;
    if (section == piece->section) {
        *output = piece->output;
        *at_bytes = piece->at_bytes;
        return true;
    }
    *output = input->output[section];
    *at_bytes = input->at_bytes[section];
    return !input->is_function[section] && *output != ABIDE_JOIN_NONE;
}

/* The local symbol that stands for a section of the result. */
static size_t section_symbol(struct abide_join *j, size_t number)
{
    struct abide_join_output_section *output = &j->outputs.items[number];
    if (output->symbol == ABIDE_JOIN_NONE)
        output->symbol = abide_join__add_local(
            j, (struct abide_elf_symbol){
                   .name = "", .type = ABIDE_ELF_SECTION, .section = (uint32_t)number + 1});
    return output->symbol;
}

/* What a symbol that only its object sees becomes; `*shift_bytes`: from there to the old place. */
static bool refer_to_local(struct abide_join *j, const struct abide_join_piece *piece,
                           size_t number, bool shifts, struct abide_join_reference *reference,
                           uint64_t *shift_bytes)
{
    const struct abide_elf_symbol *symbol = &piece->input->elf.symbols[number];
    size_t output;
    uint64_t at_bytes;
    if (symbol->section >= ABIDE_ELF_FIRST_RESERVED ||
        !place_of(piece, symbol->section, &output, &at_bytes))
        return false;
    reference->is_local = true;
    if (symbol->type == ABIDE_ELF_SECTION && shifts) {
        reference->index = section_symbol(j, output);
        *shift_bytes = at_bytes;
        return true;
    }
    struct abide_elf_symbol here = abide_join__defined(abide_join__moved(symbol, output, at_bytes));
    here.type = symbol->type == ABIDE_ELF_SECTION ? ABIDE_ELF_NOTYPE : symbol->type;
    reference->index = abide_join__add_local(j, here);
    see(piece, number, *reference);
    return true;
}

static bool refer(struct abide_join *j, const struct abide_join_piece *piece, size_t number,
                  bool shifts, struct abide_join_reference *reference, uint64_t *shift_bytes)
{
    const struct abide_elf_symbol *symbol = &piece->input->elf.symbols[number];
    const struct abide_join_seen *seen = &piece->input->seen[number];
    *shift_bytes = 0;
    *reference = (struct abide_join_reference){true, ABIDE_JOIN_NONE};
    if (number == 0)
        return true;
    if (seen->piece == piece->number + 1) {
        *reference = seen->symbol;
        return true;
    }
    if (symbol->binding == ABIDE_ELF_LOCAL)
        return refer_to_local(j, piece, number, shifts, reference, shift_bytes);
    /* Defined in another piece: that piece enters the definition under the same name. */
    if (symbol->section != ABIDE_ELF_UNDEFINED && piece->input->is_function[symbol->section])
        return false;
    struct abide_elf_symbol wanted = {
        .name = renamed(piece, symbol->name), .binding = symbol->binding, .other = symbol->other};
    reference->is_local = false;
    bool fine = add_global(j, &wanted, &reference->index);
    see(piece, number, *reference);
    return fine;
}

/* ---- relocations ---- */

bool abide_join__add_relocation(struct abide_join *j, const struct abide_join_piece *piece,
                                size_t table, size_t index, size_t output, uint64_t from_bytes,
                                uint64_t to_bytes)
{
    const struct abide_elf *elf = &piece->input->elf;
    bool has_addend = elf->sections[table].type == ABIDE_ELF_RELA;
    struct abide_join_output_relocation one = {
        .relocation = abide_elf__relocation(elf, &elf->sections[table], index)};
    uint64_t shift_bytes;
    if (!refer(j, piece, (size_t)one.relocation.symbol, has_addend, &one.symbol, &shift_bytes))
        return false;
    one.relocation.offset_bytes += to_bytes - from_bytes;
    one.relocation.addend += (int64_t)shift_bytes;
    struct abide_join_output_section *section = &j->outputs.items[output];
    if (section->relocations.count && section->has_addends != has_addend)
        return false;
    section->has_addends = has_addend;
    abide__push(j->ctx, &section->relocations, one);
    return true;
}

bool abide_join__relocate(struct abide_join *j, const struct abide_join_piece *piece)
{
    size_t table = piece->input->relocations[piece->section];
    if (!table)
        return true;
    size_t count = abide_elf__relocation_count(&piece->input->elf.sections[table]);
    for (size_t i = 0; i < count; i++)
        if (!abide_join__add_relocation(j, piece, table, i, piece->output, 0, piece->at_bytes))
            return false;
    return true;
}
