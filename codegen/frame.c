/* Objects of plans as views: the registers, stack words or memory that hold them at this point of a thunk. */
#include "frame.h"

#include "edge.h"

#include <assert.h>

typedef ABIDE_VEC(struct abide_span) spans;

static uint64_t round_up(uint64_t value, uint64_t align)
{
    return (value + align - 1) / align * align;
}

static LLVMValueRef parameter(const struct abide_frame *frame, unsigned index)
{
    return LLVMGetParam(frame->function, index);
}

/* The parameter of an argument register, as it is typed. */
static LLVMValueRef register_parameter(const struct abide_frame *frame, const char *name,
                                       struct abide_register_at *at)
{
    bool found = abide_convention__argument(frame->caller.convention, name, at);
    assert(found);
    (void)found;
    if (frame->caller.convention->is_edge)
        return abide_edge__argument(frame, at->kind, at->index);
    if (at->is_chain)
        return parameter(frame, abide_prototype__chain(&frame->prototype));
    return parameter(frame, at->is_indirect ? 0 : frame->prototype.registers[at->kind][at->index]);
}

static LLVMValueRef argument_register(struct abide_frame *frame, const char *name,
                                      struct abide_register_at *at)
{
    LLVMValueRef value = register_parameter(frame, name, at);
    return LLVMTypeOf(value) == frame->e->pointer
               ? LLVMBuildPtrToInt(frame->e->builder, value, frame->e->word, "")
               : value;
}

static LLVMValueRef result_register(struct abide_frame *frame, const char *name,
                                    struct abide_register_at *at)
{
    bool found = abide_convention__result(frame->callee.convention, name, at);
    assert(found);
    (void)found;
    return frame->results[at->kind][at->index];
}

static void add_register(struct abide_frame *frame, const abide_piece *piece, LLVMValueRef value,
                         const struct abide_register_at *at, spans *found)
{
    if (piece->as)
        value = abide_bytes__narrowed(frame->e, value, piece->size_bytes);
    struct abide_span span = {.holder = (enum abide_holder)at->kind,
                              .value = value,
                              .offset_bytes = piece->offset_bytes,
                              .size_bytes = piece->size_bytes,
                              .at_bytes = piece->at_bytes,
                              .extend = piece->extend_is_owed ? ABIDE_EXTEND_NONE : piece->extend,
                              .extend_bits = piece->extend_bits};
    abide__push(frame->e->ctx, found, span);
}

/* A piece on the stack that comes in as words; what stays where it is is not among them. */
static void add_words(struct abide_frame *frame, const abide_piece *piece, spans *found)
{
    uint64_t word_bytes = frame->e->word_bytes;
    uint64_t start_bytes =
        (uint64_t)piece->stack_offset_bytes - abide_side__stack_start_bytes(&frame->caller);
    for (uint64_t done = 0; done < piece->size_bytes;) {
        uint64_t at_bytes = (start_bytes + done) % word_bytes;
        uint64_t part_bytes = word_bytes - at_bytes;
        if (part_bytes > piece->size_bytes - done)
            part_bytes = piece->size_bytes - done;
        size_t index = (size_t)((start_bytes + done) / word_bytes);
        if (index >= frame->prototype.stack_count)
            return;
        struct abide_span span = {.holder = ABIDE_HELD_INTEGER,
                                  .value = parameter(frame, frame->prototype.stack_items[index]),
                                  .offset_bytes = piece->offset_bytes + done,
                                  .size_bytes = part_bytes,
                                  .at_bytes = at_bytes,
                                  .extend =
                                      piece->extend_is_owed ? ABIDE_EXTEND_NONE : piece->extend,
                                  .extend_bits = piece->extend_bits};
        abide__push(frame->e->ctx, found, span);
        done += part_bytes;
    }
}

