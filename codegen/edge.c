/* What LLVM sees of edges: memory with pictures of registers, and functions that consist of assembly. */
#include "edge.h"

#include "call.h"
#include "edge_image.h"
#include "edge_moves.h"
#include "edge_text.h"
#include "unwinding.h"

#include <string.h>

struct edge_function {
    LLVMValueRef function;
    const char *name;
    const char *text; /* of an exit; NULL: of none */
};

struct abide_edges {
    ABIDE_VEC(struct edge_function) functions;
};

static void note(struct abide_emission *e, LLVMValueRef function, const char *name,
                 const char *text)
{
    if (!e->edges)
        e->edges = abide__new(e->ctx, struct abide_edges);
    abide__push(e->ctx, &e->edges->functions, (struct edge_function){function, name, text});
}

void abide_edges__finish(struct abide_emission *e)
{
    for (size_t i = 0; e->edges && i < e->edges->functions.count; i++) {
        const struct edge_function *one = &e->edges->functions.items[i];
        LLVMSetValueName2(one->function, one->name, strlen(one->name));
    }
}

/* ---- C functions of one address ---- */

/* The prototype of a C function that gets the address of a picture, in the first register. */
static struct abide_prototype picture_prototype(struct abide_emission *e)
{
    struct abide_prototype prototype = {.processor = e->processor,
                                        .convention = &e->processor->conventions[0],
                                        .pointer_register = 0};
    prototype.arguments.counts[ABIDE_REGISTER_INTEGER] = 1;
    prototype.arguments.bytes[ABIDE_REGISTER_INTEGER][0] = e->word_bytes;
    abide_prototype__finish(e, &prototype);
    return prototype;
}

static const char *first_register(const struct abide_emission *e)
{
    const struct abide_convention *c = &e->processor->conventions[0];
    return c->arguments.registers[ABIDE_REGISTER_INTEGER].items[0];
}

static void add_attribute(struct abide_emission *e, LLVMValueRef function, const char *name)
{
    unsigned kind = LLVMGetEnumAttributeKindForName(name, strlen(name));
    LLVMAddAttributeAtIndex(function, LLVMAttributeFunctionIndex,
                            LLVMCreateEnumAttribute(e->context, kind, 0));
}

/* The rest of a function: assembly, with the address of another one that it may name. */
static void write_assembly(struct abide_emission *e, LLVMValueRef function, const char *text,
                           LLVMValueRef named, const char *constraint)
{
    LLVMTypeRef type = LLVMFunctionType(e->void_type, &e->pointer, named ? 1 : 0, false);
    LLVMValueRef code = abide_llvm_assembly(type, text, constraint);
    add_attribute(e, function, "naked");
    add_attribute(e, function, "noinline");
    LLVMBuildCall2(e->builder, type, code, &named, named ? 1 : 0, "");
    LLVMBuildUnreachable(e->builder);
}

static bool is_protected(const struct abide_emission *e)
{
    return e->options && e->options->control_flow_protection;
}

/* ---- assembly alone ---- */

const char *abide_edge__moves_text(struct abide_frame *frame, const char **words)
{
    struct abide_emission *e = frame->e;
    const abide_plan *plan = frame->plan;
    struct abide_side caller = abide_side__edge(e->ctx, e->processor, plan->caller, true, words);
    struct abide_side callee = abide_side__edge(e->ctx, e->processor, plan->callee, false, words);
    return caller.convention && callee.convention
               ? abide_edge_moves__text(e->ctx, plan, &caller, &callee, is_protected(e), words)
               : NULL;
}

void abide_edge__make_moves(struct abide_frame *frame, const char *symbol, bool is_local,
                            const char *text)
{
    struct abide_emission *e = frame->e;
    LLVMTypeRef type = LLVMFunctionType(e->void_type, NULL, 0, false);
    frame->function = abide_emission__define(e, frame->plan, symbol, is_local, type);
    write_assembly(e, frame->function, text, abide_call__target(frame, type),
                   e->processor->edge->moves->constraint);
}

