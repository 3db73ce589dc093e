/* Objects, libraries, programs and archives as files: their symbols, and the bytes at them. ELF, through libelf. */
#ifndef ABIDE_TOOLS_OBJECT_H
#define ABIDE_TOOLS_OBJECT_H

#include "cli.h"

struct object_symbol {
    const char *name;
    bool is_defined;
    const unsigned char
        *bytes; /* from the symbol to the end of its section; NULL: there are none in the file */
    size_t size_bytes;
};

/* One object, or one member of an archive. */
struct object {
    const char *member;            /* NULL: the file itself */
    struct object_symbol *symbols; /* those that were asked for, sorted by name, each once */
    size_t symbol_count;
};

struct objects {
    struct object *items;
    size_t count;
};

/* Reads a file; symbols for which `is_wanted` is true. Anything but STATUS_OK: reported. */
enum status objects_read(struct cli *cli, const char *path, bool (*is_wanted)(const char *name),
                         struct objects *objects);

#endif
