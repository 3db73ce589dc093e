/* The binary, its symbols, and attributes as numbers. */
#include "reader.h"

#include <dwarf.h>
#include <elfutils/libdwfl.h>
#include <fcntl.h>
#include <gelf.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#define uthash_malloc(size_bytes)       store_new(1, size_bytes)
#define uthash_free(memory, size_bytes) ((void)(memory))
#include <uthash.h>

enum { PEEL_MAX = 64 }; /* qualifiers and names of a type in each other */

struct symbol {
    const char *name;
    UT_hash_handle hh;
};

/* ---- the file ---------------------------------------------------------------------------------- */

static char *debug_path; /* NULL: where debug files are on this system */
static const Dwfl_Callbacks callbacks = {
    .find_elf = dwfl_build_id_find_elf,
    .find_debuginfo = dwfl_standard_find_debuginfo,
    .section_address = dwfl_offline_section_address,
    .debuginfo_path = &debug_path,
};

static bool refuse(struct binary *binary, const char *path, const char *why, const char *help)
{
    fprintf(stderr, "%s: error: %s [unreadable-binary]\n", path, why);
    if (help)
        fprintf(stderr, "  = help: %s\n", help);
    binary_close(binary);
    return false;
}

static int note_register(void *result, int number, const char *set, const char *prefix,
                         const char *name, int bits, int type)
{
    (void)number;
    (void)set;
    (void)prefix;
    (void)name;
    (void)bits;
    (void)type;
    *(bool *)result = true;
    return DWARF_CB_ABORT;
}

/* Machines that libdw does not know have no registers for it: it does not relocate their objects either. */
static bool is_relocated(Dwfl_Module *module, Elf *elf)
{
    GElf_Ehdr header;
    bool has_registers = false;
    if (!gelf_getehdr(elf, &header) || header.e_type != ET_REL)
        return true;
    dwfl_module_register_names(module, note_register, &has_registers);
    return has_registers;
}

static int add_module(Dwfl_Module *module, void **data, const char *name, Dwarf_Addr start,
                      void *binary)
{
    struct binary *into = binary;
    (void)data;
    (void)name;
    (void)start;
    into->modules = store_grow(into->modules, into->module_count, sizeof *into->modules);
    into->modules[into->module_count++] = module;
    return DWARF_CB_OK;
}

bool binary_select(struct binary *binary, size_t index)
{
    GElf_Addr bias;
    binary->module = binary->modules[index];
    binary->elf = dwfl_module_getelf(binary->module, &bias);
    binary->dwarf = dwfl_module_getdwarf(binary->module, &bias);
    binary->bias = bias;
    return binary->elf && binary->dwarf;
}

/* libdwfl and not libdw alone: in an object file, names are relocated. */
bool binary_open(struct binary *binary, const struct request *request)
{
    *binary = (struct binary){.dwfl = dwfl_begin(&callbacks), .file = -1};
    if (!binary->dwfl)
        return refuse(binary, request->binary, dwfl_errmsg(-1), NULL);
    dwfl_report_begin(binary->dwfl);
    bool is_reported = dwfl_report_offline(binary->dwfl, request->binary, request->binary, -1);
    dwfl_report_end(binary->dwfl, NULL, NULL);
    dwfl_getmodules(binary->dwfl, add_module, binary, 0);
    if (!is_reported || binary->module_count == 0)
        return refuse(binary, request->binary, dwfl_errmsg(-1),
                      "an object, a library or a program in the ELF format is wanted");
    size_t first = 0; /* that has debug information; the others of an archive may have none */
    while (!binary_select(binary, first) && first + 1 < binary->module_count)
        first++;
    binary->file = open(request->binary, O_RDONLY | O_CLOEXEC);
    binary->plain = elf_begin(binary->file, ELF_C_READ_MMAP, NULL);
    if (!binary->elf || !binary->dwarf)
        return refuse(binary, request->binary, dwfl_errmsg(-1),
                      "compile it with -g, or install the package with its debug symbols");
    if (!is_relocated(binary->module, binary->elf))
        return refuse(binary, request->binary, "libdw does not relocate objects of this machine",
                      "link it first, into a library for example");
    return true;
}

void binary_close(struct binary *binary)
{
    if (binary->dwfl)
        dwfl_end(binary->dwfl);
    binary->dwfl = NULL;
    elf_end(binary->plain);
    binary->plain = NULL;
    if (binary->file >= 0)
        close(binary->file);
    binary->file = -1;
}

