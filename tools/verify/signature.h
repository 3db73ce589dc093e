/*
 * A random signature and the types it needs, as plain values: copying the
 * struct copies everything, which is what shrinking does all day.
 */
#ifndef ABIDE_VERIFY_SIGNATURE_H
#define ABIDE_VERIFY_SIGNATURE_H

#include "capture/capture.h"

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

enum {
    MAX_FIELDS = 12,
    MAX_TYPES = 12,
    MAX_DIMENSIONS = 2,
    MAX_VALUE_BYTES = 240, /* of one generated type; less than a cell */
};

/* What may be generated; `--with` and `--without` name them. */
enum feature {
    FEATURE_I128 = 1 << 0,
    FEATURE_LONGDOUBLE = 1 << 1,
    FEATURE_EMPTY = 1 << 2,
    FEATURE_UNION = 1 << 3,
    FEATURE_ENUM = 1 << 4,
    FEATURE_POINTER = 1 << 5,
    FEATURE_PACKED = 1 << 6,   /* packed types and fields, pack: N */
    FEATURE_ALIGN = 1 << 7,    /* align: on types and fields */
    FEATURE_BITFIELD = 1 << 8, /* with a name */
    FEATURE_UNNAMED = 1 << 9,  /* unnamed and zero-width bit-fields */
    FEATURE_HALF = 1 << 10,    /* f16 */
    FEATURE_BFLOAT = 1 << 11,  /* bf16, which not every compiler has */
    FEATURE_QUAD = 1 << 12,    /* f128 */
    FEATURE_BITSET = 1 << 13,
    FEATURE_TUPLE = 1 << 14,
    FEATURE_VARIADIC = 1 << 15,
    FEATURE_VECTOR = 1 << 16, /* of 8 and 16 bytes */
    FEATURE_WIDE = 1 << 17,   /* vectors of 32 and 64 bytes */
    FEATURE_COMPLEX = 1 << 18,
    FEATURE_ROLE = 1 << 19, /* parameters in places of their own, where the module has such */
    FEATURE_COUNT = 20,
    FEATURE_ODD = 1 << FEATURE_COUNT, /* types that hardly any program has, alone: generate_odd.c */
    /* The size of records without bytes is a multiple of their alignment: only so C has arrays of them. */
    FEATURE_EVEN_EMPTY = 1 << (FEATURE_COUNT + 1),
    /* What plain C seldom has: half of the signatures do without any, and the others have some. */
    FEATURE_SELDOM = FEATURE_PACKED | FEATURE_ALIGN | FEATURE_BITFIELD | FEATURE_UNNAMED |
                     FEATURE_BFLOAT | FEATURE_VECTOR | FEATURE_WIDE | FEATURE_COMPLEX,
    FEATURE_DEFAULT = (((1 << FEATURE_COUNT) - 1) & ~FEATURE_BFLOAT) | FEATURE_EVEN_EMPTY,
};
extern const char *const feature_names[FEATURE_COUNT];

/* What a value is as a whole: a number, a pointer, or several numbers. */
struct scalar {
    const char *name; /* in an interface file */
    const char *c_name;
    unsigned size_bytes; /* roughly: bounds what is generated, decides nothing */
    enum {
        GROUP_INTEGER,
        GROUP_FLOAT,
        GROUP_POINTER,
        GROUP_COMPLEX,
        GROUP_VECTOR,
        GROUP_COUNT
    } group;
    unsigned feature; /* those that it takes; 0: always there */
};
extern const struct scalar scalars[];
extern const unsigned scalar_count;

/* What a scalar consists of: equal parts that lie one behind the other. */
struct scalar_parts {
    unsigned part; /* the scalar itself, if it is one number */
    unsigned count;
};

/* Counts of array dimensions that are no numbers of elements. */
enum {
    COUNT_ABSENT = 0, /* no dimension */
    COUNT_MAX = 1 << 16,
    COUNT_ZERO = COUNT_MAX + 1, /* of no elements: [0] */
    COUNT_OPEN = COUNT_MAX + 2, /* without a count, at the end of a struct: [] */
};

