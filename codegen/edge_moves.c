/* What a plan moves, word by word; then the instructions for it. */
#include "edge_moves.h"

#include "edge_image.h"
#include "moves.h"
#include "plan/places.h"

#include <assert.h>
#include <string.h>

/* Words of the caller's stack have numbers from here on where those of the callee's lie elsewhere. */
#define CALLERS_WORDS ((uint32_t)1 << 24)
/* The stack of thunks that are assembly alone: more is for loops. */
#define STACK_MAX_BYTES 512

/* A register that is to be extended when it has its value. */
struct widening {
    const char *name;
    abide_extend extend;
    uint64_t bits; /* of the value */
};

struct moving {
    struct abide_assembly a;
    const abide_plan *plan;
    const struct abide_side *caller;
    const struct abide_side *callee;
    uint32_t word_bytes;
    bool is_jump;
    const char *reason; /* why it cannot be done; NULL so far */
    ABIDE_VEC(struct abide_move) moves;
    ABIDE_VEC(struct widening) widenings;
    abide_pictured_list kept;
    uint64_t kept_bytes;
    uint64_t stack_bytes; /* of the callee's arguments, in a call */
};

static bool give_up(struct moving *m, const char *reason)
{
    m->reason = reason;
    return false;
}

/* ---- what moves ---- */

/* All registers that can be passed have one order, that of the edge's convention. */
static const struct abide_register_order *order_of(const struct moving *m)
{
    return &m->caller->convention->arguments;
}

static const char *name_of(const struct moving *m, const struct abide_spot *spot)
{
    return order_of(m)->registers[spot->file].items[spot->index];
}

static const struct abide_edge_group *group_of(const struct moving *m,
                                               const struct abide_spot *spot)
{
    return abide_edge_data__find(m->a.data, name_of(m, spot)).group;
}

static struct abide_spot register_spot(const struct moving *m, const char *name)
{
    struct abide_register_at at;
    bool found = abide_convention__argument(m->caller->convention, name, &at);
    assert(found);
    (void)found;
    return (struct abide_spot){false, at.kind, (uint32_t)at.index};
}

/* A part of a piece that lies in one register or one word of the stack. */
struct part {
    struct abide_spot spot;
    uint64_t at_bytes; /* of the part, in the register or the word */
    uint64_t size_bytes;
};

/* The part of a piece from byte `from_bytes` of its value on; the file of a word is that of what it is moved to. */
static struct part part_of(const struct moving *m, const abide_piece *piece, uint64_t from_bytes,
                           bool is_callers)
{
    uint64_t into_bytes = from_bytes - piece->offset_bytes;
    uint64_t left_bytes = piece->size_bytes - into_bytes;
    if (piece->register_name)
        return (struct part){register_spot(m, piece->register_name), piece->at_bytes + into_bytes,
                             left_bytes};
    uint64_t start_bytes = (uint64_t)piece->stack_offset_bytes + into_bytes;
    uint64_t at_bytes = start_bytes % m->word_bytes;
    uint64_t word_bytes = m->word_bytes - at_bytes;
    uint32_t index = (uint32_t)(start_bytes / m->word_bytes);
    return (struct part){{true, 0, index + (is_callers && !m->is_jump ? CALLERS_WORDS : 0)},
                         at_bytes,
                         left_bytes < word_bytes ? left_bytes : word_bytes};
}

/* Whether instructions move what is there: registers as a whole, and words. */
static bool can_move(struct moving *m, const struct part *from, const struct part *to)
{
    const struct abide_spot *one = to->spot.is_memory ? &from->spot : &to->spot;
    if (from->at_bytes != to->at_bytes)
        return give_up(m, "a value lies elsewhere in its place");
    if (one->is_memory)
        return true;
    const struct abide_edge_group *group = group_of(m, one);
    bool is_same = from->spot.is_memory == to->spot.is_memory && from->spot.index == to->spot.index;
    if (from->spot.is_memory == to->spot.is_memory && from->spot.file != to->spot.file)
        return give_up(m, "a value moves to another kind of register");
    if (!group->move && !is_same)
        return give_up(m, "a value moves between registers that have no instruction for it");
    if (from->spot.is_memory || to->spot.is_memory) {
        if (!group->load_word || to->size_bytes > m->word_bytes ||
            from->at_bytes + to->size_bytes > m->word_bytes ||
            (group->is_boxed && to->size_bytes < group->bytes && from->spot.is_memory))
            return give_up(m, "a value does not fill a word");
    }
    return true;
}

