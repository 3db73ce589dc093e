/*
 * Cuts a value into arguments. Each leaf is one, but bytes are without a type where leaves overlap, a leaf lies where its
 * size does not divide the offset, or a bit-field is; and integers, pointers and such bytes that share an aligned group
 * are one integer: the smallest that covers them where it is aligned. Vectors are whole in some sizes alone, and cut into
 * such or into elements otherwise. The model is Swift's lowering in clang (SwiftAggLowering), where also the order counts
 * in which members of unions were declared.
 */
#include "call/join.h"

#include <stdlib.h>
#include <string.h>

enum filling { FILLED_WITH_BYTES, FILLED_WITH_INTEGER, FILLED_WITH_FLOAT, FILLED_WITH_VECTOR };

/* Bytes [begin, end) of the value. */
struct entry {
    uint64_t begin, end;
    enum filling filling;
    const abide_type *type; /* of FLOAT and VECTOR */
};

struct joining {
    abide_ctx *ctx;
    const struct abide_pass_rule *rule;
    ABIDE_VEC(struct entry) entries; /* in order, without overlap */
};

/* ---- vectors ---- */

static bool is_unit(const struct joining *j, uint64_t size_bytes)
{
    return size_bytes <= UINT32_MAX && (j->rule->units & size_bytes) != 0;
}

static const abide_type *element_of(const abide_type *vector)
{
    return abide_type__strip(vector->target);
}

static struct entry element_entry(const struct entry *vector, uint64_t size_bytes, uint64_t index)
{
    const abide_type *type = element_of(vector->type);
    bool is_float =
        type->kind == ABIDE_KIND_SCALAR && abide__scalars[type->scalar].group == ABIDE_GROUP_FLOAT;
    uint64_t begin = vector->begin + index * size_bytes;
    return (struct entry){begin, begin + size_bytes,
                          is_float ? FILLED_WITH_FLOAT : FILLED_WITH_INTEGER,
                          is_float ? type : NULL};
}

static uint64_t element_bytes(const struct entry *vector)
{
    return (vector->end - vector->begin) / vector->type->count;
}

/* Vectors of `size_bytes` in place of a longer one. */
static struct entry vector_part(struct joining *j, const struct entry *vector, uint64_t size_bytes,
                                uint64_t index)
{
    uint64_t begin = vector->begin + index * size_bytes;
    const abide_type *type =
        abide_type__vector(j->ctx, vector->type->target, size_bytes / element_bytes(vector));
    return (struct entry){begin, begin + size_bytes, FILLED_WITH_VECTOR, type};
}

/* A vector that cannot stay whole: the size of its halves, if these can, else of its elements. */
static uint64_t split_bytes(const struct joining *j, const struct entry *vector)
{
    uint64_t half_bytes = (vector->end - vector->begin) / 2;
    return vector->type->count >= 4 && is_unit(j, half_bytes) ? half_bytes : element_bytes(vector);
}

static struct entry split_part(struct joining *j, const struct entry *vector, uint64_t size_bytes,
                               uint64_t index)
{
    return size_bytes == element_bytes(vector) ? element_entry(vector, size_bytes, index)
                                               : vector_part(j, vector, size_bytes, index);
}

/* ---- entries ---- */

static bool are_alike(const struct entry *a, const struct entry *b)
{
    return a->filling == b->filling &&
           (a->filling <= FILLED_WITH_INTEGER || abide_leaves__are_alike(a->type, b->type));
}

static void insert(struct joining *j, size_t index, struct entry entry)
{
    abide__push(j->ctx, &j->entries, entry);
    struct entry *at = &j->entries.items[index];
    memmove(at + 1, at, (j->entries.count - 1 - index) * sizeof entry);
    *at = entry;
}

static void split_entry(struct joining *j, size_t index)
{
    struct entry vector = j->entries.items[index];
    uint64_t size_bytes = split_bytes(j, &vector);
    uint64_t count = (vector.end - vector.begin) / size_bytes;
    j->entries.items[index] = split_part(j, &vector, size_bytes, 0);
    for (uint64_t i = 1; i < count; i++)
        insert(j, index + i, split_part(j, &vector, size_bytes, i));
}

/* Makes an entry, and those behind it that [begin, end) reaches into, bytes without a type that cover it. */
static void cover(struct joining *j, size_t index, uint64_t begin, uint64_t end)
{
    struct entry *entry = &j->entries.items[index];
    entry->filling = FILLED_WITH_BYTES;
    if (begin < entry->begin)
        entry->begin = begin;
    while (end > entry->end) {
        struct entry *next = entry + 1;
        if (index + 1 == j->entries.count || end <= next->begin) {
            entry->end = end;
            return;
        }
        entry->end = next->begin;
        index++;
        if (next->filling == FILLED_WITH_VECTOR && end < next->end)
            split_entry(j, index);
        entry = &j->entries.items[index];
        entry->filling = FILLED_WITH_BYTES;
    }
}

