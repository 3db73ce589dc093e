/* Names that programs give to types. */
#include "reader.h"

#include <dwarf.h>
#include <inttypes.h>
#include <string.h>

static bool is_list_name(const char *name)
{
    const struct standard_word *word = name ? standard_word_of(name) : NULL;
    return word && strcmp(word->word, "va_list") == 0;
}

static bool has_line(Dwarf_Die *die)
{
    uint64_t line = 0;
    return die_number(die, DW_AT_decl_line, &line) && line > 0;
}

/* What compilers make such lists of: a pointer to bytes, or something of their own, which has no place in a source file. */
static bool is_list_content(Dwarf_Die *die)
{
    Dwarf_Die type = *die, inner;
    int tag = dwarf_tag(&type);
    if (tag != DW_TAG_pointer_type && tag != DW_TAG_array_type)
        return is_record_tag(tag) && !has_line(&type);
    if (!die_type(&type, &inner) || !die_peel(&inner, true, NULL, NULL))
        return tag == DW_TAG_pointer_type;
    return tag == DW_TAG_pointer_type ? dwarf_tag(&inner) == DW_TAG_base_type : !has_line(&inner);
}

/* Whether it is the compiler's own list of unnamed arguments. */
bool is_list(Dwarf_Die *die)
{
    Dwarf_Die content = *die, named = *die;
    return die_peel(&named, false, NULL, NULL) && dwarf_tag(&named) == DW_TAG_typedef &&
           is_list_name(die_name(&named)) && die_peel(&content, true, NULL, NULL) &&
           is_list_content(&content);
}

static bool is_integer(const struct reader *reader, Dwarf_Die *die, int size_bytes)
{
    Dwarf_Die type = *die;
    uint64_t size, encoding = 0, meant = size_bytes ? (uint64_t)size_bytes : reader->pointer_bytes;
    if (!die_peel(&type, true, NULL, NULL) || dwarf_tag(&type) != DW_TAG_base_type ||
        !die_number(&type, DW_AT_byte_size, &size))
        return false;
    die_number(&type, DW_AT_encoding, &encoding);
    return encoding != DW_ATE_float && encoding != DW_ATE_boolean &&
           (size_bytes < 0 || size == meant);
}

const char *standard_word(const struct reader *reader, Dwarf_Die *die)
{
    const char *name = die_name(die);
    const struct standard_word *standard =
        name && reader->language->has_c_names ? standard_word_of(name) : NULL;
    if (!standard || dwarf_hasattr(die, DW_AT_alignment))
        return NULL;
    bool is_meant = strcmp(standard->word, "va_list") == 0
                        ? is_list(die)
                        : is_integer(reader, die, standard->size_bytes);
    return is_meant ? standard->word : NULL;
}

/* The function type that a type is, or points to, as it is written. */
static bool function_behind(Dwarf_Die *die, Dwarf_Die *function)
{
    Dwarf_Die inner;
    if (!die_type(die, function) || !die_peel(function, false, NULL, NULL))
        return false;
    if (dwarf_tag(function) == DW_TAG_pointer_type) {
        if (!die_type(function, &inner) || !die_peel(&inner, false, NULL, NULL))
            return false;
        *function = inner;
    }
    return dwarf_tag(function) == DW_TAG_subroutine_type;
}

static bool fill_typedef(struct reader *reader, struct entry *entry, Dwarf_Die *die)
{
    Dwarf_Die function;
    if (function_behind(die, &function)) {
        entry->form = FORM_FUNCTION_POINTER;
        if (!convention_word(reader, &function, &entry->convention))
            return false;
        entry->text = signature_text(reader, &function, false);
        return entry->text;
    }
    entry->form = FORM_ALIAS;
    Dwarf_Die target;
    bool is_opaque = die_type(die, &target) && die_peel(&target, true, NULL, NULL) &&
                     is_record_tag(dwarf_tag(&target)) && is_declaration(&target);
    reader->pointer_depth += is_opaque;
    entry->text = type_expression_of(reader, die);
    reader->pointer_depth -= is_opaque;
    return entry->text;
}

/* typedef struct {...} name, typedef struct name name: the name is that of the record or enum itself. */
static bool names_a_tag(const char *name, Dwarf_Die *target)
{
    int tag = dwarf_tag(target);
    const char *own = die_name(target);
    return (is_record_tag(tag) || tag == DW_TAG_enumeration_type) &&
           (!own || strcmp(own, name) == 0);
}

static const char *tag_expression(struct reader *reader, Dwarf_Die *target, const char *name)
{
    return dwarf_tag(target) == DW_TAG_enumeration_type ? enum_expression(reader, target, name)
                                                        : record_expression(reader, target, name);
}

/* NULL: refused, or there are too many. */
static struct entry *typedef_entry(struct reader *reader, Dwarf_Die *die, const char *name)
{
    struct entry *entry = names_find(&reader->names, die->addr);
    if (entry)
        return entry;
    const char *wish = scoped_name(reader, die, name);
    const char *content = content_of(reader, die);
    entry = identity_find(reader, wish, content);
    if (entry) {
        names_keep(&reader->names, die->addr, entry);
        return entry;
    }
    entry = new_type(reader, die, wish, "type");
    if (!entry)
        return NULL;
    entry->c_name = wish;
    identity_keep(reader, wish, content, entry);
    struct scope scope = enter_entry(reader, entry);
    entry->form = FORM_ALIAS;
    entry->text = ""; /* until it is known: it may name itself */
    if (!fill_typedef(reader, entry, die))
        entry->refusal = reader->why ? reader->why : "nothing is said of it";
    leave_entry(reader, scope);
    return entry;
}

const char *typedef_expression(struct reader *reader, Dwarf_Die *die)
{
    const char *name = die_name(die);
    const char *word = standard_word(reader, die);
    Dwarf_Die target;
    if (word)
        return word;
    if (!die_type(die, &target))
        return type_expression_of(reader, die);
    Dwarf_Die peeled = target;
    if (!name || !die_peel(&peeled, true, NULL, NULL))
        return type_expression(reader, &target);
    if (names_a_tag(name, &target)) {
        reader->said_align_bytes = 0;
        die_number(die, DW_AT_alignment, &reader->said_align_bytes);
        return tag_expression(reader, &target, name);
    }
    if (dwarf_hasattr(die, DW_AT_alignment))
        return type_expression(reader, &target);
    struct entry *entry = typedef_entry(reader, die, name);
    if (!entry)
        return NULL;
    bool is_known = entry->text && *entry->text;
    if (!entry->refusal && (is_known || reader->pointer_depth > 0))
        return refer(reader, entry);
    unsaid(reader, "%s, which is %s", entry->c_name,
           entry->refusal ? "left out" : "defined by itself");
    return NULL;
}

void import_typedef(struct reader *reader, Dwarf_Die *die)
{
    Dwarf_Die target;
    if (!die_type(die, &target) || !die_peel(&target, true, NULL, NULL))
        return; /* void */
    bool is_opaque = is_record_tag(dwarf_tag(&target)) && is_declaration(&target);
    reader->pointer_depth += is_opaque;
    type_expression(reader, die); /* refusals are kept with the entry */
    reader->pointer_depth -= is_opaque;
}
