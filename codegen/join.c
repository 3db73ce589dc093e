/* One object out of several: which sections there are, and what becomes of each. Source: System V gABI, 4.1, chapter 4. */
#include "join_pieces.h"

#include <stdlib.h>
#include <string.h>

#define SYMBOLS_MAX 0xffffff /* what relocations of 32-bit files can count */

static const char unwinding[] = ".eh_frame";
static const char text_section[] = ".text";

/* ---- the objects ---- */

enum role {
    ROLE_TABLE,    /* of the format: made anew */
    ROLE_PIECE,    /* code or data */
    ROLE_FUNCTION, /* that is copied */
    ROLE_UNWINDING,
    ROLE_MARK, /* what the object says of itself: the same in all, and kept once */
    ROLE_UNKNOWN
};

static enum role role_of(const struct abide_elf_section *section)
{
    static const uint64_t known =
        ABIDE_ELF_WRITE | ABIDE_ELF_ALLOC | ABIDE_ELF_EXECUTE | ABIDE_ELF_MERGE | ABIDE_ELF_STRINGS;
    switch (section->type) {
    case 0:
    case ABIDE_ELF_SYMTAB:
    case ABIDE_ELF_STRTAB:
    case ABIDE_ELF_RELA:
    case ABIDE_ELF_REL: return ROLE_TABLE;
    case ABIDE_ELF_GROUP:
    case ABIDE_ELF_SYMTAB_INDICES: return ROLE_UNKNOWN;
    case ABIDE_ELF_NOTE: return ROLE_MARK;
    default: break;
    }
    if (section->flags & ~known)
        return ROLE_UNKNOWN;
    if (!strcmp(section->name, unwinding))
        return ROLE_UNWINDING;
    if (!(section->flags & ABIDE_ELF_ALLOC))
        return ROLE_MARK;
    if (section->type != ABIDE_ELF_PROGBITS && section->type != ABIDE_ELF_NOBITS)
        return ROLE_UNKNOWN;
    if (!strncmp(section->name, ABIDE_JOIN_SECTION, sizeof ABIDE_JOIN_SECTION - 1))
        return ROLE_FUNCTION;
    return section->size_bytes ? ROLE_PIECE : ROLE_TABLE;
}

static size_t *new_indices(struct abide_join *j, size_t count)
{
    size_t *indices = abide__new_array(j->ctx, size_t, count);
    for (size_t i = 0; i < count; i++)
        indices[i] = ABIDE_JOIN_NONE;
    return indices;
}

static bool index_symbols(struct abide_join *j, struct abide_join_input *input)
{
    const struct abide_elf *elf = &input->elf;
    input->first_symbol = new_indices(j, elf->section_count);
    input->next_symbol = new_indices(j, elf->symbol_count);
    input->seen = abide__new_array(j->ctx, struct abide_join_seen, elf->symbol_count);
    for (size_t i = elf->symbol_count; i-- > 1;) {
        const struct abide_elf_symbol *symbol = &elf->symbols[i];
        if (symbol->section == ABIDE_ELF_ABSOLUTE && symbol->type == ABIDE_ELF_FILE)
            continue;
        if (symbol->section >= ABIDE_ELF_FIRST_RESERVED || symbol->binding > ABIDE_ELF_WEAK)
            return false;
        if (symbol->section == ABIDE_ELF_UNDEFINED)
            continue;
        input->next_symbol[i] = input->first_symbol[symbol->section];
        input->first_symbol[symbol->section] = i;
    }
    return true;
}

static bool index_function(struct abide_join_input *input, size_t section)
{
    const char *digits = input->elf.sections[section].name + sizeof ABIDE_JOIN_SECTION - 1;
    unsigned long index = strtoul(digits, NULL, 10);
    if (index >= input->elf.section_count)
        return false;
    input->functions[index] = section;
    input->is_function[section] = true;
    return true;
}

static bool index_sections(struct abide_join *j, struct abide_join_input *input)
{
    const struct abide_elf *elf = &input->elf;
    size_t count = elf->section_count;
    input->relocations = abide__new_array(j->ctx, size_t, count);
    input->functions = abide__new_array(j->ctx, size_t, count);
    input->is_function = abide__new_array(j->ctx, bool, count);
    input->output = new_indices(j, count);
    input->at_bytes = abide__new_array(j->ctx, uint64_t, count);
    input->first_record = new_indices(j, count);
    input->last_record = new_indices(j, count);
    for (size_t i = 1; i < count; i++) {
        const struct abide_elf_section *section = &elf->sections[i];
        bool relocates = section->type == ABIDE_ELF_RELA || section->type == ABIDE_ELF_REL;
        if (relocates && input->relocations[section->info])
            return false;
        if (relocates)
            input->relocations[section->info] = i;
        enum role role = role_of(section);
        if (role == ROLE_UNKNOWN || (role == ROLE_UNWINDING && input->unwinding) ||
            (role == ROLE_FUNCTION && !index_function(input, i)))
            return false;
        if (role == ROLE_UNWINDING)
            input->unwinding = i;
    }
    return true;
}

