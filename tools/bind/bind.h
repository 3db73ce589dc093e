/*
 * Bindings: an interface as declarations of another language. The model holds what C sees of it under one ABI, which no language
 * has to look up any more; each language writes that down in its own words.
 */
#ifndef ABIDE_BIND_BIND_H
#define ABIDE_BIND_BIND_H

#include "../question.h"

enum form {
    FORM_VOID,
    FORM_SCALAR,
    FORM_POINTER,
    FORM_ARRAY,
    FORM_VECTOR,
    FORM_COMPLEX,
    FORM_CODE, /* a pointer to a function */
    FORM_ITEM  /* a type with a name */
};

struct item;
struct shape;

struct part {
    const char *name; /* "": a member without a name */
    const struct shape *shape;
    const char *doc; /* NULL: none */
    unsigned bits, align_bytes;
    bool is_bitfield, is_packed;
    bool is_base; /* what the struct extends */
};

struct shape {
    enum form form;
    const char *scalar;         /* SCALAR: as interface files call it */
    const struct shape *target; /* what it points to, or consists of; CODE: the result */
    uint64_t count;             /* ARRAY, VECTOR */
    uint64_t size_bytes;        /* VECTOR */
    bool is_flexible;           /* ARRAY */
    bool is_const;              /* POINTER: nothing is written through it */
    bool is_nullable;           /* POINTER: it may be null */
    bool is_text;               /* POINTER: to what ends in a NUL */
    bool is_variadic;           /* CODE */
    const struct part *parts;   /* CODE: the parameters */
    size_t part_count;
    const struct item *item; /* ITEM */
};

enum item_kind { ITEM_STRUCT, ITEM_UNION, ITEM_ALIAS, ITEM_ENUM, ITEM_OPAQUE };

/* A number that a type has a name for. */
struct constant {
    const char *name;
    int64_t value;
    bool is_unsigned; /* it stands for a uint64_t */
    const char *doc;
};

/* What a type is under one target. `size_bytes` SIZE_MAX: it has no layout there. */
struct facts {
    uint64_t size_bytes, align_bytes;
    bool is_signed;
    uint64_t *offsets_bits; /* of the parts; bit-fields count too */
};

struct item {
    enum item_kind kind;
    const char *name; /* as interface files spell it, but unique */
    const char *doc;
    const char *origin;         /* what it is in the interface, for comments */
    const struct shape *target; /* ALIAS; ENUM: NULL, or its base */
    struct part *parts;
    size_t part_count;
    struct constant *constants;
    size_t constant_count;
    bool is_packed;
    unsigned pack_bytes, align_bytes;
    const abide_type *type;
    const abide_type *physical; /* of functions; else NULL */
    struct facts *facts;        /* one for each target */
    bool is_done, is_started;
    bool is_of_module; /* a type of the ABI's: other bindings and headers have it, too */
};

struct routine {
    const char *name, *symbol;
    const char *doc;
    const char *signature;     /* as the interface says it */
    const struct shape *shape; /* CODE */
    const char **notes;        /* who owns what, in sentences */
    size_t note_count;
    const char *attribute; /* of GNU C, for another convention; NULL */
    bool is_callable;      /* C can call it */
    bool is_destructor;    /* of a resource; adapters have none */
};

/* A value of a constant, and the targets that have it. */
struct value {
    abide_literal literal;
    size_t *targets;
    size_t target_count;
};

/* A constant of the interface. */
struct valued {
    const abide_constant *constant;
    const char *name;       /* as the language has it, and nothing else in the binding */
    const char *doc;        /* NULL: none */
    const abide_type *type; /* behind other names */
    const char
        *scalar; /* of numbers, as interface files call it; NULL: an enum or flags without a base */
    const struct shape *shape; /* of numbers */
    struct value *values;      /* different ones */
    size_t value_count;        /* 0: no target has it */
    bool is_for_all;           /* the file has one value, whatever the target */
    bool hides_part;           /* a field or a parameter has the name, too */
};

/* A target, and how languages tell that they are compiled for it. */
struct bound_target {
    const char *triple;
    const abide_data *guards; /* NULL: it is not in the table */
    const abide_module *module;
};

/* A hash table: indexes + 1. */
struct item_slots {
    size_t *items;
    size_t count;
};

/* Names that are taken (names.c): a hash table that starts as {0}. */
struct name_set {
    const char **slots;
    size_t slot_count, count;
};

bool name_set_has(const struct name_set *names, const char *name);
void name_set_add(struct name_set *names, const char *name);

struct language;
struct model {
    struct cli *cli;
    const struct language *language;
    const abide_iface *iface;
    const abide_data *data;     /* the file as it is written, for what it says to readers; NULL */
    const abide_module *module; /* under which the model is made: that of the first target */
    const char *package, *doc;
    struct item **items; /* what is used by value comes first */
    size_t item_count, item_capacity;
    struct item **known; /* all, with those that are not made yet */
    size_t known_count, known_capacity;
    size_t named_count; /* of `known`: the types of the interface, which come first */
    struct item_slots by_type;
    struct name_set item_names;    /* bare */
    struct name_set type_names;    /* the same, as they are */
    struct name_set routine_names; /* of the interface's functions, and their symbols */
    struct routine *routines;
    size_t routine_count;
    struct valued *constants;
    size_t constant_count;
    struct bound_target *targets;
    size_t target_count;
    bool is_section; /* the file has others */
};

