/* The diagnostics of a context from the inside: diag.c collects them, diag_print.c renders them. */
#ifndef ABIDE_BASE_DIAG_LIST_H
#define ABIDE_BASE_DIAG_LIST_H

#include "base/diag.h"

struct diag_note {
    struct abide_place place;
    const char *text;
};

struct abide_diag {
    enum abide_code code;
    struct abide_place place;
    const char *message;
    ABIDE_VEC(struct diag_note) notes;
    ABIDE_VEC(const char *) helps;
};

struct code_info {
    const char *id;
    abide_severity severity;
    const char *summary;
    const char *explanation;
};
extern const struct code_info abide__codes[ABIDE_CODE_COUNT];

#endif
