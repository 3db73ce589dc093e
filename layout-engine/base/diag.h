/*
 * Diagnostics: what is wrong, where, what was expected, and the way out. Ids are in diag_codes.def and keep their meaning
 * for ever. The library never prints: it collects.
 */
#ifndef ABIDE_BASE_DIAG_H
#define ABIDE_BASE_DIAG_H

#include "base/ctx.h"
#include "base/source.h"

/* Errors and warnings beyond this many of each are counted, not kept, unless abide_ctx_keep_diags says another number. */
#define ABIDE_DIAG_MAX 100

enum abide_code {
#define ABIDE_CODE(id, name, severity, summary, explanation) ABIDE_CODE_##id,
#include "base/diag_codes.def"
#undef ABIDE_CODE
    ABIDE_CODE_COUNT
};

/*
 * What is reported with no place of its own stands here from now on; the place before is given back, to be set again. Types without
 * a name may have no place: the question is about a function or a type that has one.
 */
struct abide_place abide__report_about(abide_ctx *ctx, struct abide_place place);

/* Reports; the severity is the code's. Returns the diagnostic so that notes and help can be added to it. */
abide_diag *abide__report(abide_ctx *ctx, enum abide_code code, struct abide_place place,
                          const char *format, ...) __attribute__((format(printf, 4, 5)));
/* A secondary place with a short text ("declared here"). */
void abide__diag_note(abide_ctx *ctx, abide_diag *diag, struct abide_place place,
                      const char *format, ...) __attribute__((format(printf, 4, 5)));
/* The way out ("did you mean 'x30'?"). Several are printed in order. */
void abide__diag_help(abide_ctx *ctx, abide_diag *diag, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

/* `text` of an input as messages quote it: 'text', with control characters, quotes and long tails made harmless. */
const char *abide__quote(abide_ctx *ctx, const char *text);
const char *abide__quote_bytes(abide_ctx *ctx, const char *text, size_t length_bytes);

/* Reports what a caller of the library has found, at a place in an input. false: there is no such id. */
bool abide__report_at(abide_ctx *ctx, const char *id, struct abide_place place, const char *message,
                      const char *help);

/* The number of errors so far: compare before and after to learn whether a pass failed. */
size_t abide__error_count(const abide_ctx *ctx);

/*
 * The candidate nearest to `word` (optimal string alignment distance of at most 2, or a third of the word), else the first one
 * that begins with `word`, or NULL.
 * `candidate` gives the texts: it returns NULL past the last index.
 */
const char *abide__nearest(const char *word,
                           const char *(*candidate)(const void *user, size_t index),
                           const void *user);

/* For ctx.c: makes the context's list, with what reporting out-of-memory will need. */
void abide__diags_new(abide_ctx *ctx);
void abide__report_out_of_memory(abide_ctx *ctx);

#endif
