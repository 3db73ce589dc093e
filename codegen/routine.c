/* One operation after the other; forms.c's question (word or pointer) is answered before, by what each value is used for. */
#include "routine.h"

#include "bytes.h"
#include "forms.h"
#include "thunk.h"
#include "tables.h"

#include <assert.h>
#include <string.h>

/* What was written for a routine. */
struct written {
    const struct abide_forms *forms;
    LLVMTypeRef type;
    LLVMValueRef function;
    LLVMValueRef owner; /* the constant with its address; NULL: not asked for yet */
};

struct hidden {
    LLVMValueRef value;
    const char *name;
};

struct abide_written {
    const struct abide_routine *const *routines; /* callees first */
    size_t count;
    struct written *by_serial;
    LLVMValueRef *adapters; /* by serial */
    const struct abide_module
        *machine; /* the one that promises least of those the thunks are for */
    LLVMValueRef trap;
    LLVMValueRef empty;
    ABIDE_VEC(struct hidden) hidden; /* what will get a name */
};

/* A routine while it is being written. */
struct writer {
    struct abide_emission *e;
    const struct abide_routine *routine;
    const struct abide_forms *forms;
    LLVMValueRef function;
    LLVMValueRef *words; /* of values that somebody wants as words; the others are NULL */
    LLVMValueRef *pointers;
};

#define EMPTY_MAX_BYTES 64

/* ---- values ---- */

static LLVMValueRef as_word(struct abide_emission *e, LLVMValueRef value)
{
    return LLVMTypeOf(value) == e->pointer ? LLVMBuildPtrToInt(e->builder, value, e->word, "")
                                           : value;
}

static LLVMValueRef as_pointer(struct abide_emission *e, LLVMValueRef value)
{
    return LLVMTypeOf(value) == e->pointer ? value
                                           : LLVMBuildIntToPtr(e->builder, value, e->pointer, "");
}

/* Both forms are made where the value is: a later use may be in a block that another does not pass through. */
static void define(struct writer *writer, abide_value value, LLVMValueRef is)
{
    if (value == ABIDE_NO_VALUE)
        return;
    if (writer->forms->wants_word[value] || LLVMTypeOf(is) != writer->e->pointer)
        writer->words[value] = as_word(writer->e, is);
    if (writer->forms->wants_pointer[value] || LLVMTypeOf(is) == writer->e->pointer)
        writer->pointers[value] = as_pointer(writer->e, is);
}

static LLVMValueRef word(struct writer *writer, abide_value value)
{
    assert(writer->words[value]);
    return writer->words[value];
}

static LLVMValueRef pointer(struct writer *writer, abide_value value)
{
    assert(writer->pointers[value]);
    return writer->pointers[value];
}

/* In the form that it has. */
static LLVMValueRef either(struct writer *writer, abide_value value)
{
    return writer->pointers[value] ? writer->pointers[value] : writer->words[value];
}

static LLVMValueRef number(struct writer *writer, uint64_t value)
{
    return abide_emission__number(writer->e, value);
}

/* A truth as a word. */
static LLVMValueRef truth(struct writer *writer, LLVMValueRef bit)
{
    return LLVMBuildZExt(writer->e->builder, bit, writer->e->word, "");
}

static LLVMValueRef is_not_zero(struct writer *writer, abide_value value)
{
    LLVMValueRef zero = LLVMConstNull(writer->e->word);
    return LLVMBuildICmp(writer->e->builder, LLVMIntNE, word(writer, value), zero, "");
}

/* ---- memory ---- */

static LLVMValueRef displaced(struct writer *writer, LLVMValueRef base, LLVMValueRef bytes)
{
    return LLVMBuildGEP2(writer->e->builder, writer->e->byte, base, &bytes, 1, "");
}

static LLVMValueRef place(struct writer *writer, const struct abide_op *op)
{
    return op->number ? displaced(writer, pointer(writer, op->a), number(writer, op->number))
                      : pointer(writer, op->a);
}

