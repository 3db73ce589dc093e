/* The interface reader from the inside: what its files share. */
#ifndef ABIDE_TYPES_IFACE_READER_H
#define ABIDE_TYPES_IFACE_READER_H

#include "base/diag.h"
#include "base/hash.h"
#include "base/schema.h"
#include "base/table.h"
#include "types/iface.h"

/* A word that means a type: a scalar, a type constructor, or a type of the file. */
struct iface_word {
    const char *name;              /* interned */
    const struct builtin *builtin; /* NULL: `type` is declared in the file */
    abide_type *type;
    const struct abide_yaml *key;        /* of a declared type */
    const struct abide_yaml *definition; /* likewise */
};

/* A type expression that was read before: equal texts are the same pointer, and mean the same type in one file. */
struct iface_memo {
    const char *text; /* interned */
    const abide_type *type;
};

/* An element, or another type that lies in one without a place of its own. */
struct iface_part {
    struct abide_place place;
    const abide_type *type;
};

/* What a vector or a complex number is said to consist of. */
struct iface_element {
    struct abide_place place;
    enum abide_kind kind; /* VECTOR, COMPLEX */
    const abide_type *type;
};

struct iface_reader {
    abide_ctx *ctx;
    struct abide_iface *iface;
    struct abide_table words; /* struct iface_word, by the name's address */
    ABIDE_VEC(const struct iface_word *) word_list;
    struct abide_table memos;   /* struct iface_memo, by the text's address */
    struct abide_table unknown; /* names already reported, by their address */
    size_t first_serial;        /* of the types made while reading */
    size_t checked_serial;      /* types before this one are checked, */
    size_t checked_parts;       /* and as many parts, */
    size_t checked_elements;    /* and elements, */
    size_t checked_owned;       /* and owned names, */
    size_t settled_results;     /* and results with a name */
    bool types_are_sound;       /* complete and free of cycles: newtypes may be followed */
    /* `forms:` of the file or of the function that is read, by kind; interned; NULL: the ABI's first. */
    const char *forms[ABIDE_KIND_COUNT];
    const struct abide_error_use *caller_errors, *callee_errors; /* `errors:` of the file */
    bool in_function_forms; /* then a text may mean another type than before */
    ABIDE_VEC(const abide_type *) types;
    ABIDE_VEC(struct iface_part) parts;       /* to be checked */
    ABIDE_VEC(struct iface_element) elements; /* likewise: names that may be defined later */
    ABIDE_VEC(struct iface_part)
    owned; /* `own NAME`: what the name stands for must not be borrowed */
    ABIDE_VEC(const abide_signature *) callables_that_fail; /* with `errors` of their own */
    ABIDE_VEC(const abide_type *) given_closures; /* `own NAME`, `once NAME` of closures */
    size_t settled_closures;
    ABIDE_VEC(abide_signature *) named_results; /* without a lender; see settle_ownership */
    ABIDE_VEC(struct abide_expectation) expectations;
    ABIDE_VEC(struct abide_iface_hook) hooks;
};

/* What a type expression may be in its place; bits. */
enum iface_use {
    IFACE_USE_VALUE = 0,
    IFACE_USE_RESULT = 1,     /* `void` may stand here */
    IFACE_USE_LAST_FIELD = 2, /* an array without a count may stand here */
    IFACE_USE_DEFINITION = 4  /* `newtype T` may stand here */
};

/* iface_checks.c: `checks:`, over what is said already. False: reported. */
bool abide_iface__read_checks(struct iface_reader *reader, const struct abide_yaml *node,
                              struct abide_iface_checks *checks);

/* `errors:` of a function or closure that is a type; and whether all such return a result, once types are known. */
bool abide_iface__read_callable_errors(struct iface_reader *reader, const struct abide_yaml *node,
                                       abide_signature *signature);
void abide_iface__check_callable_errors(struct iface_reader *reader);
/* iface_errors.c: `errors:` of the file; of a function, or (`node` NULL) what the file says. False: reported. */
bool abide_iface__read_file_errors(struct iface_reader *reader, const struct abide_yaml *node);
bool abide_iface__read_errors(struct iface_reader *reader, const struct abide_yaml *node,
                              abide_signature *signature, struct abide_function *function);