static bool add_move(struct moving *m, struct part from, struct part to)
{
    if (!can_move(m, &from, &to))
        return false;
    if (from.spot.is_memory)
        from.spot.file = to.spot.file;
    if (to.spot.is_memory)
        to.spot.file = from.spot.file;
    for (size_t i = 0; i < m->moves.count; i++) {
        const struct abide_spot *other = &m->moves.items[i].to;
        if (other->is_memory == to.spot.is_memory && other->index == to.spot.index &&
            (other->is_memory || other->file == to.spot.file))
            return give_up(m, "several values share a place");
    }
    abide__push(m->a.ctx, &m->moves, (struct abide_move){.to = to.spot, .from = from.spot});
    return true;
}

static const abide_piece *piece_with(const struct abide_assigned *place, uint64_t byte)
{
    for (size_t i = 0; i < place->piece_count; i++)
        if (byte >= place->pieces[i].offset_bytes &&
            byte - place->pieces[i].offset_bytes < place->pieces[i].size_bytes)
            return &place->pieces[i];
    return NULL;
}

static bool widen(struct moving *m, const abide_piece *to)
{
    if (to->extend != ABIDE_EXTEND_ZERO && to->extend != ABIDE_EXTEND_SIGN)
        return true;
    const struct abide_edge_group *group =
        to->register_name ? abide_edge_data__find(m->a.data, to->register_name).group : NULL;
    if (!group || !group->zero || to->at_bytes != 0)
        return give_up(m, "a value is extended in memory");
    abide__push(m->a.ctx, &m->widenings,
                (struct widening){to->register_name, to->extend, to->size_bytes * 8});
    return true;
}

/* One piece of a sink, whose first byte is byte `from_bytes` of what lies in `source`. */
static bool move_piece(struct moving *m, const struct abide_assigned *source, uint64_t from_bytes,
                       const abide_piece *to, bool must_extend, bool is_callers)
{
    if (to->as)
        return give_up(m, "a value is converted");
    for (uint64_t done = 0; done < to->size_bytes;) {
        const abide_piece *piece = piece_with(source, from_bytes + done);
        if (!piece || piece->as)
            return give_up(m, piece ? "a value is converted" : "a value is made");
        struct part from = part_of(m, piece, from_bytes + done, is_callers);
        struct part sink = part_of(m, to, to->offset_bytes + done, false);
        if (sink.size_bytes > to->size_bytes - done)
            sink.size_bytes = to->size_bytes - done;
        if (from.size_bytes < sink.size_bytes && !sink.spot.is_memory)
            return give_up(m, "a register is put together from several places");
        if (from.size_bytes < sink.size_bytes)
            sink.size_bytes = from.size_bytes;
        if (!add_move(m, from, sink))
            return false;
        done += sink.size_bytes;
    }
    return !must_extend || widen(m, to);
}

static bool are_one_run(const struct abide_run *runs, size_t count)
{
    return count == 1 && runs[0].from_size_bytes == runs[0].to_size_bytes;
}

