/* References to modules: `name[@semver][:option=value,...]`, a file, `c`, or `c/variant`. */
#ifndef ABIDE_SPEC_REFERENCE_H
#define ABIDE_SPEC_REFERENCE_H

#include "base/ctx.h"
#include "base/source.h"
#include "spec/version.h"

struct abide_reference_option {
    const char *name;
    const char *value;
};

struct abide_reference {
    const char *text;       /* as it was written */
    const char *name;       /* interned; "c": the C ABI of the target; NULL: a file */
    const char *path;       /* of a file */
    const char *convention; /* of `c/fastcall`; NULL: the plain one */
    struct abide_semver version;
    const struct abide_reference_option *options;
    size_t option_count;
    struct abide_place place;
};

/* false: reported at `place`. */
bool abide_reference__parse(abide_ctx *ctx, const char *text, struct abide_place place,
                            struct abide_reference *reference);

#endif
