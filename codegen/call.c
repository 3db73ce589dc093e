/* What a callee gets is first gathered by place (struct outgoing), then handed over in the order of a prototype. */
#include "call.h"

#include "edge.h"
#include "instruction.h"
#include "plan/places.h"
#include "unwinding.h"

#include <assert.h>
#include <string.h>

/*
 * By-value arguments on the stack are copied by LLVM where they lie in memory and are longer than this, and word by word
 * below: loads and pushes of a few words are shorter.
 */
#define COPY_AT_LEAST_BYTES 32
/* The most that is built word by word where it has to be put together from parts. */
#define WORDS_AT_MOST_BYTES 128

/* What a call is given. */
struct outgoing {
    const struct abide_side *side;
    enum abide_tail tail;
    LLVMValueRef indirect;
    LLVMValueRef registers[ABIDE_REGISTER_KIND_COUNT][ABIDE_MAX_REGISTERS];
    struct abide_stack_item *stack; /* by word; an item that is copied covers those after it */
    size_t stack_count;
};

static struct abide_run one_word_run(const struct abide_emission *e)
{
    return (struct abide_run){.from_size_bytes = e->word_bytes, .to_size_bytes = e->word_bytes};
}

/* A word that holds bytes on the stack: what is there already, and these bytes. */
static void put_word(struct abide_frame *frame, struct outgoing *out, uint64_t index,
                     LLVMValueRef value, uint64_t at_bytes, uint64_t size_bytes)
{
    struct abide_emission *e = frame->e;
    assert(index < out->stack_count);
    LLVMValueRef *word = &out->stack[index].value;
    if (!*word || size_bytes == e->word_bytes) {
        *word = value;
        return;
    }
    uint64_t shift_bytes = e->big_endian ? e->word_bytes - at_bytes - size_bytes : at_bytes;
    uint64_t ones = (((uint64_t)1 << (size_bytes * 8)) - 1) << (shift_bytes * 8);
    LLVMValueRef mask = abide_emission__number(e, ones);
    LLVMValueRef others = LLVMBuildAnd(e->builder, *word, LLVMConstNot(mask), "");
    LLVMValueRef own = LLVMBuildAnd(e->builder, value, mask, "");
    *word = LLVMBuildOr(e->builder, others, own, "");
}

/* Bytes of a word that are a part's own: what a value is extended to is. */
static void own_bytes(const struct abide_frame *frame, const abide_piece *part, uint64_t *at_bytes,
                      uint64_t *size_bytes)
{
    *at_bytes = part->at_bytes;
    *size_bytes = abide_bytes__is_extended(part) ? part->extend_bits / 8 : part->size_bytes;
    if (frame->e->big_endian)
        *at_bytes -= *size_bytes - part->size_bytes;
}

/* A value that is extended to more than the word that it is in. */
static void put_wide(struct abide_frame *frame, struct outgoing *out,
                     const struct abide_bytes *bytes, const abide_piece *piece,
                     uint64_t start_bytes)
{
    struct abide_emission *e = frame->e;
    uint64_t word_bytes = e->word_bytes, size_bytes = piece->extend_bits / 8;
    LLVMValueRef value = abide_bytes__extended(e, bytes, piece);
    if (e->big_endian)
        start_bytes -= size_bytes - piece->size_bytes;
    for (uint64_t done = 0; done < size_bytes; done += word_bytes) {
        uint64_t shift_bytes = e->big_endian ? size_bytes - word_bytes - done : done;
        LLVMValueRef bits = LLVMConstInt(LLVMTypeOf(value), shift_bytes * 8, false);
        LLVMValueRef word =
            LLVMBuildTrunc(e->builder, LLVMBuildLShr(e->builder, value, bits, ""), e->word, "");
        put_word(frame, out, (start_bytes + done) / word_bytes, word, 0, word_bytes);
    }
}

