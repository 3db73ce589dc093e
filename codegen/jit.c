/*
 * Sessions. What a session keeps (code, names, addresses) is malloc's: it outlives contexts. Emission belongs to a context and runs
 * without the session's lock; linking, and all that is shared, with it.
 */
#include "abide/jit.h"

#include "base/diag.h"
#include "emission.h"
#include "entries.h"
#include "jit_link.h"
#include "llvm_once.h"

#include <assert.h>
#include <inttypes.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <threads.h>

/* A symbol that got an address. */
struct defined {
    struct defined *next;
    uint64_t address;
    char symbol[];
};

/* A thunk that others may use, by the text of its IR. */
struct shared {
    struct shared *next;
    uint64_t hash;
    abide_jit_function *function;
    char text[];
};

struct abide_jit_batch {
    abide_jit *jit;
    abide_jit_batch *next;
    abide_jit_batch **link; /* what points here */
    LLVMOrcResourceTrackerRef tracker;
    size_t count;
    abide_jit_function *functions[];
};

struct abide_jit {
    mtx_t lock;
    struct abide_linker linker;
    atomic_uint_least64_t serial; /* of symbols */
    bool control_flow_protection;
    bool debugger;
    char *triple; /* of the machine that runs, as modules have it */
    struct defined *defined;
    struct shared *shared;
    abide_jit_batch *batches;
    struct abide_entries entries;
};

static abide_jit_function *function_at(uint64_t address)
{
    uintptr_t number = (uintptr_t)address;
    abide_jit_function *function;
    memcpy(&function, &number, sizeof function);
    return function;
}

static uint64_t address_of(abide_jit_function *function)
{
    uintptr_t number;
    memcpy(&number, &function, sizeof number);
    return number;
}

static char *copied(const char *text)
{
    size_t size_bytes = strlen(text) + 1;
    char *copy = malloc(size_bytes);
    if (copy)
        memcpy(copy, text, size_bytes);
    return copy;
}

/* ---- reports ---- */

static void report_failure(abide_jit *jit, abide_ctx *ctx)
{
    mtx_lock(&jit->lock);
    const char *failure = jit->linker.failure;
    char words[512];
    size_t length_bytes = failure ? strnlen(failure, sizeof words - 1) : 0;
    memcpy(words, failure ? failure : "", length_bytes);
    words[length_bytes] = 0;
    mtx_unlock(&jit->lock);
    abide_diag *diag = abide__report(ctx, ABIDE_CODE_CANNOT_LOAD_CODE, ABIDE_NOWHERE,
                                     "the code cannot be brought into this process: %s",
                                     length_bytes ? words : "no memory");
    if (strstr(words, "ymbols not found"))
        abide__diag_help(ctx, diag,
                         "load the library that has the symbol, or say where it is with "
                         "abide_jit_define");
}

static bool is_for_this_machine(abide_jit *jit, abide_ctx *ctx, const abide_plan *plan)
{
    const struct abide_module *machine = plan->caller->physical->machine;
    if (!strcmp(machine->triple, jit->triple))
        return true;
    abide__report(ctx, ABIDE_CODE_UNSUPPORTED_TARGET, abide_emission__place(plan),
                  "code for %s cannot run in this process, which is of %s", machine->triple,
                  jit->triple);
    return false;
}

/* ---- symbols ---- */

static const struct defined *find_defined(const abide_jit *jit, const char *symbol)
{
    const struct defined *found = jit->defined;
    while (found && strcmp(found->symbol, symbol) != 0)
        found = found->next;
    return found;
}

/* With the lock. What has the address already is fine. */
static bool define(abide_jit *jit, const char *symbol, uint64_t address)
{
    const struct defined *known = find_defined(jit, symbol);
    if (known)
        return known->address == address;
    struct defined *made = malloc(sizeof *made + strlen(symbol) + 1);
    if (!made || !abide_linker__define(&jit->linker, symbol, address)) {
        free(made);
        return false;
    }
    made->next = jit->defined;
    made->address = address;
    memcpy(made->symbol, symbol, strlen(symbol) + 1);
    jit->defined = made;
    return true;
}

