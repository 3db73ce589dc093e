/*
 * First the number of different texts. Each node is a tag, its start (from the start of the node
 * before) and its length in the source, and then:
 *
 *     'p' plain, 'n' null     the number of the text; a new one is what stands in the source
 *     't', 'q' (quoted)       the number of the text; behind a new one its length, and the text
 *     '[', '{'                the number of entries, and the entries (in a mapping each a key and a value)
 *
 * Texts are numbered in the order in which they come: half of them are keys that came before. Numbers have seven bits a byte, lowest first; a start may lie before the last one, so its sign is the lowest bit.
 */
#include "base/yaml_pack.h"

#include <string.h>

/* ---- packing ------------------------------------------------------------------------------------ */

struct packer {
    abide_ctx *ctx;
    struct abide_text *out;
    size_t last_start_bytes;
    ABIDE_VEC(const char *) texts;
};

static void put_number(struct packer *packer, size_t number)
{
    do {
        char byte = (char)((number & 0x7F) | (number > 0x7F ? 0x80 : 0));
        abide__text_add(packer->ctx, packer->out, &byte, 1);
        number >>= 7;
    } while (number);
}

static void put_place(struct packer *packer, struct abide_place place)
{
    size_t last = packer->last_start_bytes;
    bool back = place.start_bytes < last;
    size_t distance = back ? last - place.start_bytes : place.start_bytes - last;
    put_number(packer, distance << 1 | back);
    put_number(packer, place.end_bytes - place.start_bytes);
    packer->last_start_bytes = place.start_bytes;
}

static bool stands_in_source(const struct abide_yaml *node)
{
    size_t length_bytes = node->place.end_bytes - node->place.start_bytes;
    return !node->quoted && node->length_bytes == length_bytes &&
           memcmp(node->text, node->place.source->text + node->place.start_bytes, length_bytes) ==
               0;
}

static char tag_of(const struct abide_yaml *node)
{
    if (node->kind != ABIDE_YAML_SCALAR)
        return node->kind == ABIDE_YAML_MAPPING ? '{' : '[';
    if (stands_in_source(node))
        return node->null ? 'n' : 'p';
    return node->quoted ? 'q' : 't';
}

static void put_text(struct packer *packer, const struct abide_yaml *node, char tag)
{
    size_t index = 0;
    while (index < packer->texts.count && packer->texts.items[index] != node->text)
        index++; /* texts are interned */
    put_number(packer, index);
    if (index < packer->texts.count)
        return;
    abide__push(packer->ctx, &packer->texts, node->text);
    if (tag == 'q' || tag == 't') {
        put_number(packer, node->length_bytes);
        abide__text_add(packer->ctx, packer->out, node->text, node->length_bytes);
    }
}

static void put_node(struct packer *packer, const struct abide_yaml *node)
{
    char tag = tag_of(node);
    abide__text_add(packer->ctx, packer->out, &tag, 1);
    put_place(packer, node->place);
    if (node->kind == ABIDE_YAML_SCALAR) {
        put_text(packer, node, tag);
    } else {
        put_number(packer, node->entry_count);
        for (size_t i = 0; i < node->entry_count; i++) {
            if (tag == '{')
                put_node(packer, node->entries[i].key);
            put_node(packer, node->entries[i].value);
        }
    }
}

void abide_yaml__pack(abide_ctx *ctx, const struct abide_yaml *tree, struct abide_text *packed)
{
    struct abide_text nodes = {0};
    struct packer packer = {.ctx = ctx, .out = &nodes};
    put_node(&packer, tree);
    packer.out = packed;
    put_number(&packer, packer.texts.count);
    abide__text_add(ctx, packed, nodes.chars, nodes.length_bytes);
}

const struct abide_yaml *abide_yaml__to_embed(abide_ctx *ctx, const struct abide_yaml *tree)
{
    if (tree->kind != ABIDE_YAML_MAPPING || !abide_yaml__get(tree, "vectors"))
        return tree;
    struct abide_yaml *rest = abide__new(ctx, struct abide_yaml);
    struct abide_yaml_entry *entries =
        abide__new_array(ctx, struct abide_yaml_entry, tree->entry_count);
    *rest = *tree;
    rest->entries = entries;
    rest->entry_count = 0;
    for (size_t i = 0; i < tree->entry_count; i++)
        if (strcmp(tree->entries[i].key->text, "vectors") != 0)
            entries[rest->entry_count++] = tree->entries[i];
    return rest;
}