/* A type where it is used: a scalar or a named type, in up to two array dimensions. */
struct use {
    enum { USE_SCALAR, USE_NAMED, USE_POINTER_TO } kind;
    unsigned index;                  /* into scalars, or into the signature's types */
    unsigned counts[MAX_DIMENSIONS]; /* the outermost first */
};

struct field {
    struct use type;
    bool is_bitfield;
    bool is_unnamed; /* bit-fields only */
    bool packed;
    unsigned bits;
    unsigned align_bytes; /* 0: natural */
};

struct type {
    enum { TYPE_STRUCT, TYPE_UNION, TYPE_TUPLE, TYPE_ENUM, TYPE_NEWTYPE } kind;
    struct field fields[MAX_FIELDS]; /* NEWTYPE: the first one is what it wraps */
    unsigned field_count;
    bool packed;
    unsigned pack_bytes;
    unsigned align_bytes;
    int64_t first_value; /* ENUM: of the first of two enumerators */
    bool is_list;        /* ENUM: written without values, so from 0 */
    int base;            /* ENUM: index into scalars, or -1 */
};

/* What a parameter is to a convention that has a place of its own for it: a fact of the module, and what C says of it. */
struct role {
    const char *fact;
    const char *attribute;
    bool comes_back; /* in C a pointer, through which the callee writes */
};

enum { MAX_ROLES = 8 };

/* In the order in which C wants them, one behind the other. */
struct roles {
    struct role items[MAX_ROLES];
    unsigned count;
};

struct signature {
    uint64_t seed;                /* of the run */
    uint64_t index;               /* in the run: (seed, index) makes the same signature again */
    struct type types[MAX_TYPES]; /* a type uses earlier ones only */
    unsigned type_count;
    struct use params[MAX_PARAMETERS];
    unsigned param_count;
    unsigned
        unnamed_count; /* of a variadic call: the last so many parameters are extra arguments; 0: not variadic */
    bool has_result;
    struct use result;
    const struct role *roles[MAX_PARAMETERS]; /* NULL: none; owned by the process */
    unsigned back; /* the result is not one, but what comes back of parameter back - 1; 0: it is */
};

/* generate.c */
/* `scalars_allowed`: a bit for each of `scalars`; at least one must remain with `features`. */
void signature_generate(struct signature *signature, uint64_t seed, uint64_t index,
                        unsigned features, uint64_t scalars_allowed);
/* Gives some signatures parameters with roles, in front of or between the others. */
void signature_add_roles(struct signature *signature, const struct roles *roles);
/* Takes a parameter away. */
void signature_remove_param(struct signature *signature, unsigned index);
/* Whether a scalar may be generated. */
bool signature_scalar_allowed(unsigned scalar, unsigned features, uint64_t scalars_allowed);
struct scalar_parts signature_scalar_parts(unsigned scalar);
/* How many elements an array has, all dimensions together; 1: it is none. */
unsigned signature_elements(const struct use *use);
/* Those of a set of scalars whose values stay what they are wherever they go: pointers to functions become others. */
uint64_t signature_scalars_of_values(uint64_t scalars);
/* Which types are needed by parameters, the result, or each other. */
void signature_mark_used(const struct signature *signature, bool used[MAX_TYPES]);

/* render.c: types are called t<number>_<i>, the function f<number>. */
void render_interface_start(FILE *file);
void render_interface_types(FILE *file, const struct signature *signature, unsigned number);
void render_interface_function(FILE *file, const struct signature *signature, unsigned number);
void render_c_prelude(FILE *file);
void render_c_types(FILE *file, const struct signature *signature, unsigned number);
/* A parameter as C declares it: its type, its name p<index>, the attribute of its role. */
void render_c_param(FILE *file, const struct signature *signature, unsigned index, unsigned number);
void render_c_use(FILE *file, const struct use *use, unsigned number);

#endif
