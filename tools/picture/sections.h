/*
 * A layout as it is drawn: boxes in order of offset, which never overlap. What overlaps in memory (members of unions, cases of
 * sums) has a section each.
 */
#ifndef PICTURE_SECTIONS_H
#define PICTURE_SECTIONS_H

#include "layout_answer.h"

enum box_kind { BOX_FIELD, BOX_HOLE, BOX_TAG, BOX_UNION };

struct box {
    enum box_kind kind;
    unsigned tone;    /* FIELD: which of the field tones; fields of a field share one */
    const char *name; /* "origin.x"; of a hole, how large it is */
    const char *type; /* "u8:3" of a bit-field */
    uint64_t offset_bits, size_bits;
};

struct section {
    const char *title; /* "case number", "u as wide"; NULL: the type itself */
    const char *note;  /* "tag 1"; NULL: nothing more to say */
    uint64_t offset_bits, size_bits;
    struct box *boxes;
    size_t count, capacity;
};

struct sections {
    struct section *items;
    size_t count, capacity;
    size_t box_count; /* of all */
    size_t left_out;  /* sections that are not there, since there are too many */
};

/* The sections of a type under a module. */
struct sections sections_of(struct cli *cli, const struct subject *subject,
                            const struct view *view);

#endif