static LLVMValueRef load(struct writer *writer, const struct abide_op *op)
{
    struct abide_emission *e = writer->e;
    bool is_whole = op->size_bytes == e->word_bytes;
    bool is_pointer =
        is_whole && op->result != ABIDE_NO_VALUE && writer->forms->wants_pointer[op->result];
    LLVMTypeRef type = is_pointer ? e->pointer : abide_emission__integer(e, op->size_bytes);
    LLVMValueRef value = LLVMBuildLoad2(e->builder, type, place(writer, op), "");
    LLVMSetAlignment(value, 1);
    return is_whole ? value : LLVMBuildZExt(e->builder, value, e->word, "");
}

static void store(struct writer *writer, const struct abide_op *op)
{
    struct abide_emission *e = writer->e;
    LLVMValueRef value = either(writer, op->b);
    if (op->size_bytes < e->word_bytes)
        value = LLVMBuildTrunc(e->builder, word(writer, op->b),
                               abide_emission__integer(e, op->size_bytes), "");
    LLVMSetAlignment(LLVMBuildStore(e->builder, value, place(writer, op)), 1);
}

static struct abide_span memory_at(LLVMValueRef pointer, uint64_t size_bytes)
{
    return (struct abide_span){
        .holder = ABIDE_HELD_MEMORY, .value = pointer, .size_bytes = size_bytes, .align_bytes = 1};
}

static void move_runs(struct writer *writer, const struct abide_op *op)
{
    uint64_t from_bytes = 0, to_bytes = 0;
    for (size_t i = 0; i < op->run_count; i++) {
        const struct abide_run *run = &op->runs[i];
        if (from_bytes < run->from_bytes + run->from_size_bytes)
            from_bytes = run->from_bytes + run->from_size_bytes;
        if (to_bytes < run->to_bytes + run->to_size_bytes)
            to_bytes = run->to_bytes + run->to_size_bytes;
    }
    struct abide_span from = memory_at(pointer(writer, op->b), from_bytes);
    struct abide_span to = memory_at(pointer(writer, op->a), to_bytes);
    struct abide_bytes bytes = {{&from, 1}, op->runs, op->run_count};
    abide_bytes__store(writer->e, &bytes, &to);
}

/* ---- calls ---- */

static unsigned convention_of(const struct abide_emission *e)
{
    return e->processor->library;
}

static LLVMValueRef call(struct writer *writer, LLVMTypeRef type, LLVMValueRef function,
                         LLVMValueRef *arguments, size_t count)
{
    LLVMValueRef made =
        LLVMBuildCall2(writer->e->builder, type, function, arguments, (unsigned)count, "");
    LLVMSetInstructionCallConv(made, convention_of(writer->e));
    return made;
}

/* A function of the C library, or a hook. */
static LLVMValueRef call_symbol(struct writer *writer, const char *symbol, LLVMTypeRef result,
                                LLVMValueRef *arguments, size_t count)
{
    struct abide_emission *e = writer->e;
    LLVMTypeRef *types = abide__new_array(e->ctx, LLVMTypeRef, count);
    for (size_t i = 0; i < count; i++)
        types[i] = LLVMTypeOf(arguments[i]);
    LLVMTypeRef type = LLVMFunctionType(result, types, (unsigned)count, false);
    LLVMValueRef function = abide_emission__external(e, symbol, type);
    return call(writer, type, function, arguments, count);
}

static LLVMValueRef *arguments_of(struct writer *writer, const struct abide_op *op)
{
    LLVMValueRef *arguments = abide__new_array(writer->e->ctx, LLVMValueRef, op->argument_count);
    for (size_t i = 0; i < op->argument_count; i++)
        arguments[i] = either(writer, op->arguments[i]);
    return arguments;
}

static void call_named(struct writer *writer, const struct abide_op *op)
{
    bool gives = op->result != ABIDE_NO_VALUE;
    LLVMValueRef made =
        call_symbol(writer, op->symbol, gives ? writer->e->word : writer->e->void_type,
                    arguments_of(writer, op), op->argument_count);
    if (gives)
        define(writer, op->result, made);
}

