/* Collects leaves from the inside to the outside, with a stack of our own: types may be nested deeply. */
#include "call/leaves.h"

#include <assert.h>
#include <stdlib.h>

typedef ABIDE_VEC(struct abide_leaf) leaf_list;

struct frame {
    const abide_layout *layout;
    size_t next; /* part to look at */
};

const abide_type *abide_leaves__container(const abide_layout *layout)
{
    const abide_type *type = abide_type__strip(layout->type);
    bool opens = type->kind == ABIDE_KIND_STRUCT || type->kind == ABIDE_KIND_UNION ||
                 abide_type__is_sequence(type);
    return opens ? type : NULL;
}

static size_t part_count(const abide_layout *layout)
{
    const abide_type *type = abide_leaves__container(layout);
    if (!type)
        return 0;
    return abide_type__is_sequence(type) ? layout->size_bytes != 0 : type->field_count;
}

const abide_layout *abide_leaves__part(abide_ctx *ctx, const abide_layout *layout, size_t index)
{
    const abide_type *type = abide_leaves__container(layout);
    const abide_type *part =
        abide_type__is_sequence(type) ? type->target : type->fields[index].type;
    return abide_layout__physical(ctx, layout->among->model, part);
}

/* The leaves of a part that lies at an offset, seen from the outside. */
static void add_part(abide_ctx *ctx, leaf_list *leaves, const abide_layout *part,
                     uint64_t offset_bits, bool packed)
{
    const struct abide_leaves *inner = abide_layout__more(part)->leaves;
    unsigned own = abide_layout__shape(part)->own;
    uint32_t first_rank = (uint32_t)leaves->count;
    for (size_t i = 0; i < inner->count; i++) {
        struct abide_leaf leaf = inner->items[i];
        leaf.offset_bits += (uint32_t)offset_bits;
        leaf.rank += first_rank;
        leaf.containers |= own | (packed ? ABIDE_IN_PACKED : 0);
        abide__push(ctx, leaves, leaf);
    }
}

struct abide_leaf abide_leaves__bitfield(const struct abide_field *field, abide_field_info info)
{
    return (struct abide_leaf){
        .offset_bits = (uint32_t)info.offset_bits,
        .size_bits = (uint32_t)info.size_bits,
        .kind = ABIDE_LEAF_INT,
        .align_bytes = 1,
        .is_bitfield = true,
        .is_padding = !field->name,
        .containers = field->packed ? ABIDE_IN_PACKED : 0,
    };
}

struct abide_leaf abide_leaves__scalar(const abide_layout *layout)
{
    const struct abide_uniform *scalar = &abide_layout__shape(layout)->uniform;
    return (struct abide_leaf){
        .size_bits = scalar->size_bytes * 8,
        .kind = scalar->kind,
        .format = scalar->format,
        .align_bytes = (uint32_t)abide_layout__natural_align_bytes(layout),
        .type = abide_type__strip(layout->type),
    };
}

static void add_bitfield(abide_ctx *ctx, leaf_list *leaves, const struct abide_field *field,
                         abide_field_info info)
{
    struct abide_leaf leaf = abide_leaves__bitfield(field, info);
    leaf.rank = (uint32_t)leaves->count;
    if (leaf.size_bits > 0)
        abide__push(ctx, leaves, leaf);
}

static void add_fields(abide_ctx *ctx, leaf_list *leaves, const abide_layout *layout)
{
    const abide_type *type = abide_leaves__container(layout);
    for (size_t i = 0; i < type->field_count; i++)
        if (type->fields[i].is_bitfield)
            add_bitfield(ctx, leaves, &type->fields[i], abide_layout__field(layout, i));
        else
            add_part(ctx, leaves, abide_leaves__part(ctx, layout, i),
                     abide_layout__field(layout, i).offset_bits, layout->has_packed_field);
}

static void add_elements(abide_ctx *ctx, leaf_list *leaves, const abide_layout *layout)
{
    const abide_layout *element = abide_leaves__part(ctx, layout, 0);
    for (uint64_t at = 0; at < layout->size_bytes; at += element->size_bytes)
        add_part(ctx, leaves, element, at * 8, false);
}

static int compare_leaves(const void *left, const void *right)
{
    const struct abide_leaf *a = left, *b = right;
    if (a->offset_bits != b->offset_bits)
        return a->offset_bits < b->offset_bits ? -1 : 1;
    if (a->size_bits != b->size_bits)
        return a->size_bits < b->size_bits ? -1 : 1;
    if (a->kind != b->kind)
        return a->kind < b->kind ? -1 : 1;
    if (a->format != b->format)
        return a->format < b->format ? -1 : 1;
    if (a->containers != b->containers)
        return a->containers < b->containers ? -1 : 1;
    if (a->is_bitfield != b->is_bitfield)
        return a->is_bitfield < b->is_bitfield ? -1 : 1;
    return a->is_padding < b->is_padding ? -1 : a->is_padding > b->is_padding;
}

