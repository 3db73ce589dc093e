/*
 * For authors of modules and interfaces: examples with known answers, and files in their usual form.
 *
 * Life: what is returned is owned by the context.
 */
#ifndef ABIDE_AUTHOR_H
#define ABIDE_AUTHOR_H

#include "abide/call.h"

#ifdef __cplusplus
extern "C" {
#endif

/** What a key at the top level of a module file says, in one sentence; NULL: there is no such key. */
ABIDE_API const char *abide_module_key_doc(const char *key);

/** What stands for the value of a key: a set of bits. */
typedef enum abide_takes {
    ABIDE_TAKES_VALUE = 1,
    ABIDE_TAKES_LIST = 2,
    ABIDE_TAKES_MAPPING = 4,
    ABIDE_TAKES_NOTHING = 8
} abide_takes;

/** A key that a mapping of a file may have. */
typedef struct abide_key_info {
    const char *name; /**< NULL: past the last */
    unsigned takes;   /**< abide_takes bits */
    bool is_required;
    const char *doc; /**< in one sentence */
    /**
     * What stands for it: ways with `|` between them. [WAYS] is a list, [+WAYS] one that is not empty, {WAYS} a mapping, {SET: WAYS}
     * one whose keys are words of the set. Else a way is the name of a kind of mapping, of a set of words, of a content
     * (abide_content_of), `word` (one of abide_word_at("KIND.KEY")) or one of these: `text`, `number`, `integer`, `limit` (a
     * number or a comparison with one), `flag` (true or false), `nothing`, `pointer_template` (ptr<T>), `named_member` (a name, a
     * space and a template of one word).
     */
    const char *content;
} abide_key_info;

/**
 * The keys of a kind of mapping, as the reader knows them, in their usual order. "interface" and "module" are whole files; the other
 * kinds are those that the contents of keys name.
 *
 * @return name NULL past the last, and of other kinds
 */
ABIDE_API abide_key_info abide_key_at(const char *kind, size_t index);

/** A word that may be written in a file. */
typedef struct abide_word_info {
    const char *name; /**< NULL: past the last */
    const char *doc;  /**< what it means */
} abide_word_info;

/**
 * The words of a set, as the reader knows them: one that the contents of keys name, or "KIND.KEY" for those of a key's own.
 *
 * @return name NULL past the last, and of other sets
 */
ABIDE_API abide_word_info abide_word_at(const char *set, size_t index);

/** The ways (abide_key_info.content) that a content with a name stands for; NULL: there is none of that name. */
ABIDE_API const char *abide_content_of(const char *name);

/**
 * The places of a call in one line, as the vectors of a module write them: "p xmm0 xmm1, n rdi -> rax". `*rdi` is the
 * address of a value, `sp+8` a place on the stack, `-` nothing, `rdi@4` a piece that starts at byte 4 of the register.
 *
 * @return NULL when there is no memory
 */
ABIDE_API const char *abide_assignment_places(abide_ctx *ctx, const abide_assignment *assignment);

/**
 * Recomputes the answers of a module file's `vectors` and reports those that are not as expected (vector-mismatch).
 *
 * @param coverage also report rules of the file that decide nothing in any vector (untested-rule)
 */
ABIDE_API void abide_vectors_lint(abide_ctx *ctx, const char *path, bool coverage);

/**
 * A module or interface file in its usual form: keys in their usual order, two spaces of indentation, one blank between
 * the parts of `{...}`. Comments are kept, and the meaning is: what would read back otherwise is refused.
 *
 * @return the whole text; NULL: reported (the file cannot be read, or unformattable)
 */
ABIDE_API const char *abide_format_file(abide_ctx *ctx, const char *path);

#ifdef __cplusplus
}
#endif
#endif
