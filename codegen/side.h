/*
 * One side of a thunk in LLVM's terms: a calling convention whose registers hold the assignment, and the registers of it
 * that are in use. A function with one IR parameter for each register of the convention's order, up to the last used one,
 * has its parameters exactly there.
 */
#ifndef ABIDE_CODEGEN_SIDE_H
#define ABIDE_CODEGEN_SIDE_H

#include "call/assignment.h"
#include "processor.h"

/* The strictest alignment of the stack that LLVM is asked for: of a page. */
#define ABIDE_STACK_ALIGN_MAX_BYTES 4096

struct abide_side {
    const abide_assignment *assignment;
    const struct abide_convention *convention;
    bool has_indirect; /* something is in the convention's indirect register */
    size_t arguments[ABIDE_REGISTER_KIND_COUNT]; /* registers up to the last one in use */
    size_t results[ABIDE_REGISTER_KIND_COUNT];
    /* Of each vector register in use, the bytes that are. */
    uint64_t argument_vector_bytes[ABIDE_MAX_REGISTERS];
    uint64_t result_vector_bytes[ABIDE_MAX_REGISTERS];
    /* Where the stack arguments end; the convention's start if there are none. */
    uint64_t stack_end_bytes;
    bool counts_vectors; /* a call must state the number of vector registers */
};

/* Where a register is in a convention's order. */
struct abide_register_at {
    bool is_indirect;
    enum abide_register_kind kind;
    size_t index;
};

/*
 * The side for an assignment: as the caller's, of a function that it calls; else of a function to be called. They differ in
 * what may be assumed to be preserved. NULL convention: LLVM has none; `*reason` says what is missing.
 */
struct abide_side abide_side__of(abide_ctx *ctx, const struct abide_processor *processor,
                                 const abide_assignment *assignment, bool is_caller,
                                 const char **reason);

/* Whether a call has to align the stack more strictly than the convention by itself does. */
bool abide_side__is_over_aligned(const struct abide_side *side);

/* All places of an argument: its pieces, or that of its pointer. */
const abide_piece *abide_side__places(const struct abide_assigned *argument, size_t *count);

/* An argument register of a convention. false: it has none of that name. */
bool abide_convention__argument(const struct abide_convention *convention, const char *name,
                                struct abide_register_at *at);
bool abide_convention__result(const struct abide_convention *convention, const char *name,
                              struct abide_register_at *at);

/* Whether a call may end in a jump between the two: who calls the thunk finds preserved what it counts on. */
bool abide_sides__may_jump(const struct abide_side *caller, const struct abide_side *callee);

#endif
