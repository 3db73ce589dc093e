#include "thunks.h"

#include "bench.h"
#include "cli.h"
#include "process.h"
#include "trial.h"
#include "verify.h"

#include <stdlib.h>
#include <string.h>

/* As in capture/thunks-main.c. */
enum { FINE, WRONG_SIZE, NOT_CALLED, WRONG_ARGUMENT, WRONG_RESULT, CHANGED };

unsigned thunk_value_count(const struct thunk_test *test)
{
    return test->signature->param_count + test->signature->has_result;
}

void bench_leave_out(struct bench *b, const char *reason)
{
    unsigned i = 0;
    while (i + 1 < MAX_THUNK_REASONS && b->outcome->left_out[i].count != 0 &&
           strcmp(b->outcome->left_out[i].name, reason) != 0)
        i++;
    b->outcome->left_out[i].name = cli_copy(reason, strlen(reason));
    b->outcome->left_out[i].count++;
}

void bench_lose(struct bench *b)
{
    b->outcome->lost++;
    bench_leave_out(b, "C that the compiler fails at");
}

const char *bench_refusal(abide_ctx *ctx)
{
    size_t count = abide_ctx_diag_count(ctx);
    const char *id = count ? abide_diag_id(abide_ctx_diag_at(ctx, count - 1)) : "no diagnostic";
    const char *copy = cli_copy(id, strlen(id));
    abide_ctx_clear_diags(ctx);
    return copy;
}

/* --- the programs --- */

static char *batch_text(const struct thunk_test *tests, unsigned count, bool has_callees,
                        bool has_callers)
{
    char *text = NULL;
    size_t size_bytes;
    FILE *file = open_memstream(&text, &size_bytes);
    if (!file)
        cli_no_memory();
    thunks_render_start(file);
    for (unsigned i = 0; i < count; i++)
        thunks_render_types(file, &tests[i]);
    /* All callees, then all callers: where their conventions differ, each change costs gcc milliseconds. */
    for (unsigned i = 0; has_callees && i < count; i++)
        thunks_render_callee(file, &tests[i]);
    for (unsigned i = 0; has_callers && i < count; i++)
        thunks_render_caller(file, &tests[i], true);
    if (has_callers)
        thunks_render_table(file, tests, count);
    if (fclose(file) != 0)
        cli_no_memory();
    return text;
}

/* false: the compilers refuse the batch. */
static bool build(struct bench *b, const struct thunk_test *tests, unsigned count,
                  const char *adapters)
{
    const char *callees = cli_printf("%s/%s-callees.o", b->options->directory, b->compiler->name);
    const char *objects[] = {adapters, b->callees ? callees : NULL, NULL};
    bool good = true;
    if (b->callees) {
        char *text = batch_text(tests, count, true, false);
        good = harness_compile_text(b->callees, text, "callees.c", callees);
        free(text);
    }
    char *text = batch_text(tests, count, !b->callees, true);
    good = good && harness_build(b->compiler, text, "-thunks.o", objects);
    free(text);
    return good;
}

struct finding {
    unsigned what, value, size_bytes;
    unsigned char bytes[CELL_BYTES];
};

static bool read_number(FILE *file, unsigned *number)
{
    unsigned char bytes[4];
    if (fread(bytes, 1, 4, file) != 4)
        return false;
    *number = bytes[0] | bytes[1] << 8 | bytes[2] << 16 | (unsigned)bytes[3] << 24;
    return true;
}

/* false: the program ended inside this case. */
static bool read_finding(FILE *file, struct finding *found)
{
    unsigned end;
    return read_number(file, &found->what) && read_number(file, &found->value) &&
           read_number(file, &found->size_bytes) && found->size_bytes <= CELL_BYTES &&
           fread(found->bytes, 1, found->size_bytes, file) == found->size_bytes &&
           read_number(file, &end) && end == END_OF_CASE;
}

static const char *hexadecimal(const unsigned char *bytes, unsigned size_bytes)
{
    const char *text = "";
    for (unsigned i = 0; i < size_bytes && i < 24; i++)
        text = cli_printf("%s%s%02x", text, i ? " " : "", bytes[i]);
    return size_bytes > 24 ? cli_printf("%s ...", text) : text;
}