bool abide_jit_define(abide_jit *jit, abide_ctx *ctx, const char *symbol,
                      abide_jit_function *address)
{
    struct abide_guard guard;
    if (setjmp(*abide__guard_enter(ctx, &guard)))
        return false;
    mtx_lock(&jit->lock);
    bool fine = define(jit, symbol, address_of(address));
    mtx_unlock(&jit->lock);
    if (!fine)
        abide__report(ctx, ABIDE_CODE_CANNOT_LOAD_CODE, ABIDE_NOWHERE,
                      "%s has another address in this session already", abide__quote(ctx, symbol));
    abide__guard_leave(ctx, &guard);
    return fine;
}

/* As linkers see a symbol of code of a module. */
static const char *linked(abide_ctx *ctx, const struct abide_module *machine, const char *symbol)
{
    static const char name[] = "$name";
    const char *place = machine->link_name ? strstr(machine->link_name, name) : NULL;
    return place ? abide__printf(ctx, "%.*s%s%s", (int)(place - machine->link_name),
                                 machine->link_name, symbol, place + sizeof name - 1)
                 : symbol;
}

/* ---- sessions ---- */

static void unlink_batch(abide_jit_batch *batch)
{
    *batch->link = batch->next;
    if (batch->next)
        batch->next->link = batch->link;
}

static void release_batch(abide_jit_batch *batch)
{
    abide_linker__remove(&batch->jit->linker, batch->tracker);
    free(batch);
}

void abide_jit_free(abide_jit *jit)
{
    if (!jit)
        return;
    for (abide_jit_batch *batch = jit->batches, *next; batch; batch = next) {
        next = batch->next;
        release_batch(batch);
    }
    abide_linker__end(&jit->linker);
    abide_entries__free(&jit->entries);
    while (jit->defined) {
        struct defined *next = jit->defined->next;
        free(jit->defined);
        jit->defined = next;
    }
    while (jit->shared) {
        struct shared *next = jit->shared->next;
        free(jit->shared);
        jit->shared = next;
    }
    free(jit->triple);
    mtx_destroy(&jit->lock);
    free(jit);
}

/* What conversions call when they cannot go on: of the program, if it has one, else as thunks in files have it. */
static void trap(void)
{
    __builtin_trap();
}

/* The trap for all objects: each has one, which may go while others count on it. */
static bool start_linker(abide_jit *jit)
{
    uint64_t ignored;
    return abide_linker__start(&jit->linker, jit->debugger) &&
           (abide_linker__find(&jit->linker, ABIDE_TRAP_SYMBOL, &ignored) ||
            define(jit, ABIDE_TRAP_SYMBOL, address_of(trap)));
}

static bool start(abide_jit *jit, abide_ctx *ctx)
{
    struct abide_llvm_use use;
    bool fine;
    if (setjmp(*abide_llvm__enter(&use)))
        fine = false;
    else
        fine = start_linker(jit);
    abide_llvm__leave(&use);
    if (!fine)
        report_failure(jit, ctx);
    return fine;
}

abide_jit *abide_jit_new(abide_ctx *ctx, const abide_jit_options *options)
{
    assert(!options || options->version == ABIDE_JIT_OPTIONS_VERSION);
    const abide_module *c = abide_module_load(ctx, "c", NULL);
    abide_jit *jit = c ? calloc(1, sizeof *jit) : NULL;
    struct abide_guard guard;
    if (!jit)
        return NULL;
    mtx_init(&jit->lock, mtx_plain);
    jit->debugger = options && options->debugger;
    jit->control_flow_protection = options && options->control_flow_protection;
    if (setjmp(*abide__guard_enter(ctx, &guard))) {
        abide_jit_free(jit);
        return NULL;
    }
    jit->triple = copied(c->machine->triple);
    bool fine = jit->triple && start(jit, ctx);
    abide__guard_leave(ctx, &guard);
    if (fine)
        return jit;
    abide_jit_free(jit);
    return NULL;
}

/* ---- code ---- */

/* Links an object, and finds its symbols. The lock is held. false: nothing is left of it. */
static bool load(abide_jit *jit, const char *bytes, size_t size_bytes, const char *const *symbols,
                 abide_jit_function **functions, size_t count, LLVMOrcResourceTrackerRef *tracker)
{
    if (!abide_linker__add(&jit->linker, bytes, size_bytes, tracker))
        return false;
    for (size_t i = 0; i < count; i++) {
        uint64_t address;
        if (!abide_linker__find(&jit->linker, symbols[i], &address)) {
            abide_linker__remove(&jit->linker, *tracker);
            return false;
        }
        functions[i] = function_at(address);
    }
    return true;
}

