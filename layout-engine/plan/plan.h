/*
 * A plan from the inside: what the emitters (codegen/, plan/emit_c.c) translate. It decides everything that depends on
 * ABIs; an emitter only knows how to move bytes.
 *
 * The body of an adapter, in order:
 *   1. hooks (attach this thread), each a call of a symbol, that are called FIRST;
 *   2. the list of unnamed arguments is started, if there is one; the `stores` that are constant or an address, then the `before` steps, in order: copies and conversions into temporaries,
 *      then the other stores;
 *   3. hooks BEFORE_CALL; the call: one feed for each argument of the callee's assignment, and one for its hidden result pointer; hooks
 *      AFTER_CALL;
 *   4. the `after` steps, in order, from the callee's result or a temporary to temporaries or the caller's memory;
 *   5. the return: a value in the caller's result places, and/or the hidden pointer in the returned register, and what
 *      comes back of arguments; in front of it, hooks that are called LAST.
 */
#ifndef ABIDE_PLAN_PLAN_H
#define ABIDE_PLAN_PLAN_H

#include "abide/plan.h"
#include "call/assignment.h"
#include "plan/routine.h"
#include "spec/language.h"
#include "types/iface.h"

enum abide_object_kind {
    ABIDE_OBJECT_ARGUMENT, /* the value of the caller's argument `index`: pieces in registers and on the stack */
    ABIDE_OBJECT_POINTEE, /* memory at the address that is the caller's argument `index` (its pointer piece where it is
                                  passed by pointer), plus offset_bytes */
    /* memory at the address that is element `index` of the vector of addresses that is the caller's argument vector_argument */
    ABIDE_OBJECT_ELEMENT,
    ABIDE_OBJECT_TEMPORARY,     /* temporaries[index], plus offset_bytes */
    ABIDE_OBJECT_RESULT_MEMORY, /* where the caller wants its result: its hidden or out pointer */
    ABIDE_OBJECT_CALLEE_RESULT, /* the callee's result in its places */
    ABIDE_OBJECT_CALLEE_POINTEE, /* memory at the address that is the callee's result, plus offset_bytes */
    ABIDE_OBJECT_CALLEE_ARGUMENT /* what came back in the places of the callee's argument `index` */
};

struct abide_object {
    enum abide_object_kind kind;
    size_t index;
    uint64_t offset_bytes;
    uint64_t size_bytes;  /* of the value that lies there */
    uint64_t align_bytes; /* of the memory; of a register value: of its type */
};

/*
 * Bytes [from_bytes, from_bytes + from_size) of one representation are bytes [to_bytes, to_bytes + to_size) of another.
 * Sizes differ only for scalars of at most 16 bytes: narrowed by dropping high bits, widened as `widen` says. The identity is
 * one run. Bytes of the target that no run covers are padding or zero.
 */
struct abide_run {
    uint64_t from_bytes;
    uint64_t to_bytes;
    uint64_t from_size_bytes;
    uint64_t to_size_bytes;
    abide_extend widen; /* ZERO or SIGN where to_size is larger */
};

struct abide_temporary {
    uint64_t size_bytes;
    uint64_t align_bytes;
    bool zeroed; /* before the call; the bytes before it that `before` copies set may be left out */
    const char *purpose; /* for people: "copy of env", "result"; NULL: nobody uses it */
};

/*
 * Bytes through `runs`; or a routine that is called with the addresses of `from` and `to` (both in memory; all words that it
 * does not take are left out) and of `frame`. A routine with one parameter gets `from`.
 */
struct abide_copy_step {
    struct abide_object from;
    struct abide_object to; /* TEMPORARY, RESULT_MEMORY, or POINTEE (an out or inout parameter) */
    const struct abide_run *runs;
    size_t run_count;
    const struct abide_routine *routine; /* NULL: runs */
    struct abide_object frame;           /* a TEMPORARY, see plan/lift.h */
    bool releases;                       /* ROUTINE: it ends something, and makes nothing */
    const struct abide_routine
        *looks_for;    /* ROUTINE: it only looks at `from`; what for: the same, but that it traps */
    const char *words; /* ROUTINE: what it does, for people */
};

enum abide_feed_kind {
    ABIDE_FEED_VALUE, /* the bytes of `object`, through `runs` */
    ABIDE_FEED_ADDRESS, /* the address of `object`, which lies in memory (an ARGUMENT: all its pieces lie on the caller's
                           stack side by side, and that memory belongs to the callee) */
    ABIDE_FEED_INNER, /* the address of the adapter inner[index]; zero if the first bytes of `object` are zero */
    ABIDE_FEED_NULL,   /* zero */
    ABIDE_FEED_NOTHING /* the argument has no places */
};

/* What the callee gets as one of its arguments, or as its hidden pointer. */
struct abide_feed {
    enum abide_feed_kind kind;
    struct abide_object object;
    const struct abide_run *runs; /* VALUE */
    size_t run_count;
    size_t index; /* INNER */
    bool
        must_extend; /* the callee's piece states an extension that the caller's side does not promise */
    bool in_place; /* every bit already lies where the callee looks for it */
};

