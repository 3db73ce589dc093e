/*
 * Unwind information is cut up into its records and follows the code that it is about.
 * Source: Linux Standard Base 5.0, core, 10.6 (.eh_frame).
 */
#include "join_pieces.h"

#include <string.h>

#define RECORD_ID_AT   4 /* bytes: behind the length of a record of unwind information */
#define RECORD_BODY_AT 8 /* of one about code: the address of the code */

static size_t common_record(struct abide_join *j, const unsigned char *bytes, size_t size_bytes)
{
    for (size_t i = 0; i < j->commons.count; i++)
        if (j->commons.items[i].size_bytes == size_bytes &&
            !memcmp(j->commons.items[i].bytes, bytes, size_bytes))
            return i;
    abide__push(j->ctx, &j->commons,
                (struct abide_join_common){bytes, size_bytes, ABIDE_JOIN_NONE});
    return j->commons.count - 1;
}

/* The section of code that a record is about, by the first of its relocations. */
static bool section_of_record(const struct abide_join_input *input,
                              const struct abide_join_record *record, size_t *section)
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

static void hang_record(struct abide_join_input *input, size_t number, size_t section)
{
    input->records[number].next_of_section = ABIDE_JOIN_NONE;
    if (input->first_record[section] == ABIDE_JOIN_NONE)
        input->first_record[section] = number;
    else
        input->records[input->last_record[section]].next_of_section = number;
    input->last_record[section] = number;
}

/* The relocations of the bytes before `end_bytes`, from `*at` on; they are in order. */
static size_t relocations_before(const struct abide_join_input *input, size_t *at,
                                 uint64_t end_bytes)
{
    size_t table = input->relocations[input->unwinding];
    const struct abide_elf_section *section = &input->elf.sections[table];
    size_t start = *at;
    while (table && *at < abide_elf__relocation_count(section) &&
           abide_elf__relocation(&input->elf, section, *at).offset_bytes < end_bytes)
        ++*at;
    return *at - start;
}

static bool read_record(struct abide_join *j, struct abide_join_input *input,
                        struct abide_join_record *record, size_t *record_count, size_t *commons)
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

bool abide_join__read_unwinding(struct abide_join *j, struct abide_join_input *input)
{
    if (!input->unwinding)
        return true;
    const struct abide_elf_section *section = &input->elf.sections[input->unwinding];
    size_t size_bytes = (size_t)section->size_bytes, record_count = 0, relocation = 0;
    size_t *commons = abide__new_array(j->ctx, size_t, size_bytes);
    input->records =
        abide__new_array(j->ctx, struct abide_join_record, size_bytes / RECORD_BODY_AT + 1);
    for (size_t at_bytes = 0; at_bytes < size_bytes;) {
        if (size_bytes - at_bytes < RECORD_BODY_AT)
            return false;
        uint64_t length_bytes =
            abide_elf__get(j->target.is_big_endian, section->bytes + at_bytes, 4);
        if (length_bytes < 4 || length_bytes > size_bytes - at_bytes - 4)
            return false;
        struct abide_join_record record = {.at_bytes = at_bytes,
                                           .size_bytes = (size_t)length_bytes + 4};
        at_bytes += record.size_bytes;
        record.first = relocation;
        record.count = relocations_before(input, &relocation, at_bytes);
        if (!read_record(j, input, &record, &record_count, commons))
            return false;
    }
    return true;
}

/* The section of the result, with the mapping symbols of the first object's. */
static void start_unwinding(struct abide_join *j, const struct abide_join_input *input)
{
    const struct abide_elf_section *section = &input->elf.sections[input->unwinding];
    j->unwinding = abide_join__output_for(j, section, section->name);
    for (size_t i = input->first_symbol[input->unwinding]; i != ABIDE_JOIN_NONE;
         i = input->next_symbol[i])
        if (abide_join__is_mapping(&input->elf.symbols[i]) && input->elf.symbols[i].value == 0)
            abide_join__add_local(
                j, abide_join__defined(abide_join__moved(&input->elf.symbols[i], j->unwinding, 0)));
}

static size_t add_bytes(struct abide_join *j, const unsigned char *bytes, size_t size_bytes)
{
    struct abide_join_output_section *output = &j->outputs.items[j->unwinding];
    size_t at_bytes = (size_t)output->size_bytes;
    abide__text_add(j->ctx, &output->bytes, (const char *)bytes, size_bytes);
    output->size_bytes += size_bytes;
    return at_bytes;
}

static bool add_record(struct abide_join *j, const struct abide_join_piece *piece,
                       const struct abide_join_record *record)
{
    const struct abide_join_input *input = piece->input;
    const unsigned char *bytes = input->elf.sections[input->unwinding].bytes + record->at_bytes;
    struct abide_join_common *common = &j->commons.items[record->common];
    if (j->unwinding == ABIDE_JOIN_NONE)
        start_unwinding(j, input);
    if (common->at_bytes == ABIDE_JOIN_NONE)
        common->at_bytes = add_bytes(j, common->bytes, common->size_bytes);
    size_t at_bytes = add_bytes(j, bytes, record->size_bytes);
    unsigned char *id =
        (unsigned char *)j->outputs.items[j->unwinding].bytes.chars + at_bytes + RECORD_ID_AT;
    abide_elf__put(j->target.is_big_endian, id, 4, at_bytes + RECORD_ID_AT - common->at_bytes);
    for (size_t i = record->first; i < record->first + record->count; i++)
        if (!abide_join__add_relocation(j, piece, input->relocations[input->unwinding], i,
                                        j->unwinding, record->at_bytes, at_bytes))
            return false;
    return true;
}

bool abide_join__unwind(struct abide_join *j, const struct abide_join_piece *piece)
{
    const struct abide_join_input *input = piece->input;
    for (size_t i = input->first_record[piece->section]; i != ABIDE_JOIN_NONE;
         i = input->records[i].next_of_section)
        if (!add_record(j, piece, &input->records[i]))
            return false;
    return true;
}
