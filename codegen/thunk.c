/* The order of a thunk's body, as plan.h states it, and which tiers of a plan LLVM can do. */
#include "thunk.h"

#include "base/checked.h"
#include "call.h"
#include "edge.h"
#include "instruction.h"
#include "line.h"
#include "routine.h"
#include "unwinding.h"

#include <assert.h>
#include <string.h>

/* The most bytes of stack arguments and temporaries of one thunk. */
#define FRAME_MAX_BYTES ((uint64_t)1 << 24)

static const struct abide_object result_memory = {.kind = ABIDE_OBJECT_RESULT_MEMORY};

/* ---- the body, but for the call ---- */

/* What LLVM aligns without moving the stack pointer. */
static uint64_t stack_align_bytes(const struct abide_frame *frame)
{
    return frame->e->processor->conventions[0].align_bytes;
}

static bool is_aligned_by_hand(const struct abide_frame *frame, size_t index)
{
    return abide_frame__temporary_align(frame, index) > stack_align_bytes(frame);
}

/* The next place in a block for a temporary. */
static uint64_t place_in_block(const struct abide_frame *frame, size_t index, uint64_t *end_bytes)
{
    uint64_t align_bytes = abide_frame__temporary_align(frame, index);
    uint64_t at_bytes = (*end_bytes + align_bytes - 1) / align_bytes * align_bytes;
    *end_bytes = at_bytes + frame->plan->temporaries[index].size_bytes;
    return at_bytes;
}

/*
 * Temporaries that are aligned more strictly than the stack lie in one block with room to spare, of which an aligned address is
 * taken: LLVM would align the stack pointer, which takes a frame pointer and its way back. Where the call aligns the stack, that
 * is done anyway.
 */
static void allot_block(struct abide_frame *frame)
{
    struct abide_emission *e = frame->e;
    uint64_t end_bytes = 0, align_bytes = 0;
    for (size_t i = 0; i < frame->plan->temporary_count; i++)
        if (is_aligned_by_hand(frame, i)) {
            place_in_block(frame, i, &end_bytes);
            if (abide_frame__temporary_align(frame, i) > align_bytes)
                align_bytes = abide_frame__temporary_align(frame, i);
        }
    if (align_bytes == 0)
        return;
    uint64_t spare_bytes = align_bytes - stack_align_bytes(frame);
    LLVMValueRef block =
        abide_emission__alloca(e, end_bytes + spare_bytes, stack_align_bytes(frame));
    block = abide_bytes__aligned(e, abide_bytes__advance(e, block, spare_bytes), align_bytes);
    end_bytes = 0;
    for (size_t i = 0; i < frame->plan->temporary_count; i++)
        if (is_aligned_by_hand(frame, i))
            frame->temporaries[i] =
                abide_bytes__advance(e, block, place_in_block(frame, i, &end_bytes));
}

static void allot_temporaries(struct abide_frame *frame)
{
    const abide_plan *plan = frame->plan;
    struct abide_emission *e = frame->e;
    bool by_hand =
        frame->callee.convention->is_edge || !abide_side__is_over_aligned(&frame->callee);
    frame->temporaries = abide__new_array(e->ctx, LLVMValueRef, plan->temporary_count);
    for (size_t i = 0; i < plan->temporary_count; i++)
        if (!by_hand || !is_aligned_by_hand(frame, i))
            frame->temporaries[i] = abide_emission__alloca(e, plan->temporaries[i].size_bytes,
                                                           abide_frame__temporary_align(frame, i));
    if (by_hand)
        allot_block(frame);
}

static void clear(struct abide_emission *e, LLVMValueRef pointer, uint64_t size_bytes,
                  uint64_t align_bytes)
{
    if (size_bytes > 0)
        LLVMBuildMemSet(e->builder, pointer, LLVMConstNull(e->byte),
                        abide_emission__number(e, size_bytes), (unsigned)align_bytes);
}

static void clear_temporaries(struct abide_frame *frame)
{
    const abide_plan *plan = frame->plan;
    for (size_t i = 0; i < plan->temporary_count; i++)
        if (plan->temporaries[i].zeroed)
            clear(frame->e, frame->temporaries[i], plan->temporaries[i].size_bytes,
                  abide_frame__temporary_align(frame, i));
}

static void clear_result_memory(struct abide_frame *frame)
{
    const abide_plan *plan = frame->plan;
    if (plan->zero_result_memory)
        clear(frame->e, abide_frame__address(frame, &result_memory), plan->result_memory_bytes,
              plan->result_memory_align_bytes);
}

static LLVMValueRef stored_value(struct abide_frame *frame, const struct abide_store *store)
{
    struct abide_emission *e = frame->e;
    switch (store->kind) {
    case ABIDE_STORE_CONSTANT:
        return LLVMConstInt(abide_emission__integer(e, store->size_bytes), store->value, false);
    case ABIDE_STORE_INNER: return abide_frame__inner(frame, store->value, &store->unless_null);
    case ABIDE_STORE_OBJECT: return abide_frame__address(frame, &store->unless_null);
    case ABIDE_STORE_ADDRESS:
        return abide_bytes__advance(e, frame->temporaries[store->value],
                                    store->address_offset_bytes);
    }
    return NULL;
}

static void write_store(struct abide_frame *frame, const struct abide_store *store)
{
    LLVMValueRef pointer =
        abide_bytes__advance(frame->e, frame->temporaries[store->temporary], store->offset_bytes);
    LLVMValueRef instruction =
        LLVMBuildStore(frame->e->builder, stored_value(frame, store), pointer);
    LLVMSetAlignment(instruction, 1);
}

