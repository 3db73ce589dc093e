/*
 * Code in the running process, through LLVM (libabide-codegen): thunks, signature invokers and closures that are callable as
 * soon as they are made.
 *
 * Life: abide_jit_new makes a session, which owns all code made with it until abide_jit_free; batches of thunks and closures can
 * be given back earlier. No code may run, nor be on any stack, when it is given back. A session outlives the contexts whose plans it
 * was given.
 * Threads: all functions may be called by any thread, each with a context of its own. Code that was made may run anywhere.
 * Memory is never writable and executable at the same time. Exceptions and backtraces pass through all code that is made here.
 */
#ifndef ABIDE_JIT_H
#define ABIDE_JIT_H

#include "abide/plan.h"

#ifdef __cplusplus
extern "C" {
#endif

typedef struct abide_jit abide_jit;
/** Thunks that were made together, and go together. */
typedef struct abide_jit_batch abide_jit_batch;
/** Code of any signature: cast it to what it is. */
typedef void abide_jit_function(void);
/** An invoker (ABIDE_PLAN_INVOKER). */
typedef void abide_invoker(abide_jit_function *fn, void *const args[], void *ret);
/** What a closure of ABIDE_PLAN_HANDLER calls. */
typedef void abide_handler(void *ret, void *const args[], void *user);

/** Options of a session. Start from ABIDE_JIT_OPTIONS_INIT. */
typedef struct abide_jit_options {
    unsigned version; /**< ABIDE_JIT_OPTIONS_VERSION */
    bool debugger;    /**< tell gdb of all code, with the lines of the interface file */
    bool
        control_flow_protection; /**< CET on x86, BTI and PAC on AArch64: as of abide_codegen_options */
} abide_jit_options;

#define ABIDE_JIT_OPTIONS_VERSION 2
#define ABIDE_JIT_OPTIONS_INIT    {ABIDE_JIT_OPTIONS_VERSION, false, false}

/** A session for the machine that runs. `options` may be NULL. NULL: reported (unsupported-target, cannot-load-code). */
ABIDE_API abide_jit *abide_jit_new(abide_ctx *ctx, const abide_jit_options *options);
/** NULL is allowed. */
ABIDE_API void abide_jit_free(abide_jit *jit);

/**
 * Says where a symbol is that thunks refer to (a hook, what an adapter calls). Else it is what the process has under that name.
 *
 * @return false: reported (cannot-load-code: it has another address already)
 */
ABIDE_API bool abide_jit_define(abide_jit *jit, abide_ctx *ctx, const char *symbol,
                                abide_jit_function *address);

/**
 * Makes thunks of plans of any kinds.
 *
 * @param targets what each plan calls, if that is an ADAPTER's; an entry of NULL, or NULL for all: what its symbol says
 * @return NULL: reported (unsupported-convention, cannot-emit, cannot-load-code, unsupported-target: not this machine's)
 */
ABIDE_API abide_jit_batch *abide_jit_emit(abide_jit *jit, abide_ctx *ctx,
                                          const abide_plan *const *plans,
                                          abide_jit_function *const *targets, size_t count);
/** In the order of the plans. */
ABIDE_API abide_jit_function *abide_jit_batch_at(const abide_jit_batch *batch, size_t index);
/** NULL is allowed. Its thunks are gone. */
ABIDE_API void abide_jit_batch_free(abide_jit_batch *batch);

/**
 * The thunk of a plan that calls what it is told at run time (INVOKER, CLOSURE, HANDLER): one for all plans that need the same
 * code, whatever their functions are called. It lives as long as the session. NULL: reported, as above.
 */
ABIDE_API abide_jit_function *abide_jit_thunk(abide_jit *jit, abide_ctx *ctx,
                                              const abide_plan *plan);
/** The same for a plan of kind INVOKER, as what it is. */
ABIDE_API abide_invoker *abide_jit_invoker(abide_jit *jit, abide_ctx *ctx, const abide_plan *plan);

/**
 * A function of its own that calls `code` with the environment `env`, by a thunk that abide_jit_thunk made of a plan of kind CLOSURE
 * or HANDLER without `data`. No code is generated: that takes some ten nanoseconds.
 *
 * @return NULL: no memory
 */
ABIDE_API abide_jit_function *abide_jit_closure(abide_jit *jit, abide_jit_function *thunk,
                                                abide_jit_function *code, void *env);
/** NULL is allowed. The next closure may have the same address. */
ABIDE_API void abide_jit_closure_free(abide_jit *jit, abide_jit_function *closure);

#ifdef __cplusplus
}
#endif
#endif