enum abide_target_kind {
    ABIDE_TARGET_SYMBOL,
    ABIDE_TARGET_POINTER,    /* the code address is the first pointer-sized bytes of `code` */
    ABIDE_TARGET_INSTRUCTION /* what the callee's module is called by; `number` says which function */
};

enum abide_store_kind {
    ABIDE_STORE_CONSTANT, /* the integer `value` */
    ABIDE_STORE_INNER, /* the address of inner[value]; zero if the first size_bytes of `unless_null` are zero */
    ABIDE_STORE_ADDRESS, /* the address of temporaries[value], plus address_offset_bytes */
    ABIDE_STORE_OBJECT /* the address of the object `unless_null`, of which a copy is made if it is in registers */
};

/* size_bytes at an offset of a temporary, stored before the call. */
struct abide_store {
    enum abide_store_kind kind;
    size_t temporary;
    uint64_t offset_bytes;
    uint32_t size_bytes;
    uint64_t value;
    uint64_t address_offset_bytes;
    struct abide_object unless_null; /* INNER, OBJECT */
};

/* A list (va_list) of the caller's unnamed arguments, which the adapter starts before its first step. */
struct abide_unnamed_places {
    bool is_list_started; /* else the rest says nothing */
    size_t list;          /* temporaries[list] */
    /* Where the first one is if it is as wide as a pointer, and if it is an f64; and where those start that lie on the stack. */
    abide_piece first[2];
    int64_t stack_offset_bytes[2];
};

/* When a hook is called: what is begun first is ended last. */
enum abide_hook_at {
    ABIDE_HOOK_FIRST,
    ABIDE_HOOK_BEFORE_CALL, /* all arguments are converted */
    ABIDE_HOOK_AFTER_CALL,  /* the result is not yet */
    ABIDE_HOOK_LAST
};

struct abide_hook_call {
    const char *symbol;
    enum abide_hook_at at;
    bool
        once; /* in the life of the process: the emitter keeps a flag, shared by all thunks that call this symbol */
    bool passes_frame_address; /* as its one argument; else none, or what another one gave */
    enum abide_hook_token gives;
    size_t
        undoes; /* hooks[undoes], which was called before, and whose token it gets; SIZE_MAX: none */
};

enum abide_return_kind {
    ABIDE_RETURN_NOTHING,
    ABIDE_RETURN_VALUE,  /* `object` through `runs`, in the places of the caller's result */
    ABIDE_RETURN_ADDRESS /* the hidden pointer, in the caller's returned register */
};

struct abide_return {
    enum abide_return_kind kind;
    struct abide_object object;
    const struct abide_run *runs;
    size_t run_count;
    bool must_extend;
    bool in_place; /* the callee leaves it where the caller looks */
};

/* What comes back to the caller in the places of one of its arguments. */
struct abide_way_back {
    size_t argument;
    struct abide_object object;
    const struct abide_run *runs;
    size_t run_count;
    bool must_extend;
    bool in_place; /* the callee leaves it there */
};

/* What one parameter, or the result, costs. */
struct abide_price {
    const char *name; /* of the parameter; NULL: the result */
    abide_cost cost;
    const char *why; /* a clause */
};

/* In order of merit; codegen may refuse one that its target cannot say (unsupported-convention). */
enum abide_tier {
    ABIDE_TIER_SAME, /* T0: every bit lies where it must: an alias, or one jump */
    ABIDE_TIER_TAIL, /* T2: registers and stack slots are rewritten, then a jump */
    ABIDE_TIER_CALL  /* T1: a frame, a call, and work after it */
};

/* The name of the register in which thunks get the address of a record: a processor's, and no module's. */
#define ABIDE_CHAIN "chain"

struct abide_plan {
    abide_plan_kind kind;
    const struct abide_function
        *function; /* of an inner adapter: that of the one which passes it on */
    const struct abide_iface *iface;
    bool is_inner; /* called back by the callee of another one */
    size_t inner_index;
    const abide_assignment *caller;
    const abide_assignment *callee;
    size_t vector_argument; /* of the caller, where there are objects that are ELEMENTs */

    const struct abide_temporary *temporaries;
    size_t temporary_count;
    const struct abide_hook_call *hooks;
    size_t hook_count;
    /* What the program itself has to call before a thread ends that used the adapter: no emitter's business. */
    const struct abide_hook_call *duties;
    size_t duty_count;
    const struct abide_store *stores;
    size_t store_count;
    struct abide_unnamed_places unnamed;
    bool zero_result_memory; /* clear RESULT_MEMORY (of result_memory_bytes) before the call */
    uint64_t result_memory_bytes;
    uint64_t result_memory_align_bytes; /* as the caller's own type has it */
    const struct abide_copy_step *before;
    size_t before_count;
    size_t check_count;  /* the first steps of `before`, that look at what the caller passes */
    abide_checks checks; /* UNSAID: TRUST */
    /*
     * Where the first word of `invalid` is not zero behind these, the call is not made: the steps of `answer` are taken instead,
     * the last hooks called, and `answered` is returned.
     */
    bool answers_invalid;
    struct abide_object invalid;
    const struct abide_copy_step *answer;
    size_t answer_count;
    struct abide_return answered;