static void put_words(struct abide_frame *frame, struct outgoing *out,
                      const struct abide_bytes *bytes, const abide_piece *piece,
                      uint64_t start_bytes, bool must_extend)
{
    uint64_t word_bytes = frame->e->word_bytes;
    if (abide_bytes__is_extended(piece) && piece->extend_bits / 8 > word_bytes) {
        put_wide(frame, out, bytes, piece, start_bytes);
        return;
    }
    for (uint64_t done = 0; done < piece->size_bytes;) {
        uint64_t at_bytes = (start_bytes + done) % word_bytes;
        uint64_t part_bytes = word_bytes - at_bytes;
        if (part_bytes > piece->size_bytes - done)
            part_bytes = piece->size_bytes - done;
        abide_piece part = {.offset_bytes = piece->offset_bytes + done,
                            .size_bytes = part_bytes,
                            .at_bytes = (uint32_t)at_bytes,
                            .extend = piece->extend,
                            .extend_bits = piece->extend_bits};
        LLVMValueRef value =
            abide_bytes__register(frame->e, ABIDE_REGISTER_INTEGER, bytes, &part, must_extend);
        uint64_t own_at_bytes, own_size_bytes;
        own_bytes(frame, &part, &own_at_bytes, &own_size_bytes);
        put_word(frame, out, (start_bytes + done) / word_bytes, value, own_at_bytes,
                 own_size_bytes);
        done += part_bytes;
    }
}

static struct abide_stack_item copied(struct abide_frame *frame, const struct abide_span *memory,
                                      uint64_t at_bytes, const abide_piece *piece)
{
    return (struct abide_stack_item){
        .value = abide_bytes__advance(frame->e, memory->value, at_bytes),
        .copied_bytes = piece->size_bytes,
        .align_bytes = abide_bytes__align_at(memory->align_bytes, at_bytes)};
}

/* The bytes of a piece side by side in memory, built there if they are not. */
static struct abide_stack_item memory_of(struct abide_frame *frame, const struct abide_bytes *bytes,
                                         const abide_piece *piece)
{
    struct abide_span span;
    if (abide_bytes__lie_together(bytes, piece->offset_bytes, piece->size_bytes, &span) &&
        span.holder == ABIDE_HELD_MEMORY)
        return copied(frame, &span, span.at_bytes, piece);
    struct abide_span memory = {.holder = ABIDE_HELD_MEMORY,
                                .size_bytes = piece->offset_bytes + piece->size_bytes,
                                .align_bytes = frame->e->word_bytes};
    memory.value = abide_emission__alloca(frame->e, memory.size_bytes, memory.align_bytes);
    abide_bytes__store(frame->e, bytes, &memory);
    return copied(frame, &memory, piece->offset_bytes, piece);
}

static bool is_better_copied(const struct abide_frame *frame, const struct abide_bytes *bytes,
                             const abide_piece *piece, uint64_t start_bytes)
{
    struct abide_span span;
    if (start_bytes % frame->e->word_bytes != 0)
        return false;
    if (piece->size_bytes > WORDS_AT_MOST_BYTES)
        return true;
    return piece->size_bytes >= COPY_AT_LEAST_BYTES &&
           abide_bytes__lie_together(bytes, piece->offset_bytes, piece->size_bytes, &span) &&
           span.holder == ABIDE_HELD_MEMORY;
}

static void put_on_stack(struct abide_frame *frame, struct outgoing *out,
                         const struct abide_bytes *bytes, const abide_piece *piece,
                         bool must_extend)
{
    uint64_t start_bytes =
        (uint64_t)piece->stack_offset_bytes - abide_side__stack_start_bytes(out->side);
    uint64_t index = start_bytes / frame->e->word_bytes;
    if (out->tail == ABIDE_TAIL_NONE && out->side->convention->copies &&
        is_better_copied(frame, bytes, piece, start_bytes))
        out->stack[index] = memory_of(frame, bytes, piece);
    else
        put_words(frame, out, bytes, piece, start_bytes, must_extend);
}

