/*
 * Merges the classes of leaves that share a chunk. The model is x86-64 psABI 1.0, 3.2.3, "Classification": fields are
 * classified recursively, always two classes are merged, in the order of the declaration, and every aggregate is cleaned
 * up (`join`) before it is merged into the one around it. The order tells: merging int, x87 and sse gives int or memory.
 */
#include "call/classify.h"

#include "call/leaves.h"

/* Alignments are looked at modulo this many bytes. */
#define START_BYTES 64

/* The classes of a layout that starts `start_bytes` (modulo START_BYTES) into a value; in a list that its layout holds. */
struct abide_classified {
    const struct abide_classes *classes;
    uint32_t start_bytes;
    bool has_classes; /* false: a leaf has none */
    size_t count;     /* chunks it touches */
    struct abide_chunk *chunks;
    const struct abide_classified *next;
};

/* The container, closed to the walk, that stands for a leaf. */
static enum abide_leaf_kind closed_kind(unsigned closed)
{
    if (closed & ABIDE_IN_UNION)
        return ABIDE_LEAF_UNION;
    if (closed & (ABIDE_IN_ARRAY | ABIDE_IN_ARRAY1))
        return ABIDE_LEAF_ARRAY;
    bool is_complex = closed & ABIDE_IN_COMPLEX && !(closed & (ABIDE_IN_STRUCT | ABIDE_IN_PACKED));
    return is_complex ? ABIDE_LEAF_COMPLEX : ABIDE_LEAF_STRUCT;
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
                                             const struct abide_leaf *leaf, unsigned closed)
{
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
    if (b == ABIDE_NO_CLASS)
        return a;
    if (classes->conflicts[a][b] != UINT8_MAX)
        return classes->conflicts[a][b];
    return a < b ? a : b;
}

/* A part of a layout, as the walk meets it. */
struct part {
    const abide_layout *layout; /* NULL: a bit-field */
    uint32_t offset_bytes;
    size_t field;
    unsigned containers; /* crossed on the way in */
};

/* What has no bytes has classes where it lies inside a chunk, if they count things without bytes at all. */
static bool has_chunk(const struct abide_classes *classes, const abide_layout *layout,
                      uint64_t start_bytes)
{
    return layout->size_bytes != 0 ||
           (classes->sizeless != 0 && start_bytes % classes->chunk_bytes != 0);
}

/* Elements that are looked at: of an array without bytes one, if at all. */
static size_t element_count(abide_ctx *ctx, const struct abide_classes *classes,
                            const abide_layout *layout)
{
    const abide_type *type = abide_leaves__container(layout);
    if (layout->size_bytes != 0)
        return (size_t)(layout->size_bytes / abide_leaves__part(ctx, layout, 0)->size_bytes);
    bool has_elements = !type->is_flexible && type->count != 0;
    return has_elements || (classes->sizeless & ABIDE_SIZELESS_ARRAY && !type->is_flexible);
}

static size_t part_count(abide_ctx *ctx, const struct abide_classes *classes,
                         const abide_layout *layout, uint64_t start_bytes)
{
    const abide_type *type = abide_leaves__container(layout);
    if (!type || !has_chunk(classes, layout, start_bytes))
        return 0;
    return abide_type__is_sequence(type) ? element_count(ctx, classes, layout) : type->field_count;
}

static struct part part_at(abide_ctx *ctx, const abide_layout *layout, size_t index)
{
    const abide_type *type = abide_leaves__container(layout);
    struct part part = {.field = index};
    if (abide_type__is_sequence(type)) {
        part.layout = abide_leaves__part(ctx, layout, 0);
        part.offset_bytes = (uint32_t)(index * part.layout->size_bytes);
    } else if (type->fields[index].is_bitfield) {
        return part;
    } else {
        part.layout = abide_leaves__part(ctx, layout, index);
        part.offset_bytes = (uint32_t)(abide_layout__field(layout, index).offset_bits / 8);
        part.containers = type->fields[index].packed ? ABIDE_IN_PACKED : 0;
    }
    part.containers |= abide_layout__shape(part.layout)->own;
    return part;
}