void abide_edge__make_line(struct abide_frame *frame, const char *symbol, bool is_local,
                           const char *text)
{
    struct abide_emission *e = frame->e;
    LLVMTypeRef type = LLVMFunctionType(e->void_type, NULL, 0, false);
    frame->function = abide_emission__define(e, frame->plan, symbol, is_local, type);
    write_assembly(e, frame->function, text, abide_call__target(frame, type),
                   e->processor->edge->line->constraint);
}

/* Whether a feed is a word of the record that goes to a register by itself. */
static bool is_loaded(const struct abide_frame *frame, const struct abide_feed *feed,
                      const struct abide_assigned *sink)
{
    const struct abide_object *object = &feed->object;
    return feed->kind == ABIDE_FEED_VALUE && object->kind == ABIDE_OBJECT_POINTEE &&
           object->index == frame->plan->code.index && !feed->must_extend &&
           abide_runs__are_identity(feed->runs, feed->run_count, frame->e->word_bytes) &&
           sink->pass == ABIDE_PASS_DIRECT && sink->piece_count == 1 &&
           sink->pieces[0].register_name &&
           abide_edge_data__find(frame->e->processor->edge, sink->pieces[0].register_name).group;
}

/* The one argument that is not where it must be; SIZE_MAX: there are others. */
static size_t loaded_argument(const struct abide_frame *frame)
{
    const abide_plan *plan = frame->plan;
    size_t found = SIZE_MAX;
    bool is_hidden_there = plan->hidden.kind == ABIDE_FEED_NOTHING || plan->hidden.in_place;
    for (size_t i = 0; i < plan->feed_count; i++) {
        if (plan->feeds[i].in_place || plan->feeds[i].kind == ABIDE_FEED_NOTHING)
            continue;
        if (found != SIZE_MAX || !is_loaded(frame, &plan->feeds[i], &plan->callee->arguments[i]))
            return SIZE_MAX;
        found = i;
    }
    return is_hidden_there ? found : SIZE_MAX;
}

const char *abide_edge__chained_text(struct abide_frame *frame)
{
    struct abide_emission *e = frame->e;
    const abide_plan *plan = frame->plan;
    const struct abide_chain *chain = e->processor->chain;
    if (!frame->caller.has_chain || !chain->jump || !e->processor->edge ||
        plan->target != ABIDE_TARGET_POINTER || plan->store_count || plan->before_count ||
        plan->zero_result_memory || plan->env_argument != SIZE_MAX || plan->code.offset_bytes)
        return NULL;
    size_t index = loaded_argument(frame);
    if (index == SIZE_MAX)
        return NULL;
    struct abide_assembly text = {.ctx = e->ctx, .data = e->processor->edge};
    const struct abide_edge_words words = {
        .name = plan->callee->arguments[index].pieces[0].register_name,
        .offset = plan->feeds[index].object.offset_bytes};
    abide_assembly__write(&text, chain->load, words);
    abide_assembly__write(&text, chain->jump, words);
    return text.text.chars;
}

void abide_edge__make_chained(struct abide_frame *frame, const char *symbol, bool is_local,
                              const char *text)
{
    struct abide_emission *e = frame->e;
    frame->function = abide_emission__define(e, frame->plan, symbol, is_local,
                                             LLVMFunctionType(e->void_type, NULL, 0, false));
    write_assembly(e, frame->function, text, NULL, "");
}

/* ---- entries ---- */

static LLVMValueRef picture(const struct abide_frame *frame)
{
    return LLVMGetParam(frame->function, 0);
}

void abide_edge__start_body(struct abide_frame *frame, const char *symbol)
{
    struct abide_emission *e = frame->e;
    struct abide_prototype prototype = picture_prototype(e);
    frame->prototype.type = prototype.type;
    frame->function = LLVMAddFunction(e->module, "", prototype.type);
    LLVMSetLinkage(frame->function, LLVMInternalLinkage);
    abide_emission__start_function(e, frame->function, symbol, abide_emission__place(frame->plan),
                                   frame->plan->caller->physical->machine);
    abide_prototype__describe(e, &prototype, frame->function, false);
    note(e, frame->function, abide__printf(e->ctx, "%s.body", symbol), NULL);
}