static void call_address(struct writer *writer, const struct abide_op *op)
{
    struct abide_emission *e = writer->e;
    LLVMTypeRef *types = abide__new_array(e->ctx, LLVMTypeRef, op->argument_count);
    LLVMValueRef *arguments = arguments_of(writer, op);
    for (size_t i = 0; i < op->argument_count; i++)
        types[i] = LLVMTypeOf(arguments[i]);
    LLVMTypeRef type = LLVMFunctionType(e->void_type, types, (unsigned)op->argument_count, false);
    call(writer, type, pointer(writer, op->a), arguments, op->argument_count);
}

static struct written *written_of(const struct abide_emission *e,
                                  const struct abide_routine *routine)
{
    return &e->routines->by_serial[routine->serial];
}

LLVMValueRef abide_routine__call(struct abide_emission *e, const struct abide_routine *routine,
                                 const LLVMValueRef *arguments)
{
    const struct written *written = written_of(e, routine);
    LLVMValueRef *fitting = abide__new_array(e->ctx, LLVMValueRef, routine->parameter_count);
    for (size_t i = 0; i < routine->parameter_count; i++)
        fitting[i] = written->forms->wants_pointer[i] ? as_pointer(e, arguments[i])
                                                      : as_word(e, arguments[i]);
    LLVMValueRef made = LLVMBuildCall2(e->builder, written->type, written->function, fitting,
                                       (unsigned)routine->parameter_count, "");
    LLVMSetInstructionCallConv(made, convention_of(e));
    return routine->gives_value ? made : NULL;
}

LLVMValueRef abide_routine__function(struct abide_emission *e, const struct abide_routine *routine)
{
    return written_of(e, routine)->function;
}

/* ---- constants ---- */

static LLVMValueRef constant(struct abide_emission *e, LLVMTypeRef type, const char *name)
{
    LLVMValueRef made = LLVMAddGlobal(e->module, type, "");
    LLVMSetGlobalConstant(made, true);
    LLVMSetLinkage(made, LLVMInternalLinkage);
    abide__push(e->ctx, &e->routines->hidden, (struct hidden){made, name});
    return made;
}

static LLVMValueRef empty(struct abide_emission *e)
{
    if (!e->routines->empty) {
        LLVMTypeRef type = abide_llvm_array(e->byte, EMPTY_MAX_BYTES);
        e->routines->empty = constant(e, type, "abide.empty");
        LLVMSetInitializer(e->routines->empty, LLVMConstNull(type));
        LLVMSetAlignment(e->routines->empty, EMPTY_MAX_BYTES);
    }
    return e->routines->empty;
}

static LLVMValueRef owner(struct abide_emission *e, const struct abide_routine *routine)
{
    struct written *written = written_of(e, routine);
    if (!written->owner) {
        written->owner =
            constant(e, e->pointer, abide__printf(e->ctx, "abide.owner.%s", routine->name));
        LLVMSetInitializer(written->owner, written->function);
    }
    return written->owner;
}

/* ---- traps ---- */

static LLVMTypeRef trap_type(struct abide_emission *e)
{
    LLVMTypeRef parameters[] = {e->word, e->pointer, e->pointer, e->word};
    return LLVMFunctionType(e->void_type, parameters, 4, false);
}

/* Does not come back, and the builder stands in nowhere. */
static void trap_here(struct abide_emission *e)
{
    static const char name[] = "llvm.trap";
    unsigned id = LLVMLookupIntrinsicID(name, sizeof name - 1);
    LLVMValueRef function = LLVMGetIntrinsicDeclaration(e->module, id, NULL, 0);
    LLVMTypeRef type = LLVMIntrinsicGetType(e->context, id, NULL, 0);
    LLVMBuildCall2(e->builder, type, function, NULL, 0, "");
    LLVMBuildUnreachable(e->builder);
}

