/* Which registers are free, what is in the others, and which of them memory is reached by. */
#include "line_writer.h"

#include <string.h>

/* ---- registers ---- */

const char *abide_line__now_of(const struct abide_line_writer *w, const char *name)
{
    for (size_t i = w->renamings.count; i-- > 0;)
        if (!strcmp(w->renamings.items[i].name, name))
            return w->renamings.items[i].now;
    return name;
}

static bool is_pointer_in(const struct abide_line_writer *w, const struct abide_line_spot *spot,
                          const char *name)
{
    return (spot->kind == ABIDE_LINE_MEMORY || spot->kind == ABIDE_LINE_ADDRESS) &&
           spot->base == ABIDE_LINE_POINTER && spot->pointer->register_name && !w->is_after &&
           !strcmp(spot->pointer->register_name, name);
}

/* Whether an operation reads what came in a register. */
static bool reads(const struct abide_line_writer *w, const struct abide_line_op *op,
                  const char *name)
{
    return (op->from.kind == ABIDE_LINE_REGISTER && !strcmp(op->from.name, name)) ||
           is_pointer_in(w, &op->from, name) || is_pointer_in(w, &op->to, name);
}

size_t abide_line__first_phase(const struct abide_line_writer *w)
{
    return w->is_after ? ABIDE_LINE_KEEPS : ABIDE_LINE_STORES;
}

size_t abide_line__end_phase(const struct abide_line_writer *w)
{
    return w->is_after ? ABIDE_LINE_PHASE_COUNT : ABIDE_LINE_KEEPS;
}

/* Whether an operation that is still to come, but for `but`, reads what came in a register. */
static bool is_wanted(const struct abide_line_writer *w, const char *name,
                      const struct abide_line_op *but)
{
    for (size_t phase = abide_line__first_phase(w); phase < abide_line__end_phase(w); phase++)
        for (size_t i = 0; i < w->line->ops[phase].count; i++) {
            const struct abide_line_op *op = &w->line->ops[phase].items[i];
            if (op != but && !op->is_done && reads(w, op, name))
                return true;
        }
    return false;
}

bool abide_line__has_wanted(const struct abide_line_writer *w, const char *name,
                            const struct abide_line_op *but)
{
    if (!strcmp(abide_line__now_of(w, name), name) && is_wanted(w, name, but))
        return true;
    for (size_t i = 0; i < w->renamings.count; i++) {
        const struct abide_line_renaming *one = &w->renamings.items[i];
        if (!strcmp(one->now, name) && !strcmp(abide_line__now_of(w, one->name), name) &&
            is_wanted(w, one->name, but))
            return true;
    }
    return false;
}

static bool is_in(const char *const *names, size_t count, const char *name)
{
    for (size_t i = 0; i < count; i++)
        if (!strcmp(names[i], name))
            return true;
    return false;
}

bool abide_line__is_pointer_wanted(const struct abide_line_writer *w, const abide_piece *piece,
                                   const struct abide_line_op *but)
{
    for (size_t phase = abide_line__first_phase(w); phase < abide_line__end_phase(w); phase++)
        for (size_t i = 0; i < w->line->ops[phase].count; i++) {
            const struct abide_line_op *op = &w->line->ops[phase].items[i];
            const struct abide_line_spot *spots[] = {&op->from, &op->to};
            for (size_t k = 0; k < 2 && op != but && !op->is_done; k++)
                if ((spots[k]->kind == ABIDE_LINE_MEMORY || spots[k]->kind == ABIDE_LINE_ADDRESS) &&
                    spots[k]->base == ABIDE_LINE_POINTER && spots[k]->pointer == piece)
                    return true;
        }
    return false;
}

bool abide_line__is_held(const struct abide_line_writer *w, const char *name, bool also_others)
{
    for (size_t i = 0; i < w->held_count; i++)
        if (!strcmp(w->held[i].name, name) && (w->held[i].is_kept || also_others) &&
            abide_line__is_pointer_wanted(w, w->held[i].piece, NULL))
            return true;
    return false;
}

