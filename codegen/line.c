/* Operations get an order, registers and a frame, and become instructions. */
#include "line.h"

#include "edge_image.h"
#include "line_ops.h"
#include "plan/places.h"

#include <assert.h>
#include <string.h>

/* So many loads come before the stores of what they load. */
#define BATCH_MAX 8
#define HELD_MAX  8

/* Where a register that came with a value has it now. */
struct renaming {
    const char *name;
    const char *now;
};

/* A pointer of the caller's in a register. */
struct held {
    const abide_piece *piece;
    const char *name;
    bool is_kept; /* it cannot be had again */
};

/* A pointer of the caller's that came in a register and is needed after the call. */
struct spill {
    const abide_piece *piece;
    uint64_t at_bytes;
};

enum access_kind { ACCESS_NONE, ACCESS_LOAD, ACCESS_STORE, ACCESS_CLEAR };

/* An instruction that may become one with the next. */
struct access {
    enum access_kind kind;
    bool is_vector;
    unsigned width; /* 1 << width bytes */
    const char *name;
    const char *base;
    uint64_t offset_bytes;
};

struct writer {
    struct abide_line *line;
    const struct abide_line_data *data;
    struct abide_assembly a;
    struct access waiting;
    bool is_after; /* the call */

    /* The frame, as offsets from the stack pointer of the call. */
    uint64_t outgoing_bytes;
    uint64_t total_bytes;
    uint64_t depth_bytes; /* how far the stack pointer is lowered already */
    uint64_t *temporaries_at;
    uint64_t
        block_at; /* of temporaries that are aligned more strictly than the stack, before it is aligned */
    uint64_t block_align_bytes; /* 0: there is none */
    const char *block_name;     /* the register with its address; NULL: it is to be made */
    uint64_t link_at;
    bool enters_by_pair;
    bool enters_at_once;
    ABIDE_VEC(struct spill) spills;

    ABIDE_VEC(struct renaming) renamings;
    ABIDE_VEC(const char *) written; /* registers that have what they are to have */
    ABIDE_VEC(const char *) taken;   /* registers with what is on its way */
    struct held held[HELD_MAX];
    size_t held_count;
};

static bool give_up(struct writer *w, const char *reason)
{
    if (!w->line->reason)
        w->line->reason = reason;
    return false;
}

static uint64_t round_up(uint64_t value, uint64_t align)
{
    return (value + align - 1) / align * align;
}

static unsigned width_of(uint64_t size_bytes)
{
    unsigned width = 0;
    while ((uint64_t)1 << width < size_bytes)
        width++;
    return width;
}

static const struct abide_edge_group *group_of(const struct writer *w, const char *name)
{
    return abide_edge_data__find(w->a.data, name).group;
}

static bool is_vector(const struct writer *w, const char *name)
{
    return group_of(w, name)->kind == ABIDE_REGISTER_VECTOR;
}

static bool pushes(const struct writer *w)
{
    return w->data->push != NULL;
}

/* ---- instructions ---- */

static void write_access(struct writer *w, const struct access *one)
{
    const struct abide_line_data *data = w->data;
    const char *const *texts = one->kind == ACCESS_CLEAR ? data->clear
                               : one->kind == ACCESS_LOAD
                                   ? (one->is_vector ? data->vector_load : data->load)
                               : one->is_vector ? data->vector_store
                                                : data->store;
    const struct abide_edge_words words = {
        .name = one->name, .base = one->base, .offset = one->offset_bytes};
    if (texts[one->width])
        abide_assembly__write(&w->a, texts[one->width], words);
    else
        give_up(w, "there is no instruction of that width");
}

static void flush(struct writer *w)
{
    if (w->waiting.kind)
        write_access(w, &w->waiting);
    w->waiting.kind = ACCESS_NONE;
}

static void say(struct writer *w, const char *text, struct abide_edge_words words)
{
    flush(w);
    if (text)
        abide_assembly__write(&w->a, text, words);
    else
        give_up(w, "there is no such instruction");
}

static const char *pair_text(const struct writer *w, const struct access *one)
{
    switch (one->kind) {
    case ACCESS_LOAD:
        return (one->is_vector ? w->data->vector_load_pair : w->data->load_pair)[one->width];
    case ACCESS_STORE:
        return (one->is_vector ? w->data->vector_store_pair : w->data->store_pair)[one->width];
    case ACCESS_CLEAR:
        return (uint64_t)1 << one->width == w->line->word_bytes ? w->data->clear_pair : NULL;
    case ACCESS_NONE: break;
    }
    return NULL;
}

/* Two accesses to neighbours as one; the first must not change what the second one's address is made of. */
static bool write_pair(struct writer *w, const struct access *two)
{
    const struct access *one = &w->waiting;
    uint64_t bytes = (uint64_t)1 << two->width;
    bool is_up = two->offset_bytes == one->offset_bytes + bytes;
    const struct access *low = is_up ? one : two, *high = is_up ? two : one;
    if (!one->kind || one->kind != two->kind || one->is_vector != two->is_vector ||
        one->width != two->width || strcmp(one->base, two->base) != 0 ||
        high->offset_bytes != low->offset_bytes + bytes || low->offset_bytes % bytes ||
        !pair_text(w, two))
        return false;
    if (one->kind == ACCESS_LOAD &&
        (!strcmp(one->name, two->name) || !strcmp(one->name, one->base)))
        return false;
    const struct abide_edge_words words = {
        .name = low->name, .second = high->name, .base = low->base, .offset = low->offset_bytes};
    abide_assembly__write(&w->a, pair_text(w, two), words);
    w->waiting.kind = ACCESS_NONE;
    return true;
}