static bool move_value(struct moving *m, const struct abide_feed *feed,
                       const struct abide_assigned *sink)
{
    const struct abide_object *object = &feed->object;
    if (object->kind != ABIDE_OBJECT_ARGUMENT || sink->pass != ABIDE_PASS_DIRECT ||
        m->plan->caller->arguments[object->index].pass != ABIDE_PASS_DIRECT ||
        !are_one_run(feed->runs, feed->run_count))
        return give_up(m, "a value goes through memory or changes its form");
    const struct abide_run *run = &feed->runs[0];
    for (size_t i = 0; i < sink->piece_count; i++) {
        const abide_piece *to = &sink->pieces[i];
        if (to->offset_bytes < run->to_bytes ||
            to->offset_bytes + to->size_bytes > run->to_bytes + run->to_size_bytes)
            return give_up(m, "a value is made");
        uint64_t from_bytes =
            object->offset_bytes + run->from_bytes + (to->offset_bytes - run->to_bytes);
        if (!move_piece(m, &m->plan->caller->arguments[object->index], from_bytes, to,
                        feed->must_extend, true))
            return false;
    }
    return true;
}

/* An address that the caller passes is passed on. */
static bool move_address(struct moving *m, const struct abide_feed *feed,
                         const struct abide_assigned *sink)
{
    const struct abide_object *object = &feed->object;
    const abide_assignment *caller = m->plan->caller;
    const struct abide_assigned *source = NULL;
    if (object->kind == ABIDE_OBJECT_RESULT_MEMORY)
        source = &caller->result;
    else if (object->kind == ABIDE_OBJECT_POINTEE)
        source = &caller->arguments[object->index];
    bool is_pointer =
        source && (source->pass == ABIDE_PASS_HIDDEN || source->pass == ABIDE_PASS_POINTER);
    if (!is_pointer || object->offset_bytes != 0 ||
        (sink->pass != ABIDE_PASS_HIDDEN && sink->pass != ABIDE_PASS_POINTER))
        return give_up(m, "an address is made");
    const struct abide_assigned pointer = {.pieces = &source->pointer, .piece_count = 1};
    return move_piece(m, &pointer, source->pointer.offset_bytes, &sink->pointer, feed->must_extend,
                      true);
}

static bool move_feed(struct moving *m, const struct abide_feed *feed,
                      const struct abide_assigned *sink)
{
    switch (feed->kind) {
    case ABIDE_FEED_NOTHING: return true;
    case ABIDE_FEED_VALUE: return move_value(m, feed, sink);
    case ABIDE_FEED_ADDRESS: return move_address(m, feed, sink);
    case ABIDE_FEED_INNER:
    case ABIDE_FEED_NULL: break;
    }
    return give_up(m, "an argument is made");
}

static bool move_arguments(struct moving *m)
{
    const abide_plan *plan = m->plan;
    for (size_t i = 0; i < plan->feed_count; i++)
        if (!move_feed(m, &plan->feeds[i], &plan->callee->arguments[i]))
            return false;
    return move_feed(m, &plan->hidden, &plan->callee->result);
}

static bool move_results(struct moving *m)
{
    const struct abide_return *result = &m->plan->result;
    const struct abide_assigned *from = &m->plan->callee->result, *to = &m->plan->caller->result;
    if (result->kind == ABIDE_RETURN_NOTHING)
        return true;
    if (result->kind == ABIDE_RETURN_ADDRESS) {
        if (!from->returned_register || m->plan->hidden.kind != ABIDE_FEED_ADDRESS ||
            m->plan->hidden.object.kind != ABIDE_OBJECT_RESULT_MEMORY)
            return give_up(m, "the address of the result does not come back");
        const struct part one = {register_spot(m, from->returned_register), 0, m->word_bytes};
        const struct part other = {register_spot(m, to->returned_register), 0, m->word_bytes};
        return add_move(m, one, other);
    }
    if (result->object.kind != ABIDE_OBJECT_CALLEE_RESULT || from->pass != ABIDE_PASS_DIRECT ||
        !are_one_run(result->runs, result->run_count) || result->runs[0].to_bytes != 0)
        return give_up(m, "the result goes through memory or changes its form");
    if ((to->piece_count && !to->pieces[0].register_name) ||
        (from->piece_count && !from->pieces[0].register_name))
        return give_up(m, "the result lies on the stack");
    for (size_t i = 0; i < to->piece_count; i++)
        if (!move_piece(m, from,
                        result->object.offset_bytes + result->runs[0].from_bytes +
                            to->pieces[i].offset_bytes,
                        &to->pieces[i], result->must_extend, false))
            return false;
    return true;
}