static void write_stores(struct abide_frame *frame, bool are_late)
{
    for (size_t i = 0; i < frame->plan->store_count; i++)
        if (abide_store__is_late(frame->plan, &frame->plan->stores[i]) == are_late)
            write_store(frame, &frame->plan->stores[i]);
}

static void copy(struct abide_frame *frame, const struct abide_copy_step *step)
{
    struct abide_bytes bytes = {abide_frame__view(frame, &step->from), step->runs, step->run_count};
    struct abide_span memory = abide_frame__memory(frame, &step->to);
    abide_bytes__store(frame->e, &bytes, &memory);
}

static void convert(struct abide_frame *frame, const struct abide_copy_step *step)
{
    const struct abide_object *objects[] = {&step->from, &step->to, &step->frame};
    LLVMValueRef arguments[3] = {0};
    assert(step->routine->parameter_count <= 3);
    for (size_t i = 0; i < step->routine->parameter_count; i++)
        arguments[i] = abide_frame__address(frame, objects[i]);
    abide_routine__call(frame->e, step->routine, arguments);
}

static void take_steps(struct abide_frame *frame, const struct abide_copy_step *steps, size_t count)
{
    for (size_t i = 0; i < count; i++)
        if (steps[i].routine)
            convert(frame, &steps[i]);
        else
            copy(frame, &steps[i]);
}

/* A list over what the caller passed behind the parameters of the thunk. */
static void start_list(struct abide_frame *frame)
{
    static const char name[] = "llvm.va_start";
    struct abide_emission *e = frame->e;
    if (!frame->plan->unnamed.is_list_started)
        return;
    unsigned id = LLVMLookupIntrinsicID(name, sizeof name - 1);
    size_t overloads = LLVMIntrinsicIsOverloaded(id) ? 1 : 0; /* since LLVM 19 */
    LLVMValueRef function = LLVMGetIntrinsicDeclaration(e->module, id, &e->pointer, overloads);
    LLVMTypeRef type = LLVMIntrinsicGetType(e->context, id, &e->pointer, overloads);
    LLVMValueRef list = frame->temporaries[frame->plan->unnamed.list];
    LLVMBuildCall2(e->builder, type, function, &list, 1, "");
}

/* Up to what the caller passes having been looked at. */
static void look(struct abide_frame *frame)
{
    allot_temporaries(frame);
    clear_temporaries(frame);
    take_steps(frame, frame->plan->before, frame->plan->check_count);
}

static void prepare(struct abide_frame *frame)
{
    const abide_plan *plan = frame->plan;
    clear_result_memory(frame);
    start_list(frame);
    write_stores(frame, false);
    take_steps(frame, plan->before + plan->check_count, plan->before_count - plan->check_count);
    write_stores(frame, true);
}

/* ---- hooks ---- */

static LLVMValueRef frame_address(struct abide_emission *e)
{
    static const char name[] = "llvm.frameaddress";
    unsigned id = LLVMLookupIntrinsicID(name, sizeof name - 1);
    LLVMValueRef function = LLVMGetIntrinsicDeclaration(e->module, id, &e->pointer, 1);
    LLVMTypeRef type = LLVMIntrinsicGetType(e->context, id, &e->pointer, 1);
    LLVMValueRef level = LLVMConstNull(LLVMInt32TypeInContext(e->context));
    return LLVMBuildCall2(e->builder, type, function, &level, 1, "");
}

static LLVMTypeRef token_type(struct abide_emission *e, enum abide_hook_token token)
{
    switch (token) {
    case ABIDE_HOOK_GIVES_INT: return LLVMInt32TypeInContext(e->context);
    case ABIDE_HOOK_GIVES_POINTER: return e->pointer;
    case ABIDE_HOOK_GIVES_NOTHING: break;
    }
    return e->void_type;
}

/* The call of hooks[index]; `tokens` holds what those before it gave. */
static void call_hook(struct abide_frame *frame, size_t index, LLVMValueRef *tokens)
{
    struct abide_emission *e = frame->e;
    const struct abide_hook_call *hooks = frame->plan->hooks, *hook = &hooks[index];
    bool gets_token = hook->undoes != SIZE_MAX && hooks[hook->undoes].gives;
    LLVMTypeRef parameter = gets_token ? token_type(e, hooks[hook->undoes].gives) : e->word;
    unsigned count = hook->passes_frame_address || gets_token;
    LLVMTypeRef type = LLVMFunctionType(token_type(e, hook->gives), &parameter, count, false);
    LLVMValueRef function = abide_emission__external(e, hook->symbol, type);
    LLVMValueRef argument = gets_token ? tokens[hook->undoes]
                            : hook->passes_frame_address
                                ? LLVMBuildPtrToInt(e->builder, frame_address(e), e->word, "")
                                : NULL;
    tokens[index] = LLVMBuildCall2(e->builder, type, function, &argument, count, "");
    LLVMSetInstructionCallConv(tokens[index], e->processor->library);
}

/* A byte of the program that says whether the hook was called: one for all thunks, also of other object files. */
static LLVMValueRef flag_of(struct abide_emission *e, const char *symbol)
{
    const char *name = abide__printf(e->ctx, "abide_once.%s", symbol);
    LLVMValueRef flag = LLVMGetNamedGlobal(e->module, name);
    if (flag)
        return flag;
    flag = LLVMAddGlobal(e->module, e->byte, name);
    LLVMSetInitializer(flag, LLVMConstNull(e->byte));
    LLVMSetLinkage(flag, LLVMWeakAnyLinkage);
    if (!e->in_process)
        LLVMSetVisibility(flag, LLVMHiddenVisibility);
    return flag;
}

