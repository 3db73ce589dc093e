/*
 * A parsed tree as bytes, so that files which are part of the library need no parsing when it runs: the build packs them
 * (tools/cmake/embed.c), and unpacking gives the same nodes with the same places, those of a collection when they are asked
 * for. Packed bytes are trusted.
 */
#ifndef ABIDE_BASE_YAML_PACK_H
#define ABIDE_BASE_YAML_PACK_H

#include "base/yaml.h"

void abide_yaml__pack(abide_ctx *ctx, const struct abide_yaml *tree, struct abide_text *packed);
/*
 * A tree as the library keeps it: without the examples of a module, which only `abide lint` reads, and from the file. They
 * would double what it costs to read one.
 */
const struct abide_yaml *abide_yaml__to_embed(abide_ctx *ctx, const struct abide_yaml *tree);
/* `source` is the text that was parsed before it was packed; it and `packed` outlive the context. */
const struct abide_yaml *abide_yaml__unpack(abide_ctx *ctx, struct abide_source *source,
                                            const unsigned char *packed);

#endif
