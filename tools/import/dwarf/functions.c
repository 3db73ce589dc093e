/* Functions: those that the binary defines, and others can link with. */
#include "reader.h"

#include <dwarf.h>
#include <string.h>

enum { OLD_LINKAGE_NAME = 0x2007 }; /* a vendor's, before DWARF 4 */

/* Of names without a scope: the linker's. */
static const char *symbol_of(Dwarf_Die *die)
{
    static const unsigned names[] = {DW_AT_linkage_name, OLD_LINKAGE_NAME};
    Dwarf_Attribute attribute;
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        if (dwarf_attr_integrate(die, names[i], &attribute)) {
            const char *name = dwarf_formstring(&attribute);
            if (name && *name)
                return name;
        }
    return die_name(die);
}

static bool is_mangled(Dwarf_Die *die)
{
    const char *name = die_name(die), *symbol = symbol_of(die);
    return !name || strcmp(name, symbol) != 0;
}

/* Why a function is none that others call; NULL: they may. */
static const char *why_not(const struct reader *reader, Dwarf_Die *die)
{
    bool is_declared = is_declaration(die);
    uint64_t inlined = 0;
    if (is_declared && !reader->request->all)
        return "functions that are only declared (--all)";
    die_number(die, DW_AT_inline, &inlined);
    if (!is_declared && !dwarf_hasattr(die, DW_AT_low_pc) && !dwarf_hasattr(die, DW_AT_ranges))
        return "";
    if (!die_flag(die, DW_AT_external))
        return "static functions";
    if (!symbol_of(die))
        return "functions without a name";
    if (!is_declared && reader->symbols && !is_symbol(reader, symbol_of(die)))
        return "functions that the binary keeps to itself";
    if (!reader->language->has_c_calls && is_mangled(die))
        return store_printf("functions with the convention of %s", reader->language->name);
    return NULL;
}

/* Where the parameters are: an inlined function that also stands by itself refers to what was declared. */
static Dwarf_Die declaration_of(Dwarf_Die *die)
{
    Dwarf_Die origin, child;
    if (!die_reference(die, DW_AT_abstract_origin, &origin))
        return *die;
    return die_child(&origin, &child) ? origin : *die;
}

static const char *name_of(struct reader *reader, Dwarf_Die *die, const char *symbol)
{
    const char *name = die_name(die);
    Dwarf_Die declared = *die, next;
    for (int i = 0; i < 4 && (die_reference(&declared, DW_AT_abstract_origin, &next) ||
                              die_reference(&declared, DW_AT_specification, &next));
         i++)
        declared = next;
    bool is_scoped = name && strcmp(name, symbol) != 0;
    const char *wish = is_scoped ? scoped_name(reader, &declared, name) : symbol;
    return names_take(&reader->function_names, wish, "function");
}

/* The linker's name that a function has unless another is said. */
static bool is_usual_symbol(const char *name, const char *symbol)
{
    for (; *name && *symbol; name++, symbol++)
        if (*symbol != (*name == '-' ? '_' : *name))
            return false;
    return !*name && !*symbol;
}

static bool is_written_symbol(const char *symbol)
{
    for (const char *c = symbol; *c; c++)
        if (*c <= ' ' || *c > '~' || strchr("\"'\\,:{}[]#&*!|>%@`", *c))
            return false;
    return strlen(symbol) <= 8000;
}

static bool fill(struct reader *reader, struct entry *entry, Dwarf_Die *die, const char *symbol)
{
    Dwarf_Die declaration = declaration_of(die);
    if (!convention_word(reader, die, &entry->convention) ||
        !convention_word(reader, &declaration, &entry->convention))
        return false;
    if (!is_written_symbol(symbol)) {
        unsaid(reader, "its symbol");
        return false;
    }
    entry->text = signature_text(reader, &declaration, true);
    return entry->text;
}

void import_function(struct reader *reader, Dwarf_Die *die)
{
    const char *reason = why_not(reader, die);
    if (reason) {
        bool is_wanted = !symbol_of(die) ||
                         choice_takes(reader->request->choice, SUBJECT_FUNCTION, symbol_of(die));
        if (*reason && is_wanted)
            count_out(reader->model, reason);
        return;
    }
    const char *symbol = symbol_of(die);
    if (identity_find(reader, symbol, "function"))
        return;
    struct entry *entry = store_new(1, sizeof *entry);
    entry->name = name_of(reader, die, symbol);
    entry->c_name = store_printf("function %.200s", entry->name);
    entry->place = die_place(reader, die);
    entry->form = FORM_FUNCTION;
    entry->is_own = is_own_place(reader, &entry->place);
    if (!is_usual_symbol(entry->name, symbol))
        entry->symbol = store_copy(symbol);
    identity_keep(reader, symbol, "function", entry);
    LIST_ADD(&reader->model->functions, entry);
    struct scope scope = enter_entry(reader, entry);
    if (!fill(reader, entry, die, symbol))
        entry->refusal = reader->why;
    leave_entry(reader, scope);
}
