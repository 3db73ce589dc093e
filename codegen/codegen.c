/* The public face. */
#include "abide/codegen.h"

#include "base/diag.h"
#include "emission.h"
#include "thunk.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

static int by_symbol(const void *a, const void *b)
{
    return strcmp(((const struct abide_thunk *)a)->symbol, ((const struct abide_thunk *)b)->symbol);
}

static bool emit(abide_ctx *ctx, const abide_plan *const *plans, size_t plan_count,
                 const abide_codegen_options *options, const char **bytes, size_t *size_bytes)
{
    const char *const *symbols = abide_plan__symbols(ctx, plans, plan_count, options->prefix);
    if (!symbols)
        return false;
    struct abide_thunk *thunks = abide__new_array(ctx, struct abide_thunk, plan_count);
    for (size_t i = 0; i < plan_count; i++)
        thunks[i] = (struct abide_thunk){plans[i], symbols[i]};
    qsort(thunks, plan_count, sizeof *thunks, by_symbol);
    return abide_emission__run(ctx, thunks, plan_count, options, bytes, size_bytes);
}

bool abide_codegen_emit(abide_ctx *ctx, const abide_plan *const *plans, size_t plan_count,
                        const abide_codegen_options *options, const char **bytes,
                        size_t *size_bytes)
{
    assert(options->version == ABIDE_CODEGEN_OPTIONS_VERSION);
    struct abide_guard guard;
    if (setjmp(*abide__guard_enter(ctx, &guard)))
        return false;
    if (plan_count == 0)
        abide__report(ctx, ABIDE_CODE_CANNOT_EMIT, ABIDE_NOWHERE,
                      "there are no thunks to emit: not one plan was given");
    plans = abide_plan__with_releases(ctx, plans, &plan_count);
    bool fine = plan_count > 0 && emit(ctx, plans, plan_count, options, bytes, size_bytes);
    abide__guard_leave(ctx, &guard);
    return fine;
}

const char *abide_codegen_way(abide_ctx *ctx, const abide_plan *plan, const char **why)
{
    struct abide_guard guard;
    *why = NULL;
    if (setjmp(*abide__guard_enter(ctx, &guard)))
        return NULL;
    const char *way = abide_thunk__way(ctx, plan, why);
    abide__guard_leave(ctx, &guard);
    return way;
}

const char *abide_codegen_llvm_version(void)
{
    return LLVM_VERSION_STRING;
}
