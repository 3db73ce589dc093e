/* Files that are part of the command: written into C by the build (tools/cmake/embed.c). */
#ifndef ABIDE_VERIFY_TEXTS_H
#define ABIDE_VERIFY_TEXTS_H

#include <stddef.h>

struct embedded_text {
    const char *path; /* "targets/ARCH.yaml" */
    const char *text; /* followed by a zero byte */
    size_t length_bytes;
};

/* Sorted by path; the entry after the last has a null path. */
extern const struct embedded_text verify_texts[];
extern const size_t verify_texts_count;

/* The file of that path, or NULL. */
const struct embedded_text *verify_text(const char *path);

#endif
