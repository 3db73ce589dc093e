/* Every byte that the callee gets, or the caller gets back, is traced to where it comes from. */
#include "line_ops.h"

#include "plan/places.h"

#include <string.h>

/* What is longer is copied by loops, or by functions that know the processor. */
#define COPY_MAX_BYTES 128
#define ZERO_MAX_BYTES 128
/* A temporary that is made of another one is the longest chain. */
#define MAX_DEPTH 3

static bool give_up(struct abide_line *line, const char *reason)
{
    line->reason = reason;
    return false;
}

static uint64_t smaller(uint64_t a, uint64_t b)
{
    return a < b ? a : b;
}

static uint64_t align_at(uint64_t align_bytes, uint64_t offset_bytes)
{
    uint64_t bits = align_bytes | offset_bytes | 4096;
    return align_bytes ? bits & -bits : 1;
}

uint64_t abide_line__align_of(const struct abide_line *line, size_t temporary)
{
    uint64_t align_bytes = line->plan->temporaries[temporary].align_bytes;
    return align_bytes > line->word_bytes ? align_bytes : line->word_bytes;
}

/* ---- where bytes are ---- */

static const abide_piece *pointer_piece(const struct abide_assigned *place)
{
    if (place->pass == ABIDE_PASS_POINTER || place->pass == ABIDE_PASS_HIDDEN)
        return &place->pointer;
    return place->pass == ABIDE_PASS_DIRECT && place->piece_count == 1 ? &place->pieces[0] : NULL;
}

/* The place of the pointer that the caller gave to its result memory. */
static const abide_piece *result_pointer(const struct abide_line *line)
{
    const abide_assignment *caller = line->plan->caller;
    if (caller->result.pass == ABIDE_PASS_HIDDEN)
        return &caller->result.pointer;
    for (size_t i = 0; i < caller->physical->param_count; i++)
        if (caller->physical->params[i].role == ABIDE_ROLE_OUT)
            return pointer_piece(&caller->arguments[i]);
    return NULL;
}

/* Memory that a piece points to. */
static bool behind(struct abide_line *line, const abide_piece *pointer,
                   const struct abide_object *object, uint64_t at_bytes,
                   struct abide_line_spot *spot)
{
    if (!pointer || pointer->size_bytes != line->word_bytes || pointer->at_bytes || pointer->as)
        return give_up(line, "a pointer does not come as a whole");
    uint64_t end_bytes = object->offset_bytes + object->size_bytes;
    *spot = (struct abide_line_spot){.kind = ABIDE_LINE_MEMORY,
                                     .base = ABIDE_LINE_POINTER,
                                     .pointer = pointer,
                                     .offset_bytes = at_bytes,
                                     .left_bytes = end_bytes - at_bytes,
                                     .readable_bytes = end_bytes - at_bytes,
                                     .align_bytes = align_at(object->align_bytes, at_bytes)};
    return at_bytes < end_bytes || give_up(line, "a value is longer than what it is read from");
}

static bool in_piece(struct abide_line *line, const abide_piece *piece, uint64_t into_bytes,
                     uint64_t stack_align_bytes, struct abide_line_spot *spot)
{
    if (piece->as)
        return give_up(line, "a value is converted");
    *spot = (struct abide_line_spot){.left_bytes = piece->size_bytes - into_bytes};
    if (piece->register_name) {
        spot->kind = ABIDE_LINE_REGISTER;
        spot->name = piece->register_name;
        return piece->at_bytes + into_bytes == 0 ||
               give_up(line, "a value is not at the start of its register");
    }
    uint64_t at_bytes = (uint64_t)piece->stack_offset_bytes + into_bytes;
    uint64_t end_bytes = (uint64_t)piece->stack_offset_bytes + piece->size_bytes;
    uint64_t slack_bytes = (line->word_bytes - end_bytes % line->word_bytes) % line->word_bytes;
    spot->kind = ABIDE_LINE_MEMORY;
    spot->base = ABIDE_LINE_INCOMING;
    spot->offset_bytes = at_bytes;
    spot->readable_bytes = spot->left_bytes + slack_bytes;
    spot->align_bytes = align_at(stack_align_bytes, at_bytes);
    return piece->stack_offset_bytes >= 0 || give_up(line, "a value lies below the arguments");
}

/* The piece that holds a byte; how far the next one is where none does. */
static bool in_pieces(struct abide_line *line, const struct abide_assigned *place,
                      uint64_t at_bytes, uint64_t stack_align_bytes, struct abide_line_spot *spot)
{
    uint64_t gap_bytes = UINT64_MAX;
    for (size_t i = 0; i < place->piece_count; i++) {
        const abide_piece *piece = &place->pieces[i];
        if (at_bytes >= piece->offset_bytes && at_bytes - piece->offset_bytes < piece->size_bytes)
            return in_piece(line, piece, at_bytes - piece->offset_bytes, stack_align_bytes, spot);
        if (piece->offset_bytes > at_bytes)
            gap_bytes = smaller(gap_bytes, piece->offset_bytes - at_bytes);
    }
    *spot = (struct abide_line_spot){.kind = ABIDE_LINE_NOWHERE, .left_bytes = gap_bytes};
    return true;
}

