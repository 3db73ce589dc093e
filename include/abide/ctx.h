/*
 * The context: one object that owns everything the library makes.
 *
 * Life: abide_ctx_new makes it, abide_ctx_free ends it and all that was made with it. Modules, interfaces, types,
 * layouts, assignments and plans are immutable once returned and live as long as their context.
 * Failure: what cannot be made is NULL (or false), and the diagnostics say why. A NULL type, signature, interface, function or
 * module in what is asked next makes that NULL too, without another diagnostic; so a program may check the last result only.
 * Where NULL has a meaning of its own (the base of an enum), check what you give.
 * Threads: a context belongs to one thread at a time; contexts share nothing, so one per thread is safe.
 */
#ifndef ABIDE_CTX_H
#define ABIDE_CTX_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#if defined(_WIN32)
#define ABIDE_API __declspec(dllexport)
#elif defined(__GNUC__)
#define ABIDE_API __attribute__((visibility("default")))
#else
#define ABIDE_API
#endif

#ifdef __cplusplus
extern "C" {
#endif

typedef struct abide_ctx abide_ctx;
typedef struct abide_diag abide_diag;

/** Where memory comes from. `reallocate(user, NULL, n)` allocates, `reallocate(user, p, 0)` frees and returns NULL. */
typedef struct abide_allocator {
    void *(*reallocate)(void *user, void *block, size_t size_bytes);
    void *user;
} abide_allocator;

/** Options of a context. Start from ABIDE_CTX_OPTIONS_INIT. */
typedef struct abide_ctx_options {
    unsigned version;          /**< ABIDE_CTX_OPTIONS_VERSION */
    abide_allocator allocator; /**< `reallocate` NULL: the C library's */
    const char *const *
        module_dirs; /**< folders searched for modules before ABIDE_PATH; borrowed during the call */
    size_t module_dir_count;
    bool
        embedded_only; /**< look at no file that the caller did not name: neither ABIDE_PATH nor the installed folder */
} abide_ctx_options;

#define ABIDE_CTX_OPTIONS_VERSION 1
#define ABIDE_CTX_OPTIONS_INIT    {ABIDE_CTX_OPTIONS_VERSION, {NULL, NULL}, NULL, 0, false}

/**
 * A new context. `options` may be NULL.
 *
 * @return NULL when there is no memory or the options' version is unknown. Free it with abide_ctx_free.
 */
ABIDE_API abide_ctx *abide_ctx_new(const abide_ctx_options *options);

/** Frees the context and everything made with it. NULL is allowed. */
ABIDE_API void abide_ctx_free(abide_ctx *ctx);

/** Files that were read so far, in order, each once: what an answer depends on. NULL past the end. */
ABIDE_API const char *abide_ctx_input_at(const abide_ctx *ctx, size_t index);

typedef enum abide_severity {
    ABIDE_SEVERITY_ERROR,
    ABIDE_SEVERITY_WARNING,
    ABIDE_SEVERITY_NOTE
} abide_severity;

/** A position in an input. Lines and columns count from 1; columns count code points. `file` NULL: no position. */
typedef struct abide_position {
    const char *file;
    unsigned line;
    unsigned column;
} abide_position;

/** Diagnostics collected since the context was made or abide_ctx_clear_diags was called, in order of appearance. */
ABIDE_API size_t abide_ctx_diag_count(const abide_ctx *ctx);
ABIDE_API const abide_diag *abide_ctx_diag_at(const abide_ctx *ctx, size_t index);
ABIDE_API void abide_ctx_clear_diags(abide_ctx *ctx);

/** From now on so many errors, and so many warnings, are kept in place of 100 each; what comes after is only counted. SIZE_MAX: all are kept. */
ABIDE_API void abide_ctx_keep_diags(abide_ctx *ctx, size_t most);

ABIDE_API abide_severity abide_diag_severity(const abide_diag *diag);
ABIDE_API const char *abide_diag_id(const abide_diag *diag); /**< stable, like "unknown-key" */
ABIDE_API const char *abide_diag_message(const abide_diag *diag);
ABIDE_API abide_position abide_diag_position(const abide_diag *diag);
/** The position behind the last character that the diagnostic is about; that of abide_diag_position if it is about a point. */
ABIDE_API abide_position abide_diag_end(const abide_diag *diag);

/** What else a diagnostic points at ("declared here"). `start.file` NULL: the note has no place. */
typedef struct abide_diag_note {
    const char *text; /**< NULL past the last note */
    abide_position start;
    abide_position end;
} abide_diag_note;

ABIDE_API abide_diag_note abide_diag_note_at(const abide_diag *diag, size_t index);
/** Ways out ("did you mean 'x30'?"), in order; NULL past the last. */
ABIDE_API const char *abide_diag_help_at(const abide_diag *diag, size_t index);

/**
 * The diagnostic as a compiler would print it: file:line:col, message, source line, caret, secondary places, help.
 *
 * @param color with ANSI colours
 * @return text owned by `ctx`; NULL when there is no memory
 */
ABIDE_API const char *abide_diag_print(abide_ctx *ctx, const abide_diag *diag, bool color);

/** The long explanation of a diagnostic id; NULL if there is no such id. A static string. */
ABIDE_API const char *abide_diag_explain(const char *id);

/** What a diagnostic id is about, in a few words; NULL if there is no such id. A static string. */
ABIDE_API const char *abide_diag_summary(const char *id);

/** All diagnostic ids, for listing: NULL past the end. */
ABIDE_API const char *abide_diag_id_at(size_t index);

/**
 * Adds a diagnostic of the program that uses the library, to be printed like the library's own.
 *
 * @param id one that abide_diag_explain knows
 * @param help the way out; may be NULL
 * @return false when there is no such id or no memory
 */
ABIDE_API bool abide_ctx_report(abide_ctx *ctx, const char *id, const char *message,
                                const char *help);

/**
 * The same at a place of a file that the library has not read, such as a header or what a program wrote.
 *
 * @param position `file` is not NULL; `line` counts from 1, and `column` from 1 in bytes, as compilers count (0: the whole line)
 * @param line_text that line, to be shown with a caret, up to its end or a line break; NULL: not known
 * @return as abide_ctx_report
 */
ABIDE_API bool abide_ctx_report_at(abide_ctx *ctx, const char *id, abide_position position,
                                   const char *line_text, const char *message, const char *help);

/**
 * For "did you mean": the candidate nearest to `word`, or NULL if none is near.
 *
 * @param candidate gives the texts by index; NULL past the last
 */
ABIDE_API const char *abide_nearest(const char *word,
                                    const char *(*candidate)(const void *user, size_t index),
                                    const void *user);

#ifdef __cplusplus
}
#endif
#endif
