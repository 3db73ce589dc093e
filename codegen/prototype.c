/* The order of IR parameters: the indirect register, the chain register, the registers of each kind, the stack. */
#include "prototype.h"

#include "bytes.h"

#include <string.h>

struct abide_prototype abide_prototype__of(const struct abide_side *side)
{
    return (struct abide_prototype){.processor = side->processor,
                                    .convention = side->convention,
                                    .has_indirect = side->has_indirect,
                                    .has_chain = side->has_chain,
                                    .indirect_bytes = side->assignment->result.size_bytes,
                                    .arguments = side->arguments,
                                    .results = side->results,
                                    .pointer_register = SIZE_MAX,
                                    .counts_vectors = side->counts_vectors};
}

unsigned abide_prototype__chain(const struct abide_prototype *prototype)
{
    return prototype->has_indirect;
}

/* Whether integer registers that are free would take some of it: a word does, memory only where LLVM splits it. */
static bool needs_full_registers(const struct abide_convention *convention,
                                 const struct abide_stack_item *items, size_t count)
{
    for (size_t i = 0; i < count; i++)
        if (items[i].copied_bytes == 0 || convention->copies_split)
            return true;
    return false;
}

/* Registers that nobody uses are no parameters without need: LLVM preserves no register of the parameters (x86_regcallcc). */
void abide_prototype__set_stack(struct abide_prototype *prototype,
                                const struct abide_stack_item *items, size_t count)
{
    const struct abide_register_order *order = &prototype->convention->arguments;
    prototype->stack = items;
    prototype->stack_count = count;
    if (order->reach == ABIDE_REACH_SEQUENCE &&
        needs_full_registers(prototype->convention, items, count))
        prototype->arguments.counts[ABIDE_REGISTER_INTEGER] =
            order->registers[ABIDE_REGISTER_INTEGER].count;
}

/* The type of a register of which `bytes` are in use. */
static LLVMTypeRef register_type(const struct abide_emission *e, size_t kind, uint32_t bytes)
{
    LLVMTypeRef whole = kind == ABIDE_REGISTER_INTEGER  ? e->word
                        : kind == ABIDE_REGISTER_VECTOR ? e->vector
                                                        : e->extended;
    if (kind == ABIDE_REGISTER_INTEGER || bytes == e->processor->register_bytes[kind])
        return whole;
    if (bytes == 4)
        return LLVMFloatTypeInContext(e->context);
    return bytes == 8 ? LLVMDoubleTypeInContext(e->context) : whole;
}

static LLVMTypeRef argument_type(const struct abide_emission *e,
                                 const struct abide_prototype *prototype, size_t kind, size_t index)
{
    if (kind == ABIDE_REGISTER_INTEGER && index == prototype->pointer_register)
        return e->pointer;
    return register_type(e, kind, prototype->arguments.bytes[kind][index]);
}

static LLVMTypeRef part_of_result_type(const struct abide_emission *e,
                                       const struct abide_prototype *prototype, size_t kind,
                                       size_t index)
{
    return register_type(e, kind, prototype->results.bytes[kind][index]);
}

LLVMValueRef abide_prototype__fit(struct abide_emission *e, LLVMValueRef value, LLVMTypeRef type)
{
    if (LLVMTypeOf(value) == type)
        return value;
    if (type == e->pointer)
        return LLVMBuildIntToPtr(e->builder, value, type, "");
    return abide_bytes__fit_vector(e, value, type);
}

/* The parts of a result in their order: register, or a place that nothing is in. */
struct part {
    size_t kind;
    size_t index;
};

/* The kind of the register that is in use at a position; else the one that costs least. */
static size_t kind_at(const struct abide_register_order *order,
                      const struct abide_register_use *use, size_t position)
{
    size_t found = ABIDE_REGISTER_KIND_COUNT;
    for (size_t kind = ABIDE_REGISTER_KIND_COUNT; kind-- > 0;) {
        if (position < use->counts[kind] && use->bytes[kind][position])
            return kind;
        if (position < order->registers[kind].count)
            found = kind;
    }
    return found;
}

