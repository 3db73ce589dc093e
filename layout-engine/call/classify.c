/* Merges the classes of leaves that share a chunk. (x86-64 psABI 1.0, 3.2.3, "Classification", is the model.) */
#include "call/classify.h"

#include "call/leaves.h"

/* The container, closed to the walk, that stands for a leaf. */
static enum abide_leaf_kind closed_kind(unsigned closed)
{
    if (closed & ABIDE_IN_UNION)
        return ABIDE_LEAF_UNION;
    if (closed & (ABIDE_IN_ARRAY | ABIDE_IN_ARRAY1))
        return ABIDE_LEAF_ARRAY;
    return ABIDE_LEAF_STRUCT;
}

static bool row_fits(const struct abide_leaf_class *row, const struct abide_leaf *leaf,
                     enum abide_leaf_kind kind, bool is_open)
{
    if (leaf->is_padding || row->is_padding)
        return leaf->is_padding && row->is_padding;
    if (row->format != ABIDE_FORMAT_NONE)
        return is_open && row->format == leaf->format;
    return row->kind == kind &&
           (row->size_bytes == 0 || (is_open && row->size_bytes * 8 == leaf->size_bits));
}

/* A format says more than a kind with a size, and that more than a kind. */
static int precision(const struct abide_leaf_class *row)
{
    return row->format != ABIDE_FORMAT_NONE ? 2 : row->size_bytes != 0;
}

static const struct abide_leaf_class *row_of(const struct abide_classes *classes,
                                             const abide_layout *layout,
                                             const struct abide_leaf *leaf)
{
    unsigned closed = abide_leaves__crossed(layout, leaf) & ~classes->enter;
    enum abide_leaf_kind kind = closed ? closed_kind(closed) : leaf->kind;
    const struct abide_leaf_class *best = NULL;
    for (size_t i = 0; i < classes->leaf_count; i++) {
        const struct abide_leaf_class *row = &classes->leaves[i];
        if (row_fits(row, leaf, kind, !closed) && (!best || precision(row) > precision(best)))
            best = row;
    }
    return best;
}

static uint8_t merge(const struct abide_classes *classes, uint8_t a, uint8_t b)
{
    if (a == ABIDE_NO_CLASS || a == b)
        return b;
    if (classes->conflicts[a][b] != UINT8_MAX)
        return classes->conflicts[a][b];
    return a < b ? a : b;
}

static bool is_misaligned(const struct abide_leaf *leaf)
{
    return !leaf->is_bitfield && leaf->offset_bits % (leaf->align_bytes * 8) != 0;
}

static void add_leaf(const struct abide_classes *classes, const struct abide_leaf_class *row,
                     const struct abide_leaf *leaf, struct abide_chunk *chunks)
{
    uint32_t chunk_bits = classes->chunk_bytes * 8;
    uint32_t first = leaf->offset_bits / chunk_bits;
    uint32_t last = (leaf->offset_bits + leaf->size_bits - 1) / chunk_bits;
    bool straddles = classes->straddle != UINT8_MAX && is_misaligned(leaf);
    for (uint32_t i = first; i <= last; i++) {
        size_t turn = i - first < row->class_count ? i - first : row->class_count - 1;
        uint8_t class = straddles ? classes->straddle : row->classes[turn];
        chunks[i].class = merge(classes, chunks[i].class, class);
    }
}

/* A class that joins does so behind the class it follows, or behind one that joined that; else it is another class. */
static void join_chunks(const struct abide_classes *classes, struct abide_chunk *chunks,
                        size_t count)
{
    for (size_t i = 0; i < count; i++) {
        if (chunks[i].class == ABIDE_NO_CLASS || !classes->items[chunks[i].class].joins)
            continue;
        const struct abide_class *class = &classes->items[chunks[i].class];
        bool follows = i > 0 && (chunks[i - 1].class == class->after ||
                                 (chunks[i - 1].joined && chunks[i - 1].class == chunks[i].class));
        if (follows)
            chunks[i].joined = true;
        else
            chunks[i].class = class->otherwise;
    }
}

bool abide_classify__chunks(abide_ctx *ctx, const struct abide_classes *classes,
                            const abide_layout *layout,
                            struct abide_chunk chunks[ABIDE_MAX_REGISTERS], size_t *count)
{
    const struct abide_leaves *leaves = abide_leaves__of(ctx, layout);
    uint64_t needed = (layout->size_bytes + classes->chunk_bytes - 1) / classes->chunk_bytes;
    if (!leaves || needed > ABIDE_MAX_REGISTERS)
        return false;
    *count = (size_t)needed;
    for (size_t i = 0; i < *count; i++)
        chunks[i] = (struct abide_chunk){ABIDE_NO_CLASS, false};
    for (size_t i = 0; i < leaves->count; i++) {
        const struct abide_leaf *leaf = &leaves->items[i];
        const struct abide_leaf_class *row = row_of(classes, layout, leaf);
        if (!row && leaf->is_padding)
            continue;
        if (!row)
            return false;
        add_leaf(classes, row, leaf, chunks);
    }
    join_chunks(classes, chunks, *count);
    return true;
}
