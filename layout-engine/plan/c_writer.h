/* A file of portable C in the making (`--emit c`), and what its parts are written by. */
#ifndef ABIDE_PLAN_C_WRITER_H
#define ABIDE_PLAN_C_WRITER_H

#include "plan/c_routine.h"
#include "plan/c_types.h"

struct abide_c_writer {
    abide_ctx *ctx;
    struct abide_c_types types;
    struct abide_c_routines routines;
    struct abide_text text;             /* functions */
    struct abide_text heads;            /* of adapters, which routines name */
    size_t thunk;                       /* number of the outer plan: names of inner adapters */
    size_t converted;                   /* counts scratch variables */
    size_t guards;                      /* against exceptions, so far */
    ABIDE_VEC(const char *) attributes; /* of functions: which compilers must know */
    ABIDE_VEC(const char *) hooks;      /* their types and symbols: hook N is abide_hookN */
    ABIDE_VEC(const char *)
    once; /* symbols of hooks that run once: the flag of each is abide_once_INDEX */
};

#define ADD(writer, ...) abide__text_printf((writer)->ctx, &(writer)->text, __VA_ARGS__)

/* --- heads of functions (c_head.c) --- */

/* The C name of a type of the plan's function. NULL: reported. */
const char *abide_c__type_name(struct abide_c_writer *writer, const struct abide_plan *plan,
                               const abide_type *type);
bool abide_c__ends_in_star(const char *type);
/* Whether a thunk may bear its symbol as its name: the language, its headers and this file have names of their own. */
bool abide_c__is_free_name(const char *name);
/* What asks the compiler whether it knows the attributes that were used; "": none was. */
const char *abide_c__attribute_checks(struct abide_c_writer *writer);
/* A function with the convention of its side. */
const char *abide_c__function_head(struct abide_c_writer *writer, const struct abide_plan *plan,
                                   const abide_assignment *side, const char *name);
/* "R (*)(T0 a0, T1 a1)": of a pointer to such a function. */
const char *abide_c__pointer_type(struct abide_c_writer *writer, const struct abide_plan *plan,
                                  const abide_assignment *side);

/* --- hooks (c_hooks.c) --- */

/* The C type of what a hook gives. */
const char *abide_c__token_type(enum abide_hook_token token);
/* Calls of the hooks that stand there. */
void abide_c__write_hooks(struct abide_c_writer *writer, const struct abide_plan *plan,
                          enum abide_hook_at at);
/* Flags of hooks that run once: a byte for each symbol, shared with all other thunks of the program. */
void abide_c__write_once_flags(struct abide_c_writer *writer, const struct abide_plan *plan);

/* --- guards against exceptions (c_guard.c) --- */

/* In front of functions: what a guard calls. C that ends frames without looking at them would not see an exception. */
void abide_c__declare_guard(struct abide_c_writer *writer, const struct abide_plan *plan);
/* The guard of a call: an exception is what leaves the frame before it is cleared. */
void abide_c__write_guard(struct abide_c_writer *writer, const struct abide_plan *plan);
/* The call came back. */
void abide_c__clear_guard(struct abide_c_writer *writer, const struct abide_plan *plan);

/* --- bodies (c_body.c) --- */

/* The address of an object's first byte, as an expression. */
const char *abide_c__address(struct abide_c_writer *writer, const struct abide_plan *plan,
                             const struct abide_object *object);
/* From `{` to `}`. false: reported. */
bool abide_c__write_body(struct abide_c_writer *writer, const struct abide_plan *plan);

#endif