static abide_codegen_options options_of(const abide_jit *jit)
{
    abide_codegen_options options = ABIDE_CODEGEN_OPTIONS_INIT;
    options.debug_info = jit->debugger;
    options.control_flow_protection = jit->control_flow_protection;
    return options;
}

/* Flags of hooks that are called once live as long as the session. The lock is held. */
static bool define_flags(abide_jit *jit, abide_ctx *ctx, const abide_plan *plan)
{
    bool fine = true;
    for (size_t i = 0; i < plan->hook_count; i++) {
        const char *name = abide__printf(ctx, "abide_once.%s", plan->hooks[i].symbol);
        size_t head_bytes = sizeof(struct defined);
        if (!plan->hooks[i].once || find_defined(jit, name))
            continue;
        /* The flag lies behind the name that it is remembered by. */
        struct defined *made = calloc(1, head_bytes + strlen(name) + 2);
        char *flag = made ? made->symbol + strlen(name) + 1 : NULL;
        fine = made && abide_linker__define(&jit->linker, name, (uint64_t)(uintptr_t)flag) && fine;
        if (!fine) {
            free(made);
            return false;
        }
        memcpy(made->symbol, name, strlen(name) + 1);
        made->address = (uint64_t)(uintptr_t)flag;
        made->next = jit->defined;
        jit->defined = made;
    }
    return fine;
}

/* A batch in the making. */
struct making {
    abide_jit *jit;
    abide_ctx *ctx;
    size_t count;
    struct abide_thunk *thunks;
    const char **symbols; /* of the thunks, as linkers see them */
    const char **called;  /* NULL: not an address */
    abide_jit_function *const *targets;
};

/* What a plan calls gets a symbol that says where it is. */
static const abide_plan *with_target(struct making *making, const abide_plan *plan, size_t index)
{
    if (plan->target != ABIDE_TARGET_SYMBOL || !making->targets || !making->targets[index])
        return plan;
    struct abide_plan *own = abide__new(making->ctx, struct abide_plan);
    *own = *plan;
    own->symbol =
        abide__printf(making->ctx, "abide.at.%" PRIx64, address_of(making->targets[index]));
    making->called[index] = linked(making->ctx, plan->callee->physical->machine, own->symbol);
    return own;
}

static bool prepare(struct making *making, const abide_plan *const *plans)
{
    abide_ctx *ctx = making->ctx;
    uint64_t serial = atomic_fetch_add(&making->jit->serial, 1);
    making->thunks = abide__new_array(ctx, struct abide_thunk, making->count);
    making->symbols = abide__new_array(ctx, const char *, making->count);
    making->called = abide__new_array(ctx, const char *, making->count);
    bool fine = true;
    for (size_t i = 0; i < making->count; i++) {
        fine = is_for_this_machine(making->jit, ctx, plans[i]) && fine;
        making->thunks[i].plan = with_target(making, plans[i], i);
        making->thunks[i].symbol = abide__printf(ctx, "abide.thunk.%" PRIu64 ".%08zu", serial, i);
        making->symbols[i] =
            linked(ctx, plans[i]->caller->physical->machine, making->thunks[i].symbol);
    }
    return fine;
}

static bool define_all(struct making *making)
{
    for (size_t i = 0; i < making->count; i++)
        if (!define_flags(making->jit, making->ctx, making->thunks[i].plan) ||
            (making->called[i] &&
             !define(making->jit, making->called[i], address_of(making->targets[i]))))
            return false;
    return true;
}

static void unlock(void *jit)
{
    mtx_unlock(&((abide_jit *)jit)->lock);
}

static abide_jit_batch *link_batch(struct making *making, const char *bytes, size_t size_bytes)
{
    abide_jit *jit = making->jit;
    abide_jit_batch *batch = malloc(sizeof *batch + making->count * sizeof(abide_jit_function *));
    struct abide_resource lock;
    if (!batch)
        return NULL;
    mtx_lock(&jit->lock);
    abide__guard_own(making->ctx, &lock, unlock, jit);
    bool fine = define_all(making) && load(jit, bytes, size_bytes, making->symbols,
                                           batch->functions, making->count, &batch->tracker);
    if (fine) {
        batch->jit = jit;
        batch->count = making->count;
        batch->next = jit->batches;
        batch->link = &jit->batches;
        if (batch->next)
            batch->next->link = &batch->next;
        jit->batches = batch;
    }
    abide__guard_release(making->ctx, &lock);
    if (fine)
        return batch;
    free(batch);
    return NULL;
}

