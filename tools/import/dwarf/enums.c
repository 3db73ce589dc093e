/* Enums. */
#include "reader.h"

#include <dwarf.h>
#include <inttypes.h>
#include <string.h>

struct reading {
    struct reader *reader;
    struct entry *entry;
    bool is_unsigned;
    bool is_wide; /* a value needs more than an int, and an unsigned one */
    bool has_negative, has_large;
};

static bool read_enumerator(struct reading *reading, Dwarf_Die *die)
{
    int64_t value;
    const char *name = die_name(die);
    if (!name || !name_is_possible(name)) {
        unsaid(reading->reader, "a value called %s", name ? name : "nothing");
        return false;
    }
    if (!die_value(die, DW_AT_const_value, reading->is_unsigned, &value)) {
        unsaid(reading->reader, "the value of %s", name);
        return false;
    }
    bool is_negative = !reading->is_unsigned && value < 0;
    uint64_t bits = (uint64_t)value;
    reading->has_negative |= is_negative;
    reading->has_large |= !is_negative && bits > INT32_MAX;
    reading->is_wide |= is_negative ? value < INT32_MIN : bits > UINT32_MAX;
    LIST_ADD(&reading->entry->enumerators,
             (struct enumerator){.name = name,
                                 .value = is_negative ? store_printf("%" PRId64, value)
                                                      : store_printf("%" PRIu64, bits)});
    return reading->entry->enumerators.count <= MEMBERS_MAX;
}

/* The integer that holds it: what is said, or of its size. */
static const char *integer_of(struct reading *reading, Dwarf_Die *die, uint64_t size_bytes)
{
    Dwarf_Die base;
    uint64_t of_base;
    if (die_type(die, &base) && die_peel(&base, true, NULL, NULL) &&
        dwarf_tag(&base) == DW_TAG_base_type && die_number(&base, DW_AT_byte_size, &of_base) &&
        of_base == size_bytes) {
        reading->is_unsigned = base_is_unsigned(&base);
        return scalar_expression(reading->reader, &base);
    }
    reading->is_unsigned = false;
    return integer_word(true, size_bytes);
}

/* The integer is said where C's own choice may be another. */
static const char *base_of(const struct reading *reading, const char *integer, uint64_t size_bytes)
{
    bool needs_wide = reading->is_wide || (reading->has_negative && reading->has_large);
    bool is_usual = size_bytes == 4 || (size_bytes > 4 && needs_wide);
    bool is_c = reading->reader->language->has_c_layouts && !reading->reader->language->has_scopes;
    return is_usual && is_c ? NULL : integer;
}

static bool define(struct reader *reader, struct entry *entry, Dwarf_Die *die)
{
    struct reading reading = {.reader = reader, .entry = entry};
    uint64_t size_bytes = 0;
    entry->form = FORM_ENUM;
    die_number(die, DW_AT_byte_size, &size_bytes);
    const char *integer = integer_of(&reading, die, size_bytes);
    if (!integer) {
        unsaid(reader, "an enum of %" PRIu64 " bytes", size_bytes);
        return false;
    }
    Dwarf_Die child;
    for (bool more = die_child(die, &child); more; more = die_next(&child))
        if (dwarf_tag(&child) == DW_TAG_enumerator && !read_enumerator(&reading, &child))
            return false;
    if (entry->enumerators.count == 0) { /* of a language whose enums need no names */
        entry->form = FORM_ALIAS;
        entry->text = integer;
        return true;
    }
    entry->base = base_of(&reading, integer, size_bytes);
    entry->sizes_bytes = store_new(1, sizeof *entry->sizes_bytes);
    entry->sizes_bytes[0] = size_bytes;
    return true;
}

/* One without a tag is called like its first value. */
static const char *wish_of(const struct reader *reader, Dwarf_Die *die)
{
    const char *name = die_name(die);
    if (name)
        return scoped_name(reader, die, name);
    Dwarf_Die child;
    for (bool more = die_child(die, &child); more; more = die_next(&child))
        if (dwarf_tag(&child) == DW_TAG_enumerator && die_name(&child))
            return store_printf("enum-%.200s", die_name(&child));
    return "enum-";
}

static struct entry *enum_entry(struct reader *reader, Dwarf_Die *die, const char *wish)
{
    struct entry *entry = names_find(&reader->names, die->addr);
    if (entry)
        return entry;
    wish = wish ? wish : wish_of(reader, die);
    const char *content = content_of(reader, die);
    entry = identity_find(reader, wish, content);
    if (entry) {
        names_keep(&reader->names, die->addr, entry);
        return entry;
    }
    entry = new_type(reader, die, wish, "enum");
    if (!entry)
        return NULL;
    identity_keep(reader, wish, content, entry);
    struct scope scope = enter_entry(reader, entry);
    if (!define(reader, entry, die))
        entry->refusal = reader->why ? reader->why : "it has too many values";
    leave_entry(reader, scope);
    return entry;
}

const char *enum_expression(struct reader *reader, Dwarf_Die *die, const char *wish)
{
    Dwarf_Die whole = *die;
    if (dwarf_hasattr(die, DW_AT_signature))
        die_reference(die, DW_AT_signature, &whole);
    if (is_declaration(&whole)) {
        unsaid(reader, "enum %s, which is not defined", die_name(&whole) ? die_name(&whole) : "");
        return NULL;
    }
    struct entry *entry = enum_entry(reader, &whole, wish);
    if (!entry)
        return NULL;
    if (!entry->refusal)
        return refer(reader, entry);
    unsaid(reader, "%s, which is left out", entry->c_name);
    return NULL;
}