static void add_entry(struct joining *j, struct entry entry)
{
    size_t index = 0;
    while (index < j->entries.count && j->entries.items[index].end <= entry.begin)
        index++;
    while (true) {
        struct entry *old = &j->entries.items[index];
        if (index == j->entries.count || old->begin >= entry.end) {
            insert(j, index, entry);
            return;
        }
        if (old->begin == entry.begin && old->end == entry.end) {
            if (!are_alike(old, &entry))
                old->filling = FILLED_WITH_BYTES;
            return;
        }
        if (entry.filling == FILLED_WITH_VECTOR) {
            uint64_t size_bytes = element_bytes(&entry);
            for (uint64_t i = 0; i < entry.type->count; i++)
                add_entry(j, element_entry(&entry, size_bytes, i));
            return;
        }
        if (old->filling != FILLED_WITH_VECTOR)
            break;
        split_entry(j, index);
        while (j->entries.items[index].end <= entry.begin) /* the part that is met */
            index++;
    }
    cover(j, index, entry.begin, entry.end);
}

static void add_bytes(struct joining *j, uint64_t begin, uint64_t end)
{
    add_entry(j, (struct entry){begin, end, FILLED_WITH_BYTES, NULL});
}

static bool is_aligned(const struct entry *entry)
{
    uint64_t size_bytes = 1;
    while (size_bytes < entry->end - entry->begin)
        size_bytes *= 2;
    return entry->begin % size_bytes == 0;
}

/* What could be a register as it is, if it is aligned. */
static void add_typed(struct joining *j, struct entry entry)
{
    if (is_aligned(&entry)) {
        add_entry(j, entry);
    } else if (entry.filling == FILLED_WITH_VECTOR) {
        uint64_t size_bytes = split_bytes(j, &entry);
        for (uint64_t i = 0; i < (entry.end - entry.begin) / size_bytes; i++)
            add_typed(j, split_part(j, &entry, size_bytes, i));
    } else {
        add_bytes(j, entry.begin, entry.end);
    }
}

static void add_vector(struct joining *j, struct entry entry)
{
    uint64_t unit_bytes = entry.end - entry.begin;
    while (unit_bytes > element_bytes(&entry) && !is_unit(j, unit_bytes))
        unit_bytes /= 2;
    if (unit_bytes == entry.end - entry.begin) {
        add_typed(j, entry);
        return;
    }
    for (uint64_t i = 0; i < (entry.end - entry.begin) / unit_bytes; i++)
        add_typed(j, split_part(j, &entry, unit_bytes, i));
}

/* Bytes of a float that processors read: of 16 that an 80-bit one has, 10. */
static uint64_t filled_bytes(const struct abide_leaf *leaf)
{
    return leaf->format == ABIDE_FORMAT_X87 ? 10 : leaf->size_bits / 8;
}

static void add_leaf(struct joining *j, const struct abide_leaf *leaf)
{
    uint64_t begin = leaf->offset_bits / 8;
    uint64_t end = (leaf->offset_bits + leaf->size_bits + 7) / 8;
    if (leaf->is_bitfield || leaf->is_mixed)
        add_bytes(j, begin, end);
    else if (leaf->kind == ABIDE_LEAF_VECTOR)
        add_vector(j, (struct entry){begin, end, FILLED_WITH_VECTOR, leaf->type});
    else if (leaf->kind == ABIDE_LEAF_FLOAT)
        add_typed(j,
                  (struct entry){begin, begin + filled_bytes(leaf), FILLED_WITH_FLOAT, leaf->type});
    else
        add_typed(j, (struct entry){begin, end, FILLED_WITH_INTEGER, NULL});
}

/* ---- what shares a group ---- */

static bool joins(const struct joining *j, const struct entry *a, const struct entry *b)
{
    return (a->end - 1) / j->rule->join_bytes == b->begin / j->rule->join_bytes &&
           a->filling <= FILLED_WITH_INTEGER && b->filling <= FILLED_WITH_INTEGER;
}

static void join_neighbours(struct joining *j)
{
    for (size_t i = 1; i < j->entries.count; i++) {
        struct entry *a = &j->entries.items[i - 1], *b = &j->entries.items[i];
        if (!joins(j, a, b))
            continue;
        a->filling = b->filling = FILLED_WITH_BYTES;
        a->end = b->begin;
    }
}

static const abide_type *integer_type(abide_ctx *ctx, uint64_t size_bytes)
{
    static const enum abide_scalar scalars[] = {ABIDE_SCALAR_U8, ABIDE_SCALAR_U16, ABIDE_SCALAR_U32,
                                                ABIDE_SCALAR_U64, ABIDE_SCALAR_U128};
    size_t i = 0;
    while (i < 4 && (uint64_t)1 << i < size_bytes)
        i++;
    return abide_type__scalar(ctx, scalars[i]);
}