/* A piece in the area of incoming stack arguments; one that continues the last piece joins it. */
static void add_memory(struct abide_frame *frame, const abide_piece *piece, spans *found)
{
    const struct abide_convention *convention = frame->caller.convention;
    uint64_t start_bytes = abide_side__stack_start_bytes(&frame->caller);
    uint64_t at_bytes = (uint64_t)piece->stack_offset_bytes - start_bytes;
    uint64_t end_bytes = at_bytes + piece->size_bytes;
    uint64_t slack_bytes = round_up(end_bytes, frame->e->word_bytes) - end_bytes;
    struct abide_span *last = found->count ? &found->items[found->count - 1] : NULL;
    if (last && last->holder == ABIDE_HELD_MEMORY &&
        last->offset_bytes + last->size_bytes == piece->offset_bytes &&
        last->at_bytes + last->size_bytes == at_bytes) {
        last->size_bytes += piece->size_bytes;
        last->slack_bytes = slack_bytes;
        return;
    }
    struct abide_span span = {
        .holder = ABIDE_HELD_MEMORY,
        .value = convention->is_edge ? abide_edge__stack(frame)
                                     : parameter(frame, frame->prototype.stack_items[0]),
        .offset_bytes = piece->offset_bytes,
        .size_bytes = piece->size_bytes,
        .at_bytes = at_bytes,
        .slack_bytes = slack_bytes,
        .align_bytes = abide_bytes__align_at(convention->align_bytes, start_bytes)};
    abide__push(frame->e->ctx, found, span);
}

static void add_argument_piece(struct abide_frame *frame, const abide_piece *piece, spans *found)
{
    if (piece->register_name) {
        struct abide_register_at at;
        LLVMValueRef value = argument_register(frame, piece->register_name, &at);
        add_register(frame, piece, value, &at, found);
    } else if (frame->stack_is_words) {
        add_words(frame, piece, found);
    } else {
        add_memory(frame, piece, found);
    }
}

/* The spans from byte `offset_bytes` of the object on. */
static struct abide_view from_offset(const spans *found, uint64_t offset_bytes)
{
    size_t kept = 0;
    for (size_t i = 0; i < found->count; i++) {
        struct abide_span span = found->items[i];
        if (span.offset_bytes + span.size_bytes <= offset_bytes)
            continue;
        uint64_t cut_bytes =
            offset_bytes > span.offset_bytes ? offset_bytes - span.offset_bytes : 0;
        span.offset_bytes = span.offset_bytes + cut_bytes - offset_bytes;
        span.size_bytes -= cut_bytes;
        span.at_bytes += cut_bytes;
        found->items[kept++] = span;
    }
    return (struct abide_view){found->items, kept};
}

static const struct abide_assigned *argument_of(const struct abide_frame *frame, size_t index)
{
    return &frame->plan->caller->arguments[index];
}

static struct abide_view view_of_argument(struct abide_frame *frame, size_t index,
                                          uint64_t offset_bytes)
{
    const struct abide_assigned *argument = argument_of(frame, index);
    spans found = {0};
    for (size_t i = 0; i < argument->piece_count; i++)
        add_argument_piece(frame, &argument->pieces[i], &found);
    return from_offset(&found, offset_bytes);
}

/* What the callee left in the registers of its result, or of an argument that comes back. */
static struct abide_view view_of_registers(struct abide_frame *frame,
                                           const struct abide_assigned *value,
                                           uint64_t offset_bytes)
{
    spans found = {0};
    for (size_t i = 0; i < value->piece_count; i++) {
        struct abide_register_at at;
        LLVMValueRef content = result_register(frame, value->pieces[i].register_name, &at);
        add_register(frame, &value->pieces[i], content, &at, &found);
    }
    return from_offset(&found, offset_bytes);
}

