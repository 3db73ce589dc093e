/* Which declaration is called what in the interface file. */
#ifndef ABIDE_IMPORT_NAMES_H
#define ABIDE_IMPORT_NAMES_H

#include "model.h"

struct names {
    struct known *known; /* declarations that have an entry */
    struct taken *taken; /* names of types */
};

/* Whether interface files can have it as a name. */
bool name_is_possible(const char *name);
/* A word that means something in a type. */
bool name_is_reserved(const char *name);

/* A name that no other type has: `wish`, or `kind-wish`, or that with marks. */
const char *names_take(struct names *names, const char *wish, const char *kind);
void names_keep(struct names *names, CXCursor declaration, struct entry *entry);
/* NULL: the declaration has no entry yet. */
struct entry *names_find(const struct names *names, CXCursor declaration);

#endif