void binary_symbols(const struct binary *binary, struct reader *reader)
{
    Dwfl_Module *module = binary->module;
    int count = dwfl_module_getsymtab(module);
    for (int i = 1; i < count; i++) {
        GElf_Sym symbol;
        const char *name = dwfl_module_getsym(module, i, &symbol, NULL);
        int binding = GELF_ST_BIND(symbol.st_info);
        if (!name || !*name || symbol.st_shndx == SHN_UNDEF || binding == STB_LOCAL)
            continue;
        struct symbol *found;
        HASH_FIND_STR(reader->symbols, name, found);
        if (found)
            continue;
        found = store_new(1, sizeof *found);
        found->name = store_copy(name);
        HASH_ADD_KEYPTR(hh, reader->symbols, found->name, strlen(found->name), found);
    }
}

bool is_symbol(const struct reader *reader, const char *name)
{
    struct symbol *found;
    HASH_FIND_STR(reader->symbols, name, found);
    return found;
}

/* Whether the linker fills in some of these bytes of a section. */
static bool is_relocated_at(Elf *elf, Elf_Scn *section, uint64_t offset, size_t length_bytes)
{
    GElf_Shdr header;
    for (Elf_Scn *other = elf_nextscn(elf, NULL); other; other = elf_nextscn(elf, other)) {
        if (!gelf_getshdr(other, &header) || header.sh_info != elf_ndxscn(section) ||
            (header.sh_type != SHT_REL && header.sh_type != SHT_RELA) || !header.sh_entsize)
            continue;
        Elf_Data *data = elf_getdata(other, NULL);
        for (size_t i = 0; data && i < header.sh_size / header.sh_entsize && i < INT_MAX; i++) {
            GElf_Rel rel;
            GElf_Rela rela;
            bool is_rela = header.sh_type == SHT_RELA;
            if (!(is_rela ? (void *)gelf_getrela(data, (int)i, &rela)
                          : (void *)gelf_getrel(data, (int)i, &rel)))
                break;
            uint64_t at = is_rela ? rela.r_offset : rel.r_offset;
            if (at < offset + length_bytes && offset < at + 8)
                return true;
        }
    }
    return false;
}

bool binary_read(const struct binary *binary, uint64_t address, unsigned char *bytes,
                 size_t length_bytes)
{
    GElf_Shdr header;
    GElf_Addr bias;
    address += binary->bias;
    Elf_Scn *loaded = dwfl_module_address_section(binary->module, &address, &bias);
    Elf_Scn *section = loaded ? elf_getscn(binary->plain, elf_ndxscn(loaded)) : NULL;
    if (!section || !gelf_getshdr(section, &header) || header.sh_type != SHT_PROGBITS ||
        header.sh_flags & (SHF_WRITE | SHF_COMPRESSED))
        return false;
    const Elf_Data *data = elf_rawdata(section, NULL);
    if (!data || !data->d_buf || address > data->d_size || length_bytes > data->d_size - address)
        return false;
    if (is_relocated_at(binary->plain, section, address, length_bytes))
        return false;
    memcpy(bytes, (const char *)data->d_buf + address, length_bytes);
    return true;
}

/* ---- attributes -------------------------------------------------------------------------------- */

/* Offsets of members may be an expression that adds a number (DWARF 2 and 3). */
static bool location_number(Dwarf_Attribute *attribute, uint64_t *value)
{
    Dwarf_Op *operations;
    size_t count;
    if (dwarf_getlocation(attribute, &operations, &count) != 0 || count != 1 ||
        operations[0].atom != DW_OP_plus_uconst)
        return false;
    *value = operations[0].number;
    return true;
}

bool die_number(Dwarf_Die *die, unsigned name, uint64_t *value)
{
    Dwarf_Attribute attribute;
    Dwarf_Word word;
    if (!dwarf_attr_integrate(die, name, &attribute))
        return false;
    switch (dwarf_whatform(&attribute)) {
    case DW_FORM_exprloc:
    case DW_FORM_block:
    case DW_FORM_block1:
    case DW_FORM_block2:
    case DW_FORM_block4:
        return name == DW_AT_data_member_location && location_number(&attribute, value);
    case DW_FORM_ref1:
    case DW_FORM_ref2:
    case DW_FORM_ref4:
    case DW_FORM_ref8:
    case DW_FORM_ref_udata:
    case DW_FORM_ref_addr:
    case DW_FORM_sec_offset: return false; /* known when the program runs */
    default: break;
    }
    if (dwarf_formudata(&attribute, &word) != 0)
        return false;
    *value = word;
    return true;
}