static bool is_misaligned(const struct abide_leaf *leaf, uint32_t start_bytes)
{
    return !leaf->is_bitfield &&
           (start_bytes * 8 + leaf->offset_bits) % (leaf->align_bytes * 8) != 0;
}

/* Merges a leaf in. `closed`: containers between the value and the leaf that the walk may not open. */
static void add_leaf(struct abide_classified *into, const struct abide_leaf *leaf, unsigned closed)
{
    const struct abide_classes *classes = into->classes;
    const struct abide_leaf_class *row = row_of(classes, leaf, closed);
    if (!row) {
        into->has_classes = into->has_classes && leaf->is_padding;
        return;
    }
    uint32_t chunk_bits = classes->chunk_bytes * 8;
    uint32_t start_bits = into->start_bytes * 8 % chunk_bits + leaf->offset_bits;
    uint32_t first = start_bits / chunk_bits;
    uint32_t last = (start_bits + leaf->size_bits - 1) / chunk_bits;
    bool straddles = classes->straddle != UINT8_MAX && is_misaligned(leaf, into->start_bytes);
    for (uint32_t i = first; i <= last && i < into->count; i++) {
        size_t turn = i - first < row->class_count ? i - first : row->class_count - 1;
        uint8_t class = straddles ? classes->straddle : row->classes[turn];
        into->chunks[i].class = merge(classes, into->chunks[i].class, class);
    }
}

static void add_leaves(abide_ctx *ctx, struct abide_classified *into, const struct part *part)
{
    const struct abide_leaves *leaves = abide_leaves__of(ctx, part->layout);
    for (size_t i = 0; leaves && i < leaves->count; i++) {
        struct abide_leaf leaf = leaves->items[i];
        leaf.offset_bits += part->offset_bytes * 8;
        add_leaf(into, &leaf, (leaf.containers | part->containers) & ~into->classes->enter);
    }
    into->has_classes = into->has_classes && leaves;
}

static const struct abide_classified *
find(const abide_layout *layout, const struct abide_classes *classes, uint32_t start_bytes)
{
    const struct abide_classified *at = abide_layout__more(layout)->classified;
    while (at && (at->classes != classes || at->start_bytes != start_bytes % START_BYTES))
        at = at->next;
    return at;
}

/*
 * Is the part, which starts `start_bytes` into the value, a container that is classified for itself? Others are merged leaf
 * by leaf.
 */
static bool stands_alone(const struct abide_classes *classes, const struct part *part,
                         uint64_t start_bytes)
{
    return part->layout && has_chunk(classes, part->layout, start_bytes) &&
           abide_leaves__container(part->layout) && !(part->containers & ~classes->enter);
}

static void add_bitfield(struct abide_classified *into, const abide_layout *layout, size_t index)
{
    const abide_type *type = abide_leaves__container(layout);
    struct abide_leaf leaf =
        abide_leaves__bitfield(&type->fields[index], abide_layout__field(layout, index));
    if (leaf.size_bits == 0) {
        if (type->kind != ABIDE_KIND_UNION || !(into->classes->sizeless & ABIDE_SIZELESS_BITS))
            return;
        leaf.size_bits = 1;
        leaf.is_padding = false;
    }
    add_leaf(into, &leaf, leaf.containers & ~into->classes->enter);
}

