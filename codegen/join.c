/*
 * A piece is a section of an object that is put somewhere into a section of the result: a function once for each copy of it,
 * everything else once. Symbols and relocations follow their pieces.
 *
 * Unwind information is cut up into its records and follows the code that it is about.
 * Source: System V gABI, 4.1, chapter 4; Linux Standard Base 5.0, core, 10.6 (.eh_frame).
 */
#include "join.h"

#include "elf.h"

#include <stdlib.h>
#include <string.h>

#define NONE           SIZE_MAX
#define SYMBOLS_MAX    0xffffff /* what relocations of 32-bit files can count */
#define RECORD_ID_AT   4        /* bytes: behind the length of a record of unwind information */
#define RECORD_BODY_AT 8        /* of one about code: the address of the code */

static const char unwinding[] = ".eh_frame";
static const char text_section[] = ".text";

/* A symbol of the result: locals and others are counted apart until all are known. */
struct reference {
    bool is_local;
    size_t index; /* NONE: no symbol */
};

struct output_relocation {
    struct abide_elf_relocation relocation;
    struct reference symbol;
};

struct output_section {
    struct abide_elf_section section; /* but for bytes, size and what is counted later */
    struct abide_text bytes;
    uint64_t size_bytes;
    ABIDE_VEC(struct output_relocation) relocations;
    bool has_addends;
    size_t symbol;       /* the local one that stands for it; NONE: nothing needs it so far */
    const char *mapping; /* the last mapping symbol in it (is_mapping); NULL: none */
};

/* A record of unwind information about code. */
struct record {
    size_t at_bytes, size_bytes;
    size_t common;          /* the record of the result that it counts on, by number */
    size_t first, count;    /* its relocations */
    size_t next_of_section; /* NONE: the last one about its section */
};

/* Where a symbol of an object is in the result, as seen from one piece. */
struct seen {
    size_t piece; /* for which this holds, plus 1 */
    struct reference symbol;
};

struct input {
    struct abide_elf elf;
    size_t *relocations;  /* by section: the section with its relocations; 0: none */
    size_t *first_symbol; /* by section; NONE: no symbols are in it */
    size_t *next_symbol;  /* by symbol: of the same section */
    struct seen *seen;    /* by symbol */
    size_t *functions;    /* sections of functions that are copied, by index */
    size_t function_count;
    bool *is_function;  /* by section */
    size_t *output;     /* by section: that of the result, for pieces that are put there once */
    uint64_t *at_bytes; /* by section: where there */
    size_t unwinding;   /* its section; 0: none */
    struct record *records;
    size_t *first_record; /* by section */
    size_t *last_record;
};

struct piece {
    struct input *input;
    size_t number;
    size_t section;
    size_t output;
    uint64_t at_bytes;
    const struct abide_join_copy *copy; /* NULL: names are what they are */
};

struct common {
    const unsigned char *bytes;
    size_t size_bytes;
    size_t at_bytes;
};

struct join {
    abide_ctx *ctx;
    struct abide_elf_target target;
    struct input *inputs;
    size_t input_count;
    unsigned char fill;
    ABIDE_VEC(struct piece) pieces;
    ABIDE_VEC(struct output_section) outputs;
    ABIDE_VEC(struct abide_elf_symbol) locals;
    ABIDE_VEC(struct abide_elf_symbol) globals;
    ABIDE_VEC(struct abide_elf_section) marks;
    ABIDE_VEC(struct common) commons;
    size_t *slots; /* of globals by name: index plus 1 */
    size_t slot_count;
    size_t unwinding; /* its output; NONE: none yet */
};

/* ---- symbols that others can see ---- */

static size_t hash(const char *name)
{
    uint64_t value = 14695981039346656037u; /* FNV-1a */
    for (; *name; name++)
        value = (value ^ (unsigned char)*name) * 1099511628211u;
    return (size_t)(value ^ value >> 32);
}

static size_t *slot_of(struct join *j, const char *name)
{
    size_t at = hash(name) % j->slot_count;
    while (j->slots[at] && strcmp(j->globals.items[j->slots[at] - 1].name, name) != 0)
        at = (at + 1) % j->slot_count;
    return &j->slots[at];
}

