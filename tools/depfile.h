/* Depfiles: what an output was made from, as make and ninja read it. */
#ifndef ABIDE_TOOLS_DEPFILE_H
#define ABIDE_TOOLS_DEPFILE_H

#include "cli.h"

/* Adds "target: input..." with every file that was read. false: a name has a line end, which no depfile can say. */
bool depfile_print(const abide_ctx *ctx, const char *target, struct text *text);
/* OUT with `.d` in place of its extension, as compilers do. */
const char *depfile_name(const char *output);

#endif
