/*
 * What a description says of types and functions besides their structure (abide/type.h): where it stands in the file, who owns
 * what, how failures are told. For programs that compare descriptions, or write them down in another language.
 *
 * Life: what is returned belongs to the type, signature or function, or to `ctx`. A `file` of NULL: a program made it.
 */
#ifndef ABIDE_DESCRIBE_H
#define ABIDE_DESCRIBE_H

#include "abide/iface.h"

#ifdef __cplusplus
extern "C" {
#endif

/** What is true of a type; a bit each. */
typedef enum abide_trait {
    ABIDE_TRAIT_MUTABLE = 1,         /**< pointers, slices: the other side writes through it */
    ABIDE_TRAIT_NULLABLE = 2,        /**< pointers: it may be null */
    ABIDE_TRAIT_OPEN = 4,            /**< later releases may add names, or methods */
    ABIDE_TRAIT_OWN = 8,             /**< the value is given away with what it lies in */
    ABIDE_TRAIT_SHARED = 16,         /**< objects: it is one of several references */
    ABIDE_TRAIT_ONCE = 32,           /**< closures: called at most once */
    ABIDE_TRAIT_ANY_THREAD = 64,     /**< resources: may be used and destroyed on every thread */
    ABIDE_TRAIT_FROM_ELSEWHERE = 128 /**< resources: the library has them from others */
} abide_trait;

ABIDE_API unsigned abide_type_traits(const abide_type *type);
/** Which of an ABI's forms values have; NULL: the first. */
ABIDE_API const char *abide_type_form(const abide_type *type);
/** The symbol that destroys a resource; else NULL. */
ABIDE_API const char *abide_type_destructor(const abide_type *type);
/** Of a function or a closure; else NULL. */
ABIDE_API const abide_signature *abide_type_signature(const abide_type *type);
/** What a type says in its own `facts`; NULL past the end. */
ABIDE_API const char *abide_type_fact_at(const abide_type *type, size_t index);
/** The room that an open variant keeps for what later cases hold; 0: none. */
ABIDE_API uint64_t abide_type_reserved_bytes(const abide_type *type);
/** Where the type is defined; of one without a name, where it is used first. */
ABIDE_API abide_position abide_type_position(const abide_type *type);
/** Where a field, value, bit, case or method is defined, by its index; past the end, the type's own place. */
ABIDE_API abide_position abide_type_position_at(const abide_type *type, size_t index);

/**
 * Reports about a type, or about a field, value, bit, case or method of it by its index, where the description has it; as
 * abide_ctx_report otherwise. `help` may be NULL.
 */
ABIDE_API bool abide_type_report(abide_ctx *ctx, const abide_type *type, size_t index,
                                 const char *id, const char *message, const char *help);
/** The same about a parameter of a signature; past the end, about the signature. */
ABIDE_API bool abide_signature_report(abide_ctx *ctx, const abide_signature *signature,
                                      size_t parameter, const char *id, const char *message,
                                      const char *help);

/** A method of an interface. */
typedef struct abide_method {
    const char *name;                 /**< NULL: past the end */
    const abide_signature *signature; /**< its first parameter is `self` */
    bool is_later;                    /**< `since`: the tables of older objects end before it */
} abide_method;
ABIDE_API abide_method abide_type_method_at(const abide_type *type, size_t index);

/** Whether everything that a parameter owns is given away with it; not past the end. */
ABIDE_API bool abide_signature_is_own_at(const abide_signature *signature, size_t index);
/** The parameter that a borrowed result belongs to; ABIDE_RESULT: the result is given away. */
ABIDE_API size_t abide_signature_lender(const abide_signature *signature);
/** A word of the ABI; NULL: its usual convention. */
ABIDE_API const char *abide_signature_convention(const abide_signature *signature);
/** How what has the signature tells failures, as one line; NULL: it returns a value. Owned by `ctx`. */
ABIDE_API const char *abide_signature_errors(abide_ctx *ctx, const abide_signature *signature);
/** What is said of a parameter, or of the result (ABIDE_RESULT), in `facts`; NULL past the end. */
ABIDE_API const char *abide_signature_fact_at(const abide_signature *signature, size_t parameter,
                                              size_t index);
/** Where a parameter is; past the end, where the signature is. */
ABIDE_API abide_position abide_signature_position_at(const abide_signature *signature,
                                                     size_t index);

ABIDE_API abide_position abide_function_position(const abide_function *function);
/** What the interface says of a function to its readers; NULL: nothing. */
ABIDE_API const char *abide_function_doc(const abide_function *function);
/** How one side of a call tells failures, as one line; NULL: nothing is said. Owned by `ctx`. */
ABIDE_API const char *abide_function_errors(abide_ctx *ctx, const abide_function *function,
                                            bool of_caller);
/** Whether callbacks may come on threads that the library started. */
ABIDE_API bool abide_function_calls_back_anywhere(const abide_function *function);
/** Whether it may wait for something (`blocking`), so that adapters give up the lock of a runtime meanwhile. */
ABIDE_API bool abide_function_may_block(const abide_function *function);
/** Whether an exception or a panic may leave the function (`unwind: allow`); else it ends the process. */
ABIDE_API bool abide_function_may_unwind(const abide_function *function);

#ifdef __cplusplus
}
#endif
#endif
