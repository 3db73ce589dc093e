/* Thunks as straight lines: which plans may be, and their parts in order. */
#include "line.h"

#include "edge_image.h"
#include "line_writer.h"
#include "plan/places.h"

#include <string.h>

static void start_after(struct abide_line_writer *w)
{
    const abide_plan *plan = w->line->plan;
    w->is_after = true;
    w->renamings.count = w->written.count = w->taken.count = w->held_count = 0;
    w->block_name = NULL;
    if (w->line->returned)
        abide_line__hold(w, w->line->returned, w->line->returned_name, true);
    /* What is where the caller looks is not overwritten. */
    if (plan->result.in_place && plan->result.kind == ABIDE_RETURN_ADDRESS)
        abide__push(w->line->ctx, &w->written, plan->caller->result.returned_register);
    if (plan->result.in_place && plan->result.kind == ABIDE_RETURN_VALUE)
        for (size_t i = 0; i < plan->caller->result.piece_count; i++)
            if (plan->caller->result.pieces[i].register_name)
                abide__push(w->line->ctx, &w->written,
                            plan->caller->result.pieces[i].register_name);
}

static bool write_call(struct abide_line_writer *w)
{
    const abide_plan *plan = w->line->plan;
    if (!abide_line__place_all(w) || !abide_line__enter(w) ||
        !abide_line__store_all(w, ABIDE_LINE_STORES) ||
        !(abide_line__pushes(w) ? abide_line__push_all(w)
                                : abide_line__store_all(w, ABIDE_LINE_STACK)) ||
        !abide_line__take_parallel(w, ABIDE_LINE_REGISTERS, ABIDE_LINE_REGISTERS))
        return false;
    const char *name =
        strstr(w->data->call, "<register>") ? abide_line__free_register(w, false) : NULL;
    if (strstr(w->data->call, "<register>") && !name)
        return false;
    abide_line__say(w, w->data->call,
                    (struct abide_edge_words){.name = name, .target = w->data->operand});
    if (abide_assignment__removed_bytes(plan->callee)) {
        w->depth_bytes -= abide_assignment__removed_bytes(plan->callee);
        abide_assembly__raised(&w->a, abide_assignment__removed_bytes(plan->callee));
    }
    start_after(w);
    if (!abide_line__leave_early(w) || !abide_line__store_all(w, ABIDE_LINE_KEEPS) ||
        !abide_line__take_parallel(w, ABIDE_LINE_RESULTS, ABIDE_LINE_RESULTS) ||
        !abide_line__leave(w))
        return false;
    abide_line__flush(w);
    abide_image__give_back(&w->a, abide_assignment__removed_bytes(plan->caller));
    return true;
}

static bool write_jump(struct abide_line_writer *w)
{
    w->temporaries_at =
        abide__new_array(w->line->ctx, uint64_t, w->line->plan->temporary_count + 1);
    if (w->line->plan->caller->stack_bytes > w->data->reach_bytes)
        return abide_line__give_up(w, "there is much on the stack");
    if (!abide_line__store_all(w, ABIDE_LINE_STORES) ||
        !abide_line__take_parallel(w, ABIDE_LINE_STACK, ABIDE_LINE_REGISTERS))
        return false;
    abide_line__say(w, w->data->jump, (struct abide_edge_words){.target = w->data->operand});
    return true;
}

/* What the caller counts on is neither overwritten here nor by the callee, and the stack is as the callee counts on it. */
static bool keeps_promises(struct abide_line_writer *w)
{
    const abide_plan *plan = w->line->plan;
    uint64_t align_bytes = plan->callee->stack_align_bytes;
    for (size_t i = 0; i < plan->caller->preserved_count; i++)
        if (!abide_side__preserves(w->line->callee, plan->caller->preserved[i]))
            return abide_line__give_up(w, "the callee does not preserve what the caller counts on");
    for (size_t phase = 0; phase < ABIDE_LINE_PHASE_COUNT; phase++)
        for (size_t i = 0; i < w->line->ops[phase].count; i++) {
            const struct abide_line_op *op = &w->line->ops[phase].items[i];
            if (op->to.kind == ABIDE_LINE_REGISTER && !abide_line__is_unchanged(op) &&
                abide_line__is_owed(w, op->to.name))
                return abide_line__give_up(
                    w, "an argument is in a register that the caller counts on");
        }
    if (plan->caller->stack_align_bytes % align_bytes != 0 ||
        align_bytes > abide_line__stack_align_bytes(w))
        return abide_line__give_up(w, "the stack is to be aligned");
    return !plan->callee->vector_count_register ||
           abide_line__give_up(w, "vector registers are counted");
}

static bool can_write(const abide_plan *plan, const struct abide_edge_data *data, bool is_jump)
{
    return data && data->line && (!is_jump || data->line->jump) &&
           plan->temporary_count < ABIDE_LINE_BATCH_MAX * 4;
}

const char *abide_line__text(abide_ctx *ctx, const abide_plan *plan,
                             const struct abide_side *callee, bool ends_in_jump, const char **words)
{
    const struct abide_edge_data *data = callee->processor->edge;
    if (!can_write(plan, data, ends_in_jump)) {
        *words = "there are no instructions for it";
        return NULL;
    }
    struct abide_line line = {.ctx = ctx,
                              .plan = plan,
                              .data = data,
                              .callee = callee,
                              .word_bytes =
                                  callee->processor->register_bytes[ABIDE_REGISTER_INTEGER],
                              .is_jump = ends_in_jump};
    struct abide_line_writer w = {
        .line = &line, .data = data->line, .a = {.ctx = ctx, .data = data}};
    bool fine = abide_line__collect(&line) && keeps_promises(&w) &&
                (ends_in_jump ? write_jump(&w) : write_call(&w)) && !line.reason;
    *words = !fine          ? line.reason
             : ends_in_jump ? "moves and a jump, by assembly"
                            : "a frame and a call, by assembly";
    return fine ? w.a.text.chars : NULL;
}
