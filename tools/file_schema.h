/* JSON schemas of the files that people write, for editors. */
#ifndef ABIDE_TOOLS_FILE_SCHEMA_H
#define ABIDE_TOOLS_FILE_SCHEMA_H

#include "json.h"

/* Of "interface" or "module" files, from the tables by which they are read. NULL: there is none of another kind. */
json_t *file_schema(const char *kind);

#endif
