/* Operations, one by one, list by list, and in parallel. */
#include "line_writer.h"

#include <string.h>

/* Fewer words than these are stored one by one: an instruction that copies them takes two addresses and a number first. */
#define COPY_LEAST_STORES 3
#define FILL_LEAST_STORES 5

/* ---- one operation ---- */

static bool extend(struct abide_line_writer *w, const struct abide_line_op *op, const char *to,
                   const char *from)
{
    const char *const *texts = op->extend == ABIDE_EXTEND_SIGN ? w->data->sign : w->data->zero;
    abide_line__say(w, texts[abide_line__width_of(op->size_bytes)],
                    (struct abide_edge_words){.name = to, .from = from});
    return !w->line->reason;
}

/* The end of a register to the start of another one. */
static const char *shift(struct abide_line_writer *w, const struct abide_line_op *op)
{
    const char *from = abide_line__now_of(w, op->from.name), *to = from;
    bool is_needed = abide_line__has_wanted(w, from, op) || abide_line__is_owed(w, from) ||
                     abide_line__is_written(w, from);
    if (is_needed)
        to = abide_line__free_register(w, false);
    if (!to || (!strstr(w->data->shift, "<from>") && !abide_line__move(w, to, from)))
        return NULL;
    abide_line__take(w, to);
    abide_line__say(
        w, w->data->shift,
        (struct abide_edge_words){.name = to, .from = from, .bits = op->from.into_bytes * 8});
    return to;
}

/* Memory to a register, with what is to be above it. */
static bool load(struct abide_line_writer *w, const struct abide_line_op *op, const char *to,
                 const char *prefer)
{
    struct abide_line_access one = {.kind = ABIDE_ACCESS_LOAD,
                                    .is_vector = abide_line__is_vector(w, to),
                                    .width = abide_line__width_of(op->size_bytes),
                                    .name = to};
    one.base = abide_line__address(w, &op->from, prefer, &one.offset_bytes);
    if (!one.base)
        return false;
    bool is_extended = abide_line__group_of(w, to)->kind == ABIDE_REGISTER_EXTENDED;
    bool is_signed = op->extend == ABIDE_EXTEND_SIGN && op->size_bytes < w->line->word_bytes;
    if (!is_extended && !is_signed)
        return abide_line__access_memory(w, one);
    if (!abide_line__is_near(w, &one))
        return abide_line__give_up(w, "an offset is large");
    if (is_extended) {
        abide_line__flush(w);
        abide_assembly__load(&w->a, to, one.base, one.offset_bytes);
        return true;
    }
    abide_line__say(
        w, w->data->load_signed[one.width],
        (struct abide_edge_words){.name = to, .base = one.base, .offset = one.offset_bytes});
    return !w->line->reason;
}

/* A register that is stored by its own instruction. */
static bool store_extended(struct abide_line_writer *w, const struct abide_line_op *op,
                           const char *name)
{
    uint64_t offset_bytes;
    const char *base = abide_line__address(w, &op->to, NULL, &offset_bytes);
    if (!base || offset_bytes > w->data->reach_bytes)
        return abide_line__give_up(w, "an offset is large");
    abide_line__flush(w);
    abide_assembly__store(&w->a, name, base, offset_bytes);
    return true;
}

bool abide_line__store(struct abide_line_writer *w, const struct abide_line_op *op,
                       const char *name)
{
    if (abide_line__group_of(w, name)->kind == ABIDE_REGISTER_EXTENDED)
        return store_extended(w, op, name);
    uint64_t size_bytes = op->size_bytes;
    if (op->to.base == ABIDE_LINE_OUTGOING && (op->extend || !abide_line__is_vector(w, name)))
        size_bytes = w->line->word_bytes;
    struct abide_line_access one = {.kind = ABIDE_ACCESS_STORE,
                                    .is_vector = abide_line__is_vector(w, name),
                                    .width = abide_line__width_of(size_bytes),
                                    .name = name};
    if (one.is_vector && one.width < 2)
        return abide_line__give_up(w, "a part of a vector register is stored");
    one.base = abide_line__address(w, &op->to, NULL, &one.offset_bytes);
    if (!one.is_vector && size_bytes < w->line->word_bytes &&
        abide_line__group_of(w, name)->narrower[1].count && one.width < 2 &&
        abide_words__find(abide_line__group_of(w, name)->names, name) >=
            abide_line__group_of(w, name)->narrower[one.width].count)
        return abide_line__give_up(w, "a register has no name for its lowest byte");
    return one.base && abide_line__access_memory(w, one);
}

