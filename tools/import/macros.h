/* The macros of a header, and which of them may be constants. */
#ifndef ABIDE_IMPORT_MACROS_H
#define ABIDE_IMPORT_MACROS_H

#include "unit.h"

struct macro;
struct macros {
    const struct unit *unit;
    struct macro *by_name;
};

/* All of a unit, in their order: also those of other headers, of which others may consist. */
void macros_add(struct macros *macros, CXCursor definition);
/* Why the last macro of a name cannot be a constant, as what such macros are called; NULL: it may be one. */
const char *macros_refuse(struct macros *macros, const char *name);
/* Notes that a name is looked at. false: it has been, or no macro has it. */
bool macros_note(struct macros *macros, const char *name);

#endif
