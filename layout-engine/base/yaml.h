/*
 * YAML as a tree with positions: libyaml's events into our own nodes. Every scalar is text. Refused, with a position:
 * anchors, aliases, tags, merge keys, duplicate keys, keys that are no scalars, tabs as indentation, several documents,
 * more depth, nodes or bytes than the limits below.
 */
#ifndef ABIDE_BASE_YAML_H
#define ABIDE_BASE_YAML_H

#include "base/source.h"

#define ABIDE_YAML_MAX_DEPTH 64
#define ABIDE_YAML_MAX_NODES ((size_t)64 << 20)

enum abide_yaml_kind { ABIDE_YAML_SCALAR, ABIDE_YAML_SEQUENCE, ABIDE_YAML_MAPPING };

struct abide_yaml;

struct abide_yaml_entry {
    const struct abide_yaml *key; /* NULL in a sequence */
    const struct abide_yaml *value;
};

struct abide_yaml {
    enum abide_yaml_kind kind;
    bool quoted; /* a scalar in '...' or "..." */
    bool
        null; /* a plain scalar that is empty, `null` or `~`: deletes in `extends`, means "nothing" elsewhere */
    struct abide_place place; /* of a collection: its first token */
    const char *text;         /* of a scalar: interned, NUL-terminated */
    size_t length_bytes;      /* of a scalar; embedded NULs are refused, so strlen(text) */
    size_t entry_count;       /* of a collection */
    /* Read by the functions below only: NULL before somebody asks, where `text` is where they are packed. */
    const struct abide_yaml_entry *entry_list;
};

/* The entries of a collection whose list is still packed (base/yaml_pack.c). */
const struct abide_yaml_entry *abide_yaml__unpack_entries(const struct abide_yaml *node);

/* `index` < entry_count */
static inline const struct abide_yaml_entry *abide_yaml__entry(const struct abide_yaml *node,
                                                               size_t index)
{
    return (node->entry_list ? node->entry_list : abide_yaml__unpack_entries(node)) + index;
}

static inline const struct abide_yaml *abide_yaml__at(const struct abide_yaml *node, size_t index)
{
    return abide_yaml__entry(node, index)->value;
}

/* Of a mapping. */
static inline const struct abide_yaml *abide_yaml__key_at(const struct abide_yaml *node,
                                                          size_t index)
{
    return abide_yaml__entry(node, index)->key;
}

/* NULL: reported. The tree is owned by the context. */
const struct abide_yaml *abide_yaml__parse(abide_ctx *ctx, const struct abide_source *source);
/* The value of a key of a mapping, or NULL. */
const struct abide_yaml *abide_yaml__get(const struct abide_yaml *mapping, const char *key);

/* A collection of the kind and at the place of `like`, empty, with room for so many entries. */
struct abide_yaml *abide_yaml__new_like(abide_ctx *ctx, const struct abide_yaml *like,
                                        size_t capacity);
/* Adds to what abide_yaml__new_like made; `key` NULL in a sequence. */
void abide_yaml__add(struct abide_yaml *node, const struct abide_yaml *key,
                     const struct abide_yaml *value);

#endif