static void put_piece(struct abide_frame *frame, struct outgoing *out,
                      const struct abide_bytes *bytes, const abide_piece *piece, bool must_extend)
{
    struct abide_register_at at;
    if (abide_side__is_indirect(out->side, piece)) {
        LLVMValueRef word =
            abide_bytes__register(frame->e, ABIDE_REGISTER_INTEGER, bytes, piece, must_extend);
        out->indirect = LLVMBuildIntToPtr(frame->e->builder, word, frame->e->pointer, "");
        return;
    }
    if (!piece->register_name) {
        put_on_stack(frame, out, bytes, piece, must_extend);
        return;
    }
    bool found = abide_convention__argument(out->side->convention, piece->register_name, &at);
    assert(found);
    (void)found;
    out->registers[at.kind][at.index] =
        abide_bytes__register(frame->e, at.kind, bytes, piece, must_extend);
}

/* In a jump, what is in place: registers are passed on as they came, the stack is not mentioned. */
static void keep_piece(struct abide_frame *frame, struct outgoing *out, const abide_piece *piece)
{
    struct abide_register_at at;
    if (abide_side__is_indirect(out->side, piece))
        out->indirect = LLVMGetParam(frame->function, 0);
    else if (piece->register_name &&
             abide_convention__argument(out->side->convention, piece->register_name, &at))
        out->registers[at.kind][at.index] =
            LLVMGetParam(frame->function, frame->prototype.registers[at.kind][at.index]);
}

/*
 * Whether a piece that is in place has to be written all the same: it shares a word with one that is not. Words that a jump does not
 * mention stay as they are.
 */
static bool shares_word(const struct abide_frame *frame, const struct outgoing *out,
                        const abide_piece *piece)
{
    uint64_t word_bytes = frame->e->word_bytes;
    if (piece->register_name || abide_side__is_indirect(out->side, piece))
        return false;
    uint64_t start_bytes =
        (uint64_t)piece->stack_offset_bytes - abide_side__stack_start_bytes(out->side);
    return (start_bytes % word_bytes != 0 || piece->size_bytes % word_bytes != 0) &&
           (start_bytes + piece->size_bytes - 1) / word_bytes < out->stack_count;
}

static bool any_shares_word(const struct abide_frame *frame, const struct outgoing *out,
                            const struct abide_assigned *argument)
{
    size_t count;
    const abide_piece *places = abide_side__places(argument, &count);
    for (size_t i = 0; i < count; i++)
        if (shares_word(frame, out, &places[i]))
            return true;
    return false;
}

static void put_all(struct abide_frame *frame, struct outgoing *out,
                    const struct abide_assigned *argument, const struct abide_bytes *bytes,
                    const struct abide_feed *feed)
{
    size_t count;
    const abide_piece *places = abide_side__places(argument, &count);
    for (size_t i = 0; i < count; i++)
        if (out->tail == ABIDE_TAIL_MUST && abide_frame__stays(frame->plan, feed, &places[i]) &&
            !(feed->kind == ABIDE_FEED_VALUE && shares_word(frame, out, &places[i])))
            keep_piece(frame, out, &places[i]);
        else
            put_piece(frame, out, bytes, &places[i], feed->must_extend);
}

static void put_word_argument(struct abide_frame *frame, struct outgoing *out,
                              const struct abide_assigned *argument, LLVMValueRef word,
                              const struct abide_feed *feed)
{
    const struct abide_span span = {
        .holder = ABIDE_HELD_INTEGER, .value = word, .size_bytes = frame->e->word_bytes};
    const struct abide_run run = one_word_run(frame->e);
    const struct abide_bytes bytes = {{&span, 1}, &run, 1};
    put_all(frame, out, argument, &bytes, feed);
}

/* LLVM makes no jump of a call whose indirect register is computed, be it from a pointer to itself. */
static void put_address(struct abide_frame *frame, struct outgoing *out,
                        const struct abide_assigned *argument, LLVMValueRef pointer,
                        const struct abide_feed *feed)
{
    size_t count;
    const abide_piece *places = abide_side__places(argument, &count);
    if (count == 1 && abide_side__is_indirect(out->side, &places[0]))
        out->indirect = pointer;
    else
        put_word_argument(frame, out, argument,
                          LLVMBuildPtrToInt(frame->e->builder, pointer, frame->e->word, ""), feed);
}