static bool all_back_in_place(const abide_plan *plan)
{
    for (size_t i = 0; i < plan->back_count; i++)
        if (!plan->back[i].in_place)
            return false;
    return true;
}

static bool does_nothing_else(const abide_plan *plan)
{
    return plan->hook_count == 0 && plan->store_count == 0 && plan->before_count == 0 &&
           plan->after_count == 0 && plan->inner_count == 0 && !plan->zero_result_memory &&
           plan->env_argument == SIZE_MAX && plan->target == ABIDE_TARGET_SYMBOL &&
           all_back_in_place(plan) && !plan->caller->physical->machine->returned_by &&
           !plan->caller->physical->is_variadic && !plan->callee->physical->is_variadic;
}

/* ---- instructions ---- */

static uint64_t popped_bytes(const struct abide_side *side)
{
    return abide_assignment__removed_bytes(side->assignment);
}

static bool is_moved(const struct moving *m, const char *name, bool also_from)
{
    for (size_t i = 0; i < m->moves.count; i++) {
        const struct abide_move *move = &m->moves.items[i];
        if ((!move->to.is_memory && !strcmp(name_of(m, &move->to), name)) ||
            (also_from && !move->from.is_memory && !strcmp(name_of(m, &move->from), name)))
            return true;
    }
    return false;
}

/* Whether the moves write to a register, or to what it is a part of. */
static bool is_written(const struct moving *m, const char *name)
{
    for (size_t i = 0; i < m->moves.count; i++) {
        const struct abide_move *move = &m->moves.items[i];
        const abide_pictured_list one = {
            &(struct abide_pictured){.name = move->to.is_memory ? "" : name_of(m, &move->to)}, 1,
            1};
        if (!move->to.is_memory && abide_image__has(m->a.data, &one, name))
            return true;
    }
    for (size_t i = 0; i < m->widenings.count; i++)
        if (!strcmp(m->widenings.items[i].name, name))
            return true;
    return false;
}

/* Whether the caller counts on a register, or on a part of it. */
static bool is_owed(const struct moving *m, const char *name)
{
    const abide_assignment *caller = m->caller->assignment;
    const abide_pictured_list one = {&(struct abide_pictured){.name = name}, 1, 1};
    for (size_t i = 0; i < caller->preserved_count; i++)
        if (abide_image__has(m->a.data, &one, caller->preserved[i]) &&
            !abide_image__returns_in(m->caller, caller->preserved[i]))
            return true;
    return false;
}

static struct abide_spot *free_spots(struct moving *m, size_t *count)
{
    struct abide_spot *spots = abide__new_array(m->a.ctx, struct abide_spot,
                                                ABIDE_REGISTER_KIND_COUNT * ABIDE_MAX_REGISTERS);
    *count = 0;
    for (uint32_t kind = 0; kind < ABIDE_REGISTER_KIND_COUNT; kind++)
        for (uint32_t i = 0; i < order_of(m)->registers[kind].count; i++) {
            const char *name = order_of(m)->registers[kind].items[i];
            if (!is_moved(m, name, true) && !is_owed(m, name))
                spots[(*count)++] = (struct abide_spot){false, kind, i};
        }
    return spots;
}

/* Where a word lies from the stack pointer. */
static uint64_t offset_of(const struct moving *m, const struct abide_spot *word)
{
    uint64_t above_bytes = m->a.data->return_bytes;
    if (m->is_jump)
        return above_bytes + (uint64_t)word->index * m->word_bytes;
    if (word->index < CALLERS_WORDS)
        return (uint64_t)word->index * m->word_bytes;
    return above_bytes + m->kept_bytes + m->stack_bytes +
           (uint64_t)(word->index - CALLERS_WORDS) * m->word_bytes;
}

