/* What is where in the frame; the way in and the way out. */
#include "line_writer.h"

#include <string.h>

/* Pointers that came in registers and are needed after the call. */
static void list_spills(struct abide_line_writer *w)
{
    for (size_t phase = ABIDE_LINE_KEEPS; phase < ABIDE_LINE_PHASE_COUNT; phase++)
        for (size_t i = 0; i < w->line->ops[phase].count; i++) {
            const struct abide_line_op *op = &w->line->ops[phase].items[i];
            const struct abide_line_spot *spots[] = {&op->from, &op->to};
            for (size_t k = 0; k < 2; k++) {
                const abide_piece *piece = spots[k]->pointer;
                if (piece && piece->register_name && piece != w->line->returned &&
                    !abide_line__spill_of(w, piece))
                    abide__push(w->line->ctx, &w->spills,
                                (struct abide_line_spill){.piece = piece});
            }
        }
}

static uint64_t place_block(struct abide_line_writer *w, uint64_t end_bytes)
{
    uint64_t in_block_bytes = 0;
    for (size_t i = 0; i < w->line->plan->temporary_count; i++) {
        if (!w->line->is_real[i] || !abide_line__is_in_block(w, i))
            continue;
        uint64_t align_bytes = abide_line__align_of(w->line, i);
        w->temporaries_at[i] = abide_line__round_up(in_block_bytes, align_bytes);
        in_block_bytes = w->temporaries_at[i] + w->line->plan->temporaries[i].size_bytes;
        if (align_bytes > w->block_align_bytes)
            w->block_align_bytes = align_bytes;
    }
    if (!w->block_align_bytes)
        return end_bytes;
    uint64_t spare_bytes = w->block_align_bytes - w->align_bytes;
    w->block_at = abide_line__round_up(end_bytes, w->align_bytes) + spare_bytes;
    return w->block_at + abide_line__round_up(in_block_bytes, w->line->word_bytes);
}

/* Where neighbours are moved in pairs, those that are long start where a pair may. */
static uint64_t place_align_of(const struct abide_line_writer *w, size_t temporary)
{
    uint64_t align_bytes = abide_line__align_of(w->line, temporary);
    bool in_pairs =
        w->data->vector_load_pair[4] && w->line->plan->temporaries[temporary].size_bytes >= 32;
    return in_pairs && align_bytes < 16 ? 16 : align_bytes;
}

static uint64_t place_temporaries(struct abide_line_writer *w, uint64_t end_bytes)
{
    const abide_plan *plan = w->line->plan;
    w->temporaries_at = abide__new_array(w->line->ctx, uint64_t, plan->temporary_count + 1);
    for (size_t i = 0; i < plan->temporary_count; i++)
        if (w->line->is_real[i] && !abide_line__is_in_block(w, i)) {
            w->temporaries_at[i] = abide_line__round_up(end_bytes, place_align_of(w, i));
            end_bytes = w->temporaries_at[i] +
                        abide_line__round_up(plan->temporaries[i].size_bytes, w->line->word_bytes);
        }
    return place_block(w, end_bytes);
}

/* Below a frame pointer the stack pointer is aligned before anything is there. */
static bool pushes_spills(const struct abide_line_writer *w)
{
    return abide_line__pushes(w) && !w->a.has_frame;
}

/* Where the stack pointer is aligned first, what is pushed starts at a multiple of that. */
static uint64_t outgoing_end(const struct abide_line_writer *w)
{
    return w->a.has_frame && abide_line__pushes(w)
               ? abide_line__round_up(w->outgoing_bytes, w->align_bytes)
               : w->outgoing_bytes;
}

static uint64_t frame_bytes(const struct abide_line_writer *w, uint64_t end_bytes)
{
    uint64_t return_bytes = w->a.has_frame ? 0 : w->a.data->return_bytes;
    return abide_line__round_up(end_bytes + return_bytes, w->align_bytes) - return_bytes;
}

/* Where temporaries end. Of an instruction that saves a pair, the second has a word, too: a spill, or what fills it up. */
static uint64_t place_behind_head(struct abide_line_writer *w)
{
    uint64_t word_bytes = w->line->word_bytes, kept_bytes = w->kept.count * word_bytes;
    if (!w->enters_at_once)
        return place_temporaries(w, outgoing_end(w)) + kept_bytes;
    uint64_t end_bytes =
        place_temporaries(w, w->spills.count ? 2 * word_bytes : word_bytes) + kept_bytes;
    bool is_filled = !w->spills.count && frame_bytes(w, end_bytes) > w->data->enter_bytes;
    return is_filled ? place_temporaries(w, 2 * word_bytes) + kept_bytes : end_bytes;
}