static bool is_float(const abide_type *type)
{
    return type->kind == ABIDE_KIND_SCALAR &&
           abide__scalars[type->scalar].group == ABIDE_GROUP_FLOAT;
}

bool abide_leaves__are_alike(const abide_type *a, const abide_type *b)
{
    if (a->kind == ABIDE_KIND_VECTOR && b->kind == ABIDE_KIND_VECTOR && a->count != b->count)
        return false;
    a = abide_type__strip(a->kind == ABIDE_KIND_VECTOR ? a->target : a);
    b = abide_type__strip(b->kind == ABIDE_KIND_VECTOR ? b->target : b);
    return is_float(a) == is_float(b) &&
           (a->scalar == ABIDE_SCALAR_BF16) == (b->scalar == ABIDE_SCALAR_BF16);
}

/* One leaf of two that look alike: what was declared first. */
static void merge_into(struct abide_leaf *kept, const struct abide_leaf *other)
{
    bool is_mixed =
        kept->is_mixed || other->is_mixed ||
        (kept->kind == ABIDE_LEAF_VECTOR && !abide_leaves__are_alike(kept->type, other->type));
    if (other->rank < kept->rank)
        *kept = *other;
    kept->is_mixed = is_mixed;
}

static int compare_ranks(const void *left, const void *right)
{
    const struct abide_leaf *const *a = left, *const *b = right;
    return (*a)->rank<(*b)->rank ? -1 : (*a)->rank>(*b)->rank;
}

/* Ranks from 0 on, so that those of parts of parts stay small. */
static void number_ranks(abide_ctx *ctx, leaf_list *leaves)
{
    struct abide_leaf **by_rank = abide__new_array(ctx, struct abide_leaf *, leaves->count);
    for (size_t i = 0; i < leaves->count; i++)
        by_rank[i] = &leaves->items[i];
    qsort(by_rank, leaves->count, sizeof *by_rank, compare_ranks);
    for (size_t i = 0; i < leaves->count; i++)
        by_rank[i]->rank = (uint32_t)i;
}

/* Members of a union that look alike count once, so that unions of unions do not grow without end. */
static void sort_and_merge(abide_ctx *ctx, leaf_list *leaves)
{
    if (leaves->count < 2)
        return;
    qsort(leaves->items, leaves->count, sizeof *leaves->items, compare_leaves);
    size_t kept = 1;
    bool is_in_order = true;
    for (size_t i = 1; i < leaves->count; i++) {
        is_in_order = is_in_order && leaves->items[i - 1].rank < leaves->items[i].rank;
        if (compare_leaves(&leaves->items[kept - 1], &leaves->items[i]) != 0)
            leaves->items[kept++] = leaves->items[i];
        else
            merge_into(&leaves->items[kept - 1], &leaves->items[i]);
    }
    bool are_fewer = kept < leaves->count;
    leaves->count = kept;
    if (!is_in_order || are_fewer)
        number_ranks(ctx, leaves);
}

/* The parts have their leaves. */
static void collect(abide_ctx *ctx, const abide_layout *layout)
{
    leaf_list leaves = {0};
    const abide_type *type = abide_leaves__container(layout);
    if (!type) {
        abide__push(ctx, &leaves, abide_leaves__scalar(layout));
    } else if (abide_type__is_sequence(type)) {
        if (layout->size_bytes)
            add_elements(ctx, &leaves, layout);
    } else {
        add_fields(ctx, &leaves, layout);
        sort_and_merge(ctx, &leaves);
    }
    struct abide_leaves *result = abide__new(ctx, struct abide_leaves);
    *result = (struct abide_leaves){leaves.items, leaves.count};
    abide_layout__more(layout)->leaves = result;
}

const struct abide_leaves *abide_leaves__of(abide_ctx *ctx, const abide_layout *layout)
{
    if (abide_layout__more(layout)->leaves)
        return abide_layout__more(layout)->leaves;
    if (layout->size_bytes > ABIDE_LEAVES_MAX_BYTES)
        return NULL;
    ABIDE_VEC(struct frame) stack = {0};
    abide__push(ctx, &stack, (struct frame){layout, 0});
    while (stack.count > 0) {
        struct frame *top = &stack.items[stack.count - 1];
        const abide_layout *part = NULL;
        while (!part && top->next < part_count(top->layout)) {
            part = abide_leaves__part(ctx, top->layout, top->next++);
            if (abide_layout__more(part)->leaves)
                part = NULL;
        }
        if (part) {
            abide__push(ctx, &stack, (struct frame){part, 0});
            continue;
        }
        collect(ctx, top->layout);
        stack.count--;
    }
    return abide_layout__more(layout)->leaves;
}

unsigned abide_leaves__crossed(const abide_layout *layout, const struct abide_leaf *leaf)
{
    return leaf->containers | (abide_layout__shape(layout)->own & ~(unsigned)ABIDE_IN_STRUCT);
}
