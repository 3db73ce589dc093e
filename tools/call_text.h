/* Places of arguments and results, as people read them. */
#ifndef ABIDE_TOOLS_CALL_TEXT_H
#define ABIDE_TOOLS_CALL_TEXT_H

#include "abide/abide.h"

/* "rdi", "its address in rsi", "sp+0..sp+24" */
const char *call_argument_text(const abide_argument *argument);
/* What an argument is called: "s", "s.len", "result (out)". */
const char *call_argument_label(const abide_argument *argument, size_t index);
/* The next pieces of an argument that people read as one: those that lie side by side on the stack. */
bool call_next_run(const abide_argument *argument, size_t *index, abide_piece *run);
/* "[0..8)"; "" if it is all of the argument. */
const char *call_range_text(const abide_argument *argument, const abide_piece *run);
/* "rdi", "sp+0..sp+24" */
const char *call_slot_text(const abide_piece *piece);
/* "16 bytes, aligned to 16, removed by the caller" */
const char *call_stack_text(const abide_assignment *assignment);

#endif