/* The register that a pointer may be loaded to, if it is needed no more after the load from there to `to`. */
static const char *load_through(const struct abide_line_writer *w, const struct abide_line_op *op,
                                const char *to)
{
    bool is_integer = abide_line__group_of(w, to)->kind == ABIDE_REGISTER_INTEGER;
    bool is_last = op->from.base == ABIDE_LINE_POINTER && is_integer &&
                   !abide_line__is_pointer_wanted(w, op->from.pointer, op);
    return is_last ? to : NULL;
}

/* An address, in a register that may be the one that memory is reached by. */
static const char *fetch_address(struct abide_line_writer *w, const struct abide_line_spot *spot)
{
    uint64_t offset_bytes;
    const char *base = abide_line__address(w, spot, NULL, &offset_bytes);
    if (!base || (offset_bytes == 0 && strcmp(base, w->a.data->stack) != 0 &&
                  strcmp(base, w->a.data->frame) != 0))
        return base;
    const char *name = abide_line__free_register(w, false);
    if (!name || !abide_line__add_to(w, name, base, offset_bytes))
        return NULL;
    abide_line__take(w, name);
    return name;
}

const char *abide_line__fetch(struct abide_line_writer *w, const struct abide_line_op *op)
{
    if (op->from.kind == ABIDE_LINE_REGISTER && !op->extend && !op->from.into_bytes)
        return abide_line__now_of(w, op->from.name);
    if (op->from.kind == ABIDE_LINE_ADDRESS)
        return fetch_address(w, &op->from);
    if (op->from.kind == ABIDE_LINE_REGISTER && op->from.into_bytes)
        return shift(w, op);
    const char *name = abide_line__free_register(w, op->from.kind == ABIDE_LINE_MEMORY &&
                                                        op->size_bytes > w->line->word_bytes);
    if (!name)
        return NULL;
    abide_line__take(w, name);
    switch (op->from.kind) {
    case ABIDE_LINE_REGISTER:
        return extend(w, op, name, abide_line__now_of(w, op->from.name)) ? name : NULL;
    case ABIDE_LINE_MEMORY: return load(w, op, name, load_through(w, op, name)) ? name : NULL;
    case ABIDE_LINE_ADDRESS:
    case ABIDE_LINE_NOWHERE:
    case ABIDE_LINE_ZERO: break;
    }
    return NULL;
}

static bool clear(struct abide_line_writer *w, const struct abide_line_op *op)
{
    struct abide_line_access one = {.kind = ABIDE_ACCESS_CLEAR,
                                    .width = abide_line__width_of(op->size_bytes)};
    one.base = abide_line__address(w, &op->to, NULL, &one.offset_bytes);
    return one.base && abide_line__access_memory(w, one);
}

static bool set_register(struct abide_line_writer *w, struct abide_line_op *op)
{
    const char *to = op->to.name, *base;
    uint64_t offset_bytes;
    switch (op->from.kind) {
    case ABIDE_LINE_REGISTER:
        return op->extend ? extend(w, op, to, abide_line__now_of(w, op->from.name))
                          : abide_line__move(w, to, abide_line__now_of(w, op->from.name));
    case ABIDE_LINE_MEMORY: return load(w, op, to, load_through(w, op, to));
    case ABIDE_LINE_ADDRESS:
        base = abide_line__address(w, &op->from, to, &offset_bytes);
        return base && abide_line__add_to(w, to, base, offset_bytes);
    case ABIDE_LINE_NOWHERE:
    case ABIDE_LINE_ZERO: break;
    }
    return abide_line__give_up(w, "an argument is made");
}

