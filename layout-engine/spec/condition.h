/*
 * Conditions of the machine level: what `when:` says about a physical type that is passed. A mapping holds if all its
 * keys hold, a list if any of its entries does, a plain word names one of the module's `predicates`.
 *
 * Compiled at load, where what depends on options and the target alone is decided; evaluated by call/evaluate.c.
 * spec/predicates.def lists the keys.
 */
#ifndef ABIDE_SPEC_CONDITION_H
#define ABIDE_SPEC_CONDITION_H

#include "spec/language.h"
#include "spec/module.h"

/* What a leaf, or a whole value, is to a rule; used as bits. */
enum abide_leaf_kind {
    ABIDE_LEAF_INT,
    ABIDE_LEAF_PTR,
    ABIDE_LEAF_FLOAT,
    ABIDE_LEAF_COMPLEX,
    ABIDE_LEAF_VECTOR,
    ABIDE_LEAF_STRUCT,
    ABIDE_LEAF_UNION,
    ABIDE_LEAF_ARRAY,
    ABIDE_LEAF_KIND_COUNT
};

/* What a walk over the leaves of a value crosses; used as bits, in `enter` and per leaf. */
enum abide_container {
    ABIDE_IN_STRUCT = 1,
    ABIDE_IN_UNION = 2,
    ABIDE_IN_ARRAY = 4,  /* of several elements */
    ABIDE_IN_ARRAY1 = 8, /* of one element */
    ABIDE_IN_COMPLEX = 16,
    ABIDE_IN_PACKED = 32, /* a packed record, whatever else it is */
    ABIDE_IN_ANY = 63
};

enum abide_test {
#define ABIDE_PREDICATE(id, key, form, doc) ABIDE_TEST_##id,
#include "spec/predicates.def"
#undef ABIDE_PREDICATE
    ABIDE_TEST_COUNT
};

enum abide_compare {
    ABIDE_COMPARE_EQ,
    ABIDE_COMPARE_LT,
    ABIDE_COMPARE_LE,
    ABIDE_COMPARE_GT,
    ABIDE_COMPARE_GE
};

/* "<=16", or one number of a list. */
struct abide_limit {
    enum abide_compare compare;
    uint64_t value;
};

/* Numbers of which one must hold; none: anything does. */
struct abide_limits {
    const struct abide_limit *items;
    size_t count;
};

/* Limits on what a module may write, so that reading and evaluating stay quick. */
#define ABIDE_CONDITION_MAX_DEPTH 32
#define ABIDE_CONDITION_MAX_COST  10000

/* At most this many leaves are told apart by `members`. */
#define ABIDE_SHAPE_MAX_LEAVES 8

/* One of `shapes: [float int, ...]`. */
struct abide_member_shape {
    unsigned kinds[ABIDE_SHAPE_MAX_LEAVES]; /* bits of enum abide_leaf_kind */
    size_t count;
};

struct abide_condition {
    enum abide_test test;
    bool flag;                  /* tests that are true or false; members: they fill it */
    unsigned kinds;             /* bits of enum abide_leaf_kind */
    unsigned formats;           /* bits of enum abide_format */
    uint64_t scalars;           /* bits of enum abide_scalar */
    unsigned enter;             /* bits of enum abide_container */
    uint64_t max_count;         /* homogeneous */
    struct abide_limits limits; /* numbers */
    const struct abide_limits
        *leaf_sizes; /* homogeneous, members: in bytes, by leaf kind; NULL: any */
    uint32_t
        max_bytes[ABIDE_LEAF_KIND_COUNT]; /* members: largest leaf of each kind; 0: none may be */
    uint32_t budgets;                     /* spent: banks of the budget, as bits */
    enum abide_leaf_kind
        padding_kind; /* members: of unnamed bit-fields; COUNT: they do not count */
    const struct abide_member_shape *shapes;
    size_t shape_count;
    const char *const *words; /* interned */
    size_t word_count;
    const struct abide_condition *const *parts; /* all, any, not */
    size_t part_count;
    uint32_t cost; /* how many tests an evaluation makes at most */
    struct abide_place place;
};

/* What conditions of a module may refer to. */
struct abide_condition_scope {
    const struct abide_module *module; /* target and options are filled in */
    const struct abide_option_decl *options;
    size_t option_count;
    const struct abide_yaml *facts;      /* the module's `facts`; NULL: none */
    const struct abide_yaml *predicates; /* the module's `predicates`; NULL: none */
    struct named_condition *named;       /* parallel to the entries of `predicates` */
};

struct abide_condition_scope *abide_condition__scope(abide_ctx *ctx,
                                                     const struct abide_module *module,
                                                     const struct abide_yaml *tree,
                                                     const struct abide_option_decl *options,
                                                     size_t option_count);
/* NULL where `node` is NULL (always). What was wrong is reported; the result can still be used to find more mistakes. */
const struct abide_condition *abide_condition__read(abide_ctx *ctx,
                                                    struct abide_condition_scope *scope,
                                                    const struct abide_yaml *node);
/* Compiles the named ones that no rule used yet, so that mistakes in them are found. */
void abide_condition__read_named(abide_ctx *ctx, struct abide_condition_scope *scope);

/* Whether the module's `facts` have the word. */
bool abide_condition__declares_fact(const struct abide_condition_scope *scope, const char *name);

/* A condition on options and the target alone, so that no value need be known. What was wrong is reported. */
bool abide_condition__holds_always(abide_ctx *ctx, struct abide_condition_scope *scope,
                                   const struct abide_yaml *node);

/* Words for kinds ("int", "scalar", "aggregate") and formats; reported if there is no such word. */
bool abide_condition__kinds(abide_ctx *ctx, const struct abide_yaml *node, unsigned *kinds);
/* `enter: [struct, array, unpacked]`. */
unsigned abide_condition__enter(abide_ctx *ctx, const struct abide_yaml *node);
/* What unnamed bit-fields count as; ABIDE_LEAF_KIND_COUNT: nothing, or reported. `node` may be NULL. */
enum abide_leaf_kind abide_condition__padding(abide_ctx *ctx, const struct abide_yaml *node);

/* A word that is a leaf kind; ABIDE_LEAF_KIND_COUNT: none. */
enum abide_leaf_kind abide_condition__kind_of(const char *word);
/* A word that is a format; ABIDE_FORMAT_NONE: none. */
enum abide_format abide_condition__format_of(const char *word);

#endif