bool die_value(Dwarf_Die *die, unsigned name, bool is_unsigned, int64_t *value)
{
    Dwarf_Attribute attribute;
    if (!dwarf_attr_integrate(die, name, &attribute))
        return false;
    unsigned form = dwarf_whatform(&attribute);
    bool is_signed_form = form == DW_FORM_sdata || form == DW_FORM_implicit_const;
    Dwarf_Word word;
    Dwarf_Sword sword;
    if (is_signed_form && !is_unsigned) {
        if (dwarf_formsdata(&attribute, &sword) != 0)
            return false;
        *value = sword;
        return true;
    }
    if (dwarf_formudata(&attribute, &word) != 0)
        return false;
    *value = (int64_t)word;
    return true;
}

bool die_reference(Dwarf_Die *die, unsigned name, Dwarf_Die *to)
{
    Dwarf_Attribute attribute;
    return dwarf_attr_integrate(die, name, &attribute) && dwarf_formref_die(&attribute, to);
}

bool die_type(Dwarf_Die *die, Dwarf_Die *type)
{
    return die_reference(die, DW_AT_type, type);
}

bool die_flag(Dwarf_Die *die, unsigned name)
{
    Dwarf_Attribute attribute;
    bool flag;
    return dwarf_attr_integrate(die, name, &attribute) && dwarf_formflag(&attribute, &flag) == 0 &&
           flag;
}

bool is_declaration(Dwarf_Die *die)
{
    Dwarf_Attribute attribute;
    bool flag;
    return dwarf_attr(die, DW_AT_declaration, &attribute) &&
           dwarf_formflag(&attribute, &flag) == 0 && flag;
}

const char *die_name(Dwarf_Die *die)
{
    Dwarf_Attribute attribute;
    const char *name =
        dwarf_attr_integrate(die, DW_AT_name, &attribute) ? dwarf_formstring(&attribute) : NULL;
    return name && *name ? name : NULL;
}

struct place die_place(const struct reader *reader, Dwarf_Die *die)
{
    Dwarf_Die unit;
    Dwarf_Files *files;
    size_t count;
    uint64_t line, number, column;
    if (!die_number(die, DW_AT_decl_line, &line) || line > UINT32_MAX ||
        !die_number(die, DW_AT_decl_file, &number) || !dwarf_diecu(die, &unit, NULL, NULL) ||
        dwarf_getsrcfiles(&unit, &files, &count) != 0 || number >= count)
        return (struct place){reader->request->binary, 0, 0};
    if (!die_number(die, DW_AT_decl_column, &column) || column > UINT32_MAX)
        column = 0;
    const char *file = dwarf_filesrc(files, number, NULL, NULL);
    return (struct place){file ? file : reader->request->binary, (unsigned)line, (unsigned)column};
}

bool die_peel(Dwarf_Die *die, bool with_typedefs, bool *is_const, bool *is_atomic)
{
    for (int i = 0; i < PEEL_MAX; i++) {
        int tag = dwarf_tag(die);
        switch (tag) {
        case DW_TAG_typedef:
            if (!with_typedefs)
                return true;
            break;
        case DW_TAG_const_type:
        case DW_TAG_atomic_type:
            if (tag == DW_TAG_const_type && is_const)
                *is_const = true;
            if (tag == DW_TAG_atomic_type && is_atomic)
                *is_atomic = true;
            break;
        case DW_TAG_volatile_type:
        case DW_TAG_restrict_type:
        case DW_TAG_immutable_type:
        case DW_TAG_packed_type: break;
        default: return true;
        }
        Dwarf_Die inner;
        if (!die_type(die,
                      &inner)) /* what refers to nothing is not void: whoever reads it says so */
            return dwarf_hasattr_integrate(die, DW_AT_type);
        *die = inner;
    }
    return true; /* too deep: whoever reads it finds a tag that is none of a type */
}

bool die_child(Dwarf_Die *parent, Dwarf_Die *child)
{
    return dwarf_child(parent, child) == 0;
}

bool die_next(Dwarf_Die *die)
{
    Dwarf_Die next;
    if (dwarf_siblingof(die, &next) != 0)
        return false;
    *die = next;
    return true;
}

bool is_record_tag(int tag)
{
    return tag == DW_TAG_structure_type || tag == DW_TAG_union_type || tag == DW_TAG_class_type ||
           tag == DW_TAG_interface_type;
}