static void judge(struct thunk_test *test, const struct finding *found)
{
    static const char *const words[] = {
        [FINE] = "",
        [WRONG_SIZE] = "another size than the compiler says",
        [NOT_CALLED] = "the callee was not called",
        [WRONG_ARGUMENT] = "arrives otherwise than it was sent",
        [WRONG_RESULT] = "the result arrives otherwise than it was returned",
        [CHANGED] = "the caller's own value has changed",
    };
    if (found->what == FINE)
        return;
    unsigned value = found->what == WRONG_RESULT ? test->signature->param_count : found->value;
    const struct thunk_side *side = found->what == WRONG_ARGUMENT ? &test->callee : &test->caller;
    size_t offset = 0;
    for (unsigned i = 0; i < value && i < MAX_VALUES; i++)
        offset += side->sizes_bytes[i];
    test->is_wrong = true;
    const char *name =
        found->what == NOT_CALLED || found->what == WRONG_RESULT ? "" : cli_printf("p%u: ", value);
    snprintf(test->what, sizeof test->what, "%s%s; sent %s, got %s", name,
             found->what <= CHANGED ? words[found->what] : "?",
             hexadecimal(side->values + offset, found->size_bytes),
             hexadecimal(found->bytes, found->size_bytes));
}

/* A crash ends the program at one case, and the next run goes on behind it. */
static void execute(struct bench *b, struct thunk_test *tests, unsigned count)
{
    for (unsigned next = 0; next < count; next++) {
        struct finding found;
        int status = harness_execute(b->compiler, next);
        FILE *file = fopen(harness_found(b->compiler), "rb");
        for (; file && next < count && read_finding(file, &found); next++)
            judge(&tests[next], &found);
        if (file)
            fclose(file);
        if (next == count)
            return;
        if (status == 0)
            die("%s: the test program ends after adapter %u of %u", b->compiler->cc, next, count);
        tests[next].is_wrong = true;
        snprintf(tests[next].what, sizeof tests[next].what, "it crashes (status %d)", status);
    }
}

/* --- what compilers are known to do otherwise --- */

/* Takes the values out about which the compiler of one side does otherwise than the side says. */
static const char *without_deviating(const struct bench *b, const abide_module *side,
                                     const struct toolchain *compiler, struct signature *rest)
{
    struct engine engine = *b->engine;
    const abide_module *machine = abide_module_machine(side);
    engine.abi = machine == b->c ? engine.abi : abide_module_name(machine);
    return trial_without_deviating(&engine, compiler, rest);
}

/* Whether the compiler does otherwise with this signature than the other ABI of the pair says: `verify` of that tells. */
static bool is_contradicted(const struct bench *b, const struct signature *signature)
{
    const bool is_caller = b->caller != b->c;
    const abide_module *other = is_caller ? b->caller : b->callee;
    if (b->outcome->pair.is_asked || other == b->c || abide_module_machine(other) != other)
        return false;
    struct account *accounts = allocate(2, sizeof *accounts);
    struct engine engine = *b->engine;
    struct toolchain compiler = *b->compiler;
    char where[128];
    engine.abi = is_caller ? b->outcome->pair.caller : b->outcome->pair.callee;
    compiler.attribute = abide_module_attribute(other);
    answer_run(&engine, signature, 1, &accounts[1]);
    bool differs = harness_run(&compiler, signature, 1, &accounts[0]) &&
                   compare_accounts(signature, engine.machine, STAGE_ARGUMENTS | STAGE_RESULTS,
                                    &accounts[0], &accounts[1], where) != MISMATCH_NONE;
    release(accounts);
    return differs;
}

/* The id of a deviation of either compiler about the signature, whose rest is to be tried without those values. */
static const char *excuse_values(struct bench *b, const struct signature *signature)
{
    const struct toolchain *callees = b->callees ? b->callees : b->compiler;
    struct signature *rest = &b->rest[b->rest_count];
    *rest = *signature;
    const char *caller = without_deviating(b, b->caller, b->compiler, rest);
    const char *callee = without_deviating(b, b->callee, callees, rest);
    b->rest_count += caller || callee;
    return caller ? caller : callee;
}

