/*
 * Calling sequences: where every byte of every argument and of the result goes.
 *
 * Life: owned by the context; immutable.
 */
#ifndef ABIDE_CALL_H
#define ABIDE_CALL_H

#include "abide/layout.h"

#ifdef __cplusplus
extern "C" {
#endif

typedef struct abide_assignment abide_assignment;

typedef enum abide_pass {
    ABIDE_PASS_IGNORE,  /**< nothing is passed */
    ABIDE_PASS_DIRECT,  /**< pieces hold the value */
    ABIDE_PASS_POINTER, /**< `pointer` holds the address of a copy */
    ABIDE_PASS_HIDDEN /**< results: `pointer` is where the caller puts the address of the result */
} abide_pass;

typedef enum abide_extend {
    ABIDE_EXTEND_UNSTATED,
    ABIDE_EXTEND_NONE,
    ABIDE_EXTEND_ZERO,
    ABIDE_EXTEND_SIGN
} abide_extend;

/** Bytes [offset, offset + size) of a value in one register, or in one place of the stack argument area. */
typedef struct abide_piece {
    uint64_t offset_bytes;
    uint64_t size_bytes;
    const char *register_name; /**< NULL: on the stack */
    int64_t
        stack_offset_bytes; /**< from the stack pointer at the call instruction, before a return address is pushed */
    uint32_t at_bytes; /**< where the piece starts in the register's memory image */
    const char *
        as; /**< "f64": the register holds the value converted to this wider format; NULL: as it is */
    abide_extend extend;  /**< of a value narrower than its place; UNSTATED: it fills its place */
    uint32_t extend_bits; /**< up to which bit, where `extend` is ZERO or SIGN */
    bool
        extend_is_owed; /**< who fills the place has to extend, but who reads it cannot rely on that */
} abide_piece;

/** What an argument or a result is to the lowered signature. */
typedef enum abide_role {
    ABIDE_ROLE_VALUE, /**< a parameter, or a part of one */
    ABIDE_ROLE_SELF,
    ABIDE_ROLE_OUT, /**< the address where the result goes, as an ordinary argument */
    ABIDE_ROLE_ENV  /**< a closure's environment */
} abide_role;

/** What of a value the lowered signature has. */
typedef enum abide_form {
    ABIDE_FORM_WHOLE,   /**< the value, of its own type */
    ABIDE_FORM_ADDRESS, /**< the address of the value, or of memory for it */
    ABIDE_FORM_WORDS /**< parameters: one of its words; results: its words, as one scalar or as a struct */
} abide_form;

/** A rule of a module that decided something. `rule` NULL: there was nothing to decide. */
typedef struct abide_decision {
    const char *module;      /**< the one that holds the rule */
    const char *rule;        /**< its id */
    const char *source;      /**< the document and clause that it quotes; NULL: none stated */
    abide_position position; /**< of the rule in its module */
} abide_decision;

/** One argument (or the result) of a calling sequence. */
typedef struct abide_argument {
    const char *name;       /**< of the parameter; "result" for an out pointer; may be NULL */
    const abide_type *type; /**< as the interface says */
    const char *part;       /**< "len" of a parameter that became several; NULL: all of it */
    abide_role role;
    abide_form form;
    abide_pass pass;
    uint64_t size_bytes;
    size_t piece_count;
    const abide_piece *pieces;  /**< DIRECT */
    const abide_piece *pointer; /**< POINTER, HIDDEN: one piece; else NULL */
    const char
        *returned_register; /**< HIDDEN: where the callee gives the address back; NULL: nowhere */
    bool comes_back;        /**< DIRECT: its registers hold the new value when the call returns */
    bool is_variadic;
    abide_decision lowered_by; /**< how a language makes C of it */
    abide_decision placed_by;  /**< which registers and stack slots it gets */
} abide_argument;

/** The calling sequence of `signature` under `module` (a language module is lowered first). NULL: reported. */
ABIDE_API const abide_assignment *abide_assignment_of(abide_ctx *ctx, const abide_module *module,
                                                      const abide_signature *signature);

/**
 * The same of code of the type `code`, a parameter's or field's: `fn(...)`, which is itself a pointer, as C has it, or a closure.
 * The code of a closure takes an environment besides, which no signature shows. NULL: reported, or `code` is NULL.
 */
ABIDE_API const abide_assignment *
abide_assignment_of_code(abide_ctx *ctx, const abide_module *module, const abide_type *code);

/** Arguments in the order of the lowered signature. */
ABIDE_API size_t abide_assignment_argument_count(const abide_assignment *assignment);
ABIDE_API abide_argument abide_assignment_argument_at(const abide_assignment *assignment,
                                                      size_t index);
/**
 * Argument `index` as C declares it, under the name that it has there: what is abstract in the interface is a struct or a pointer
 * (but not behind pointers). ABIDE_RESULT: what is returned, of kind "void" if nothing is.
 *
 * @return `type` NULL: past the end, or no memory
 */
ABIDE_API abide_parameter abide_assignment_declared_at(abide_ctx *ctx,
                                                       const abide_assignment *assignment,
                                                       size_t index);
ABIDE_API abide_argument abide_assignment_result(const abide_assignment *assignment);
ABIDE_API uint64_t abide_assignment_stack_bytes(const abide_assignment *assignment);
ABIDE_API uint64_t abide_assignment_stack_align_bytes(const abide_assignment *assignment);
ABIDE_API bool abide_assignment_callee_cleans(const abide_assignment *assignment);
ABIDE_API uint64_t abide_assignment_callee_pops_bytes(const abide_assignment *assignment);
/** The register that counts vector registers of a variadic call; NULL: none. */
ABIDE_API const char *abide_assignment_vector_count_register(const abide_assignment *assignment);
/** The register with the address of the unnamed arguments, whose stack offsets count from there; NULL: they are on the stack. */
ABIDE_API const char *abide_assignment_area_register(const abide_assignment *assignment);
/** The instruction that calls, as the module names it; NULL: callees have addresses. */
ABIDE_API const char *abide_assignment_called_by(const abide_assignment *assignment);
/** The register with the number of the function, where calls go by number; NULL: they do not. */
ABIDE_API const char *abide_assignment_number_register(const abide_assignment *assignment);
/** The instruction that returns, as the module names it; NULL: as the processor's functions do. */
ABIDE_API const char *abide_assignment_returned_by(const abide_assignment *assignment);
/** The number that the interface gives a function for the target of a module, if it does. */
ABIDE_API bool abide_function_number(const abide_function *function, const abide_module *module,
                                     uint32_t *number);

/** Whether a callee leaves a register as it was. Those of the result it does not. */
ABIDE_API bool abide_assignment_preserves(const abide_assignment *assignment,
                                          const char *register_name);

/** Whether a value of a call under `module` is among those of its deviation `index`. */
ABIDE_API bool abide_deviation_in_call(abide_ctx *ctx, const abide_module *module, size_t index,
                                       const abide_signature *signature);
/** The same of the layout of a type. */
ABIDE_API bool abide_deviation_in_layout(abide_ctx *ctx, const abide_module *module, size_t index,
                                         const abide_type *type);

/**
 * The C prototype that the ABI's own compiler would emit for a function `name`, in front of it the attribute of its module
 * (abide_module_attribute). Owned by `ctx`.
 */
ABIDE_API const char *abide_assignment_prototype(abide_ctx *ctx, const abide_assignment *assignment,
                                                 const char *name);

#ifdef __cplusplus
}
#endif
#endif