    /*
     * Called, without parameters, when an exception would leave the adapter's frame: it ends the process. NULL: exceptions pass.
     */
    const struct abide_routine *unwinds;
    /*
     * Exceptions pass, and what was begun for the call ends before they do: the hooks that follow the call are called, and between
     * those that follow it at once and the last ones these steps are taken, which read nothing that the callee returns.
     */
    bool cleans_up;
    const struct abide_copy_step *unwound;
    size_t unwound_count;

    enum abide_target_kind target;
    const char *symbol; /* SYMBOL */
    uint32_t number; /* INSTRUCTION: in the register of the callee's module for it, if it has one */
    struct abide_object
        code; /* POINTER: an ARGUMENT or a POINTEE; its first bytes are the code address */
    /*
     * Where the callee's last-resort argument (role ENV) is to be left out when its value is null: the call is made twice,
     * on the two sides of a test of feeds[env_argument]. SIZE_MAX: no such test.
     */
    size_t env_argument;
    const abide_assignment
        *callee_without_env; /* the same callee, called without the environment */

    const struct abide_feed *feeds; /* parallel to callee->physical->params */
    size_t feed_count;
    struct abide_feed hidden; /* of the callee's hidden result pointer; NOTHING if it has none */

    const struct abide_copy_step *after;
    size_t after_count;
    size_t at_once_count; /* of the first ones: done before hooks that follow the call */
    size_t at_last_count; /* of the last ones: done behind all hooks */
    struct abide_return result;
    const struct abide_way_back *back;
    size_t back_count;

    const struct abide_plan *const *inner; /* adapters for functions that are passed on */
    size_t inner_count;
    const struct abide_adapter *const
        *adapters; /* that its routines name (see abide_plan__adapters); not of inner ones */
    size_t adapter_count;
    struct abide_methods *const *methods; /* the same of methods */
    size_t methods_count;

    /* What callers call when they have read the result (plan/moved.c), and of that the plan whose results it releases; or NULL. */
    const struct abide_plan *release;
    const struct abide_plan *releases_for;

    enum abide_tier tier;
    const char *tier_reason; /* why not a better one */
    abide_cost cost;
    uint64_t copied_bytes;
    /* The parameters of the signature that values cross by, then the result if there is one. */
    const struct abide_price *prices;
    size_t price_count;
};

/* The routines that the steps of a plan call, of its inner plans too, and those that these call; each once, callees first. */
const struct abide_routine *const *abide_plan__routines(abide_ctx *ctx,
                                                        const abide_plan *const *plans,
                                                        size_t plan_count, size_t *count);

/* The adapters that these routines name. */
const struct abide_adapter *const *abide_plan__adapters(abide_ctx *ctx,
                                                        const abide_plan *const *plans,
                                                        size_t plan_count, size_t *count);

/*
 * The tables that these routines name, and what functions in them are made from (each for several tables); the routines above are also
 * those of these functions.
 */
const struct abide_routine_constant *const *abide_plan__tables(abide_ctx *ctx,
                                                               const abide_plan *const *plans,
                                                               size_t plan_count, size_t *count);
struct abide_methods *const *abide_plan__methods(abide_ctx *ctx, const abide_plan *const *plans,
                                                 size_t plan_count, size_t *count);

/* The plans, and behind each what releases its results. */
const abide_plan *const *abide_plan__with_releases(abide_ctx *ctx, const abide_plan *const *plans,
                                                   size_t *plan_count);

/*
 * Whether a store has to come after the `before` steps: one of an inner adapter's address that they may overwrite, or that is
 * left out if something they write is zero. Others may come first, where they cost least.
 */
bool abide_store__is_late(const struct abide_plan *plan, const struct abide_store *store);

/* Of all hooks that a plan and its inner plans call, the symbol of number `index`; NULL: there are no more. */
const char *abide_plan__hook_symbol(const abide_plan *plan, size_t index);

/*
 * The symbols that the thunks of some plans define, in their order. NULL: reported, also where two would be called alike,
 * or one like something that is called.
 */
const char *const *abide_plan__symbols(abide_ctx *ctx, const abide_plan *const *plans,
                                       size_t plan_count, const char *prefix);

/* Whether a list of runs is the identity over `size_bytes`. */
bool abide_runs__are_identity(const struct abide_run *runs, size_t run_count, uint64_t size_bytes);
/* The bytes of the target that they cover. */
uint64_t abide_runs__bytes(const struct abide_run *runs, size_t run_count);

#endif
