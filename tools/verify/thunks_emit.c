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
    if (!emit && !(emit = emitter_open(NULL)))
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

static bool emit_all(struct bench *b, const abide_plan *const *plans, unsigned count,
                     const char *path)
{
    bool good = b->outcome->is_source ? emit_source(b, plans, count, path)
                                      : emit_object(b, plans, count, path);
    if (good)
        abide_ctx_clear_diags(b->ctx);
    return good;
}

/* How many of the plans an adapter can be made for by themselves; marked in `is_good`, the others' diagnostics in `why`. */
static unsigned count_good(struct bench *b, const abide_plan *const *plans, unsigned count,
                           const char *path, bool *is_good, const char **why)
{
    unsigned good = 0;
    for (unsigned i = 0; i < count; i++) {
        is_good[i] = emit_all(b, &plans[i], 1, path);
        good += is_good[i];
        why[i] = is_good[i] ? NULL : bench_refusal(b->ctx);
    }
    return good;
}

/* Takes those plans out for which no adapter can be made. */
static unsigned drop_refused(struct bench *b, const abide_plan **plans, struct thunk_test *tests,
                             unsigned count, const bool *is_good, const char *const *why)
{
    unsigned kept = 0;
    for (unsigned i = 0; i < count; i++) {
        if (!is_good[i]) {
            bench_leave_out(b, why[i]);
            continue;
        }
        plans[kept] = plans[i];
        if (kept != i)
            tests[kept] = tests[i];
        kept++;
    }
    return kept;
}

unsigned thunks_emit(struct bench *b, const abide_plan **plans, struct thunk_test *tests,
                     unsigned count, const char *path)
{
    if (emit_all(b, plans, count, path))
        return count;
    abide_ctx_clear_diags(b->ctx);
    bool *is_good = allocate(count, sizeof *is_good);
    const char **why = allocate(count, sizeof *why);
    unsigned good = count_good(b, plans, count, path, is_good, why);
    if (good == 0 && !b->outcome->is_source && b->outcome->tested == 0) {
        b->outcome->is_source = true;
        good = count_good(b, plans, count, path, is_good, why);
    }
    unsigned kept = drop_refused(b, plans, tests, count, is_good, why);
    if (kept != 0 && !emit_all(b, plans, kept, path)) {
        for (unsigned i = 0; i < kept; i++)
            bench_leave_out(b, "not with the others");
        kept = 0;
    }
    release(is_good);
    release(why);
    return kept;
}
