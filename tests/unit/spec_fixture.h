/* A context in which the loader's internals may be called: an allocation that fails fails the test. */
#ifndef TESTS_UNIT_SPEC_FIXTURE_H
#define TESTS_UNIT_SPEC_FIXTURE_H

#include "base/ctx.h"

#include "cmocka_all.h"

static struct abide_guard fixture_guard;

static inline abide_ctx *open_ctx_with(const char *const *module_dirs, size_t module_dir_count)
{
    abide_ctx_options options = ABIDE_CTX_OPTIONS_INIT;
    options.embedded_only = true;
    options.module_dirs = module_dirs;
    options.module_dir_count = module_dir_count;
    abide_ctx *ctx = abide_ctx_new(&options);
    assert_non_null(ctx);
    if (setjmp(*abide__guard_enter(ctx, &fixture_guard)))
        fail();
    return ctx;
}

static inline abide_ctx *open_ctx(void)
{
    return open_ctx_with(NULL, 0);
}

static inline void close_ctx(abide_ctx *ctx)
{
    abide__guard_leave(ctx, &fixture_guard);
    abide_ctx_free(ctx);
}

/* The id of the only diagnostic so far. */
static inline const char *only_diag(const abide_ctx *ctx)
{
    assert_int_equal(abide_ctx_diag_count(ctx), 1);
    return abide_diag_id(abide_ctx_diag_at(ctx, 0));
}

#endif