static struct abide_view view_of_result(struct abide_frame *frame, uint64_t offset_bytes)
{
    const struct abide_assigned *result = &frame->plan->callee->result;
    if (result->piece_count != 1 || result->pieces[0].register_name)
        return view_of_registers(frame, result, offset_bytes);
    spans found = {0};
    struct abide_span span = {.holder = ABIDE_HELD_MEMORY,
                              .value = frame->result_stack,
                              .size_bytes = result->pieces[0].size_bytes,
                              .at_bytes = (uint64_t)result->pieces[0].stack_offset_bytes,
                              .align_bytes = 1};
    abide__push(frame->e->ctx, &found, span);
    return from_offset(&found, offset_bytes);
}

/* An object that does not lie in memory. */
static struct abide_view view_of_places(struct abide_frame *frame,
                                        const struct abide_object *object)
{
    if (object->kind == ABIDE_OBJECT_ARGUMENT)
        return view_of_argument(frame, object->index, object->offset_bytes);
    if (object->kind == ABIDE_OBJECT_CALLEE_ARGUMENT)
        return view_of_registers(frame, &frame->plan->callee->arguments[object->index],
                                 object->offset_bytes);
    return view_of_result(frame, object->offset_bytes);
}

static LLVMValueRef word_of(struct abide_frame *frame, struct abide_view view)
{
    const struct abide_run all = {.from_size_bytes = frame->e->word_bytes,
                                  .to_size_bytes = frame->e->word_bytes};
    const struct abide_bytes bytes = {view, &all, 1};
    return abide_bytes__integer(frame->e, &bytes, 0, frame->e->word_bytes);
}

/* The pointer that a piece of the caller's arguments holds. */
static LLVMValueRef pointer_in(struct abide_frame *frame, const abide_piece *piece)
{
    struct abide_register_at at;
    LLVMValueRef value = piece->register_name ? register_parameter(frame, piece->register_name, &at)
                         : abide_side__is_indirect(&frame->caller, piece) ? parameter(frame, 0)
                                                                          : NULL;
    if (value && LLVMTypeOf(value) == frame->e->pointer)
        return value;
    spans found = {0};
    add_argument_piece(frame, piece, &found);
    for (size_t i = 0; i < found.count; i++)
        found.items[i].offset_bytes -= piece->offset_bytes;
    LLVMValueRef word = word_of(frame, from_offset(&found, 0));
    return LLVMBuildIntToPtr(frame->e->builder, word, frame->e->pointer, "");
}

static const abide_piece *pointer_piece_of(const struct abide_assigned *argument)
{
    if (argument->pass == ABIDE_PASS_POINTER || argument->pass == ABIDE_PASS_HIDDEN)
        return &argument->pointer;
    return argument->piece_count == 1 ? &argument->pieces[0] : NULL;
}

const abide_piece *abide_frame__pointer_piece(const struct abide_frame *frame,
                                              const struct abide_object *object)
{
    const abide_assignment *caller = frame->plan->caller;
    if (object->kind == ABIDE_OBJECT_POINTEE || object->kind == ABIDE_OBJECT_ARGUMENT)
        return pointer_piece_of(argument_of(frame, object->index));
    if (object->kind != ABIDE_OBJECT_RESULT_MEMORY)
        return NULL;
    if (caller->result.pass == ABIDE_PASS_HIDDEN)
        return &caller->result.pointer;
    for (size_t i = 0; i < caller->physical->param_count; i++)
        if (caller->physical->params[i].role == ABIDE_ROLE_OUT)
            return pointer_piece_of(&caller->arguments[i]);
    return NULL;
}

/* The pointer that the caller gave to memory. */
static LLVMValueRef given_pointer(struct abide_frame *frame, const struct abide_object *object)
{
    const abide_piece *piece = abide_frame__pointer_piece(frame, object);
    assert(piece);
    return pointer_in(frame, piece);
}

