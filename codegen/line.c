/* Thunks as straight lines: which plans may be, and their parts in order. */
#include "line.h"

#include "edge_image.h"
#include "line_writer.h"
#include "plan/places.h"

#include <string.h>

/* Where fewer words are copied, an instruction for many of them makes nothing shorter. */
#define MANY_WORDS 5

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
    if (!abide_line__place_all(w))
        return false;
    abide_assembly__sign(&w->a);
    if (!abide_line__enter(w) || !abide_line__store_all(w, ABIDE_LINE_STORES) ||
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
    abide_assembly__check(&w->a);
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

static bool is_aligned(const struct abide_line_writer *w)
{
    const abide_plan *plan = w->line->plan;
    uint64_t align_bytes = plan->callee->stack_align_bytes;
    return plan->caller->stack_align_bytes % align_bytes == 0 && align_bytes <= w->align_bytes;
}

static bool mentions(const struct abide_line *line, const char *name)
{
    for (size_t phase = 0; phase < ABIDE_LINE_PHASE_COUNT; phase++)
        for (size_t i = 0; i < line->ops[phase].count; i++) {
            const struct abide_line_op *op = &line->ops[phase].items[i];
            const struct abide_line_spot *spots[] = {&op->from, &op->to};
            for (size_t k = 0; k < 2; k++) {
                const char *pointer = spots[k]->pointer ? spots[k]->pointer->register_name : NULL;
                if ((spots[k]->name && !strcmp(spots[k]->name, name)) ||
                    (pointer && !strcmp(pointer, name)))
                    return true;
            }
        }
    return false;
}

/* The callee counts on more than the caller promises: the stack pointer is aligned, and found again by a frame pointer. */
static bool align_frame(struct abide_line_writer *w)
{
    const struct abide_edge_data *data = w->a.data;
    uint64_t align_bytes = w->line->plan->callee->stack_align_bytes;
    if (w->line->is_jump || data->link || w->kept.count || align_bytes > w->data->reach_bytes)
        return abide_line__give_up(w, "the stack is to be aligned");
    if (mentions(w->line, data->frame) || !abide_side__preserves(w->line->callee, data->frame))
        return abide_line__give_up(w, "the frame pointer's register holds something else");
    w->a.has_frame = true;
    if (align_bytes > w->align_bytes)
        w->align_bytes = align_bytes;
    return true;
}

/* What the caller counts on is neither overwritten here nor by the callee, and the stack is as the callee counts on it. */
static bool keeps_promises(struct abide_line_writer *w)
{
    const abide_plan *plan = w->line->plan;
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
    return (is_aligned(w) || align_frame(w)) &&
           (!plan->callee->vector_count_register ||
            abide_line__give_up(w, "vector registers are counted"));
}

static bool can_write(const abide_plan *plan, const struct abide_edge_data *data, bool is_jump)
{
    return data && data->line && (!is_jump || data->line->jump) &&
           plan->temporary_count < ABIDE_LINE_BATCH_MAX * 4;
}

/* The registers of an instruction that copies words, as far as the caller counts on them. */
static struct abide_words kept_registers(const struct abide_line *line)
{
    const struct abide_words all = line->form.copies  ? line->data->line->copy_registers
                                   : line->form.fills ? line->data->line->fill_registers
                                                      : (struct abide_words){0};
    struct abide_words kept = {.items = abide__new_array(line->ctx, const char *, all.count + 1)};
    for (size_t i = 0; i < all.count; i++)
        if (abide_assignment_preserves(line->plan->caller, all.items[i]))
            kept.items[kept.count++] = all.items[i];
    return kept;
}

/* In one form; NULL: it cannot be, or not better than in the plain form. */
static const char *write_form(struct abide_line *line)
{
    struct abide_line_writer w = {
        .line = line,
        .data = line->data->line,
        .align_bytes = line->callee->processor->conventions[0].align_bytes,
        .a = {.ctx = line->ctx, .data = line->data, .is_protected = line->is_protected}};
    w.kept = kept_registers(line);
    bool fine = abide_line__collect(line) && keeps_promises(&w) &&
                (line->is_jump ? write_jump(&w) : write_call(&w)) && !line->reason;
    return fine ? w.a.text.chars : NULL;
}

/* Lines that are no directives. */
static size_t instruction_count(const char *text)
{
    size_t count = 0;
    for (const char *at = text; *at;) {
        const char *end = strchr(at, '\n');
        count += *at != '.' && *at != '\n';
        at = end ? end + 1 : at + strlen(at);
    }
    return count;
}

static size_t words_of_memory(const struct abide_line *line, size_t first, size_t last)
{
    size_t count = 0;
    for (size_t phase = first; phase <= last; phase++)
        for (size_t i = 0; i < line->ops[phase].count; i++)
            count += line->ops[phase].items[i].from.kind == ABIDE_LINE_MEMORY &&
                     line->ops[phase].items[i].to.kind == ABIDE_LINE_MEMORY;
    return count;
}

/* Whether a form may be shorter than the plain one. */
static bool is_worth_trying(const struct abide_line *plain, struct abide_line_form form)
{
    const struct abide_line_data *data = plain->data->line;
    if (form.copies)
        return data->copy && !plain->is_jump &&
               words_of_memory(plain, ABIDE_LINE_STORES, ABIDE_LINE_KEEPS) >= MANY_WORDS;
    if (form.fills)
        return data->fill && !plain->is_jump && plain->ops[ABIDE_LINE_STORES].count >= MANY_WORDS;
    if (form.parks)
        return data->load_pair[3] && plain->is_jump && plain->ops[ABIDE_LINE_STACK].count > 1;
    return data->vector_load[4] && data->vector_scratch.count && !data->is_strict &&
           words_of_memory(plain, ABIDE_LINE_STACK, ABIDE_LINE_STACK) > 1;
}

const char *abide_line__text(abide_ctx *ctx, const abide_plan *plan,
                             const struct abide_side *callee, bool ends_in_jump, bool is_protected,
                             const char **words)
{
    static const struct abide_line_form forms[] = {{.pushes = true},
                                                   {.merges = true},
                                                   {.parks = true},
                                                   {.pushes = true, .fills = true},
                                                   {.pushes = true, .fills = true, .copies = true}};
    const struct abide_edge_data *data = callee->processor->edge;
    if (!can_write(plan, data, ends_in_jump)) {
        *words = "there are no instructions for it";
        return NULL;
    }
    struct abide_line line = {.ctx = ctx,
                              .form = forms[0],
                              .plan = plan,
                              .data = data,
                              .callee = callee,
                              .word_bytes =
                                  callee->processor->register_bytes[ABIDE_REGISTER_INTEGER],
                              .is_jump = ends_in_jump,
                              .is_protected = is_protected};
    const struct abide_line empty = line;
    const char *best = write_form(&line);
    for (size_t i = 1; i < sizeof forms / sizeof *forms; i++) {
        struct abide_line other = empty;
        other.form = forms[i];
        const char *text = is_worth_trying(&line, other.form) ? write_form(&other) : NULL;
        if (text && (!best || instruction_count(text) < instruction_count(best)))
            best = text;
    }
    *words = !best          ? line.reason
             : ends_in_jump ? "moves and a jump, by assembly"
                            : "a frame and a call, by assembly";
    return best;
}