static size_t last_position(const struct abide_register_use *use)
{
    size_t last = 0;
    for (size_t kind = 0; kind < ABIDE_REGISTER_KIND_COUNT; kind++)
        last = use->counts[kind] > last ? use->counts[kind] : last;
    return last;
}

static size_t list_parts(const struct abide_register_order *order,
                         const struct abide_register_use *use, struct part *parts)
{
    size_t count = 0;
    if (order->reach == ABIDE_REACH_POSITION) {
        for (size_t i = 0; i < last_position(use); i++)
            parts[count++] = (struct part){kind_at(order, use, i), i};
        return count;
    }
    for (size_t kind = 0; kind < ABIDE_REGISTER_KIND_COUNT; kind++)
        for (size_t i = 0; i < use->counts[kind]; i++)
            parts[count++] = (struct part){kind, i};
    return count;
}

#define MAX_PARTS (ABIDE_REGISTER_KIND_COUNT * ABIDE_MAX_REGISTERS)

static size_t result_parts(const struct abide_prototype *prototype, struct part *parts)
{
    return list_parts(&prototype->convention->results, &prototype->results, parts);
}

static LLVMTypeRef result_type(struct abide_emission *e, const struct abide_prototype *prototype)
{
    struct part parts[MAX_PARTS];
    LLVMTypeRef types[MAX_PARTS];
    size_t count = result_parts(prototype, parts);
    for (size_t i = 0; i < count; i++)
        types[i] = part_of_result_type(e, prototype, parts[i].kind, parts[i].index);
    if (count <= 1)
        return count ? types[0] : e->void_type;
    return LLVMStructTypeInContext(e->context, types, (unsigned)count, false);
}

/* The parameters while they are listed. */
struct listing {
    struct abide_emission *e;
    struct abide_prototype *prototype;
    LLVMTypeRef *types;
    unsigned count;
};

static void list_register(struct listing *listing, size_t kind, size_t index)
{
    listing->types[listing->count] = argument_type(listing->e, listing->prototype, kind, index);
    listing->prototype->registers[kind][index] = listing->count++;
}

static void list_item(struct listing *listing, size_t index)
{
    const struct abide_emission *e = listing->e;
    listing->types[listing->count] =
        listing->prototype->stack[index].copied_bytes ? e->pointer : e->word;
    listing->prototype->stack_items[index] = listing->count++;
}

static void list_sequences(struct listing *listing)
{
    const struct abide_prototype *prototype = listing->prototype;
    for (size_t kind = 0; kind < ABIDE_REGISTER_KIND_COUNT; kind++)
        for (size_t i = 0; i < prototype->arguments.counts[kind]; i++)
            list_register(listing, kind, i);
    for (size_t i = 0; i < prototype->stack_count; i++)
        list_item(listing, i);
}

/* Stack words are at the positions behind the last integer register, as far as other registers do not take these. */
static void list_positions(struct listing *listing)
{
    const struct abide_prototype *prototype = listing->prototype;
    const struct abide_register_order *order = &prototype->convention->arguments;
    size_t integers = order->registers[ABIDE_REGISTER_INTEGER].count;
    size_t end = last_position(&prototype->arguments);
    if (prototype->stack_count > 0 && end < integers + prototype->stack_count)
        end = integers + prototype->stack_count;
    for (size_t i = 0; i < end; i++) {
        size_t kind = kind_at(order, &prototype->arguments, i);
        bool is_used = i < ABIDE_MAX_REGISTERS && kind < ABIDE_REGISTER_KIND_COUNT &&
                       prototype->arguments.bytes[kind][i];
        if (!is_used && i >= integers && i - integers < prototype->stack_count)
            list_item(listing, i - integers);
        else
            list_register(listing, kind, i);
    }
}

