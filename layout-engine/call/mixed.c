/*
 * Parts of a value: in each chunk aligned floating leaves go to their bank, and what else is there, from its first byte to its
 * last, to that of the integers. With `of: storage` the leaves are those of the storage: of a union those of one member.
 */
#include "call/mixed.h"

#include "call/leaves.h"
#include "call/storage.h"

struct mixing {
    abide_ctx *ctx;
    const abide_layout *layout;
    const struct abide_pass_rule *rule;
    abide_part_vector floats;              /* of the whole value */
    bool is_value[ABIDE_LEAVES_MAX_BYTES]; /* bytes that a leaf has */
    bool is_float[ABIDE_LEAVES_MAX_BYTES]; /* and those of `floats` */
};

static uint64_t start_of(const struct abide_leaf *leaf)
{
    return leaf->offset_bits / 8;
}

static uint64_t end_of(const struct abide_leaf *leaf)
{
    return (leaf->offset_bits + leaf->size_bits + 7) / 8;
}

static bool goes_alone(const struct mixing *m, const struct abide_leaf *leaf)
{
    return (leaf->kind == ABIDE_LEAF_FLOAT || leaf->kind == ABIDE_LEAF_VECTOR) &&
           m->rule->bank_of_kind[leaf->kind] != ABIDE_NO_BANK &&
           !(abide_leaves__crossed(m->layout, leaf) & ~m->rule->enter) &&
           leaf->offset_bits % (leaf->align_bytes * 8) == 0 && !m->is_float[start_of(leaf)];
}

static void add_float(struct mixing *m, const struct abide_leaf *leaf)
{
    if (!goes_alone(m, leaf))
        return;
    uint64_t start = start_of(leaf), end = end_of(leaf);
    abide__push(m->ctx, &m->floats,
                (struct abide_part){start, end - start, m->rule->bank_of_kind[leaf->kind], true,
                                    leaf->kind == ABIDE_LEAF_FLOAT, leaf->align_bytes});
    for (uint64_t at = start; at < end; at++)
        m->is_float[at] = true;
}

static void add_stored_floats(struct mixing *m)
{
    const struct abide_storage *storage = abide_storage__of(m->ctx, m->layout);
    for (size_t i = 0; storage && i < storage->count; i++) {
        const struct abide_stored *stored = &storage->items[i];
        struct abide_leaf leaf = abide_leaves__scalar(
            abide_layout__physical(m->ctx, m->layout->among->model, stored->type));
        leaf.offset_bits = (uint32_t)stored->offset_bytes * 8;
        leaf.containers = stored->containers;
        add_float(m, &leaf);
    }
}

static void add_leaves(struct mixing *m, const struct abide_leaves *leaves)
{
    for (size_t i = 0; i < leaves->count; i++) {
        const struct abide_leaf *leaf = &leaves->items[i];
        if (leaf->is_padding)
            continue;
        for (uint64_t at = start_of(leaf); at < end_of(leaf); at++)
            m->is_value[at] = true;
        if (m->rule->spread_of != ABIDE_SPREAD_STORAGE)
            add_float(m, leaf);
    }
    if (m->rule->spread_of == ABIDE_SPREAD_STORAGE)
        add_stored_floats(m);
}

static void add_chunk(const struct mixing *m, uint64_t start, uint64_t end,
                      abide_part_vector *parts)
{
    for (size_t i = 0; i < m->floats.count; i++) {
        struct abide_part part = m->floats.items[i];
        uint64_t part_end = part.offset_bytes + part.size_bytes;
        if (part_end <= start || part.offset_bytes >= end)
            continue;
        part.offset_bytes = part.offset_bytes < start ? start : part.offset_bytes;
        part.size_bytes = (part_end > end ? end : part_end) - part.offset_bytes;
        abide__push(m->ctx, parts, part);
    }
    uint64_t rest_start = end, rest_end = start;
    for (uint64_t at = start; at < end; at++)
        if (m->is_value[at] && !m->is_float[at]) {
            rest_start = at < rest_start ? at : rest_start;
            rest_end = at + 1;
        }
    if (rest_start < rest_end)
        abide__push(m->ctx, parts,
                    (struct abide_part){rest_start, rest_end - rest_start,
                                        m->rule->bank_of_kind[ABIDE_LEAF_INT], false, false, 0});
}

bool abide_mixed__parts(abide_ctx *ctx, const abide_layout *layout,
                        const struct abide_pass_rule *rule, uint64_t chunk_bytes,
                        abide_part_vector *parts)
{
    const struct abide_leaves *leaves = abide_leaves__of(ctx, layout);
    if (!leaves)
        return false;
    struct mixing m = {.ctx = ctx, .layout = layout, .rule = rule};
    add_leaves(&m, leaves);
    for (uint64_t start = 0; start < layout->size_bytes; start += chunk_bytes) {
        uint64_t end = start + chunk_bytes;
        add_chunk(&m, start, end < layout->size_bytes ? end : layout->size_bytes, parts);
    }
    return true;
}