static void add_part(abide_ctx *ctx, struct abide_classified *into, const abide_layout *layout,
                     const struct part *part)
{
    if (!part->layout) {
        add_bitfield(into, layout, part->field);
        return;
    }
    uint32_t start_bytes = into->start_bytes + part->offset_bytes;
    if (!stands_alone(into->classes, part, start_bytes)) {
        add_leaves(ctx, into, part);
        return;
    }
    const struct abide_classified *inner = find(part->layout, into->classes, start_bytes);
    uint32_t chunk_bytes = into->classes->chunk_bytes;
    size_t first = (into->start_bytes % chunk_bytes + part->offset_bytes) / chunk_bytes;
    for (size_t i = 0; i < inner->count && first + i < into->count; i++) {
        struct abide_chunk *chunk = &into->chunks[first + i];
        chunk->class = merge(into->classes, chunk->class, inner->chunks[i].class);
    }
    into->has_classes = into->has_classes && inner->has_classes;
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

/* The parts are classified. */
static void combine(abide_ctx *ctx, const struct abide_classes *classes, const abide_layout *layout,
                    uint32_t start_bytes)
{
    struct abide_classified *result = abide__new(ctx, struct abide_classified);
    uint32_t chunk_bytes = classes->chunk_bytes;
    *result = (struct abide_classified){
        .classes = classes,
        .start_bytes = start_bytes,
        .has_classes = true,
        .count = (size_t)((start_bytes % chunk_bytes + layout->size_bytes + chunk_bytes - 1) /
                          chunk_bytes),
        .next = abide_layout__more(layout)->classified,
    };
    result->chunks = abide__new_array(ctx, struct abide_chunk, result->count);
    for (size_t i = 0; i < result->count; i++)
        result->chunks[i] = (struct abide_chunk){ABIDE_NO_CLASS, false};
    struct part whole = {.layout = layout,
                         .containers = abide_layout__shape(layout)->own & ~ABIDE_IN_STRUCT};
    size_t count = stands_alone(classes, &whole, start_bytes)
                       ? part_count(ctx, classes, layout, start_bytes)
                       : 0;
    for (size_t i = 0; i < count; i++) {
        struct part part = part_at(ctx, layout, i);
        add_part(ctx, result, layout, &part);
    }
    if (count == 0)
        add_leaves(ctx, result, &whole);
    join_chunks(classes, result->chunks, result->count);
    abide_layout__more(layout)->classified = result;
}

/* A layout whose parts are being looked at. */
struct frame {
    const abide_layout *layout;
    uint32_t start_bytes;
    size_t next;
};

/* The next part that must be classified before its container can be. */
static bool next_unknown(abide_ctx *ctx, const struct abide_classes *classes, struct frame *frame,
                         struct frame *inner)
{
    size_t count = part_count(ctx, classes, frame->layout, frame->start_bytes);
    while (frame->next < count) {
        struct part part = part_at(ctx, frame->layout, frame->next++);
        uint32_t start_bytes = (frame->start_bytes + part.offset_bytes) % START_BYTES;
        if (!stands_alone(classes, &part, start_bytes) || find(part.layout, classes, start_bytes))
            continue;
        *inner = (struct frame){part.layout, start_bytes, 0};
        return true;
    }
    return false;
}

/* From the inside to the outside, with a stack of our own: types may be nested deeply. */
static const struct abide_classified *classify(abide_ctx *ctx, const struct abide_classes *classes,
                                               const abide_layout *layout)
{
    ABIDE_VEC(struct frame) stack = {0};
    if (!find(layout, classes, 0))
        abide__push(ctx, &stack, (struct frame){layout, 0, 0});
    while (stack.count > 0) {
        struct frame *top = &stack.items[stack.count - 1], inner;
        if (next_unknown(ctx, classes, top, &inner)) {
            abide__push(ctx, &stack, inner);
            continue;
        }
        combine(ctx, classes, top->layout, top->start_bytes);
        stack.count--;
    }
    return find(layout, classes, 0);
}

bool abide_classify__chunks(abide_ctx *ctx, const struct abide_classes *classes,
                            const abide_layout *layout,
                            struct abide_chunk chunks[ABIDE_MAX_REGISTERS], size_t *count)
{
    uint64_t needed = (layout->size_bytes + classes->chunk_bytes - 1) / classes->chunk_bytes;
    if (layout->size_bytes > ABIDE_LEAVES_MAX_BYTES || needed > ABIDE_MAX_REGISTERS)
        return false;
    const struct abide_classified *result = classify(ctx, classes, layout);
    *count = result->count;
    for (size_t i = 0; i < *count; i++)
        chunks[i] = result->chunks[i];
    return result->has_classes;
}
