/* The macros of a header, and which of them may be constants. */
#ifndef ABIDE_IMPORT_MACROS_H
#define ABIDE_IMPORT_MACROS_H

#include "unit.h"

struct macro;
struct declared;
struct macros {
    const struct unit *unit;
    struct macro *by_name;
    struct declared *declared; /* names that are no macros */
};

/* All of a unit, in their order: also those of other headers, of which others may consist. */
void macros_add(struct macros *macros, CXCursor definition);
/* A name that a unit declares otherwise. */
void macros_declare(struct macros *macros, const char *name);
/* Whether the macro, or one in it, is written as a call of what is neither declared nor a macro: it lacks a header. */
bool macros_calls_undeclared(struct macros *macros, const char *name);
/* Why the last macro of a name cannot be a constant, as what such macros are called; NULL: it may be one. */
const char *macros_refuse(struct macros *macros, const char *name);
/* Notes that a name is looked at. false: it has been, or no macro has it. */
bool macros_note(struct macros *macros, const char *name);

#endif
