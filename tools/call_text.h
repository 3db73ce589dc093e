/* Places of arguments and results, as people read them. */
#ifndef ABIDE_TOOLS_CALL_TEXT_H
#define ABIDE_TOOLS_CALL_TEXT_H

#include "abide/abide.h"

/* "rdi", "its address in rsi", "sp+0..sp+24" */
const char *call_argument_text(const abide_argument *argument);
/* What an argument is called: "s", "s.len", "result (out)". */
const char *call_argument_label(const abide_argument *argument, size_t index);
/* "16 bytes, aligned to 16, removed by the caller" */
const char *call_stack_text(const abide_assignment *assignment);

#endif
