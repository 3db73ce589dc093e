/*
 * Object files of ELF, as LLVM writes them: read into tables, and written from tables.
 *
 * Source: System V gABI, 4.1, chapter 4.
 */
#ifndef ABIDE_CODEGEN_ELF_H
#define ABIDE_CODEGEN_ELF_H

#include "base/ctx.h"

/* Numbers of the gABI that are told apart; all others are carried along or refused. */
enum {
    ABIDE_ELF_PROGBITS = 1,
    ABIDE_ELF_SYMTAB = 2,
    ABIDE_ELF_STRTAB = 3,
    ABIDE_ELF_RELA = 4,
    ABIDE_ELF_NOTE = 7,
    ABIDE_ELF_NOBITS = 8,
    ABIDE_ELF_REL = 9,
    ABIDE_ELF_GROUP = 17,
    ABIDE_ELF_SYMTAB_INDICES = 18,
    ABIDE_ELF_FIRST_OF_SYSTEM = 0x60000000,
    ABIDE_ELF_FIRST_OF_PROCESSOR = 0x70000000,

    ABIDE_ELF_WRITE = 0x1,
    ABIDE_ELF_ALLOC = 0x2,
    ABIDE_ELF_EXECUTE = 0x4,
    ABIDE_ELF_MERGE = 0x10,
    ABIDE_ELF_STRINGS = 0x20,
    ABIDE_ELF_INFO_LINK = 0x40,

    ABIDE_ELF_UNDEFINED = 0,
    ABIDE_ELF_ABSOLUTE = 0xfff1,
    ABIDE_ELF_FIRST_RESERVED = 0xff00,

    ABIDE_ELF_LOCAL = 0, /* binding */
    ABIDE_ELF_GLOBAL = 1,
    ABIDE_ELF_WEAK = 2,
    ABIDE_ELF_NOTYPE = 0,
    ABIDE_ELF_SECTION = 3,
    ABIDE_ELF_FILE = 4
};

/* What an object file says of itself at its start. */
struct abide_elf_target {
    bool is_64;
    bool is_big_endian;
    unsigned char system, system_version;
    uint16_t machine;
    uint32_t flags;
};

struct abide_elf_section {
    const char *name;
    uint32_t type;
    uint64_t flags;
    const unsigned char *bytes; /* NULL: NOBITS, which the file does not hold */
    uint64_t size_bytes;
    uint32_t link, info;
    uint64_t align_bytes;
    uint64_t entry_bytes;
};

struct abide_elf_symbol {
    const char *name;
    uint64_t value;
    uint64_t size_bytes;
    unsigned char binding, type, other;
    uint32_t section; /* or a reserved number */
};

struct abide_elf_relocation {
    uint64_t offset_bytes;
    uint64_t symbol;
    uint32_t type;
    int64_t addend; /* 0 where it lies in the bytes (REL) */
};

struct abide_elf {
    struct abide_elf_target target;
    const struct abide_elf_section *sections;
    size_t section_count;
    const struct abide_elf_symbol *symbols;
    size_t symbol_count;
};

/* Reads a relocatable object, of which the tables keep pointers. false: it is none, or has what is not read here. */
bool abide_elf__read(abide_ctx *ctx, const unsigned char *bytes, size_t size_bytes,
                     struct abide_elf *elf);
size_t abide_elf__relocation_count(const struct abide_elf_section *section);
struct abide_elf_relocation abide_elf__relocation(const struct abide_elf *elf,
                                                  const struct abide_elf_section *section,
                                                  size_t index);

uint64_t abide_elf__get(bool is_big_endian, const unsigned char *bytes, size_t size_bytes);
void abide_elf__put(bool is_big_endian, unsigned char *bytes, size_t size_bytes, uint64_t value);

size_t abide_elf__symbol_bytes(const struct abide_elf_target *target);
size_t abide_elf__relocation_bytes(const struct abide_elf_target *target, bool has_addend);
void abide_elf__write_symbol(const struct abide_elf_target *target, unsigned char *bytes,
                             const struct abide_elf_symbol *symbol, uint32_t name);
void abide_elf__write_relocation(const struct abide_elf_target *target, unsigned char *bytes,
                                 const struct abide_elf_relocation *relocation, bool has_addend);
/* The file of some sections, the first of which is the empty one, and the last the one with their names. */
struct abide_text abide_elf__write(abide_ctx *ctx, const struct abide_elf_target *target,
                                   const struct abide_elf_section *sections, const uint32_t *names,
                                   size_t section_count);

#endif