/* A value that one of the compilers treats otherwise than its module says is not the adapter's fault. */
static void excuse(struct bench *b, struct thunk_test *tests, unsigned count)
{
    for (unsigned i = 0; i < count; i++) {
        if (!tests[i].is_wrong)
            continue;
        const char *id = excuse_values(b, tests[i].signature);
        if (!id && is_contradicted(b, tests[i].signature))
            id = "another answer than the compiler's";
        if (!id)
            continue;
        tests[i].is_wrong = false;
        b->excused++;
        bench_leave_out(b, id);
    }
}

/* --- batches --- */

static unsigned try_again(struct bench *b, struct thunk_test *tests, unsigned count,
                          const char *adapters);

/*
 * Builds and runs, with the adapters in the file. Where a compiler refuses a part of them (some have mistakes of their own), that
 * part is halved, with adapters for each half, until the one to blame stands alone, which is left out. Returns how many could be
 * tried; they come first.
 */
static unsigned try_out(struct bench *b, struct thunk_test *tests, unsigned count,
                        const char *adapters)
{
    if (count == 0)
        return 0;
    if (build(b, tests, count, adapters)) {
        execute(b, tests, count);
        return count;
    }
    if (count == 1) {
        bench_lose(b);
        return 0;
    }
    unsigned half = count / 2, kept = try_again(b, tests, half, adapters);
    unsigned more = try_again(b, tests + half, count - half, adapters);
    memmove(tests + kept, tests + half, more * sizeof *tests);
    return kept + more;
}

/* With adapters for these alone: those of others call what the program does not have. */
static unsigned try_again(struct bench *b, struct thunk_test *tests, unsigned count,
                          const char *adapters)
{
    return try_out(b, tests, thunks_emit_good(b, tests, count, adapters), adapters);
}

static bool open_batch(struct bench *b, const struct signature *signatures, unsigned count)
{
    struct engine engine = *b->engine;
    engine.abi = b->outcome->pair.caller;
    b->caller = answer_open(&engine, &b->ctx);
    b->callee =
        b->caller ? abide_module_load(b->ctx, b->outcome->pair.callee, engine.target) : NULL;
    b->c = b->callee ? abide_module_load(b->ctx, b->engine->abi, engine.target) : NULL;
    if (!b->c)
        return false;
    size_t length_bytes;
    char *text = answer_interface(signatures, count, &length_bytes);
    b->iface = abide_iface_parse(b->ctx, "signatures", text, length_bytes);
    free(text);
    answer_run(b->engine, signatures, count, b->accounts);
    answer_run(&engine, signatures, count, b->accounts + b->batch);
    engine.abi = b->outcome->pair.callee;
    answer_run(&engine, signatures, count, b->accounts + 2 * (size_t)b->batch);
    return b->iface != NULL;
}

/* Fills `tests` with the signatures that could be tried, and returns how many they are. */
static unsigned run_batch(struct bench *b, const struct signature *signatures, unsigned count,
                          struct thunk_test *tests)
{
    const char *path = cli_printf("%s/%s-adapters.o", b->options->directory, b->compiler->name);
    unsigned tried = 0;
    if (!open_batch(b, signatures, count)) {
        bench_leave_out(b, bench_refusal(b->ctx));
        abide_ctx_free(b->ctx);
        return 0;
    }
    for (unsigned i = 0; i < count; i++)
        tried += thunks_prepare(b, &signatures[i], i, &tests[tried]);
    tried = try_again(b, tests, tried, path);
    abide_ctx_clear_diags(b->ctx);
    excuse(b, tests, tried);
    abide_ctx_free(b->ctx);
    return tried;
}

