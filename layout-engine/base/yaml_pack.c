/*
 * First the texts: their number, and of each twice its length, plus one if the text itself follows; otherwise where it
 * stands in the source follows. Then the tree. A node is a tag, its start (from that of the node before in the same
 * collection, for the first one from that of the collection) and its length in the source, and then:
 *
 *     's' a scalar, 'q' in quotes, 'n' a null     the number of its text
 *     '[', '{'                                    the number of entries, the bytes that they take here, and the entries (in
 *                                                 a mapping each a key and a value)
 *
 * Numbers have seven bits a byte, lowest first; a start may lie before the last one, so its sign is the lowest bit.
 *
 * A collection is unpacked when its entries are asked for: of a module, a question needs a few sections.
 */
#include "base/yaml_pack.h"

#include <assert.h>
#include <string.h>

/* ---- packing ------------------------------------------------------------------------------------ */

struct packer {
    abide_ctx *ctx;
    ABIDE_VEC(const struct abide_yaml *) texts; /* the first node that has each */
};

static void put_number(abide_ctx *ctx, struct abide_text *out, size_t number)
{
    do {
        char byte = (char)((number & 0x7F) | (number > 0x7F ? 0x80 : 0));
        abide__text_add(ctx, out, &byte, 1);
        number >>= 7;
    } while (number);
}

static bool stands_in_source(const struct abide_yaml *node)
{
    size_t length_bytes = node->place.end_bytes - node->place.start_bytes;
    return !node->quoted && node->length_bytes == length_bytes &&
           memcmp(node->text, node->place.source->text + node->place.start_bytes, length_bytes) ==
               0;
}

static void put_texts(struct packer *packer, struct abide_text *out)
{
    put_number(packer->ctx, out, packer->texts.count);
    for (size_t i = 0; i < packer->texts.count; i++) {
        const struct abide_yaml *node = packer->texts.items[i];
        bool is_here = !stands_in_source(node);
        put_number(packer->ctx, out, node->length_bytes << 1 | is_here);
        if (is_here)
            abide__text_add(packer->ctx, out, node->text, node->length_bytes);
        else
            put_number(packer->ctx, out, node->place.start_bytes);
    }
}

static size_t number_of_text(struct packer *packer, const struct abide_yaml *node)
{
    for (size_t i = 0; i < packer->texts.count; i++)
        if (packer->texts.items[i]->text == node->text) /* both interned */
            return i;
    abide__push(packer->ctx, &packer->texts, node);
    return packer->texts.count - 1;
}

static char tag_of(const struct abide_yaml *node)
{
    switch (node->kind) {
    case ABIDE_YAML_SCALAR: return node->quoted ? 'q' : node->null ? 'n' : 's';
    case ABIDE_YAML_SEQUENCE: return '[';
    case ABIDE_YAML_MAPPING: return '{';
    }
    return 0;
}

static void put_node(struct packer *packer, struct abide_text *out, size_t *last_start_bytes,
                     const struct abide_yaml *node);

static void put_entries(struct packer *packer, struct abide_text *out,
                        const struct abide_yaml *node)
{
    struct abide_text entries = {0};
    size_t last_start_bytes = node->place.start_bytes;
    for (size_t i = 0; i < node->entry_count; i++) {
        if (node->kind == ABIDE_YAML_MAPPING)
            put_node(packer, &entries, &last_start_bytes, abide_yaml__key_at(node, i));
        put_node(packer, &entries, &last_start_bytes, abide_yaml__at(node, i));
    }
    put_number(packer->ctx, out, node->entry_count);
    put_number(packer->ctx, out, entries.length_bytes);
    abide__text_add(packer->ctx, out, entries.chars, entries.length_bytes);
}

static void put_node(struct packer *packer, struct abide_text *out, size_t *last_start_bytes,
                     const struct abide_yaml *node)
{
    char tag = tag_of(node);
    size_t start_bytes = node->place.start_bytes;
    bool back = start_bytes < *last_start_bytes;
    size_t distance = back ? *last_start_bytes - start_bytes : start_bytes - *last_start_bytes;
    *last_start_bytes = start_bytes;
    abide__text_add(packer->ctx, out, &tag, 1);
    put_number(packer->ctx, out, distance << 1 | back);
    put_number(packer->ctx, out, node->place.end_bytes - start_bytes);
    if (node->kind == ABIDE_YAML_SCALAR)
        put_number(packer->ctx, out, number_of_text(packer, node));
    else
        put_entries(packer, out, node);
}

void abide_yaml__pack(abide_ctx *ctx, const struct abide_yaml *tree, struct abide_text *packed)
{
    struct packer packer = {.ctx = ctx};
    struct abide_text nodes = {0};
    size_t start_bytes = 0;
    put_node(&packer, &nodes, &start_bytes, tree);
    put_texts(&packer, packed);
    abide__text_add(ctx, packed, nodes.chars, nodes.length_bytes);
}

