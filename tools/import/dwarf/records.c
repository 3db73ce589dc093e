/* Structs, unions and classes: their members, as debug information has them. */
#include "reader.h"

#include <dwarf.h>
#include <inttypes.h>
#include <string.h>

/* ---- how large things are ------------------------------------------------------------------------ */

static uint64_t larger(uint64_t a, uint64_t b)
{
    return a > b ? a : b;
}

/* What a type is aligned to on most machines; where it is not so, the engine does not come to the same layout. */
static uint64_t likely_alignment(const struct reader *reader, Dwarf_Die *die, unsigned depth,
                                 unsigned *budget)
{
    Dwarf_Die type = *die, inner;
    uint64_t said, size_bytes = 1, largest = 1;
    if (depth > 8 || *budget == 0 || !die_peel(&type, true, NULL, NULL))
        return 1;
    if (die_number(&type, DW_AT_alignment, &said) && said > 0)
        return said;
    int tag = dwarf_tag(&type);
    if (tag == DW_TAG_array_type && !die_flag(&type, DW_AT_GNU_vector))
        return die_type(&type, &inner) ? likely_alignment(reader, &inner, depth + 1, budget) : 1;
    if (!is_record_tag(tag)) {
        if (!die_number(&type, DW_AT_byte_size, &size_bytes))
            size_bytes = reader->pointer_bytes;
        return size_bytes > 16 || (size_bytes & (size_bytes - 1)) != 0 || !size_bytes ? 1
                                                                                      : size_bytes;
    }
    for (bool more = die_child(&type, &inner); more && *budget > 0; more = die_next(&inner)) {
        Dwarf_Die member;
        --*budget;
        if (dwarf_tag(&inner) == DW_TAG_member && die_type(&inner, &member))
            largest = larger(largest, likely_alignment(reader, &member, depth + 1, budget));
    }
    return largest;
}

/* Bytes of a type; 0: not known, or none. */
static uint64_t size_of(Dwarf_Die *die)
{
    Dwarf_Die type = *die;
    Dwarf_Word size_bytes;
    return die_peel(&type, true, NULL, NULL) && dwarf_aggregate_size(&type, &size_bytes) == 0
               ? size_bytes
               : 0;
}

/* An alignment that the member says, or a name of its type. */
static uint64_t said_alignment(Dwarf_Die *member, Dwarf_Die *type)
{
    uint64_t said = 0;
    if (die_number(member, DW_AT_alignment, &said))
        return said;
    Dwarf_Die named = *type;
    for (int i = 0; i < DEPTH_MAX && die_peel(&named, false, NULL, NULL); i++) {
        if (dwarf_tag(&named) != DW_TAG_typedef)
            return 0;
        if (die_number(&named, DW_AT_alignment, &said))
            return said;
        Dwarf_Die inner;
        if (!die_type(&named, &inner))
            return 0;
        named = inner;
    }
    return 0;
}

/* ---- members ------------------------------------------------------------------------------------- */

struct reading {
    struct reader *reader;
    struct guess *guess;
    uint64_t base_bits; /* where the record starts that is read in place */
    bool is_big_endian;
};

static bool read_record(struct reader *reader, Dwarf_Die *die, struct guess *guess);

static bool is_big_endian(Dwarf_Die *die)
{
    Dwarf *dwarf = dwarf_cu_getdwarf(die->cu);
    Elf *elf = dwarf ? dwarf_getelf(dwarf) : NULL;
    const char *ident = elf ? elf_getident(elf, NULL) : NULL;
    return ident && ident[EI_DATA] == ELFDATA2MSB;
}

/* In both encodings: from the start of the record, or from the most significant bit of what it is stored in. */
static bool bit_field_offset(Dwarf_Die *member, uint64_t location_bytes, uint64_t bits,
                             uint64_t type_bytes, uint64_t *offset_bits)
{
    uint64_t from_top, storage_bytes = type_bytes;
    if (die_number(member, DW_AT_data_bit_offset, offset_bits)) {
        *offset_bits += 8 * location_bytes;
        return true;
    }
    if (!die_number(member, DW_AT_bit_offset, &from_top)) {
        *offset_bits = 8 * location_bytes;
        return true;
    }
    int64_t from; /* a field of a packed record may start before what it is said to be stored in */
    if (!die_value(member, DW_AT_bit_offset, false, &from))
        return false;
    die_number(member, DW_AT_byte_size, &storage_bytes);
    int64_t start =
        is_big_endian(member) ? from : (int64_t)(8 * storage_bytes) - from - (int64_t)bits;
    *offset_bits = 8 * location_bytes + (uint64_t)start;
    return true;
}