/* The address of a value that the caller has in a vector of addresses. */
static LLVMValueRef element(struct abide_frame *frame, size_t index)
{
    struct abide_emission *e = frame->e;
    const struct abide_object vector = {.kind = ABIDE_OBJECT_POINTEE,
                                        .index = frame->plan->vector_argument};
    LLVMValueRef place =
        abide_bytes__advance(e, given_pointer(frame, &vector), (uint64_t)index * e->word_bytes);
    LLVMValueRef pointer = LLVMBuildLoad2(e->builder, e->pointer, place, "");
    LLVMSetAlignment(pointer, e->word_bytes);
    return pointer;
}

/* The pointer from which `object` counts its offset; NULL: it does not lie in memory. */
static LLVMValueRef base_of(struct abide_frame *frame, const struct abide_object *object)
{
    switch (object->kind) {
    case ABIDE_OBJECT_ARGUMENT:
        return argument_of(frame, object->index)->pass == ABIDE_PASS_POINTER
                   ? given_pointer(frame, object)
                   : NULL;
    case ABIDE_OBJECT_POINTEE:
    case ABIDE_OBJECT_RESULT_MEMORY: return given_pointer(frame, object);
    case ABIDE_OBJECT_ELEMENT: return element(frame, object->index);
    case ABIDE_OBJECT_TEMPORARY: return frame->temporaries[object->index];
    case ABIDE_OBJECT_CALLEE_RESULT:
        return frame->plan->callee->result.pass == ABIDE_PASS_HIDDEN
                   ? abide_frame__address(frame, &frame->plan->hidden.object)
                   : NULL;
    case ABIDE_OBJECT_CALLEE_POINTEE:
        return LLVMBuildIntToPtr(frame->e->builder, word_of(frame, view_of_result(frame, 0)),
                                 frame->e->pointer, "");
    case ABIDE_OBJECT_CALLEE_ARGUMENT: break;
    }
    return NULL;
}

uint64_t abide_frame__temporary_align(const struct abide_frame *frame, size_t index)
{
    uint64_t align_bytes = frame->plan->temporaries[index].align_bytes;
    return align_bytes > frame->e->word_bytes ? align_bytes : frame->e->word_bytes;
}

static struct abide_span memory_at(struct abide_frame *frame, const struct abide_object *object,
                                   LLVMValueRef base)
{
    struct abide_span span = {.holder = ABIDE_HELD_MEMORY,
                              .value = base,
                              .size_bytes = object->size_bytes,
                              .at_bytes = object->offset_bytes,
                              .align_bytes = object->align_bytes};
    if (object->kind == ABIDE_OBJECT_TEMPORARY) {
        const struct abide_temporary *temporary = &frame->plan->temporaries[object->index];
        uint64_t end_bytes = object->offset_bytes + object->size_bytes;
        span.align_bytes = abide_frame__temporary_align(frame, object->index);
        /* Only beyond the temporary's own bytes: others may lie after this part of it. */
        if (end_bytes == temporary->size_bytes)
            span.slack_bytes = round_up(end_bytes, frame->e->word_bytes) - end_bytes;
    }
    return span;
}

struct abide_span abide_frame__memory(struct abide_frame *frame, const struct abide_object *object)
{
    LLVMValueRef base = base_of(frame, object);
    assert(base);
    return memory_at(frame, object, base);
}

struct abide_view abide_frame__view(struct abide_frame *frame, const struct abide_object *object)
{
    LLVMValueRef base = base_of(frame, object);
    if (!base)
        return view_of_places(frame, object);
    struct abide_span *span = abide__new(frame->e->ctx, struct abide_span);
    *span = memory_at(frame, object, base);
    return (struct abide_view){span, 1};
}

/* A copy of what lies in registers, or in more than one place. */
static LLVMValueRef spilled(struct abide_frame *frame, const struct abide_object *object,
                            struct abide_view view)
{
    const struct abide_run all = {.from_size_bytes = object->size_bytes,
                                  .to_size_bytes = object->size_bytes};
    const struct abide_bytes bytes = {view, &all, 1};
    struct abide_span memory = {.holder = ABIDE_HELD_MEMORY,
                                .size_bytes = object->size_bytes,
                                .align_bytes = object->align_bytes ? object->align_bytes : 1};
    memory.value = abide_emission__alloca(frame->e, object->size_bytes, memory.align_bytes);
    abide_bytes__store(frame->e, &bytes, &memory);
    return memory.value;
}

