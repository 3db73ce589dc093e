/* The bookkeeping of routines that are written by hand. */
#include "maker.h"

#include <assert.h>

struct abide_routine *maker_begin(struct maker *maker, const char *name, size_t parameter_count)
{
    maker->routine = abide__new(maker->ctx, struct abide_routine);
    *maker->routine = (struct abide_routine){.name = name,
                                             .serial = maker->next_serial++,
                                             .parameter_count = parameter_count,
                                             .value_count = parameter_count};
    maker->depth = 0;
    maker->blocks[0] = (struct maker_ops){0};
    maker->calls.items = NULL;
    maker->calls.count = maker->calls.capacity = 0;
    return maker->routine;
}

void maker_end(struct maker *maker)
{
    assert(maker->depth == 0);
    maker->routine->body = (struct abide_block){maker->blocks[0].items, maker->blocks[0].count};
    maker->routine->calls = maker->calls.items;
    maker->routine->call_count = maker->calls.count;
}

static void note_call(struct maker *maker, const struct abide_routine *routine)
{
    for (size_t i = 0; i < maker->calls.count; i++)
        if (maker->calls.items[i] == routine)
            return;
    abide__push(maker->ctx, &maker->calls, routine);
}

abide_value maker_add(struct maker *maker, bool gives_value, struct abide_op op)
{
    abide_value result = gives_value ? maker_reserve(maker) : ABIDE_NO_VALUE;
    maker_add_as(maker, result, op);
    return result;
}

abide_value maker_reserve(struct maker *maker)
{
    return (abide_value)maker->routine->value_count++;
}

void maker_add_as(struct maker *maker, abide_value result, struct abide_op op)
{
    op.result = result;
    if (op.kind == ABIDE_OP_RETURN)
        maker->routine->gives_value = op.a != ABIDE_NO_VALUE;
    if (op.routine)
        note_call(maker, op.routine);
    abide__push(maker->ctx, &maker->blocks[maker->depth], op);
}

void maker_open(struct maker *maker)
{
    assert(maker->depth + 1 < MAKER_MAX_DEPTH);
    maker->blocks[++maker->depth] = (struct maker_ops){0};
}

struct abide_block maker_close(struct maker *maker)
{
    const struct maker_ops *ops = &maker->blocks[maker->depth--];
    return (struct abide_block){ops->items, ops->count};
}
