/* The adapters of a batch, as an object file. */
#include "bench.h"
#include "cli.h"
#include "emitter.h"
#include "process.h"

#include <stdlib.h>
#include <string.h>

static void write_bytes(const char *path, const char *bytes, size_t size_bytes)
{
    FILE *file = fopen(path, "wb");
    if (!file || fwrite(bytes, 1, size_bytes, file) != size_bytes || fclose(file) != 0)
        die("cannot write %s", path);
}

static bool emit_object(struct bench *b, const abide_plan *const *plans, unsigned count,
                        const char *path)
{
    static emitter *emit;
    if (!emit)
        emit = emitter_open(NULL);
    if (!emit)
        return false;
    abide_codegen_options options = ABIDE_CODEGEN_OPTIONS_INIT;
    const char *bytes;
    size_t size_bytes;
    options.prefix = THUNK_PREFIX;
    /* The programs have another object format than the target's. */
    options.emit = b->compiler->link ? ABIDE_EMIT_IR : ABIDE_EMIT_OBJECT;
    if (!emit(b->ctx, plans, count, &options, &bytes, &size_bytes))
        return false;
    if (b->compiler->link)
        return harness_compile_text(b->compiler, cli_copy(bytes, size_bytes), "adapters.ll", path);
    write_bytes(path, bytes, size_bytes);
    return true;
}

static bool emit_source(struct bench *b, const abide_plan *const *plans, unsigned count,
                        const char *object)
{
    const char *source = abide_plan_print_c(b->ctx, plans, count, THUNK_PREFIX);
    return source && harness_compile_text(b->compiler, source, "thunks.c", object);
}

bool thunks_emit(struct bench *b, const struct thunk_test *tests, unsigned count, const char *path)
{
    const abide_plan **plans = allocate(count, sizeof *plans);
    for (unsigned i = 0; i < count; i++)
        plans[i] = tests[i].plan;
    bool good = b->outcome->is_source ? emit_source(b, plans, count, path)
                                      : emit_object(b, plans, count, path);
    if (good)
        abide_ctx_clear_diags(b->ctx);
    release(plans);
    return good;
}

/* Counts the test for which no adapter could be made just now. */
static void refuse(struct bench *b)
{
    if (abide_ctx_diag_count(b->ctx) == 0)
        bench_lose(b);
    else
        bench_leave_out(b, bench_refusal(b->ctx));
}

/*
 * Moves those to the front for which an adapter can be made, and counts the others, each with its reason. A part that fails as
 * a whole is halved until those to blame stand alone.
 */
static unsigned keep_good(struct bench *b, struct thunk_test *tests, unsigned count,
                          const char *path)
{
    if (count == 0 || thunks_emit(b, tests, count, path))
        return count;
    if (count == 1) {
        refuse(b);
        return 0;
    }
    abide_ctx_clear_diags(b->ctx);
    unsigned half = count / 2, kept = keep_good(b, tests, half, path);
    unsigned more = keep_good(b, tests + half, count - half, path);
    memmove(tests + kept, tests + half, more * sizeof *tests);
    return kept + more;
}

unsigned thunks_emit_good(struct bench *b, struct thunk_test *tests, unsigned count,
                          const char *path)
{
    struct thunk_outcome before = *b->outcome;
    unsigned kept = keep_good(b, tests, count, path);
    if (kept == 0 && !before.is_source && before.tested == 0) {
        *b->outcome = before;
        b->outcome->is_source = true;
        kept = keep_good(b, tests, count, path);
    }
    if (kept == 0 || kept == count || thunks_emit(b, tests, kept, path))
        return kept;
    for (unsigned i = 0; i < kept; i++)
        bench_leave_out(b, "not with the others");
    return 0;
}
