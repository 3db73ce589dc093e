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
    const struct abide_yaml *key; /* of a declared type */
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

struct iface_reader {
    abide_ctx *ctx;
    struct abide_iface *iface;
    struct abide_table words; /* struct iface_word, by the name's address */
    ABIDE_VEC(const struct iface_word *) word_list;
    struct abide_table memos;   /* struct iface_memo, by the text's address */
    struct abide_table unknown; /* names already reported, by their address */
    size_t first_serial;        /* of the types made while reading */
    size_t checked_serial;      /* types before this one are checked, */
    size_t checked_parts;       /* and as many parts */
    bool types_are_sound;       /* complete and free of cycles: newtypes may be followed */
    ABIDE_VEC(const abide_type *) types;
    ABIDE_VEC(struct iface_part) parts; /* to be checked */
    ABIDE_VEC(struct abide_expectation) expectations;
};

/* What a type expression may be in its place; bits. */
enum iface_use {
    IFACE_USE_VALUE = 0,
    IFACE_USE_RESULT = 1,    /* `void` may stand here */
    IFACE_USE_LAST_FIELD = 2 /* an array without a count may stand here */
};

/* iface_word.c: the words of the type language. */
void abide_iface__add_builtins(struct iface_reader *reader);
/* `name` is interned. NULL: it is not known. */
struct iface_word *abide_iface__find_word(const struct iface_reader *reader, const char *name);
void abide_iface__add_word(struct iface_reader *reader, struct iface_word *word);

/* iface_expr.c, iface_signature.c: the type language. NULL, false: reported. */
const abide_type *abide_iface__expression(struct iface_reader *reader,
                                          const struct abide_yaml *node, unsigned use);
/* "(a T, b U) -> R"; `named`: each parameter needs a name. The signature is filled but for convention and callbacks. */
bool abide_iface__signature(struct iface_reader *reader, const struct abide_yaml *node, bool named,
                            abide_signature *signature);

/* iface_types.c: the `types:` section, and types written in place. */
void abide_iface__read_types(struct iface_reader *reader, const struct abide_yaml *section);
/* An expression, or a mapping that defines a type in place. NULL: reported. */
const abide_type *abide_iface__type(struct iface_reader *reader, const struct abide_yaml *node,
                                    unsigned use);
/* Whether a mapping has a key that defines a type, such as `struct`; else it may be the long form of something. */
bool abide_iface__defines_type(const struct abide_yaml *node);
bool abide_iface__facts(struct iface_reader *reader, const struct abide_yaml *node,
                        struct abide_facts *facts);

/* iface_check.c: what can be seen only when all types are known. First, before newtypes are followed anywhere: */
void abide_iface__check_cycles(struct iface_reader *reader);
/* Then the types made since the last check; only if they are sound and nothing was reported for them. */
void abide_iface__check_types(struct iface_reader *reader);
/* False: a parameter or the result has no size; reported. Only when the types are sound. */
bool abide_iface__check_signature(struct iface_reader *reader, const abide_signature *signature);

/* iface_functions.c: the `functions:` section. */
void abide_iface__read_functions(struct iface_reader *reader, const struct abide_yaml *section);

#endif