static void put_argument(struct abide_frame *frame, struct outgoing *out,
                         const struct abide_assigned *argument, const struct abide_feed *feed)
{
    const struct abide_bytes nothing = {{NULL, 0}, NULL, 0};
    if (out->tail == ABIDE_TAIL_MUST && feed->in_place &&
        !(feed->kind == ABIDE_FEED_VALUE && any_shares_word(frame, out, argument))) {
        put_all(frame, out, argument, &nothing, feed);
        return;
    }
    switch (feed->kind) {
    case ABIDE_FEED_NOTHING: return;
    case ABIDE_FEED_NULL: put_all(frame, out, argument, &nothing, feed); return;
    case ABIDE_FEED_INNER:
        put_word_argument(frame, out, argument,
                          abide_frame__inner(frame, feed->index, &feed->object), feed);
        return;
    case ABIDE_FEED_ADDRESS:
        put_address(frame, out, argument, abide_frame__address(frame, &feed->object), feed);
        return;
    case ABIDE_FEED_VALUE: {
        struct abide_bytes bytes = {abide_frame__view(frame, &feed->object), feed->runs,
                                    feed->run_count};
        put_all(frame, out, argument, &bytes, feed);
        return;
    }
    }
}

/* As many words as hold arguments. */
static uint64_t words_up_to(const struct abide_emission *e, const struct abide_side *side)
{
    uint64_t start_bytes = abide_side__stack_start_bytes(side);
    uint64_t bytes = side->stack_end_bytes > start_bytes ? side->stack_end_bytes - start_bytes : 0;
    return (bytes + e->word_bytes - 1) / e->word_bytes;
}

/* What the homes of registers take at most, each aligned to its width. */
static uint64_t words_of_homes(const struct abide_emission *e, const struct abide_side *side)
{
    uint64_t words = 0;
    for (size_t kind = ABIDE_REGISTER_VECTOR; kind < ABIDE_REGISTER_KIND_COUNT; kind++)
        words += side->arguments.counts[kind] *
                 (2 * (uint64_t)e->processor->register_bytes[kind] / e->word_bytes - 1);
    return words;
}

/*
 * As many as the callee may write to, whether they hold arguments or not. Where registers have places on the stack beside
 * those of arguments, each may lie behind all that is in use.
 */
static uint64_t words_of_call(const struct abide_emission *e, const struct abide_side *side)
{
    uint64_t start_bytes = abide_side__stack_start_bytes(side);
    uint64_t area_bytes = side->assignment->stack_bytes;
    uint64_t area = area_bytes > start_bytes
                        ? (area_bytes - start_bytes + e->word_bytes - 1) / e->word_bytes
                        : 0;
    uint64_t used = words_up_to(e, side);
    uint64_t most = used > area ? used : area;
    return most +
           (most > 0 && side->convention->registers_have_homes ? words_of_homes(e, side) : 0);
}

/* A jump has the words of the thunk itself. What the callee looks at and nobody writes stays as it came. */
static void start_stack(struct abide_frame *frame, struct outgoing *out)
{
    bool keeps = out->tail == ABIDE_TAIL_MUST;
    out->stack_count =
        keeps ? frame->prototype.stack_count : (size_t)words_of_call(frame->e, out->side);
    out->stack = abide__new_array(frame->e->ctx, struct abide_stack_item, out->stack_count);
}

static void finish_words(struct abide_frame *frame, struct outgoing *out)
{
    if (out->tail != ABIDE_TAIL_MUST)
        return;
    uint64_t used = words_up_to(frame->e, out->side);
    for (size_t i = 0; i < out->stack_count && i < used; i++)
        if (!out->stack[i].value)
            out->stack[i].value = LLVMGetParam(frame->function, frame->prototype.stack_items[i]);
}

