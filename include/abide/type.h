/*
 * Types and signatures, as an interface file or a program states them: abstract, without any ABI.
 *
 * Life: made in a context and owned by it; immutable. Equal anonymous types are the same pointer, but
 * for structs, unions, enums and functions: those, and what has a name, are equal to themselves only.
 */
#ifndef ABIDE_TYPE_H
#define ABIDE_TYPE_H

#include "abide/ctx.h"

#ifdef __cplusplus
extern "C" {
#endif

typedef struct abide_type abide_type;
typedef struct abide_signature abide_signature;

/** A member of a struct, union or tuple, for abide_type_struct and abide_type_union. */
typedef struct abide_member {
    const char *name; /**< NULL: anonymous */
    const abide_type *type;
    unsigned align_bytes; /**< 0: natural */
} abide_member;

/** A named value of an enum, for abide_type_enum. */
typedef struct abide_enum_value {
    const char *name;
    int64_t value;
} abide_enum_value;

/** A parameter, for abide_signature_new. */
typedef struct abide_parameter {
    const char *name; /**< may be NULL */
    const abide_type *type;
} abide_parameter;

/** No value: as what a pointer points to, and as the result of a function. */
ABIDE_API const abide_type *abide_type_void(abide_ctx *ctx);
/** A scalar by its interface name ("i32", "c_long", "f64"); NULL: no such scalar (unknown-type). */
ABIDE_API const abide_type *abide_type_scalar(abide_ctx *ctx, const char *name);
/** A pointer that may be null; `is_mutable`: the other side writes through it (`mutptr<T>`). */
ABIDE_API const abide_type *abide_type_pointer(abide_ctx *ctx, const abide_type *target,
                                               bool is_mutable);
/** A pointer that is never null. */
ABIDE_API const abide_type *abide_type_reference(abide_ctx *ctx, const abide_type *target,
                                                 bool is_mutable);
/** `count` elements in a row, by value. NULL: reported (bad-count, incomplete-type, bad-type). */
ABIDE_API const abide_type *abide_type_array(abide_ctx *ctx, const abide_type *element,
                                             uint64_t count);
/** Some elements in a row that somebody else owns (`slice<T>`). */
ABIDE_API const abide_type *abide_type_slice(abide_ctx *ctx, const abide_type *element);
/** A growing array that whoever holds it owns (`own slice<T>`). */
ABIDE_API const abide_type *abide_type_sequence(abide_ctx *ctx, const abide_type *element);
/** `target` as the ABI's language stores it, passed without being converted (`raw<T>`). */
ABIDE_API const abide_type *abide_type_raw(abide_ctx *ctx, const abide_type *target);
/** Text that is given away with the value, in the form that the ABI's language has. */
ABIDE_API const abide_type *abide_type_string(abide_ctx *ctx);
/** A pointer to text that ends in a NUL. */
ABIDE_API const abide_type *abide_type_cstring(abide_ctx *ctx);
/** A set of `count` elements. NULL: reported (bad-count). */
ABIDE_API const abide_type *abide_type_bitset(abide_ctx *ctx, uint64_t count);
/** Values without field names. The array is copied. */
ABIDE_API const abide_type *abide_type_tuple(abide_ctx *ctx, const abide_type *const *elements,
                                             size_t element_count);
/** Another name for `target`, which facts can be said of. */
ABIDE_API const abide_type *abide_type_newtype(abide_ctx *ctx, const char *name,
                                               const abide_type *target);
/** An enum of at least one value; `base` NULL: the ABI chooses what holds it. NULL: reported (bad-base, bad-value, too-many). */
ABIDE_API const abide_type *abide_type_enum(abide_ctx *ctx, const char *name,
                                            const abide_enum_value *values, size_t value_count,
                                            const abide_type *base);
/**
 * A type of which only the name is known, for use behind pointers; abide_type_complete may say more.
 * This is how a struct that points to itself is made: opaque, then the fields, then complete.
 */
ABIDE_API const abide_type *abide_type_opaque(abide_ctx *ctx, const char *name);
/**
 * Gives an opaque type the content of an anonymous struct, union or enum. Once, and before its layout is asked for.
 * False: reported.
 */
ABIDE_API bool abide_type_complete(abide_ctx *ctx, const abide_type *opaque,
                                   const abide_type *definition);
/** Says something about a named type that only some ABI cares about (`facts: [bycopy]`). False: reported. */
ABIDE_API bool abide_type_add_fact(abide_ctx *ctx, const abide_type *type, const char *fact);
/** A struct or union; `name` NULL for an anonymous one. The members are copied. NULL: reported. */
ABIDE_API const abide_type *abide_type_struct(abide_ctx *ctx, const char *name,
                                              const abide_member *members, size_t member_count);
ABIDE_API const abide_type *abide_type_union(abide_ctx *ctx, const char *name,
                                             const abide_member *members, size_t member_count);
/** A pointer to a function of this signature. */
ABIDE_API const abide_type *abide_type_function(abide_ctx *ctx, const abide_signature *signature);
/** A function with an environment. */
ABIDE_API const abide_type *abide_type_closure(abide_ctx *ctx, const abide_signature *signature);

/**
 * A signature; a `result` of abide_type_void is none. The parameters are copied.
 *
 * @return NULL: reported (bad-name, duplicate-name, too-many, and parameters without a size)
 */
ABIDE_API const abide_signature *abide_signature_new(abide_ctx *ctx,
                                                     const abide_parameter *parameters,
                                                     size_t parameter_count,
                                                     const abide_type *result);

/** The same signature with a calling convention, a word of the language module ("cdecl"). NULL: reported (bad-name). */
ABIDE_API const abide_signature *abide_signature_with_convention(abide_ctx *ctx,
                                                                 const abide_signature *signature,
                                                                 const char *convention);
/**
 * The same signature with dots behind the first `fixed_count` parameters. Those after them describe one call: they are its extra
 * arguments. NULL: reported (bad-count).
 */
ABIDE_API const abide_signature *
abide_signature_variadic(abide_ctx *ctx, const abide_signature *signature, size_t fixed_count);
/**
 * The same signature, of which is known that parameter `function` is called with parameter `data` as its argument `at`; all
 * count from 0 (`callbacks:` of interface files). NULL: reported (bad-callback).
 */
ABIDE_API const abide_signature *abide_signature_with_callback(abide_ctx *ctx,
                                                               const abide_signature *signature,
                                                               size_t function, size_t data,
                                                               size_t at);

/** The type as an interface file would write it (its name if it has one). Owned by `ctx`. */
ABIDE_API const char *abide_type_print(abide_ctx *ctx, const abide_type *type);
/** The signature as an interface file would write it: "(p point, by f64) -> point". Owned by `ctx`. */
ABIDE_API const char *abide_signature_print(abide_ctx *ctx, const abide_signature *signature);
ABIDE_API bool abide_signature_is_variadic(const abide_signature *signature);
ABIDE_API const char *abide_type_name(const abide_type *type); /**< NULL: anonymous */
/** "struct", "scalar", "pointer" ... A static string. */
ABIDE_API const char *abide_type_kind_name(const abide_type *type);

#ifdef __cplusplus
}
#endif
#endif