void abide_line__take(struct abide_line_writer *w, const char *name)
{
    abide__push(w->line->ctx, &w->taken, name);
}

bool abide_line__is_written(const struct abide_line_writer *w, const char *name)
{
    return is_in(w->written.items, w->written.count, name);
}

void abide_line__forget_held(struct abide_line_writer *w, const char *name)
{
    size_t kept = 0;
    for (size_t i = 0; i < w->held_count; i++)
        if (strcmp(w->held[i].name, name) != 0)
            w->held[kept++] = w->held[i];
    w->held_count = kept;
}

bool abide_line__is_owed(const struct abide_line_writer *w, const char *name)
{
    return abide_assignment_preserves(w->line->plan->caller, name);
}

/* A link is in the frame before anything else is done, and comes back at the end. */
static bool is_link_needed(const struct abide_line_writer *w, const char *name)
{
    const char *link = w->a.data->link;
    return link && (w->line->is_jump || w->is_after) && !strcmp(link, name);
}

bool abide_line__is_free(const struct abide_line_writer *w, const char *name, bool also_held)
{
    return !is_link_needed(w, name) && !abide_line__has_wanted(w, name, NULL) &&
           !is_in(w->written.items, w->written.count, name) &&
           !is_in(w->taken.items, w->taken.count, name) &&
           !abide_line__is_held(w, name, !also_held) &&
           !(w->block_name && !strcmp(w->block_name, name)) && !abide_line__is_owed(w, name);
}

const char *abide_line__free_register(struct abide_line_writer *w, bool of_vectors)
{
    struct abide_words names = of_vectors ? w->data->vector_scratch : w->data->scratch;
    for (int round = 0; round < 2; round++)
        for (size_t i = 0; i < names.count; i++)
            if (abide_line__is_free(w, names.items[i], round > 0)) {
                abide_line__forget_held(w, names.items[i]);
                return names.items[i];
            }
    abide_line__give_up(w, "no register is free");
    return NULL;
}

void abide_line__hold(struct abide_line_writer *w, const abide_piece *piece, const char *name,
                      bool is_kept)
{
    abide_line__forget_held(w, name);
    if (w->held_count < ABIDE_LINE_HELD_MAX)
        w->held[w->held_count++] = (struct abide_line_held){piece, name, is_kept};
}

void abide_line__finish_register(struct abide_line_writer *w, const char *name)
{
    abide_line__forget_held(w, name);
    abide__push(w->line->ctx, &w->written, name);
}

/* ---- where memory is ---- */

uint64_t abide_line__in_frame(const struct abide_line_writer *w, uint64_t at_bytes)
{
    return at_bytes + w->depth_bytes - w->total_bytes;
}

/* The base register of the caller's stack arguments, and the offset from it. */
static const char *incoming(const struct abide_line_writer *w, uint64_t at_bytes,
                            uint64_t *offset_bytes)
{
    const struct abide_edge_data *data = w->a.data;
    *offset_bytes =
        at_bytes + (w->a.has_frame ? data->frame_bytes : w->depth_bytes + data->return_bytes);
    return w->a.has_frame ? data->frame : data->stack;
}

bool abide_line__is_in_block(const struct abide_line_writer *w, size_t temporary)
{
    return abide_line__align_of(w->line, temporary) > w->align_bytes;
}

/* The register of an argument that is to be the block's address, if nothing else is in it. */
static const char *block_destination(const struct abide_line_writer *w)
{
    const abide_line_list *list = &w->line->ops[ABIDE_LINE_REGISTERS];
    for (size_t i = 0; i < list->count && !w->is_after; i++) {
        const struct abide_line_op *op = &list->items[i];
        if (!op->is_done && op->from.kind == ABIDE_LINE_ADDRESS &&
            op->from.base == ABIDE_LINE_FRAME && abide_line__is_in_block(w, op->from.index) &&
            w->temporaries_at[op->from.index] + op->from.offset_bytes == 0 &&
            abide_line__is_free(w, op->to.name, true))
            return op->to.name;
    }
    return NULL;
}

