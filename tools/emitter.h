/* libabide-codegen, and LLVM with it, opened when machine code is wanted. */
#ifndef ABIDE_TOOLS_EMITTER_H
#define ABIDE_TOOLS_EMITTER_H

#include "abide/codegen.h"

typedef bool emitter(abide_ctx *ctx, const abide_plan *const *plans, size_t plan_count,
                     const abide_codegen_options *options, const char **bytes, size_t *size_bytes);

/* A function of the library by name. NULL: as below. */
void *emitter_symbol(const char *name, const char **why);

/* abide_codegen_emit of the library, which stays open. NULL: it is not there, and `*why` (may be NULL) says what is wrong. */
emitter *emitter_open(const char **why);

/* How machine code would be made of a plan: abide_codegen_way of the library. NULL: it is not there. */
typedef const char *emitter_way(abide_ctx *ctx, const abide_plan *plan, const char **why);
emitter_way *emitter_way_open(void);

#endif
