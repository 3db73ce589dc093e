/* What types consist of in memory, whatever they are called: two ways to tell the same bytes are one. */
#include "pairs.h"

#include <stdlib.h>
#include <string.h>

/* Of larger types nobody asks whether they are the same bytes. */
enum { LEAVES_MOST = 4096 };

/* A part that has to be taken apart. */
struct part {
    const abide_type *type;
    uint64_t offset_bits;
    size_t field;
};

struct taking {
    struct comparison *comparison;
    int side;
    struct part *stack;
    size_t depth, room;
    struct leaves leaves;
};

static void add_leaf(struct taking *taking, const struct part *part, uint64_t size_bits, char class)
{
    struct leaves *leaves = &taking->leaves;
    if (leaves->count == leaves->capacity)
        leaves->items =
            cli_grow(leaves->items, leaves->count, &leaves->capacity, sizeof *leaves->items);
    leaves->items[leaves->count++] =
        (struct leaf){part->offset_bits, size_bits, class, part->type, part->field};
    leaves->is_all = leaves->is_all && leaves->count < LEAVES_MOST;
}

static void push(struct taking *taking, const abide_type *type, uint64_t offset_bits, size_t field)
{
    if (taking->depth == taking->room)
        taking->stack =
            cli_grow(taking->stack, taking->depth, &taking->room, sizeof *taking->stack);
    taking->stack[taking->depth++] = (struct part){type, offset_bits, field};
    taking->leaves.is_all = taking->leaves.is_all && taking->depth < LEAVES_MOST;
}

static void push_elements(struct taking *taking, const struct part *part, const abide_type *array)
{
    uint64_t count = abide_type_count(array);
    const abide_layout *element =
        abide_layout_of(taking->comparison->cli->ctx, module_of(taking->comparison, taking->side),
                        abide_type_target(array));
    taking->leaves.is_all =
        taking->leaves.is_all && element && !abide_type_is_flexible(array) && count < LEAVES_MOST;
    for (uint64_t i = 0; taking->leaves.is_all && i < count; i++)
        push(taking, abide_type_target(array),
             part->offset_bits + 8 * i * abide_layout_size_bytes(element), part->field);
}

static void push_fields(struct taking *taking, const struct part *part, const abide_layout *layout)
{
    for (size_t i = 0; i < abide_layout_field_count(layout); i++) {
        abide_field_info field = abide_layout_field_at(layout, i);
        size_t of = part->field == SIZE_MAX ? i : part->field;
        uint64_t offset_bits = part->offset_bits + field.offset_bits;
        if (!field.is_bitfield)
            push(taking, field.type, offset_bits, of);
        else if (field.name)
            add_leaf(taking, &(struct part){field.type, offset_bits, of}, field.size_bits,
                     scalar_class(taking->comparison, taking->side, field.type));
    }
}

static void take(struct taking *taking, const struct part *part)
{
    const abide_layout *layout = abide_layout_of(
        taking->comparison->cli->ctx, module_of(taking->comparison, taking->side), part->type);
    if (!layout) {
        taking->leaves.is_all = false;
        return;
    }
    const abide_type *type = bare(abide_layout_type(layout));
    const struct part same = {type, part->offset_bits, part->field};
    if (is_kind(type, "array"))
        push_elements(taking, part, type);
    else if (is_kind(type, "struct") || is_kind(type, "union") || is_kind(type, "tuple"))
        push_fields(taking, part, layout);
    else if (is_kind(type, "pointer") || is_kind(type, "function"))
        add_leaf(taking, &same, 8 * abide_layout_size_bytes(layout), 'p');
    else if (is_number(type))
        add_leaf(taking, &same, 8 * abide_layout_size_bytes(layout),
                 scalar_class(taking->comparison, taking->side, type));
    else
        taking->leaves.is_all = false;
}

static int compare_leaves(const void *left, const void *right)
{
    const struct leaf *a = left, *b = right;
    if (a->offset_bits != b->offset_bits)
        return a->offset_bits < b->offset_bits ? -1 : 1;
    if (a->size_bits != b->size_bits)
        return a->size_bits < b->size_bits ? -1 : 1;
    return a->class - b->class;
}

struct leaves leaves_of(struct comparison *comparison, int side, const abide_type *type)
{
    struct taking taking = {.comparison = comparison, .side = side, .leaves = {.is_all = true}};
    push(&taking, type, 0, SIZE_MAX);
    while (taking.depth && taking.leaves.is_all) {
        const struct part part = taking.stack[--taking.depth];
        take(&taking, &part);
    }
    if (taking.leaves.count)
        qsort(taking.leaves.items, taking.leaves.count, sizeof(struct leaf), compare_leaves);
    return taking.leaves;
}

bool leaves_are_same(const struct leaves *before, const struct leaves *after)
{
    if (!before->is_all || !after->is_all || before->count != after->count || !before->count)
        return false;
    for (size_t i = 0; i < before->count; i++)
        if (compare_leaves(&before->items[i], &after->items[i]) != 0)
            return false;
    return true;
}

struct leaves leaves_of_fields(const struct leaves *leaves, const bool *is_field)
{
    struct leaves some = {.items = cli_alloc(leaves->count + 1, sizeof(struct leaf)),
                          .is_all = leaves->is_all};
    for (size_t i = 0; i < leaves->count; i++)
        if (is_field[leaves->items[i].field])
            some.items[some.count++] = leaves->items[i];
    return some;
}