static bool locate(struct abide_line *line, const struct abide_object *object,
                   uint64_t offset_bytes, unsigned depth, struct abide_line_spot *spot);

/* A byte of a temporary that only parts are brought together in: where that part came from. */
static bool in_parts(struct abide_line *line, size_t index, uint64_t at_bytes, unsigned depth,
                     struct abide_line_spot *spot)
{
    const abide_plan *plan = line->plan;
    uint64_t next_bytes = plan->temporaries[index].size_bytes;
    const struct abide_copy_step *step = NULL;
    const struct abide_run *run = NULL;
    for (size_t i = 0; i < plan->before_count; i++)
        for (size_t k = 0; k < plan->before[i].run_count; k++) {
            const struct abide_copy_step *one = &plan->before[i];
            uint64_t start_bytes = one->to.offset_bytes + one->runs[k].to_bytes;
            if (one->to.kind != ABIDE_OBJECT_TEMPORARY || one->to.index != index)
                continue;
            if (start_bytes > at_bytes)
                next_bytes = smaller(next_bytes, start_bytes);
            if (at_bytes >= start_bytes && at_bytes - start_bytes < one->runs[k].to_size_bytes) {
                step = one;
                run = &one->runs[k];
            }
        }
    uint64_t left_bytes = next_bytes - at_bytes;
    if (at_bytes >= next_bytes)
        return give_up(line, "a value is longer than what it is read from");
    if (!run) {
        bool is_zeroed = plan->temporaries[index].zeroed;
        *spot = (struct abide_line_spot){.kind = is_zeroed ? ABIDE_LINE_ZERO : ABIDE_LINE_NOWHERE,
                                         .left_bytes = left_bytes};
        return true;
    }
    if (run->from_size_bytes != run->to_size_bytes)
        return give_up(line, "a value changes its form");
    uint64_t into_bytes = at_bytes - (step->to.offset_bytes + run->to_bytes);
    if (!locate(line, &step->from, run->from_bytes + into_bytes, depth - 1, spot))
        return false;
    spot->left_bytes =
        smaller(spot->left_bytes, smaller(left_bytes, run->to_size_bytes - into_bytes));
    return true;
}

static bool in_temporary(struct abide_line *line, size_t index, uint64_t at_bytes, unsigned depth,
                         struct abide_line_spot *spot)
{
    if (!line->is_real[index])
        return in_parts(line, index, at_bytes, depth, spot);
    uint64_t size_bytes = line->plan->temporaries[index].size_bytes;
    uint64_t slack_bytes = (line->word_bytes - size_bytes % line->word_bytes) % line->word_bytes;
    if (at_bytes >= size_bytes)
        return give_up(line, "a value is longer than what it is read from");
    *spot = (struct abide_line_spot){.kind = ABIDE_LINE_MEMORY,
                                     .base = ABIDE_LINE_FRAME,
                                     .index = index,
                                     .offset_bytes = at_bytes,
                                     .left_bytes = size_bytes - at_bytes,
                                     .readable_bytes = size_bytes - at_bytes + slack_bytes,
                                     .align_bytes =
                                         align_at(abide_line__align_of(line, index), at_bytes)};
    return true;
}

/* Where byte `offset_bytes` of an object is, and how many from there on lie side by side. */
static bool locate(struct abide_line *line, const struct abide_object *object,
                   uint64_t offset_bytes, unsigned depth, struct abide_line_spot *spot)
{
    const abide_plan *plan = line->plan;
    uint64_t at_bytes = object->offset_bytes + offset_bytes;
    if (depth == 0)
        return give_up(line, "a value is put together in many steps");
    switch (object->kind) {
    case ABIDE_OBJECT_ARGUMENT: {
        const struct abide_assigned *place = &plan->caller->arguments[object->index];
        if (place->pass == ABIDE_PASS_POINTER)
            return behind(line, &place->pointer, object, at_bytes, spot);
        return (place->pass == ABIDE_PASS_DIRECT &&
                in_pieces(line, place, at_bytes, plan->caller->stack_align_bytes, spot)) ||
               give_up(line, line->reason ? line->reason : "a value has no place");
    }
    case ABIDE_OBJECT_POINTEE:
        return behind(line, pointer_piece(&plan->caller->arguments[object->index]), object,
                      at_bytes, spot);
    case ABIDE_OBJECT_RESULT_MEMORY:
        return behind(line, result_pointer(line), object, at_bytes, spot);
    case ABIDE_OBJECT_TEMPORARY: return in_temporary(line, object->index, at_bytes, depth, spot);
    case ABIDE_OBJECT_CALLEE_RESULT:
        if (plan->callee->result.pass == ABIDE_PASS_HIDDEN)
            return locate(line, &plan->hidden.object, at_bytes, depth - 1, spot);
        return in_pieces(line, &plan->callee->result, at_bytes, 1, spot) &&
               (spot->kind != ABIDE_LINE_MEMORY || give_up(line, "a result lies on the stack"));
    case ABIDE_OBJECT_ELEMENT:
    case ABIDE_OBJECT_CALLEE_ARGUMENT:
    case ABIDE_OBJECT_CALLEE_POINTEE: break;
    }
    return give_up(line, "a value lies where its address has to be read first");
}