static bool read_place(struct reading *reading, Dwarf_Die *member, struct raw_member *raw)
{
    uint64_t location_bytes = 0, bits;
    bool is_union = strcmp(reading->guess->keyword, "union") == 0;
    bool has_location = die_number(member, DW_AT_data_member_location, &location_bytes);
    if (!has_location && dwarf_hasattr_integrate(member, DW_AT_data_member_location)) {
        unsaid(reading->reader, "a field whose place is known when the program runs");
        return false;
    }
    if (location_bytes > UINT32_MAX || (is_union && location_bytes != 0)) {
        unsaid(reading->reader, "a field at offset %" PRIu64, location_bytes);
        return false;
    }
    raw->offset_bits = 8 * location_bytes;
    raw->is_bit_field = die_number(member, DW_AT_bit_size, &bits);
    if (!raw->is_bit_field)
        return true;
    raw->bits = (unsigned)bits;
    if (bits == 0 || bits > 128 ||
        !bit_field_offset(member, location_bytes, bits, raw->size_bytes, &raw->offset_bits) ||
        raw->offset_bits > UINT32_MAX) {
        unsaid(reading->reader, "a bit-field of %" PRIu64 " bits", bits);
        return false;
    }
    return true;
}

/* The record without a name that is defined in place of a member's type. */
static bool is_in_place(const struct reader *reader, Dwarf_Die *type)
{
    return reader->language->has_c_layouts && is_record_tag(dwarf_tag(type)) && !die_name(type);
}

static bool read_type(struct reader *reader, Dwarf_Die *type, struct raw_member *raw)
{
    Dwarf_Die peeled = *type;
    bool is_inner = die_peel(&peeled, false, NULL, NULL) && is_in_place(reader, &peeled);
    if (is_inner && raw->name) { /* by itself: its own size and facts are found out then */
        const char *owner = reader->current ? reader->current->name : "record";
        raw->type = record_expression(reader, &peeled, store_printf("%s-%s", owner, raw->name));
        return raw->type;
    }
    if (is_inner) {
        if (!descend(reader))
            return false;
        raw->inner = store_new(1, sizeof *raw->inner);
        bool is_read = read_record(reader, &peeled, raw->inner);
        descend_end(reader);
        return is_read;
    }
    raw->type = type_expression(reader, type);
    return raw->type;
}

static const char *member_name(Dwarf_Die *member)
{
    const char *name = die_name(member);
    return !name || name_is_possible(name) ? name : name_cleaned(name);
}

static bool read_member(struct reading *reading, Dwarf_Die *member)
{
    struct reader *reader = reading->reader;
    struct raw_member raw = {.name = member_name(member)};
    Dwarf_Die type;
    if (!die_type(member, &type)) {
        unsaid(reader, "a field of no type");
        return false;
    }
    raw.size_bytes = size_of(&type);
    raw.align_bytes = said_alignment(member, &type);
    unsigned budget = LOOKS_MAX;
    raw.likely_align_bytes = likely_alignment(reader, &type, 0, &budget);
    if (!read_place(reading, member, &raw) || !read_type(reader, &type, &raw))
        return false;
    if (!raw.name && !raw.inner)
        raw.name = store_printf("_field%zu", reading->guess->members.count);
    LIST_ADD(&reading->guess->members, raw);
    if (reading->guess->members.count <= MEMBERS_MAX)
        return true;
    unsaid(reader, "it has too many fields");
    return false;
}

/* ---- variants: what a record holds beside its fields depends on one of them --------------------- */

static bool read_members(struct reading *reading, Dwarf_Die *parent);

