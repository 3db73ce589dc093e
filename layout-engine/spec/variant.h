/* Variants of a C ABI: modules that say `of: c-x, convention: fastcall`. */
#ifndef ABIDE_SPEC_VARIANT_H
#define ABIDE_SPEC_VARIANT_H

#include "spec/search.h"

/* The module that declares itself the variant `convention` of the module `plain`; NULL: none, or a file is wrong (reported). */
struct abide_spec_file *abide_variant__file(abide_ctx *ctx, const char *plain,
                                            const char *convention);
/* The module of this name, whatever its version; NULL: none, or the file is wrong (reported). */
struct abide_spec_file *abide_variant__plain_file(abide_ctx *ctx, const char *plain);
/* Whether `convention` is one of the words that mean the module `plain` itself (key `conventions`). */
bool abide_variant__is_plain(abide_ctx *ctx, const char *plain, const char *convention);
/* What functions of the module `plain` may say, for messages: "cdecl, fastcall or stdcall"; NULL: nothing. */
const char *abide_variant__words(abide_ctx *ctx, const char *plain);

#endif
