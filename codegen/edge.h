/*
 * Sides of thunks that no convention of LLVM has. Registers are moved by assembly to and from a picture of them in memory,
 * which the thunk itself reads and writes as memory:
 *
 *   entry: a naked function has the symbol. It keeps what its caller counts on and C's functions do not keep, stores the
 *          registers of arguments, calls the body (a C function that gets the picture's address) and loads those of results;
 *   exit:  the body calls a naked C function with the address of a picture. It keeps what C counts on and the callee does
 *          not keep, copies the stack arguments, loads the registers, calls, and stores the registers of results.
 */
#ifndef ABIDE_CODEGEN_EDGE_H
#define ABIDE_CODEGEN_EDGE_H

#include "frame.h"

/* The text of a thunk that is assembly alone (edge_moves.h); NULL: it cannot be. `*words`: what it is; if it is none, why. */
const char *abide_edge__moves_text(struct abide_frame *frame, const char **words);
void abide_edge__make_moves(struct abide_frame *frame, const char *symbol, bool is_local,
                            const char *text);

/* The same of straight lines (line.h). */
void abide_edge__make_line(struct abide_frame *frame, const char *symbol, bool is_local,
                           const char *text);

/*
 * The text of a thunk whose record comes in the chain register, with all else in place, if one instruction jumps through memory: LLVM
 * takes two. NULL: it is none.
 */
const char *abide_edge__chained_text(struct abide_frame *frame);
void abide_edge__make_chained(struct abide_frame *frame, const char *symbol, bool is_local,
                              const char *text);

/* The body of a thunk: the function to be written. */
void abide_edge__start_body(struct abide_frame *frame, const char *symbol);
/* The function that callers know, when the body is complete. */
void abide_edge__make_entry(struct abide_frame *frame, const char *symbol, bool is_local);

/* A register as the caller left it, and the address of its stack arguments. */
LLVMValueRef abide_edge__argument(const struct abide_frame *frame, enum abide_register_kind kind,
                                  size_t index);
LLVMValueRef abide_edge__stack(const struct abide_frame *frame);
/* Ends the body. Registers without a value are left as they happen to be. */
void abide_edge__return(struct abide_frame *frame, LLVMValueRef (*registers)[ABIDE_MAX_REGISTERS]);

/* What a call is given: registers, and words or copies of memory on the stack, by word. */
struct abide_edge_call {
    const struct abide_side *side;
    LLVMValueRef target;
    LLVMValueRef (*registers)[ABIDE_MAX_REGISTERS];
    const struct abide_stack_item *stack;
    size_t stack_count;
};

/* Calls. The value is for abide_edge__result, also if it comes from either of two calls of callees with the same results. */
LLVMValueRef abide_edge__call(struct abide_frame *frame, const struct abide_edge_call *call);
LLVMValueRef abide_edge__result(struct abide_emission *e, const struct abide_side *side,
                                LLVMValueRef value, enum abide_register_kind kind, size_t index);

/* The callee's stack as it left it, where a result of it lies there. */
LLVMValueRef abide_edge__result_stack(struct abide_emission *e, const struct abide_side *side,
                                      LLVMValueRef value);

/* Gives the functions that were made on the way their names, when all others have theirs. */
void abide_edges__finish(struct abide_emission *e);

#endif