/* The smallest aligned integer that has bytes [begin, end) of a group; of others what is between `least` and `most`. */
static struct abide_joined covering(struct joining *j, uint64_t begin, uint64_t end, uint64_t least,
                                    uint64_t most)
{
    uint64_t size_bytes = 1;
    while (begin / size_bytes * size_bytes + size_bytes < end)
        size_bytes *= 2;
    uint64_t start = begin / size_bytes * size_bytes;
    const abide_type *type = integer_type(j->ctx, size_bytes);
    return (struct abide_joined){.offset_bytes = start,
                                 .skipped_bytes = start < least ? least - start : 0,
                                 .size_bytes =
                                     start + size_bytes > most ? most - start : size_bytes,
                                 .type = type};
}

static uint64_t end_of(const abide_joined_list *parts)
{
    const struct abide_joined *last = parts->count ? &parts->items[parts->count - 1] : NULL;
    return last ? last->offset_bytes + last->size_bytes : 0;
}

/* Each group that a run of bytes without types touches is one integer. Returns the entry behind the run. */
static size_t add_run(struct joining *j, size_t index, uint64_t value_bytes,
                      abide_joined_list *parts)
{
    const struct entry *entries = j->entries.items;
    uint64_t begin = entries[index].begin, end = entries[index].end;
    for (index++; index < j->entries.count && entries[index].filling == FILLED_WITH_BYTES &&
                  entries[index].begin == end;
         index++)
        end = entries[index].end;
    uint64_t most = index < j->entries.count ? entries[index].begin : value_bytes;
    while (begin < end) {
        uint64_t group_end = (begin / j->rule->join_bytes + 1) * j->rule->join_bytes;
        uint64_t local_end = end < group_end ? end : group_end;
        abide__push(j->ctx, parts, covering(j, begin, local_end, end_of(parts), most));
        begin = local_end;
    }
    return index;
}

static bool is_few(const struct joining *j, const abide_joined_list *parts, uint32_t word_bytes)
{
    uint64_t registers = 0;
    for (size_t i = 0; i < parts->count; i++) {
        const abide_type *type = parts->items[i].type;
        bool is_wide_integer = type->kind == ABIDE_KIND_SCALAR &&
                               abide__scalars[type->scalar].group == ABIDE_GROUP_UNSIGNED;
        registers +=
            is_wide_integer ? (parts->items[i].size_bytes + word_bytes - 1) / word_bytes : 1;
    }
    return j->rule->max_registers == 0 || registers <= j->rule->max_registers;
}

static int compare_ranks(const void *left, const void *right)
{
    const struct abide_leaf *a = left, *b = right;
    return a->rank < b->rank ? -1 : a->rank > b->rank;
}

/* The leaves as they were declared. */
static struct abide_leaf *in_order(abide_ctx *ctx, const struct abide_leaves *leaves)
{
    struct abide_leaf *items = abide__new_array(ctx, struct abide_leaf, leaves->count);
    if (leaves->count > 0) {
        memcpy(items, leaves->items, leaves->count * sizeof *items);
        qsort(items, leaves->count, sizeof *items, compare_ranks);
    }
    return items;
}

bool abide_join__parts(abide_ctx *ctx, const abide_layout *layout,
                       const struct abide_pass_rule *rule, uint32_t word_bytes,
                       abide_joined_list *parts)
{
    struct joining j = {.ctx = ctx, .rule = rule};
    const struct abide_leaves *leaves = abide_leaves__of(ctx, layout);
    if (!leaves)
        return false;
    const struct abide_leaf *items = in_order(ctx, leaves);
    for (size_t i = 0; i < leaves->count; i++)
        if (!items[i].is_padding || rule->padding_kind != ABIDE_LEAF_KIND_COUNT)
            add_leaf(&j, &items[i]);
    join_neighbours(&j);
    for (size_t i = 0; i < j.entries.count;) {
        const struct entry *entry = &j.entries.items[i];
        uint64_t size_bytes = entry->end - entry->begin;
        if (entry->filling == FILLED_WITH_BYTES) {
            i = add_run(&j, i, layout->size_bytes, parts);
            continue;
        }
        bool is_last = ++i == j.entries.count;
        uint64_t most = (is_last ? layout->size_bytes : entry[1].begin) - entry->begin;
        bool is_integer = entry->filling == FILLED_WITH_INTEGER;
        const abide_type *type = is_integer ? integer_type(ctx, size_bytes) : entry->type;
        abide__push(ctx, parts,
                    (struct abide_joined){entry->begin, 0, is_integer ? size_bytes : most, type});
    }
    return is_few(&j, parts, word_bytes);
}
