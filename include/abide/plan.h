/*
 * Plans: an adapter as data, before any machine code. A thunk is called by code of the caller's ABI and calls a function
 * implemented in the callee's ABI.
 *
 * Life: owned by the context; immutable.
 */
#ifndef ABIDE_PLAN_H
#define ABIDE_PLAN_H

#include "abide/call.h"

#ifdef __cplusplus
extern "C" {
#endif

typedef struct abide_plan abide_plan;

/** How much an adapter does, cheapest first. */
typedef enum abide_cost {
    ABIDE_COST_NOTHING,  /**< both sides agree: an alias or one jump */
    ABIDE_COST_SHUFFLE,  /**< values move between registers and stack slots */
    ABIDE_COST_COPY,     /**< bytes of memory are copied, or looked through */
    ABIDE_COST_ALLOCATE, /**< a converted copy is made, in memory that is allocated if it is large */
    ABIDE_COST_RUNTIME   /**< a runtime's function is called (a hook) */
} abide_cost;

/** Who calls a thunk, and what it calls. */
typedef enum abide_plan_kind {
    /** code of the caller's ABI calls the function that the symbol names */
    ABIDE_PLAN_ADAPTER,
    /**
     * `void thunk(void *fn, void *const args[], void *ret)`, a C function, calls the function at `fn`: args[i] is the address of
     * parameter i (of its memory, if it is `out` or `inout`), and the result is written to `ret`, in its own size. Values are as
     * the caller's ABI stores them; they stay as they are.
     */
    ABIDE_PLAN_INVOKER,
    /**
     * Code of the caller's ABI calls a record (abide_closure_record), whose function is of the callee's ABI and gets the
     * environment besides, as closures of that ABI get it: of C, as the last parameter.
     */
    ABIDE_PLAN_CLOSURE,
    /**
     * Code of the caller's ABI calls a record, whose function is `void handler(void *ret, void *const args[], void *user)`, a C
     * function. Values are as the callee's ABI stores them; `user` is the environment. What args[i] points to must not be
     * written to, and is gone when the handler returns, unless it is `out` or `inout`.
     */
    ABIDE_PLAN_HANDLER
} abide_plan_kind;

/** What closures and handlers find what they call in. */
typedef struct abide_closure_record {
    void (*code)(void);
    void *env;
} abide_closure_record;

/**
 * How values are checked by the adapters that are planned from now on, whatever interfaces say (`checks:`); UNSAID: as these say.
 * Only values are looked at that enter code of an ABI which counts on their being valid (`assumes` of its module).
 */
ABIDE_API void abide_plan_set_checks(abide_ctx *ctx, abide_checks checks);
/** How the plan's adapter checks values: what was set or said when it was planned; never UNSAID. */
ABIDE_API abide_checks abide_plan_checks(const abide_plan *plan);

/**
 * The adapter for a function of an interface.
 *
 * @return NULL: reported (cannot-adapt and its kin name the function, the parameter and the way out)
 */
ABIDE_API const abide_plan *abide_plan_new(abide_ctx *ctx, const abide_iface *iface,
                                           const abide_function *function,
                                           const abide_module *caller, const abide_module *callee);

/**
 * A thunk of another kind with the signature of a function.
 *
 * @param data CLOSURE, HANDLER: the parameter in which callers give back the address of the record (the user data of a C
 *             callback); the record's environment is passed on in its place. NULL: there is none, and the address comes in a
 *             register of the processor's, from the entries that abide_jit_closure makes (abide/jit.h).
 * @return NULL: reported (cannot-adapt and its kin, unknown-name)
 */
ABIDE_API const abide_plan *abide_plan_new_of_kind(abide_ctx *ctx, abide_plan_kind kind,
                                                   const abide_iface *iface,
                                                   const abide_function *function, const char *data,
                                                   const abide_module *caller,
                                                   const abide_module *callee);

/**
 * The thunk that callers call with a result when they have read it, where the caller's ABI has such a function for each
 * (`after_return` of its module): it releases the result. What emits a plan emits this one too. NULL: there is none.
 */
ABIDE_API const abide_plan *abide_plan_release_of(const abide_plan *plan);

ABIDE_API abide_plan_kind abide_plan_kind_of(const abide_plan *plan);
ABIDE_API const abide_assignment *abide_plan_caller(const abide_plan *plan);
ABIDE_API const abide_assignment *abide_plan_callee(const abide_plan *plan);
ABIDE_API abide_cost abide_plan_cost(const abide_plan *plan);
/**
 * What each parameter costs, in order, and last the result if there is one: in `*name` and `*why` (either may be NULL) which
 * it is (NULL: the result) and a clause that says why it costs that.
 */
ABIDE_API size_t abide_plan_price_count(const abide_plan *plan);
ABIDE_API abide_cost abide_plan_price_at(const abide_plan *plan, size_t index, const char **name,
                                         const char **why);
/**
 * Bytes of memory copied by one call, beyond moves between registers and stack slots; with those of one call of each function
 * that is passed on.
 */
ABIDE_API uint64_t abide_plan_copied_bytes(const abide_plan *plan);
/** Bytes of the adapter's own temporaries, without those of adapters for functions that are passed on. */
ABIDE_API uint64_t abide_plan_temporary_bytes(const abide_plan *plan);
/** Whether the adapter ends in a jump, leaving no frame. */
ABIDE_API bool abide_plan_is_tail_call(const abide_plan *plan);

/** The steps in order, as text ("copy 64 bytes from the memory at `env` (rsi) to temporary 0"). */
ABIDE_API size_t abide_plan_step_count(const abide_plan *plan);
/**
 * The step and, in `*kind` (may be NULL), its kind as one word for programs ("move", "copy", "address", "call", ...). Owned by
 * `ctx`; NULL: no memory.
 */
ABIDE_API const char *abide_plan_step_at(abide_ctx *ctx, const abide_plan *plan, size_t index,
                                         const char **kind);

/** An adapter that is a part of another one. */
typedef struct abide_inner {
    /** Has flows and temporaries of its own; abide_plan_step_at of the outer adapter has its steps. Owned by that. */
    const abide_plan *plan;
    const char *
        what; /**< "inner": for a function that is passed on; "closure": for closures and methods of objects */
    size_t number;     /**< in names of steps: "closure 0: ..." */
    size_t first_step; /**< of the outer adapter, where its steps begin */
    bool is_back;      /**< code of the callee's ABI calls code of the caller's */
} abide_inner;

ABIDE_API size_t abide_plan_inner_count(const abide_plan *plan);
ABIDE_API abide_inner abide_plan_inner_at(const abide_plan *plan, size_t index);

/** What a value comes from, or goes to, in a step. */
typedef enum abide_end_kind {
    ABIDE_END_NONE,
    ABIDE_END_ARGUMENT,        /**< argument `index` of the caller, in its places */
    ABIDE_END_ARGUMENT_MEMORY, /**< memory at the address that is argument `index` of the caller */
    ABIDE_END_ELEMENT,         /**< memory at element `index` of the caller's vector of addresses */
    ABIDE_END_RESULT,          /**< the places where the caller looks for the result */
    ABIDE_END_RESULT_MEMORY,   /**< the memory where it does */
    ABIDE_END_TEMPORARY,       /**< temporary `index` of the adapter */
    ABIDE_END_INNER,           /**< inner adapter `index` */
    ABIDE_END_CALLEE_ARGUMENT, /**< argument `index` of the callee, in its places */
    ABIDE_END_CALLEE_HIDDEN,   /**< where the callee gets the address of the result */
    ABIDE_END_CALLEE_RESULT,   /**< the places where the callee leaves the result */
    ABIDE_END_CALLEE_MEMORY    /**< memory at the address that is the callee's result */
} abide_end_kind;

/** Bytes [offset, offset + size) of that value; `size_bytes` 0: all of it. */
typedef struct abide_end {
    abide_end_kind kind;
    size_t index;
    uint64_t offset_bytes, size_bytes;
} abide_end;

typedef enum abide_flow_kind {
    ABIDE_FLOW_KEEP,    /**< it lies where it has to */
    ABIDE_FLOW_MOVE,    /**< into registers or stack slots */
    ABIDE_FLOW_COPY,    /**< from memory to memory */
    ABIDE_FLOW_ADDRESS, /**< not the value goes, but its address */
    ABIDE_FLOW_CONVERT, /**< it gets another form */
    ABIDE_FLOW_CHECK,   /**< it is looked at; `to` is `from` */
    ABIDE_FLOW_RELEASE  /**< it is given back; `to` is `from` */
} abide_flow_kind;

typedef struct abide_flow {
    size_t step; /**< for abide_plan_step_at */
    abide_end from, to;
    abide_flow_kind kind;
} abide_flow;

/**
 * Where values go in the adapter's own steps, in their order; steps that move nothing, and those of inner adapters, have none.
 *
 * @return an array of `*count` owned by `ctx`
 */
ABIDE_API const abide_flow *abide_plan_flows(abide_ctx *ctx, const abide_plan *plan, size_t *count);
/** The temporaries of an adapter: their size in bytes, and what each is for (NULL: nothing uses it). */
ABIDE_API size_t abide_plan_temporary_count(const abide_plan *plan);
ABIDE_API uint64_t abide_plan_temporary_at(const abide_plan *plan, size_t index,
                                           const char **purpose);

/** "same", "tail" or "call": how the adapter is made, and in `*reason` (may be NULL) why not in a cheaper way. */
ABIDE_API const char *abide_plan_tier(const abide_plan *plan, const char **reason);

/**
 * What goes wrong when the two sides meet without an adapter, a sentence each; none: nothing goes wrong.
 *
 * @return an array of `*count` texts owned by `ctx`
 */
ABIDE_API const char *const *abide_plan_clashes(abide_ctx *ctx, const abide_plan *plan,
                                                size_t *count);

/**
 * Portable C source that does what the plans say: type definitions with assertions, then a function each.
 *
 * @param prefix put in front of every function's name; NULL: the caller module's own
 * @return owned by `ctx`; NULL: reported (a convention that C cannot say)
 */
ABIDE_API const char *abide_plan_print_c(abide_ctx *ctx, const abide_plan *const *plans,
                                         size_t plan_count, const char *prefix);

/**
 * The symbol a thunk defines: `prefix` (NULL: the caller module's symbol_prefix) and the function's name. Owned by `ctx`.
 *
 * @return NULL: reported (prefix-required, symbol-collision: the thunk would have the name of the symbol that it calls)
 */
ABIDE_API const char *abide_plan_symbol(abide_ctx *ctx, const abide_plan *plan, const char *prefix);

/** Reports what functions of the interface give away and code of the ABI cannot release (unreleasable-result). */
ABIDE_API void abide_plan_lint(abide_ctx *ctx, const abide_iface *iface,
                               const abide_module *module);

#ifdef __cplusplus
}
#endif
#endif