/* ---- operations ---- */

static void push(struct abide_line *line, enum abide_line_phase phase, struct abide_line_op op)
{
    abide__push(line->ctx, &line->ops[phase], op);
}

static bool is_vector(const struct abide_line *line, const char *name)
{
    return abide_edge_data__find(line->data, name).group->kind == ABIDE_REGISTER_VECTOR;
}

static bool has_register(const struct abide_line *line, const char *name)
{
    const struct abide_edge_group *group = abide_edge_data__find(line->data, name).group;
    return group && group->kind != ABIDE_REGISTER_EXTENDED;
}

static bool is_extended(const struct abide_line *line, const char *name)
{
    const struct abide_edge_group *group = abide_edge_data__find(line->data, name).group;
    return group && group->kind == ABIDE_REGISTER_EXTENDED;
}

/* The widest piece of memory that one instruction copies. */
static uint64_t widest(const struct abide_line *line)
{
    return line->data->line->vector_scratch.count && line->data->line->vector_load[4]
               ? 16
               : line->word_bytes;
}

static uint64_t chunk_of(const struct abide_line *line, const struct abide_line_spot *from,
                         const struct abide_line_spot *to, uint64_t size_bytes)
{
    uint64_t most_bytes = from->kind == ABIDE_LINE_MEMORY ? widest(line) : line->word_bytes;
    if (from->kind == ABIDE_LINE_REGISTER && is_vector(line, from->name))
        most_bytes = 16;
    if (line->data->line->is_strict)
        most_bytes = smaller(most_bytes, smaller(to->align_bytes, from->kind == ABIDE_LINE_MEMORY
                                                                      ? from->align_bytes
                                                                      : to->align_bytes));
    uint64_t chunk_bytes = 16;
    while (chunk_bytes > smaller(most_bytes, size_bytes))
        chunk_bytes /= 2;
    return chunk_bytes;
}

static void advance(struct abide_line_spot *spot, uint64_t bytes)
{
    spot->offset_bytes += bytes;
    spot->left_bytes -= smaller(spot->left_bytes, bytes);
    spot->readable_bytes -= smaller(spot->readable_bytes, bytes);
    spot->align_bytes = align_at(spot->align_bytes, bytes);
}

/* The one register of a result that is seen as a whole alone, and is gone then. */
static bool store_extended(struct abide_line *line, enum abide_line_phase phase,
                           const struct abide_line_spot *from, const struct abide_line_spot *to,
                           uint64_t size_bytes)
{
    const abide_plan *plan = line->plan;
    uint64_t whole_bytes = line->callee->processor->register_bytes[ABIDE_REGISTER_EXTENDED];
    bool is_lone = phase == ABIDE_LINE_KEEPS && plan->callee->result.piece_count == 1 &&
                   plan->result.kind != ABIDE_RETURN_VALUE && line->ops[phase].count == 0;
    if (!is_lone || whole_bytes == 0 || size_bytes < whole_bytes)
        return give_up(line, "a register cannot be stored");
    push(line, phase, (struct abide_line_op){.to = *to, .from = *from, .size_bytes = whole_bytes});
    return true;
}

