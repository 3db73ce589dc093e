/*
 * Plans written by hand, without modules, interfaces or a planner: what the emitter is asked, in a few words a line.
 *
 *   thunk NAME TIER SYMBOL        starts a plan; TIER same, tail or call
 *   align CALLER CALLEE           of the stack at a call, if not 16
 *   area CALLER CALLEE            bytes of arguments on the stack, if more than hold any
 *   in  PASS SIZE PLACE...        an argument of the caller
 *   out PASS SIZE PLACE...        its result
 *   to  PASS SIZE PLACE... = FEED an argument of the callee
 *   back PASS SIZE PLACE...       its result
 *   hidden FEED                   the callee's hidden pointer
 *   temp SIZE ALIGN               a temporary
 *   before FROM TO RUN...         a copy; `after` the same
 *   return RETURN                 what goes back
 *
 * PASS    direct, pointer, hidden or none
 * PLACE   REGISTER:SIZE@OFFSET or [STACK]:SIZE@OFFSET; `:SIZE` is 8 and `@OFFSET` the sum of the sizes before; behind it
 *         `z32` or `s32` is an extension. For hidden, `>REGISTER` gives the pointer back.
 * OBJECT  argN, ptrN (what argument N points to), tmpN, result (the caller's memory), back (the callee's); `+N` bytes, `:N`
 *         its size
 * FEED    here (in place) OBJECT, value OBJECT RUN..., extend OBJECT RUN..., address OBJECT, inner N, null, nothing
 * RUN     FROM>TO:SIZE, or FROM>TO:SIZE>SIZE (z behind: zeros, s: signs); none: the identity
 */
#ifndef ABIDE_TESTS_PLAN_TEXT_H
#define ABIDE_TESTS_PLAN_TEXT_H

#include "emission.h"

/* Thunks for `machine` from a text; the process ends with a message if it cannot be read. */
const struct abide_thunk *plan_text_read(abide_ctx *ctx, const struct abide_module *machine,
                                         const char *text, size_t *count);

#endif
