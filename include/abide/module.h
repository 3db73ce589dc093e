/*
 * ABI modules: an ABI as data, read from YAML (abi-specs/README.md is the vocabulary).
 *
 * Life: abide_module_load reads, checks and resolves one for a target; the context owns it. Immutable. A mistake in a
 * module is reported at load, with its place, never at use.
 */
#ifndef ABIDE_MODULE_H
#define ABIDE_MODULE_H

#include "abide/ctx.h"

#ifdef __cplusplus
extern "C" {
#endif

typedef struct abide_module abide_module;

/**
 * The module a reference names, resolved for a target: `name[@semver][:option=value,...]`, a file (a reference with `/` in
 * it or ending in `.yaml`), or `c`, the C ABI of the target.
 *
 * @param target triple of two to four parts; NULL: the machine the library was built for
 * @return NULL: reported (unknown-module, unknown-target, and all that can be wrong in a module file)
 */
ABIDE_API const abide_module *abide_module_load(abide_ctx *ctx, const char *reference,
                                                const char *target);

/** Reads a module file so that references can name it (`--module FILE`). false: reported. */
ABIDE_API bool abide_module_add_file(abide_ctx *ctx, const char *path);

/** A module that references can name. */
typedef struct abide_module_info {
    const char *name;
    const char *version;
    const char *level;          /**< "machine" or "language" */
    const char *summary;        /**< NULL: none stated */
    const char *path;           /**< NULL: part of the library */
    const char *const *targets; /**< triples whose C ABI it is */
    size_t target_count;
    const char *of; /**< the module whose C ABI this is a convention beside; NULL: none */
} abide_module_info;

/**
 * The modules that references can name: in the order in which they are searched for, then by name. Of several with one
 * name and version only the first is listed, the one that a reference finds. false: reported.
 */
ABIDE_API bool abide_module_list(abide_ctx *ctx, const abide_module_info **infos, size_t *count);

/**
 * The module as a module file, with all that it takes over from others. Owned by `ctx`.
 *
 * @return NULL when there is no memory
 */
ABIDE_API const char *abide_module_print(abide_ctx *ctx, const abide_module *module);

/** Reads the module file for every target it serves, for the sake of what is reported. */
ABIDE_API void abide_module_lint(abide_ctx *ctx, const char *path);

ABIDE_API const char *abide_module_name(const abide_module *module);
ABIDE_API const char *abide_module_version(const abide_module *module);
ABIDE_API const char *
abide_module_target(const abide_module *module); /**< triple without the vendor */
ABIDE_API const char *
abide_module_level(const abide_module *module); /**< "machine" or "language" */
/** Whether the first byte of a number is its most significant one. */
ABIDE_API bool abide_module_is_big_endian(const abide_module *module);
ABIDE_API const char *abide_module_summary(const abide_module *module);
/** The machine module a language module lowers to; a machine module itself. */
ABIDE_API const abide_module *abide_module_machine(const abide_module *module);
/** Options in the order of the module's declaration; values as resolved. */
ABIDE_API size_t abide_module_option_count(const abide_module *module);
ABIDE_API const char *abide_module_option_name_at(const abide_module *module, size_t index);
ABIDE_API const char *abide_module_option_value_at(const abide_module *module, size_t index);

/**
 * How GNU C spells that a function has this convention ("regparm(3)", as in __attribute__((regparm(3)))), and options
 * without which its compilers speak another ABI ("-mabi=lp64"). NULL: nothing need be said.
 */
ABIDE_API const char *abide_module_attribute(const abide_module *module);
/** How GNU C spells that a parameter has a fact of the module ("swift_context" of the fact `context`). */
typedef struct abide_param_attribute {
    const char *fact;
    const char *attribute;
} abide_param_attribute;
ABIDE_API size_t abide_module_param_attribute_count(const abide_module *module);
ABIDE_API abide_param_attribute abide_module_param_attribute_at(const abide_module *module,
                                                                size_t index);
ABIDE_API const char *abide_module_compiler_flags(const abide_module *module);
/**
 * What compilers call the lists of a function of this convention that has unnamed arguments: "__builtin_va", as in
 * __builtin_va_list and __builtin_va_start. NULL: in C there are no such functions.
 */
ABIDE_API const char *abide_module_va_prefix(const abide_module *module);
/** false: the module says that no compiler of C has its convention (`in_c: none`). */
ABIDE_API bool abide_module_is_in_c(const abide_module *module);

/** Values about which a compiler does otherwise than the module says (`deviations`). */
typedef struct abide_deviation {
    const char *id;
    const char *compiler; /**< "gcc", "clang" */
    const char *versions; /**< "<20"; NULL: all */
    const char *of;       /**< "args", "returns" or "layout" */
    const char *example;  /**< the smallest C text that shows it */
    const char *source;   /**< NULL: none stated */
} abide_deviation;

ABIDE_API size_t abide_module_deviation_count(const abide_module *module);
ABIDE_API abide_deviation abide_module_deviation_at(const abide_module *module, size_t index);
/** Whether a compiler of that name and version ("19.1.7"; NULL: any) deviates so. */
ABIDE_API bool abide_module_deviation_applies(const abide_module *module, size_t index,
                                              const char *compiler, const char *version);

#ifdef __cplusplus
}
#endif
#endif