/* Bytes that lie side by side, to memory. At the end of memory of our own, more may be written than there is. */
static bool store_part(struct abide_line *line, enum abide_line_phase phase,
                       struct abide_line_spot from, struct abide_line_spot to, uint64_t size_bytes)
{
    if (from.kind == ABIDE_LINE_REGISTER && !has_register(line, from.name))
        return store_extended(line, phase, &from, &to, size_bytes);
    while (size_bytes > 0) {
        uint64_t chunk_bytes = chunk_of(line, &from, &to, size_bytes);
        uint64_t more_bytes = 2 * chunk_bytes;
        bool is_last = size_bytes < more_bytes && size_bytes > chunk_bytes;
        if (is_last && more_bytes <= line->word_bytes && to.base != ABIDE_LINE_POINTER &&
            to.readable_bytes >= more_bytes &&
            chunk_of(line, &from, &to, more_bytes) == more_bytes &&
            (from.kind != ABIDE_LINE_MEMORY || from.readable_bytes >= more_bytes))
            chunk_bytes = more_bytes;
        if (from.kind == ABIDE_LINE_REGISTER && chunk_bytes < size_bytes &&
            (is_vector(line, from.name) || !line->data->line->shift))
            return give_up(line, "a register is stored in parts");
        if (from.kind == ABIDE_LINE_REGISTER && is_vector(line, from.name) && chunk_bytes < 4)
            return give_up(line, "a part of a vector register is stored");
        push(line, phase,
             (struct abide_line_op){.to = to, .from = from, .size_bytes = chunk_bytes});
        if (from.kind == ABIDE_LINE_MEMORY)
            advance(&from, chunk_bytes);
        if (from.kind == ABIDE_LINE_REGISTER)
            from.into_bytes += chunk_bytes;
        advance(&to, chunk_bytes);
        size_bytes -= smaller(size_bytes, chunk_bytes);
    }
    return true;
}

/* The bytes of an object through runs, to memory. */
static bool store_runs(struct abide_line *line, enum abide_line_phase phase,
                       const struct abide_object *from, const struct abide_run *runs,
                       size_t run_count, const struct abide_line_spot *to)
{
    for (size_t i = 0; i < run_count; i++) {
        const struct abide_run *run = &runs[i];
        if (run->from_size_bytes != run->to_size_bytes)
            return give_up(line, "a value changes its form");
        if (run->to_size_bytes > COPY_MAX_BYTES)
            return give_up(line, "much is copied");
        for (uint64_t done = 0; done < run->to_size_bytes;) {
            struct abide_line_spot spot, place = *to;
            if (!locate(line, from, run->from_bytes + done, MAX_DEPTH, &spot))
                return false;
            uint64_t part_bytes = smaller(spot.left_bytes, run->to_size_bytes - done);
            advance(&place, run->to_bytes + done);
            if (spot.kind != ABIDE_LINE_NOWHERE &&
                !store_part(line, phase, spot, place, part_bytes))
                return false;
            done += part_bytes;
        }
    }
    return true;
}

static bool clear(struct abide_line *line, struct abide_line_spot to, uint64_t size_bytes)
{
    const struct abide_line_spot zero = {.kind = ABIDE_LINE_ZERO};
    if (size_bytes > ZERO_MAX_BYTES)
        return give_up(line, "much is cleared");
    return store_part(line, ABIDE_LINE_STORES, zero, to, size_bytes);
}

/* What a register is to hold from memory in one load; false: it takes several. */
static bool loads_at_once(struct abide_line *line, struct abide_line_op *op, bool is_float,
                          bool may_have_more)
{
    uint64_t size_bytes = op->size_bytes, width_bytes = 1;
    /* What the caller promised about the rest of a word of the stack is passed on with it. */
    if (op->from.base == ABIDE_LINE_INCOMING && may_have_more && !is_float &&
        op->from.readable_bytes >= line->word_bytes &&
        op->from.offset_bytes % line->word_bytes == 0)
        size_bytes = line->word_bytes;
    while (width_bytes < size_bytes)
        width_bytes *= 2;
    if (width_bytes > size_bytes && (!may_have_more || op->from.readable_bytes < width_bytes))
        return give_up(line, "a register is put together from several places");
    if (width_bytes > (is_float ? 16 : line->word_bytes) || (is_float && width_bytes < 4) ||
        (line->data->line->is_strict && op->from.align_bytes < width_bytes))
        return give_up(line, "a register is put together from several places");
    op->size_bytes = width_bytes;
    return true;
}

/* Whether `size_bytes` from a spot on lie side by side, the padding between them included. */
static bool lie_together(struct abide_line *line, const struct abide_object *object,
                         uint64_t offset_bytes, uint64_t size_bytes, struct abide_line_spot *first)
{
    if (!locate(line, object, offset_bytes, MAX_DEPTH, first))
        return false;
    for (uint64_t done = first->left_bytes; done < size_bytes;) {
        struct abide_line_spot spot;
        if (!locate(line, object, offset_bytes + done, MAX_DEPTH, &spot))
            return false;
        bool continues =
            spot.kind == ABIDE_LINE_NOWHERE ||
            (spot.kind == ABIDE_LINE_MEMORY && first->kind == ABIDE_LINE_MEMORY &&
             spot.base == first->base && spot.index == first->index &&
             spot.pointer == first->pointer && spot.offset_bytes == first->offset_bytes + done);
        if (!continues || first->kind == ABIDE_LINE_NOWHERE)
            return give_up(line, "a register is put together from several places");
        if (spot.kind == ABIDE_LINE_MEMORY) {
            first->left_bytes = done + spot.left_bytes;
            first->readable_bytes = done + spot.readable_bytes;
        }
        done +=
            smaller(spot.left_bytes, size_bytes - done); /* behind the last piece nothing ends */
    }
    return true;
}

