/* The life of a context, and the way out of it when memory runs out. */
#include "base/ctx.h"

#include "base/arena.h"
#include "base/diag.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

static void *reallocate_by_c_library(void *user, void *block, size_t size_bytes)
{
    (void)user;
    if (size_bytes)
        return realloc(block, size_bytes);
    free(block);
    return NULL;
}

static void copy_options(abide_ctx *ctx, const abide_ctx_options *options)
{
    ctx->embedded_only = options->embedded_only;
    ctx->module_dirs = abide__new_array(ctx, const char *, options->module_dir_count);
    for (size_t i = 0; i < options->module_dir_count; i++)
        ctx->module_dirs[i] = abide__intern_text(ctx, options->module_dirs[i]);
    ctx->module_dir_count = options->module_dir_count;
}

/* A context without content; NULL: no memory. */
static abide_ctx *bare_ctx(abide_allocator allocator)
{
    if (!allocator.reallocate)
        allocator.reallocate = reallocate_by_c_library;
    abide_ctx *ctx = allocator.reallocate(allocator.user, NULL, sizeof *ctx);
    if (ctx)
        *ctx = (abide_ctx){.allocator = allocator};
    return ctx;
}

static bool fill_ctx(abide_ctx *ctx, const abide_ctx_options *options)
{
    struct abide_guard guard;
    if (setjmp(*abide__guard_enter(ctx, &guard)))
        return false;
    abide__diags_new(ctx);
    copy_options(ctx, options);
    abide__guard_leave(ctx, &guard);
    return true;
}

abide_ctx *abide_ctx_new(const abide_ctx_options *options)
{
    static const abide_ctx_options no_options = ABIDE_CTX_OPTIONS_INIT;
    if (!options)
        options = &no_options;
    if (options->version != ABIDE_CTX_OPTIONS_VERSION)
        return NULL;
    abide_ctx *ctx = bare_ctx(options->allocator);
    if (ctx && !fill_ctx(ctx, options)) {
        abide_ctx_free(ctx);
        return NULL;
    }
    return ctx;
}

void abide_ctx_free(abide_ctx *ctx)
{
    if (!ctx)
        return;
    abide__arena_free(ctx);
    ctx->allocator.reallocate(ctx->allocator.user, ctx, 0);
}

jmp_buf *abide__guard_enter(abide_ctx *ctx, struct abide_guard *guard)
{
    guard->outer = ctx->guard;
    guard->resources = NULL;
    ctx->guard = guard;
    return &guard->out;
}

void abide__guard_leave(abide_ctx *ctx, struct abide_guard *guard)
{
    assert(ctx->guard == guard && !guard->resources);
    ctx->guard = guard->outer;
}

void abide__guard_own(abide_ctx *ctx, struct abide_resource *resource, void (*release)(void *),
                      void *object)
{
    assert(ctx->guard);
    *resource = (struct abide_resource){release, object, ctx->guard->resources};
    ctx->guard->resources = resource;
}

void abide__guard_release(abide_ctx *ctx, struct abide_resource *resource)
{
    assert(ctx->guard->resources == resource);
    ctx->guard->resources = resource->next;
    resource->release(resource->object);
}

_Noreturn void abide__out_of_memory(abide_ctx *ctx)
{
    struct abide_guard *guard = ctx->guard;
    assert(guard && "a public function that allocates has no guard");
    if (!guard)
        abort(); /* there is nowhere to go, and going on would write through a null pointer */
    while (guard->resources)
        abide__guard_release(ctx, guard->resources);
    ctx->guard = guard->outer;
    abide__report_out_of_memory(ctx);
    longjmp(guard->out, 1);
}
