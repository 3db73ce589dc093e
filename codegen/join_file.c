/* The file with all pieces in it. Source: System V gABI, 4.1, chapter 4. */
#include "join_pieces.h"

#include <string.h>

struct file {
    struct abide_join *j;
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
    struct abide_join *j = f->j;
    f->numbers = abide__new_array(j->ctx, size_t, j->outputs.count);
    for (size_t i = 0; i < j->outputs.count; i++) {
        const struct abide_join_output_section *output = &j->outputs.items[i];
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

static uint64_t final_number(const struct abide_join *j, struct abide_join_reference reference)
{
    if (reference.index == ABIDE_JOIN_NONE)
        return 0;
    return 1 + reference.index + (reference.is_local ? 0 : j->locals.count);
}

/* The name of a section with relocations: what the format's users call it. */
static const char *name_of_relocations(struct abide_join *j,
                                       const struct abide_join_output_section *output)
{
    return abide__printf(j->ctx, "%s%s", output->has_addends ? ".rela" : ".rel",
                         output->section.name);
}

static void add_relocations(struct file *f, size_t number)
{
    struct abide_join *j = f->j;
    const struct abide_join_output_section *output = &j->outputs.items[number];
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
    struct abide_join *j = f->j;
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

struct abide_text abide_join__write(struct abide_join *j)
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