/* What traps call unless the program has a function of the name. */
static void write_trap(struct abide_emission *e)
{
    struct abide_written *written = e->routines;
    written->trap = LLVMAddFunction(e->module, ABIDE_TRAP_SYMBOL, trap_type(e));
    LLVMSetLinkage(written->trap, LLVMWeakAnyLinkage);
    LLVMSetFunctionCallConv(written->trap, convention_of(e));
    if (e->options->hidden_visibility)
        LLVMSetVisibility(written->trap, LLVMHiddenVisibility);
    abide_emission__start_function(e, written->trap, ABIDE_TRAP_SYMBOL, ABIDE_NOWHERE,
                                   written->machine);
    trap_here(e);
}

static LLVMValueRef text_constant(struct abide_emission *e, const char *text)
{
    return LLVMBuildGlobalStringPtr(e->builder, text ? text : "", "");
}

static LLVMAttributeRef cold(struct abide_emission *e)
{
    return LLVMCreateEnumAttribute(e->context, LLVMGetEnumAttributeKindForName("cold", 4), 0);
}

static void trap(struct writer *writer, const struct abide_op *op, uint64_t code)
{
    struct abide_emission *e = writer->e;
    LLVMValueRef value = op->a == ABIDE_NO_VALUE ? number(writer, 0) : word(writer, op->a);
    LLVMValueRef arguments[] = {number(writer, code), NULL, NULL, value};
    if (op->argument_count) {
        arguments[0] = word(writer, op->arguments[0]);
        arguments[1] = pointer(writer, op->arguments[1]);
        arguments[2] = pointer(writer, op->arguments[2]);
    } else {
        arguments[1] = text_constant(e, op->function);
        arguments[2] = text_constant(e, op->parameter);
    }
    LLVMValueRef made = call(writer, trap_type(e), e->routines->trap, arguments, 4);
    LLVMAddCallSiteAttribute(made, LLVMAttributeFunctionIndex, cold(e));
    trap_here(e);
}

/* ---- control ---- */

static LLVMBasicBlockRef new_block(struct writer *writer)
{
    return LLVMAppendBasicBlockInContext(writer->e->context, writer->function, "");
}

static void stand_at(struct writer *writer, LLVMBasicBlockRef block)
{
    LLVMPositionBuilderAtEnd(writer->e->builder, block);
}

/* Whether it comes to its end. */
static bool write_block(struct writer *writer, const struct abide_block *block);

/* Goes on to `next` behind an inner block. */
static void write_inner(struct writer *writer, const struct abide_block *block,
                        LLVMBasicBlockRef next)
{
    if (write_block(writer, block))
        LLVMBuildBr(writer->e->builder, next);
}

static void branch(struct writer *writer, const struct abide_op *op)
{
    LLVMBasicBlockRef then = new_block(writer), next = new_block(writer);
    LLVMBasicBlockRef otherwise = op->otherwise.count ? new_block(writer) : next;
    LLVMBuildCondBr(writer->e->builder, is_not_zero(writer, op->a), then, otherwise);
    stand_at(writer, then);
    write_inner(writer, &op->then, next);
    if (otherwise != next) {
        stand_at(writer, otherwise);
        write_inner(writer, &op->otherwise, next);
    }
    stand_at(writer, next);
}

static void choose(struct writer *writer, const struct abide_op *op)
{
    LLVMBuilderRef builder = writer->e->builder;
    LLVMBasicBlockRef otherwise = new_block(writer), next = new_block(writer);
    LLVMValueRef choice =
        LLVMBuildSwitch(builder, word(writer, op->a), otherwise, (unsigned)op->then.count);
    for (size_t i = 0; i < op->then.count; i++) {
        const struct abide_op *one = &op->then.ops[i];
        LLVMBasicBlockRef block = new_block(writer);
        LLVMAddCase(choice, number(writer, one->number), block);
        stand_at(writer, block);
        write_inner(writer, &one->then, next);
    }
    stand_at(writer, otherwise);
    write_inner(writer, &op->otherwise, next);
    stand_at(writer, next);
}