LLVMValueRef abide_frame__address(struct abide_frame *frame, const struct abide_object *object)
{
    LLVMValueRef base = base_of(frame, object);
    if (base)
        return abide_bytes__advance(frame->e, base, object->offset_bytes);
    struct abide_view view = abide_frame__view(frame, object);
    if (view.count != 1 || view.spans[0].holder != ABIDE_HELD_MEMORY)
        return spilled(frame, object, view);
    return abide_bytes__advance(frame->e, view.spans[0].value, view.spans[0].at_bytes);
}

LLVMValueRef abide_frame__first_word(struct abide_frame *frame, const struct abide_object *object)
{
    struct abide_object word = *object;
    word.size_bytes = frame->e->word_bytes;
    return word_of(frame, abide_frame__view(frame, &word));
}

/* `value`, or zero where the first bytes of `object` are zero. */
static LLVMValueRef unless_null(struct abide_frame *frame, LLVMValueRef value,
                                const struct abide_object *object)
{
    LLVMBuilderRef builder = frame->e->builder;
    LLVMValueRef word = abide_frame__first_word(frame, object);
    LLVMValueRef null = LLVMConstNull(frame->e->word);
    LLVMValueRef is_null = LLVMBuildICmp(builder, LLVMIntEQ, word, null, "");
    return LLVMBuildSelect(builder, is_null, null, value, "");
}

LLVMValueRef abide_frame__inner(struct abide_frame *frame, size_t index,
                                const struct abide_object *or_null)
{
    return unless_null(
        frame, LLVMBuildPtrToInt(frame->e->builder, frame->inner[index], frame->e->word, ""),
        or_null);
}

/* The stack place of byte `at_bytes` of an argument, as the offset that its first byte would have; false: it has none. */
static bool stack_base(const struct abide_assigned *argument, uint64_t at_bytes,
                       int64_t *base_bytes, uint64_t *left_bytes)
{
    for (size_t i = 0; argument->pass == ABIDE_PASS_DIRECT && i < argument->piece_count; i++) {
        const abide_piece *piece = &argument->pieces[i];
        if (at_bytes < piece->offset_bytes || at_bytes - piece->offset_bytes >= piece->size_bytes)
            continue;
        *base_bytes = piece->stack_offset_bytes - (int64_t)piece->offset_bytes;
        *left_bytes = piece->offset_bytes + piece->size_bytes - at_bytes;
        return !piece->register_name;
    }
    return false;
}

bool abide_frame__stays(const abide_plan *plan, const struct abide_feed *feed,
                        const abide_piece *sink)
{
    if (feed->in_place)
        return true;
    if (feed->kind != ABIDE_FEED_VALUE || feed->object.kind != ABIDE_OBJECT_ARGUMENT ||
        feed->must_extend || sink->register_name || feed->run_count != 1 ||
        feed->runs[0].from_size_bytes != feed->runs[0].to_size_bytes)
        return false;
    const struct abide_run *run = &feed->runs[0];
    const struct abide_assigned *argument = &plan->caller->arguments[feed->object.index];
    if (sink->offset_bytes < run->to_bytes ||
        sink->offset_bytes + sink->size_bytes > run->to_bytes + run->to_size_bytes)
        return false;
    uint64_t from_bytes =
        feed->object.offset_bytes + run->from_bytes + (sink->offset_bytes - run->to_bytes);
    for (uint64_t done = 0, left_bytes; done < sink->size_bytes; done += left_bytes) {
        int64_t base_bytes;
        if (!stack_base(argument, from_bytes + done, &base_bytes, &left_bytes) ||
            base_bytes + (int64_t)from_bytes != sink->stack_offset_bytes)
            return false;
    }
    return true;
}
