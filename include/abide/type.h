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
    bool is_bitfield;
    unsigned bits;  /**< of a bit-field; 0, without a name: the next one starts a new unit */
    bool is_packed; /**< it needs no alignment */
    bool is_later;  /**< `since`, in a struct that grows: older ones end before it; read only */
} abide_member;

/** A named value of an enum, for abide_type_enum. */
typedef struct abide_enum_value {
    const char *name;
    int64_t value;
    bool is_unsigned; /**< `value` stands for a uint64_t: -1 is 2^64 - 1. Enums only */
} abide_enum_value;

/** A parameter, for abide_signature_new. */
typedef struct abide_parameter {
    const char *name; /**< may be NULL */
    const abide_type *type;
} abide_parameter;

/** A case of a variant, for abide_type_variant. */
typedef struct abide_variant_case {
    const char *name;
    const abide_type *type; /**< what it holds; abide_type_void: nothing */
    int64_t tag;            /**< the number that tells the case, from 0 to 2^32 - 1 */
} abide_variant_case;

/** Who writes a parameter, for abide_signature_with_mode. */
typedef enum abide_mode {
    ABIDE_MODE_IN,   /**< the caller */
    ABIDE_MODE_OUT,  /**< the callee, into memory of the caller that holds nothing before */
    ABIDE_MODE_INOUT /**< both, in memory of the caller */
} abide_mode;

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
/**
 * A vector of `count` scalars, which ABIs pass in registers of their own (`vector<T, N>`). NULL: reported (bad-count,
 * bad-type).
 */
ABIDE_API const abide_type *abide_type_vector(abide_ctx *ctx, const abide_type *element,
                                              uint64_t count);
/** A complex number; `part` is a float (`complex<T>`). NULL: reported (bad-type). */
ABIDE_API const abide_type *abide_type_complex(abide_ctx *ctx, const abide_type *part);
/** Some elements in a row that somebody else owns (`slice<T>`). */
ABIDE_API const abide_type *abide_type_slice(abide_ctx *ctx, const abide_type *element);
/** A growing array that whoever holds it owns (`own slice<T>`). */
ABIDE_API const abide_type *abide_type_sequence(abide_ctx *ctx, const abide_type *element);
/** The same, and the callee may write the elements (`mutslice<T>`). */
ABIDE_API const abide_type *abide_type_mutable_slice(abide_ctx *ctx, const abide_type *element);
/** A value in memory of its own, which is given away with it (`box<T>`): how a type holds another one of its kind. */
ABIDE_API const abide_type *abide_type_box(abide_ctx *ctx, const abide_type *content);
/** `target` as the ABI's language stores it, passed without being converted (`raw<T>`). */
ABIDE_API const abide_type *abide_type_raw(abide_ctx *ctx, const abide_type *target);
/** Text that somebody else owns, in the form that the ABI's language has. */
ABIDE_API const abide_type *abide_type_string(abide_ctx *ctx);
/** The same with a NUL behind the text and none in it. */
ABIDE_API const abide_type *abide_type_string0(abide_ctx *ctx);
/** Units of UTF-16, which may be no text: a surrogate may be alone. */
ABIDE_API const abide_type *abide_type_string16(abide_ctx *ctx);
/** Text that is UTF-16, whatever the ABI's language has. */
ABIDE_API const abide_type *abide_type_utf16(abide_ctx *ctx);
/** A pointer to text that ends in a NUL. */
ABIDE_API const abide_type *abide_type_cstring(abide_ctx *ctx);
/**
 * What is given away in place of a borrowed text, slice or handle (`own string`). NULL: reported
 * (bad-ownership: `own` makes no other type of this one).
 */
ABIDE_API const abide_type *abide_type_owned(abide_ctx *ctx, const abide_type *type);
/** Either nothing or a `payload`, which may be abide_type_void (`option<T>`). */
ABIDE_API const abide_type *abide_type_option(abide_ctx *ctx, const abide_type *payload);
/** Either what was asked for or an error; each may be abide_type_void (`result<T, E>`). */
ABIDE_API const abide_type *abide_type_result(abide_ctx *ctx, const abide_type *ok,
                                              const abide_type *err);