static void loop(struct writer *writer, const struct abide_op *op)
{
    LLVMBuilderRef builder = writer->e->builder;
    LLVMBasicBlockRef before = LLVMGetInsertBlock(builder);
    LLVMBasicBlockRef head = new_block(writer), body = new_block(writer), next = new_block(writer);
    LLVMValueRef zero = LLVMConstNull(writer->e->word);
    LLVMBuildBr(builder, head);
    stand_at(writer, head);
    LLVMValueRef index = LLVMBuildPhi(builder, writer->e->word, "");
    LLVMAddIncoming(index, &zero, &before, 1);
    LLVMValueRef goes_on = LLVMBuildICmp(builder, LLVMIntULT, index, word(writer, op->a), "");
    LLVMBuildCondBr(builder, goes_on, body, next);
    stand_at(writer, body);
    define(writer, op->result, index);
    if (write_block(writer, &op->then)) {
        LLVMValueRef following = LLVMBuildNUWAdd(builder, index, number(writer, 1), "");
        LLVMBasicBlockRef end = LLVMGetInsertBlock(builder);
        LLVMAddIncoming(index, &following, &end, 1);
        LLVMBuildBr(builder, head);
    }
    stand_at(writer, next);
}

/* Traps if the block before is left towards `bad`. */
static void check(struct writer *writer, const struct abide_op *op, LLVMValueRef bad)
{
    LLVMBasicBlockRef trapping = new_block(writer), next = new_block(writer);
    LLVMBuildCondBr(writer->e->builder, bad, trapping, next);
    stand_at(writer, trapping);
    trap(writer, op, ABIDE_TRAP_OVERFLOW);
    stand_at(writer, next);
}

static LLVMValueRef size(struct writer *writer, const struct abide_op *op)
{
    LLVMBuilderRef builder = writer->e->builder;
    LLVMValueRef count = word(writer, op->a);
    uint64_t limit;
    if (!abide_op__size_limit(op, writer->e->word_bytes, &limit))
        check(writer, op, LLVMConstInt(LLVMInt1TypeInContext(writer->e->context), 1, false));
    else if (op->number)
        check(writer, op, LLVMBuildICmp(builder, LLVMIntUGT, count, number(writer, limit), ""));
    LLVMValueRef product = LLVMBuildMul(builder, count, number(writer, op->number), "");
    return LLVMBuildAdd(builder, product, number(writer, op->size_bytes), "");
}

static void give_back(struct writer *writer, abide_value value)
{
    if (value == ABIDE_NO_VALUE)
        LLVMBuildRetVoid(writer->e->builder);
    else
        LLVMBuildRet(writer->e->builder, word(writer, value));
}

/* ---- operations ---- */

static LLVMValueRef sum(struct writer *writer, const struct abide_op *op)
{
    if (writer->forms->bases[op->result] == ABIDE_NO_VALUE)
        return LLVMBuildAdd(writer->e->builder, word(writer, op->a), word(writer, op->b), "");
    bool a_is_base = writer->forms->bases[op->result] == op->a;
    return displaced(writer, pointer(writer, a_is_base ? op->a : op->b),
                     word(writer, a_is_base ? op->b : op->a));
}

static LLVMValueRef selected(struct writer *writer, const struct abide_op *op)
{
    bool is_pointer = writer->forms->wants_pointer[op->result];
    LLVMValueRef b = is_pointer ? pointer(writer, op->b) : word(writer, op->b);
    LLVMValueRef c = is_pointer ? pointer(writer, op->c) : word(writer, op->c);
    return LLVMBuildSelect(writer->e->builder, is_not_zero(writer, op->a), b, c, "");
}

static LLVMValueRef length(struct writer *writer, const struct abide_op *op)
{
    LLVMValueRef text = pointer(writer, op->a);
    return call_symbol(writer, "strlen", writer->e->word, &text, 1);
}

