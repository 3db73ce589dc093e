/*
 * What may be written: tables of keys that drive reading, error texts and the reference. A mapping is read by naming its
 * schema; the reader gets an array of values in the order of the schema's keys (NULL: absent), after unknown, missing and
 * wrongly shaped keys have been reported with the nearest legal key.
 */
#ifndef ABIDE_BASE_SCHEMA_H
#define ABIDE_BASE_SCHEMA_H

#include "base/yaml.h"

enum abide_yaml_shape { /* of a value; a set of bits */
                        ABIDE_SHAPE_SCALAR = 1,
                        ABIDE_SHAPE_SEQUENCE = 2,
                        ABIDE_SHAPE_MAPPING = 4,
                        ABIDE_SHAPE_NULL = 8,
                        ABIDE_SHAPE_ANY = 15
};

/* A word that may be written; lists of them end with a name that is NULL. */
struct abide_word {
    const char *name;
    const char *doc; /* what it means */
};

/*
 * What stands for a key, for those who write schemas. A grammar is ways with `|` between them: NAME (a kind of mapping, a set of
 * words or a content that spec/keys.c lists, or `text`, `number`, `integer`, `limit`, `flag`, `nothing`), [WAYS] a list, [+WAYS] one
 * that is not empty, {WAYS} a mapping, {SET: WAYS} one whose keys are words of the set; `word` is one of the key's own words.
 */
struct abide_content {
    const char *grammar;
    const struct abide_word *words; /* NULL: none */
};
extern const struct abide_content abide_schema__flag, abide_schema__number, abide_schema__integer;
#define ABIDE_FLAG                     (&abide_schema__flag)
#define ABIDE_NUMBER                   (&abide_schema__number)
#define ABIDE_INTEGER                  (&abide_schema__integer)
#define ABIDE_HOLDS(grammar)           (&(const struct abide_content){(grammar), NULL})
#define ABIDE_WORDS(words)             (&(const struct abide_content){"word", (words)})
#define ABIDE_WORDS_IN(words, grammar) (&(const struct abide_content){(grammar), (words)})

struct abide_key {
    const char *name;
    unsigned shapes; /* enum abide_yaml_shape bits */
    bool required;
    const char *doc;                     /* one sentence for the reference and the JSON schema */
    const struct abide_content *content; /* NULL: text */
};

struct abide_schema {
    const char *what; /* "a bank", "an interface file": used in error texts */
    const struct abide_key *keys;
    size_t key_count;
};

/* false: something was reported; `values` (key_count entries) is filled as far as possible all the same. */
bool abide_schema__read(abide_ctx *ctx, const struct abide_schema *schema,
                        const struct abide_yaml *node, const struct abide_yaml **values);

/* Scalars with a type. false: reported (with what was expected). */
bool abide_schema__bool(abide_ctx *ctx, const struct abide_yaml *node, bool *value);
bool abide_schema__uint(abide_ctx *ctx, const struct abide_yaml *node, uint64_t max,
                        uint64_t *value);
bool abide_schema__int(abide_ctx *ctx, const struct abide_yaml *node, int64_t *value);
/* From -2^63 to 2^64 - 1; `*is_large`: it is more than an int64_t holds, and `*value` has the bits of the uint64_t. */
bool abide_schema__wide_int(abide_ctx *ctx, const struct abide_yaml *node, int64_t *value,
                            bool *is_large);
/* One of a list of words; gives its index. */
bool abide_schema__word(abide_ctx *ctx, const struct abide_yaml *node,
                        const struct abide_word *words, size_t *index);
/* "a, b or c" of a list that ends with NULL, for error texts. */
const char *abide_schema__words(abide_ctx *ctx, const char *const *words);

#endif