/*
 * The first call in the life of the process calls the hook. Others that come meanwhile go on, also the hook's own calls of
 * thunks: a runtime is to be started before threads use it.
 */
static void call_hook_once(struct abide_frame *frame, size_t index, LLVMValueRef *tokens)
{
    struct abide_emission *e = frame->e;
    LLVMValueRef flag = flag_of(e, frame->plan->hooks[index].symbol);
    LLVMBasicBlockRef maybe = LLVMAppendBasicBlockInContext(e->context, frame->function, "");
    LLVMBasicBlockRef first = LLVMAppendBasicBlockInContext(e->context, frame->function, "");
    LLVMBasicBlockRef done = LLVMAppendBasicBlockInContext(e->context, frame->function, "");
    LLVMValueRef zero = LLVMConstNull(e->byte);
    LLVMValueRef seen = LLVMBuildLoad2(e->builder, e->byte, flag, "");
    LLVMSetOrdering(seen, LLVMAtomicOrderingAcquire);
    LLVMSetAlignment(seen, 1);
    LLVMBuildCondBr(e->builder, LLVMBuildICmp(e->builder, LLVMIntEQ, seen, zero, ""), maybe, done);
    LLVMPositionBuilderAtEnd(e->builder, maybe);
    LLVMValueRef was = LLVMBuildAtomicRMW(e->builder, LLVMAtomicRMWBinOpXchg, flag,
                                          LLVMConstInt(e->byte, 1, false),
                                          LLVMAtomicOrderingAcquireRelease, false);
    LLVMBuildCondBr(e->builder, LLVMBuildICmp(e->builder, LLVMIntEQ, was, zero, ""), first, done);
    LLVMPositionBuilderAtEnd(e->builder, first);
    call_hook(frame, index, tokens);
    LLVMBuildBr(e->builder, done);
    LLVMPositionBuilderAtEnd(e->builder, done);
}

static void call_hooks(struct abide_frame *frame, enum abide_hook_at at, LLVMValueRef *tokens)
{
    for (size_t i = 0; i < frame->plan->hook_count; i++) {
        const struct abide_hook_call *hook = &frame->plan->hooks[i];
        if (hook->at != at)
            continue;
        if (hook->once)
            call_hook_once(frame, i, tokens);
        else
            call_hook(frame, i, tokens);
    }
}

/* ---- the return ---- */

static void put_result(struct abide_frame *frame, const char *name, LLVMValueRef value,
                       LLVMValueRef (*registers)[ABIDE_MAX_REGISTERS])
{
    struct abide_register_at at;
    if (abide_convention__result(frame->caller.convention, name, &at))
        registers[at.kind][at.index] = value;
}

/* A result that lies on the caller's stack, with what it is extended to. */
static void put_on_stack(struct abide_frame *frame, const struct abide_bytes *bytes,
                         const abide_piece *piece)
{
    struct abide_emission *e = frame->e;
    struct abide_span memory = {.holder = ABIDE_HELD_MEMORY,
                                .value = abide_edge__stack(frame),
                                .size_bytes = piece->size_bytes,
                                .at_bytes = (uint64_t)piece->stack_offset_bytes,
                                .align_bytes = 1};
    if (!abide_bytes__is_extended(piece)) {
        abide_bytes__store(e, bytes, &memory);
        return;
    }
    LLVMValueRef pointer = abide_bytes__advance(e, memory.value, memory.at_bytes);
    LLVMSetAlignment(LLVMBuildStore(e->builder, abide_bytes__extended(e, bytes, piece), pointer),
                     1);
}

/* Bytes in the registers of a place. */
static void put_bytes(struct abide_frame *frame, const struct abide_assigned *place,
                      const struct abide_bytes *bytes, bool must_extend,
                      LLVMValueRef (*registers)[ABIDE_MAX_REGISTERS])
{
    for (size_t i = 0; i < place->piece_count && place->pieces[i].register_name; i++) {
        const abide_piece *piece = &place->pieces[i];
        struct abide_register_at at;
        if (abide_convention__result(frame->caller.convention, piece->register_name, &at))
            registers[at.kind][at.index] =
                abide_bytes__register(frame->e, at.kind, bytes, piece, must_extend);
    }
}

static void put_value(struct abide_frame *frame, const struct abide_return *result,
                      LLVMValueRef (*registers)[ABIDE_MAX_REGISTERS])
{
    const struct abide_assigned *place = &frame->plan->caller->result;
    struct abide_bytes bytes = {abide_frame__view(frame, &result->object), result->runs,
                                result->run_count};
    if (place->piece_count == 1 && !place->pieces[0].register_name)
        put_on_stack(frame, &bytes, &place->pieces[0]);
    put_bytes(frame, place, &bytes, result->must_extend, registers);
}

/* What comes back of the caller's arguments. */
static void put_back(struct abide_frame *frame, LLVMValueRef (*registers)[ABIDE_MAX_REGISTERS])
{
    for (size_t i = 0; i < frame->plan->back_count; i++) {
        const struct abide_way_back *back = &frame->plan->back[i];
        struct abide_bytes bytes = {abide_frame__view(frame, &back->object), back->runs,
                                    back->run_count};
        put_bytes(frame, &frame->plan->caller->arguments[back->argument], &bytes, back->must_extend,
                  registers);
    }
}

/* The address of the result memory: the callee may have given it back, which saves keeping it. */
static LLVMValueRef returned_address(struct abide_frame *frame, const struct abide_return *result)
{
    struct abide_register_at at;
    const char *returned = frame->plan->callee->result.returned_register;
    if (result->in_place && returned &&
        abide_convention__result(frame->callee.convention, returned, &at) &&
        frame->results[at.kind][at.index])
        return frame->results[at.kind][at.index];
    LLVMValueRef pointer = abide_frame__address(frame, &result->object);
    return LLVMBuildPtrToInt(frame->e->builder, pointer, frame->e->word, "");
}

