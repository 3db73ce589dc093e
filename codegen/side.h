/*
 * One side of a thunk in LLVM's terms: a calling convention whose registers hold the assignment, and the registers of it
 * that are in use. A function with one IR parameter for each register of the convention's order, up to the last used one,
 * has its parameters exactly there.
 */
#ifndef ABIDE_CODEGEN_SIDE_H
#define ABIDE_CODEGEN_SIDE_H

#include "plan/plan.h"
#include "processor.h"

/* The strictest alignment of the stack that LLVM is asked for: of a page. */
#define ABIDE_STACK_ALIGN_MAX_BYTES 4096

/* Registers in use of each kind. */
struct abide_register_use {
    size_t counts[ABIDE_REGISTER_KIND_COUNT]; /* up to the last one in use */
    /* Of each, how many bytes a value that is in use takes; the whole width if several do. 0: not in use. */
    uint32_t bytes[ABIDE_REGISTER_KIND_COUNT][ABIDE_MAX_REGISTERS];
};

struct abide_side {
    const struct abide_processor *processor;
    const abide_assignment *assignment;
    const struct abide_convention *convention;
    bool has_indirect; /* something is in the convention's indirect register */
    bool has_chain;    /* something is in its chain register */
    struct abide_register_use arguments;
    struct abide_register_use results;
    /* Where the stack arguments end; the convention's start if there are none. */
    uint64_t stack_end_bytes;
    bool counts_vectors; /* a call must state the number of vector registers */
    const char *lack;    /* of an edge: why LLVM has no convention for it */
};

/* Where a register is in a convention's order. */
struct abide_register_at {
    bool is_indirect;
    bool is_chain;
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

/* The same where only the registers that there are will do. */
struct abide_side abide_side__edge(abide_ctx *ctx, const struct abide_processor *processor,
                                   const abide_assignment *assignment, bool is_caller,
                                   const char **reason);
/* The register in which an edge's callee looks for the number of vector registers; NULL: it does not look. */
const char *abide_side__vector_count(const struct abide_side *side);
/* Whether callees of this side's ABI leave the register as it was. */
bool abide_side__preserves(const struct abide_side *side, const char *name);

/* Whether a call has to align the stack more strictly than the convention by itself does. */
bool abide_side__is_over_aligned(const struct abide_side *side);

/* Where the stack items of its IR parameters start: behind the address that is the indirect one, if the callee removes that. */
uint64_t abide_side__stack_start_bytes(const struct abide_side *side);
/* Whether a place is that of the indirect parameter. */
bool abide_side__is_indirect(const struct abide_side *side, const abide_piece *piece);

/* All places of an argument: its pieces, or that of its pointer. */
const abide_piece *abide_side__places(const struct abide_assigned *argument, size_t *count);

/* An argument register of a convention. false: it has none of that name. */
bool abide_convention__argument(const struct abide_convention *convention, const char *name,
                                struct abide_register_at *at);
bool abide_convention__result(const struct abide_convention *convention, const char *name,
                              struct abide_register_at *at);

/*
 * Whether a call may end in a jump between the two: who calls the thunk finds preserved what it counts on, and both sets of
 * registers can be parameters of one function.
 */
bool abide_sides__may_jump(const struct abide_side *caller, const struct abide_side *callee);

/* What both use. */
struct abide_register_use abide_register_use__joined(const struct abide_register_use *a,
                                                     const struct abide_register_use *b);

/* The first of the data for an architecture that has a convention of LLVM for all sides of the plans, else any; the first of all if none does. */
const struct abide_processor *abide_side__choose(abide_ctx *ctx,
                                                 const struct abide_processor *processors,
                                                 size_t count, const abide_plan *const *plans,
                                                 size_t plan_count);

#endif