/* Whether an operation that is still to come sets a register. */
static bool is_destination(const struct abide_line_writer *w, const char *name)
{
    for (size_t phase = abide_line__first_phase(w); phase < abide_line__end_phase(w); phase++)
        for (size_t i = 0; i < w->line->ops[phase].count; i++) {
            const struct abide_line_op *op = &w->line->ops[phase].items[i];
            if (!op->is_done && op->to.kind == ABIDE_LINE_REGISTER && !strcmp(op->to.name, name))
                return true;
        }
    return false;
}

/* A register in which the block's address may stay. */
static const char *lasting_register(struct abide_line_writer *w)
{
    struct abide_words names = w->data->scratch;
    for (size_t i = 0; i < names.count; i++)
        if (abide_line__is_free(w, names.items[i], false) && !is_destination(w, names.items[i]))
            return names.items[i];
    return abide_line__free_register(w, false);
}

static bool make_block(struct abide_line_writer *w)
{
    if (w->block_name)
        return true;
    const char *name = block_destination(w);
    name = name ? name : lasting_register(w);
    if (!name ||
        !abide_line__add_to(w, name, w->a.data->stack, abide_line__in_frame(w, w->block_at)))
        return false;
    abide_line__say(
        w, w->data->mask,
        (struct abide_edge_words){.name = name, .from = name, .align = w->block_align_bytes});
    w->block_name = name;
    abide_line__forget_held(w, name);
    return true;
}

const struct abide_line_spill *abide_line__spill_of(const struct abide_line_writer *w,
                                                    const abide_piece *piece)
{
    for (size_t i = 0; i < w->spills.count; i++)
        if (w->spills.items[i].piece == piece)
            return &w->spills.items[i];
    return NULL;
}

/* The register that holds a pointer of the caller's; `prefer`: one that it may be loaded to. */
static const char *pointer_register(struct abide_line_writer *w, const abide_piece *piece,
                                    const char *prefer)
{
    for (size_t i = 0; i < w->held_count; i++)
        if (w->held[i].piece == piece)
            return w->held[i].name;
    if (piece->register_name && !w->is_after)
        return abide_line__now_of(w, piece->register_name);
    const struct abide_line_spill *spill = abide_line__spill_of(w, piece);
    const char *name = prefer ? prefer : abide_line__free_register(w, false);
    if (!name || (piece->register_name && !spill)) {
        abide_line__give_up(w, "a pointer is lost");
        return NULL;
    }
    struct abide_line_access one = {.kind = ABIDE_ACCESS_LOAD,
                                    .width = abide_line__width_of(w->line->word_bytes),
                                    .name = name,
                                    .base = w->a.data->stack};
    if (spill)
        one.offset_bytes = abide_line__in_frame(w, spill->at_bytes);
    else
        one.base = incoming(w, (uint64_t)piece->stack_offset_bytes, &one.offset_bytes);
    if (!abide_line__access_memory(w, one))
        return NULL;
    abide_line__hold(w, piece, name, false);
    return name;
}

const char *abide_line__address(struct abide_line_writer *w, const struct abide_line_spot *spot,
                                const char *prefer, uint64_t *offset_bytes)
{
    const char *stack = w->a.data->stack;
    *offset_bytes = spot->offset_bytes;
    switch (spot->base) {
    case ABIDE_LINE_INCOMING: return incoming(w, spot->offset_bytes, offset_bytes);
    case ABIDE_LINE_OUTGOING:
        if (w->line->is_jump)
            return incoming(w, spot->offset_bytes, offset_bytes);
        *offset_bytes = abide_line__in_frame(w, spot->offset_bytes);
        return stack;
    case ABIDE_LINE_FRAME:
        *offset_bytes += w->temporaries_at[spot->index];
        if (abide_line__is_in_block(w, spot->index))
            return make_block(w) ? w->block_name : NULL;
        *offset_bytes = abide_line__in_frame(w, *offset_bytes);
        return stack;
    case ABIDE_LINE_POINTER: return pointer_register(w, spot->pointer, prefer);
    }
    return NULL;
}