/** The same string, slice, option or the like in another of an ABI's forms (`form: nul`). NULL: reported (bad-form). */
ABIDE_API const abide_type *abide_type_with_form(abide_ctx *ctx, const abide_type *type,
                                                 const char *form);
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
/** Named bits, by their numbers; `base` NULL: the ABI chooses what holds them. NULL: reported (bad-base, bad-value, too-many). */
ABIDE_API const abide_type *abide_type_flags(abide_ctx *ctx, const char *name,
                                             const abide_enum_value *bits, size_t bit_count,
                                             const abide_type *base);
/**
 * One of several cases; `tag` NULL: the ABI chooses what holds the number, else u8, u16 or u32. The cases are copied.
 *
 * @return NULL: reported (bad-base, bad-name, bad-value, duplicate-name, too-many)
 */
ABIDE_API const abide_type *abide_type_variant(abide_ctx *ctx, const char *name,
                                               const abide_variant_case *cases, size_t case_count,
                                               const abide_type *tag);
/**
 * Later releases may add names to this enum, these flags or this variant; a variant keeps room for what its later cases hold.
 * Before its layout is asked for. False: reported.
 */
ABIDE_API bool abide_type_make_open(abide_ctx *ctx, const abide_type *type, uint64_t reserved_bytes,
                                    uint64_t reserved_align_bytes);
/**
 * Something that only the library can look into; `destructor` is the symbol that destroys one. `keeps`, which may be NULL, is
 * another resource that must live as long. No value has this type: see abide_type_handle.
 */
ABIDE_API const abide_type *abide_type_resource(abide_ctx *ctx, const char *name,
                                                const char *destructor, const abide_type *keeps);
/** A resource as a value: borrowed, or given away. */
ABIDE_API const abide_type *abide_type_handle(abide_ctx *ctx, const abide_type *resource,
                                              bool is_own);
/**
 * A type of which only the name is known, for use behind pointers; abide_type_complete may say more.
 * This is how a struct that points to itself is made: opaque, then the fields, then complete.
 */
ABIDE_API const abide_type *abide_type_opaque(abide_ctx *ctx, const char *name);
/**
 * Gives an opaque type the content of an anonymous struct, union, enum, flags or variant. Once, and before its layout is asked for.
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
/**
 * Makes a struct an extension of another one, whose fields come first (`base:`). Once, and before its layout is asked for.
 * False: reported (bad-base, bad-type, incomplete-type).
 */
ABIDE_API bool abide_type_set_base(abide_ctx *ctx, const abide_type *type, const abide_type *base);
/**
 * How a struct or union is packed: `is_packed` leaves no padding between fields (`packed: true`); fields are aligned to
 * `pack_bytes` at most (`pack: N`), the whole to `align_bytes` at least (`align: N`); 0: no limit. Before its layout is asked
 * for. False: reported (bad-type, bad-value).
 */
ABIDE_API bool abide_type_set_packing(abide_ctx *ctx, const abide_type *type, bool is_packed,
                                      unsigned pack_bytes, unsigned align_bytes);
/** A pointer to a function of this signature. */
ABIDE_API const abide_type *abide_type_function(abide_ctx *ctx, const abide_signature *signature);
/** A function with an environment. */
ABIDE_API const abide_type *abide_type_closure(abide_ctx *ctx, const abide_signature *signature);

/**
 * A signature; a `result` of abide_type_void is none. The parameters are copied. A result is given away: a string, a slice or a
 * handle becomes what abide_type_owned makes of it, but see abide_signature_with_lender.
 *
 * @return NULL: reported (bad-name, duplicate-name, too-many, and parameters without a size)
 */
ABIDE_API const abide_signature *abide_signature_new(abide_ctx *ctx,
                                                     const abide_parameter *parameters,
                                                     size_t parameter_count,
                                                     const abide_type *result);

/** The same signature with a calling convention, a word of the ABI ("cdecl"). NULL: reported (bad-name). */
ABIDE_API const abide_signature *abide_signature_with_convention(abide_ctx *ctx,
                                                                 const abide_signature *signature,
                                                                 const char *convention);