static void write_return(struct abide_frame *frame, const struct abide_return *result)
{
    LLVMValueRef registers[ABIDE_REGISTER_KIND_COUNT][ABIDE_MAX_REGISTERS] = {0};
    switch (result->kind) {
    case ABIDE_RETURN_NOTHING: break;
    case ABIDE_RETURN_VALUE: put_value(frame, result, registers); break;
    case ABIDE_RETURN_ADDRESS:
        put_result(frame, frame->plan->caller->result.returned_register,
                   returned_address(frame, result), registers);
        break;
    }
    put_back(frame, registers);
    if (frame->caller.convention->is_edge)
        abide_edge__return(frame, registers);
    else
        abide_prototype__return(frame->e, &frame->prototype, registers);
}

/* ---- the three tiers ---- */

static bool uses_register(const struct abide_side *side, const char *name)
{
    struct abide_register_at at;
    return abide_convention__argument(side->convention, name, &at) &&
           (at.is_indirect ? side->has_indirect : side->arguments.bytes[at.kind][at.index] != 0);
}

/* LLVM does not look whether something has arrived in the register that it touches pages by. */
static void probe_stack(struct abide_frame *frame)
{
    const char *probe = frame->e->processor->probe;
    if (probe && frame->caller.convention && !uses_register(&frame->caller, probe))
        abide_emission__probe_stack(frame->e, frame->function);
}

static void define(struct abide_frame *frame, const char *symbol, bool is_local)
{
    abide_prototype__finish(frame->e, &frame->prototype);
    frame->function =
        abide_emission__define(frame->e, frame->plan, symbol, is_local, frame->prototype.type);
    abide_prototype__describe(frame->e, &frame->prototype, frame->function, false);
    probe_stack(frame);
}

/* Every bit is in place: one jump. No register is mentioned, so none is touched. */
static bool emit_same(struct abide_frame *frame, const char *symbol, bool is_local)
{
    struct abide_emission *e = frame->e;
    frame->prototype = (struct abide_prototype){.processor = e->processor,
                                                .convention = &e->processor->conventions[0],
                                                .pointer_register = SIZE_MAX};
    define(frame, symbol, is_local);
    LLVMValueRef target = abide_call__target(frame, frame->prototype.type);
    LLVMValueRef call = LLVMBuildCall2(e->builder, frame->prototype.type, target, NULL, 0, "");
    abide_prototype__describe(e, &frame->prototype, call, true);
    abide_llvm_set_musttail(e->context, call);
    LLVMBuildRetVoid(e->builder);
    return true;
}

/*
 * LLVM reads all stack words of a jump before it writes the first. As long as scratch registers hold them, this is shorter
 * than a frame with copies of them; beyond, it is longer.
 */
static size_t words_at_most(const struct abide_frame *frame)
{
    return frame->caller.convention->jump_words;
}

static size_t words(const struct abide_frame *frame, uint64_t end_bytes)
{
    uint64_t start_bytes = abide_side__stack_start_bytes(&frame->caller);
    uint64_t bytes = end_bytes > start_bytes ? end_bytes - start_bytes : 0;
    return (size_t)((bytes + frame->e->word_bytes - 1) / frame->e->word_bytes);
}

/* The words as items, for a prototype. */
static void set_words(struct abide_frame *frame, size_t count)
{
    abide_prototype__set_stack(
        &frame->prototype, abide__new_array(frame->e->ctx, struct abide_stack_item, count), count);
    frame->stack_is_words = true;
}

static void widen_by_piece(uint64_t *end_bytes, const abide_piece *piece)
{
    uint64_t piece_end_bytes = (uint64_t)piece->stack_offset_bytes + piece->size_bytes;
    if (!piece->register_name && piece_end_bytes > *end_bytes)
        *end_bytes = piece_end_bytes;
}

static void widen(uint64_t *end_bytes, const struct abide_assigned *argument)
{
    size_t count;
    const abide_piece *places = abide_side__places(argument, &count);
    for (size_t i = 0; i < count; i++)
        widen_by_piece(end_bytes, &places[i]);
}

/* Takes the stack places into account from which an object is read, or its address. */
static void widen_by_read(uint64_t *end_bytes, const abide_plan *plan,
                          const struct abide_object *object)
{
    const struct abide_physical *caller = plan->caller->physical;
    if (object->kind == ABIDE_OBJECT_ARGUMENT || object->kind == ABIDE_OBJECT_POINTEE)
        widen(end_bytes, &plan->caller->arguments[object->index]);
    if (object->kind == ABIDE_OBJECT_ELEMENT)
        widen(end_bytes, &plan->caller->arguments[plan->vector_argument]);
    if (object->kind != ABIDE_OBJECT_RESULT_MEMORY)
        return;
    widen(end_bytes, &plan->caller->result);
    for (size_t i = 0; i < caller->param_count; i++)
        if (caller->params[i].role == ABIDE_ROLE_OUT)
            widen(end_bytes, &plan->caller->arguments[i]);
}

static void widen_by_feed(uint64_t *end_bytes, const abide_plan *plan,
                          const struct abide_feed *feed, const struct abide_assigned *sink)
{
    size_t count;
    const abide_piece *places = abide_side__places(sink, &count);
    bool moves = false;
    for (size_t i = 0; i < count; i++)
        if (!abide_frame__stays(plan, feed, &places[i])) {
            widen_by_piece(end_bytes, &places[i]);
            moves = true;
        }
    if (moves && feed->kind != ABIDE_FEED_NULL && feed->kind != ABIDE_FEED_NOTHING)
        widen_by_read(end_bytes, plan, &feed->object);
}