static void grow_slots(struct join *j)
{
    if (2 * (j->globals.count + 1) < j->slot_count)
        return;
    j->slot_count = j->slot_count ? 4 * j->slot_count : 64;
    j->slots = abide__new_array(j->ctx, size_t, j->slot_count);
    for (size_t i = 0; i < j->globals.count; i++)
        *slot_of(j, j->globals.items[i].name) = i + 1;
}

/* Enters a symbol, of which there may be one of the name. false: two define it. */
static bool add_global(struct join *j, const struct abide_elf_symbol *symbol, size_t *index)
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

static size_t add_local(struct join *j, struct abide_elf_symbol symbol)
{
    symbol.binding = ABIDE_ELF_LOCAL;
    abide__push(j->ctx, &j->locals, symbol);
    return j->locals.count - 1;
}

/* Arm's and RISC-V's symbols that say what lies behind them, until the next one. */
static bool is_mapping(const struct abide_elf_symbol *symbol)
{
    return symbol->binding == ABIDE_ELF_LOCAL && symbol->type == ABIDE_ELF_NOTYPE &&
           symbol->name[0] == '$';
}

/* ---- sections of the result ---- */

static bool can_hold(const struct output_section *output, const struct abide_elf_section *section,
                     const char *name)
{
    return output->section.type == section->type && output->section.flags == section->flags &&
           output->section.entry_bytes == section->entry_bytes &&
           !strcmp(output->section.name, name);
}

static size_t output_for(struct join *j, const struct abide_elf_section *section, const char *name)
{
    for (size_t i = 0; i < j->outputs.count; i++)
        if (can_hold(&j->outputs.items[i], section, name))
            return i;
    struct output_section output = {.section = *section, .symbol = NONE};
    output.section.name = name;
    abide__push(j->ctx, &j->outputs, output);
    return j->outputs.count - 1;
}

static void fill_up_to(struct join *j, struct output_section *output, uint64_t align_bytes)
{
    const char fill = output->section.flags & ABIDE_ELF_EXECUTE ? (char)j->fill : 0;
    while (align_bytes > 1 && output->size_bytes % align_bytes) {
        if (output->section.type != ABIDE_ELF_NOBITS)
            abide__text_add(j->ctx, &output->bytes, &fill, 1);
        output->size_bytes++;
    }
    if (align_bytes > output->section.align_bytes)
        output->section.align_bytes = align_bytes;
}