/* A struct in place, with what a variant has: its fields are where they are in the whole record. */
static bool add_part(struct reading *reading, Dwarf_Die *part, const char *name, const char *doc,
                     bool is_single)
{
    struct raw_member raw = {.name = name, .doc = doc, .likely_align_bytes = 1};
    raw.inner = store_new(1, sizeof *raw.inner);
    raw.inner->keyword = "struct";
    struct reading inner = {.reader = reading->reader, .guess = raw.inner};
    if (is_single ? !read_member(&inner, part) : !read_members(&inner, part))
        return false;
    LIST_ADD(&reading->guess->members, raw);
    return true;
}

/* When a variant is the one: in words, as interface files do not say it. */
static const char *variant_doc(Dwarf_Die *variant)
{
    uint64_t value;
    if (die_number(variant, DW_AT_discr_value, &value))
        return store_printf("if the discriminant is %" PRIu64, value);
    if (dwarf_hasattr(variant, DW_AT_discr_list))
        return "if the discriminant is one of several";
    return "whatever else the discriminant is";
}

static const char *variant_name(Dwarf_Die *variant, size_t number)
{
    Dwarf_Die member;
    for (bool more = die_child(variant, &member); more; more = die_next(&member))
        if (dwarf_tag(&member) == DW_TAG_member && die_name(&member))
            return member_name(&member);
    return store_printf("variant%zu", number);
}

static bool read_variants(struct reading *reading, Dwarf_Die *part)
{
    Dwarf_Die discriminant, variant;
    size_t number = 0;
    if (die_reference(part, DW_AT_discr, &discriminant) &&
        !add_part(reading, &discriminant, "discriminant", NULL, true))
        return false;
    for (bool more = die_child(part, &variant); more; more = die_next(&variant)) {
        if (dwarf_tag(&variant) != DW_TAG_variant)
            continue;
        const char *name = store_printf("%s%s", "case_", variant_name(&variant, number++));
        if (!add_part(reading, &variant, name, variant_doc(&variant), false))
            return false;
    }
    return true;
}

static bool has_variants(Dwarf_Die *die, Dwarf_Die *part)
{
    for (bool more = die_child(die, part); more; more = die_next(part))
        if (dwarf_tag(part) == DW_TAG_variant_part)
            return true;
    return false;
}

static bool has_members(Dwarf_Die *die)
{
    Dwarf_Die child;
    for (bool more = die_child(die, &child); more; more = die_next(&child))
        if (dwarf_tag(&child) == DW_TAG_member)
            return true;
    return false;
}

/* All that may be in one place: what the record always has, the discriminant, each variant. */
static bool read_sum(struct reading *reading, Dwarf_Die *die, Dwarf_Die *part)
{
    reading->guess->keyword = "union";
    if (has_members(die) && !add_part(reading, die, "always", NULL, false))
        return false;
    return read_variants(reading, part);
}

/* ---- records ------------------------------------------------------------------------------------- */

static bool is_static(Dwarf_Die *member)
{
    return die_flag(member, DW_AT_external) || is_declaration(member);
}

static bool read_members(struct reading *reading, Dwarf_Die *parent)
{
    Dwarf_Die child;
    for (bool more = die_child(parent, &child); more; more = die_next(&child)) {
        int tag = dwarf_tag(&child);
        if (tag == DW_TAG_inheritance) {
            unsaid(reading->reader, "it is a class with a base");
            return false;
        }
        if (tag == DW_TAG_member && !is_static(&child) && !read_member(reading, &child))
            return false;
    }
    return true;
}

static bool read_record(struct reader *reader, Dwarf_Die *die, struct guess *guess)
{
    Dwarf_Die part;
    guess->keyword = dwarf_tag(die) == DW_TAG_union_type ? "union" : "struct";
    guess->has_c_layout = reader->language->has_c_layouts;
    if (!die_number(die, DW_AT_byte_size, &guess->size_bytes)) {
        unsaid(reader, "its size is known when the program runs");
        return false;
    }
    if (die_number(die, DW_AT_alignment, &guess->align_bytes) &&
        (guess->align_bytes == 0 || guess->align_bytes > UINT32_MAX)) {
        unsaid(reader, "an alignment of %" PRIu64, guess->align_bytes);
        return false;
    }
    struct reading reading = {.reader = reader, .guess = guess};
    if (has_variants(die, &part))
        return read_sum(&reading, die, &part);
    if (!read_members(&reading, die))
        return false;
    if (guess->members.count || guess->size_bytes == 0 || !guess->has_c_layout)
        return true;
    unsaid(reader, "it has a size and no fields");
    return false;
}

