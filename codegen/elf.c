/*
 * One description of each structure of the format serves reading and writing: where its fields are in files of 32 and of 64 bits.
 *
 * Source: System V gABI, 4.1, chapter 4: figures 4-3 (header), 4-10 (sections), 4-16 (symbols), 4-22 (relocations).
 */
#include "elf.h"

#include <string.h>

struct field {
    unsigned char at_bytes[2]; /* of 32 and of 64 bits */
    unsigned char size_bytes[2];
};

static const unsigned char magic[] = {0x7f, 'E', 'L', 'F'};
enum { CLASS = 4, DATA, VERSION, SYSTEM, SYSTEM_VERSION };
enum { CLASS_32 = 1, CLASS_64 = 2 };
enum { LITTLE = 1, BIG = 2 };
enum { CURRENT = 1 };
enum { RELOCATABLE = 1 };

static const unsigned char header_bytes[2] = {52, 64};
static const struct field file_type = {{16, 16}, {2, 2}}, machine = {{18, 18}, {2, 2}},
                          version = {{20, 20}, {4, 4}}, sections_at = {{32, 40}, {4, 8}},
                          flags = {{36, 48}, {4, 4}}, size_of_header = {{40, 52}, {2, 2}},
                          size_of_section = {{46, 58}, {2, 2}}, sections = {{48, 60}, {2, 2}},
                          section_of_names = {{50, 62}, {2, 2}};

static const unsigned char section_bytes[2] = {40, 64};
static const struct field section_name = {{0, 0}, {4, 4}}, section_type = {{4, 4}, {4, 4}},
                          section_flags = {{8, 8}, {4, 8}}, section_offset = {{16, 24}, {4, 8}},
                          section_size = {{20, 32}, {4, 8}}, section_link = {{24, 40}, {4, 4}},
                          section_info = {{28, 44}, {4, 4}}, section_align = {{32, 48}, {4, 8}},
                          section_entry = {{36, 56}, {4, 8}};

static const unsigned char symbol_bytes[2] = {16, 24};
static const struct field symbol_name = {{0, 0}, {4, 4}}, symbol_value = {{4, 8}, {4, 8}},
                          symbol_size = {{8, 16}, {4, 8}}, symbol_info = {{12, 4}, {1, 1}},
                          symbol_other = {{13, 5}, {1, 1}}, symbol_section = {{14, 6}, {2, 2}};

static const struct field relocation_offset = {{0, 0}, {4, 8}}, relocation_info = {{4, 8}, {4, 8}},
                          relocation_addend = {{8, 16}, {4, 8}};
static const unsigned char symbol_shift[2] = {8, 32}; /* in a relocation's info */

uint64_t abide_elf__get(bool is_big_endian, const unsigned char *bytes, size_t size_bytes)
{
    uint64_t value = 0;
    for (size_t i = 0; i < size_bytes; i++)
        value = value << 8 | bytes[is_big_endian ? i : size_bytes - 1 - i];
    return value;
}

void abide_elf__put(bool is_big_endian, unsigned char *bytes, size_t size_bytes, uint64_t value)
{
    for (size_t i = 0; i < size_bytes; i++, value >>= 8)
        bytes[is_big_endian ? size_bytes - 1 - i : i] = (unsigned char)value;
}

static uint64_t get(const struct abide_elf_target *target, const unsigned char *bytes,
                    const struct field *field)
{
    return abide_elf__get(target->is_big_endian, bytes + field->at_bytes[target->is_64],
                          field->size_bytes[target->is_64]);
}

static void put(const struct abide_elf_target *target, unsigned char *bytes,
                const struct field *field, uint64_t value)
{
    abide_elf__put(target->is_big_endian, bytes + field->at_bytes[target->is_64],
                   field->size_bytes[target->is_64], value);
}

/* ---- reading ---- */

static bool is_within(uint64_t start_bytes, uint64_t size_bytes, uint64_t total_bytes)
{
    return start_bytes <= total_bytes && size_bytes <= total_bytes - start_bytes;
}