static struct piece *put_piece(struct join *j, struct input *input, size_t number, const char *name,
                               const struct abide_join_copy *copy)
{
    const struct abide_elf_section *section = &input->elf.sections[number];
    size_t at = output_for(j, section, name);
    struct output_section *output = &j->outputs.items[at];
    fill_up_to(j, output, section->align_bytes);
    const struct piece piece = {.input = input,
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

static const char *renamed(const struct piece *piece, const char *name)
{
    const struct abide_join_copy *copy = piece->copy;
    if (!copy)
        return name;
    if (!strcmp(name, copy->from.own))
        return copy->to.own;
    return copy->from.called && !strcmp(name, copy->from.called) ? copy->to.called : name;
}

static void see(const struct piece *piece, size_t symbol, struct reference reference)
{
    piece->input->seen[symbol] = (struct seen){piece->number + 1, reference};
}

/* The symbol where it is now. */
static struct abide_elf_symbol moved(const struct abide_elf_symbol *symbol, size_t output,
                                     uint64_t at_bytes)
{
    struct abide_elf_symbol result = *symbol;
    result.section = (uint32_t)output;
    result.value += at_bytes;
    return result;
}

/* Sections of the result are counted from 0 until all are known, so what is defined gets one more (finish_symbols). */
static struct abide_elf_symbol defined(struct abide_elf_symbol symbol)
{
    symbol.section++;
    return symbol;
}

static bool define_symbol(struct join *j, const struct piece *piece, size_t number)
{
    const struct abide_elf_symbol *symbol = &piece->input->elf.symbols[number];
    struct output_section *output = &j->outputs.items[piece->output];
    struct abide_elf_symbol here = defined(moved(symbol, piece->output, piece->at_bytes));
    if (symbol->binding == ABIDE_ELF_LOCAL) {
        if (is_mapping(symbol)) {
            if (output->mapping && !strcmp(output->mapping, symbol->name))
                return true;
            output->mapping = symbol->name;
        } else if (symbol->type == ABIDE_ELF_SECTION || !strncmp(symbol->name, ".L", 2)) {
            return true;
        }
        see(piece, number, (struct reference){true, add_local(j, here)});
        return true;
    }
    here.name = renamed(piece, symbol->name);
    struct reference reference = {false, NONE};
    bool fine = add_global(j, &here, &reference.index);
    see(piece, number, reference);
    return fine;
}

static bool define_symbols(struct join *j, const struct piece *piece)
{
    const struct input *input = piece->input;
    for (size_t i = input->first_symbol[piece->section]; i != NONE; i = input->next_symbol[i])
        if (!define_symbol(j, piece, i))
            return false;
    return true;
}

/* Where a section of the piece's object is. false: it is not there, or there is more than one. */
static bool place_of(const struct piece *piece, size_t section, size_t *output, uint64_t *at_bytes)
{
    const struct input *input = piece->input;
    if (section == piece->section) {
        *output = piece->output;
        *at_bytes = piece->at_bytes;
        return true;
    }
    *output = input->output[section];
    *at_bytes = input->at_bytes[section];
    return !input->is_function[section] && *output != NONE;
}

/* The local symbol that stands for a section of the result. */
static size_t section_symbol(struct join *j, size_t number)
{
    struct output_section *output = &j->outputs.items[number];
    if (output->symbol == NONE)
        output->symbol = add_local(j, (struct abide_elf_symbol){.name = "",
                                                                .type = ABIDE_ELF_SECTION,
                                                                .section = (uint32_t)number + 1});
    return output->symbol;
}

/* What a symbol that only its object sees becomes; `*shift_bytes`: from there to the old place. */
static bool refer_to_local(struct join *j, const struct piece *piece, size_t number, bool shifts,
                           struct reference *reference, uint64_t *shift_bytes)
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
    struct abide_elf_symbol here = defined(moved(symbol, output, at_bytes));
    here.type = symbol->type == ABIDE_ELF_SECTION ? ABIDE_ELF_NOTYPE : symbol->type;
    reference->index = add_local(j, here);
    see(piece, number, *reference);
    return true;
}

static bool refer(struct join *j, const struct piece *piece, size_t number, bool shifts,
                  struct reference *reference, uint64_t *shift_bytes)
{
    const struct abide_elf_symbol *symbol = &piece->input->elf.symbols[number];
    const struct seen *seen = &piece->input->seen[number];
    *shift_bytes = 0;
    *reference = (struct reference){true, NONE};
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

static bool add_relocation(struct join *j, const struct piece *piece, size_t table, size_t index,
                           size_t output, uint64_t from_bytes, uint64_t to_bytes)
{
    const struct abide_elf *elf = &piece->input->elf;
    bool has_addend = elf->sections[table].type == ABIDE_ELF_RELA;
    struct output_relocation one = {.relocation =
                                        abide_elf__relocation(elf, &elf->sections[table], index)};
    uint64_t shift_bytes;
    if (!refer(j, piece, (size_t)one.relocation.symbol, has_addend, &one.symbol, &shift_bytes))
        return false;
    one.relocation.offset_bytes += to_bytes - from_bytes;
    one.relocation.addend += (int64_t)shift_bytes;
    struct output_section *section = &j->outputs.items[output];
    if (section->relocations.count && section->has_addends != has_addend)
        return false;
    section->has_addends = has_addend;
    abide__push(j->ctx, &section->relocations, one);
    return true;
}

static bool relocate(struct join *j, const struct piece *piece)
{
    size_t table = piece->input->relocations[piece->section];
    if (!table)
        return true;
    size_t count = abide_elf__relocation_count(&piece->input->elf.sections[table]);
    for (size_t i = 0; i < count; i++)
        if (!add_relocation(j, piece, table, i, piece->output, 0, piece->at_bytes))
            return false;
    return true;
}

/* ---- unwind information ---- */

static size_t common_record(struct join *j, const unsigned char *bytes, size_t size_bytes)
{
    for (size_t i = 0; i < j->commons.count; i++)
        if (j->commons.items[i].size_bytes == size_bytes &&
            !memcmp(j->commons.items[i].bytes, bytes, size_bytes))
            return i;
    abide__push(j->ctx, &j->commons, (struct common){bytes, size_bytes, NONE});
    return j->commons.count - 1;
}

/* The section of code that a record is about, by the first of its relocations. */
static bool section_of_record(const struct input *input, const struct record *record,
                              size_t *section)
{
    const struct abide_elf *elf = &input->elf;
    const struct abide_elf_section *table = &elf->sections[input->relocations[input->unwinding]];
    if (record->count == 0)
        return false;
    struct abide_elf_relocation first = abide_elf__relocation(elf, table, record->first);
    *section = elf->symbols[first.symbol].section;
    return first.offset_bytes == record->at_bytes + RECORD_BODY_AT && *section > 0 &&
           *section < elf->section_count;
}

static void hang_record(struct input *input, size_t number, size_t section)
{
    input->records[number].next_of_section = NONE;
    if (input->first_record[section] == NONE)
        input->first_record[section] = number;
    else
        input->records[input->last_record[section]].next_of_section = number;
    input->last_record[section] = number;
}

/* The relocations of the bytes before `end_bytes`, from `*at` on; they are in order. */
static size_t relocations_before(const struct input *input, size_t *at, uint64_t end_bytes)
{
    size_t table = input->relocations[input->unwinding];
    const struct abide_elf_section *section = &input->elf.sections[table];
    size_t start = *at;
    while (table && *at < abide_elf__relocation_count(section) &&
           abide_elf__relocation(&input->elf, section, *at).offset_bytes < end_bytes)
        ++*at;
    return *at - start;
}

static bool read_record(struct join *j, struct input *input, struct record *record,
                        size_t *record_count, size_t *commons)
{
    const struct abide_elf_section *section = &input->elf.sections[input->unwinding];
    const unsigned char *bytes = section->bytes + record->at_bytes;
    bool is_big_endian = input->elf.target.is_big_endian;
    uint64_t distance_bytes = abide_elf__get(is_big_endian, bytes + RECORD_ID_AT, 4);
    if (distance_bytes == 0) { /* one that others count on */
        commons[record->at_bytes] = common_record(j, bytes, record->size_bytes) + 1;
        return record->count == 0;
    }
    size_t code;
    uint64_t from_bytes = record->at_bytes + RECORD_ID_AT;
    if (distance_bytes > from_bytes || !commons[from_bytes - distance_bytes] ||
        !section_of_record(input, record, &code))
        return false;
    record->common = commons[from_bytes - distance_bytes] - 1;
    input->records[*record_count] = *record;
    hang_record(input, (*record_count)++, code);
    return true;
}

static bool read_unwinding(struct join *j, struct input *input)
{
    if (!input->unwinding)
        return true;
    const struct abide_elf_section *section = &input->elf.sections[input->unwinding];
    size_t size_bytes = (size_t)section->size_bytes, record_count = 0, relocation = 0;
    size_t *commons = abide__new_array(j->ctx, size_t, size_bytes);
    input->records = abide__new_array(j->ctx, struct record, size_bytes / RECORD_BODY_AT + 1);
    for (size_t at_bytes = 0; at_bytes < size_bytes;) {
        if (size_bytes - at_bytes < RECORD_BODY_AT)
            return false;
        uint64_t length_bytes =
            abide_elf__get(j->target.is_big_endian, section->bytes + at_bytes, 4);
        if (length_bytes < 4 || length_bytes > size_bytes - at_bytes - 4)
            return false;
        struct record record = {.at_bytes = at_bytes, .size_bytes = (size_t)length_bytes + 4};
        at_bytes += record.size_bytes;
        record.first = relocation;
        record.count = relocations_before(input, &relocation, at_bytes);
        if (!read_record(j, input, &record, &record_count, commons))
            return false;
    }
    return true;
}

/* The section of the result, with the mapping symbols of the first object's. */
static void start_unwinding(struct join *j, const struct input *input)
{
    const struct abide_elf_section *section = &input->elf.sections[input->unwinding];
    j->unwinding = output_for(j, section, section->name);
    for (size_t i = input->first_symbol[input->unwinding]; i != NONE; i = input->next_symbol[i])
        if (is_mapping(&input->elf.symbols[i]) && input->elf.symbols[i].value == 0)
            add_local(j, defined(moved(&input->elf.symbols[i], j->unwinding, 0)));
}

static size_t add_bytes(struct join *j, const unsigned char *bytes, size_t size_bytes)
{
    struct output_section *output = &j->outputs.items[j->unwinding];
    size_t at_bytes = (size_t)output->size_bytes;
    abide__text_add(j->ctx, &output->bytes, (const char *)bytes, size_bytes);
    output->size_bytes += size_bytes;
    return at_bytes;
}

static bool add_record(struct join *j, const struct piece *piece, const struct record *record)
{
    const struct input *input = piece->input;
    const unsigned char *bytes = input->elf.sections[input->unwinding].bytes + record->at_bytes;
    struct common *common = &j->commons.items[record->common];
    if (j->unwinding == NONE)
        start_unwinding(j, input);
    if (common->at_bytes == NONE)
        common->at_bytes = add_bytes(j, common->bytes, common->size_bytes);
    size_t at_bytes = add_bytes(j, bytes, record->size_bytes);
    unsigned char *id =
        (unsigned char *)j->outputs.items[j->unwinding].bytes.chars + at_bytes + RECORD_ID_AT;
    abide_elf__put(j->target.is_big_endian, id, 4, at_bytes + RECORD_ID_AT - common->at_bytes);
    for (size_t i = record->first; i < record->first + record->count; i++)
        if (!add_relocation(j, piece, input->relocations[input->unwinding], i, j->unwinding,
                            record->at_bytes, at_bytes))
            return false;
    return true;
}

static bool unwind(struct join *j, const struct piece *piece)
{
    const struct input *input = piece->input;
    for (size_t i = input->first_record[piece->section]; i != NONE;
         i = input->records[i].next_of_section)
        if (!add_record(j, piece, &input->records[i]))
            return false;
    return true;
}

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

static size_t *new_indices(struct join *j, size_t count)
{
    size_t *indices = abide__new_array(j->ctx, size_t, count);
    for (size_t i = 0; i < count; i++)
        indices[i] = NONE;
    return indices;
}

static bool index_symbols(struct join *j, struct input *input)
{
    const struct abide_elf *elf = &input->elf;
    input->first_symbol = new_indices(j, elf->section_count);
    input->next_symbol = new_indices(j, elf->symbol_count);
    input->seen = abide__new_array(j->ctx, struct seen, elf->symbol_count);
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

static bool index_function(struct input *input, size_t section)
{
    const char *digits = input->elf.sections[section].name + sizeof ABIDE_JOIN_SECTION - 1;
    unsigned long index = strtoul(digits, NULL, 10);
    if (index >= input->elf.section_count)
        return false;
    input->functions[index] = section;
    input->is_function[section] = true;
    return true;
}

static bool index_sections(struct join *j, struct input *input)
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
static bool read_marks(struct join *j, const struct input *input)
{
    size_t count = 0;
    for (size_t i = 1; i < input->elf.section_count; i++) {
        const struct abide_elf_section *section = &input->elf.sections[i];
        if (role_of(section) != ROLE_MARK)
            continue;
        if (input->relocations[i] || input->first_symbol[i] != NONE)
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

static bool read_input(struct join *j, struct input *input, const struct abide_join_object *object)
{
    if (!abide_elf__read(j->ctx, (const unsigned char *)object->bytes, object->size_bytes,
                         &input->elf))
        return false;
    if (input == j->inputs)
        j->target = input->elf.target;
    return same_target(&input->elf.target, &j->target) && index_symbols(j, input) &&
           index_sections(j, input) && read_marks(j, input) && read_unwinding(j, input);
}

/* ---- all together ---- */

static bool put_copies(struct join *j, const struct abide_join_copy *copies, size_t copy_count)
{
    for (size_t i = 0; i < copy_count; i++) {
        struct input *input = &j->inputs[copies[i].object];
        if (copies[i].index >= input->elf.section_count || !input->functions[copies[i].index])
            return false;
        put_piece(j, input, input->functions[copies[i].index], text_section, &copies[i]);
    }
    return true;
}

static void put_others(struct join *j)
{
    for (size_t i = 0; i < j->input_count; i++) {
        struct input *input = &j->inputs[i];
        for (size_t k = 1; k < input->elf.section_count; k++) {
            if (role_of(&input->elf.sections[k]) != ROLE_PIECE)
                continue;
            const struct piece *piece = put_piece(j, input, k, input->elf.sections[k].name, NULL);
            input->output[k] = piece->output;
            input->at_bytes[k] = piece->at_bytes;
        }
    }
}

static void add_file_symbol(struct join *j)
{
    const struct abide_elf *elf = &j->inputs[0].elf;
    for (size_t i = 1; i < elf->symbol_count; i++)
        if (elf->symbols[i].type == ABIDE_ELF_FILE) {
            add_local(j, elf->symbols[i]);
            return;
        }
}

static bool finish_pieces(struct join *j)
{
    for (size_t i = 0; i < j->pieces.count; i++) {
        const struct piece *piece = &j->pieces.items[i];
        if (!define_symbols(j, piece) || !relocate(j, piece) || !unwind(j, piece))
            return false;
    }
    return j->locals.count + j->globals.count < SYMBOLS_MAX;
}

/* ---- the file ---- */

struct file {
    struct join *j;
    ABIDE_VEC(struct abide_elf_section) sections;
    ABIDE_VEC(uint32_t) names;
    struct abide_text strings;
    size_t *numbers; /* of outputs: of their sections in the file */
    size_t symbols;  /* the number of the symbol table */
};

static uint32_t add_string(struct file *f, const char *text)
{
    size_t at_bytes = f->strings.length_bytes;
    if (!*text)
        return 0;
    abide__text_add(f->j->ctx, &f->strings, text, strlen(text) + 1);
    return (uint32_t)at_bytes;
}

static size_t add_section(struct file *f, struct abide_elf_section section)
{
    uint32_t name = add_string(f, section.name);
    abide__push(f->j->ctx, &f->names, name);
    abide__push(f->j->ctx, &f->sections, section);
    return f->sections.count - 1;
}

static void add_outputs(struct file *f)
{
    struct join *j = f->j;
    f->numbers = abide__new_array(j->ctx, size_t, j->outputs.count);
    for (size_t i = 0; i < j->outputs.count; i++) {
        const struct output_section *output = &j->outputs.items[i];
        struct abide_elf_section section = output->section;
        section.size_bytes = output->size_bytes;
        section.bytes =
            section.type == ABIDE_ELF_NOBITS ? NULL : (unsigned char *)output->bytes.chars;
        section.link = section.info = 0;
        f->numbers[i] = add_section(f, section);
    }
    for (size_t i = 0; i < j->marks.count; i++)
        add_section(f, j->marks.items[i]);
}

static uint64_t final_number(const struct join *j, struct reference reference)
{
    if (reference.index == NONE)
        return 0;
    return 1 + reference.index + (reference.is_local ? 0 : j->locals.count);
}

/* The name of a section with relocations: what the format's users call it. */
static const char *name_of_relocations(struct join *j, const struct output_section *output)
{
    return abide__printf(j->ctx, "%s%s", output->has_addends ? ".rela" : ".rel",
                         output->section.name);
}

static void add_relocations(struct file *f, size_t number)
{
    struct join *j = f->j;
    const struct output_section *output = &j->outputs.items[number];
    size_t entry_bytes = abide_elf__relocation_bytes(&j->target, output->has_addends);
    size_t count = output->relocations.count;
    if (!count)
        return;
    unsigned char *bytes = abide__alloc_array(j->ctx, count, entry_bytes);
    for (size_t i = 0; i < count; i++) {
        struct abide_elf_relocation one = output->relocations.items[i].relocation;
        one.symbol = final_number(j, output->relocations.items[i].symbol);
        abide_elf__write_relocation(&j->target, bytes + i * entry_bytes, &one, output->has_addends);
    }
    add_section(
        f, (struct abide_elf_section){.name = name_of_relocations(j, output),
                                      .type = output->has_addends ? ABIDE_ELF_RELA : ABIDE_ELF_REL,
                                      .flags = ABIDE_ELF_INFO_LINK,
                                      .bytes = bytes,
                                      .size_bytes = count * entry_bytes,
                                      .link = (uint32_t)f->symbols,
                                      .info = (uint32_t)f->numbers[number],
                                      .align_bytes = j->target.is_64 ? 8 : 4,
                                      .entry_bytes = entry_bytes});
}

static void write_symbols(struct file *f, unsigned char *bytes,
                          const struct abide_elf_symbol *symbols, size_t count)
{
    size_t entry_bytes = abide_elf__symbol_bytes(&f->j->target);
    for (size_t i = 0; i < count; i++) {
        struct abide_elf_symbol symbol = symbols[i];
        if (symbol.section != ABIDE_ELF_UNDEFINED && symbol.section < ABIDE_ELF_FIRST_RESERVED)
            symbol.section = (uint32_t)f->numbers[symbol.section - 1];
        abide_elf__write_symbol(&f->j->target, bytes + i * entry_bytes, &symbol,
                                add_string(f, symbol.name));
    }
}

static void add_symbols(struct file *f)
{
    struct join *j = f->j;
    size_t entry_bytes = abide_elf__symbol_bytes(&j->target);
    size_t count = 1 + j->locals.count + j->globals.count;
    unsigned char *bytes = abide__alloc_array(j->ctx, count, entry_bytes);
    write_symbols(f, bytes + entry_bytes, j->locals.items, j->locals.count);
    write_symbols(f, bytes + (1 + j->locals.count) * entry_bytes, j->globals.items,
                  j->globals.count);
    f->symbols = add_section(f, (struct abide_elf_section){.name = ".symtab",
                                                           .type = ABIDE_ELF_SYMTAB,
                                                           .bytes = bytes,
                                                           .size_bytes = count * entry_bytes,
                                                           .info = (uint32_t)(1 + j->locals.count),
                                                           .align_bytes = j->target.is_64 ? 8 : 4,
                                                           .entry_bytes = entry_bytes});
}

static struct abide_text write_file(struct join *j)
{
    struct file f = {.j = j};
    abide__text_add(j->ctx, &f.strings, "", 1);
    add_section(&f, (struct abide_elf_section){.name = ""});
    add_outputs(&f);
    add_symbols(&f);
    for (size_t i = 0; i < j->outputs.count; i++)
        add_relocations(&f, i);
    size_t strings = add_section(
        &f,
        (struct abide_elf_section){.name = ".strtab", .type = ABIDE_ELF_STRTAB, .align_bytes = 1});
    f.sections.items[f.symbols].link = (uint32_t)strings;
    f.sections.items[strings].bytes = (unsigned char *)f.strings.chars;
    f.sections.items[strings].size_bytes = f.strings.length_bytes;
    return abide_elf__write(j->ctx, &j->target, f.sections.items, f.names.items, f.sections.count);
}

bool abide_join__make(abide_ctx *ctx, const struct abide_join_object *objects, size_t object_count,
                      const struct abide_join_copy *copies, size_t copy_count, unsigned char fill,
                      struct abide_text *made)
{
    struct join j = {.ctx = ctx,
                     .inputs = abide__new_array(ctx, struct input, object_count),
                     .input_count = object_count,
                     .fill = fill,
                     .unwinding = NONE};
    for (size_t i = 0; i < object_count; i++)
        if (!read_input(&j, &j.inputs[i], &objects[i]))
            return false;
    add_file_symbol(&j);
    if (!put_copies(&j, copies, copy_count))
        return false;
    put_others(&j);
    if (!finish_pieces(&j))
        return false;
    *made = write_file(&j);
    return true;
}