static void write_step(struct moving *m, const struct abide_move *step)
{
    const struct abide_spot *one = step->to.is_memory ? &step->from : &step->to;
    const struct abide_spot *word = step->to.is_memory ? &step->to : &step->from;
    const struct abide_edge_group *group = group_of(m, one);
    struct abide_edge_words words = {.name = name_of(m, one), .base = m->a.data->stack};
    if (!word->is_memory) {
        words.from = name_of(m, &step->from);
        abide_assembly__write(&m->a, step->is_swap ? group->swap : group->move, words);
        return;
    }
    words.offset = offset_of(m, word);
    abide_assembly__write(&m->a, step->to.is_memory ? group->store_word : group->load_word, words);
}

/* The moves that were listed, and then no longer are. */
static bool write_moves(struct moving *m)
{
    abide_move_list steps = {0};
    size_t spot_count;
    const struct abide_spot *spots = free_spots(m, &spot_count);
    const bool swaps[ABIDE_REGISTER_KIND_COUNT] = {m->a.data->groups[0].swap != NULL};
    const struct abide_move_scratch scratch = {spots, spot_count, swaps};
    if (!abide_moves__resolve(m->a.ctx, m->moves.items, m->moves.count, &scratch, &steps))
        return give_up(m, "no register is free");
    for (size_t i = 0; i < steps.count; i++)
        write_step(m, &steps.items[i]);
    for (size_t i = 0; i < m->widenings.count; i++) {
        const struct widening *one = &m->widenings.items[i];
        const struct abide_edge_group *group = abide_edge_data__find(m->a.data, one->name).group;
        abide_assembly__write(&m->a, one->extend == ABIDE_EXTEND_SIGN ? group->sign : group->zero,
                              (struct abide_edge_words){.name = one->name,
                                                        .bits = one->bits,
                                                        .register_bits = group->bytes * 8});
    }
    m->moves.count = m->widenings.count = 0;
    return true;
}

static bool write_jump(struct moving *m)
{
    const struct abide_edge_moves *far = m->a.data->moves;
    struct abide_edge_words words = {.target = far->operand};
    for (size_t i = 0; i < far->through.count && !words.from; i++)
        if (!is_moved(m, far->through.items[i], false) && !is_owed(m, far->through.items[i]))
            words.from = far->through.items[i];
    if (far->through.count > 0 && !words.from)
        return give_up(m, "no register is free for the address of the callee");
    if (!write_moves(m))
        return false;
    abide_assembly__write(&m->a, far->jump, words);
    return true;
}

static bool is_unchanged(const struct moving *m)
{
    for (size_t i = 0; i < m->moves.count; i++) {
        const struct abide_move *move = &m->moves.items[i];
        if (move->to.is_memory || move->from.is_memory || move->to.file != move->from.file ||
            move->to.index != move->from.index)
            return false;
    }
    return m->widenings.count == 0;
}

/* What the caller counts on and the callee does not keep, or the moves destroy. */
static void list_kept(struct moving *m)
{
    const struct abide_edge_data *data = m->a.data;
    const abide_assignment *caller = m->caller->assignment;
    if (data->link)
        abide_image__keep(m->a.ctx, data, &m->kept, data->link, &m->kept_bytes);
    for (size_t i = 0; i < caller->preserved_count; i++) {
        const char *name = caller->preserved[i];
        if (abide_edge_data__find(data, name).group && !abide_image__returns_in(m->caller, name) &&
            (!data->link || strcmp(name, data->link) != 0) &&
            (is_written(m, name) || !abide_image__preserves(m->callee, name)))
            abide_image__keep(m->a.ctx, data, &m->kept, name, &m->kept_bytes);
    }
}

