/* Runs of bytes as statements of portable C. */
#ifndef ABIDE_PLAN_C_RUNS_H
#define ABIDE_PLAN_C_RUNS_H

#include "base/ctx.h"
#include "plan/plan.h"

/* `base`, an expression for a pointer to some object, plus an offset. */
const char *abide_c__displaced(abide_ctx *ctx, const char *base, uint64_t offset_bytes);

/* Where statements go. */
struct abide_c_sink {
    abide_ctx *ctx;
    struct abide_text *text;
    const char *indent; /* in front of each line */
    size_t *scratch;    /* counts the variables of the function */
};

/* Statements that move the bytes at `from` to `to`, both expressions for pointers. */
void abide_c__runs(const struct abide_c_sink *sink, const char *to, const char *from,
                   const struct abide_run *runs, size_t run_count);

#endif