/* memchr may be given nothing but a valid address, of no bytes even. */
static LLVMValueRef has_nul(struct writer *writer, const struct abide_op *op)
{
    struct abide_emission *e = writer->e;
    LLVMBasicBlockRef before = LLVMGetInsertBlock(e->builder);
    LLVMBasicBlockRef some = new_block(writer), next = new_block(writer);
    LLVMBuildCondBr(e->builder, is_not_zero(writer, op->b), some, next);
    stand_at(writer, some);
    LLVMValueRef arguments[] = {pointer(writer, op->a),
                                LLVMConstNull(LLVMInt32TypeInContext(e->context)),
                                word(writer, op->b)};
    LLVMValueRef found = call_symbol(writer, "memchr", e->pointer, arguments, 3);
    LLVMValueRef values[] = {
        LLVMConstNull(e->word),
        truth(writer, LLVMBuildICmp(e->builder, LLVMIntNE, found, LLVMConstNull(e->pointer), ""))};
    LLVMBasicBlockRef blocks[] = {before, some};
    LLVMBuildBr(e->builder, next);
    stand_at(writer, next);
    LLVMValueRef merged = LLVMBuildPhi(e->builder, e->word, "");
    LLVMAddIncoming(merged, values, blocks, 2);
    return merged;
}

/* At the start of the function, so that a loop does not take it again and again. */
static LLVMValueRef room(struct writer *writer, const struct abide_op *op)
{
    struct abide_emission *e = writer->e;
    LLVMBasicBlockRef here = LLVMGetInsertBlock(e->builder);
    LLVMBasicBlockRef start = LLVMGetEntryBasicBlock(writer->function);
    LLVMValueRef first = LLVMGetFirstInstruction(start);
    if (first)
        LLVMPositionBuilderBefore(e->builder, first);
    LLVMValueRef memory =
        LLVMBuildAlloca(e->builder, abide_llvm_array(e->byte, op->size_bytes), "");
    LLVMSetAlignment(memory, EMPTY_MAX_BYTES / 4);
    stand_at(writer, here);
    return memory;
}

/* What an operation makes out of values and memory; NULL: it makes nothing. */
static LLVMValueRef value_of(struct writer *writer, const struct abide_op *op)
{
    struct abide_emission *e = writer->e;
    LLVMBuilderRef builder = e->builder;
    switch (op->kind) {
    case ABIDE_OP_CONSTANT: return number(writer, op->number);
    case ABIDE_OP_OFFSET:
        return writer->forms->bases[op->result] == ABIDE_NO_VALUE
                   ? LLVMBuildAdd(builder, word(writer, op->a), number(writer, op->number), "")
                   : displaced(writer, pointer(writer, op->a), number(writer, op->number));
    case ABIDE_OP_ADD: return sum(writer, op);
    case ABIDE_OP_SUBTRACT:
        return LLVMBuildSub(builder, word(writer, op->a), word(writer, op->b), "");
    case ABIDE_OP_AND: return LLVMBuildAnd(builder, word(writer, op->a), word(writer, op->b), "");
    case ABIDE_OP_MULTIPLY:
        return LLVMBuildMul(builder, word(writer, op->a), number(writer, op->number), "");
    case ABIDE_OP_DIVIDE:
        return LLVMBuildUDiv(builder, word(writer, op->a), number(writer, op->number), "");
    case ABIDE_OP_SIZE: return size(writer, op);
    case ABIDE_OP_EQUAL:
        return truth(writer, LLVMBuildICmp(builder, LLVMIntEQ, word(writer, op->a),
                                           word(writer, op->b), ""));
    case ABIDE_OP_BELOW:
        return truth(writer, LLVMBuildICmp(builder, LLVMIntULT, word(writer, op->a),
                                           word(writer, op->b), ""));
    case ABIDE_OP_SELECT: return selected(writer, op);
    case ABIDE_OP_LOAD: return load(writer, op);
    case ABIDE_OP_LENGTH: return length(writer, op);
    case ABIDE_OP_HAS_NUL: return has_nul(writer, op);
    case ABIDE_OP_EMPTY: return empty(e);
    case ABIDE_OP_TEXT: return text_constant(e, op->symbol);
    case ABIDE_OP_ROOM: return room(writer, op);
    case ABIDE_OP_OWNER: return owner(e, op->routine);
    case ABIDE_OP_ADAPTER: return e->routines->adapters[op->adapter->serial];
    case ABIDE_OP_TABLE: return abide_table__address(e, op->table);
    case ABIDE_OP_COUNT: {
        LLVMValueRef change = word(writer, op->b);
        LLVMValueRef before = LLVMBuildAtomicRMW(builder, LLVMAtomicRMWBinOpAdd, place(writer, op),
                                                 change, LLVMAtomicOrderingAcquireRelease, false);
        return LLVMBuildAdd(builder, before, change, "");
    }
    default: return NULL;
    }
}

