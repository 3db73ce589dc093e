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
    const char *
        field; /* of the layout: `name`, unless the language has no room for both `type` and `type_` */
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
    const char *absence;        /* POINTER: why a function that it leads to cannot be called */
    const struct part *parts;   /* CODE: the parameters */
    size_t part_count;
    const struct item *item; /* ITEM */
};

enum item_kind { ITEM_STRUCT, ITEM_UNION, ITEM_ALIAS, ITEM_ENUM, ITEM_OPAQUE };

/* A number that a type has a name for. */
struct constant {
    const char *name;
    const char *full_name; /* at the top of a file: `mode_fast` */
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
    const char *absence;        /* OPAQUE: why it has no layout here; NULL: it is never known */
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
    const struct shape *shape; /* CODE; NULL: it is absent */
    const char *absence;       /* why it cannot be called here; NULL */
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

/* A constant of the interface; the same in all models of a file. */
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
struct file;
struct model {
    struct cli *cli;
    const struct language *language;
    const abide_iface *iface;
    const abide_data *data;     /* the file as it is written, for what it says to readers; NULL */
    const char *abi;            /* as the command line has it */
    const abide_module *module; /* under which the model is made: that of its first target */
    const char *package, *doc;
    struct item **items; /* what is used by value comes first */
    size_t item_count, item_capacity;
    struct item **known; /* all, with those that are not made yet */
    size_t known_count, known_capacity;
    size_t named_count; /* of `known`: the types of the interface, which come first */
    struct item_slots by_type;
    struct name_set item_names;     /* bare */
    struct name_set type_names;     /* the same, as they are */
    struct name_set function_names; /* of the interface's functions */
    struct name_set routine_names;  /* the same, and their symbols */
    struct routine *routines;
    size_t routine_count;
    struct valued *constants;
    size_t constant_count;
    struct bound_target *targets; /* of the file */
    size_t target_count;
    bool *is_own;        /* the targets under which C sees these declarations */
    size_t first_target; /* of those */
};

/* The interface of the first operand under `model->module`; what has no form there says so (`absence`). false: reported. */
bool model_make(struct model *model);
/* Sizes and offsets under every target of the file. */
void model_measure(struct model *model);
/* The constants under every target, when all models are made. false: reported. */
bool models_evaluate(struct model *models, size_t count);
/* A type that a constant has; `where` names it if it has no name. */
const struct shape *model_shape(struct model *model, const abide_type *type, const char *where);
/* What an item is on the model's own targets. */
const struct facts *own_facts(const struct model *model, const struct item *item);
/* Why the last question failed, which is not reported any more; NULL: there was no memory, which stays so. */
const char *take_failure(struct cli *cli);

/* ---- files ---- */

/* A binding: one model, or several, each for other targets. What they have in common stands once. */
struct file {
    const struct language *language;
    const struct model *models;
    size_t model_count;
};

/* A declaration in a language, with the blank line in front of it. */
struct chunk {
    const char *text;
    const char *key; /* what it is found by in other models: its text, or that it is left out */
    const char *name, *lead, *value; /* Zig: the parts of the text; `value` NULL: it is left out */
    const char *why;                 /* why it is left out, or known behind pointers alone; NULL */
    const struct item *item;         /* of types; else NULL */
    bool *models;                    /* those that have it, of a file */
};
struct chunks {
    struct chunk *items;
    size_t count, capacity;
};
/* `text` is taken over, and empty again. */
struct chunk *add_chunk(struct chunks *chunks, struct text *text);
/* A comment behind `text` in the place of a function; where all models have one, it stands once. `why`: if it is not absent. */
void add_left_out(struct chunks *chunks, struct text *text, const char *indent, const char *start,
                  const struct routine *routine, const char *why);

/* A chunk of another list. */
void take_chunk(struct chunks *chunks, const struct chunk *chunk);

/* Adds what a model declares of one sort. */
typedef void make_chunks(const struct model *model, struct chunks *chunks);
/* The declarations of all models in an order that each of them has; `models` tells whose they are. */
struct chunks merge_chunks(const struct file *file, make_chunks *make);
bool is_common(const struct file *file, const struct chunk *chunk);
bool same_models(const struct file *file, const struct chunk *a, const struct chunk *b);
/* A copy of what was printed, which is empty again. */
const char *take_text(struct text *text);

/* How a language tells sections apart at compile time, by a number that it computes first. `%s` is a condition of targets, or of sections. */
struct choice {
    const char *key; /* in the table of targets */
    const char *head, *first, *next,
        *end; /* the number; `first` and `next` have the condition, and the number */
    const char *one, *between; /* conditions of targets */
    const char *is, *or_is;    /* a condition of sections, with their numbers */
    const char *open, *other,
        *close; /* around declarations; `other` for those that are next to one another */
    const char *indent;
    const char
        *nothing; /* what stands in a section that has comments alone; "": comments will do */
};
/* Lines behind `indent`. */
void print_indented(struct text *text, const char *indent, const char *lines);
/* Computes the number, if there are sections. */
void print_choice(const struct file *file, const struct choice *choice, struct text *text);
/* Declarations, those that not all models have between conditions. */
void print_chunks(const struct file *file, const struct chunks *chunks, const struct choice *choice,
                  struct text *text);

/* ---- languages ---- */

struct language {
    const char *name;
    const char *const *keywords;              /* NULL-terminated */
    const char *prefix;                       /* in front of a keyword; NULL: nothing */
    const char *suffix;                       /* behind a keyword */
    const char *(*respell)(const char *name); /* what else a name may not be; NULL: nothing */
    const char *const *reserved; /* names that a constant cannot have; NULL-terminated, or NULL */
    void (*print)(const struct file *file, struct text *text);
};
extern const struct language language_c, language_cpp, language_rust, language_nim, language_python,
    language_zig;

/* The name in a language: letters, digits and `_`, and no keyword. */
const char *safe_name(const struct language *language, const char *name);
/* Whether a text has a word by itself. */
bool has_word(const char *text, const char *word);
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
/* Documentation of a type, and why it is absent. */
void print_item_comment(struct text *text, const char *indent, const char *start,
                        const struct item *item);
/* The condition of a target in a language, its key in the table of targets; NULL: there is none. */
const char *target_guard(const struct bound_target *target, const char *key);
/* "Made by abide bind ..." in lines. */
void print_head(const struct model *model, const char *language, const char *start,
                struct text *text);

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
/* Whether a language has a word for the type of a number. */
bool can_say_constant(const struct valued *valued, enum scalar_column column);
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

/* ---- targets ---- */

/* Targets of which the same is said. */
struct group {
    size_t *targets;
    size_t count;
    const char *text; /* assertions */
};
/* Those that have a condition under `key`, by size and alignment of an item. Returns how many groups there are. */
size_t group_by_bytes(const struct model *model, const struct item *item, const char *key,
                      struct group **groups);
/* The same by what `print` asserts of the items, one after the other. */
typedef void print_asserted(const struct model *model, struct text *text, const struct item *item,
                            const struct facts *facts);
size_t group_by_assertions(const struct file *file, const char *key, print_asserted *print,
                           struct group **groups);
/* Whether an item has one size and alignment wherever it has any. */
bool has_one_size(const struct item *item, const struct model *model);

#endif