/* iface_word.c: the words of the type language. */
void abide_iface__add_builtins(struct iface_reader *reader);
/* `name` is interned. NULL: it is not known. */
struct iface_word *abide_iface__find_word(const struct iface_reader *reader, const char *name);
/* No type of the file can have this name. */
bool abide_iface__is_taken(const struct iface_reader *reader, const char *name);
void abide_iface__add_word(struct iface_reader *reader, struct iface_word *word);

/* iface_expr.c, iface_signature.c: the type language. NULL, false: reported. */
const abide_type *abide_iface__expression(struct iface_reader *reader,
                                          const struct abide_yaml *node, unsigned use);
/* `type:` of a parameter, with `own`, `out` and the like in front; fills type, mode and is_own. */
bool abide_iface__param_type(struct iface_reader *reader, const struct abide_yaml *node,
                             struct abide_param *param);
/* "T from x" behind `returns:`; the parameters are known. Fills result and lender. */
bool abide_iface__result_type(struct iface_reader *reader, const struct abide_yaml *node,
                              abide_signature *signature);
/* The fixed parameter of an interned name. False: none has it; reported with `code`. */
bool abide_iface__find_param(abide_ctx *ctx, const abide_signature *signature, const char *name,
                             struct abide_place place, enum abide_code code, size_t *index);
/* `from NAME`: what the result points to belongs to that parameter. False: reported. */
bool abide_iface__set_lender(abide_ctx *ctx, abide_signature *signature, const char *name,
                             struct abide_place place);
/* "(a T, b U) -> R"; `named`: each parameter needs a name. The signature is filled but for convention and callbacks. */
bool abide_iface__signature(struct iface_reader *reader, const struct abide_yaml *node, bool named,
                            abide_signature *signature);

/* The same of a method, whose first parameter is `self`. */
bool abide_iface__method_signature(struct iface_reader *reader, const struct abide_yaml *node,
                                   abide_signature *signature);

/* iface_interfaces.c: the `interfaces:` section. Names first, which types may use, then, behind types, methods. */
void abide_iface__declare_interfaces(struct iface_reader *reader, const struct abide_yaml *section);
void abide_iface__read_interfaces(struct iface_reader *reader, const struct abide_yaml *section,
                                  const char *version);

/* `since:` is a version. False: reported. */
bool abide_iface__check_since(struct iface_reader *reader, const struct abide_yaml *since);
/*
 * What has `since`, or none (NULL), is no older than what stands before it, whose `since` is *latest; then *latest is its own.
 * False: reported.
 */
bool abide_iface__follows(struct iface_reader *reader, const struct abide_yaml *since,
                          struct abide_place place, const char *what,
                          const struct abide_yaml **latest);

/* iface_functions.c: `unwind:` of the file, or of a function. False: reported. */
bool abide_iface__read_unwind(struct iface_reader *reader, const struct abide_yaml *node,
                              enum abide_unwind *unwind);

/*
 * iface_sized.c: structs that grow, `open: sized`. The type is marked before its fields are read; the version of each is looked at when
 * it is read; what they are and where such a struct lies, when all types are known. False: reported.
 */
bool abide_iface__read_sized(struct iface_reader *reader, const struct abide_yaml *const *values,
                             abide_type *type);
bool abide_iface__read_version(struct iface_reader *reader, const abide_type *type,
                               const struct abide_yaml *since, const struct abide_yaml **latest,
                               struct abide_field *field);
bool abide_iface__check_sized(struct iface_reader *reader, const abide_type *type);
bool abide_iface__check_part_not_sized(struct iface_reader *reader, struct abide_place place,
                                       const abide_type *part);
/* A type of the file that holds values of another in itself, which must not be one that grows; those of expressions are parts. */
bool abide_iface__check_not_sized(struct iface_reader *reader, const abide_type *type);

/* iface_types.c: the `types:` section, and types written in place. */
void abide_iface__read_types(struct iface_reader *reader, const struct abide_yaml *section);
/* An expression, or a mapping that defines a type in place. NULL: reported. */
const abide_type *abide_iface__type(struct iface_reader *reader, const struct abide_yaml *node,
                                    unsigned use);
