/*
 * A move can be made when nobody else waits for what its destination holds. Where all wait, they wait in circles: one value
 * of a circle goes to a free register, or two registers are swapped.
 */
#include "moves.h"

#include <string.h>

struct resolving {
    abide_ctx *ctx;
    struct abide_move *pending;
    size_t count;
    const struct abide_move_scratch *scratch;
    abide_move_list *steps;
};

static bool same(const struct abide_spot *a, const struct abide_spot *b)
{
    /* A word of memory is one, whatever its values are moved through. */
    return a->is_memory == b->is_memory && a->index == b->index &&
           (a->is_memory || a->file == b->file);
}

static bool is_source(const struct resolving *r, const struct abide_spot *spot, size_t except)
{
    for (size_t i = 0; i < r->count; i++)
        if (i != except && same(&r->pending[i].from, spot))
            return true;
    return false;
}

static void add(struct resolving *r, struct abide_spot to, struct abide_spot from, bool is_swap)
{
    abide__push(r->ctx, r->steps, (struct abide_move){to, from, is_swap});
}

static void drop(struct resolving *r, size_t index)
{
    r->pending[index] = r->pending[--r->count];
}

static void drop_finished(struct resolving *r)
{
    for (size_t i = 0; i < r->count;)
        if (same(&r->pending[i].to, &r->pending[i].from))
            drop(r, i);
        else
            i++;
}

/* A register whose content nobody waits for: of the scratch ones, or a destination that has not got its value yet. */
static bool find_free(const struct resolving *r, uint32_t file, struct abide_spot *found)
{
    for (size_t i = 0; i < r->scratch->count; i++) {
        *found = r->scratch->spots[i];
        if (found->file == file && !is_source(r, found, SIZE_MAX))
            return true;
    }
    for (size_t i = 0; i < r->count; i++) {
        *found = r->pending[i].to;
        if (!found->is_memory && found->file == file && !is_source(r, found, SIZE_MAX))
            return true;
    }
    return false;
}

/* What keeps registers busy comes first: stores, then words that go through a register, then the rest. */
static int urgency(const struct abide_move *move)
{
    if (move->to.is_memory)
        return move->from.is_memory ? 1 : 2;
    return 0;
}

/* The index of the most urgent move that can be made, or SIZE_MAX. */
static size_t find_ready(const struct resolving *r)
{
    size_t found = SIZE_MAX;
    struct abide_spot through;
    for (size_t i = 0; i < r->count; i++) {
        const struct abide_move *move = &r->pending[i];
        bool is_copy = move->to.is_memory && move->from.is_memory;
        if (is_source(r, &move->to, i) || (is_copy && !find_free(r, move->from.file, &through)))
            continue;
        if (found == SIZE_MAX || urgency(move) > urgency(&r->pending[found]))
            found = i;
    }
    return found;
}

static void make(struct resolving *r, size_t index)
{
    struct abide_move move = r->pending[index];
    struct abide_spot through;
    if (move.to.is_memory && move.from.is_memory && find_free(r, move.from.file, &through)) {
        add(r, through, move.from, false);
        move.from = through;
    }
    add(r, move.to, move.from, false);
    drop(r, index);
}

/* All of a file that wait for a value find it elsewhere from now on. */
static void redirect(struct resolving *r, struct abide_spot from, struct abide_spot to)
{
    for (size_t i = 0; i < r->count; i++)
        if (same(&r->pending[i].from, &from) && r->pending[i].from.file == to.file)
            r->pending[i].from = to;
}

static bool is_destination(const struct resolving *r, const struct abide_spot *spot)
{
    for (size_t i = 0; i < r->count; i++)
        if (same(&r->pending[i].to, spot))
            return true;
    return false;
}

static bool swap(struct resolving *r)
{
    for (size_t i = 0; i < r->count; i++) {
        struct abide_move move = r->pending[i];
        if (move.to.is_memory || move.from.is_memory || !r->scratch->swaps ||
            !r->scratch->swaps[move.to.file])
            continue;
        add(r, move.to, move.from, true);
        for (size_t k = 0; k < r->count; k++) {
            struct abide_spot *from = &r->pending[k].from;
            *from = same(from, &move.to) ? move.from : same(from, &move.from) ? move.to : *from;
        }
        return true;
    }
    return false;
}

/* Takes one value out of the circles. */
static bool break_circle(struct resolving *r)
{
    struct abide_spot free;
    for (size_t i = 0; i < r->count; i++) {
        struct abide_spot from = r->pending[i].from;
        if (!is_destination(r, &from) || !find_free(r, from.file, &free))
            continue;
        add(r, free, from, false);
        redirect(r, from, free);
        return true;
    }
    return swap(r);
}

bool abide_moves__resolve(abide_ctx *ctx, const struct abide_move *moves, size_t count,
                          const struct abide_move_scratch *scratch, abide_move_list *steps)
{
    struct resolving r = {.ctx = ctx,
                          .pending = abide__new_array(ctx, struct abide_move, count),
                          .count = count,
                          .scratch = scratch,
                          .steps = steps};
    if (count > 0)
        memcpy(r.pending, moves, count * sizeof *moves);
    for (drop_finished(&r); r.count > 0; drop_finished(&r)) {
        size_t ready = find_ready(&r);
        if (ready != SIZE_MAX)
            make(&r, ready);
        else if (!break_circle(&r))
            return false;
    }
    return true;
}
