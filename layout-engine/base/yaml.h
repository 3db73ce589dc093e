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
    const struct abide_yaml_entry *entries; /* of a collection */
    size_t entry_count;
};

/* NULL: reported. The tree is owned by the context. */
const struct abide_yaml *abide_yaml__parse(abide_ctx *ctx, const struct abide_source *source);
/* The value of a key of a mapping, or NULL. */
const struct abide_yaml *abide_yaml__get(const struct abide_yaml *mapping, const char *key);

#endif