static abide_jit_batch *emit_batch(struct making *making, const abide_plan *const *plans)
{
    abide_codegen_options options = options_of(making->jit);
    const char *bytes;
    size_t size_bytes;
    if (!prepare(making, plans) || !abide_emission__load(making->ctx, making->thunks, making->count,
                                                         &options, &bytes, &size_bytes))
        return NULL;
    abide_jit_batch *batch = link_batch(making, bytes, size_bytes);
    if (!batch)
        report_failure(making->jit, making->ctx);
    return batch;
}

abide_jit_batch *abide_jit_emit(abide_jit *jit, abide_ctx *ctx, const abide_plan *const *plans,
                                abide_jit_function *const *targets, size_t count)
{
    struct abide_guard guard;
    bool all = jit && count > 0;
    for (size_t i = 0; all && i < count; i++)
        all = plans[i] != NULL;
    if (!all || setjmp(*abide__guard_enter(ctx, &guard)))
        return NULL;
    struct making making = {.jit = jit, .ctx = ctx, .count = count, .targets = targets};
    abide_jit_batch *batch = emit_batch(&making, plans);
    abide__guard_leave(ctx, &guard);
    return batch;
}

abide_jit_function *abide_jit_batch_at(const abide_jit_batch *batch, size_t index)
{
    assert(index < batch->count);
    return batch->functions[index];
}

void abide_jit_batch_free(abide_jit_batch *batch)
{
    if (!batch)
        return;
    abide_jit *jit = batch->jit;
    mtx_lock(&jit->lock);
    unlink_batch(batch);
    release_batch(batch);
    mtx_unlock(&jit->lock);
}

/* ---- thunks for many plans ---- */

struct search {
    abide_jit *jit;
    abide_jit_function *found;
    struct shared *made; /* with the text */
};

/* FNV-1a. */
static uint64_t hash_of(const char *text)
{
    uint64_t hash = UINT64_C(0xcbf29ce484222325);
    for (; *text; text++)
        hash = (hash ^ (unsigned char)*text) * UINT64_C(0x100000001b3);
    return hash;
}

static abide_jit_function *find_shared(const abide_jit *jit, uint64_t hash, const char *text)
{
    for (const struct shared *one = jit->shared; one; one = one->next)
        if (one->hash == hash && !strcmp(one->text, text))
            return one->function;
    return NULL;
}

/* No memory: it is as if it were not known, and is not kept. */
static bool is_known(void *user, const char *text)
{
    struct search *search = user;
    uint64_t hash = hash_of(text);
    mtx_lock(&search->jit->lock);
    search->found = find_shared(search->jit, hash, text);
    mtx_unlock(&search->jit->lock);
    if (search->found)
        return true;
    size_t size_bytes = strlen(text) + 1;
    search->made = malloc(sizeof *search->made + size_bytes);
    if (search->made) {
        search->made->hash = hash;
        memcpy(search->made->text, text, size_bytes);
    }
    return false;
}

static void forget(void *user)
{
    free(((struct search *)user)->made);
}

/* Another thread may have made the same meanwhile: then that is used. */
static abide_jit_function *keep_shared(struct search *search, struct making *making,
                                       const char *bytes, size_t size_bytes)
{
    abide_jit *jit = search->jit;
    abide_jit_batch *batch = link_batch(making, bytes, size_bytes);
    if (!batch)
        return NULL;
    mtx_lock(&jit->lock);
    abide_jit_function *found =
        search->made ? find_shared(jit, search->made->hash, search->made->text) : NULL;
    if (found) {
        unlink_batch(batch);
        release_batch(batch);
    } else {
        found = batch->functions[0];
        if (search->made) {
            search->made->function = found;
            search->made->next = jit->shared;
            jit->shared = search->made;
            search->made = NULL;
        }
    }
    mtx_unlock(&jit->lock);
    return found;
}