/* Operations that do something. Whether those after it are reached. */
static bool write_effect(struct writer *writer, const struct abide_op *op)
{
    struct abide_emission *e = writer->e;
    switch (op->kind) {
    case ABIDE_OP_STORE: store(writer, op); return true;
    case ABIDE_OP_RUNS: move_runs(writer, op); return true;
    case ABIDE_OP_COPY:
        LLVMBuildMemCpy(e->builder, pointer(writer, op->a), 1, pointer(writer, op->b), 1,
                        word(writer, op->c));
        return true;
    case ABIDE_OP_ZERO:
        LLVMBuildMemSet(e->builder, pointer(writer, op->a), LLVMConstNull(e->byte),
                        number(writer, op->size_bytes), 1);
        return true;
    case ABIDE_OP_CALL: call_named(writer, op); return true;
    case ABIDE_OP_CALL_AT: call_address(writer, op); return true;
    case ABIDE_OP_ROUTINE: {
        LLVMValueRef made = abide_routine__call(e, op->routine, arguments_of(writer, op));
        if (made)
            define(writer, op->result, made);
        return true;
    }
    case ABIDE_OP_IF: branch(writer, op); return true;
    case ABIDE_OP_CHOOSE: choose(writer, op); return true;
    case ABIDE_OP_LOOP: loop(writer, op); return true;
    case ABIDE_OP_TRAP: trap(writer, op, op->number); return false;
    case ABIDE_OP_RETURN: give_back(writer, op->a); return false;
    default: define(writer, op->result, value_of(writer, op)); return true;
    }
}

static bool write_block(struct writer *writer, const struct abide_block *block)
{
    for (size_t i = 0; i < block->count; i++)
        if (!write_effect(writer, &block->ops[i]))
            return false;
    return true;
}

/* ---- routines ---- */

static void declare(struct abide_emission *e, const struct abide_routine *routine, size_t index)
{
    struct written *written = written_of(e, routine);
    LLVMTypeRef *types = abide__new_array(e->ctx, LLVMTypeRef, routine->parameter_count);
    written->forms = abide_forms__of(e->ctx, routine, e->word_bytes);
    for (size_t i = 0; i < routine->parameter_count; i++)
        types[i] = written->forms->wants_pointer[i] ? e->pointer : e->word;
    written->type = LLVMFunctionType(routine->gives_value ? e->word : e->void_type, types,
                                     (unsigned)routine->parameter_count, false);
    if (routine->weak_symbol)
        written->function = LLVMGetNamedFunction(e->module, routine->weak_symbol);
    if (written->function) /* it is one, however many conversions had it written */
        return;
    written->function =
        LLVMAddFunction(e->module, routine->weak_symbol ? routine->weak_symbol : "", written->type);
    LLVMSetFunctionCallConv(written->function, convention_of(e));
    if (routine->weak_symbol) {
        LLVMSetLinkage(written->function, LLVMWeakAnyLinkage);
        if (e->options->hidden_visibility)
            LLVMSetVisibility(written->function, LLVMHiddenVisibility);
        return;
    }
    LLVMSetLinkage(written->function, LLVMInternalLinkage);
    const char *name = abide__printf(e->ctx, "abide.%s.%zu", routine->name, index);
    abide__push(e->ctx, &e->routines->hidden, (struct hidden){written->function, name});
}