/* Drops the words that the copied items before them cover. */
static void pack_stack(const struct abide_emission *e, struct outgoing *out)
{
    size_t kept = 0;
    for (size_t i = 0; i < out->stack_count;) {
        struct abide_stack_item item = out->stack[i];
        out->stack[kept++] = item;
        i += item.copied_bytes ? (item.copied_bytes + e->word_bytes - 1) / e->word_bytes : 1;
    }
    out->stack_count = kept;
}

/*
 * LLVM aligns the stack of a call as strictly as the memory that it copies there. Where the callee expects more than the
 * convention promises, the first item is such memory, be it one that nobody looks at.
 */
static void align_stack(struct abide_frame *frame, struct outgoing *out)
{
    struct abide_emission *e = frame->e;
    uint64_t align_bytes = out->side->assignment->stack_align_bytes;
    if (out->stack_count == 0) {
        out->stack = abide__new(e->ctx, struct abide_stack_item);
        out->stack_count = 1;
    }
    struct abide_stack_item *first = &out->stack[0];
    if (first->copied_bytes && first->align_bytes >= align_bytes)
        return;
    uint64_t size_bytes = first->copied_bytes ? first->copied_bytes : e->word_bytes;
    LLVMValueRef memory = abide_emission__alloca(e, size_bytes, align_bytes);
    if (first->copied_bytes)
        LLVMBuildMemCpy(e->builder, memory, (unsigned)align_bytes, first->value,
                        (unsigned)first->align_bytes, abide_emission__number(e, size_bytes));
    else if (first->value)
        LLVMBuildStore(e->builder, first->value, memory);
    *first = (struct abide_stack_item){memory, size_bytes, align_bytes};
}

static const struct abide_feed *feed_of(const struct abide_plan *plan, size_t argument, bool no_env)
{
    return &plan->feeds[no_env && argument >= plan->env_argument ? argument + 1 : argument];
}

static void fill(struct abide_frame *frame, struct outgoing *out, bool no_env)
{
    const struct abide_plan *plan = frame->plan;
    const abide_assignment *callee = out->side->assignment;
    start_stack(frame, out);
    for (size_t i = 0; i < callee->physical->param_count; i++)
        put_argument(frame, out, &callee->arguments[i], feed_of(plan, i, no_env));
    if (callee->result.pass == ABIDE_PASS_HIDDEN)
        put_argument(frame, out, &callee->result, &plan->hidden);
    finish_words(frame, out);
    if (out->side->convention->is_edge || out->side->convention->is_instruction)
        return;
    pack_stack(frame->e, out);
    if (out->tail != ABIDE_TAIL_MUST && abide_side__is_over_aligned(out->side))
        align_stack(frame, out);
}

static LLVMValueRef *arguments_of(struct abide_frame *frame, const struct outgoing *out,
                                  const struct abide_prototype *prototype, unsigned *count)
{
    *count = LLVMCountParamTypes(prototype->type);
    LLVMTypeRef *types = abide__new_array(frame->e->ctx, LLVMTypeRef, *count);
    LLVMValueRef *arguments = abide__new_array(frame->e->ctx, LLVMValueRef, *count);
    LLVMGetParamTypes(prototype->type, types);
    if (prototype->has_indirect)
        arguments[0] = out->indirect;
    for (int kind = 0; kind < ABIDE_REGISTER_KIND_COUNT; kind++)
        for (size_t i = 0; i < ABIDE_MAX_REGISTERS; i++)
            if (prototype->registers[kind][i] != ABIDE_NO_PARAMETER)
                arguments[prototype->registers[kind][i]] = out->registers[kind][i];
    for (size_t i = 0; i < prototype->stack_count; i++)
        if (prototype->stack_items[i] != ABIDE_NO_PARAMETER)
            arguments[prototype->stack_items[i]] = out->stack[i].value;
    for (unsigned i = 0; i < *count; i++)
        arguments[i] = arguments[i] ? abide_prototype__fit(frame->e, arguments[i], types[i])
                                    : LLVMGetPoison(types[i]);
    return arguments;
}

