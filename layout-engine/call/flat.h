/*
 * The flat form of a value: the words (scalars and pointers) that it becomes where a language module passes values as words
 * (`flatten`). Structs and arrays are opened; a sum is its tag and, for all its cases together, as many words as the longest
 * payload has, each as wide as the widest that stands there: equal words stay what they are (but a bool is u8), different
 * pointers to data are `void *`, others become the unsigned integer that holds their bits.
 */
#ifndef ABIDE_CALL_FLAT_H
#define ABIDE_CALL_FLAT_H

#include "call/represent.h"

/* What is longer has no flat form: nobody passes so many words. */
#define ABIDE_FLAT_MAX_WORDS 256

struct abide_flat_word {
    const abide_type *type; /* physical: a scalar or a pointer */
    /* What the name of a parameter with this word adds to the name of the whole: "_len"; "": nothing. */
    const char *suffix;
    const char *leaf; /* a name by itself: "len" */
    /* Where its bytes lie in the represented value; ABIDE_FLAT_NOWHERE: it is a tag, or stands for several payloads. */
    uint64_t source_bytes;
};
#define ABIDE_FLAT_NOWHERE UINT64_MAX

struct abide_flat {
    const abide_type *
        type; /* a physical struct of the words, each with a name; `flat_of` is the abstract type */
    const struct abide_flat_word *words;
    size_t word_count;
    bool is_in_place; /* every word is bytes of the represented value: there is no tag among them */
};

/* NULL: the type has no flat form, and nothing was reported; or its representation was reported. */
const struct abide_flat *abide_flat__words(abide_ctx *ctx, const struct abide_representing *how,
                                           const abide_type *type);

/* The flat form as a physical struct of those words. NULL: as abide_flat__words. */
const abide_type *abide_flat__of(abide_ctx *ctx, const struct abide_representing *how,
                                 const abide_type *type);

/* Words of the flat form; SIZE_MAX: there is none. */
size_t abide_flat__count(abide_ctx *ctx, const struct abide_representing *how,
                         const abide_type *type);

#endif