bool abide_line__place_all(struct abide_line_writer *w)
{
    uint64_t word_bytes = w->line->word_bytes;
    bool has_link = w->a.data->link != NULL;
    list_spills(w);
    w->outgoing_bytes = abide_line__round_up(w->line->plan->callee->stack_bytes, word_bytes);
    if (w->line->plan->caller->stack_bytes > w->data->reach_bytes ||
        w->outgoing_bytes > w->data->reach_bytes)
        return abide_line__give_up(w, "there is much on the stack");
    for (size_t i = 0; i < w->line->plan->temporary_count; i++)
        if (w->line->plan->temporaries[i].size_bytes > w->data->reach_bytes ||
            abide_line__align_of(w->line, i) > w->data->reach_bytes)
            return abide_line__give_up(w, "a temporary is large");
    w->enters_at_once = has_link && w->data->enter && w->outgoing_bytes == 0;
    uint64_t end_bytes = place_behind_head(w);
    if (has_link && !w->enters_at_once) {
        w->link_at = end_bytes;
        end_bytes += word_bytes;
    }
    for (size_t i = 0; i < w->spills.count; i++) {
        bool is_first = w->enters_at_once && i == 0;
        w->spills.items[i].at_bytes = is_first ? word_bytes : end_bytes;
        end_bytes += is_first ? 0 : word_bytes;
    }
    w->total_bytes = frame_bytes(w, end_bytes);
    for (size_t i = 0; pushes_spills(w) && i < w->spills.count; i++)
        w->spills.items[i].at_bytes = w->total_bytes - (w->kept.count + i + 1) * word_bytes;
    w->enters_by_pair =
        w->enters_at_once && (w->spills.count || w->total_bytes > w->data->enter_bytes);
    return w->total_bytes <= w->data->reach_bytes || abide_line__give_up(w, "the frame is large");
}

static void save_link(struct abide_line_writer *w)
{
    const char *link = w->a.data->link;
    abide_line__access_memory(
        w, (struct abide_line_access){.kind = ABIDE_ACCESS_STORE,
                                      .width = abide_line__width_of(w->line->word_bytes),
                                      .name = link,
                                      .base = w->a.data->stack,
                                      .offset_bytes = w->link_at});
}

static void note_link(struct abide_line_writer *w)
{
    abide_line__flush(w);
    abide_assembly__saved(&w->a, w->a.data->link,
                          w->a.data->return_bytes + w->total_bytes - w->link_at);
}

static bool enter_at_once(struct abide_line_writer *w)
{
    const char *second =
        w->spills.count ? w->spills.items[0].piece->register_name : w->a.data->frame;
    if (w->enters_by_pair && w->total_bytes > w->data->enter_pair_bytes)
        return abide_line__give_up(w, "the frame is large");
    abide_line__say(w, w->enters_by_pair ? w->data->enter_pair : w->data->enter,
                    (struct abide_edge_words){.name = second, .bytes = w->total_bytes});
    abide_assembly__lowered(&w->a, w->total_bytes);
    w->depth_bytes = w->total_bytes;
    note_link(w);
    return true;
}

static bool store_spill(struct abide_line_writer *w, const struct abide_line_spill *spill)
{
    return abide_line__access_memory(
        w, (struct abide_line_access){.kind = ABIDE_ACCESS_STORE,
                                      .width = abide_line__width_of(w->line->word_bytes),
                                      .name = spill->piece->register_name,
                                      .base = w->a.data->stack,
                                      .offset_bytes = abide_line__in_frame(w, spill->at_bytes)});
}

/* What the caller counts on, for use here. */
static bool push_kept(struct abide_line_writer *w)
{
    for (size_t i = 0; i < w->kept.count; i++) {
        if (!abide_line__push_register(w, w->kept.items[i]))
            return false;
        abide_assembly__saved(&w->a, w->kept.items[i], w->a.data->return_bytes + w->depth_bytes);
    }
    return true;
}

static bool push_spills(struct abide_line_writer *w)
{
    for (size_t i = 0; i < w->spills.count; i++)
        if (!abide_line__push_register(w, w->spills.items[i].piece->register_name))
            return false;
    abide_line__lower(w, w->total_bytes - abide_line__pushed_end(w) - w->depth_bytes);
    return true;
}

