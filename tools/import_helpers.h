/* The programs that `abide import` starts. */
#ifndef ABIDE_TOOLS_IMPORT_HELPERS_H
#define ABIDE_TOOLS_IMPORT_HELPERS_H

#include <stddef.h>

/* What there is to import, the program that does it, and where that comes from. */
struct import_helper {
    const char *kind, *program, *help;
};
/* `kind` is NULL past the last. */
struct import_helper import_helper_at(size_t index);

#endif