/* Where the stack words end that a jump has to mention: those it writes, and those it reads. */
static uint64_t mentioned_end(const struct abide_frame *frame)
{
    const abide_plan *plan = frame->plan;
    uint64_t end_bytes = frame->caller.convention->start_bytes;
    for (size_t i = 0; i < plan->feed_count; i++)
        widen_by_feed(&end_bytes, plan, &plan->feeds[i], &plan->callee->arguments[i]);
    widen_by_feed(&end_bytes, plan, &plan->hidden, &plan->callee->result);
    for (size_t i = 0; i < plan->before_count; i++) {
        widen_by_read(&end_bytes, plan, &plan->before[i].from);
        widen_by_read(&end_bytes, plan, &plan->before[i].to);
    }
    for (size_t i = 0; i < plan->store_count; i++)
        if (plan->stores[i].kind == ABIDE_STORE_INNER)
            widen_by_read(&end_bytes, plan, &plan->stores[i].unless_null);
    if (plan->zero_result_memory)
        widen_by_read(&end_bytes, plan, &result_memory);
    if (plan->target == ABIDE_TARGET_POINTER)
        widen_by_read(&end_bytes, plan, &plan->code);
    if (plan->env_argument != SIZE_MAX)
        widen_by_read(&end_bytes, plan, &plan->feeds[plan->env_argument].object);
    return end_bytes;
}

/* One prototype for the thunk and for its callee: the registers of both. Results pass by untouched. */
static void join_prototypes(struct abide_frame *frame, const struct abide_side *other)
{
    frame->prototype.arguments =
        abide_register_use__joined(&frame->prototype.arguments, &other->arguments);
    frame->prototype.results = (struct abide_register_use){0};
    frame->prototype.has_chain = frame->caller.has_chain;
}

/* Registers and stack words are rewritten, then a jump; the result passes by untouched. */
static bool emit_jump(struct abide_frame *frame, const char *symbol, bool is_local,
                      size_t word_count)
{
    join_prototypes(frame, &frame->callee);
    frame->prototype.counts_vectors = false;
    set_words(frame, word_count);
    define(frame, symbol, is_local);
    look(frame);
    prepare(frame);
    return abide_call__emit(frame, ABIDE_TAIL_MUST);
}

/*
 * The integer register with a pointer that the callee gets in its indirect register, or SIZE_MAX. As a pointer from the start
 * it needs no instruction there, and LLVM can make a jump of the call.
 */
static size_t passed_on(const struct abide_frame *frame)
{
    const struct abide_object *object = &frame->plan->hidden.object;
    struct abide_register_at at;
    if (!frame->callee.has_indirect || frame->plan->hidden.kind != ABIDE_FEED_ADDRESS)
        return SIZE_MAX;
    const abide_piece *piece = abide_frame__pointer_piece(frame, object);
    if (!piece || !piece->register_name || object->offset_bytes != 0 ||
        !abide_convention__argument(frame->caller.convention, piece->register_name, &at) ||
        at.is_indirect || at.kind != ABIDE_REGISTER_INTEGER)
        return SIZE_MAX;
    return at.index;
}

/* Where something invalid came, the adapter itself answers. */
static void answer(struct abide_frame *frame, LLVMValueRef *tokens)
{
    const abide_plan *plan = frame->plan;
    struct abide_emission *e = frame->e;
    if (!plan->answers_invalid)
        return;
    LLVMBasicBlockRef answered = LLVMAppendBasicBlockInContext(e->context, frame->function, "");
    LLVMBasicBlockRef next = LLVMAppendBasicBlockInContext(e->context, frame->function, "");
    LLVMValueRef note =
        LLVMBuildLoad2(e->builder, e->word, abide_frame__address(frame, &plan->invalid), "");
    LLVMSetAlignment(note, 1);
    LLVMBuildCondBr(e->builder,
                    LLVMBuildICmp(e->builder, LLVMIntNE, note, LLVMConstNull(e->word), ""),
                    answered, next);
    LLVMPositionBuilderAtEnd(e->builder, answered);
    take_steps(frame, plan->answer, plan->answer_count);
    call_hooks(frame, ABIDE_HOOK_LAST, tokens);
    write_return(frame, &plan->answered);
    LLVMPositionBuilderAtEnd(e->builder, next);
}

/* Where an exception comes that leaves the callee: what was begun for the call ends, then it goes on. */
static void end_unwound(struct abide_frame *frame, LLVMValueRef *tokens)
{
    if (!frame->landing)
        return;
    LLVMValueRef exception = abide_unwinding__land(frame);
    call_hooks(frame, ABIDE_HOOK_AFTER_CALL, tokens);
    take_steps(frame, frame->plan->unwound, frame->plan->unwound_count);
    call_hooks(frame, ABIDE_HOOK_LAST, tokens);
    LLVMBuildResume(frame->e->builder, exception);
}

