/*
 * Callees that are an instruction, and callers that one leads back to: the key `instructions` of a file of codegen/targets/. Modules name
 * them by words; what is assembled is in those files alone.
 */
#ifndef ABIDE_CODEGEN_INSTRUCTION_H
#define ABIDE_CODEGEN_INSTRUCTION_H

#include "frame.h"

/* Registers that LLVM names alike in constraints. */
struct abide_operands {
    struct abide_words names; /* as modules say them */
    struct abide_words
        as; /* what stands for <name> and <number>; the names themselves by default */
    const char *operand;
    bool is_passed; /* may hold arguments and results; else instructions only destroy it */
};

struct abide_instruction {
    const char *name;
    const char *first; /* of a return: what code that returns so starts with; NULL: nothing */
    const char *last;  /* the instruction itself */
};

struct abide_instruction_list {
    const struct abide_instruction *items;
    size_t count;
};

struct abide_instructions {
    const struct abide_operands *groups;
    size_t group_count;
    struct abide_words spoils; /* what no module names, as LLVM calls it */
    const char
        *frame; /* an operand in functions alone whose frame needs no register; NULL: none is */
    struct abide_instruction_list calls;
    struct abide_instruction_list returns;
    /* Around calls with arguments on the stack: <bytes>; <operand> and <offset>. NULL: there are none. */
    const char *stack_lower;
    const char *stack_store;
    const char *stack_raise;
};

/* What `node` says. NULL: something was reported. */
const struct abide_instructions *abide_instructions__read(abide_ctx *ctx,
                                                          const struct abide_yaml *node);
/* All registers that may be operands, as a convention that LLVM does not have. */
struct abide_convention abide_instructions__convention(abide_ctx *ctx,
                                                       const struct abide_instructions *data,
                                                       const struct abide_convention *c);

/* NULL: there is none of the name; `*reason` says which there are. */
const struct abide_instruction *abide_instruction__find(abide_ctx *ctx,
                                                        const struct abide_instruction_list *list,
                                                        const char *name, const char **reason);

/* Why a callee cannot be reached by its instruction; NULL: it can. Its registers are known to be operands. */
const char *abide_instruction__obstacle(abide_ctx *ctx, const struct abide_side *side);
/* The same because of what the thunk does besides. */
const char *abide_instruction__frame_obstacle(const struct abide_frame *frame);

/* The call: registers and words of the stack in, results into the frame. */
void abide_instruction__call(struct abide_frame *frame, const struct abide_side *side,
                             LLVMValueRef (*registers)[ABIDE_MAX_REGISTERS],
                             const struct abide_stack_item *stack, size_t stack_count);

#endif
