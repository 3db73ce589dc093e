/*
 * Interface files: the description of a library without any ABI in it (abi-specs/interface.md).
 *
 * Life: abide_iface_load reads one into a context, which owns it. Immutable. A program makes one of its own with abide_iface_new,
 * and adds to it before it plans with it.
 */
#ifndef ABIDE_IFACE_H
#define ABIDE_IFACE_H

#include "abide/type.h"

#ifdef __cplusplus
extern "C" {
#endif

typedef struct abide_iface abide_iface;
typedef struct abide_function abide_function;

/** Whether adapters look at the values that pass through them (`checks:` of an interface file). */
typedef enum abide_checks {
    ABIDE_CHECKS_UNSAID,  /**< what is said elsewhere; TRUST, if nothing is */
    ABIDE_CHECKS_TRUST,   /**< only where they have to understand a value */
    ABIDE_CHECKS_CHECKED, /**< an invalid value ends the process (abide_trap) */
    ABIDE_CHECKS_CONVERT /**< it becomes the error that `on-invalid` names, where the function has it */
} abide_checks;

/** Reads an interface file ("-": standard input). NULL: reported. */
ABIDE_API const abide_iface *abide_iface_load(abide_ctx *ctx, const char *path);
/** Reads an interface from memory; `name` stands in diagnostics. NULL: reported. */
ABIDE_API const abide_iface *abide_iface_parse(abide_ctx *ctx, const char *name, const char *text,
                                               size_t length_bytes);

/** An interface without functions, to be filled by a program. `package` may be NULL. NULL: reported (bad-name). */
ABIDE_API abide_iface *abide_iface_new(abide_ctx *ctx, const char *package);
/**
 * Adds a function, whose parameters have names. `symbol` is the linker's name; NULL: `name` with `_` for `-`.
 *
 * @return NULL: reported (bad-name, bad-symbol, duplicate-name)
 */
ABIDE_API const abide_function *abide_iface_add_function(abide_ctx *ctx, abide_iface *iface,
                                                         const char *name, const char *symbol,
                                                         const abide_signature *signature);
/** The symbol that a hook of a language module has in this library (`hooks: {load: NimMain}`). false: reported. */
ABIDE_API bool abide_iface_add_hook(abide_ctx *ctx, abide_iface *iface, const char *name,
                                    const char *symbol);

/** The same for one type, such as the one that the hook makes (`hooks: {new_seq: {message: SYMBOL}}`). false: reported. */
ABIDE_API bool abide_iface_add_type_hook(abide_ctx *ctx, abide_iface *iface, const char *name,
                                         const abide_type *type, const char *symbol);

ABIDE_API const char *abide_iface_package(const abide_iface *iface); /**< NULL: none stated */
/** The reference of the ABI module in whose terms the library offers itself (`provides:`); NULL: not said. */
ABIDE_API const char *abide_iface_provides(const abide_iface *iface);
/** The types and functions, in the order of the file; `_at` past the end is NULL. */
ABIDE_API size_t abide_iface_type_count(const abide_iface *iface);
ABIDE_API const abide_type *abide_iface_type_at(const abide_iface *iface, size_t index);
ABIDE_API const abide_type *abide_iface_type(const abide_iface *iface,
                                             const char *name); /**< NULL: none of that name */
ABIDE_API size_t abide_iface_function_count(const abide_iface *iface);
ABIDE_API const abide_function *abide_iface_function_at(const abide_iface *iface, size_t index);
/** The function (or method) of that name; NULL: none. */
ABIDE_API const abide_function *abide_iface_function(const abide_iface *iface, const char *name);
/** The methods of all interfaces, called "INTERFACE.METHOD"; their first parameter is `self`. `_at` past the end is NULL. */
ABIDE_API size_t abide_iface_method_count(const abide_iface *iface);
ABIDE_API const abide_function *abide_iface_method_at(const abide_iface *iface, size_t index);
/** The signature of a function; NULL: none of that name. */
ABIDE_API const abide_signature *abide_iface_signature(const abide_iface *iface,
                                                       const char *function_name);

/**
 * The signature of one call of a variadic function, with extra arguments of the types that `text` lists: "c_int, f64".
 *
 * @return NULL: reported (not-variadic, and all that can be wrong in types)
 */
ABIDE_API const abide_signature *abide_iface_variadic_call(abide_ctx *ctx, const abide_iface *iface,
                                                           const abide_function *function,
                                                           const char *text);

/**
 * Reads the interface file for the sake of what is reported: errors, and warnings and notes on top.
 *
 * @return the interface, for more of the same (abide_plan_lint); NULL: it could not be read
 */
ABIDE_API const abide_iface *abide_iface_lint(abide_ctx *ctx, const char *path);

ABIDE_API const char *abide_function_name(const abide_function *function);
/** The linker's name of what the function calls, before the target's own spelling of symbols. */
ABIDE_API const char *abide_function_symbol(const abide_function *function);
ABIDE_API const abide_signature *abide_function_signature(const abide_function *function);

#ifdef __cplusplus
}
#endif
#endif
