/*
 * IR function types whose parameters LLVM puts into given registers: one parameter for each register of a convention's
 * order up to the last one in use, then the stack.
 */
#ifndef ABIDE_CODEGEN_PROTOTYPE_H
#define ABIDE_CODEGEN_PROTOTYPE_H

#include "emission.h"
#include "side.h"

/* An argument on the stack: a word, or memory that is copied there. */
struct abide_stack_item {
    LLVMValueRef
        value; /* in a call: the word, or a pointer to the memory; NULL: whatever is there */
    uint64_t copied_bytes; /* 0: a word */
    uint64_t align_bytes;  /* in a call: what is known of the memory */
};

struct abide_prototype {
    const struct abide_convention *convention;
    bool has_indirect;
    uint64_t indirect_bytes; /* size of what the indirect register points to */
    size_t arguments[ABIDE_REGISTER_KIND_COUNT];
    size_t results[ABIDE_REGISTER_KIND_COUNT];
    /* Of each vector register, the bytes in use; its type is a scalar of that size if there is one. */
    uint64_t argument_vector_bytes[ABIDE_MAX_REGISTERS];
    uint64_t result_vector_bytes[ABIDE_MAX_REGISTERS];
    size_t pointer_register; /* this integer register is seen as a pointer; SIZE_MAX: none */
    const struct abide_stack_item *stack; /* in order of offset, without gaps */
    size_t stack_count;
    uint64_t
        stack_align_bytes; /* of the first item, which is copied; 0: as the convention has it */
    bool counts_vectors;

    LLVMTypeRef type;
    LLVMTypeRef result_type;
};

/* The prototype of a side without its stack. */
struct abide_prototype abide_prototype__of(const struct abide_side *side);
/* Where stack arguments are words, no integer register may be left over for them. */
void abide_prototype__set_stack(struct abide_prototype *prototype,
                                const struct abide_stack_item *items, size_t count);
/* Makes the IR types. */
void abide_prototype__finish(struct abide_emission *e, struct abide_prototype *prototype);

/* A value of a register, given the type that the register has in a prototype. */
LLVMValueRef abide_prototype__fit(struct abide_emission *e, LLVMValueRef value, LLVMTypeRef type);

/* The IR parameter of a register, of a stack item; of the indirect register it is the first. */
unsigned abide_prototype__register(const struct abide_prototype *prototype,
                                   enum abide_register_kind kind, size_t index);
unsigned abide_prototype__stack_item(const struct abide_prototype *prototype, size_t index);

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
