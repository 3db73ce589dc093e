/*
 * Thunks that are assembly alone: registers and words of the stack change places, then the callee is called or jumped to, and
 * registers of results change places. What plans say beyond that is for edge.h.
 */
#ifndef ABIDE_CODEGEN_EDGE_MOVES_H
#define ABIDE_CODEGEN_EDGE_MOVES_H

#include "plan/plan.h"
#include "side.h"

/* The text of a naked function that calls `<target>`; both sides are edges. `*words`: what it is; NULL: what is more than a move. */
const char *abide_edge_moves__text(abide_ctx *ctx, const abide_plan *plan,
                                   const struct abide_side *caller, const struct abide_side *callee,
                                   bool is_protected, const char **words);

#endif
