/* Operations, one by one, list by list, and in parallel. */
#include "line_writer.h"

#include <string.h>

/* ---- one operation ---- */

static bool extend(struct abide_line_writer *w, const struct abide_line_op *op, const char *to,
                   const char *from)
{
    const char *const *texts = op->extend == ABIDE_EXTEND_SIGN ? w->data->sign : w->data->zero;
    abide_line__say(w, texts[abide_line__width_of(op->size_bytes)],
                    (struct abide_edge_words){.name = to, .from = from});
    return !w->line->reason;
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
    if (op->extend != ABIDE_EXTEND_SIGN || op->size_bytes >= w->line->word_bytes)
        return abide_line__access_memory(w, one);
    if (!abide_line__is_near(w, &one))
        return abide_line__give_up(w, "an offset is large");
    abide_line__say(
        w, w->data->load_signed[one.width],
        (struct abide_edge_words){.name = to, .base = one.base, .offset = one.offset_bytes});
    return !w->line->reason;
}

bool abide_line__store(struct abide_line_writer *w, const struct abide_line_op *op,
                       const char *name)
{
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

static void take(struct abide_line_writer *w, const char *name)
{
    abide__push(w->line->ctx, &w->taken, name);
}

/* The register that a pointer may be loaded to, if it is needed no more after the load from there to `to`. */
static const char *load_through(const struct abide_line_writer *w, const struct abide_line_op *op,
                                const char *to)
{
    bool is_last = op->from.base == ABIDE_LINE_POINTER && !abide_line__is_vector(w, to) &&
                   !abide_line__is_pointer_wanted(w, op->from.pointer, op);
    return is_last ? to : NULL;
}

const char *abide_line__fetch(struct abide_line_writer *w, const struct abide_line_op *op)
{
    const char *name = NULL;
    if (op->from.kind == ABIDE_LINE_REGISTER && !op->extend)
        return abide_line__now_of(w, op->from.name);
    name = abide_line__free_register(w, op->from.kind == ABIDE_LINE_MEMORY &&
                                            op->size_bytes > w->line->word_bytes);
    if (!name)
        return NULL;
    take(w, name);
    uint64_t offset_bytes;
    const char *base;
    switch (op->from.kind) {
    case ABIDE_LINE_REGISTER:
        return extend(w, op, name, abide_line__now_of(w, op->from.name)) ? name : NULL;
    case ABIDE_LINE_MEMORY: return load(w, op, name, load_through(w, op, name)) ? name : NULL;
    case ABIDE_LINE_ADDRESS:
        base = abide_line__address(w, &op->from, NULL, &offset_bytes);
        return base && abide_line__add_to(w, name, base, offset_bytes) ? name : NULL;
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
        if (op->from.kind != ABIDE_LINE_MEMORY ||
            (count && (op->from.base == ABIDE_LINE_FRAME) && !w->is_after))
            break;
        const char *reason = w->line->reason;
        names[count] = abide_line__fetch(w, op);
        if (!names[count]) {
            if (count)
                w->line->reason = reason;
            break;
        }
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

/* Zeroes side by side are stored two words at once by a vector register where that is shorter: it has to be cleared first. */
static size_t clear_run(struct abide_line_writer *w, abide_line_list *list, size_t start)
{
    size_t count = 0;
    while (start + count < list->count && list->items[start + count].from.kind == ABIDE_LINE_ZERO &&
           list->items[start + count].size_bytes == w->line->word_bytes)
        count++;
    count -= count % 2;
    size_t worth_it = w->data->clear_pair ? 8 : 4;
    const char *name =
        count >= worth_it && w->data->vector_clear ? abide_line__free_register(w, true) : NULL;
    for (size_t i = 0; name && i < count; i += 2) {
        struct abide_line_op *op = &list->items[start + i];
        if (i == 0) {
            abide_line__say(w, w->data->vector_clear, (struct abide_edge_words){.name = name});
            take(w, name);
        }
        op->size_bytes = 2 * w->line->word_bytes;
        if (!abide_line__store(w, op, name))
            return 0;
        op[0].is_done = op[1].is_done = true;
    }
    w->taken.count = 0;
    return name ? count : 0;
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
        size_t count = op->from.kind == ABIDE_LINE_MEMORY ? copy_batch(w, list, i)
                       : op->from.kind == ABIDE_LINE_ZERO ? clear_run(w, list, i)
                                                          : 0;
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
            if (start_bytes < op->to.offset_bytes + w->line->word_bytes &&
                op->to.offset_bytes < start_bytes + size_bytes)
                return true;
        }
    return false;
}

static bool take_one(struct abide_line_writer *w, struct abide_line_op *op)
{
    if (op->to.kind == ABIDE_LINE_MEMORY)
        return store_one(w, op);
    if (!set_register(w, op))
        return false;
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
    op->extend = ABIDE_EXTEND_NONE;
    return true;
}

bool abide_line__is_unchanged(const struct abide_line_op *op)
{
    return op->from.kind == ABIDE_LINE_REGISTER && op->to.kind == ABIDE_LINE_REGISTER &&
           !op->extend && !strcmp(op->from.name, op->to.name);
}

bool abide_line__take_parallel(struct abide_line_writer *w, size_t first, size_t last)
{
    for (;;) {
        struct abide_line_op *stuck = NULL, *next = NULL;
        for (size_t phase = first; phase <= last; phase++)
            for (size_t i = 0; i < w->line->ops[phase].count && !next; i++) {
                struct abide_line_op *op = &w->line->ops[phase].items[i];
                if (op->is_done)
                    continue;
                if (abide_line__is_unchanged(op) &&
                    !strcmp(abide_line__now_of(w, op->from.name), op->from.name)) {
                    op->is_done = true;
                    abide_line__finish_register(w, op->to.name);
                    continue;
                }
                if (is_blocked(w, op))
                    stuck = stuck ? stuck : op;
                else
                    next = op;
            }
        if (next ? !take_one(w, next) : stuck ? !set_aside(w, stuck) : false)
            return false;
        if (!next && !stuck)
            return true;
    }
}