static bool are_same(const struct abide_elf_section *a, const struct abide_elf_section *b)
{
    return !strcmp(a->name, b->name) && a->type == b->type && a->flags == b->flags &&
           a->size_bytes == b->size_bytes && a->bytes && b->bytes &&
           !memcmp(a->bytes, b->bytes, a->size_bytes);
}

/* What the object says of itself: the same in each. */
static bool read_marks(struct abide_join *j, const struct abide_join_input *input)
{
    size_t count = 0;
    for (size_t i = 1; i < input->elf.section_count; i++) {
        const struct abide_elf_section *section = &input->elf.sections[i];
        if (role_of(section) != ROLE_MARK)
            continue;
        if (input->relocations[i] || input->first_symbol[i] != ABIDE_JOIN_NONE)
            return false;
        if (input == j->inputs)
            abide__push(j->ctx, &j->marks, *section);
        else if (count >= j->marks.count || !are_same(section, &j->marks.items[count]))
            return false;
        count++;
    }
    return count == j->marks.count;
}

static bool same_target(const struct abide_elf_target *a, const struct abide_elf_target *b)
{
    return a->is_64 == b->is_64 && a->is_big_endian == b->is_big_endian &&
           a->machine == b->machine && a->flags == b->flags && a->system == b->system &&
           a->system_version == b->system_version;
}

static bool read_input(struct abide_join *j, struct abide_join_input *input,
                       const struct abide_join_object *object)
{
    if (!abide_elf__read(j->ctx, (const unsigned char *)object->bytes, object->size_bytes,
                         &input->elf))
        return false;
    if (input == j->inputs)
        j->target = input->elf.target;
    return same_target(&input->elf.target, &j->target) && index_symbols(j, input) &&
           index_sections(j, input) && read_marks(j, input) && abide_join__read_unwinding(j, input);
}

/* ---- all together ---- */

static bool put_copies(struct abide_join *j, const struct abide_join_copy *copies,
                       size_t copy_count)
{
    for (size_t i = 0; i < copy_count; i++) {
        struct abide_join_input *input = &j->inputs[copies[i].object];
        if (copies[i].index >= input->elf.section_count || !input->functions[copies[i].index])
            return false;
        abide_join__put(j, input, input->functions[copies[i].index], text_section, &copies[i]);
    }
    return true;
}

static void put_others(struct abide_join *j)
{
    for (size_t i = 0; i < j->input_count; i++) {
        struct abide_join_input *input = &j->inputs[i];
        for (size_t k = 1; k < input->elf.section_count; k++) {
            if (role_of(&input->elf.sections[k]) != ROLE_PIECE)
                continue;
            const struct abide_join_piece *piece =
                abide_join__put(j, input, k, input->elf.sections[k].name, NULL);
            input->output[k] = piece->output;
            input->at_bytes[k] = piece->at_bytes;
        }
    }
}

static void add_file_symbol(struct abide_join *j)
{
    const struct abide_elf *elf = &j->inputs[0].elf;
    for (size_t i = 1; i < elf->symbol_count; i++)
        if (elf->symbols[i].type == ABIDE_ELF_FILE) {
            abide_join__add_local(j, elf->symbols[i]);
            return;
        }
}

static bool finish_pieces(struct abide_join *j)
{
    for (size_t i = 0; i < j->pieces.count; i++) {
        const struct abide_join_piece *piece = &j->pieces.items[i];
        if (!abide_join__define(j, piece) || !abide_join__relocate(j, piece) ||
            !abide_join__unwind(j, piece))
            return false;
    }
    return j->locals.count + j->globals.count < SYMBOLS_MAX;
}

bool abide_join__make(abide_ctx *ctx, const struct abide_join_object *objects, size_t object_count,
                      const struct abide_join_copy *copies, size_t copy_count, unsigned char fill,
                      struct abide_text *made)
{
    struct abide_join j = {.ctx = ctx,
                           .inputs = abide__new_array(ctx, struct abide_join_input, object_count),
                           .input_count = object_count,
                           .fill = fill,
                           .unwinding = ABIDE_JOIN_NONE};
    for (size_t i = 0; i < object_count; i++)
        if (!read_input(&j, &j.inputs[i], &objects[i]))
            return false;
    add_file_symbol(&j);
    if (!put_copies(&j, copies, copy_count))
        return false;
    put_others(&j);
    if (!finish_pieces(&j))
        return false;
    *made = abide_join__write(&j);
    return true;
}