void abide_edge__make_entry(struct abide_frame *frame, const char *symbol, bool is_local)
{
    struct abide_emission *e = frame->e;
    LLVMValueRef body = frame->function;
    const char *text =
        abide_edge_text__entry(e->ctx, &frame->caller, first_register(e), is_protected(e));
    frame->function = abide_emission__define(e, frame->plan, symbol, is_local,
                                             LLVMFunctionType(e->void_type, NULL, 0, false));
    write_assembly(e, frame->function, text, body, e->processor->edge->constraint);
}

static LLVMTypeRef type_of(const struct abide_emission *e, enum abide_register_kind kind)
{
    return kind == ABIDE_REGISTER_INTEGER  ? e->word
           : kind == ABIDE_REGISTER_VECTOR ? e->vector
                                           : e->extended;
}

static LLVMValueRef load(struct abide_emission *e, LLVMTypeRef type, LLVMValueRef pointer,
                         uint64_t at_bytes)
{
    LLVMValueRef value =
        LLVMBuildLoad2(e->builder, type, abide_bytes__advance(e, pointer, at_bytes), "");
    LLVMSetAlignment(value, e->word_bytes);
    return value;
}

static void store(struct abide_emission *e, LLVMValueRef value, LLVMValueRef pointer,
                  uint64_t at_bytes)
{
    LLVMValueRef instruction =
        LLVMBuildStore(e->builder, value, abide_bytes__advance(e, pointer, at_bytes));
    LLVMSetAlignment(instruction, e->word_bytes);
}

LLVMValueRef abide_edge__argument(const struct abide_frame *frame, enum abide_register_kind kind,
                                  size_t index)
{
    struct abide_image image = abide_image__of(&frame->caller);
    return load(frame->e, type_of(frame->e, kind), picture(frame), image.arguments[kind][index]);
}

LLVMValueRef abide_edge__stack(const struct abide_frame *frame)
{
    struct abide_image image = abide_image__of(&frame->caller);
    return load(frame->e, frame->e->pointer, picture(frame), image.address_bytes);
}

/* A narrow float is at the start of its place, behind it as many ones as its registers want. */
static void store_register(struct abide_emission *e, const struct abide_register_order *order,
                           enum abide_register_kind kind, size_t index, LLVMValueRef value,
                           LLVMValueRef pointer, uint64_t at_bytes)
{
    const struct abide_edge_group *group =
        abide_edge_data__find(e->processor->edge, order->registers[kind].items[index]).group;
    if (kind == ABIDE_REGISTER_INTEGER)
        value = LLVMTypeOf(value) == e->pointer ? LLVMBuildPtrToInt(e->builder, value, e->word, "")
                                                : abide_prototype__fit(e, value, e->word);
    else if (group->is_boxed && LLVMTypeOf(value) != type_of(e, kind))
        store(e, LLVMConstAllOnes(abide_emission__integer(e, group->bytes)), pointer, at_bytes);
    else
        value = abide_prototype__fit(e, value, type_of(e, kind));
    store(e, value, pointer, at_bytes);
}

static void store_registers(struct abide_emission *e, const struct abide_register_order *order,
                            const struct abide_register_use *use,
                            LLVMValueRef (*registers)[ABIDE_MAX_REGISTERS], LLVMValueRef pointer,
                            const uint32_t (*offsets)[ABIDE_MAX_REGISTERS])
{
    for (int kind = 0; kind < ABIDE_REGISTER_KIND_COUNT; kind++)
        for (size_t i = 0; i < use->counts[kind]; i++)
            if (use->bytes[kind][i] && registers[kind][i])
                store_register(e, order, (enum abide_register_kind)kind, i, registers[kind][i],
                               pointer, offsets[kind][i]);
}

void abide_edge__return(struct abide_frame *frame, LLVMValueRef (*registers)[ABIDE_MAX_REGISTERS])
{
    const struct abide_side *caller = &frame->caller;
    struct abide_image image = abide_image__of(caller);
    store_registers(frame->e, &caller->convention->results, &caller->results, registers,
                    picture(frame), image.results);
    LLVMBuildRetVoid(frame->e->builder);
}

/* ---- exits ---- */

