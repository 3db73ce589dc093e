/* Pairs of types that stand in the same places of two descriptions. */
#ifndef ABIDE_COMPARE_PAIRS_H
#define ABIDE_COMPARE_PAIRS_H

#include "compare.h"

struct pair {
    const abide_type *before, *after; /* bare */
    const char *path;
    const char *via;
    struct spot before_spot,
        after_spot; /* the types, or where those stand that have no place of their own */
    unsigned use;   /* enum use, of all places where it stands */
    bool is_waiting;
    bool is_expanded;
    bool leads;  /* something was found here, or behind it */
    bool is_own; /* something was found of the types themselves */
    bool
        is_moved; /* something was found of what they are in memory, if only by what lies in them */
    const char *cause; /* the path of the pair in them that is the reason; NULL: none */
};

/* A part of a type that has a place of its own; else where the type stands. */
static inline struct spot pair_spot(const struct spot *spot, size_t index)
{
    struct spot part = *spot;
    if (part.type && part.index == SIZE_MAX)
        part.index = index;
    return part;
}

struct link {
    size_t child, parent; /* indexes of pairs */
};

struct pairs {
    struct comparison *comparison;
    struct pair *items;
    size_t count, capacity;
    size_t *slots; /* hash table of indexes + 1 */
    size_t slot_count;
    size_t *queue;
    size_t queue_count, queue_capacity;
    struct link *links;
    size_t link_count, link_capacity;
    size_t parent;         /* the pair whose parts are joined, + 1; 0: a function's */
    size_t examined_count; /* of `items` */
    struct seen_types {
        const abide_type **slots; /* hash table */
        size_t slot_count, count;
    } sides[2]; /* types with names that were joined to anything */
};

/* A scalar or a pointer that a type consists of. */
struct leaf {
    uint64_t offset_bits, size_bits;
    char class; /* as scalar_class; 'p': a pointer */
    const abide_type *type;
    size_t field; /* of the layout of the whole; SIZE_MAX: it is the whole */
};

struct leaves {
    struct leaf *items;
    size_t count, capacity;
    bool is_all; /* false: there are more, or parts that are not looked into */
};
/* By their offsets. */
struct leaves leaves_of(struct comparison *comparison, int side, const abide_type *type);
/* Whether both are all of a type, in the same places and of the same kinds: the same bytes, told in another way. */
bool leaves_are_same(const struct leaves *before, const struct leaves *after);
/* Those of some fields of the whole alone. */
struct leaves leaves_of_fields(const struct leaves *leaves, const bool *is_field);

/* What the bits of a number are: 'b' a truth value, 'u' and 's' integers without and with a sign, 'f' a float, 'h' a bf16. */
char scalar_class(struct comparison *comparison, int side, const abide_type *type);
/* A scalar, an enum or flags. */
bool is_number(const abide_type *type);

/* Things with names: fields, values, cases or methods of two types. */
struct matching {
    size_t *partners;  /* of the old ones: indexes of the new ones, or SIZE_MAX */
    size_t *backwards; /* of the new ones */
    bool *renamed;     /* of the old ones: the partner has another name */
    size_t count, other_count;
};
/* Names may be NULL: those are partners in their order. */
struct matching match_names(const char *const *before, size_t count, const char *const *after,
                            size_t other_count);
/* What has no partner becomes that of what has none and stands at the same index, where `is_same` says so. */
void match_renamed(struct matching *matching,
                   bool (*is_same)(const void *user, size_t before, size_t after),
                   const void *user);
struct matching match_members(const abide_type *before, const abide_type *after);
struct matching match_values(const abide_type *before, const abide_type *after);
struct matching match_cases(const abide_type *before, const abide_type *after);
struct matching match_methods(const abide_type *before, const abide_type *after);

size_t case_count(const abide_type *type);

/* Joins what two types of the same kind consist of. */
void pair_expand(struct pairs *pairs, const struct pair *pair);
/* Whether fields of a struct came for others and are the same bytes, which are in `leaves` then. */
bool pair_is_retold(struct comparison *comparison, const struct pair *pair,
                    struct leaves leaves[2]);
/* Whether two resources keep ones of the same name, or none. */
bool resources_keep_one(const abide_type *before, const abide_type *after);
/* Joins what the pointers of the same bytes point to. */
void pairs_join_pointers(struct pairs *pairs, const struct edge *edge,
                         const struct leaves leaves[2]);
/* Looks at what the two types are in memory. Whether anything was found. */
bool pair_examine(struct comparison *comparison, struct pair *pair);

#endif
