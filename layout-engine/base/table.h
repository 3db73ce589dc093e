/*
 * A hash table for what is looked up very often: uthash's chains cost a cache miss a link. Open addressing, at most half
 * full, in the arena; nothing is taken out again. Elsewhere base/hash.h (uthash) does.
 */
#ifndef ABIDE_BASE_TABLE_H
#define ABIDE_BASE_TABLE_H

#include "base/ctx.h"

struct abide_table_slot {
    uint64_t hash;
    void *value; /* NULL: free */
};

struct abide_table {
    struct abide_table_slot *slots;
    size_t count;
    size_t capacity; /* a power of two, or 0 */
};

uint64_t abide_table__hash(const void *bytes, size_t length_bytes);
/* The hash of an address as a key, such as that of an interned text. */
uint64_t abide_table__hash_address(const void *address);

/* The value with this hash for which `same` is true, or NULL. */
void *abide_table__find(const struct abide_table *table, uint64_t hash,
                        bool (*same)(const void *value, const void *key), const void *key);
/* `value` is not NULL, and complete; its key is not in the table. */
void abide_table__add(abide_ctx *ctx, struct abide_table *table, uint64_t hash, void *value);

#endif
