/*
 * Attributes. libclang has no list of them, but prints declarations, with the attributes that clang knows, whatever macros they
 * came from.
 */
#ifndef ABIDE_IMPORT_ATTRIBUTES_H
#define ABIDE_IMPORT_ATTRIBUTES_H

#include "unit.h"

struct attributes {
    bool packed, transparent;
    uint64_t align_bytes; /* 0: not said */
    const char *unknown; /* one that may matter to the ABI in a way that is not known; NULL: none */
};

struct attributes attributes_of(const struct unit *unit, CXCursor declaration);
/* Whether a warning of clang is about an attribute that no layout and no call depends on. */
bool attribute_is_harmless_complaint(const char *text);
/* The word of the convention in the attributes at the end of a canonical function type. NULL: none. "": more than can be said. */
const char *convention_of(CXType function);

#endif