void abide_prototype__finish(struct abide_emission *e, struct abide_prototype *prototype)
{
    size_t most = 2 + MAX_PARTS + prototype->stack_count;
    struct listing listing = {
        .e = e, .prototype = prototype, .types = abide__new_array(e->ctx, LLVMTypeRef, most)};
    for (size_t kind = 0; kind < ABIDE_REGISTER_KIND_COUNT; kind++)
        for (size_t i = 0; i < ABIDE_MAX_REGISTERS; i++)
            prototype->registers[kind][i] = ABIDE_NO_PARAMETER;
    prototype->stack_items = abide__new_array(e->ctx, unsigned, prototype->stack_count);
    for (size_t i = 0; i < prototype->stack_count; i++)
        prototype->stack_items[i] = ABIDE_NO_PARAMETER;
    if (prototype->has_indirect)
        listing.types[listing.count++] = e->pointer;
    if (prototype->has_chain)
        listing.types[listing.count++] = e->pointer;
    if (prototype->convention->arguments.reach == ABIDE_REACH_POSITION)
        list_positions(&listing);
    else
        list_sequences(&listing);
    prototype->result_type = result_type(e, prototype);
    prototype->type = LLVMFunctionType(prototype->result_type, listing.types, listing.count,
                                       prototype->counts_vectors || prototype->is_variadic);
}

static void add_attribute(LLVMValueRef value, bool is_call, unsigned parameter,
                          LLVMAttributeRef attribute)
{
    if (is_call)
        LLVMAddCallSiteAttribute(value, parameter + 1, attribute);
    else
        LLVMAddAttributeAtIndex(value, parameter + 1, attribute);
}

static void describe_item(struct abide_emission *e, const struct abide_prototype *prototype,
                          LLVMValueRef value, bool is_call, size_t index)
{
    LLVMTypeRef type = abide_llvm_array(e->byte, prototype->stack[index].copied_bytes);
    unsigned parameter = prototype->stack_items[index];
    add_attribute(value, is_call, parameter, LLVMCreateTypeAttribute(e->context, e->byval, type));
    uint64_t align_bytes = index == 0 && prototype->stack_align_bytes
                               ? prototype->stack_align_bytes
                               : prototype->convention->slot_bytes;
    add_attribute(value, is_call, parameter,
                  LLVMCreateEnumAttribute(e->context, e->align, align_bytes));
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
    if (prototype->has_chain)
        add_attribute(value, is_call, abide_prototype__chain(prototype),
                      LLVMCreateEnumAttribute(e->context, e->nest, 0));
    bool marks = prototype->convention->arguments.reach == ABIDE_REACH_ATTRIBUTE;
    for (size_t i = 0; marks && i < prototype->arguments.counts[ABIDE_REGISTER_INTEGER]; i++)
        add_attribute(value, is_call, prototype->registers[ABIDE_REGISTER_INTEGER][i],
                      LLVMCreateEnumAttribute(e->context, e->inreg, 0));
    for (size_t i = 0; i < prototype->stack_count; i++)
        if (prototype->stack[i].copied_bytes)
            describe_item(e, prototype, value, is_call, i);
}

LLVMValueRef abide_prototype__result(struct abide_emission *e,
                                     const struct abide_prototype *prototype, LLVMValueRef call,
                                     enum abide_register_kind kind, size_t index)
{
    struct part parts[MAX_PARTS];
    size_t count = result_parts(prototype, parts);
    for (size_t i = 0; i < count; i++)
        if (parts[i].kind == (size_t)kind && parts[i].index == index)
            return count == 1 ? call : LLVMBuildExtractValue(e->builder, call, (unsigned)i, "");
    return NULL;
}

void abide_prototype__return(struct abide_emission *e, const struct abide_prototype *prototype,
                             LLVMValueRef (*registers)[ABIDE_MAX_REGISTERS])
{
    struct part parts[MAX_PARTS];
    size_t count = result_parts(prototype, parts);
    LLVMValueRef whole = count > 1 ? LLVMGetPoison(prototype->result_type) : NULL;
    for (size_t i = 0; i < count; i++) {
        LLVMValueRef value = registers[parts[i].kind][parts[i].index];
        LLVMTypeRef type = part_of_result_type(e, prototype, parts[i].kind, parts[i].index);
        value = value ? abide_prototype__fit(e, value, type) : LLVMGetPoison(type);
        whole = count > 1 ? LLVMBuildInsertValue(e->builder, whole, value, (unsigned)i, "") : value;
    }
    if (whole)
        LLVMBuildRet(e->builder, whole);
    else
        LLVMBuildRetVoid(e->builder);
}
