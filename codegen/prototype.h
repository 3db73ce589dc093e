/*
 * IR function types whose parameters LLVM puts into given registers: one parameter for each register of a convention's
 * order up to the last one in use, then the stack.
 */
#ifndef ABIDE_CODEGEN_PROTOTYPE_H
#define ABIDE_CODEGEN_PROTOTYPE_H

#include "emission.h"
#include "side.h"

#include <limits.h>

/* An argument on the stack: a word, or memory that is copied there. */
struct abide_stack_item {
    LLVMValueRef
        value; /* in a call: the word, or a pointer to the memory; NULL: whatever is there */
    uint64_t copied_bytes; /* 0: a word */
    uint64_t align_bytes;  /* in a call: what is known of the memory */
};

struct abide_prototype {
    const struct abide_processor *processor;
    const struct abide_convention *convention;
    bool has_indirect;
    bool has_chain;
    uint64_t indirect_bytes; /* size of what the indirect register points to */
    struct abide_register_use arguments;
    struct abide_register_use results;
    size_t pointer_register; /* this integer register is seen as a pointer; SIZE_MAX: none */
    const struct abide_stack_item *stack; /* in order of offset, without gaps */
    size_t stack_count;
    uint64_t
        stack_align_bytes; /* of the first item, which is copied; 0: as the convention has it */
    bool counts_vectors;
    bool is_variadic; /* what comes behind the parameters is the thunk's business too */

    LLVMTypeRef type;
    LLVMTypeRef result_type;
    /* Parameters of the registers and of the stack items; ABIDE_NO_PARAMETER: it has none. */
    unsigned registers[ABIDE_REGISTER_KIND_COUNT][ABIDE_MAX_REGISTERS];
    unsigned *stack_items;
};

#define ABIDE_NO_PARAMETER UINT_MAX

/* The parameter of the chain register. */
unsigned abide_prototype__chain(const struct abide_prototype *prototype);

/* The prototype of a side without its stack. */
struct abide_prototype abide_prototype__of(const struct abide_side *side);
/* No integer register may be left over for what is to be on the stack. */
void abide_prototype__set_stack(struct abide_prototype *prototype,
                                const struct abide_stack_item *items, size_t count);
/* Makes the IR types. */
void abide_prototype__finish(struct abide_emission *e, struct abide_prototype *prototype);

/* A value of a register, given the type that the register has in a prototype. */
LLVMValueRef abide_prototype__fit(struct abide_emission *e, LLVMValueRef value, LLVMTypeRef type);

/* States the convention and the attributes of parameters: of a function, or of a call. */
void abide_prototype__describe(struct abide_emission *e, const struct abide_prototype *prototype,
                               LLVMValueRef function_or_call, bool is_call);

/* The results in the order of the result type: one part is the value itself. */
LLVMValueRef abide_prototype__result(struct abide_emission *e,
                                     const struct abide_prototype *prototype, LLVMValueRef call,
                                     enum abide_register_kind kind, size_t index);
/* `return` of the registers; NULL entries are left as they happen to be. */
void abide_prototype__return(struct abide_emission *e, const struct abide_prototype *prototype,
                             LLVMValueRef (*registers)[ABIDE_MAX_REGISTERS]);

#endif
