/* The answer of `abide layout`: types under modules, and the two ways to print it. */
#ifndef LAYOUT_ANSWER_H
#define LAYOUT_ANSWER_H

#include "constants.h"
#include "question.h"

/* A line of the picture of a type: a field, a field of a field, padding, or the heading of a case. */
struct row {
    const char *path; /* "payloads.ptr"; NULL: padding */
    bool is_heading;
    const char *type;
    uint64_t offset_bits;
    uint64_t size_bits;
    bool is_bitfield;
};

struct rows {
    struct row *items;
    size_t count;
    size_t capacity;
    uint64_t padding_bits;
    bool overlap; /* a union is among them, so padding cannot be summed up */
};

/* A type under one of the modules. */
struct view {
    const abide_module *module;
    const char *title;
    const abide_layout *layout;
    const abide_sum *sum; /* NULL: the type has no cases */
    struct rows rows;
};

/* A type that is asked for. */
struct subject {
    const abide_type *type;
    struct view *views; /* one per module; NULL: an opaque type or a resource that nobody named */
};

bool layout_is_kind(const abide_type *type, const char *kind);
bool layout_is_record(const abide_type *type);

/*
 * Lays `subject->type` out under every module. An opaque type has no layout, which is a mistake only if it was asked for by name.
 * false: reported.
 */
bool layout_answer(struct cli *cli, const struct question *question, struct subject *subject,
                   bool by_name);

/* Rows for the fields of a type, or for its cases. */
void layout_collect(struct cli *cli, const abide_module *machine, const abide_layout *layout,
                    uint64_t base_bits, const char *prefix, struct rows *rows);
void layout_collect_cases(struct cli *cli, const abide_module *machine, const abide_sum *sum,
                          struct rows *rows);

/* "24", or "24:3" for byte 24, bit 3; "8 bytes", "3 bits". */
const char *layout_offset_text(uint64_t bits);
const char *layout_amount_text(uint64_t bits);
/* "tag 3", "null pointer", "tag 3, no payload" */
const char *layout_case_text(const abide_sum *sum, size_t index);
/* "origin.x"; of a member without a name, what it is in. */
const char *layout_join_path(const char *prefix, const char *name);
/* "c-sysv@1.0.0, x86_64-linux-gnu" */
const char *layout_view_text(const struct view *view);

void layout_print_text(struct cli *cli, const struct subject *subjects, size_t count,
                       size_t view_count);
void layout_print_json(struct cli *cli, const struct question *question,
                       const struct subject *subjects, size_t count,
                       const struct constants *constants);

#endif