/* The function that makes calls like this; one for all that are alike. */
static LLVMValueRef exit_function(struct abide_frame *frame, const struct abide_side *side,
                                  const struct abide_prototype *prototype, uint64_t stack_bytes)
{
    struct abide_emission *e = frame->e;
    const char *text =
        abide_edge_text__exit(e->ctx, side, first_register(e), stack_bytes, is_protected(e));
    for (size_t i = 0; e->edges && i < e->edges->functions.count; i++) {
        const struct edge_function *one = &e->edges->functions.items[i];
        if (one->text && !strcmp(one->text, text))
            return one->function;
    }
    LLVMBasicBlockRef here = LLVMGetInsertBlock(e->builder);
    LLVMMetadataRef location = e->debug ? LLVMGetCurrentDebugLocation2(e->builder) : NULL;
    LLVMValueRef function = LLVMAddFunction(e->module, "", prototype->type);
    const char *name =
        abide__printf(e->ctx, "abide.exit.%s", side->assignment->physical->machine->name);
    LLVMSetLinkage(function, LLVMInternalLinkage);
    abide_emission__start_function(e, function, name, abide_emission__place(frame->plan),
                                   frame->plan->caller->physical->machine);
    abide_prototype__describe(e, prototype, function, false);
    write_assembly(e, function, text, NULL, "");
    note(e, function, name, text);
    LLVMPositionBuilderAtEnd(e->builder, here);
    if (e->debug)
        LLVMSetCurrentDebugLocation2(e->builder, location);
    return function;
}

static void store_stack(struct abide_emission *e, const struct abide_edge_call *call,
                        LLVMValueRef pointer, uint64_t start_bytes)
{
    for (size_t i = 0; i < call->stack_count; i++) {
        const struct abide_stack_item *item = &call->stack[i];
        uint64_t at_bytes = start_bytes + i * e->word_bytes;
        if (item->copied_bytes)
            LLVMBuildMemCpy(e->builder, abide_bytes__advance(e, pointer, at_bytes), e->word_bytes,
                            item->value, (unsigned)item->align_bytes,
                            abide_emission__number(e, item->copied_bytes));
        else if (item->value)
            store(e, item->value, pointer, at_bytes);
    }
}

/* The number of vector registers in use, where a call has to say it. */
static void count_vectors(struct abide_emission *e, const struct abide_edge_call *call)
{
    struct abide_register_at at;
    const char *name = abide_side__vector_count(call->side);
    if (name && abide_convention__argument(call->side->convention, name, &at))
        call->registers[at.kind][at.index] =
            abide_emission__number(e, call->side->arguments.counts[ABIDE_REGISTER_VECTOR]);
}

LLVMValueRef abide_edge__call(struct abide_frame *frame, const struct abide_edge_call *call)
{
    struct abide_emission *e = frame->e;
    const struct abide_side *side = call->side;
    struct abide_image image = abide_image__of(side);
    struct abide_prototype prototype = picture_prototype(e);
    uint64_t stack_bytes = (uint64_t)call->stack_count * e->word_bytes;
    LLVMValueRef pointer = abide_emission__alloca(e, image.stack_bytes + stack_bytes, 16);
    count_vectors(e, call);
    store_registers(e, &side->convention->arguments, &side->arguments, call->registers, pointer,
                    image.arguments);
    store_stack(e, call, pointer, image.stack_bytes);
    store(e, call->target, pointer, image.address_bytes);
    LLVMValueRef function = exit_function(frame, side, &prototype, stack_bytes);
    LLVMValueRef value = abide_unwinding__call(frame, prototype.type, function, &pointer, 1);
    abide_prototype__describe(e, &prototype, value, true);
    return pointer;
}

LLVMValueRef abide_edge__result(struct abide_emission *e, const struct abide_side *side,
                                LLVMValueRef value, enum abide_register_kind kind, size_t index)
{
    struct abide_image image = abide_image__of(side);
    return load(e, type_of(e, kind), value, image.results[kind][index]);
}

LLVMValueRef abide_edge__result_stack(struct abide_emission *e, const struct abide_side *side,
                                      LLVMValueRef value)
{
    struct abide_image image = abide_image__of(side);
    return abide_bytes__advance(e, value, image.stack_bytes);
}