/* ---- unpacking ---------------------------------------------------------------------------------- */

struct unpacker {
    abide_ctx *ctx;
    const struct abide_source *source;
    const unsigned char *at;
    size_t last_start_bytes;
    struct abide_yaml *next_node, *end_node; /* of a block */
    struct packed_text {
        const char *text; /* interned */
        size_t length_bytes;
    } *texts;
    size_t text_count; /* so far */
};

static size_t get_number(struct unpacker *unpacker)
{
    size_t number = 0;
    unsigned shift = 0;
    do {
        number |= (size_t)(*unpacker->at & 0x7F) << shift;
        shift += 7;
    } while (*unpacker->at++ & 0x80);
    return number;
}

static struct abide_place get_place(struct unpacker *unpacker)
{
    size_t distance = get_number(unpacker);
    size_t start_bytes = distance & 1 ? unpacker->last_start_bytes - (distance >> 1)
                                      : unpacker->last_start_bytes + (distance >> 1);
    unpacker->last_start_bytes = start_bytes;
    return (struct abide_place){unpacker->source, start_bytes, start_bytes + get_number(unpacker)};
}

static struct packed_text new_text(struct unpacker *unpacker, struct abide_place place, char tag)
{
    const char *text = unpacker->source->text + place.start_bytes;
    size_t length_bytes = place.end_bytes - place.start_bytes;
    if (tag == 'q' || tag == 't') {
        length_bytes = get_number(unpacker);
        text = (const char *)unpacker->at;
        unpacker->at += length_bytes;
    }
    return (struct packed_text){abide__intern(unpacker->ctx, text, length_bytes), length_bytes};
}

static void get_text(struct unpacker *unpacker, struct abide_yaml *node, char tag)
{
    size_t index = get_number(unpacker);
    if (index == unpacker->text_count)
        unpacker->texts[unpacker->text_count++] = new_text(unpacker, node->place, tag);
    node->text = unpacker->texts[index].text;
    node->length_bytes = unpacker->texts[index].length_bytes;
    node->quoted = tag == 'q';
    node->null = tag == 'n';
}

/* In blocks: asking for memory would cost as much as filling it. */
static struct abide_yaml *new_node(struct unpacker *unpacker)
{
    enum { BLOCK = 16 };
    if (unpacker->next_node == unpacker->end_node) {
        unpacker->next_node = abide__new_array(unpacker->ctx, struct abide_yaml, BLOCK);
        unpacker->end_node = unpacker->next_node + BLOCK;
    }
    return unpacker->next_node++;
}

static const struct abide_yaml *get_node(struct unpacker *unpacker)
{
    struct abide_yaml *node = new_node(unpacker);
    char tag = (char)*unpacker->at++;
    node->place = get_place(unpacker);
    if (tag != '{' && tag != '[') {
        get_text(unpacker, node, tag);
        return node;
    }
    node->kind = tag == '{' ? ABIDE_YAML_MAPPING : ABIDE_YAML_SEQUENCE;
    node->entry_count = get_number(unpacker);
    struct abide_yaml_entry *entries =
        abide__new_array(unpacker->ctx, struct abide_yaml_entry, node->entry_count);
    for (size_t i = 0; i < node->entry_count; i++) {
        entries[i].key = tag == '{' ? get_node(unpacker) : NULL;
        entries[i].value = get_node(unpacker);
    }
    node->entries = entries;
    return node;
}

const struct abide_yaml *abide_yaml__unpack(abide_ctx *ctx, const struct abide_source *source,
                                            const unsigned char *packed)
{
    struct unpacker unpacker = {.ctx = ctx, .source = source, .at = packed};
    unpacker.texts = abide__new_array(ctx, struct packed_text, get_number(&unpacker));
    return get_node(&unpacker);
}