/* The call, and work before and after it, in the function that was begun. */
static bool write_body(struct abide_frame *frame, enum abide_tail tail)
{
    const abide_plan *plan = frame->plan;
    LLVMValueRef *tokens = abide__new_array(frame->e->ctx, LLVMValueRef, plan->hook_count + 1);
    call_hooks(frame, ABIDE_HOOK_FIRST, tokens);
    look(frame);
    answer(frame, tokens);
    prepare(frame);
    call_hooks(frame, ABIDE_HOOK_BEFORE_CALL, tokens);
    abide_unwinding__begin(frame);
    if (!abide_call__emit(frame, tail))
        return false;
    const struct abide_copy_step *behind_hooks = plan->after + plan->at_once_count;
    size_t last_count = plan->at_last_count;
    size_t between_count = plan->after_count - plan->at_once_count - last_count;
    take_steps(frame, plan->after, plan->at_once_count);
    call_hooks(frame, ABIDE_HOOK_AFTER_CALL, tokens);
    take_steps(frame, behind_hooks, between_count);
    call_hooks(frame, ABIDE_HOOK_LAST, tokens);
    take_steps(frame, behind_hooks + between_count, last_count);
    write_return(frame, &plan->result);
    end_unwound(frame, tokens);
    return true;
}

/* Where no convention has the caller's registers: assembly in front of a C function. */
static bool emit_entry(struct abide_frame *frame, const char *symbol, bool is_local)
{
    abide_edge__start_body(frame, symbol);
    if (frame->e->processor->probe)
        abide_emission__probe_stack(frame->e, frame->function);
    if (!write_body(frame, ABIDE_TAIL_NONE))
        return false;
    abide_edge__make_entry(frame, symbol, is_local);
    return true;
}

/* Whether the first unnamed argument on the stack is the first one that may be behind the named ones. */
static bool starts_at(int64_t offset_bytes, uint64_t end_bytes, uint64_t align_bytes)
{
    return offset_bytes >= 0 && (uint64_t)offset_bytes >= end_bytes &&
           (uint64_t)offset_bytes < end_bytes + align_bytes;
}

/*
 * LLVM's list starts behind the registers of the parameters, and behind the last of these on the stack. Registers that the named
 * arguments leave out become parameters, so that it starts where the caller put the first unnamed argument.
 */
static bool name_registers(struct abide_frame *frame)
{
    static const enum abide_register_kind kinds[] = {ABIDE_REGISTER_INTEGER, ABIDE_REGISTER_VECTOR};
    const struct abide_unnamed_places *unnamed = &frame->plan->unnamed;
    const struct abide_convention *convention = frame->caller.convention;
    struct abide_register_use *named = &frame->prototype.arguments;
    bool needs_all = frame->prototype.stack_count > 0 && !frame->prototype.stack[0].copied_bytes &&
                     convention->arguments.reach == ABIDE_REACH_SEQUENCE;
    uint64_t slot_bytes = convention->slot_bytes;
    uint64_t end_bytes = (frame->caller.stack_end_bytes + slot_bytes - 1) / slot_bytes * slot_bytes;
    for (size_t i = 0; i < 2; i++) {
        struct abide_register_at at = {.kind = kinds[i]};
        const char *name = unnamed->first[i].register_name;
        if (!name)
            at.index = convention->arguments.registers[at.kind].count;
        else if (!abide_convention__argument(convention, name, &at) || at.is_indirect)
            return false;
        size_t all = convention->arguments.registers[at.kind].count;
        if (!convention->lists[at.kind])
            at.index = frame->caller.arguments.counts[at.kind];
        if (at.index < frame->caller.arguments.counts[at.kind] ||
            !starts_at(unnamed->stack_offset_bytes[i], end_bytes, i ? sizeof(double) : 1) ||
            (needs_all && at.kind == ABIDE_REGISTER_INTEGER && at.index < all))
            return false;
        if (convention->lists[at.kind] && at.kind == kinds[i])
            named->counts[at.kind] = at.index;
    }
    frame->prototype.is_variadic = true;
    return true;
}

static bool can_start_list(struct abide_frame *frame)
{
    if (!frame->plan->unnamed.is_list_started ||
        (frame->caller.convention->has_lists && name_registers(frame)))
        return true;
    abide_emission__refuse(frame->e, frame->plan,
                           "LLVM cannot start a list of its unnamed arguments on this "
                           "processor: list their types behind the dots instead");
    return false;
}

/* Whether LLVM is told that it may make a jump of the call. */
static enum abide_tail tail_of(const struct abide_frame *frame)
{
    bool may = frame->plan->tier != ABIDE_TIER_CALL && !frame->callee.convention->is_edge &&
               words(frame, frame->caller.stack_end_bytes) <= words_at_most(frame);
    return may ? ABIDE_TAIL_HINT : ABIDE_TAIL_NONE;
}

/* A frame, a call, and work after it. */
static bool emit_call(struct abide_frame *frame, const char *symbol, bool is_local)
{
    struct abide_stack_item *area = abide__new(frame->e->ctx, struct abide_stack_item);
    size_t word_count = words(frame, frame->caller.stack_end_bytes);
    enum abide_tail tail = tail_of(frame);
    bool copies = frame->caller.convention->copies;
    if (tail == ABIDE_TAIL_HINT || !copies) {
        set_words(frame, word_count);
    } else {
        area->copied_bytes = word_count * frame->e->word_bytes;
        abide_prototype__set_stack(&frame->prototype, area, word_count > 0);
    }
    frame->prototype.pointer_register = passed_on(frame);
    if (!can_start_list(frame))
        return false;
    define(frame, symbol, is_local);
    return write_body(frame, tail);
}

static bool has_side(struct abide_frame *frame, struct abide_side *side,
                     const abide_assignment *assignment, bool is_caller)
{
    struct abide_emission *e = frame->e;
    const char *reason;
    *side = abide_side__of(e->ctx, e->processor, assignment, is_caller, &reason);
    if (side->convention)
        return true;
    abide_emission__lack(e, frame->plan, assignment, reason);
    return false;
}