/* ---- lists in their order ---- */

/* Memory to memory: loads up to the end of the registers, then the stores. Returns how many; 0: it cannot be done. */
static size_t copy_batch(struct abide_line_writer *w, abide_line_list *list, size_t start)
{
    const char *names[ABIDE_LINE_BATCH_MAX];
    size_t count = 0;
    while (count < ABIDE_LINE_BATCH_MAX && start + count < list->count) {
        struct abide_line_op *op = &list->items[start + count];
        bool is_memory = op->from.kind == ABIDE_LINE_MEMORY;
        if ((!is_memory && op->from.kind != ABIDE_LINE_ADDRESS) ||
            (is_memory && count && op->from.base == ABIDE_LINE_FRAME && !w->is_after))
            break;
        const char *reason = w->line->reason;
        names[count] = abide_line__fetch(w, op);
        if (!names[count]) {
            if (count)
                w->line->reason = reason;
            break;
        }
        abide_line__take(w, names[count]);
        op->is_done = op->to.base != ABIDE_LINE_POINTER; /* what it reads is free now */
        count++;
    }
    for (size_t i = 0; i < count; i++) {
        if (!abide_line__store(w, &list->items[start + i], names[i]))
            return 0;
        list->items[start + i].is_done = true;
    }
    w->taken.count = 0;
    return count;
}

static size_t fill_run(struct abide_line_writer *w, abide_line_list *list, size_t start,
                       size_t count)
{
    struct abide_line_op *first = &list->items[start];
    if (!abide_line__fill(w, &first->to, count * w->line->word_bytes))
        return 0;
    for (size_t i = 0; i < count; i++)
        first[i].is_done = true;
    return count;
}

/* Zeroes side by side are stored two words at once by a vector register where that is shorter: it has to be cleared first. */
static size_t clear_run(struct abide_line_writer *w, abide_line_list *list, size_t start)
{
    size_t count = 0;
    while (start + count < list->count && list->items[start + count].from.kind == ABIDE_LINE_ZERO &&
           list->items[start + count].size_bytes == w->line->word_bytes)
        count++;
    if (count >= FILL_LEAST_STORES && abide_line__can_fill(w))
        return fill_run(w, list, start, count);
    count -= count % 2;
    size_t worth_it = w->data->clear_pair ? 8 : 4;
    const char *name =
        count >= worth_it && w->data->vector_clear ? abide_line__free_register(w, true) : NULL;
    for (size_t i = 0; name && i < count; i += 2) {
        struct abide_line_op *op = &list->items[start + i];
        if (i == 0) {
            abide_line__say(w, w->data->vector_clear, (struct abide_edge_words){.name = name});
            abide_line__take(w, name);
        }
        op->size_bytes = 2 * w->line->word_bytes;
        if (!abide_line__store(w, op, name))
            return 0;
        op[0].is_done = op[1].is_done = true;
    }
    w->taken.count = 0;
    return name ? count : 0;
}

/* Words side by side at once, if they are worth it and there is such an instruction. Returns how many. */
static size_t copy_run(struct abide_line_writer *w, abide_line_list *list, size_t start)
{
    struct abide_line_op *first = &list->items[start];
    size_t count = 1;
    while (start + count < list->count &&
           abide_line__are_neighbours(w->line, &first[count - 1], &first[count]))
        count++;
    if (count < COPY_LEAST_STORES || !abide_line__can_copy(w))
        return 0;
    if (!abide_line__copy(w, &first->from, &first->to, count * w->line->word_bytes))
        return 0;
    for (size_t i = 0; i < count; i++)
        first[i].is_done = true;
    return count;
}

static bool store_one(struct abide_line_writer *w, struct abide_line_op *op)
{
    if (op->from.kind == ABIDE_LINE_ZERO) {
        if (!clear(w, op))
            return false;
    } else {
        const char *name = abide_line__fetch(w, op);
        if (!name || !abide_line__store(w, op, name))
            return false;
    }
    op->is_done = true;
    w->taken.count = 0;
    return true;
}

