/*
 * Files that are part of the library: the build writes them into C (tools/cmake/embed.c), so that
 * abide works with no files around it. Their trees come with them, because parsing them took most
 * of the time of a short question.
 */
#ifndef ABIDE_SPEC_EMBEDDED_H
#define ABIDE_SPEC_EMBEDDED_H

#include <stddef.h>

struct abide_embedded {
    const char *path; /* relative to the embedded directory: "machine/NAME.yaml" */
    const char *text; /* followed by a zero byte */
    size_t length_bytes;
    const unsigned char *packed; /* the text's tree: base/yaml_pack.h */
    /* `target: {triples: ...}` with their other spellings, each followed by a zero byte, and an empty one */
    const char *triples;
};

/* The ABI modules, sorted by path; the entry after the last has a null path. */
extern const struct abide_embedded abide__embedded[];
extern const size_t abide__embedded_count;

#endif
