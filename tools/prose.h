/* What an interface file says to its readers: the texts of its keys `doc`, which no ABI and no adapter cares about. */
#ifndef ABIDE_TOOLS_PROSE_H
#define ABIDE_TOOLS_PROSE_H

#include "abide/abide.h"

/* The text of a mapping's `doc`; NULL: none. `data` may be NULL. */
const char *prose_of(const abide_data *data);
/* The entry of a list or a mapping that has the name; NULL: none. */
const abide_data *prose_entry(const abide_data *data, const char *name);
/* How the file defines a type; NULL: there is no file, or no such type. */
const abide_data *prose_type(const abide_data *file, const char *name);
/* What is said of a field, a case or a value of a type: of entry `name` in what the type has under `section`. NULL: nothing. */
const char *prose_part(const abide_data *type, const char *section, const char *name);
/* What is said of a parameter of a function, or, if `name` is NULL, of its result. NULL: nothing. */
const char *prose_parameter(const abide_data *file, const char *function, const char *name);

#endif
