/*
 * The lowered ("physical") signature: what one ABI makes of an abstract signature, in C-like types, before machine rules
 * say which register holds what. For a machine module it is the signature itself after `represent` (a C module
 * represents a slice parameter as pointer and length, say); a language module rewrites more.
 */
#ifndef ABIDE_CALL_PHYSICAL_H
#define ABIDE_CALL_PHYSICAL_H

#include "abide/call.h"
#include "layout/layout.h"
#include "spec/module.h"

/* Who may do what with the memory behind a pointer that stands for a value. */
enum abide_copy {
    ABIDE_COPY_NONE,   /* the value itself is passed */
    ABIDE_COPY_CALLER, /* the caller made a private copy that the callee owns and may overwrite */
    ABIDE_COPY_BORROW, /* the caller's own object; the callee must not write */
    ABIDE_COPY_MOVED,  /* the caller's object, given away */
    ABIDE_COPY_SHARED  /* the caller's own object, and the callee may overwrite it all the same */
};

struct abide_physical_param {
    const char *name; /* for prototypes; NULL: none */
    enum abide_role role;
    size_t of;                  /* index of the abstract parameter; SIZE_MAX for OUT and ENV */
    const char *part;           /* "len" of a spread parameter; NULL: all of it */
    uint64_t part_offset_bytes; /* where the part lies in the represented value */
    const abide_type *type;     /* physical: what is passed (a pointer where copy is not NONE) */
    /* physical: the represented value that is passed, pointed to, or part of; of a part of a flat form that form (flat_of) */
    const abide_type *value_type;
    enum abide_mode
        mode; /* OUT, INOUT: `type` points to memory that the callee writes (but see `comes_back`); OUT: zero or not, it is not read */
    bool is_consumed; /* the callee owns what it gets, as this ABI sees it */
    bool is_given;    /* so it does with all that lies in it, whatever the interface says */
    bool ends_loans;  /* borrowed handles of resources from elsewhere are the callee's to drop */
    enum abide_copy copy;
    bool is_variadic;
    /* OUT, INOUT: the value itself is passed, as `type`, and the callee's new one comes back in its place. */
    bool comes_back;
    const struct abide_rule_origin *rule; /* of the module that decided; NULL: no rule was needed */
};

enum abide_result_mode {
    ABIDE_RESULT_NOTHING, /* void */
    ABIDE_RESULT_VALUE,   /* returned as the C result `type` */
    ABIDE_RESULT_OUT, /* through a param of role OUT; `type` is void, or (returns_tag) the type of the tag's copy */
    ABIDE_RESULT_POINTER, /* a pointer to the value (a borrowed result, unless `is_moved`) is the C result `type` */
    /*
     * A result<T, E>: `value_type` is a struct {status, value, error}, of which `status` is returned as `type`, and the others,
     * as far as they are there, go through params of role OUT in this order, each only written if it exists.
     */
    ABIDE_RESULT_STATUS
};

struct abide_physical_result {
    enum abide_result_mode mode;
    const abide_type *type;       /* physical C result; VOID for NOTHING and OUT */
    const abide_type *value_type; /* physical: the represented value, or its flat form (flat_of) */
    const struct abide_error_rule
        *errors; /* STATUS: how failures are told (call/failure.h); NULL: by the status */
    bool
        returns_tag; /* OUT: the callee also returns the tag of the value it wrote, widened to `type` */
    bool
        is_moved; /* POINTER: the value lies in memory of the hook `allocate`, and the caller gets that with all that the value owns */
    bool
        is_lent; /* what it points to stays the lender's, as this ABI sees it; else the caller owns what it gets */
    /* Facts about the memory a result goes to, as this ABI states them (module key `out`, and `hidden` for C's own): */
    bool zeroed; /* the caller hands over zeroed memory */
    bool
        exclusive; /* nothing else points to it until the call returns, so it may be written early */
    bool callee_reads; /* the callee may read (release) the old contents */
    const struct abide_rule_origin *rule;
};

struct abide_physical {
    const abide_module *module;  /* language or machine, resolved */
    const abide_module *machine; /* where calls go: c, c/fastcall ... as the convention decided */
    const abide_module *foreign; /* as asked for; NULL: none */
    const abide_signature *signature;
    const struct abide_physical_param *params; /* in the order of the C prototype */
    size_t param_count;
    /*
     * Where one param is the address of a record of all parameters (`gather`): the parameters, each at `part_offset_bytes` of
     * the record, as if it were passed by an address of its own. NULL: no param is.
     */
    const struct abide_physical_param *gathered;
    size_t gathered_count;
    bool is_variadic;
    struct abide_physical_result result;
};

/*
 * Lowers a signature. `foreign` is the module at the other side of an adapter, or NULL: types that `module` has no
 * representation for (and raw<T>) are carried in the foreign module's representation. `env`: add the environment
 * parameter that a closure of this signature takes. NULL: reported.
 *
 * A type that bears facts which `module` does not declare (they say something about another ABI, and may change its
 * layout) is carried in the foreign module's representation too, if there is one.
 */
const struct abide_physical *abide_physical__of(abide_ctx *ctx, const abide_module *module,
                                                const abide_signature *signature,
                                                const abide_module *foreign, bool env);

/* Whether calls give nothing back but through parameters. */
bool abide_physical__has_no_result(const struct abide_physical *physical);

/* The physical type that represents an abstract one under a module (see `foreign` above). NULL: reported. */
const abide_type *abide_represent__type(abide_ctx *ctx, const abide_module *module,
                                        const abide_type *type, const abide_module *foreign);

/* prototype.c: " __attribute__((swift_context))", which stands behind the parameter in C; or "". */
const char *abide_physical__attribute(abide_ctx *ctx, const struct abide_physical *physical,
                                      const struct abide_physical_param *param);

#endif
