/* Fails the nth allocation of a piece of work, for every n: it ends without a result, reported, and without a leak. */
#ifndef TESTS_UNIT_FAILING_ALLOCATOR_H
#define TESTS_UNIT_FAILING_ALLOCATOR_H

#include "abide/ctx.h"
#include "base/ctx.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>
#include <stdlib.h>
#include <string.h>

struct failing_allocator {
    bool is_paused; /* nothing fails, nothing is counted: for what goes before the work */
    size_t made;
    size_t fail_at; /* the allocation with this number, from 0, is refused */
    bool has_failed;
    long live;
};

static void *failing_reallocate(void *user, void *block, size_t size_bytes)
{
    struct failing_allocator *allocator = user;
    if (!size_bytes) {
        allocator->live -= block != NULL;
        free(block);
        return NULL;
    }
    if (!allocator->is_paused && allocator->made++ == allocator->fail_at) {
        allocator->has_failed = true;
        return NULL;
    }
    allocator->live += !block;
    return realloc(block, size_bytes);
}

/* True: the work was done; false: something was reported. */
typedef bool work_function(abide_ctx *ctx);

/* For work that starts with something whose failures are not of interest. */
static inline void pause_failures(abide_ctx *ctx, bool is_paused)
{
    ((struct failing_allocator *)ctx->allocator.user)->is_paused = is_paused;
}

/* One run with allocation `n` failing, then the same work again in the same context; true if `n` was reached. */
static bool run_with_failure(work_function *work, size_t n)
{
    struct failing_allocator allocator = {.fail_at = n};
    abide_ctx_options options = ABIDE_CTX_OPTIONS_INIT;
    options.allocator = (abide_allocator){failing_reallocate, &allocator};
    options.embedded_only = true;
    abide_ctx *ctx = abide_ctx_new(&options);
    if (!ctx) {
        assert_true(allocator.has_failed);
        assert_int_equal(allocator.live, 0);
        return true;
    }
    ctx->separate_blocks = true;
    bool done = work(ctx);
    bool has_failed = allocator.has_failed;
    assert_int_equal(done, !has_failed);
    if (has_failed) {
        size_t count = abide_ctx_diag_count(ctx);
        assert_true(count > 0);
        const abide_diag *last = abide_ctx_diag_at(ctx, count - 1);
        assert_string_equal(abide_diag_id(last), "out-of-memory");
        assert_string_equal(abide_diag_print(ctx, last, false),
                            "error: no memory [out-of-memory]\n");
        abide_ctx_clear_diags(ctx);
        assert_true(work(ctx));
    }
    abide_ctx_free(ctx);
    assert_int_equal(allocator.live, 0);
    return has_failed;
}

/* Returns how many allocations the work makes. */
static inline size_t fail_every_allocation(work_function *work)
{
    size_t n = 0;
    while (run_with_failure(work, n))
        n++;
    return n;
}

#endif