/* Leaves out of a failing signature whatever does not matter. */
static void shrink(struct bench *b, struct signature *signature, struct thunk_test *tests,
                   unsigned limit)
{
    struct thunk_outcome kept = *b->outcome;
    struct signature *list = allocate(limit, sizeof *list);
    for (unsigned round = 0; round < 60; round++) {
        unsigned count = trial_candidates(signature, list, limit), i = 0;
        b->rest_count = 0;
        unsigned tried = count ? run_batch(b, list, count, tests) : 0;
        while (i < tried && !tests[i].is_wrong)
            i++;
        if (i == tried)
            break;
        *signature = *tests[i].signature;
    }
    release(list);
    *b->outcome = kept;
}

static const char *c_text(const struct thunk_test *test)
{
    char *text = NULL;
    size_t size_bytes;
    FILE *file = open_memstream(&text, &size_bytes);
    if (!file)
        cli_no_memory();
    thunks_render_types(file, test);
    thunks_render_callee(file, test);
    thunks_render_caller(file, test, false);
    if (fclose(file) != 0)
        cli_no_memory();
    const char *copy = cli_copy(text, size_bytes);
    free(text);
    return copy;
}

static void explain(struct bench *b, const struct thunk_test *failed, struct thunk_test *tests,
                    unsigned limit)
{
    struct signature signature = *failed->signature;
    b->outcome->index = signature.index;
    b->outcome->where = cli_copy(failed->what, strlen(failed->what));
    if (b->options->shrink)
        shrink(b, &signature, tests, limit);
    struct thunk_outcome kept = *b->outcome;
    b->rest_count = 0;
    unsigned tried = run_batch(b, &signature, 1, tests);
    *b->outcome = kept;
    size_t length_bytes;
    char *text = answer_interface(&signature, 1, &length_bytes);
    b->outcome->interface = cli_copy(text, length_bytes);
    free(text);
    if (!tried || !tests->is_wrong)
        return; /* only in its batch */
    b->outcome->where = cli_copy(tests->what, strlen(tests->what));
    b->outcome->c = c_text(tests);
}

static void try_signatures(struct bench *b, const struct signature *signatures, unsigned count,
                           struct thunk_test *tests, unsigned limit)
{
    b->excused = 0;
    unsigned tried = run_batch(b, signatures, count, tests);
    const struct thunk_test *failed = NULL;
    for (unsigned i = tried; i-- > 0;) {
        b->outcome->wrong += tests[i].is_wrong;
        failed = tests[i].is_wrong ? &tests[i] : failed;
    }
    b->outcome->tested += tried - b->excused;
    unsigned rest_count = b->rest_count;
    if (failed && !*b->outcome->where)
        explain(b, failed, tests, limit);
    b->rest_count = rest_count;
}

void thunks_run(const struct thunk_trial *trial, struct thunk_outcome *outcome)
{
    const unsigned batch = 200;
    struct bench b = {.options = trial->options,
                      .engine = trial->engine,
                      .compiler = trial->compiler,
                      .callees = trial->callees,
                      .outcome = outcome,
                      .batch = batch};
    struct signature *signatures = allocate(batch, sizeof *signatures);
    struct thunk_test *tests = allocate(batch, sizeof *tests);
    b.accounts = allocate(3 * batch, sizeof *b.accounts);
    b.rest = allocate(batch, sizeof *b.rest);
    outcome->where = outcome->interface = outcome->c = "";
    for (unsigned done = 0, size; done < trial->count; done += size) {
        size = trial->count - done < batch ? trial->count - done : batch;
        for (unsigned i = 0; i < size; i++) {
            signature_generate(&signatures[i], trial->options->seed, trial->first + done + i,
                               trial->options->features & ~(unsigned)FEATURE_VARIADIC,
                               trial->scalars_allowed);
            signature_add_roles(&signatures[i], trial->roles);
        }
        b.rest_count = 0;
        try_signatures(&b, signatures, size, tests, batch);
        memcpy(signatures, b.rest, b.rest_count * sizeof *signatures);
        unsigned rest_count = b.rest_count;
        b.rest_count = 0;
        if (rest_count)
            try_signatures(&b, signatures, rest_count, tests, batch);
    }
    release(b.rest);
    release(b.accounts);
    release(tests);
    release(signatures);
}