/* The text at an offset of a table; NULL: it has none. */
static const char *name_in(const struct abide_elf_section *table, uint64_t offset_bytes)
{
    if (table->type != ABIDE_ELF_STRTAB || offset_bytes >= table->size_bytes ||
        !memchr(table->bytes + offset_bytes, 0, table->size_bytes - offset_bytes))
        return NULL;
    return (const char *)table->bytes + offset_bytes;
}

static bool read_target(const unsigned char *bytes, size_t size_bytes,
                        struct abide_elf_target *target)
{
    if (size_bytes < header_bytes[1] || memcmp(bytes, magic, sizeof magic) != 0 ||
        (bytes[CLASS] != CLASS_32 && bytes[CLASS] != CLASS_64) ||
        (bytes[DATA] != LITTLE && bytes[DATA] != BIG) || bytes[VERSION] != CURRENT)
        return false;
    *target = (struct abide_elf_target){.is_64 = bytes[CLASS] == CLASS_64,
                                        .is_big_endian = bytes[DATA] == BIG,
                                        .system = bytes[SYSTEM],
                                        .system_version = bytes[SYSTEM_VERSION]};
    target->machine = (uint16_t)get(target, bytes, &machine);
    target->flags = (uint32_t)get(target, bytes, &flags);
    return get(target, bytes, &file_type) == RELOCATABLE;
}

static bool read_section(const struct abide_elf_target *target, const unsigned char *bytes,
                         size_t size_bytes, const unsigned char *header,
                         struct abide_elf_section *section)
{
    uint64_t start_bytes = get(target, header, &section_offset);
    *section = (struct abide_elf_section){.type = (uint32_t)get(target, header, &section_type),
                                          .flags = get(target, header, &section_flags),
                                          .size_bytes = get(target, header, &section_size),
                                          .link = (uint32_t)get(target, header, &section_link),
                                          .info = (uint32_t)get(target, header, &section_info),
                                          .align_bytes = get(target, header, &section_align),
                                          .entry_bytes = get(target, header, &section_entry)};
    if (!section->type || section->type == ABIDE_ELF_NOBITS)
        return true;
    if (!is_within(start_bytes, section->size_bytes, size_bytes))
        return false;
    section->bytes = bytes + start_bytes;
    return true;
}

static bool read_sections(abide_ctx *ctx, const unsigned char *bytes, size_t size_bytes,
                          struct abide_elf *elf)
{
    const struct abide_elf_target *target = &elf->target;
    uint64_t at_bytes = get(target, bytes, &sections_at);
    uint64_t names = get(target, bytes, &section_of_names);
    elf->section_count = (size_t)get(target, bytes, &sections);
    if (get(target, bytes, &size_of_section) != section_bytes[target->is_64] ||
        !is_within(at_bytes, elf->section_count * section_bytes[target->is_64], size_bytes) ||
        names >= elf->section_count)
        return false;
    struct abide_elf_section *all =
        abide__new_array(ctx, struct abide_elf_section, elf->section_count);
    elf->sections = all;
    const unsigned char *headers = bytes + at_bytes;
    for (size_t i = 0; i < elf->section_count; i++)
        if (!read_section(target, bytes, size_bytes, headers + i * section_bytes[target->is_64],
                          &all[i]))
            return false;
    for (size_t i = 0; i < elf->section_count; i++) {
        const unsigned char *header = headers + i * section_bytes[target->is_64];
        all[i].name = name_in(&all[names], get(target, header, &section_name));
        if (!all[i].name || all[i].link >= elf->section_count)
            return false;
    }
    return true;
}

static bool read_symbol(const struct abide_elf *elf, const struct abide_elf_section *names,
                        const unsigned char *bytes, struct abide_elf_symbol *symbol)
{
    const struct abide_elf_target *target = &elf->target;
    uint64_t info = get(target, bytes, &symbol_info);
    *symbol = (struct abide_elf_symbol){.name = name_in(names, get(target, bytes, &symbol_name)),
                                        .value = get(target, bytes, &symbol_value),
                                        .size_bytes = get(target, bytes, &symbol_size),
                                        .binding = (unsigned char)(info >> 4),
                                        .type = (unsigned char)(info & 15),
                                        .other = (unsigned char)get(target, bytes, &symbol_other),
                                        .section = (uint32_t)get(target, bytes, &symbol_section)};
    return symbol->name &&
           (symbol->section < elf->section_count || symbol->section >= ABIDE_ELF_FIRST_RESERVED);
}

