/* Objects and archives, through libelf: the only user of it. Files are not trusted: every index and size is checked by libelf or here. */
#include "object.h"

#include <errno.h>
#include <fcntl.h>
#include <gelf.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

struct reading {
    struct cli *cli;
    const char *path;
    bool (*is_wanted)(const char *name);
    struct objects *objects;
    size_t object_capacity;
};

struct symbols {
    struct object_symbol *items;
    size_t count;
    size_t capacity;
};

/* Room for one more in an array of `count` items; the new array. */
static void *grown(void *items, size_t count, size_t *capacity, size_t size_bytes)
{
    if (count < *capacity)
        return items;
    *capacity = *capacity ? 2 * *capacity : 16;
    void *larger = cli_alloc(*capacity, size_bytes);
    if (count)
        memcpy(larger, items, count * size_bytes);
    return larger;
}

/* The bytes from a symbol to the end of its section. */
static void find_bytes(Elf *elf, const GElf_Ehdr *header, const GElf_Sym *symbol,
                       struct object_symbol *found)
{
    GElf_Shdr section_header;
    Elf_Scn *section = symbol->st_shndx < SHN_LORESERVE ? elf_getscn(elf, symbol->st_shndx) : NULL;
    if (!section || !gelf_getshdr(section, &section_header) ||
        section_header.sh_type != SHT_PROGBITS)
        return;
    uint64_t base = header->e_type == ET_REL ? 0 : section_header.sh_addr;
    Elf_Data *data = elf_getdata(section, NULL);
    if (!data || !data->d_buf || symbol->st_value < base || symbol->st_value - base >= data->d_size)
        return;
    size_t offset = (size_t)(symbol->st_value - base);
    found->size_bytes = data->d_size - offset;
    found->bytes =
        (const unsigned char *)cli_copy((const char *)data->d_buf + offset, found->size_bytes);
}

static void read_table(const struct reading *reading, Elf *elf, const GElf_Ehdr *header,
                       Elf_Scn *section, const GElf_Shdr *section_header, struct symbols *symbols)
{
    Elf_Data *data = elf_getdata(section, NULL);
    GElf_Sym symbol;
    for (int i = 0; data && gelf_getsym(data, i, &symbol); i++) {
        const char *name = elf_strptr(elf, section_header->sh_link, symbol.st_name);
        if (!name || !reading->is_wanted(name))
            continue;
        symbols->items =
            grown(symbols->items, symbols->count, &symbols->capacity, sizeof *symbols->items);
        struct object_symbol *found = &symbols->items[symbols->count++];
        *found = (struct object_symbol){.name = cli_copy(name, strlen(name)),
                                        .is_defined = symbol.st_shndx != SHN_UNDEF};
        find_bytes(elf, header, &symbol, found);
    }
}

/* By name; of two with one name, the one that tells more. */
static int compare_symbols(const void *left, const void *right)
{
    const struct object_symbol *a = left, *b = right;
    int order = strcmp(a->name, b->name);
    if (order == 0)
        order = (int)b->is_defined - (int)a->is_defined;
    return order ? order : (b->bytes != NULL) - (a->bytes != NULL);
}

/* The tables of a library for linkers and for loaders have much in common. */
static size_t keep_each_once(struct symbols *symbols)
{
    size_t kept = 0;
    if (symbols->count > 1)
        qsort(symbols->items, symbols->count, sizeof *symbols->items, compare_symbols);
    for (size_t i = 0; i < symbols->count; i++)
        if (kept == 0 || strcmp(symbols->items[kept - 1].name, symbols->items[i].name) != 0)
            symbols->items[kept++] = symbols->items[i];
    return kept;
}

static void read_object(struct reading *reading, Elf *elf, const char *member)
{
    GElf_Ehdr header;
    GElf_Shdr section_header;
    struct symbols symbols = {0};
    if (!gelf_getehdr(elf, &header))
        return;
    for (Elf_Scn *section = NULL; (section = elf_nextscn(elf, section));)
        if (gelf_getshdr(section, &section_header) &&
            (section_header.sh_type == SHT_SYMTAB || section_header.sh_type == SHT_DYNSYM))
            read_table(reading, elf, &header, section, &section_header, &symbols);
    struct objects *objects = reading->objects;
    objects->items =
        grown(objects->items, objects->count, &reading->object_capacity, sizeof *objects->items);
    struct object *object = &objects->items[objects->count++];
    *object = (struct object){member ? cli_copy(member, strlen(member)) : NULL, symbols.items,
                              keep_each_once(&symbols)};
}

static void read_archive(struct reading *reading, int file, Elf *archive)
{
    Elf_Cmd command = ELF_C_READ;
    Elf *elf;
    while ((elf = elf_begin(file, command, archive))) {
        const Elf_Arhdr *header = elf_getarhdr(elf);
        if (header && elf_kind(elf) == ELF_K_ELF)
            read_object(reading, elf, header->ar_name);
        command = elf_next(elf);
        elf_end(elf);
    }
}

static enum status read_file(struct reading *reading, int file)
{
    Elf *elf = elf_version(EV_CURRENT) != EV_NONE ? elf_begin(file, ELF_C_READ, NULL) : NULL;
    Elf_Kind kind = elf ? elf_kind(elf) : ELF_K_NONE;
    if (kind == ELF_K_ELF)
        read_object(reading, elf, NULL);
    else if (kind == ELF_K_AR)
        read_archive(reading, file, elf);
    if (elf)
        elf_end(elf);
    if (kind == ELF_K_ELF || kind == ELF_K_AR)
        return STATUS_OK;
    return cli_report(reading->cli, "unknown-object", "ask about an ELF file or an archive of them",
                      "'%s' is no object, library or program that can be read", reading->path);
}

enum status objects_read(struct cli *cli, const char *path, bool (*is_wanted)(const char *name),
                         struct objects *objects)
{
    struct reading reading = {.cli = cli, .path = path, .is_wanted = is_wanted, .objects = objects};
    int file = open(path, O_RDONLY | O_CLOEXEC);
    if (file < 0) {
        bool is_missing = errno == ENOENT || errno == ENOTDIR;
        return cli_report(cli, is_missing ? "missing-file" : "unreadable-file", NULL,
                          is_missing ? "there is no file '%s'" : "cannot read '%s'", path);
    }
    enum status status = read_file(&reading, file);
    close(file);
    return status;
}