LLVMValueRef abide_call__target(struct abide_frame *frame, LLVMTypeRef type)
{
    const char *symbol = frame->e->called ? frame->e->called : frame->plan->symbol;
    if (frame->plan->target == ABIDE_TARGET_SYMBOL)
        return abide_emission__external(
            frame->e,
            abide_emission__linked(frame->e, frame->plan->callee->physical->machine, symbol), type);
    LLVMValueRef word = abide_frame__first_word(frame, &frame->plan->code);
    return LLVMBuildIntToPtr(frame->e->builder, word, frame->e->pointer, "");
}

/* A call of a callee that no convention is for. */
static LLVMValueRef edge_call(struct abide_frame *frame, struct outgoing *out,
                              struct abide_prototype *prototype)
{
    *prototype = (struct abide_prototype){.convention = out->side->convention,
                                          .result_type = frame->e->pointer};
    LLVMTypeRef type = LLVMFunctionType(frame->e->void_type, NULL, 0, false);
    const struct abide_edge_call call = {.side = out->side,
                                         .target = abide_call__target(frame, type),
                                         .registers = out->registers,
                                         .stack = out->stack,
                                         .stack_count = out->stack_count};
    return abide_edge__call(frame, &call);
}

/* One call. In a must-tail call it has the thunk's own prototype. */
static LLVMValueRef call(struct abide_frame *frame, const struct abide_side *side,
                         enum abide_tail tail, bool no_env, struct abide_prototype *prototype)
{
    struct abide_emission *e = frame->e;
    bool over_aligned = abide_side__is_over_aligned(side);
    if (over_aligned && tail == ABIDE_TAIL_HINT)
        tail = ABIDE_TAIL_NONE;
    struct outgoing out = {.side = side, .tail = tail};
    fill(frame, &out, no_env);
    if (side->convention->is_edge)
        return edge_call(frame, &out, prototype);
    if (side->convention->is_instruction) {
        *prototype = (struct abide_prototype){.convention = side->convention};
        abide_instruction__call(frame, side, out.registers, out.stack, out.stack_count);
        return NULL;
    }
    *prototype = frame->prototype;
    if (tail != ABIDE_TAIL_MUST) {
        *prototype = abide_prototype__of(side);
        abide_prototype__set_stack(prototype, out.stack, out.stack_count);
        prototype->stack_align_bytes = over_aligned ? side->assignment->stack_align_bytes : 0;
        abide_prototype__finish(e, prototype);
    }
    unsigned count;
    LLVMValueRef *arguments = arguments_of(frame, &out, prototype, &count);
    LLVMValueRef target = abide_call__target(frame, prototype->type);
    LLVMValueRef value = abide_unwinding__call(frame, prototype->type, target, arguments, count);
    abide_prototype__describe(e, prototype, value, true);
    if (tail == ABIDE_TAIL_MUST)
        abide_llvm_set_musttail(e->context, value);
    else if (tail == ABIDE_TAIL_HINT)
        LLVMSetTailCall(value, true);
    return value;
}

static void keep_results(struct abide_frame *frame, const struct abide_prototype *prototype,
                         LLVMValueRef value)
{
    const struct abide_register_use *used = &frame->callee.results;
    for (int kind = 0; prototype->convention->is_edge && kind < ABIDE_REGISTER_KIND_COUNT; kind++)
        for (size_t i = 0; i < used->counts[kind]; i++)
            if (used->bytes[kind][i])
                frame->results[kind][i] = abide_edge__result(frame->e, &frame->callee, value,
                                                             (enum abide_register_kind)kind, i);
    if (prototype->convention->is_edge)
        frame->result_stack = abide_edge__result_stack(frame->e, &frame->callee, value);
    for (int kind = 0; kind < ABIDE_REGISTER_KIND_COUNT; kind++)
        for (size_t i = 0; i < prototype->results.counts[kind]; i++)
            frame->results[kind][i] = abide_prototype__result(frame->e, prototype, value,
                                                              (enum abide_register_kind)kind, i);
}

