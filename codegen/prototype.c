/* The order of IR parameters: the indirect register, the registers of each kind, the stack. */
#include "prototype.h"

#include "bytes.h"

#include <string.h>

struct abide_prototype abide_prototype__of(const struct abide_side *side)
{
    struct abide_prototype prototype = {.convention = side->convention,
                                        .has_indirect = side->has_indirect,
                                        .indirect_bytes = side->assignment->result.size_bytes,
                                        .pointer_register = SIZE_MAX,
                                        .counts_vectors = side->counts_vectors};
    memcpy(prototype.argument_vector_bytes, side->argument_vector_bytes,
           sizeof prototype.argument_vector_bytes);
    memcpy(prototype.result_vector_bytes, side->result_vector_bytes,
           sizeof prototype.result_vector_bytes);
    for (size_t kind = 0; kind < ABIDE_REGISTER_KIND_COUNT; kind++) {
        prototype.arguments[kind] = side->arguments[kind];
        prototype.results[kind] = side->results[kind];
    }
    return prototype;
}

void abide_prototype__set_stack(struct abide_prototype *prototype,
                                const struct abide_stack_item *items, size_t count)
{
    prototype->stack = items;
    prototype->stack_count = count;
    for (size_t i = 0; i < count; i++)
        if (items[i].copied_bytes == 0)
            prototype->arguments[ABIDE_REGISTER_INTEGER] =
                prototype->convention->arguments[ABIDE_REGISTER_INTEGER].count;
}

static LLVMTypeRef vector_type(const struct abide_emission *e, uint64_t size_bytes)
{
    if (size_bytes == 4)
        return LLVMFloatTypeInContext(e->context);
    if (size_bytes == 8)
        return LLVMDoubleTypeInContext(e->context);
    return e->vector;
}

static LLVMTypeRef register_type(const struct abide_emission *e, size_t kind, uint64_t vector_bytes)
{
    switch ((enum abide_register_kind)kind) {
    case ABIDE_REGISTER_INTEGER: return e->word;
    case ABIDE_REGISTER_VECTOR: return vector_type(e, vector_bytes);
    case ABIDE_REGISTER_EXTENDED: return e->extended;
    case ABIDE_REGISTER_KIND_COUNT: break;
    }
    return NULL;
}

static LLVMTypeRef argument_type(const struct abide_emission *e,
                                 const struct abide_prototype *prototype, size_t kind, size_t index)
{
    if (kind == ABIDE_REGISTER_INTEGER && index == prototype->pointer_register)
        return e->pointer;
    return register_type(e, kind, prototype->argument_vector_bytes[index]);
}

static LLVMTypeRef part_of_result_type(const struct abide_emission *e,
                                       const struct abide_prototype *prototype, size_t kind,
                                       size_t index)
{
    return register_type(e, kind, prototype->result_vector_bytes[index]);
}

LLVMValueRef abide_prototype__fit(struct abide_emission *e, LLVMValueRef value, LLVMTypeRef type)
{
    if (LLVMTypeOf(value) == type)
        return value;
    if (type == e->pointer)
        return LLVMBuildIntToPtr(e->builder, value, type, "");
    return abide_bytes__fit_vector(e, value, type);
}

static size_t sum(const size_t *counts)
{
    size_t total = 0;
    for (size_t kind = 0; kind < ABIDE_REGISTER_KIND_COUNT; kind++)
        total += counts[kind];
    return total;
}

static LLVMTypeRef result_type(struct abide_emission *e, const struct abide_prototype *prototype)
{
    LLVMTypeRef types[ABIDE_REGISTER_KIND_COUNT * ABIDE_MAX_REGISTERS];
    unsigned count = 0;
    for (size_t kind = 0; kind < ABIDE_REGISTER_KIND_COUNT; kind++)
        for (size_t i = 0; i < prototype->results[kind]; i++)
            types[count++] = part_of_result_type(e, prototype, kind, i);
    if (count <= 1)
        return count ? types[0] : e->void_type;
    return LLVMStructTypeInContext(e->context, types, count, false);
}