static bool is_near(const struct writer *w, const struct access *one)
{
    bool is_odd = one->offset_bytes % ((uint64_t)1 << one->width) != 0;
    uint64_t odd_bytes = w->data->odd_reach_bytes;
    return one->offset_bytes <= w->data->reach_bytes &&
           (!is_odd || !odd_bytes || one->offset_bytes <= odd_bytes);
}

static bool access_memory(struct writer *w, struct access one)
{
    if (!is_near(w, &one))
        return give_up(w, "an offset is large");
    if (write_pair(w, &one))
        return true;
    flush(w);
    if (pair_text(w, &one))
        w->waiting = one;
    else
        write_access(w, &one);
    return true;
}

static void lower(struct writer *w, uint64_t bytes)
{
    flush(w);
    abide_assembly__lower(&w->a, bytes);
    w->depth_bytes += bytes;
}

static void raise(struct writer *w, uint64_t bytes)
{
    flush(w);
    abide_assembly__raise(&w->a, bytes);
    w->depth_bytes -= bytes;
}

static bool move(struct writer *w, const char *to, const char *from)
{
    const struct abide_edge_group *group = group_of(w, to);
    if (!strcmp(to, from))
        return true;
    if (!group->move || group->kind != group_of(w, from)->kind)
        return give_up(w, "a value moves to another kind of register");
    say(w, group->move, (struct abide_edge_words){.name = to, .from = from});
    return true;
}

static bool add_to(struct writer *w, const char *to, const char *base, uint64_t offset_bytes)
{
    if (offset_bytes > w->data->reach_bytes)
        return give_up(w, "an offset is large");
    if (offset_bytes == 0 && strcmp(base, w->a.data->stack) != 0)
        return move(w, to, base);
    flush(w);
    abide_assembly__say(
        &w->a, ABIDE_EDGE_ADDRESS,
        (struct abide_edge_words){.name = to, .base = base, .offset = offset_bytes});
    return true;
}

/* ---- registers ---- */

static const char *now_of(const struct writer *w, const char *name)
{
    for (size_t i = w->renamings.count; i-- > 0;)
        if (!strcmp(w->renamings.items[i].name, name))
            return w->renamings.items[i].now;
    return name;
}

static bool is_pointer_in(const struct writer *w, const struct abide_line_spot *spot,
                          const char *name)
{
    return (spot->kind == ABIDE_LINE_MEMORY || spot->kind == ABIDE_LINE_ADDRESS) &&
           spot->base == ABIDE_LINE_POINTER && spot->pointer->register_name && !w->is_after &&
           !strcmp(spot->pointer->register_name, name);
}

/* Whether an operation reads what came in a register. */
static bool reads(const struct writer *w, const struct abide_line_op *op, const char *name)
{
    return (op->from.kind == ABIDE_LINE_REGISTER && !strcmp(op->from.name, name)) ||
           is_pointer_in(w, &op->from, name) || is_pointer_in(w, &op->to, name);
}

static size_t first_phase(const struct writer *w)
{
    return w->is_after ? ABIDE_LINE_KEEPS : ABIDE_LINE_STORES;
}

static size_t end_phase(const struct writer *w)
{
    return w->is_after ? ABIDE_LINE_PHASE_COUNT : ABIDE_LINE_KEEPS;
}

/* Whether an operation that is still to come, but for `but`, reads what came in a register. */
static bool is_wanted(const struct writer *w, const char *name, const struct abide_line_op *but)
{
    for (size_t phase = first_phase(w); phase < end_phase(w); phase++)
        for (size_t i = 0; i < w->line->ops[phase].count; i++) {
            const struct abide_line_op *op = &w->line->ops[phase].items[i];
            if (op != but && !op->is_done && reads(w, op, name))
                return true;
        }
    return false;
}