bool abide_line__store_all(struct abide_line_writer *w, enum abide_line_phase phase)
{
    abide_line_list *list = &w->line->ops[phase];
    for (size_t i = 0; i < list->count;) {
        struct abide_line_op *op = &list->items[i];
        bool is_memory = op->from.kind == ABIDE_LINE_MEMORY || op->from.kind == ABIDE_LINE_ADDRESS;
        size_t count = op->from.kind == ABIDE_LINE_ZERO ? clear_run(w, list, i) : 0;
        if (is_memory && w->line->form.copies)
            count = copy_run(w, list, i);
        if (is_memory && count == 0 && !w->line->reason)
            count = copy_batch(w, list, i);
        if (w->line->reason || (count == 0 && !store_one(w, op)))
            return false;
        i += count ? count : 1;
    }
    return true;
}

/* ---- in parallel ---- */

/* Whether an operation writes what another one still reads. */
static bool is_blocked(const struct abide_line_writer *w, const struct abide_line_op *op)
{
    if (op->to.kind == ABIDE_LINE_REGISTER)
        return abide_line__has_wanted(w, op->to.name, op) ||
               abide_line__is_held(w, op->to.name, false) ||
               (w->block_name && !strcmp(w->block_name, op->to.name) &&
                op->from.kind != ABIDE_LINE_ADDRESS);
    for (size_t phase = abide_line__first_phase(w); phase < abide_line__end_phase(w); phase++)
        for (size_t i = 0; i < w->line->ops[phase].count; i++) {
            const struct abide_line_op *other = &w->line->ops[phase].items[i];
            const struct abide_line_spot *from = &other->from;
            uint64_t start_bytes = from->offset_bytes, size_bytes = w->line->word_bytes;
            uint64_t written_bytes = op->size_bytes > size_bytes ? op->size_bytes : size_bytes;
            if (other == op || other->is_done)
                continue;
            bool through_stack = from->kind != ABIDE_LINE_REGISTER &&
                                 from->base == ABIDE_LINE_POINTER && from->pointer &&
                                 !from->pointer->register_name;
            if (through_stack)
                start_bytes = (uint64_t)from->pointer->stack_offset_bytes;
            else if (from->kind != ABIDE_LINE_MEMORY || from->base != ABIDE_LINE_INCOMING)
                continue;
            else if (other->size_bytes > size_bytes)
                size_bytes = other->size_bytes;
            if (start_bytes < op->to.offset_bytes + written_bytes &&
                op->to.offset_bytes < start_bytes + size_bytes)
                return true;
        }
    return false;
}

/* Whether a register that had the block's address has it still when the operation has set it. */
static bool keeps_block(const struct abide_line_writer *w, const struct abide_line_op *op)
{
    const struct abide_line_spot *from = &op->from;
    return from->kind == ABIDE_LINE_ADDRESS && from->base == ABIDE_LINE_FRAME &&
           abide_line__is_in_block(w, from->index) &&
           w->temporaries_at[from->index] + from->offset_bytes == 0;
}

static bool take_one(struct abide_line_writer *w, struct abide_line_op *op)
{
    if (op->to.kind == ABIDE_LINE_MEMORY)
        return store_one(w, op);
    if (!set_register(w, op))
        return false;
    if (w->block_name && !strcmp(w->block_name, op->to.name) && !keeps_block(w, op))
        w->block_name = NULL;
    op->is_done = true;
    abide_line__finish_register(w, op->to.name);
    return true;
}

