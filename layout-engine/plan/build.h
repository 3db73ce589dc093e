/* A plan in the making. */
#ifndef ABIDE_PLAN_BUILD_H
#define ABIDE_PLAN_BUILD_H

#include "plan/convert.h"
#include "plan/lift.h"
#include "plan/parts.h"

#define ABIDE_NO_INDEX SIZE_MAX

/* What the caller gives away with a call, in its own form. */
struct abide_given {
    const struct abide_param *param;
    const abide_type *physical;
    struct abide_object object;
    size_t note;   /* see build_answer.c */
    unsigned what; /* enum abide_release */
};

struct abide_builder {
    abide_ctx *ctx;
    struct abide_plan *plan;
    const abide_signature *signature; /* the abstract one that values cross by */
    const abide_module *caller;
    const abide_module *callee;
    struct abide_place place; /* for diagnostics: the function */
    const char *what;         /* "function 'f'", "callback 'g' of function 'f'" */
    bool is_method;           /* of an object that went to the caller before: */
    bool enters_runtime;      /* which calls hooks of the runtime that the object belongs to */
    ABIDE_VEC(struct abide_temporary) temporaries;
    ABIDE_VEC(struct abide_store) stores;
    ABIDE_VEC(struct abide_copy_step) before;
    ABIDE_VEC(struct abide_copy_step) after;
    ABIDE_VEC(struct abide_way_back) back;
    ABIDE_VEC(struct abide_copy_step)
    at_once; /* before `after`: what the next call may destroy, such as errno, is read */
    ABIDE_VEC(struct abide_copy_step) cleanup; /* behind `after`: what was made for the call goes */
    ABIDE_VEC(struct abide_copy_step)
    at_last; /* behind `cleanup`: what another call may destroy is written */
    ABIDE_VEC(struct abide_copy_step) answer; /* to what is invalid */
    ABIDE_VEC(const struct abide_plan *) inner;
    struct abide_feed *feeds;
    uint64_t copied_bytes;
    struct abide_price *prices;
    bool *ends_with_call; /* by parameter: the callee gets a copy that nothing may point to later */
    bool passes_moved;    /* the callee's result is the caller's, with the memory it lies in */
    bool has_frame;       /* for what lives until the call returns (plan/lift.h) */
    struct abide_object frame;
    size_t
        skipped_param; /* of the caller's signature: the closure that `invokes` calls; ABIDE_NO_INDEX: none */
    /* Where invalid values become an error (build_answer.c): which; what is noted of each value; what is released then. */
    uint64_t error_number;
    struct abide_object notes;
    size_t note_count;
    ABIDE_VEC(struct abide_given) given;
    /* Of an inner adapter: where it finds what it calls (see abide_build__inner). */
    size_t bound; /* abstract parameter that holds the bound data; ABIDE_NO_INDEX: none */
    struct abide_object to_pass; /* what to pass on in its stead */
};

struct abide_crossing
abide_builder__inward(const struct abide_builder *builder); /* caller to callee */
struct abide_crossing
abide_builder__outward(const struct abide_builder *builder); /* callee to caller */

/* Adds a temporary and gives the object of all of it. */
struct abide_object abide_builder__temporary(struct abide_builder *builder, uint64_t size_bytes,
                                             uint64_t align_bytes, bool zeroed,
                                             const char *purpose);
void abide_builder__copy_before(struct abide_builder *builder, struct abide_object from,
                                struct abide_object to, const struct abide_runs *runs);
void abide_builder__copy_after(struct abide_builder *builder, struct abide_object from,
                               struct abide_object to, const struct abide_runs *runs);
/* Raises the price of parameter `index` of the signature; SIZE_MAX: of the result. */
void abide_builder__charge(struct abide_builder *builder, size_t index, abide_cost cost,
                           const char *why);
struct abide_runs abide_builder__identity(struct abide_builder *builder, uint64_t size_bytes);
/* Where the value of the caller's argument `index` lies when the adapter starts. */
struct abide_object abide_builder__argument(const struct abide_builder *builder, size_t index);
/* The first argument of an assignment that comes from abstract parameter `of`, and how many do; ABIDE_NO_INDEX: none. */
size_t abide_builder__find(const abide_assignment *assignment, size_t of, size_t *count);
size_t abide_builder__find_role(const abide_assignment *assignment, abide_role role);
uint64_t abide_builder__pointer_bytes(const struct abide_builder *builder);
/* Reports cannot-adapt for a parameter (NULL: the result) and gives false. */
bool abide_builder__refuse(struct abide_builder *builder, const struct abide_param *param,
                           const char *reason, const char *help);

/*
 * A value on its way that moving bytes cannot convert (build_lift.c).
 */
