/*
 * Files that are part of the library: the build writes their text into C (tools/cmake/embed.cmake),
 * so that abide works with no files around it.
 */
#ifndef ABIDE_SPEC_EMBEDDED_H
#define ABIDE_SPEC_EMBEDDED_H

#include <stddef.h>

struct abide_embedded {
    const char *path; /* relative to the embedded directory: "machine/NAME.yaml" */
    const char *text; /* followed by a zero byte */
    size_t length_bytes;
};

/* The ABI modules, sorted by path; the entry after the last has a null path. */
extern const struct abide_embedded abide__embedded[];
extern const size_t abide__embedded_count;

#endif