/* Which bits above a piece have to be made, from a source of so many bytes. */
static bool needs_extension(const abide_piece *piece, bool must_extend)
{
    return must_extend &&
           (piece->extend == ABIDE_EXTEND_ZERO || piece->extend == ABIDE_EXTEND_SIGN) &&
           piece->extend_bits > piece->size_bytes * 8;
}

static bool is_extended_beyond_words(const struct abide_line *line, const abide_piece *piece)
{
    return (piece->extend == ABIDE_EXTEND_ZERO || piece->extend == ABIDE_EXTEND_SIGN) &&
           piece->extend_bits > line->word_bytes * 8;
}

/* The one register of a result that is seen as a whole alone. */
static bool set_extended(struct abide_line *line, enum abide_line_phase phase,
                         const abide_piece *piece, const struct abide_line_spot *from)
{
    uint64_t whole_bytes = line->callee->processor->register_bytes[ABIDE_REGISTER_EXTENDED];
    const struct abide_line_op op = {
        .to = {.kind = ABIDE_LINE_REGISTER, .name = piece->register_name},
        .from = *from,
        .size_bytes = whole_bytes};
    bool is_lone = phase == ABIDE_LINE_RESULTS && line->plan->caller->result.piece_count == 1 &&
                   from->kind == ABIDE_LINE_MEMORY && !piece->as && piece->at_bytes == 0;
    if (!is_lone || whole_bytes == 0 || piece->size_bytes < whole_bytes ||
        from->readable_bytes < whole_bytes)
        return give_up(line, "a register is not seen as a whole");
    push(line, phase, op);
    return true;
}

/* A register gets bytes that lie side by side. */
static bool set_register(struct abide_line *line, enum abide_line_phase phase,
                         const abide_piece *piece, struct abide_line_spot from, bool must_extend)
{
    struct abide_line_op op = {.to = {.kind = ABIDE_LINE_REGISTER, .name = piece->register_name},
                               .from = from,
                               .size_bytes = piece->size_bytes};
    if (is_extended(line, piece->register_name))
        return set_extended(line, phase, piece, &from);
    if (piece->as || piece->at_bytes || !has_register(line, piece->register_name) ||
        is_extended_beyond_words(line, piece))
        return give_up(line, "a register is not seen as a whole");
    bool is_float = is_vector(line, piece->register_name);
    if (needs_extension(piece, must_extend))
        op.extend = piece->extend;
    if (op.extend && (is_float || (piece->size_bytes & (piece->size_bytes - 1))))
        return give_up(line, "a value of odd size is extended");
    if (from.kind == ABIDE_LINE_REGISTER &&
        (!has_register(line, from.name) || is_vector(line, from.name) != is_float))
        return give_up(line, "a value moves to another kind of register");
    if (from.kind == ABIDE_LINE_MEMORY && !loads_at_once(line, &op, is_float, !op.extend))
        return false;
    if (from.kind == ABIDE_LINE_NOWHERE)
        return true;
    if (from.kind == ABIDE_LINE_ZERO || (from.kind == ABIDE_LINE_ADDRESS && is_float))
        return give_up(line, "an argument is made");
    push(line, phase, op);
    return true;
}

/* A word of the callee's stack. */
static bool set_word(struct abide_line *line, const abide_piece *piece, uint64_t done_bytes,
                     struct abide_line_spot from, uint64_t size_bytes, bool must_extend)
{
    uint64_t offset_bytes = (uint64_t)piece->stack_offset_bytes + done_bytes;
    struct abide_line_op op = {.to = {.kind = ABIDE_LINE_MEMORY,
                                      .base = ABIDE_LINE_OUTGOING,
                                      .offset_bytes = offset_bytes,
                                      .align_bytes = line->word_bytes},
                               .from = from,
                               .size_bytes = size_bytes};
    if (from.kind == ABIDE_LINE_NOWHERE)
        return true;
    if (needs_extension(piece, must_extend))
        op.extend = piece->extend;
    if (op.extend && (size_bytes & (size_bytes - 1)))
        return give_up(line, "a value of odd size is extended");
    if (from.kind == ABIDE_LINE_MEMORY && !loads_at_once(line, &op, false, !op.extend))
        return false;
    if (from.kind == ABIDE_LINE_REGISTER && !has_register(line, from.name))
        return give_up(line, "a register cannot be stored");
    if (from.kind == ABIDE_LINE_REGISTER && is_vector(line, from.name) && size_bytes < 4)
        return give_up(line, "a part of a vector register is stored");
    while (op.size_bytes & (op.size_bytes - 1))
        op.size_bytes += op.size_bytes & -op.size_bytes;
    push(line, ABIDE_LINE_STACK, op);
    return true;
}

