/*
 * Data of programs that use the library: YAML files of their own, read and reported on as the library does its own. Every
 * scalar is text; what modules may not use of YAML (anchors, tags, several documents) is refused here too.
 *
 * Life: owned by the context; immutable.
 */
#ifndef ABIDE_DATA_H
#define ABIDE_DATA_H

#include "abide/ctx.h"

#ifdef __cplusplus
extern "C" {
#endif

/** A scalar, a sequence or a mapping of a data file. */
typedef struct abide_yaml abide_data;

typedef enum abide_data_kind {
    ABIDE_DATA_SCALAR,
    ABIDE_DATA_SEQUENCE,
    ABIDE_DATA_MAPPING
} abide_data_kind;

/** Reads a data file. NULL: reported. */
ABIDE_API const abide_data *abide_data_load(abide_ctx *ctx, const char *path);
/** Reads data from memory; `name` stands in diagnostics. NULL: reported. */
ABIDE_API const abide_data *abide_data_parse(abide_ctx *ctx, const char *name, const char *text,
                                             size_t length_bytes);

ABIDE_API abide_data_kind abide_data_kind_of(const abide_data *data);
/** The text of a scalar; NULL: it is none. */
ABIDE_API const char *abide_data_text(const abide_data *data);
/** Entries of a sequence or mapping, in the order of the file; 0 of a scalar. */
ABIDE_API size_t abide_data_count(const abide_data *data);
/** The entry at `index`, which must be below the count. */
ABIDE_API const abide_data *abide_data_at(const abide_data *data, size_t index);
/** The key of the entry of a mapping; NULL in a sequence. */
ABIDE_API const char *abide_data_key_at(const abide_data *data, size_t index);
/** The value of a key; NULL: there is none, or `data` is NULL or no mapping. */
ABIDE_API const abide_data *abide_data_get(const abide_data *data, const char *key);

/**
 * Reports something about a place of the file, as abide_ctx_report does.
 *
 * @return false when there is no such id or no memory
 */
ABIDE_API bool abide_data_report(abide_ctx *ctx, const abide_data *data, const char *id,
                                 const char *message, const char *help);

#ifdef __cplusplus
}
#endif
#endif