struct abide_conversion {
    struct abide_crossing crossing;
    const struct abide_param *param; /* NULL: the result */
    size_t index;                    /* of the parameter; SIZE_MAX: the result */
    const abide_type *type;
    struct abide_object from; /* in memory, of from_type */
    const abide_type *from_type;
    struct abide_object to;
    const abide_type *to_type;
    enum abide_transfer transfer;
    const char *why;                  /* bytes do not suffice */
    bool must_outlive;                /* the call: what it refers to may not be gone then */
    bool takes_all, passes_resources; /* see plan/lift.h */
    bool after_call;
};
/* Adds the step. */
bool abide_builder__lift(struct abide_builder *builder, const struct abide_conversion *step);
/* Releases a value after the call, as far as `what` says (enum abide_release). */
struct abide_dropping {
    const struct abide_param *param;
    struct abide_crossing crossing;
    const abide_module *module; /* in whose form the value is */
    const abide_type *type, *physical;
    struct abide_object value;
    unsigned what;
};
bool abide_builder__drop(struct abide_builder *builder, const struct abide_dropping *dropping);
/* Whether borrowed handles from elsewhere can cross: no callee may drop what its caller keeps. False: reported. */
bool abide_build__may_lend(struct abide_builder *builder, const struct abide_param *param,
                           size_t caller_index, size_t callee_index);

/*
 * Memory behind an `out` pointer is a variable in languages that clear theirs (`out: {zeroed: true}`): what its runtime has made there is
 * dropped before anything else is written. A step without a routine: there is nothing. False: reported.
 */
bool abide_builder__drop_old(struct abide_builder *builder, size_t param, size_t argument,
                             struct abide_copy_step *step);

/*
 * Structs that grow (build_sized.c). Memory of the adapter's own that a side writes, or reads, tells from the start how large it is; and why
 * such a value goes through a routine where its memory is not passed on. NULL: no side tells its size.
 */
void abide_builder__tell_size(struct abide_builder *builder, const abide_module *module,
                              const abide_type *type, const abide_type *physical,
                              struct abide_object memory);
const char *abide_builder__tells_size(const struct abide_builder *builder, const abide_type *type,
                                      const abide_type *caller_type, const abide_type *callee_type);

/* Words of a flat form in memory become, if a routine can do that, the value in its form in memory; *type is what it is then. */
struct abide_object abide_builder__unflatten(struct abide_builder *builder,
                                             const struct abide_side *side,
                                             const struct abide_param *param,
                                             struct abide_object words, const abide_type **type);

/* The form in memory of a physical type that may be a flat form; runs from one to the other. Where none are enough, the flat form
 * itself, which is then put in memory as it is. */
const abide_type *abide_builder__in_memory(const struct abide_side *side, const abide_type *type,
                                           const abide_type *physical, bool to_memory,
                                           struct abide_runs *runs);

/* Whether values of the abstract type say nothing: no field, element or case holds anything. One side may leave them out. */
bool abide_builder__is_hollow(const struct abide_builder *builder, const abide_type *type);

/* Whether values are looked at (build_check.c); whether there is something to look at in values of a type that cross. */
bool abide_builder__checks(const struct abide_builder *builder);
bool abide_builder__is_doubtful(const struct abide_builder *builder, struct abide_crossing crossing,
                                const abide_type *type);
/* Looks at what the callee made, where that is asked for: the value of a parameter, or of the result (NULL, SIZE_MAX). */
bool abide_builder__check_after(struct abide_builder *builder, const struct abide_param *param,
                                size_t index, const abide_type *physical,
                                struct abide_object object);

/*
 * Memory of a module's hook `allocate`, with a copy of `value` in it: its address, in a temporary. `after_call`: it is made
 * then. moved.c
 */
struct abide_object abide_moved__make(struct abide_builder *builder, const abide_module *module,
                                      const struct abide_param *param, struct abide_object value,
                                      bool after_call);
/* Such memory is given back after the call, and nothing that lies in it. false: reported. */
bool abide_moved__free(struct abide_builder *builder, const abide_module *module,
                       const struct abide_param *param, struct abide_object memory,
                       const char *words);
/* The callee's function that releases a result is called when all is done. */
void abide_moved__give_back(struct abide_builder *builder, const char *symbol);
/* What releases results of a function with this symbol (`after_return`); NULL: nothing does. */
const char *abide_moved__symbol(abide_ctx *ctx, const abide_module *module, const char *function);
/* Plans the thunk of that sort that belongs to this one, if one does. false: reported. */
bool abide_moved__release(struct abide_builder *builder);
/* The plan itself: `symbol` is called with the parameter of `signature`, behind the steps that `fill` adds (NULL: none). plan.c */
bool abide_build__release(struct abide_builder *outer, const abide_signature *signature,
                          const char *symbol,
                          bool (*fill)(struct abide_builder *builder,
                                       const struct abide_builder *outer));