/* A frame pointer, and the stack pointer aligned where the arguments end that are pushed. */
static void enter_aligned(struct abide_line_writer *w)
{
    uint64_t pushed_bytes = abide_line__round_up(abide_line__pushed_end(w), w->align_bytes);
    abide_assembly__say(&w->a, ABIDE_EDGE_ENTER, (struct abide_edge_words){0});
    abide_line__lower(w, w->total_bytes - pushed_bytes);
    abide_assembly__say(&w->a, ABIDE_EDGE_ALIGN,
                        (struct abide_edge_words){.bytes = w->align_bytes});
}

bool abide_line__enter(struct abide_line_writer *w)
{
    size_t first = 0;
    if (w->enters_at_once) {
        if (!enter_at_once(w))
            return false;
        first = 1;
    } else if (pushes_spills(w)) {
        return push_kept(w) && push_spills(w);
    } else if (w->a.has_frame) {
        enter_aligned(w);
    } else {
        abide_line__lower(w, w->total_bytes);
        if (w->a.data->link)
            save_link(w);
    }
    for (size_t i = first; i < w->spills.count; i++)
        if (!store_spill(w, &w->spills.items[i]))
            return false;
    if (!w->enters_at_once && w->a.data->link)
        note_link(w);
    return true;
}

/* Whether anything after the call is on the stack. */
static bool reads_stack_after(const struct abide_line_writer *w)
{
    for (size_t phase = ABIDE_LINE_KEEPS; phase < ABIDE_LINE_PHASE_COUNT; phase++)
        for (size_t i = 0; i < w->line->ops[phase].count; i++) {
            const struct abide_line_op *op = &w->line->ops[phase].items[i];
            const struct abide_line_spot *spots[] = {&op->from, &op->to};
            for (size_t k = 0; k < 2; k++) {
                bool is_place =
                    spots[k]->kind == ABIDE_LINE_MEMORY || spots[k]->kind == ABIDE_LINE_ADDRESS;
                if (is_place &&
                    (spots[k]->base != ABIDE_LINE_POINTER || !spots[k]->pointer->register_name))
                    return true;
            }
        }
    return false;
}

static void leave_at_once(struct abide_line_writer *w, const char *second)
{
    abide_line__say(w, w->enters_by_pair ? w->data->leave_pair : w->data->leave,
                    (struct abide_edge_words){.name = second, .bytes = w->total_bytes});
    abide_assembly__raised(&w->a, w->total_bytes);
    abide_assembly__restored(&w->a, w->a.data->link);
    w->depth_bytes = 0;
}

static void pop(struct abide_line_writer *w, const char *name)
{
    abide_line__say(w, w->data->pop, (struct abide_edge_words){.name = name});
    abide_assembly__raised(&w->a, w->line->word_bytes);
    w->depth_bytes -= w->line->word_bytes;
}

bool abide_line__leave_early(struct abide_line_writer *w)
{
    if (w->spills.count != 1 || reads_stack_after(w))
        return true;
    bool by_pair = w->enters_at_once && w->depth_bytes == w->total_bytes;
    bool by_pop = pushes_spills(w) && w->kept.count == 0 && w->data->pop &&
                  w->depth_bytes == w->line->word_bytes;
    if (!by_pair && !by_pop)
        return true;
    const char *name = abide_line__free_register(w, false);
    if (!name)
        return false;
    if (by_pair) {
        leave_at_once(w, name);
    } else {
        pop(w, name);
    }
    abide_line__hold(w, w->spills.items[0].piece, name, true);
    return true;
}

bool abide_line__leave(struct abide_line_writer *w)
{
    const char *link = w->a.data->link;
    if (w->a.has_frame) {
        abide_line__flush(w);
        abide_assembly__say(&w->a, ABIDE_EDGE_LEAVE, (struct abide_edge_words){0});
        w->a.has_frame = false;
        return true;
    }
    if (w->depth_bytes == 0)
        return true;
    if (w->enters_at_once) {
        const char *second =
            w->spills.count ? abide_line__free_register(w, false) : w->a.data->frame;
        if (!second)
            return false;
        leave_at_once(w, second);
        return true;
    }
    if (link) {
        abide_line__access_memory(
            w, (struct abide_line_access){.kind = ABIDE_ACCESS_LOAD,
                                          .width = abide_line__width_of(w->line->word_bytes),
                                          .name = link,
                                          .base = w->a.data->stack,
                                          .offset_bytes = w->link_at});
        abide_line__flush(w);
        abide_assembly__restored(&w->a, link);
    }
    abide_line__raise(w, w->depth_bytes - w->kept.count * w->line->word_bytes);
    for (size_t i = w->kept.count; i-- > 0;) {
        pop(w, w->kept.items[i]);
        abide_assembly__restored(&w->a, w->kept.items[i]);
    }
    return true;
}