static void define(struct reader *reader, struct entry *entry, Dwarf_Die *die)
{
    struct scope scope = enter_entry(reader, entry);
    struct position position = enter_unit(reader, die);
    entry->form = FORM_RECORD; /* from here on: a record may point to itself */
    entry->guess = store_new(1, sizeof *entry->guess);
    entry->guess->is_pending = true; /* a record that holds itself is found out by the engine */
    uint64_t said_align_bytes = die_name(die) ? 0 : reader->said_align_bytes;
    reader->said_align_bytes = 0;
    if (!read_record(reader, die, entry->guess))
        entry->refusal = reader->why ? reader->why : "it is made of too much";
    else {
        if (said_align_bytes > entry->guess->align_bytes && said_align_bytes <= UINT32_MAX)
            entry->guess->align_bytes = said_align_bytes;
        entry->record = guess_next(entry->guess);
    }
    leave_unit(reader, position);
    leave_entry(reader, scope);
}

static const char declared[] = "declared";

/* The entry of a declaration, which may have been met in another unit, there with a definition. */
static struct entry *record_entry(struct reader *reader, Dwarf_Die *die, const char *wish)
{
    struct entry *entry = names_find(&reader->names, die->addr);
    if (entry)
        return entry;
    bool is_union = dwarf_tag(die) == DW_TAG_union_type;
    const char *kind = is_union ? "union" : "struct";
    const char *name = die_name(die);
    wish = name ? scoped_name(reader, die, name) : wish;
    if (!wish)
        wish = store_printf("%s-record", reader->current ? reader->current->name : "");
    bool is_declared = is_declaration(die);
    const char *content = is_declared ? declared : content_of(reader, die);
    const char *key = store_printf("%s %s", kind, wish);
    entry = identity_find(reader, key, content);
    struct entry *opaque = entry || is_declared ? NULL : identity_find(reader, key, declared);
    if (opaque && opaque->form == FORM_OPAQUE)
        entry = opaque;
    bool is_known = entry;
    if (!entry)
        entry = new_type(reader, die, wish, kind);
    if (!entry)
        return NULL;
    entry->is_record = true;
    if (is_known)
        names_keep(&reader->names, die->addr, entry);
    identity_keep(reader, key, content, entry);
    if (!is_declared && !identity_find(reader, key, declared))
        identity_keep(reader, key, declared, entry);
    return entry;
}

const char *record_expression(struct reader *reader, Dwarf_Die *die, const char *wish)
{
    Dwarf_Die whole = *die;
    if (dwarf_hasattr(die, DW_AT_signature))
        die_reference(die, DW_AT_signature, &whole);
    struct entry *entry = record_entry(reader, &whole, wish);
    if (!entry)
        return NULL;
    bool is_by_value = reader->pointer_depth == 0;
    bool is_declared = is_declaration(&whole);
    if (entry->form == FORM_OPAQUE && !is_declared) {
        if (is_by_value)
            define(reader, entry, &whole);
        else
            define_later(reader, entry, &whole);
    }
    if (is_by_value && entry->form == FORM_OPAQUE) {
        unsaid(reader, "%s, which is not defined", entry->c_name);
        return NULL;
    }
    if (is_by_value && entry->refusal) {
        unsaid(reader, "%s, which is left out", entry->c_name);
        return NULL;
    }
    return refer(reader, entry);
}

void define_later(struct reader *reader, struct entry *entry, Dwarf_Die *die)
{
    Dwarf_Die *kept = store_new(1, sizeof *kept);
    *kept = *die;
    LIST_ADD(&reader->later, (struct later){entry, kept});
}

void define_rest(struct reader *reader)
{
    while (reader->later.count) {
        struct later later = reader->later.items[--reader->later.count];
        if (later.entry->form == FORM_OPAQUE)
            define(reader, later.entry, later.die);
    }
}