/* Whether a mapping has a key that defines a type, such as `struct`; else it may be the long form of something. */
bool abide_iface__defines_type(const struct abide_yaml *node);
/* The fields of a struct or union, into `type`. False: reported. */
bool abide_iface__fields(struct iface_reader *reader, const struct abide_yaml *node,
                         abide_type *type);
/* A power of two up to `max`. False: reported. */
bool abide_iface__alignment(struct iface_reader *reader, const struct abide_yaml *node,
                            uint64_t max, uint64_t *align_bytes);
bool abide_iface__facts(struct iface_reader *reader, const struct abide_yaml *node,
                        struct abide_facts *facts);
/* Keys that a later release will read; the last one is NULL. */
struct abide_later_key {
    const char *key;
    const char *instead; /* the way out until then */
};
/* False: the mapping has one of them; reported. */
bool abide_iface__check_not_later(struct iface_reader *reader, const struct abide_yaml *node,
                                  const struct abide_later_key *later);
/* Declares a name under `types:` or `interfaces:` as a type of this kind. NULL: the name cannot be used; reported. */
abide_type *abide_iface__declare(struct iface_reader *reader, const struct abide_yaml *key,
                                 enum abide_kind kind, const char *what);
/* `target:` of an expectation or a value: a triple, or a list of them. False: reported. */
bool abide_iface__read_targets(struct iface_reader *reader, const struct abide_yaml *node,
                               const char *const **targets, size_t *count);
/* iface_cases.c: types that are made of names, from their keys (enum type_key). False: reported. */
bool abide_iface__read_enum(struct iface_reader *reader, const struct abide_yaml *const *values,
                            abide_type *type);
bool abide_iface__read_flags(struct iface_reader *reader, const struct abide_yaml *const *values,
                             abide_type *type);
bool abide_iface__read_variant(struct iface_reader *reader, const struct abide_yaml *const *values,
                               abide_type *type);
bool abide_iface__read_resource(struct iface_reader *reader, const struct abide_yaml *const *values,
                                abide_type *type);
/* iface_closure.c: whether a type is a closure, or a name of the file for one, which may be defined later. */
bool abide_iface__names_closure(const struct iface_reader *reader, const abide_type *type);
/* Gives closures that are given away what their names stand for, once these are defined. */
void abide_iface__settle_closures(struct iface_reader *reader);
/* iface_form.c: the type in the form that the file or the function chose for its kind. */
const abide_type *abide_iface__in_form(struct iface_reader *reader, const abide_type *type);
/* `forms: {string: nul}` of a file or a function. False: reported. */
bool abide_iface__read_forms(struct iface_reader *reader, const struct abide_yaml *node);
/* `form: nul` beside a type; the type in that form. NULL: reported. */
const abide_type *abide_iface__with_form(struct iface_reader *reader, const struct abide_yaml *node,
                                         const abide_type *type);

/* iface_check.c: what can be seen only when all types are known. First, before newtypes are followed anywhere: */
void abide_iface__check_cycles(struct iface_reader *reader);
/* Then the types made since the last check; only if they are sound and nothing was reported for them. */
void abide_iface__check_types(struct iface_reader *reader);
/* Whether there are vectors (complex numbers) of this type. False: reported. */
bool abide_iface__check_element(struct iface_reader *reader, struct abide_place place,
                                enum abide_kind kind, const abide_type *element);
/* Names that `own` or a result made stand for something given away, since the last time; only if the types are sound. */
void abide_iface__settle_ownership(struct iface_reader *reader);
/* False: a parameter or the result has no size; reported. Only when the types are sound. */
bool abide_iface__check_signature(struct iface_reader *reader, const abide_signature *signature);

/* iface_constants.c: the `constants:` section, when all types are known. */
void abide_iface__read_constants(struct iface_reader *reader, const struct abide_yaml *section);

/* iface_functions.c: the `functions:` section. */
void abide_iface__read_functions(struct iface_reader *reader, const struct abide_yaml *section);

#endif