/* What one operation reads is put into a register that is free. */
static bool set_aside(struct abide_line_writer *w, struct abide_line_op *op)
{
    const char *to = op->to.name;
    if (w->renamings.count > ABIDE_MAX_REGISTERS)
        return abide_line__give_up(w, "values wait for each other");
    if (op->to.kind == ABIDE_LINE_REGISTER) {
        /* Who is in the way of this operation moves. */
        const char *name = abide_line__free_register(w, abide_line__is_vector(w, to));
        const char *moved = to;
        for (size_t i = 0; i < w->renamings.count; i++)
            if (!strcmp(abide_line__now_of(w, w->renamings.items[i].name), to))
                moved = w->renamings.items[i].name;
        if (!name || abide_line__is_held(w, to, false) || !abide_line__move(w, name, to))
            return abide_line__give_up(w, "no register is free");
        if (w->block_name && !strcmp(w->block_name, to)) {
            w->block_name = name;
            return true;
        }
        abide__push(w->line->ctx, &w->renamings, (struct abide_line_renaming){moved, name});
        return true;
    }
    if (op->from.kind != ABIDE_LINE_MEMORY)
        return abide_line__give_up(w, "places of the stack wait for each other");
    const char *name = abide_line__fetch(w, op);
    if (!name)
        return false;
    w->taken.count = 0;
    op->from = (struct abide_line_spot){.kind = ABIDE_LINE_REGISTER, .name = name};
    op->extend = ABIDE_EXTEND_UNSTATED; /* that was done on the way */
    return true;
}

bool abide_line__is_unchanged(const struct abide_line_op *op)
{
    return op->from.kind == ABIDE_LINE_REGISTER && op->to.kind == ABIDE_LINE_REGISTER &&
           !op->extend && !strcmp(op->from.name, op->to.name);
}

/* Whether an instruction that waits and this operation's are neighbours. */
static bool continues(const struct abide_line_writer *w, const struct abide_line_op *op)
{
    const struct abide_line_op *last = w->last;
    return last && last->to.kind == op->to.kind && last->from.kind == op->from.kind &&
           op->from.kind == ABIDE_LINE_MEMORY && last->from.base == op->from.base &&
           last->from.pointer == op->from.pointer && last->from.index == op->from.index &&
           (last->from.offset_bytes + last->size_bytes == op->from.offset_bytes ||
            op->from.offset_bytes + op->size_bytes == last->from.offset_bytes);
}

/* What can be done is done in order, but moves between registers, which free others, before loads that may have neighbours. */
static struct abide_line_op *better(const struct abide_line_writer *w, struct abide_line_op *one,
                                    struct abide_line_op *other)
{
    bool moves = other->from.kind == ABIDE_LINE_REGISTER;
    if (!one || continues(w, one))
        return one ? one : other;
    return continues(w, other) || (moves && one->from.kind != ABIDE_LINE_REGISTER) ? other : one;
}

/* What it costs to let an operation wait: what is on its way through a register anyway takes no more. */
static unsigned cost_of_waiting(const struct abide_line_writer *w, const struct abide_line_op *op)
{
    bool is_loaded = op->from.kind == ABIDE_LINE_MEMORY;
    if (w->line->form.parks)
        return op->to.kind == ABIDE_LINE_REGISTER && is_loaded ? 0 : 1;
    return op->to.kind == ABIDE_LINE_REGISTER ? 1 : is_loaded ? 0 : 2;
}

bool abide_line__take_parallel(struct abide_line_writer *w, size_t first, size_t last)
{
    for (;;) {
        struct abide_line_op *stuck = NULL, *next = NULL;
        for (size_t phase = first; phase <= last; phase++)
            for (size_t i = 0; i < w->line->ops[phase].count; i++) {
                struct abide_line_op *op = &w->line->ops[phase].items[i];
                if (op->is_done)
                    continue;
                if (abide_line__is_unchanged(op) &&
                    !strcmp(abide_line__now_of(w, op->from.name), op->from.name)) {
                    op->is_done = true;
                    abide_line__finish_register(w, op->to.name);
                    continue;
                }
                if (!is_blocked(w, op))
                    next = better(w, next, op);
                else if (!stuck || cost_of_waiting(w, op) < cost_of_waiting(w, stuck))
                    stuck = op;
            }
        w->last = next;
        if (next ? !take_one(w, next) : stuck ? !set_aside(w, stuck) : false)
            return false;
        if (!next && !stuck)
            return true;
    }
}
