/* The same type is described in every unit that uses it: by its name and what it consists of, it is known again. */
#include "reader.h"

#include <dwarf.h>
#include <inttypes.h>
#include <string.h>

#define uthash_malloc(size_bytes)       store_new(1, size_bytes)
#define uthash_free(memory, size_bytes) ((void)(memory))
#include <uthash.h>

enum { CONTENT_MAX_BYTES = 1 << 18, CONTENTS_MAX_BYTES = 1 << 28, CONTENT_MAX_DEPTH = 6 };

struct identity {
    const char *key;
    struct entry *entry;
    UT_hash_handle hh;
};

static const char *key_of(const char *wish, const char *content)
{
    return store_printf("%s\n%s", wish, content);
}

struct entry *identity_find(const struct reader *reader, const char *wish, const char *content)
{
    struct identity *found;
    const char *key = key_of(wish, content);
    HASH_FIND_STR(reader->identities, key, found);
    return found ? found->entry : NULL;
}

void identity_keep(struct reader *reader, const char *wish, const char *content,
                   struct entry *entry)
{
    if (identity_find(reader, wish, content))
        return;
    struct identity *added = store_new(1, sizeof *added);
    added->key = key_of(wish, content);
    added->entry = entry;
    HASH_ADD_KEYPTR(hh, reader->identities, added->key, strlen(added->key), added);
}

static void add_number(struct text *text, Dwarf_Die *die, unsigned name)
{
    uint64_t value;
    if (die_number(die, name, &value))
        text_add(text, ",%" PRIu64, value);
    else
        text_add(text, dwarf_hasattr_integrate(die, name) ? ",?" : ",");
}

static void add_content(struct text *text, Dwarf_Die *die, int depth);

static void add_type(struct text *text, Dwarf_Die *die, int depth)
{
    Dwarf_Die type;
    text_add(text, ":");
    if (die_type(die, &type))
        add_content(text, &type, depth + 1);
}

static void add_children(struct text *text, Dwarf_Die *die, int depth)
{
    Dwarf_Die child;
    text_add(text, "{");
    for (bool more = die_child(die, &child); more && text->length_bytes < CONTENT_MAX_BYTES;
         more = die_next(&child)) {
        int tag = dwarf_tag(&child);
        if (tag == DW_TAG_subprogram || tag == DW_TAG_template_type_parameter)
            continue;
        const char *name = die_name(&child);
        text_add(text, "%x %s", (unsigned)tag, name ? name : "");
        add_number(text, &child, DW_AT_data_member_location);
        add_number(text, &child, DW_AT_data_bit_offset);
        add_number(text, &child, DW_AT_bit_offset);
        add_number(text, &child, DW_AT_bit_size);
        add_number(text, &child, DW_AT_const_value);
        add_number(text, &child, DW_AT_upper_bound);
        add_number(text, &child, DW_AT_count);
        add_type(text, &child, depth);
        if (tag == DW_TAG_variant_part || tag == DW_TAG_variant)
            add_children(text, &child, depth + 1);
        text_add(text, ";");
    }
    text_add(text, "}");
}

/* Types with names are told by these, except the outermost one. */
static void add_content(struct text *text, Dwarf_Die *die, int depth)
{
    if (depth > CONTENT_MAX_DEPTH || text->length_bytes >= CONTENT_MAX_BYTES)
        return;
    const char *name = die_name(die);
    text_add(text, "%x %s", (unsigned)dwarf_tag(die), name ? name : "");
    add_number(text, die, DW_AT_byte_size);
    if (depth > 0 && name)
        return;
    add_number(text, die, DW_AT_alignment);
    add_number(text, die, DW_AT_encoding);
    add_type(text, die, depth);
    add_children(text, die, depth);
}

/* What is too large to be compared is known by its address alone. */
const char *content_of(struct reader *reader, Dwarf_Die *die)
{
    struct text text = {0};
    if (reader->content_bytes < CONTENTS_MAX_BYTES)
        add_content(&text, die, 0);
    reader->content_bytes += text.length_bytes;
    if (text.chars && text.length_bytes < CONTENT_MAX_BYTES)
        return text.chars;
    return store_printf("at %p", die->addr);
}