static bool is_there(const struct abide_line *line, const abide_piece *piece, uint64_t done_bytes,
                     const struct abide_line_spot *from, bool must_extend)
{
    return line->is_jump && !needs_extension(piece, must_extend) &&
           from->kind == ABIDE_LINE_MEMORY && from->base == ABIDE_LINE_INCOMING &&
           from->offset_bytes == (uint64_t)piece->stack_offset_bytes + done_bytes;
}

static bool set_stack(struct abide_line *line, const abide_piece *piece,
                      const struct abide_object *object, uint64_t offset_bytes, bool must_extend)
{
    if (piece->stack_offset_bytes < 0 || piece->as || is_extended_beyond_words(line, piece) ||
        (uint64_t)piece->stack_offset_bytes % line->word_bytes)
        return give_up(line, "a value does not start a word of the stack");
    if (piece->size_bytes > COPY_MAX_BYTES)
        return give_up(line, "much is copied");
    for (uint64_t done = 0; done < piece->size_bytes;) {
        struct abide_line_spot from;
        uint64_t part_bytes = smaller(line->word_bytes, piece->size_bytes - done);
        if (!lie_together(line, object, offset_bytes + done, part_bytes, &from) ||
            (!is_there(line, piece, done, &from, must_extend) &&
             !set_word(line, piece, done, from, part_bytes, must_extend)))
            return false;
        done += part_bytes;
    }
    return true;
}

static bool set_value(struct abide_line *line, const struct abide_feed *feed,
                      const abide_piece *piece)
{
    const struct abide_run *run = feed->run_count == 1 ? &feed->runs[0] : NULL;
    if (!run || run->from_size_bytes != run->to_size_bytes || piece->offset_bytes < run->to_bytes ||
        piece->offset_bytes + piece->size_bytes > run->to_bytes + run->to_size_bytes)
        return give_up(line, "a value changes its form");
    uint64_t from_bytes = run->from_bytes + (piece->offset_bytes - run->to_bytes);
    struct abide_line_spot from;
    if (!piece->register_name)
        return set_stack(line, piece, &feed->object, from_bytes, feed->must_extend);
    return lie_together(line, &feed->object, from_bytes, piece->size_bytes, &from) &&
           set_register(line, ABIDE_LINE_REGISTERS, piece, from, feed->must_extend);
}

/* The address of an object; that a pointer of the caller's holds, if it points there. */
static bool address_of(struct abide_line *line, const struct abide_object *object,
                       struct abide_line_spot *spot)
{
    uint64_t stack_align_bytes = line->plan->caller->stack_align_bytes;
    if (object->size_bytes == 0)
        return give_up(line, "something without bytes is lent");
    if (!lie_together(line, object, 0, object->size_bytes, spot))
        return false;
    if (spot->kind != ABIDE_LINE_MEMORY)
        return give_up(line, "a value is lent that lies in registers");
    if (spot->base == ABIDE_LINE_POINTER && spot->offset_bytes == 0)
        return in_piece(line, spot->pointer, 0, stack_align_bytes, spot);
    spot->kind = ABIDE_LINE_ADDRESS;
    return true;
}

static bool set_address(struct abide_line *line, const struct abide_feed *feed,
                        const abide_piece *piece)
{
    struct abide_line_spot from;
    if (piece->size_bytes != line->word_bytes || !address_of(line, &feed->object, &from))
        return give_up(line, line->reason ? line->reason : "an address has an odd size");
    if (piece->register_name)
        return set_register(line, ABIDE_LINE_REGISTERS, piece, from, false);
    return is_there(line, piece, 0, &from, false) ||
           set_word(line, piece, 0, from, piece->size_bytes, false);
}

static bool set_argument(struct abide_line *line, const struct abide_feed *feed,
                         const struct abide_assigned *sink)
{
    size_t count;
    const abide_piece *places = abide_side__places(sink, &count);
    for (size_t i = 0; i < count; i++) {
        if (feed->kind == ABIDE_FEED_NOTHING)
            return true;
        if (feed->kind == ABIDE_FEED_VALUE     ? !set_value(line, feed, &places[i])
            : feed->kind == ABIDE_FEED_ADDRESS ? !set_address(line, feed, &places[i])
                                               : !give_up(line, "an argument is made"))
            return false;
    }
    return true;
}

/* ---- before the call ---- */

