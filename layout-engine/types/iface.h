/* Interface files from the inside: types and functions in the order of the file. */
#ifndef ABIDE_TYPES_IFACE_H
#define ABIDE_TYPES_IFACE_H

#include "abide/constant.h"
#include "base/table.h"
#include "types/error_rule.h"

/* `unnamed:`: what the function that is called takes in place of its caller's unnamed arguments. */
enum abide_unnamed {
    ABIDE_UNNAMED_SAME, /* unnamed arguments too; those that are described come as parameters from callers */
    ABIDE_UNNAMED_LIST,      /* a va_list */
    ABIDE_UNNAMED_WORDS,     /* a va_list, and each of them fits into one slot of it */
    ABIDE_UNNAMED_PARAMETERS /* those that are described, as parameters */
};

/* The number of a function where calls go by number. */
struct abide_function_number {
    const char *where; /* an architecture or a triple; NULL: everywhere */
    uint32_t value;
};

/* `checks:` of the file, or of a function. */
struct abide_iface_checks {
    abide_checks mode;
    const char *on_invalid;   /* NULL: not said */
    struct abide_place place; /* of on_invalid */
};

/* `unwind:` of the file, or of a function: what becomes of an exception, or a panic, that would leave the function. */
enum abide_unwind {
    ABIDE_UNWIND_UNSAID, /* none comes, and adapters do nothing about it */
    ABIDE_UNWIND_ABORT,  /* adapters end the process */
    ABIDE_UNWIND_ALLOW   /* it passes, and what adapters began is left as it is */
};

struct abide_function {
    const char *name;
    const char *symbol; /* `symbol:`, else the name with `_` for `-` */
    const char *doc;    /* NULL: none */
    const abide_signature *signature;
    bool
        has_invokes; /* `invokes: f`: calls the closure in parameter `invokes` instead of a symbol */
    size_t invokes;
    enum abide_unnamed unnamed;
    /* `errors:`, of either side of a call; NULL: what it returns is no failure, or a value that says so itself. */
    const struct abide_error_use *caller_errors;
    const struct abide_error_use *callee_errors;
    enum abide_unwind unwind;         /* what the function does not say, the file's */
    bool is_blocking;                 /* `blocking`: it may wait for something */
    bool calls_back_anywhere;         /* `calls-back: any-thread`; else on the thread of the call */
    struct abide_iface_checks checks; /* what the function does not say, the file's */
    const struct abide_function_number *numbers; /* `number:` */
    size_t number_count;
    struct abide_place place;
    struct abide_place symbol_place;
    const abide_type *interface; /* of a method, which is found in a vtable; else NULL */
};

/* A value of a constant, and the targets that have it. */
struct abide_constant_case {
    const char *const *targets; /* triples */
    size_t target_count;        /* 0: all that no case before it names */
    abide_literal value;
    struct abide_place place; /* of the value */
};

struct abide_constant {
    const char *name;
    const char *doc; /* NULL: none */
    const abide_type *type;
    const struct abide_constant_case *cases; /* the first that fits */
    size_t case_count;
    struct abide_place place;
};

/*
 * `hooks: {thread_attach: n_thread_enter, new_seq: {message: n_new_messages}}`: the symbols a language module's hooks ask for
 * by name, some for each type.
 */
struct abide_iface_hook {
    const char *name;
    const char *symbol;
    const abide_type *type; /* NULL: for all types */
    struct abide_place place;
};

/* `expect:` of a type: what is known of its layout from elsewhere; compared by the layout layer. */
struct abide_expectation {
    const abide_type *type;
    const char *abi;            /* module reference it holds for; NULL: any */
    const char *const *targets; /* triples it holds for */
    size_t target_count;        /* 0: any */
    const char *field;          /* names of fields with dots between them; NULL: the type itself */
    bool has_size, has_align, has_offset;
    uint64_t size_bytes, align_bytes, offset_bits;
    struct abide_place place;
};

struct abide_iface {
    const char *package;
    const char *
        provides; /* reference of the ABI module in whose terms the library offers itself; NULL: not said */
    struct abide_place provides_place;
    enum abide_unwind unwind;
    struct abide_iface_checks checks;
    const abide_type *const *types;
    size_t type_count;
    const abide_function *const *functions;
    size_t function_count;
    ABIDE_VEC(const abide_function *)
    added; /* what `functions` is, if a program made the interface */
    ABIDE_VEC(const abide_function *) methods; /* called "INTERFACE.METHOD" */
    const struct abide_constant *constants;
    size_t constant_count;
    const struct abide_iface_hook *hooks;
    size_t hook_count;
    const struct abide_expectation *expectations;
    size_t expectation_count;
    const struct abide_source *source;
    struct abide_table types_by_name; /* abide_type, abide_function, by the name's text */
    struct abide_table functions_by_name;
    struct abide_table constants_by_name; /* struct abide_constant, likewise */
};

/* iface.c: makes a function findable by its name. */
void abide_iface__index_function(abide_ctx *ctx, abide_iface *iface,
                                 const abide_function *function);
/* iface_signature.c: parameters are not too many, and no two have the same name. False: reported. */
bool abide_iface__check_params(abide_ctx *ctx, const abide_signature *signature);

/* iface_check.c: the values of an enum fit in its base. False: reported. */
bool abide_iface__check_values(abide_ctx *ctx, const abide_type *type);
/* Warns of extra arguments that C converts. */
void abide_iface__check_promotions(abide_ctx *ctx, const abide_signature *signature);

/* iface.c: an interface from a tree that was parsed or put together. NULL: reported. */
struct abide_yaml;
const abide_iface *abide_iface__from_tree(abide_ctx *ctx, const struct abide_source *source,
                                          const struct abide_yaml *root);

/* Limits of the reader, besides those of YAML (base/yaml.h) and of types (types/type.h). */
#define ABIDE_IFACE_MAX_TYPE_DEPTH 64
#define ABIDE_IFACE_MAX_FIELDS     ((size_t)1 << 20)
#define ABIDE_IFACE_MAX_PARAMS     1024

#endif