/* Far below what LLVM can count in a frame, far above what a thread's stack has room for. */
static bool fits_on_a_stack(struct abide_frame *frame)
{
    uint64_t total_bytes = frame->caller.stack_end_bytes;
    bool fits = abide__add(total_bytes, frame->callee.stack_end_bytes, &total_bytes);
    bool can_align = true;
    for (size_t i = 0; i < frame->plan->temporary_count; i++) {
        const struct abide_temporary *temporary = &frame->plan->temporaries[i];
        fits = fits && abide__add(total_bytes, temporary->size_bytes, &total_bytes);
        can_align = can_align && temporary->align_bytes <= ABIDE_STACK_ALIGN_MAX_BYTES;
    }
    if (!fits || total_bytes > FRAME_MAX_BYTES)
        abide_emission__refuse(frame->e, frame->plan,
                               "its arguments and copies take more than 16 MiB of stack");
    else if (!can_align)
        abide_emission__refuse(frame->e, frame->plan,
                               "a copy would have to be aligned to more than 4096 bytes on the "
                               "stack");
    return fits && total_bytes <= FRAME_MAX_BYTES && can_align;
}

static bool can_call(struct abide_frame *frame)
{
    bool is_passed_on = frame->plan->callee->physical->is_variadic;
    bool fine = !frame->plan->caller->physical->is_variadic || !is_passed_on;
    if (!fine)
        abide_emission__refuse(frame->e, frame->plan,
                               "a call cannot pass on arguments that the signature does not list");
    return fine;
}

static const char *call_reason(const struct abide_frame *frame)
{
    if (frame->plan->tier == ABIDE_TIER_CALL)
        return frame->plan->tier_reason;
    return tail_of(frame) == ABIDE_TAIL_HINT ? "LLVM promises no such jump"
                                             : "LLVM makes no such jump for this processor";
}

/* Why a side has no convention of LLVM's. */
static const char *edge_reason(struct abide_frame *frame)
{
    bool is_caller = frame->caller.convention->is_edge;
    return abide__printf(frame->e->ctx, "LLVM has no convention of the %s (%s)",
                         is_caller ? "caller's" : "callee's",
                         is_caller ? frame->caller.lack : frame->callee.lack);
}

static bool has_place(const struct abide_assigned *argument, const char *name)
{
    size_t count;
    const abide_piece *places = abide_side__places(argument, &count);
    for (size_t i = 0; i < count; i++)
        if (places[i].register_name && !strcmp(places[i].register_name, name))
            return true;
    return false;
}

/* Whether a side passes or preserves what a jump by LLVM may overwrite. */
static bool is_spoilt(const abide_assignment *side, struct abide_words spoilt)
{
    for (size_t i = 0; i < spoilt.count; i++) {
        const char *name = spoilt.items[i];
        if (abide_assignment_preserves(side, name) ||
            (side->result.pass == ABIDE_PASS_HIDDEN && has_place(&side->result, name)))
            return true;
        for (size_t k = 0; k < side->physical->param_count; k++)
            if (has_place(&side->arguments[k], name))
                return true;
    }
    return false;
}

static bool may_stay(const abide_plan *plan, const struct abide_convention *first)
{
    return plan->tier == ABIDE_TIER_SAME && first->has_jumps && !first->jumps_by_address &&
           !is_spoilt(plan->caller, first->jump_spoils) &&
           !is_spoilt(plan->callee, first->jump_spoils);
}

/* How a thunk is made. */
struct way {
    enum { WAY_SAME, WAY_MOVES, WAY_EDGES, WAY_CHAINED, WAY_LINE, WAY_JUMP, WAY_CALL } kind;
    const char *words; /* for people */
    const char *why;   /* why not in a better way; NULL: there is none */
    const char *text;  /* MOVES, CHAINED, LINE: the assembly */
    size_t word_count; /* JUMP: of the stack */
};

/* Where a side has no convention: assembly alone if that will do, else at the edges of a C function. */
static bool choose_edges(struct abide_frame *frame, struct way *way)
{
    bool enters = frame->caller.convention->is_edge, leaves = frame->callee.convention->is_edge;
    const char *words;
    *way = (struct way){.kind = WAY_MOVES, .why = edge_reason(frame)};
    way->text = abide_edge__moves_text(frame, &words);
    way->words = words;
    if (way->text)
        return true;
    way->kind = WAY_EDGES;
    way->why = abide__printf(frame->e->ctx, "%s; %s", way->why, words);
    way->words = !leaves   ? "a frame and a call, entered by assembly"
                 : !enters ? "a frame and a call, left by assembly"
                           : "a frame and a call, entered and left by assembly";
    return can_call(frame) && (!enters || can_start_list(frame));
}

static bool may_jump(const struct abide_frame *frame, size_t word_count)
{
    const abide_plan *plan = frame->plan;
    return plan->tier != ABIDE_TIER_CALL && plan->hook_count == 0 &&
           frame->caller.has_indirect == frame->callee.has_indirect &&
           word_count <= words_at_most(frame) &&
           (plan->env_argument == SIZE_MAX ||
            frame->caller.convention->arguments.reach != ABIDE_REACH_POSITION) &&
           abide_sides__may_jump(&frame->caller, &frame->callee);
}

static bool can_name_operands(struct abide_frame *frame)
{
    const char *reason = abide_instruction__frame_obstacle(frame);
    if (reason)
        abide_emission__refuse(frame->e, frame->plan, reason);
    return !reason;
}

static bool is_protected(const struct abide_frame *frame)
{
    return frame->e->options && frame->e->options->control_flow_protection;
}