/* Every object of the caller's that the steps so far mention. objects.c */
typedef void abide_object_visitor(struct abide_object *object, void *user);
void abide_builder__each_object(struct abide_builder *builder, abide_object_visitor *visit,
                                void *user);

/* Sides that pass all parameters in one record: views of them, while the steps are built; then themselves. gather.c */
struct abide_gathering {
    const abide_assignment *caller, *callee;
};
void abide_gather__begin(struct abide_builder *builder, struct abide_gathering *gathering);
/* False: reported. */
bool abide_gather__end(struct abide_builder *builder, const struct abide_gathering *gathering);

/* The steps, in this order. Each gives false after reporting. */
bool abide_build__checks(struct abide_builder *builder);    /* build_check.c */
bool abide_build__arguments(struct abide_builder *builder); /* build_arguments.c */
bool abide_build__result(struct abide_builder *builder);    /* build_result.c */
/* A parameter that is memory for the callee to write (out, inout). build_out.c */
bool abide_build__out(struct abide_builder *builder, size_t param);
/* What crosses as something callable (a callback, a closure) and so is fed specially: sets *handled. build_callable.c */
bool abide_build__callable(struct abide_builder *builder, size_t param, bool *handled);
/* What calls and returns by instructions of their own allow, and the number of the function that is called. build_calls.c */
bool abide_build__target(struct abide_builder *builder);
bool abide_build__calls(struct abide_builder *builder);
/* What is returned for something invalid. build_answer.c; of which build_result.c gives an error to the caller, as `write` makes it
 * (the routine gets the address of memory for `physical`). */
bool abide_build__answer(struct abide_builder *builder);
bool abide_answer__is_wanted(struct abide_builder *builder);
bool abide_answer__start(struct abide_builder *builder, size_t count);
struct abide_object abide_answer__note(struct abide_builder *builder, size_t index);
void abide_answer__sum_up(struct abide_builder *builder);
bool abide_build__answer_result(struct abide_builder *builder,
                                const struct abide_routine *(*write)(struct abide_builder *builder,
                                                                     const abide_type *physical));
/* Failures are reported to the caller as its ABI does that. build_errors.c */
bool abide_build__errors(struct abide_builder *builder);
/* What the runtimes of both sides want called around the call. build_hooks.c */
void abide_build__hooks(struct abide_builder *builder);
/* What adapters do beside for functions and closures that cross so. build_hooks.c */
struct abide_callback_duties abide_builder__duties(const struct abide_builder *builder,
                                                   struct abide_crossing crossing);
/* What becomes of exceptions. `where` names what unwinds beside the function: a callback, or "". build_unwinding.c */
void abide_build__unwinding(struct abide_builder *builder, const char *where);
/* What ends where an exception passes: of `cleanup`, which is complete, and of the hooks. */
void abide_build__unwound(struct abide_builder *builder);
void abide_build__finish(struct abide_builder *builder); /* tier.c: in_place, tier, cost */

/* Offsets of the code and the environment in a closure's representation under `module`; false: it names none.
 * build_callable.c */
bool abide_build__closure_offsets(struct abide_builder *builder, const abide_module *module,
                                  const abide_type *physical, uint64_t *code_bytes,
                                  uint64_t *env_bytes);

/*
 * An inner adapter: the callee's side calls a function or closure of `signature` that lives on the caller's side. What it
 * calls is at `code_offset_bytes` of the memory that its argument for abstract parameter `bound` (its environment, where
 * ABIDE_NO_INDEX) points to, with the data or environment to pass on behind it. NULL: reported. plan.c
 */
const struct abide_plan *abide_build__inner(struct abide_builder *outer,
                                            const struct abide_param *param,
                                            const abide_signature *signature, size_t bound,
                                            uint64_t code_offset_bytes);

/* What code of `crossing.to` calls as a closure that lives in `crossing.from`. */
struct abide_closure_call {
    struct abide_crossing crossing;
    const abide_iface *iface;
    const struct abide_function *function; /* which passes it on */
    const char *parameter;                 /* in which it was met */
    const abide_signature *signature;
    uint64_t
        record_bytes; /* where {code, env, drop} are behind the address that comes as environment */
    /* Routines (record); NULL: none. Before the call: that nothing is to be dropped any more; after it: the end of the record. */
    const struct abide_routine *disarm;
    const struct abide_routine *end;
};
/* The adapter for it. NULL: reported. plan.c */
const struct abide_plan *abide_build__closure(const struct abide_closure_call *call);

#endif