void abide_prototype__finish(struct abide_emission *e, struct abide_prototype *prototype)
{
    size_t count = prototype->has_indirect + sum(prototype->arguments) + prototype->stack_count;
    LLVMTypeRef *types = abide__new_array(e->ctx, LLVMTypeRef, count);
    size_t at = 0;
    if (prototype->has_indirect)
        types[at++] = e->pointer;
    for (size_t kind = 0; kind < ABIDE_REGISTER_KIND_COUNT; kind++)
        for (size_t i = 0; i < prototype->arguments[kind]; i++)
            types[at++] = argument_type(e, prototype, kind, i);
    for (size_t i = 0; i < prototype->stack_count; i++)
        types[at++] = prototype->stack[i].copied_bytes ? e->pointer : e->word;
    prototype->result_type = result_type(e, prototype);
    prototype->type =
        LLVMFunctionType(prototype->result_type, types, (unsigned)count, prototype->counts_vectors);
}

unsigned abide_prototype__register(const struct abide_prototype *prototype,
                                   enum abide_register_kind kind, size_t index)
{
    size_t at = prototype->has_indirect + index;
    for (size_t before = 0; before < (size_t)kind; before++)
        at += prototype->arguments[before];
    return (unsigned)at;
}

unsigned abide_prototype__stack_item(const struct abide_prototype *prototype, size_t index)
{
    return (unsigned)(prototype->has_indirect + sum(prototype->arguments) + index);
}

static void add_attribute(LLVMValueRef value, bool is_call, unsigned parameter,
                          LLVMAttributeRef attribute)
{
    if (is_call)
        LLVMAddCallSiteAttribute(value, parameter + 1, attribute);
    else
        LLVMAddAttributeAtIndex(value, parameter + 1, attribute);
}

void abide_prototype__describe(struct abide_emission *e, const struct abide_prototype *prototype,
                               LLVMValueRef value, bool is_call)
{
    if (is_call)
        LLVMSetInstructionCallConv(value, prototype->convention->id);
    else
        LLVMSetFunctionCallConv(value, prototype->convention->id);
    if (prototype->has_indirect)
        add_attribute(
            value, is_call, 0,
            LLVMCreateTypeAttribute(e->context, e->sret,
                                    abide_llvm_array(e->byte, prototype->indirect_bytes)));
    for (size_t i = 0; i < prototype->stack_count; i++) {
        if (prototype->stack[i].copied_bytes == 0)
            continue;
        LLVMTypeRef type = abide_llvm_array(e->byte, prototype->stack[i].copied_bytes);
        unsigned parameter = abide_prototype__stack_item(prototype, i);
        add_attribute(value, is_call, parameter,
                      LLVMCreateTypeAttribute(e->context, e->byval, type));
        uint64_t align_bytes = i == 0 && prototype->stack_align_bytes
                                   ? prototype->stack_align_bytes
                                   : prototype->convention->slot_bytes;
        add_attribute(value, is_call, parameter,
                      LLVMCreateEnumAttribute(e->context, e->align, align_bytes));
    }
}

LLVMValueRef abide_prototype__result(struct abide_emission *e,
                                     const struct abide_prototype *prototype, LLVMValueRef call,
                                     enum abide_register_kind kind, size_t index)
{
    if (sum(prototype->results) == 1)
        return call;
    for (size_t before = 0; before < (size_t)kind; before++)
        index += prototype->results[before];
    return LLVMBuildExtractValue(e->builder, call, (unsigned)index, "");
}

void abide_prototype__return(struct abide_emission *e, const struct abide_prototype *prototype,
                             LLVMValueRef (*registers)[ABIDE_MAX_REGISTERS])
{
    size_t count = sum(prototype->results);
    LLVMValueRef whole = count > 1 ? LLVMGetPoison(prototype->result_type) : NULL;
    unsigned at = 0;
    for (size_t kind = 0; kind < ABIDE_REGISTER_KIND_COUNT; kind++)
        for (size_t i = 0; i < prototype->results[kind]; i++, at++) {
            LLVMValueRef value = registers[kind][i];
            LLVMTypeRef type = part_of_result_type(e, prototype, kind, i);
            value = value ? abide_prototype__fit(e, value, type) : LLVMGetPoison(type);
            whole = count > 1 ? LLVMBuildInsertValue(e->builder, whole, value, at, "") : value;
        }
    if (whole)
        LLVMBuildRet(e->builder, whole);
    else
        LLVMBuildRetVoid(e->builder);
}
