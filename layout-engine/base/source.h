/* A source is an input text with a name; a place is a range in it. */
#ifndef ABIDE_BASE_SOURCE_H
#define ABIDE_BASE_SOURCE_H

#include "base/ctx.h"

/* A line of a text. */
struct abide_source_line {
    size_t start_bytes;
    unsigned number; /* from 1 */
};

struct abide_source {
    const char *name; /* as diagnostics print it */
    const char *text; /* NUL-terminated; may hold any bytes */
    size_t length_bytes;
    const struct abide_source_line
        *lines; /* in which each block of the text begins; NULL: it is one block */
    /* Of a text that is a line of a file: what stands in front of it there. */
    unsigned lines_before;
    unsigned columns_before;
    bool is_unseen; /* the text is not known: only where it would be */
    struct abide_packed
        *packed; /* what its tree is unpacked from (yaml_pack.c); NULL: it was parsed */
};

/* Bytes [start, end) of the source; `source` NULL: nowhere in particular. */
struct abide_place {
    const struct abide_source *source;
    size_t start_bytes;
    size_t end_bytes;
};

#define ABIDE_NOWHERE ((struct abide_place){NULL, 0, 0})

/* The most that is read from one file. */
#define ABIDE_SOURCE_MAX_BYTES ((size_t)1 << 30)

/* A source of a text that outlives the context, such as one that is part of the library. */
struct abide_source *abide_source__around(abide_ctx *ctx, const char *name, const char *text,
                                          size_t length_bytes);
/* The source's text is copied into the context. */
const struct abide_source *abide_source__from_text(abide_ctx *ctx, const char *name,
                                                   const char *text, size_t length_bytes);
/* Reads a regular file, or standard input for "-". NULL: reported (missing-file, unreadable-file, file-too-large). */
const struct abide_source *abide_source__from_file(abide_ctx *ctx, const char *path);

/*
 * A place of a file that is not read: what starts at `position`, whose column counts bytes (0: the line as a whole). `line_text`
 * NULL: not known.
 */
struct abide_place abide_source__foreign_place(abide_ctx *ctx, abide_position position,
                                               const char *line_text);

/* A smaller place inside `place`, by offset from its start. */
struct abide_place abide_place__within(struct abide_place place, size_t offset_bytes,
                                       size_t length_bytes);
abide_position abide_place__position(struct abide_place place);

#endif
