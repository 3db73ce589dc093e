/* A type expression while it is read: shared by the files of the type language (iface_expr.c has the grammar). */
#ifndef ABIDE_TYPES_IFACE_EXPR_H
#define ABIDE_TYPES_IFACE_EXPR_H

#include "types/iface_reader.h"

enum token {
    TOKEN_END,
    TOKEN_WORD,
    TOKEN_NUMBER,
    TOKEN_ARROW, /* -> */
    TOKEN_DOTS,  /* ... */
    TOKEN_MARK,  /* one of < > ( ) , ; */
    TOKEN_OTHER
};

struct expression {
    struct iface_reader *reader;
    const struct abide_yaml *node;
    const char *text;
    unsigned use; /* enum iface_use bits of the whole */
    unsigned depth;
    bool has_callable; /* its signature has places, so that the type is for this expression only */
    bool is_method;    /* a signature whose first parameter is `self` */
    bool failed;       /* something was reported */
    enum token token;  /* the current one: text[start..start + length) */
    size_t start;
    size_t length;
    /* The same in the source, by offset from the node's place (see skip_blanks). */
    size_t source_start;
    size_t source_last_end; /* of the token before it */
};

/* What stands behind a word of the type language, such as ptr; the word itself was read. NULL: reported. */
typedef const abide_type *parse_function(struct expression *expression,
                                         const struct builtin *builtin);

struct builtin {
    const char *name;
    parse_function *parse;
    unsigned detail; /* a kind, a scalar, or flags, as `parse` takes it */
    bool is_soft;    /* a type of the file may have the name, which then means that */
};

/* iface_token.c */
void abide_expr__next(struct expression *expression);
bool abide_expr__at_mark(const struct expression *expression, char mark);
bool abide_expr__at_separator(const struct expression *expression); /* `,` or `;` */
bool abide_expr__accept(struct expression *expression, char mark);
/* False: reported, in the words of `expected`. */
bool abide_expr__expect(struct expression *expression, char mark, const char *expected);
void abide_expr__report_expected(struct expression *expression, const char *expected);
/* A decimal count of at most `max`. False: reported. */
bool abide_expr__count(struct expression *expression, uint64_t max, uint64_t *count);
/* From a token, by its source_start, to the end of the last token that was read. */
struct abide_place abide_expr__place_from(const struct expression *expression, size_t source_start);
struct abide_place abide_expr__token_place(const struct expression *expression);
const char *abide_expr__token_text(struct expression *expression);

/* iface_word.c: reports a name that means nothing, once a file. */
void abide_expr__report_unknown(struct expression *expression, struct abide_place place,
                                const char *name);

/* iface_expr.c */
parse_function abide_expr__scalar, abide_expr__void, abide_expr__plain, abide_expr__around,
    abide_expr__pointer, abide_expr__array, abide_expr__vector, abide_expr__complex,
    abide_expr__bitset, abide_expr__tuple, abide_expr__callable, abide_expr__borrow,
    abide_expr__own, abide_expr__once, abide_expr__mode, abide_expr__option, abide_expr__result,
    abide_expr__bytes, abide_expr__newtype, abide_expr__dyn, abide_expr__shared;
enum { POINTER_MUTABLE = 1, POINTER_NULLABLE = 2 };  /* `detail` of abide_expr__pointer */
enum { AROUND_KIND = 0xff, AROUND_MUTABLE = 0x100 }; /* of abide_expr__around: the kind, and this */
const abide_type *abide_expr__type(struct expression *expression, unsigned use);
/* Refuses a list or a mapping where an expression is expected. */
bool abide_expr__open(struct expression *expression, struct iface_reader *reader,
                      const struct abide_yaml *node, const char *what);
/* True if nothing follows and nothing was reported. */
bool abide_expr__close(struct expression *expression);

/* At a word, which is not read on. */
bool abide_expr__at_word(const struct expression *expression, const char *word);

/* iface_interfaces.c: at `dyn NAME` of an interface, or at `shared` in front of it. */
const abide_type *abide_expr__refuse_interface(struct expression *expression,
                                               const abide_type *interface);
bool abide_expr__at_object(const struct expression *expression);

/* iface_signature.c: "(a T, b U) -> R"; `named`: each parameter needs a name. */
bool abide_expr__signature(struct expression *expression, bool named, abide_signature *signature);

#endif