static bool read_symbols(abide_ctx *ctx, struct abide_elf *elf)
{
    size_t entry_bytes = abide_elf__symbol_bytes(&elf->target);
    for (size_t i = 0; i < elf->section_count; i++) {
        const struct abide_elf_section *table = &elf->sections[i];
        if (table->type != ABIDE_ELF_SYMTAB)
            continue;
        if (elf->symbols || table->entry_bytes != entry_bytes)
            return false;
        elf->symbol_count = table->size_bytes / entry_bytes;
        struct abide_elf_symbol *all =
            abide__new_array(ctx, struct abide_elf_symbol, elf->symbol_count);
        elf->symbols = all;
        for (size_t k = 0; k < elf->symbol_count; k++)
            if (!read_symbol(elf, &elf->sections[table->link], table->bytes + k * entry_bytes,
                             &all[k]))
                return false;
    }
    return elf->symbol_count > 0;
}

/* Whether each relocation is for a section and a symbol that are there. */
static bool check_relocations(const struct abide_elf *elf)
{
    for (size_t i = 0; i < elf->section_count; i++) {
        const struct abide_elf_section *section = &elf->sections[i];
        bool has_addend = section->type == ABIDE_ELF_RELA;
        if (!has_addend && section->type != ABIDE_ELF_REL)
            continue;
        if (section->info >= elf->section_count ||
            section->entry_bytes != abide_elf__relocation_bytes(&elf->target, has_addend))
            return false;
        for (size_t k = 0; k < abide_elf__relocation_count(section); k++) {
            struct abide_elf_relocation one = abide_elf__relocation(elf, section, k);
            if (one.symbol >= elf->symbol_count ||
                one.offset_bytes >= elf->sections[section->info].size_bytes)
                return false;
        }
    }
    return true;
}

bool abide_elf__read(abide_ctx *ctx, const unsigned char *bytes, size_t size_bytes,
                     struct abide_elf *elf)
{
    *elf = (struct abide_elf){0};
    return read_target(bytes, size_bytes, &elf->target) &&
           read_sections(ctx, bytes, size_bytes, elf) && read_symbols(ctx, elf) &&
           check_relocations(elf);
}

size_t abide_elf__relocation_count(const struct abide_elf_section *section)
{
    return section->entry_bytes ? section->size_bytes / section->entry_bytes : 0;
}

struct abide_elf_relocation abide_elf__relocation(const struct abide_elf *elf,
                                                  const struct abide_elf_section *section,
                                                  size_t index)
{
    const struct abide_elf_target *target = &elf->target;
    const unsigned char *bytes = section->bytes + index * section->entry_bytes;
    uint64_t info = get(target, bytes, &relocation_info);
    unsigned shift = symbol_shift[target->is_64];
    struct abide_elf_relocation relocation = {
        .offset_bytes = get(target, bytes, &relocation_offset),
        .symbol = info >> shift,
        .type = (uint32_t)(info & (((uint64_t)1 << shift) - 1))};
    if (section->type == ABIDE_ELF_RELA) {
        uint64_t addend = get(target, bytes, &relocation_addend);
        relocation.addend = target->is_64 ? (int64_t)addend : (int32_t)addend;
    }
    return relocation;
}

/* ---- writing ---- */

size_t abide_elf__symbol_bytes(const struct abide_elf_target *target)
{
    return symbol_bytes[target->is_64];
}

size_t abide_elf__relocation_bytes(const struct abide_elf_target *target, bool has_addend)
{
    return (size_t)(has_addend ? 3 : 2) * (target->is_64 ? 8 : 4);
}

