/*
 * Parallel moves: every destination gets what its source held before the first of them. They become steps in an order that
 * instructions can take: no step from memory to memory, none between files of registers.
 */
#ifndef ABIDE_CODEGEN_MOVES_H
#define ABIDE_CODEGEN_MOVES_H

#include "base/ctx.h"

#include <stdbool.h>
#include <stdint.h>

/* A register of a file, or a word of memory; words with different numbers do not overlap. */
struct abide_spot {
    bool is_memory;
    uint32_t file; /* of the value: what it can be moved through */
    uint32_t index;
};

struct abide_move {
    struct abide_spot to;
    struct abide_spot from;
    bool is_swap; /* of two registers: only in steps */
};

typedef ABIDE_VEC(struct abide_move) abide_move_list;

/* Registers that may be destroyed besides destinations. None is a source or a destination. */
struct abide_move_scratch {
    const struct abide_spot *spots;
    size_t count;
    const bool *swaps; /* by file: whether there is an instruction that swaps two registers */
};

/*
 * Appends steps for moves to different destinations. false: too few scratch registers; with two in each file there are always
 * enough.
 */
bool abide_moves__resolve(abide_ctx *ctx, const struct abide_move *moves, size_t count,
                          const struct abide_move_scratch *scratch, abide_move_list *steps);

#endif
