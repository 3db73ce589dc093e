/* What was read, as a digest that an interface file can have: the same on every machine. */
#ifndef ABIDE_IMPORT_SOURCE_H
#define ABIDE_IMPORT_SOURCE_H

#include "store.h"

#include <stdint.h>

/* SHA-256 of each file that was read, as hexadecimal digits, in the order of reading, each content once. */
struct sources {
    const char **items;
    size_t count;
};

void sources_add(struct sources *sources, const char *bytes, size_t length_bytes);
/* "sha256:..." of all of them: of paths it does not depend. NULL: there are none. */
const char *sources_digest(const struct sources *sources);
/* "build-id:..." */
const char *source_of_build_id(const unsigned char *bytes, size_t length_bytes);

#endif