static abide_jit_function *share(struct making *making, const abide_plan *plan,
                                 struct search *search)
{
    static const char symbol[] = "abide.shared";
    abide_codegen_options options = options_of(making->jit);
    const char *bytes;
    size_t size_bytes;
    if (!prepare(making, &plan))
        return NULL;
    /* All texts have one name; each object has its own. */
    const struct abide_sharing sharing = {is_known, search, making->thunks[0].symbol};
    making->thunks[0].symbol = symbol;
    if (!abide_emission__share(making->ctx, &making->thunks[0], &options, &sharing, &bytes,
                               &size_bytes))
        return NULL;
    if (!bytes)
        return search->found;
    abide_jit_function *function = keep_shared(search, making, bytes, size_bytes);
    if (!function)
        report_failure(making->jit, making->ctx);
    return function;
}

/* ---- entries of closures ---- */

static bool comes_by_chain(const abide_plan *plan)
{
    const struct abide_physical *caller = plan->caller->physical;
    const struct abide_assigned *last =
        caller->param_count ? &plan->caller->arguments[caller->param_count - 1] : NULL;
    return last && last->piece_count == 1 && last->pieces[0].register_name &&
           !strcmp(last->pieces[0].register_name, ABIDE_CHAIN);
}

/* The code of an entry, once. */
static bool make_entry(abide_jit *jit, abide_ctx *ctx, const abide_plan *plan)
{
    mtx_lock(&jit->lock);
    bool is_there = jit->entries.code != NULL;
    mtx_unlock(&jit->lock);
    if (is_there || !comes_by_chain(plan))
        return true;
    const char *bytes;
    size_t size_bytes;
    const struct abide_module *machine = plan->caller->physical->machine;
    abide_codegen_options options = options_of(jit);
    if (!abide_emission__entry(ctx, machine, &options, ABIDE_ENTRIES_BYTES, &bytes, &size_bytes))
        return false;
    static const char *const symbols[] = {ABIDE_ENTRY_SYMBOL, ABIDE_ENTRY_END_SYMBOL};
    abide_jit_function *ends[2];
    LLVMOrcResourceTrackerRef tracker;
    mtx_lock(&jit->lock);
    bool fine = jit->entries.code || load(jit, bytes, size_bytes, symbols, ends, 2, &tracker);
    if (fine && !jit->entries.code) {
        jit->entries.code_bytes = (size_t)(address_of(ends[1]) - address_of(ends[0]));
        memcpy(&jit->entries.code, &ends[0], sizeof ends[0]);
        LLVMOrcReleaseResourceTracker(tracker); /* it stays */
    }
    mtx_unlock(&jit->lock);
    if (!fine)
        report_failure(jit, ctx);
    return fine;
}

abide_jit_function *abide_jit_thunk(abide_jit *jit, abide_ctx *ctx, const abide_plan *plan)
{
    struct abide_guard guard;
    if (!jit || !plan || setjmp(*abide__guard_enter(ctx, &guard)))
        return NULL;
    assert(plan->kind != ABIDE_PLAN_ADAPTER);
    struct making making = {.jit = jit, .ctx = ctx, .count = 1};
    struct search search = {.jit = jit};
    struct abide_resource resource;
    abide__guard_own(ctx, &resource, forget, &search);
    abide_jit_function *function =
        make_entry(jit, ctx, plan) ? share(&making, plan, &search) : NULL;
    abide__guard_release(ctx, &resource);
    abide__guard_leave(ctx, &guard);
    return function;
}

abide_invoker *abide_jit_invoker(abide_jit *jit, abide_ctx *ctx, const abide_plan *plan)
{
    assert(!plan || plan->kind == ABIDE_PLAN_INVOKER);
    abide_jit_function *function = abide_jit_thunk(jit, ctx, plan);
    abide_invoker *invoker;
    memcpy(&invoker, &function, sizeof invoker);
    return invoker;
}

abide_jit_function *abide_jit_closure(abide_jit *jit, abide_jit_function *thunk,
                                      abide_jit_function *code, void *env)
{
    mtx_lock(&jit->lock);
    assert(jit->entries.code);
    abide_jit_function *closure = abide_entries__add(&jit->entries, thunk, code, env);
    mtx_unlock(&jit->lock);
    return closure;
}

void abide_jit_closure_free(abide_jit *jit, abide_jit_function *closure)
{
    if (!closure)
        return;
    mtx_lock(&jit->lock);
    abide_entries__remove(&jit->entries, closure);
    mtx_unlock(&jit->lock);
}