/* Whether a register has, for an operation to come, something that came in this or another one. */
static bool has_wanted(const struct writer *w, const char *name, const struct abide_line_op *but)
{
    if (!strcmp(now_of(w, name), name) && is_wanted(w, name, but))
        return true;
    for (size_t i = 0; i < w->renamings.count; i++) {
        const struct renaming *one = &w->renamings.items[i];
        if (!strcmp(one->now, name) && !strcmp(now_of(w, one->name), name) &&
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

/* Whether an operation to come, but for `but`, needs a pointer of the caller's. */
static bool is_pointer_wanted(const struct writer *w, const abide_piece *piece,
                              const struct abide_line_op *but)
{
    for (size_t phase = first_phase(w); phase < end_phase(w); phase++)
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

static bool is_held(const struct writer *w, const char *name, bool also_others)
{
    for (size_t i = 0; i < w->held_count; i++)
        if (!strcmp(w->held[i].name, name) && (w->held[i].is_kept || also_others) &&
            is_pointer_wanted(w, w->held[i].piece, NULL))
            return true;
    return false;
}

static void forget_held(struct writer *w, const char *name)
{
    size_t kept = 0;
    for (size_t i = 0; i < w->held_count; i++)
        if (strcmp(w->held[i].name, name) != 0)
            w->held[kept++] = w->held[i];
    w->held_count = kept;
}

static bool is_owed(const struct writer *w, const char *name)
{
    return abide_assignment_preserves(w->line->plan->caller, name);
}

static bool is_free(const struct writer *w, const char *name, bool also_held)
{
    return !has_wanted(w, name, NULL) && !is_in(w->written.items, w->written.count, name) &&
           !is_in(w->taken.items, w->taken.count, name) && !is_held(w, name, !also_held) &&
           !(w->block_name && !strcmp(w->block_name, name)) && !is_owed(w, name);
}

/* A register that may be overwritten; NULL: there is none. */
static const char *free_register(struct writer *w, bool of_vectors)
{
    struct abide_words names = of_vectors ? w->data->vector_scratch : w->data->scratch;
    for (int round = 0; round < 2; round++)
        for (size_t i = 0; i < names.count; i++)
            if (is_free(w, names.items[i], round > 0)) {
                forget_held(w, names.items[i]);
                return names.items[i];
            }
    give_up(w, "no register is free");
    return NULL;
}

static void hold(struct writer *w, const abide_piece *piece, const char *name, bool is_kept)
{
    forget_held(w, name);
    if (w->held_count < HELD_MAX)
        w->held[w->held_count++] = (struct held){piece, name, is_kept};
}

static void finish_register(struct writer *w, const char *name)
{
    forget_held(w, name);
    abide__push(w->line->ctx, &w->written, name);
}

/* ---- where memory is ---- */

static uint64_t in_frame(const struct writer *w, uint64_t at_bytes)
{
    return at_bytes + w->depth_bytes - w->total_bytes;
}

static uint64_t incoming(const struct writer *w, uint64_t offset_bytes)
{
    return w->depth_bytes + w->a.data->return_bytes + offset_bytes;
}

static bool is_in_block(const struct writer *w, size_t temporary)
{
    return abide_line__align_of(w->line, temporary) >
           w->line->callee->processor->conventions[0].align_bytes;
}

/* The register of an argument that is to be the block's address, if nothing else is in it. */
static const char *block_destination(const struct writer *w)
{
    const abide_line_list *list = &w->line->ops[ABIDE_LINE_REGISTERS];
    for (size_t i = 0; i < list->count && !w->is_after; i++) {
        const struct abide_line_op *op = &list->items[i];
        if (!op->is_done && op->from.kind == ABIDE_LINE_ADDRESS &&
            op->from.base == ABIDE_LINE_FRAME && is_in_block(w, op->from.index) &&
            w->temporaries_at[op->from.index] + op->from.offset_bytes == 0 &&
            is_free(w, op->to.name, true))
            return op->to.name;
    }
    return NULL;
}

static bool make_block(struct writer *w)
{
    if (w->block_name)
        return true;
    const char *name = block_destination(w);
    name = name ? name : free_register(w, false);
    if (!name || !add_to(w, name, w->a.data->stack, in_frame(w, w->block_at)))
        return false;
    say(w, w->data->mask,
        (struct abide_edge_words){.name = name, .from = name, .align = w->block_align_bytes});
    w->block_name = name;
    forget_held(w, name);
    return true;
}

static const struct spill *spill_of(const struct writer *w, const abide_piece *piece)
{
    for (size_t i = 0; i < w->spills.count; i++)
        if (w->spills.items[i].piece == piece)
            return &w->spills.items[i];
    return NULL;
}

/* The register that holds a pointer of the caller's; `prefer`: one that it may be loaded to. */
static const char *pointer_register(struct writer *w, const abide_piece *piece, const char *prefer)
{
    for (size_t i = 0; i < w->held_count; i++)
        if (w->held[i].piece == piece)
            return w->held[i].name;
    if (piece->register_name && !w->is_after)
        return now_of(w, piece->register_name);
    const struct spill *spill = spill_of(w, piece);
    const char *name = prefer ? prefer : free_register(w, false);
    if (!name || (piece->register_name && !spill)) {
        give_up(w, "a pointer is lost");
        return NULL;
    }
    struct access one = {.kind = ACCESS_LOAD,
                         .width = width_of(w->line->word_bytes),
                         .name = name,
                         .base = w->a.data->stack,
                         .offset_bytes = spill ? in_frame(w, spill->at_bytes)
                                               : incoming(w, (uint64_t)piece->stack_offset_bytes)};
    if (!access_memory(w, one))
        return NULL;
    hold(w, piece, name, false);
    return name;
}

/* The base register of a spot, and the offset from it. */
static const char *address(struct writer *w, const struct abide_line_spot *spot, const char *prefer,
                           uint64_t *offset_bytes)
{
    const char *stack = w->a.data->stack;
    *offset_bytes = spot->offset_bytes;
    switch (spot->base) {
    case ABIDE_LINE_INCOMING: *offset_bytes = incoming(w, spot->offset_bytes); return stack;
    case ABIDE_LINE_OUTGOING:
        *offset_bytes =
            w->line->is_jump ? incoming(w, spot->offset_bytes) : in_frame(w, spot->offset_bytes);
        return stack;
    case ABIDE_LINE_FRAME:
        *offset_bytes += w->temporaries_at[spot->index];
        if (is_in_block(w, spot->index))
            return make_block(w) ? w->block_name : NULL;
        *offset_bytes = in_frame(w, *offset_bytes);
        return stack;
    case ABIDE_LINE_POINTER: return pointer_register(w, spot->pointer, prefer);
    }
    return NULL;
}

/* ---- one operation ---- */

static bool extend(struct writer *w, const struct abide_line_op *op, const char *to,
                   const char *from)
{
    const char *const *texts = op->extend == ABIDE_EXTEND_SIGN ? w->data->sign : w->data->zero;
    say(w, texts[width_of(op->size_bytes)], (struct abide_edge_words){.name = to, .from = from});
    return !w->line->reason;
}

/* Memory to a register, with what is to be above it. */
static bool load(struct writer *w, const struct abide_line_op *op, const char *to,
                 const char *prefer)
{
    struct access one = {.kind = ACCESS_LOAD,
                         .is_vector = is_vector(w, to),
                         .width = width_of(op->size_bytes),
                         .name = to};
    one.base = address(w, &op->from, prefer, &one.offset_bytes);
    if (!one.base)
        return false;
    if (op->extend != ABIDE_EXTEND_SIGN || op->size_bytes >= w->line->word_bytes)
        return access_memory(w, one);
    if (!is_near(w, &one))
        return give_up(w, "an offset is large");
    say(w, w->data->load_signed[one.width],
        (struct abide_edge_words){.name = to, .base = one.base, .offset = one.offset_bytes});
    return !w->line->reason;
}

static bool store(struct writer *w, const struct abide_line_op *op, const char *name)
{
    uint64_t size_bytes = op->size_bytes;
    if (op->to.base == ABIDE_LINE_OUTGOING && (op->extend || !is_vector(w, name)))
        size_bytes = w->line->word_bytes;
    struct access one = {.kind = ACCESS_STORE,
                         .is_vector = is_vector(w, name),
                         .width = width_of(size_bytes),
                         .name = name};
    if (one.is_vector && one.width < 2)
        return give_up(w, "a part of a vector register is stored");
    one.base = address(w, &op->to, NULL, &one.offset_bytes);
    if (!one.is_vector && size_bytes < w->line->word_bytes &&
        group_of(w, name)->narrower[1].count && one.width < 2 &&
        abide_words__find(group_of(w, name)->names, name) >=
            group_of(w, name)->narrower[one.width].count)
        return give_up(w, "a register has no name for its lowest byte");
    return one.base && access_memory(w, one);
}

static void take(struct writer *w, const char *name)
{
    abide__push(w->line->ctx, &w->taken, name);
}

/* The register that a pointer may be loaded to, if it is needed no more after the load from there to `to`. */
static const char *load_through(const struct writer *w, const struct abide_line_op *op,
                                const char *to)
{
    bool is_last = op->from.base == ABIDE_LINE_POINTER && !is_vector(w, to) &&
                   !is_pointer_wanted(w, op->from.pointer, op);
    return is_last ? to : NULL;
}

/* What an operation has, in a register: where it is, or one that is free. */
static const char *fetch(struct writer *w, const struct abide_line_op *op)
{
    const char *name = NULL;
    if (op->from.kind == ABIDE_LINE_REGISTER && !op->extend)
        return now_of(w, op->from.name);
    name = free_register(w, op->from.kind == ABIDE_LINE_MEMORY &&
                                op->size_bytes > w->line->word_bytes);
    if (!name)
        return NULL;
    take(w, name);
    uint64_t offset_bytes;
    const char *base;
    switch (op->from.kind) {
    case ABIDE_LINE_REGISTER: return extend(w, op, name, now_of(w, op->from.name)) ? name : NULL;
    case ABIDE_LINE_MEMORY: return load(w, op, name, load_through(w, op, name)) ? name : NULL;
    case ABIDE_LINE_ADDRESS:
        base = address(w, &op->from, NULL, &offset_bytes);
        return base && add_to(w, name, base, offset_bytes) ? name : NULL;
    case ABIDE_LINE_NOWHERE:
    case ABIDE_LINE_ZERO: break;
    }
    return NULL;
}

static bool clear(struct writer *w, const struct abide_line_op *op)
{
    struct access one = {.kind = ACCESS_CLEAR, .width = width_of(op->size_bytes)};
    one.base = address(w, &op->to, NULL, &one.offset_bytes);
    return one.base && access_memory(w, one);
}

static bool set_register(struct writer *w, struct abide_line_op *op)
{
    const char *to = op->to.name, *base;
    uint64_t offset_bytes;
    switch (op->from.kind) {
    case ABIDE_LINE_REGISTER:
        return op->extend ? extend(w, op, to, now_of(w, op->from.name))
                          : move(w, to, now_of(w, op->from.name));
    case ABIDE_LINE_MEMORY: return load(w, op, to, load_through(w, op, to));
    case ABIDE_LINE_ADDRESS:
        base = address(w, &op->from, to, &offset_bytes);
        return base && add_to(w, to, base, offset_bytes);
    case ABIDE_LINE_NOWHERE:
    case ABIDE_LINE_ZERO: break;
    }
    return give_up(w, "an argument is made");
}

/* ---- lists in their order ---- */

/* Memory to memory: loads up to the end of the registers, then the stores. Returns how many; 0: it cannot be done. */
static size_t copy_batch(struct writer *w, abide_line_list *list, size_t start)
{
    const char *names[BATCH_MAX];
    size_t count = 0;
    while (count < BATCH_MAX && start + count < list->count) {
        struct abide_line_op *op = &list->items[start + count];
        if (op->from.kind != ABIDE_LINE_MEMORY ||
            (count && (op->from.base == ABIDE_LINE_FRAME) && !w->is_after))
            break;
        const char *reason = w->line->reason;
        names[count] = fetch(w, op);
        if (!names[count]) {
            if (count)
                w->line->reason = reason;
            break;
        }
        op->is_done = op->to.base != ABIDE_LINE_POINTER; /* what it reads is free now */
        count++;
    }
    for (size_t i = 0; i < count; i++) {
        if (!store(w, &list->items[start + i], names[i]))
            return 0;
        list->items[start + i].is_done = true;
    }
    w->taken.count = 0;
    return count;
}

/* Zeroes side by side are stored two words at once by a vector register where that is shorter: it has to be cleared first. */
static size_t clear_run(struct writer *w, abide_line_list *list, size_t start)
{
    size_t count = 0;
    while (start + count < list->count && list->items[start + count].from.kind == ABIDE_LINE_ZERO &&
           list->items[start + count].size_bytes == w->line->word_bytes)
        count++;
    count -= count % 2;
    size_t worth_it = w->data->clear_pair ? 8 : 4;
    const char *name = count >= worth_it && w->data->vector_clear ? free_register(w, true) : NULL;
    for (size_t i = 0; name && i < count; i += 2) {
        struct abide_line_op *op = &list->items[start + i];
        if (i == 0) {
            say(w, w->data->vector_clear, (struct abide_edge_words){.name = name});
            take(w, name);
        }
        op->size_bytes = 2 * w->line->word_bytes;
        if (!store(w, op, name))
            return 0;
        op[0].is_done = op[1].is_done = true;
    }
    w->taken.count = 0;
    return name ? count : 0;
}

static bool store_one(struct writer *w, struct abide_line_op *op)
{
    if (op->from.kind == ABIDE_LINE_ZERO) {
        if (!clear(w, op))
            return false;
    } else {
        const char *name = fetch(w, op);
        if (!name || !store(w, op, name))
            return false;
    }
    op->is_done = true;
    w->taken.count = 0;
    return true;
}

static bool store_all(struct writer *w, enum abide_line_phase phase)
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

/* ---- the stack, pushed ---- */

static struct abide_line_op *word_op(struct writer *w, uint64_t offset_bytes)
{
    abide_line_list *list = &w->line->ops[ABIDE_LINE_STACK];
    for (size_t i = 0; i < list->count; i++)
        if (list->items[i].to.offset_bytes == offset_bytes)
            return &list->items[i];
    return NULL;
}

static bool push_register(struct writer *w, const char *name)
{
    say(w, w->data->push, (struct abide_edge_words){.name = name});
    abide_assembly__lowered(&w->a, w->line->word_bytes);
    w->depth_bytes += w->line->word_bytes;
    return !w->line->reason;
}

/* No vector register is pushed: it is stored where the stack pointer has been lowered to. */
static bool is_stored(const struct writer *w, const struct abide_line_op *op)
{
    return op->from.kind == ABIDE_LINE_REGISTER && is_vector(w, op->from.name);
}

static bool push_word(struct writer *w, struct abide_line_op *op)
{
    struct abide_edge_words words = {0};
    uint64_t word_bytes = w->line->word_bytes;
    const char *name;
    if (op->from.kind == ABIDE_LINE_MEMORY && !op->extend &&
        op->from.readable_bytes >= word_bytes) {
        words.base = address(w, &op->from, NULL, &words.offset);
        if (!words.base)
            return false;
        say(w, w->data->push_memory, words);
        abide_assembly__lowered(&w->a, word_bytes);
        w->depth_bytes += word_bytes;
        return !w->line->reason;
    }
    name = fetch(w, op);
    return name && push_register(w, name);
}

static bool push_all(struct writer *w)
{
    uint64_t word_bytes = w->line->word_bytes;
    for (uint64_t at = w->outgoing_bytes; at > 0; at -= word_bytes) {
        struct abide_line_op *op = word_op(w, at - word_bytes);
        if (!op)
            continue;
        /* Words that nobody writes, or that are not pushed. */
        uint64_t end_bytes = is_stored(w, op) ? at - word_bytes : at;
        if (w->depth_bytes + end_bytes < w->total_bytes)
            lower(w, w->total_bytes - end_bytes - w->depth_bytes);
        if (is_stored(w, op) ? !store(w, op, now_of(w, op->from.name)) : !push_word(w, op))
            return false;
        op->is_done = true;
        w->taken.count = 0;
    }
    lower(w, w->total_bytes - w->depth_bytes);
    return true;
}

/* Where the highest word that is pushed ends: the frame starts with all above it. */
static uint64_t pushed_end(struct writer *w)
{
    uint64_t end_bytes = w->outgoing_bytes;
    while (end_bytes > 0) {
        const struct abide_line_op *op = word_op(w, end_bytes - w->line->word_bytes);
        if (op && !is_stored(w, op))
            break;
        end_bytes -= w->line->word_bytes;
    }
    return end_bytes;
}

/* ---- in parallel ---- */

/* Whether an operation writes what another one still reads. */
static bool is_blocked(const struct writer *w, const struct abide_line_op *op)
{
    if (op->to.kind == ABIDE_LINE_REGISTER)
        return has_wanted(w, op->to.name, op) || is_held(w, op->to.name, false) ||
               (w->block_name && !strcmp(w->block_name, op->to.name) &&
                op->from.kind != ABIDE_LINE_ADDRESS);
    for (size_t phase = first_phase(w); phase < end_phase(w); phase++)
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

static bool take_one(struct writer *w, struct abide_line_op *op)
{
    if (op->to.kind == ABIDE_LINE_MEMORY)
        return store_one(w, op);
    if (!set_register(w, op))
        return false;
    op->is_done = true;
    finish_register(w, op->to.name);
    return true;
}

/* What one operation reads is put into a register that is free. */
static bool set_aside(struct writer *w, struct abide_line_op *op)
{
    const char *to = op->to.name;
    if (w->renamings.count > ABIDE_MAX_REGISTERS)
        return give_up(w, "values wait for each other");
    if (op->to.kind == ABIDE_LINE_REGISTER) {
        /* Who is in the way of this operation moves. */
        const char *name = free_register(w, is_vector(w, to));
        const char *moved = to;
        for (size_t i = 0; i < w->renamings.count; i++)
            if (!strcmp(now_of(w, w->renamings.items[i].name), to))
                moved = w->renamings.items[i].name;
        if (!name || is_held(w, to, false) || !move(w, name, to))
            return give_up(w, "no register is free");
        if (w->block_name && !strcmp(w->block_name, to)) {
            w->block_name = name;
            return true;
        }
        abide__push(w->line->ctx, &w->renamings, (struct renaming){moved, name});
        return true;
    }
    if (op->from.kind != ABIDE_LINE_MEMORY)
        return give_up(w, "places of the stack wait for each other");
    const char *name = fetch(w, op);
    if (!name)
        return false;
    w->taken.count = 0;
    op->from = (struct abide_line_spot){.kind = ABIDE_LINE_REGISTER, .name = name};
    op->extend = ABIDE_EXTEND_NONE;
    return true;
}

static bool is_unchanged(const struct abide_line_op *op)
{
    return op->from.kind == ABIDE_LINE_REGISTER && op->to.kind == ABIDE_LINE_REGISTER &&
           !op->extend && !strcmp(op->from.name, op->to.name);
}

/* The lists of the phases from `first` to `last`, each operation when nobody needs any longer what it overwrites. */
static bool take_parallel(struct writer *w, size_t first, size_t last)
{
    for (;;) {
        struct abide_line_op *stuck = NULL, *next = NULL;
        for (size_t phase = first; phase <= last; phase++)
            for (size_t i = 0; i < w->line->ops[phase].count && !next; i++) {
                struct abide_line_op *op = &w->line->ops[phase].items[i];
                if (op->is_done)
                    continue;
                if (is_unchanged(op) && !strcmp(now_of(w, op->from.name), op->from.name)) {
                    op->is_done = true;
                    finish_register(w, op->to.name);
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

/* ---- the frame ---- */

static uint64_t stack_align_bytes(const struct writer *w)
{
    return w->line->callee->processor->conventions[0].align_bytes;
}

/* Pointers that came in registers and are needed after the call. */
static void list_spills(struct writer *w)
{
    for (size_t phase = ABIDE_LINE_KEEPS; phase < ABIDE_LINE_PHASE_COUNT; phase++)
        for (size_t i = 0; i < w->line->ops[phase].count; i++) {
            const struct abide_line_op *op = &w->line->ops[phase].items[i];
            const struct abide_line_spot *spots[] = {&op->from, &op->to};
            for (size_t k = 0; k < 2; k++) {
                const abide_piece *piece = spots[k]->pointer;
                if (piece && piece->register_name && piece != w->line->returned &&
                    !spill_of(w, piece))
                    abide__push(w->line->ctx, &w->spills, (struct spill){.piece = piece});
            }
        }
}

static uint64_t place_block(struct writer *w, uint64_t end_bytes)
{
    uint64_t in_block_bytes = 0;
    for (size_t i = 0; i < w->line->plan->temporary_count; i++) {
        if (!w->line->is_real[i] || !is_in_block(w, i))
            continue;
        uint64_t align_bytes = abide_line__align_of(w->line, i);
        w->temporaries_at[i] = round_up(in_block_bytes, align_bytes);
        in_block_bytes = w->temporaries_at[i] + w->line->plan->temporaries[i].size_bytes;
        if (align_bytes > w->block_align_bytes)
            w->block_align_bytes = align_bytes;
    }
    if (!w->block_align_bytes)
        return end_bytes;
    uint64_t spare_bytes = w->block_align_bytes - stack_align_bytes(w);
    w->block_at = round_up(end_bytes, stack_align_bytes(w)) + spare_bytes;
    return w->block_at + round_up(in_block_bytes, w->line->word_bytes);
}

/* Where neighbours are moved in pairs, those that are long start where a pair may. */
static uint64_t place_align_of(const struct writer *w, size_t temporary)
{
    uint64_t align_bytes = abide_line__align_of(w->line, temporary);
    bool in_pairs =
        w->data->vector_load_pair[4] && w->line->plan->temporaries[temporary].size_bytes >= 32;
    return in_pairs && align_bytes < 16 ? 16 : align_bytes;
}

static uint64_t place_temporaries(struct writer *w, uint64_t end_bytes)
{
    const abide_plan *plan = w->line->plan;
    w->temporaries_at = abide__new_array(w->line->ctx, uint64_t, plan->temporary_count + 1);
    for (size_t i = 0; i < plan->temporary_count; i++)
        if (w->line->is_real[i] && !is_in_block(w, i)) {
            w->temporaries_at[i] = round_up(end_bytes, place_align_of(w, i));
            end_bytes = w->temporaries_at[i] +
                        round_up(plan->temporaries[i].size_bytes, w->line->word_bytes);
        }
    return place_block(w, end_bytes);
}

/* From the lowest: the callee's arguments, temporaries, what is kept, the link. Where they all are entered at once, that comes first. */
static bool place_all(struct writer *w)
{
    uint64_t word_bytes = w->line->word_bytes, align_bytes = stack_align_bytes(w);
    uint64_t return_bytes = w->a.data->return_bytes;
    bool has_link = w->a.data->link != NULL;
    list_spills(w);
    w->outgoing_bytes = round_up(w->line->plan->callee->stack_bytes, word_bytes);
    if (w->line->plan->caller->stack_bytes > w->data->reach_bytes ||
        w->outgoing_bytes > w->data->reach_bytes)
        return give_up(w, "there is much on the stack");
    for (size_t i = 0; i < w->line->plan->temporary_count; i++)
        if (w->line->plan->temporaries[i].size_bytes > w->data->reach_bytes ||
            abide_line__align_of(w->line, i) > w->data->reach_bytes)
            return give_up(w, "a temporary is large");
    w->enters_at_once = has_link && w->data->enter && w->outgoing_bytes == 0;
    uint64_t head_bytes =
        w->enters_at_once ? word_bytes + (w->spills.count ? word_bytes : 0) : w->outgoing_bytes;
    uint64_t end_bytes = place_temporaries(w, head_bytes);
    if (has_link && !w->enters_at_once) {
        w->link_at = end_bytes;
        end_bytes += word_bytes;
    }
    for (size_t i = 0; i < w->spills.count; i++) {
        bool is_first = w->enters_at_once && i == 0;
        w->spills.items[i].at_bytes = is_first ? word_bytes : end_bytes;
        end_bytes += is_first ? 0 : word_bytes;
    }
    w->total_bytes = round_up(end_bytes + return_bytes, align_bytes) - return_bytes;
    for (size_t i = 0; pushes(w) && i < w->spills.count; i++)
        w->spills.items[i].at_bytes = w->total_bytes - (i + 1) * word_bytes;
    w->enters_by_pair =
        w->enters_at_once && (w->spills.count || w->total_bytes > w->data->enter_bytes);
    return w->total_bytes <= w->data->reach_bytes || give_up(w, "the frame is large");
}

static void save_link(struct writer *w)
{
    const char *link = w->a.data->link;
    access_memory(w, (struct access){.kind = ACCESS_STORE,
                                     .width = width_of(w->line->word_bytes),
                                     .name = link,
                                     .base = w->a.data->stack,
                                     .offset_bytes = w->link_at});
}

static void note_link(struct writer *w)
{
    flush(w);
    abide_assembly__saved(&w->a, w->a.data->link,
                          w->a.data->return_bytes + w->total_bytes - w->link_at);
}

static bool enter_at_once(struct writer *w)
{
    const char *second =
        w->spills.count ? w->spills.items[0].piece->register_name : w->a.data->frame;
    if (w->enters_by_pair && w->total_bytes > w->data->enter_pair_bytes)
        return give_up(w, "the frame is large");
    say(w, w->enters_by_pair ? w->data->enter_pair : w->data->enter,
        (struct abide_edge_words){.name = second, .bytes = w->total_bytes});
    abide_assembly__lowered(&w->a, w->total_bytes);
    w->depth_bytes = w->total_bytes;
    note_link(w);
    return true;
}

static bool store_spill(struct writer *w, const struct spill *spill)
{
    return access_memory(w, (struct access){.kind = ACCESS_STORE,
                                            .width = width_of(w->line->word_bytes),
                                            .name = spill->piece->register_name,
                                            .base = w->a.data->stack,
                                            .offset_bytes = in_frame(w, spill->at_bytes)});
}

static bool enter(struct writer *w)
{
    size_t first = 0;
    if (w->enters_at_once) {
        if (!enter_at_once(w))
            return false;
        first = 1;
    } else if (pushes(w)) {
        for (size_t i = 0; i < w->spills.count; i++)
            if (!push_register(w, w->spills.items[i].piece->register_name))
                return false;
        lower(w, w->total_bytes - pushed_end(w) - w->depth_bytes);
        return true;
    } else {
        lower(w, w->total_bytes);
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
static bool reads_stack_after(const struct writer *w)
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

static void leave_at_once(struct writer *w, const char *second)
{
    say(w, w->enters_by_pair ? w->data->leave_pair : w->data->leave,
        (struct abide_edge_words){.name = second, .bytes = w->total_bytes});
    abide_assembly__raised(&w->a, w->total_bytes);
    abide_assembly__restored(&w->a, w->a.data->link);
    w->depth_bytes = 0;
}

/* The frame ends, and the one pointer that was kept in it comes back, by one instruction. */
static bool leave_early(struct writer *w)
{
    if (w->spills.count != 1 || reads_stack_after(w))
        return true;
    bool by_pair = w->enters_at_once && w->depth_bytes == w->total_bytes;
    bool by_pop = pushes(w) && w->data->pop && w->depth_bytes == w->line->word_bytes;
    if (!by_pair && !by_pop)
        return true;
    const char *name = free_register(w, false);
    if (!name)
        return false;
    if (by_pair) {
        leave_at_once(w, name);
    } else {
        say(w, w->data->pop, (struct abide_edge_words){.name = name});
        abide_assembly__raised(&w->a, w->line->word_bytes);
        w->depth_bytes = 0;
    }
    hold(w, w->spills.items[0].piece, name, true);
    return true;
}

static bool leave(struct writer *w)
{
    const char *link = w->a.data->link;
    if (w->depth_bytes == 0)
        return true;
    if (w->enters_at_once) {
        const char *second = w->spills.count ? free_register(w, false) : w->a.data->frame;
        if (!second)
            return false;
        leave_at_once(w, second);
        return true;
    }
    if (link) {
        access_memory(w, (struct access){.kind = ACCESS_LOAD,
                                         .width = width_of(w->line->word_bytes),
                                         .name = link,
                                         .base = w->a.data->stack,
                                         .offset_bytes = w->link_at});
        flush(w);
        abide_assembly__restored(&w->a, link);
    }
    raise(w, w->depth_bytes);
    return true;
}

/* ---- the whole ---- */

static void start_after(struct writer *w)
{
    const abide_plan *plan = w->line->plan;
    w->is_after = true;
    w->renamings.count = w->written.count = w->taken.count = w->held_count = 0;
    w->block_name = NULL;
    if (w->line->returned)
        hold(w, w->line->returned, w->line->returned_name, true);
    /* What is where the caller looks is not overwritten. */
    if (plan->result.in_place && plan->result.kind == ABIDE_RETURN_ADDRESS)
        abide__push(w->line->ctx, &w->written, plan->caller->result.returned_register);
    if (plan->result.in_place && plan->result.kind == ABIDE_RETURN_VALUE)
        for (size_t i = 0; i < plan->caller->result.piece_count; i++)
            if (plan->caller->result.pieces[i].register_name)
                abide__push(w->line->ctx, &w->written,
                            plan->caller->result.pieces[i].register_name);
}

static bool write_call(struct writer *w)
{
    const abide_plan *plan = w->line->plan;
    if (!place_all(w) || !enter(w) || !store_all(w, ABIDE_LINE_STORES) ||
        !(pushes(w) ? push_all(w) : store_all(w, ABIDE_LINE_STACK)) ||
        !take_parallel(w, ABIDE_LINE_REGISTERS, ABIDE_LINE_REGISTERS))
        return false;
    const char *name = strstr(w->data->call, "<register>") ? free_register(w, false) : NULL;
    if (strstr(w->data->call, "<register>") && !name)
        return false;
    say(w, w->data->call, (struct abide_edge_words){.name = name, .target = w->data->operand});
    if (abide_assignment__removed_bytes(plan->callee)) {
        w->depth_bytes -= abide_assignment__removed_bytes(plan->callee);
        abide_assembly__raised(&w->a, abide_assignment__removed_bytes(plan->callee));
    }
    start_after(w);
    if (!leave_early(w) || !store_all(w, ABIDE_LINE_KEEPS) ||
        !take_parallel(w, ABIDE_LINE_RESULTS, ABIDE_LINE_RESULTS) || !leave(w))
        return false;
    flush(w);
    abide_image__give_back(&w->a, abide_assignment__removed_bytes(plan->caller));
    return true;
}

static bool write_jump(struct writer *w)
{
    w->temporaries_at =
        abide__new_array(w->line->ctx, uint64_t, w->line->plan->temporary_count + 1);
    if (w->line->plan->caller->stack_bytes > w->data->reach_bytes)
        return give_up(w, "there is much on the stack");
    if (!store_all(w, ABIDE_LINE_STORES) ||
        !take_parallel(w, ABIDE_LINE_STACK, ABIDE_LINE_REGISTERS))
        return false;
    say(w, w->data->jump, (struct abide_edge_words){.target = w->data->operand});
    return true;
}

/* What the caller counts on is neither overwritten here nor by the callee, and the stack is as the callee counts on it. */
static bool keeps_promises(struct writer *w)
{
    const abide_plan *plan = w->line->plan;
    uint64_t align_bytes = plan->callee->stack_align_bytes;
    for (size_t i = 0; i < plan->caller->preserved_count; i++)
        if (!abide_side__preserves(w->line->callee, plan->caller->preserved[i]))
            return give_up(w, "the callee does not preserve what the caller counts on");
    for (size_t phase = 0; phase < ABIDE_LINE_PHASE_COUNT; phase++)
        for (size_t i = 0; i < w->line->ops[phase].count; i++) {
            const struct abide_line_op *op = &w->line->ops[phase].items[i];
            if (op->to.kind == ABIDE_LINE_REGISTER && !is_unchanged(op) && is_owed(w, op->to.name))
                return give_up(w, "an argument is in a register that the caller counts on");
        }
    if (plan->caller->stack_align_bytes % align_bytes != 0 || align_bytes > stack_align_bytes(w))
        return give_up(w, "the stack is to be aligned");
    return !plan->callee->vector_count_register || give_up(w, "vector registers are counted");
}

static bool can_write(const abide_plan *plan, const struct abide_edge_data *data, bool is_jump)
{
    return data && data->line && (!is_jump || data->line->jump) &&
           plan->temporary_count < BATCH_MAX * 4;
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
    struct writer w = {.line = &line, .data = data->line, .a = {.ctx = ctx, .data = data}};
    bool fine = abide_line__collect(&line) && keeps_promises(&w) &&
                (ends_in_jump ? write_jump(&w) : write_call(&w)) && !line.reason;
    *words = !fine          ? line.reason
             : ends_in_jump ? "moves and a jump, by assembly"
                            : "a frame and a call, by assembly";
    return fine ? w.a.text.chars : NULL;
}
