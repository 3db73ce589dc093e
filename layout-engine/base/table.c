/* Linear probing; the hash decides before `same` is asked. */
#include "base/table.h"

#include <string.h>

#define MULTIPLIER UINT64_C(0x9E3779B97F4A7C15) /* 2^64 divided by the golden ratio */

static uint64_t mix(uint64_t bits)
{
    bits ^= bits >> 32;
    bits *= MULTIPLIER;
    return bits ^ bits >> 29;
}

uint64_t abide_table__hash(const void *bytes, size_t length_bytes)
{
    const unsigned char *from = bytes;
    uint64_t hash = length_bytes * MULTIPLIER;
    for (; length_bytes >= 8; length_bytes -= 8, from += 8) {
        uint64_t word;
        memcpy(&word, from, 8);
        hash = mix(hash ^ word) * MULTIPLIER;
    }
    uint64_t rest = 0;
    if (length_bytes)
        memcpy(&rest, from, length_bytes);
    return mix(hash ^ rest);
}

uint64_t abide_table__hash_address(const void *address)
{
    return mix((uintptr_t)address);
}

/* The slot of a value, or the free one where it would be. */
static struct abide_table_slot *find_slot(const struct abide_table *table, uint64_t hash,
                                          bool (*same)(const void *value, const void *key),
                                          const void *key)
{
    size_t at = hash & (table->capacity - 1);
    while (table->slots[at].value &&
           (table->slots[at].hash != hash || !same || !same(table->slots[at].value, key)))
        at = (at + 1) & (table->capacity - 1);
    return &table->slots[at];
}

void *abide_table__find(const struct abide_table *table, uint64_t hash,
                        bool (*same)(const void *value, const void *key), const void *key)
{
    return table->capacity ? find_slot(table, hash, same, key)->value : NULL;
}

static void grow(abide_ctx *ctx, struct abide_table *table)
{
    struct abide_table larger = {.count = table->count,
                                 .capacity = table->capacity ? table->capacity * 2 : 64};
    larger.slots = abide__new_array(ctx, struct abide_table_slot, larger.capacity);
    for (size_t i = 0; i < table->capacity; i++)
        if (table->slots[i].value)
            *find_slot(&larger, table->slots[i].hash, NULL, NULL) = table->slots[i];
    *table = larger;
}

void abide_table__add(abide_ctx *ctx, struct abide_table *table, uint64_t hash, void *value)
{
    if (table->count * 2 >= table->capacity)
        grow(ctx, table);
    *find_slot(table, hash, NULL, NULL) = (struct abide_table_slot){hash, value};
    table->count++;
}