static struct abide_line_spot start_of(const struct abide_line *line, size_t temporary)
{
    uint64_t size_bytes = line->plan->temporaries[temporary].size_bytes;
    return (struct abide_line_spot){.kind = ABIDE_LINE_MEMORY,
                                    .base = ABIDE_LINE_FRAME,
                                    .index = temporary,
                                    .readable_bytes = (size_bytes + line->word_bytes - 1) /
                                                      line->word_bytes * line->word_bytes,
                                    .align_bytes = abide_line__align_of(line, temporary)};
}

/* Those that somebody is given the address of, and those that are read after the call. */
static void find_real(struct abide_line *line)
{
    const abide_plan *plan = line->plan;
    bool *is_real = abide__new_array(line->ctx, bool, plan->temporary_count + 1);
    for (size_t i = 0; i <= plan->feed_count; i++) {
        const struct abide_feed *feed = i < plan->feed_count ? &plan->feeds[i] : &plan->hidden;
        if (feed->kind == ABIDE_FEED_ADDRESS && feed->object.kind == ABIDE_OBJECT_TEMPORARY)
            is_real[feed->object.index] = true;
    }
    for (size_t i = 0; i < plan->after_count; i++)
        if (plan->after[i].from.kind == ABIDE_OBJECT_TEMPORARY)
            is_real[plan->after[i].from.index] = true;
    if (plan->result.kind == ABIDE_RETURN_VALUE &&
        plan->result.object.kind == ABIDE_OBJECT_TEMPORARY)
        is_real[plan->result.object.index] = true;
    line->is_real = is_real;
}

static bool clear_memory(struct abide_line *line)
{
    const abide_plan *plan = line->plan;
    for (size_t i = 0; i < plan->temporary_count; i++)
        if (line->is_real[i] && plan->temporaries[i].zeroed &&
            !clear(line, start_of(line, i), plan->temporaries[i].size_bytes))
            return false;
    const struct abide_object memory = {.kind = ABIDE_OBJECT_RESULT_MEMORY,
                                        .size_bytes = plan->result_memory_bytes,
                                        .align_bytes = plan->result_memory_align_bytes};
    struct abide_line_spot spot;
    return !plan->zero_result_memory || plan->result_memory_bytes == 0 ||
           (locate(line, &memory, 0, 1, &spot) && clear(line, spot, plan->result_memory_bytes));
}

static bool take_before(struct abide_line *line)
{
    const abide_plan *plan = line->plan;
    for (size_t i = 0; i < plan->before_count; i++) {
        const struct abide_copy_step *step = &plan->before[i];
        if (step->routine || step->to.kind != ABIDE_OBJECT_TEMPORARY)
            return give_up(line, "more is done than moves");
        if (!line->is_real[step->to.index])
            continue;
        struct abide_line_spot to = start_of(line, step->to.index);
        advance(&to, step->to.offset_bytes);
        if (!store_runs(line, ABIDE_LINE_STORES, &step->from, step->runs, step->run_count, &to))
            return false;
    }
    return true;
}

/* ---- after it ---- */

static bool take_after(struct abide_line *line)
{
    const abide_plan *plan = line->plan;
    for (size_t i = 0; i < plan->after_count; i++) {
        const struct abide_copy_step *step = &plan->after[i];
        struct abide_line_spot to;
        if (step->routine || step->to.kind != ABIDE_OBJECT_RESULT_MEMORY)
            return give_up(line, "more is done than moves");
        if (step->to.size_bytes == 0)
            continue;
        if (!locate(line, &step->to, 0, 1, &to) ||
            !store_runs(line, ABIDE_LINE_KEEPS, &step->from, step->runs, step->run_count, &to))
            return false;
    }
    return true;
}

static bool return_address(struct abide_line *line)
{
    const char *name = line->plan->caller->result.returned_register;
    struct abide_line_spot from;
    const struct abide_object *object = &line->plan->result.object;
    const abide_piece to = {.register_name = name, .size_bytes = line->word_bytes};
    if (!name || line->plan->result.in_place)
        return true;
    if (object->size_bytes == 0 || !lie_together(line, object, 0, object->size_bytes, &from) ||
        from.kind != ABIDE_LINE_MEMORY)
        return give_up(line, "the address of the result has no place");
    from.kind = ABIDE_LINE_ADDRESS;
    return set_register(line, ABIDE_LINE_RESULTS, &to, from, false);
}