/**
 * The same signature, in which parameter `parameter`, counted from 0, is written as `mode` says. `is_own`: everything that its
 * value owns is given away with it. NULL: reported (bad-count).
 */
ABIDE_API const abide_signature *abide_signature_with_mode(abide_ctx *ctx,
                                                           const abide_signature *signature,
                                                           size_t parameter, abide_mode mode,
                                                           bool is_own);
/** Stands for the result where parameters are counted. */
#define ABIDE_RESULT ((size_t)-1)
/**
 * The same signature, and something of parameter `parameter`, counted from 0, or of the result (ABIDE_RESULT), that only some
 * ABI cares about (`facts: [sink]`). NULL: reported (bad-count, bad-name).
 */
ABIDE_API const abide_signature *abide_signature_with_fact(abide_ctx *ctx,
                                                           const abide_signature *signature,
                                                           size_t parameter, const char *fact);
/**
 * The same signature with the result `result`, which stays borrowed: it belongs to parameter `lender`, counted from 0, and lives
 * as long (`-> T from x`). NULL: reported (bad-count, bad-lender).
 */
ABIDE_API const abide_signature *abide_signature_with_lender(abide_ctx *ctx,
                                                             const abide_signature *signature,
                                                             const abide_type *result,
                                                             size_t lender);
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
/** Whether values of the type have a size: not where it is opaque, a resource, or another name for one that is. */
ABIDE_API bool abide_type_has_size(const abide_type *type);
/** "struct", "scalar", "pointer" ... A static string. */
ABIDE_API const char *abide_type_kind_name(const abide_type *type);

/** The text that tells an interface from others, "PACKAGE/NAME@MAJOR", and in `id` its number in vtables; NULL: it is no interface. */
ABIDE_API const char *abide_type_interface(const abide_type *type, uint64_t *id);

/** What is said of a struct's or union's padding, for abide_type_packing. */
typedef struct abide_packing {
    bool is_packed;       /**< no padding between fields */
    unsigned pack_bytes;  /**< most that a field is aligned to; 0: nothing said */
    unsigned align_bytes; /**< least alignment of the whole; 0: nothing said */
} abide_packing;

/*
 * What a type consists of, for programs that write it down in their own way. What a type does not have is NULL, 0 or
 * false.
 */
/** What a pointer points to, an array, vector or complex number consists of, a newtype stands for; the base of an enum or struct. */
ABIDE_API const abide_type *abide_type_target(const abide_type *type);
/** The elements of an array or a vector; 0 of an array without a count. */
ABIDE_API uint64_t abide_type_count(const abide_type *type);
/** Whether it is an array without a count. */
ABIDE_API bool abide_type_is_flexible(const abide_type *type);
/** The members of a struct, union or tuple. A `type` of NULL is past the end. */
ABIDE_API size_t abide_type_member_count(const abide_type *type);
ABIDE_API abide_member abide_type_member_at(const abide_type *type, size_t index);
ABIDE_API abide_packing abide_type_packing(const abide_type *type);
/** The values of an enum; of flags, the numbers of the bits. A `name` of NULL is past the end. */
ABIDE_API size_t abide_type_value_count(const abide_type *type);
ABIDE_API abide_enum_value abide_type_value_at(const abide_type *type, size_t index);
/** The cases of a variant, of an option (none, some), of a result (ok, err). A `name` of NULL is past the end. */
ABIDE_API abide_variant_case abide_type_case_at(const abide_type *type, size_t index);
/** The parameters of a function, also the described extra ones. A `type` of NULL is past the end. */
ABIDE_API size_t abide_signature_parameter_count(const abide_signature *signature);
ABIDE_API abide_parameter abide_signature_parameter_at(const abide_signature *signature,
                                                       size_t index);
/** Who writes a parameter; IN past the end. */
ABIDE_API abide_mode abide_signature_mode_at(const abide_signature *signature, size_t index);
/** How many of them have a place of their own; the others are extra arguments. */
ABIDE_API size_t abide_signature_fixed_count(const abide_signature *signature);
/** What is returned; of kind "void" if nothing is. */
ABIDE_API const abide_type *abide_signature_result(const abide_signature *signature);

#ifdef __cplusplus
}
#endif
#endif
