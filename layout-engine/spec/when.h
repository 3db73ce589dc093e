/*
 * Conditions of the language level: what `when:` says about an abstract type, the parameter or result it stands for, the
 * options in force, and the target. A mapping holds if all its keys hold, a list if any of its entries does.
 *
 * Compiled at load; evaluated by call/decide.c, since a size needs a layout.
 */
#ifndef ABIDE_SPEC_WHEN_H
#define ABIDE_SPEC_WHEN_H

#include "base/yaml.h"
#include "types/type.h"

enum abide_when_op {
    ABIDE_WHEN_ALWAYS,
    ABIDE_WHEN_ALL,
    ABIDE_WHEN_ANY,
    ABIDE_WHEN_NOT,
    ABIDE_WHEN_CONTAINS,  /* the operand holds for the type or for one it holds by value */
    ABIDE_WHEN_ROOT,      /* the operand holds for the root of the chain of `base:` */
    ABIDE_WHEN_POINTS_TO, /* the operand holds for what a pointer points to */
    ABIDE_WHEN_RESULT,    /* in a parameter rule: the operand holds for the signature's result */
    ABIDE_WHEN_KIND,      /* `type:`; `kinds` */
    ABIDE_WHEN_FACT,      /* of the type (or a newtype around it); any of `words` */
    ABIDE_WHEN_PARAM_FACT,
    ABIDE_WHEN_RESULT_FACT,
    ABIDE_WHEN_OPTION,    /* `name` against `words` or, of a version, `bounds` */
    ABIDE_WHEN_ARCH,      /* target; `words` */
    ABIDE_WHEN_OS,        /* target; `words` */
    ABIDE_WHEN_POINTER,   /* target, in bytes; `bounds` */
    ABIDE_WHEN_SIZE,      /* in bytes, as the language itself counts them (`decide:`); `bounds` */
    ABIDE_WHEN_COUNT,     /* elements of an array or a bitset; `bounds` */
    ABIDE_WHEN_LOWEST,    /* enumerator; `bounds` */
    ABIDE_WHEN_HIGHEST,   /* enumerator; `bounds` */
    ABIDE_WHEN_POSITION,  /* of the parameter, from 0; `bounds` */
    ABIDE_WHEN_EMPTY,     /* a record without fields; `flag` */
    ABIDE_WHEN_BASE,      /* a struct or enum with `base:`; `flag` */
    ABIDE_WHEN_BITFIELDS, /* a record with bit-fields; `flag` */
    ABIDE_WHEN_VARIADIC,  /* the parameter is an extra argument of a described call; `flag` */
    ABIDE_WHEN_CASES, /* `cases: {ok: unit, err: niche}`: each named case exists and its payload meets its operand;
                             `words` parallel to `operands` */
    ABIDE_WHEN_BARE, /* a sum without payloads; `flag` */
    ABIDE_WHEN_OPEN, /* an open enum, flags or variant, a struct that grows; `flag` */
    ABIDE_WHEN_OWN,  /* the type, or the parameter, is given away; `flag` */
    ABIDE_WHEN_MODE, /* of the parameter: in, out, inout; `words` */
    ABIDE_WHEN_FORM, /* the form that the interface chose of this kind, or the module's first; `words` */
    ABIDE_WHEN_NICHE, /* values of the type never start with a null pointer, as the module's `niche` says; `flag` */
    ABIDE_WHEN_NULLABLE, /* a pointer that may be null; `flag` */
    ABIDE_WHEN_FLAT, /* words of the flat form; of a type that has none no bound holds; `bounds` */
    ABIDE_WHEN_MUTABLE, /* mutptr, mutref, mutslice; `flag` */
};

enum abide_bound_op {
    ABIDE_BOUND_EQ,
    ABIDE_BOUND_LT,
    ABIDE_BOUND_LE,
    ABIDE_BOUND_GT,
    ABIDE_BOUND_GE
};

/* One end of what a number may be: "<=16", "255", ">=2.0.6". */
struct abide_bound {
    enum abide_bound_op op;
    int64_t value;    /* of a number */
    const char *text; /* of a version */
};

struct abide_when {
    enum abide_when_op op;
    const struct abide_when *const *operands;
    size_t operand_count;
    uint64_t kinds; /* bits: 1 << enum abide_kind */
    const char *name;
    bool is_version;
    bool flag;
    const char *const *words; /* interned */
    size_t word_count;
    const struct abide_bound *bounds; /* one of them must hold */
    size_t bound_count;
    uint32_t weight;    /* tests in it, counting those of predicates every time they are used */
    bool walks_members; /* holds a `contains` */
    struct abide_place place;
};

/* Bounds on the work that one condition can cost (condition-too-large). */
#define ABIDE_WHEN_MAX_WEIGHT 10000

/* What conditions of a module may refer to. */
struct abide_predicate {
    const char *name;
    const struct abide_when *when;
    struct abide_place place;
};
struct abide_when_scope {
    const struct abide_option_decl *options;
    size_t option_count;
    const struct abide_fact_decl *facts;
    size_t fact_count;
    const struct abide_form_decl *forms;
    size_t form_count;
    struct abide_predicate *predicates; /* those declared so far */
    size_t predicate_count;
};

/* `node` NULL: always. Never NULL; what was wrong is reported. */
const struct abide_when *abide_when__read(abide_ctx *ctx, const struct abide_when_scope *scope,
                                          const struct abide_yaml *node);

/* Whether a test of this kind occurs in the condition. */
bool abide_when__uses(const struct abide_when *when, enum abide_when_op op);

bool abide_bound__holds(struct abide_bound bound, int64_t value);
/* Numbers with dots between them. */
bool abide_version__is_legal(const char *text);
/* Versions compare by their numbers from left to right; a missing number is 0. */
int abide_version__compare(const char *left, const char *right);
bool abide_bound__version_holds(struct abide_bound bound, const char *version);

#endif