/* The interface of the first operand under the modules of `model->targets`. false: reported. */
bool model_make(struct model *model);
/* Sizes and offsets under every target. */
void model_measure(struct model *model);
/* The constants under every target, when all else is known. false: reported. */
bool model_evaluate(struct model *model);
/* A type that a constant has; `where` names it if it has no name. */
const struct shape *model_shape(struct model *model, const abide_type *type, const char *where);
/* Whether two targets agree on an item. */
bool facts_agree(const struct item *item, size_t a, size_t b);

/* The name of a value of an enum, `mode_fast`, unless a type or a function is called so: languages have one namespace for all. */
const char *constant_name(const struct model *model, const struct item *item,
                          const struct constant *constant);

/* ---- languages ---- */

struct language {
    const char *name;
    const char *const *keywords;              /* NULL-terminated */
    const char *prefix;                       /* in front of a keyword; NULL: nothing */
    const char *suffix;                       /* behind a keyword */
    const char *(*respell)(const char *name); /* what else a name may not be; NULL: nothing */
    const char *const *reserved; /* names that a constant cannot have; NULL-terminated, or NULL */
    void (*print)(const struct model *model, const struct language *language, struct text *text);
};
extern const struct language language_c, language_cpp, language_rust, language_nim, language_python,
    language_zig;

/* The name in a language: letters, digits and `_`, and no keyword. */
const char *safe_name(const struct language *language, const char *name);
/* The word that a scalar has in column `column` of the table; NULL: the language has none. */
enum scalar_column { SCALAR_C, SCALAR_RUST, SCALAR_NIM, SCALAR_PYTHON, SCALAR_ZIG };
const char *scalar_word(const char *scalar, enum scalar_column column);
/* Whether a shape can be said: all scalars in it have a word, and nothing in it is of an unknown form. */
bool can_say(const struct shape *shape, enum scalar_column column);

bool is_record(const struct item *item);

/* A language that does not know every layout of C's. */
struct knowing {
    enum scalar_column column;
    bool (*can_tell)(
        const struct item
            *item); /* whether it lays out a record as C does, if it knows what lies in it */
};
/* Whether a language has bytes in the place of a shape. Bytes have no alignment that it would know. */
bool is_bytes(const struct knowing *knowing, const struct shape *shape);
/* Whether it lays out a record as C does: there are no bytes in it either. */
bool knows_record(const struct knowing *knowing, const struct item *item);
/* Whether it can call a function: nobody knows where bytes are passed. */
bool can_call(const struct knowing *knowing, const struct routine *routine);

/* Comment lines, each behind `start`. */
void print_comment(struct text *text, const char *indent, const char *start, const char *words);
/* What is said in front of a function: documentation, signature, ownership. */
void print_routine_comment(struct text *text, const char *indent, const char *start,
                           const struct routine *routine);
/* The condition of a target in a language, its key in the table of targets; NULL: there is none. */
const char *target_guard(const struct bound_target *target, const char *key);
/* "Made by abide bind ..." in lines. */
void print_head(const struct model *model, const char *language, const char *start,
                struct text *text);

/* One file for several models of an interface, each for other targets: the compiler chooses. */
void print_sections(const struct model *models, size_t count, struct text *text);

/* ---- constants ---- */

struct group;
/* How a language prints a constant, and what stands around values that only some targets have. */
struct printer {
    const char *key; /* in the table of targets */
    void (*print)(const struct model *model, const struct valued *valued,
                  const abide_literal *value, struct text *text);
    /* `index` 0 is the first condition. */
    void (*open)(const struct model *model, const struct group *group, size_t index,
                 struct text *text);
    void (*close)(struct text *text);
};
void print_constant_values(const struct model *model, const struct valued *valued,
                           struct text *text, const struct printer *printer);
/* The kind of its type, as abide_type_kind_name says it. */
const char *valued_kind(const struct valued *valued);
/* Digits of a float that is neither infinite nor NaN: as few as lead to the same number, or as they were written. */
enum precision { PRECISION_SINGLE, PRECISION_DOUBLE, PRECISION_WRITTEN };
const char *float_digits(const abide_literal *value, enum precision precision);
enum precision precision_of(const char *scalar);
enum special { SPECIAL_NONE, SPECIAL_NAN, SPECIAL_INFINITY, SPECIAL_MINUS_INFINITY };
enum special special_of(const abide_literal *value);
/* Bytes between quotes: what is no plain character of ASCII as `byte_format` says, such as "\\x%02x". */
void print_escaped(struct text *text, const char *byte_format, const abide_literal *value);

/* Targets that agree on all items, so that each assertion is written once for them. */
struct group {
    size_t *targets;
    size_t count;
};
/* Of those that have a condition under `key`. Returns how many there are. */
size_t model_groups(const struct model *model, const char *key, struct group **groups);

#endif