static void write_routine(struct abide_emission *e, const struct abide_routine *routine)
{
    const struct written *written = written_of(e, routine);
    if (LLVMCountBasicBlocks(written->function))
        return;
    struct writer writer = {.e = e,
                            .routine = routine,
                            .forms = written->forms,
                            .function = written->function,
                            .words = abide__new_array(e->ctx, LLVMValueRef, routine->value_count),
                            .pointers =
                                abide__new_array(e->ctx, LLVMValueRef, routine->value_count)};
    abide_emission__start_function(e, written->function, routine->name, ABIDE_NOWHERE,
                                   e->routines->machine);
    if (!routine->is_test)
        abide_emission__prefer_short(e, written->function);
    for (size_t i = 0; i < routine->parameter_count; i++)
        define(&writer, (abide_value)i, LLVMGetParam(written->function, (unsigned)i));
    if (!write_block(&writer, &routine->body))
        return;
    if (routine->gives_value) /* every way trapped */
        LLVMBuildUnreachable(e->builder);
    else
        LLVMBuildRetVoid(e->builder);
}

static const struct abide_module *machine_of(const struct abide_thunk *thunk)
{
    return thunk->plan->caller->physical->machine;
}

static const abide_plan *const *plans_of(abide_ctx *ctx, const struct abide_thunk *thunks,
                                         size_t thunk_count)
{
    const abide_plan **plans = abide__new_array(ctx, const abide_plan *, thunk_count);
    for (size_t i = 0; i < thunk_count; i++)
        plans[i] = thunks[i].plan;
    return plans;
}

/* The functions that closures lead to. false: reported. */
static bool write_adapters(struct abide_emission *e, const struct abide_thunk *thunks,
                           size_t thunk_count)
{
    size_t count, serials = 0;
    const struct abide_adapter *const *adapters =
        abide_plan__adapters(e->ctx, plans_of(e->ctx, thunks, thunk_count), thunk_count, &count);
    for (size_t i = 0; i < count; i++)
        serials = adapters[i]->serial >= serials ? adapters[i]->serial + (size_t)1 : serials;
    e->routines->adapters = abide__new_array(e->ctx, LLVMValueRef, serials);
    for (size_t i = 0; i < count; i++) {
        const char *name = abide__printf(e->ctx, "%s.closure%zu", thunks[0].symbol, i);
        LLVMValueRef function = abide_thunk__emit(e, adapters[i]->plan, name, true);
        if (!function)
            return false;
        e->routines->adapters[adapters[i]->serial] = function;
    }
    return true;
}

static void uses_trap(const struct abide_op *op, void *user)
{
    *(bool *)user |= op->kind == ABIDE_OP_TRAP || op->kind == ABIDE_OP_SIZE;
}

bool abide_routines__write(struct abide_emission *e, const struct abide_thunk *thunks,
                           size_t thunk_count)
{
    size_t count;
    const struct abide_routine *const *routines =
        abide_plan__routines(e->ctx, plans_of(e->ctx, thunks, thunk_count), thunk_count, &count);
    if (count == 0)
        return true;
    size_t serials = 0;
    bool traps = false;
    for (size_t i = 0; i < count; i++) {
        serials = routines[i]->serial >= serials ? routines[i]->serial + (size_t)1 : serials;
        abide_routine__visit(&routines[i]->body, uses_trap, &traps);
    }
    e->routines = abide__new(e->ctx, struct abide_written);
    e->routines->routines = routines;
    e->routines->count = count;
    e->routines->by_serial = abide__new_array(e->ctx, struct written, serials);
    e->routines->machine = machine_of(&thunks[0]);
    for (size_t i = 1; i < thunk_count; i++)
        if (machine_of(&thunks[i])->stack.red_zone_bytes <
            e->routines->machine->stack.red_zone_bytes)
            e->routines->machine = machine_of(&thunks[i]);
    for (size_t i = 0; i < count; i++)
        declare(e, routines[i], i);
    if (traps)
        write_trap(e);
    if (!write_adapters(e, thunks, thunk_count))
        return false;
    for (size_t i = 0; i < count; i++)
        write_routine(e, routines[i]);
    return true;
}

void abide_routines__finish(struct abide_emission *e)
{
    for (size_t i = 0; e->routines && i < e->routines->hidden.count; i++) {
        const struct hidden *hidden = &e->routines->hidden.items[i];
        LLVMSetValueName2(hidden->value, hidden->name, strlen(hidden->name));
    }
}