/* A frame of what is kept, with the callee's stack arguments below it. */
static bool make_frame(struct moving *m)
{
    uint64_t align_bytes = m->callee->assignment->stack_align_bytes;
    uint64_t return_bytes = m->a.data->return_bytes;
    uint64_t own_bytes = m->callee->processor->conventions[0].align_bytes;
    list_kept(m);
    m->stack_bytes = m->callee->assignment->stack_bytes;
    if (m->caller->assignment->stack_align_bytes % align_bytes != 0 || align_bytes > own_bytes)
        return give_up(m, "the stack is to be aligned");
    m->stack_bytes = (m->stack_bytes + own_bytes - 1) / own_bytes * own_bytes;
    uint64_t all_bytes = return_bytes + m->kept_bytes;
    m->kept_bytes = (all_bytes + own_bytes - 1) / own_bytes * own_bytes - return_bytes;
    return true;
}

static bool write_call(struct moving *m)
{
    struct abide_assembly *a = &m->a;
    if (!make_frame(m))
        return false;
    abide_assembly__sign(a);
    abide_assembly__lower(a, m->kept_bytes);
    abide_image__save(a, &m->kept, a->data->return_bytes + m->kept_bytes);
    abide_assembly__lower(a, m->stack_bytes);
    if (!write_moves(m))
        return false;
    abide_assembly__write(a, a->data->moves->call,
                          (struct abide_edge_words){.target = a->data->moves->operand});
    uint64_t left_bytes = m->stack_bytes - popped_bytes(m->callee);
    if (popped_bytes(m->callee) > 0)
        abide_assembly__unwinds_by(a, a->data->return_bytes + m->kept_bytes + left_bytes);
    if (!move_results(m) || !write_moves(m))
        return false;
    abide_assembly__raise(a, left_bytes);
    abide_image__restore(a, &m->kept);
    abide_assembly__raise(a, m->kept_bytes);
    abide_assembly__check(a);
    abide_image__give_back(a, popped_bytes(m->caller));
    return true;
}

static void forget(struct moving *m)
{
    m->moves.count = m->widenings.count = 0;
    m->reason = NULL;
}

/* Whether what the caller counts on is overwritten: the callee would give back what it got. */
static bool destroys(const struct moving *m)
{
    for (size_t i = 0; i < m->moves.count; i++) {
        const struct abide_move *move = &m->moves.items[i];
        bool stays = !move->from.is_memory && move->to.file == move->from.file &&
                     move->to.index == move->from.index;
        if (!move->to.is_memory && !stays && is_owed(m, name_of(m, &move->to)))
            return true;
    }
    for (size_t i = 0; i < m->widenings.count; i++)
        if (is_owed(m, m->widenings.items[i].name))
            return true;
    return false;
}

/* Whether a jump would do: the result is left where the caller looks, and the stack and what is preserved are alike. */
static bool may_jump(struct moving *m)
{
    m->is_jump = true;
    bool fine = !abide_places__jump_obstacle(m->plan->caller, m->plan->callee) && move_results(m) &&
                is_unchanged(m);
    forget(m);
    fine = fine && move_arguments(m) && !destroys(m);
    forget(m);
    return fine;
}

const char *abide_edge_moves__text(abide_ctx *ctx, const abide_plan *plan,
                                   const struct abide_side *caller, const struct abide_side *callee,
                                   bool is_protected, const char **words)
{
    struct moving m = {
        .a = {.ctx = ctx, .data = caller->processor->edge, .is_protected = is_protected},
        .plan = plan,
        .caller = caller,
        .callee = callee,
        .word_bytes = caller->processor->register_bytes[ABIDE_REGISTER_INTEGER]};
    bool fine = m.a.data->moves && does_nothing_else(plan);
    if (!fine)
        m.reason = "more is done than moves";
    if (fine && (caller->assignment->stack_bytes > STACK_MAX_BYTES ||
                 callee->assignment->stack_bytes > STACK_MAX_BYTES))
        fine = give_up(&m, "there is much on the stack");
    m.is_jump = fine && may_jump(&m);
    fine = fine && move_arguments(&m) && (m.is_jump ? write_jump(&m) : write_call(&m));
    *words = !fine       ? m.reason
             : m.is_jump ? "moves and a jump, by assembly"
                         : "moves and a call, by assembly";
    return fine ? m.a.text.chars : NULL;
}