void abide_elf__write_symbol(const struct abide_elf_target *target, unsigned char *bytes,
                             const struct abide_elf_symbol *symbol, uint32_t name)
{
    put(target, bytes, &symbol_name, name);
    put(target, bytes, &symbol_value, symbol->value);
    put(target, bytes, &symbol_size, symbol->size_bytes);
    put(target, bytes, &symbol_info, (uint64_t)symbol->binding << 4 | symbol->type);
    put(target, bytes, &symbol_other, symbol->other);
    put(target, bytes, &symbol_section, symbol->section);
}

void abide_elf__write_relocation(const struct abide_elf_target *target, unsigned char *bytes,
                                 const struct abide_elf_relocation *relocation, bool has_addend)
{
    put(target, bytes, &relocation_offset, relocation->offset_bytes);
    put(target, bytes, &relocation_info,
        relocation->symbol << symbol_shift[target->is_64] | relocation->type);
    if (has_addend)
        put(target, bytes, &relocation_addend, (uint64_t)relocation->addend);
}

static void write_header(const struct abide_elf_target *target, unsigned char *bytes,
                         uint64_t headers_at_bytes, size_t section_count)
{
    memcpy(bytes, magic, sizeof magic);
    bytes[CLASS] = target->is_64 ? CLASS_64 : CLASS_32;
    bytes[DATA] = target->is_big_endian ? BIG : LITTLE;
    bytes[VERSION] = CURRENT;
    bytes[SYSTEM] = target->system;
    bytes[SYSTEM_VERSION] = target->system_version;
    put(target, bytes, &file_type, RELOCATABLE);
    put(target, bytes, &machine, target->machine);
    put(target, bytes, &version, CURRENT);
    put(target, bytes, &sections_at, headers_at_bytes);
    put(target, bytes, &flags, target->flags);
    put(target, bytes, &size_of_header, header_bytes[target->is_64]);
    put(target, bytes, &size_of_section, section_bytes[target->is_64]);
    put(target, bytes, &sections, section_count);
    put(target, bytes, &section_of_names, section_count - 1);
}

static void write_section(const struct abide_elf_target *target, unsigned char *bytes,
                          const struct abide_elf_section *section, uint32_t name,
                          uint64_t offset_bytes)
{
    put(target, bytes, &section_name, name);
    put(target, bytes, &section_type, section->type);
    put(target, bytes, &section_flags, section->flags);
    put(target, bytes, &section_offset, offset_bytes);
    put(target, bytes, &section_size, section->size_bytes);
    put(target, bytes, &section_link, section->link);
    put(target, bytes, &section_info, section->info);
    put(target, bytes, &section_align, section->align_bytes);
    put(target, bytes, &section_entry, section->entry_bytes);
}

static uint64_t aligned(uint64_t at_bytes, uint64_t align_bytes)
{
    return align_bytes > 1 ? (at_bytes + align_bytes - 1) / align_bytes * align_bytes : at_bytes;
}

struct abide_text abide_elf__write(abide_ctx *ctx, const struct abide_elf_target *target,
                                   const struct abide_elf_section *all, const uint32_t *names,
                                   size_t section_count)
{
    uint64_t *offsets_bytes = abide__new_array(ctx, uint64_t, section_count);
    uint64_t at_bytes = header_bytes[target->is_64];
    for (size_t i = 1; i < section_count; i++) {
        offsets_bytes[i] = aligned(at_bytes, all[i].align_bytes);
        at_bytes = offsets_bytes[i] + (all[i].bytes ? all[i].size_bytes : 0);
    }
    uint64_t headers_at_bytes = aligned(at_bytes, 8);
    size_t size_bytes = (size_t)headers_at_bytes + section_count * section_bytes[target->is_64];
    unsigned char *bytes = abide__alloc(ctx, size_bytes);
    write_header(target, bytes, headers_at_bytes, section_count);
    for (size_t i = 0; i < section_count; i++) {
        if (all[i].bytes && all[i].size_bytes)
            memcpy(bytes + offsets_bytes[i], all[i].bytes, all[i].size_bytes);
        write_section(target, bytes + headers_at_bytes + i * section_bytes[target->is_64], &all[i],
                      names[i], offsets_bytes[i]);
    }
    return (struct abide_text){.chars = (char *)bytes, .length_bytes = size_bytes};
}
