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
    const char *doc; /**< in one sentence; NULL: nothing is said */
    /** Of keys of conditions: how the value is written, by its name in spec/predicates.def or spec/terms.def; NULL: `takes` tells. */
    const char *form;
} abide_key_info;

/**
 * The keys of a kind of mapping, as the reader knows them, in their usual order. Kinds of interface files: "interface" (the
 * file), "type", "field", "case", "room", "expectation", "import", "function", "parameter", "checks", "method", "callback"; of
 * modules: "module" (the file), "head" (its key `module`), "target", "data", "scalar", "records", "classes", "join", "bank",
 * "rule"; conditions of the machine level: "condition", "homogeneous", "members", "condition_target"; of the language level: "test",
 * "test_target".
 *
 * @return name NULL past the last, and of other kinds
 */
ABIDE_API abide_key_info abide_key_at(const char *kind, size_t index);

/**
 * The words of a set of which a module may name one, as the reader knows them: "byte_order", "bitfields", "moment" (before or after),
 * "sizeless", "verb" (`pass` of rules), "base", "mode", "scalar_name", "sized" (those and "pointer"), "leaf" (of `classes`), "kind", "format", "container" (of conditions of the machine level),
 * "type_kind" (of those of the language level).
 *
 * @return NULL past the last, and of other sets
 */
ABIDE_API const char *abide_word_at(const char *set, size_t index);

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