/*
 * Whether the callee without its environment may be called with it all the same: everything else is where it was, and what
 * is in a place that the callee does not look at does no harm where the caller removes the arguments.
 */
static bool env_does_no_harm(const struct abide_plan *plan)
{
    const abide_assignment *with = plan->callee, *without = plan->callee_without_env;
    if (with->callee_cleans || with->callee_pops_bytes || without->physical->is_variadic ||
        !abide_places__same(&with->result, &without->result))
        return false;
    for (size_t i = 0; i < without->physical->param_count; i++)
        if (!abide_places__same(&with->arguments[i < plan->env_argument ? i : i + 1],
                                &without->arguments[i]))
            return false;
    return true;
}

/* A call in a block of its own; a tail call ends it. */
static LLVMValueRef branch(struct abide_frame *frame, const struct abide_side *side,
                           enum abide_tail tail, bool no_env, LLVMBasicBlockRef *block,
                           LLVMBasicBlockRef next, struct abide_prototype *prototype)
{
    LLVMPositionBuilderAtEnd(frame->e->builder, *block);
    LLVMValueRef value = call(frame, side, tail, no_env, prototype);
    *block = LLVMGetInsertBlock(frame->e->builder);
    if (tail == ABIDE_TAIL_MUST)
        LLVMBuildRetVoid(frame->e->builder);
    else
        LLVMBuildBr(frame->e->builder, next);
    return value;
}

static bool call_with_or_without(struct abide_frame *frame, enum abide_tail tail)
{
    struct abide_emission *e = frame->e;
    const char *reason;
    struct abide_side without =
        abide_side__of(e->ctx, e->processor, frame->plan->callee_without_env, false, &reason);
    /* What both calls give back has to be of one type. */
    if (without.convention && without.convention->is_edge != frame->callee.convention->is_edge) {
        without =
            abide_side__edge(e->ctx, e->processor, frame->plan->callee_without_env, false, &reason);
        frame->callee = abide_side__edge(e->ctx, e->processor, frame->plan->callee, false, &reason);
    }
    if (!without.convention || !frame->callee.convention) {
        abide_emission__lack(e, frame->plan, frame->plan->callee_without_env, reason);
        return false;
    }
    LLVMBasicBlockRef blocks[3];
    for (int i = 0; i < 3; i++)
        blocks[i] = LLVMAppendBasicBlockInContext(e->context, frame->function, "");
    LLVMValueRef env =
        abide_frame__first_word(frame, &frame->plan->feeds[frame->plan->env_argument].object);
    LLVMValueRef is_null = LLVMBuildICmp(e->builder, LLVMIntEQ, env, LLVMConstNull(e->word), "");
    LLVMBuildCondBr(e->builder, is_null, blocks[1], blocks[0]);
    struct abide_prototype prototype;
    LLVMValueRef values[2] = {
        branch(frame, &frame->callee, tail, false, &blocks[0], blocks[2], &prototype),
        branch(frame, &without, tail, true, &blocks[1], blocks[2], &prototype)};
    if (tail == ABIDE_TAIL_MUST) {
        LLVMDeleteBasicBlock(blocks[2]);
        return true;
    }
    LLVMPositionBuilderAtEnd(e->builder, blocks[2]);
    if (prototype.result_type == e->void_type)
        return true;
    LLVMValueRef merged = LLVMBuildPhi(e->builder, prototype.result_type, "");
    LLVMAddIncoming(merged, values, blocks, 2);
    keep_results(frame, &prototype, merged);
    return true;
}

bool abide_call__emit(struct abide_frame *frame, enum abide_tail tail)
{
    const struct abide_plan *plan = frame->plan;
    if (plan->env_argument != SIZE_MAX && !env_does_no_harm(plan))
        return call_with_or_without(frame, tail);
    struct abide_prototype prototype;
    LLVMValueRef value = call(frame, &frame->callee, tail, false, &prototype);
    if (tail == ABIDE_TAIL_MUST)
        LLVMBuildRetVoid(frame->e->builder);
    else
        keep_results(frame, &prototype, value);
    return true;
}
