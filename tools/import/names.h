/* Which declaration is called what in the interface file. */
#ifndef ABIDE_IMPORT_NAMES_H
#define ABIDE_IMPORT_NAMES_H

#include "model.h"

struct names {
    struct known *known; /* declarations that have an entry */
    struct taken *taken; /* names of types */
};

/* A name in which a dash stands for what interface files cannot have in one. */
const char *name_cleaned(const char *wish);
/* Whether interface files can have it as a name. */
bool name_is_possible(const char *name);
/* A word that means something in a type. */
bool name_is_reserved(const char *name);

/* What interface files call a name that all C libraries have. */
struct standard_word {
    const char *name, *word;
    int size_bytes; /* 0: as a pointer; -1: whatever it is */
};
/* NULL: it is no such name. */
const struct standard_word *standard_word_of(const char *name);

/* A name that no other type has: `wish`, or `kind-wish`, or that with marks. */
const char *names_take(struct names *names, const char *wish, const char *kind);
void names_keep(struct names *names, const void *declaration, struct entry *entry);
/* NULL: the declaration has no entry yet. */
struct entry *names_find(const struct names *names, const void *declaration);

#endif