const struct abide_yaml *abide_yaml__to_embed(abide_ctx *ctx, const struct abide_yaml *tree)
{
    if (tree->kind != ABIDE_YAML_MAPPING || !abide_yaml__get(tree, "vectors"))
        return tree;
    struct abide_yaml *rest = abide_yaml__new_like(ctx, tree, tree->entry_count);
    for (size_t i = 0; i < tree->entry_count; i++)
        if (strcmp(abide_yaml__key_at(tree, i)->text, "vectors") != 0)
            abide_yaml__add(rest, abide_yaml__key_at(tree, i), abide_yaml__at(tree, i));
    return rest;
}

/* ---- unpacking ---------------------------------------------------------------------------------- */

struct abide_packed {
    abide_ctx *ctx;
    struct packed_text {
        const char *chars; /* in the source or in the packed bytes */
        size_t length_bytes;
        const char *interned; /* NULL: no node had it yet */
    } *texts;
};

static size_t get_number(const unsigned char **at)
{
    size_t number = 0;
    unsigned shift = 0;
    do {
        number |= (size_t)(**at & 0x7F) << shift;
        shift += 7;
    } while (*(*at)++ & 0x80);
    return number;
}

static void get_texts(abide_ctx *ctx, const struct abide_source *source, const unsigned char **at,
                      struct abide_packed *packed)
{
    size_t count = get_number(at);
    packed->ctx = ctx;
    packed->texts = abide__new_array(ctx, struct packed_text, count);
    for (size_t i = 0; i < count; i++) {
        struct packed_text *text = &packed->texts[i];
        size_t length = get_number(at);
        text->length_bytes = length >> 1;
        if (length & 1) {
            text->chars = (const char *)*at;
            *at += text->length_bytes;
        } else {
            text->chars = source->text + get_number(at);
        }
    }
}

static void get_scalar(struct abide_packed *packed, const unsigned char **at, char tag,
                       struct abide_yaml *node)
{
    struct packed_text *text = &packed->texts[get_number(at)];
    if (!text->interned)
        text->interned = abide__intern(packed->ctx, text->chars, text->length_bytes);
    node->text = text->interned;
    node->length_bytes = text->length_bytes;
    node->quoted = tag == 'q';
    node->null = tag == 'n';
}

static void get_node(const struct abide_source *source, const unsigned char **at,
                     size_t *last_start_bytes, struct abide_yaml *node)
{
    char tag = (char)*(*at)++;
    size_t distance = get_number(at);
    *last_start_bytes += distance & 1 ? 0 - (distance >> 1) : distance >> 1;
    node->place.source = source;
    node->place.start_bytes = *last_start_bytes;
    node->place.end_bytes = *last_start_bytes + get_number(at);
    if (tag != '{' && tag != '[') {
        get_scalar(source->packed, at, tag, node);
        return;
    }
    node->kind = tag == '{' ? ABIDE_YAML_MAPPING : ABIDE_YAML_SEQUENCE;
    node->entry_count = get_number(at);
    size_t size_bytes = get_number(at);
    node->text = (const char *)*at;
    *at += size_bytes;
}

const struct abide_yaml_entry *abide_yaml__unpack_entries(const struct abide_yaml *node)
{
    const struct abide_source *source = node->place.source;
    assert(node->kind != ABIDE_YAML_SCALAR && source && source->packed);
    abide_ctx *ctx = source->packed->ctx;
    bool has_keys = node->kind == ABIDE_YAML_MAPPING;
    const unsigned char *at = (const unsigned char *)node->text;
    size_t last_start_bytes = node->place.start_bytes;
    struct abide_yaml_entry *entries =
        abide__new_array(ctx, struct abide_yaml_entry, node->entry_count);
    struct abide_yaml *next =
        abide__new_array(ctx, struct abide_yaml, node->entry_count << has_keys);
    for (size_t i = 0; i < node->entry_count; i++) {
        if (has_keys) {
            get_node(source, &at, &last_start_bytes, next);
            entries[i].key = next++;
        }
        get_node(source, &at, &last_start_bytes, next);
        entries[i].value = next++;
    }
    ((struct abide_yaml *)node)->entry_list = entries; /* nodes with packed entries are made here */
    return entries;
}

const struct abide_yaml *abide_yaml__unpack(abide_ctx *ctx, struct abide_source *source,
                                            const unsigned char *packed)
{
    source->packed = abide__new(ctx, struct abide_packed);
    get_texts(ctx, source, &packed, source->packed);
    struct abide_yaml *tree = abide__new(ctx, struct abide_yaml);
    size_t start_bytes = 0;
    get_node(source, &packed, &start_bytes, tree);
    return tree;
}