static bool return_value(struct abide_line *line)
{
    const struct abide_return *result = &line->plan->result;
    const struct abide_assigned *sink = &line->plan->caller->result;
    if (result->in_place)
        return true;
    if (sink->pass != ABIDE_PASS_DIRECT || result->run_count != 1 ||
        result->runs[0].from_size_bytes != result->runs[0].to_size_bytes ||
        result->runs[0].to_bytes != 0)
        return give_up(line, "the result changes its form");
    for (size_t i = 0; i < sink->piece_count; i++) {
        const abide_piece *piece = &sink->pieces[i];
        struct abide_line_spot from;
        if (!piece->register_name ||
            piece->offset_bytes + piece->size_bytes > result->runs[0].to_size_bytes)
            return give_up(line, "the result lies on the stack");
        if (!lie_together(line, &result->object, result->runs[0].from_bytes + piece->offset_bytes,
                          piece->size_bytes, &from) ||
            !set_register(line, ABIDE_LINE_RESULTS, piece, from, result->must_extend))
            return false;
    }
    return true;
}

/* A callee that is given the caller's pointer as the address of its result may give it back. */
static void find_returned(struct abide_line *line)
{
    const abide_plan *plan = line->plan;
    const struct abide_feed *hidden = &plan->hidden;
    if (hidden->kind != ABIDE_FEED_ADDRESS || !plan->callee->result.returned_register ||
        hidden->object.kind != ABIDE_OBJECT_RESULT_MEMORY || hidden->object.offset_bytes)
        return;
    line->returned = result_pointer(line);
    line->returned_name = plan->callee->result.returned_register;
}

static bool take_results(struct abide_line *line)
{
    find_returned(line);
    if (line->is_jump)
        return true;
    if (!take_after(line))
        return false;
    switch (line->plan->result.kind) {
    case ABIDE_RETURN_NOTHING: return true;
    case ABIDE_RETURN_VALUE: return return_value(line);
    case ABIDE_RETURN_ADDRESS: return return_address(line);
    }
    return false;
}

/* Whether an argument comes back in its registers. */
static bool any_comes_back(const abide_assignment *side)
{
    for (size_t i = 0; i < side->physical->param_count; i++)
        if (side->arguments[i].comes_back)
            return true;
    return false;
}

static bool does_only_moves(const struct abide_line *line)
{
    const abide_plan *plan = line->plan;
    return plan->back_count == 0 && !any_comes_back(plan->caller) &&
           !any_comes_back(plan->callee) && plan->kind == ABIDE_PLAN_ADAPTER &&
           plan->hook_count == 0 && plan->store_count == 0 && plan->inner_count == 0 &&
           plan->env_argument == SIZE_MAX && plan->target == ABIDE_TARGET_SYMBOL &&
           !plan->caller->physical->is_variadic && !plan->callee->physical->is_variadic;
}

static bool is_word_of_memory(const struct abide_line *line, const struct abide_line_op *op)
{
    bool fills_word = op->size_bytes == line->word_bytes || op->to.base == ABIDE_LINE_OUTGOING;
    return op->from.kind == ABIDE_LINE_MEMORY && op->to.kind == ABIDE_LINE_MEMORY && !op->extend &&
           op->size_bytes <= line->word_bytes && fills_word &&
           op->from.readable_bytes >= line->word_bytes;
}

static bool lies_behind(const struct abide_line_spot *one, const struct abide_line_spot *other,
                        uint64_t bytes)
{
    return one->base == other->base && one->index == other->index &&
           one->pointer == other->pointer && one->offset_bytes + bytes == other->offset_bytes;
}

bool abide_line__are_neighbours(const struct abide_line *line, const struct abide_line_op *one,
                                const struct abide_line_op *other)
{
    return is_word_of_memory(line, one) && is_word_of_memory(line, other) &&
           lies_behind(&one->from, &other->from, line->word_bytes) &&
           lies_behind(&one->to, &other->to, line->word_bytes);
}

/* Two words of the stack move as one where a vector register takes both. */
static void merge_words(struct abide_line *line)
{
    abide_line_list *list = &line->ops[ABIDE_LINE_STACK];
    size_t kept = 0;
    for (size_t i = 0; i < list->count; i++) {
        struct abide_line_op op = list->items[i];
        if (i + 1 < list->count && abide_line__are_neighbours(line, &op, &list->items[i + 1])) {
            op.size_bytes = 2 * line->word_bytes;
            i++;
        }
        list->items[kept++] = op;
    }
    list->count = kept;
}

static bool take_arguments(struct abide_line *line)
{
    const abide_plan *plan = line->plan;
    for (size_t i = 0; i < plan->feed_count; i++)
        if (!set_argument(line, &plan->feeds[i], &plan->callee->arguments[i]))
            return false;
    if (plan->callee->result.pass == ABIDE_PASS_HIDDEN &&
        !set_argument(line, &plan->hidden, &plan->callee->result))
        return false;
    if (line->form.merges)
        merge_words(line);
    return true;
}

bool abide_line__collect(struct abide_line *line)
{
    if (!does_only_moves(line))
        return give_up(line, "more is done than moves");
    find_real(line);
    return clear_memory(line) && take_before(line) && take_arguments(line) && take_results(line);
}