/* Straight lines of assembly, where they do: they are hardly ever longer than what LLVM makes. */
static bool choose_line(struct abide_frame *frame, bool llvm_jumps, struct way *way)
{
    const abide_plan *plan = frame->plan;
    const struct abide_words spoilt = frame->e->processor->conventions[0].jump_spoils;
    const char *words, *text = NULL;
    /* Lines take the start of a register for its low end. */
    if (frame->e->big_endian || is_spoilt(plan->caller, spoilt) || is_spoilt(plan->callee, spoilt))
        return false;
    if (plan->tier != ABIDE_TIER_CALL)
        text = abide_line__text(frame->e->ctx, plan, &frame->callee, true, is_protected(frame),
                                &words);
    if (!text && !llvm_jumps)
        text = abide_line__text(frame->e->ctx, plan, &frame->callee, false, is_protected(frame),
                                &words);
    if (text)
        *way = (struct way){.kind = WAY_LINE, .words = words, .why = way->why, .text = text};
    return text != NULL;
}

/* The one place where it is decided how a thunk is made. false: it cannot be, which is reported. Nothing of LLVM is called. */
static bool choose_way(struct abide_frame *frame, struct way *way)
{
    const abide_plan *plan = frame->plan;
    *way = (struct way){.kind = WAY_SAME, .words = "a jump"};
    if (may_stay(plan, &frame->e->processor->conventions[0]))
        return true;
    if (!has_side(frame, &frame->caller, plan->caller, true) ||
        !has_side(frame, &frame->callee, plan->callee, false) || !fits_on_a_stack(frame))
        return false;
    if (frame->callee.convention->is_instruction && !can_name_operands(frame))
        return false;
    if (frame->caller.convention->is_edge || frame->callee.convention->is_edge)
        return choose_edges(frame, way);
    way->word_count = words(frame, mentioned_end(frame));
    bool jumps = may_jump(frame, way->word_count);
    way->why = plan->tier == ABIDE_TIER_CALL ? plan->tier_reason : NULL;
    if (choose_line(frame, jumps, way))
        return true;
    if (!jumps) {
        way->kind = WAY_CALL;
        way->words = plan->target == ABIDE_TARGET_INSTRUCTION ? "an instruction, by LLVM"
                     : tail_of(frame) == ABIDE_TAIL_HINT
                         ? "a call, which LLVM makes a jump if nothing is left on the stack"
                         : "a frame and a call, by LLVM";
        way->why = call_reason(frame);
        return can_call(frame);
    }
    way->why = NULL;
    way->text = abide_edge__chained_text(frame);
    way->kind = way->text ? WAY_CHAINED : WAY_JUMP;
    way->words = way->text ? "a load and a jump, by assembly" : "moves and a jump, by LLVM";
    return true;
}

static bool emit_way(struct abide_frame *frame, const struct way *way, const char *symbol,
                     bool is_local)
{
    if (way->kind != WAY_SAME)
        frame->prototype = abide_prototype__of(&frame->caller);
    switch (way->kind) {
    case WAY_SAME: return emit_same(frame, symbol, is_local);
    case WAY_MOVES: abide_edge__make_moves(frame, symbol, is_local, way->text); return true;
    case WAY_LINE: abide_edge__make_line(frame, symbol, is_local, way->text); return true;
    case WAY_CHAINED: abide_edge__make_chained(frame, symbol, is_local, way->text); return true;
    case WAY_JUMP: return emit_jump(frame, symbol, is_local, way->word_count);
    case WAY_EDGES:
        if (frame->caller.convention->is_edge)
            return emit_entry(frame, symbol, is_local);
        break;
    case WAY_CALL: break;
    }
    return emit_call(frame, symbol, is_local);
}

static bool emit_tiers(struct abide_frame *frame, const char *symbol, bool is_local)
{
    struct way way;
    if (!choose_way(frame, &way))
        return false;
    abide_emission__note_way(frame->e, symbol, way.words, way.why);
    return emit_way(frame, &way, symbol, is_local);
}

const char *abide_thunk__way(abide_ctx *ctx, const abide_plan *plan, const char **why)
{
    const struct abide_module *module = plan->caller->physical->machine;
    size_t count;
    const struct abide_processor *processors =
        abide_processors__of(ctx, module->arch, module->triple, &count);
    if (!processors)
        return NULL;
    struct abide_emission e = {.ctx = ctx};
    struct abide_frame frame = {.e = &e, .plan = plan};
    struct way way;
    e.processor = abide_side__choose(ctx, processors, count, &plan, 1);
    e.word_bytes = e.processor->register_bytes[ABIDE_REGISTER_INTEGER];
    if (!choose_way(&frame, &way))
        return NULL;
    *why = way.why;
    return way.words;
}

static const LLVMValueRef *emit_inner(struct abide_emission *e, const abide_plan *plan,
                                      const char *symbol)
{
    LLVMValueRef *functions = abide__new_array(e->ctx, LLVMValueRef, plan->inner_count);
    for (size_t i = 0; i < plan->inner_count; i++) {
        const char *name = abide__printf(e->ctx, "%s.inner%zu", symbol, i);
        functions[i] = abide_thunk__emit(e, plan->inner[i], name, true);
        if (!functions[i])
            return NULL;
    }
    return functions;
}

LLVMValueRef abide_thunk__emit(struct abide_emission *e, const abide_plan *plan, const char *symbol,
                               bool is_local)
{
    struct abide_frame frame = {.e = e, .plan = plan, .inner = emit_inner(e, plan, symbol)};
    if (!frame.inner || !abide_unwinding__check(e, plan) || !emit_tiers(&frame, symbol, is_local))
        return NULL;
    abide_unwinding__finish(&frame);
    return frame.function;
}
